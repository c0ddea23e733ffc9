//! The completion queue of one JavaScript environment: pushed from any thread, drained in batches on its own.
//!
//! One wake-up delivers everything that has come meanwhile. Numbers go through one Float64Array that both sides keep;
//! what is no number goes beside it in an array. `src/devices/epics/queue.ts` reads the same records.

use std::collections::{HashMap, VecDeque};
use std::ffi::c_void;
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::ptr;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, LazyLock, Mutex, RwLock};
use std::time::{Duration, Instant};

use napi::sys;

use crate::batch::{Batch, Numbers, WIDTH};
use crate::counters;
use crate::error::Failure;
use crate::js::{Js, Raw};
use crate::subscription::Subscription;
use crate::value::{Info, Metadata, Reading, Value};

pub(crate) enum Answer {
    Done,
    Reading(Reading),
    Info(Info),
    Metadata(Box<Metadata>),
    Value(Value),
    Failed(Failure),
}

impl Answer {
    /// On the thread that answers: what is large is then JavaScript's without a copy on its own.
    pub(crate) fn claim(&mut self) {
        match self {
            Self::Reading(reading) => reading.value.claim(),
            Self::Value(value) => value.claim(),
            _ => {}
        }
    }
}

pub(crate) enum Event {
    Answer {
        operation: u32,
        answer: Answer,
    },
    Update {
        subscription: Arc<Subscription>,
        reading: Reading,
    },
    Bulk {
        operation: u32,
        answers: Vec<Answer>,
    },
    /// At least so many updates of a subscription never came.
    Dropped {
        operation: u32,
        count: u32,
    },
    Connection {
        operation: u32,
        state: u8,
        read: bool,
        write: bool,
    },
    Log {
        level: &'static str,
        target: &'static str,
        message: String,
        fields: Vec<(&'static str, String)>,
    },
}

/// For how long one wake-up may go on. What is left waits for the loop's next turn.
const TURN: Duration = Duration::from_millis(4);
/// Events of the first call of a wake-up; each that was quick is followed by a larger one.
const FIRST: usize = 8;
const LARGEST: usize = 4096;

#[derive(Default)]
struct Pending {
    events: VecDeque<Event>,
    /// Subscriptions whose newest update waits outside the queue, because they had reached their limit.
    tails: Vec<Arc<Subscription>>,
    /// From the first event until nothing is left: JavaScript is on its way, or at work.
    woken: bool,
}

struct Function(sys::napi_threadsafe_function);
// SAFETY: a threadsafe function may be called from any thread until it is finalized; the lock around it sees to that.
unsafe impl Send for Function {}

pub(crate) struct Queue {
    pub(crate) id: u32,
    pending: Mutex<Pending>,
    function: Mutex<Option<Function>>,
    numbers: Numbers,
    pub(crate) wake_ups: AtomicU64,
    pub(crate) wants_logs: std::sync::atomic::AtomicBool,
}

static QUEUES: LazyLock<RwLock<HashMap<u32, Arc<Queue>>>> = LazyLock::new(RwLock::default);
static NEXT: AtomicU32 = AtomicU32::new(1);

pub(crate) fn find(id: u32) -> Option<Arc<Queue>> {
    QUEUES.read().expect("the queue table").get(&id).cloned()
}

pub(crate) fn all() -> Vec<Arc<Queue>> {
    QUEUES.read().expect("the queue table").values().cloned().collect()
}

impl Queue {
    /// # Safety
    /// To be called on the thread of `env`; `numbers` must be a Float64Array and `deliver` a function of it.
    pub(crate) unsafe fn open(env: sys::napi_env, numbers: Raw, deliver: Raw) -> Option<u32> {
        let (mut kind, mut length, mut offset) = (0, 0, 0);
        let mut data: *mut c_void = ptr::null_mut();
        let (mut buffer, mut keep) = (ptr::null_mut(), ptr::null_mut());
        let status =
            sys::napi_get_typedarray_info(env, numbers, &mut kind, &mut length, &mut data, &mut buffer, &mut offset);
        if status != sys::Status::napi_ok || kind != sys::TypedarrayType::float64_array || length < WIDTH {
            return None;
        }
        // Never released: the array lives as long as its environment.
        sys::napi_create_reference(env, numbers, 1, &mut keep);
        let id = NEXT.fetch_add(1, Ordering::Relaxed);
        let queue = Arc::new(Self {
            id,
            pending: Mutex::default(),
            function: Mutex::new(None),
            numbers: Numbers::new(data.cast(), length),
            wake_ups: AtomicU64::new(0),
            wants_logs: std::sync::atomic::AtomicBool::new(false),
        });
        let context = Arc::into_raw(queue.clone()).cast_mut().cast::<c_void>();
        let name = Js(env).text("cerulean");
        let mut function = ptr::null_mut();
        let status = sys::napi_create_threadsafe_function(
            env,
            deliver,
            ptr::null_mut(),
            name,
            0,
            1,
            context,
            Some(closed),
            context,
            Some(woken),
            &mut function,
        );
        if status != sys::Status::napi_ok {
            drop(Arc::from_raw(context.cast::<Self>()));
            return None;
        }
        sys::napi_unref_threadsafe_function(env, function);
        *queue.function.lock().expect("the queue's function") = Some(Function(function));
        QUEUES.write().expect("the queue table").insert(id, queue);
        Some(id)
    }

