use std::process::Command;
use std::{env, fs};

const LOCK: &str = "../Cargo.lock";

fn main() {
    napi_build::setup();
    println!("cargo:rerun-if-changed={LOCK}");
    println!("cargo:rustc-env=CERULEAN_EPICS_RS={}", version_of("epics-ca-rs"));
    println!("cargo:rustc-env=CERULEAN_RUSTC={}", rustc());
}

/// The version of a crate in the lock file, which is what was built.
fn version_of(name: &str) -> String {
    let lock = fs::read_to_string(LOCK).expect("the workspace's Cargo.lock");
    let entry = lock.split("[[package]]").find(|entry| entry.contains(&format!("name = \"{name}\"")));
    let version = entry.and_then(|entry| entry.split("version = \"").nth(1)?.split('"').next());
    version.expect("the crate in Cargo.lock").to_string()
}

fn rustc() -> String {
    let output = Command::new(env::var("RUSTC").expect("cargo names the compiler")).arg("--version").output();
    String::from_utf8_lossy(&output.expect("the compiler's version").stdout).trim().to_string()
}
