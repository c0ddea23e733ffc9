//! Prepared pvAccess operations: initialised once for a connection, then one frame each way a use.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, LazyLock, Mutex};

use epics_pva_rs::client_native::server_conn::ServerConn;
use epics_pva_rs::codec::PvaCodec;
use epics_pva_rs::decode::{decode_op_response, Frame, OpResponse};
use epics_pva_rs::proto::{ByteOrder, Command};
use epics_pva_rs::pvdata::FieldDesc;
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::sync::oneshot;

use crate::error::{Failure, Outcome};
use crate::runtime::runtime;

static GATHERED: LazyLock<Mutex<Flight>> = LazyLock::new(Mutex::default);
// The client numbers its own operations from 0x10002000 on the same connections.
static NEXT: AtomicU32 = AtomicU32::new(0x6000_0000);

pub(crate) fn codec(server: &ServerConn) -> PvaCodec {
    PvaCodec { big_endian: server.byte_order() == ByteOrder::Big }
}

/// The place that a reply comes to. Only the connection holds the sender, so that its end is heard here.
pub(crate) struct Reply {
    server: Arc<ServerConn>,
    receiver: oneshot::Receiver<Frame>,
}

impl Reply {
    pub(crate) async fn frame(self) -> Outcome<Frame> {
        tokio::select! {
            biased;
            frame = self.receiver => frame.map_err(|_| Failure::lost()),
            () = self.server.wait_closed() => Err(Failure::lost()),
        }
    }
}

pub(crate) struct Operation {
    pub(crate) server: Arc<ServerConn>,
    pub(crate) sid: u32,
    pub(crate) ioid: u32,
    command: Command,
    pub(crate) desc: Arc<FieldDesc>,
}

impl Operation {
    /// Not initialised yet: its structure is not known, and the server knows nothing of it.
    pub(crate) fn new(server: &Arc<ServerConn>, sid: u32, command: Command) -> Self {
        let ioid = NEXT.fetch_add(1, Ordering::Relaxed);
        Self { server: server.clone(), sid, ioid, command, desc: Arc::new(FieldDesc::Variant) }
    }

    pub(crate) fn fits(&self, server: &Arc<ServerConn>, sid: u32) -> bool {
        Arc::ptr_eq(&self.server, server) && self.sid == sid && server.is_alive()
    }

    pub(crate) fn expect_reply(&self) -> Reply {
        let (sender, receiver) = oneshot::channel();
        let slot = self.server.register_ioid_reusable(self.sid, self.ioid, self.command.code());
        *slot.lock() = Some(sender);
        Reply { server: self.server.clone(), receiver }
    }

    /// All that the server sends for it, until the end of the connection or of its channel.
    pub(crate) fn expect_frames(&self) -> UnboundedReceiver<Frame> {
        self.server.register_ioid_stream(self.sid, self.ioid, self.command.code())
    }
}

impl Drop for Operation {
    fn drop(&mut self) {
        self.server.try_send(codec(&self.server).build_destroy_request(self.sid, self.ioid));
        self.server.unregister_ioid(self.ioid);
    }
}

/// An operation whose initialisation is on its way; dropped before its end, it is destroyed at the server too.
pub(crate) struct Initialising {
    operation: Operation,
    reply: Reply,
}

impl Initialising {
    /// The frame is the caller's to send.
    pub(crate) fn new(server: &Arc<ServerConn>, sid: u32, command: Command, request: &[u8]) -> (Self, Vec<u8>) {
        let operation = Operation::new(server, sid, command);
        let reply = operation.expect_reply();
        let codec = codec(server);
        let frame = match command {
            Command::Put => codec.build_put_init(sid, operation.ioid, request),
            _ => codec.build_get_init(sid, operation.ioid, request),
        };
        (Self { operation, reply }, frame)
    }

    pub(crate) async fn finish(self) -> Outcome<Operation> {
        let Self { mut operation, reply } = self;
        let frame = reply.frame().await?;
        match decode_op_response(&frame, None)? {
            OpResponse::Init(init) if init.status.is_success() => {
                operation.desc = Arc::new(init.introspection);
                Ok(operation)
            }
            OpResponse::Init(init) => Err(epics_pva_rs::PvaError::RemoteError(init.status).into()),
            OpResponse::Status(answer) => Err(epics_pva_rs::PvaError::RemoteError(answer.status).into()),
            OpResponse::Data(_) => Err(Failure::request("answered out of turn")),
        }
    }
}

/// Frames that leave together: one write for each server.
#[derive(Default)]
pub(crate) struct Flight {
    frames: Vec<(Arc<ServerConn>, Vec<u8>)>,
}

impl Flight {
    pub(crate) fn add(&mut self, server: &Arc<ServerConn>, frame: &[u8]) {
        if let Some((_, bytes)) = self.frames.iter_mut().find(|(other, _)| Arc::ptr_eq(other, server)) {
            bytes.extend_from_slice(frame);
        } else {
            self.frames.push((server.clone(), frame.to_vec()));
        }
    }

    /// With all that other operations send before the runtime has nothing else to do: many that go the same way at the same time
    /// leave in one write, where each task's own would be one.
    pub(crate) fn send_soon(self) {
        let mut gathered = GATHERED.lock().expect("the gathered frames");
        let is_first = gathered.frames.is_empty();
        for (server, bytes) in self.frames {
            gathered.add(&server, &bytes);
        }
        if is_first && !gathered.frames.is_empty() {
            runtime().spawn(async {
                tokio::task::yield_now().await;
                std::mem::take(&mut *GATHERED.lock().expect("the gathered frames")).send();
            });
        }
    }

    /// A server that is gone is heard of by those who wait for its replies.
    pub(crate) fn send(self) {
        for (server, bytes) in self.frames {
            let _ = server.send_sync(bytes);
        }
    }
}
