//! Object types as declarations in iflux, so that they are typed, layered and explained as every schema is.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::catalog::{Catalog, FieldType, ObjectType, Shape};

/// The first part of the path of every type of Kubernetes itself.
pub const PREFIX: &str = "k8s";
/// The first part of the path of every type of Cluster API and its providers.
pub const CLUSTER_API: &str = "capi";
/// The first parts of the paths of the library's types.
pub const PREFIXES: [&str; 2] = [PREFIX, CLUSTER_API];

/// What makes an object's amounts and ports readable.
const AMOUNTS: &str = "\
/// An amount: `500m`, `1Gi`, `2`.
type Quantity = Int | Cpu | Bytes | Float | String

/// A number, or a text: a port by number or name, a count or a share (`25%`).
type IntOrString = Int | Percent | String
";

/// One file of declarations.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Declaration {
    /// The type of the tables that it declares: `core.v1.Container`.
    pub of: String,
    /// As shown: `k8s/core/v1/Container.iflux`.
    pub file: String,
    /// Its module: `k8s.core.v1`.
    pub module: String,
    /// Its text.
    pub text: String,
}

/// The object types that a text mentions by their path, wherever it does so: `k8s.apps.v1.Deployment`. What is mentioned in a comment
/// is found as well, and does no harm.
pub fn mentions<'a>(text: &str, catalog: &'a Catalog) -> BTreeSet<&'a str> {
    let mut found = BTreeSet::new();
    let is_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    for word in text.split(|c: char| !is_word(c)) {
        if word.bytes().filter(|&byte| byte == b'.').count() >= 2
            && let Some(object) = catalog.by_path(word.trim_matches('.'))
        {
            found.insert(object.schema.as_str());
        }
    }
    found
}

/// The module of the part of an object that a `patch` writes: every field may be left out there.
pub fn partial(module: &str) -> String {
    format!("patch.{module}")
}

/// The declarations of types and of everything that their fields hold, by file; as a manifest writes them, or as parts of objects. Parts
/// need the declarations as a manifest writes them beside them.
pub fn declarations(wanted: &BTreeSet<&str>, catalog: &Catalog, partial: bool) -> Vec<Declaration> {
    let mut reached: BTreeSet<&str> = BTreeSet::new();
    let mut open: Vec<&str> = wanted.iter().copied().collect();
    while let Some(name) = open.pop() {
        if reached.insert(name) {
            open.extend(catalog.fields(name).iter().filter_map(|field| field.shape.inner()));
        }
    }
    let mut out: Vec<Declaration> =
        reached.iter().map(|name| declaration(name, catalog, partial)).collect();
    if !out.is_empty() && !partial {
        out.push(Declaration {
            of: String::new(),
            file: format!("{PREFIX}/meta/v1/amounts.iflux"),
            module: format!("{PREFIX}.meta.v1"),
            text: AMOUNTS.to_owned(),
        });
    }
    out
}

/// Module and name of a type of the tables: `k8s.core.v1` and `Container`. What lies in an object of a project has hyphens in the
/// tables, which no type's name may have: `Certificate-spec` is `Certificate_spec`, which no kind is called.
fn place(name: &str, catalog: &Catalog) -> (String, String) {
    let (module, last) = name.rsplit_once('.').unwrap_or(("", name));
    let object = catalog
        .objects
        .iter()
        .find(|object| object.schema.rsplit_once('.').map(|it| it.0) == Some(module));
    let module =
        object.map_or_else(|| format!("{PREFIX}.{module}"), |object| object.module.clone());
    (module, last.replace(|c: char| !c.is_ascii_alphanumeric(), "_"))
}

fn declaration(name: &str, catalog: &Catalog, is_partial: bool) -> Declaration {
    let (module, last) = place(name, catalog);
    let module = if is_partial { partial(&module) } else { module };
    let object = catalog.objects.iter().find(|object| object.schema == name);
    let mut text = String::new();
    let mut aliases = String::new();
    let newest = catalog.known().1;
    head(&mut text, object.filter(|_| !is_partial), &last);
    let mut names: Vec<&str> = Vec::new();
    for field in catalog.fields(name) {
        if names.contains(&field.name.as_str()) || object.is_some() && is_taken(&field.name) {
            continue;
        }
        names.push(&field.name);
        let variants: Vec<&FieldType> =
            catalog.fields(name).iter().filter(|it| it.name == field.name).collect();
        let shown = variants
            .iter()
            .rev()
            .find(|it| it.minors.hold(newest))
            .or(variants.last())
            .copied()
            .unwrap_or(field);
        line(&mut text, &mut aliases, &last, shown, &variants, catalog, name, is_partial);
    }
    text.push_str("}\n");
    if !aliases.is_empty() {
        text.push('\n');
        text.push_str(&aliases);
    }
    let file = format!("{}/{last}.iflux", module.replace('.', "/"));
    Declaration { of: name.to_owned(), file, module, text }
}

/// Whether every manifest has a field of this name already.
fn is_taken(field: &str) -> bool {
    matches!(
        field,
        "name" | "namespace" | "clusters" | "labels" | "annotations" | "needs" | "metadata"
    )
}

fn head(text: &mut String, object: Option<&ObjectType>, last: &str) {
    let _ = match object {
        Some(object) => {
            let base = if object.namespaced { "NamespacedObject" } else { "ClusterObject" };
            writeln!(
                text,
                "/// `{last}` of `{}`.\nschema {last} extends {base} {{",
                object.api_version()
            )
        }
        None => writeln!(text, "schema {last} {{"),
    };
}

