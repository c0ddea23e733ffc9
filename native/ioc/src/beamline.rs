//! The beamline: every simulated device with its records, in one database.

use std::sync::Arc;

use epics_base_rs::server::database::PvDatabase;
use epics_base_rs::server::ioc_builder::IocBuilder;
use epics_base_rs::server::records::busy::BusyRecord;
use epics_base_rs::server::scan::ScanOwner;
use tokio::sync::mpsc::unbounded_channel;

use crate::acquisition::Counter;
use crate::beam::{self, Beam};
use crate::detectors::{self, Detector};
use crate::motors;
use crate::port::{self, Ports};
use crate::scaler::{self, Scaler};

/// A running beamline; scanning ends when it is dropped.
pub struct Beamline {
    pub db: Arc<PvDatabase>,
    _scanning: ScanOwner,
}

impl Beamline {
    /// Creates the devices and their records under `prefix`, and sets them going.
    pub async fn start(prefix: &str) -> Result<Self, String> {
        let db = Arc::new(PvDatabase::new());
        let motors = motors::create(&db)?;
        let beam = Arc::new(Beam::new());
        let (start, commands) = unbounded_channel();
        let scaler = Scaler::new(start);

        let mut ports = Ports::new();
        ports.insert("beam".to_string(), beam.clone());
        ports.insert("fly".to_string(), Arc::new(scaler.clone()));
        for (name, aperture, _) in detectors::ALL {
            ports.insert(name.to_string(), Arc::new(Detector::new(aperture)));
        }

        let (motor, factory) = motor_rs::motor_record_factory();
        let mut builder = IocBuilder::new()
            .with_database(db.clone())
            .register_record_type(motor, move || factory())
            .register_record_type("busy", || Box::new(BusyRecord::default()))
            .register_dynamic_device_support(&motor_rs::devices::devices(), motor_rs::devices::device_support_factory())
            .register_dynamic_device_support(&port::menu(), port::support(ports));
        let templates = [motors::records(), beam::records(), detectors::records(), scaler::records(prefix, &motors)];
        for template in templates.into_iter().flatten() {
            let template = template.with("P", prefix);
            builder = builder.db_string(template.text, &template.macros).map_err(|error| error.to_string())?;
        }
        builder.build_served().await.map_err(|error| error.to_string())?;

        let counter = Counter { prefix: prefix.to_string(), db: db.clone(), scaler, beam, motors };
        tokio::spawn(counter.run(commands));
        let scanning = ScanOwner::start(db.clone());
        db.wait_for_pini().await;
        Ok(Self { db, _scanning: scanning })
    }
}
