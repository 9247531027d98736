//! Objects against the types of one version of Kubernetes.

use super::{Manifest, Node};
use crate::diag::nearest;
use crate::eval::Origin;
use crate::kubernetes::{Catalog, Fault, FieldType, ObjectType, Shape};

/// What is wrong with an object on one version of Kubernetes.
#[derive(Clone, PartialEq, Debug)]
pub struct Problem {
    /// Where in the object: `spec.template.spec`.
    pub path: String,
    /// What wrote the wrong part, or something inside of it.
    pub origin: Origin,
    /// What is wrong.
    pub fault: Fault,
}

/// Everything that is wrong with an object on Kubernetes 1.`minor`. Of a type that is not known nothing is.
pub fn judge(catalog: &Catalog, manifest: &Manifest<'_>, minor: u32) -> Vec<Problem> {
    let known = catalog.nearest_minor(minor);
    let mut judge = Judge { catalog, minor: known, found: Vec::new() };
    let texts = (text_of(&manifest.root, "apiVersion"), text_of(&manifest.root, "kind"));
    let (Some(api_version), Some(kind)) = texts else { return Vec::new() };
    let Some(object) = catalog.by_kind(api_version, kind) else { return Vec::new() };
    judge.served(object);
    if judge.found.iter().all(|problem| matches!(problem.fault, Fault::Deprecated { .. })) {
        judge.fields(&object.schema, &object.kind, &manifest.root, "", true);
    }
    judge.found
}

/// Everything that is wrong with a value of a shape, on the newest version of Kubernetes that is known.
pub(super) fn judge_value(catalog: &Catalog, shape: &Shape, node: &Node<'_>) -> Vec<Problem> {
    let mut judge = Judge { catalog, minor: catalog.known().1, found: Vec::new() };
    judge.value(shape, node, "");
    judge.found
}

fn text_of<'n>(node: &'n Node<'_>, key: &str) -> Option<&'n str> {
    let Node::Map(entries) = node else { return None };
    entries.iter().find(|(known, _)| known == key).and_then(|(_, value)| match value {
        Node::Text(text, _) => Some(text.as_ref()),
        Node::Bool(..) | Node::Int(..) | Node::Float(..) | Node::List(_) | Node::Map(_) => None,
    })
}

/// What wrote a value; of a list or map, the first part of it that a block wrote.
pub fn origin_of(node: &Node<'_>) -> Origin {
    match node {
        Node::Bool(_, origin)
        | Node::Int(_, origin)
        | Node::Float(_, origin)
        | Node::Text(_, origin) => *origin,
        Node::List(items) => first(items.iter()),
        Node::Map(entries) => first(entries.iter().map(|(_, value)| value)),
    }
}

fn first<'n, 'a: 'n>(nodes: impl Iterator<Item = &'n Node<'a>>) -> Origin {
    nodes.map(origin_of).find(|origin| origin.as_slot().is_some()).unwrap_or(Origin::NONE)
}

struct Judge<'c> {
    catalog: &'c Catalog,
    minor: u32,
    found: Vec<Problem>,
}

