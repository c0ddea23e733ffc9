//! A double-crystal monochromator: energy, wavelength and angle as one, over three motors.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use epics_base_rs::types::EpicsValue;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender};

use crate::port::Port;
use crate::records::Records;
use crate::template::Template;

/// Planck's constant times the speed of light, in keV Å.
const HC: f64 = 12.398_419_84;
/// Twice the distance of the lattice planes of Si(111), in Å.
const SPACING: f64 = 6.271_2;
/// Height of the outgoing beam over the incoming one, in mm.
const OFFSET: f64 = 17.5;
const THETA: &str = "dcm:theta";
const Y: &str = "dcm:y";
const Z: &str = "dcm:z";
/// How often the motors are looked at while they move.
const POLL: Duration = Duration::from_millis(20);

/// The angle between beam and crystal, in degrees, from which everything else follows.
fn wavelength(theta: f64) -> f64 {
    SPACING * theta.to_radians().sin()
}

fn energy(theta: f64) -> f64 {
    let wavelength = wavelength(theta);
    if wavelength > 0.0 {
        HC / wavelength
    } else {
        0.0
    }
}

/// The angle for a wavelength; `None` when the crystal can't reflect it.
fn angle(wavelength: f64) -> Option<f64> {
    let sine = wavelength / SPACING;
    (sine > 0.0 && sine <= 1.0).then(|| sine.asin().to_degrees())
}

/// What the task is to do.
#[derive(Debug, PartialEq)]
pub enum Request {
    /// Show this angle's energy and wavelength as what is asked for.
    Show,
    Move,
}

struct State {
    /// Where the crystal is, and where it is to be.
    readback: f64,
    target: f64,
    automatic: bool,
    moving: bool,
    /// The records of the target are being brought up to date: what they write back asks for nothing.
    showing: bool,
}

/// The monochromator as its records see it.
#[derive(Clone)]
pub struct Monochromator {
    state: Arc<Mutex<State>>,
    requests: UnboundedSender<Request>,
}

impl Monochromator {
    pub fn new(requests: UnboundedSender<Request>) -> Self {
        let target = angle(HC / 8.0).unwrap_or_default();
        let state = State { readback: 0.0, target, automatic: false, moving: false, showing: false };
        Self { state: Arc::new(Mutex::new(state)), requests }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes an angle that a client asked for, unless no crystal reflects at it.
    fn ask(&self, theta: Option<f64>) {
        let mut state = self.state();
        let Some(theta) = theta else { return };
        if state.showing && (theta - state.target).abs() < 1e-9 {
            return;
        }
        state.target = theta;
        self.request(Request::Show);
        if state.automatic {
            state.moving = true;
            self.request(Request::Move);
        }
    }

    fn show(&self, showing: bool) -> f64 {
        let mut state = self.state();
        state.showing = showing;
        state.target
    }

    /// The task lives as long as the process: nobody to tell when it is gone.
    fn request(&self, request: Request) {
        let _ = self.requests.send(request);
    }
}

impl Port for Monochromator {
    fn read(&self, parameter: &str) -> Option<f64> {
        let state = self.state();
        Some(match parameter {
            "Energy" => energy(state.target),
            "Wavelength" => wavelength(state.target),
            "Theta" => state.target,
            "EnergyReadback" => energy(state.readback),
            "WavelengthReadback" => wavelength(state.readback),
            "ThetaReadback" => state.readback,
            "Automatic" => f64::from(u8::from(state.automatic)),
            "Moving" => f64::from(u8::from(state.moving)),
            "Put" => 0.0,
            _ => return None,
        })
    }

    fn write(&self, parameter: &str, value: f64) {
        match parameter {
            "Energy" if value > 0.0 => self.ask(angle(HC / value)),
            "Wavelength" => self.ask(angle(value)),
            "Theta" => self.ask(Some(value)),
            "ThetaReadback" => self.state().readback = value,
            "Automatic" => self.state().automatic = value != 0.0,
            "Moving" => self.state().moving = value != 0.0,
            "Put" if value != 0.0 => {
                self.state().moving = true;
                self.request(Request::Move);
            }
            _ => {}
        }
    }
}

/// Serves the monochromator's requests until the process ends.
pub async fn run(device: Monochromator, records: Records, mut requests: UnboundedReceiver<Request>) {
    while let Some(request) = requests.recv().await {
        match request {
            Request::Show => {
                let target = device.show(true);
                records.put("BraggEAO", EpicsValue::Double(energy(target))).await;
                records.put("BraggLambdaAO", EpicsValue::Double(wavelength(target))).await;
                records.put("BraggThetaAO", EpicsValue::Double(target)).await;
                device.show(false);
            }
            Request::Move => drive(&device, &records).await,
        }
    }
}

/// Sends the motors to where the angle needs them and waits for them; KohzuMoving goes back to 0 last.
async fn drive(device: &Monochromator, records: &Records) {
    records.put("KohzuMoving", EpicsValue::Enum(1)).await;
    let theta = device.state().target.to_radians();
    let targets = [(THETA, theta.to_degrees()), (Y, -OFFSET / (2.0 * theta.cos())), (Z, OFFSET / (2.0 * theta.sin()))];
    for (motor, target) in targets {
        records.put(motor, EpicsValue::Double(target)).await;
    }
    while targets.iter().any(|(motor, _)| records.number(motor, "DMOV") == 0.0) {
        tokio::time::sleep(POLL).await;
    }
    records.put("KohzuMoving", EpicsValue::Enum(0)).await;
}

/// The monochromator's records.
pub fn records() -> Vec<Template> {
    vec![Template::new(include_str!("../db/monochromator.db"))]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn energy_and_angle_belong_together() {
        let theta = angle(HC / 8.0).unwrap();
        assert!((theta - 14.308).abs() < 0.01);
        assert!((energy(theta) - 8.0).abs() < 1e-9);
    }

    #[test]
    fn a_wavelength_beyond_the_spacing_is_not_reflected() {
        assert_eq!(angle(SPACING * 1.01), None);
        assert_eq!(angle(-1.0), None);
        assert_eq!(energy(0.0), 0.0);
    }
}
