//! One tokio runtime for both protocols, made at the first use and never taken down: a process that exits takes it along.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::OnceLock;

use tokio::runtime::{Builder, Runtime};

static RUNTIME: OnceLock<Runtime> = OnceLock::new();
static PANICS: AtomicU32 = AtomicU32::new(0);

/// One worker: what one task sends in one poll then leaves in one write, and a read costs one wake-up each way.
const WORKERS: usize = 1;
const MONITOR_QUEUE: &str = "EPICS_CA_MONITOR_QUEUE";
const MAX_ARRAY_BYTES: &str = "EPICS_CA_MAX_ARRAY_BYTES";

pub(crate) fn runtime() -> &'static Runtime {
    RUNTIME.get_or_init(|| {
        count_panics();
        // The client coalesces silently when this queue is full (256 by default); ours is bounded, and counts.
        std::env::set_var(MONITOR_QUEUE, "1000000");
        if std::env::var_os(MAX_ARRAY_BYTES).is_none() && !is_array_size_bounded() {
            // After ten reads that leave something behind, a client whose arrays are small asks the server to hold updates
            // back, and the server then merges them and says nothing of it. The more, the larger an array may be.
            std::env::set_var(MAX_ARRAY_BYTES, "1000000000");
        }
        Builder::new_multi_thread()
            .worker_threads(WORKERS)
            .thread_name("cerulean-epics")
            .enable_all()
            .build()
            .expect("a thread for the EPICS runtime")
    })
}

/// Only then the largest array is a bound; otherwise the variable has no other meaning.
fn is_array_size_bounded() -> bool {
    std::env::var("EPICS_CA_AUTO_ARRAY_BYTES").is_ok_and(|auto| !auto.eq_ignore_ascii_case("yes"))
}

fn count_panics() {
    std::panic::set_hook(Box::new(|info| {
        if PANICS.fetch_add(1, Ordering::Relaxed) == 0 {
            eprintln!("cerulean: caught a panic in the EPICS addon and made it an error, please report it: {info}");
        }
    }));
}

pub(crate) fn caught_panics() -> u32 {
    PANICS.load(Ordering::Relaxed)
}
