//! A constraint, and what it says of an object.

use serde_json::{Value, json};

use super::object::{Kinds, expanded, group_and_kind, name_of, namespace_of};
use super::program::Program;
use crate::embedded::rego::RunError;

/// Which objects are meant by where they live.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Scope {
    /// All.
    #[default]
    All,
    /// Those of namespaces.
    Namespaced,
    /// Those of none.
    Cluster,
}

/// A policy, what it is told, and what it is for.
#[derive(Clone, Debug)]
pub struct Constraint {
    /// The policy.
    pub program: Program,
    /// What it is told.
    pub parameters: Value,
    /// The kinds that it is for; all where there is none.
    pub kinds: Vec<Kinds>,
    /// The namespaces that it is for; all where there is none.
    pub namespaces: Vec<String>,
    /// The namespaces that are left out.
    pub excluded: Vec<String>,
    /// The labels that objects must have.
    pub labels: Vec<(String, String)>,
    /// Where they live.
    pub scope: Scope,
    /// Whether what becomes pods is judged as pods, too.
    pub expands: bool,
}

/// What a constraint says of an object.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Verdict {
    /// What it objects to, in its own words, once each.
    pub messages: Vec<String>,
    /// How often it objects.
    pub count: usize,
    /// Whether it is for the object, or a pod of it, at all.
    pub is_asked: bool,
}

/// Why nothing is known.
pub type Undecided = RunError;

/// Patterns of namespaces: `*` may stand at either end.
fn is_meant(pattern: &str, name: &str) -> bool {
    match (pattern.strip_prefix('*'), pattern.strip_suffix('*')) {
        (Some(_), Some(start)) => name.contains(start.trim_start_matches('*')),
        (Some(end), None) => name.ends_with(end),
        (None, Some(start)) => name.starts_with(start),
        (None, None) => name == pattern,
    }
}

impl Constraint {
    /// Whether it is for a kind of objects.
    pub fn is_for_kind(&self, group: &str, kind: &str) -> bool {
        let is = |said: &str, own: &str| said == "*" || said == own;
        self.kinds.is_empty() || self.kinds.iter().any(|(g, k)| is(g, group) && is(k, kind))
    }

    /// Whether it is for an object. All that is said must hold.
    pub fn is_for(&self, object: &Value) -> bool {
        let (group, kind) = group_and_kind(object);
        let is_namespace = group.is_empty() && kind == "Namespace";
        // A Namespace is held against its own name.
        let namespace = if is_namespace { name_of(object) } else { namespace_of(object) };
        let lives_in = !namespace.is_empty() && !is_namespace;
        let scoped = match self.scope {
            Scope::All => true,
            Scope::Namespaced => lives_in,
            Scope::Cluster => !lives_in,
        };
        let among = |names: &[String]| names.iter().any(|it| is_meant(it, namespace));
        let here = namespace.is_empty()
            || (self.namespaces.is_empty() || among(&self.namespaces)) && !among(&self.excluded);
        let labelled = self.labels.iter().all(|(key, value)| {
            let labels = object.pointer("/metadata/labels");
            labels.and_then(|it| it.get(key)).and_then(Value::as_str) == Some(value)
        });
        scoped && here && labelled && self.is_for_kind(group, kind)
    }

    /// What it says of an object, whatever it is for.
    ///
    /// # Errors
    /// Where the policy cannot be run.
    pub fn run(&self, object: &Value) -> Result<Vec<String>, Undecided> {
        let (group, kind) = group_and_kind(object);
        let version = object.get("apiVersion").and_then(Value::as_str).unwrap_or("");
        let version = version.rsplit('/').next().unwrap_or("");
        let gvk = json!({ "group": group, "version": version, "kind": kind });
        let mut review = json!({
            "uid": "",
            "kind": gvk,
            "operation": "CREATE",
            "name": name_of(object),
        });
        let namespace = namespace_of(object);
        if let (Value::Object(fields), false) = (&mut review, namespace.is_empty()) {
            fields.insert("namespace".to_owned(), json!(namespace));
        }
        self.program.run(object, review, &self.parameters)
    }

    /// What it says of an object, and of the pod that it becomes.
    ///
    /// # Errors
    /// Where the policy cannot be run.
    pub fn verdict(&self, object: &Value) -> Result<Verdict, Undecided> {
        let mut out = Verdict::default();
        let pod = if self.expands { expanded(object) } else { None };
        for object in std::iter::once(object).chain(&pod) {
            if !self.is_for(object) {
                continue;
            }
            out.is_asked = true;
            let said = self.run(object)?;
            out.count += said.len();
            for message in said {
                if !out.messages.contains(&message) {
                    out.messages.push(message);
                }
            }
        }
        Ok(out)
    }
}
