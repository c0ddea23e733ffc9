//! Readings straight from pvAccess bytes: of value, alarm and time stamp only, everything else is stepped over.
//!
//! The client's own decoder builds a tree with a string for each field name, which costs ten times the transfer.

use std::io::Cursor;

use epics_pva_rs::proto::{BitSet, ByteOrder};
use epics_pva_rs::pvdata::encode::{decode_pv_field, decode_pv_field_with_bitset, fill_unmarked_from_prior};
use epics_pva_rs::pvdata::{FieldDesc, PvField};

use crate::error::Outcome;
use crate::pva_bytes::{each, leaf, malformed, skip, Bytes};
use crate::pva_frame::Frame;
use crate::pva_value::{is_enum, is_frame, structure_value};
use crate::value::{now, Reading, Value};

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
    frame: Option<Box<Frame>>,
}

/// Which parts an update touched.
#[derive(Clone, Copy, Default)]
pub(crate) struct Touched {
    pub(crate) value: bool,
    pub(crate) alarm: bool,
    pub(crate) property: bool,
    /// Updates were merged into this one on its way, at the server or in the client's own queue.
    pub(crate) merged: bool,
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
            frame: None,
        }
    }
}

const CONDITIONS: [&str; 22] = [
    "NO_ALARM",
    "READ",
    "WRITE",
    "HIHI",
    "HIGH",
    "LOLO",
    "LOW",
    "STATE",
    "COS",
    "COMM",
    "TIMEOUT",
    "HWLIMIT",
    "CALC",
    "SCAN",
    "LINK",
    "SOFT",
    "BAD_SUB",
    "UDF",
    "DISABLE",
    "SIMM",
    "READ_ACCESS",
    "WRITE_ACCESS",
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
        // A server of frames may stamp the data only.
        let stamp = match &self.frame {
            Some(frame) if (self.seconds, self.nanoseconds) == (0, 0) => frame.taken,
            _ => (self.seconds, self.nanoseconds),
        };
        Reading {
            value: self.value.clone(),
            timestamp: seconds_of(stamp),
            severity: self.severity,
            status,
            message: (!quiet).then(|| self.message.clone()),
            metadata: None,
            property: false,
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
        let mut bytes = Bytes::new(body, cursor.position() as usize, order);
        let mut touched = Touched::default();
        let FieldDesc::Structure { fields, struct_id } = desc else {
            if bits.get(0) {
                self.value = leaf(desc, &mut bytes)?;
                touched.value = true;
            }
            return Ok(touched);
        };
        if is_frame(struct_id) {
            self.frame.get_or_insert_default();
        }
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
                    let stamp = (&mut self.seconds, &mut self.nanoseconds);
                    time(stamp, child, &bits, bit, whole, &mut bytes)?;
                }
                other => match &mut self.frame {
                    Some(frame) => touched.value |= frame.part(other, child, &bits, bit, whole, &mut bytes)?,
                    None => touched.property |= skip(child, &bits, bit, whole, &mut bytes)?,
                },
            }
            bit += child.total_bits();
        }
        if let Some(frame) = &self.frame {
            self.value = frame.value()?;
        }
        touched.merged = bytes.bits().is_ok_and(|overrun| !overrun.is_empty());
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
        if let Some(frame) = &mut self.frame {
            touched.value |= frame.data(desc, bits, bit, whole, bytes)?;
            return Ok(());
        }
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

    fn subtree(
        &mut self,
        desc: &FieldDesc,
        bits: &BitSet,
        bit: usize,
        whole: bool,
        bytes: &mut Bytes,
    ) -> Outcome<bool> {
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
}

pub(crate) fn seconds_of((seconds, nanoseconds): (i64, i32)) -> f64 {
    seconds as f64 + f64::from(nanoseconds) * 1e-9
}

/// What is marked of a time stamp.
pub(crate) fn time(
    (seconds, nanoseconds): (&mut i64, &mut i32),
    desc: &FieldDesc,
    bits: &BitSet,
    bit: usize,
    whole: bool,
    bytes: &mut Bytes,
) -> Outcome<bool> {
    let FieldDesc::Structure { fields, .. } = desc else { return skip(desc, bits, bit, whole, bytes) };
    each(fields, bits, bit, whole, |name, child, marked, at| {
        if !marked || !matches!(child, FieldDesc::Scalar(_)) {
            return skip(child, bits, at, marked, bytes).map(|_| ());
        }
        match (name, leaf(child, bytes)?) {
            ("secondsPastEpoch", Value::Long(past)) => *seconds = past,
            ("nanoseconds", Value::Number(number)) => *nanoseconds = number as i32,
            _ => {}
        }
        Ok(())
    })?;
    Ok(true)
}
