//! Channel Access values: what a record sent, and what a record takes.

use epics_base_rs::server::snapshot::Snapshot;
use epics_base_rs::types::{DbFieldType, EpicsValue, PvString, SharedArray};
use epics_ca_rs::client::ChannelInfo;

use crate::error::{Failure, Outcome};
use crate::input::Input;
use crate::value::{range, Element, Info, Metadata, Numbers, Reading, Value};

pub(crate) fn kind(native: DbFieldType) -> &'static str {
    match native {
        DbFieldType::String => "string",
        DbFieldType::Short => "int16",
        DbFieldType::Float => "float32",
        DbFieldType::Enum => "enum",
        DbFieldType::Char | DbFieldType::UChar => "uint8",
        DbFieldType::Long => "int32",
        DbFieldType::Double => "float64",
        _ => "unknown",
    }
}

pub(crate) fn info(info: &ChannelInfo) -> Info {
    Info {
        kind: kind(info.native_type),
        is_array: info.element_count > 1,
        count: info.element_count,
        writable: info.access_rights.write,
        host: Some(info.server_addr.to_string()),
        type_id: None,
    }
}

fn text(string: &PvString) -> String {
    string.as_str_lossy().into_owned()
}

/// Whether it is an array is the channel's to say: an array of one element comes as a scalar.
pub(crate) fn value(value: EpicsValue, is_array: bool) -> Value {
    macro_rules! scalar {
        ($number:expr, $type:ty) => {
            if is_array {
                Value::Numbers(Numbers::new::<$type>(vec![$number]))
            } else {
                Value::Number(f64::from($number))
            }
        };
    }
    macro_rules! array {
        ($numbers:expr, $type:ty) => {
            if is_array {
                Value::Numbers(Numbers::new::<$type>($numbers))
            } else {
                $numbers.first().map_or(Value::Null, |number| Value::Number(*number as f64))
            }
        };
    }
    match value {
        EpicsValue::String(string) if is_array => Value::Texts(vec![text(&string)]),
        EpicsValue::String(string) => Value::Text(text(&string)),
        EpicsValue::Short(number) => scalar!(number, i16),
        EpicsValue::Float(number) => scalar!(number, f32),
        EpicsValue::Enum(index) | EpicsValue::EnumWithChoices { index, .. } => scalar!(index, u16),
        EpicsValue::Char(number) | EpicsValue::UChar(number) => scalar!(number, u8),
        EpicsValue::Long(number) => scalar!(number, i32),
        EpicsValue::Double(number) => scalar!(number, f64),
        EpicsValue::UShort(number) => scalar!(number, u16),
        EpicsValue::ULong(number) => scalar!(number, u32),
        EpicsValue::Int64(number) => Value::Long(number),
        EpicsValue::UInt64(number) => Value::ULong(number),
        EpicsValue::ShortArray(numbers) => array!(numbers, i16),
        EpicsValue::FloatArray(numbers) => array!(numbers, f32),
        EpicsValue::EnumArray(numbers) | EpicsValue::UShortArray(numbers) => array!(numbers, u16),
        EpicsValue::DoubleArray(numbers) => array!(numbers, f64),
        EpicsValue::LongArray(numbers) => array!(numbers, i32),
        EpicsValue::ULongArray(numbers) => array!(numbers, u32),
        EpicsValue::CharArray(numbers) | EpicsValue::UCharArray(numbers) => array!(numbers, u8),
        EpicsValue::Int64Array(numbers) => Value::Numbers(Numbers::new::<i64>(numbers)),
        EpicsValue::UInt64Array(numbers) => Value::Numbers(Numbers::new::<u64>(numbers)),
        EpicsValue::StringArray(strings) if is_array => Value::Texts(strings.iter().map(text).collect()),
        EpicsValue::StringArray(strings) => strings.first().map_or(Value::Null, |string| Value::Text(text(string))),
    }
}

pub(crate) fn reading(snapshot: Snapshot, is_array: bool) -> Reading {
    let stamp = snapshot.timestamp;
    Reading {
        value: value(snapshot.value, is_array),
        timestamp: stamp.unix_secs() as f64 + f64::from(stamp.subsec_nanos()) * 1e-9,
        severity: i32::from(snapshot.alarm.severity),
        status: i32::from(snapshot.alarm.status),
        message: None,
        metadata: None,
        property: false,
    }
}

pub(crate) fn metadata(snapshot: &Snapshot, info: Info, is_float: bool) -> Metadata {
    let mut metadata = Metadata::bare(info);
    if let Some(display) = &snapshot.display {
        metadata.units = Some(text(&display.units));
        metadata.precision = is_float.then_some(i32::from(display.precision));
        metadata.display = range(display.lower_disp_limit, display.upper_disp_limit);
        metadata.warning = range(display.lower_warning_limit, display.upper_warning_limit);
        metadata.alarm = range(display.lower_alarm_limit, display.upper_alarm_limit);
    }
    if let Some(control) = &snapshot.control {
        metadata.control = range(control.lower_ctrl_limit, control.upper_ctrl_limit);
    }
    metadata.choices = snapshot.enums.as_ref().map(|choices| choices.strings.iter().map(text).collect());
    metadata
}

