//! JavaScript values on their way to a record: taken as they are, checked against the channel's type later.

use std::ffi::c_void;
use std::ptr;

use napi::sys;

use crate::error::{Failure, Outcome};
use crate::value::Element;

#[derive(Clone, Debug)]
pub(crate) enum Input {
    Number(f64),
    Bool(bool),
    Integer(i128),
    Text(String),
    Numbers {
        element: Element,
        bytes: Vec<u8>,
    },
    List(Vec<Input>),
    /// Fields by name: of a table, of a structure.
    Record(Vec<(String, Input)>),
}

impl Input {
    pub(crate) fn describe(&self) -> String {
        match self {
            Self::Number(number) => format!("{number}"),
            Self::Bool(truth) => format!("{truth}"),
            Self::Integer(number) => format!("{number}n"),
            Self::Text(text) => format!("{text:?}"),
            Self::Numbers { .. } => "a typed array".to_string(),
            Self::List(_) => "an array".to_string(),
            Self::Record(_) => "an object".to_string(),
        }
    }

    pub(crate) fn is_array(&self) -> bool {
        matches!(self, Self::Numbers { .. } | Self::List(_))
    }

    /// How many elements an array has; 1 for anything else.
    pub(crate) fn length(&self) -> usize {
        match self {
            Self::Numbers { element, bytes } => bytes.len() / element.size(),
            Self::List(items) => items.len(),
            _ => 1,
        }
    }

    /// The elements of an array one by one, typed arrays included.
    pub(crate) fn elements(self) -> Vec<Input> {
        match self {
            Self::List(items) => items,
            Self::Numbers { element, bytes } => numbers_of(element, &bytes),
            scalar => vec![scalar],
        }
    }

    /// An integer within the bounds; a fraction, text or a number beyond them is refused.
    pub(crate) fn integer(&self, low: i128, high: i128) -> Outcome<i128> {
        let number = match self {
            Self::Bool(truth) => i128::from(*truth),
            Self::Integer(number) => *number,
            Self::Number(number) if number.fract() == 0.0 && number.abs() <= 9_007_199_254_740_992.0 => *number as i128,
            other => return Err(Failure::type_of(format!("takes whole numbers, not {}", other.describe()))),
        };
        if number < low || number > high {
            return Err(Failure::type_of(format!("takes numbers from {low} to {high}, not {number}")));
        }
        Ok(number)
    }

    pub(crate) fn float(&self) -> Outcome<f64> {
        match self {
            Self::Number(number) => Ok(*number),
            Self::Integer(number) if *number as f64 as i128 == *number => Ok(*number as f64),
            other => Err(Failure::type_of(format!("takes numbers, not {}", other.describe()))),
        }
    }

    pub(crate) fn text(&self) -> Outcome<&str> {
        match self {
            Self::Text(text) => Ok(text),
            other => Err(Failure::type_of(format!("takes text, not {}", other.describe()))),
        }
    }
}

fn numbers_of(element: Element, bytes: &[u8]) -> Vec<Input> {
    macro_rules! each {
        ($type:ty, $wrap:expr) => {
            bytes
                .chunks_exact(std::mem::size_of::<$type>())
                .map(|chunk| $wrap(<$type>::from_ne_bytes(chunk.try_into().expect("chunks of that size"))))
                .collect()
        };
    }
    match element {
        Element::I8 => each!(i8, |n| Input::Integer(i128::from(n))),
        Element::U8 => each!(u8, |n| Input::Integer(i128::from(n))),
        Element::I16 => each!(i16, |n| Input::Integer(i128::from(n))),
        Element::U16 => each!(u16, |n| Input::Integer(i128::from(n))),
        Element::I32 => each!(i32, |n| Input::Integer(i128::from(n))),
        Element::U32 => each!(u32, |n| Input::Integer(i128::from(n))),
        Element::I64 => each!(i64, |n| Input::Integer(i128::from(n))),
        Element::U64 => each!(u64, |n| Input::Integer(i128::from(n))),
        Element::F32 => each!(f32, |n| Input::Number(f64::from(n))),
        Element::F64 => each!(f64, Input::Number),
    }
}

/// # Safety
/// `value` must be a live value of `env`, on its thread.
pub(crate) unsafe fn take(env: sys::napi_env, value: sys::napi_value) -> Outcome<Input> {
    let mut kind = 0;
    sys::napi_typeof(env, value, &mut kind);
    match kind {
        sys::ValueType::napi_number => {
            let mut number = 0.0;
            sys::napi_get_value_double(env, value, &mut number);
            Ok(Input::Number(number))
        }
        sys::ValueType::napi_boolean => {
            let mut truth = false;
            sys::napi_get_value_bool(env, value, &mut truth);
            Ok(Input::Bool(truth))
        }
        sys::ValueType::napi_bigint => bigint(env, value),
        sys::ValueType::napi_string => Ok(Input::Text(text(env, value))),
        sys::ValueType::napi_object => compound(env, value),
        _ => {
            Err(Failure::type_of("takes a number, a bigint, a boolean, text, an array of these or an object of fields"))
        }
    }
}

