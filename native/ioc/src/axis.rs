//! A simulated axis: travel between two limit switches, driven by a motor record.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use asyn_rs::error::AsynResult;
use asyn_rs::interfaces::motor::{AsynMotor, MotorStatus, PollFailure};
use asyn_rs::user::AsynUser;

use crate::motion::{Path, Point};
use crate::port::Port;

/// How long an axis stands still before it reports that it is done, as a servo settles. Readbacks and what
/// follows them have then seen the final position before a put-completion is answered.
const SETTLE: Duration = Duration::from_millis(25);

/// How far beyond its target an axis ends that misses it, in steps.
const MISS: f64 = 500.0;
/// How long an axis that starts late still reports that it is done.
const LATE: Duration = Duration::from_millis(300);

/// What goes wrong with the next moves, in the order of the record's menu.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Fault {
    None,
    /// It stops half way and says so.
    Stall,
    /// A switch closes half way, on moves in its direction.
    HighSwitch,
    LowSwitch,
    /// The driver reports a problem half way.
    Problem,
    /// It says that it is done for a while before it begins to move.
    Late,
    /// It ends beside its target and says nothing.
    Miss,
}

impl Fault {
    pub const MENU: [&'static str; 7] = ["None", "Stall", "High switch", "Low switch", "Problem", "Late", "Miss"];
    const ALL: [Self; 7] =
        [Self::None, Self::Stall, Self::HighSwitch, Self::LowSwitch, Self::Problem, Self::Late, Self::Miss];

    fn ends_half_way(self, forward: bool) -> bool {
        match self {
            Self::Stall | Self::Problem => true,
            Self::HighSwitch => forward,
            Self::LowSwitch => !forward,
            Self::None | Self::Late | Self::Miss => false,
        }
    }
}

/// One axis, shared by the motor record that moves it and the devices that sample its position.
#[derive(Clone)]
pub struct Axis(Arc<Mutex<State>>);

struct State {
    path: Path,
    /// The path before the last command: a sample taken late still finds where the axis was.
    previous: Path,
    /// Limit switches, in steps of the physical position.
    switches: (f64, f64),
    /// What `set_position` added to the physical position.
    offset: f64,
    forward: bool,
    homed: bool,
    fault: Fault,
    /// The fault that the move under way, or the last one, comes to.
    met: Fault,
}

impl Axis {
    /// An axis at rest at 0 between two limit switches, in steps.
    pub fn new(low_switch: f64, high_switch: f64) -> Self {
        let path = Path::rest(Instant::now(), 0.0);
        Self(Arc::new(Mutex::new(State {
            previous: path.clone(),
            path,
            switches: (low_switch, high_switch),
            offset: 0.0,
            forward: true,
            homed: false,
            fault: Fault::None,
            met: Fault::None,
        })))
    }

    /// The encoder's position at an instant not further back than the last command but one, in whole steps.
    pub fn steps_at(&self, when: Instant) -> f64 {
        let state = self.state();
        (state.at(when).position + state.offset).round()
    }

    /// The driver that a motor record commands.
    pub fn driver(&self) -> Arc<Mutex<dyn AsynMotor>> {
        Arc::new(Mutex::new(Driver(self.clone())))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn at(&self, when: Instant) -> Point {
        let path = if when < self.path.start() { &self.previous } else { &self.path };
        let mut at = path.at(when);
        let (low, high) = self.switches;
        if at.position <= low || at.position >= high {
            let outward = at.position >= high && at.velocity > 0.0 || at.position <= low && at.velocity < 0.0;
            at.position = at.position.clamp(low, high);
            if outward {
                at.velocity = 0.0;
            }
        }
        at
    }

    /// A switch ends the motion that drove the axis into it.
    fn heed_switches(&mut self, now: Instant) {
        let free = self.path.at(now);
        let at = self.at(now);
        if free.velocity != 0.0 && at.velocity == 0.0 {
            self.follow(Path::rest(now, at.position));
        }
    }

    fn follow(&mut self, path: Path) {
        self.previous = std::mem::replace(&mut self.path, path);
    }

    fn go_to(&mut self, target: f64, speed: f64, acceleration: f64) {
        let now = Instant::now();
        self.heed_switches(now);
        let from = self.at(now);
        if target != from.position {
            self.forward = target > from.position;
        }
        let met = std::mem::replace(&mut self.met, Fault::None);
        let (start, target) = match self.fault {
            fault if fault.ends_half_way(self.forward) && target != from.position => {
                self.met = fault;
                // Once it has met its fault, it moves no further in that direction.
                (now, if met == fault { from.position } else { (from.position + target) / 2.0 })
            }
            Fault::Late if from.velocity == 0.0 => (now + LATE, target),
            Fault::Miss => (now, target + MISS),
            _ => (now, target),
        };
        self.follow(Path::to(start, from, target, speed, acceleration));
    }

    fn ramp_to(&mut self, velocity: f64, acceleration: f64) {
        let now = Instant::now();
        self.heed_switches(now);
        if velocity != 0.0 {
            self.forward = velocity > 0.0;
        }
        let from = self.at(now);
        self.follow(Path::ramp(now, from, velocity, acceleration));
    }
}

/// The record of the fault.
impl Port for Axis {
    fn read(&self, parameter: &str) -> Option<f64> {
        let fault = self.state().fault;
        (parameter == "Fault").then(|| Fault::ALL.iter().position(|each| *each == fault).unwrap_or(0) as f64)
    }

