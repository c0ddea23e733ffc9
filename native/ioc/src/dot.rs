//! What the camera sees: a spot that two motors move over a noisy background.

use std::time::SystemTime;

use rand::rngs::SmallRng;
use rand_distr::{Distribution, StandardNormal};

/// Photons per mA of beam and second of exposure in the middle of the spot.
const RATE: f64 = 200.0;
const SIGMA_X: f64 = 50.0;
const SIGMA_Y: f64 = 25.0;
/// Counts per pixel and image without light; their variance is the same.
const BACKGROUND: f64 = 1000.0;

/// Unix time of the EPICS epoch, in seconds.
const EPICS_EPOCH: f64 = 631_152_000.0;

/// One image, row by row.
pub struct Frame {
    pub width: usize,
    pub height: usize,
    pub pixels: Vec<u16>,
    pub id: i32,
    pub at: SystemTime,
}

impl Frame {
    /// When it was taken, in seconds since the EPICS epoch, 1990.
    pub fn seconds(&self) -> f64 {
        self.at.duration_since(SystemTime::UNIX_EPOCH).map_or(0.0, |since| since.as_secs_f64() - EPICS_EPOCH)
    }
}

/// The light that falls on the camera, and where.
#[derive(Clone, Copy, Debug)]
pub struct Spot {
    /// Pixels right of and below the middle of the image.
    pub x: f64,
    pub y: f64,
    /// Photons in the middle of the spot; 0 with a closed shutter.
    pub photons: f64,
}

impl Spot {
    /// The spot of an exposure of `seconds` with `current` mA in the ring.
    pub fn new(x: f64, y: f64, current: f64, seconds: f64) -> Self {
        Self { x, y, photons: RATE * current * seconds }
    }

    pub fn dark() -> Self {
        Self { x: 0.0, y: 0.0, photons: 0.0 }
    }

    /// The pixels of an image with the spot in it.
    pub fn pixels(&self, width: usize, height: usize, noise: &mut SmallRng) -> Vec<u16> {
        let profile = |length: usize, center: f64, sigma: f64| -> Vec<f64> {
            let middle = length as f64 / 2.0 + center;
            (0..length).map(|at| (-((at as f64 - middle) / sigma).powi(2) / 2.0).exp()).collect()
        };
        let columns = profile(width, self.x, SIGMA_X);
        let mut pixels = Vec::with_capacity(width * height);
        for row in profile(height, self.y, SIGMA_Y) {
            for column in &columns {
                // A Poisson distribution of so large a mean is a normal one.
                let deviation: f64 = StandardNormal.sample(noise);
                let counts = self.photons * row * column + BACKGROUND + BACKGROUND.sqrt() * deviation;
                pixels.push(counts.round().clamp(0.0, u16::MAX.into()) as u16);
            }
        }
        pixels
    }
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;

    use super::*;

    fn image(spot: Spot) -> Vec<u16> {
        spot.pixels(640, 480, &mut SmallRng::seed_from_u64(1))
    }

    #[test]
    fn the_spot_is_where_the_motors_put_it() {
        let pixels = image(Spot::new(100.0, -50.0, 500.0, 0.1));
        let at = |x: usize, y: usize| f64::from(pixels[y * 640 + x]);
        assert!((at(420, 190) - 11_000.0).abs() < 300.0);
        assert!((at(10, 470) - 1000.0).abs() < 300.0);
    }

    #[test]
    fn a_dark_image_has_the_background_and_its_noise_only() {
        let pixels = image(Spot::dark());
        let mean = pixels.iter().map(|&count| f64::from(count)).sum::<f64>() / pixels.len() as f64;
        let spread = pixels.iter().map(|&count| (f64::from(count) - mean).powi(2)).sum::<f64>() / pixels.len() as f64;
        assert!((mean - 1000.0).abs() < 1.0 && (spread - 1000.0).abs() < 20.0);
    }
}
