//! What is said of addons, projects, secrets, and the order in which they come.

use super::workload::{Leak, literal};
use crate::argocd::{EVERYTHING, NO_PROVIDER, UNKNOWN_KEY};
use crate::charts::Chart;
use crate::diag::{Code, Diagnostic};
use crate::order::Why;
use crate::source::{Span, Sym};

/// Resources that wait for one another, by what one brings to the other.
pub(crate) const CYCLE: Code = Code::new("gitops/cycle");
/// Software that must run before Argo CD, and waits for what Argo CD installs.
pub(crate) const BOOTSTRAP: Code = Code::new("gitops/bootstrap-waits");
/// Two Applications of one name.
pub(crate) const SAME_NAME: Code = Code::new("gitops/same-name");
/// Applications that nobody applies.
pub(crate) const NO_REPOSITORY: Code = Code::new("gitops/no-repository");
/// A file that is another one tomorrow.
pub(crate) const UNPINNED: Code = Code::new("gitops/unpinned");
/// An application outside of its project.
pub(crate) const BEYOND_PROJECT: Code = Code::new("gitops/beyond-project");
/// A Secret in another namespace than its reader.
pub(crate) const OTHER_NAMESPACE: Code = Code::new("secret/other-namespace");
/// A token on other clusters than the one that reads it.
pub(crate) const NOT_ON_HUB: Code = Code::new("secret/not-on-hub");
/// A `service` that is not outside.
pub(crate) const NOT_EXTERNAL: Code = Code::new("service/not-external");

/// A step of a loop.
pub(crate) struct Step {
    pub(crate) from: String,
    pub(crate) to: String,
    pub(crate) why: Why,
}

fn reason(step: &Step) -> String {
    let Step { from, to, why } = step;
    match why {
        Why::Refers => format!("`{from}` refers to `{to}`"),
        Why::Group(group) => {
            format!("`{from}` is made of objects of `{group}`, which `{to}` brings")
        }
        Why::Class(class) => {
            format!("`{from}` has volumes of the class `{class}`, which `{to}` brings")
        }
        Why::Namespace => format!("`{from}` stands in `{to}`"),
        Why::First => format!("`{to}` runs before Argo CD, and `{from}` after it"),
    }
}

/// Spans: the names of those that wait, in the order of the loop.
pub(crate) fn cycle(cluster: Sym, steps: &[Step], spans: &[Span]) -> Diagnostic {
    let mut names: Vec<&str> = steps.iter().map(|step| step.from.as_str()).collect();
    names.extend(steps.first().map(|step| step.from.as_str()));
    let title = format!("on `{cluster}` resources wait for one another: {}", names.join(" -> "));
    let mut found = Diagnostic::new(crate::diag::Level::Error, CYCLE, title);
    for (at, (step, &span)) in steps.iter().zip(spans).enumerate() {
        let label = reason(step);
        found = if at == 0 { found.at(span, label) } else { found.because(span, label) };
    }
    found.help("nothing of it could be applied first: take out one of these steps, or put what is needed first into a place of its own")
}

/// Span: the name of a resource that wants it.
pub(crate) fn nothing_brings(
    group: &str,
    address: &str,
    clusters: &[String],
    at: Span,
) -> Diagnostic {
    let title = format!("nothing brings the types of `{group}` to {}", list(clusters));
    let label = format!("`{address}` is made of them: the API server would refuse it");
    Diagnostic::warning(NO_PROVIDER, title, at, label).help(match group {
        "external-secrets.io" => {
            "install External Secrets: `addon external-secrets { namespace = .., chart { repo = \"https://charts.external-secrets.io\", name = \"external-secrets\", version = .. } }`".to_owned()
        }
        group => format!(
            "an addon whose chart the library does not know says so: `provides = [\"{group}\"]`; what others install is an `external addon`"
        ),
    })
}

/// Volumes of a class that nothing brings.
pub(crate) const UNKNOWN_CLASS: Code = Code::new("gitops/unknown-class");

