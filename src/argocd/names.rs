//! What an ApplicationSet makes of its parameters: names, values, and whom it lets deploy and remove.

use super::clash;
use super::errors::names as errors;
use super::facts;
use super::generator::entries;
use super::parameters::{From, Parameters};
use super::set::{Use, origin, uses};
use super::tree::Tree;
use super::view::{Set, Whole};
use crate::diag::Diagnostic;
use crate::embedded::check_subdomain;

pub(super) fn judge<T: Tree>(set: &Set<'_, T>, whole: &Whole<'_, T>, out: &mut Vec<Diagnostic>) {
    // What is wrong with the generators was said where their parameters are read.
    let entries = entries(set, whole, &mut Vec::new());
    let uses = uses(set);
    clash::judge(set, whole, &entries, &uses, out);
    raw(set, &entries, &uses, out);
    written(&entries, &uses, out);
    values(set, &entries, &uses, out);
    pull_requests(set, out);
    promotion(set, &entries, &uses, out);
    removal(set, &entries, out);
}

/// Where a parameter becomes a name: what for.
fn named(path: &[String]) -> Option<&'static str> {
    let path: Vec<&str> = path.iter().map(String::as_str).collect();
    match path.as_slice() {
        ["metadata", "name"] => Some("the name of the Application"),
        ["spec", "destination", "namespace"] => Some("the name of a namespace"),
        _ => None,
    }
}

/// Branches, titles and paths where a name is wanted.
fn raw<T: Tree>(
    set: &Set<'_, T>,
    entries: &[Parameters<T>],
    uses: &[Use<T>],
    out: &mut Vec<Diagnostic>,
) {
    let mut told: Vec<&str> = Vec::new();
    for one in uses.iter().filter(|it| it.is_printed) {
        let Some(what) = named(&one.path).filter(|_| !told.contains(&one.name.as_str())) else {
            continue;
        };
        let (at, is_exact) = one.node.part(one.at);
        let instead = match (origin(&one.name, entries), one.name.as_str()) {
            (Some(From::PullRequest), "branch") => Some("branch_slug"),
            (Some(From::PullRequest), "target_branch") => Some("target_branch_slug"),
            (Some(From::PullRequest), "title" | "author") => Some("number"),
            (Some(From::Repository), "branch") => Some("branchNormalized"),
            (Some(From::Repository), "url") => Some("repository"),
            _ => None,
        };
        if let Some(instead) = instead {
            told.push(&one.name);
            let same = uses.iter().filter(|it| it.name == one.name && it.is_printed);
            let others: Vec<_> = same
                .filter(|it| named(&it.path).is_some())
                .map(|it| it.node.part(it.at).0)
                .filter(|it| *it != at)
                .collect();
            let text = if set.is_go { format!(".{instead}") } else { instead.to_owned() };
            out.push(errors::raw(&one.name, what, &text, at, &others, is_exact));
            continue;
        }
        let is_path = one.name == "path" && !set.is_go || one.name == "path.path" && set.is_go;
        if is_path && origin(&one.name, entries) == Some(From::Path) && has_slash(set) {
            told.push(&one.name);
            let text = if set.is_go { ".path.basename" } else { "path.basename" };
            out.push(errors::path_as_name(&one.name, what, text, at, is_exact));
        }
    }
}

/// Whether a folder that a generator finds has a folder around it.
fn has_slash<T: Tree>(set: &Set<'_, T>) -> bool {
    let mut found = false;
    if let Some(generators) = set.spec.get("generators") {
        generators.each(&mut |path, node| {
            let of_folder = path.iter().any(|it| it == "directories" || it == "files");
            found |= of_folder
                && path.last().is_some_and(|it| it == "path")
                && node.text().is_some_and(|it| it.contains('/'));
        });
    }
    found
}

/// Elements of a list whose values make no name.
fn written<T: Tree>(entries: &[Parameters<T>], uses: &[Use<T>], out: &mut Vec<Diagnostic>) {
    for one in uses.iter().filter(|it| it.is_printed) {
        let Some(what) = named(&one.path) else { continue };
        for given in entries.iter().filter_map(|it| it.find(&one.name)) {
            for (_, value) in given.values.iter().filter(|_| given.from == From::Element) {
                let Some(text) = value.text().filter(|it| !it.contains("{{")) else { continue };
                // It is a part of the name: what stands around it is not looked at.
                if check_subdomain(&format!("a{text}a")).is_err() {
                    let at = value.span();
                    out.push(errors::no_name(text, what, at, one.node.part(one.at).0));
                }
            }
        }
    }
}

/// What others write, in a text that is read as YAML.
fn values<T: Tree>(
    set: &Set<'_, T>,
    entries: &[Parameters<T>],
    uses: &[Use<T>],
    out: &mut Vec<Diagnostic>,
) {
    let mut told: Vec<&str> = Vec::new();
    for one in uses.iter().filter(|it| it.is_printed) {
        let is_text = one.path.last().is_some_and(|it| it == "values")
            && one.path.iter().any(|it| it == "helm")
            || one.path.last().is_some_and(|it| it == "templatePatch");
        if !is_text || told.contains(&one.name.as_str()) || is_quoted(one) {
            continue;
        }
        let free = match origin(&one.name, entries) {
            Some(From::PullRequest)
                if matches!(one.name.as_str(), "title" | "branch" | "author") =>
            {
                "whoever opens a pull request"
            }
            Some(From::Repository) if matches!(one.name.as_str(), "labels" | "branch") => {
                "whoever has a repository there"
            }
            Some(From::File | From::Element) if super::secrets::is_secret(&one.name) => {
                "who sets the password"
            }
            _ => continue,
        };
        told.push(&one.name);
        let at = one.node.part(one.at).0;
        out.push(errors::injection(&one.name, free, set.is_go, at));
    }
}

