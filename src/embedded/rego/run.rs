//! What a policy says of an object.

use regorus::Value;

use super::parse::Rego;

/// How long one object may take, in seconds: far more than any policy needs that an API server could bear.
pub const SECONDS: u64 = 2;

/// What a policy objects to.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Violation {
    /// What it says.
    pub message: String,
}

/// Why a policy says nothing at all.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum RunError {
    /// It takes too long.
    TooLong,
    /// It asks for something that is not known here, or fails: the engine's words.
    Failed(String),
    /// What it gives is no violation: that has a `msg`.
    NoMessage(String),
    /// It asks for something that only a cluster knows.
    NotKnown(String),
}

impl Rego {
    /// Runs the policy on what Gatekeeper passes to it: `review` and `parameters`. What is found, sorted.
    ///
    /// # Errors
    /// Where it takes too long or fails: then nothing is known of the object.
    pub fn violations(&self, input: &serde_json::Value) -> Result<Vec<Violation>, RunError> {
        let mut engine = self.engine.clone();
        engine.set_input(Value::from(input.clone()));
        let found = engine.eval_rule(self.entry.clone()).map_err(|it| failed(&it.to_string()))?;
        let found = found.to_json_str().map_err(|it| failed(&it.to_string()))?;
        let found: serde_json::Value =
            serde_json::from_str(&found).map_err(|it| failed(&it.to_string()))?;
        let items: Vec<serde_json::Value> = match found {
            serde_json::Value::Array(items) => items,
            serde_json::Value::Object(map) => map.into_iter().map(|(_, value)| value).collect(),
            _ => Vec::new(),
        };
        let mut out = Vec::new();
        for item in items {
            let Some(message) = item.get("msg").and_then(serde_json::Value::as_str) else {
                return Err(RunError::NoMessage(item.to_string()));
            };
            out.push(Violation { message: message.to_owned() });
        }
        // Two with one message and other details are two.
        out.sort();
        Ok(out)
    }
}

fn failed(said: &str) -> RunError {
    if said.contains("time limit") {
        return RunError::TooLong;
    }
    let reason = said.rsplit("error: ").next().unwrap_or(said).trim();
    RunError::Failed(reason.lines().next().unwrap_or(reason).to_owned())
}
