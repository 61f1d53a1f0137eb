//! How many requests are under way at a time.

use std::cell::{Cell, RefCell};
use std::future::poll_fn;
use std::task::{Context, Poll, Waker};

/// WeChat sends so many requests at a time and queues the others, while their time runs. One place is left for logins and logouts.
pub(crate) const MOST: u32 = 9;

/// Places for requests: the first who come have one, and the others wait for their turn.
pub(crate) struct Places {
    most: usize,
    numbers: Cell<u32>,
    /// Who has a place or waits for one, in the order in which they have come.
    queue: RefCell<Vec<Entry>>,
}

struct Entry {
    number: u32,
    /// Whether it is wanted for somebody who may leave.
    of_user: bool,
    /// Of who waits.
    waker: Option<Waker>,
}

impl Places {
    pub(crate) fn new(most: u32) -> Self {
        Places {
            most: most as usize,
            numbers: Cell::new(0),
            queue: RefCell::default(),
        }
    }

    /// Lets those who wait for the user go on without a place: the user has left.
    pub(crate) fn give_up(&self) {
        let mut queue = self.queue.borrow_mut();
        let having = self.most.min(queue.len());
        let given_up = queue.extract_if(having.., |entry| entry.of_user);
        let wakers: Vec<_> = given_up.filter_map(|entry| entry.waker).collect();
        drop(queue);
        wakers.into_iter().for_each(Waker::wake);
    }

    /// A place at the end of the queue.
    pub(crate) fn enter(&self, of_user: bool) -> Place<'_> {
        let number = self.numbers.get().wrapping_add(1);
        self.numbers.set(number);
        self.queue.borrow_mut().push(Entry {
            number,
            of_user,
            waker: None,
        });
        Place {
            places: self,
            number,
        }
    }
}

#[must_use = "dropping it makes room for the next"]
pub(crate) struct Place<'a> {
    places: &'a Places,
    number: u32,
}

impl Place<'_> {
    /// Waits until it is one of the first, or is given up.
    pub(crate) fn turn(&self) -> impl Future<Output = ()> {
        poll_fn(|context| self.poll(context))
    }

    fn poll(&self, context: &Context<'_>) -> Poll<()> {
        let mut queue = self.places.queue.borrow_mut();
        let mut waiting = queue.iter_mut().skip(self.places.most);
        match waiting.find(|entry| entry.number == self.number) {
            Some(entry) => {
                entry.waker = Some(context.waker().clone());
                Poll::Pending
            }
            None => Poll::Ready(()),
        }
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        let mut queue = self.places.queue.borrow_mut();
        queue.retain(|entry| entry.number != self.number);
        let last_to_have_one = queue.get_mut(self.places.most - 1);
        let waker = last_to_have_one.and_then(|entry| entry.waker.take());
        drop(queue);
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}
