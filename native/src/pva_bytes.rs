//! Reading pvAccess bytes: single fields, and stepping over what is not wanted.

use std::io::Cursor;

use epics_pva_rs::proto::{BitSet, ByteOrder};
use epics_pva_rs::pvdata::encode::{decode_pv_field, decode_type_desc};
use epics_pva_rs::pvdata::{FieldDesc, ScalarType, StructFields};

use crate::error::{Failure, Outcome};
use crate::pva_value::structure_value;
use crate::value::{Numbers, Plain, Value};

pub(crate) fn malformed(what: &str) -> Failure {
    Failure::request(format!("sent an answer that can't be decoded: {what}"))
}

/// Each field of a structure with whether it is marked, itself or by its structure, and its bit.
pub(crate) fn each(
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
pub(crate) fn skip(desc: &FieldDesc, bits: &BitSet, bit: usize, whole: bool, bytes: &mut Bytes) -> Outcome<bool> {
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

pub(crate) fn leaf(desc: &FieldDesc, bytes: &mut Bytes) -> Outcome<Value> {
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
                if order == ByteOrder::Little {
                    <$type>::from_le_bytes(chunk)
                } else {
                    <$type>::from_be_bytes(chunk)
                }
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
    pub(crate) at: usize,
    pub(crate) order: ByteOrder,
}

impl<'a> Bytes<'a> {
    pub(crate) fn new(all: &'a [u8], at: usize, order: ByteOrder) -> Self {
        Self { all, at, order }
    }

    pub(crate) fn cursor(&self) -> Cursor<&'a [u8]> {
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

    /// Which member of a union follows; none for a null one.
    pub(crate) fn selector(&mut self) -> Outcome<Option<usize>> {
        if self.all.get(self.at) == Some(&255) {
            self.at += 1;
            return Ok(None);
        }
        self.size().map(Some)
    }

    /// The type of what follows; none where nothing does.
    pub(crate) fn description(&mut self) -> Outcome<Option<FieldDesc>> {
        if self.all.get(self.at) == Some(&255) {
            self.at += 1;
            return Ok(None);
        }
        let mut cursor = self.cursor();
        let desc = decode_type_desc(&mut cursor, self.order).map_err(|error| malformed(&error.to_string()))?;
        self.at += cursor.position() as usize;
        Ok(Some(desc))
    }

    pub(crate) fn bits(&mut self) -> Outcome<BitSet> {
        let mut cursor = self.cursor();
        let bits = BitSet::decode(&mut cursor, self.order).map_err(|error| malformed(&error.to_string()))?;
        self.at += cursor.position() as usize;
        Ok(bits)
    }

    fn string_bytes(&mut self) -> Outcome<&'a [u8]> {
        let length = self.size()?;
        self.take(length)
    }

    fn string(&mut self) -> Outcome<String> {
        Ok(String::from_utf8_lossy(self.string_bytes()?).into_owned())
    }
}
