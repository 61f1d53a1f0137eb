//! The access token of WeChat's other interfaces: one request for all who need it at the same time, failures included.

use super::{MiniProgram, WechatError};
use crate::secret::Secret;
use futures_util::FutureExt;
use futures_util::future::{BoxFuture, Shared};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// A token is renewed so long before it ends.
const MARGIN: Duration = Duration::from_secs(5 * 60);
/// What WeChat promises at most. An answer that says more is not believed.
const MAX_LIFETIME: Duration = Duration::from_secs(2 * 60 * 60);

#[derive(Clone)]
pub struct AccessToken {
    pub secret: Secret,
    until: Instant,
}

type Fetch = Shared<BoxFuture<'static, Result<AccessToken, WechatError>>>;

/// The latest request for a token, in flight or answered.
#[derive(Default)]
pub struct AccessTokens(Mutex<Option<Fetch>>);

impl AccessTokens {
    /// The current token, fetched if need be.
    pub async fn get(&self, app: &Arc<MiniProgram>) -> Result<AccessToken, WechatError> {
        let fetch = self.fetch_unless(app, |token| Instant::now() < token.until);
        if fetch.peek().is_none() {
            tracing::debug!("waits for an access token");
        }
        fetch.await
    }

    /// A token other than `refused`, which WeChat does not take any more.
    pub async fn replace(
        &self,
        app: &Arc<MiniProgram>,
        refused: &AccessToken,
    ) -> Result<AccessToken, WechatError> {
        let refused = refused.secret.expose();
        self.fetch_unless(app, |token| token.secret.expose() != refused)
            .await
    }

    fn fetch_unless(
        &self,
        app: &Arc<MiniProgram>,
        is_good: impl Fn(&AccessToken) -> bool,
    ) -> Fetch {
        let mut latest = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let serves = |fetch: &&Fetch| match fetch.peek() {
            None => true,
            Some(Ok(token)) => is_good(token),
            Some(Err(_)) => false,
        };
        if let Some(fetch) = latest.as_ref().filter(serves) {
            return fetch.clone();
        }
        latest.insert(start(app.clone())).clone()
    }
}

/// In a task of its own, so that it goes on when the callers hang up.
fn start(app: Arc<MiniProgram>) -> Fetch {
    let task = tokio::spawn(async move { fetch(&app).await });
    let result = async {
        task.await
            .unwrap_or_else(|error| Err(WechatError::Failed(error.to_string())))
    };
    result.boxed().shared()
}

async fn fetch(app: &MiniProgram) -> Result<AccessToken, WechatError> {
    let answer = app.ask_access_token().await?;
    let lifetime = Duration::from_secs(answer.expires_in).min(MAX_LIFETIME);
    Ok(AccessToken {
        secret: answer
            .access_token
            .ok_or_else(|| WechatError::lacks("access token"))?,
        until: Instant::now() + lifetime.saturating_sub(MARGIN),
    })
}
