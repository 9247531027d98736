//! What Applications read of the folder, and what they do not.

use super::errors::folder as errors;
use super::tree::{File, Tree};
use super::view::{App, Source, Whole, plain};
use crate::diag::{Diagnostic, nearest};

pub(super) fn judge<T: Tree>(whole: &Whole<'_, T>, out: &mut Vec<Diagnostic>) {
    for app in whole.all() {
        for source in &app.sources {
            path(app, source, whole, out);
        }
    }
    resources(whole, out);
    beside(whole, out);
}

/// A file that Argo CD takes for a manifest, as far as its name goes.
fn is_manifest(name: &str) -> bool {
    [".yaml", ".yml", ".json"].iter().any(|it| name.ends_with(it))
}

/// Names of files by which a folder is more than plain manifests.
fn is_tool(name: &str) -> bool {
    let base = name.rsplit('/').next().unwrap_or(name);
    matches!(base, "Chart.yaml" | "Kustomization" | "kustomization.yaml" | "kustomization.yml")
        || base.ends_with(".jsonnet")
}

fn path<T: Tree>(
    app: &App<'_, T>,
    source: &Source<T>,
    whole: &Whole<'_, T>,
    out: &mut Vec<Diagnostic>,
) {
    let folder = &whole.folder;
    let (Some(path), Some(at)) = (source.path.as_deref(), source.node.get("path")) else { return };
    let is_known = source.is_plain() && source.chart.is_none() && folder.is_own(&source.repository);
    // A branch or tag may be another tree than this one.
    let is_here = matches!(source.version(), "" | "HEAD" | "main" | "master");
    if !is_known || !is_here || source.node.get("plugin").is_some() {
        return;
    }
    if !folder.has(path) {
        let is_file = folder.names().any(|it| it.1 == path);
        let parent = path.rsplit_once('/').map_or("", |it| it.0);
        if is_file {
            out.push(errors::path_is_file(path, at.span()));
        } else if folder.covers(path) && folder.has(parent) && !parent.is_empty() {
            let near = nearest(path, folder.folders());
            out.push(errors::no_such_path(&app.shown, path, near, at.span()));
        }
        return;
    }
    let directory = source.node.get("directory");
    let is_deep = directory.as_ref().and_then(|it| it.flag(&["recurse"])) == Some(true);
    let all = || folder.names().map(|it| it.1).chain(folder.others());
    let direct = |name: &&str| name.rsplit_once('/').is_some_and(|it| it.0 == path);
    let below = |name: &&str| {
        name.strip_prefix(path).is_some_and(|it| it.starts_with('/')) && !direct(name)
    };
    let has_own = all().filter(direct).any(|it| is_manifest(it) || is_tool(it));
    let first_below = all().filter(below).find(|it| is_manifest(it));
    let others = ["helm", "kustomize"].iter().any(|it| source.node.get(it).is_some());
    if let (false, false, false, Some(first)) = (is_deep, has_own, others, first_below) {
        let count = all().filter(below).filter(|it| is_manifest(it)).count();
        out.push(errors::renders_nothing(&app.shown, path, first, count, at.span()));
    }
}

/// Files that a kustomization names, which are not there.
fn resources<T: Tree>(whole: &Whole<'_, T>, out: &mut Vec<Diagnostic>) {
    for (number, name) in whole.folder.names() {
        let base = name.rsplit('/').next().unwrap_or(name);
        let Some(file) = whole.files.get(number).filter(|_| is_tool(base) && base != "Chart.yaml")
        else {
            continue;
        };
        let folder = name.rsplit_once('/').map_or("", |it| it.0);
        for root in &file.roots {
            for field in ["resources", "bases", "components"] {
                for item in root.list(field) {
                    let text = item.text().unwrap_or_default();
                    let Some(path) = local(folder, text) else { continue };
                    let is_there = whole.folder.has(&path)
                        || whole
                            .folder
                            .names()
                            .map(|it| it.1)
                            .chain(whole.folder.others())
                            .any(|it| it == path);
                    let parent = path.rsplit_once('/').map_or("", |it| it.0);
                    // Outside of what was checked nothing is known, nor of a folder without any file that is read.
                    let is_file = is_manifest(&path);
                    if !is_there && is_file && whole.folder.has(parent) && !parent.is_empty() {
                        out.push(errors::no_such_resource(text, item.span()));
                    }
                }
            }
        }
    }
}

/// A path of a kustomization as one of the repository; none of what lies outside.
fn local(folder: &str, text: &str) -> Option<String> {
    if text.is_empty()
        || text.contains("{{")
        || text.contains("://")
        || text.contains('?')
        || text.starts_with('/')
        || text.contains('@')
    {
        return None;
    }
    let mut steps: Vec<&str> = folder.split('/').filter(|it| !it.is_empty()).collect();
    for step in text.split('/') {
        match step {
            "" | "." => {}
            ".." => {
                steps.pop()?;
            }
            step => steps.push(step),
        }
    }
    Some(steps.join("/"))
}

/// Kinds that are no use in a file.
const APPLIED: [&str; 14] = [
    "Deployment",
    "StatefulSet",
    "DaemonSet",
    "CronJob",
    "Job",
    "Service",
    "Ingress",
    "HTTPRoute",
    "NetworkPolicy",
    "PersistentVolumeClaim",
    "ExternalSecret",
    "Certificate",
    "ClusterIssuer",
    "HorizontalPodAutoscaler",
];

