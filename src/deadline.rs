//! Waiting, but not for ever.

use std::future::Future;
use std::pin::pin;

use futures_util::future::{Either, select};

use crate::{Host, HostFailure};

/// How much later than the host's own timeout the client gives up, in ms: the host's own error says more, so it goes first.
const GRACE_MS: f64 = 1_000.0;

/// What `work` gives, or a timeout of `api` if it has not ended shortly after `timeout_ms`.
pub(crate) async fn within<H: Host, T>(
    host: &H,
    timeout_ms: f64,
    api: &str,
    work: impl Future<Output = Result<T, HostFailure>>,
) -> Result<T, HostFailure> {
    match select(pin!(work), pin!(host.sleep(timeout_ms + GRACE_MS))).await {
        Either::Left((result, _)) => result,
        Either::Right(_) => Err(HostFailure::timeout(api)),
    }
}
