//! The camera's acquisitions: one image after the other, each given to the plugins before the next.

use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use epics_base_rs::types::EpicsValue;
use rand::rngs::SmallRng;
use rand::SeedableRng;
use tokio::sync::mpsc::UnboundedReceiver;

use crate::activity::{stop_before, Command};
use crate::beam::Beam;
use crate::camera::{Camera, Images, NAME};
use crate::dot::Frame;
use crate::motors::Motor;
use crate::plugins::Plugins;
use crate::records::Records;

const IDLE: i32 = 0;
const ACQUIRE: i32 = 1;
const ABORTED: i32 = 10;
/// How often a camera that hangs looks for the end of its fault.
const HANGING: Duration = Duration::from_millis(50);

/// The hardware behind the camera's records.
pub struct Shutter {
    pub records: Records,
    pub camera: Camera,
    pub plugins: Plugins,
    pub beam: Arc<Beam>,
    pub motor_x: Motor,
    pub motor_y: Motor,
}

impl Shutter {
    /// Serves commands until the process ends.
    pub async fn run(mut self, mut commands: UnboundedReceiver<Command>) {
        let mut noise = SmallRng::seed_from_u64(1);
        while let Some(command) = commands.recv().await {
            if let Command::Start { ticket } = command {
                self.acquire(ticket, &mut commands, &mut noise).await;
            }
        }
    }

    /// Takes images until all are there or a stop comes; the record Acquire goes back to Done last, so that a
    /// put-completion finds every image in every plugin.
    async fn acquire(&mut self, ticket: u64, commands: &mut UnboundedReceiver<Command>, noise: &mut SmallRng) {
        self.camera.store.set("NumImagesCounter", 0);
        self.state(true, ACQUIRE).await;
        let images = self.camera.images();
        let mut taken = 0;
        let mut aborted = false;
        while !aborted && images != Images::Count(taken) {
            let start = Instant::now();
            aborted = self.expose(start, commands).await;
            if !aborted {
                self.take(noise).await;
                taken += 1;
                let next = start + self.seconds("AcquirePeriod");
                aborted = images != Images::Count(taken) && stop_before(next, commands).await;
            }
        }
        self.state(false, if aborted { ABORTED } else { IDLE }).await;
        if self.camera.owes(ticket) {
            self.records.put(&format!("{NAME}Acquire"), EpicsValue::Enum(0)).await;
        }
    }

    /// Waits for the end of the exposure that began at `start`, and of a hang; true if a stop came first.
    async fn expose(&self, start: Instant, commands: &mut UnboundedReceiver<Command>) -> bool {
        let mut aborted = stop_before(start + self.seconds("AcquireTime"), commands).await;
        while !aborted && self.camera.hangs() {
            aborted = stop_before(Instant::now() + HANGING, commands).await;
        }
        aborted
    }

    async fn take(&mut self, noise: &mut SmallRng) {
        let store = &self.camera.store;
        let now = Instant::now();
        let user = |motor: &Motor| {
            let of = |field| self.records.number(motor.name, field);
            let direction = if of("DIR") == 0.0 { 1.0 } else { -1.0 };
            motor.axis.steps_at(now) * of("MRES") * direction + of("OFF")
        };
        store.set("MotorXPos", user(&self.motor_x));
        store.set("MotorYPos", user(&self.motor_y));
        store.set("BeamCurrent", self.beam.current_at(now));
        let (width, height) = self.camera.size();
        let pixels = self.camera.spot().pixels(width, height, noise);
        let id = store.increment("ArrayCounter");
        let frame = Frame { width, height, pixels, id, at: SystemTime::now() };
        store.increment("NumImagesCounter");
        store.set("UniqueId", id);
        store.set("ArraySizeX", width as i32);
        store.set("ArraySizeY", height as i32);
        store.set("ArraySize", (width * height * 2) as i32);
        store.set("TimeStamp", frame.seconds());
        if store.flag("ArrayCallbacks") {
            self.plugins.take(&self.records, frame).await;
        }
        let changed = [
            "MotorXPos_RBV",
            "MotorYPos_RBV",
            "BeamCurrent_RBV",
            "ArraySizeX_RBV",
            "ArraySizeY_RBV",
            "ArraySize_RBV",
            "UniqueId_RBV",
            "TimeStamp_RBV",
            "ArrayCounter_RBV",
            "NumImagesCounter_RBV",
        ];
        self.records.process_all(NAME, &changed).await;
    }

    async fn state(&self, busy: bool, state: i32) {
        self.camera.store.set("AcquireBusy", busy);
        self.camera.store.set("DetectorState", state);
        let changed = ["NumImagesCounter_RBV", "DetectorState_RBV", "AcquireBusy_RBV"];
        self.records.process_all(NAME, &changed).await;
    }

    fn seconds(&self, parameter: &str) -> Duration {
        Duration::try_from_secs_f64(self.camera.store.number(parameter)).unwrap_or_default()
    }
}
