//! Subscriptions: updates of a channel into the queue, for as long as they last.

use std::sync::Arc;

use epics_ca_rs::CaError;

use crate::channel::{Channel, Io};
use crate::error::{Code, Failure};
use crate::operation::Ticket;
use crate::queue::{Answer, Event};
use crate::subscription::Subscription;
use crate::{ca, ca_value, pva};

const ECA_DISCONN: u32 = 192;
const VALUE: u16 = 1 | 2;
const ALARM: u16 = 4;
const PROPERTY: u16 = 8;

/// Runs as long as the subscription does; answers why it ended.
pub(crate) async fn follow(
    channel: &Channel,
    mask: u16,
    server_queue: u32,
    ticket: &Ticket,
    subscription: Arc<Subscription>,
) -> Failure {
    let queue = ticket.queue.clone();
    match &channel.io {
        Io::Ca(io) => {
            let mut handle = match ca::subscribe(io, mask).await {
                Ok(handle) => handle,
                Err(failure) => return failure,
            };
            while let Some(update) = handle.recv().await {
                // Disconnections are told as such; what else is wrong with an update is told as an error of it.
                match update {
                    Ok(snapshot) => {
                        let is_array = io.element_count().is_ok_and(|count| count > 1);
                        queue.update(&subscription, ca_value::reading(snapshot, is_array));
                    }
                    Err(CaError::ServerError(ECA_DISCONN)) => {}
                    Err(error) if channel.wire.is_up() => {
                        queue.answer(subscription.operation, Answer::Failed(error.into()))
                    }
                    Err(_) => {}
                }
            }
            Failure::new(Code::Closed, "is closed with its context")
        }
        Io::Pva(io) => {
            let handle = io.subscribe(server_queue, move |update| match update {
                Ok((reading, touched)) => {
                    if touched.merged {
                        queue.push(Event::Dropped { operation: subscription.operation, count: 1 });
                    }
                    let wanted = (touched.value && mask & VALUE != 0)
                        || (touched.alarm && mask & ALARM != 0)
                        || (touched.property && mask & PROPERTY != 0);
                    if wanted {
                        queue.update(&subscription, reading);
                    }
                }
                Err(failure) => queue.answer(subscription.operation, Answer::Failed(failure)),
            });
            match handle {
                Ok(handle) => pva::ending(handle).await,
                Err(failure) => failure,
            }
        }
    }
}
