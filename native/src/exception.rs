//! What Channel Access tells outside of any request: lost circuits, refused operations, one PV answered by two servers.

use epics_ca_rs::client::CaClient;
use epics_ca_rs::protocol::{ECA_DISCONN, ECA_UNRESPTMO};

/// Takes the place of the client's own handler, which prints a block as libca does. That a circuit is lost or silent is told to its channels as
/// an event already, so it only goes to the log; of the rest nobody else would hear.
pub(crate) fn listen(client: &CaClient) {
    client.set_exception_handler(|exception| {
        let text = String::from_utf8_lossy(&exception.message);
        match exception.status {
            Some(ECA_DISCONN | ECA_UNRESPTMO) => tracing::info!(target: "epics_ca_rs::exception", "circuit to {text}"),
            _ => {
                tracing::warn!(target: "epics_ca_rs::exception", "{text}");
                eprintln!("cerulean: Channel Access: {text}");
            }
        }
    });
}
