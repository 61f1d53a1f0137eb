//! Does the client's work: at once, as far as it goes, and on when what it waits for is there.
//!
//! Not with wasm-bindgen-futures, whose tasks take each step in a later turn of the engine's promises: old iPhones run those
//! on timers, where a turn takes milliseconds, and its closures were a tenth of the package.

use std::cell::{Cell, RefCell};
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};

use slab::Slab;
use wasm_bindgen::prelude::*;

use super::error::Thrown;
use crate::LocalBoxFuture;

#[wasm_bindgen(module = "/js-glue/src/promises.js")]
extern "C" {
    /// A promise that the module knows by this number.
    fn promise(number: usize) -> JsValue;
    /// Settles that promise.
    fn fulfil(number: usize, resolved: bool, value: JsValue);
    /// Rejects that promise, which nobody has got.
    fn abandon(number: usize, error: JsValue);
}

type Work = LocalBoxFuture<'static, Result<JsValue, Thrown>>;

struct Task {
    /// `None` while it is being done.
    work: Option<Work>,
    /// Whether somebody has a promise of what it ends with.
    promised: bool,
    waker: Waker,
}

thread_local! {
    static TASKS: RefCell<Slab<Task>> = const { RefCell::new(Slab::new()) };
    static READY: RefCell<Queue> = const { RefCell::new(Queue { tasks: Vec::new(), next: 0 }) };
    static RUNNING: Cell<bool> = const { Cell::new(false) };
    /// The task that is being done.
    static CURRENT: Cell<Option<usize>> = const { Cell::new(None) };
    /// The task whose promise nobody has got yet.
    static CALLED: Cell<Option<usize>> = const { Cell::new(None) };
}

/// Tasks to go on with, first come first served. It is emptied each time that the module is entered, so the places of those that
/// are done are kept until then: a `VecDeque` is 1.4 KB of wasm more.
struct Queue {
    tasks: Vec<usize>,
    next: usize,
}

impl Queue {
    fn push(&mut self, number: usize) {
        self.tasks.push(number);
    }

    fn pop(&mut self) -> Option<usize> {
        let number = self.tasks.get(self.next).copied();
        if number.is_some() {
            self.next += 1;
        } else {
            self.tasks.clear();
            self.next = 0;
        }
        number
    }
}

/// Makes a task ready again. It is not done from here: whoever wakes may hold what the task needs.
struct Alarm(usize);

impl Wake for Alarm {
    fn wake(self: Arc<Self>) {
        READY.with_borrow_mut(|ready| ready.push(self.0));
    }
}

/// A promise of what `work` ends with.
pub(super) fn promised(work: Work) -> JsValue {
    let number = add(work, true);
    let promise = promise(number);
    let outer = CALLED.replace(Some(number));
    run();
    CALLED.set(outer);
    promise
}

/// Does `work` although nobody waits for it.
pub(super) fn spawn(work: Work) {
    add(work, false);
    run();
}

fn add(work: Work, promised: bool) -> usize {
    let number = TASKS.with_borrow_mut(|tasks| {
        let place = tasks.vacant_entry();
        let number = place.key();
        place.insert(Task {
            work: Some(work),
            promised,
            waker: Arc::new(Alarm(number)).into(),
        });
        number
    });
    READY.with_borrow_mut(|ready| ready.push(number));
    number
}

/// Does what is ready. To be called wherever JavaScript has called into the module and may have woken something.
pub(super) fn run() {
    if RUNNING.replace(true) {
        return; // a step has called JavaScript, and that has called back: the loop below comes to it
    }
    while let Some(number) = READY.with_borrow_mut(Queue::pop) {
        step(number);
    }
    RUNNING.set(false);
}

/// Gives up the task that was being done when the engine threw `error` in the middle of the module, and goes on with the
/// others: all of them, because somebody may wait for what that task will no longer do.
#[wasm_bindgen(skip_typescript)] // for the glue alone
pub fn recover(error: JsValue) {
    RUNNING.set(false);
    let take_out = |number| TASKS.with_borrow_mut(|tasks| tasks.try_remove(number));
    if let Some(number) = CALLED.take()
        && take_out(number).is_some()
    {
        abandon(number, error.clone()); // its call has rejected already
    }
    if let Some(number) = CURRENT.take()
        && take_out(number).is_some_and(|task| task.promised)
    {
        fulfil(number, false, error);
    }
    TASKS.with_borrow(|tasks| {
        for (number, _) in tasks {
            READY.with_borrow_mut(|ready| ready.push(number));
        }
    });
    run();
}

fn step(number: usize) {
    let taken = TASKS.with_borrow_mut(|tasks| {
        let task = tasks.get_mut(number)?; // it may have ended since it was woken
        Some((task.work.take()?, task.waker.clone()))
    });
    let Some((mut work, waker)) = taken else {
        return;
    };
    CURRENT.set(Some(number));
    let polled = work.as_mut().poll(&mut Context::from_waker(&waker));
    CURRENT.set(None);
    let ended = TASKS.with_borrow_mut(|tasks| match polled {
        Poll::Pending => {
            if let Some(task) = tasks.get_mut(number) {
                task.work = Some(work);
            }
            None
        }
        Poll::Ready(result) => tasks.try_remove(number).map(|task| (task, work, result)),
    });
    if let Some((task, work, result)) = ended {
        drop(work); // before anybody hears of the result
        if task.promised {
            match result {
                Ok(value) => fulfil(number, true, value),
                Err(Thrown(error)) => fulfil(number, false, error),
            }
        }
    }
}
