//! The way between records and simulated devices: device support that reads and writes named parameters.

use std::collections::HashMap;
use std::sync::Arc;

use epics_base_rs::error::{CaError, CaResult};
use epics_base_rs::server::device_support::{DeviceInitOutcome, DeviceReadOutcome, DeviceSupport, DeviceUdf};
use epics_base_rs::server::ioc_app::DeviceSupportContext;
use epics_base_rs::server::record::{DbLinkType, DevSup, Dset, Record};
use epics_base_rs::types::EpicsValue;

/// A simulated device as its records see it. Both calls are made while a record is locked and must not block.
pub trait Port: Send + Sync {
    /// The present value of a parameter; `None` when the device has no such parameter.
    fn read(&self, parameter: &str) -> Option<f64>;
    /// Takes a value that a record wrote.
    fn write(&self, parameter: &str, value: f64);
    /// The present text of a parameter that is one.
    fn read_text(&self, _parameter: &str) -> Option<String> {
        None
    }
    /// Takes a text that a record wrote.
    fn write_text(&self, _parameter: &str, _text: String) {}
}

/// The devices by the names that the records' links give them.
pub type Ports = HashMap<String, Arc<dyn Port>>;

/// The DTYP of every record on a port; INP or OUT is `@device parameter`, followed by `put` on a waveform that sets a text.
const DTYP: &str = "miniBeamline";

static ROWS: [DevSup; 1] = [DevSup {
    name: "devMiniBeamline",
    choice: DTYP,
    link_type: DbLinkType::InstIo,
    dset: Dset::new(5, &[2, 4], false),
}];

const RECORD_TYPES: [&str; 12] =
    ["ai", "ao", "bi", "bo", "busy", "longin", "longout", "mbbi", "mbbo", "stringin", "stringout", "waveform"];

/// The device menu rows, for every record type that a port serves.
pub fn menu() -> Vec<(&'static str, &'static [DevSup])> {
    RECORD_TYPES.iter().map(|record_type| (*record_type, ROWS.as_slice())).collect()
}

/// Finds the port that a record's link names.
pub fn support(ports: Ports) -> impl Fn(&DeviceSupportContext) -> Option<Box<dyn DeviceSupport>> + Send + Sync {
    move |context| {
        if context.dtyp != DTYP {
            return None;
        }
        let link = if context.out.is_empty() { context.inp } else { context.out };
        let (device, parameter) = link.strip_prefix('@')?.split_once(' ')?;
        let port = ports.get(device)?.clone();
        let (name, puts) = match parameter.trim().strip_suffix(" put") {
            Some(name) => (name, true),
            None => (parameter.trim(), false),
        };
        Some(Box::new(Parameter { port, name: name.to_string(), puts }))
    }
}

struct Parameter {
    port: Arc<dyn Port>,
    name: String,
    /// On a waveform, an input by its type: the characters go to the device.
    puts: bool,
}

impl Parameter {
    fn load(&self, record: &mut dyn Record) -> CaResult<()> {
        let text = || self.port.read_text(&self.name).unwrap_or_default();
        match record.record_type() {
            "waveform" => return record.put_field("VAL", EpicsValue::CharArray(text().into_bytes().into())),
            "stringin" | "stringout" => return record.put_field("VAL", EpicsValue::String(text().into())),
            _ => {}
        }
        let Some(value) = self.port.read(&self.name) else {
            return Err(CaError::InvalidValue(format!("the device has no parameter {}", self.name)));
        };
        let value = match record.record_type() {
            "ai" | "ao" => EpicsValue::Double(value),
            "longin" | "longout" => EpicsValue::Long(value as i32),
            _ => EpicsValue::Enum(value as u16),
        };
        record.put_field("VAL", value)
    }
}

impl DeviceSupport for Parameter {
    fn dtyp(&self) -> &str {
        DTYP
    }

    /// A record starts with the device's value, so that every default stands in one place.
    fn init(&mut self, record: &mut dyn Record) -> CaResult<DeviceInitOutcome> {
        self.load(record)?;
        Ok(DeviceInitOutcome::DoNotConvert(DeviceUdf::Defined))
    }

    fn read(&mut self, record: &mut dyn Record) -> CaResult<DeviceReadOutcome> {
        if self.puts {
            self.write(record)?;
        } else {
            self.load(record)?;
        }
        Ok(DeviceReadOutcome::computed(DeviceUdf::Defined))
    }

    fn write(&mut self, record: &mut dyn Record) -> CaResult<()> {
        match record.get_field("VAL") {
            Some(EpicsValue::String(text)) => self.port.write_text(&self.name, text.to_string()),
            Some(EpicsValue::CharArray(characters)) => {
                let end = characters.iter().position(|character| *character == 0).unwrap_or(characters.len());
                self.port.write_text(&self.name, String::from_utf8_lossy(&characters[..end]).into_owned());
            }
            value => {
                if let Some(value) = value.and_then(|value| value.to_f64()) {
                    self.port.write(&self.name, value);
                }
            }
        }
        Ok(())
    }
}
