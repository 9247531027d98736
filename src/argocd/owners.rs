//! Who owns what: objects of two Applications, and data that goes with one.

use super::errors::folder as errors;
use super::tree::Tree;
use super::view::{App, Whole};
use crate::diag::Diagnostic;
use crate::source::Span;

pub(super) fn judge<T: Tree>(whole: &Whole<'_, T>, out: &mut Vec<Diagnostic>) {
    twice(whole, out);
    for app in &whole.apps {
        data(app, whole, out);
    }
    for (_, root, _) in whole.objects() {
        modes(root, out);
    }
}

/// What an Application reads: folder, whether what is below, cluster and namespace.
type Reads = (String, bool, Option<String>, Option<String>, Span);

fn reads<T: Tree>(app: &App<'_, T>, whole: &Whole<'_, T>) -> Vec<Reads> {
    let cluster = app.spec.word_at(&["destination", "server"]);
    let cluster = cluster.or_else(|| app.spec.word_at(&["destination", "name"]));
    let namespace = app.namespace().and_then(|it| it.text().map(str::to_owned));
    let own = app.sources.iter().filter(|it| {
        let is_all = it.node.get("helm").is_none()
            && it.node.get("kustomize").is_none()
            && it.node.get("plugin").is_none()
            && it.node.at(&["directory", "include"]).is_none()
            && it.node.at(&["directory", "exclude"]).is_none();
        is_all && it.is_plain() && it.chart.is_none() && whole.folder.is_own(&it.repository)
    });
    own.filter_map(|it| {
        let path = it.path.clone()?;
        let is_deep = it.node.flag(&["directory", "recurse"]) == Some(true);
        let at = it.node.get("path")?.span();
        Some((path, is_deep, cluster.clone(), namespace.clone(), at))
    })
    .collect()
}

fn twice<T: Tree>(whole: &Whole<'_, T>, out: &mut Vec<Diagnostic>) {
    let all: Vec<(&str, Reads)> = whole
        .apps
        .iter()
        .flat_map(|app| reads(app, whole).into_iter().map(|it| (app.name.as_str(), it)))
        .collect();
    for (number, (name, own)) in all.iter().enumerate() {
        for (other, earlier) in all.iter().take(number).filter(|it| it.0 != *name) {
            let is_below = |inner: &str, outer: &str| {
                inner.strip_prefix(outer).is_some_and(|it| it.starts_with('/'))
            };
            let same = own.0 == earlier.0
                || own.1 && is_below(&earlier.0, &own.0)
                || earlier.1 && is_below(&own.0, &earlier.0);
            // A chart or kustomization below a folder is read by nobody but who names it.
            let holds = |path: &str| {
                whole.folder.names().any(|(number, it)| {
                    let is_in = it.rsplit_once('/').is_some_and(|it| it.0 == path);
                    let roots = whole.files.get(number).map(|it| &it.roots);
                    is_in
                        && roots
                            .into_iter()
                            .flatten()
                            .any(|it| it.get("kind").is_some() && it.get("metadata").is_some())
                })
            };
            let inner = if own.0.len() >= earlier.0.len() { &own.0 } else { &earlier.0 };
            if same && own.2 == earlier.2 && own.3 == earlier.3 && holds(inner) {
                out.push(errors::owned_twice(name, other, inner, own.4, earlier.4));
                return;
            }
        }
    }
}

/// Kinds that hold data, or whose controller removes it with them.
const DATA: [&str; 8] = [
    "PersistentVolumeClaim",
    "PersistentVolume",
    "StatefulSet",
    "Cluster",
    "CephCluster",
    "Kafka",
    "MariaDB",
    "Postgresql",
];

fn data<T: Tree>(app: &App<'_, T>, whole: &Whole<'_, T>, out: &mut Vec<Diagnostic>) {
    let Some(prune) = app.spec.at(&["syncPolicy", "automated", "prune"]) else { return };
    if prune.text() != Some("true")
        || app.has_option("Prune=false")
        || app.has_option("Prune=confirm")
    {
        return;
    }
    let read = reads(app, whole);
    for (number, name) in whole.folder.names() {
        let folder = name.rsplit_once('/').map_or("", |it| it.0);
        let is_own = read.iter().any(|(path, is_deep, ..)| {
            folder == path
                || *is_deep
                    && folder.strip_prefix(path.as_str()).is_some_and(|it| it.starts_with('/'))
        });
        let Some(file) = whole.files.get(number).filter(|_| is_own) else { continue };
        for root in &file.roots {
            let kind = root.word("kind").unwrap_or_default();
            let version = root.word("apiVersion").unwrap_or_default();
            let is_data = DATA.contains(&kind.as_str())
                && (kind != "Cluster" || version.starts_with("postgresql.cnpg.io/"))
                && (kind != "StatefulSet" || root.at(&["spec", "volumeClaimTemplates"]).is_some());
            let options =
                root.word_at(&["metadata", "annotations", "argocd.argoproj.io/sync-options"]);
            let is_kept = options.is_some_and(|it| it.contains("Prune=") || it.contains("Delete="));
            if is_data && !is_kept {
                let at = root.at(&["metadata", "name"]).unwrap_or_else(|| root.clone());
                out.push(errors::prunes_data(&kind, &app.shown, at.span(), prune.span()));
            }
        }
    }
}

/// The rights of files: YAML reads `0755` as octal, and `755` as seven hundred and more.
fn modes<T: Tree>(root: &T, out: &mut Vec<Diagnostic>) {
    root.each(&mut |path, node| {
        let is_mode = path.last().is_some_and(|it| it == "defaultMode");
        let text = node.text().unwrap_or_default();
        let is_large = !text.starts_with('0') && text.parse().is_ok_and(|it: u32| it > 0o777);
        if is_mode && is_large && node.is_bare() {
            out.push(errors::file_mode(text, node.span()));
        }
    });
}
