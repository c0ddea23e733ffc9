//! The bound that the environment sets to arrays over Channel Access: the client passes over an answer that is larger, without a
//! word to whoever waits for it.

use std::future::Future;
use std::pin::Pin;
use std::sync::LazyLock;
use std::time::Duration;

use epics_base_rs::types::dbr_buffer_size;
use epics_ca_rs::client::{CaChannel, ReqCount};
use epics_ca_rs::protocol::max_recv_body_bytes;

use crate::error::{Failure, Outcome};

/// As the circuits have it: `EPICS_CA_MAX_ARRAY_BYTES` and room for a header, 16 KiB at least.
static BOUND: LazyLock<Option<usize>> = LazyLock::new(max_recv_body_bytes);

/// Servers answer the requests of a circuit in order; one that does not has this long for the earlier one.
const LATE: Duration = Duration::from_millis(200);

/// That an answer was passed over, as is known when the server has answered what is asked here, after it.
pub(crate) type Refusal = Pin<Box<dyn Future<Output = Failure> + Send>>;

/// None where any answer of this class is small enough. To be called when the array has just been asked for.
pub(crate) fn refusal(channel: &CaChannel, class: u16) -> Outcome<Option<Refusal>> {
    let Some(bound) = *BOUND else { return Ok(None) };
    let native = channel.native_field_type()?;
    let most = dbr_buffer_size(class, native, channel.element_count()? as usize);
    if most <= bound {
        return Ok(None);
    }
    let later = channel.get_callback(native.to_dbr_type() as u16, ReqCount::Fixed(1))?;
    Ok(Some(Box::pin(async move {
        if let Err(error) = later.await {
            return error.into();
        }
        tokio::time::sleep(LATE).await;
        Failure::request(format!(
            "has an array of up to {most} bytes and sends more than the {bound} that EPICS_CA_MAX_ARRAY_BYTES allows: raise \
             that, or set EPICS_CA_AUTO_ARRAY_BYTES to YES"
        ))
    })))
}
