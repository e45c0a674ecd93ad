//! A JSON object that leaves out what is empty: to its readers an empty text is an error, a missing one is not.

use serde_json::{Map, Value};

#[derive(Default)]
pub struct Object(Map<String, Value>);

impl Object {
    /// Takes the value unless it is null, blank or an empty list.
    pub fn set(&mut self, key: &str, value: impl Into<Value>) {
        let value = value.into();
        let empty = match &value {
            Value::Null => true,
            Value::String(text) => text.trim().is_empty(),
            Value::Array(values) => values.is_empty(),
            _ => false,
        };
        if !empty {
            self.0.insert(key.to_owned(), value);
        }
    }
}

impl From<Object> for Value {
    fn from(object: Object) -> Self {
        Self::Object(object.0)
    }
}
