//! Whether two applications can have one name.

use rustc_hash::FxHashMap;

use super::super::errors::apps as errors;
use super::super::{Facts, Place, Refutation};
use super::known;
use super::names::{named, written};
use super::parameters::is_faulty;
use crate::model::{
    Apps, Argument, Generator, LaterPart, LaterText, LaterTree, Model, Of, Reading, ReadingStep,
    Resource,
};
use crate::source::Sym;

/// Whether the names of a set tell its applications apart, and the namespaces that are bounded.
pub(in crate::prove) fn unique(facts: &Facts<'_>, found: &mut Vec<Refutation>) {
    let mut seen = Vec::new();
    for resource in &facts.model.apps {
        if seen.contains(&resource.id) {
            continue;
        }
        seen.push(resource.id);
        let apps = &resource.value;
        if is_faulty(facts.model, resource) {
            continue;
        }
        if let Some(error) = ambiguous(facts.model, resource, &apps.name, "name") {
            found.push(error);
        } else if apps.guard.is_some()
            && let Some(error) = ambiguous(facts.model, resource, &apps.namespace, "namespace")
        {
            found.push(error);
        }
    }
}

/// The first thing that a text does not tell apart.
fn ambiguous(
    model: &Model<'_>,
    resource: &Resource<'_, Apps<'_>>,
    text: &LaterText<'_>,
    what: &'static str,
) -> Option<Refutation> {
    let apps = &resource.value;
    let place = Place::new(resource.id, text.origin);
    let reads = reads(text);
    // A template of Argo CD's own may read anything.
    if text.parts.iter().any(|part| matches!(part, LaterPart::Source(text) if text.contains("{{")))
    {
        return None;
    }
    // What is laid over the first generator makes no application.
    let making = if apps.is_merge() { 1 } else { apps.from.len() };
    for (name, from) in apps.from.iter().take(making) {
        let own: Vec<&[ReadingStep]> = reads
            .iter()
            .filter(|(generator, _)| generator == name || apps.union.value || apps.is_merge())
            .map(|(_, steps)| *steps)
            .collect();
        match from {
            Generator::Elements(_) | Generator::ClusterChoice(_) => {
                let count = model.count(from).unwrap_or(0);
                let key = |index: usize| -> Vec<Option<String>> {
                    own.iter().map(|steps| model.value_of(from, steps, index)).collect()
                };
                let mut known: FxHashMap<Vec<Option<String>>, usize> = FxHashMap::default();
                for index in 0..count {
                    if let Some(first) = known.insert(key(index), index) {
                        let (name, is_read) = (*name, !own.is_empty());
                        return Some(Refutation::at([place], move |[at]| {
                            errors::same_elements(what, name, (first, index), is_read, at)
                        }));
                    }
                }
            }
            Generator::GitDirectories(git) => {
                if let Some(error) = folders(resource, (*name, &git.paths, 0), &own, what, place) {
                    return Some(error);
                }
            }
            Generator::GitFiles(git) => {
                let by_content = own.iter().any(|steps| !is_path(steps));
                let by_file = own.iter().any(|steps| {
                    matches!(steps, [_, ReadingStep::Name(name)] if name.as_str().starts_with("filename"))
                });
                if by_content || by_file {
                    continue;
                }
                if let Some(error) = folders(resource, (*name, &git.paths, 1), &own, what, place) {
                    return Some(error);
                }
            }
            Generator::GitHubPullRequests(_) | Generator::GitLabMergeRequests(_) => {
                let tells = |steps: &&[ReadingStep]| -> bool {
                    matches!(steps, [ReadingStep::Name(name)]
                        if matches!(name.as_str(), "number" | "head-sha" | "head-short-sha" | "head-short-sha-7"))
                };
                if !own.iter().any(tells) {
                    return Some(untold(place, what, *name, "number", !own.is_empty()));
                }
            }
            Generator::GitHubRepositories(found) => {
                let branches = found.all_branches.value;
                if let Some(error) = repositories(&own, branches, place, what, *name) {
                    return Some(error);
                }
            }
            Generator::GitLabProjects(found) => {
                let branches = found.all_branches.value;
                if let Some(error) = repositories(&own, branches, place, what, *name) {
                    return Some(error);
                }
            }
            Generator::Plugin(plugin) => {
                if own.is_empty() {
                    let first = plugin.shape.fields.first();
                    let field = first.map_or_else(String::new, |field| field.name.to_string());
                    return Some(untold(place, what, *name, &field, false));
                }
            }
        }
    }
    None
}

fn untold(
    place: Place,
    what: &'static str,
    generator: Sym,
    field: &str,
    is_read: bool,
) -> Refutation {
    let missing = format!("{generator}.{field}");
    Refutation::at([place], move |[at]| errors::same_name(what, generator, &missing, is_read, at))
}

