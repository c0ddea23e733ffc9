//! The stored beam, whose current swings around its mean.

use std::f64::consts::TAU;
use std::time::Instant;

use crate::port::Port;
use crate::template::Template;

/// Mean current in mA; other devices scale their rates with it.
pub const MEAN: f64 = 500.0;
const AMPLITUDE: f64 = 25.0;
const PERIOD_SECONDS: f64 = 4.0;

/// The beam current as a function of time.
pub struct Beam {
    since: Instant,
}

impl Beam {
    pub fn new() -> Self {
        Self { since: Instant::now() }
    }

    /// The current at an instant, in mA.
    pub fn current_at(&self, when: Instant) -> f64 {
        let seconds = when.saturating_duration_since(self.since).as_secs_f64();
        MEAN + AMPLITUDE * (TAU * seconds / PERIOD_SECONDS).sin()
    }
}

impl Port for Beam {
    fn read(&self, parameter: &str) -> Option<f64> {
        (parameter == "Current").then(|| self.current_at(Instant::now()))
    }

    fn write(&self, _parameter: &str, _value: f64) {}
}

/// The record of the beam current.
pub fn records() -> Vec<Template> {
    vec![Template::new(include_str!("../db/beam.db"))]
}
