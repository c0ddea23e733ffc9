//! The moving-dot camera: its settings, and the records through which it is driven.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::mpsc::UnboundedSender;

use crate::activity::{self, Command, Request};
use crate::dot::Spot;
use crate::parameters::Access::{Busy, Command as Sets, Readback, Set};
use crate::parameters::Kind::{Choice, Flag, Float, Integer, Word};
use crate::parameters::{parameter, Parameter, Store};
use crate::port::Port;

/// The prefix of the camera's records, and the name of its port.
pub const NAME: &str = "dot:cam1:";
pub const WIDTH: usize = 640;
pub const HEIGHT: usize = 480;

/// When an acquisition ends.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Images {
    Count(usize),
    UntilStopped,
}

/// The labels of the data types of areaDetector; an image is the fourth of them.
pub const DATA_TYPES: &[&str] =
    &["Int8", "UInt8", "Int16", "UInt16", "Int32", "UInt32", "Int64", "UInt64", "Float32", "Float64"];
pub const UINT16: usize = 3;
pub const COLOR_MODES: &[&str] = &["Mono", "Bayer", "RGB1", "RGB2", "RGB3", "YUV444", "YUV422", "YUV421"];
const STATES: &[&str] = &[
    "Idle",
    "Acquire",
    "Readout",
    "Correct",
    "Saving",
    "Aborting",
    "Error",
    "Waiting",
    "Initializing",
    "Disconnected",
    "Aborted",
];
const NO_YES: [&str; 2] = ["No", "Yes"];

/// What the camera has of areaDetector's driver records, and its own.
pub const PARAMETERS: &[Parameter] = &[
    parameter("PortName", Readback, Word("DOT")),
    parameter("Manufacturer", Readback, Word("Mini Beamline")),
    parameter("Model", Readback, Word("Moving Dot")),
    parameter("SerialNumber", Readback, Word("1")),
    parameter("FirmwareVersion", Readback, Word("none")),
    parameter("SDKVersion", Readback, Word("none")),
    parameter("DriverVersion", Readback, Word(env!("CARGO_PKG_VERSION"))),
    parameter("ADCoreVersion", Readback, Word("none")),
    parameter("Acquire", Busy, Flag(false, ["Done", "Acquire"])),
    parameter("AcquireBusy", Readback, Flag(false, ["Done", "Acquiring"])),
    parameter("AcquireTime", Set, Float(0.1, "s")),
    parameter("AcquirePeriod", Set, Float(0.5, "s")),
    parameter("ImageMode", Set, Choice(2, &["Single", "Multiple", "Continuous"])),
    parameter("TriggerMode", Set, Choice(0, &["Internal", "External"])),
    parameter("NumImages", Set, Integer(100)),
    parameter("NumExposures", Set, Integer(1)),
    parameter("NumImagesCounter", Readback, Integer(0)),
    parameter("DetectorState", Readback, Choice(0, STATES)),
    parameter("ArrayCounter", Set, Integer(0)),
    parameter("ArrayCallbacks", Set, Flag(true, ["Disable", "Enable"])),
    parameter("WaitForPlugins", Sets, Flag(true, NO_YES)),
    parameter("MaxSizeX", Readback, Integer(WIDTH as i32)),
    parameter("MaxSizeY", Readback, Integer(HEIGHT as i32)),
    parameter("SizeX", Set, Integer(WIDTH as i32)),
    parameter("SizeY", Set, Integer(HEIGHT as i32)),
    parameter("MinX", Set, Integer(0)),
    parameter("MinY", Set, Integer(0)),
    parameter("BinX", Set, Integer(1)),
    parameter("BinY", Set, Integer(1)),
    parameter("ArraySizeX", Readback, Integer(WIDTH as i32)),
    parameter("ArraySizeY", Readback, Integer(HEIGHT as i32)),
    parameter("ArraySizeZ", Readback, Integer(0)),
    parameter("ArraySize", Readback, Integer((WIDTH * HEIGHT * 2) as i32)),
    parameter("DataType", Set, Choice(UINT16, DATA_TYPES)),
    parameter("ColorMode", Set, Choice(0, COLOR_MODES)),
    parameter("UniqueId", Readback, Integer(0)),
    parameter("TimeStamp", Readback, Float(0.0, "s")),
    parameter("MotorXPos", Readback, Float(0.0, "px")),
    parameter("MotorYPos", Readback, Float(0.0, "px")),
    parameter("BeamCurrent", Readback, Float(500.0, "mA")),
    parameter("ShutterOpen", Set, Flag(true, ["Closed", "Open"])),
    parameter("Fault", Sets, Choice(0, &["None", "Hang"])),
];

/// The camera as its records see it.
#[derive(Clone)]
pub struct Camera {
    pub store: Arc<Store>,
    acquire: Arc<Mutex<Request>>,
    commands: UnboundedSender<Command>,
}

impl Camera {
    pub fn new(commands: UnboundedSender<Command>) -> Self {
        Self { store: Arc::new(Store::new(&[PARAMETERS])), acquire: Arc::default(), commands }
    }

    /// Whether the record Acquire still stands for this start, and not for a later one.
    pub fn owes(&self, ticket: u64) -> bool {
        self.request().owes(ticket)
    }

    pub fn hangs(&self) -> bool {
        self.store.count("Fault") == 1
    }

    /// How many images an acquisition that begins now takes.
    pub fn images(&self) -> Images {
        match self.store.count("ImageMode") {
            0 => Images::Count(1),
            1 => Images::Count(self.store.count("NumImages").max(1)),
            _ => Images::UntilStopped,
        }
    }

    /// Width and height of the next image.
    pub fn size(&self) -> (usize, usize) {
        let length = |name, most: usize| self.store.count(name).clamp(1, most);
        (length("SizeX", WIDTH), length("SizeY", HEIGHT))
    }

    /// The light of an exposure that ends now.
    pub fn spot(&self) -> Spot {
        let of = |name| self.store.number(name);
        if !self.store.flag("ShutterOpen") {
            return Spot::dark();
        }
        Spot::new(of("MotorXPos"), of("MotorYPos"), of("BeamCurrent"), of("AcquireTime"))
    }

    fn request(&self) -> MutexGuard<'_, Request> {
        self.acquire.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Port for Camera {
    fn read(&self, parameter: &str) -> Option<f64> {
        self.store.read(parameter)
    }

    fn read_text(&self, parameter: &str) -> Option<String> {
        self.store.read_text(parameter)
    }

    fn write(&self, parameter: &str, value: f64) {
        self.store.set(parameter, value);
        if parameter != "Acquire" {
            return;
        }
        let command = if value != 0.0 {
            self.request().start()
        } else {
            self.request().end();
            self.store.flag("AcquireBusy").then_some(Command::Stop)
        };
        activity::tell(&self.commands, command);
    }
}
