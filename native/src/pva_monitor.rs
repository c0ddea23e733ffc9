//! pvAccess subscriptions: one on each connection of a channel. What makes no sense costs the circuit, as one that can't be
//! read any further, and with the next circuit the subscription is taken up anew.

use std::io::Cursor;
use std::sync::Arc;
use std::time::{Duration, Instant};

use epics_pva_rs::decode::{decode_op_response, Frame, OpResponse};
use epics_pva_rs::proto::{Command, Status};
use epics_pva_rs::pv_request::PvRequestExpr;
use epics_pva_rs::pvdata::FieldDesc;
use epics_pva_rs::PvaError;
use tokio::time::sleep;

use crate::error::{Code, Failure, Outcome};
use crate::pva::{PvaChannel, Whole};
use crate::pva_decode::{Known, Touched};
use crate::pva_operation::{codec, Operation};
use crate::pva_value::is_frame;
use crate::value::Reading;

/// How long nothing may come after a window was used up before the server is asked for what it may hold back: pvxs counts an
/// acknowledgement without a look at what waits for it, and sends with the next post or start.
const QUIET: Duration = Duration::from_millis(100);
/// How long after that a server may repeat the value that it has, as some do at each start.
const REPEATED: Duration = Duration::from_secs(1);
/// pvxs refuses to pipeline a smaller queue.
const SMALLEST: u32 = 2;

/// Why a subscription ended on its connection.
pub(crate) enum End {
    /// The connection is lost, or given up.
    Lost,
    /// The server said so.
    Told(Failure),
}

/// How many updates the server may queue, and whether it sends no more than that before they are acknowledged.
#[derive(Clone, Copy)]
pub(crate) struct Window {
    pub(crate) size: u32,
    pub(crate) pipeline: bool,
}

/// What a frame is, and where the update in it begins.
enum Kind {
    Update(usize),
    Last(Option<usize>, Status),
    Senseless,
}

fn kind_of(frame: &Frame) -> Kind {
    const BODY: usize = 5;
    match frame.payload.get(4) {
        Some(0) => Kind::Update(BODY),
        Some(subcommand) if subcommand & 0x18 == 0x10 => {
            let mut cursor = Cursor::new(&frame.payload[..]);
            cursor.set_position(BODY as u64);
            let Ok(status) = Status::decode(&mut cursor, frame.order()) else { return Kind::Senseless };
            let body = cursor.position() as usize;
            Kind::Last((status.is_success() && body < frame.payload.len()).then_some(body), status)
        }
        _ => Kind::Senseless,
    }
}

impl PvaChannel {
    /// Calls back with each update of the present connection.
    pub(crate) async fn monitor(
        &self,
        window: Window,
        update: impl FnMut(Outcome<(Reading, Touched)>) + Send,
    ) -> Outcome<End> {
        let Ok((server, sid)) = self.active() else { return Ok(End::Lost) };
        let Window { pipeline, .. } = window;
        let size = if pipeline { window.size.max(SMALLEST) } else { window.size };
        let request = PvRequestExpr::parse(&format!("record[queueSize={size},pipeline={pipeline}]"))
            .map_err(|error| Failure::request(error.to_string()))?
            .encode(codec(&server).big_endian);
        let operation = Operation::new(&server, sid, Command::Monitor);
        let window = Window { size, pipeline };
        Ok(self.run(operation, &request, window, update).await.unwrap_or(End::Lost))
    }

