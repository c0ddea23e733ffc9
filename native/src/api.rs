//! The functions of the addon. Each is a plain synchronous call; what takes time is an operation with an id of the
//! caller's, and its answer comes through the queue.

use std::sync::atomic::Ordering;
use std::sync::Arc;
use std::time::Duration;

use napi::bindgen_prelude::{JsValue, Uint32Array, Unknown};
use napi::{Env, Error, Result};
use napi_derive::napi;

use crate::ca::{self, Form};
use crate::channel::{self, Channel, Io, Protocol, State};
use crate::context::{self, ContextOptions};
use crate::counters::{self, Counters};
use crate::error::{Code, Failure, Outcome};
use crate::input::{self, Input};
use crate::operation::{self, Ticket};
use crate::pva_monitor::Window;
use crate::pva_put::Put;
use crate::queue::{self, Answer, Queue};
use crate::subscription::Subscription;
use crate::{bulk, log, monitor, pva_rpc, runtime};

fn refused(failure: Failure) -> Error {
    Error::from_reason(failure.message)
}

fn queue_of(id: u32) -> Result<Arc<Queue>> {
    queue::find(id).ok_or_else(|| Error::from_reason("no such queue"))
}

fn form_of(form: u32) -> Form {
    match form {
        0 => Form::Value,
        1 => Form::Time,
        _ => Form::Control,
    }
}

/// Opens the queue of an environment. `deliver(count, others)` is called with `count` records in `numbers`, or with -1 when there is
/// more than the loop can be held for: `wakeQueue` is then to be called in its next turn.
#[napi(
    catch_unwind,
    ts_args_type = "numbers: Float64Array, deliver: (count: number, others: unknown[] | undefined) => void"
)]
pub fn open_queue(env: Env, numbers: Unknown, deliver: Unknown) -> Result<u32> {
    runtime::runtime();
    log::install();
    // SAFETY: both values are of this call.
    unsafe { Queue::open(env.raw(), numbers.raw(), deliver.raw()) }
        .ok_or_else(|| Error::from_reason("takes a Float64Array and a function"))
}

#[napi(catch_unwind)]
pub fn open_context(options: ContextOptions) -> u32 {
    context::open(options)
}

#[napi(catch_unwind)]
pub fn close_context(context: u32) {
    channel::close_context(context);
    context::close(context);
}

#[napi(catch_unwind)]
pub fn context_ids() -> Vec<u32> {
    context::ids()
}

/// The sources of the channels that users of this context hold, in any thread.
#[napi(catch_unwind)]
pub fn channels_in_use(context: u32) -> Vec<String> {
    channel::in_use(context)
}

#[napi(catch_unwind)]
pub fn open_channel(queue: u32, context: u32, pva: bool, name: String, in_use: bool) -> Result<u32> {
    let protocol = if pva { Protocol::Pva } else { Protocol::Ca };
    channel::open(queue, context, protocol, name, in_use).map_err(refused)
}

#[napi(catch_unwind)]
pub fn close_channel(channel: u32) {
    channel::close(channel);
}

/// Bit 0: connected; bit 1: readable; bit 2: writable; the number of connections so far from bit 3 on.
#[napi(catch_unwind)]
pub fn link_of(channel: u32) -> u32 {
    channel::find(channel).map_or(0, |channel| {
        let link = channel.wire.link();
        u32::from(link.state == State::Connected)
            + 2 * u32::from(link.read)
            + 4 * u32::from(link.write)
            + 8 * link.number()
    })
}

fn start<T, F>(
    queue: u32,
    operation: u32,
    channel: u32,
    answer: fn(T) -> Answer,
    run: impl FnOnce(Arc<Channel>) -> F + Send + 'static,
) -> Result<()>
where
    T: Send + 'static,
    F: std::future::Future<Output = Outcome<T>> + Send,
{
    counters::requested(1);
    let found = channel::find(channel);
    operation::start(queue_of(queue)?, operation, |ticket| async move {
        let Some(channel) = found else {
            return ticket.answer(Answer::Failed(Failure::new(Code::Closed, "is closed")));
        };
        let outcome = match channel.wire.wait_up().await {
            Ok(()) => {
                ticket.sent();
                run(channel).await
            }
            Err(failure) => Err(failure),
        };
        ticket.answer(outcome.map_or_else(Answer::Failed, answer));
    });
    Ok(())
}

#[napi(catch_unwind)]
pub fn connect(queue: u32, operation: u32, channel: u32) -> Result<()> {
    start(queue, operation, channel, Answer::Info, |channel| async move { bulk::info(&channel).await })
}

