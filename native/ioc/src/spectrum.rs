//! What the scaler's channels count: peaks over the motor's position, noise, and a dead time.

use rand::rngs::SmallRng;
use rand::SeedableRng;
use rand_distr::{Distribution, Poisson};

use crate::beam;

/// Number of counting channels beside the monitor I0.
pub const CHANNELS: usize = 48;

/// True counts per second of a channel at the top of its peak, and far from it, at the mean beam current.
const PEAK_RATE: f64 = 800_000.0;
const BACKGROUND_RATE: f64 = 2_000.0;
/// Counts per second of the monitor at the mean beam current; it has no dead time.
const I0_RATE: f64 = 5_000_000.0;

/// The peak that one channel sees as the motor moves.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Peak {
    pub center: f64,
    pub width: f64,
}

/// The peak of channel `index`, from 0: centres from -4 to 4, standard deviations from 0.5 to 1.5.
pub fn peak(index: usize) -> Peak {
    let part = index as f64 / (CHANNELS - 1) as f64;
    Peak { center: -4.0 + 8.0 * part, width: 0.5 + part }
}

/// True counts per second of a channel with the motor at `position` and `current` mA in the ring.
pub fn rate(peak: Peak, position: f64, current: f64) -> f64 {
    let through = (-((position - peak.center) / peak.width).powi(2) / 2.0).exp();
    (BACKGROUND_RATE + PEAK_RATE * through) * current / beam::MEAN
}

/// True counts per second of the monitor.
pub fn monitor_rate(current: f64) -> f64 {
    I0_RATE * current / beam::MEAN
}

/// The rate that a counter with a non-paralysable dead time reports.
pub fn observed(rate: f64, dead_time: f64) -> f64 {
    rate / (1.0 + rate * dead_time)
}

/// Counting noise that repeats for the same seed and acquisition, and for nothing else.
pub struct Noise(SmallRng);

impl Noise {
    pub fn new(seed: u32, acquisition: u32) -> Self {
        Self(SmallRng::seed_from_u64(u64::from(seed) << 32 | u64::from(acquisition)))
    }

    /// A whole number of counts whose mean is `expected`.
    pub fn counts(&mut self, expected: f64) -> f64 {
        match Poisson::new(expected) {
            Ok(poisson) => poisson.sample(&mut self.0),
            Err(_) => 0.0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_channels_see_the_same_peak() {
        for index in 1..CHANNELS {
            assert!(peak(index).center > peak(index - 1).center);
            assert!(peak(index).width > peak(index - 1).width);
        }
    }

    #[test]
    fn the_correction_gives_back_the_true_rate() {
        let tau = 1e-6;
        let measured = observed(500_000.0, tau);
        assert!((measured / (1.0 - measured * tau) - 500_000.0).abs() < 1e-3);
    }

    #[test]
    fn noise_has_the_mean_and_spread_of_counting() {
        let mut noise = Noise::new(1, 1);
        let counts: Vec<f64> = (0..10_000).map(|_| noise.counts(400.0)).collect();
        let mean = counts.iter().sum::<f64>() / 1e4;
        let variance = counts.iter().map(|count| (count - mean).powi(2)).sum::<f64>() / 1e4;
        assert!((mean - 400.0).abs() < 1.0 && (variance / 400.0 - 1.0).abs() < 0.1);
    }

    #[test]
    fn noise_repeats_for_one_seed_and_acquisition_only() {
        let first = |seed, acquisition| Noise::new(seed, acquisition).counts(1e9);
        assert_eq!(first(1, 7), first(1, 7));
        assert_ne!(first(1, 7), first(1, 8));
        assert_ne!(first(1, 7), first(2, 7));
    }
}
