//! Three point detectors, each behind an aperture that one motor moves through the beam.

use std::sync::{Mutex, MutexGuard, PoisonError};

use libm::erfc;

use crate::beam;
use crate::port::Port;
use crate::template::Template;

/// Counts per mA of beam and second of exposure in the open aperture.
const COUNTS: f64 = 200.0;

/// What stands in the beam.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Aperture {
    /// A hole: a Gaussian peak.
    PinHole,
    /// A blade: an error function.
    Edge,
    /// Two blades, at plus and minus the centre.
    Slit,
}

impl Aperture {
    /// The part of the beam that comes through, with the motor at `position`.
    fn transmission(self, position: f64, sigma: f64, center: f64) -> f64 {
        match self {
            Self::PinHole => (-((position - center) / sigma).powi(2) / 2.0).exp(),
            Self::Edge => erfc((center - position) / sigma) / 2.0,
            Self::Slit => (erfc((position - center) / sigma) - erfc((position + center) / sigma)) / 2.0,
        }
    }
}

/// A detector: its settings and what it last saw of the motor and the beam.
pub struct Detector {
    aperture: Aperture,
    state: Mutex<State>,
}

struct State {
    position: f64,
    current: f64,
    exposure: f64,
    sigma: f64,
    center: f64,
}

impl Detector {
    pub fn new(aperture: Aperture) -> Self {
        let (sigma, center) = match aperture {
            Aperture::PinHole => (5.0, 0.0),
            Aperture::Edge => (2.5, 5.0),
            Aperture::Slit => (2.5, 7.5),
        };
        Self { aperture, state: Mutex::new(State { position: 0.0, current: beam::MEAN, exposure: 1.0, sigma, center }) }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Port for Detector {
    fn read(&self, parameter: &str) -> Option<f64> {
        let state = self.state();
        match parameter {
            "MotorPos" => Some(state.position),
            "BeamCurrent" => Some(state.current),
            "ExposureTime" => Some(state.exposure),
            "DetSigma" => Some(state.sigma),
            "DetCenter" => Some(state.center),
            "DetValue" => {
                let through = self.aperture.transmission(state.position, state.sigma, state.center);
                Some(COUNTS * state.current * state.exposure * through)
            }
            _ => None,
        }
    }

    fn write(&self, parameter: &str, value: f64) {
        let mut state = self.state();
        match parameter {
            "MotorPos" => state.position = value,
            "BeamCurrent" => state.current = value,
            "ExposureTime" => state.exposure = value,
            "DetSigma" => state.sigma = value,
            "DetCenter" => state.center = value,
            _ => {}
        }
    }
}

/// The detectors by name: of their records, of their port, and of the motor each follows.
pub const ALL: [(&str, Aperture, &str); 3] =
    [("ph", Aperture::PinHole, "ph:mtr"), ("edge", Aperture::Edge, "edge:mtr"), ("slit", Aperture::Slit, "slit:mtr")];

/// The records of the three detectors.
pub fn records() -> Vec<Template> {
    ALL.iter()
        .map(|(name, _, motor)| {
            Template::new(include_str!("../db/detector.db"))
                .with("PORT", name)
                .with("R", format!("{name}:"))
                .with("MTR", motor)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(aperture: Aperture, position: f64) -> f64 {
        let detector = Detector::new(aperture);
        detector.write("MotorPos", position);
        detector.read("DetValue").unwrap()
    }

    #[test]
    fn the_pinhole_peaks_at_its_center() {
        assert_eq!(value(Aperture::PinHole, 0.0), 100_000.0);
        assert!((value(Aperture::PinHole, 5.0) - 100_000.0 * (-0.5f64).exp()).abs() < 1e-6);
    }

    #[test]
    fn the_edge_passes_half_at_its_center() {
        assert!((value(Aperture::Edge, 5.0) - 50_000.0).abs() < 1e-6);
        assert!(value(Aperture::Edge, 50.0) > 99_999.0);
    }

    #[test]
    fn the_slit_is_symmetric() {
        assert!((value(Aperture::Slit, 3.0).abs() - value(Aperture::Slit, -3.0).abs()).abs() < 1e-6);
    }

    #[test]
    fn exposure_and_current_scale_the_value() {
        let detector = Detector::new(Aperture::PinHole);
        detector.write("ExposureTime", 0.5);
        detector.write("BeamCurrent", 100.0);
        assert_eq!(detector.read("DetValue"), Some(10_000.0));
    }
}
