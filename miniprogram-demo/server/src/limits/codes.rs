//! A limit on codes that WeChat refuses: who sends too many is not passed on to WeChat any more, whose own limits are for
//! the whole mini-program.

use super::counters::Counter;
use super::network;
use super::reservations::Reserved;
use crate::database::Database;
use crate::envelope::ApiError;
use crate::wechat::WechatError;
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, PoisonError, Weak};
use std::time::Duration;
use tokio::sync::{Mutex, Notify};
use tokio::time::{Instant, timeout};

const WINDOW: Duration = Duration::from_secs(60);
/// And so no more than these are on their way to WeChat at once.
const MAX_REFUSED: i32 = 30;
/// How long a code waits for those that are on their way.
const PATIENCE: Duration = Duration::from_secs(5);
/// Other processes give no notice when theirs have come back.
const LONGEST_PAUSE: Duration = Duration::from_millis(200);

/// Who sends codes at the moment.
#[derive(Default)]
pub struct Codes(std::sync::Mutex<HashMap<IpAddr, Weak<Sender>>>);

/// An address that sends codes.
#[derive(Default)]
struct Sender {
    /// Of those who wait, one at a time looks for a place.
    turn: Mutex<()>,
    /// A code has come back.
    came_back: Notify,
}

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
        let sender = self.sender(address);
        let place = sender.reserve(db, &refused).await?;
        let result = exchange.await;
        let is_refused = matches!(result, Err(WechatError::CodeRejected));
        // Nobody has to wait for it: until then the place counts.
        tokio::spawn(settle(db.clone(), sender, refused, place, is_refused));
        Ok(result?)
    }

    fn sender(&self, address: IpAddr) -> Arc<Sender> {
        let mut senders = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        senders.retain(|_, sender| sender.strong_count() > 0);
        let known = senders.entry(address).or_default();
        known.upgrade().unwrap_or_else(|| {
            let sender = Arc::default();
            *known = Arc::downgrade(&sender);
            sender
        })
    }
}

impl Sender {
    /// Waits while the codes that are on their way may use up the rest: they may be good ones, of other phones.
    async fn reserve(&self, db: &Database, refused: &Counter) -> Result<Reserved, ApiError> {
        let end = Instant::now() + PATIENCE;
        if let Some(place) = refused.reserve(db).await? {
            return Ok(place);
        }
        let turn = timeout(PATIENCE, self.turn.lock()).await;
        let _turn = turn.map_err(|_| ApiError::Busy)?;
        while Instant::now() < end {
            if let Some(place) = refused.reserve(db).await? {
                return Ok(place);
            }
            let _ = timeout(LONGEST_PAUSE, self.came_back.notified()).await; // looks again either way
        }
        Err(ApiError::Busy)
    }
}

async fn settle(
    db: Database,
    sender: Arc<Sender>,
    refused: Counter,
    place: Reserved,
    is_refused: bool,
) {
    if let Err(error) = refused.settle(&db, &place, is_refused).await {
        tracing::warn!("a code that has come back counts as refused for a minute: {error}");
    }
    sender.came_back.notify_one();
}
