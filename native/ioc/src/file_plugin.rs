//! The HDF5 plugin: it streams the images into a file.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use epics_base_rs::types::EpicsValue;

use crate::dot::Frame;
use crate::hdf5::ImageFile;
use crate::parameters::Access::{Busy, Command, Readback, Set, Status};
use crate::parameters::Kind::{Choice, Flag, Integer, Text, Word};
use crate::parameters::{parameter, Link, Parameter, Store};
use crate::port::Port;
use crate::records::Records;

pub const NAME: &str = "dot:HDF1:";
const NO_YES: [&str; 2] = ["No", "Yes"];
const STREAM: usize = 2;
const DROP: usize = 1;
const WRITE_ERROR: usize = 2;

pub const PARAMETERS: &[Parameter] = &[
    parameter("PortName", Readback, Word("FileHDF1")),
    parameter("EnableCallbacks", Set, Flag(false, ["Disable", "Enable"])),
    parameter("FilePath", Set, Text("")),
    parameter("FileName", Set, Text("")),
    parameter("FileTemplate", Set, Text("%s%s_%3.3d.h5")),
    parameter("FullFileName", Readback, Text("")),
    parameter("FilePathExists", Readback, Flag(false, NO_YES)),
    parameter("CreateDirectory", Set, Integer(0)),
    parameter("AutoIncrement", Set, Flag(false, NO_YES)),
    parameter("AutoSave", Set, Flag(false, NO_YES)),
    parameter("FileNumber", Set, Integer(0)),
    parameter("FileWriteMode", Set, Choice(STREAM, &["Single", "Capture", "Stream"])),
    parameter("NumCapture", Set, Integer(1)),
    parameter("NumCaptured", Readback, Integer(0)),
    parameter("Capture", Busy, Flag(false, ["Done", "Capture"])),
    parameter("WriteStatus", Status, Choice(0, &["Write OK", "Write error"])),
    parameter("WriteMessage", Status, Text("")),
    parameter("LazyOpen", Set, Flag(false, NO_YES)),
    parameter("SWMRMode", Set, Flag(false, ["Off", "On"])),
    parameter("SWMRSupported", Readback, Flag(false, ["Not Supported", "Supported"])),
    parameter("NumFramesChunks", Set, Integer(1)),
    parameter("ChunkSizeAuto", Set, Flag(true, NO_YES)),
    parameter("NumExtraDims", Set, Integer(0)),
    parameter("PositionMode", Set, Flag(false, ["Off", "On"])),
    parameter("Compression", Set, Choice(0, &["None"])),
    parameter("NDAttributesFile", Command, Text("")),
    parameter("XMLFileName", Set, Text("")),
    parameter("FlushNow", Command, Flag(false, ["Done", "Flush"])),
    parameter("Fault", Command, Choice(0, &["None", "Drop", "Write error"])),
];

/// What a path or a begin of a capture changes shows at once.
pub const LINKS: &[Link] = &[
    ("FilePath_RBV", "FilePathExists_RBV"),
    ("Capture_RBV", "FullFileName_RBV"),
    ("FullFileName_RBV", "NumCaptured_RBV"),
    ("NumCaptured_RBV", "WriteStatus"),
    ("WriteStatus", "WriteMessage"),
];

/// The plugin's settings and the file that is open.
pub struct FilePlugin {
    pub store: Store,
    file: Mutex<Option<ImageFile>>,
}

impl FilePlugin {
    pub fn new() -> Self {
        Self { store: Store::new(&[crate::plugins::COMMON, PARAMETERS]), file: Mutex::new(None) }
    }

