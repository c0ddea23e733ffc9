//! Readings straight from pvAccess bytes: of value, alarm and time stamp only, everything else is stepped over.
//!
//! The client's own decoder builds a tree with a string for each field name, which costs ten times the transfer.

use std::io::Cursor;

use epics_pva_rs::proto::{BitSet, ByteOrder};
use epics_pva_rs::pvdata::encode::{decode_pv_field, decode_pv_field_with_bitset, fill_unmarked_from_prior};
use epics_pva_rs::pvdata::{FieldDesc, PvField, ScalarType, StructFields};

use crate::error::{Failure, Outcome};
use crate::pva_value::{is_enum, structure_value};
use crate::value::{Numbers, Plain, Reading, Value, now};

/// What was last known of a channel; an update changes what it marks.
#[derive(Clone)]
pub(crate) struct Known {
    value: Value,
    tree: Option<PvField>,
    severity: i32,
    status: i32,
    message: String,
    seconds: i64,
    nanoseconds: i32,
}

/// Which parts an update touched.
#[derive(Clone, Copy, Default)]
pub(crate) struct Touched {
    pub(crate) value: bool,
    pub(crate) alarm: bool,
    pub(crate) property: bool,
}

impl Default for Known {
    fn default() -> Self {
        Self {
            value: Value::Null,
            tree: None,
            severity: 0,
            status: 0,
            message: String::new(),
            seconds: 0,
            nanoseconds: 0,
        }
    }
}

const CONDITIONS: [&str; 22] = [
    "NO_ALARM", "READ", "WRITE", "HIHI", "HIGH", "LOLO", "LOW", "STATE", "COS", "COMM", "TIMEOUT", "HWLIMIT", "CALC",
    "SCAN", "LINK", "SOFT", "BAD_SUB", "UDF", "DISABLE", "SIMM", "READ_ACCESS", "WRITE_ACCESS",
];
const UNDEFINED: i32 = 6;
const UDF: i32 = 17;

impl Known {
    pub(crate) fn reading(&self) -> Reading {
        let named = CONDITIONS.iter().position(|condition| *condition == self.message);
        let status = match (named, self.status) {
            (Some(code), _) => code as i32,
            (None, 0) => 0,
            (None, UNDEFINED) => UDF,
            (None, other) => -other,
        };
        let quiet = self.message.is_empty() || (self.severity == 0 && named == Some(0));
        Reading {
            value: self.value.clone(),
            timestamp: self.seconds as f64 + f64::from(self.nanoseconds) * 1e-9,
            severity: self.severity,
            status,
            message: (!quiet).then(|| self.message.clone()),
            metadata: None,
        }
    }

    pub(crate) fn stamp_now(&mut self) {
        let now = now();
        self.seconds = now as i64;
        self.nanoseconds = (now.fract() * 1e9) as i32;
    }

    /// Applies `changed | value` as a server sends it.
    pub(crate) fn apply(&mut self, desc: &FieldDesc, body: &[u8], order: ByteOrder) -> Outcome<Touched> {
        let mut cursor = Cursor::new(body);
        let bits = BitSet::decode(&mut cursor, order).map_err(|error| malformed(&error.to_string()))?;
        let mut bytes = Bytes { all: body, at: cursor.position() as usize, order };
        let mut touched = Touched::default();
        let FieldDesc::Structure { fields, .. } = desc else {
            if bits.get(0) {
                self.value = leaf(desc, &mut bytes)?;
                touched.value = true;
            }
            return Ok(touched);
        };
        if !fields.iter().any(|(name, _)| name == "value") {
            self.whole(desc, &bits, &mut bytes)?;
            touched.value = true;
            return Ok(touched);
        }
        let whole = bits.get(0);
        let mut bit = 1;
        for (name, child) in fields {
            match name.as_str() {
                "value" => self.value(child, &bits, bit, whole, &mut bytes, &mut touched)?,
                "alarm" => touched.alarm |= self.alarm(child, &bits, bit, whole, &mut bytes)?,
                "timeStamp" => {
                    self.time(child, &bits, bit, whole, &mut bytes)?;
                }
                _ => touched.property |= skip(child, &bits, bit, whole, &mut bytes)?,
            }
            bit += child.total_bits();
        }
        Ok(touched)
    }

    fn value(
        &mut self,
        desc: &FieldDesc,
        bits: &BitSet,
        bit: usize,
        whole: bool,
        bytes: &mut Bytes,
        touched: &mut Touched,
    ) -> Outcome<()> {
        let FieldDesc::Structure { fields, .. } = desc else {
            if whole || bits.get(bit) {
                self.value = leaf(desc, bytes)?;
                touched.value = true;
            }
            return Ok(());
        };
        if is_enum(desc) {
            return each(fields, bits, bit, whole, |name, child, marked, _| {
                if !marked {
                    return Ok(());
                }
                let field = leaf(child, bytes)?;
                if name == "index" {
                    self.value = field;
                    touched.value = true;
                } else {
                    touched.property = true;
                }
                Ok(())
            });
        }
        touched.value |= self.subtree(desc, bits, bit, whole, bytes)?;
        Ok(())
    }

