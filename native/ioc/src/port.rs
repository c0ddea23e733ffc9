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
}

/// The devices by the names that the records' links give them.
pub type Ports = HashMap<String, Arc<dyn Port>>;

/// The DTYP of every record on a port; INP or OUT is `@device parameter`.
const DTYP: &str = "miniBeamline";

static ROWS: [DevSup; 1] = [DevSup {
    name: "devMiniBeamline",
    choice: DTYP,
    link_type: DbLinkType::InstIo,
    dset: Dset::new(5, &[2, 4], false),
}];

const RECORD_TYPES: [&str; 7] = ["ai", "ao", "bi", "bo", "busy", "longin", "longout"];

/// The device menu rows, for every record type that a port serves.
pub fn menu() -> Vec<(&'static str, &'static [DevSup])> {
    let mut menu: Vec<(&'static str, &'static [DevSup])> =
        RECORD_TYPES.iter().map(|record_type| (*record_type, ROWS.as_slice())).collect();
    menu.push(("mbbo", ROWS.as_slice()));
    menu
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
        Some(Box::new(Parameter { port, name: parameter.trim().to_string() }))
    }
}

struct Parameter {
    port: Arc<dyn Port>,
    name: String,
}

impl Parameter {
    fn load(&self, record: &mut dyn Record) -> CaResult<()> {
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
        self.load(record)?;
        Ok(DeviceReadOutcome::computed(DeviceUdf::Defined))
    }

    fn write(&mut self, record: &mut dyn Record) -> CaResult<()> {
        if let Some(value) = record.get_field("VAL").and_then(|value| value.to_f64()) {
            self.port.write(&self.name, value);
        }
        Ok(())
    }
}
