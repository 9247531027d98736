//! The messages of this room.

mod variable;

pub(super) use variable::{
    Lost, bad_default, bad_schema, malformed_variable, may_be_unset, missing, type_misfit,
    unknown_builtin, unknown_variable, untyped, unused, value_unfit, variable_name,
};

use super::class::Role;
use super::pointer::Fault;
use crate::diag::{Code, Diagnostic, Level};
use crate::source::Span;

/// The code of a finding that lost its place: nothing raises it.
pub(super) fn nowhere() -> Diagnostic {
    Diagnostic::new(Level::Error, BAD_PATH, "a patch that cannot be applied")
}

/// Adds the nearest name: as a fix where the span is just the wrong one.
pub(super) fn nearly(found: Diagnostic, span: Span, wrong: &str, near: Option<&str>) -> Diagnostic {
    let is_exact = usize::try_from(span.end - span.start) == Ok(wrong.len());
    match near {
        Some(near) if is_exact => found.suggest(span, Some(near)),
        Some(near) => found.help(format!("did you mean `{near}`?")),
        None => found,
    }
}

/// `` `a`, `b` ``, of many some.
pub(super) fn listed(names: &[String]) -> String {
    let list: Vec<String> = names.iter().take(12).map(|name| format!("`{name}`")).collect();
    let more = if names.len() > 12 { ", .." } else { "" };
    format!("{}{more}", list.join(", "))
}

/// What there is to choose from.
pub(super) fn there_are(names: &[String]) -> String {
    let are = if names.len() == 1 { "is" } else { "are" };
    format!("there {are} {}", listed(names))
}

/// A value that a schema or type refuses.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Unfitting {
    /// Whose value it is.
    pub(super) what: String,
    /// Where in it.
    pub(super) path: String,
    /// What is there.
    pub(super) found: String,
    /// What is wanted.
    pub(super) wanted: String,
}

impl Unfitting {
    pub(super) fn place(&self) -> String {
        let path = &self.path;
        match path.strip_prefix('.') {
            _ if path.is_empty() => String::new(),
            Some(path) => format!(" at `{path}`"),
            None => format!(" at `{path}`"),
        }
    }
}

/// Objects of a version that Cluster API leaves behind.
pub(super) const OLD_CONTRACT: Code = Code::new("cluster/old-contract");

/// `cluster.x-k8s.io/v1beta1 ClusterClass`.
pub(super) fn old_version(version: &str, kind: &str, span: Span) -> Diagnostic {
    let now = version.rsplit_once('/').map_or("", |(group, _)| group);
    let found = Diagnostic::error(
        OLD_CONTRACT,
        format!("`{kind}` of `{version}`"),
        span,
        "`v1beta2` is the version now",
    )
    .help(format!("Cluster API 1.16 no longer serves it: write `{now}/v1beta2`"));
    let changes = match kind {
        "ClusterClass" => {
            "what changed: `ref` is `templateRef` with `apiVersion`, `kind` and `name`; workers have `bootstrap` and `infrastructure` without `template`; `machineHealthCheck` is `healthCheck`; `namingStrategy` is `naming`; timeouts are `deletion` with `..Seconds`; a variable says `required`"
        }
        "Cluster" => {
            "what changed: `topology.class` is `topology.classRef.name`; `controlPlaneRef` and `infrastructureRef` have an `apiGroup`; `machineHealthCheck` is `healthCheck`; timeouts are `..Seconds`"
        }
        "KubeadmControlPlane"
        | "KubeadmControlPlaneTemplate"
        | "KubeadmConfig"
        | "KubeadmConfigTemplate" => {
            "what changed: `extraArgs` and `kubeletExtraArgs` are lists of `name` and `value`; timeouts are `..Seconds`; `rolloutStrategy` is `rollout.strategy`; `machineTemplate` has a `spec`"
        }
        _ => {
            "what changed: references have an `apiGroup`; timeouts are `..Seconds`; `strategy` is `rollout.strategy`; conditions of health checks stand in `checks`"
        }
    };
    found.help(changes)
}

