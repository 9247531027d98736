//! AppProjects, and what they let Applications do.

use super::errors::projects as errors;
use super::folder::same;
use super::generator::{entries, one};
use super::set::uses_of;
use super::tree::Tree;
use super::view::{App, Project, Whole};
use crate::diag::{Diagnostic, nearest};

/// The address of the cluster that Argo CD runs in.
const HERE: &str = "https://kubernetes.default.svc";

pub(super) fn judge<T: Tree>(whole: &Whole<'_, T>, out: &mut Vec<Diagnostic>) {
    for project in &whole.projects {
        everything(project, out);
    }
    unknown(whole, out);
    for app in whole.all() {
        let name = app.spec.word("project").unwrap_or_default();
        let mut own = whole.projects.iter().filter(|it| it.name == name);
        // Of two that are called the same, for different clusters it may be, nothing is said.
        let (Some(project), None) = (own.next(), own.next()) else { continue };
        repository(app, project, out);
        destination(app, project, whole, out);
        namespace(app, project, whole, out);
    }
}

fn unknown<T: Tree>(whole: &Whole<'_, T>, out: &mut Vec<Diagnostic>) {
    let mut told: Vec<String> = Vec::new();
    let known: Vec<&str> = whole.projects.iter().map(|it| it.name.as_str()).collect();
    // Files that are filled in later may hold any.
    if known.iter().any(|it| it.contains("{{")) {
        return;
    }
    let mut rest: Vec<(String, crate::source::Span)> = Vec::new();
    for app in whole.all() {
        let Some(at) = app.spec.get("project") else { continue };
        let name = at.text().unwrap_or_default().to_owned();
        let is_known = name.is_empty() || name == "default" || known.contains(&name.as_str());
        if is_known || name.contains("{{") || told.contains(&name) {
            continue;
        }
        match nearest(&name, known.iter().copied()) {
            Some(near) => out.push(errors::misspelt(&name, near, at.span())),
            None => rest.push((name.clone(), at.span())),
        }
        told.push(name);
    }
    // Where many are not here, they are made elsewhere, it seems.
    if rest.len() > MOST_UNKNOWN {
        out.extend(errors::all_unknown(&rest));
        return;
    }
    for (name, at) in rest {
        let others = whole.all().filter(|it| it.spec.word("project") == Some(name.clone())).count();
        out.push(errors::unknown(&name, &known, others - 1, at));
    }
}

/// How many projects that are not here are told of one by one.
const MOST_UNKNOWN: usize = 3;

/// A project that says nothing.
fn everything<T: Tree>(project: &Project<T>, out: &mut Vec<Diagnostic>) {
    let has_all = |field: &str| {
        project.spec.list(field).iter().any(|it| it.text().is_some_and(|it| it == "*"))
    };
    let all_kinds = project.spec.list("clusterResourceWhitelist").iter().any(|it| {
        it.word("group").as_deref() == Some("*") && it.word("kind").as_deref() == Some("*")
    });
    let all_namespaces = project
        .spec
        .list("destinations")
        .iter()
        .any(|it| it.word("namespace").as_deref() == Some("*"));
    if has_all("sourceRepos") && all_kinds && all_namespaces && project.name != "default" {
        let at = project.root.at(&["metadata", "name"]).unwrap_or_else(|| project.root.clone());
        let span = project.spec.key("clusterResourceWhitelist").unwrap_or(at.clone()).span();
        out.push(errors::everything(&project.name, span, at.span()));
    }
}

fn repository<T: Tree>(app: &App<'_, T>, project: &Project<T>, out: &mut Vec<Diagnostic>) {
    let allowed: Vec<String> =
        project.spec.list("sourceRepos").iter().filter_map(|it| it.text().map(same)).collect();
    for source in app.sources.iter().filter(|it| !it.repository.contains("{{")) {
        let own = same(&source.repository);
        let denied = allowed.iter().filter_map(|it| it.strip_prefix('!'));
        let is_denied = denied.clone().any(|it| one(&same(it), &own));
        let mut let_in = allowed.iter().filter(|it| !it.starts_with('!'));
        if is_denied || !let_in.any(|it| one(it, &own)) {
            let Some(at) = source.node.get("repoURL") else { continue };
            let because = project.spec.key("sourceRepos").unwrap_or(project.root.clone());
            out.push(errors::repository(
                &source.repository,
                &project.name,
                at.span(),
                because.span(),
            ));
        }
    }
}

