//! Waiting, but not for ever.

use std::future::{Future, poll_fn};
use std::task::{Poll, ready};

use crate::host::Api;
use crate::planted::{self, Bug};
use crate::{Host, HostFailure, LoginError, Payload, Result};

/// How much later than the host's own timeout the client gives up, in ms: the host's own error says more, so it goes first.
const GRACE_MS: f64 = 1_000.0;

/// Calls a function of `wx`, and gives what it answers.
///
/// Fails as [`LoginError::of_call`] says; with a timeout if there is no answer shortly after `timeout_ms`.
pub(crate) fn call<H: Host>(
    host: &H,
    api: Api,
    mut options: H::Value,
    timeout_ms: f64,
) -> impl Future<Output = Result<H::Value>> + use<H> {
    options.set_number("timeout", timeout_ms);
    let mut answer = host.call(api, options);
    let mut alarm = host.sleep(timeout_ms + GRACE_MS);
    poll_fn(move |context| {
        let failure = match answer.as_mut().poll(context) {
            Poll::Ready(Ok(answer)) => return Poll::Ready(Ok(answer)),
            Poll::Ready(Err(failure)) => HostFailure::of(&failure),
            Poll::Pending if planted::is(Bug::NoDeadline) => return Poll::Pending,
            Poll::Pending => {
                ready!(alarm.as_mut().poll(context));
                HostFailure::timeout(api)
            }
        };
        Poll::Ready(Err(LoginError::of_call(api, failure)))
    })
}
