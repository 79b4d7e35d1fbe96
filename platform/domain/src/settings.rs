//! The settings of a town for one démarche: a form reads them as values, the démarche gets them as text.

use serde_json::Value;

/// The settings of a town for one démarche. Written as JSON once, since the démarche is given them at each call.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    value: Value,
    json: String,
}

impl Settings {
    /// As a value.
    pub const fn value(&self) -> &Value {
        &self.value
    }

    /// As the démarche reads them.
    pub fn json(&self) -> &str {
        &self.json
    }
}

impl From<Value> for Settings {
    fn from(value: Value) -> Self {
        Self { json: value.to_string(), value }
    }
}

impl Default for Settings {
    /// No setting at all.
    fn default() -> Self {
        Self::from(Value::Object(serde_json::Map::new()))
    }
}
