//! The scaler's acquisitions: counting point by point while a motor moves.

use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use epics_base_rs::types::EpicsValue;
use tokio::sync::mpsc::UnboundedReceiver;

use crate::activity::{stop_before, Command};
use crate::axis::Axis;
use crate::beam::Beam;
use crate::motors::Motor;
use crate::records::Records;
use crate::scaler::{channel, Scaler, Settings};
use crate::spectrum::{self, Noise, CHANNELS};

/// How often the waveforms are renewed while an acquisition runs.
const RENEWAL: Duration = Duration::from_millis(200);

/// The hardware behind the scaler's records.
pub struct Counter {
    pub records: Records,
    pub scaler: Scaler,
    pub beam: Arc<Beam>,
    pub motors: Vec<Motor>,
}

/// One acquisition, and what it has counted so far.
struct Run {
    settings: Settings,
    scale: Scale,
    start: Instant,
    noise: Noise,
    columns: Columns,
}

/// A column for each waveform.
struct Columns {
    time: Vec<f64>,
    position: Vec<f64>,
    monitor: Vec<f64>,
    channels: Vec<Vec<f64>>,
}

/// How a motor record makes a user position of an encoder's steps.
struct Scale {
    resolution: f64,
    offset: f64,
}

impl Counter {
    /// Serves commands until the process ends.
    pub async fn run(self, mut commands: UnboundedReceiver<Command>) {
        while let Some(command) = commands.recv().await {
            if let Command::Start { ticket } = command {
                self.acquire(ticket, &mut commands).await;
            }
        }
    }

    /// Counts until all points are there or a stop comes; the record Acquire goes back to Done last, so that a
    /// put-completion finds everything else in place.
    async fn acquire(&self, ticket: u64, commands: &mut UnboundedReceiver<Command>) {
        let mut run = self.begin();
        self.records.put("fly:Position.EGU", self.units(&run.settings)).await;
        self.publish(&run.columns).await;
        for record in ["fly:Acquisitions", "fly:StartTime", "fly:Acquiring"] {
            self.records.process(record).await;
        }
        let end = run.end();
        let mut renewal = run.start;
        let mut stopped = false;
        while !stopped && !run.complete() {
            renewal = (renewal + RENEWAL).max(Instant::now()).min(end);
            stopped = stop_before(renewal, commands).await;
            run.count(&self.motors[run.settings.motor].axis, &self.beam);
            self.publish(&run.columns).await;
        }
        self.scaler.report(|progress| progress.acquiring = false);
        self.records.process("fly:Acquiring").await;
        if self.scaler.owes(ticket) {
            self.records.put("fly:Acquire", EpicsValue::Enum(0)).await;
        }
    }

    fn begin(&self) -> Run {
        let settings = self.scaler.settings();
        let scale = self.scale(&settings);
        self.scaler.report(|progress| {
            progress.acquiring = true;
            progress.points = 0;
            progress.started = unix_seconds();
            progress.acquisitions += 1;
        });
        Run {
            noise: Noise::new(settings.seed, self.scaler.progress().acquisitions),
            columns: Columns::new(settings.points),
            start: Instant::now(),
            settings,
            scale,
        }
    }

    /// Puts the columns into their waveforms, then their length into CurrentPoint.
    async fn publish(&self, columns: &Columns) {
        self.records.put("fly:Time", array(&columns.time)).await;
        self.records.put("fly:Position", array(&columns.position)).await;
        self.records.put("fly:I0", array(&columns.monitor)).await;
        for (index, column) in columns.channels.iter().enumerate() {
            self.records.put(&channel(index), array(column)).await;
        }
        self.scaler.report(|progress| progress.points = columns.len());
        self.records.process("fly:CurrentPoint").await;
    }

    fn scale(&self, settings: &Settings) -> Scale {
        let motor = self.motors[settings.motor].name;
        let number = |field| self.records.number(motor, field);
        let direction = if number("DIR") == 0.0 { 1.0 } else { -1.0 };
        Scale { resolution: number("MRES") * direction, offset: number("OFF") }
    }

    fn units(&self, settings: &Settings) -> EpicsValue {
        let motor = self.motors[settings.motor].name;
        self.records.field(motor, "EGU").unwrap_or_else(|| EpicsValue::String("".into()))
    }
}

impl Run {
    fn end(&self) -> Instant {
        let seconds = self.settings.dwell * self.settings.points as f64;
        self.start + Duration::from_secs_f64(seconds)
    }

    fn complete(&self) -> bool {
        self.columns.len() == self.settings.points
    }

    /// Counts every point that has ended by now.
    fn count(&mut self, axis: &Axis, beam: &Beam) {
        let dwell = self.settings.dwell;
        let elapsed = self.start.elapsed().as_secs_f64();
        while !self.complete() && dwell * (self.columns.len() + 1) as f64 <= elapsed {
            let middle = dwell * (self.columns.len() as f64 + 0.5);
            let when = self.start + Duration::from_secs_f64(middle);
            let position = self.scale.user(axis.steps_at(when));
            let current = beam.current_at(when);
            let monitor = spectrum::monitor_rate(current) * dwell;
            self.columns.time.push(middle);
            self.columns.position.push(position);
            self.columns.monitor.push(self.noise.counts(monitor));
            for (index, column) in self.columns.channels.iter_mut().enumerate() {
                let rate = spectrum::rate(spectrum::peak(index), position, current);
                let counts = spectrum::observed(rate, self.settings.dead_time) * dwell;
                column.push(self.noise.counts(counts));
            }
        }
    }
}

impl Scale {
    fn user(&self, steps: f64) -> f64 {
        steps * self.resolution + self.offset
    }
}

impl Columns {
    fn new(points: usize) -> Self {
        let column = || Vec::with_capacity(points);
        Self {
            time: column(),
            position: column(),
            monitor: column(),
            channels: (0..CHANNELS).map(|_| column()).collect(),
        }
    }

    fn len(&self) -> usize {
        self.time.len()
    }
}

fn array(column: &[f64]) -> EpicsValue {
    EpicsValue::DoubleArray(column.to_vec().into())
}

fn unix_seconds() -> f64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0.0, |since| since.as_secs_f64())
}
