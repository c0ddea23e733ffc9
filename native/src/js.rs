//! Making JavaScript values through the raw API: a batch of readings makes thousands of them.

use std::ffi::{c_void, CString};
use std::ptr;

use napi::sys;

use crate::value::{Element, Info, Metadata, NumberBytes, Numbers, Range, Value};

pub(crate) type Raw = sys::napi_value;

#[derive(Clone, Copy)]
pub(crate) struct Js(pub(crate) sys::napi_env);

// Each call fails only on a closing environment, where the value is not used any more: null stands in.
impl Js {
    pub(crate) fn null(self) -> Raw {
        let mut out = ptr::null_mut();
        unsafe { sys::napi_get_null(self.0, &mut out) };
        out
    }

    pub(crate) fn undefined(self) -> Raw {
        let mut out = ptr::null_mut();
        unsafe { sys::napi_get_undefined(self.0, &mut out) };
        out
    }

    pub(crate) fn number(self, value: f64) -> Raw {
        let mut out = ptr::null_mut();
        unsafe { sys::napi_create_double(self.0, value, &mut out) };
        out
    }

    pub(crate) fn boolean(self, value: bool) -> Raw {
        let mut out = ptr::null_mut();
        unsafe { sys::napi_get_boolean(self.0, value, &mut out) };
        out
    }

    pub(crate) fn text(self, value: &str) -> Raw {
        let mut out = ptr::null_mut();
        unsafe { sys::napi_create_string_utf8(self.0, value.as_ptr().cast(), value.len() as isize, &mut out) };
        out
    }

    pub(crate) fn array(self, length: usize) -> Raw {
        let mut out = ptr::null_mut();
        unsafe { sys::napi_create_array_with_length(self.0, length, &mut out) };
        out
    }

    pub(crate) fn set_element(self, array: Raw, index: u32, value: Raw) {
        unsafe { sys::napi_set_element(self.0, array, index, value) };
    }

    pub(crate) fn object(self) -> Raw {
        let mut out = ptr::null_mut();
        unsafe { sys::napi_create_object(self.0, &mut out) };
        out
    }

    pub(crate) fn set(self, object: Raw, name: &str, value: Raw) {
        if let Ok(name) = CString::new(name) {
            unsafe { sys::napi_set_named_property(self.0, object, name.as_ptr(), value) };
        }
    }

    fn texts(self, values: &[String]) -> Raw {
        let out = self.array(values.len());
        for (index, value) in values.iter().enumerate() {
            self.set_element(out, index as u32, self.text(value));
        }
        out
    }

    fn maybe_text(self, value: Option<&String>) -> Raw {
        value.map_or_else(|| self.null(), |text| self.text(text))
    }

    fn maybe_number(self, value: Option<f64>) -> Raw {
        value.map_or_else(|| self.null(), |number| self.number(number))
    }

    fn numbers(self, numbers: &Numbers) -> Raw {
        let bytes = numbers.bytes();
        let Some(buffer) = self.taken_over(numbers).or_else(|| self.copied(bytes)) else { return self.null() };
        let length = bytes.len() / numbers.element.size();
        let mut out = ptr::null_mut();
        unsafe { sys::napi_create_typedarray(self.0, array_type(numbers.element), length, buffer, 0, &mut out) };
        out
    }

    fn copied(self, bytes: &[u8]) -> Option<Raw> {
        let mut data: *mut c_void = ptr::null_mut();
        let mut buffer = ptr::null_mut();
        unsafe {
            if sys::napi_create_arraybuffer(self.0, bytes.len(), &mut data, &mut buffer) != sys::Status::napi_ok {
                return None;
            }
            if !bytes.is_empty() {
                ptr::copy_nonoverlapping(bytes.as_ptr(), data.cast(), bytes.len());
            }
        }
        Some(buffer)
    }

    /// An ArrayBuffer over memory of ours, given back when JavaScript has no use for it any more; none where that can't be.
    fn taken_over(self, numbers: &Numbers) -> Option<Raw> {
        let memory = Box::new(numbers.hand_over()?);
        let (data, length) = (memory.bytes().as_ptr(), memory.bytes().len());
        let hint = Box::into_raw(memory);
        let mut buffer = ptr::null_mut();
        let status = unsafe {
            sys::napi_create_external_arraybuffer(
                self.0,
                data.cast_mut().cast(),
                length,
                Some(give_back),
                hint.cast(),
                &mut buffer,
            )
        };
        if status != sys::Status::napi_ok {
            // SAFETY: the finalizer is not called for a buffer that was not made.
            drop(unsafe { Box::from_raw(hint) });
            return None;
        }
        Some(buffer)
    }

