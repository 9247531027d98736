//! Variables: their names, their schemas, and paths into them.

use std::collections::BTreeSet;

use super::builtin;
use super::class::{Class, Variable};
use super::errors;
use super::finding::Findings;
use super::look::{entries, get, items, text, text_at};
use super::schema::{Base, TYPES, Ty};
use super::validate::unfit;
use crate::backend::Node;
use crate::backend::judge::judge_value;
use crate::diag::nearest;
use crate::kubernetes::{Catalog, Fault, Shape};

/// What of a class' variables its patches read.
#[derive(Debug, Default)]
pub(super) struct Used {
    /// The names.
    pub(super) names: BTreeSet<String>,
    /// Whether something may read any of them.
    pub(super) is_open: bool,
}

/// Tells variables that nothing uses, and declarations that Cluster API refuses.
pub(super) fn check(catalog: &Catalog, class: &Class<'_, '_>, used: &Used, found: &mut Findings) {
    let mut seen: Vec<&Variable<'_, '_>> = Vec::new();
    for variable in &class.variables {
        let name = variable.name.to_owned();
        let at = get(variable.node, "name").unwrap_or(variable.node);
        if variable.name == builtin::NAME || variable.name.is_empty() || variable.name.contains('.')
        {
            found.at(class.object, at, &name.clone(), move |span| {
                errors::variable_name(&name, span)
            });
            continue;
        }
        if let Some(first) = seen.iter().find(|known| known.name == variable.name) {
            let first = get(first.node, "name").unwrap_or(first.node);
            let places = [(class.object, at, ""), (class.object, first, "")];
            found.because(places, move |span, first| {
                errors::duplicate("variables", &name, span, first)
            });
            continue;
        }
        seen.push(variable);
        let is_used = used.names.contains(variable.name) || used.is_open || class.has_extension();
        if !is_used {
            let class_name = class.object.name.to_owned();
            found.at(class.object, at, &name.clone(), move |span| {
                errors::unused(&name, &class_name, span)
            });
        }
        if let Some(schema) = variable.schema {
            schema_check(catalog, class, variable, schema, found);
        }
    }
}

/// A schema: its words, its types, and whether its default fits it.
fn schema_check(
    catalog: &Catalog,
    class: &Class<'_, '_>,
    variable: &Variable<'_, '_>,
    schema: &Node<'_>,
    found: &mut Findings,
) {
    let name = variable.name;
    if Ty::Schema(schema).base() == Base::Unknown
        && get(schema, "type").is_none()
        && get(schema, "x-kubernetes-preserve-unknown-fields").is_none()
    {
        let name = name.to_owned();
        found.at(class.object, schema, "", move |span| errors::untyped(&name, span));
    }
    let before = found.count();
    words(catalog, class, name, schema, "", 0, found);
    if found.count() > before {
        return;
    }
    let mut open = vec![(String::new(), schema, 0)];
    while let Some((path, schema, depth)) = open.pop() {
        if let Some(default) = get(schema, "default") {
            for wrong in unfit(schema, default) {
                let value = errors::Unfitting {
                    what: format!("the default of `{name}{path}`"),
                    path: wrong.path,
                    found: wrong.found,
                    wanted: wrong.wanted,
                };
                found.at(class.object, wrong.node, "", move |span| {
                    errors::bad_default(&value, span)
                });
            }
        }
        if depth > 16 {
            continue;
        }
        if let Some(of) = get(schema, "items") {
            open.push((format!("{path}[]"), of, depth + 1));
        }
        for (key, inner) in get(schema, "properties").map_or(&[][..], |it| entries(it)) {
            open.push((format!("{path}.{key}"), inner, depth + 1));
        }
    }
}

