//! The generators of a set, as Argo CD is told of them.

use super::print::{Printer, literal};
use crate::backend::Node;
use crate::backend::k8s::{Fields, IntoNode, list, text};
use crate::eval::Origin;
use crate::model::{Generator, Model, Of, Quantity, Ref, Repository, SecretKey, Tree};
use crate::source::Sym;

/// All generators: each alone, or the two of a matrix or merge.
pub(super) fn generators<'a>(printer: Printer<'_, 'a>) -> Node<'a> {
    let apps = printer.apps;
    let all: Vec<Fields<'a>> = apps.from.iter().map(|(name, it)| one(printer, *name, it)).collect();
    if apps.is_merge() {
        let merge = Fields::new()
            .with("mergeKeys", list(apps.merge.iter().copied()))
            .with("generators", list(all));
        return list([Fields::new().with("merge", merge)]);
    }
    if !apps.is_matrix() {
        return list(all);
    }
    // Argo CD fills the later generator of a matrix with the parameters of the first, texts and keys alike, before it asks it.
    let filled = all.into_iter().enumerate().map(|(at, generator)| {
        let node = generator.into_node();
        if at == 0 { node } else { literal(node) }
    });
    let matrix = Fields::new().with("generators", list(filled));
    list([Fields::new().with("matrix", matrix)])
}

fn one<'a>(printer: Printer<'_, 'a>, name: Sym, generator: &Generator<'a>) -> Fields<'a> {
    let model = printer.model;
    let prefix = printer.apps.is_matrix().then(|| {
        let rule =
            Origin::rule("the parameters of each generator of a matrix have its name before them");
        text(name.as_str(), rule)
    });
    match generator {
        Generator::GitDirectories(git) => {
            let paths = git.paths.iter().map(|path| (path, false));
            let exclude = git.exclude.iter().map(|path| (path, true));
            let fields = repository(model, git.repository, git.revision)
                .with("directories", list(paths.chain(exclude).map(path)))
                .maybe("pathParamPrefix", prefix)
                .with("requeueAfterSeconds", every(git.every));
            Fields::new().with("git", fields)
        }
        Generator::GitFiles(git) => {
            let paths = git.paths.iter().map(|path| (path, false));
            let exclude = git.exclude.iter().map(|path| (path, true));
            let fields = repository(model, git.repository, git.revision)
                .with("files", list(paths.chain(exclude).map(path)))
                .maybe("pathParamPrefix", prefix)
                .with("requeueAfterSeconds", every(git.every));
            Fields::new().with("git", fields)
        }
        Generator::Elements(elements) => {
            let all = elements.elements.iter().map(|it| below(&prefix, tree(it)));
            let all: Vec<Node<'a>> = all.collect();
            Fields::new().with("list", Fields::new().with("elements", list(all)))
        }
        Generator::ClusterChoice(choice) => {
            let rule = Origin::rule("clusters of the program are written out");
            let all: Vec<Node<'a>> = model
                .chosen(choice)
                .into_iter()
                .map(|cluster| {
                    let labels = cluster.value.labels.iter().fold(Fields::new(), |all, it| {
                        all.with(it.0.as_str(), text(it.1.value, it.1.origin))
                    });
                    let fields = Fields::new()
                        .with("name", text(cluster.name.value.as_str(), rule))
                        .with("environment", cluster.value.environment)
                        .unless_empty("labels", labels);
                    below(&prefix, fields.into_node())
                })
                .collect();
            Fields::new().with("list", Fields::new().with("elements", list(all)))
        }
        Generator::GitHubPullRequests(pulls) => {
            let github = Fields::new()
                .with("owner", pulls.owner)
                .with("repo", pulls.repo)
                .maybe("api", pulls.api)
                .maybe("tokenRef", pulls.token.map(secret))
                .with("labels", list(pulls.labels.iter().copied()));
            let fields = Fields::new()
                .with("github", github)
                .maybe("filters", pulls.target.map(target))
                .with("requeueAfterSeconds", every(pulls.every));
            Fields::new().with("pullRequest", fields)
        }
        Generator::GitLabMergeRequests(merges) => {
            let open = Origin::rule("only open merge requests are found");
            let gitlab = Fields::new()
                .with("project", merges.project)
                .maybe("api", merges.api)
                .maybe("tokenRef", merges.token.map(secret))
                .with("labels", list(merges.labels.iter().copied()))
                .with("pullRequestState", text("opened", open));
            let fields = Fields::new()
                .with("gitlab", gitlab)
                .maybe("filters", merges.target.map(target))
                .with("requeueAfterSeconds", every(merges.every));
            Fields::new().with("pullRequest", fields)
        }
        Generator::GitHubRepositories(found) => {
            let github = Fields::new()
                .with("organization", found.organization)
                .maybe("api", found.api)
                .maybe("tokenRef", found.token.map(secret))
                .with("allBranches", found.all_branches);
            let filter = Fields::new()
                .maybe("repositoryMatch", found.matching)
                .unless_empty("pathsExist", list(found.having.iter().copied()))
                .maybe("labelMatch", found.label);
            scm("github", github, filter, found.every)
        }
        Generator::GitLabProjects(found) => {
            let gitlab = Fields::new()
                .with("group", found.group)
                .maybe("api", found.api)
                .maybe("tokenRef", found.token.map(secret))
                .with("includeSubgroups", found.subgroups)
                .with("allBranches", found.all_branches);
            let filter = Fields::new()
                .maybe("repositoryMatch", found.matching)
                .unless_empty("pathsExist", list(found.having.iter().copied()));
            scm("gitlab", gitlab, filter, found.every)
        }
        Generator::Plugin(plugin) => {
            let input = Fields::new().with("parameters", tree(&plugin.input));
            let fields = Fields::new()
                .with("configMapRef", Fields::new().with("name", plugin.config_map))
                .with("input", input)
                .with("requeueAfterSeconds", every(plugin.every));
            Fields::new().with("plugin", fields)
        }
    }
}