    /// None when the connection has ended meanwhile.
    async fn run(
        &self,
        mut operation: Operation,
        request: &[u8],
        window: Window,
        update: impl FnMut(Outcome<(Reading, Touched)>) + Send,
    ) -> Option<End> {
        let server = operation.server.clone();
        let codec = codec(&server);
        let (sid, ioid) = (operation.sid, operation.ioid);
        let mut frames = operation.expect_frames();
        server.send_sync(codec.build_monitor_init(sid, ioid, request, window.pipeline.then_some(window.size))).ok()?;
        match decode_op_response(&frames.recv().await?, None) {
            Ok(OpResponse::Init(init)) if init.status.is_success() => operation.desc = init.introspection.into(),
            Ok(OpResponse::Init(init)) => return Some(End::Told(PvaError::RemoteError(init.status).into())),
            _ => {
                server.close();
                return None;
            }
        }
        server.send_sync(codec.build_monitor_start(sid, ioid)).ok()?;
        let mut updates = Updates { known: Known::default(), desc: operation.desc.clone(), update };
        let mut asked_again: Option<Instant> = None;
        // A window can't have been used up since by fewer updates: the start follows all acknowledgements.
        let mut since_start = 0;
        let mut taken = 0;
        let check = self.check();
        tokio::pin!(check);
        // Frames follow each other, and one is large.
        let is_stream = matches!(&*operation.desc, FieldDesc::Structure { struct_id, .. } if is_frame(struct_id));
        let mut check_is_due = !is_stream;
        let mut has_begun = false;
        loop {
            let may_wait = window.pipeline && since_start >= window.size && frames.is_empty();
            let frame = tokio::select! {
                biased;
                frame = frames.recv() => frame?,
                now = &mut check, if check_is_due && has_begun => {
                    check_is_due = false;
                    if let Ok(now) = now {
                        updates.catch_up(&now);
                    }
                    continue;
                }
                () = sleep(QUIET), if may_wait => {
                    server.send_sync(codec.build_monitor_start(sid, ioid)).ok()?;
                    since_start = 0;
                    asked_again = Some(Instant::now());
                    continue;
                }
            };
            match kind_of(&frame) {
                Kind::Update(body) => updates.take(&frame, body, asked_again),
                Kind::Last(body, status) => {
                    if let Some(body) = body {
                        updates.take(&frame, body, asked_again);
                    }
                    return Some(End::Told(match status.is_success() {
                        true => Failure::new(Code::Closed, "ended the subscription"),
                        false => PvaError::RemoteError(status).into(),
                    }));
                }
                Kind::Senseless => {
                    server.close();
                    return None;
                }
            }
            has_begun = true;
            taken += 1;
            since_start += 1;
            // At the latest when nothing else has come: some servers hold fewer updates than the window that they grant, and
            // wait for each of them. Amid a burst at half the window, so that the server need not stop.
            if window.pipeline && (frames.is_empty() || taken >= window.size / 2) {
                server.send_sync(codec.build_monitor_ack(sid, ioid, taken)).ok()?;
                taken = 0;
            }
        }
    }

    /// What the server has after the first update, when it has had the time to tell of it.
    async fn check(&self) -> Outcome<Whole> {
        let now = self.whole().await?;
        sleep(QUIET).await;
        Ok(now)
    }
}

struct Updates<U> {
    known: Known,
    desc: Arc<FieldDesc>,
    update: U,
}

impl<U: FnMut(Outcome<(Reading, Touched)>)> Updates<U> {
    fn take(&mut self, frame: &Frame, body: usize, asked_again: Option<Instant>) {
        let may_repeat = asked_again.is_some_and(|since| since.elapsed() < REPEATED);
        let former = may_repeat.then(|| self.known.reading());
        let touched = self.known.apply(&self.desc, &frame.payload[body..], frame.order());
        let reading = self.known.reading();
        match (touched, former) {
            (Ok(touched), Some(former)) if !touched.merged && !touched.property && reading.repeats(&former) => {}
            (touched, _) => (self.update)(touched.map(|touched| (reading, touched))),
        }
    }

    /// A value that was posted while the subscription began, and that the server never told of: QSRV loses such a one now and
    /// then, and tells the value of before until the next post.
    fn catch_up(&mut self, now: &Whole) {
        let mut fresh = self.known.clone();
        let Ok(touched) = fresh.apply(&now.desc, &now.frame.payload[now.body..], now.frame.order()) else { return };
        let (reading, former) = (fresh.reading(), self.known.reading());
        if reading.timestamp > former.timestamp && !reading.says_the_same(&former) {
            self.known = fresh;
            (self.update)(Ok((reading, Touched { property: false, ..touched })));
        }
    }
}