fn destination<T: Tree>(
    app: &App<'_, T>,
    project: &Project<T>,
    whole: &Whole<'_, T>,
    out: &mut Vec<Diagnostic>,
) {
    let allowed = project.spec.list("destinations");
    let because = project.spec.key("destinations").unwrap_or_else(|| project.root.clone());
    let Some(own) = app.spec.get("destination") else { return };
    let here = |text: Option<String>, is_name: bool| match text {
        Some(name) if is_name && name == "in-cluster" => Some(HERE.to_owned()),
        Some(text) if !is_name => Some(text.trim_end_matches('/').to_owned()),
        _ => None,
    };
    let server = here(own.word("server"), false).or_else(|| here(own.word("name"), true));
    let namespace = own.word("namespace").unwrap_or_default();
    // What a cluster is called says nothing of its address.
    let Some(server) = server else { return };
    if server.contains("{{") {
        let is_of_clusters = whole.sets.iter().filter(|it| it.name == app.name).any(|set| {
            let node = own.get("server").or_else(|| own.get("name"));
            let read = node.map(|it| uses_of(&it, &[], set.is_go)).unwrap_or_default();
            let entries = entries(set, whole, &mut Vec::new());
            read.iter().any(|it| {
                entries.iter().filter_map(|by| by.find(&it.name)).any(|it| it.values.is_empty())
            })
        });
        let only_here = !allowed.is_empty()
            && allowed.iter().all(|it| {
                let of = here(it.word("server"), false).or_else(|| here(it.word("name"), true));
                of.as_deref() == Some(HERE)
            });
        if only_here && is_of_clusters {
            let at = own.get("server").or_else(|| own.get("name")).unwrap_or(own);
            out.push(errors::other_clusters(&project.name, at.span(), because.span()));
        }
        return;
    }
    let is_open = |text: &str| text.contains("{{");
    let fits = |it: &T| {
        let of = here(it.word("server"), false).or_else(|| here(it.word("name"), true));
        let by_name = it.word("name").is_some() && it.word("server").is_none() && of.is_none();
        let same_server = by_name || of.is_none_or(|it| it == "*" || one(&it, &server));
        let pattern = it.word("namespace").unwrap_or_default();
        let same_namespace = is_open(&namespace)
            || namespace.is_empty()
            || !pattern.starts_with('!') && one(&pattern, &namespace);
        same_server && same_namespace
    };
    if !allowed.iter().any(fits) {
        let at = own.get("namespace").or_else(|| own.get("server")).unwrap_or(own);
        out.push(errors::destination(
            &server,
            &namespace,
            &project.name,
            at.span(),
            because.span(),
        ));
    }
}

/// Namespaces that every cluster has.
const THERE: [&str; 5] = ["default", "kube-system", "kube-public", "kube-node-lease", "argocd"];

/// Whether the project lets Argo CD make the namespace.
fn namespace<T: Tree>(
    app: &App<'_, T>,
    project: &Project<T>,
    whole: &Whole<'_, T>,
    out: &mut Vec<Diagnostic>,
) {
    let Some(option) = app.option("CreateNamespace=true") else { return };
    let Some(namespace) = app.namespace().and_then(|it| it.text().map(str::to_owned)) else {
        return;
    };
    let is_written = whole.objects().any(|(_, root, kind)| {
        kind == "Namespace" && root.word_at(&["metadata", "name"]).as_ref() == Some(&namespace)
    });
    if THERE.contains(&namespace.as_str()) || is_written {
        return;
    }
    let is_let = |it: &T| {
        let of = |field: &str| it.word(field).unwrap_or_default();
        one(&of("group"), "") && one(&of("kind"), "Namespace")
    };
    let allowed = project.spec.list("clusterResourceWhitelist").iter().any(is_let);
    let denied = project.spec.list("clusterResourceBlacklist").iter().any(is_let);
    if !allowed || denied {
        let because = project.spec.key("clusterResourceWhitelist");
        let because = because.or_else(|| project.root.at(&["metadata", "name"]));
        let because = because.unwrap_or_else(|| project.root.clone());
        out.push(errors::no_namespace(&namespace, &project.name, option.span(), because.span()));
    }
}
