//! What the addon has done since the process started, and what it holds now.

use std::sync::atomic::{AtomicU64, Ordering};

use napi_derive::napi;

use crate::channel::{self, State};
use crate::queue::Queue;
use crate::{operation, runtime};

static REQUESTS: AtomicU64 = AtomicU64::new(0);
static UPDATES: AtomicU64 = AtomicU64::new(0);
static OVERRUNS: AtomicU64 = AtomicU64::new(0);
static CONNECTIONS: AtomicU64 = AtomicU64::new(0);
static DISCONNECTIONS: AtomicU64 = AtomicU64::new(0);
static RETRIES: AtomicU64 = AtomicU64::new(0);

pub(crate) fn requested(count: usize) {
    REQUESTS.fetch_add(count as u64, Ordering::Relaxed);
}

pub(crate) fn updated() {
    UPDATES.fetch_add(1, Ordering::Relaxed);
}

pub(crate) fn overran(count: u64) {
    OVERRUNS.fetch_add(count, Ordering::Relaxed);
}

pub(crate) fn retried() {
    RETRIES.fetch_add(1, Ordering::Relaxed);
}

pub(crate) fn entered(state: State) {
    match state {
        State::Connected => CONNECTIONS.fetch_add(1, Ordering::Relaxed),
        State::Disconnected => DISCONNECTIONS.fetch_add(1, Ordering::Relaxed),
        State::Unresponsive | State::Access => 0,
    };
}

#[napi(object)]
pub struct Counters {
    pub circuits: u32,
    pub channels: u32,
    pub connected_channels: u32,
    pub pending_operations: u32,
    pub requests: f64,
    pub updates: f64,
    pub overruns: f64,
    pub connections: f64,
    pub disconnections: f64,
    pub retries: f64,
    pub panics: u32,
    pub wake_ups: f64,
}

pub(crate) fn read(queue: &Queue) -> Counters {
    let (channels, connected, circuits) = channel::count();
    let total = |counter: &AtomicU64| counter.load(Ordering::Relaxed) as f64;
    Counters {
        circuits: circuits as u32,
        channels: channels as u32,
        connected_channels: connected as u32,
        pending_operations: operation::pending() as u32,
        requests: total(&REQUESTS),
        updates: total(&UPDATES),
        overruns: total(&OVERRUNS),
        connections: total(&CONNECTIONS),
        disconnections: total(&DISCONNECTIONS),
        retries: total(&RETRIES),
        panics: runtime::caught_panics(),
        wake_ups: total(&queue.wake_ups),
    }
}
