//! A limit on codes that WeChat refuses: who sends too many is not passed on to WeChat any more, whose own limits are for
//! the whole mini-program.

use super::counters::Counter;
use super::network;
use super::reservations::Reserved;
use crate::database::{Database, behind_others};
use crate::envelope::ApiError;
use crate::wechat::WechatError;
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, PoisonError, Weak};
use std::time::Duration;
use tokio::sync::{Mutex, Notify, OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, timeout};

const WINDOW: Duration = Duration::from_secs(60);
const MAX_REFUSED: i32 = 30;
/// Of one address and this process, on their way to WeChat at once: more would find no place.
const MAX_IN_FLIGHT: usize = MAX_REFUSED as usize;
/// How long the next one waits for its turn: less than a request waits for the database.
const TURN_PATIENCE: Duration = Duration::from_millis(1200);
/// How long it then waits for those that other processes have on their way.
pub const PLACE_PATIENCE: Duration = Duration::from_secs(5);
/// Other processes give no notice when theirs have come back.
const LONGEST_PAUSE: Duration = Duration::from_millis(200);

/// Who sends codes at the moment.
#[derive(Default)]
pub struct Codes(std::sync::Mutex<HashMap<IpAddr, Weak<Sender>>>);

/// An address that sends codes.
struct Sender {
    turns: Arc<Semaphore>,
    /// Of those who wait for a place, one at a time looks for it.
    search: Mutex<()>,
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
        let turn = sender.turn().await?;
        let place = sender.reserve(db, &refused).await?;
        let result = exchange.await;
        let is_refused = matches!(result, Err(WechatError::CodeRejected));
        // Nobody has to wait for it: until then the place counts.
        let db = db.clone();
        tokio::spawn(async move {
            if let Err(error) = refused.settle(&db, &place, is_refused).await {
                tracing::warn!("a code that has come back counts for a minute: {error}");
            }
            sender.came_back.notify_one();
            drop(turn);
        });
        Ok(result?)
    }

    fn sender(&self, address: IpAddr) -> Arc<Sender> {
        let mut senders = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        senders.retain(|_, sender| sender.strong_count() > 0);
        let known = senders.entry(address).or_default();
        known.upgrade().unwrap_or_else(|| {
            let sender = Arc::new(Sender::new());
            *known = Arc::downgrade(&sender);
            sender
        })
    }
}

impl Sender {
    fn new() -> Self {
        Self {
            turns: Arc::new(Semaphore::new(MAX_IN_FLIGHT)),
            search: Mutex::default(),
            came_back: Notify::default(),
        }
    }

    async fn turn(&self) -> Result<OwnedSemaphorePermit, ApiError> {
        let turn = timeout(TURN_PATIENCE, self.turns.clone().acquire_owned());
        let turn = behind_others(turn).await.map_err(|_| ApiError::Busy)?;
        turn.map_err(|error| ApiError::Internal(error.into()))
    }

    /// Waits while the codes that are on their way may use up the rest: they may be good ones, of other phones.
    async fn reserve(&self, db: &Database, refused: &Counter) -> Result<Reserved, ApiError> {
        let end = Instant::now() + PLACE_PATIENCE;
        if let Some(place) = refused.reserve(db).await? {
            return Ok(place);
        }
        let search = timeout(PLACE_PATIENCE, self.search.lock()).await;
        let _search = search.map_err(|_| ApiError::Busy)?;
        while Instant::now() < end {
            if let Some(place) = refused.reserve(db).await? {
                return Ok(place);
            }
            let _ = timeout(LONGEST_PAUSE, self.came_back.notified()).await; // looks again either way
        }
        Err(ApiError::Busy)
    }
}