    pub(crate) fn push(&self, event: Event) {
        self.change(|pending| pending.events.push_back(event));
    }

    pub(crate) fn answer(&self, operation: u32, mut answer: Answer) {
        answer.claim();
        self.push(Event::Answer { operation, answer });
    }

    /// One update of a subscription, in order; beyond its limit only the newest waits, and the rest is counted.
    pub(crate) fn update(&self, subscription: &Arc<Subscription>, mut reading: Reading) {
        reading.value.claim();
        self.change(|pending| {
            if subscription.enter() {
                let subscription = subscription.clone();
                pending.events.push_back(Event::Update { subscription, reading });
                counters::updated();
            } else if subscription.replace_tail(reading) {
                pending.tails.push(subscription.clone());
            }
        });
    }

    fn change(&self, change: impl FnOnce(&mut Pending)) {
        {
            let mut pending = self.pending.lock().expect("the pending events");
            change(&mut pending);
            if std::mem::replace(&mut pending.woken, true) {
                return;
            }
        }
        self.wake();
    }

    /// Has JavaScript come for what is pending.
    pub(crate) fn wake(&self) {
        if let Some(Function(function)) = *self.function.lock().expect("the queue's function") {
            unsafe {
                sys::napi_call_threadsafe_function(
                    function,
                    ptr::null_mut(),
                    sys::ThreadsafeFunctionCallMode::nonblocking,
                )
            };
        }
    }

    /// The next events, and the tails when no event is before them any more. None when nothing is left: the next event wakes again.
    fn take(&self, most: usize) -> Option<(Vec<Event>, Vec<Arc<Subscription>>)> {
        let mut pending = self.pending.lock().expect("the pending events");
        if pending.events.is_empty() && pending.tails.is_empty() {
            pending.woken = false;
            pending.events.shrink_to(LARGEST);
            return None;
        }
        let count = most.min(pending.events.len());
        let events: Vec<Event> = pending.events.drain(..count).collect();
        for event in &events {
            if let Event::Update { subscription, .. } = event {
                subscription.leave();
            }
        }
        let tails = if pending.events.is_empty() { std::mem::take(&mut pending.tails) } else { Vec::new() };
        Some((events, tails))
    }

    /// Delivers what is pending, but holds the loop no longer than for its turn: beside a subscriber that is slower than its
    /// source, timers and sockets would never have theirs.
    fn deliver(&self, env: sys::napi_env, callback: Raw) {
        self.wake_ups.fetch_add(1, Ordering::Relaxed);
        let started = Instant::now();
        let mut batch = Batch::new(Js(env), callback, &self.numbers);
        let mut most = FIRST;
        while let Some((events, tails)) = self.take(most) {
            for event in events {
                batch.event(event);
            }
            for subscription in tails {
                let (reading, dropped) = subscription.take_tail();
                counters::overran(dropped);
                batch.tail(subscription.operation, reading, dropped);
            }
            batch.flush();
            if started.elapsed() > TURN {
                batch.come_again();
                return;
            }
            most = LARGEST.min(4 * most);
        }
    }
}

unsafe extern "C" fn woken(env: sys::napi_env, callback: Raw, context: *mut c_void, _data: *mut c_void) {
    if env.is_null() || callback.is_null() {
        return;
    }
    let queue = &*context.cast::<Queue>();
    // A panic is counted by the hook; unwinding into Node would end the process.
    let _ = catch_unwind(AssertUnwindSafe(|| queue.deliver(env, callback)));
}

unsafe extern "C" fn closed(_env: sys::napi_env, context: *mut c_void, _hint: *mut c_void) {
    let queue = Arc::from_raw(context.cast::<Queue>());
    let _ = catch_unwind(AssertUnwindSafe(|| {
        queue.function.lock().expect("the queue's function").take();
        QUEUES.write().expect("the queue table").remove(&queue.id);
        crate::operation::abandon(queue.id);
        crate::channel::abandon(queue.id);
    }));
}