impl Judge<'_> {
    fn tell(&mut self, path: &str, origin: Origin, fault: Fault) {
        self.found.push(Problem { path: path.to_owned(), origin, fault });
    }

    /// Whether the type is served, and for how long.
    fn served(&mut self, object: &ObjectType) {
        let name = format!("{} {}", object.api_version(), object.kind);
        let stays = |it: &&ObjectType| {
            it.kind == object.kind
                && it.group == object.group
                && it.version != object.version
                && it.minors.hold(self.minor)
                && !it.unserved
        };
        let mut others: Vec<&ObjectType> = self.catalog.objects.iter().filter(stays).collect();
        // Stable versions first, then those that last.
        others.sort_by_key(|it| {
            (it.version.contains("alpha"), it.version.contains("beta"), it.minors.until.is_some())
        });
        let instead = others.first().map(|it| it.path());
        if object.unserved {
            let when = "its definition has `served: false`".to_owned();
            self.tell("", Origin::NONE, Fault::NotServed { object: name, when, instead });
        } else if !object.minors.hold(self.minor) {
            let when = match (object.minors.since, object.minors.until) {
                (Some(since), _) if self.minor < since => format!("it came with v1.{since}"),
                (_, Some(until)) => format!("v1.{until} was the last to serve it"),
                _ => "no version is known that serves it".to_owned(),
            };
            self.tell("", Origin::NONE, Fault::NotServed { object: name, when, instead });
        } else if object.deprecated || object.minors.until.is_some() {
            let last = object.minors.until;
            self.tell("", Origin::NONE, Fault::Deprecated { object: name, last, instead });
        }
    }

    fn fields(&mut self, schema: &str, shown: &str, node: &Node<'_>, path: &str, root: bool) {
        let Node::Map(entries) = node else {
            self.wrong(node, path, "a record", None);
            return;
        };
        let catalog = self.catalog;
        let known: Vec<&FieldType> =
            catalog.fields(schema).iter().filter(|field| field.minors.hold(self.minor)).collect();
        // What is an object of its own stands in others, too: a claim in `volumeClaimTemplates`.
        let is_object = root || catalog.objects.iter().any(|it| it.schema == schema);
        for (key, value) in entries {
            if is_object && matches!(key.as_ref(), "apiVersion" | "kind" | "metadata" | "status") {
                continue;
            }
            let inner = if path.is_empty() { key.to_string() } else { format!("{path}.{key}") };
            match known.iter().find(|field| field.name == key.as_ref()) {
                Some(field) => self.field(field, value, &inner),
                None => {
                    let near = nearest(key, known.iter().map(|field| field.name.as_str()))
                        .map(str::to_owned);
                    let written = origin_of(value);
                    let origin = if written == Origin::NONE { origin_of(node) } else { written };
                    let fault = Fault::UnknownField {
                        name: key.to_string(),
                        owner: shown.to_owned(),
                        near,
                    };
                    self.tell(path, origin, fault);
                }
            }
        }
        for field in known.iter().filter(|field| field.required) {
            if !entries.iter().any(|(key, _)| *key == field.name) {
                let fault =
                    Fault::MissingField { name: field.name.clone(), owner: shown.to_owned() };
                self.tell(path, origin_of(node), fault);
            }
        }
    }

    fn field(&mut self, field: &FieldType, value: &Node<'_>, path: &str) {
        self.value(&field.shape, value, path);
        let Node::List(items) = value else { return };
        if field.keys.is_empty() {
            return;
        }
        let is_set = field.keys.first().is_some_and(|key| key == "set");
        let mut seen: Vec<String> = Vec::new();
        for item in items {
            let key = if is_set {
                plain(item).map(|text| format!("the value {text}"))
            } else {
                self.key(field, item)
            };
            let Some(key) = key else { continue };
            if seen.contains(&key) {
                self.tell(path, origin_of(item), Fault::DuplicateKey { key });
            } else {
                seen.push(key);
            }
        }
    }

    /// `` `containerPort` 80 and `protocol` "TCP" ``: what tells an item apart.
    fn key(&self, field: &FieldType, item: &Node<'_>) -> Option<String> {
        let Node::Map(entries) = item else { return None };
        let inner = field.shape.inner()?;
        let mut parts = Vec::new();
        for key in &field.keys {
            let value = entries.iter().find(|(known, _)| known == key).map(|(_, value)| value);
            let required =
                self.catalog.fields(inner).iter().any(|it| it.name == *key && it.required);
            match value {
                Some(value) => parts.push(format!("`{key}` {}", plain(value)?)),
                // Kubernetes fills it in.
                None if key == "protocol" => parts.push(format!("`{key}` \"TCP\"")),
                None if required => return None,
                None => {}
            }
        }
        (!parts.is_empty()).then(|| parts.join(" and "))
    }

    fn value(&mut self, shape: &Shape, node: &Node<'_>, path: &str) {
        match (shape, node) {
            (Shape::Data, _)
            | (Shape::String, Node::Text(..))
            | (Shape::Int | Shape::IntOrString | Shape::Float, Node::Int(..))
            | (Shape::Float | Shape::Quantity, Node::Float(..))
            | (Shape::Bool, Node::Bool(..))
            | (Shape::IntOrString, Node::Text(..))
            | (Shape::Quantity, Node::Int(..)) => {}
            (Shape::Quantity, Node::Text(text, _)) => {
                if !is_quantity(text) {
                    self.wrong(node, path, "an amount as `500m`, `1Gi` or `2`", None);
                }
            }
            (Shape::Enum(values), Node::Text(text, _)) => {
                if !values.iter().any(|value| value == text) {
                    let list: Vec<String> =
                        values.iter().map(|value| format!("`{value}`")).collect();
                    let near = nearest(text, values.iter().map(String::as_str)).map(str::to_owned);
                    self.wrong(node, path, &format!("one of {}", list.join(", ")), near);
                }
            }
            (Shape::List(of), Node::List(items)) => {
                for (index, item) in items.iter().enumerate() {
                    let name = ["name", "key", "path"].iter().find_map(|key| text_of(item, key));
                    let inner = match name {
                        Some(name) => format!("{path}.{name}"),
                        None => format!("{path}[{index}]"),
                    };
                    self.value(of, item, &inner);
                }
            }
            (Shape::Map(of), Node::Map(entries)) => {
                for (key, value) in entries {
                    self.value(of, value, &format!("{path}.{key}"));
                }
            }
            (Shape::Type(name), node) => {
                let shown = name.rsplit('.').next().unwrap_or(name);
                self.fields(name, shown, node, path, false);
            }
            (Shape::String, _) => self.wrong(node, path, "a text", None),
            (Shape::Int, _) => self.wrong(node, path, "a whole number", None),
            (Shape::Float, _) => self.wrong(node, path, "a number", None),
            (Shape::Bool, _) => self.wrong(node, path, "`true` or `false`", None),
            (Shape::Quantity, _) => {
                self.wrong(node, path, "an amount as `500m`, `1Gi` or `2`", None)
            }
            (Shape::IntOrString, _) => self.wrong(node, path, "a whole number or a text", None),
            (Shape::Enum(_), _) => self.wrong(node, path, "a text", None),
            (Shape::List(_), _) => self.wrong(node, path, "a list", None),
            (Shape::Map(_), _) => self.wrong(node, path, "a map", None),
        }
    }

    fn wrong(&mut self, node: &Node<'_>, path: &str, wanted: &str, near: Option<String>) {
        let found = match node {
            Node::List(_) => "a list".to_owned(),
            Node::Map(_) => "a record".to_owned(),
            scalar @ (Node::Bool(..) | Node::Int(..) | Node::Float(..) | Node::Text(..)) => {
                plain(scalar)
                    .map_or_else(String::new, |text| format!("`{}`", text.trim_matches('"')))
            }
        };
        self.tell(
            path,
            origin_of(node),
            Fault::WrongValue { found, wanted: wanted.to_owned(), near },
        );
    }
}

