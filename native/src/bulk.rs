//! Many channels in one crossing and one flight: connected channels are asked in one go, the others as they connect.

use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::future::join_all;
use tokio::time::{timeout_at, Instant};

use crate::ca::{self, Form};
use crate::channel::{Channel, Io};
use crate::error::{Code, Failure, Outcome};
use crate::input::Input;
use crate::operation::Ticket;
use crate::pva::{self, Prepared};
use crate::pva_operation::Flight;
use crate::pva_put::Put;
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

/// A question to one channel, under way.
enum Asked<'a, T> {
    /// Its one answer is awaited.
    Sent(Pending<'a, T>),
    /// It has steps, which are taken as they are waited for.
    Begun(Pending<'a, T>),
}

/// Asks all connected channels in one flight, the others as they connect. Each answer in its place; what has not come by the
/// deadline fails by itself and holds nothing up.
async fn ask_all<'a, T: Send>(
    channels: &'a [Option<Arc<Channel>>],
    deadline: Instant,
    late: impl Fn(usize, &Channel) -> Failure,
    ask: impl Fn(usize, &'a Channel, &mut Flight) -> Outcome<Asked<'a, T>> + Send + Sync,
) -> Vec<Outcome<T>> {
    let ask = &ask;
    let mut flight = Flight::default();
    let mut sent: Vec<(usize, Pending<T>)> = Vec::with_capacity(channels.len());
    let mut begun: Vec<(usize, Pending<T>)> = Vec::new();
    let mut results: Vec<Outcome<T>> = channels.iter().map(|_| Err(closed())).collect();
    for (index, channel) in channels.iter().enumerate() {
        let Some(channel) = channel else { continue };
        if !channel.wire.is_up() {
            let later = async move {
                channel.wire.wait_up().await?;
                let mut flight = Flight::default();
                let (Asked::Sent(answer) | Asked::Begun(answer)) = ask(index, channel, &mut flight)?;
                // Many connect at the same time.
                flight.send_soon();
                answer.await
            };
            begun.push((index, Box::pin(later)));
            continue;
        }
        match ask(index, channel, &mut flight) {
            Ok(Asked::Sent(answer)) => sent.push((index, answer)),
            Ok(Asked::Begun(answer)) => begun.push((index, answer)),
            Err(failure) => results[index] = Err(failure),
        }
    }
    flight.send();
    let sent = async {
        let mut answers = Vec::with_capacity(sent.len());
        for (index, answer) in sent {
            answers.push((index, timeout_at(deadline, answer).await));
        }
        answers
    };
    let begun = join_all(begun.into_iter().map(|(index, answer)| async move { (index, timeout_at(deadline, answer).await) }));
    let (sent, begun) = tokio::join!(sent, begun);
    for (index, answer) in sent.into_iter().chain(begun) {
        let channel = channels[index].as_ref().expect("a channel that was asked");
        results[index] = answer.unwrap_or_else(|_| Err(late(index, channel)));
    }
    results
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
    ask_all(channels, deadline, |_, channel| late(channel), |_, channel, flight| {
        Ok(match &channel.io {
            Io::Ca(io) => Asked::Sent(io.ask(|channel| ca::request(channel, form))?),
            Io::Pva(io) => match io.begin(&Prepared::Get, flight)? {
                Ok(operation) => {
                    let (operation, reply) = pva::request(operation, flight);
                    Asked::Sent(Box::pin(io.receive(operation, reply, form)))
                }
                Err(beginning) => {
                    Asked::Begun(Box::pin(async move { io.read_with(beginning.finish().await?, form).await }))
                }
            },
        })
    })
    .await
}

/// Connects all at once; `metadata` asks each for units, limits, choices and columns too.
pub(crate) async fn connect(ticket: Ticket, channels: Vec<Option<Arc<Channel>>>, metadata: bool, timeout: Duration) {
    let deadline = Instant::now() + timeout;
    let connects = ask_all(&channels, deadline, |_, channel| late(channel), |_, channel, flight| {
        if metadata {
            describe(channel, flight)
        } else {
            identify(channel, flight)
        }
    });
    let results = tokio::task::unconstrained(connects).await;
    ticket.bulk(answers(results, |answer| answer));
}

fn identify<'a>(channel: &'a Channel, flight: &mut Flight) -> Outcome<Asked<'a, Answer>> {
    Ok(Asked::Begun(match &channel.io {
        Io::Ca(_) => Box::pin(async move { info(channel).await.map(Answer::Info) }),
        Io::Pva(io) => match io.begin(&Prepared::Get, flight)? {
            Ok(operation) => Box::pin(std::future::ready(Ok(Answer::Info(io.info_with(operation))))),
            Err(beginning) => Box::pin(async move { Ok(Answer::Info(io.info_with(beginning.finish().await?))) }),
        },
    }))
}

fn describe<'a>(channel: &'a Channel, flight: &mut Flight) -> Outcome<Asked<'a, Answer>> {
    let answer = |metadata| Answer::Metadata(Box::new(metadata));
    Ok(match &channel.io {
        Io::Ca(io) => {
            let metadata = io.ask(ca::metadata)?;
            Asked::Sent(Box::pin(async move { metadata.await.map(answer) }))
        }
        Io::Pva(io) => match io.begin(&Prepared::Get, flight)? {
            Ok(operation) => {
                let (operation, reply) = pva::request(operation, flight);
                Asked::Sent(Box::pin(async move { io.receive_metadata(operation, reply).await.map(answer) }))
            }
            Err(beginning) => Asked::Begun(Box::pin(async move {
                io.metadata_with(beginning.finish().await?).await.map(answer)
            })),
        },
    })
}

pub(crate) async fn metadata(channel: &Channel) -> Outcome<Metadata> {
    match &channel.io {
        Io::Ca(io) => io.ask(ca::metadata)?.await,
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
    puts: Vec<Outcome<(Input, Put)>>,
    timeout: Duration,
) {
    let deadline = Instant::now() + timeout;
    let inputs: Vec<Mutex<Option<Input>>> = Vec::with_capacity(puts.len());
    let (mut inputs, mut how) = (inputs, Vec::with_capacity(puts.len()));
    for put in puts {
        let (input, put) = put.map_or_else(|failure| (None, Err(failure)), |(input, put)| (Some(input), Ok(put)));
        inputs.push(Mutex::new(input));
        how.push(put);
    }
    let started: Vec<AtomicBool> = how.iter().map(|_| AtomicBool::default()).collect();
    let overdue = |index: usize, channel: &Channel| match started[index].load(Ordering::Relaxed) {
        true => late(channel).after_send(),
        false => late(channel),
    };
    let puts = ask_all(&channels, deadline, overdue, |index, channel, flight| {
        let put = how[index].as_ref().map_err(Clone::clone)?;
        let input = inputs[index].lock().expect("what is written").take().expect("what is written once");
        started[index].store(true, Ordering::Relaxed);
        Ok(match &channel.io {
            Io::Ca(io) => Asked::Sent(io.ask(|wired| ca::put(wired, &channel.wire, input, put))?),
            Io::Pva(io) => match io.put_warm(&channel.wire, input, put, flight)? {
                Ok(written) => Asked::Sent(Box::pin(io.finish(written))),
                Err(input) => Asked::Begun(Box::pin(io.put(&channel.wire, input, put, None))),
            },
        })
    });
    let results = tokio::task::unconstrained(puts).await;
    ticket.bulk(answers(results, |()| Answer::Done));
}