/// What the type of schemas refuses below the top, where the API server keeps anything and Cluster API looks.
fn words(
    catalog: &Catalog,
    class: &Class<'_, '_>,
    name: &str,
    schema: &Node<'_>,
    path: &str,
    depth: usize,
    found: &mut Findings,
) {
    const SCHEMA: &str = "cluster.v1beta2.ClusterClass_spec_variables_schema_openAPIV3Schema";
    if depth > 16 {
        return;
    }
    let mut tell = |node: &Node<'_>, part: &str, wrong: String, wanted: String| {
        let value = errors::Unfitting {
            what: format!("the schema of `{name}{path}`"),
            path: String::new(),
            found: wrong,
            wanted,
        };
        found.at(class.object, node, part, move |span| errors::bad_schema(&value, span));
    };
    if depth > 0 {
        for problem in judge_value(catalog, &Shape::Type(SCHEMA.to_owned()), schema) {
            let (wrong, wanted) = match problem.fault {
                Fault::UnknownField { name, near, .. } => {
                    let near = near.map_or_else(
                        || "a word of OpenAPI schemas".to_owned(),
                        |near| format!("`{near}`"),
                    );
                    (format!("`{name}`"), near)
                }
                // Of a wrong type more is known below.
                Fault::WrongValue { .. } if problem.path == "type" => continue,
                Fault::WrongValue { found, wanted, .. } => (found, wanted),
                Fault::NotServed { .. }
                | Fault::Deprecated { .. }
                | Fault::MissingField { .. }
                | Fault::DuplicateKey { .. } => continue,
            };
            let node = get(schema, problem.path.split('.').next().unwrap_or("")).unwrap_or(schema);
            tell(node, "", wrong, wanted);
        }
    }
    if let Some(ty) = text_at(schema, &["type"])
        && !TYPES.contains(&ty)
    {
        let near = nearest(ty, TYPES).or(match ty {
            "int" | "int32" | "int64" => Some("integer"),
            "bool" => Some("boolean"),
            "map" | "record" => Some("object"),
            "list" => Some("array"),
            "float" | "double" => Some("number"),
            "text" => Some("string"),
            _ => None,
        });
        let wanted = near.map_or_else(
            || TYPES.map(|ty| format!("`{ty}`")).join(", "),
            |near| format!("`{near}`"),
        );
        let node = get(schema, "type").unwrap_or(schema);
        tell(node, ty, format!("the type `{ty}`"), wanted);
    }
    let properties = get(schema, "properties").map_or(&[][..], |it| entries(it));
    for (key, inner) in properties {
        words(catalog, class, name, inner, &format!("{path}.{key}"), depth + 1, found);
    }
    for key in ["items", "additionalProperties"] {
        if let Some(inner @ Node::Map(_)) = get(schema, key) {
            words(catalog, class, name, inner, &format!("{path}[]"), depth + 1, found);
        }
    }
    let declared: Vec<&str> = properties.iter().map(|(key, _)| key.as_ref()).collect();
    for required in items(get(schema, "required")) {
        let Some(field) = text(required) else { continue };
        if declared.contains(&field) || Ty::Schema(schema).field(field).is_ok() {
            continue;
        }
        let near = nearest(field, declared.iter().copied());
        let value = errors::Unfitting {
            what: format!("the schema of `{name}{path}`"),
            path: String::new(),
            found: format!("`{field}` as required"),
            wanted: near
                .map_or_else(|| "a name of its properties".to_owned(), |it| format!("`{it}`")),
        };
        found.at(class.object, required, field, move |span| errors::bad_schema(&value, span));
    }
}

/// Where a path into a variable leads.
pub(super) enum Lookup<'o, 'a> {
    /// To a value of this type; the first part of the path that a Cluster may leave out.
    Found(Ty<'o, 'a>, Option<String>),
    /// Nowhere: the part that is not there, what there is instead, and whether the part is the variable itself.
    Lost { part: String, known: Vec<String>, is_variable: bool },
    /// It cannot be read.
    Malformed,
}

/// A path as `valueFrom.variable` has it: `a.b[0].c`.
pub(super) fn lookup<'o, 'a>(class: &Class<'o, 'a>, path: &str) -> Lookup<'o, 'a> {
    let mut steps = Vec::new();
    for part in path.split('.') {
        match part.split_once('[') {
            None if part.contains(']') => return Lookup::Malformed,
            None => steps.push((part.to_owned(), false)),
            Some((name, index)) => {
                let Some(index) = index.strip_suffix(']') else { return Lookup::Malformed };
                if index.is_empty() || !index.bytes().all(|byte| byte.is_ascii_digit()) {
                    return Lookup::Malformed;
                }
                steps.push((name.to_owned(), true));
            }
        }
    }
    walk(class, &steps)
}

/// A path as templates read it.
pub(super) fn read<'o, 'a>(class: &Class<'o, 'a>, path: &[String]) -> Lookup<'o, 'a> {
    let steps: Vec<(String, bool)> = path.iter().map(|part| (part.clone(), false)).collect();
    walk(class, &steps)
}

/// Each step is a name, and whether an item of it is taken.
fn walk<'o, 'a>(class: &Class<'o, 'a>, steps: &[(String, bool)]) -> Lookup<'o, 'a> {
    let Some(((first, is_item), rest)) = steps.split_first() else { return Lookup::Malformed };
    let Some(variable) = class.variable(first) else {
        let known = class.variables.iter().map(|variable| variable.name.to_owned()).collect();
        return Lookup::Lost { part: first.clone(), known, is_variable: true };
    };
    let mut ty = variable.schema.map_or(Ty::Unknown, Ty::Schema);
    let mut optional = (!variable.is_always_set()).then(|| first.clone());
    let mut whole = first.clone();
    let mut item = *is_item;
    for (name, is_item) in rest {
        if item {
            ty = ty.item();
        }
        whole = format!("{whole}.{name}");
        let is_scalar = matches!(
            ty.base(),
            Base::Text | Base::Int | Base::Number | Base::Bool | Base::IntOrText
        );
        if is_scalar {
            return Lookup::Lost { part: name.clone(), known: Vec::new(), is_variable: false };
        }
        if optional.is_none() && !ty.always_has(name) {
            optional = Some(whole.clone());
        }
        ty = match ty.field(name) {
            Ok(inner) => inner,
            Err(known) => {
                let known = known.into_iter().map(str::to_owned).collect();
                return Lookup::Lost { part: name.clone(), known, is_variable: false };
            }
        };
        item = *is_item;
    }
    Lookup::Found(if item { ty.item() } else { ty }, optional)
}
