//! Patches: what they change, where, and to what.

use super::builtin;
use super::class::{Class, Definition, Patch, Reference, Role};
use super::errors;
use super::finding::Findings;
use super::look::{get, origin_of, text, text_at};
use super::pointer::{
    self, Astray, Presence, Target, is_filled, is_index, joined, parts, presence,
};
use super::schema::{Fit, Ty, fit};
use super::selector::matched;
use super::template::{self, Template};
use super::variable::{Lookup, Used, lookup};
use crate::backend::Node;
use crate::backend::judge::judge_value;
use crate::diag::nearest;
use crate::embedded::template_reads;
use crate::kubernetes::{Catalog, Fault};

/// Checks every patch of a class: gives what of its variables they read.
pub(super) fn check(catalog: &Catalog, class: &Class<'_, '_>, found: &mut Findings) -> Used {
    let mut used = Used::default();
    let mut seen: Vec<&Patch<'_, '_>> = Vec::new();
    let mut made = Vec::new();
    for patch in &class.patches {
        if let Some(first) = seen.iter().find(|known| known.name == patch.name) {
            let name = patch.name.to_owned();
            let at = get(patch.node, "name").unwrap_or(patch.node);
            let first = get(first.node, "name").unwrap_or(first.node);
            let places = [(class.object, at, ""), (class.object, first, "")];
            found.because(places, move |span, first| {
                errors::duplicate("patches", &name, span, first)
            });
        } else {
            seen.push(patch);
        }
        if patch.is_external != patch.definitions.is_empty() {
            let (name, both) = (patch.name.to_owned(), patch.is_external);
            found.at(class.object, patch.node, "", move |span| {
                errors::definitions_or_external(&name, both, span)
            });
        }
        let mut checker =
            Checker { catalog, class, patch, used: &mut used, found, made: &mut made };
        checker.patch();
    }
    for list in ["machineDeployments", "machinePools"] {
        let workers = class.workers(list);
        for (index, (name, node)) in workers.iter().enumerate() {
            let first = workers.iter().take(index).find(|(known, _)| known == name);
            let Some((_, first)) = first else { continue };
            let name = (*name).to_owned();
            let at = |node| get(node, "class").unwrap_or(node);
            let places = [(class.object, at(node), ""), (class.object, at(first), "")];
            found.because(places, move |span, first| errors::duplicate(list, &name, span, first));
        }
    }
    used
}

/// A template, and a pointer that an earlier change may have put something at.
type Made<'c, 'o, 'a> = (&'c Reference<'o, 'a>, Vec<String>);

struct Checker<'p, 'o, 'a, 'c> {
    catalog: &'p Catalog,
    class: &'c Class<'o, 'a>,
    patch: &'c Patch<'o, 'a>,
    used: &'p mut Used,
    found: &'p mut Findings,
    made: &'p mut Vec<Made<'c, 'o, 'a>>,
}

impl<'p, 'o, 'a, 'c> Checker<'p, 'o, 'a, 'c> {
    fn patch(&mut self) {
        let mut all: Vec<Role<'o>> = Vec::new();
        let mut tested = Vec::new();
        if let Some(condition) = self.patch.enabled_if.and_then(text) {
            tested = template_reads(condition)
                .reads
                .iter()
                .filter_map(|read| read.path.first().cloned())
                .collect();
        }
        for definition in &self.patch.definitions {
            let references = matched(self.class, self.patch.name, definition, self.found);
            let roles: Vec<Role<'o>> = references.iter().map(|it| it.role).collect();
            all.extend(&roles);
            for change in definition.changes {
                self.change(definition, change, &references, &roles, &tested);
            }
        }
        if let Some((node, text)) = self.patch.enabled_if.and_then(|it| Some((it, text(it)?))) {
            let template = Template {
                catalog: self.catalog,
                patch: self.patch.name,
                node,
                text,
                roles: &all,
                target: None,
                path: "enabledIf",
            };
            template::check(self.class, &template, self.used, self.found);
        }
    }

