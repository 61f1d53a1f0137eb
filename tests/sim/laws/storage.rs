//! What is read, written and stored.

use crate::disk::{End, Stored, stored_in, token_of};
use crate::law::Law;
use crate::ledger::{Instant, LastWrite};
use crate::value::Value;
use crate::world::State;

impl State {
    /// A client has tried to read the storage.
    pub fn storage_read(&mut self, copy: usize, well: bool) {
        let place = self.next_place();
        let (clock, now, jumps) = (self.device_clock(), self.now, self.ledger.jumps);
        let acts = self
            .ledger
            .under_way(|call| call.copy == copy && call.kind.is_act());
        let stored = self.stored_token();
        let client = &mut self.ledger.copies[copy];
        client.read_at = place;
        client.read_clock = clock;
        client.read_failed = !well;
        if !well {
            client.reads_allowed += 1; // the next call reads again
            return;
        }
        if acts {
            client.accepted = stored.or(client.accepted);
        }
        client.known = true;
        client.read_ms = now;
        client.seen = self.disk.version;
        client.reads += 1;
        let allowed = 3 + client.reads_allowed + 2 * ((now - self.ledger.life_began) / 1_000);
        let too_many = client.reads > allowed && jumps == 0;
        if let Some(token) = self.stored_token() {
            self.ledger.mark(token).written = true;
        }
        if let Some(need) = &mut self.ledger.need
            && need.stored.is_some()
        {
            need.known[copy] = true;
        }
        if too_many {
            self.ledger
                .broken(Law::ReadsAreRare, || format!("more than {allowed} reads"));
        }
    }

    pub(super) fn stored_token(&self) -> Option<usize> {
        self.server.token(self.disk.token()?)
    }

    /// A client is about to change the record.
    pub fn check_write(&mut self, copy: usize, to: Option<&Value>) {
        if let Some(record) = to
            && stored_in(record) == Stored::Junk
        {
            self.ledger.broken(Law::StorageIsWhole, || {
                format!("half a record is written: {record}")
            });
        }
        let client = &self.ledger.copies[copy];
        let held = self.disk.is_whole();
        if held && client.seen != self.disk.version && !self.ledger.logging_out {
            self.ledger.broken(Law::UnreadIsKept, || {
                "a record is overwritten that was not read".into()
            });
        }
        let token = to.and_then(token_of);
        let token = token.and_then(|token| self.server.token(&token));
        if let (Some(record), Some(token)) = (to, token) {
            self.check_refresh_stored(record, token);
        }
        if let (Some(token), Some(stored)) = (token, self.stored_token()) {
            self.check_replacement(copy, stored, token);
        }
    }

    /// The token `new` takes the place of `old` in the storage.
    pub(super) fn check_replacement(&mut self, copy: usize, old: usize, new: usize) {
        if self.disk.failed_at == Some(self.now) {
            return; // what a failed write may have torn is restored
        }
        let tokens = &self.server.tokens;
        let differ = self.server.known_to_differ(old, new);
        let acts = self
            .ledger
            .under_way(|call| call.copy == copy && call.kind.is_act());
        let client = &self.ledger.copies[copy];
        let had = client
            .had
            .iter()
            .any(|&had| had == old || self.server.known_to_agree(had, old));
        let logged_out = tokens[old].issued < client.logout_at;
        let untold = self.ledger.jumps > 0 && self.server.dialect.sticky.is_some();
        if differ
            && !untold
            && client.memory == Some(new)
            && !acts
            && !logged_out
            && !had
            && client.accepted != Some(old)
        {
            self.ledger.broken(Law::UnreadIsKept, || {
                "a session that was not written in time takes another user's place".into()
            });
        } else if differ
            && client
                .memory
                .is_none_or(|memory| !tokens[memory].via_weixin) // else a tap has taken its place before
            && !tokens[old].via_weixin
            && tokens[new].via_weixin
            && !acts
        {
            self.ledger.broken(Law::OnlyAnActSignsIn, || {
                "the WeChat user takes the place of an account".into()
            });
        } else if acts && self.is_older(new, old) {
            self.ledger.mark(new).late = true; // of two logins that the user asked for, the last to end counts
        } else if self.is_older(new, old) && !client.write_failed {
            self.ledger.broken(Law::SessionsEndForAReason, || {
                "an older token is stored over a newer one".into()
            });
        }
    }

