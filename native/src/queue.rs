//! The completion queue of one JavaScript environment: pushed from any thread, drained in batches on its own.
//!
//! One wake-up delivers everything that has come meanwhile. Numbers go through one Float64Array that both sides keep;
//! what is no number goes beside it in an array. `src/devices/epics/queue.ts` reads the same records.

use std::collections::{HashMap, VecDeque};
use std::ffi::c_void;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, LazyLock, Mutex, RwLock};

use napi::sys;

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

pub(crate) enum Event {
    Answer { operation: u32, answer: Answer },
    Update { subscription: Arc<Subscription>, reading: Reading },
    Bulk { operation: u32, answers: Vec<Answer> },
    Connection { operation: u32, state: u8, read: bool, write: bool },
    Log { level: &'static str, target: &'static str, message: String },
}

/// Numbers a record takes: kind, id, tag, number, timestamp, severity, status.
const WIDTH: usize = 7;

mod kind {
    pub(super) const DONE: u32 = 1;
    pub(super) const READING: u32 = 2;
    pub(super) const OBJECT: u32 = 3;
    pub(super) const FAILED: u32 = 4;
    pub(super) const BULK: u32 = 5;
    pub(super) const CONNECTION: u32 = 6;
    pub(super) const DROPPED: u32 = 7;
    pub(super) const LOG: u32 = 8;
    /// Added to the kind of an item of the bulk operation before it; the id is then its index.
    pub(super) const ITEM: u32 = 16;
}

mod tag {
    pub(super) const NUMBER: u32 = 0;
    pub(super) const BOOL: u32 = 1;
    pub(super) const OTHER: u32 = 2;
    pub(super) const MESSAGE: u32 = 4;
    pub(super) const METADATA: u32 = 8;
}

#[derive(Default)]
struct Pending {
    events: VecDeque<Event>,
    /// Subscriptions whose newest update waits outside the queue, because they had reached their limit.
    tails: Vec<Arc<Subscription>>,
    woken: bool,
}

struct Function(sys::napi_threadsafe_function);
// SAFETY: a threadsafe function may be called from any thread until it is finalized; the lock around it sees to that.
unsafe impl Send for Function {}

