//! Values on their way to JavaScript, in one form for both protocols.

use epics_base_rs::types::SharedArray;
use epics_pva_rs::pvdata::PvArray;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Element {
    I8,
    U8,
    I16,
    U16,
    I32,
    U32,
    I64,
    U64,
    F32,
    F64,
}

impl Element {
    pub(crate) fn size(self) -> usize {
        match self {
            Self::I8 | Self::U8 => 1,
            Self::I16 | Self::U16 => 2,
            Self::I32 | Self::U32 | Self::F32 => 4,
            Self::I64 | Self::U64 | Self::F64 => 8,
        }
    }
}

/// A number type whose memory may be read as bytes.
pub(crate) trait Plain: Copy + Send + Sync + 'static {
    const ELEMENT: Element;
}

macro_rules! plain {
    ($($type:ty => $element:ident),*) => { $(impl Plain for $type { const ELEMENT: Element = Element::$element; })* };
}
plain!(i8 => I8, u8 => U8, i16 => I16, u16 => U16, i32 => I32, u32 => U32, i64 => I64, u64 => U64, f32 => F32, f64 => F64);

pub(crate) fn bytes_of<T: Plain>(slice: &[T]) -> &[u8] {
    // SAFETY: Plain is implemented for padding-free number types only, and the length is in bytes of the same memory.
    unsafe { std::slice::from_raw_parts(slice.as_ptr().cast(), std::mem::size_of_val(slice)) }
}

/// Shared, read-only memory of numbers.
pub(crate) trait NumberBytes: Send + Sync {
    fn bytes(&self) -> &[u8];

    /// Whether the memory belongs to this value alone, and not to an array that a client may still hold.
    fn is_own(&self) -> bool {
        false
    }
}

impl<T: Plain> NumberBytes for Vec<T> {
    fn bytes(&self) -> &[u8] {
        bytes_of(self)
    }

    fn is_own(&self) -> bool {
        true
    }
}

impl<T: Plain> NumberBytes for SharedArray<T> {
    fn bytes(&self) -> &[u8] {
        bytes_of(self)
    }
}

impl<T: Plain> NumberBytes for PvArray<T> {
    fn bytes(&self) -> &[u8] {
        bytes_of(self.as_slice())
    }
}

#[derive(Clone)]
pub(crate) struct Numbers {
    pub(crate) element: Element,
    memory: std::sync::Arc<dyn NumberBytes>,
}

impl Numbers {
    pub(crate) fn new<T: Plain>(memory: impl NumberBytes + 'static) -> Self {
        Self { element: T::ELEMENT, memory: std::sync::Arc::new(memory) }
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        self.memory.bytes()
    }

    /// The memory itself, when it is large and nobody else reads it: JavaScript takes it over without a copy.
    pub(crate) fn hand_over(&self) -> Option<std::sync::Arc<dyn NumberBytes>> {
        self.is_free().then(|| self.memory.clone())
    }

    fn is_free(&self) -> bool {
        self.is_large() && self.memory.is_own() && std::sync::Arc::strong_count(&self.memory) == 1
    }

    fn is_large(&self) -> bool {
        self.bytes().len() >= LARGE
    }
}

/// From this many bytes on a copy would be felt on JavaScript's thread.
const LARGE: usize = 64 * 1024;

/// A copy of numbers of any kind, aligned for all of them.
struct Words {
    words: Vec<u64>,
    length: usize,
}

impl Words {
    fn copy(bytes: &[u8]) -> Self {
        let mut words = vec![0u64; bytes.len().div_ceil(8)];
        // SAFETY: the destination has at least as many bytes, and any bytes are a u64.
        unsafe { std::ptr::copy_nonoverlapping(bytes.as_ptr(), words.as_mut_ptr().cast(), bytes.len()) };
        Self { words, length: bytes.len() }
    }
}

impl NumberBytes for Words {
    fn bytes(&self) -> &[u8] {
        &bytes_of(&self.words)[..self.length]
    }

    fn is_own(&self) -> bool {
        true
    }
}

