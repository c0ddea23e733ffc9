//! An IOC that stops answering, on command: its circuits stay open, and nothing comes through them.

use std::sync::{Arc, Barrier};
use std::thread::sleep;
use std::time::Duration;

use tokio::runtime::Handle;

use crate::parameters::{parameter, Access, Kind, Parameter};
use crate::port::Port;

/// The threads that serve both protocols and run every simulated device.
pub const THREADS: usize = 2;
const LONGEST_SECONDS: f64 = 60.0;

pub const PARAMETERS: &[Parameter] = &[parameter("Silence", Access::Command, Kind::Float(0.0, "s"))];

/// Blocks every thread that could answer.
pub struct Silence(Handle);

impl Silence {
    pub fn new() -> Self {
        Self(Handle::current())
    }
}

impl Port for Silence {
    fn read(&self, parameter: &str) -> Option<f64> {
        (parameter == "Silence").then_some(0.0)
    }

    fn write(&self, _parameter: &str, value: f64) {
        let Ok(time) = Duration::try_from_secs_f64(value.min(LONGEST_SECONDS)) else { return };
        // Each waits for the others, so that no thread takes two of the tasks.
        let all = Arc::new(Barrier::new(THREADS));
        for _ in 0..THREADS {
            let all = all.clone();
            self.0.spawn(async move {
                all.wait();
                sleep(time);
            });
        }
    }
}
