//! pvAccess: connecting, reading, subscribing.

use std::collections::HashMap;
use std::net::{SocketAddr, ToSocketAddrs};
use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use epics_base_rs::runtime::task::Reactor;
use epics_base_rs::types::PvString;
use epics_pva_rs::auth::{authnz_default_host, authnz_default_user};
use epics_pva_rs::client_native::channel::{Channel as WireChannel, ChannelState, ConnectionPool};
use epics_pva_rs::client_native::search_engine::{ClientSearchConfig, SearchEngine};
use epics_pva_rs::client_native::server_conn::ServerConn;
use epics_pva_rs::config::env::Config;
use epics_pva_rs::config::Endpoint;
use epics_pva_rs::decode::{decode_op_response, Frame, OpResponse};
use epics_pva_rs::proto::{Command, Status};
use epics_pva_rs::pv_request::PvRequestExpr;
use epics_pva_rs::pvdata::FieldDesc;
use tokio::task::AbortHandle;

use crate::ca::Form;
use crate::channel::{Io, State, Wire};
use crate::context::{Context, ContextOptions};
use crate::counters;
use crate::error::{Failure, Outcome};
use crate::pva_decode::Known;
use crate::pva_operation::{codec, Flight, Initialising, Operation, Reply};
use crate::pva_value;
use crate::revival::{Attempts, Revival};
use crate::runtime::runtime;
use crate::value::{Info, Metadata, Reading};

/// How long a server may take to accept a circuit and a channel before it is searched anew. pvAccessCPP greets one circuit at
/// a time and gives each 6 s: whoever is as impatient with the next ones keeps it busy with circuits that are given up.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(15);
/// How many prepared operations of a kind a channel keeps between uses.
const KEPT: usize = 2;

pub(crate) struct PvaClient {
    search: SearchEngine,
    pool: Arc<ConnectionPool>,
    revival: Revival,
    user: PvString,
    host: PvString,
    tcp_timeout: Duration,
}

fn endpoints(list: &[String], port: u16) -> Outcome<Vec<Endpoint>> {
    let parse = |entry: &String| {
        Endpoint::parse(entry, port).map_err(|error| Failure::request(format!("address {entry}: {error}")))
    };
    list.iter().map(parse).collect()
}

fn name_servers(list: &[String], port: u16) -> Outcome<Vec<SocketAddr>> {
    let parse = |entry: &String| {
        let found = if entry.contains(':') {
            entry.to_socket_addrs().ok().and_then(|mut found| found.next())
        } else {
            (entry.as_str(), port).to_socket_addrs().ok().and_then(|mut found| found.next())
        };
        found.ok_or_else(|| Failure::request(format!("name server {entry}: no such host")))
    };
    list.iter().map(parse).collect()
}

impl PvaClient {
    pub(crate) async fn open(options: &ContextOptions) -> Outcome<Self> {
        let reactor = Reactor::current().ok_or_else(|| Failure::request("no runtime"))?;
        let environment = Config::from_client_env();
        let mut search = ClientSearchConfig::from_config(&environment);
        if let Some(port) = options.pva_broadcast_port {
            search.broadcast_port = port;
        }
        if let Some(port) = options.pva_server_port {
            search.server_port = port;
        }
        if let Some(list) = &options.pva_addr_list {
            search.addr_list = endpoints(list, search.broadcast_port)?;
        }
        if let Some(auto) = options.pva_auto_addr_list {
            search.auto_addr_list = auto;
        }
        let servers = match &options.pva_name_servers {
            Some(list) => name_servers(list, search.server_port)?,
            None => environment.name_servers.clone(),
        };
        let named = |name: &Option<String>| name.as_deref().map(PvString::from);
        let user = named(&options.user).unwrap_or_else(authnz_default_user);
        let host = named(&options.host).unwrap_or_else(authnz_default_host);
        let tcp_timeout = environment.enforced_tcp_timeout();
        let search = SearchEngine::spawn_with_config(
            &reactor,
            search,
            Vec::new(),
            servers,
            user.clone(),
            host.clone(),
            tcp_timeout,
        )
        .await
        .map_err(|error| Failure::request(format!("pvAccess could not be started: {error}")))?;
        Ok(Self { search, pool: ConnectionPool::new(), revival: Revival::new(), user, host, tcp_timeout })
    }

    pub(crate) fn close(&self) {
        self.pool.clear();
    }

