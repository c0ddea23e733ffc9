//! Frames of detectors (NTNDArray): the data straight from the bytes in one copy, with shape, time, number and attributes.

use epics_pva_rs::proto::BitSet;
use epics_pva_rs::pvdata::{FieldDesc, ScalarType};

use crate::error::{Failure, Outcome};
use crate::pva_bytes::{each, leaf, malformed, skip, Bytes};
use crate::pva_decode::{seconds_of, time};
use crate::value::{Numbers, Value};

/// What was last known of a channel of frames.
#[derive(Clone, Default)]
pub(crate) struct Frame {
    data: Option<(ScalarType, Numbers)>,
    codec: String,
    /// Fastest first, as the server has them.
    dimensions: Vec<Value>,
    attributes: Vec<Value>,
    unique_id: f64,
    /// When the data were taken; the structure's own time stamp says when they were published.
    pub(crate) taken: (i64, i32),
}

impl Frame {
    /// The union of arrays, or the array of any type that a group of records has; says whether it was marked.
    pub(crate) fn data(
        &mut self,
        desc: &FieldDesc,
        bits: &BitSet,
        bit: usize,
        whole: bool,
        bytes: &mut Bytes,
    ) -> Outcome<bool> {
        if !whole && !bits.get(bit) {
            return Ok(false);
        }
        let member = match desc {
            FieldDesc::Union { variants, .. } => match bytes.selector()? {
                None => None,
                Some(selector) => Some(variants.get(selector).map(|(_, member)| member.clone())),
            },
            FieldDesc::Variant => bytes.description()?.map(Some),
            _ => return skip(desc, bits, bit, whole, bytes),
        };
        self.data = match member {
            None => None,
            Some(Some(member @ FieldDesc::ScalarArray(kind))) => match leaf(&member, bytes)? {
                Value::Numbers(numbers) => Some((kind, numbers)),
                _ => return Err(Failure::type_of("sends frames of text, which are no images")),
            },
            Some(_) => return Err(malformed("its frame is of no kind that it announced")),
        };
        Ok(true)
    }

    /// Everything beside the data; says whether a part of the frame was marked.
    pub(crate) fn part(
        &mut self,
        name: &str,
        desc: &FieldDesc,
        bits: &BitSet,
        bit: usize,
        whole: bool,
        bytes: &mut Bytes,
    ) -> Outcome<bool> {
        let marked = whole || bits.get(bit);
        match (name, desc) {
            ("codec", FieldDesc::Structure { fields, .. }) => {
                each(fields, bits, bit, whole, |name, child, marked, at| {
                    if name != "name" || !marked {
                        return skip(child, bits, at, marked, bytes).map(|_| ());
                    }
                    if let Value::Text(codec) = leaf(child, bytes)? {
                        self.codec = codec;
                    }
                    Ok(())
                })?;
                Ok(false)
            }
            ("dataTimeStamp", _) => {
                time((&mut self.taken.0, &mut self.taken.1), desc, bits, bit, whole, bytes)?;
                Ok(false)
            }
            ("dimension" | "attribute", FieldDesc::StructureArray { .. }) if marked => {
                let Value::List(items) = leaf(desc, bytes)? else { return Ok(false) };
                *(if name == "dimension" { &mut self.dimensions } else { &mut self.attributes }) = items;
                Ok(true)
            }
            ("uniqueId", FieldDesc::Scalar(_)) if marked => {
                if let Value::Number(number) = leaf(desc, bytes)? {
                    self.unique_id = number;
                }
                Ok(true)
            }
            _ => skip(desc, bits, bit, whole, bytes).map(|_| false),
        }
    }

    /// Null before the first frame. A compressed frame, and one whose data are not of its shape, fail by themselves.
    pub(crate) fn value(&self) -> Outcome<Value> {
        let Some((kind, numbers)) = &self.data else { return Ok(Value::Null) };
        if !self.codec.is_empty() {
            return Err(Failure::type_of(format!(
                "sends frames compressed with {}, which are not decoded here; have them sent uncompressed",
                self.codec
            )));
        }
        let length = numbers.bytes().len() / numbers.element.size();
        let sizes = self.dimensions.iter().rev().map(|dimension| member(dimension, "size"));
        let mut shape: Vec<i32> = sizes.map(|size| size as i32).collect();
        if shape.is_empty() {
            shape.push(length as i32);
        }
        let wanted = shape.iter().map(|size| (*size).max(0) as usize).fold(1, usize::saturating_mul);
        if wanted != length {
            return Err(Failure::request(format!("sent a frame of shape {shape:?} with {length} elements")));
        }
        let taken = if self.taken == (0, 0) { Value::Null } else { Value::Number(seconds_of(self.taken)) };
        let list = |values: Vec<f64>| Value::List(values.into_iter().map(Value::Number).collect());
        Ok(structure([
            ("data", Value::Numbers(numbers.clone())),
            ("shape", list(shape.into_iter().map(f64::from).collect())),
            ("dtype", Value::Text(numpy(*kind).to_string())),
            ("uniqueId", Value::Number(self.unique_id)),
            ("dataTimestamp", taken),
            ("codec", Value::Text(String::new())),
            ("dimensions", Value::List(self.dimensions.iter().rev().map(dimension).collect())),
            ("attributes", Value::Structure(self.attributes.iter().filter_map(attribute).collect())),
        ]))
    }
}

fn structure<const N: usize>(fields: [(&str, Value); N]) -> Value {
    Value::Structure(fields.into_iter().map(|(name, value)| (name.to_string(), value)).collect())
}

fn field<'a>(item: &'a Value, name: &str) -> Option<&'a Value> {
    let Value::Structure(fields) = item else { return None };
    fields.iter().find(|(field, _)| field == name).map(|(_, value)| value)
}

fn member(item: &Value, name: &str) -> f64 {
    match field(item, name) {
        Some(Value::Number(number)) => *number,
        _ => 0.0,
    }
}

fn dimension(item: &Value) -> Value {
    let reverse = matches!(field(item, "reverse"), Some(Value::Bool(true)));
    structure([
        ("size", Value::Number(member(item, "size"))),
        ("offset", Value::Number(member(item, "offset"))),
        ("fullSize", Value::Number(member(item, "fullSize"))),
        ("binning", Value::Number(member(item, "binning"))),
        ("reverse", Value::Bool(reverse)),
    ])
}

fn attribute(item: &Value) -> Option<(String, Value)> {
    let text = |name: &str| field(item, name).cloned().unwrap_or_else(|| Value::Text(String::new()));
    let Some(Value::Text(name)) = field(item, "name") else { return None };
    let described = structure([
        ("value", field(item, "value").cloned().unwrap_or(Value::Null)),
        ("description", text("descriptor")),
        ("source", text("source")),
        ("sourceType", Value::Number(member(item, "sourceType"))),
    ]);
    Some((name.clone(), described))
}

/// The element type as numpy names it; our memory is little-endian wherever Node runs.
fn numpy(kind: ScalarType) -> &'static str {
    match kind {
        ScalarType::Boolean => "|b1",
        ScalarType::Byte => "|i1",
        ScalarType::UByte => "|u1",
        ScalarType::Short => "<i2",
        ScalarType::UShort => "<u2",
        ScalarType::Int => "<i4",
        ScalarType::UInt => "<u4",
        ScalarType::Long => "<i8",
        ScalarType::ULong => "<u8",
        ScalarType::Float => "<f4",
        ScalarType::Double => "<f8",
        ScalarType::String => "|S40",
    }
}
