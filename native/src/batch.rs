//! One delivery: events as records of numbers, and the values beside them.

use std::ptr;

use napi::sys;

use crate::js::{Js, Raw};
use crate::queue::{Answer, Event};
use crate::value::{Reading, Value};

/// Numbers a record takes: kind, id, tag, number, timestamp, severity, status.
pub(crate) const WIDTH: usize = 7;

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
    pub(super) const PROPERTY: u32 = 16;
}

pub(crate) struct Numbers {
    data: *mut f64,
    records: usize,
}
// SAFETY: only dereferenced on the thread of the environment that owns the array.
unsafe impl Send for Numbers {}
unsafe impl Sync for Numbers {}

impl Numbers {
    pub(crate) fn new(data: *mut f64, length: usize) -> Self {
        Self { data, records: length / WIDTH }
    }
}

pub(crate) struct Batch<'a> {
    js: Js,
    callback: Raw,
    numbers: &'a Numbers,
    count: usize,
    others: Raw,
    used: u32,
}

impl<'a> Batch<'a> {
    pub(crate) fn new(js: Js, callback: Raw, numbers: &'a Numbers) -> Self {
        Self { js, callback, numbers, count: 0, others: ptr::null_mut(), used: 0 }
    }

    /// What a subscription beyond its limit kept, after how much it dropped before.
    pub(crate) fn tail(&mut self, operation: u32, reading: Option<Reading>, dropped: u64) {
        if dropped > 0 {
            self.record(kind::DROPPED, operation, 0, dropped as f64, 0.0, 0, 0);
        }
        if let Some(reading) = reading {
            self.reading(0, operation, reading);
        }
    }

    #[allow(clippy::too_many_arguments)]
    fn record(&mut self, kind: u32, id: u32, tag: u32, number: f64, timestamp: f64, severity: i32, status: i32) {
        if self.count == self.numbers.records {
            self.flush();
        }
        let row =
            [f64::from(kind), f64::from(id), f64::from(tag), number, timestamp, f64::from(severity), f64::from(status)];
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
        if reading.property {
            tag |= tag::PROPERTY;
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

    pub(crate) fn event(&mut self, event: Event) {
        match event {
            Event::Answer { operation, answer } => self.answer(0, operation, answer),
            Event::Update { subscription, reading } => self.reading(0, subscription.operation, reading),
            Event::Bulk { operation, answers } => {
                self.record(kind::BULK, operation, 0, answers.len() as f64, 0.0, 0, 0);
                for (index, answer) in answers.into_iter().enumerate() {
                    self.answer(kind::ITEM, index as u32, answer);
                }
            }
            Event::Dropped { operation, count } => {
                self.record(kind::DROPPED, operation, 0, f64::from(count), 0.0, 0, 0);
            }
            Event::Connection { operation, state, read, write } => {
                let rights = f64::from(u8::from(read) + 2 * u8::from(write));
                self.record(kind::CONNECTION, operation, u32::from(state), rights, 0.0, 0, 0);
            }
            Event::Log { level, target, message, fields } => {
                self.record(kind::LOG, 0, 0, 0.0, 0.0, 0, 0);
                self.other(self.js.text(level));
                self.other(self.js.text(target));
                self.other(self.js.text(&message));
                let fields = fields.into_iter().map(|(name, text)| (name.to_string(), Value::Text(text)));
                self.other(self.js.value(&Value::Structure(fields.collect())));
            }
        }
    }

    pub(crate) fn flush(&mut self) {
        if self.count == 0 {
            return;
        }
        let others = if self.others.is_null() { self.js.undefined() } else { self.others };
        self.call(self.count as f64, others);
        self.count = 0;
        self.others = ptr::null_mut();
    }

    /// Asks JavaScript to wake the queue in the loop's next turn.
    pub(crate) fn come_again(&self) {
        self.call(-1.0, self.js.undefined());
    }

    fn call(&self, count: f64, others: Raw) {
        let arguments = [self.js.number(count), others];
        let mut result = ptr::null_mut();
        unsafe {
            let receiver = self.js.undefined();
            sys::napi_call_function(self.js.0, receiver, self.callback, 2, arguments.as_ptr(), &mut result);
        }
    }
}
