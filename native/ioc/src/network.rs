//! Serving the records over both protocols, on one interface.

use std::env::{set_var, var_os};
use std::io;
use std::net::{Ipv4Addr, TcpListener, UdpSocket};
use std::sync::Arc;

use epics_base_rs::server::access_security::new_acf_cell;
use epics_ca_rs::server::{CaServer, CaServerBuilder};
use epics_pva_rs::error::PvaError;
use epics_pva_rs::server::PvDatabaseSource;
use epics_pva_rs::server_native::{CompositeSource, PvaServer, PvaServerConfig};

use crate::beamline::Beamline;
use crate::options::Options;

/// How often to look for a number that is free as TCP and as UDP port.
const ATTEMPTS: usize = 100;

/// The two servers, listening.
pub struct Network {
    ca: CaServer,
    pva: PvaServer,
}

/// Puts interface and ports of the options into the environment, from which the crates take them; without an
/// option, what is there already counts, and the loopback interface where nothing is.
///
/// To be called before there is a second thread.
pub fn prepare(options: &Options) -> Result<(), String> {
    for server in ["CAS", "PVAS"] {
        let name = format!("EPICS_{server}_INTF_ADDR_LIST");
        if options.interface.is_none() && var_os(&name).is_some() {
            continue;
        }
        let address = options.interface.unwrap_or(Ipv4Addr::LOCALHOST);
        set_var(name, address.to_string());
        if address.is_loopback() {
            set_var(format!("EPICS_{server}_AUTO_BEACON_ADDR_LIST"), "NO");
            set_var(format!("EPICS_{server}_BEACON_ADDR_LIST"), address.to_string());
        }
    }
    let ports = [
        (options.ca_port, ["EPICS_CAS_SERVER_PORT"].as_slice()),
        (options.pva_port, &["EPICS_PVAS_SERVER_PORT", "EPICS_PVAS_BROADCAST_PORT"]),
    ];
    for (port, names) in ports {
        let Some(port) = port else { continue };
        let address = options.interface.unwrap_or(Ipv4Addr::LOCALHOST);
        let port = port_or_free(port, address).map_err(|error| format!("no free port: {error}"))?;
        for name in names {
            set_var(name, port.to_string());
        }
    }
    Ok(())
}

impl Network {
    /// Listens with both protocols, where [`prepare`] said.
    pub async fn bind(beamline: &Beamline, options: &Options) -> Result<Self, String> {
        let ca = CaServerBuilder::serving(beamline.db.clone(), new_acf_cell(None), None, None)
            .build()
            .await
            .map_err(|error| format!("Channel Access: {error}"))?;
        refuse_another_port("Channel Access", options.ca_port, ca.tcp_port())?;
        let sources = CompositeSource::new();
        sources.add_source("records", Arc::new(PvDatabaseSource::new(beamline.db.clone())), 0)?;
        sources.add_source("structures", beamline.structures.clone(), 1)?;
        let pva = PvaServerConfig::default()
            .with_env()
            .map_err(PvaError::from)
            .and_then(|config| PvaServer::start(sources, config))
            .map_err(|error| format!("pvAccess: {error}"))?;
        refuse_another_port("pvAccess", options.pva_port, pva.tcp_addr().port())?;
        Ok(Self { ca, pva })
    }

    /// The line that tells a parent process where to find the records.
    pub fn ready(&self) -> String {
        format!(
            "ready ca={} pva={} pva-search={}",
            self.ca.udp_port(),
            self.pva.tcp_addr().port(),
            self.pva.config().udp_port
        )
    }

    /// Serves until a server fails. SIGTERM and SIGINT end the process from in here, by the signal.
    pub async fn serve(self) -> String {
        let Self { ca, pva } = self;
        tokio::select! {
            result = ca.run() => format!("Channel Access ended: {result:?}"),
            result = pva.wait() => format!("pvAccess ended: {result:?}"),
        }
    }
}

/// A server that finds its TCP port taken falls back to another one; a client that was told the port must know.
fn refuse_another_port(protocol: &str, asked: Option<u16>, bound: u16) -> Result<(), String> {
    match asked {
        Some(port) if port != 0 && port != bound => {
            Err(format!("{protocol}: port {port} is in use; name another one, or 0 for a free one"))
        }
        _ => Ok(()),
    }
}

/// The port asked for, or for 0 a number that is free for TCP and UDP alike.
fn port_or_free(port: u16, address: Ipv4Addr) -> io::Result<u16> {
    if port != 0 {
        return Ok(port);
    }
    let mut last = io::Error::from(io::ErrorKind::AddrInUse);
    for _ in 0..ATTEMPTS {
        let tcp = TcpListener::bind((address, 0))?;
        let port = tcp.local_addr()?.port();
        match UdpSocket::bind((address, port)) {
            Ok(_) => return Ok(port),
            Err(error) => last = error,
        }
    }
    Err(last)
}
