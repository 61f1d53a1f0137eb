//! One piece of work for any number of callers.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use futures_util::FutureExt;
use futures_util::future::{AbortHandle, LocalBoxFuture, Shared, abortable};

use crate::LoginError;
use crate::planted::{self, Bug};

/// Work, and what it ends with.
pub(crate) type Work<T> = LocalBoxFuture<'static, Result<T, LoginError>>;

struct Running<T: Clone> {
    id: u32,
    key: String,
    abort: AbortHandle,
    outcome: Shared<Work<T>>,
}

/// A place for at most one piece of work, whose result goes to everyone who asked for the same while it ran.
pub(crate) struct SingleFlight<T: Clone> {
    slot: Rc<RefCell<Option<Running<T>>>>,
    next_id: Cell<u32>,
    aborts: Cell<u32>,
}

impl<T: Clone + 'static> SingleFlight<T> {
    pub(crate) fn new() -> Self {
        SingleFlight {
            slot: Rc::default(),
            next_id: Cell::new(0),
            aborts: Cell::new(0),
        }
    }

    /// The work that is running, if any.
    pub(crate) fn running(&self) -> Option<Shared<Work<T>>> {
        self.slot
            .borrow()
            .as_ref()
            .map(|running| running.outcome.clone())
    }

    /// Whether the running work is that of `key`.
    pub(crate) fn runs(&self, key: &str) -> bool {
        self.slot
            .borrow()
            .as_ref()
            .is_some_and(|running| running.key == key)
    }

    /// Joins the running work if its key is `key`; else waits for its end and does `work`.
    ///
    /// Fails with [`LoginError::LoggedOut`] if the work is aborted.
    pub(crate) async fn run(&self, key: String, work: Work<T>) -> Result<T, LoginError> {
        let aborts = self.aborts.get();
        while let Some(outcome) = self.running()
            && !planted::is(Bug::NoSharing)
        {
            let same = self.runs(&key);
            let result = outcome.await;
            if same {
                return result;
            }
            if self.aborts.get() != aborts {
                return Err(LoginError::LoggedOut);
            }
        }
        self.start(key, work).await
    }

    fn start(&self, key: String, work: Work<T>) -> Shared<Work<T>> {
        let id = self.next_id.replace(self.next_id.get().wrapping_add(1));
        let (work, abort) = abortable(work);
        let slot = Rc::clone(&self.slot);
        let outcome = async move {
            let result = work.await.unwrap_or(Err(LoginError::LoggedOut));
            // Cleared here and not by a waiter, who may be gone; and only if no newer work has taken the place.
            slot.borrow_mut().take_if(|running| running.id == id);
            result
        };
        let outcome = outcome.boxed_local().shared();
        *self.slot.borrow_mut() = Some(Running {
            id,
            key,
            abort,
            outcome: outcome.clone(),
        });
        outcome
    }

    /// Gives the running work up: it is not polled again, and all who wait for it, or for their turn, fail.
    pub(crate) fn abort(&self) {
        self.aborts.set(self.aborts.get().wrapping_add(1));
        let running = self.slot.borrow_mut().take();
        if let Some(running) = running {
            running.abort.abort();
        }
    }
}
