//! pvAccess writes: typed, by way of the structure that the server described.

use epics_pva_rs::decode::{decode_op_response, OpResponse};
use epics_pva_rs::proto::BitSet;
use epics_pva_rs::pvdata::encode::{default_value_for, encode_pv_field_with_bitset};
use epics_pva_rs::pvdata::{FieldDesc, PvField, ScalarType, ScalarValue, TypedScalarArray};

use crate::channel::Wire;
use crate::error::{Code, Failure, Outcome};
use crate::input::Input;
use crate::operation::Ticket;
use crate::pva::{Prepared, PvaChannel};
use crate::pva_operation::{codec, Flight, Operation, Reply};
use crate::pva_value::{is_enum, value_field};
use crate::value::Element;

/// How a value is put.
pub(crate) struct Put {
    /// The path of the one field that is written; empty for the value.
    pub(crate) field: String,
    /// Answered when the record has processed.
    pub(crate) wait: bool,
    /// The number of the connection that the value was made for; 0 for any.
    pub(crate) connection: u32,
}

/// A put under way.
pub(crate) struct Written {
    kind: Prepared,
    operation: Operation,
    reply: Reply,
}

impl PvaChannel {
    /// `field` is the path of what is written; empty for the value, or for the structure itself where it has none.
    pub(crate) async fn put(&self, wire: &Wire, input: Input, put: &Put, ticket: Option<&Ticket>) -> Outcome<()> {
        let field = put.field.as_str();
        let path = match (&input, field) {
            (Input::Record(_), "") if !self.has_value().await? => "",
            (_, "") => "value",
            (_, field) => field,
        };
        let kind = Prepared::Put { wait: put.wait, path: path.to_string() };
        let structure = || Failure::type_of(format!("is a structure: it takes an object, not {}", input.describe()));
        let operation = match self.prepare(&kind).await {
            // Some servers refuse to write a field that is not there, others leave it out.
            Err(failure) if field.is_empty() && failure.code == Code::Request && !self.has_value().await? => {
                return Err(structure())
            }
            Ok(operation) if path == "value" && field.is_empty() && value_field(&operation.desc).is_none() => {
                return Err(structure())
            }
            prepared => prepared?,
        };
        wire.on_connection(put.connection)?;
        let (written, frame) = write(kind, operation, path, input)?;
        written.operation.server.send_sync(frame)?;
        if let Some(ticket) = ticket {
            ticket.sent();
        }
        self.finish(written).await
    }

    /// A put to the value of a channel that was written before, its frame added to the flight; else the input back.
    pub(crate) fn put_warm(
        &self,
        wire: &Wire,
        input: Input,
        put: &Put,
        flight: &mut Flight,
    ) -> Outcome<Result<Written, Input>> {
        let kind = Prepared::Put { wait: put.wait, path: "value".to_string() };
        if !put.field.is_empty() || matches!(input, Input::Record(_)) {
            return Ok(Err(input));
        }
        let Some(operation) = self.warm(&kind)? else { return Ok(Err(input)) };
        wire.on_connection(put.connection)?;
        let (written, frame) = write(kind, operation, "value", input)?;
        flight.add(&written.operation.server, &frame);
        Ok(Ok(written))
    }

    pub(crate) async fn finish(&self, written: Written) -> Outcome<()> {
        let Written { kind, operation, reply } = written;
        let frame = reply.frame().await.map_err(Failure::after_send)?;
        let status = match decode_op_response(&frame, Some(&operation.desc))? {
            OpResponse::Status(answer) => answer.status,
            OpResponse::Data(answer) => answer.status,
            OpResponse::Init(_) => return Err(Failure::request("answered out of turn")),
        };
        if !status.is_success() {
            return Err(epics_pva_rs::PvaError::RemoteError(status).into());
        }
        self.keep(kind, operation);
        Ok(())
    }

