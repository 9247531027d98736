//! What the template of an ApplicationSet reads, against what its generators give.

use super::errors::appset as errors;
use super::fast::tags;
use super::generator::{KINDS, entries};
use super::parameters::{From, Parameters};
use super::tree::Tree;
use super::view::{Set, Whole};
use crate::diag::{Diagnostic, nearest};
use crate::embedded::{
    TemplateContext, TemplateParameters, TemplateUsage, check_template, template_reads,
};
use crate::source::{Extent, Span};

/// Fields of an ApplicationSet's `spec`.
const FIELDS: [&str; 10] = [
    "applyNestedSelectors",
    "generators",
    "goTemplate",
    "goTemplateOptions",
    "ignoreApplicationDifferences",
    "preservedFields",
    "strategy",
    "syncPolicy",
    "template",
    "templatePatch",
];

/// A parameter that a template reads.
#[derive(Clone, Debug)]
pub(super) struct Use<T> {
    /// Its name: what stands between the braces, or with Go what stands behind the first dot.
    pub(super) name: String,
    /// The text that reads it.
    pub(super) node: T,
    /// Where in the text.
    pub(super) at: Extent,
    /// The names of the fields that lead to the text.
    pub(super) path: Vec<String>,
    /// Whether the text has it as it is.
    pub(super) is_printed: bool,
    /// Whether the template looks first whether it is there.
    pub(super) is_guarded: bool,
}

/// Everything that a text of an ApplicationSet reads.
pub(super) fn uses_of<T: Tree>(node: &T, path: &[String], is_go: bool) -> Vec<Use<T>> {
    let text = node.text().unwrap_or_default();
    if !text.contains("{{") {
        return Vec::new();
    }
    if !is_go {
        let own = |it: super::fast::Tag| Use {
            name: it.name,
            node: node.clone(),
            at: it.at,
            path: path.to_vec(),
            is_printed: true,
            is_guarded: false,
        };
        return tags(text).into_iter().map(own).collect();
    }
    // With these a template says what holds where there is nothing.
    const GUARDS: [&str; 7] = ["default", "dig", "hasKey", "get", "coalesce", "empty", "ternary"];
    let reads = template_reads(text).reads;
    let own = |it: crate::embedded::TemplateRead| {
        let is_guard = match &it.usage {
            TemplateUsage::Tested => true,
            TemplateUsage::Argument(name) => GUARDS.contains(&name.as_str()),
            TemplateUsage::Printed | TemplateUsage::Ranged | TemplateUsage::Kept => false,
        };
        Use {
            is_guarded: is_guard || !it.tested.is_empty(),
            is_printed: it.usage == TemplateUsage::Printed,
            name: it.path.join("."),
            node: node.clone(),
            at: it.at,
            path: path.to_vec(),
        }
    };
    reads.into_iter().map(own).collect()
}

/// Everything that the template of an ApplicationSet reads.
pub(super) fn uses<T: Tree>(set: &Set<'_, T>) -> Vec<Use<T>> {
    let mut out = Vec::new();
    let mut add = |path: &[String], node: &T| out.extend(uses_of(node, path, set.is_go));
    if let Some(template) = set.spec.get("template") {
        template.each(&mut add);
    }
    if let Some(patch) = set.spec.get("templatePatch").filter(|_| set.is_go) {
        add(&["templatePatch".to_owned()], &patch);
    }
    out
}

pub(super) fn judge<T: Tree>(set: &Set<'_, T>, whole: &Whole<'_, T>, out: &mut Vec<Diagnostic>) {
    fields(set, out);
    let entries = entries(set, whole, out);
    // What an entry gives that is not known is no reason for any finding.
    if entries.len() != set.spec.list("generators").len() || entries.is_empty() {
        return;
    }
    let uses = uses(set);
    if set.is_go {
        go(set, out);
    }
    let mut told: Vec<&str> = Vec::new();
    for one in &uses {
        if told.contains(&one.name.as_str()) {
            continue;
        }
        told.push(&one.name);
        let same: Vec<&Use<T>> = uses.iter().filter(|it| it.name == one.name).collect();
        reference(set, &entries, &same, out);
    }
}