/// `form`: 0 the value, 1 with alarm and time stamp, 2 with metadata too.
#[napi(catch_unwind)]
pub fn read(queue: u32, operation: u32, channel: u32, form: u32) -> Result<()> {
    let form = form_of(form);
    start(queue, operation, channel, Answer::Reading, move |channel| async move {
        match &channel.io {
            Io::Ca(io) => io.ask(|channel| ca::request(channel, form))?.await,
            Io::Pva(io) => io.read(form).await,
        }
    })
}

#[napi(catch_unwind)]
pub fn metadata(queue: u32, operation: u32, channel: u32) -> Result<()> {
    start(
        queue,
        operation,
        channel,
        |metadata| Answer::Metadata(Box::new(metadata)),
        |channel| async move { bulk::metadata(&channel).await },
    )
}

/// `metadata` of many channels with one call; each has an operation of its own.
#[napi(catch_unwind)]
pub fn metadata_of_many(queue: u32, operations: Uint32Array, channels: Uint32Array) -> Result<()> {
    for (operation, channel) in operations.iter().zip(channels.iter()) {
        metadata(queue, *operation, *channel)?;
    }
    Ok(())
}

/// The description of a pvAccess channel's structure; null over Channel Access, which has none.
#[napi(catch_unwind)]
pub fn describe(queue: u32, operation: u32, channel: u32) -> Result<()> {
    start(queue, operation, channel, Answer::Value, |channel| async move {
        match &channel.io {
            Io::Ca(_) => Ok(crate::value::Value::Null),
            Io::Pva(io) => io.description().await,
        }
    })
}

#[allow(clippy::too_many_arguments)]
/// `field` is the path of one field of a pvAccess structure, empty for the value. `connection` is the one that the value was
/// made for, as `linkOf` counts them: on any other it is refused; 0 for any.
#[napi(catch_unwind)]
pub fn put(
    env: Env,
    queue: u32,
    operation: u32,
    channel: u32,
    value: Unknown,
    field: String,
    wait: bool,
    connection: u32,
) -> Result<()> {
    // SAFETY: the value is of this call.
    let value = unsafe { input::take(env.raw(), value.raw()) };
    counters::requested(1);
    let found = channel::find(channel);
    operation::start(queue_of(queue)?, operation, move |ticket| async move {
        let outcome = write(found, value, &Put { field, wait, connection }, &ticket).await;
        ticket.answer(outcome.map_or_else(Answer::Failed, |()| Answer::Done));
    });
    Ok(())
}

async fn write(channel: Option<Arc<Channel>>, value: Outcome<Input>, put: &Put, ticket: &Ticket) -> Outcome<()> {
    let channel = channel.ok_or_else(|| Failure::new(Code::Closed, "is closed"))?;
    let value = value?;
    channel.wire.on_connection(put.connection)?;
    channel.wire.wait_up().await?;
    match &channel.io {
        Io::Ca(_) if !put.field.is_empty() => {
            Err(Failure::type_of("is one value over Channel Access: name a record's field in the PV, X.FIELD"))
        }
        Io::Ca(io) => {
            let written = io.ask(|wired| ca::put(wired, &channel.wire, value, put))?;
            ticket.sent();
            written.await
        }
        Io::Pva(io) => io.put(&channel.wire, value, put, Some(ticket)).await,
    }
}

/// A call over pvAccess: `query` is sent as an NTURI with the channel's name as its path.
#[napi(catch_unwind)]
pub fn rpc(env: Env, queue: u32, operation: u32, channel: u32, query: Unknown) -> Result<()> {
    // SAFETY: the value is of this call.
    let query = unsafe { pva_rpc::query(env.raw(), query.raw()) };
    start(queue, operation, channel, Answer::Value, |channel| async move {
        match &channel.io {
            Io::Ca(_) => Err(Failure::type_of("can't be called: only pvAccess has calls, use pva://")),
            Io::Pva(io) => io.call(query?).await,
        }
    })
}

#[allow(clippy::too_many_arguments)]
/// Updates of the channel until cancelled. `mask`: 1 value, 2 log, 4 alarm, 8 property. At most `limit` wait here.
#[napi(catch_unwind)]
pub fn subscribe(
    queue: u32,
    operation: u32,
    channel: u32,
    mask: u32,
    server_queue: u32,
    pipeline: bool,
    limit: u32,
    latest: bool,
) -> Result<()> {
    counters::requested(1);
    let found = channel::find(channel);
    operation::start(queue_of(queue)?, operation, |ticket| async move {
        let failure = match found {
            Some(channel) => {
                let subscription = Arc::new(Subscription::new(operation, limit as usize, latest));
                monitor::follow(&channel, mask as u16, Window { size: server_queue, pipeline }, &ticket, subscription).await
            }
            None => Failure::new(Code::Closed, "is closed"),
        };
        ticket.answer(Answer::Failed(failure));
    });
    Ok(())
}

