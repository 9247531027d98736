//! CustomResourceDefinitions to tables of object types.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use serde::Deserialize as _;
use serde_yaml::{Mapping, Value};

/// How deep a schema may nest; deeper is `Data`.
const DEEPEST: usize = 60;

/// What was read.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Imported {
    /// `GROUP KIND` of every definition.
    pub kinds: Vec<(String, String)>,
    /// Object lines, a version each.
    objects: Vec<String>,
    /// Types: name and lines.
    types: Vec<(String, String)>,
    /// What the table cannot say.
    pub notes: Vec<Note>,
}

/// Something that a person should know of what was read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Note {
    /// `cert-manager.io Certificate`.
    pub of: String,
    /// `3 rules in CEL are not checked`.
    pub text: String,
}

/// Reads every CustomResourceDefinition of a file of YAML documents, also those inside of a `List`; other objects are passed over.
///
/// # Errors
/// The reader's words, where the text is no YAML, or a definition lacks its group, names or versions.
pub fn import_crds(text: &str) -> Result<Imported, String> {
    let mut out = Imported::default();
    for document in serde_yaml::Deserializer::from_str(text) {
        let value = Value::deserialize(document).map_err(|wrong| wrong.to_string())?;
        object(&value, &mut out)?;
    }
    Ok(out)
}

fn object(value: &Value, out: &mut Imported) -> Result<(), String> {
    match text(value, "kind") {
        Some("CustomResourceDefinition") => definition(value, out),
        Some("List") => {
            let items = value.get("items").and_then(Value::as_sequence);
            items.into_iter().flatten().try_for_each(|item| object(item, out))
        }
        Some(_) | None => Ok(()),
    }
}

fn text<'v>(value: &'v Value, key: &str) -> Option<&'v str> {
    value.get(key)?.as_str()
}

fn flag(value: &Value, key: &str) -> bool {
    value.get(key).and_then(Value::as_bool).unwrap_or(false)
}

fn definition(value: &Value, out: &mut Imported) -> Result<(), String> {
    let name = value.get("metadata").and_then(|it| text(it, "name")).unwrap_or("without a name");
    let lacks = |what: &str| format!("the CustomResourceDefinition `{name}` has no `{what}`");
    let spec = value.get("spec").ok_or_else(|| lacks("spec"))?;
    let group = text(spec, "group").filter(|it| is_plain(it)).ok_or_else(|| lacks("spec.group"))?;
    let kind = spec
        .get("names")
        .and_then(|it| text(it, "kind"))
        .filter(|it| is_plain(it) && it.starts_with(|c: char| c.is_ascii_uppercase()))
        .ok_or_else(|| lacks("spec.names.kind"))?;
    let scope = if text(spec, "scope") == Some("Cluster") { "cluster" } else { "namespaced" };
    let versions =
        spec.get("versions").and_then(Value::as_sequence).ok_or_else(|| lacks("spec.versions"))?;
    let of = format!("{group} {kind}");
    out.kinds.push((group.to_owned(), kind.to_owned()));
    let (mut rules, mut patterns) = (0, 0);
    for version in versions {
        let Some(number) = text(version, "name").filter(|it| is_plain(it)) else { continue };
        let schema = version.get("schema").and_then(|it| it.get("openAPIV3Schema"));
        let mut reader = Reader {
            prefix: format!("{group}.{number}"),
            types: Vec::new(),
            rules: 0,
            patterns: 0,
        };
        reader.record(kind, schema.unwrap_or(&Value::Null), true, 0);
        rules += reader.rules;
        patterns += reader.patterns;
        out.types.append(&mut reader.types);
        let mut line = format!("object {group} {number} {kind} {scope} {group}.{number}.{kind}");
        if flag(version, "deprecated") {
            line.push_str(" deprecated");
        }
        if !version.get("served").and_then(Value::as_bool).unwrap_or(true) {
            line.push_str(" unserved");
        }
        out.objects.push(line);
        if schema.is_none() {
            out.notes.push(Note {
                of: of.clone(),
                text: format!("{number} has no schema: anything fits it"),
            });
        }
    }
    let left = [(rules, "rule in CEL", "rules in CEL"), (patterns, "pattern", "patterns")];
    for (count, one, several) in left {
        let text = match count {
            0 => continue,
            1 => format!("1 {one} is left to the API server"),
            count => format!("{count} {several} are left to the API server"),
        };
        out.notes.push(Note { of: of.clone(), text });
    }
    Ok(())
}

/// Whether a name can stand in a line of the table.
fn is_plain(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '.'))
}

/// Reads the schema of one version.
struct Reader {
    prefix: String,
    types: Vec<(String, String)>,
    rules: usize,
    patterns: usize,
}

