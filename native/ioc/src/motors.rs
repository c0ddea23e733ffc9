//! The eight motors: their axes, and the motor records that drive them.

use std::time::Duration;

use epics_base_rs::server::database::PvDatabase;
use motor_rs::builder::ControllerBuilder;
use motor_rs::devices::{register_axis, register_controller_port};
use motor_rs::trace::TraceUser;

use crate::axis::{Axis, Fault};
use crate::parameters::{self, parameter, Access, Parameter};
use crate::template::Template;

/// The asyn port that the records' OUT links name.
const PORT: &str = "MOTORS";
const MOVING_POLL: Duration = Duration::from_millis(10);
const IDLE_POLL: Duration = Duration::from_millis(500);
const RECORD: &str = include_str!("../db/motor.db");

/// What differs from motor to motor, in engineering units.
struct Kind {
    name: &'static str,
    description: &'static str,
    units: &'static str,
    low: f64,
    high: f64,
    velocity: f64,
    top_velocity: f64,
    resolution: f64,
}

const LINEAR: Kind = Kind {
    name: "",
    description: "",
    units: "mm",
    low: -100.0,
    high: 100.0,
    velocity: 5.0,
    top_velocity: 100.0,
    resolution: 0.001,
};

const KINDS: [Kind; 8] = [
    Kind { name: "ph:mtr", description: "pinhole", ..LINEAR },
    Kind { name: "edge:mtr", description: "edge", ..LINEAR },
    Kind { name: "slit:mtr", description: "slit", ..LINEAR },
    Kind { name: "dot:mtrx", description: "moving dot x", ..DOT },
    Kind { name: "dot:mtry", description: "moving dot y", ..DOT },
    Kind { name: "dcm:theta", description: "monochromator angle", units: "deg", low: -10.0, high: 90.0, ..LINEAR },
    Kind { name: "dcm:y", description: "monochromator y", low: -250.0, high: 250.0, ..LINEAR },
    Kind { name: "dcm:z", description: "monochromator z", low: -250.0, high: 250.0, ..LINEAR },
];

const DOT: Kind = Kind { units: "px", low: -500.0, high: 500.0, velocity: 500.0, top_velocity: 2000.0, ..LINEAR };

/// The limit switches stand this fraction of the travel beyond the soft limits.
const SWITCH_MARGIN: f64 = 0.025;

const FAULT: &[Parameter] = &[parameter("Fault", Access::Command, parameters::Kind::Choice(0, &Fault::MENU))];

/// One motor: the name of its record, without prefix, and its axis.
#[derive(Clone)]
pub struct Motor {
    pub name: &'static str,
    pub axis: Axis,
}

/// Creates the axes on the motor port, starts their poller and answers with the motors in the order of
/// their names' menu. To be called before the records are loaded.
pub fn create(db: &PvDatabase) -> Result<Vec<Motor>, String> {
    register_controller_port(db.scan_control().interrupt_gate(), PORT, KINDS.len() as i32, ())?;
    let mut controller = ControllerBuilder::new().port(PORT);
    let mut motors = Vec::new();
    for (address, kind) in (0..).zip(&KINDS) {
        let margin = (kind.high - kind.low) * SWITCH_MARGIN;
        let axis = Axis::new((kind.low - margin) / kind.resolution, (kind.high + margin) / kind.resolution);
        let user = TraceUser::Asyn { port: PORT.to_string(), addr: address };
        register_axis(controller.axis(axis.driver(), user).axis)?;
        motors.push(Motor { name: kind.name, axis });
    }
    let _runs_until_the_process_ends = controller.build(MOVING_POLL, IDLE_POLL, 0).start();
    Ok(motors)
}

/// The motor records, and a record of each motor's fault.
pub fn records() -> Vec<Template> {
    let faults = KINDS.iter().map(|kind| Template::new(parameters::records(&format!("{}:", kind.name), &[FAULT], &[])));
    let motors = (0..).zip(&KINDS).map(|(address, kind): (i32, _)| {
        Template::new(RECORD)
            .with("M", kind.name)
            .with("DESC", kind.description)
            .with("EGU", kind.units)
            .with("OUT", format!("@asyn({PORT},{address})"))
            .with("VELO", kind.velocity)
            .with("VMAX", kind.top_velocity)
            .with("MRES", kind.resolution)
            .with("DHLM", kind.high)
            .with("DLLM", kind.low)
    });
    motors.chain(faults).collect()
}