/// A scalar as shown.
fn plain(node: &Node<'_>) -> Option<String> {
    match node {
        Node::Bool(value, _) => Some(value.to_string()),
        Node::Int(value, _) => Some(value.to_string()),
        Node::Float(value, _) => Some(value.to_string()),
        Node::Text(text, _) => Some(format!("{text:?}")),
        Node::List(_) | Node::Map(_) => None,
    }
}

/// Whether Kubernetes reads a text as an amount: a number with an optional sign, fraction, and suffix.
fn is_quantity(text: &str) -> bool {
    let text = text.strip_prefix(['+', '-']).unwrap_or(text);
    let digits = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (number, suffix) = text.split_at(digits);
    let is_number =
        number.bytes().any(|byte| byte.is_ascii_digit()) && number.matches('.').count() <= 1;
    let is_exponent = suffix
        .strip_prefix(['e', 'E'])
        .map(|rest| rest.strip_prefix(['+', '-']).unwrap_or(rest))
        .is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_digit()));
    let known =
        ["", "n", "u", "m", "k", "M", "G", "T", "P", "E", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];
    is_number && (is_exponent || known.contains(&suffix))
}

#[cfg(test)]
mod tests {
    use super::{is_quantity, judge};
    use crate::backend::{Manifest, Node};
    use crate::eval::Origin;
    use crate::kubernetes::Catalog;