    /// To be made inside the runtime.
    fn channel(&self, name: &str) -> Outcome<Arc<WireChannel>> {
        let reactor = Reactor::current().ok_or_else(|| Failure::request("no runtime"))?;
        Ok(Arc::new(WireChannel::new(
            reactor,
            name.to_string(),
            self.user.clone(),
            self.host.clone(),
            CONNECT_TIMEOUT,
            self.tcp_timeout,
            self.pool.clone(),
            self.search.clone(),
        )))
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Prepared {
    Get,
    /// The path of what is written; empty for the whole structure.
    Put {
        wait: bool,
        path: String,
    },
}

impl Prepared {
    fn command(&self) -> Command {
        match self {
            Self::Get => Command::Get,
            Self::Put { .. } => Command::Put,
        }
    }

    fn request(&self, big_endian: bool) -> Outcome<Vec<u8>> {
        let text = match self {
            Self::Get => String::new(),
            Self::Put { wait, path } => format!("record[block={wait},process=passive]field({path})"),
        };
        let request = PvRequestExpr::parse(&text).map_err(|error| Failure::request(error.to_string()))?;
        Ok(request.encode(big_endian))
    }
}

/// The answer to a read, and where the value begins in it.
pub(crate) struct Whole {
    pub(crate) desc: Arc<FieldDesc>,
    pub(crate) frame: Frame,
    pub(crate) body: usize,
}

pub(crate) struct PvaChannel {
    pub(crate) name: String,
    current: Arc<Current>,
    prepared: Mutex<HashMap<Prepared, Vec<Operation>>>,
}

/// The client's channel, which is made anew while it is not connected.
struct Current(Mutex<Arc<WireChannel>>);

impl Current {
    fn get(&self) -> Arc<WireChannel> {
        self.0.lock().expect("the client's channel").clone()
    }

    fn renew(&self, channel: Arc<WireChannel>) {
        std::mem::replace(&mut *self.0.lock().expect("the client's channel"), channel).close();
    }
}

pub(crate) fn connect(context: &Context, name: &str, wire: Arc<Wire>) -> Outcome<(Io, AbortHandle)> {
    let client = context.pva()?;
    let _entered = runtime().enter();
    let current = Arc::new(Current(Mutex::new(client.channel(name)?)));
    let driver = runtime().spawn(drive(client, name.to_string(), current.clone(), wire));
    Ok((Io::Pva(PvaChannel { name: name.to_string(), current, prepared: Mutex::default() }), driver.abort_handle()))
}

/// Follows the channel for as long as it lasts, and makes it anew while it is not connected.
async fn drive(client: Arc<PvaClient>, name: String, current: Arc<Current>, wire: Arc<Wire>) {
    let mut was_known = false;
    loop {
        let mut attempts = client.revival.attempts(was_known);
        let (channel, server) = loop {
            let channel = current.get();
            if let Some(server) = found(&channel, &mut attempts).await {
                break (channel, server);
            }
            let Ok(fresh) = client.channel(&name) else { return };
            counters::retried();
            current.renew(fresh);
        };
        if was_known {
            client.revival.tell();
        }
        was_known = true;
        wire.served_by(server.addr);
        wire.enter(State::Connected);
        // The channel itself hears of its own end only, not of its circuit's.
        tokio::select! {
            () = channel.wait_until_inactive() => {}
            () = server.wait_closed() => {}
        }
        wire.enter(State::Disconnected);
    }
}

/// Its connection; none when the channel is to be made anew, which it never is while a server that was found is being asked.
async fn found(channel: &WireChannel, attempts: &mut Attempts<'_>) -> Option<Arc<ServerConn>> {
    let mut active = pin!(channel.ensure_active());
    loop {
        tokio::select! {
            biased;
            active = &mut active => {
                let server = active.ok().map(|(server, _)| server);
                if server.is_none() {
                    attempts.next().await;
                }
                return server;
            }
            () = attempts.next() => if !matches!(channel.current_state(), ChannelState::Connecting) {
                return None;
            }
        }
    }
}

impl PvaChannel {
    pub(crate) fn close(&self) {
        self.prepared.lock().expect("the prepared operations").clear();
        self.current.get().close();
    }

    pub(crate) fn wired(&self) -> Arc<WireChannel> {
        self.current.get()
    }

    pub(crate) fn active(&self) -> Outcome<(Arc<ServerConn>, u32)> {
        self.wired().try_get_active().ok_or_else(Failure::lost)
    }

    pub(crate) fn warm(&self, kind: &Prepared) -> Outcome<Option<Operation>> {
        let (server, sid) = self.active()?;
        let mut prepared = self.prepared.lock().expect("the prepared operations");
        let Some(kept) = prepared.get_mut(kind) else { return Ok(None) };
        while let Some(operation) = kept.pop() {
            if operation.fits(&server, sid) {
                return Ok(Some(operation));
            }
        }
        Ok(None)
    }

    pub(crate) fn keep(&self, kind: Prepared, operation: Operation) {
        let mut prepared = self.prepared.lock().expect("the prepared operations");
        let kept = prepared.entry(kind).or_default();
        if kept.len() < KEPT {
            kept.push(operation);
        }
    }

    pub(crate) fn initialise(&self, kind: &Prepared, flight: &mut Flight) -> Outcome<Initialising> {
        let (server, sid) = self.active()?;
        let request = kind.request(codec(&server).big_endian)?;
        let (initialising, frame) = Initialising::new(&server, sid, kind.command(), &request);
        flight.add(&server, &frame);
        Ok(initialising)
    }

    /// A prepared operation, or the first step to one, whose frame is added to the flight.
    pub(crate) fn begin(&self, kind: &Prepared, flight: &mut Flight) -> Outcome<Result<Operation, Initialising>> {
        Ok(match self.warm(kind)? {
            Some(operation) => Ok(operation),
            None => Err(self.initialise(kind, flight)?),
        })
    }

    pub(crate) async fn prepare(&self, kind: &Prepared) -> Outcome<Operation> {
        let mut flight = Flight::default();
        match self.begin(kind, &mut flight)? {
            Ok(operation) => Ok(operation),
            Err(initialising) => {
                flight.send_soon();
                initialising.finish().await
            }
        }
    }

    pub(crate) async fn info(&self) -> Outcome<Info> {
        let operation = self.prepare(&Prepared::Get).await?;
        Ok(self.info_with(operation))
    }

    pub(crate) fn info_with(&self, operation: Operation) -> Info {
        let info = self.describe(&operation.desc);
        self.keep(Prepared::Get, operation);
        info
    }

    fn describe(&self, desc: &FieldDesc) -> Info {
        let host = self.wired().try_get_active().map(|(server, _)| server.addr.to_string());
        pva_value::info(desc, host)
    }

    pub(crate) async fn description(&self) -> Outcome<crate::value::Value> {
        let operation = self.prepare(&Prepared::Get).await?;
        let description = pva_value::description(&operation.desc);
        self.keep(Prepared::Get, operation);
        Ok(description)
    }

    pub(crate) async fn read(&self, form: Form) -> Outcome<Reading> {
        self.read_with(self.prepare(&Prepared::Get).await?, form).await
    }

    pub(crate) async fn read_with(&self, operation: Operation, form: Form) -> Outcome<Reading> {
        let (operation, reply) = ask(operation);
        self.receive(operation, reply, form).await
    }

    pub(crate) async fn whole(&self) -> Outcome<Whole> {
        let mut flight = Flight::default();
        let (operation, reply) = request(self.prepare(&Prepared::Get).await?, &mut flight);
        flight.send_soon();
        let frame = reply.frame().await?;
        let (desc, body) = (operation.desc.clone(), body_of(&frame)?);
        self.keep(Prepared::Get, operation);
        Ok(Whole { desc, frame, body })
    }

    pub(crate) async fn receive(&self, operation: Operation, reply: Reply, form: Form) -> Outcome<Reading> {
        let frame = reply.frame().await?;
        let reading = self.decode(&operation.desc, &frame, form)?;
        self.keep(Prepared::Get, operation);
        Ok(reading)
    }

    fn decode(&self, desc: &FieldDesc, frame: &Frame, form: Form) -> Outcome<Reading> {
        let mut known = Known::default();
        known.apply(desc, &frame.payload[body_of(frame)?..], frame.order())?;
        if form == Form::Value {
            known.stamp_now();
        }
        let mut reading = known.reading();
        if form == Form::Value {
            (reading.severity, reading.status, reading.message) = (0, 0, None);
        }
        if form == Form::Control {
            reading.metadata = Some(Box::new(self.metadata_of(desc, frame)?));
        }
        Ok(reading)
    }

    fn metadata_of(&self, desc: &FieldDesc, frame: &Frame) -> Outcome<Metadata> {
        match decode_op_response(frame, Some(desc))? {
            OpResponse::Data(data) => Ok(pva_value::metadata(&data.value, desc, self.describe(desc))),
            _ => Err(Failure::request("answered out of turn")),
        }
    }

    /// Without a look at the value: what a channel is can be asked also while its value can't be taken.
    pub(crate) async fn metadata(&self) -> Outcome<Metadata> {
        self.metadata_with(self.prepare(&Prepared::Get).await?).await
    }

    pub(crate) async fn metadata_with(&self, operation: Operation) -> Outcome<Metadata> {
        let mut flight = Flight::default();
        let (operation, reply) = request(operation, &mut flight);
        flight.send_soon();
        self.receive_metadata(operation, reply).await
    }

    pub(crate) async fn receive_metadata(&self, operation: Operation, reply: Reply) -> Outcome<Metadata> {
        let frame = reply.frame().await?;
        let metadata = self.metadata_of(&operation.desc, &frame)?;
        self.keep(Prepared::Get, operation);
        Ok(metadata)
    }
}

/// Where the value begins in the answer to a read.
fn body_of(frame: &Frame) -> Outcome<usize> {
    let mut cursor = frame.cursor();
    cursor.set_position(5); // the operation's id and the subcommand
    let status = Status::decode(&mut cursor, frame.order()).map_err(|error| Failure::request(error.to_string()))?;
    match status.is_success() {
        true => Ok(cursor.position() as usize),
        false => Err(epics_pva_rs::PvaError::RemoteError(status).into()),
    }
}

fn ask(operation: Operation) -> (Operation, Reply) {
    let mut flight = Flight::default();
    let asked = request(operation, &mut flight);
    flight.send();
    asked
}

/// A read whose frame is added to the flight.
pub(crate) fn request(operation: Operation, flight: &mut Flight) -> (Operation, Reply) {
    let reply = operation.expect_reply();
    flight.add(&operation.server, &codec(&operation.server).build_get(operation.sid, operation.ioid));
    (operation, reply)
}
