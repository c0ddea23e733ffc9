//! What one subscription may hold in its environment's queue.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::Mutex;

use crate::value::Reading;

#[derive(Default)]
struct Tail {
    reading: Option<Reading>,
    dropped: u64,
}

pub(crate) struct Subscription {
    pub(crate) operation: u32,
    limit: usize,
    /// Coalescing was asked for: what it replaces is not counted as dropped.
    latest: bool,
    queued: AtomicUsize,
    tail: Mutex<Tail>,
}

impl Subscription {
    pub(crate) fn new(operation: u32, limit: usize, latest: bool) -> Self {
        let limit = if latest { 1 } else { limit.max(1) };
        Self { operation, limit, latest, queued: AtomicUsize::new(0), tail: Mutex::default() }
    }

    /// Whether one more update may be queued. It may not while a newer one waits as the tail: order would be lost.
    pub(crate) fn enter(&self) -> bool {
        if self.queued.load(Ordering::Relaxed) >= self.limit || self.tail.lock().expect("the tail").reading.is_some() {
            return false;
        }
        self.queued.fetch_add(1, Ordering::Relaxed);
        true
    }

    pub(crate) fn leave(&self) {
        self.queued.fetch_sub(1, Ordering::Relaxed);
    }

    /// True when the tail was empty before, so that the queue has to note it.
    pub(crate) fn replace_tail(&self, reading: Reading) -> bool {
        let mut tail = self.tail.lock().expect("the tail");
        let replaced = tail.reading.replace(reading).is_some();
        if replaced && !self.latest {
            tail.dropped += 1;
        }
        !replaced
    }

    pub(crate) fn take_tail(&self) -> (Option<Reading>, u64) {
        let mut tail = self.tail.lock().expect("the tail");
        (tail.reading.take(), std::mem::take(&mut tail.dropped))
    }
}