/// Connection events of the channel until `unwatch`.
#[napi(catch_unwind)]
pub fn watch(queue: u32, operation: u32, channel: u32) -> Result<()> {
    if let Some(channel) = channel::find(channel) {
        channel.wire.watch(queue_of(queue)?, operation);
    }
    Ok(())
}

#[napi(catch_unwind)]
pub fn unwatch(queue: u32, operation: u32, channel: u32) {
    if let Some(channel) = channel::find(channel) {
        channel.wire.unwatch(queue, operation);
    }
}

/// Ends an operation without an answer. 0: it had ended; 1: nothing was sent yet; 2: its request was sent.
#[napi(catch_unwind)]
pub fn cancel(queue: u32, operation: u32) -> u32 {
    u32::from(operation::cancel(queue, operation))
}

fn milliseconds(timeout: f64) -> Duration {
    Duration::from_secs_f64((timeout / 1000.0).clamp(0.0, 1e8))
}

#[napi(catch_unwind)]
pub fn bulk_read(queue: u32, operation: u32, channels: Uint32Array, form: u32, timeout_ms: f64) -> Result<()> {
    counters::requested(channels.len());
    let channels = channel::find_many(&channels);
    let (form, timeout) = (form_of(form), milliseconds(timeout_ms));
    operation::start(queue_of(queue)?, operation, |ticket| bulk::get(ticket, channels, form, timeout));
    Ok(())
}

#[napi(catch_unwind)]
pub fn bulk_connect(queue: u32, operation: u32, channels: Uint32Array, metadata: bool, timeout_ms: f64) -> Result<()> {
    counters::requested(channels.len());
    let channels = channel::find_many(&channels);
    let timeout = milliseconds(timeout_ms);
    operation::start(queue_of(queue)?, operation, |ticket| bulk::connect(ticket, channels, metadata, timeout));
    Ok(())
}

/// One number of each channel: `{ values, timestamps, severities, failures }`, typed arrays in the channels' order.
#[napi(catch_unwind)]
pub fn bulk_read_numbers(queue: u32, operation: u32, channels: Uint32Array, timeout_ms: f64) -> Result<()> {
    counters::requested(channels.len());
    let channels = channel::find_many(&channels);
    let timeout = milliseconds(timeout_ms);
    operation::start(queue_of(queue)?, operation, |ticket| bulk::numbers(ticket, channels, timeout));
    Ok(())
}

#[allow(clippy::too_many_arguments)]
/// Of each value the connection that it was made for, or 0.
#[napi(catch_unwind)]
pub fn bulk_put(
    env: Env,
    queue: u32,
    operation: u32,
    channels: Uint32Array,
    #[napi(ts_arg_type = "unknown[]")] values: Vec<Unknown>,
    connections: Uint32Array,
    wait: bool,
    timeout_ms: f64,
) -> Result<()> {
    counters::requested(channels.len());
    // SAFETY: the values are of this call.
    let values = values.iter().map(|value| unsafe { input::take(env.raw(), value.raw()) });
    let puts = values.zip(connections.iter()).map(|(value, &connection)| {
        let put = Put { field: String::new(), wait, connection };
        Ok((value?, put))
    });
    let puts = puts.collect();
    let channels = channel::find_many(&channels);
    let timeout = milliseconds(timeout_ms);
    operation::start(queue_of(queue)?, operation, |ticket| bulk::put(ticket, channels, puts, timeout));
    Ok(())
}

#[napi(catch_unwind)]
pub fn wake_queue(queue: u32) -> Result<()> {
    queue_of(queue)?.wake();
    Ok(())
}

#[napi(catch_unwind)]
pub fn listen_to_logs(queue: u32, listen: bool) -> Result<()> {
    queue_of(queue)?.wants_logs.store(listen, Ordering::Relaxed);
    Ok(())
}

/// False when there is no such level.
#[napi(catch_unwind)]
pub fn set_log_level(target: String, level: String) -> bool {
    log::set_level(&target, &level)
}

#[napi(catch_unwind)]
pub fn caught_panic_count() -> u32 {
    runtime::caught_panics()
}

/// Of the whole process; the wake-ups of this queue alone.
#[napi(catch_unwind)]
pub fn counters(queue: u32) -> Result<Counters> {
    Ok(counters::read(&*queue_of(queue)?))
}

/// Panics on purpose, in the call or in an operation: what is promised about panics has to be tried.
#[napi(catch_unwind)]
pub fn provoke_panic(queue: u32, operation: u32, in_operation: bool) -> Result<()> {
    if !in_operation {
        panic!("provoked in a call");
    }
    operation::start(queue_of(queue)?, operation, |ticket| async move {
        let _kept = ticket;
        panic!("provoked in an operation");
    });
    Ok(())
}