unsafe fn bigint(env: sys::napi_env, value: sys::napi_value) -> Outcome<Input> {
    let (mut sign, mut count, mut words) = (0, 2, [0u64; 2]);
    sys::napi_get_value_bigint_words(env, value, &mut sign, &mut count, words.as_mut_ptr());
    if count > 1 {
        return Err(Failure::type_of("takes numbers of 64 bits at most"));
    }
    let size = i128::from(if count == 0 { 0 } else { words[0] });
    Ok(Input::Integer(if sign == 0 { size } else { -size }))
}

unsafe fn text(env: sys::napi_env, value: sys::napi_value) -> String {
    let mut length = 0;
    sys::napi_get_value_string_utf8(env, value, ptr::null_mut(), 0, &mut length);
    let mut bytes = vec![0u8; length + 1];
    sys::napi_get_value_string_utf8(env, value, bytes.as_mut_ptr().cast(), length + 1, &mut length);
    bytes.truncate(length);
    String::from_utf8_lossy(&bytes).into_owned()
}

unsafe fn compound(env: sys::napi_env, value: sys::napi_value) -> Outcome<Input> {
    let mut typed = false;
    sys::napi_is_typedarray(env, value, &mut typed);
    if typed {
        return typed_array(env, value);
    }
    let mut plain = false;
    sys::napi_is_array(env, value, &mut plain);
    if plain {
        array(env, value)
    } else {
        record(env, value)
    }
}

unsafe fn record(env: sys::napi_env, value: sys::napi_value) -> Outcome<Input> {
    let mut names = ptr::null_mut();
    let status = sys::napi_get_property_names(env, value, &mut names);
    let mut length = 0;
    sys::napi_get_array_length(env, names, &mut length);
    if status != sys::Status::napi_ok || length == 0 {
        return Err(Failure::type_of("takes no object without fields"));
    }
    let mut fields = Vec::with_capacity(length as usize);
    for index in 0..length {
        let (mut name, mut field) = (ptr::null_mut(), ptr::null_mut());
        sys::napi_get_element(env, names, index, &mut name);
        sys::napi_get_property(env, value, name, &mut field);
        fields.push((text(env, name), take(env, field)?));
    }
    Ok(Input::Record(fields))
}

unsafe fn array(env: sys::napi_env, value: sys::napi_value) -> Outcome<Input> {
    let mut length = 0;
    sys::napi_get_array_length(env, value, &mut length);
    let mut items = Vec::with_capacity(length as usize);
    for index in 0..length {
        let mut item = ptr::null_mut();
        sys::napi_get_element(env, value, index, &mut item);
        let item = take(env, item)?;
        if item.is_array() || matches!(item, Input::Record(_)) {
            return Err(Failure::type_of("takes arrays of numbers, booleans or text, of one dimension"));
        }
        items.push(item);
    }
    Ok(Input::List(items))
}

unsafe fn typed_array(env: sys::napi_env, value: sys::napi_value) -> Outcome<Input> {
    let (mut kind, mut length, mut offset) = (0, 0, 0);
    let mut data: *mut c_void = ptr::null_mut();
    let mut buffer = ptr::null_mut();
    sys::napi_get_typedarray_info(env, value, &mut kind, &mut length, &mut data, &mut buffer, &mut offset);
    let element = match kind {
        sys::TypedarrayType::int8_array => Element::I8,
        sys::TypedarrayType::uint8_array | sys::TypedarrayType::uint8_clamped_array => Element::U8,
        sys::TypedarrayType::int16_array => Element::I16,
        sys::TypedarrayType::uint16_array => Element::U16,
        sys::TypedarrayType::int32_array => Element::I32,
        sys::TypedarrayType::uint32_array => Element::U32,
        sys::TypedarrayType::bigint64_array => Element::I64,
        sys::TypedarrayType::biguint64_array => Element::U64,
        sys::TypedarrayType::float32_array => Element::F32,
        sys::TypedarrayType::float64_array => Element::F64,
        _ => return Err(Failure::type_of("takes no such typed array")),
    };
    let bytes = if length == 0 {
        Vec::new()
    } else {
        std::slice::from_raw_parts(data.cast::<u8>(), length * element.size()).to_vec()
    };
    Ok(Input::Numbers { element, bytes })
}