#[expect(clippy::too_many_arguments, reason = "what is known of the one field")]
fn line(
    text: &mut String,
    aliases: &mut String,
    owner: &str,
    field: &FieldType,
    variants: &[&FieldType],
    catalog: &Catalog,
    name: &str,
    is_partial: bool,
) {
    let mut shape = written(&field.shape, catalog, is_partial);
    let capital = capitalized(&field.name);
    if let (Shape::List(of), true) = (&field.shape, is_keyed(field, catalog)) {
        let of = written(of, catalog, is_partial);
        shape = format!("{owner}{capital}");
        let key = field.keys.first().map_or("name", String::as_str);
        let _ = writeln!(
            aliases,
            "/// A list, or blocks by `{key}`: `{} some-{key} {{ }}`.\ntype {shape} = [{of}] | {{String: {of}}}",
            field.name
        );
    } else if let Shape::Enum(values) = &field.shape {
        let values: Vec<String> = values.iter().map(|value| format!("{value:?}")).collect();
        shape = format!("{owner}{capital}");
        let _ = writeln!(aliases, "type {shape} = {}", values.join(" | "));
    } else {
        shape.push_str(&bounded(field));
    }
    // What some version does not ask for may be left out there; each version is judged on the final object.
    let required = field.required
        && variants.iter().all(|it| it.required)
        && !catalog.is_key(name, &field.name);
    let mark = if required && !is_partial { "" } else { "?" };
    if let Some(default) = field.default.as_ref().filter(|_| !is_partial) {
        let _ = writeln!(text, "  /// The API server fills in `{default}` where it is left out.");
    }
    let quoted =
        if is_plain(&field.name) { field.name.clone() } else { format!("{:?}", field.name) };
    let _ = writeln!(text, "  {quoted}: {shape}{mark}");
}

/// `(1..100)`: the bounds of a field, where its type has such.
fn bounded(field: &FieldType) -> String {
    let number = |text: &Option<String>| text.clone().unwrap_or_default();
    let has_bounds = field.bounds.low.is_some() || field.bounds.high.is_some();
    let is_bounded =
        matches!(field.shape, Shape::Int | Shape::Float | Shape::String | Shape::List(_));
    if has_bounds && is_bounded {
        format!("({}..{})", number(&field.bounds.low), number(&field.bounds.high))
    } else {
        String::new()
    }
}

/// Whether items of a list may be written as blocks: by one key, of which the items are records.
fn is_keyed(field: &FieldType, catalog: &Catalog) -> bool {
    let Shape::List(of) = &field.shape else { return false };
    let Some(inner) = of.inner().filter(|_| matches!(**of, Shape::Type(_))) else { return false };
    let Some(key) = field.keys.first() else { return false };
    catalog.fields(inner).iter().any(|it| it.name == *key)
}

fn is_plain(name: &str) -> bool {
    let mut chars = name.chars();
    chars.next().is_some_and(|c| c.is_ascii_alphabetic())
        && chars.all(|c| c.is_ascii_alphanumeric())
        && !matches!(
            name,
            "if" | "then"
                | "else"
                | "match"
                | "by"
                | "for"
                | "in"
                | "let"
                | "all"
                | "self"
                | "outer"
                | "here"
                | "true"
                | "false"
                | "none"
        )
}

fn capitalized(name: &str) -> String {
    let mut out: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
    if let Some(first) = out.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    out
}

fn written(shape: &Shape, catalog: &Catalog, is_partial: bool) -> String {
    match shape {
        Shape::String | Shape::Enum(_) => "String".to_owned(),
        Shape::Int => "Int".to_owned(),
        Shape::Float => "Float".to_owned(),
        Shape::Bool => "Bool".to_owned(),
        Shape::Quantity => format!("{PREFIX}.meta.v1.Quantity"),
        Shape::IntOrString => format!("{PREFIX}.meta.v1.IntOrString"),
        Shape::Data => "Data".to_owned(),
        Shape::List(of) => format!("[{}]", written(of, catalog, is_partial)),
        Shape::Map(of) => format!("{{String: {}}}", written(of, catalog, is_partial)),
        Shape::Type(name) => {
            let (module, last) = place(name, catalog);
            let module = if is_partial { partial(&module) } else { module };
            format!("{module}.{last}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{declarations, mentions};
    use crate::kubernetes::Catalog;

    #[test]
    fn what_is_mentioned_is_declared_with_what_it_holds() {
        let catalog = Catalog::core();
        let text = "manifest a : k8s.apps.v1.Deployment { } // k8s.core.v1.Pod, k8s.x.v1.Y";
        let wanted = mentions(text, catalog);
        assert_eq!(
            wanted.iter().copied().collect::<Vec<_>>(),
            ["apps.v1.Deployment", "core.v1.Pod"]
        );
        let files = declarations(&wanted, catalog, false);
        let file = |name: &str| files.iter().find(|file| file.file == name).unwrap();
        assert!(file("k8s/core/v1/Container.iflux").text.contains("  ports: ContainerPorts?\n"));
        let deployment = file("k8s/apps/v1/Deployment.iflux");
        assert_eq!(deployment.module, "k8s.apps.v1");
        assert_eq!(
            deployment.text,
            "/// `Deployment` of `apps/v1`.\nschema Deployment extends NamespacedObject {\n  spec: k8s.apps.v1.DeploymentSpec?\n}\n"
        );
        assert!(
            file("k8s/apps/v1/DeploymentSpec.iflux")
                .text
                .contains("  template: k8s.core.v1.PodTemplateSpec\n")
        );
    }

    #[test]
    fn every_object_type_can_be_declared() {
        let catalog = Catalog::with_cluster_api();
        let wanted = catalog.objects.iter().map(|object| object.schema.as_str()).collect();
        let files = declarations(&wanted, catalog, false);
        assert!(files.len() > 1100);
    }
}
