//! What a policy is written in, and how each language is asked.

use serde_json::{Value, json};

use crate::embedded::cel::{Cel, CelError};
use crate::embedded::rego::{Reads, Rego, RunError};

/// A policy that was read.
#[derive(Clone, Debug)]
#[expect(clippy::large_enum_variant, reason = "one a policy")]
pub enum Program {
    /// In Rego.
    Rego(Rego),
    /// In CEL: what holds of every object that is taken, and what is said of others.
    Cel(Cel, String),
}

impl Program {
    /// What it reads.
    pub const fn reads(&self) -> &Reads {
        match self {
            Self::Rego(it) => &it.reads,
            Self::Cel(it, _) => &it.reads,
        }
    }

    /// Whether all that it asks for is known before it stands in a cluster.
    pub const fn is_decided(&self) -> bool {
        match self {
            Self::Rego(it) => !it.reads.inventory,
            Self::Cel(it, _) => it.unknown.is_none(),
        }
    }

    /// What it says of an object; `review` is the request without it.
    pub(super) fn run(
        &self,
        object: &Value,
        mut review: Value,
        parameters: &Value,
    ) -> Result<Vec<String>, RunError> {
        match self {
            Self::Rego(rego) => {
                if let Value::Object(fields) = &mut review {
                    fields.insert("object".to_owned(), object.clone());
                }
                let input = json!({ "review": review, "parameters": parameters });
                Ok(rego.violations(&input)?.into_iter().map(|it| it.message).collect())
            }
            Self::Cel(cel, message) => {
                let variables = json!({ "params": parameters, "anyObject": object });
                let holds = cel.holds([
                    ("object", object),
                    ("oldObject", &Value::Null),
                    ("request", &review),
                    ("variables", &variables),
                ]);
                match holds {
                    Ok(true) => Ok(Vec::new()),
                    Ok(false) => Ok(vec![message.clone()]),
                    // What cannot be judged is not taken.
                    Err(CelError::Fails(why)) => Ok(vec![format!("{message} (the policy {why})")]),
                    Err(CelError::TooLong) => Err(RunError::TooLong),
                    Err(CelError::Unknown(why)) => Err(RunError::NotKnown(why)),
                }
            }
        }
    }
}