    /// A JSON-like object, in which texts that begin with `#` are numbers.
    fn node(value: &serde_json::Value) -> Node<'static> {
        match value {
            serde_json::Value::Bool(value) => Node::Bool(*value, Origin::NONE),
            serde_json::Value::Number(value) => Node::Int(value.as_i64().unwrap(), Origin::NONE),
            serde_json::Value::String(value) => Node::Text(value.clone().into(), Origin::NONE),
            serde_json::Value::Array(items) => Node::List(items.iter().map(node).collect()),
            serde_json::Value::Object(entries) => Node::Map(
                entries.iter().map(|(key, value)| (key.clone().into(), node(value))).collect(),
            ),
            serde_json::Value::Null => panic!("no null"),
        }
    }

    fn check(minor: u32, object: &str, expected: &[&str]) {
        let root = node(&serde_json::from_str(object).unwrap());
        let found: Vec<String> = judge(Catalog::core(), &Manifest { root }, minor)
            .into_iter()
            .map(|problem| format!("{}: {:?}", problem.path, problem.fault))
            .collect();
        assert_eq!(found.len(), expected.len(), "{found:#?}");
        for (found, expected) in found.iter().zip(expected) {
            assert!(found.contains(expected), "{found} has no {expected}");
        }
    }

    #[test]
    fn objects_are_judged() {
        let head = r#""apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a"}"#;
        check(
            34,
            &format!(r#"{{{head}, "spec": {{"containers": [{{"name": "a", "image": "b"}}]}}}}"#),
            &[],
        );
        check(
            34,
            &format!(r#"{{{head}, "spec": {{}}}}"#),
            &["MissingField { name: \"containers\""],
        );
        check(
            34,
            &format!(
                r#"{{{head}, "spec": {{"containers": [{{"name": "a", "imag": "b"}}, {{"name": "a", "image": 3}}]}}}}"#
            ),
            &[
                "near: Some(\"image\")",
                "wanted: \"a text\"",
                "DuplicateKey { key: \"`name` \\\"a\\\"\"",
            ],
        );
        check(
            34,
            &format!(
                r#"{{{head}, "spec": {{"restartPolicy": "always", "containers": [{{"name": "a", "resources": {{"limits": {{"cpu": "1 core"}}}}}}]}}}}"#
            ),
            &["near: Some(\"Always\")", "an amount"],
        );
    }

    #[test]
    fn versions_differ() {
        let spec = r#"{"containers": [{"name": "a", "restartPolicyRules": []}]}"#;
        let pod = format!(r#"{{"apiVersion": "v1", "kind": "Pod", "spec": {spec}}}"#);
        check(34, &pod, &[]);
        check(33, &pod, &["UnknownField { name: \"restartPolicyRules\""]);
        let flow =
            r#"{"apiVersion": "flowcontrol.apiserver.k8s.io/v1beta3", "kind": "FlowSchema"}"#;
        check(31, flow, &["Deprecated"]);
        check(
            32,
            flow,
            &[
                "when: \"v1.31 was the last to serve it\", instead: Some(\"k8s.flowcontrol.v1.FlowSchema\")",
            ],
        );
    }

    #[test]
    fn amounts() {
        let check = |text: &str, is: bool| assert_eq!(is_quantity(text), is, "{text}");
        for text in ["1", "500m", "1.5Gi", "-1", "1e3", "1E", "12E6", ".5", "0"] {
            check(text, true);
        }
        for text in ["", "1 Gi", "Gi", "1.2.3", "1GiB", "half", "1e", "m"] {
            check(text, false);
        }
    }
}
