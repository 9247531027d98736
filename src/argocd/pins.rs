//! Which versions Applications deploy, and where to.

use super::errors::app as errors;
use super::folder::same;
use super::generator::entries;
use super::parameters::From;
use super::set::uses_of;
use super::tree::Tree;
use super::view::{App, Set, Source, Whole};
use crate::charts::{Version, Versions};
use crate::diag::Diagnostic;
use crate::source::Span;

pub(super) fn judge<T: Tree>(whole: &Whole<'_, T>, out: &mut Vec<Diagnostic>) {
    let mut moving: Vec<Span> = Vec::new();
    for app in whole.all() {
        for source in &app.sources {
            version(app, source, whole, &mut moving, out);
            bitnami(source, out);
            placeholder(source, out);
        }
        options(app, out);
    }
    if let Some((first, others)) = moving.split_first() {
        out.push(errors::follows_branch(*first, others.len()));
    }
    for app in &whole.apps {
        destination(app, None, whole, out);
    }
    for set in &whole.sets {
        if let Some(app) = &set.app {
            destination(app, Some(set), whole, out);
        }
    }
    organisations(whole, out);
}

fn version<T: Tree>(
    app: &App<'_, T>,
    source: &Source<T>,
    whole: &Whole<'_, T>,
    moving: &mut Vec<Span>,
    out: &mut Vec<Diagnostic>,
) {
    let text = source.version();
    if text.contains("{{") {
        return;
    }
    let at = source.revision.clone();
    if let Some(chart) = &source.chart {
        // Argo CD asks for a version of a chart, and takes the newest that a range meets.
        let is_one = matches!(Versions::read(text), Versions::One(_)) || is_tagged(text);
        if !is_one {
            let at = at.unwrap_or_else(|| source.node.get("chart").unwrap_or(source.node.clone()));
            out.push(errors::not_pinned(chart, text, at.span()));
        }
        return;
    }
    let is_branch = matches!(text, "" | "HEAD" | "main" | "master" | "develop" | "trunk");
    if !is_branch || source.repository.contains("{{") || source.repository.is_empty() {
        return;
    }
    let span =
        at.unwrap_or_else(|| source.node.get("repoURL").unwrap_or(source.node.clone())).span();
    match &whole.folder.repository {
        // Of one's own repository a branch is how most people work; of another's it is whatever they do.
        Some(own) if *own == same(&source.repository) => moving.push(span),
        Some(own) if is_others(own, source) => {
            out.push(errors::others_branch(&app.shown, text, span));
        }
        _ => {}
    }
}

/// A release before a release, or with what was built: `1.2.3-rc.1` names one.
fn is_tagged(text: &str) -> bool {
    let front = text.split(['-', '+']).next().unwrap_or_default();
    front.len() < text.len() && Version::read(front).is_some()
}

/// Whether a repository belongs to another owner, as far as addresses say: a copy of one's own does not.
fn is_others<T: Tree>(own: &str, source: &Source<T>) -> bool {
    let other = same(&source.repository);
    let is_address = ["https://", "http://", "git@", "ssh://"];
    let is_copy = own.rsplit('/').next() == other.rsplit('/').next();
    is_address.iter().any(|it| source.repository.starts_with(it))
        && owner(own) != owner(&other)
        && !is_copy
}

fn owner(repository: &str) -> &str {
    repository.rsplit_once('/').map_or(repository, |it| it.0)
}

fn bitnami<T: Tree>(source: &Source<T>, out: &mut Vec<Diagnostic>) {
    let is_bitnami = source.repository.contains("charts.bitnami.com")
        || source.repository.contains("bitnamicharts");
    let Some(at) = source.node.get("repoURL") else { return };
    if is_bitnami {
        out.push(errors::bitnami(at.span()));
    } else if source.repository.contains("://bitnami.com/") {
        out.push(errors::no_chart_repository(at.span()));
    }
}

/// Words that templates of repositories have where a name belongs.
const PLACEHOLDERS: [&str; 7] =
    ["your-org", "your-username", "yourorg", "your-repo", "example-org", "<org>", "changeme"];

fn placeholder<T: Tree>(source: &Source<T>, out: &mut Vec<Diagnostic>) {
    let text = source.repository.to_lowercase();
    let word = PLACEHOLDERS.iter().find(|it| text.contains(*it));
    if let (Some(word), Some(at)) = (word, source.node.get("repoURL")) {
        out.push(errors::placeholder(word, at.span()));
    }
}

