//! Log events of the Rust crates, forwarded to the environments that listen. The level is set for each target.

use std::sync::atomic::Ordering;
use std::sync::{LazyLock, Once, RwLock};

use tracing::field::{Field, Visit};
use tracing::level_filters::LevelFilter;
use tracing::{Event, Metadata, Subscriber};
use tracing_subscriber::layer::{Context, SubscriberExt};
use tracing_subscriber::Layer;

use crate::queue;

static LEVELS: LazyLock<RwLock<Vec<(String, LevelFilter)>>> = LazyLock::new(RwLock::default);
static INSTALLED: Once = Once::new();
const DEFAULT: LevelFilter = LevelFilter::WARN;

struct Forward;

fn level_of(target: &str) -> LevelFilter {
    let levels = LEVELS.read().expect("the log levels");
    levels
        .iter()
        .filter(|(prefix, _)| target.starts_with(prefix.as_str()))
        .max_by_key(|(prefix, _)| prefix.len())
        .map_or(DEFAULT, |(_, level)| *level)
}

impl<S: Subscriber> Layer<S> for Forward {
    fn enabled(&self, metadata: &Metadata<'_>, _: Context<'_, S>) -> bool {
        *metadata.level() <= level_of(metadata.target())
    }

    fn max_level_hint(&self) -> Option<LevelFilter> {
        let levels = LEVELS.read().expect("the log levels");
        Some(levels.iter().map(|(_, level)| *level).max().unwrap_or(DEFAULT).max(DEFAULT))
    }

    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let listeners: Vec<_> =
            queue::all().into_iter().filter(|queue| queue.wants_logs.load(Ordering::Relaxed)).collect();
        if listeners.is_empty() {
            return;
        }
        let mut message = Message::default();
        event.record(&mut message);
        for listener in listeners {
            let level = event.metadata().level().as_str();
            let target = event.metadata().target();
            let (message, fields) = (message.text.clone(), message.fields.clone());
            listener.push(queue::Event::Log { level, target, message, fields });
        }
    }
}

#[derive(Default)]
struct Message {
    text: String,
    fields: Vec<(&'static str, String)>,
}

impl Visit for Message {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        self.take(field, format!("{value:?}"));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.take(field, value.to_string());
    }
}

impl Message {
    fn take(&mut self, field: &Field, text: String) {
        match field.name() {
            "message" => self.text = text,
            name => self.fields.push((name, text)),
        }
    }
}

pub(crate) fn install() {
    INSTALLED.call_once(|| {
        // Another subscriber in the process keeps its place: ours is then silent.
        let _ = tracing::subscriber::set_global_default(tracing_subscriber::registry().with(Forward));
    });
}

/// False when there is no such level.
pub(crate) fn set_level(target: &str, level: &str) -> bool {
    let Ok(level) = level.parse::<LevelFilter>() else { return false };
    {
        let mut levels = LEVELS.write().expect("the log levels");
        levels.retain(|(prefix, _)| prefix != target);
        levels.push((target.to_string(), level));
    }
    tracing::callsite::rebuild_interest_cache();
    true
}