fn repositories(
    own: &[&[ReadingStep]],
    branches: bool,
    place: Place,
    what: &'static str,
    name: Sym,
) -> Option<Refutation> {
    let reads = |all: &[&str]| {
        own.iter()
            .any(|steps| matches!(steps, [ReadingStep::Name(name)] if all.contains(&name.as_str())))
    };
    if !reads(&["repository", "repository-id", "url"]) {
        return Some(untold(place, what, name, "repository", !own.is_empty()));
    }
    if branches && !reads(&["branch", "branch-normalized", "sha", "short-sha", "short-sha-7"]) {
        return Some(untold(place, what, name, "branch-normalized", true));
    }
    None
}

fn is_path(steps: &[ReadingStep]) -> bool {
    matches!(steps.first(), Some(ReadingStep::Name(name)) if name.as_str() == "path")
}

/// Two folders that the patterns find, and the name does not tell apart. `less` is how many parts at the end are no folder.
fn folders(
    resource: &Resource<'_, Apps<'_>>,
    (name, paths, less): (Sym, &[Of<&str>], usize),
    own: &[&[ReadingStep]],
    what: &'static str,
    place: Place,
) -> Option<Refutation> {
    let patterns: Vec<Vec<&str>> = paths
        .iter()
        .map(|path| {
            let parts: Vec<&str> = path.value.split('/').filter(|part| !part.is_empty()).collect();
            let count = parts.len().saturating_sub(less);
            parts.into_iter().take(count).collect()
        })
        .collect();
    let whole = own.iter().any(|steps| is_path(steps) && steps.len() == 1);
    let is_open = |part: &&str| part.contains("**") || part.contains('{');
    if whole || patterns.iter().flatten().any(is_open) {
        return None;
    }
    // Which parts of a folder the name holds: the same place from the start, and the last.
    let by_index: Vec<usize> = own
        .iter()
        .filter_map(|steps| match steps {
            [_, _, ReadingStep::Item(number)] => usize::try_from(*number).ok(),
            _ => None,
        })
        .collect();
    let by_last = own.iter().any(|steps| {
        matches!(steps, [_, ReadingStep::Name(name)] if name.as_str().starts_with("basename"))
    });
    let sees = |folder: &[String]| -> Vec<Option<String>> {
        let mut seen: Vec<Option<String>> =
            by_index.iter().map(|index| folder.get(*index).cloned()).collect();
        if by_last {
            seen.push(folder.last().cloned());
        }
        seen
    };
    // A file may be one of several in its folder.
    let files: Vec<&str> = match less {
        0 => Vec::new(),
        _ => paths.iter().filter_map(|path| path.value.rsplit('/').next()).collect(),
    };
    if files.iter().any(|file| file.contains('*')) {
        let missing = format!("{name}.path.filename");
        return Some(Refutation::at([place], move |[at]| {
            errors::same_name(what, name, &missing, true, at)
        }));
    }
    let fill = |pattern: &[&str], at: usize, with: &str| -> Vec<String> {
        let parts = pattern.iter().enumerate();
        parts
            .map(|(index, part)| match (part.contains('*'), index == at) {
                (true, true) => part.replace('*', with),
                (true, false) => part.replace('*', "a"),
                (false, _) => (*part).to_owned(),
            })
            .collect()
    };
    let mut witness = None;
    for (index, pattern) in patterns.iter().enumerate() {
        // Two folders of one pattern that differ in one part only.
        for (part, text) in pattern.iter().enumerate() {
            if text.contains('*') {
                let pair = (fill(pattern, part, "a"), fill(pattern, part, "b"));
                if sees(&pair.0) == sees(&pair.1) {
                    witness = witness.or(Some((pair, index, index)));
                }
            }
        }
        // Two of two patterns, filled alike.
        for (other_index, other) in patterns.iter().enumerate().skip(index + 1) {
            let pair = (fill(pattern, usize::MAX, ""), fill(other, usize::MAX, ""));
            if pair.0 != pair.1 && sees(&pair.0) == sees(&pair.1) {
                witness = witness.or(Some((pair, index, other_index)));
            }
        }
    }
    let ((first, second), one, two) = witness?;
    let differs = first.iter().zip(&second).position(|(a, b)| a != b);
    let missing = match differs {
        Some(part) if part + 1 == first.len() && first.len() == second.len() => {
            format!("{name}.path.basename")
        }
        Some(part) => format!("{name}.path.segments[{part}]"),
        None => format!("{name}.path"),
    };
    let (first, second) = (first.join("/"), second.join("/"));
    let origin = |index: usize| paths.get(index).map_or(named(&resource.value), |it| it.origin);
    let places =
        [place, Place::new(resource.id, origin(one)), Place::new(resource.id, origin(two))];
    Some(Refutation::at(places, move |[at, lost, _]| {
        errors::same_folders(what, (&first, &second), &missing, at, lost)
    }))
}

/// Every parameter that a text reads.
fn reads<'m>(text: &'m LaterText<'_>) -> Vec<(Sym, &'m [ReadingStep])> {
    let mut out = Vec::new();
    for reading in text.readings() {
        collect(reading, &mut out);
    }
    out
}