    async fn has_value(&self) -> Outcome<bool> {
        let operation = self.prepare(&Prepared::Get).await?;
        let has_value = value_field(&operation.desc).is_some();
        self.keep(Prepared::Get, operation);
        Ok(has_value)
    }
}

/// The frame is the caller's to send.
fn write(kind: Prepared, operation: Operation, path: &str, input: Input) -> Outcome<(Written, Vec<u8>)> {
    let (value, changed) = delta(&operation.desc, path, input)?;
    let order = operation.server.byte_order();
    let mut body = changed.encode(order);
    encode_pv_field_with_bitset(&value, &operation.desc, &changed, 0, order, &mut body);
    let reply = operation.expect_reply();
    let frame = codec(&operation.server).build_put(operation.sid, operation.ioid, &body);
    Ok((Written { kind, operation, reply }, frame))
}

/// The structure with what is written in it, and which of its fields that is.
fn delta(desc: &FieldDesc, path: &str, input: Input) -> Outcome<(PvField, BitSet)> {
    let mut changed = BitSet::new();
    let path = if matches!(desc, FieldDesc::Structure { .. }) { path } else { "" };
    let segments: Vec<&str> = path.split('.').filter(|segment| !segment.is_empty()).collect();
    let root = place(desc, &segments, input, 0, &mut changed)?;
    Ok((root, changed))
}

fn place(desc: &FieldDesc, path: &[&str], input: Input, bit: usize, changed: &mut BitSet) -> Outcome<PvField> {
    let FieldDesc::Structure { fields, .. } = desc else {
        changed.set(bit);
        return match path {
            [] => encode(desc, input),
            [name, ..] => Err(Failure::type_of(format!("has no field {name} that could be written"))),
        };
    };
    let mut all = default_value_for(desc);
    let PvField::Structure(root) = &mut all else { unreachable!("the default of a structure is one") };
    let mut put = |name: &str, path: &[&str], input: Input| {
        let mut at = bit + 1;
        for (field, child) in fields {
            if field == name {
                root.set(name, place(child, path, input, at, changed)?);
                return Ok(());
            }
            at += child.total_bits();
        }
        Err(Failure::type_of(format!("has no field {name} that could be written")))
    };
    match (path, input) {
        ([name, rest @ ..], input) => put(name, rest, input)?,
        ([], Input::Record(inputs)) => {
            check_columns(desc, &inputs)?;
            for (name, input) in inputs {
                put(&name, &[], input)?;
            }
        }
        ([], input) if is_enum(desc) => put("index", &[], input)?,
        ([], input) if value_field(desc).is_some() => put("value", &[], input)?,
        ([], _) => return Err(Failure::type_of("is a structure: it takes an object of its fields")),
    }
    Ok(all)
}

/// A structure of arrays only is a table's value: all of its columns are written, and all are of one length.
fn check_columns(desc: &FieldDesc, inputs: &[(String, Input)]) -> Outcome<()> {
    let FieldDesc::Structure { fields, .. } = desc else { return Ok(()) };
    if fields.is_empty() || !fields.iter().all(|(_, field)| matches!(field, FieldDesc::ScalarArray(_))) {
        return Ok(());
    }
    if let Some((name, _)) = fields.iter().find(|(name, _)| !inputs.iter().any(|(given, _)| given == name)) {
        return Err(Failure::type_of(format!("is a table with a column {name}, which was not given")));
    }
    let mut lengths = inputs.iter().map(|(_, input)| input.length());
    let first = lengths.next();
    if lengths.any(|length| Some(length) != first) {
        let lengths: Vec<String> = inputs.iter().map(|(name, input)| format!("{name}: {}", input.length())).collect();
        return Err(Failure::type_of(format!("takes columns of one length, not {}", lengths.join(", "))));
    }
    Ok(())
}

