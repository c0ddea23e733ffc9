//! The addon: Channel Access and pvAccess for one Node process. It moves values and events; every policy is TypeScript's.
#![deny(unused_must_use)]
#![warn(clippy::all)]

#[cfg(panic = "abort")]
compile_error!("the addon catches panics at its boundary: build it with panic = \"unwind\"");

mod api;
mod array_bound;
mod batch;
mod bulk;
mod ca;
mod ca_value;
mod channel;
mod context;
mod counters;
mod error;
mod exception;
mod input;
mod js;
mod log;
mod monitor;
mod operation;
mod pva;
mod pva_bytes;
mod pva_decode;
mod pva_frame;
mod pva_monitor;
mod pva_operation;
mod pva_put;
mod pva_rpc;
mod pva_value;
mod queue;
mod revival;
mod runtime;
mod subscription;
mod value;
mod versions;