/// A reference that Cluster API refuses, or that leads nowhere.
pub(super) const TEMPLATE_REF: Code = Code::new("cluster/template-ref");

/// A kind that is no template.
pub(super) fn no_template(kind: &str, with: &str, exists: bool, span: Span) -> Diagnostic {
    let found =
        Diagnostic::error(TEMPLATE_REF, format!("a `{kind}` as template"), span, "not a template")
            .help("a class points to kinds whose names end in `Template`");
    nearly(found, span, kind, exists.then_some(with))
}

/// A template that the program does not make.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Absent {
    pub(super) kind: String,
    pub(super) name: String,
    pub(super) known: Vec<String>,
    pub(super) near: Option<String>,
    /// What else has the name.
    pub(super) other: Option<String>,
    /// Whether the program makes no object of the kind at all.
    pub(super) is_elsewhere: bool,
}

/// A reference to nothing.
pub(super) fn absent(absent: &Absent, span: Span) -> Diagnostic {
    let (kind, name) = (&absent.kind, &absent.name);
    let title = format!("no `{kind}` is called `{name}`");
    if absent.is_elsewhere {
        return Diagnostic::warning(TEMPLATE_REF, title, span, "made elsewhere?").help(format!(
            "this program makes no `{kind}`: what patches do to it cannot be decided"
        ));
    }
    let found = Diagnostic::error(TEMPLATE_REF, title, span, "no such template");
    let found = match &absent.other {
        Some(other) => found.help(other.clone()),
        None if absent.known.is_empty() => found,
        None => found.help(there_are(&absent.known)),
    };
    nearly(found, span, name, absent.near.as_deref())
}

/// A patch that changes nothing.
pub(super) const PATCH_MISSES: Code = Code::new("cluster/patch-misses");

/// A selector without a part.
pub(super) fn selects_nothing(patch: &str, class: &str, span: Span) -> Diagnostic {
    Diagnostic::error(
        PATCH_MISSES,
        format!("the patch `{patch}` of `{class}` selects nothing"),
        span,
        "no `matchResources` says which",
    )
    .help("`infrastructureCluster = true`, `controlPlane = true`, or `machineDeploymentClass { names = [..] }`")
}

/// A part of a selector that matches no template.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Miss {
    pub(super) patch: String,
    /// The part: `controlPlane`.
    pub(super) key: String,
    /// What it means, in words.
    pub(super) place: String,
    pub(super) kind: String,
    pub(super) version: String,
    /// Kinds and versions of the templates that are there.
    pub(super) has: Vec<(String, String)>,
}

impl Miss {
    fn other_version(&self) -> Option<&str> {
        let same = self.has.iter().find(|(kind, _)| *kind == self.kind);
        same.map(|(_, version)| version.as_str())
    }

    /// What of the selector is wrong: the version where the kind is there, else the kind.
    pub(super) fn part(&self) -> String {
        if self.other_version().is_some() { self.version.clone() } else { self.kind.clone() }
    }
}

/// A selector whose kind is none of those that it means.
pub(super) fn misses(miss: &Miss, span: Span) -> Diagnostic {
    let Miss { patch, key, place, kind, version, has } = miss;
    let title = format!("`{key}` of the patch `{patch}` matches no `{kind}`");
    let found = Diagnostic::error(PATCH_MISSES, title, span, "no such template there");
    if let Some(other) = miss.other_version() {
        let found = found.help(format!("{place} has a `{kind}` of `{other}`"));
        return nearly(found, span, version, Some(other));
    }
    let list: Vec<String> =
        has.iter().map(|(kind, version)| format!("`{kind}` of `{version}`")).collect();
    if list.is_empty() {
        return found.help(format!("{place} has no template"));
    }
    let kinds = has.iter().map(|(kind, _)| kind.as_str());
    let near = crate::diag::nearest(kind, kinds).map(str::to_owned);
    nearly(found.help(format!("{place} has {}", list.join(", "))), span, kind, near.as_deref())
}

