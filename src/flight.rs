//! One piece of work for any number of callers.

use std::cell::{Cell, RefCell};
use std::future::Future;
use std::rc::Rc;

use futures_util::FutureExt;
use futures_util::future::{AbortHandle, LocalBoxFuture, Shared, abortable};

/// The result of shared work; `None` if it was given up by [`SingleFlight::abort`].
type Outcome<T> = Shared<LocalBoxFuture<'static, Option<T>>>;

struct Running<T: Clone> {
    id: u32,
    abort: AbortHandle,
    outcome: Outcome<T>,
}

/// A place for at most one piece of work, whose result goes to everyone who asked while it ran.
pub(crate) struct SingleFlight<T: Clone + 'static> {
    slot: Rc<RefCell<Option<Running<T>>>>,
    next_id: Cell<u32>,
}

impl<T: Clone + 'static> SingleFlight<T> {
    pub(crate) fn new() -> Self {
        SingleFlight {
            slot: Rc::default(),
            next_id: Cell::new(0),
        }
    }

    /// Joins the work that is running, or starts `work`. The returned future gives `None` if the work is aborted.
    pub(crate) fn run<F>(&self, work: impl FnOnce() -> F) -> Outcome<T>
    where
        F: Future<Output = T> + 'static,
    {
        if let Some(running) = self.slot.borrow().as_ref() {
            return running.outcome.clone();
        }
        let id = self.next_id.replace(self.next_id.get().wrapping_add(1));
        let (work, abort) = abortable(work());
        let slot = Rc::clone(&self.slot);
        let outcome = async move {
            let result = work.await.ok();
            // Cleared here and not by a waiter, who may be gone; and only if no newer work has taken the place.
            slot.borrow_mut().take_if(|running| running.id == id);
            result
        };
        let outcome = outcome.boxed_local().shared();
        *self.slot.borrow_mut() = Some(Running {
            id,
            abort,
            outcome: outcome.clone(),
        });
        outcome
    }

    /// Gives the running work up: it is not polled again, and all who wait for it get `None`.
    pub(crate) fn abort(&self) {
        let running = self.slot.borrow_mut().take();
        if let Some(running) = running {
            running.abort.abort();
        }
    }
}
