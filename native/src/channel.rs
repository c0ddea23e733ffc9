//! Channels: one for each name, protocol and context, counted; every JavaScript channel holds a handle of its own.

use std::collections::{HashMap, HashSet};
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, LazyLock, Mutex, Weak};

use tokio::sync::watch;
use tokio::task::AbortHandle;

use crate::ca::CaIo;
use crate::context::Context;
use crate::counters;
use crate::error::{Code, Failure, Outcome};
use crate::pva::PvaChannel;
use crate::queue::{Event, Queue};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum State {
    Connected = 0,
    Disconnected = 1,
    Unresponsive = 2,
    /// Never a state, only an event: the access rights changed.
    Access = 3,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Link {
    pub(crate) state: State,
    pub(crate) read: bool,
    pub(crate) write: bool,
    /// Counts connections, so that what was learned on an earlier one is known to be old.
    pub(crate) epoch: u32,
}

impl Link {
    /// The connection's number as JavaScript has it.
    pub(crate) fn number(self) -> u32 {
        self.epoch & 0xff_ffff
    }
}

struct Watcher {
    queue: Arc<Queue>,
    operation: u32,
}

/// The state of a channel's connection, and who wants to hear of it.
pub(crate) struct Wire {
    link: watch::Sender<Link>,
    server: Mutex<Option<SocketAddr>>,
    watchers: Mutex<Vec<Watcher>>,
}

impl Wire {
    pub(crate) fn new() -> Self {
        let down = Link { state: State::Disconnected, read: true, write: true, epoch: 0 };
        Self { link: watch::Sender::new(down), server: Mutex::default(), watchers: Mutex::default() }
    }

    pub(crate) fn link(&self) -> Link {
        *self.link.borrow()
    }

    pub(crate) fn is_up(&self) -> bool {
        self.link().state == State::Connected
    }

    pub(crate) fn served_by(&self, server: SocketAddr) {
        *self.server.lock().expect("the server's address") = Some(server);
    }

    pub(crate) async fn wait_up(&self) -> Outcome<()> {
        let mut link = self.link.subscribe();
        link.wait_for(|link| link.state == State::Connected)
            .await
            .map(|_| ())
            .map_err(|_| Failure::new(Code::Closed, "is closed"))
    }

    /// The number of the connection, as soon as there is one.
    pub(crate) async fn wait_connection(&self) -> Outcome<u32> {
        self.wait_up().await?;
        Ok(self.link().epoch)
    }

    /// Returns when that connection is lost.
    pub(crate) async fn lost(&self, epoch: u32) {
        let mut link = self.link.subscribe();
        // Its sender is this very wire: the wait can't end otherwise.
        let _ = link.wait_for(|link| link.epoch != epoch || link.state == State::Disconnected).await;
    }

    /// Refuses what was made for another connection; 0 is for whichever there is. Over pvAccess what was begun on a circuit
    /// before this looks is of the connection that it finds: the next one begins after the loss is entered here.
    pub(crate) fn on_connection(&self, wanted: u32) -> Outcome<()> {
        let link = self.link();
        if wanted == 0 || (link.state == State::Connected && link.number() == wanted) {
            return Ok(());
        }
        Err(Failure::new(Code::OtherConnection, "has another connection than the one that the value was made for"))
    }

    pub(crate) fn enter(&self, state: State) {
        let mut changed = false;
        // The watchers first: whoever acts on the new state finds its event queued before.
        let watchers = self.watchers.lock().expect("the watchers");
        self.link.send_if_modified(|link| {
            changed = link.state != state;
            if changed {
                link.state = state;
                link.epoch += u32::from(state == State::Connected);
            }
            changed
        });
        if changed {
            counters::entered(state);
            self.tell(&watchers, state);
        }
    }

    pub(crate) fn access(&self, read: bool, write: bool) {
        let watchers = self.watchers.lock().expect("the watchers");
        let mut changed = false;
        self.link.send_if_modified(|link| {
            changed = link.read != read || link.write != write;
            link.read = read;
            link.write = write;
            changed
        });
        if changed {
            self.tell(&watchers, State::Access);
        }
    }

    fn tell(&self, watchers: &[Watcher], state: State) {
        let link = self.link();
        for watcher in watchers {
            watcher.queue.push(Event::Connection {
                operation: watcher.operation,
                state: state as u8,
                read: link.read,
                write: link.write,
            });
        }
    }

    /// The current state comes first when it is another than "never connected".
    pub(crate) fn watch(&self, queue: Arc<Queue>, operation: u32) {
        let mut watchers = self.watchers.lock().expect("the watchers");
        let watcher = Watcher { queue, operation };
        let link = self.link();
        if link.epoch > 0 {
            self.tell(std::slice::from_ref(&watcher), link.state);
        }
        watchers.push(watcher);
    }

    pub(crate) fn unwatch(&self, queue: u32, operation: u32) {
        self.watchers
            .lock()
            .expect("the watchers")
            .retain(|watcher| watcher.queue.id != queue || watcher.operation != operation);
    }
}

type Key = (u32, Protocol, String);

pub(crate) enum Io {
    Ca(CaIo),
    Pva(PvaChannel),
}

pub(crate) struct Channel {
    key: Key,
    pub(crate) wire: Arc<Wire>,
    pub(crate) io: Io,
    driver: AbortHandle,
    // Its clients must outlive the channel.
    _context: Arc<Context>,
}

impl Drop for Channel {
    fn drop(&mut self) {
        self.driver.abort();
        let mut table = table();
        if table.shared.get(&self.key).is_some_and(|channel| channel.strong_count() == 0) {
            table.shared.remove(&self.key);
        }
        drop(table);
        if let Io::Pva(channel) = &self.io {
            channel.close();
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Protocol {
    Ca,
    Pva,
}

struct Handle {
    queue: u32,
    /// Held by a user's channel object; bulk operations keep theirs open without being users.
    in_use: bool,
    context: u32,
    source: String,
    channel: Arc<Channel>,
}

#[derive(Default)]
struct Table {
    handles: HashMap<u32, Handle>,
    shared: HashMap<Key, Weak<Channel>>,
}

static TABLE: LazyLock<Mutex<Table>> = LazyLock::new(Mutex::default);
static NEXT: AtomicU32 = AtomicU32::new(1);

fn table() -> std::sync::MutexGuard<'static, Table> {
    TABLE.lock().expect("the channel table")
}

pub(crate) fn open(queue: u32, context: u32, protocol: Protocol, name: String, in_use: bool) -> Outcome<u32> {
    let context =
        crate::context::find(context).ok_or_else(|| Failure::new(Code::Closed, "is closed with its context"))?;
    let key = (context.id, protocol, name);
    let mut table = table();
    let shared = table.shared.get(&key).and_then(Weak::upgrade);
    let channel = match shared {
        Some(channel) => channel,
        None => {
            let wire = Arc::new(Wire::new());
            let (io, driver) = match protocol {
                Protocol::Ca => crate::ca::connect(&context, &key.2, wire.clone())?,
                Protocol::Pva => crate::pva::connect(&context, &key.2, wire.clone())?,
            };
            let channel = Arc::new(Channel { key: key.clone(), wire, io, driver, _context: context.clone() });
            table.shared.insert(key.clone(), Arc::downgrade(&channel));
            channel
        }
    };
    let id = NEXT.fetch_add(1, Ordering::Relaxed);
    let prefix = if protocol == Protocol::Ca { "ca" } else { "pva" };
    let source = format!("{prefix}://{}", key.2);
    table.handles.insert(id, Handle { queue, in_use, context: context.id, source, channel });
    Ok(id)
}

pub(crate) fn find(handle: u32) -> Option<Arc<Channel>> {
    table().handles.get(&handle).map(|handle| handle.channel.clone())
}

pub(crate) fn find_many(handles: &[u32]) -> Vec<Option<Arc<Channel>>> {
    let table = table();
    handles.iter().map(|handle| table.handles.get(handle).map(|handle| handle.channel.clone())).collect()
}

pub(crate) fn close(handle: u32) {
    let mut table = table();
    let closed = table.handles.remove(&handle);
    // Dropping the last one talks to the client: not under the lock.
    drop(table);
    drop(closed);
}

fn close_where(matches: impl Fn(&Handle) -> bool) {
    let mut table = table();
    let ids: Vec<u32> = table.handles.iter().filter(|(_, handle)| matches(handle)).map(|(id, _)| *id).collect();
    let closed: Vec<Handle> = ids.iter().filter_map(|id| table.handles.remove(id)).collect();
    drop(table);
    drop(closed);
}

pub(crate) fn abandon(queue: u32) {
    close_where(|handle| handle.queue == queue);
}

pub(crate) fn close_context(context: u32) {
    close_where(|handle| handle.context == context);
}

/// The sources of a context's channels that somebody holds.
pub(crate) fn in_use(context: u32) -> Vec<String> {
    let mut sources: Vec<String> = table()
        .handles
        .values()
        .filter(|handle| handle.in_use && handle.context == context)
        .map(|handle| handle.source.clone())
        .collect();
    sources.sort_unstable();
    sources.dedup();
    sources
}

/// How many channels there are, how many of them are connected, and over how many circuits.
pub(crate) fn count() -> (usize, usize, usize) {
    let channels: Vec<Arc<Channel>> = table().shared.values().filter_map(Weak::upgrade).collect();
    let connected: Vec<&Arc<Channel>> = channels.iter().filter(|channel| channel.wire.is_up()).collect();
    let circuit = |channel: &&Arc<Channel>| {
        let server = channel.wire.server.lock().expect("the server's address");
        (channel.key.0, channel.key.1, *server)
    };
    let circuits: HashSet<_> = connected.iter().map(circuit).collect();
    (channels.len(), connected.len(), circuits.len())
}
