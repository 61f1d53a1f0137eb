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
    "{\"v\":1,\"token\":\"\",\"userInfo\":{},\"via\":\"weixin\",\"issuedAt\":1}",
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

#[derive(Default)]
pub struct Disk {
    record: Option<Value>,
    /// The token of the record, if it is whole.
    token: Option<SmolStr>,
    /// In percent.
    pub faults: u64,
    pub power_losses: u64,
    pub full: bool,
    /// An operation has failed since a session was last written as it should be.
    pub failed: bool,
    /// Everything that could have put things right failed as well.
    pub hopeless: bool,
}

impl Disk {
    pub fn get(&self, chance: &mut Chance) -> Result<Option<Value>, ()> {
        if chance.odds(self.faults) {
            return Err(());
        }
        Ok(self.record.clone())
    }

    /// Makes this the record, whatever may go wrong.
    pub fn put(&mut self, record: Option<Value>) {
        self.token = record.as_ref().and_then(token_of).map(SmolStr::from);
        self.record = record;
    }

    /// Changes the record; `None` removes it.
    pub fn change(&mut self, to: Option<Value>, chance: &mut Chance) -> End {
        let end = self.end(to.is_some(), chance);
        let last_resort = to == Some(object([]));
        let to_is_session = to.as_ref().and_then(token_of).is_some();
        match end {
            End::Done | End::FailedButDone | End::PowerLoss(true) => self.put(to),
            End::Torn => self.put(Value::from_json(chance.one_of(&JUNK))),
            End::Failed | End::PowerLoss(false) => {}
        }
        let whole = to_is_session && end == End::Done;
        self.failed = !whole && (self.failed || end != End::Done);
        self.hopeless = end != End::Done && last_resort;
        end
    }

    fn end(&self, write: bool, chance: &mut Chance) -> End {
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

    /// The token of the record, if it is whole.
    pub fn token(&self) -> Option<&str> {
        self.token.as_deref()
    }
}

pub fn token_of(record: &Value) -> Option<&str> {
    let whole = record["v"].as_number() == Some(1.0)
        && record["userInfo"].is_object()
        && ["weixin", "account"].contains(&record["via"].as_str()?)
        && record["issuedAt"].as_number().is_some()
        && (record["expiresAt"].is_null() || record["expiresAt"].as_number().is_some());
    record["token"]
        .as_str()
        .filter(|token| whole && !token.is_empty())
}
