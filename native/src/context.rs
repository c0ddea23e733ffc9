//! Contexts: one client of each protocol, made when first needed, shared by all threads that ask for the same settings.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, LazyLock, Mutex, OnceLock};

use epics_ca_rs::client::CaClient;
use napi_derive::napi;

use crate::error::{Failure, Outcome};
use crate::exception;
use crate::pva::PvaClient;
use crate::revival::Revival;
use crate::runtime::runtime;

#[napi(object)]
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct ContextOptions {
    pub ca_addr_list: Option<Vec<String>>,
    pub ca_auto_addr_list: Option<bool>,
    pub ca_server_port: Option<u16>,
    pub ca_name_servers: Option<Vec<String>>,
    pub pva_addr_list: Option<Vec<String>>,
    pub pva_auto_addr_list: Option<bool>,
    pub pva_broadcast_port: Option<u16>,
    pub pva_server_port: Option<u16>,
    pub pva_name_servers: Option<Vec<String>>,
    pub user: Option<String>,
    pub host: Option<String>,
}

pub(crate) struct Context {
    pub(crate) id: u32,
    options: ContextOptions,
    ca: OnceLock<Outcome<Arc<CaClient>>>,
    ca_revival: OnceLock<Arc<Revival>>,
    pva: OnceLock<Outcome<Arc<PvaClient>>>,
}

static CONTEXTS: LazyLock<Mutex<HashMap<u32, Arc<Context>>>> = LazyLock::new(Mutex::default);
static NEXT: AtomicU32 = AtomicU32::new(1);
static ENVIRONMENT: Mutex<()> = Mutex::new(());

fn contexts() -> std::sync::MutexGuard<'static, HashMap<u32, Arc<Context>>> {
    CONTEXTS.lock().expect("the context table")
}

pub(crate) fn open(options: ContextOptions) -> u32 {
    let mut table = contexts();
    if let Some(context) = table.values().find(|context| context.options == options) {
        return context.id;
    }
    let id = NEXT.fetch_add(1, Ordering::Relaxed);
    table.insert(
        id,
        Arc::new(Context { id, options, ca: OnceLock::new(), ca_revival: OnceLock::new(), pva: OnceLock::new() }),
    );
    id
}

pub(crate) fn find(id: u32) -> Option<Arc<Context>> {
    contexts().get(&id).cloned()
}

/// Takes the context out of the table and closes its clients.
pub(crate) fn close(id: u32) {
    let Some(context) = contexts().remove(&id) else { return };
    if let Some(Ok(client)) = context.ca.get() {
        let client = client.clone();
        runtime().spawn(async move { client.shutdown().await });
    }
    if let Some(Ok(client)) = context.pva.get() {
        client.close();
    }
}

pub(crate) fn ids() -> Vec<u32> {
    contexts().keys().copied().collect()
}

impl Context {
    pub(crate) fn ca(&self) -> Outcome<Arc<CaClient>> {
        self.ca
            .get_or_init(|| {
                let _settings = Settings::of(&self.options);
                runtime()
                    .block_on(CaClient::new())
                    .inspect(exception::listen)
                    .inspect(|client| {
                        self.options.user.iter().for_each(|user| client.set_user_name(user.as_str()));
                        self.options.host.iter().for_each(|host| client.set_host_name(host.as_str()));
                    })
                    .map(Arc::new)
                    .map_err(|error| Failure::request(format!("Channel Access could not be started: {error}")))
            })
            .clone()
    }

    pub(crate) fn ca_revival(&self) -> Arc<Revival> {
        let _entered = runtime().enter();
        self.ca_revival.get_or_init(|| Arc::new(Revival::new())).clone()
    }

    pub(crate) fn pva(&self) -> Outcome<Arc<PvaClient>> {
        self.pva.get_or_init(|| runtime().block_on(PvaClient::open(&self.options)).map(Arc::new)).clone()
    }
}

/// Environment variables for as long as a CA client is being made: it reads its settings nowhere else.
struct Settings {
    before: Vec<(&'static str, Option<std::ffi::OsString>)>,
    _alone: std::sync::MutexGuard<'static, ()>,
}

impl Settings {
    fn of(options: &ContextOptions) -> Self {
        let alone = ENVIRONMENT.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let join = |list: &Vec<String>| list.join(" ");
        let wanted = [
            ("EPICS_CA_ADDR_LIST", options.ca_addr_list.as_ref().map(join)),
            (
                "EPICS_CA_AUTO_ADDR_LIST",
                options.ca_auto_addr_list.map(|auto| if auto { "YES" } else { "NO" }.to_string()),
            ),
            ("EPICS_CA_SERVER_PORT", options.ca_server_port.map(|port| port.to_string())),
            ("EPICS_CA_NAME_SERVERS", options.ca_name_servers.as_ref().map(join)),
        ];
        let mut before = Vec::new();
        for (name, value) in wanted {
            if let Some(value) = value {
                before.push((name, std::env::var_os(name)));
                std::env::set_var(name, value);
            }
        }
        Self { before, _alone: alone }
    }
}

impl Drop for Settings {
    fn drop(&mut self) {
        for (name, value) in self.before.drain(..) {
            match value {
                Some(value) => std::env::set_var(name, value),
                None => std::env::remove_var(name),
            }
        }
    }
}
