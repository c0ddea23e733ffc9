//! pvAccess values as trees: structures, metadata, and what kind of channel a description means.

use epics_pva_rs::pvdata::{FieldDesc, PvField, PvStructure, ScalarType, ScalarValue, TypedScalarArray};

use crate::value::{range, Info, Metadata, Numbers, Range, Value};

pub(crate) fn is_enum(desc: &FieldDesc) -> bool {
    let FieldDesc::Structure { fields, .. } = desc else { return false };
    let has = |wanted: &str| fields.iter().any(|(name, _)| name == wanted);
    fields.len() == 2 && has("index") && has("choices")
}

pub(crate) fn scalar_kind(kind: ScalarType) -> &'static str {
    match kind {
        ScalarType::Boolean => "bool",
        ScalarType::Byte => "int8",
        ScalarType::Short => "int16",
        ScalarType::Int => "int32",
        ScalarType::Long => "int64",
        ScalarType::UByte => "uint8",
        ScalarType::UShort => "uint16",
        ScalarType::UInt => "uint32",
        ScalarType::ULong => "uint64",
        ScalarType::Float => "float32",
        ScalarType::Double => "float64",
        ScalarType::String => "string",
    }
}

pub(crate) fn value_field(desc: &FieldDesc) -> Option<&FieldDesc> {
    let FieldDesc::Structure { fields, .. } = desc else { return Some(desc) };
    fields.iter().find(|(name, _)| name == "value").map(|(_, field)| field)
}

pub(crate) fn is_table(id: &str) -> bool {
    id.starts_with("epics:nt/NTTable:")
}

pub(crate) fn is_frame(id: &str) -> bool {
    id.starts_with("epics:nt/NTNDArray:")
}

pub(crate) fn info(desc: &FieldDesc, host: Option<String>) -> Info {
    let type_id = match desc {
        FieldDesc::Structure { struct_id, .. } if !struct_id.is_empty() => Some(struct_id.clone()),
        _ => None,
    };
    let id = type_id.as_deref().unwrap_or("");
    let (kind, is_array) = if is_table(id) {
        ("table", false)
    } else if is_frame(id) {
        ("ndarray", true)
    } else {
        match value_field(desc) {
            Some(FieldDesc::Scalar(kind)) => (scalar_kind(*kind), false),
            Some(FieldDesc::ScalarArray(kind)) => (scalar_kind(*kind), true),
            Some(field) if is_enum(field) => ("enum", false),
            Some(FieldDesc::Variant | FieldDesc::Union { .. }) => ("unknown", false),
            Some(FieldDesc::VariantArray | FieldDesc::UnionArray { .. } | FieldDesc::StructureArray { .. }) => {
                ("unknown", true)
            }
            Some(FieldDesc::Structure { .. }) | None => ("structure", false),
        }
    };
    Info { kind, is_array, count: 0, writable: true, host, type_id }
}

fn scalar_value(scalar: &ScalarValue) -> Value {
    match scalar {
        ScalarValue::Boolean(truth) => Value::Bool(*truth),
        ScalarValue::Byte(number) => Value::Number((*number).into()),
        ScalarValue::Short(number) => Value::Number((*number).into()),
        ScalarValue::Int(number) => Value::Number((*number).into()),
        ScalarValue::Long(number) => Value::Long(*number),
        ScalarValue::UByte(number) => Value::Number((*number).into()),
        ScalarValue::UShort(number) => Value::Number((*number).into()),
        ScalarValue::UInt(number) => Value::Number((*number).into()),
        ScalarValue::ULong(number) => Value::ULong(*number),
        ScalarValue::Float(number) => Value::Number((*number).into()),
        ScalarValue::Double(number) => Value::Number(*number),
        ScalarValue::String(text) => Value::Text(text.as_str_lossy().into_owned()),
    }
}

fn array_value(array: &TypedScalarArray) -> Value {
    macro_rules! numbers {
        ($type:ty, $array:expr) => {
            Value::Numbers(Numbers::new::<$type>($array.clone()))
        };
    }
    match array {
        TypedScalarArray::Boolean(array) => {
            Value::Numbers(Numbers::new::<u8>(array.iter().map(|truth| u8::from(*truth)).collect::<Vec<u8>>()))
        }
        TypedScalarArray::Byte(array) => numbers!(i8, array),
        TypedScalarArray::UByte(array) => numbers!(u8, array),
        TypedScalarArray::Short(array) => numbers!(i16, array),
        TypedScalarArray::UShort(array) => numbers!(u16, array),
        TypedScalarArray::Int(array) => numbers!(i32, array),
        TypedScalarArray::UInt(array) => numbers!(u32, array),
        TypedScalarArray::Long(array) => numbers!(i64, array),
        TypedScalarArray::ULong(array) => numbers!(u64, array),
        TypedScalarArray::Float(array) => numbers!(f32, array),
        TypedScalarArray::Double(array) => numbers!(f64, array),
        TypedScalarArray::String(array) => {
            Value::Texts(array.iter().map(|text| text.as_str_lossy().into_owned()).collect())
        }
    }
}

fn fields_value(structure: &PvStructure) -> Value {
    Value::Structure(structure.fields.iter().map(|(name, field)| (name.clone(), structure_value(field))).collect())
}