fn fields<T: Tree>(set: &Set<'_, T>, out: &mut Vec<Diagnostic>) {
    for (name, key, _) in set.spec.fields().unwrap_or_default() {
        if !FIELDS.contains(&name.as_str()) {
            let near = nearest(&name, FIELDS);
            out.push(errors::unknown_field("an ApplicationSet's `spec`", &name, near, key.span()));
        }
    }
    for entry in set.spec.list("generators") {
        let fields = entry.fields().unwrap_or_default();
        let of = |it: &&(String, T, T)| KINDS.contains(&it.0.as_str());
        let kinds: Vec<&(String, T, T)> = fields.iter().filter(of).collect();
        if let [first, second, ..] = kinds.as_slice() {
            out.push(errors::two_in_one(&first.0, &second.0, second.1.span(), first.1.span()));
        }
        for (name, key, _) in &fields {
            if KINDS.contains(&name.as_str()) || name == "selector" {
                continue;
            }
            let near = nearest(name, KINDS);
            out.push(errors::unknown_field("an entry of `generators`", name, near, key.span()));
        }
    }
}

/// Which engine fills templates in, of all ApplicationSets together: a folder has its habits.
pub(super) fn engines<T: Tree>(whole: &Whole<'_, T>, out: &mut Vec<Diagnostic>) {
    let mut plain: Vec<(&str, Span)> = Vec::new();
    let mut lax: Vec<(&str, Span)> = Vec::new();
    for set in &whole.sets {
        let named = set.root.at(&["metadata", "name"]).unwrap_or_else(|| set.root.clone());
        if !set.is_go {
            if !uses(set).is_empty() {
                plain.push((&set.name, named.span()));
            }
            if let Some(patch) = set.spec.key("templatePatch") {
                out.push(errors::patch_without_go(patch.span()));
            }
            continue;
        }
        let options = set.spec.list("goTemplateOptions");
        if !options.iter().any(|it| it.text() == Some("missingkey=error")) {
            let at = set.spec.key("goTemplate").unwrap_or(named);
            lax.push((&set.name, at.span()));
        }
    }
    out.extend(errors::no_go_template(&plain));
    out.extend(errors::no_missing_key(&lax));
}

/// What Go itself refuses, whatever is given.
fn go<T: Tree>(set: &Set<'_, T>, out: &mut Vec<Diagnostic>) {
    let context = TemplateContext::argo(TemplateParameters { fields: Vec::new(), is_open: true });
    let Some(template) = set.spec.get("template") else { return };
    template.each(&mut |_, node| {
        let text = node.text().unwrap_or_default();
        if !text.contains("{{") {
            return;
        }
        for problem in check_template(text, &[], &context) {
            out.push(problem.diagnostic(&|at| node.part(at), &str::to_owned));
        }
    });
}

/// Whether an entry gives a parameter.
enum Has<T> {
    Yes,
    /// All but an element.
    Not(T),
    Sometimes,
    No,
}

fn has<T: Tree>(entry: &Parameters<T>, one: &Use<T>, is_go: bool) -> Has<T> {
    let name = one.name.as_str();
    if let Some(given) = entry.find(name) {
        return match (&given.lacks, given.is_sometimes) {
            (Some(lacks), _) => Has::Not(lacks.clone()),
            (None, true) => Has::Sometimes,
            (None, false) => Has::Yes,
        };
    }
    // `path[1]`
    let is_step = name.split_once('[').is_some_and(|(front, rest)| {
        rest.ends_with(']') && entry.open.contains(&format!("{front}[]"))
    });
    let is_record = is_go && (entry.is_record(name) || entry.is_inside(name));
    if is_step || is_record || entry.may_have(name) { Has::Yes } else { Has::No }
}

