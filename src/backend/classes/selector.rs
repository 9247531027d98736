//! Which templates a definition of a patch changes.

use super::class::{Class, Definition, Reference, Role};
use super::errors;
use super::finding::Findings;
use super::look::{at, flag, items, text, text_at};
use crate::backend::Node;
use crate::diag::nearest;

/// The templates that a definition changes; what matches none is told.
pub(super) fn matched<'o, 'a, 'c>(
    class: &'c Class<'o, 'a>,
    patch: &str,
    definition: &Definition<'o, 'a>,
    found: &mut Findings,
) -> Vec<&'c Reference<'o, 'a>> {
    let selector = definition.selector;
    let read = |key: &str| text_at(selector, &[key]).unwrap_or("");
    let (version, kind) = (read("apiVersion"), read("kind"));
    let mut finder =
        Finder { class, definition, patch, version, kind, found, out: Vec::new(), says: 0 };
    if flag(selector, &["matchResources", "infrastructureCluster"]) {
        finder.role("infrastructureCluster", "the cluster's infrastructure", Role::Cluster);
    }
    if flag(selector, &["matchResources", "controlPlane"]) {
        finder.role("controlPlane", "the control plane", Role::ControlPlane);
    }
    finder.workers("machineDeploymentClass", "machineDeployments", false);
    finder.workers("machinePoolClass", "machinePools", true);
    if finder.says == 0 {
        let (patch, class) = (patch.to_owned(), class.object.name.to_owned());
        finder.found.at(finder.class.object, selector, "", move |span| {
            errors::selects_nothing(&patch, &class, span)
        });
    }
    finder.out
}

struct Finder<'o, 'a, 'c, 'f> {
    class: &'c Class<'o, 'a>,
    definition: &'f Definition<'o, 'a>,
    patch: &'f str,
    version: &'o str,
    kind: &'o str,
    found: &'f mut Findings,
    out: Vec<&'c Reference<'o, 'a>>,
    /// How many parts of the selector say something.
    says: usize,
}

impl<'o, 'a> Finder<'o, 'a, '_, '_> {
    fn role(&mut self, key: &str, words: &str, role: Role<'_>) {
        self.says += 1;
        self.take(key, words, |reference| reference.role == role);
    }

    fn workers(&mut self, key: &'static str, list: &str, is_pool: bool) {
        let path = ["matchResources", key, "names"];
        let names = at(self.definition.selector, &path);
        let known: Vec<&str> = self.class.workers(list).into_iter().map(|(name, _)| name).collect();
        for node in items(names) {
            let Some(name) = text(node) else { continue };
            self.says += 1;
            if !known.iter().any(|class| is_named(name, class)) {
                self.unknown(node, name, list, &known);
                continue;
            }
            let words = format!("the class `{name}` of {list}");
            self.take(key, &words, |reference| match reference.role {
                Role::Deployment(class) => !is_pool && is_named(name, class),
                Role::Pool(class) => is_pool && is_named(name, class),
                Role::Cluster | Role::ControlPlane | Role::Remediation => false,
            });
        }
    }

    fn take(&mut self, key: &str, words: &str, is_in: impl Fn(&Reference<'_, '_>) -> bool) {
        let here: Vec<&Reference<'o, 'a>> =
            self.class.references.iter().filter(|reference| is_in(reference)).collect();
        let fits =
            |it: &&&Reference<'_, '_>| it.api_version == self.version && it.kind == self.kind;
        let fitting: Vec<_> = here.iter().filter(fits).copied().collect();
        if fitting.is_empty() {
            self.misses(key, words, &here);
        }
        for reference in fitting {
            if !self.out.iter().any(|known| std::ptr::eq(*known, reference)) {
                self.out.push(reference);
            }
        }
    }

    fn misses(&mut self, key: &str, words: &str, here: &[&Reference<'_, '_>]) {
        let mut has: Vec<(String, String)> =
            here.iter().map(|it| (it.kind.to_owned(), it.api_version.to_owned())).collect();
        has.sort();
        has.dedup();
        let miss = errors::Miss {
            patch: self.patch.to_owned(),
            key: key.to_owned(),
            place: words.to_owned(),
            kind: self.kind.to_owned(),
            version: self.version.to_owned(),
            has,
        };
        let part = miss.part();
        let node = at(
            self.definition.selector,
            &[if part == miss.version { "apiVersion" } else { "kind" }],
        );
        let node = node.unwrap_or(self.definition.selector);
        self.found.at(self.class.object, node, &part, move |span| errors::misses(&miss, span));
    }

    fn unknown(&mut self, node: &Node<'_>, name: &str, list: &str, known: &[&str]) {
        let near = nearest(name, known.iter().copied()).map(str::to_owned);
        let known: Vec<String> = known.iter().map(|&name| name.to_owned()).collect();
        let (patch, part, list) = (self.patch.to_owned(), name.to_owned(), list.to_owned());
        self.found.at(self.class.object, node, name, move |span| {
            errors::no_such_class(&patch, &part, &list, &known, near.as_deref(), span)
        });
    }
}

/// Whether the name of a selector means a class: whole, or with one `*` at an end.
fn is_named(pattern: &str, class: &str) -> bool {
    match (pattern.strip_prefix('*'), pattern.strip_suffix('*')) {
        (Some(end), _) => class.ends_with(end),
        (None, Some(start)) => class.starts_with(start),
        (None, None) => pattern == class,
    }
}
