//! What is waited for. The border knows it by two numbers: a promise and its closures would have to be made, called and
//! dropped for each call of `wx` and each timer.

use std::cell::RefCell;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use slab::Slab;
use wasm_bindgen::prelude::*;

use super::task;

thread_local! {
    static DESK: RefCell<Desk> = const { RefCell::new(Desk { waiting: Slab::new(), issued: 0 }) };
}

/// All tickets that somebody holds.
struct Desk {
    waiting: Slab<Waiting>,
    issued: u32,
}

struct Waiting {
    number: u32,
    answer: Option<Result<JsValue, JsValue>>,
    waker: Option<Waker>,
}

/// Waits for the answer with its numbers. Answers that come after it is dropped go nowhere.
#[must_use = "nobody can answer a ticket that is dropped"]
pub(super) struct Ticket {
    pub(super) slot: u32,
    /// Places are used again; a late answer must not be taken for that of the next one there.
    pub(super) number: u32,
}

impl Ticket {
    pub(super) fn new() -> Self {
        DESK.with_borrow_mut(|desk| {
            desk.issued = desk.issued.wrapping_add(1);
            let number = desk.issued;
            let slot = desk.waiting.insert(Waiting {
                number,
                answer: None,
                waker: None,
            });
            Ticket {
                slot: slot as u32,
                number,
            }
        })
    }
}

impl Future for Ticket {
    type Output = Result<JsValue, JsValue>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        DESK.with_borrow_mut(|desk| {
            let Some(waiting) = desk.waiting.get_mut(self.slot as usize) else {
                return Poll::Pending; // cannot be: its place is there as long as the ticket
            };
            match waiting.answer.take() {
                Some(answer) => Poll::Ready(answer),
                None => {
                    waiting.waker = Some(context.waker().clone());
                    Poll::Pending
                }
            }
        })
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        let dropped = DESK.with_borrow_mut(|desk| desk.waiting.try_remove(self.slot as usize));
        drop(dropped); // not before: a waker may hold other tickets
    }
}

/// Answers a ticket: with what a function of `wx` succeeded or failed with, or with nothing for a timer that is over. Only
/// the first answer counts.
#[wasm_bindgen(skip_typescript)] // for the glue alone
pub fn settle(slot: u32, number: u32, succeeded: bool, value: JsValue) {
    answer(slot, number, if succeeded { Ok(value) } else { Err(value) });
    task::run();
}

fn answer(slot: u32, number: u32, answer: Result<JsValue, JsValue>) {
    let waker = DESK.with_borrow_mut(|desk| {
        let waiting = desk.waiting.get_mut(slot as usize)?;
        if waiting.number != number || waiting.answer.is_some() {
            return None;
        }
        waiting.answer = Some(answer);
        waiting.waker.take()
    });
    if let Some(waker) = waker {
        waker.wake();
    }
}