/// Any field as a plain value; null unions and absent elements are null.
pub(crate) fn structure_value(field: &PvField) -> Value {
    match field {
        PvField::Scalar(scalar) => scalar_value(scalar),
        PvField::ScalarArrayTyped(array) => array_value(array),
        PvField::ScalarArray(items) => {
            let typed =
                items.first().and_then(|first| TypedScalarArray::from_scalar_values(items, first.scalar_type()));
            typed.map_or_else(|| Value::List(items.iter().map(scalar_value).collect()), |array| array_value(&array))
        }
        PvField::Structure(structure) => fields_value(structure),
        PvField::StructureArray(items) => {
            Value::List(items.iter().map(|item| item.as_ref().map_or(Value::Null, fields_value)).collect())
        }
        PvField::Union { selector, value, .. } if *selector >= 0 => structure_value(value),
        PvField::UnionArray(items) => Value::List(
            items.iter().map(|item| item.as_ref().map_or(Value::Null, |item| structure_value(&item.value))).collect(),
        ),
        PvField::Variant(variant) => structure_value(&variant.value),
        PvField::VariantArray(items) => Value::List(
            items.iter().map(|item| item.as_ref().map_or(Value::Null, |item| structure_value(&item.value))).collect(),
        ),
        PvField::Union { .. } | PvField::Null => Value::Null,
    }
}

pub(crate) fn as_f64(field: &PvField) -> Option<f64> {
    match field {
        PvField::Scalar(scalar) => match scalar_value(scalar) {
            Value::Number(number) => Some(number),
            Value::Long(number) => Some(number as f64),
            Value::ULong(number) => Some(number as f64),
            _ => None,
        },
        _ => None,
    }
}

fn path<'a>(root: &'a PvStructure, group: &str, field: &str) -> Option<&'a PvField> {
    match root.get_field(group)? {
        PvField::Structure(group) => group.get_field(field),
        _ => None,
    }
}

fn text(field: &PvField) -> Option<String> {
    match field {
        PvField::Scalar(ScalarValue::String(text)) => Some(text.as_str_lossy().into_owned()),
        _ => None,
    }
}

/// The same shape as over Channel Access: text, enums and booleans have neither units nor limits.
pub(crate) fn metadata(value: &PvField, desc: &FieldDesc, info: Info) -> Metadata {
    let mut metadata = Metadata::bare(info);
    let PvField::Structure(root) = value else { return metadata };
    if metadata.info.kind == "table" {
        metadata.columns = columns(desc, root);
    }
    metadata.description = path(root, "display", "description").and_then(text).filter(|text| !text.is_empty());
    if let Some(PvField::ScalarArrayTyped(TypedScalarArray::String(choices))) = path(root, "value", "choices") {
        metadata.choices = Some(choices.iter().map(|choice| choice.as_str_lossy().into_owned()).collect());
    } else if let Some(PvField::ScalarArray(choices)) = path(root, "value", "choices") {
        metadata.choices = Some(choices.iter().filter_map(|choice| text(&PvField::Scalar(choice.clone()))).collect());
    }
    if matches!(metadata.info.kind, "ndarray" | "string" | "enum" | "bool" | "table" | "structure" | "unknown") {
        return metadata;
    }
    let limits = |group: &str, low: &str, high: &str| -> Range {
        let limit = |field: &str| path(root, group, field).and_then(as_f64);
        match (limit(low), limit(high)) {
            (None, None) => None,
            (low, high) => range(low.unwrap_or(f64::NAN), high.unwrap_or(f64::NAN)),
        }
    };
    metadata.units = path(root, "display", "units").and_then(text);
    if matches!(metadata.info.kind, "float32" | "float64") {
        metadata.precision = path(root, "display", "precision").and_then(as_f64).map(|precision| precision as i32);
    }
    metadata.display = limits("display", "limitLow", "limitHigh");
    metadata.control = limits("control", "limitLow", "limitHigh");
    metadata.warning = limits("valueAlarm", "lowWarningLimit", "highWarningLimit");
    metadata.alarm = limits("valueAlarm", "lowAlarmLimit", "highAlarmLimit");
    metadata
}

/// A column without a label of its own is labelled by its name.
fn columns(desc: &FieldDesc, root: &PvStructure) -> Option<Vec<(String, &'static str, String)>> {
    let FieldDesc::Structure { fields, .. } = value_field(desc)? else { return None };
    let labels = match root.get_field("labels").map(structure_value) {
        Some(Value::Texts(labels)) => labels,
        _ => Vec::new(),
    };
    let column = |(at, (name, field)): (usize, &(String, FieldDesc))| {
        let kind = match field {
            FieldDesc::ScalarArray(kind) => scalar_kind(*kind),
            _ => "unknown",
        };
        let label = labels.get(at).filter(|label| !label.is_empty()).unwrap_or(name);
        (name.clone(), kind, label.clone())
    };
    Some(fields.iter().enumerate().map(column).collect())
}

/// A description as a plain object: `{ name: kind }`, `kind[]` for arrays, an object for a structure.
pub(crate) fn description(desc: &FieldDesc) -> Value {
    match desc {
        FieldDesc::Scalar(kind) => Value::Text(scalar_kind(*kind).to_string()),
        FieldDesc::ScalarArray(kind) => Value::Text(format!("{}[]", scalar_kind(*kind))),
        FieldDesc::Structure { struct_id, fields } => {
            let fields = fields.iter().map(|(name, field)| (name.clone(), description(field))).collect();
            Value::Structure(vec![
                ("id".to_string(), Value::Text(struct_id.clone())),
                ("fields".to_string(), Value::Structure(fields)),
            ])
        }
        FieldDesc::StructureArray { struct_id, .. } => Value::Text(format!("{struct_id}[]")),
        FieldDesc::Union { .. } => Value::Text("union".to_string()),
        FieldDesc::UnionArray { .. } => Value::Text("union[]".to_string()),
        FieldDesc::Variant => Value::Text("any".to_string()),
        FieldDesc::VariantArray => Value::Text("any[]".to_string()),
    }
}
