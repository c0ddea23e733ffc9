//! What has no record: the images as NTNDArray and the motors as NTTable, over pvAccess.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use epics_base_rs::types::{EpicsValue, PvString};
use epics_pva_rs::nt::nd_array::{
    nt_nd_array_desc, nt_nd_array_value, NdArrayBuffer, NdAttribute, NdCodec, NdDimension, NdTimeStamp, NtNdArray,
};
use epics_pva_rs::nt::table::NTTable;
use epics_pva_rs::pvdata::{PvField, PvStructure, ScalarType, ScalarValue, TypedScalarArray};
use epics_pva_rs::server_native::{SharedPV, SharedSource};

use crate::dot::Frame;
use crate::motors::Motor;
use crate::records::Records;

/// How often the table of the motors is renewed.
const RENEWAL: Duration = Duration::from_millis(500);

/// The camera's images; whoever subscribes gets each of them, or the newest when it is too slow.
#[derive(Clone)]
pub struct ImagePv(SharedPV);

impl ImagePv {
    /// Serves an image of no size until the first is there.
    pub fn serve(name: &str, source: &SharedSource) -> Result<Self, String> {
        let pv = SharedPV::build_readonly();
        let empty = Frame { width: 0, height: 0, pixels: Vec::new(), id: 0, at: SystemTime::now() };
        pv.open(nt_nd_array_desc(), nd_array(empty)).map_err(|error| error.to_string())?;
        source.add(name, pv.clone());
        Ok(Self(pv))
    }

    pub fn post(&self, frame: Frame) {
        self.0.try_post(nd_array(frame));
    }
}

fn nd_array(frame: Frame) -> PvField {
    let bytes = (frame.pixels.len() * size_of::<u16>()) as i64;
    let time = nd_time(frame.at);
    let dimension = [frame.width, frame.height].map(|length| {
        let size = length as i32;
        NdDimension { size, offset: 0, full_size: size, binning: 1, reverse: false }
    });
    let color =
        NdAttribute { descriptor: "Color mode".to_string(), ..NdAttribute::scalar("ColorMode", ScalarValue::Int(0)) };
    nt_nd_array_value(&NtNdArray {
        value: NdArrayBuffer::UShort(frame.pixels.into()),
        codec: NdCodec::default(),
        compressed_size: bytes,
        uncompressed_size: bytes,
        unique_id: frame.id,
        data_time_stamp: time.clone(),
        alarm: Default::default(),
        time_stamp: time,
        dimension: dimension.to_vec(),
        attribute: vec![color],
    })
}

fn nd_time(at: SystemTime) -> NdTimeStamp {
    let since = at.duration_since(UNIX_EPOCH).unwrap_or_default();
    NdTimeStamp { seconds_past_epoch: since.as_secs() as i64, nanoseconds: since.subsec_nanos() as i32, user_tag: 0 }
}

/// Serves the motors as a table, a row each, until the process ends.
pub fn serve_motors(name: &str, source: &SharedSource, records: Records, motors: &[Motor]) -> Result<(), String> {
    let names: Vec<&'static str> = motors.iter().map(|motor| motor.name).collect();
    let pv = SharedPV::build_readonly();
    let table = NTTable::new()
        .add_column(ScalarType::String, "name", Some("Name"))
        .add_column(ScalarType::Double, "position", Some("Position"))
        .add_column(ScalarType::String, "units", Some("Units"))
        .add_column(ScalarType::Double, "low", Some("Low limit"))
        .add_column(ScalarType::Double, "high", Some("High limit"))
        .add_column(ScalarType::Boolean, "moving", Some("Moving"));
    pv.open(table.build(), rows(&table, &records, &names)).map_err(|error| error.to_string())?;
    source.add(name, pv.clone());
    tokio::spawn(async move {
        loop {
            tokio::time::sleep(RENEWAL).await;
            pv.try_post(rows(&table, &records, &names));
        }
    });
    Ok(())
}

fn rows(table: &NTTable, records: &Records, names: &[&str]) -> PvField {
    let numbers = |field| names.iter().map(|name| records.number(name, field)).collect::<Vec<f64>>();
    let units = names.iter().map(|name| match records.field(name, "EGU") {
        Some(EpicsValue::String(units)) => units,
        _ => PvString::default(),
    });
    let columns = [
        TypedScalarArray::String(
            names.iter().map(|name| format!("{}{name}", records.prefix).into()).collect::<Vec<PvString>>().into(),
        ),
        TypedScalarArray::Double(numbers("RBV").into()),
        TypedScalarArray::String(units.collect::<Vec<PvString>>().into()),
        TypedScalarArray::Double(numbers("LLM").into()),
        TypedScalarArray::Double(numbers("HLM").into()),
        TypedScalarArray::Boolean(numbers("MOVN").iter().map(|&moving| moving != 0.0).collect::<Vec<bool>>().into()),
    ];
    let mut value = table.create();
    let PvField::Structure(root) = &mut value else { return value };
    for (name, field) in &mut root.fields {
        match (name.as_str(), field) {
            ("value", PvField::Structure(cells)) => {
                for ((_, cell), column) in cells.fields.iter_mut().zip(columns.clone()) {
                    *cell = PvField::ScalarArrayTyped(column);
                }
            }
            ("timeStamp", PvField::Structure(stamp)) => stamp_now(stamp),
            _ => {}
        }
    }
    value
}

fn stamp_now(stamp: &mut PvStructure) {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    for (name, field) in &mut stamp.fields {
        match name.as_str() {
            "secondsPastEpoch" => *field = PvField::Scalar(ScalarValue::Long(now.as_secs() as i64)),
            "nanoseconds" => *field = PvField::Scalar(ScalarValue::Int(now.subsec_nanos() as i32)),
            _ => {}
        }
    }
}
