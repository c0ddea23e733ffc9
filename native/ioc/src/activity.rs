//! An activity behind a busy record: who asked for it, and how its task is told to begin and to end.

use std::time::Instant;

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender};
use tokio::time::timeout_at;

/// What a record asked of the task.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Command {
    /// Begin, for the request that the busy record then stands for.
    Start {
        ticket: u64,
    },
    Stop,
}

/// The state of a busy record: whether it reads 1, and for which start.
#[derive(Debug, Default)]
pub struct Request {
    requested: bool,
    ticket: u64,
}

impl Request {
    /// A start while the record already reads 1 belongs to the activity under way.
    pub fn start(&mut self) -> Option<Command> {
        if std::mem::replace(&mut self.requested, true) {
            return None;
        }
        self.ticket += 1;
        Some(Command::Start { ticket: self.ticket })
    }

    /// The record reads 0 again, by the task or by a client.
    pub fn end(&mut self) {
        self.requested = false;
    }

    /// Whether the record still stands for this start, and not for a later one.
    pub fn owes(&self, ticket: u64) -> bool {
        self.requested && self.ticket == ticket
    }
}

/// Tells the task, which lives as long as the process: nobody to tell when it is gone.
pub fn tell(task: &UnboundedSender<Command>, command: Option<Command>) {
    if let Some(command) = command {
        let _ = task.send(command);
    }
}

/// Waits until `when`, less when a stop comes first; true if one came.
pub async fn stop_before(when: Instant, commands: &mut UnboundedReceiver<Command>) -> bool {
    matches!(timeout_at(when.into(), commands.recv()).await, Ok(Some(Command::Stop)))
}
