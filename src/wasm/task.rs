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
    fn promise(number: u32) -> JsValue;
    /// Settles that promise, if there is one.
    fn fulfil(number: u32, resolved: bool, value: JsValue);
}

/// What a promise settles with.
pub(super) type Settled = Result<JsValue, Thrown>;

enum Work {
    Promised(LocalBoxFuture<'static, Settled>),
    Unwatched(LocalBoxFuture<'static, ()>),
}

impl Work {
    fn go_on(&mut self, context: &mut Context<'_>) -> Poll<Option<Settled>> {
        match self {
            Work::Promised(work) => work.as_mut().poll(context).map(Some),
            Work::Unwatched(work) => work.as_mut().poll(context).map(|()| None),
        }
    }
}

struct Task {
    /// `None` while it is being done.
    work: Option<Work>,
    /// The promise of what it ends with; 0 if nobody has one.
    promise: u32,
    waker: Waker,
}

thread_local! {
    static TASKS: RefCell<Slab<Task>> = const { RefCell::new(Slab::new()) };
    static READY: RefCell<Queue> = const { RefCell::new(Queue { tasks: Vec::new(), next: 0 }) };
    static RUNNING: Cell<bool> = const { Cell::new(false) };
    /// The task that is being done.
    static CURRENT: Cell<Option<usize>> = const { Cell::new(None) };
    /// How many promises were given.
    static PROMISES: Cell<u32> = const { Cell::new(0) };
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

/// A promise of what `work` ends with. Nothing is done yet: whoever calls gets the promise first, so that it is not lost if the
/// engine throws something of its own.
pub(super) fn promised(work: LocalBoxFuture<'static, Settled>) -> JsValue {
    PROMISES.set(PROMISES.get().wrapping_add(1));
    let number = PROMISES.get();
    let promise = promise(number);
    add(Work::Promised(work), number);
    promise
}

/// Does `work` although nobody waits for it.
pub(super) fn spawn(work: LocalBoxFuture<'static, ()>) {
    add(Work::Unwatched(work), 0);
}

fn add(work: Work, promise: u32) {
    let number = TASKS.with_borrow_mut(|tasks| {
        let place = tasks.vacant_entry();
        let number = place.key();
        place.insert(Task {
            work: Some(work),
            promise,
            waker: Arc::new(Alarm(number)).into(),
        });
        number
    });
    READY.with_borrow_mut(|ready| ready.push(number));
}

/// Does what is ready. To be called wherever JavaScript has called into the module and may have woken something.
#[wasm_bindgen(skip_typescript)] // for the glue alone
pub fn run() {
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
    if let Some(task) = CURRENT.take().and_then(take_out) {
        fulfil(task.promise, false, error);
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
        Some((task.work.take()?, task.promise, task.waker.clone()))
    });
    let Some((mut work, promise, waker)) = taken else {
        return;
    };
    CURRENT.set(Some(number)); // until its promise is settled: the engine may throw something of its own before that
    match work.go_on(&mut Context::from_waker(&waker)) {
        Poll::Pending => TASKS.with_borrow_mut(|tasks| {
            if let Some(task) = tasks.get_mut(number) {
                task.work = Some(work);
            }
        }),
        Poll::Ready(settled) => {
            drop(work); // before anybody hears of what it ended with
            match settled {
                Some(Ok(value)) => fulfil(promise, true, value),
                Some(Err(Thrown(error))) => fulfil(promise, false, error),
                None => {}
            }
            take_out(number);
        }
    }
    CURRENT.set(None);
}

fn take_out(number: usize) -> Option<Task> {
    TASKS.with_borrow_mut(|tasks| tasks.try_remove(number))
}
