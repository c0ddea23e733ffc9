//! The records as the simulated devices reach them.

use std::sync::Arc;

use epics_base_rs::server::database::PvDatabase;
use epics_base_rs::types::EpicsValue;

/// The database of the beamline and the prefix of its names.
#[derive(Clone)]
pub struct Records {
    pub prefix: String,
    pub db: Arc<PvDatabase>,
}

impl Records {
    /// Puts into a record's VAL, or into the field that follows a dot, and processes it.
    pub async fn put(&self, name: &str, value: EpicsValue) {
        let (record, field) = name.split_once('.').unwrap_or((name, "VAL"));
        let record = format!("{}{record}", self.prefix);
        if let Err(error) = self.db.put_record_field_from_ca_no_notify(&record, field, value).await {
            eprintln!("cerulean-ioc: {record}.{field} took no value: {error}");
        }
    }

    /// Processes a record: it reads its device anew.
    pub async fn process(&self, name: &str) {
        let record = format!("{}{name}", self.prefix);
        if let Err(error) = self.db.process_record(&record).await {
            eprintln!("cerulean-ioc: {record} was not processed: {error}");
        }
    }

    /// Processes records of one device, one after the other.
    pub async fn process_all(&self, device: &str, names: &[&str]) {
        for name in names {
            self.process(&format!("{device}{name}")).await;
        }
    }

    pub fn field(&self, record: &str, field: &str) -> Option<EpicsValue> {
        self.db.get_pv(format!("{}{record}.{field}", self.prefix)).ok()
    }

    /// A numeric field; 0 when the record has none.
    pub fn number(&self, record: &str, field: &str) -> f64 {
        self.field(record, field).and_then(|value| value.to_f64()).unwrap_or(0.0)
    }
}