pub(crate) fn encode(target: &FieldDesc, input: Input) -> Outcome<PvField> {
    match target {
        FieldDesc::Scalar(kind) => {
            if input.is_array() {
                return Err(Failure::type_of(format!("takes one value, not {}", input.describe())));
            }
            Ok(PvField::Scalar(scalar(*kind, &input)?))
        }
        FieldDesc::ScalarArray(kind) => {
            if !input.is_array() {
                return Err(Failure::type_of(format!("takes an array, not {}", input.describe())));
            }
            Ok(PvField::ScalarArrayTyped(array(*kind, input)?))
        }
        _ => Err(Failure::type_of("has a type that can't be written")),
    }
}

fn scalar(kind: ScalarType, input: &Input) -> Outcome<ScalarValue> {
    macro_rules! integer {
        ($type:ty, $wrap:ident) => {
            ScalarValue::$wrap(input.integer(<$type>::MIN.into(), <$type>::MAX.into())? as $type)
        };
    }
    Ok(match kind {
        ScalarType::Boolean => ScalarValue::Boolean(input.integer(0, 1)? == 1),
        ScalarType::Byte => integer!(i8, Byte),
        ScalarType::Short => integer!(i16, Short),
        ScalarType::Int => integer!(i32, Int),
        ScalarType::Long => integer!(i64, Long),
        ScalarType::UByte => integer!(u8, UByte),
        ScalarType::UShort => integer!(u16, UShort),
        ScalarType::UInt => integer!(u32, UInt),
        ScalarType::ULong => integer!(u64, ULong),
        ScalarType::Float => ScalarValue::Float(input.float()? as f32),
        ScalarType::Double => ScalarValue::Double(input.float()?),
        ScalarType::String => ScalarValue::String(input.text()?.into()),
    })
}

fn native_numbers<T, const N: usize>(bytes: &[u8], from: fn([u8; N]) -> T) -> std::sync::Arc<[T]> {
    bytes.chunks_exact(N).map(|chunk| from(chunk.try_into().expect("chunks of that size"))).collect()
}

fn array(kind: ScalarType, input: Input) -> Outcome<TypedScalarArray> {
    if let Input::Numbers { element, bytes } = &input {
        let same = match (kind, element) {
            (ScalarType::Byte, Element::I8) => {
                Some(TypedScalarArray::Byte(native_numbers(bytes, i8::from_ne_bytes).into()))
            }
            (ScalarType::UByte, Element::U8) => {
                Some(TypedScalarArray::UByte(native_numbers(bytes, u8::from_ne_bytes).into()))
            }
            (ScalarType::Short, Element::I16) => {
                Some(TypedScalarArray::Short(native_numbers(bytes, i16::from_ne_bytes).into()))
            }
            (ScalarType::UShort, Element::U16) => {
                Some(TypedScalarArray::UShort(native_numbers(bytes, u16::from_ne_bytes).into()))
            }
            (ScalarType::Int, Element::I32) => {
                Some(TypedScalarArray::Int(native_numbers(bytes, i32::from_ne_bytes).into()))
            }
            (ScalarType::UInt, Element::U32) => {
                Some(TypedScalarArray::UInt(native_numbers(bytes, u32::from_ne_bytes).into()))
            }
            (ScalarType::Long, Element::I64) => {
                Some(TypedScalarArray::Long(native_numbers(bytes, i64::from_ne_bytes).into()))
            }
            (ScalarType::ULong, Element::U64) => {
                Some(TypedScalarArray::ULong(native_numbers(bytes, u64::from_ne_bytes).into()))
            }
            (ScalarType::Float, Element::F32) => {
                Some(TypedScalarArray::Float(native_numbers(bytes, f32::from_ne_bytes).into()))
            }
            (ScalarType::Double, Element::F64) => {
                Some(TypedScalarArray::Double(native_numbers(bytes, f64::from_ne_bytes).into()))
            }
            _ => None,
        };
        if let Some(same) = same {
            return Ok(same);
        }
    }
    let items = input.elements().iter().map(|item| scalar(kind, item)).collect::<Outcome<Vec<_>>>()?;
    TypedScalarArray::from_scalar_values(&items, kind).ok_or_else(|| Failure::type_of("takes another kind of array"))
}
