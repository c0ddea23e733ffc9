//! Finding lost channels again: the clients search what they have lost ever more seldom, and over pvAccess not at all for
//! 10 s after a connection that failed, for 30 s after a channel that was refused; but a new channel at once.
//!
//! A channel that is not connected is made anew after a moment, then every few seconds, a bounded number a second for
//! all of a client. The first one to be found tells the others, which are then searched together.

use std::time::Duration;

use tokio::sync::{watch, Mutex};
use tokio::time::{interval, sleep_until, Instant, Interval, MissedTickBehavior};

/// The pauses before each attempt; the last one is repeated.
const LOST: [Duration; 3] = [Duration::from_millis(500), Duration::from_secs(1), Duration::from_secs(2)];
/// A name that was never found may not exist, and its server may take its time to answer.
const UNKNOWN: [Duration; 4] =
    [Duration::from_secs(1), Duration::from_secs(2), Duration::from_secs(4), Duration::from_secs(8)];
/// Between the attempts of all channels of a client together.
const APART: Duration = Duration::from_millis(20);
/// What was searched less than this ago is not searched again because another one was found.
const CALM: Duration = Duration::from_millis(500);

pub(crate) struct Revival {
    turns: Mutex<Interval>,
    found: watch::Sender<u64>,
}

/// One channel's part in it.
pub(crate) struct Attempts<'a> {
    revival: &'a Revival,
    found: watch::Receiver<u64>,
    pauses: &'static [Duration],
    count: usize,
    last: Instant,
}

impl Revival {
    /// To be made inside the runtime.
    pub(crate) fn new() -> Self {
        let mut turns = interval(APART);
        turns.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Self { turns: Mutex::new(turns), found: watch::Sender::new(0) }
    }

    pub(crate) fn attempts(&self, was_known: bool) -> Attempts<'_> {
        let pauses: &[Duration] = if was_known { &LOST } else { &UNKNOWN };
        Attempts { revival: self, found: self.found.subscribe(), pauses, count: 0, last: Instant::now() }
    }

    /// A lost channel is back: so may be those that were lost with it.
    pub(crate) fn tell(&self) {
        self.found.send_modify(|count| *count += 1);
    }
}

impl Attempts<'_> {
    /// Returns when the channel is to be searched again.
    pub(crate) async fn next(&mut self) {
        let pause = self.pauses[self.count.min(self.pauses.len() - 1)];
        let patient = async {
            sleep_until(self.last + pause).await;
            self.revival.turns.lock().await.tick().await;
        };
        let called = async {
            if self.found.changed().await.is_err() {
                std::future::pending::<()>().await;
            }
            sleep_until(self.last + CALM).await;
        };
        tokio::select! {
            () = patient => {}
            () = called => {}
        }
        self.count += 1;
        self.last = Instant::now();
    }
}