fn collect<'m>(reading: &'m Reading<'_>, out: &mut Vec<(Sym, &'m [ReadingStep])>) {
    match reading {
        Reading::Parameter { generator, steps } => out.push((*generator, steps)),
        Reading::Call(_, args) => {
            for argument in args {
                if let Argument::Text(text) = argument {
                    out.extend(reads(text));
                }
            }
        }
        Reading::Otherwise(first, other) => {
            collect(first, out);
            match other.as_ref() {
                LaterTree::Read(other, _) => collect(other, out),
                LaterTree::Text(text) => out.extend(reads(text)),
                _ => {}
            }
        }
    }
}

/// A later value, whatever its generators are called.
fn without_names(reading: &Reading<'_>) -> String {
    match reading {
        Reading::Parameter { steps, .. } => written("", steps),
        Reading::Call(function, args) => {
            let args: Vec<String> = args
                .iter()
                .map(|argument| match argument {
                    Argument::Number(number) => number.to_string(),
                    Argument::Text(text) => {
                        let parts = text.parts.iter().map(|part| match part {
                            LaterPart::Source(text) | LaterPart::Text(text) => format!("={text}"),
                            LaterPart::Read(reading) => without_names(reading),
                        });
                        parts.collect()
                    }
                })
                .collect();
            format!("{function:?}({})", args.join(","))
        }
        Reading::Otherwise(first, other) => {
            format!("{}??{other:?}", without_names(first))
        }
    }
}

/// Whether two sets can make applications of one name.
pub(in crate::prove) fn across(facts: &Facts<'_>, found: &mut Vec<Refutation>) {
    let model = facts.model;
    // What the program says itself, with who says it.
    let mut known: FxHashMap<String, (Place, String)> = FxHashMap::default();
    for monitoring in &model.monitorings {
        for target in &monitoring.targets {
            let name = format!("{}-{}", target.name, monitoring.name.value);
            let address = monitoring.address().to_string();
            known.entry(name).or_insert((Place::name(monitoring.id), address));
        }
    }
    for addon in &model.addons {
        for target in &addon.targets {
            let name = format!("{}-{}", target.name, addon.name.value);
            let address = addon.address().to_string();
            known.entry(name).or_insert((Place::name(addon.id), address));
        }
    }
    let mut told: Vec<(crate::model::ResourceId, String)> = Vec::new();
    for resource in &model.apps {
        let apps = &resource.value;
        let place = Place::new(resource.id, apps.name.origin);
        let address = resource.address().to_string();
        let prefixes: Vec<String> = match apps.is_one_set() {
            true => vec![String::new()],
            false => resource.targets.iter().map(|it| format!("{}-", it.name)).collect(),
        };
        for pick in known::picks(model, apps) {
            let Some(own) = known::text(model, apps, &apps.name, &pick) else { continue };
            for prefix in &prefixes {
                let name = format!("{prefix}{own}");
                let (other, theirs) =
                    known.entry(name.clone()).or_insert_with(|| (place, address.clone())).clone();
                if other.resource == resource.id || told.contains(&(resource.id, theirs.clone())) {
                    continue;
                }
                told.push((resource.id, theirs.clone()));
                found.push(Refutation::at([place, other], move |[at, first]| {
                    errors::taken_name(&name, &theirs, at, first)
                }));
            }
        }
    }
    same_sources(model, found);
}

/// Two sets that read the same folders, and call what they find the same.
fn same_sources(model: &Model<'_>, found: &mut Vec<Refutation>) {
    let sources = |apps: &Apps<'_>| -> Vec<(crate::model::ResourceId, String)> {
        let mut out = Vec::new();
        for (_, from) in &apps.from {
            let (repository, paths) = match from {
                Generator::GitDirectories(git) => (git.repository, &git.paths),
                Generator::GitFiles(git) => (git.repository, &git.paths),
                _ => continue,
            };
            out.extend(paths.iter().map(|path| (repository.value.id, path.value.to_owned())));
        }
        out
    };
    let shape = |apps: &Apps<'_>| -> Vec<String> {
        let parts = apps.name.parts.iter().map(|part| match part {
            LaterPart::Source(text) | LaterPart::Text(text) => {
                format!("={text}")
            }
            LaterPart::Read(reading) => without_names(reading),
        });
        parts.collect()
    };
    for (index, second) in model.apps.iter().enumerate() {
        for first in model.apps.iter().take(index) {
            if first.id == second.id || first.value.from.len() != second.value.from.len() {
                continue;
            }
            let meet = first.targets.iter().find(|it| second.targets.contains(it));
            let is_one = (first.value.is_one_set(), second.value.is_one_set());
            let meets = match is_one {
                (true, true) => true,
                (false, false) => meet.is_some(),
                _ => false,
            };
            let theirs = sources(&first.value);
            let both = sources(&second.value).into_iter().find(|it| theirs.contains(it));
            let Some((_, path)) = both.filter(|_| meets) else { continue };
            if shape(&first.value) != shape(&second.value) {
                continue;
            }
            let places = [
                Place::new(second.id, second.value.name.origin),
                Place::new(first.id, first.value.name.origin),
            ];
            let address = first.address().to_string();
            found.push(Refutation::at(places, move |[at, other]| {
                errors::same_paths(&path, &address, at, other)
            }));
        }
    }
}