fn scm<'a>(
    provider: &'static str,
    fields: Fields<'a>,
    filter: Fields<'a>,
    looks: Of<Quantity<'a>>,
) -> Fields<'a> {
    let is_some = filter != Fields::new();
    let fields = Fields::new()
        .with(provider, fields)
        .maybe("filters", is_some.then(|| list([filter])))
        .with("requeueAfterSeconds", every(looks));
    Fields::new().with("scmProvider", fields)
}

/// A repository's address, and what is read of it.
pub(super) fn repository<'a>(
    model: &Model<'a>,
    named: Of<Ref>,
    revision: Option<Of<&'a str>>,
) -> Fields<'a> {
    let found = repository_of(model, named);
    let url = found.map(|repository| repository.url);
    let revision = revision.or_else(|| found.map(|repository| repository.revision));
    Fields::new().maybe("repoURL", url).maybe("revision", revision)
}

/// The repository that a reference names.
pub(super) fn repository_of<'m, 'a>(
    model: &'m Model<'a>,
    named: Of<Ref>,
) -> Option<&'m Repository<'a>> {
    let found = model.repositories.iter().find(|it| it.id == named.value.id)?;
    Some(&found.value)
}

fn path<'a>((path, is_excluded): (&Of<&'a str>, bool)) -> Fields<'a> {
    let exclude = is_excluded.then_some(Node::Bool(true, path.origin));
    Fields::new().with("path", *path).maybe("exclude", exclude)
}

fn secret<'a>(key: SecretKey<'a>) -> Fields<'a> {
    Fields::new().with("secretName", key.secret).with("key", key.key)
}

/// Proposals that go to a branch.
fn target<'a>(branch: Of<&'a str>) -> Node<'a> {
    let pattern = format!("^{}$", regex::escape(branch.value));
    list([Fields::new().with("targetBranchMatch", text(pattern, branch.origin))])
}

fn every<'a>(quantity: Of<Quantity<'_>>) -> Node<'a> {
    Node::Int(quantity.value.amount / 1000, quantity.origin)
}

/// An element of a matrix, below its generator's name.
fn below<'a>(prefix: &Option<Node<'a>>, element: Node<'a>) -> Node<'a> {
    match prefix {
        Some(Node::Text(name, _)) => Fields::new().with(name.clone(), element).into_node(),
        _ => element,
    }
}

/// Data as it is written.
fn tree<'a>(tree: &Tree<'a>) -> Node<'a> {
    match tree {
        Tree::Bool(value) => Node::Bool(value.value, value.origin),
        Tree::Int(value) => Node::Int(value.value, value.origin),
        Tree::Float(value, origin) => Node::Float(*value, *origin),
        Tree::Text(value) => text(value.value, value.origin),
        Tree::List(items) => list(items.iter().map(self::tree)),
        Tree::Map(entries) => {
            let fields = entries.iter().fold(Fields::new(), |fields, (key, value)| {
                fields.with(key.as_str(), self::tree(value))
            });
            fields.into_node()
        }
    }
}
