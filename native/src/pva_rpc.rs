//! Calls over pvAccess: arguments as an NTURI, an answer of any type.

use std::time::Duration;

use epics_pva_rs::client_native::ops_v2::{op_rpc, RpcArg};
use epics_pva_rs::pvdata::{FieldDesc, PvField, PvStructure, ScalarType, ScalarValue};
use napi::sys;

use crate::error::{Failure, Outcome};
use crate::input::{self, Input};
use crate::pva::PvaChannel;
use crate::pva_put::encode;
use crate::pva_value::structure_value;
use crate::value::{Element, Value};

const NTURI: &str = "epics:nt/NTURI:1.0";
/// The caller's own time-out is shorter: this only bounds what it would leave behind.
const LONGEST: Duration = Duration::from_secs(24 * 3600);

/// # Safety
/// `value` must be a live value of `env`, on its thread.
pub(crate) unsafe fn query(env: sys::napi_env, value: sys::napi_value) -> Outcome<Vec<(String, Input)>> {
    let mut names = std::ptr::null_mut();
    let mut count = 0;
    if sys::napi_get_property_names(env, value, &mut names) == sys::Status::napi_ok {
        sys::napi_get_array_length(env, names, &mut count);
    }
    if count == 0 {
        return Ok(Vec::new());
    }
    match input::take(env, value)? {
        Input::Record(fields) => Ok(fields),
        other => Err(Failure::type_of(format!("is called with an object of arguments, not {}", other.describe()))),
    }
}

impl PvaChannel {
    /// Sent once: a call whose connection goes away may have been carried out, and is never repeated.
    pub(crate) async fn call(&self, query: Vec<(String, Input)>) -> Outcome<Value> {
        let (desc, value) = uri(&self.name, query)?;
        let wired = self.wired();
        let (server, _) = wired.try_get_active().ok_or_else(Failure::lost)?;
        let none = FieldDesc::Structure { struct_id: String::new(), fields: Vec::new().into() };
        let nothing = PvField::Structure(PvStructure::new(""));
        let argument = RpcArg::Typed { desc: &desc, value: &value };
        let reply = tokio::select! {
            biased;
            reply = op_rpc(&wired, &none, &nothing, argument, LONGEST) => reply?,
            () = server.wait_closed() => return Err(Failure::lost().after_send()),
        };
        Ok(reply.into_value().map_or(Value::Null, |(_, value)| structure_value(&value)))
    }
}

fn uri(path: &str, query: Vec<(String, Input)>) -> Outcome<(FieldDesc, PvField)> {
    let mut arguments = PvStructure::new("");
    let mut kinds = Vec::with_capacity(query.len());
    for (name, input) in query {
        let kind = kind_of(&input)?;
        arguments.fields.push((name.clone(), encode(&kind, input)?));
        kinds.push((name, kind));
    }
    let text = |text: &str| PvField::Scalar(ScalarValue::String(text.into()));
    let string = || FieldDesc::Scalar(ScalarType::String);
    let mut uri = PvStructure::new(NTURI);
    uri.fields.push(("scheme".to_string(), text("pva")));
    uri.fields.push(("path".to_string(), text(path)));
    uri.fields.push(("query".to_string(), PvField::Structure(arguments)));
    let query = FieldDesc::Structure { struct_id: String::new(), fields: kinds.into() };
    let fields = vec![("scheme".to_string(), string()), ("path".to_string(), string()), ("query".to_string(), query)];
    Ok((FieldDesc::Structure { struct_id: NTURI.to_string(), fields: fields.into() }, PvField::Structure(uri)))
}

/// Numbers are doubles and bigints longs; a typed array says itself what it is.
fn kind_of(input: &Input) -> Outcome<FieldDesc> {
    Ok(match input {
        Input::Bool(_) => FieldDesc::Scalar(ScalarType::Boolean),
        Input::Number(_) => FieldDesc::Scalar(ScalarType::Double),
        Input::Integer(_) => FieldDesc::Scalar(ScalarType::Long),
        Input::Text(_) => FieldDesc::Scalar(ScalarType::String),
        Input::Numbers { element, .. } => FieldDesc::ScalarArray(match element {
            Element::I8 => ScalarType::Byte,
            Element::U8 => ScalarType::UByte,
            Element::I16 => ScalarType::Short,
            Element::U16 => ScalarType::UShort,
            Element::I32 => ScalarType::Int,
            Element::U32 => ScalarType::UInt,
            Element::I64 => ScalarType::Long,
            Element::U64 => ScalarType::ULong,
            Element::F32 => ScalarType::Float,
            Element::F64 => ScalarType::Double,
        }),
        Input::List(items) => match items.first().map(kind_of) {
            Some(Ok(FieldDesc::Scalar(kind))) => FieldDesc::ScalarArray(kind),
            _ => FieldDesc::ScalarArray(ScalarType::String),
        },
        Input::Record(_) => return Err(Failure::type_of("takes arguments that are values or arrays, not objects")),
    })
}
