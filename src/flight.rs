//! One piece of work for any number of callers.

use std::cell::{Cell, RefCell};
use std::future::poll_fn;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use crate::LocalBoxFuture;
use crate::error::failed;
use crate::{Host, LoginError, Result};

/// Work, and what it ends with.
pub(crate) type Work<T> = LocalBoxFuture<'static, Result<T>>;

/// What tells one piece of work from another.
pub(crate) trait Key: 'static {
    /// Whether a caller with this key may share the work in flight of another.
    fn shares(&self, in_flight: &Self) -> bool;
}

/// Work that is in flight, and who waits for its end.
pub(crate) struct Flight<K, T> {
    key: K,
    /// `None` while it is being polled, and after its end.
    work: RefCell<Option<Work<T>>>,
    outcome: RefCell<Option<Result<T>>>,
    waiting: RefCell<Vec<Waker>>,
}

impl<K, T: Clone> Flight<K, T> {
    pub(crate) fn key(&self) -> &K {
        &self.key
    }

    /// What the work ends with.
    pub(crate) fn outcome(&self) -> impl Future<Output = Result<T>> {
        poll_fn(|context| match &*self.outcome.borrow() {
            Some(outcome) => Poll::Ready(outcome.clone()),
            None => self.wake_later(context),
        })
    }

    fn wake_later<R>(&self, context: &Context<'_>) -> Poll<R> {
        let waker = context.waker().clone();
        self.waiting.borrow_mut().push(waker);
        Poll::Pending
    }

    /// Polls the work, unless it was aborted.
    fn poll(&self, context: &mut Context<'_>) -> Poll<Result<T>> {
        let work = self.work.take(); // the work itself may abort it
        let polled = work.map(|mut work| (work.as_mut().poll(context), work));
        if let Some(outcome) = &*self.outcome.borrow() {
            return Poll::Ready(outcome.clone());
        }
        match polled {
            Some((Poll::Pending, work)) => {
                self.work.replace(Some(work));
                self.wake_later(context)
            }
            Some((Poll::Ready(outcome), _)) => Poll::Ready(outcome),
            None => Poll::Pending,
        }
    }

    /// Only the first end counts.
    fn end(&self, outcome: Result<T>) {
        self.outcome.borrow_mut().get_or_insert(outcome);
        drop(self.work.take());
        for waker in self.waiting.take() {
            waker.wake();
        }
    }
}

type Running<K, T> = Rc<RefCell<Option<Rc<Flight<K, T>>>>>;

/// A place for at most one piece of work, whose result goes to everyone who asked for the same while it ran.
pub(crate) struct SingleFlight<K, T> {
    running: Running<K, T>,
    aborts: Cell<u32>,
}

impl<K: Key, T: Clone + 'static> SingleFlight<K, T> {
    pub(crate) fn new() -> Self {
        SingleFlight {
            running: Rc::default(),
            aborts: Cell::new(0),
        }
    }

    /// The work that is in flight, if any.
    pub(crate) fn running(&self) -> Option<Rc<Flight<K, T>>> {
        self.running.borrow().clone()
    }

    /// Joins the work in flight if `key` shares it; else waits for its end and does `work`.
    ///
    /// Fails with [`LoginError::LoggedOut`] if the work is aborted.
    pub(crate) fn run<'a>(
        &'a self,
        host: &'a impl Host,
        key: K,
        work: Work<T>,
    ) -> LocalBoxFuture<'a, Result<T>> {
        // Boxed: the code is there once, not once for each caller.
        Box::pin(async move {
            let aborts = self.aborts.get();
            while let Some(flight) = self.running() {
                let outcome = flight.outcome().await;
                if key.shares(&flight.key) {
                    return outcome;
                }
                if self.aborts.get() != aborts {
                    return Err(failed(LoginError::LoggedOut));
                }
            }
            self.start(host, key, work).outcome().await
        })
    }

    /// Does `work` as a task of its own, so that it goes on when those who wait for it are dropped.
    fn start(&self, host: &impl Host, key: K, work: Work<T>) -> Rc<Flight<K, T>> {
        let flight = Rc::new(Flight {
            key,
            work: RefCell::new(Some(work)),
            outcome: RefCell::default(),
            waiting: RefCell::default(),
        });
        let started = Rc::clone(&flight);
        let running = Rc::clone(&self.running);
        running.replace(Some(Rc::clone(&flight)));
        host.spawn(Box::pin(poll_fn(move |context| {
            flight.poll(context).map(|outcome| {
                // Only if no newer work has taken the place.
                running
                    .borrow_mut()
                    .take_if(|running| Rc::ptr_eq(running, &flight));
                flight.end(outcome);
            })
        })));
        started
    }

    /// Gives up the place: the work goes on for those who wait for it, and the next caller starts new work.
    pub(crate) fn let_go(&self) {
        self.running.take();
    }

    /// Aborts the work: it is not polled again, and all who wait for it, or for their turn, fail.
    pub(crate) fn abort(&self) {
        self.aborts.set(self.aborts.get().wrapping_add(1));
        if let Some(flight) = self.running.take() {
            flight.end(Err(failed(LoginError::LoggedOut)));
        }
    }
}