    pub(crate) fn value(self, value: &Value) -> Raw {
        let mut out = ptr::null_mut();
        match value {
            Value::Null => self.null(),
            Value::Number(number) => self.number(*number),
            Value::Bool(truth) => self.boolean(*truth),
            Value::Long(number) => {
                unsafe { sys::napi_create_bigint_int64(self.0, *number, &mut out) };
                out
            }
            Value::ULong(number) => {
                unsafe { sys::napi_create_bigint_uint64(self.0, *number, &mut out) };
                out
            }
            Value::Text(text) => self.text(text),
            Value::Texts(texts) => self.texts(texts),
            Value::Numbers(numbers) => self.numbers(numbers),
            Value::Structure(fields) => {
                let object = self.object();
                for (name, field) in fields {
                    self.set(object, name, self.value(field));
                }
                object
            }
            Value::List(items) => {
                let array = self.array(items.len());
                for (index, item) in items.iter().enumerate() {
                    self.set_element(array, index as u32, self.value(item));
                }
                array
            }
        }
    }

    fn range(self, range: Range) -> Raw {
        let Some((low, high)) = range else { return self.null() };
        let object = self.object();
        self.set(object, "low", self.maybe_number(low));
        self.set(object, "high", self.maybe_number(high));
        object
    }

    pub(crate) fn info(self, info: &Info) -> Raw {
        let object = self.object();
        self.set(object, "kind", self.text(info.kind));
        self.set(object, "isArray", self.boolean(info.is_array));
        self.set(object, "count", self.number(f64::from(info.count)));
        self.set(object, "writable", self.boolean(info.writable));
        self.set(object, "host", self.maybe_text(info.host.as_ref()));
        self.set(object, "typeId", self.maybe_text(info.type_id.as_ref()));
        object
    }

    pub(crate) fn metadata(self, metadata: &Metadata) -> Raw {
        let limits = self.object();
        self.set(limits, "display", self.range(metadata.display));
        self.set(limits, "control", self.range(metadata.control));
        self.set(limits, "warning", self.range(metadata.warning));
        self.set(limits, "alarm", self.range(metadata.alarm));
        let object = self.object();
        self.set(object, "info", self.info(&metadata.info));
        self.set(object, "units", self.maybe_text(metadata.units.as_ref()));
        self.set(object, "precision", self.maybe_number(metadata.precision.map(f64::from)));
        self.set(object, "description", self.maybe_text(metadata.description.as_ref()));
        self.set(object, "limits", limits);
        let choices = metadata.choices.as_ref().map_or_else(|| self.null(), |choices| self.texts(choices));
        self.set(object, "choices", choices);
        self.set(object, "columns", self.columns(metadata.columns.as_deref()));
        object
    }

    fn columns(self, columns: Option<&[(String, &'static str, String)]>) -> Raw {
        let Some(columns) = columns else { return self.null() };
        let array = self.array(columns.len());
        for (index, (name, kind, label)) in columns.iter().enumerate() {
            let column = self.object();
            self.set(column, "name", self.text(name));
            self.set(column, "kind", self.text(kind));
            self.set(column, "label", self.text(label));
            self.set_element(array, index as u32, column);
        }
        array
    }
}

unsafe extern "C" fn give_back(_env: sys::napi_env, _data: *mut c_void, hint: *mut c_void) {
    drop(Box::from_raw(hint.cast::<std::sync::Arc<dyn NumberBytes>>()));
}

fn array_type(element: Element) -> sys::napi_typedarray_type {
    match element {
        Element::I8 => sys::TypedarrayType::int8_array,
        Element::U8 => sys::TypedarrayType::uint8_array,
        Element::I16 => sys::TypedarrayType::int16_array,
        Element::U16 => sys::TypedarrayType::uint16_array,
        Element::I32 => sys::TypedarrayType::int32_array,
        Element::U32 => sys::TypedarrayType::uint32_array,
        Element::I64 => sys::TypedarrayType::bigint64_array,
        Element::U64 => sys::TypedarrayType::biguint64_array,
        Element::F32 => sys::TypedarrayType::float32_array,
        Element::F64 => sys::TypedarrayType::float64_array,
    }
}
