//! Whether the parameters that texts read are given.

use super::super::errors::apps as errors;
use super::super::{Facts, Place, Refutation};
use super::names::written;
use crate::eval::Origin;
use crate::model::{
    Apps, Destination, Generator, LaterPart, LaterText, LaterTree, Model, Of, Reading, ReadingStep,
    Resource,
};
use crate::source::Sym;

/// Every later value of a set, with what wrote it.
fn each<'m, 'a>(apps: &'m Apps<'a>, look: &mut dyn FnMut(&'m Reading<'a>, Origin)) {
    let mut text = |text: &'m LaterText<'a>| {
        text.readings().for_each(|reading| look(reading, text.origin));
    };
    text(&apps.name);
    text(&apps.namespace);
    let source = &apps.source;
    source.path.iter().for_each(&mut text);
    source.revision.iter().for_each(&mut text);
    if let Some(chart) = &source.chart {
        text(&chart.name);
        text(&chart.version);
    }
    if let Some(kustomize) = &source.kustomize {
        kustomize.images.iter().for_each(&mut text);
        kustomize.name_suffix.iter().for_each(&mut text);
        kustomize.labels.iter().for_each(|(_, it)| text(it));
    }
    if let Some(helm) = &source.helm {
        helm.value_files.iter().for_each(&mut text);
        helm.release.iter().for_each(&mut text);
    }
    apps.labels.iter().chain(&apps.annotations).for_each(|(_, it)| text(it));
    if let Some(helm) = &source.helm {
        tree(&helm.values, look);
    }
    if let Some(Destination::Later(reading, origin)) = &apps.destination {
        look(reading, *origin);
    }
}

fn tree<'m, 'a>(values: &'m LaterTree<'a>, look: &mut dyn FnMut(&'m Reading<'a>, Origin)) {
    match values {
        LaterTree::Text(text) => text.readings().for_each(|reading| look(reading, text.origin)),
        LaterTree::Read(reading, origin) => look(reading, *origin),
        LaterTree::List(items) => items.iter().for_each(|item| tree(item, look)),
        LaterTree::Map(entries) => entries.iter().for_each(|(_, item)| tree(item, look)),
        LaterTree::Bool(_) | LaterTree::Int(_) | LaterTree::Float(..) => {}
    }
}

/// Whether every parameter is given, by the final values of generators.
pub(in crate::prove) fn parameters(facts: &Facts<'_>, found: &mut Vec<Refutation>) {
    let mut seen = Vec::new();
    for resource in &facts.model.apps {
        if seen.contains(&resource.id) {
            continue;
        }
        seen.push(resource.id);
        let apps = &resource.value;
        let mut told: Vec<String> = Vec::new();
        each(apps, &mut |reading, origin| {
            reading.parameters(&mut |generator, steps, has_other| {
                let name = written(generator.as_str(), steps);
                if told.contains(&name) {
                    return;
                }
                let read = (generator, steps, has_other);
                if let Some(error) = judge(facts.model, resource, read, &name, origin) {
                    told.push(name);
                    found.push(error);
                }
            });
        });
        empty(facts.model, resource, found);
        clash(facts.model, resource, found);
        mixed(facts.model, resource, found);
    }
}

/// Whether a text reads what is not given: nothing more is said of a name then.
pub(super) fn is_faulty(model: &Model<'_>, resource: &Resource<'_, Apps<'_>>) -> bool {
    let apps = &resource.value;
    let mut is_faulty = false;
    for text in [&apps.name, &apps.namespace] {
        for reading in text.readings() {
            reading.parameters(&mut |generator, steps, has_other| {
                let read = (generator, steps, has_other);
                is_faulty |= judge(model, resource, read, "", text.origin).is_some();
            });
        }
    }
    is_faulty
}

fn judge(
    model: &Model<'_>,
    resource: &Resource<'_, Apps<'_>>,
    (generator, steps, has_other): (Sym, &[ReadingStep], bool),
    name: &str,
    origin: Origin,
) -> Option<Refutation> {
    let apps = &resource.value;
    let (_, from) = apps.from.iter().find(|(known, _)| *known == generator)?;
    let place = Place::new(resource.id, origin);
    let name = name.to_owned();
    if let Some(number) = steps.iter().find_map(|step| match step {
        ReadingStep::Item(number) => Some(*number),
        ReadingStep::Name(_) => None,
    }) && let Some((path, parts)) = fewest(from)
        && steps.first() == Some(&ReadingStep::Name(Sym::new("path")))
    {
        let count = i64::try_from(parts).unwrap_or(i64::MAX);
        if (0..count).contains(&number) {
            return None;
        }
        let pattern = path.value.to_owned();
        let places = [place, Place::new(resource.id, path.origin)];
        return Some(Refutation::at(places, move |[at, lost]| {
            errors::no_segment(&name, &pattern, parts, at, lost)
        }));
    }
    match model.parameter(apps, generator, steps) {
        None if matches!(from, Generator::Elements(_) | Generator::Plugin(_)) => {
            Some(Refutation::at([place], move |[at]| errors::not_given(&name, at)))
        }
        Some(parameter) if parameter.optional && !has_other => {
            Some(Refutation::at([place], move |[at]| errors::may_lack(&name, at)))
        }
        _ => None,
    }
}

