//! A limit on codes that WeChat refuses: who sends too many is not passed on to WeChat any more, whose own limits are for
//! the whole mini-program.

use super::counters::Counter;
use super::network;
use crate::database::Database;
use crate::envelope::ApiError;
use crate::wechat::WechatError;
use std::net::IpAddr;
use std::time::Duration;

const WINDOW: Duration = Duration::from_secs(60);
const MAX_REFUSED: i32 = 30;

/// What `exchange` makes of a code, unless too many codes of this address were refused lately.
pub async fn exchange<T>(
    db: &Database,
    address: IpAddr,
    exchange: impl Future<Output = Result<T, WechatError>>,
) -> Result<T, ApiError> {
    let address = network(address).to_string();
    let refused = Counter::new("codes from", &address, MAX_REFUSED, WINDOW);
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
