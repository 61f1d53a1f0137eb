//! Waiting, but not for ever.

use std::future::poll_fn;
use std::task::Poll;

use crate::host::Api;
use crate::planted::{self, Bug};
use crate::{Host, HostFailure, Payload};

/// How much later than the host's own timeout the client gives up, in ms: the host's own error says more, so it goes first.
const GRACE_MS: f64 = 1_000.0;

/// What a function of `wx` answers; a timeout if it has not answered shortly after `timeout_ms`.
pub(crate) async fn call<H: Host>(
    host: &H,
    api: Api,
    mut options: H::Value,
    timeout_ms: f64,
) -> Result<H::Value, HostFailure> {
    options.set_number("timeout", timeout_ms);
    if planted::is(Bug::NoDeadline) {
        return host.call(api, options).await;
    }
    let mut answer = host.call(api, options);
    let mut alarm = host.sleep(timeout_ms + GRACE_MS);
    poll_fn(|context| match answer.as_mut().poll(context) {
        Poll::Pending => {
            let late = || Err(HostFailure::timeout(api.name()));
            alarm.as_mut().poll(context).map(|()| late())
        }
        answered => answered,
    })
    .await
}