/// Spans: where the class is named, and what brings the one that is meant.
pub(crate) fn unknown_class(name: &str, meant: &str, cluster: Sym, spans: &[Span]) -> Diagnostic {
    let title = format!("nothing brings a StorageClass `{name}` to `{cluster}`");
    let mut found = Diagnostic::new(crate::diag::Level::Warning, UNKNOWN_CLASS, title);
    for (at, &span) in spans.iter().enumerate() {
        found = match at {
            0 => found.at(span, format!("`{meant}` is there")),
            _ => found.because(span, format!("brings `{meant}`")),
        };
    }
    found.help(format!(
        "a claim of a class that is not there waits for ever, and its pod with it: write `{meant}`; an addon that brings `{name}` says so, `storage-classes = [\"{name}\"]`"
    ))
}

fn list(names: &[String]) -> String {
    let quoted: Vec<String> = names.iter().take(3).map(|name| format!("`{name}`")).collect();
    match names.len() {
        0..=3 => quoted.join(", "),
        more => format!("{} and {} more", quoted.join(", "), more - 3),
    }
}

/// Spans: where it says that it comes first, and the name of what it waits for.
pub(crate) fn bootstrap_waits(from: &str, to: &str, [at, other]: [Span; 2]) -> Diagnostic {
    let title = format!("`{from}` must run before Argo CD, and waits for `{to}`");
    Diagnostic::error(BOOTSTRAP, title, at, "this says that it comes first")
        .because(other, "this is installed by Argo CD")
        .help(format!("set `bootstrap = true` in `{to}` as well, or take out what refers to it"))
}

/// Spans: the name of one, and of the other.
pub(crate) fn same_name(
    name: &str,
    (one, other): (&str, &str),
    [at, before]: [Span; 2],
) -> Diagnostic {
    let title = format!("two Applications would be called `{name}`");
    Diagnostic::error(SAME_NAME, title, at, format!("one of `{one}`"))
        .because(before, format!("the other of `{other}`"))
        .help("an Application is called after its cluster and its block: rename one of them")
}

/// Spans: the platform's name, and an addon's.
pub(crate) fn no_repository(address: &str, count: usize, [at, addon]: [Span; 2]) -> Diagnostic {
    let more = match count {
        1 => String::new(),
        count => format!(", and {} more addons", count - 1),
    };
    let title = format!("nobody applies `{address}`{more}: the platform names no repository");
    Diagnostic::warning(NO_REPOSITORY, title, at, "no `repo` stands here")
        .because(addon, "this becomes an Application")
        .help("say where the output is committed: `repo = \"https://git.acme.example/platform\"`; then one Application, the root, leads to everything")
}

/// Span: the part of the address.
pub(crate) fn unpinned(part: &str, at: Span) -> Diagnostic {
    let title = "the address means another file tomorrow";
    Diagnostic::error(UNPINNED, title, at, format!("`{part}` is no version"))
        .help("take the address of one release: `.../releases/download/v1.6.1/install.yaml`")
}

/// What a project does not allow.
pub(crate) enum Beyond {
    /// Clusters.
    Clusters(Vec<String>),
    /// The namespace, and what is allowed.
    Namespace(String, Vec<String>),
    /// A namespace that the application makes.
    NewNamespace(String),
}

/// Spans: where the application names its project, and the limit.
pub(crate) fn beyond_project(
    address: &str,
    project: Sym,
    beyond: &Beyond,
    [at, limit]: [Span; 2],
) -> Diagnostic {
    let (what, label, help) = match beyond {
        Beyond::Clusters(clusters) => (
            format!("goes to {}", list(clusters)),
            "the clusters of the project".to_owned(),
            "add the clusters to the project, or narrow `clusters` of the application".to_owned(),
        ),
        Beyond::Namespace(namespace, said) => (
            format!("goes to the namespace `{namespace}`"),
            format!("the namespaces of the project are {}", list(said)),
            format!("add `\"{namespace}\"` to `namespaces` of the project"),
        ),
        Beyond::NewNamespace(namespace) => (
            format!("makes the namespace `{namespace}`"),
            "the kinds of the project".to_owned(),
            "add `k8s.core.v1.Namespace` to `cluster-objects`, or declare the namespace in this program".to_owned(),
        ),
    };
    let title = format!("`{address}` {what}, which its project `{project}` does not allow");
    Diagnostic::error(BEYOND_PROJECT, title, at, "it belongs to that project")
        .because(limit, label)
        .help(help)
}

