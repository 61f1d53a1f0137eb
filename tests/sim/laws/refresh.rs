//! Refreshing, and tokens that roll.

use weapp_login::Payload;

use crate::law::Law;
use crate::network::{Answer, Op};
use crate::value::Value;
use crate::world::State;

impl State {
    /// A refresh token is sent.
    pub(super) fn check_refresh(&mut self, op: &Op) {
        let copy = op.copy;
        self.copy(copy).reads_allowed += 3;
        self.check_one_flight(copy);
        self.check_silent_login(op);
        let sent = self.refresh_of(op);
        let client = &self.ledger.copies[copy];
        if client.memory.is_none() {
            self.ledger.broken(Law::LogoutWins, || {
                "a refresh although nobody is signed in".into()
            });
        } else if let Some((token, until)) = client.refresh_pause
            && token == client.memory
            && self.now < until
        {
            self.ledger.broken(Law::CoolDown, || {
                format!("a refresh although there is a pause until {until}")
            });
        } else if sent.is_some_and(|sent| client.answered_refreshes.contains(&sent))
            && !self.ledger.cleared
        {
            self.ledger.broken(Law::RefreshTokenOnce, || {
                "a refresh token is sent again after its answer".into()
            });
        }
    }

    /// A refresh is answered, and the client waits for it.
    pub(super) fn refresh_answered(&mut self, id: usize, answer: &Answer) {
        let (Ok(answer), Some(sent)) = (answer, self.refresh_of(&self.ops[id])) else {
            return;
        };
        let copy = self.ops[id].copy;
        let next = answer["data"]["data"]["refresh"].as_str();
        let next = next.and_then(|next| self.server.refresh_token(next));
        // What the server gives, also once more, may be sent.
        for client in &mut self.ledger.copies {
            client
                .answered_refreshes
                .retain(|answered| Some(*answered) != next);
        }
        let refused = is_final_refusal(answer);
        if refused || next.is_some_and(|next| next != sent) {
            self.copy(copy).answered_refreshes.push(sent);
        }
        if !refused {
            return;
        }
        let family = self.server.family(sent);
        self.ledger.not_refreshed.push(family);
        self.ledger.excuses += 1;
        let client = &self.ledger.copies[copy];
        let no_login =
            |token: &usize| client.login_refused || !self.server.tokens[*token].via_weixin;
        if let Some(token) = client.memory.filter(no_login) {
            self.ledger.mark(token).may_go = true;
        }
    }

    /// Whether a token can be replaced without a login although it is no longer accepted.
    pub(super) fn is_refreshable(&self, token: usize) -> bool {
        let issued = &self.server.tokens[token];
        issued.refresh.is_some() && !self.ledger.not_refreshed.contains(&issued.family)
    }

    /// A token that an answer has brought takes the place of the one that its request carried, and of no other.
    pub(super) fn check_roll(&mut self, copy: usize, before: Option<usize>, after: usize) {
        let issued = &self.server.tokens[after];
        let own = issued.copy == copy;
        // One that was there before comes back with a record that is read.
        let brought = own && !self.ledger.copies[copy].had.contains(&after);
        if let (true, Some(before), Some(from)) = (brought, before, issued.rolled_from)
            && before != from
        {
            self.ledger.broken(Law::OnlyTheCurrentTokenRolls, || {
                "an answer to a request with another token has replaced the token".into()
            });
        }
    }

    /// What a record holds beside a token must have come with it.
    pub(super) fn check_refresh_stored(&mut self, record: &Value, token: usize) {
        let Some(refresh) = record["refresh"].as_str() else {
            return;
        };
        let stored = self.server.refresh_token(refresh);
        let family = stored.map(|stored| self.server.family(stored));
        if family != Some(self.server.tokens[token].family) {
            self.ledger.broken(Law::StorageIsWhole, || {
                "a token is stored beside the refresh token of another session".into()
            });
        }
    }

    fn refresh_of(&self, op: &Op) -> Option<usize> {
        if !op.is_refresh() {
            return None;
        }
        self.server.refresh_token(op.data["refresh"].as_str()?)
    }
}

/// Whether the server does not know the refresh token, and will not: not whether it only has no time.
fn is_final_refusal(answer: &Value) -> bool {
    match answer.integer_at("statusCode") {
        Some(200) => {
            let errno = answer["data"].integer_at("errno");
            errno.is_some_and(|errno| !matches!(errno, 0 | 429 | 500..=599 | 711 | 713 | 45011))
        }
        _ => false,
    }
}
