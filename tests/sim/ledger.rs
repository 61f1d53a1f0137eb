//! What has been seen of a run so far.

use crate::calls::Kind;
use crate::law::Law;
use crate::value::Value;

/// How many clients of one storage key there can be.
pub const COPIES: usize = 2;

/// A law that was broken, and how.
#[derive(Clone, Debug)]
pub struct Breach {
    pub law: Law,
    pub how: String,
}

/// One call of a client's.
pub struct Call {
    pub kind: Kind,
    pub copy: usize,
    /// When it began, as a place in the order of events and in ms.
    pub begun: u64,
    pub at: u64,
    pub ended: bool,
    /// When the oldest call began that it may share something with.
    pub shares_since: u64,
    /// The token in memory when it began.
    pub memory: Option<usize>,
    /// What its requests carried.
    pub sends: Vec<Option<usize>>,
    /// For a logout: whether the record of a session is still there.
    pub left_behind: bool,
    /// For a login with a profile: whether the server got it since the call began, or will.
    pub profile_sent: bool,
    /// For a call of several steps: when the second had ended, and what might excuse the third.
    pub healed: Option<Healed>,
}

/// How things stood when `ensure_login` had given a session.
#[derive(Clone, Copy)]
pub struct Healed {
    pub memory: Option<usize>,
    pub excuses: u64,
}

/// What is known of a token.
#[derive(Clone, Copy, Default)]
pub struct Mark {
    /// It was stored, or is known from the storage.
    pub written: bool,
    /// A client has heard that the server no longer accepts it.
    pub refused: bool,
    /// An act of the user has brought it, which ended after another that had begun later.
    pub late: bool,
    /// A client may forget it.
    pub may_go: bool,
}

/// What a client should know of failed logins.
#[derive(Default)]
pub struct CoolDown {
    pub failures: i32,
    /// In ms; no login before it.
    pub until: f64,
    /// The login under way has its second code, or takes it; and since when, in ms.
    pub again: bool,
    pub again_at: u64,
}

/// A place in the order of events, and its time, in ms.
#[derive(Clone, Copy)]
pub struct Instant {
    pub place: u64,
    pub at: u64,
}

/// Only an act of the user signs anybody in: since then, and who can know.
#[derive(Clone, Copy)]
pub struct Need {
    pub since: u64,
    /// Which client has seen the end of the session, or read of it.
    pub known: [bool; COPIES],
    /// Since when the record says so.
    pub stored: Option<Instant>,
    /// Whether it was a logout; else an account's session has ended.
    pub logout: bool,
}

/// The latest write, if it went well: which client wrote the record of which token, or of an end, and when, in ms.
#[derive(Clone, Copy)]
pub struct LastWrite {
    pub copy: usize,
    pub at: u64,
    pub token: Option<usize>,
}

/// What is known of one of the clients of a life.
#[derive(Default)]
pub struct Copy {
    pub logout_at: u64,
    /// The token in memory.
    pub memory: Option<usize>,
    /// Since when, as a place in the order of events.
    pub memory_since: u64,
    /// The user beside it.
    pub user: Option<Value>,
    /// Whether the client has ever read the storage in this life.
    pub known: bool,
    /// When the client read the storage last, as a place in the order of events, and whether that succeeded.
    pub read_at: u64,
    pub read_failed: bool,
    /// The version of the record that the client has read or written last.
    pub seen: u64,
    /// The token of the record that it has read while the user was signing in.
    pub accepted: Option<usize>,
    /// Reads that succeeded, and how many there may be.
    pub reads: u64,
    pub reads_allowed: u64,
    /// The device's clock at the last attempt to read.
    pub read_clock: f64,
    /// Its last attempt to write has failed.
    pub write_failed: bool,
    /// When it last tried to write, as a place in the order of events and in ms, and when a read last succeeded.
    pub write_tried_at: u64,
    pub write_tried_ms: u64,
    pub read_ms: u64,
    /// What it could not write: the tokens of sessions, or none where one had ended.
    pub unwritten: Vec<Option<usize>>,
    /// The latest token that was in memory, and when another user's took its place, as a place in the order of events.
    pub last: Option<usize>,
    /// All that were.
    pub had: Vec<usize>,
    pub switched_at: u64,
    /// WeChat has said that its session is over.
    pub weixin_said_no: bool,
    /// The server has decided against a user's login.
    pub login_refused: bool,
    pub cool_down: CoolDown,
    /// Whether the latest request of a login carried a code.
    pub exchange_with_code: bool,
    /// Whether it carried an account, too.
    pub exchange_with_account: bool,
    /// When `wx.login` was called, in ms.
    pub wx_logins: Vec<u64>,
    /// Before this, in ms, the token in memory is not refreshed again.
    pub refresh_pause: Option<(Option<usize>, u64)>,
    /// The refresh tokens that are not to be sent again.
    pub answered_refreshes: Vec<usize>,
    /// How often the app has come to the foreground.
    pub period: u64,
    /// The token and the period that the server was last asked about by a check.
    pub asked: Option<(usize, u64, u64)>,
    /// The value of `memory_since` when the latest request of a login was sent.
    pub since_before_login: u64,
    /// The token that a login has brought although it was in memory already, and when, in ms.
    pub brought_again: Option<(usize, u64)>,
    /// The token that an address of its own mind refused, and that is good.
    pub own_refusal: Option<usize>,
}

#[derive(Default)]
pub struct Ledger {
    pub calls: Vec<Call>,
    /// Where the calls of this life begin.
    pub first: usize,
    pub copies: [Copy; COPIES],
    pub marks: Vec<Mark>,
    /// The logins whose tokens the server has refused to refresh.
    pub not_refreshed: Vec<usize>,
    pub need: Option<Need>,
    pub last_write: Option<LastWrite>,
    pub last_writer: usize,
    /// In ms.
    pub life_began: u64,
    /// How often the device's clock was set.
    pub jumps: u64,
    /// The page has cleared the storage: two clients may not know of each other.
    pub cleared: bool,
    /// How often something has happened that may make a check say no.
    pub excuses: u64,
    /// A logout is writing.
    pub logging_out: bool,
    pub breach: Option<Breach>,
}

impl Ledger {
    /// The app was killed: whatever was under way will never end, and what was not stored is forgotten.
    pub fn new_life(&mut self, now: u64) {
        self.life_began = now;
        self.last_write = None;
        self.first = self.calls.len();
        self.copies = Default::default();
        self.need = self
            .need
            .filter(|need| need.stored.is_some())
            .map(|need| Need {
                known: [false; COPIES],
                ..need
            });
    }

    pub fn mark(&mut self, token: usize) -> &mut Mark {
        if self.marks.len() <= token {
            self.marks.resize(token + 1, Mark::default());
        }
        &mut self.marks[token]
    }

    pub fn life(&self) -> &[Call] {
        &self.calls[self.first..]
    }

    /// Whether a call of this life that `fits` is under way.
    pub fn under_way(&self, fits: impl Fn(&Call) -> bool) -> bool {
        self.life().iter().any(|call| !call.ended && fits(call))
    }

    pub fn broken(&mut self, law: Law, how: impl FnOnce() -> String) {
        if self.breach.is_none() {
            self.breach = Some(Breach { law, how: how() });
        }
    }
}
