//! The command line.

use std::net::Ipv4Addr;

use clap::Parser;

/// A simulated beamline as an EPICS IOC over Channel Access and pvAccess.
///
/// Prints `ready ca=<port> pva=<port> pva-search=<port>` on its standard output when it serves, and ends when its
/// standard input is closed.
#[derive(Debug, Parser)]
#[command(name = "cerulean-ioc", version)]
pub struct Options {
    /// Port of Channel Access, TCP and UDP; 0 takes a free one [default: as the EPICS environment says, else 5064]
    #[arg(long, value_name = "PORT")]
    pub ca_port: Option<u16>,

    /// Port of pvAccess, TCP and UDP; 0 takes a free one [default: as the EPICS environment says, else 5075 and 5076]
    #[arg(long, value_name = "PORT")]
    pub pva_port: Option<u16>,

    /// Address to serve on [default: EPICS_CAS_INTF_ADDR_LIST and EPICS_PVAS_INTF_ADDR_LIST, else 127.0.0.1]
    #[arg(long, value_name = "ADDRESS")]
    pub interface: Option<Ipv4Addr>,

    /// Prefix of every record
    #[arg(long, default_value = "mini:")]
    pub prefix: String,

    /// Stay when the standard input is closed
    #[arg(long)]
    pub stay: bool,
}