/// Spans: the kinds, and the pattern of namespaces.
pub(crate) fn as_admin(project: Sym, [at, namespaces]: [Span; 2]) -> Diagnostic {
    let title = format!("the project `{project}` is as strong as an administrator of Argo CD");
    Diagnostic::warning(EVERYTHING, title, at, "every kind of object without a namespace")
        .because(namespaces, "every namespace, that of Argo CD among them")
        .help("leave both out: then the project may do what its applications do, and nothing more")
}

/// Spans: where the key is named, and where the Secret names its namespace.
pub(crate) fn other_namespace(
    who: &str,
    (secret, stands, wanted): (Sym, Sym, Sym),
    [at, declared]: [Span; 2],
) -> Diagnostic {
    let title = format!(
        "{who} reads Secrets of the namespace `{wanted}`, and `{secret}` stands in `{stands}`"
    );
    Diagnostic::error(OTHER_NAMESPACE, title, at, format!("read in `{wanted}`"))
        .because(declared, format!("it stands in `{stands}`"))
        .help(format!("a Secret is read in its own namespace only: declare one in `{wanted}`"))
}

/// Spans: where the key is named, and the Secret's name.
pub(crate) fn not_on_hub((secret, hub): (Sym, Sym), [at, declared]: [Span; 2]) -> Diagnostic {
    let title = format!("`{secret}` is not on the hub `{hub}`, where Argo CD asks the generator");
    Diagnostic::error(NOT_ON_HUB, title, at, format!("read on `{hub}`"))
        .because(declared, "it exists where its `clusters` say")
        .help(format!(
            "`clusters = [{hub}]` is enough: the clusters of the applications need no copy"
        ))
}

/// Span: its name.
pub(crate) fn not_external(name: Sym, at: Span) -> Diagnostic {
    let title = format!("`service.{name}` is not `external`");
    Diagnostic::error(NOT_EXTERNAL, title, at, "a `service` is what runs outside of the clusters")
        .help("write `external service`, or describe what runs here as a `workload`")
}

/// Span: the value. Charts are told of secrets in another way than containers.
pub(in crate::prove) fn plain_value(leak: &Leak, hides: &[String], at: Span) -> Diagnostic {
    let mut found = literal(leak, hides, at);
    if let Some(first) = found.help.first_mut() {
        "values stand in the repository, and in the Application: name a Secret, as the chart wants it (`existingSecret = login.name`)".clone_into(first);
    }
    found
}

/// Spans: the value, and the chart's version with what is to say of it. The last key of the path is the one that is not known.
pub(crate) fn unread_value(
    chart: &Chart,
    path: &[&str],
    at: Span,
    (version, said): (Span, String),
) -> Option<Diagnostic> {
    let wrong = chart.wrong(path)?;
    let title = format!("the chart `{}` reads no `{}`", chart.name(), path.join("."));
    let label = if chart.refuses() { "its schema refuses it" } else { "nothing reads this" };
    let mut found = Diagnostic::error(UNKNOWN_KEY, title, at, label).because(version, said);
    if let Some((first, last)) = wrong.in_versions {
        return Some(found.help(format!("versions from {first} to {last} do")));
    }
    if let Some(near) = wrong.nearest {
        found = found.help(format!("`{near}` is read there"));
    }
    if !wrong.elsewhere.is_empty() {
        let places: Vec<String> = wrong.elsewhere.iter().map(|it| format!("`{it}`")).collect();
        found = found.help(format!("it reads {}", places.join(", ")));
    }
    if wrong.nearest.is_none() && wrong.elsewhere.is_empty() {
        let known: Vec<String> = wrong.known.iter().take(12).map(|it| format!("`{it}`")).collect();
        let more = if wrong.known.len() > 12 { ", .." } else { "" };
        found = found.help(format!("there it reads {}{more}", known.join(", ")));
    }
    Some(found)
}
