//! Operations under way: each has an id of its environment, one answer, and can be cancelled at any time.

use std::collections::HashMap;
use std::future::Future;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, LazyLock, Mutex};

use tokio::task::AbortHandle;

use crate::error::{Code, Failure};
use crate::queue::{Answer, Queue};
use crate::runtime::runtime;

/// How far an operation had come: what a time-out means depends on it.
pub(crate) mod phase {
    pub(crate) const ENDED: u8 = 0;
    pub(crate) const WAITING: u8 = 1;
    pub(crate) const SENT: u8 = 2;
}

struct Entry {
    phase: Arc<AtomicU8>,
    abort: Option<AbortHandle>,
}

static OPERATIONS: LazyLock<Mutex<HashMap<(u32, u32), Entry>>> = LazyLock::new(Mutex::default);

fn operations() -> std::sync::MutexGuard<'static, HashMap<(u32, u32), Entry>> {
    OPERATIONS.lock().expect("the operation table")
}

/// The obligation to answer. Dropped without an answer, by a panic for instance, it answers with a failure.
pub(crate) struct Ticket {
    pub(crate) queue: Arc<Queue>,
    pub(crate) operation: u32,
    phase: Arc<AtomicU8>,
    answered: bool,
}

impl Ticket {
    pub(crate) fn sent(&self) {
        self.phase.store(phase::SENT, Ordering::Relaxed);
    }

    pub(crate) fn answer(mut self, answer: Answer) {
        self.close();
        self.queue.answer(self.operation, answer);
    }

    pub(crate) fn bulk(mut self, mut answers: Vec<Answer>) {
        answers.iter_mut().for_each(Answer::claim);
        self.close();
        self.queue.push(crate::queue::Event::Bulk { operation: self.operation, answers });
    }

    fn close(&mut self) -> bool {
        self.answered = true;
        operations().remove(&(self.queue.id, self.operation)).is_some()
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        // A cancelled operation is no longer in the table, and nobody waits for its answer.
        if !self.answered && self.close() {
            self.queue.answer(
                self.operation,
                Answer::Failed(Failure::new(Code::Closed, "ended an operation without an answer")),
            );
        }
    }
}

pub(crate) fn start<F>(queue: Arc<Queue>, operation: u32, run: impl FnOnce(Ticket) -> F)
where
    F: Future<Output = ()> + Send + 'static,
{
    let key = (queue.id, operation);
    let phase = Arc::new(AtomicU8::new(phase::WAITING));
    operations().insert(key, Entry { phase: phase.clone(), abort: None });
    let ticket = Ticket { queue, operation, phase, answered: false };
    let abort = runtime().spawn(run(ticket)).abort_handle();
    if let Some(entry) = operations().get_mut(&key) {
        entry.abort = Some(abort);
    }
}

/// Ends the operation without an answer; says how far it had come.
pub(crate) fn cancel(queue: u32, operation: u32) -> u8 {
    let Some(entry) = operations().remove(&(queue, operation)) else { return phase::ENDED };
    if let Some(abort) = entry.abort {
        abort.abort();
    }
    entry.phase.load(Ordering::Relaxed)
}

pub(crate) fn pending() -> usize {
    operations().len()
}

pub(crate) fn abandon(queue: u32) {
    let ended: Vec<Entry> = {
        let mut table = operations();
        let keys: Vec<_> = table.keys().filter(|key| key.0 == queue).copied().collect();
        keys.iter().filter_map(|key| table.remove(key)).collect()
    };
    for entry in ended {
        if let Some(abort) = entry.abort {
            abort.abort();
        }
    }
}
