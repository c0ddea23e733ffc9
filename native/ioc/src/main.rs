//! `cerulean-ioc`: a simulated beamline for tests, demonstrations and learning.

mod acquisition;
mod activity;
mod axis;
mod beam;
mod beamline;
mod camera;
mod death_watch;
mod detectors;
mod dot;
mod exposure;
mod file_plugin;
mod hdf5;
mod monochromator;
mod motion;
mod motors;
mod network;
mod options;
mod parameters;
mod plugins;
mod port;
mod records;
mod scaler;
mod silence;
mod spectrum;
mod structures;
mod template;

use std::io::Write;
use std::process::ExitCode;

use clap::Parser;

use crate::beamline::Beamline;
use crate::network::Network;
use crate::options::Options;

fn main() -> ExitCode {
    let options = Options::parse();
    if let Err(message) = network::prepare(&options) {
        return failed(&message);
    }
    if !options.stay {
        death_watch::end_with_standard_input();
    }
    let runtime =
        match tokio::runtime::Builder::new_multi_thread().worker_threads(silence::THREADS).enable_all().build() {
            Ok(runtime) => runtime,
            Err(error) => return failed(&error.to_string()),
        };
    match runtime.block_on(run(&options)) {
        Err(message) => failed(&message),
        Ok(ended) => failed(&ended),
    }
}

/// Serves the beamline; answers only when that can't begin or can't go on.
async fn run(options: &Options) -> Result<String, String> {
    let beamline = Beamline::start(&options.prefix).await?;
    let network = Network::bind(&beamline, options).await?;
    let mut out = std::io::stdout();
    writeln!(out, "{}", network.ready())
        .and_then(|()| out.flush())
        .map_err(|error| format!("nobody reads the standard output: {error}"))?;
    Ok(network.serve().await)
}

fn failed(message: &str) -> ExitCode {
    eprintln!("cerulean-ioc: {message}");
    ExitCode::FAILURE
}
