//! The beamline: every simulated device with its records, in one database.

use std::sync::Arc;

use epics_base_rs::server::database::PvDatabase;
use epics_base_rs::server::ioc_builder::IocBuilder;
use epics_base_rs::server::records::busy::BusyRecord;
use epics_base_rs::server::scan::ScanOwner;
use epics_pva_rs::server_native::SharedSource;
use tokio::sync::mpsc::unbounded_channel;

use crate::acquisition::Counter;
use crate::beam::{self, Beam};
use crate::camera::{self, Camera};
use crate::detectors::{self, Detector};
use crate::exposure::Shutter;
use crate::file_plugin::{self, FilePlugin};
use crate::monochromator::{self, Monochromator};
use crate::motors::{self, Motor};
use crate::parameters::{self, Store};
use crate::plugins::{self, Plugin, Plugins};
use crate::port::{self, Ports};
use crate::records::Records;
use crate::scaler::{self, Scaler};
use crate::silence::{self, Silence};
use crate::structures::{self, ImagePv};
use crate::template::Template;

/// A running beamline; scanning ends when it is dropped.
pub struct Beamline {
    pub db: Arc<PvDatabase>,
    /// What has no record: structures over pvAccess.
    pub structures: Arc<SharedSource>,
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

        let (open, exposures) = unbounded_channel();
        let camera = Camera::new(open);
        let (ask, requests) = unbounded_channel();
        let monochromator = Monochromator::new(ask);
        let structures = Arc::new(SharedSource::new());
        let plugins = Plugins {
            image: Arc::new(Plugin(Store::new(&[plugins::COMMON, plugins::IMAGE_PARAMETERS]))),
            statistics: Arc::new(Plugin(Store::new(&[plugins::COMMON, plugins::STATISTICS_PARAMETERS]))),
            pva: Arc::new(Plugin(Store::new(&[plugins::COMMON, plugins::PVA_PARAMETERS]))),
            image_pv: ImagePv::serve(&format!("{prefix}{}Image", plugins::PVA), &structures)?,
            file: Arc::new(FilePlugin::new()),
        };

        let mut ports = Ports::new();
        ports.insert("beam".to_string(), beam.clone());
        ports.insert("fly".to_string(), Arc::new(scaler.clone()));
        ports.insert("dcm".to_string(), Arc::new(monochromator.clone()));
        ports.insert(camera::NAME.to_string(), Arc::new(camera.clone()));
        ports.insert(plugins::IMAGE.to_string(), plugins.image.clone());
        ports.insert(plugins::STATISTICS.to_string(), plugins.statistics.clone());
        ports.insert(plugins::PVA.to_string(), plugins.pva.clone());
        ports.insert(file_plugin::NAME.to_string(), plugins.file.clone());
        ports.insert(String::new(), Arc::new(Silence::new()));
        for motor in &motors {
            ports.insert(format!("{}:", motor.name), Arc::new(motor.axis.clone()));
        }
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
        let templates = [
            motors::records(),
            beam::records(),
            detectors::records(),
            scaler::records(prefix, &motors),
            monochromator::records(),
            parameter_records(),
        ];
        for template in templates.into_iter().flatten() {
            let template = template.with("P", prefix);
            builder = builder.db_string(&template.text, &template.macros).map_err(|error| error.to_string())?;
        }
        builder.build_served().await.map_err(|error| error.to_string())?;

        let records = Records { prefix: prefix.to_string(), db: db.clone() };
        structures::serve_motors(&format!("{prefix}motors"), &structures, records.clone(), &motors)?;
        let shutter = Shutter {
            records: records.clone(),
            camera,
            plugins,
            beam: beam.clone(),
            motor_x: named(&motors, "dot:mtrx"),
            motor_y: named(&motors, "dot:mtry"),
        };
        tokio::spawn(shutter.run(exposures));
        tokio::spawn(monochromator::run(monochromator, records.clone(), requests));
        tokio::spawn(Counter { records, scaler, beam, motors }.run(commands));
        let scanning = ScanOwner::start(db.clone());
        db.wait_for_pini().await;
        Ok(Self { db, structures, _scanning: scanning })
    }
}

/// The records of the camera, of its plugins and of what the whole IOC has.
fn parameter_records() -> Vec<Template> {
    let texts = [
        parameters::records(camera::NAME, &[camera::PARAMETERS], &[]),
        parameters::records(plugins::IMAGE, &[plugins::COMMON, plugins::IMAGE_PARAMETERS], &[]),
        parameters::records(plugins::STATISTICS, &[plugins::COMMON, plugins::STATISTICS_PARAMETERS], &[]),
        parameters::records(plugins::PVA, &[plugins::COMMON, plugins::PVA_PARAMETERS], &[]),
        parameters::records(file_plugin::NAME, &[plugins::COMMON, file_plugin::PARAMETERS], file_plugin::LINKS),
        parameters::records("", &[silence::PARAMETERS], &[]),
        plugins::image_record(),
    ];
    texts.into_iter().map(Template::new).collect()
}

fn named(motors: &[Motor], name: &'static str) -> Motor {
    let axis = motors.iter().find(|motor| motor.name == name).map(|motor| motor.axis.clone());
    Motor { name, axis: axis.unwrap_or_else(|| unreachable!("{name} is one of the motors")) }
}
