//! A limit on codes that WeChat refuses: who sends too many is not passed on to WeChat any more, whose own limits are for
//! the whole mini-program.

use super::counters::Counter;
use super::network;
use crate::database::Database;
use crate::envelope::ApiError;
use crate::wechat::WechatError;
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

const WINDOW: Duration = Duration::from_secs(60);
const MAX_REFUSED: i32 = 30;
/// Codes of one address that are on their way to WeChat: they are counted only when it has answered.
const MAX_IN_FLIGHT: usize = 10;
/// How long the next one waits for its turn.
const PATIENCE: Duration = Duration::from_secs(5);

/// Who sends codes at the moment.
#[derive(Default)]
pub struct Codes(Mutex<HashMap<IpAddr, Weak<Semaphore>>>);

impl Codes {
    /// What `exchange` makes of a code, unless too many codes of this address were refused lately.
    pub async fn exchange<T>(
        &self,
        db: &Database,
        address: IpAddr,
        exchange: impl Future<Output = Result<T, WechatError>>,
    ) -> Result<T, ApiError> {
        let address = network(address);
        let refused = Counter::new("codes from", &address.to_string(), MAX_REFUSED, WINDOW);
        let turns = self.turns_of(address);
        if turns.available_permits() == 0 {
            // Who would be refused after the wait is refused now; so is everybody while the database is down.
            db.read(async |db| refused.check(&db).await).await?;
        }
        let _turn = turn(turns).await?;
        db.read(async |db| refused.check(&db).await).await?;
        let result = exchange.await;
        if matches!(result, Err(WechatError::CodeRejected)) {
            match db.write(async |tx| refused.add(&*tx).await).await {
                // Those that were on their way when the limit was reached.
                Err(ApiError::TooManyAttempts) => {}
                counted => counted?,
            }
        }
        Ok(result?)
    }

    fn turns_of(&self, address: IpAddr) -> Arc<Semaphore> {
        let mut senders = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        senders.retain(|_, turns| turns.strong_count() > 0);
        let sender = senders.entry(address).or_default();
        sender.upgrade().unwrap_or_else(|| {
            let turns = Arc::new(Semaphore::new(MAX_IN_FLIGHT));
            *sender = Arc::downgrade(&turns);
            turns
        })
    }
}

async fn turn(turns: Arc<Semaphore>) -> Result<OwnedSemaphorePermit, ApiError> {
    let turn = timeout(PATIENCE, turns.acquire_owned()).await;
    let turn = turn.map_err(|_| ApiError::Busy)?;
    turn.map_err(|error| ApiError::Internal(error.into()))
}
