//! Channel Access: connecting, reading, writing, subscribing.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use epics_base_rs::types::DbFieldType;
use epics_ca_rs::client::{CaChannel, CaClient, ConnectionEvent, EnumReadback, MonitorHandle, ReqCount};
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{broadcast, watch};
use tokio::task::AbortHandle;

use crate::array_bound;
use crate::ca_value;
use crate::channel::{Io, State, Wire};
use crate::context::Context;
use crate::counters;
use crate::error::{Code, Failure, Outcome};
use crate::input::Input;
use crate::pva_put::Put;
use crate::revival::Revival;
use crate::runtime::runtime;
use crate::value::{now, Info, Metadata, Reading};

/// An answer on its way, whose request has been sent.
pub(crate) type Pending<T> = Pin<Box<dyn Future<Output = Outcome<T>> + Send>>;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    Value,
    Time,
    Control,
}

/// The client's channel, which is made anew while it is not connected; what is under way on the former ends with it.
pub(crate) struct CaIo {
    current: Arc<watch::Sender<CaChannel>>,
}

impl CaIo {
    pub(crate) fn channel(&self) -> CaChannel {
        self.current.borrow().clone()
    }

    /// Sends something over it, without the cost of a channel of one's own.
    pub(crate) fn ask<T>(&self, send: impl FnOnce(&CaChannel) -> T) -> T {
        send(&self.current.borrow())
    }

    pub(crate) fn follow(&self) -> watch::Receiver<CaChannel> {
        self.current.subscribe()
    }
}

pub(crate) fn connect(context: &Context, name: &str, wire: Arc<Wire>) -> Outcome<(Io, AbortHandle)> {
    let client = context.ca()?;
    let (channel, events) = client.create_channel_with_events(name, 0);
    let current = Arc::new(watch::Sender::new(channel));
    let driver = runtime().spawn(drive(context.ca_revival(), client, name.to_string(), current.clone(), events, wire));
    Ok((Io::Ca(CaIo { current }), driver.abort_handle()))
}

/// Follows the channel for as long as it lasts, and makes it anew while it is not connected.
async fn drive(
    revival: Arc<Revival>,
    client: Arc<CaClient>,
    name: String,
    current: Arc<watch::Sender<CaChannel>>,
    mut events: broadcast::Receiver<ConnectionEvent>,
    wire: Arc<Wire>,
) {
    let mut was_known = false;
    loop {
        let mut attempts = revival.attempts(was_known);
        while wire.link().state == State::Disconnected {
            tokio::select! {
                biased;
                event = events.recv() => if !take(event, &current, &wire).await { return },
                () = attempts.next() => {
                    let (channel, fresh) = client.create_channel_with_events(&name, 0);
                    counters::retried();
                    current.send_replace(channel);
                    events = fresh;
                }
            }
        }
        if was_known {
            revival.tell();
        }
        was_known = true;
        while wire.link().state != State::Disconnected {
            if !take(events.recv().await, &current, &wire).await {
                return;
            }
        }
    }
}

/// False at the end of the channel.
async fn take(event: Result<ConnectionEvent, RecvError>, current: &watch::Sender<CaChannel>, wire: &Wire) -> bool {
    let is_known = || current.borrow().native_field_type().is_ok();
    match event {
        Ok(ConnectionEvent::AccessRightsChanged { read, write }) => wire.access(read, write),
        Ok(ConnectionEvent::NativeTypeChanged { .. }) => {}
        Ok(ConnectionEvent::Connected) => {
            wire.enter(State::Connected);
            let channel = current.borrow().clone();
            if let Ok(info) = channel.info().await {
                wire.served_by(info.server_addr);
            }
        }
        // A silent server is told as a disconnection too; the channel then still knows its type.
        Ok(ConnectionEvent::Disconnected) if is_known() => wire.enter(State::Unresponsive),
        Ok(ConnectionEvent::Disconnected) => wire.enter(State::Disconnected),
        Err(RecvError::Lagged(_)) => wire.enter(if is_known() { State::Connected } else { State::Disconnected }),
        Err(RecvError::Closed) => return false,
    }
    true
}

pub(crate) async fn info(channel: &CaChannel) -> Outcome<Info> {
    let info = channel.info().await?;
    Ok(ca_value::info(&info))
}

/// Sends the request before it returns: requests made in one go leave in one write.
pub(crate) fn request(channel: &CaChannel, form: Form) -> Outcome<Pending<Reading>> {
    let native = channel.native_field_type()?;
    let is_array = channel.element_count()? > 1;
    let class = if form == Form::Value { native.to_dbr_type() as u16 } else { native.time_dbr_type() };
    let value = channel.get_callback(class, ReqCount::Autosize(0))?;
    let refusal = array_bound::refusal(channel, class)?;
    let control = if form == Form::Control { Some(metadata(channel)?) } else { None };
    Ok(Box::pin(async move {
        let snapshot = match refusal {
            None => value.await?,
            Some(refusal) => tokio::select! {
                biased;
                snapshot = value => snapshot?,
                failure = refusal => return Err(failure),
            },
        };
        let mut reading = ca_value::reading(snapshot, is_array);
        if form == Form::Value {
            reading.timestamp = now();
        }
        if let Some(control) = control {
            reading.metadata = Some(Box::new(control.await?));
        }
        Ok(reading)
    }))
}

/// Units, limits and choices with one element of the value at most.
pub(crate) fn metadata(channel: &CaChannel) -> Outcome<Pending<Metadata>> {
    let native = channel.native_field_type()?;
    let control = channel.get_callback(native.ctrl_dbr_type(), ReqCount::Fixed(1))?;
    let channel = channel.clone();
    Ok(Box::pin(async move {
        let snapshot = control.await?;
        let info = info(&channel).await?;
        Ok(ca_value::metadata(&snapshot, info, matches!(native, DbFieldType::Float | DbFieldType::Double)))
    }))
}

/// Sends the value before it returns: what is written in one go leaves in one write.
pub(crate) fn put(channel: &CaChannel, wire: &Wire, input: Input, put: &Put) -> Outcome<Pending<()>> {
    if !wire.link().write {
        return Err(Failure::new(Code::WriteAccess, "denies write access to this client"));
    }
    let native = channel.native_field_type()?;
    let value = ca_value::encode(input, native, channel.element_count()?)?;
    wire.on_connection(put.connection)?;
    if !put.wait {
        channel.put_no_callback(&value)?;
        return Ok(Box::pin(std::future::ready(Ok(()))));
    }
    let completion = channel.put_callback(&value)?;
    Ok(Box::pin(async move { completion.await.map_err(|error| Failure::from(error).after_send()) }))
}

const PROPERTY: u16 = 8;

/// Whoever asks for properties alone has no use for the value: one element of it is enough.
pub(crate) async fn subscribe(channel: &CaChannel, mask: u16) -> Outcome<MonitorHandle> {
    let count = (mask == PROPERTY).then_some(1);
    Ok(channel.subscribe_with_mask_readback_count(0.0, mask, EnumReadback::Native, false, count).await?)
}
