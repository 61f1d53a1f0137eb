//! The phone's storage, and everything that can go wrong with it.

use smol_str::SmolStr;
use weapp_login::Primitives;

use crate::chance::Chance;
use crate::value::{Value, object};

/// What a failing or interrupted write leaves behind.
const JUNK: [&str; 5] = [
    "\"[object Object]\"",
    "{}",
    "{\"v\":1}",
    "{\"v\":2,\"revision\":9,\"token\":\"\",\"userInfo\":{},\"via\":\"weixin\",\"issuedAt\":1}",
    "7",
];

/// How an operation ends.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum End {
    Done,
    /// It threw. What was there is still there.
    Failed,
    /// It threw, and left junk.
    Torn,
    /// It threw, although it was done.
    FailedButDone,
    /// The phone went dark; the flag says whether that was after the operation.
    PowerLoss(bool),
}

/// What the record says.
#[derive(Clone, Debug, PartialEq)]
pub enum Stored {
    /// There is none.
    Nothing,
    Session(SmolStr),
    /// A session has ended; whether a silent login may follow.
    Ended {
        renewable: bool,
    },
    Junk,
}

impl Stored {
    fn is_whole(&self) -> bool {
        matches!(self, Stored::Session(_) | Stored::Ended { .. })
    }
}

pub struct Disk {
    record: Option<Value>,
    stored: Stored,
    /// Counts the changes of the record.
    pub version: u64,
    /// In percent.
    pub faults: u64,
    pub power_losses: u64,
    pub full: bool,
    /// Nothing goes wrong here, whatever the rest says.
    pub reliable: bool,
    /// Nothing can be read.
    pub unreadable: bool,
    /// A write has torn a whole record, and nothing was tried since to put that right.
    pub torn: bool,
    /// When the last operation failed, in ms.
    pub failed_at: Option<u64>,
    /// The page has cleared the storage, and nothing was written since.
    pub cleared: bool,
}

impl Default for Disk {
    fn default() -> Self {
        Disk {
            record: None,
            stored: Stored::Nothing,
            version: 1,
            faults: 0,
            power_losses: 0,
            full: false,
            unreadable: false,
            reliable: false,
            torn: false,
            failed_at: None,
            cleared: false,
        }
    }
}

impl Disk {
    pub fn get(&self, chance: &mut Chance) -> Result<Option<Value>, ()> {
        if self.reliable {
            return Ok(self.record.clone());
        }
        if self.unreadable || chance.odds(self.faults) {
            return Err(());
        }
        Ok(self.record.clone())
    }

    /// Makes this the record, whatever may go wrong.
    pub fn put(&mut self, record: Option<Value>) {
        self.stored = record.as_ref().map_or(Stored::Nothing, stored_in);
        self.record = record;
        self.version += 1;
    }

    /// The page clears the storage.
    pub fn clear(&mut self) {
        self.put(None);
        self.cleared = true;
        self.torn = false;
    }

    /// Changes the record; `None` removes it.
    pub fn change(&mut self, to: Option<Value>, now: u64, chance: &mut Chance) -> End {
        let end = self.end(to.is_some(), chance);
        // The attempt to put a failed write right may fail, too.
        let first_failure = self.is_whole() && self.failed_at != Some(now);
        self.torn = false;
        match end {
            End::Done | End::FailedButDone | End::PowerLoss(true) => self.put(to),
            End::Torn => {
                self.put(Value::from_json(chance.one_of(&JUNK)));
                self.torn = first_failure;
            }
            End::Failed | End::PowerLoss(false) => {}
        }
        self.failed_at = (end != End::Done).then_some(now);
        self.cleared &= end != End::Done;
        end
    }

    fn end(&self, write: bool, chance: &mut Chance) -> End {
        if self.reliable {
            return End::Done;
        }
        if let Chance::Every(_) = chance {
            return [End::Done, End::Failed][chance.pick(if self.faults > 0 { 2 } else { 1 })];
        }
        if chance.odds(self.power_losses) {
            return End::PowerLoss(chance.odds(50));
        }
        if self.full && write {
            return chance.one_of(&[End::Failed, End::Torn]);
        }
        match (chance.odds(self.faults), write) {
            (false, _) => End::Done,
            (true, true) => chance.one_of(&[End::Failed, End::Torn, End::FailedButDone]),
            (true, false) => chance.one_of(&[End::Failed, End::FailedButDone]),
        }
    }

    /// Whether there is a record, whole.
    pub fn is_whole(&self) -> bool {
        self.stored.is_whole()
    }

    /// What the record says.
    pub fn stored(&self) -> &Stored {
        &self.stored
    }

    /// The token of the record, if it is a whole session.
    pub fn token(&self) -> Option<&str> {
        match &self.stored {
            Stored::Session(token) => Some(token),
            _ => None,
        }
    }
}

/// What a record says.
pub fn stored_in(record: &Value) -> Stored {
    let number = |field: &str| record[field].as_number();
    if number("v") != Some(2.0) || number("revision").is_none() {
        return Stored::Junk;
    }
    if !record["ended"].is_null() {
        return match (record["ended"].as_str(), number("renewable")) {
            (Some(_), Some(renewable)) => Stored::Ended {
                renewable: renewable != 0.0,
            },
            _ => Stored::Junk,
        };
    }
    let whole = record["userInfo"].is_object()
        && record["via"]
            .as_str()
            .is_some_and(|via| ["weixin", "account"].contains(&via))
        && number("issuedAt").is_some()
        && (record["expiresAt"].is_null() || number("expiresAt").is_some());
    match record["token"].as_str() {
        Some(token) if whole && !token.is_empty() => Stored::Session(token.into()),
        _ => Stored::Junk,
    }
}

pub fn token_of(record: &Value) -> Option<SmolStr> {
    match stored_in(record) {
        Stored::Session(token) => Some(token),
        _ => None,
    }
}

#[test]
fn a_cleared_storage_holds_nothing() {
    let mut disk = Disk::default();
    disk.put(Some(object([("v", 7.into())])));
    assert_eq!(disk.stored(), &Stored::Junk);
    disk.clear();
    assert_eq!(disk.stored(), &Stored::Nothing);
}
