//! Many channels in one crossing and one flight: connected channels are asked in one go, the others as they connect.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use tokio::time::{timeout_at, Instant};

use crate::ca::{self, Form};
use crate::channel::{Channel, Io};
use crate::error::{Code, Failure, Outcome};
use crate::input::Input;
use crate::operation::Ticket;
use crate::pva_operation::Flight;
use crate::queue::Answer;
use crate::value::{Metadata, Numbers, Reading, Value};

type Pending<'a, T> = Pin<Box<dyn Future<Output = Outcome<T>> + Send + 'a>>;

fn closed() -> Failure {
    Failure::new(Code::Closed, "is closed")
}

fn late(channel: &Channel) -> Failure {
    if channel.wire.is_up() {
        Failure::new(Code::Timeout, "gave no answer in time")
    } else {
        Failure::new(Code::NotConnected, "was not found in time; check its name, its IOC and the address list")
    }
}

/// Each answer in order; what has not come by the deadline fails by itself and holds nothing up.
async fn by<T>(deadline: Instant, items: Vec<(&Channel, Outcome<Pending<'_, T>>)>) -> Vec<Outcome<T>> {
    join_all(items.into_iter().map(|(channel, pending)| async move {
        match pending {
            Ok(pending) => timeout_at(deadline, pending).await.unwrap_or_else(|_| Err(late(channel))),
            Err(failure) => Err(failure),
        }
    }))
    .await
}

fn answers<T>(results: Vec<Outcome<T>>, answer: impl Fn(T) -> Answer) -> Vec<Answer> {
    results.into_iter().map(|result| result.map_or_else(Answer::Failed, &answer)).collect()
}

pub(crate) async fn get(ticket: Ticket, channels: Vec<Option<Arc<Channel>>>, form: Form, timeout: Duration) {
    let deadline = Instant::now() + timeout;
    // The budget of a tokio task would make ready answers look late at the deadline.
    let results = tokio::task::unconstrained(read_all(&channels, form, deadline)).await;
    ticket.bulk(answers(results, Answer::Reading));
}

async fn read_all(channels: &[Option<Arc<Channel>>], form: Form, deadline: Instant) -> Vec<Outcome<Reading>> {
    let mut flight = Flight::default();
    let mut hot: Vec<(usize, Pending<Reading>)> = Vec::with_capacity(channels.len());
    let mut cold: Vec<(&Channel, Outcome<Pending<Reading>>)> = Vec::new();
    let mut places = Vec::new();
    let mut results: Vec<Outcome<Reading>> = channels.iter().map(|_| Err(closed())).collect();
    for (index, channel) in channels.iter().enumerate() {
        let Some(channel) = channel else { continue };
        match request(channel, form, &mut flight) {
            Some(Ok(pending)) => hot.push((index, pending)),
            Some(Err(failure)) => results[index] = Err(failure),
            None => {
                places.push(index);
                cold.push((
                    channel,
                    Ok(Box::pin(async move {
                        channel.wire.wait_up().await?;
                        match &channel.io {
                            Io::Ca(io) => ca::request(&io.channel(), form)?.await,
                            Io::Pva(io) => io.read(form).await,
                        }
                    })),
                ));
            }
        }
    }
    flight.send();
    let hot = async {
        let mut results = Vec::with_capacity(hot.len());
        for (index, pending) in hot {
            results.push((index, timeout_at(deadline, pending).await));
        }
        results
    };
    let (hot, cold) = tokio::join!(hot, by(deadline, cold));
    for (index, result) in hot {
        results[index] = result.unwrap_or_else(|_| Err(late(channels[index].as_ref().expect("a hot channel"))));
    }
    for (index, result) in places.into_iter().zip(cold) {
        results[index] = result;
    }
    results
}

/// None when the channel has to be connected or prepared first.
fn request<'a>(channel: &'a Channel, form: Form, flight: &mut Flight) -> Option<Outcome<Pending<'a, Reading>>> {
    if !channel.wire.is_up() {
        return None;
    }
    match &channel.io {
        Io::Ca(io) => Some(ca::request(&io.channel(), form).map(|pending| pending as Pending<Reading>)),
        Io::Pva(io) => match io.request_warm(flight) {
            Ok(Some((operation, reply))) => Some(Ok(Box::pin(io.receive(operation, reply, form)))),
            Ok(None) => None,
            Err(failure) => Some(Err(failure)),
        },
    }
}