/// Judges a parameter that the template reads in several places.
fn reference<T: Tree>(
    set: &Set<'_, T>,
    entries: &[Parameters<T>],
    uses: &[&Use<T>],
    out: &mut Vec<Diagnostic>,
) {
    let unguarded = uses.iter().find(|it| !it.is_guarded);
    let Some(first) = unguarded.copied() else { return };
    let all: Vec<Has<T>> = entries.iter().map(|it| has(it, first, set.is_go)).collect();
    let lacking: Vec<&Parameters<T>> =
        entries.iter().zip(&all).filter(|it| matches!(it.1, Has::No)).map(|it| it.0).collect();
    let places: Vec<Span> = uses.iter().map(|it| it.node.part(it.at).0).collect();
    let about = errors::Reference {
        name: &first.name,
        is_go: set.is_go,
        is_strict: set
            .spec
            .list("goTemplateOptions")
            .iter()
            .any(|it| it.text() == Some("missingkey=error")),
        at: first.node.part(first.at).0,
        others: &places,
    };
    if lacking.len() == entries.len() {
        let kinds: Vec<&str> = entries.iter().map(|it| it.kind.as_str()).collect();
        let meant = meant(&first.name, entries, set.is_go);
        let known = known(entries);
        let is_exact = first.node.part(first.at).1;
        out.push(errors::unknown_parameter(&about, &kinds, meant.as_deref(), &known, is_exact));
        return;
    }
    if let Some(entry) = lacking.first() {
        let by = entries.iter().zip(&all).find(|it| !matches!(it.1, Has::No));
        let by = by.map_or("", |it| it.0.kind.as_str());
        out.push(errors::not_of_every_entry(&about, by, &entry.kind, entry.node.span()));
        return;
    }
    for has in all {
        match has {
            Has::Not(element) => {
                out.push(errors::not_of_every_element(&about, element.span()));
                return;
            }
            Has::Sometimes => {
                out.push(errors::not_of_every_merge(&about));
                return;
            }
            Has::Yes | Has::No => {}
        }
    }
}

/// The parameters that are given, for messages.
fn known<T: Tree>(entries: &[Parameters<T>]) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for entry in entries {
        for given in &entry.given {
            if !all.contains(&given.name) {
                all.push(given.name.clone());
            }
        }
        for open in entry.open.iter().filter(|it| !it.is_empty()) {
            let shown = match open.strip_suffix("[]") {
                Some(front) => format!("{front}[0]"),
                None => format!("{open}.*"),
            };
            if !all.contains(&shown) {
                all.push(shown);
            }
        }
    }
    all
}

/// The name that was meant, it seems.
fn meant<T: Tree>(name: &str, entries: &[Parameters<T>], is_go: bool) -> Option<String> {
    let given: Vec<&str> =
        entries.iter().flat_map(|it| &it.given).map(|it| it.name.as_str()).collect();
    let (last, front) = match name.rsplit_once('.') {
        Some((front, last)) => (last, front),
        None => (name, ""),
    };
    // What Go calls `.path.path` is `path` without it, and the other way round.
    if name == "path.path" && given.contains(&"path") {
        return Some("path".to_owned());
    }
    if let Some(with_dot) = name.strip_prefix('.').filter(|_| !is_go) {
        let plain = with_dot.trim();
        return given.contains(&plain).then(|| plain.to_owned());
    }
    // `cluster.name` is `name`; `values.env` is `env`, and the other way round.
    if !front.is_empty() && given.contains(&last) {
        return Some(last.to_owned());
    }
    if let Some(longer) = given.iter().find(|it| it.rsplit('.').next() == Some(last)) {
        return Some((*longer).to_owned());
    }
    if let Some(near) = nearest(name, given.iter().copied()) {
        return Some(near.to_owned());
    }
    let labels = entries.iter().any(|it| it.open.iter().any(|it| it == "metadata.labels"));
    let is_word =
        name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
    (labels && is_word).then(|| format!("metadata.labels.{name}"))
}

/// What a parameter may hold, of all entries.
pub(super) fn origin<T: Tree>(name: &str, entries: &[Parameters<T>]) -> Option<From> {
    let found = entries.iter().find_map(|it| it.find(name).map(|it| it.from));
    found.or_else(|| {
        let open = entries.iter().find(|it| it.open.iter().any(String::is_empty))?;
        (open.kind == "git files" || open.kind == "matrix").then_some(From::File)
    })
}
