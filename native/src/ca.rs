//! Channel Access: connecting, reading, writing, subscribing.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use epics_base_rs::types::DbFieldType;
use epics_ca_rs::client::{CaChannel, ConnectionEvent, MonitorHandle, ReqCount};
use tokio::sync::broadcast::error::RecvError;
use tokio::task::AbortHandle;

use crate::ca_value;
use crate::channel::{Io, State, Wire};
use crate::context::Context;
use crate::error::{Code, Failure, Outcome};
use crate::input::Input;
use crate::operation::Ticket;
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

pub(crate) fn connect(context: &Context, name: &str, wire: Arc<Wire>) -> Outcome<(Io, AbortHandle)> {
    let client = context.ca()?;
    let (channel, mut events) = client.create_channel_with_events(name, 0);
    let watched = channel.clone();
    let driver = runtime().spawn(async move {
        loop {
            match events.recv().await {
                Ok(ConnectionEvent::AccessRightsChanged { read, write }) => wire.access(read, write),
                Ok(ConnectionEvent::NativeTypeChanged { .. }) => {}
                Ok(ConnectionEvent::Connected) => wire.enter(State::Connected),
                // A silent server is told as a disconnection too; the channel then still knows its type.
                Ok(ConnectionEvent::Disconnected) if watched.native_field_type().is_ok() => {
                    wire.enter(State::Unresponsive)
                }
                Ok(ConnectionEvent::Disconnected) => wire.enter(State::Disconnected),
                Err(RecvError::Lagged(_)) => {
                    let up = watched.native_field_type().is_ok();
                    wire.enter(if up { State::Connected } else { State::Disconnected });
                }
                Err(RecvError::Closed) => break,
            }
        }
    });
    Ok((Io::Ca(channel), driver.abort_handle()))
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
    let control = if form == Form::Control { Some(metadata(channel)?) } else { None };
    Ok(Box::pin(async move {
        let mut reading = ca_value::reading(value.await?, is_array);
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

pub(crate) async fn put(
    channel: &CaChannel,
    wire: &Wire,
    input: Input,
    wait: bool,
    ticket: Option<&Ticket>,
) -> Outcome<()> {
    if !wire.link().write {
        return Err(Failure::new(Code::WriteAccess, "denies write access to this client"));
    }
    let native = channel.native_field_type()?;
    let value = ca_value::encode(input, native, channel.element_count()?)?;
    if !wait {
        return Ok(channel.put_no_callback(&value)?);
    }
    let completion = channel.put_callback(&value)?;
    if let Some(ticket) = ticket {
        ticket.sent();
    }
    completion.await.map_err(|error| Failure::from(error).after_send())
}

pub(crate) async fn subscribe(channel: &CaChannel, mask: u16) -> Outcome<MonitorHandle> {
    Ok(channel.subscribe_with_mask_autosize(0.0, mask).await?)
}