/// Two owners of one repository: one of them is not the one that has it.
fn organisations<T: Tree>(whole: &Whole<'_, T>, out: &mut Vec<Diagnostic>) {
    let Some(own) = &whole.folder.repository else { return };
    let name = own.rsplit('/').next().unwrap_or(own);
    let is_own = |it: &&Source<T>| same(&it.repository) == *own;
    let sources = || whole.all().flat_map(|it| &it.sources).filter(|it| it.is_plain());
    let Some(first) = sources().find(is_own).and_then(|it| it.node.get("repoURL")) else { return };
    for source in
        sources().filter(|it| it.repository.contains("://") || it.repository.starts_with("git@"))
    {
        let other = same(&source.repository);
        let has_path = source.path.as_deref().is_some_and(|it| whole.folder.has(it));
        if other != *own
            && other.rsplit('/').next() == Some(name)
            && has_path
            && let Some(at) = source.node.get("repoURL")
        {
            out.push(errors::two_owners(&other, own, at.span(), first.span()));
        }
    }
}

fn options<T: Tree>(app: &App<'_, T>, out: &mut Vec<Diagnostic>) {
    let makes_definitions = |it: &&Source<T>| {
        it.chart.as_deref() == Some("kube-prometheus-stack")
            && it.node.flag(&["helm", "skipCrds"]) != Some(true)
            && it.node.at(&["helm", "valuesObject", "crds"]).is_none()
            && it
                .node
                .at(&["helm", "values"])
                .and_then(|it| it.inside())
                .is_none_or(|it| it.flag(&["crds", "enabled"]) != Some(false))
    };
    let Some(source) = app.sources.iter().find(makes_definitions) else { return };
    let options = ["ServerSideApply=true", "Replace=true"];
    if !options.iter().any(|it| app.has_option(it)) {
        let chart = source.node.get("chart").unwrap_or_else(|| source.node.clone());
        out.push(errors::no_server_side_apply(chart.span()));
    }
}

/// Exactly one of `server` and `name`, and each what it is.
fn destination<T: Tree>(
    app: &App<'_, T>,
    set: Option<&Set<'_, T>>,
    whole: &Whole<'_, T>,
    out: &mut Vec<Diagnostic>,
) {
    // A template of Helm that happens to be YAML: its braces are maps.
    let fields = app.spec.get("destination").and_then(|it| it.fields()).unwrap_or_default();
    if fields.iter().any(|it| it.2.is_map()) {
        return;
    }
    let Some(destination) = app.spec.get("destination") else {
        out.push(errors::no_destination(&app.shown, app.named().span()));
        return;
    };
    let filled = |field: &str| {
        destination.get(field).filter(|it| it.text().is_some_and(|it| !it.is_empty()))
    };
    let (server, name) = (filled("server"), filled("name"));
    match (&server, &name) {
        (None, None) => {
            let at = app.spec.key("destination").unwrap_or(destination.clone());
            out.push(errors::no_destination(&app.shown, at.span()));
        }
        (Some(server), Some(name)) => {
            out.push(errors::two_destinations(name.span(), server.span()));
        }
        (Some(_), None) | (None, Some(_)) => {}
    }
    let is_address = |text: &str| text.contains("://");
    for (field, node) in [("server", server), ("name", name)] {
        let Some(node) = node else { continue };
        let text = node.text().unwrap_or_default();
        let wants_address = field == "server";
        if !text.contains("{{") {
            if is_address(text) != wants_address {
                out.push(errors::wrong_destination(field, text, node.span(), None));
            }
            continue;
        }
        let Some(set) = set else { continue };
        let entries = entries(set, whole, &mut Vec::new());
        for one in uses_of(&node, &[], set.is_go).iter().filter(|it| it.is_printed) {
            let at = node.part(one.at).0;
            // Where a text is nothing but the parameter, its values are the destinations.
            let is_all = text.trim().starts_with("{{")
                && text.matches("{{").count() == 1
                && text.trim().ends_with("}}");
            for given in entries.iter().filter_map(|it| it.find(&one.name)).filter(|_| is_all) {
                let cluster = given.from == From::Cluster;
                let is_name = matches!(one.name.as_str(), "name" | "nameNormalized");
                if cluster && (is_name && wants_address || one.name == "server" && !wants_address) {
                    out.push(errors::confused(field, &one.name, set.is_go, at));
                }
                for (_, value) in &given.values {
                    let Some(own) = value.text().filter(|it| !it.contains("{{")) else { continue };
                    if is_address(own) != wants_address {
                        let diagnostic =
                            errors::wrong_destination(field, own, value.span(), Some(at));
                        out.push(diagnostic);
                    }
                }
            }
        }
    }
}
