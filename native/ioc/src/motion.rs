//! The motion of one axis in closed form: where it is at any instant, without a clock of its own.

use std::time::{Duration, Instant};

/// Position and velocity of an axis at one instant, in steps and steps per second.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    pub position: f64,
    pub velocity: f64,
}

#[derive(Clone, Copy, Debug)]
struct Segment {
    seconds: f64,
    acceleration: f64,
}

/// A path of constant-acceleration segments that starts at a known instant.
#[derive(Clone, Debug)]
pub struct Path {
    start: Instant,
    from: Point,
    segments: Vec<Segment>,
    /// Where the last segment ends; exact, so that rounding never leaves an axis beside its target.
    end: Option<f64>,
}

impl Path {
    /// An axis at rest at `position` since `start`.
    pub fn rest(start: Instant, position: f64) -> Self {
        let from = Point { position, velocity: 0.0 };
        Self { start, from, segments: Vec::new(), end: Some(position) }
    }

    /// A move that ends at rest on `target`, never faster than `speed` once it has slowed to it.
    pub fn to(start: Instant, from: Point, target: f64, speed: f64, acceleration: f64) -> Self {
        let mut segments = Vec::new();
        let mut at = from;
        let braking = at.velocity * at.velocity / (2.0 * acceleration);
        let ahead = (target - at.position) * at.velocity.signum();
        if at.velocity != 0.0 && ahead < braking {
            let brake = Segment {
                seconds: at.velocity.abs() / acceleration,
                acceleration: -at.velocity.signum() * acceleration,
            };
            segments.push(brake);
            at = advance(at, brake, brake.seconds);
            at.velocity = 0.0;
        }
        let sign = if target < at.position { -1.0 } else { 1.0 };
        let distance = (target - at.position).abs();
        let entry = at.velocity.abs();
        let peak = speed.min((acceleration * distance + entry * entry / 2.0).sqrt()).max(f64::MIN_POSITIVE);
        let ramp = (peak - entry).abs() / acceleration;
        let ramped = (peak + entry) / 2.0 * ramp;
        let stopping = peak * peak / (2.0 * acceleration);
        let cruise = ((distance - ramped - stopping) / peak).max(0.0);
        segments.extend([
            Segment { seconds: ramp, acceleration: sign * (peak - entry).signum() * acceleration },
            Segment { seconds: cruise, acceleration: 0.0 },
            Segment { seconds: peak / acceleration, acceleration: -sign * acceleration },
        ]);
        Self { start, from, segments, end: Some(target) }
    }

    /// A ramp to `velocity`, which is then kept; a velocity of zero is a stop.
    pub fn ramp(start: Instant, from: Point, velocity: f64, acceleration: f64) -> Self {
        let change = velocity - from.velocity;
        let ramp = Segment { seconds: change.abs() / acceleration, acceleration: change.signum() * acceleration };
        let after = advance(from, ramp, ramp.seconds);
        let mut segments = vec![ramp];
        if velocity != 0.0 {
            segments.push(Segment { seconds: f64::INFINITY, acceleration: 0.0 });
        }
        let end = (velocity == 0.0).then_some(after.position);
        Self { start, from, segments, end }
    }

    pub fn start(&self) -> Instant {
        self.start
    }

    pub fn at(&self, when: Instant) -> Point {
        let mut left = when.saturating_duration_since(self.start).as_secs_f64();
        let mut at = self.from;
        for segment in &self.segments {
            if left < segment.seconds {
                return advance(at, *segment, left);
            }
            at = advance(at, *segment, segment.seconds);
            left -= segment.seconds;
        }
        Point { position: self.end.unwrap_or(at.position), velocity: 0.0 }
    }

    /// How long the axis has stood at the end of the path; `None` while it moves.
    pub fn at_rest_for(&self, when: Instant) -> Option<Duration> {
        let seconds: f64 = self.segments.iter().map(|segment| segment.seconds).sum();
        let total = Duration::try_from_secs_f64(seconds).ok()?;
        when.saturating_duration_since(self.start).checked_sub(total)
    }
}

fn advance(from: Point, segment: Segment, seconds: f64) -> Point {
    let gained = segment.acceleration * seconds;
    Point { position: from.position + (from.velocity + gained / 2.0) * seconds, velocity: from.velocity + gained }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(path: &Path, seconds: f64) -> Point {
        path.at(path.start() + Duration::from_secs_f64(seconds))
    }

    const REST: Point = Point { position: 0.0, velocity: 0.0 };

    #[test]
    fn a_long_move_cruises_at_its_speed_and_ends_on_its_target() {
        let path = Path::to(Instant::now(), REST, 100.0, 10.0, 20.0);
        assert_eq!(after(&path, 5.0).velocity, 10.0);
        assert_eq!(after(&path, 11.0), Point { position: 100.0, velocity: 0.0 });
    }

    #[test]
    fn a_short_move_never_reaches_its_speed() {
        let path = Path::to(Instant::now(), REST, -1.0, 10.0, 4.0);
        let middle = after(&path, 0.5);
        assert!((middle.position + 0.5).abs() < 1e-9 && (middle.velocity + 2.0).abs() < 1e-9);
        assert_eq!(after(&path, 1.001).position, -1.0);
    }

    #[test]
    fn a_target_behind_a_moving_axis_is_reached_after_braking() {
        let moving = Point { position: 0.0, velocity: 10.0 };
        let path = Path::to(Instant::now(), moving, -5.0, 10.0, 10.0);
        assert!((after(&path, 1.0).position - 5.0).abs() < 1e-9);
        assert_eq!(after(&path, 60.0).position, -5.0);
    }

    #[test]
    fn a_stop_ends_after_the_braking_distance() {
        let moving = Point { position: 0.0, velocity: 10.0 };
        let path = Path::ramp(Instant::now(), moving, 0.0, 10.0);
        assert!((after(&path, 9.0).position - 5.0).abs() < 1e-9);
        assert!(path.at_rest_for(path.start() + Duration::from_millis(999)).is_none());
        assert!(path.at_rest_for(path.start() + Duration::from_millis(1001)).is_some());
    }

    #[test]
    fn a_move_to_where_the_axis_is_has_no_length() {
        let path = Path::to(Instant::now(), REST, 0.0, 10.0, 10.0);
        assert_eq!(after(&path, 0.0), REST);
        assert!(path.at_rest_for(path.start() + Duration::from_millis(1)).is_some());
    }
}
