//! The multi-channel scaler: its settings, and the records through which it is driven.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::mpsc::UnboundedSender;

use crate::activity::{self, Command, Request};
use crate::motors::Motor;
use crate::port::Port;
use crate::spectrum::{self, CHANNELS};
use crate::template::Template;

/// The longest acquisition; the records' waveforms hold as many points.
pub const MOST_POINTS: usize = 10_000;

/// What an acquisition counts, and how.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settings {
    /// Index of the motor in the motors' menu.
    pub motor: usize,
    pub points: usize,
    /// Seconds a point.
    pub dwell: f64,
    /// Seconds that a counter is blind after each count.
    pub dead_time: f64,
    pub seed: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Self { motor: 0, points: 2_000, dwell: 0.001, dead_time: 1e-6, seed: 1 }
    }
}

/// How far the present acquisition is, or how far the last one came.
#[derive(Clone, Copy, Debug, Default)]
pub struct Progress {
    pub acquiring: bool,
    pub points: usize,
    /// Unix time at which the first point began, in seconds.
    pub started: f64,
    /// Acquisitions begun since the IOC started.
    pub acquisitions: u32,
}

#[derive(Default)]
struct State {
    settings: Settings,
    progress: Progress,
    acquire: Request,
}

impl State {
    fn stop(&self) -> Option<Command> {
        self.progress.acquiring.then_some(Command::Stop)
    }
}

/// The scaler as its records see it; an acquisition works on a copy of the settings.
#[derive(Clone)]
pub struct Scaler {
    state: Arc<Mutex<State>>,
    commands: UnboundedSender<Command>,
}

impl Scaler {
    pub fn new(commands: UnboundedSender<Command>) -> Self {
        Self { state: Arc::default(), commands }
    }

    pub fn settings(&self) -> Settings {
        self.state().settings
    }

    pub fn progress(&self) -> Progress {
        self.state().progress
    }

    /// Changes what the progress records read when they are next processed.
    pub fn report(&self, change: impl FnOnce(&mut Progress)) {
        change(&mut self.state().progress);
    }

    /// Whether the record Acquire still stands for this start, and not for a later one.
    pub fn owes(&self, ticket: u64) -> bool {
        self.state().acquire.owes(ticket)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Port for Scaler {
    fn read(&self, parameter: &str) -> Option<f64> {
        let State { settings, progress, .. } = &*self.state();
        Some(match parameter {
            "Acquire" | "Acquiring" => f64::from(u8::from(progress.acquiring)),
            "Stop" => 0.0,
            "Motor" => settings.motor as f64,
            "NumPoints" => settings.points as f64,
            "Dwell" => settings.dwell,
            "DeadTime" => settings.dead_time,
            "Seed" => f64::from(settings.seed),
            "CurrentPoint" => progress.points as f64,
            "StartTime" => progress.started,
            "Acquisitions" => f64::from(progress.acquisitions),
            _ => return None,
        })
    }

    fn write(&self, parameter: &str, value: f64) {
        let mut state = self.state();
        let command = match parameter {
            "Acquire" if value != 0.0 => state.acquire.start(),
            "Acquire" => {
                state.acquire.end();
                state.stop()
            }
            "Stop" if value != 0.0 => state.stop(),
            _ => None,
        };
        activity::tell(&self.commands, command);
        let settings = &mut state.settings;
        match parameter {
            "Motor" => settings.motor = value as usize,
            "NumPoints" => settings.points = (value as usize).clamp(1, MOST_POINTS),
            "Dwell" => settings.dwell = value,
            "DeadTime" => settings.dead_time = value,
            "Seed" => settings.seed = value as u32,
            _ => {}
        }
    }
}

/// The name of a channel's waveform, without prefix; channels count from 1.
pub fn channel(index: usize) -> String {
    format!("fly:Ch{:02}", index + 1)
}

/// The scaler's records, with a menu of the motors that it can follow.
pub fn records(prefix: &str, motors: &[Motor]) -> Vec<Template> {
    const MENU: [&str; 8] = ["ZRST", "ONST", "TWST", "THST", "FRST", "FVST", "SXST", "SVST"];
    let mut settings = Template::new(include_str!("../db/scaler.db")).with("NELM", MOST_POINTS);
    for (field, motor) in MENU.iter().zip(motors) {
        settings = settings.with(field, format!("{prefix}{}", motor.name));
    }
    let mut records = vec![settings];
    for index in 0..CHANNELS {
        let peak = spectrum::peak(index);
        let text = include_str!("../db/channel.db");
        let about = format!("peak at {:.3} width {:.3}", peak.center, peak.width);
        records.push(Template::new(text).with("NAME", channel(index)).with("DESC", about).with("NELM", MOST_POINTS));
    }
    records
}