    fn write(&self, parameter: &str, value: f64) {
        if let ("Fault", Some(fault)) = (parameter, Fault::ALL.get(value as usize)) {
            let mut state = self.state();
            state.fault = *fault;
            state.met = Fault::None;
        }
    }
}

struct Driver(Axis);

impl AsynMotor for Driver {
    fn move_absolute(
        &mut self,
        _user: &AsynUser,
        position: f64,
        _min_velocity: f64,
        velocity: f64,
        acceleration: f64,
    ) -> AsynResult<()> {
        let mut state = self.0.state();
        let target = position - state.offset;
        state.go_to(target, positive(velocity), positive(acceleration));
        Ok(())
    }

    fn move_relative(
        &mut self,
        _user: &AsynUser,
        distance: f64,
        _min_velocity: f64,
        velocity: f64,
        acceleration: f64,
    ) -> AsynResult<()> {
        let mut state = self.0.state();
        let target = state.at(Instant::now()).position + distance;
        state.go_to(target, positive(velocity), positive(acceleration));
        Ok(())
    }

    fn move_velocity(
        &mut self,
        _user: &AsynUser,
        _min_velocity: f64,
        velocity: f64,
        acceleration: f64,
    ) -> AsynResult<()> {
        self.0.state().ramp_to(velocity, positive(acceleration));
        Ok(())
    }

    fn home(
        &mut self,
        _user: &AsynUser,
        _min_velocity: f64,
        velocity: f64,
        acceleration: f64,
        _forward: bool,
    ) -> AsynResult<()> {
        let mut state = self.0.state();
        state.homed = true;
        state.go_to(0.0, positive(velocity), positive(acceleration));
        Ok(())
    }

    fn stop(&mut self, _user: &AsynUser, acceleration: f64) -> AsynResult<()> {
        self.0.state().ramp_to(0.0, positive(acceleration));
        Ok(())
    }

    fn set_position(&mut self, _user: &AsynUser, position: f64) -> AsynResult<()> {
        let mut state = self.0.state();
        state.offset = position - state.at(Instant::now()).position;
        Ok(())
    }

    fn poll(&mut self, _user: &AsynUser, status: &mut MotorStatus) -> AsynResult<()> {
        let now = Instant::now();
        let mut state = self.0.state();
        state.heed_switches(now);
        let at = state.at(now);
        let waits = now < state.path.start();
        let done = waits || state.path.at_rest_for(now).is_some_and(|rest| rest >= SETTLE);
        let met = if done { state.met } else { Fault::None };
        let (low, high) = state.switches;
        status.set_position((at.position + state.offset).round());
        status.set_encoder_position((at.position + state.offset).round());
        status.set_velocity(at.velocity);
        status.done = done;
        status.moving = !done;
        status.msta_moving = !done;
        status.direction = state.forward;
        status.high_limit = at.position >= high || met == Fault::HighSwitch;
        status.low_limit = at.position <= low || met == Fault::LowSwitch;
        status.home = at.position == 0.0;
        status.homed = state.homed;
        status.powered = true;
        status.has_encoder = true;
        status.slip_stall = met == Fault::Stall;
        status.problem = met == Fault::Problem;
        status.comms_error = false;
        Ok(())
    }

    fn poll_failure(&self) -> PollFailure {
        PollFailure::PROBLEM_AND_COMMS_ERROR
    }
}

/// The record sends 0 for what it has no value for; the axis then moves at one step a second.
fn positive(value: f64) -> f64 {
    if value.abs() > 0.0 {
        value.abs()
    } else {
        1.0
    }
}