const STRING_LIMIT: usize = 39;

fn string(input: &Input) -> Outcome<PvString> {
    let text = input.text()?;
    if text.len() > STRING_LIMIT {
        return Err(Failure::type_of(format!(
            "takes text of {STRING_LIMIT} bytes at most, not {}; a long string has a field ending in $",
            text.len()
        )));
    }
    if text.contains('\0') {
        return Err(Failure::type_of("takes no text with a NUL in it, where Channel Access would end it".to_string()));
    }
    Ok(PvString::from(text))
}

/// What the record takes, typed; never text for a number, never a fraction for an integer.
pub(crate) fn encode(input: Input, native: DbFieldType, count: u32) -> Outcome<EpicsValue> {
    if !input.is_array() {
        if count > 1 {
            return Err(Failure::type_of(format!(
                "takes an array of up to {count} elements, not {}",
                input.describe()
            )));
        }
        return scalar(&input, native);
    }
    let array = array(input, native)?;
    let length = array.count();
    if length > count {
        return Err(Failure::type_of(format!("takes {count} elements at most, not {length}")));
    }
    Ok(array)
}

fn scalar(input: &Input, native: DbFieldType) -> Outcome<EpicsValue> {
    let integer = |low: i32, high: i32| input.integer(low.into(), high.into()).map(|number| number as i32);
    Ok(match native {
        DbFieldType::String => EpicsValue::String(string(input)?),
        DbFieldType::Short => EpicsValue::Short(integer(i16::MIN.into(), i16::MAX.into())? as i16),
        DbFieldType::Float => EpicsValue::Float(input.float()? as f32),
        DbFieldType::Enum => EpicsValue::Enum(integer(0, u16::MAX.into())? as u16),
        DbFieldType::Char | DbFieldType::UChar => EpicsValue::Char(integer(i8::MIN.into(), u8::MAX.into())? as u8),
        DbFieldType::Long => EpicsValue::Long(integer(i32::MIN, i32::MAX)?),
        DbFieldType::Double => EpicsValue::Double(input.float()?),
        _ => return Err(Failure::type_of("has a type that Channel Access can't write")),
    })
}

fn native_numbers<T: Copy, const N: usize>(bytes: &[u8], from: impl Fn([u8; N]) -> T) -> SharedArray<T> {
    bytes.chunks_exact(N).map(|chunk| from(chunk.try_into().expect("chunks of that size"))).collect()
}

fn array(input: Input, native: DbFieldType) -> Outcome<EpicsValue> {
    if let Input::Numbers { element, bytes } = &input {
        match (native, element) {
            (DbFieldType::Double, Element::F64) => {
                return Ok(EpicsValue::DoubleArray(native_numbers(bytes, f64::from_ne_bytes)))
            }
            (DbFieldType::Float, Element::F32) => {
                return Ok(EpicsValue::FloatArray(native_numbers(bytes, f32::from_ne_bytes)))
            }
            (DbFieldType::Long, Element::I32) => {
                return Ok(EpicsValue::LongArray(native_numbers(bytes, i32::from_ne_bytes)))
            }
            (DbFieldType::Short, Element::I16) => {
                return Ok(EpicsValue::ShortArray(native_numbers(bytes, i16::from_ne_bytes)))
            }
            (DbFieldType::Char | DbFieldType::UChar, Element::U8 | Element::I8) => {
                return Ok(EpicsValue::CharArray(native_numbers(bytes, |[byte]: [u8; 1]| byte)));
            }
            _ => {}
        }
    }
    let items = input.elements();
    macro_rules! collect {
        ($low:expr, $high:expr, $type:ty) => {
            items
                .iter()
                .map(|item| item.integer($low as i128, $high as i128).map(|number| number as $type))
                .collect::<Outcome<Vec<$type>>>()?
                .into()
        };
    }
    Ok(match native {
        DbFieldType::String => {
            EpicsValue::StringArray(items.iter().map(string).collect::<Outcome<Vec<PvString>>>()?.into())
        }
        DbFieldType::Short => EpicsValue::ShortArray(collect!(i16::MIN, i16::MAX, i16)),
        DbFieldType::Enum => EpicsValue::EnumArray(collect!(0, u16::MAX, u16)),
        DbFieldType::Char | DbFieldType::UChar => EpicsValue::CharArray(collect!(i8::MIN, u8::MAX, u8)),
        DbFieldType::Long => EpicsValue::LongArray(collect!(i32::MIN, i32::MAX, i32)),
        DbFieldType::Float => EpicsValue::FloatArray(
            items.iter().map(|item| item.float().map(|number| number as f32)).collect::<Outcome<Vec<f32>>>()?.into(),
        ),
        DbFieldType::Double => {
            EpicsValue::DoubleArray(items.iter().map(Input::float).collect::<Outcome<Vec<f64>>>()?.into())
        }
        _ => return Err(Failure::type_of("has a type that Channel Access can't write")),
    })
}
