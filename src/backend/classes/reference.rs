//! References of a class to its templates.

use super::class::Class;
use super::contract;
use super::errors;
use super::finding::Findings;
use super::look::{Object, get};
use crate::diag::nearest;

/// Tells references that Cluster API refuses, and those that lead to nothing of the program.
pub(super) fn check(class: &Class<'_, '_>, objects: &[Object<'_, '_>], found: &mut Findings) {
    for reference in &class.references {
        let node = |key: &str| get(reference.node, key).unwrap_or(reference.node);
        let (kind, name) = (reference.kind.to_owned(), reference.name.to_owned());
        if contract::is_old(reference.api_version, reference.kind) {
            let version = reference.api_version.to_owned();
            found.at(class.object, node("apiVersion"), &version.clone(), move |span| {
                errors::old_version(&version, &kind, span)
            });
            continue;
        }
        if !reference.kind.ends_with("Template") {
            let with = format!("{kind}Template");
            let exists = objects.iter().any(|it| it.kind == with);
            found.at(class.object, node("kind"), &kind.clone(), move |span| {
                errors::no_template(&kind, &with, exists, span)
            });
            continue;
        }
        if reference.object.is_some() {
            continue;
        }
        let here: Vec<&Object<'_, '_>> =
            objects.iter().filter(|it| it.kind == reference.kind).collect();
        // Where the program makes no object of the kind, something else may.
        let is_elsewhere = here.is_empty();
        let known: Vec<String> = here
            .iter()
            .filter(|it| it.namespace == class.object.namespace)
            .map(|it| it.name.to_owned())
            .collect();
        let near = nearest(&name, known.iter().map(String::as_str)).map(str::to_owned);
        let other = here.iter().find(|it| it.name == name).map(|it| {
            if it.namespace == class.object.namespace {
                format!("`{name}` is one of `{}`", it.api_version)
            } else {
                format!(
                    "`{name}` lives in `{}`; a class and its templates share one namespace",
                    it.namespace
                )
            }
        });
        let reference = errors::Absent { kind, name, known, near, other, is_elsewhere };
        found.at(class.object, node("name"), &reference.name.clone(), move |span| {
            errors::absent(&reference, span)
        });
    }
}