    /// Whether the server had given out `one` before the request that brought `other` began, as a client can know. Of two logins,
    /// the tokens of the later one are newer, whatever followed the other.
    pub(super) fn is_older(&self, one: usize, other: usize) -> bool {
        let tokens = &self.server.tokens;
        let (one_login, other_login) = (tokens[one].family, tokens[other].family);
        let (one, other) = match one_login == other_login {
            true => (one, other),
            false => (one_login, other_login),
        };
        self.ledger.jumps == 0
            && !self.ledger.cleared
            && self.server.dialect.sticky.is_none()
            && tokens[one].issued < tokens[other].begun
            && !self.ledger.marks.get(one).is_some_and(|mark| mark.late)
    }

    /// A client has tried to change the record.
    pub fn storage_written(&mut self, copy: usize, wanted: Option<usize>, end: End) {
        let place = self.next_place();
        let now = self.now;
        self.ledger.last_writer = copy;
        let client = &mut self.ledger.copies[copy];
        client.reads_allowed += 3;
        client.seen = self.disk.version;
        client.write_failed = end != End::Done;
        client.write_tried_at = place;
        client.write_tried_ms = now;
        if end != End::Done {
            client.unwritten.push(wanted);
        }
        if end == End::Done {
            let token = self.stored_token();
            if let Some(token) = token {
                self.ledger.mark(token).written = true;
            }
            self.ledger.last_write = Some(LastWrite {
                copy,
                at: now,
                token,
            });
        } else {
            self.ledger.last_write = None;
        }
        let stored = *self.disk.stored() == Stored::Ended { renewable: false };
        if let Some(need) = &mut self.ledger.need {
            // What a client writes that does not know of this end is an earlier one.
            let stored = stored && need.known[copy];
            need.stored = stored.then(|| need.stored.unwrap_or(Instant { place, at: now }));
        }
    }

    /// The page clears the storage.
    pub fn clear_storage(&mut self) {
        self.log(|| "the storage is cleared".into());
        self.disk.clear();
        self.ledger.cleared = true;
        self.ledger.last_write = None;
        if let Some(need) = &mut self.ledger.need {
            need.stored = None;
        }
    }

    /// What the storage holds, beside the memory of the only client.
    pub fn check_disk(&mut self, clients: usize) {
        if self.dark {
            return;
        }
        if self.disk.torn {
            self.ledger.broken(Law::StorageIsWhole, || {
                "a torn record is not restored".into()
            });
        }
        let client = &self.ledger.copies[0];
        if clients > 1 || !client.known || self.disk.cleared {
            return;
        }
        let memory = client.memory;
        let stored = self.stored_token();
        if stored == memory {
            self.ledger.copies[0].unwritten.clear();
            return;
        }
        let unwritten = client.unwritten.contains(&memory);
        let other_user = memory.zip(stored).is_some_and(|(memory, stored)| {
            let sticky = self.server.dialect.sticky.is_some();
            !self.server.known_to_agree(memory, stored) && (sticky || !self.written(memory))
        });
        // The end of an account's session leaves the record of another user alone.
        let other_user = other_user
            || (memory.is_none()
                && stored
                    .zip(client.last)
                    .is_some_and(|(stored, last)| !self.server.known_to_agree(last, stored)));
        let late = client.read_at > client.write_tried_at && client.read_ms > client.write_tried_ms;
        let unread = client.read_failed && client.read_at > client.write_tried_at;
        if !other_user && !unread && (!unwritten || late) {
            self.ledger.broken(Law::StorageIsWhole, || {
                format!("the storage holds session {stored:?}, the memory {memory:?}")
            });
        }
    }

    pub(super) fn written(&self, token: usize) -> bool {
        let mark = self.ledger.marks.get(token);
        mark.is_some_and(|mark| mark.written)
    }
}
