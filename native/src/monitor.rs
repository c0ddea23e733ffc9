//! Subscriptions: updates of a channel into the queue, for as long as they last.

use std::sync::Arc;

use epics_ca_rs::client::CaChannel;
use epics_ca_rs::CaError;

use crate::channel::{Channel, Io};
use crate::error::{Code, Failure, Outcome};
use crate::operation::Ticket;
use crate::pva_decode::Touched;
use crate::pva_monitor::{End, Window};
use crate::queue::{Answer, Event, Queue};
use crate::subscription::Subscription;
use crate::value::Reading;
use crate::{array_bound, ca, ca_value, counters};

const ECA_DISCONN: u32 = 192;
const VALUE: u16 = 1 | 2;
const ALARM: u16 = 4;
const PROPERTY: u16 = 8;

/// Runs as long as the subscription does; answers why it ended.
pub(crate) async fn follow(
    channel: &Channel,
    mask: u16,
    window: Window,
    ticket: &Ticket,
    subscription: Arc<Subscription>,
) -> Failure {
    let queue = ticket.queue.clone();
    match &channel.io {
        Io::Ca(io) => {
            let mut channels = io.follow();
            loop {
                let current = channels.borrow_and_update().clone();
                let followed = async {
                    channel.wire.wait_up().await?;
                    follow_ca(channel, &current, mask, &queue, &subscription).await
                };
                // The subscription of a channel that was made anew is made anew with it, never beside it.
                tokio::select! {
                    ended = followed => {
                        return ended.err().unwrap_or_else(|| Failure::new(Code::Closed, "is closed with its context"))
                    }
                    changed = channels.changed() => if changed.is_err() {
                        return Failure::new(Code::Closed, "is closed");
                    },
                }
            }
        }
        Io::Pva(io) => loop {
            let connection = match channel.wire.wait_connection().await {
                Ok(connection) => connection,
                Err(failure) => return failure,
            };
            let told = io.monitor(window, |update| hand_on(update, mask, &queue, &subscription));
            // The loss of a connection ends its subscription, so that there is never one beside another.
            tokio::select! {
                () = channel.wire.lost(connection) => continue,
                end = told => match end {
                    Ok(end) => {
                        if let End::Told(failure) = end {
                            queue.answer(subscription.operation, Answer::Failed(failure));
                        }
                        channel.wire.lost(connection).await;
                    }
                    Err(failure) => return failure,
                },
            }
        },
    }
}

fn hand_on(
    update: Outcome<(Reading, Touched)>,
    mask: u16,
    queue: &Queue,
    subscription: &Arc<Subscription>,
) {
    let (reading, touched) = match update {
        Ok(update) => update,
        Err(failure) => return queue.answer(subscription.operation, Answer::Failed(failure)),
    };
    if touched.merged {
        counters::overran(1);
        queue.push(Event::Dropped { operation: subscription.operation, count: 1 });
    }
    let wanted = (touched.value && mask & VALUE != 0)
        || (touched.alarm && mask & ALARM != 0)
        || (touched.property && mask & PROPERTY != 0);
    if wanted {
        queue.update(subscription, Reading { property: touched.property, ..reading });
    }
}

async fn follow_ca(
    channel: &Channel,
    current: &CaChannel,
    mask: u16,
    queue: &Queue,
    subscription: &Arc<Subscription>,
) -> Outcome<()> {
    let mut handle = ca::subscribe(current, mask).await?;
    let mut refusal = match mask {
        PROPERTY => None,
        _ => array_bound::refusal(current, current.native_field_type()?.time_dbr_type())?,
    };
    loop {
        let update = tokio::select! {
            biased;
            update = handle.recv() => update,
            failure = async { refusal.as_mut().expect("a refusal").await }, if refusal.is_some() => {
                refusal = None;
                queue.answer(subscription.operation, Answer::Failed(failure));
                continue;
            }
        };
        let Some(update) = update else { return Ok(()) };
        refusal = None;
        // Disconnections are told as such; what else is wrong with an update is told as an error of it.
        match update {
            Ok(snapshot) => {
                let is_array = current.element_count().is_ok_and(|count| count > 1);
                queue.update(subscription, ca_value::reading(snapshot, is_array));
            }
            Err(CaError::ServerError(ECA_DISCONN)) => {}
            Err(error) if channel.wire.is_up() => queue.answer(subscription.operation, Answer::Failed(error.into())),
            Err(_) => {}
        }
    }
}