/// What lies beside an Application, which looks as if it came with it: values that it does not read, and objects that nothing applies.
fn beside<T: Tree>(whole: &Whole<'_, T>, out: &mut Vec<Diagnostic>) {
    for app in &whole.apps {
        let own = app.file.folder();
        let neighbours = || whole.files.iter().filter(|it| it.folder() == own);
        let is_mixed = neighbours().any(|it| is_tool(&it.name));
        if is_mixed || own.is_empty() {
            continue;
        }
        for file in neighbours().filter(|it| !std::ptr::eq(*it, app.file)) {
            values(app, file, whole, out);
            objects(app, file, whole, out);
        }
    }
}

/// Whether any Application reads a file, as far as its path says.
fn is_read<T: Tree>(file: &File<T>, whole: &Whole<'_, T>) -> bool {
    let number = whole.files.iter().position(|it| std::ptr::eq(it, file));
    let name = number.map_or("", |it| whole.folder.name(it));
    let folder = name.rsplit_once('/').map_or("", |it| it.0);
    whole.all().flat_map(|it| &it.sources).any(|source| {
        let Some(path) = source.path.as_deref() else { return false };
        let is_deep = source.node.flag(&["directory", "recurse"]) == Some(true);
        path.is_empty() && is_deep
            || folder == path
            || is_deep && folder.strip_prefix(path).is_some_and(|it| it.starts_with('/'))
            || folder.ends_with(&format!("/{path}"))
            // A chart or kustomization of the folder may take it in.
            || whole.folder.names().any(|it| {
                is_tool(it.1) && it.1.rsplit_once('/').is_some_and(|it| {
                    it.0 == path && folder.strip_prefix(path).is_some_and(|it| it.starts_with('/'))
                })
            })
    }) || whole.sets.iter().any(|set| {
        // Generators read folders and files, too.
        let mut is_read = false;
        if let Some(generators) = set.spec.get("generators") {
            generators.each(&mut |path, node| {
                let of = path.last().is_some_and(|it| it == "path");
                is_read |= of
                    && node.text().is_some_and(|it| {
                        let it = plain(it);
                        let front = it.split(['*', '{', '?']).next().unwrap_or_default();
                        name.starts_with(front) && !front.is_empty()
                    });
            });
        }
        is_read
    })
}

/// The folder of a file, in the repository.
fn file_folder<'w, T: Tree>(whole: &'w Whole<'_, T>, file: &File<T>) -> &'w str {
    let number = whole.files.iter().position(|it| std::ptr::eq(it, file));
    let name = number.map_or("", |it| whole.folder.name(it));
    name.rsplit_once('/').map_or("", |it| it.0)
}

fn values<T: Tree>(
    app: &App<'_, T>,
    file: &File<T>,
    whole: &Whole<'_, T>,
    out: &mut Vec<Diagnostic>,
) {
    let is_values = file.base().starts_with("values") || file.base().ends_with("values.yaml");
    let root = file.roots.first().filter(|it| it.is_map() && it.get("kind").is_none());
    let (true, Some(root)) = (is_values, root) else { return };
    let Some(source) = app.sources.iter().find(|it| it.chart.is_some()) else { return };
    let (base, file_of) = (file.base(), file);
    let is_named = whole.all().flat_map(|it| &it.sources).any(|it| {
        let files = it.node.get("helm").map(|it| it.list("valueFiles")).unwrap_or_default();
        files.iter().any(|file| {
            let text = file.text().unwrap_or_default();
            let last = text.rsplit('/').next().unwrap_or(text);
            let is_it = last.split("{{").next().is_some_and(|it| base.starts_with(it));
            // Without a source's name it is a file of the source's own folder.
            let is_own =
                it.path.as_deref().is_some_and(|it| file_folder(whole, file_of).ends_with(it));
            is_it && (text.starts_with('$') || text.contains("://") || is_own)
        })
    });
    // Of several Applications in one folder it may belong to another.
    let apps = whole.apps.iter().filter(|it| it.file.folder() == file.folder()).count();
    if is_named || apps > 1 {
        return;
    }
    let chart = source.chart.as_deref().unwrap_or_default();
    // Of this chart it is told where its values are read, with what they decide.
    if chart == "kube-prometheus-stack" {
        return;
    }
    let at = root.fields().and_then(|it| it.into_iter().next()).map_or(root.clone(), |it| it.1);
    let because = source.node.get("chart").unwrap_or_else(|| source.node.clone());
    out.push(errors::unread_values(base, &app.shown, at.span(), because.span()));
}

fn objects<T: Tree>(
    app: &App<'_, T>,
    file: &File<T>,
    whole: &Whole<'_, T>,
    out: &mut Vec<Diagnostic>,
) {
    let object = file.roots.iter().find(|it| {
        it.word("kind").is_some_and(|it| APPLIED.contains(&it.as_str()))
            && it.word("apiVersion").is_some()
    });
    let Some(object) = object else { return };
    // Told once, by the first Application beside it.
    let first = whole.apps.iter().find(|it| it.file.folder() == file.folder());
    let is_first = first.is_some_and(|it| std::ptr::eq(it, app));
    let has_paths = whole.all().flat_map(|it| &it.sources).any(|it| it.path.is_some());
    let is_named = whole.files.iter().filter(|it| is_tool(&it.name)).any(|it| {
        it.roots.iter().any(|it| {
            it.list("resources")
                .iter()
                .any(|it| it.text().is_some_and(|it| it.contains(file.base())))
        })
    });
    if !is_first || !has_paths || is_named || is_read(file, whole) {
        return;
    }
    let kind = object.word("kind").unwrap_or_default();
    let at = object.at(&["metadata", "name"]).unwrap_or_else(|| object.clone());
    out.push(errors::not_applied(file.base(), &kind, at.span(), app.named().span()));
}