/// A selector that names a class of workers that is not there.
pub(super) fn no_such_class(
    patch: &str,
    name: &str,
    list: &str,
    known: &[String],
    near: Option<&str>,
    span: Span,
) -> Diagnostic {
    let title = format!("the patch `{patch}` selects `{name}`, which no class of {list} is called");
    let found = Diagnostic::error(PATCH_MISSES, title, span, "no such class");
    let found = if known.is_empty() {
        found.help(format!("the class has no {list}"))
    } else {
        found.help(there_are(known))
    };
    nearly(found, span, name, near)
}

/// A path that a patch cannot change.
pub(super) const BAD_PATH: Code = Code::new("cluster/patch-path");

/// Why a path cannot be changed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum BadPath {
    /// It does not begin with `/spec`.
    NotBelowSpec,
    /// A `~` escapes nothing in this part.
    Escape(String),
    /// An item of a list by its number.
    Index { op: String, part: String },
    /// The type has no such thing.
    Astray { fault: Fault, above: String, part: String, kind: String, escaped: String },
    /// The template has nothing there.
    Absent { op: String, missing: String, is_list: bool, kind: String, name: String },
}

/// A path that cannot be changed.
pub(super) fn bad_path(patch: &str, path: &str, why: &BadPath, span: Span) -> Diagnostic {
    let error = |title: String, label: &str| Diagnostic::error(BAD_PATH, title, span, label);
    match why {
        BadPath::NotBelowSpec => {
            error(format!("the patch `{patch}` changes `{path}`"), "not below `/spec`")
                .help("patches may change what lies below `/spec`; labels of machines are in `/spec/template/metadata/labels`")
        }
        BadPath::Escape(part) => {
            error(format!("`~` escapes nothing in `{part}`"), "`~0` or `~1` is meant")
                .help("`~1` is a `/` in a key, and `~0` a `~`")
        }
        BadPath::Index { op, part } if op == "add" => {
            error(format!("`add` at the place `{part}` of a list"), "`0` or `-` is wanted")
                .help("`0` puts an item first, and `-` last")
        }
        BadPath::Index { op, part } => {
            error(format!("`{op}` of the item `{part}` of a list"), "items cannot be named here")
                .help("Cluster API replaces and removes lists as a whole only")
        }
        BadPath::Astray { fault, above, part, kind, escaped } => match fault {
            Fault::NoField(near) => {
                let title = format!("a `{kind}` has no `{part}` in `{above}`");
                nearly(error(title, "no such field"), span, part, near.as_deref())
            }
            Fault::Slash => {
                let title = format!("`{part}` below `{above}`, which is a text");
                error(title, "part of the key before it?")
                    .help(format!("a `/` in a key is written `~1`: `{escaped}`"))
            }
            Fault::Scalar(words) => {
                error(format!("`{part}` below `{above}`, which is {words}"), "nothing lies below it")
            }
            Fault::NoIndex => {
                error(format!("`{part}` in the list `{above}`"), "`-` or `0` is wanted")
                    .help("`-` adds an item at the end, and `0` at the front")
            }
        },
        BadPath::Absent { op, missing, is_list, kind, name } => {
            let title = if missing == path {
                format!("`{op}` at `{path}`, which the template does not have")
            } else {
                format!("`{op}` at `{path}`, and the template has no `{missing}`")
            };
            let found = error(title, "not in the template");
            let found = match (op.as_str(), is_list) {
                ("add", true) => found.help(format!(
                    "give the {kind} `{name}` the list, or add the whole list at `{missing}`"
                )),
                ("add", false) => found.help(format!(
                    "`add` makes the last part only: give the {kind} `{name}` what lies above, or add it whole at `{missing}`"
                )),
                ("replace", _) => found.help("`add` sets what may be there or not"),
                _ => found,
            };
            found.help("Cluster API applies the patch to every template that its selector matches, and stops at the first failure")
        }
    }
}

