//! What this binary was built from, for whoever has to find out what runs on a beamline.

use napi_derive::napi;

#[napi(object)]
pub struct Versions {
    pub epics_rs: String,
    pub rustc: String,
}

#[napi(catch_unwind)]
pub fn versions() -> Versions {
    Versions { epics_rs: env!("CERULEAN_EPICS_RS").to_string(), rustc: env!("CERULEAN_RUSTC").to_string() }
}