    /// A structure without a value field is its own value; its alarm and time stamp are where they are usual.
    fn whole(&mut self, desc: &FieldDesc, bits: &BitSet, bytes: &mut Bytes) -> Outcome<()> {
        self.subtree(desc, bits, 0, bits.get(0), bytes)?;
        if let Some(PvField::Structure(root)) = &self.tree {
            let number = |group: &str, field: &str| match root.get_field(group) {
                Some(PvField::Structure(group)) => group.get_field(field).and_then(crate::pva_value::as_f64),
                _ => None,
            };
            self.severity = number("alarm", "severity").unwrap_or(0.0) as i32;
            self.status = number("alarm", "status").unwrap_or(0.0) as i32;
            self.seconds = number("timeStamp", "secondsPastEpoch").unwrap_or(0.0) as i64;
            self.nanoseconds = number("timeStamp", "nanoseconds").unwrap_or(0.0) as i32;
        }
        Ok(())
    }

    fn subtree(&mut self, desc: &FieldDesc, bits: &BitSet, bit: usize, whole: bool, bytes: &mut Bytes) -> Outcome<bool> {
        let touched = whole || bits.any_in(bit..bit + desc.total_bits());
        if !touched {
            return Ok(false);
        }
        let mut cursor = bytes.cursor();
        let tree = if whole {
            decode_pv_field(desc, &mut cursor, bytes.order)
        } else {
            decode_pv_field_with_bitset(desc, bits, bit, &mut cursor, bytes.order)
        }
        .map_err(|error| malformed(&error.to_string()))?;
        bytes.at += cursor.position() as usize;
        let tree = match self.tree.take() {
            Some(prior) if !whole => fill_unmarked_from_prior(desc, bits, bit, tree, &prior),
            _ => tree,
        };
        self.value = structure_value(&tree);
        self.tree = Some(tree);
        Ok(true)
    }

    fn alarm(&mut self, desc: &FieldDesc, bits: &BitSet, bit: usize, whole: bool, bytes: &mut Bytes) -> Outcome<bool> {
        let FieldDesc::Structure { fields, .. } = desc else { return skip(desc, bits, bit, whole, bytes) };
        let mut touched = false;
        each(fields, bits, bit, whole, |name, child, marked, at| {
            if !marked || !matches!(child, FieldDesc::Scalar(_)) {
                return skip(child, bits, at, marked, bytes).map(|_| ());
            }
            touched = true;
            match (name, leaf(child, bytes)?) {
                ("severity", Value::Number(number)) => self.severity = number as i32,
                ("status", Value::Number(number)) => self.status = number as i32,
                ("message", Value::Text(text)) => self.message = text,
                _ => {}
            }
            Ok(())
        })?;
        Ok(touched)
    }

    fn time(&mut self, desc: &FieldDesc, bits: &BitSet, bit: usize, whole: bool, bytes: &mut Bytes) -> Outcome<bool> {
        let FieldDesc::Structure { fields, .. } = desc else { return skip(desc, bits, bit, whole, bytes) };
        each(fields, bits, bit, whole, |name, child, marked, at| {
            if !marked || !matches!(child, FieldDesc::Scalar(_)) {
                return skip(child, bits, at, marked, bytes).map(|_| ());
            }
            match (name, leaf(child, bytes)?) {
                ("secondsPastEpoch", Value::Long(seconds)) => self.seconds = seconds,
                ("nanoseconds", Value::Number(number)) => self.nanoseconds = number as i32,
                _ => {}
            }
            Ok(())
        })?;
        Ok(true)
    }
}

fn malformed(what: &str) -> Failure {
    Failure::request(format!("sent an answer that can't be decoded: {what}"))
}

/// Each field of a structure with whether it is marked, itself or by its structure, and its bit.
fn each(
    fields: &StructFields,
    bits: &BitSet,
    bit: usize,
    whole: bool,
    mut visit: impl FnMut(&str, &FieldDesc, bool, usize) -> Outcome<()>,
) -> Outcome<()> {
    let whole = whole || bits.get(bit);
    let mut at = bit + 1;
    for (name, child) in fields {
        visit(name, child, whole || bits.get(at), at)?;
        at += child.total_bits();
    }
    Ok(())
}

/// Steps over what is marked; says whether anything was.
fn skip(desc: &FieldDesc, bits: &BitSet, bit: usize, whole: bool, bytes: &mut Bytes) -> Outcome<bool> {
    if let FieldDesc::Structure { fields, .. } = desc {
        let mut touched = false;
        each(fields, bits, bit, whole, |_, child, marked, at| {
            touched |= skip(child, bits, at, marked, bytes)?;
            Ok(())
        })?;
        return Ok(touched);
    }
    if !whole && !bits.get(bit) {
        return Ok(false);
    }
    match desc {
        FieldDesc::Scalar(ScalarType::String) => {
            bytes.string_bytes()?;
        }
        FieldDesc::Scalar(kind) => {
            bytes.take(kind.element_size())?;
        }
        FieldDesc::ScalarArray(kind) if *kind != ScalarType::String => {
            let length = bytes.size()?;
            bytes.take(length.saturating_mul(kind.element_size()))?;
        }
        other => {
            leaf(other, bytes)?;
        }
    }
    Ok(true)
}