/// What a patch writes is not what the field takes.
pub(super) const PATCH_VALUE: Code = Code::new("cluster/patch-value");

/// Not exactly one value.
pub(super) fn one_value(op: &str, path: &str, given: &str, span: Span) -> Diagnostic {
    let title = if given.is_empty() {
        format!("`{op}` at `{path}` without a value")
    } else {
        format!("`{op}` at `{path}` with `{given}`")
    };
    let label = if given.is_empty() { "nothing to write" } else { "one value is wanted" };
    Diagnostic::error(PATCH_VALUE, title, span, label)
        .help("exactly one of `value`, `valueFrom.variable` and `valueFrom.template` is wanted")
}

/// A value that the field refuses.
pub(super) fn bad_value(value: &Unfitting, span: Span) -> Diagnostic {
    let Unfitting { what, found, wanted, .. } = value;
    Diagnostic::error(
        PATCH_VALUE,
        format!("{found} at `{what}`{}, which takes {wanted}", inside(value)),
        span,
        "not what the field takes",
    )
}

fn inside(value: &Unfitting) -> String {
    let path = value.path.trim_start_matches('.');
    if path.is_empty() { String::new() } else { format!(", in `{path}`") }
}

/// Not exactly one of definitions and an extension.
pub(super) fn definitions_or_external(patch: &str, both: bool, span: Span) -> Diagnostic {
    let how = if both { "with `definitions` and `external`" } else { "that changes nothing" };
    Diagnostic::error(
        PATCH_VALUE,
        format!("the patch `{patch}` {how}"),
        span,
        "one of both is wanted",
    )
    .help("`definitions` say the changes here, `external` names an extension that makes them")
}

/// A builtin variable where it does not exist.
pub(super) const BUILTIN_SCOPE: Code = Code::new("cluster/builtin-scope");

/// A builtin variable, and the templates for which it does not exist.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Scope {
    patch: String,
    name: String,
    record: String,
    without: Vec<String>,
    is_condition: bool,
}

