//! Whether an expression holds.

use std::sync::Arc;

use cel::objects::{Key, Map};
use cel::{Context, ExecutionError, Value};
use serde_json::Value as Json;

use super::read::{Cel, ENVIRONMENT};

/// How many steps loops may take together. An API server stops far earlier.
const MOST_STEPS: u64 = 2_000_000;

/// Why it is not known whether an expression holds, or why it never does.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum CelError {
    /// It asks for something that a cluster knows, and this compiler does not.
    Unknown(String),
    /// Its loops may take too many steps.
    TooLong,
    /// It fails, here and in a cluster: what cannot be judged is not taken.
    Fails(String),
}

impl Cel {
    /// Whether it holds of values, by their names.
    ///
    /// # Errors
    /// Where that is not known, and where it fails.
    pub fn holds<'j>(
        &self,
        values: impl IntoIterator<Item = (&'static str, &'j Json)>,
    ) -> Result<bool, CelError> {
        if let Some(unknown) = &self.unknown {
            return Err(CelError::Unknown(format!("`{unknown}` is known in a cluster only")));
        }
        let mut context = Context::with_env(Arc::clone(&ENVIRONMENT));
        let mut longest = 1;
        for (name, value) in values {
            longest = longest.max(length(value));
            context.add_variable_from_value(name, value_of(value));
        }
        if longest.checked_pow(self.loops).is_none_or(|steps| steps > MOST_STEPS) {
            return Err(CelError::TooLong);
        }
        match self.program.execute(&context) {
            Ok(Value::Bool(holds)) => Ok(holds),
            Ok(other) => Err(CelError::Fails(format!("gives {}, and no boolean", kind(&other)))),
            Err(ExecutionError::NoSuchKey(key)) => {
                Err(CelError::Fails(format!("asks for `{key}`, which is not set")))
            }
            Err(error @ ExecutionError::IndexOutOfBounds(_)) => {
                Err(CelError::Fails(error.to_string()))
            }
            Err(
                error @ (ExecutionError::DivisionByZero(_) | ExecutionError::RemainderByZero(_)),
            ) => Err(CelError::Fails(error.to_string())),
            // Where types do not go together, an API server may know a function that is not known here.
            Err(error) => Err(CelError::Unknown(error.to_string())),
        }
    }
}

const fn kind(value: &Value) -> &'static str {
    match value {
        Value::List(_) => "a list",
        Value::Map(_) => "a map",
        Value::Int(_) | Value::UInt(_) | Value::Float(_) => "a number",
        Value::String(_) => "a text",
        Value::Null => "null",
        _ => "another value",
    }
}

/// The most that a loop over a value, or over a part of it, goes round.
fn length(value: &Json) -> u64 {
    match value {
        Json::Array(items) => items.iter().map(length).max().unwrap_or(1).max(items.len() as u64),
        Json::Object(fields) => {
            fields.values().map(length).max().unwrap_or(1).max(fields.len() as u64)
        }
        // What a text is split into.
        Json::String(text) => text.len() as u64,
        Json::Null | Json::Bool(_) | Json::Number(_) => 1,
    }
}

/// Numbers of objects are signed, whatever their value is.
fn value_of(value: &Json) -> Value {
    match value {
        Json::Null => Value::Null,
        Json::Bool(value) => Value::Bool(*value),
        Json::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(number), _) => Value::Int(number),
            (None, number) => Value::Float(number.unwrap_or(f64::NAN)),
        },
        Json::String(text) => Value::String(Arc::new(text.clone())),
        Json::Array(items) => Value::List(Arc::new(items.iter().map(value_of).collect())),
        Json::Object(fields) => {
            let entry = |(name, value): (&String, &Json)| {
                (Key::String(Arc::new(name.clone())), value_of(value))
            };
            Value::Map(Map { map: Arc::new(fields.iter().map(entry).collect()) })
        }
    }
}