fn leaf(desc: &FieldDesc, bytes: &mut Bytes) -> Outcome<Value> {
    let order = bytes.order;
    macro_rules! number {
        ($type:ty) => {
            bytes.number(<$type>::from_le_bytes, <$type>::from_be_bytes)?
        };
    }
    macro_rules! numbers {
        ($type:ty) => {{
            const SIZE: usize = std::mem::size_of::<$type>();
            let length = bytes.size()?;
            let slice = bytes.take(length.saturating_mul(SIZE))?;
            let from = |chunk: &[u8]| {
                let chunk: [u8; SIZE] = chunk.try_into().expect("chunks of that size");
                if order == ByteOrder::Little { <$type>::from_le_bytes(chunk) } else { <$type>::from_be_bytes(chunk) }
            };
            array::<$type>(slice.chunks_exact(SIZE).map(from).collect())
        }};
    }
    Ok(match desc {
        FieldDesc::Scalar(kind) => match kind {
            ScalarType::Boolean => Value::Bool(number!(u8) != 0),
            ScalarType::Byte => Value::Number(number!(i8).into()),
            ScalarType::Short => Value::Number(number!(i16).into()),
            ScalarType::Int => Value::Number(number!(i32).into()),
            ScalarType::Long => Value::Long(number!(i64)),
            ScalarType::UByte => Value::Number(number!(u8).into()),
            ScalarType::UShort => Value::Number(number!(u16).into()),
            ScalarType::UInt => Value::Number(number!(u32).into()),
            ScalarType::ULong => Value::ULong(number!(u64)),
            ScalarType::Float => Value::Number(number!(f32).into()),
            ScalarType::Double => Value::Number(number!(f64)),
            ScalarType::String => Value::Text(bytes.string()?),
        },
        FieldDesc::ScalarArray(kind) => match kind {
            ScalarType::Boolean | ScalarType::UByte => numbers!(u8),
            ScalarType::Byte => numbers!(i8),
            ScalarType::Short => numbers!(i16),
            ScalarType::Int => numbers!(i32),
            ScalarType::Long => numbers!(i64),
            ScalarType::UShort => numbers!(u16),
            ScalarType::UInt => numbers!(u32),
            ScalarType::ULong => numbers!(u64),
            ScalarType::Float => numbers!(f32),
            ScalarType::Double => numbers!(f64),
            ScalarType::String => {
                let length = bytes.size()?;
                Value::Texts((0..length).map(|_| bytes.string()).collect::<Outcome<_>>()?)
            }
        },
        other => {
            let mut cursor = bytes.cursor();
            let field = decode_pv_field(other, &mut cursor, order).map_err(|error| malformed(&error.to_string()))?;
            bytes.at += cursor.position() as usize;
            structure_value(&field)
        }
    })
}

fn array<T: Plain>(numbers: Vec<T>) -> Value {
    Value::Numbers(Numbers::new::<T>(numbers))
}

pub(crate) struct Bytes<'a> {
    all: &'a [u8],
    at: usize,
    order: ByteOrder,
}

impl<'a> Bytes<'a> {
    fn cursor(&self) -> Cursor<&'a [u8]> {
        Cursor::new(&self.all[self.at..])
    }

    fn take(&mut self, length: usize) -> Outcome<&'a [u8]> {
        let end = self.at.checked_add(length).filter(|end| *end <= self.all.len());
        let end = end.ok_or_else(|| malformed("it is too short"))?;
        let slice = &self.all[self.at..end];
        self.at = end;
        Ok(slice)
    }

    fn number<T, const N: usize>(&mut self, little: fn([u8; N]) -> T, big: fn([u8; N]) -> T) -> Outcome<T> {
        let bytes: [u8; N] = self.take(N)?.try_into().expect("the length that was taken");
        Ok(if self.order == ByteOrder::Little { little(bytes) } else { big(bytes) })
    }

    /// A size; the null marker counts as nothing.
    fn size(&mut self) -> Outcome<usize> {
        Ok(match self.take(1)?[0] {
            255 => 0,
            254 => self.number(u32::from_le_bytes, u32::from_be_bytes)? as usize,
            small => usize::from(small),
        })
    }

    fn string_bytes(&mut self) -> Outcome<&'a [u8]> {
        let length = self.size()?;
        self.take(length)
    }

    fn string(&mut self) -> Outcome<String> {
        Ok(String::from_utf8_lossy(self.string_bytes()?).into_owned())
    }
}