    /// Writes an image while capturing; the names of the records that changed.
    pub fn take(&self, frame: &Frame) -> &'static [&'static str] {
        if !self.store.flag("Capture") {
            return &[];
        }
        match self.store.count("Fault") {
            DROP if frame.id % 2 == 0 => {
                self.store.increment("DroppedArrays");
                return &[];
            }
            WRITE_ERROR => self.fail("the disk refuses to write, as the record Fault asks"),
            _ => match self.write(frame) {
                Ok(()) => _ = self.store.increment("NumCaptured"),
                Err(message) => self.fail(&message),
            },
        }
        &["NumCaptured_RBV", "WriteStatus", "WriteMessage", "FullFileName_RBV"]
    }

    /// Ends the capture when all announced images are there.
    pub async fn finish(&self, records: &Records) {
        let announced = self.store.count("NumCapture");
        if self.store.flag("Capture") && announced > 0 && self.store.count("NumCaptured") >= announced {
            records.put(&format!("{NAME}Capture"), EpicsValue::Enum(0)).await;
        }
    }

    fn write(&self, frame: &Frame) -> Result<(), String> {
        let mut file = self.file();
        let open = match file.take() {
            Some(open) => open,
            None => ImageFile::create(Path::new(&self.store.text("FullFileName")))?,
        };
        file.insert(open).append(frame.width, frame.height, &frame.pixels)
    }

    fn capture(&self, begins: bool) {
        // The file is complete after every image: closing it takes no more.
        *self.file() = None;
        if !begins {
            return;
        }
        self.store.set("NumCaptured", 0);
        self.store.set("WriteStatus", 0);
        self.store.set("WriteMessage", String::new());
        if self.store.count("FileWriteMode") != STREAM {
            self.fail("this plugin writes in the mode Stream only");
            return;
        }
        let path = self.path();
        self.store.set("FullFileName", path.to_string_lossy().into_owned());
        if self.store.flag("AutoIncrement") {
            self.store.increment("FileNumber");
        }
        if self.store.flag("LazyOpen") {
            return;
        }
        match ImageFile::create(&path) {
            Ok(open) => *self.file() = Some(open),
            Err(message) => self.fail(&message),
        }
    }

    /// The file's path by template: path, name, and number where the template has a place for it.
    fn path(&self) -> PathBuf {
        let template = self.store.text("FileTemplate");
        let mut path = String::new();
        let mut values = [self.store.text("FilePath"), self.store.text("FileName")].into_iter();
        let mut rest = template.as_str();
        while let Some(at) = rest.find('%') {
            path.push_str(&rest[..at]);
            let (format, after) = rest[at + 1..].split_at(rest[at + 1..].find(['s', 'd']).unwrap_or(0));
            match after.chars().next() {
                Some('s') => path.push_str(&values.next().unwrap_or_default()),
                Some('d') => {
                    let digits = format.split('.').next_back().and_then(|digits| digits.parse().ok()).unwrap_or(0);
                    path.push_str(&format!("{:0digits$}", self.store.count("FileNumber")));
                }
                _ => path.push('%'),
            }
            rest = after.get(1..).unwrap_or("");
        }
        path.push_str(rest);
        path.into()
    }

    /// Looks for the directory, and makes its last levels where the setting CreateDirectory, negative, allows it.
    fn look_for_path(&self) {
        let path = PathBuf::from(self.store.text("FilePath"));
        let levels = -self.store.number("CreateDirectory") as usize;
        if path.is_absolute() && path.ancestors().nth(levels).is_some_and(Path::exists) {
            // What comes of it is told by the record FilePathExists_RBV.
            let _ = fs::create_dir_all(&path);
        }
        self.store.set("FilePathExists", path.is_dir());
    }

    fn fail(&self, message: &str) {
        self.store.set("WriteStatus", 1);
        self.store.set("WriteMessage", message.to_string());
    }

    fn file(&self) -> MutexGuard<'_, Option<ImageFile>> {
        self.file.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Port for FilePlugin {
    fn read(&self, parameter: &str) -> Option<f64> {
        self.store.read(parameter)
    }

    fn read_text(&self, parameter: &str) -> Option<String> {
        self.store.read_text(parameter)
    }

    fn write(&self, parameter: &str, value: f64) {
        let before = self.store.number(parameter);
        self.store.set(parameter, value);
        if parameter == "Capture" && value != before {
            self.capture(value != 0.0);
        }
    }

    fn write_text(&self, parameter: &str, text: String) {
        self.store.set(parameter, text);
        if parameter == "FilePath" {
            self.look_for_path();
        }
    }
}