impl Scope {
    pub(super) fn new(
        patch: &str,
        name: &str,
        record: &str,
        without: &[Role<'_>],
        is_condition: bool,
    ) -> Self {
        let mut words: Vec<String> = without.iter().map(|role| role_words(*role)).collect();
        words.dedup();
        Self {
            patch: patch.to_owned(),
            name: name.to_owned(),
            record: record.to_owned(),
            without: words,
            is_condition,
        }
    }
}

fn role_words(role: Role<'_>) -> String {
    match role {
        Role::Cluster => "the cluster's infrastructure".to_owned(),
        Role::ControlPlane => "the control plane".to_owned(),
        Role::Deployment(class) => format!("the MachineDeployment class `{class}`"),
        Role::Pool(class) => format!("the MachinePool class `{class}`"),
        Role::Remediation => "remediation".to_owned(),
    }
}

/// A builtin variable out of its scope.
pub(super) fn out_of_scope(scope: &Scope, span: Span) -> Diagnostic {
    let Scope { patch, name, record, without, is_condition } = scope;
    let places = without.join(" and ");
    let found = Diagnostic::error(
        BUILTIN_SCOPE,
        format!("`{name}` in the patch `{patch}`, which changes templates of {places}"),
        span,
        "does not exist there",
    );
    let found = match record.as_str() {
        "controlPlane" => {
            found.help("`builtin.controlPlane` exists for templates of the control plane only")
        }
        "machineDeployment" => found.help(
            "`builtin.machineDeployment` exists for templates of MachineDeployment classes only",
        ),
        _ => found.help("`builtin.machinePool` exists for templates of MachinePool classes only"),
    };
    if *is_condition {
        found.help(format!("a condition that also runs there asks first: `{{{{ if .builtin.{record} }}}}`, or takes the first that there is: `coalesce`"))
    } else {
        found.help(
            "`builtin.cluster.topology.version` and the rest of `builtin.cluster` exist everywhere",
        )
    }
}

/// A template that gives another result each time.
pub(super) const UNSTABLE: Code = Code::new("cluster/template-unstable");

/// A function of sprig that is random, or knows the time.
pub(super) fn unstable(function: &str, patch: &str, span: Span) -> Diagnostic {
    Diagnostic::warning(
        UNSTABLE,
        format!("`{function}` in the patch `{patch}`"),
        span,
        "another result each time",
    )
    .help("Cluster API renders templates again and again: each time the machines are replaced")
    .help("let the Cluster give the value, as a variable")
}

/// A text that is read as YAML.
pub(super) const UNQUOTED: Code = Code::new("cluster/template-unquoted");

/// A template that prints a text alone.
pub(super) fn unquoted(variable: &str, path: &str, span: Span) -> Diagnostic {
    Diagnostic::warning(
        UNQUOTED,
        format!("`{variable}` is read as YAML before it is written to `{path}`"),
        span,
        "`1.30` becomes a number here",
    )
    .help(format!("`valueFrom {{ variable = \"{variable}\" }}` writes the text as it is"))
    .help("in a template, quote it: `{{ .name | quote }}`")
}

/// A list or record in Go's own form.
pub(super) fn printed(variable: &str, words: &str, is_alone: bool, span: Span) -> Diagnostic {
    let found = Diagnostic::error(
        variable::TYPE,
        format!("`{variable}` is {words}, and a template prints it in a form of Go's own"),
        span,
        "no YAML comes out",
    );
    if is_alone {
        found.help(format!("`valueFrom {{ variable = \"{variable}\" }}` writes it as it is"))
    } else {
        found.help(format!(
            "`{{{{ .{variable} | toJson }}}}` prints what YAML reads, and `range` goes through it"
        ))
    }
}

/// Two of one name.
pub(super) const DUPLICATE: Code = Code::new("cluster/duplicate-name");

/// Two variables, patches or classes of one name.
pub(super) fn duplicate(what: &str, name: &str, span: Span, first: Span) -> Diagnostic {
    Diagnostic::error(DUPLICATE, format!("two {what} `{name}`"), span, "the second of them")
        .because(first, "the first is here")
}

/// A class that a Cluster names and that is not there.
pub(super) const UNKNOWN_CLASS: Code = Code::new("cluster/unknown-class");

/// A ClusterClass that the program does not make.
pub(super) fn unknown_class(
    name: &str,
    known: &[String],
    near: Option<&str>,
    elsewhere: Option<&(String, String)>,
    span: Span,
) -> Diagnostic {
    let found = Diagnostic::error(
        UNKNOWN_CLASS,
        format!("no ClusterClass is called `{name}`"),
        span,
        "no such class",
    );
    if let Some((there, here)) = elsewhere {
        return found.help(format!(
            "`{name}` lives in `{there}`, and is looked for in `{here}`: `classRef {{ namespace = \"{there}\" }}`"
        ));
    }
    nearly(found.help(there_are(known)), span, name, near)
}

/// A class of workers that the ClusterClass does not have.
pub(super) fn unknown_worker(
    name: &str,
    class: &str,
    list: &str,
    known: &[String],
    near: Option<&str>,
    span: Span,
) -> Diagnostic {
    let title = format!("the ClusterClass `{class}` has no class `{name}` of {list}");
    let found = Diagnostic::error(UNKNOWN_CLASS, title, span, "no such class");
    let found = if known.is_empty() {
        found.help(format!("it has no {list}"))
    } else {
        found.help(format!("it has {}", listed(known)))
    };
    nearly(found, span, name, near)
}