impl Reader {
    /// A record with fields: a type of its own.
    fn record(&mut self, name: &str, schema: &Value, root: bool, depth: usize) {
        let full = format!("{}.{name}", self.prefix);
        debug_assert!(self.types.iter().all(|(taken, _)| *taken != full), "two types {full}");
        let place = self.types.len();
        self.types.push((full, String::new()));
        let mut lines = String::new();
        let empty = Mapping::new();
        let fields = schema.get("properties").and_then(Value::as_mapping).unwrap_or(&empty);
        let required: BTreeSet<&str> = schema
            .get("required")
            .and_then(Value::as_sequence)
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        for (key, inner) in fields {
            let Some(field) = key.as_str() else { continue };
            let is_head = matches!(field, "apiVersion" | "kind" | "metadata" | "status");
            if root && is_head || field.is_empty() || field.contains([' ', '\n', '!']) {
                continue;
            }
            let shape = self.shape(&self.nested(name, field), inner, depth + 1);
            let mark =
                if required.contains(field) && inner.get("default").is_none() { "!" } else { "" };
            let limits = limits(inner, &shape);
            let _ =
                writeln!(lines, " {field}{mark} {shape}{}{limits}{}", keys(inner), default(inner));
        }
        if let Some((_, text)) = self.types.get_mut(place) {
            *text = lines;
        }
    }

    /// `Widget_spec_parts`: the name of what lies in a field. Names of types hold letters, digits and `_` only.
    fn nested(&self, name: &str, field: &str) -> String {
        let plain: String =
            field.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
        let first = format!("{name}_{plain}");
        let is_taken = |name: &str| {
            let full = format!("{}.{name}", self.prefix);
            self.types.iter().any(|(taken, _)| *taken == full)
        };
        let mut number = 2;
        let mut unique = first.clone();
        while is_taken(&unique) {
            unique = format!("{first}_{number}");
            number += 1;
        }
        unique
    }

    fn shape(&mut self, name: &str, schema: &Value, depth: usize) -> String {
        let rules = schema.get("x-kubernetes-validations").and_then(Value::as_sequence);
        self.rules += rules.map_or(0, Vec::len);
        if flag(schema, "x-kubernetes-int-or-string") {
            return "IntOrString".to_owned();
        }
        let is_open = flag(schema, "x-kubernetes-preserve-unknown-fields")
            || flag(schema, "x-kubernetes-embedded-resource")
            || depth > DEEPEST;
        match text(schema, "type") {
            Some("string") => {
                self.patterns += usize::from(schema.get("pattern").is_some());
                enumeration(schema).unwrap_or_else(|| "String".to_owned())
            }
            Some("integer") => "Int".to_owned(),
            Some("number") => "Float".to_owned(),
            Some("boolean") => "Bool".to_owned(),
            Some("array") => match schema.get("items") {
                Some(items) => format!("[{}]", self.shape(name, items, depth + 1)),
                None => "Data".to_owned(),
            },
            Some("object") if is_open => "Data".to_owned(),
            Some("object") => {
                match (schema.get("properties"), schema.get("additionalProperties")) {
                    (Some(_), _) => {
                        self.record(name, schema, false, depth);
                        format!("@{}.{name}", self.prefix)
                    }
                    (None, Some(of @ Value::Mapping(_))) => {
                        format!("{{{}}}", self.shape(name, of, depth + 1))
                    }
                    (None, _) => "Data".to_owned(),
                }
            }
            Some(_) | None => "Data".to_owned(),
        }
    }
}

/// `=a|b`: the texts that a field is limited to, where the table can hold them.
fn enumeration(schema: &Value) -> Option<String> {
    let values = schema.get("enum")?.as_sequence()?;
    let texts: Option<Vec<&str>> = values.iter().map(Value::as_str).collect();
    let texts = texts.filter(|texts| !texts.is_empty())?;
    let fits = |text: &&str| !text.contains(['|', '\n', '%', '"', '\\']);
    texts.iter().all(fits).then(|| format!("={}", texts.join("|").replace(' ', "%20")))
}

/// ` min=1 max=10`: bounds of a number, of a text's length or of a list's.
fn limits(schema: &Value, shape: &str) -> String {
    let (low, high) = match shape {
        "Int" | "Float" => ("minimum", "maximum"),
        "String" => ("minLength", "maxLength"),
        list if list.starts_with('[') => ("minItems", "maxItems"),
        _ => return String::new(),
    };
    // A bound that is itself left out, or a number that the language does not write, bounds nothing here.
    let number = |key: &str, word: &str| {
        let value = schema.get(key)?;
        let excluded = schema.get(format!("exclusive{}", capitalized(key)).as_str());
        if excluded.and_then(Value::as_bool) == Some(true) {
            return None;
        }
        let text = match value.as_i64() {
            Some(whole) => whole.to_string(),
            None if shape == "Float" => value.as_f64()?.to_string(),
            None => return None,
        };
        (!text.contains(['e', 'E', 'n', 'N'])).then(|| format!(" {word}={text}"))
    };
    [number(low, "min"), number(high, "max")].into_iter().flatten().collect()
}

