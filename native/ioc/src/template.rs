//! A record template with the macros of one instance.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt::Display;

/// Text of a `.db` file and what to put for its `$(NAME)`s.
pub struct Template {
    pub text: Cow<'static, str>,
    pub macros: HashMap<String, String>,
}

impl Template {
    pub fn new(text: impl Into<Cow<'static, str>>) -> Self {
        Self { text: text.into(), macros: HashMap::new() }
    }

    /// The same template with one more macro.
    pub fn with(mut self, name: &str, value: impl Display) -> Self {
        self.macros.insert(name.to_string(), value.to_string());
        self
    }
}