struct Numbers {
    data: *mut f64,
    records: usize,
}
// SAFETY: only dereferenced on the thread of the environment that owns the array.
unsafe impl Send for Numbers {}
unsafe impl Sync for Numbers {}

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
            numbers: Numbers { data: data.cast(), records: length / WIDTH },
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

    pub(crate) fn answer(&self, operation: u32, answer: Answer) {
        self.push(Event::Answer { operation, answer });
    }

    /// One update of a subscription, in order; beyond its limit only the newest waits, and the rest is counted.
    pub(crate) fn update(&self, subscription: &Arc<Subscription>, reading: Reading) {
        self.change(|pending| {
            if subscription.enter() {
                let subscription = subscription.clone();
                pending.events.push_back(Event::Update { subscription, reading });
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

    fn take(&self) -> (VecDeque<Event>, Vec<Arc<Subscription>>) {
        let mut pending = self.pending.lock().expect("the pending events");
        pending.woken = false;
        let events = std::mem::take(&mut pending.events);
        for event in &events {
            if let Event::Update { subscription, .. } = event {
                subscription.leave();
            }
        }
        (events, std::mem::take(&mut pending.tails))
    }

    fn deliver(&self, env: sys::napi_env, callback: Raw) {
        self.wake_ups.fetch_add(1, Ordering::Relaxed);
        let (events, tails) = self.take();
        let mut batch = Batch { js: Js(env), callback, numbers: &self.numbers, count: 0, others: ptr::null_mut(), used: 0 };
        for event in events {
            batch.event(event);
        }
        for subscription in tails {
            let (reading, dropped) = subscription.take_tail();
            if dropped > 0 {
                batch.record(kind::DROPPED, subscription.operation, 0, dropped as f64, 0.0, 0, 0);
            }
            if let Some(reading) = reading {
                batch.reading(0, subscription.operation, reading);
            }
        }
        batch.flush();
    }
}

struct Batch<'a> {
    js: Js,
    callback: Raw,
    numbers: &'a Numbers,
    count: usize,
    others: Raw,
    used: u32,
}

impl Batch<'_> {
    #[allow(clippy::too_many_arguments)]
    fn record(&mut self, kind: u32, id: u32, tag: u32, number: f64, timestamp: f64, severity: i32, status: i32) {
        if self.count == self.numbers.records {
            self.flush();
        }
        let row = [
            f64::from(kind),
            f64::from(id),
            f64::from(tag),
            number,
            timestamp,
            f64::from(severity),
            f64::from(status),
        ];
        // SAFETY: count < records, and this is the environment's thread.
        unsafe { ptr::copy_nonoverlapping(row.as_ptr(), self.numbers.data.add(self.count * WIDTH), WIDTH) };
        self.count += 1;
    }

    fn other(&mut self, value: Raw) {
        if self.others.is_null() {
            self.others = self.js.array(0);
            self.used = 0;
        }
        self.js.set_element(self.others, self.used, value);
        self.used += 1;
    }

    fn reading(&mut self, item: u32, id: u32, reading: Reading) {
        let (mut tag, number) = match &reading.value {
            Value::Number(number) => (tag::NUMBER, *number),
            Value::Bool(truth) => (tag::BOOL, f64::from(u8::from(*truth))),
            _ => (tag::OTHER, 0.0),
        };
        let other = tag == tag::OTHER;
        if reading.message.is_some() {
            tag |= tag::MESSAGE;
        }
        if reading.metadata.is_some() {
            tag |= tag::METADATA;
        }
        // The record first: it may flush what is full, and its objects must come with it.
        self.record(kind::READING + item, id, tag, number, reading.timestamp, reading.severity, reading.status);
        if other {
            self.other(self.js.value(&reading.value));
        }
        if let Some(message) = &reading.message {
            self.other(self.js.text(message));
        }
        if let Some(metadata) = &reading.metadata {
            self.other(self.js.metadata(metadata));
        }
    }

    fn object(&mut self, item: u32, id: u32, object: Raw) {
        self.record(kind::OBJECT + item, id, 0, 0.0, 0.0, 0, 0);
        self.other(object);
    }

    fn answer(&mut self, item: u32, id: u32, answer: Answer) {
        match answer {
            Answer::Done => self.record(kind::DONE + item, id, 0, 0.0, 0.0, 0, 0),
            Answer::Reading(reading) => self.reading(item, id, reading),
            Answer::Info(info) => self.object(item, id, self.js.info(&info)),
            Answer::Metadata(metadata) => self.object(item, id, self.js.metadata(&metadata)),
            Answer::Value(value) => self.object(item, id, self.js.value(&value)),
            Answer::Failed(failure) => {
                self.record(kind::FAILED + item, id, failure.code as u32, 0.0, 0.0, 0, 0);
                self.other(self.js.text(&failure.message));
            }
        }
    }

    fn event(&mut self, event: Event) {
        match event {
            Event::Answer { operation, answer } => self.answer(0, operation, answer),
            Event::Update { subscription, reading } => self.reading(0, subscription.operation, reading),
            Event::Bulk { operation, answers } => {
                self.record(kind::BULK, operation, 0, answers.len() as f64, 0.0, 0, 0);
                for (index, answer) in answers.into_iter().enumerate() {
                    self.answer(kind::ITEM, index as u32, answer);
                }
            }
            Event::Connection { operation, state, read, write } => {
                let rights = f64::from(u8::from(read) + 2 * u8::from(write));
                self.record(kind::CONNECTION, operation, u32::from(state), rights, 0.0, 0, 0);
            }
            Event::Log { level, target, message } => {
                self.record(kind::LOG, 0, 0, 0.0, 0.0, 0, 0);
                self.other(self.js.text(level));
                self.other(self.js.text(target));
                self.other(self.js.text(&message));
            }
        }
    }

    fn flush(&mut self) {
        if self.count == 0 {
            return;
        }
        let others = if self.others.is_null() { self.js.undefined() } else { self.others };
        let arguments = [self.js.number(self.count as f64), others];
        let mut result = ptr::null_mut();
        unsafe {
            let receiver = self.js.undefined();
            sys::napi_call_function(self.js.0, receiver, self.callback, 2, arguments.as_ptr(), &mut result);
        }
        self.count = 0;
        self.others = ptr::null_mut();
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
