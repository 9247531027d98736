//! Objects, and the pods that they become.

use serde_json::{Map, Value, json};

/// The group and kind of objects, as constraints name them: `*` is any.
pub type Kinds = (String, String);

/// The group and kind of an object.
pub fn group_and_kind(object: &Value) -> (&str, &str) {
    let version = object.get("apiVersion").and_then(Value::as_str).unwrap_or("");
    let group = version.split_once('/').map_or("", |(group, _)| group);
    (group, object.get("kind").and_then(Value::as_str).unwrap_or(""))
}

/// The name of an object.
pub fn name_of(object: &Value) -> &str {
    object.pointer("/metadata/name").and_then(Value::as_str).unwrap_or("")
}

/// The namespace of an object; empty where it has none.
pub fn namespace_of(object: &Value) -> &str {
    object.pointer("/metadata/namespace").and_then(Value::as_str).unwrap_or("")
}

/// Where the pods of a kind are described.
fn template(group: &str, kind: &str) -> Option<&'static str> {
    match (group, kind) {
        ("apps", "Deployment" | "ReplicaSet" | "StatefulSet" | "DaemonSet")
        | ("batch", "Job")
        | ("", "ReplicationController") => Some("/spec/template"),
        ("batch", "CronJob") => Some("/spec/jobTemplate/spec/template"),
        _ => None,
    }
}

/// The pod that an object becomes, made as Gatekeeper's expansion makes it; none of what becomes no pod.
pub fn expanded(object: &Value) -> Option<Value> {
    let (group, kind) = group_and_kind(object);
    let template = object.pointer(template(group, kind)?)?;
    let mut metadata: Map<String, Value> =
        template.get("metadata").and_then(Value::as_object).cloned().unwrap_or_default();
    metadata.insert("name".to_owned(), json!(format!("{}-pod", name_of(object))));
    let namespace = namespace_of(object);
    if !namespace.is_empty() {
        metadata.insert("namespace".to_owned(), json!(namespace));
    }
    let spec = template.get("spec").cloned().unwrap_or_else(|| json!({}));
    Some(json!({ "apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": spec }))
}