/// Connects all at once; `metadata` asks each for units, limits, choices and columns too.
pub(crate) async fn connect(ticket: Ticket, channels: Vec<Option<Arc<Channel>>>, metadata: bool, timeout: Duration) {
    let deadline = Instant::now() + timeout;
    let connects = channels.iter().map(|channel| async move {
        let channel = channel.as_ref().ok_or_else(closed)?;
        let connected = async {
            channel.wire.wait_up().await?;
            if metadata {
                return self::metadata(channel).await.map(|metadata| Answer::Metadata(Box::new(metadata)));
            }
            info(channel).await.map(Answer::Info)
        };
        timeout_at(deadline, connected).await.unwrap_or_else(|_| Err(late(channel)))
    });
    let results = tokio::task::unconstrained(join_all(connects)).await;
    ticket.bulk(answers(results, |answer| answer));
}

pub(crate) async fn metadata(channel: &Channel) -> Outcome<Metadata> {
    match &channel.io {
        Io::Ca(io) => ca::metadata(&io.channel())?.await,
        Io::Pva(io) => io.metadata().await,
    }
}

/// Numbers of all channels as columns; what is none of them has failed in its place.
pub(crate) async fn numbers(ticket: Ticket, channels: Vec<Option<Arc<Channel>>>, timeout: Duration) {
    let deadline = Instant::now() + timeout;
    let results = tokio::task::unconstrained(read_all(&channels, Form::Time, deadline)).await;
    let mut values = Vec::with_capacity(results.len());
    let mut timestamps = Vec::with_capacity(results.len());
    let mut severities = Vec::with_capacity(results.len());
    let mut failures = Vec::new();
    for (index, result) in results.into_iter().enumerate() {
        let number = result.and_then(|reading| Ok((as_number(&reading.value)?, reading)));
        let (value, timestamp, severity) = match number {
            Ok((value, reading)) => (value, reading.timestamp, reading.severity as i8),
            Err(failure) => {
                failures.push(Value::Structure(vec![
                    ("index".to_string(), Value::Number(index as f64)),
                    ("code".to_string(), Value::Number(f64::from(failure.code as u8))),
                    ("message".to_string(), Value::Text(failure.message)),
                ]));
                (f64::NAN, f64::NAN, -1)
            }
        };
        values.push(value);
        timestamps.push(timestamp);
        severities.push(severity);
    }
    ticket.answer(Answer::Value(Value::Structure(vec![
        ("values".to_string(), Value::Numbers(Numbers::new::<f64>(values))),
        ("timestamps".to_string(), Value::Numbers(Numbers::new::<f64>(timestamps))),
        ("severities".to_string(), Value::Numbers(Numbers::new::<i8>(severities))),
        ("failures".to_string(), Value::List(failures)),
    ])));
}

/// A 64-bit integer only where a double holds it.
fn as_number(value: &Value) -> Outcome<f64> {
    match value {
        Value::Number(number) => Ok(*number),
        Value::Bool(truth) => Ok(f64::from(u8::from(*truth))),
        Value::Long(number) if *number as f64 as i128 == i128::from(*number) => Ok(*number as f64),
        Value::ULong(number) if *number as f64 as u128 == u128::from(*number) => Ok(*number as f64),
        _ => Err(Failure::type_of("has no single number that a column of float64 could hold")),
    }
}

pub(crate) async fn info(channel: &Channel) -> Outcome<crate::value::Info> {
    match &channel.io {
        Io::Ca(io) => ca::info(&io.channel()).await,
        Io::Pva(io) => io.info().await,
    }
}

pub(crate) async fn put(
    ticket: Ticket,
    channels: Vec<Option<Arc<Channel>>>,
    values: Vec<Outcome<Input>>,
    wait: bool,
    timeout: Duration,
) {
    let deadline = Instant::now() + timeout;
    let puts = channels.iter().zip(values).map(|(channel, value)| async move {
        let channel = channel.as_ref().ok_or_else(closed)?;
        let value = value?;
        timeout_at(deadline, channel.wire.wait_up()).await.unwrap_or_else(|_| Err(late(channel)))?;
        let written = async {
            match &channel.io {
                Io::Ca(io) => ca::put(&io.channel(), &channel.wire, value, wait, None).await,
                Io::Pva(io) => io.put(value, "", wait, None).await,
            }
        };
        timeout_at(deadline, written).await.unwrap_or_else(|_| Err(late(channel).after_send()))
    });
    let results = tokio::task::unconstrained(join_all(puts)).await;
    ticket.bulk(answers(results, |()| Answer::Done));
}