/// Whether a place in a text of YAML stands between quotes, or goes through a function that makes them.
fn is_quoted<T: Tree>(one: &Use<T>) -> bool {
    let text = one.node.text().unwrap_or_default();
    let start = usize::try_from(one.at.start).unwrap_or(usize::MAX);
    let before = text.get(..start).unwrap_or_default();
    let line = before.rsplit('\n').next().unwrap_or_default();
    line.matches('"').count() % 2 == 1 || line.matches('\'').count() % 2 == 1
}

/// Pull requests of anybody.
fn pull_requests<T: Tree>(set: &Set<'_, T>, out: &mut Vec<Diagnostic>) {
    let mut waiting = set.spec.list("generators");
    while let Some(entry) = waiting.pop() {
        for kind in ["matrix", "merge"] {
            waiting.extend(entry.get(kind).map(|it| it.list("generators")).unwrap_or_default());
        }
        let Some(own) = entry.get("pullRequest") else { continue };
        let providers = ["github", "gitlab", "gitea", "azuredevops"];
        let has_labels =
            providers.iter().any(|it| own.get(it).is_some_and(|it| !it.list("labels").is_empty()));
        if !has_labels && own.list("filters").is_empty() {
            let at = entry.key("pullRequest").unwrap_or_else(|| entry.clone());
            out.push(errors::any_pull_request(at.span()));
        }
    }
}

/// What is removed with what a generator no longer gives.
fn removal<T: Tree>(set: &Set<'_, T>, entries: &[Parameters<T>], out: &mut Vec<Diagnostic>) {
    let policy = set.spec.get("syncPolicy");
    let is_kept = policy.is_some_and(|it| {
        it.flag(&["preserveResourcesOnDeletion"]) == Some(true)
            || matches!(
                it.word("applicationsSync").as_deref(),
                Some("create-only" | "create-update")
            )
    });
    let Some(app) = &set.app else { return };
    if is_kept {
        return;
    }
    let mut charts: Vec<T> = Vec::new();
    for source in app.sources.iter().filter_map(|it| it.node.get("chart")) {
        let text = source.text().unwrap_or_default();
        if !text.contains("{{") {
            charts.push(source);
            continue;
        }
        let names = super::set::uses_of(&source, &[], set.is_go);
        for given in names.iter().flat_map(|it| entries.iter().filter_map(|by| by.find(&it.name))) {
            charts.extend(given.values.iter().map(|it| it.1.clone()));
        }
    }
    let chart = charts.into_iter().find(|it| it.text().is_some_and(facts::holds_data));
    let Some(chart) = chart else { return };
    let named = set.root.at(&["metadata", "name"]).unwrap_or_else(|| set.root.clone());
    let name = chart.text().unwrap_or_default();
    out.push(errors::removes_data(&set.name, name, named.span(), chart.span()));
}

/// Words by which people call environments, from the first to the last.
const ENVIRONMENTS: [&str; 9] =
    ["dev", "development", "test", "qa", "staging", "stage", "preprod", "prod", "production"];

/// Environments that all get the same at the same time.
fn promotion<T: Tree>(
    set: &Set<'_, T>,
    entries: &[Parameters<T>],
    uses: &[Use<T>],
    out: &mut Vec<Diagnostic>,
) {
    let is_environment = |it: &T| it.text().is_some_and(|it| ENVIRONMENTS.contains(&it));
    let named = entries.iter().flat_map(|it| &it.given).find(|it| {
        it.from == From::Element && it.values.iter().filter(|it| is_environment(&it.1)).count() > 1
    });
    let (Some(named), Some(app)) = (named, &set.app) else { return };
    let last = |it: &Use<T>| it.path.last().map(String::as_str).unwrap_or_default().to_owned();
    let tells = uses.iter().any(|it| {
        matches!(last(it).as_str(), "path" | "targetRevision" | "valueFiles" | "tag" | "chart")
            || it.path.iter().any(|it| matches!(it.as_str(), "helm" | "kustomize"))
                && (it.name.contains("tag") || it.name.contains("version"))
    });
    let from_git = app.sources.iter().find(|it| it.chart.is_none() && it.path.is_some());
    let Some(source) = from_git.filter(|_| !tells) else { return };
    let at = source.revision.clone().or_else(|| source.node.get("path"));
    let Some(at) = at else { return };
    let values: Vec<String> =
        named.values.iter().filter_map(|it| it.1.text().map(str::to_owned)).collect();
    let because = named.values.first().map_or_else(|| at.clone(), |it| it.1.clone());
    out.push(errors::no_promotion(&values, at.span(), because.span()));
}