#[derive(Clone)]
pub(crate) enum Value {
    Null,
    Number(f64),
    Bool(bool),
    Long(i64),
    ULong(u64),
    Text(String),
    Texts(Vec<String>),
    Numbers(Numbers),
    Structure(Vec<(String, Value)>),
    List(Vec<Value>),
}

/// Bit by bit: NaN equals itself.
impl PartialEq for Value {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Null, Self::Null) => true,
            (Self::Number(one), Self::Number(other)) => one.to_bits() == other.to_bits(),
            (Self::Bool(one), Self::Bool(other)) => one == other,
            (Self::Long(one), Self::Long(other)) => one == other,
            (Self::ULong(one), Self::ULong(other)) => one == other,
            (Self::Text(one), Self::Text(other)) => one == other,
            (Self::Texts(one), Self::Texts(other)) => one == other,
            (Self::Numbers(one), Self::Numbers(other)) => one.element == other.element && one.bytes() == other.bytes(),
            (Self::Structure(one), Self::Structure(other)) => one == other,
            (Self::List(one), Self::List(other)) => one == other,
            _ => false,
        }
    }
}

impl Value {
    /// Copies large arrays that others hold too, here and not on JavaScript's thread, which takes over what is its own.
    pub(crate) fn claim(&mut self) {
        match self {
            Self::Numbers(numbers) if numbers.is_large() && !numbers.is_free() => {
                numbers.memory = std::sync::Arc::new(Words::copy(numbers.bytes()));
            }
            Self::Structure(fields) => fields.iter_mut().for_each(|(_, field)| field.claim()),
            _ => {}
        }
    }
}

/// Alarm status: CA's condition codes; what only pvAccess has is negative (its own status, negated).
#[derive(Clone)]
pub(crate) struct Reading {
    pub(crate) value: Value,
    pub(crate) timestamp: f64,
    pub(crate) severity: i32,
    pub(crate) status: i32,
    pub(crate) message: Option<String>,
    pub(crate) metadata: Option<Box<Metadata>>,
    /// Of an update: limits, labels or the like were changed.
    pub(crate) property: bool,
}

impl Reading {
    /// Whether it tells what another one told: the same, of the same moment. What has no time stamp is never known to be.
    pub(crate) fn repeats(&self, former: &Self) -> bool {
        self.timestamp != 0.0 && self.timestamp == former.timestamp && self.says_the_same(former)
    }

    pub(crate) fn says_the_same(&self, former: &Self) -> bool {
        (self.severity, self.status, &self.message) == (former.severity, former.status, &former.message)
            && self.value == former.value
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Info {
    pub(crate) kind: &'static str,
    pub(crate) is_array: bool,
    pub(crate) count: u32,
    pub(crate) writable: bool,
    pub(crate) host: Option<String>,
    pub(crate) type_id: Option<String>,
}

/// Low and high; a limit that is not set is no number.
pub(crate) type Range = Option<(Option<f64>, Option<f64>)>;

#[derive(Clone)]
pub(crate) struct Metadata {
    pub(crate) info: Info,
    pub(crate) units: Option<String>,
    pub(crate) precision: Option<i32>,
    pub(crate) description: Option<String>,
    pub(crate) display: Range,
    pub(crate) control: Range,
    pub(crate) warning: Range,
    pub(crate) alarm: Range,
    pub(crate) choices: Option<Vec<String>>,
    /// Of a table: name, kind and label, in the table's order.
    pub(crate) columns: Option<Vec<(String, &'static str, String)>>,
}

impl Metadata {
    pub(crate) fn bare(info: Info) -> Self {
        Self {
            info,
            units: None,
            precision: None,
            description: None,
            display: None,
            control: None,
            warning: None,
            alarm: None,
            choices: None,
            columns: None,
        }
    }
}

/// Records tell "no limits" as two NaN or as 0 and 0: neither is a range.
pub(crate) fn range(low: f64, high: f64) -> Range {
    if low == 0.0 && high == 0.0 {
        return None;
    }
    let finite = |limit: f64| limit.is_finite().then_some(limit);
    match (finite(low), finite(high)) {
        (None, None) => None,
        both => Some(both),
    }
}

pub(crate) fn now() -> f64 {
    std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).map_or(0.0, |since| since.as_secs_f64())
}