fn capitalized(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// ` default=3`: what the API server fills in, as far as a line can hold it.
fn default(schema: &Value) -> String {
    let Some(value) = schema.get("default") else { return String::new() };
    let text = serde_json::to_string(value).unwrap_or_default();
    let fits = !text.is_empty() && text.len() <= 80 && !text.contains(['%', '`', '\n']);
    if fits { format!(" default={}", text.replace(' ', "%20")) } else { String::new() }
}

/// What tells the items of a list apart.
fn keys(schema: &Value) -> String {
    match text(schema, "x-kubernetes-list-type") {
        Some("set") => " keys=set".to_owned(),
        Some("map") => {
            let keys = schema.get("x-kubernetes-list-map-keys").and_then(Value::as_sequence);
            let keys: Vec<&str> = keys.into_iter().flatten().filter_map(Value::as_str).collect();
            if keys.is_empty() { String::new() } else { format!(" keys={}", keys.join(",")) }
        }
        Some(_) | None => String::new(),
    }
}

/// The table of a project with what was read now; kinds that were read before are replaced.
pub fn merged(old: &str, new: &Imported) -> String {
    let is_replaced =
        |group: &str, kind: &str| new.kinds.iter().any(|(g, k)| g == group && k == kind);
    let mut objects: Vec<String> = Vec::new();
    let mut types: Vec<(String, String)> = Vec::new();
    let mut keep = false;
    for line in old.lines() {
        if let Some(rest) = line.strip_prefix("object ") {
            let mut words = rest.split(' ');
            let (group, kind) = (words.next().unwrap_or(""), words.nth(1).unwrap_or(""));
            if !is_replaced(group, kind) {
                objects.push(line.to_owned());
            }
        } else if let Some(name) = line.strip_prefix("type ") {
            // `cert-manager.io.v1.Certificate_spec`: the group, a version, the kind and what lies in it.
            let (head, last) = name.rsplit_once('.').unwrap_or(("", name));
            let group = head.rsplit_once('.').map_or("", |(group, _)| group);
            keep = !is_replaced(group, last.split('_').next().unwrap_or(last));
            if keep {
                types.push((name.to_owned(), String::new()));
            }
        } else if let (true, Some((_, text))) = (keep && line.starts_with(' '), types.last_mut()) {
            text.push_str(line);
            text.push('\n');
        }
    }
    objects.extend(new.objects.iter().cloned());
    types.extend(new.types.iter().cloned());
    objects.sort();
    objects.dedup();
    types.sort();
    types.dedup_by(|a, b| a.0 == b.0);
    let mut out = String::from(
        "# Types of objects that the project's clusters have beside Kubernetes' own. `iflux import crd FILE` writes this file.\n",
    );
    for line in objects {
        out.push_str(&line);
        out.push('\n');
    }
    for (name, text) in types {
        let _ = write!(out, "type {name}\n{text}");
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{import_crds, merged};
    use crate::kubernetes::Catalog;

    const CRD: &str = "\
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: widgets.acme.io }
spec:
  group: acme.io
  names: { kind: Widget, plural: widgets }
  scope: Namespaced
  versions:
  - name: v1
    served: true
    storage: true
    schema:
      openAPIV3Schema:
        type: object
        properties:
          spec:
            type: object
            required: [size, color]
            x-kubernetes-validations: [{ rule: 'self.size > 0' }]
            properties:
              size: { type: integer }
              color: { type: string, enum: [red, dark blue], default: red }
              port: { x-kubernetes-int-or-string: true, anyOf: [{ type: integer }, { type: string }] }
              any: { type: object, x-kubernetes-preserve-unknown-fields: true }
              labels: { type: object, additionalProperties: { type: string } }
              parts:
                type: array
                x-kubernetes-list-type: map
                x-kubernetes-list-map-keys: [name]
                items: { type: object, required: [name], properties: { name: { type: string } } }
  - name: v1alpha1
    served: false
    deprecated: true
    storage: false
---
apiVersion: v1
kind: ConfigMap
";

    #[test]
    fn a_definition_becomes_types() {
        let found = import_crds(CRD).unwrap();
        insta::assert_snapshot!(merged("", &found));
        let notes: Vec<_> = found.notes.iter().map(|note| note.text.as_str()).collect();
        assert_eq!(
            notes,
            ["v1alpha1 has no schema: anything fits it", "1 rule in CEL is left to the API server"]
        );
    }

    #[test]
    fn what_was_written_is_read_and_replaced() {
        let found = import_crds(CRD).unwrap();
        let once = merged("", &found);
        assert_eq!(merged(&once, &found), once);
        let other =
            import_crds(&CRD.replace("Widget", "Widget2").replace("widgets", "widgets2")).unwrap();
        let both = merged(&once, &other);
        assert_eq!(merged(&both, &found), both);
        let mut catalog = Catalog::default();
        assert_eq!(catalog.add(&both, |group| group.replace('.', "-")), None);
        assert!(catalog.by_kind("acme.io/v1", "Widget2").is_some());
        assert!(catalog.has_type("acme.io.v1.Widget_spec_parts"));
    }

    #[test]
    fn what_is_no_definition_is_told() {
        assert!(import_crds("a: [").is_err());
        let wrong = import_crds("kind: CustomResourceDefinition\nmetadata: { name: x }\nspec: {}")
            .unwrap_err();
        assert_eq!(wrong, "the CustomResourceDefinition `x` has no `spec.group`");
        assert!(import_crds("kind: Pod").unwrap().kinds.is_empty());
    }
}