    fn change(
        &mut self,
        definition: &Definition<'o, 'a>,
        change: &'o Node<'a>,
        references: &[&'c Reference<'o, 'a>],
        roles: &[Role<'o>],
        tested: &[String],
    ) {
        let (Some(op), Some(path)) = (text_at(change, &["op"]), text_at(change, &["path"])) else {
            return;
        };
        let path_node = get(change, "path").unwrap_or(change);
        let target = self.path(definition, op, path, path_node, references);
        if op == "remove" {
            return;
        }
        let value = get(change, "value");
        let from = get(change, "valueFrom");
        let variable = from.and_then(|from| get(from, "variable"));
        let template = from.and_then(|from| get(from, "template"));
        let given: Vec<&str> = [
            value.map(|_| "value"),
            variable.map(|_| "valueFrom.variable"),
            template.map(|_| "valueFrom.template"),
        ]
        .into_iter()
        .flatten()
        .collect();
        if given.len() != 1 {
            let (op, given) = (op.to_owned(), given.join("` and `"));
            let path = path.to_owned();
            self.found.at(self.class.object, path_node, "", move |span| {
                errors::one_value(&op, &path, &given, span)
            });
        }
        if let (Some(value), Some(target)) = (value, &target) {
            self.value(value, target, path, path_node);
        }
        if let Some((node, name)) = variable.and_then(|it| Some((it, text(it)?))) {
            self.variable(node, name, target.as_ref(), path, roles, tested);
        }
        if let Some((node, text)) = template.and_then(|it| Some((it, text(it)?))) {
            let any = Target { shape: &crate::kubernetes::Shape::Data, field: None };
            let template = Template {
                catalog: self.catalog,
                patch: self.patch.name,
                node,
                text,
                roles,
                target: Some(target.as_ref().unwrap_or(&any)),
                path,
            };
            template::check(self.class, &template, self.used, self.found);
        }
    }

    /// What a path leads to, if it may be patched.
    fn path(
        &mut self,
        definition: &Definition<'o, 'a>,
        op: &str,
        path: &str,
        node: &Node<'_>,
        references: &[&'c Reference<'o, 'a>],
    ) -> Option<Target<'p>> {
        let object = self.class.object;
        let tell = |found: &mut Findings, part: &str, why: errors::BadPath| {
            let (path, patch) = (path.to_owned(), self.patch.name.to_owned());
            found.at(object, node, part, move |span| errors::bad_path(&patch, &path, &why, span));
        };
        if path != "/spec" && !path.starts_with("/spec/") {
            tell(self.found, path, errors::BadPath::NotBelowSpec);
            return None;
        }
        let parts = match parts(path) {
            Ok(parts) => parts,
            Err(part) => {
                tell(self.found, &part.clone(), errors::BadPath::Escape(part));
                return None;
            }
        };
        if let Some(part) = parts.iter().find(|part| {
            is_index(part)
                && if op == "add" { !matches!(part.as_str(), "-" | "0") } else { *part != "-" }
        }) {
            tell(
                self.found,
                part,
                errors::BadPath::Index { op: op.to_owned(), part: part.clone() },
            );
            return None;
        }
        let read = |key: &str| text_at(definition.selector, &[key]).unwrap_or("");
        let (version, kind) = (read("apiVersion"), read("kind"));
        // What is not known is not judged.
        let catalog: &'p Catalog = self.catalog;
        let ty = catalog.by_kind(version, kind)?;
        let target = match pointer::target(catalog, &ty.schema, &parts) {
            Ok(target) => target,
            Err(Astray { index, fault }) => {
                let above = joined(parts.get(..index).unwrap_or(&[]));
                let part = parts.get(index).cloned().unwrap_or_default();
                // What follows belongs to the key before it: both, escaped.
                let key = parts.get(index.saturating_sub(1)..).unwrap_or(&[]).join("~1");
                let before = parts.get(..index.saturating_sub(1)).unwrap_or(&[]);
                let escaped = format!("{}/{key}", joined(before));
                let why = errors::BadPath::Astray {
                    fault,
                    above,
                    part: part.clone(),
                    kind: kind.to_owned(),
                    escaped,
                };
                tell(self.found, &part, why);
                return None;
            }
        };
        self.presence(op, &parts, path, node, &ty.schema, references);
        if op != "remove" {
            for reference in references {
                self.made.push((reference, parts.clone()));
            }
        }
        Some(target)
    }

    /// Whether the templates have what a change needs to be there.
    fn presence(
        &mut self,
        op: &str,
        parts: &[String],
        path: &str,
        node: &Node<'_>,
        schema: &str,
        references: &[&'c Reference<'o, 'a>],
    ) {
        // `add` makes the last part, all others the thing that is there.
        let needed = match parts.split_last() {
            Some((_, above)) if op == "add" => above,
            _ => parts,
        };
        for reference in references {
            let Some(object) = reference.object else { continue };
            let Presence::Missing(index) = presence(self.catalog, schema, object.root, needed)
            else {
                continue;
            };
            let upto = needed.get(..=index).unwrap_or(needed);
            let is_made = self
                .made
                .iter()
                .any(|(of, made)| std::ptr::eq(of.node, reference.node) && upto.starts_with(made));
            if is_made || is_filled(reference.kind, upto) {
                continue;
            }
            let absent = errors::BadPath::Absent {
                op: op.to_owned(),
                missing: joined(upto),
                is_list: parts.last().is_some_and(|last| is_index(last))
                    && upto.len() + 1 == parts.len(),
                kind: reference.kind.to_owned(),
                name: reference.name.to_owned(),
            };
            let (path, patch) = (path.to_owned(), self.patch.name.to_owned());
            let part = upto.last().cloned().unwrap_or_default();
            let places = [(self.class.object, node, part.as_str()), (object, object.root, "")];
            self.found.because(places, move |span, base| {
                errors::bad_path(&patch, &path, &absent, span).because(base, "the template")
            });
            return;
        }
    }

    /// A value that is written out.
    fn value(
        &mut self,
        value: &'o Node<'a>,
        target: &Target<'_>,
        path: &str,
        path_node: &'o Node<'a>,
    ) {
        for problem in judge_value(self.catalog, target.shape, value) {
            let inner = problem.path.clone();
            let (found, wanted) = match problem.fault {
                Fault::UnknownField { name, near, .. } => {
                    let near = near.map_or_else(String::new, |near| format!(", but `{near}`"));
                    (format!("the field `{name}`"), format!("no such field{near}"))
                }
                Fault::MissingField { name, .. } if self.is_written(path, &inner, &name) => {
                    continue;
                }
                Fault::MissingField { name, .. } => {
                    (format!("a record without `{name}`"), format!("one with `{name}`"))
                }
                Fault::WrongValue { found, wanted, .. } => (found, wanted),
                Fault::DuplicateKey { key } => (format!("two items with {key}"), "one".to_owned()),
                Fault::NotServed { .. } | Fault::Deprecated { .. } => continue,
            };
            let unfit = errors::Unfitting { what: path.to_owned(), path: inner, found, wanted };
            let node = Node::Bool(false, problem.origin);
            let node = if problem.origin.as_slot().is_some() {
                &node
            } else if origin_of(value).as_slot().is_some() {
                value
            } else {
                path_node
            };
            self.found.at(self.class.object, node, "", move |span| errors::bad_value(&unfit, span));
        }
    }

    /// Whether some change writes what a value leaves out: `inner` is where in the value, with dots.
    fn is_written(&self, path: &str, inner: &str, name: &str) -> bool {
        let below = inner.split('.').filter(|part| !part.is_empty()).chain([name]);
        let whole = below.fold(path.to_owned(), |whole, part| format!("{whole}/{part}"));
        let definitions = self.class.patches.iter().flat_map(|patch| &patch.definitions);
        let mut paths = definitions
            .flat_map(|definition| definition.changes)
            .filter_map(|change| text_at(change, &["path"]));
        paths.any(|path| path == whole || path.starts_with(&format!("{whole}/")))
    }

    fn variable(
        &mut self,
        node: &'o Node<'a>,
        name: &str,
        target: Option<&Target<'_>>,
        path: &str,
        roles: &[Role<'o>],
        tested: &[String],
    ) {
        let class = self.class;
        if name == builtin::NAME || name.starts_with("builtin.") {
            self.builtin(node, name, target, path, roles);
            return;
        }
        let first = name.split(['.', '[']).next().unwrap_or(name);
        self.used.names.insert(first.to_owned());
        match lookup(class, name) {
            Lookup::Found(ty, optional) => {
                if let Some(target) = target {
                    fit_check(self.catalog, class, ty, target, node, name, path, self.found);
                }
                if let Some(optional) = optional.filter(|_| !tested.iter().any(|it| it == first)) {
                    let (patch, name) = (self.patch.name.to_owned(), name.to_owned());
                    self.found.at(class.object, node, &name.clone(), move |span| {
                        errors::may_be_unset(&patch, &name, &optional, span)
                    });
                }
            }
            Lookup::Malformed => {
                let name = name.to_owned();
                self.found.at(class.object, node, &name.clone(), move |span| {
                    errors::malformed_variable(&name, span)
                });
            }
            Lookup::Lost { is_variable: true, .. } if class.has_extension() => {}
            Lookup::Lost { part, known, is_variable } => {
                let near = nearest(&part, known.iter().map(String::as_str)).map(str::to_owned);
                let lost = errors::Lost {
                    name: part,
                    known,
                    near,
                    of: if is_variable { None } else { Some(first.to_owned()) },
                    class: class.object.name.to_owned(),
                    is_template: false,
                };
                self.found.at(class.object, node, &lost.name.clone(), move |span| {
                    errors::unknown_variable(&lost, span)
                });
            }
        }
    }

    fn builtin(
        &mut self,
        node: &'o Node<'a>,
        name: &str,
        target: Option<&Target<'_>>,
        path: &str,
        roles: &[Role<'o>],
    ) {
        let class = self.class;
        let inner = name.strip_prefix("builtin.").unwrap_or("");
        let Some(holds) = builtin::named(inner) else {
            let known: Vec<String> = builtin::all().collect();
            let near = nearest(name, known.iter().map(String::as_str)).map(str::to_owned);
            let name = name.to_owned();
            self.found.at(class.object, node, &name.clone(), move |span| {
                errors::unknown_builtin(&name, near.as_deref(), false, span)
            });
            return;
        };
        let record = inner.split('.').next().unwrap_or("");
        let without: Vec<Role<'_>> =
            roles.iter().filter(|role| !builtin::exists(record, **role)).copied().collect();
        if !without.is_empty() {
            let scope = errors::Scope::new(self.patch.name, name, record, &without, false);
            let part = name.to_owned();
            self.found
                .at(class.object, node, &part, move |span| errors::out_of_scope(&scope, span));
            return;
        }
        if let Some(target) = target {
            let ty = Ty::Builtin(holds);
            fit_check(self.catalog, class, ty, target, node, name, path, self.found);
        }
    }
}

/// Tells where a field does not take what a variable holds.
#[expect(clippy::too_many_arguments, reason = "what is known of the one change")]
pub(super) fn fit_check(
    catalog: &Catalog,
    class: &Class<'_, '_>,
    ty: Ty<'_, '_>,
    target: &Target<'_>,
    node: &Node<'_>,
    name: &str,
    path: &str,
    found: &mut Findings,
) {
    let (misfit, is_wrong) = match fit(catalog, ty, target.shape, target.field) {
        Fit::Fits => return,
        Fit::Looser(misfit) => (misfit, false),
        Fit::Wrong(misfit) => (misfit, true),
    };
    let (variable, path) = (name.to_owned(), path.to_owned());
    let declared = class
        .variable(name.split(['.', '[']).next().unwrap_or(name))
        .and_then(|variable| variable.schema)
        .filter(|schema| origin_of(schema).as_slot().is_some());
    match declared {
        Some(schema) => {
            let places = [(class.object, node, name), (class.object, schema, "")];
            found.because(places, move |span, declared| {
                errors::type_misfit(&variable, &path, &misfit, is_wrong, span)
                    .because(declared, "its schema")
            });
        }
        None => found.at(class.object, node, name, move |span| {
            errors::type_misfit(&variable, &path, &misfit, is_wrong, span)
        }),
    }
}
