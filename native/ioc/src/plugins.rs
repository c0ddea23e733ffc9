//! The plugins that follow the camera: its images over both protocols, their statistics and their files.

use std::sync::Arc;

use epics_base_rs::types::EpicsValue;

use crate::camera::{COLOR_MODES, DATA_TYPES, HEIGHT, UINT16, WIDTH};
use crate::dot::Frame;
use crate::file_plugin::FilePlugin;
use crate::parameters::Access::{Readback, Set};
use crate::parameters::Kind::{Choice, Flag, Float, Integer, Word};
use crate::parameters::{parameter, Kind, Parameter, Store};
use crate::port::Port;
use crate::records::Records;
use crate::structures::ImagePv;

pub const IMAGE: &str = "dot:image1:";
pub const STATISTICS: &str = "dot:Stats1:";
pub const PVA: &str = "dot:Pva1:";

/// What every plugin has of areaDetector's plugin records.
pub const COMMON: &[Parameter] = &[
    parameter("NDArrayPort", Set, Word("DOT")),
    parameter("NDArrayAddress", Set, Integer(0)),
    parameter("BlockingCallbacks", Set, Flag(true, ["No", "Yes"])),
    parameter("QueueSize", Set, Integer(1)),
    parameter("DroppedArrays", Set, Integer(0)),
    parameter("ArrayCounter", Set, Integer(0)),
    parameter("ArrayCallbacks", Set, Flag(false, ["Disable", "Enable"])),
    parameter("NDimensions", Readback, Integer(2)),
    parameter("ArraySize0", Readback, Integer(0)),
    parameter("ArraySize1", Readback, Integer(0)),
    parameter("ArraySize2", Readback, Integer(0)),
    parameter("DataType", Readback, Choice(UINT16, DATA_TYPES)),
    parameter("ColorMode", Readback, Choice(0, COLOR_MODES)),
    parameter("UniqueId", Readback, Integer(0)),
    parameter("TimeStamp", Readback, Float(0.0, "s")),
];

pub const IMAGE_PARAMETERS: &[Parameter] =
    &[parameter("PortName", Readback, Word("IMAGE1")), parameter("EnableCallbacks", Set, ENABLED)];
pub const PVA_PARAMETERS: &[Parameter] =
    &[parameter("PortName", Readback, Word("PVA1")), parameter("EnableCallbacks", Set, ENABLED)];
pub const STATISTICS_PARAMETERS: &[Parameter] = &[
    parameter("PortName", Readback, Word("STATS1")),
    parameter("EnableCallbacks", Set, ENABLED),
    parameter("ComputeStatistics", Set, Flag(true, ["No", "Yes"])),
    parameter("MinValue", Readback, Float(0.0, "counts")),
    parameter("MaxValue", Readback, Float(0.0, "counts")),
    parameter("MeanValue", Readback, Float(0.0, "counts")),
    parameter("SigmaValue", Readback, Float(0.0, "counts")),
    parameter("Total", Readback, Float(0.0, "counts")),
];
const ENABLED: Kind = Flag(true, ["Disable", "Enable"]);

/// Records of every plugin that change with every image.
const CHANGED: [&str; 6] =
    ["ArraySize0_RBV", "ArraySize1_RBV", "UniqueId_RBV", "TimeStamp_RBV", "ArrayCounter_RBV", "DroppedArrays_RBV"];

/// A plugin without settings that it must act on at once.
pub struct Plugin(pub Store);

impl Port for Plugin {
    fn read(&self, parameter: &str) -> Option<f64> {
        self.0.read(parameter)
    }

    fn read_text(&self, parameter: &str) -> Option<String> {
        self.0.read_text(parameter)
    }

    fn write(&self, parameter: &str, value: f64) {
        self.0.set(parameter, value);
    }

    fn write_text(&self, parameter: &str, text: String) {
        self.0.set(parameter, text);
    }
}

/// All plugins, each with the prefix of its records.
pub struct Plugins {
    pub image: Arc<Plugin>,
    pub statistics: Arc<Plugin>,
    pub pva: Arc<Plugin>,
    pub image_pv: ImagePv,
    pub file: Arc<FilePlugin>,
}

impl Plugins {
    /// Lets every enabled plugin have an image.
    pub async fn take(&self, records: &Records, frame: Frame) {
        if counts(&self.file.store, &frame) {
            let changed = self.file.take(&frame);
            records.process_all(crate::file_plugin::NAME, changed).await;
            report(records, crate::file_plugin::NAME).await;
            self.file.finish(records).await;
        }
        if counts(&self.statistics.0, &frame) {
            self.summarize(&frame);
            let changed = ["MinValue_RBV", "MaxValue_RBV", "MeanValue_RBV", "SigmaValue_RBV", "Total_RBV"];
            records.process_all(STATISTICS, &changed).await;
            report(records, STATISTICS).await;
        }
        if counts(&self.image.0, &frame) {
            // As wide over Channel Access as clients with a limit of a megabyte can take: it has no unsigned short.
            let pixels: Vec<i16> = frame.pixels.iter().map(|&count| i16::try_from(count).unwrap_or(i16::MAX)).collect();
            records.put(&format!("{IMAGE}ArrayData"), EpicsValue::ShortArray(pixels.into())).await;
            report(records, IMAGE).await;
        }
        if counts(&self.pva.0, &frame) {
            report(records, PVA).await;
            self.image_pv.post(frame);
        }
    }

    fn summarize(&self, frame: &Frame) {
        let store = &self.statistics.0;
        if !store.flag("ComputeStatistics") {
            return;
        }
        let number = frame.pixels.len().max(1) as f64;
        let total: f64 = frame.pixels.iter().map(|&count| f64::from(count)).sum();
        let mean = total / number;
        let variance = frame.pixels.iter().map(|&count| (f64::from(count) - mean).powi(2)).sum::<f64>() / number;
        let least = frame.pixels.iter().min().copied().unwrap_or(0);
        let most = frame.pixels.iter().max().copied().unwrap_or(0);
        store.set("MinValue", f64::from(least));
        store.set("MaxValue", f64::from(most));
        store.set("MeanValue", mean);
        store.set("SigmaValue", variance.sqrt());
        store.set("Total", total);
    }
}

/// Notes an image that a plugin gets; false when the plugin takes none.
fn counts(store: &Store, frame: &Frame) -> bool {
    if !store.flag("EnableCallbacks") {
        return false;
    }
    store.increment("ArrayCounter");
    store.set("ArraySize0", frame.width as i32);
    store.set("ArraySize1", frame.height as i32);
    store.set("UniqueId", frame.id);
    store.set("TimeStamp", frame.seconds());
    true
}

async fn report(records: &Records, plugin: &str) {
    records.process_all(plugin, &CHANGED).await;
}

/// The record of the image itself, over Channel Access.
pub fn image_record() -> String {
    let pixels = WIDTH * HEIGHT;
    format!(
        "record(waveform, \"$(P){IMAGE}ArrayData\") {{\n    field(FTVL, \"SHORT\")\n    field(NELM, \"{pixels}\")\n}}\n"
    )
}
