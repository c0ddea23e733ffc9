//! Devices that are mostly named values: the values, and the records through which they are set and read.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// What a parameter holds, with what it is at first.
#[derive(Clone, Copy)]
pub enum Kind {
    Integer(i32),
    /// A number with its units.
    Float(f64, &'static str),
    /// Off and on, by their labels.
    Flag(bool, [&'static str; 2]),
    /// The index of one of the labels.
    Choice(usize, &'static [&'static str]),
    /// Up to 39 characters.
    Word(&'static str),
    /// Up to 255 characters, as an array of them.
    Text(&'static str),
}

/// Which records a parameter has.
#[derive(Clone, Copy, PartialEq)]
pub enum Access {
    /// One to set it and, with `_RBV` at its name's end, one to read it.
    Set,
    /// As `Set`, with a record that stays busy until the device resets it.
    Busy,
    /// Only the one that sets.
    Command,
    /// Only the one with `_RBV`.
    Readback,
    /// Only one to read it, without `_RBV`.
    Status,
}

/// A named value of a device.
#[derive(Clone, Copy)]
pub struct Parameter {
    pub name: &'static str,
    pub access: Access,
    pub kind: Kind,
}

pub const fn parameter(name: &'static str, access: Access, kind: Kind) -> Parameter {
    Parameter { name, access, kind }
}

/// A record's FLNK, by the names of both without the device's prefix.
pub type Link = (&'static str, &'static str);

const STATES: [&str; 16] = [
    "ZRST", "ONST", "TWST", "THST", "FRST", "FVST", "SXST", "SVST", "EIST", "NIST", "TEST", "ELST", "TVST", "TTST",
    "FTST", "FFST",
];
const LONGEST_TEXT: usize = 256;

/// The text of the records of a device at `prefix`, on the port of the same name; `links` are processed after what
/// they follow.
pub fn records(prefix: &str, parameters: &[&[Parameter]], links: &[Link]) -> String {
    let mut text = String::new();
    for parameter in parameters.iter().copied().flatten() {
        parameter.write(prefix, links, &mut text);
    }
    text
}

impl Parameter {
    fn write(&self, prefix: &str, links: &[Link], text: &mut String) {
        let readback = format!("{}_RBV", self.name);
        match self.access {
            Access::Set | Access::Busy => {
                let next = (self.access == Access::Set).then_some(readback.as_str());
                self.write_one(prefix, self.name, true, next, text);
                self.write_one(prefix, &readback, false, link(links, &readback), text);
            }
            Access::Command => self.write_one(prefix, self.name, true, link(links, self.name), text),
            Access::Readback => self.write_one(prefix, &readback, false, link(links, &readback), text),
            Access::Status => self.write_one(prefix, self.name, false, link(links, self.name), text),
        }
    }

    fn write_one(&self, prefix: &str, name: &str, sets: bool, next: Option<&str>, text: &mut String) {
        let record_type = match (self.kind, sets) {
            (Kind::Flag(..), true) if self.access == Access::Busy => "busy",
            (Kind::Integer(_), sets) => either(sets, "longout", "longin"),
            (Kind::Float(..), sets) => either(sets, "ao", "ai"),
            (Kind::Flag(..), sets) => either(sets, "bo", "bi"),
            (Kind::Choice(..), sets) => either(sets, "mbbo", "mbbi"),
            (Kind::Word(_), sets) => either(sets, "stringout", "stringin"),
            (Kind::Text(_), _) => "waveform",
        };
        // A waveform is an input to its record type, whichever way its device moves the characters.
        let is_waveform = record_type == "waveform";
        let field = either(sets && !is_waveform, "OUT", "INP");
        let way = either(sets && is_waveform, " put", "");
        let mut fields = if self.access == Access::Busy && !sets {
            // A busy record processes its forward link only when it is done; whoever watches it sees it begin, too.
            vec![("INP", format!("$(P){prefix}{} CP", self.name))]
        } else {
            vec![("DTYP", "miniBeamline".to_string()), (field, format!("@{prefix} {}{way}", self.name))]
        };
        fields.extend(next.map(|next| ("FLNK", format!("$(P){prefix}{next}"))));
        if !sets {
            fields.push(("PINI", "YES".to_string()));
        }
        match self.kind {
            Kind::Float(_, units) => fields.extend([("EGU", units.to_string()), ("PREC", "4".to_string())]),
            Kind::Flag(_, [off, on]) => fields.extend([("ZNAM", off.to_string()), ("ONAM", on.to_string())]),
            Kind::Choice(_, labels) => {
                fields.extend(STATES.into_iter().zip(labels.iter().map(|label| label.to_string())));
            }
            Kind::Text(_) => fields.extend([("FTVL", "CHAR".to_string()), ("NELM", LONGEST_TEXT.to_string())]),
            Kind::Integer(_) | Kind::Word(_) => {}
        }
        let fields: String = fields.iter().map(|(field, value)| format!("    field({field}, \"{value}\")\n")).collect();
        text.push_str(&format!("record({record_type}, \"$(P){prefix}{name}\") {{\n{fields}}}\n"));
    }
}

fn link(links: &[Link], name: &str) -> Option<&'static str> {
    links.iter().find(|(from, _)| *from == name).map(|(_, to)| *to)
}

fn either<T>(first: bool, one: T, other: T) -> T {
    if first {
        one
    } else {
        other
    }
}

/// A value of a parameter.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    Number(f64),
    Text(String),
}

impl From<f64> for Value {
    fn from(value: f64) -> Self {
        Self::Number(value)
    }
}

impl From<i32> for Value {
    fn from(value: i32) -> Self {
        Self::Number(value.into())
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Number(f64::from(u8::from(value)))
    }
}

impl From<String> for Value {
    fn from(value: String) -> Self {
        Self::Text(value)
    }
}

/// The present values of a device's parameters.
pub struct Store(Mutex<HashMap<&'static str, Value>>);

impl Store {
    pub fn new(parameters: &[&[Parameter]]) -> Self {
        let initial = |kind| match kind {
            Kind::Integer(value) => Value::from(value),
            Kind::Float(value, _) => Value::Number(value),
            Kind::Flag(value, _) => Value::from(value),
            Kind::Choice(value, _) => Value::Number(value as f64),
            Kind::Word(value) | Kind::Text(value) => Value::Text(value.to_string()),
        };
        let all = parameters.iter().copied().flatten();
        Self(Mutex::new(all.map(|parameter| (parameter.name, initial(parameter.kind))).collect()))
    }

    /// A number; `None` when the device has no such parameter.
    pub fn read(&self, name: &str) -> Option<f64> {
        match self.values().get(name)? {
            Value::Number(value) => Some(*value),
            Value::Text(_) => None,
        }
    }

    pub fn read_text(&self, name: &str) -> Option<String> {
        match self.values().get(name)? {
            Value::Number(_) => None,
            Value::Text(text) => Some(text.clone()),
        }
    }

    pub fn number(&self, name: &str) -> f64 {
        self.read(name).unwrap_or(0.0)
    }

    /// A whole number that can't be negative.
    pub fn count(&self, name: &str) -> usize {
        self.number(name) as usize
    }

    pub fn flag(&self, name: &str) -> bool {
        self.number(name) != 0.0
    }

    pub fn text(&self, name: &str) -> String {
        self.read_text(name).unwrap_or_default()
    }

    /// Changes a parameter that the device has.
    pub fn set(&self, name: &str, value: impl Into<Value>) {
        if let Some(stored) = self.values().get_mut(name) {
            *stored = value.into();
        }
    }

    /// Adds one to a count and answers with the sum.
    pub fn increment(&self, name: &str) -> i32 {
        let next = self.number(name) as i32 + 1;
        self.set(name, next);
        next
    }

    fn values(&self) -> MutexGuard<'_, HashMap<&'static str, Value>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
