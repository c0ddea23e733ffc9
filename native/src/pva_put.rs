//! pvAccess writes: typed, by way of the structure that the server described.

use epics_pva_rs::decode::{decode_op_response, OpResponse};
use epics_pva_rs::proto::BitSet;
use epics_pva_rs::pvdata::encode::{default_value_for, encode_pv_field_with_bitset};
use epics_pva_rs::pvdata::{FieldDesc, PvField, ScalarType, ScalarValue, TypedScalarArray};

use crate::error::{Failure, Outcome};
use crate::input::Input;
use crate::operation::Ticket;
use crate::pva::{Prepared, PvaChannel};
use crate::pva_operation::codec;
use crate::pva_value::{is_enum, value_field};
use crate::value::Element;

impl PvaChannel {
    pub(crate) async fn put(&self, input: Input, wait: bool, ticket: Option<&Ticket>) -> Outcome<()> {
        let kind = if wait { Prepared::PutAndWait } else { Prepared::Put };
        let operation = self.prepare(kind).await?;
        let (value, changed) = delta(&operation.desc, input)?;
        let order = operation.server.byte_order();
        let mut body = changed.encode(order);
        encode_pv_field_with_bitset(&value, &operation.desc, &changed, 0, order, &mut body);
        let reply = operation.expect_reply();
        let frame = codec(&operation.server).build_put(operation.sid, operation.ioid, &body);
        operation.server.send_sync(frame)?;
        if let Some(ticket) = ticket {
            ticket.sent();
        }
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
}

/// The structure with the value in it, and which of its fields are to be written.
fn delta(desc: &FieldDesc, input: Input) -> Outcome<(PvField, BitSet)> {
    let target = value_field(desc).ok_or_else(|| Failure::type_of("has no value field that could be written"))?;
    let path = match (desc, is_enum(target)) {
        (FieldDesc::Structure { .. }, true) => "value.index",
        (FieldDesc::Structure { .. }, false) => "value",
        _ => "",
    };
    let bit = desc.bit_for_path(path).ok_or_else(|| Failure::type_of("has no value field that could be written"))?;
    let mut changed = BitSet::new();
    changed.set(bit);
    let mut root = default_value_for(desc);
    let field = encode(target, input)?;
    match (&mut root, path) {
        (PvField::Structure(root), "value.index") => match root.get_field_mut("value") {
            Some(PvField::Structure(value)) => value.set("index", field),
            _ => return Err(Failure::type_of("has no index that could be written")),
        },
        (PvField::Structure(root), _) => root.set("value", field),
        (root, _) => *root = field,
    }
    Ok((root, changed))
}

fn encode(target: &FieldDesc, input: Input) -> Outcome<PvField> {
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
        FieldDesc::Structure { fields, .. } if is_enum(target) => {
            let kind = fields.iter().find_map(|(name, field)| match field {
                FieldDesc::Scalar(kind) if name == "index" => Some(*kind),
                _ => None,
            });
            Ok(PvField::Scalar(scalar(kind.unwrap_or(ScalarType::Int), &input)?))
        }
        _ => Err(Failure::type_of("is a structure, which can't be written as a value")),
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