/// The path of a generator with the fewest parts, and how many those of what it finds have; none where that is open.
fn fewest<'m, 'a>(from: &'m Generator<'a>) -> Option<(&'m Of<&'a str>, usize)> {
    let (paths, less) = match from {
        Generator::GitDirectories(git) => (&git.paths, 0),
        Generator::GitFiles(git) => (&git.paths, 1),
        _ => return None,
    };
    if paths.iter().any(|path| path.value.contains("**") || path.value.contains('{')) {
        return None;
    }
    let parts = |path: &Of<&str>| path.value.split('/').filter(|part| !part.is_empty()).count();
    let shortest = paths.iter().min_by_key(|path| parts(path))?;
    Some((shortest, parts(shortest).saturating_sub(less)))
}

/// A generator that finds nothing makes nothing, and in a matrix neither does the other.
fn empty(model: &Model<'_>, resource: &Resource<'_, Apps<'_>>, found: &mut Vec<Refutation>) {
    for (name, from) in &resource.value.from {
        let Generator::ClusterChoice(choice) = from else { continue };
        if !model.chosen(choice).is_empty() {
            continue;
        }
        let origin = choice.environment.map(|it| it.origin);
        let origin = origin.or_else(|| choice.labels.first().map(|it| it.1.origin));
        let environment = choice.environment.map(|it| it.value.name);
        let place = Place::new(resource.id, origin.unwrap_or(Origin::NONE));
        let (name, is_matrix) = (*name, resource.value.is_matrix());
        found.push(Refutation::at([place], move |[at]| {
            errors::nothing(name, environment, is_matrix, at)
        }));
    }
}

/// Two generators of a matrix that give one name, which neither can put below its own.
fn clash(model: &Model<'_>, resource: &Resource<'_, Apps<'_>>, found: &mut Vec<Refutation>) {
    let _ = model;
    let apps = &resource.value;
    let [(a, first), (b, second)] = apps.from.as_slice() else { return };
    if !apps.is_matrix() {
        return;
    }
    let tops = |name: &Sym, from: &Generator<'_>| {
        let given = given(from);
        from.form().tops(name.as_str(), true, given.iter().map(String::as_str))
    };
    let mine = tops(a, first);
    let theirs = tops(b, second);
    if let Some(both) = mine.into_iter().find(|key| theirs.contains(key)) {
        let (a, b) = (*a, *b);
        found.push(Refutation::at([Place::name(resource.id)], move |[at]| {
            errors::clash(a, b, &both, at)
        }));
    }
}

/// The parameters of a generator, by name.
fn given(from: &Generator<'_>) -> Vec<String> {
    let fields = |shape: &crate::model::FileShape| -> Vec<String> {
        shape.fields.iter().map(|field| field.name.to_string()).collect()
    };
    let listed = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    match from {
        Generator::GitDirectories(_) => listed(&["path"]),
        Generator::GitFiles(files) => {
            let mut all = fields(&files.shape);
            all.push("path".to_owned());
            all
        }
        Generator::Plugin(plugin) => fields(&plugin.shape),
        // All of them stand below the generator's name.
        Generator::Elements(_) | Generator::ClusterChoice(_) => listed(&["name"]),
        Generator::GitHubPullRequests(_) | Generator::GitLabMergeRequests(_) => listed(&[
            "number",
            "title",
            "branch",
            "branch-slug",
            "target-branch",
            "target-branch-slug",
            "head-sha",
            "head-short-sha",
            "head-short-sha-7",
            "author",
            "labels",
        ]),
        Generator::GitHubRepositories(_) | Generator::GitLabProjects(_) => listed(&[
            "organization",
            "repository",
            "repository-id",
            "url",
            "branch",
            "branch-normalized",
            "sha",
            "short-sha",
            "short-sha-7",
            "labels",
        ]),
    }
}

/// A template of Argo CD's own among values that keep their types: it would be read as text of YAML.
fn mixed(model: &Model<'_>, resource: &Resource<'_, Apps<'_>>, found: &mut Vec<Refutation>) {
    let apps = &resource.value;
    let Some(helm) = &apps.source.helm else { return };
    let mut typed = None;
    tree(&helm.values, &mut |reading, origin| {
        if typed.is_none() && !model.is_text(apps, reading) {
            typed = Some(origin);
        }
    });
    let Some(typed) = typed else { return };
    if let Some(template) = template_in(&helm.values) {
        let places = [Place::new(resource.id, template), Place::new(resource.id, typed)];
        found.push(Refutation::at(places, move |[at, typed]| errors::mixed(at, typed)));
    }
}

fn template_in(values: &LaterTree<'_>) -> Option<Origin> {
    match values {
        LaterTree::Text(text) => {
            let is_template = |part: &LaterPart<'_>| matches!(part, LaterPart::Source(text) if text.contains("{{"));
            text.parts.iter().any(is_template).then_some(text.origin)
        }
        LaterTree::List(items) => items.iter().find_map(template_in),
        LaterTree::Map(entries) => entries.iter().find_map(|(_, item)| template_in(item)),
        LaterTree::Bool(_) | LaterTree::Int(_) | LaterTree::Float(..) | LaterTree::Read(..) => None,
    }
}
