//! What has been seen of a run so far.

use crate::calls::Kind;
use crate::law::Law;

/// A law that was broken, and how.
#[derive(Clone, Debug)]
pub struct Breach {
    pub law: Law,
    pub how: String,
}

/// One call of the client's.
pub struct Call {
    pub kind: Kind,
    /// When it began, as a place in the order of events and in ms.
    pub begun: u64,
    pub at: u64,
    pub ended: bool,
    /// The token in memory when it began.
    pub memory: Option<usize>,
    /// What its requests carried.
    pub sends: Vec<Option<usize>>,
    /// For a logout: whether its record is still there.
    pub left_behind: bool,
}

/// What is known of a token.
#[derive(Clone, Copy, Default)]
pub struct Mark {
    pub written: bool,
    /// The client has heard that the server no longer accepts it.
    pub refused: bool,
    /// The client may forget it.
    pub may_go: bool,
}

/// What the client should know of failed logins.
#[derive(Default)]
pub struct CoolDown {
    pub failures: i32,
    /// In ms; no login before it.
    pub until: f64,
    /// The login under way has its second code.
    pub again: bool,
}

#[derive(Default)]
pub struct Ledger {
    pub calls: Vec<Call>,
    /// Where the calls of this life begin.
    pub first: usize,
    pub logout_at: u64,
    /// The token in memory.
    pub memory: Option<usize>,
    /// Since when, as a place in the order of events.
    pub memory_since: u64,
    /// Whether the client can know what the storage holds.
    pub known: bool,
    /// WeChat has said that its session is over.
    pub weixin_said_no: bool,
    /// The server has decided against a user's login.
    pub login_refused: bool,
    pub marks: Vec<Mark>,
    pub cool_down: CoolDown,
    /// Whether the latest request of a login carried a code.
    pub exchange_with_code: bool,
    /// Whether it carried an account, too.
    pub exchange_with_account: bool,
    /// When `wx.login` was called, in ms.
    pub wx_logins: Vec<u64>,
    pub breach: Option<Breach>,
}

impl Ledger {
    /// The app was killed: whatever was under way will never end.
    pub fn new_life(&mut self) {
        self.first = self.calls.len();
        self.logout_at = 0;
        self.memory = None;
        self.known = false;
        self.weixin_said_no = false;
        self.login_refused = false;
        self.cool_down = CoolDown::default();
        self.wx_logins.clear();
    }

    pub fn mark(&mut self, token: usize) -> &mut Mark {
        if self.marks.len() <= token {
            self.marks.resize(token + 1, Mark::default());
        }
        &mut self.marks[token]
    }

    pub fn read(&mut self, token: Option<usize>) {
        self.known = true;
        if let Some(token) = token {
            self.mark(token).written = true;
        }
    }

    pub fn written(&mut self, token: Option<usize>) {
        self.read(token);
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
