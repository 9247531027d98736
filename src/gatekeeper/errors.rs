//! What is said of policies, and of what they refuse.

use super::study::Flaw;
use crate::diag::{Code, Diagnostic, Level};
use crate::embedded::rego::{ForeignKind, LONGEST, MOST_LINES, RunError, SECONDS};
use crate::source::Span;

/// A policy without the rule that Gatekeeper asks for.
pub(crate) const NO_VIOLATION: Code = Code::new("policy/no-violation");

/// Span: the policy's package. `near` is a rule of it that may be meant.
pub(crate) fn no_violation(near: Option<(&str, Span)>, at: Span) -> Diagnostic {
    let found = Diagnostic::error(
        NO_VIOLATION,
        "a policy that can refuse nothing: it has no rule `violation`",
        at,
        "without `violation`",
    )
    .help("Gatekeeper asks for `violation` alone: `violation contains {\"msg\": msg} if { .. }`");
    match near {
        Some((name, near)) => found.because(near, format!("`{name}` is asked by nobody")),
        None => found,
    }
}

/// A parameter that is read and not there.
pub(crate) const UNKNOWN_PARAMETER: Code = Code::new("policy/unknown-parameter");

/// Span: the name in the policy.
pub(crate) fn unknown_parameter(
    name: &str,
    known: &[&str],
    near: Option<&str>,
    at: Span,
) -> Diagnostic {
    let title = format!("the policy reads a parameter `{name}` that it is not told");
    let found =
        Diagnostic::error(UNKNOWN_PARAMETER, title, at, "has no value: the rule never holds");
    let found = match known {
        [] => found.help(format!("declare it: `param {{ {name} = .. }}`")),
        _ => {
            let shown: Vec<String> = known.iter().map(|it| format!("`{it}`")).collect();
            found.help(format!("it is told {}", shown.join(", ")))
        }
    };
    found.suggest(at, near)
}

/// A parameter that nothing reads.
pub(crate) const UNREAD_PARAMETER: Code = Code::new("policy/unread-parameter");

/// Span: the parameter.
pub(crate) fn unread_parameter(name: &str, at: Span) -> Diagnostic {
    let title = format!("the policy does not read its parameter `{name}`");
    Diagnostic::error(UNREAD_PARAMETER, title, at, "decides nothing").help(format!(
        "read `input.parameters.{name}` (in CEL `variables.params.{name}`), or leave it out"
    ))
}

/// What Gatekeeper does not give to policies.
pub(crate) const NOT_GIVEN: Code = Code::new("policy/not-given");

/// Span: what is asked for.
pub(crate) fn not_given(
    kind: ForeignKind,
    written: &str,
    near: Option<&str>,
    at: Span,
) -> Diagnostic {
    let (title, label, help) = match kind {
        ForeignKind::Function => (
            format!("Gatekeeper lets no policy call `{written}`"),
            "asks the world outside, or the clock",
            "what a policy decides by is in the object, in `input.parameters`, or in `data.inventory`",
        ),
        ForeignKind::Data => (
            format!("Gatekeeper gives no policy `{written}`"),
            "is never there",
            "`data.inventory` holds other objects of the cluster; a template with this is refused",
        ),
        ForeignKind::Input => (
            format!("Gatekeeper gives no policy `input.{written}`"),
            "has no value: the rule never holds",
            "it gives `input.review`, with the object as `input.review.object`, and `input.parameters`",
        ),
        ForeignKind::Variable => (
            format!("no policy is given `{written}`"),
            "has no value: what is asked about is refused",
            "in CEL there are `object`, `oldObject`, `request`, and what the block says as `variables.params`",
        ),
        ForeignKind::Unknown => (
            format!("neither CEL nor Kubernetes has a function `{written}`"),
            "is not known: the API server takes no such policy",
            "what there is stands in Kubernetes' documentation: \"CEL in Kubernetes\"",
        ),
    };
    Diagnostic::error(NOT_GIVEN, title, at, label).help(help).suggest(at, near)
}

/// A policy that cannot be run.
pub(crate) const FAILS: Code = Code::new("policy/fails");

/// Span: the policy.
pub(crate) fn fails(address: &str, on: &str, error: &RunError, at: Span) -> Diagnostic {
    let (label, help) = match error {
        RunError::TooLong => (
            format!("takes more than {SECONDS} s on {on}"),
            format!("an API server waits for every policy: loop over the object, not over pairs of its parts (a policy has at most {LONGEST} bytes and {MOST_LINES} lines)"),
        ),
        RunError::Failed(said) => (
            format!("fails on {on}: {said}"),
            "what fails here is refused or passed unseen in the cluster; what only this compiler's engine cannot run is not passed over: write it another way".to_owned(),
        ),
        RunError::NotKnown(what) => (
            format!("cannot be run here on {on}: {what}"),
            "what this compiler's engine cannot run is not passed over: write it another way, with `has(..)` before what may not be set".to_owned(),
        ),
        RunError::NoMessage(item) => (
            format!("gives {item} for {on}"),
            "a member of `violation` is an object with a text `msg`: `{\"msg\": msg}`".to_owned(),
        ),
    };
    Diagnostic::error(FAILS, format!("`{address}` cannot be run"), at, label).help(help)
}

/// An object that a policy of the same program refuses.
pub(crate) const REFUSED: Code = Code::new("policy/refused");

/// Spans: the object's resource, the policy. `what` is the object, `action` what the policy does.
pub(crate) fn refused(
    policy: &str,
    what: &str,
    action: &str,
    messages: &[String],
    [at, policy_at]: [Span; 2],
) -> Diagnostic {
    let level = if action == "deny" { Level::Error } else { Level::Warning };
    let title = match action {
        "deny" => format!("`{policy}` refuses {what}"),
        "warn" => format!("`{policy}` warns of {what}"),
        _ => format!("`{policy}` reports {what}"),
    };
    let (first, rest) = match messages.split_first() {
        Some((first, rest)) => (first.as_str(), rest),
        None => ("is objected to", &[] as &[String]),
    };
    let mut found = Diagnostic::new(level, REFUSED, title)
        .at(at, first.to_owned())
        .because(policy_at, "this policy says so");
    for message in rest.iter().take(4) {
        found = found.help(format!("and: {message}"));
    }
    if rest.len() > 4 {
        found = found.help(format!("and {} more", rest.len() - 4));
    }
    found.help("mend it, or name its namespace in the policy's `except`")
}

/// A policy that never sees the containers of what it is for.
pub(crate) const NEVER_LOOKS_INSIDE: Code = Code::new("policy/never-looks-inside");
/// A policy that does not judge all containers.
pub(crate) const SKIPS_CONTAINERS: Code = Code::new("policy/skips-containers");

/// Span: what the policy is for, or the policy.
pub(crate) fn flaw(address: &str, flaw: &Flaw, at: Span) -> Diagnostic {
    match flaw {
        Flaw::NeverLooksInside { kinds, is_for_pods } => {
            let title = format!("`{address}` is for {}, and never looks inside", listed(kinds));
            let label = "a container that it refuses in a Pod passes there";
            let level = if *is_for_pods { Level::Warning } else { Level::Error };
            Diagnostic::new(level, NEVER_LOOKS_INSIDE, title).at(at, label).help(
                "it reads `spec.containers`, and these hold theirs below `spec.template`: let it be for `k8s.core.v1.Pod`, with `workloads = true`, and it is asked of their pods",
            )
        }
        Flaw::ImplicitRegistry { refused, passed } => {
            let title = format!("`{address}` refuses `{refused}`, and lets `{passed}` pass");
            Diagnostic::new(Level::Warning, IMPLICIT_REGISTRY, title)
                .at(at, "both are one image")
                .help("what names no registry comes from `docker.io`, and what has no folder from `library` there: put them before the image, and compare then (as `AllowedRegistries` of `std.packs` does)")
        }
        Flaw::SkipsContainers { lists, said } => {
            let lists: Vec<String> = lists.iter().map(|it| (*it).to_owned()).collect();
            let title = format!("`{address}` does not judge {}", listed(&lists));
            let label = format!("of `containers` it says: {said}");
            Diagnostic::new(Level::Warning, SKIPS_CONTAINERS, title).at(at, label).help(
                "whoever wants around the policy puts the container there: go through `containers`, `initContainers` and `ephemeralContainers`",
            )
        }
    }
}

/// A policy that takes an image for another one.
pub(crate) const IMPLICIT_REGISTRY: Code = Code::new("policy/implicit-registry");

/// A constraint of a group that has no constraints.
pub(crate) const WRONG_GROUP: Code = Code::new("policy/wrong-group");

/// Span: the version.
pub(crate) fn wrong_group(kind: &str, version: &str, at: Span) -> Diagnostic {
    const RIGHT: &str = "constraints.gatekeeper.sh/v1beta1";
    let title = format!("there is no kind `{kind}` in `{version}`");
    Diagnostic::error(WRONG_GROUP, title, at, "not the group of constraints")
        .help("Gatekeeper makes the kinds of constraints in `constraints.gatekeeper.sh`; `config.gatekeeper.sh` has `Config` only. Argo CD fails the whole sync for one kind that is not there")
        .fix(format!("replace with `{RIGHT}`"), at, RIGHT, true)
}

/// A constraint whose `match` is a list.
pub(crate) const MATCH_IS_LIST: Code = Code::new("policy/match-is-list");

/// Span: the key.
pub(crate) fn match_is_list(at: Span) -> Diagnostic {
    Diagnostic::error(MATCH_IS_LIST, "`match` of a constraint is no list", at, "is a list")
        .help("it is an object: `match: { kinds: [{ apiGroups: [\"\"], kinds: [Pod] }] }`")
}

/// A ConstraintTemplate that is not called as its kind.
pub(crate) const TEMPLATE_NAME: Code = Code::new("policy/template-name");

/// Span: the name.
pub(crate) fn template_name(name: &str, kind: &str, at: Span) -> Diagnostic {
    let right = kind.to_lowercase();
    let title = format!("the template of `{kind}` is called `{name}`");
    Diagnostic::error(TEMPLATE_NAME, title, at, format!("must be `{right}`"))
        .help("Gatekeeper refuses a template whose name is not its kind in lower case")
        .fix(format!("replace with `{right}`"), at, right, true)
}

/// A schema where none is read.
pub(crate) const SCHEMA_PLACE: Code = Code::new("policy/schema-place");

/// Span: the key.
pub(crate) fn schema_place(key: &str, at: Span) -> Diagnostic {
    let title = format!("`{key}` stands outside of `openAPIV3Schema`, where nothing reads it");
    Diagnostic::error(SCHEMA_PLACE, title, at, "no field of `validation`").help(
        "what a constraint is told has no schema so, and is taken away before the rule reads it: `validation: { openAPIV3Schema: { type: object, properties: .. } }`",
    )
}

/// A schema that is not structural.
pub(crate) const LEGACY_SCHEMA: Code = Code::new("policy/legacy-schema");

/// Span: the key.
pub(crate) fn legacy_schema(at: Span) -> Diagnostic {
    Diagnostic::warning(
        LEGACY_SCHEMA,
        "`legacySchema` leaves what a constraint is told without types",
        at,
        "every value passes",
    )
    .help("give a structural schema (each level has its `type`), and leave it out: a misspelt parameter is refused then")
}

/// A constraint that refuses everywhere.
pub(crate) const NO_EXCLUSION: Code = Code::new("policy/no-exclusion");

/// Span: the constraint's name.
pub(crate) fn no_exclusion(address: &str, at: Span) -> Diagnostic {
    let title = format!("{address} refuses in every namespace, `kube-system` included");
    Diagnostic::warning(NO_EXCLUSION, title, at, "leaves no namespace out").help(
        "pods of the cluster itself, of its network and of Gatekeeper break such rules: name their namespaces in `match.excludedNamespaces`",
    )
}

fn listed(all: &[String]) -> String {
    let all: Vec<String> = all.iter().map(|it| format!("`{it}`")).collect();
    match all.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
        None => String::new(),
    }
}

/// A policy that is for nothing.
pub(crate) const MATCHES_NOTHING: Code = Code::new("policy/matches-nothing");

/// Span: what leaves nothing over.
pub(crate) fn matches_nothing(address: &str, why: &str, at: Span) -> Diagnostic {
    let title = format!("`{address}` is for no object at all");
    Diagnostic::error(MATCHES_NOTHING, title, at, why)
        .help("all that is said in `match` must hold of an object")
}

/// A case of a policy that does not hold.
pub(crate) const CASE_FAILS: Code = Code::new("policy/case-fails");

/// Span: the case's object, or what is expected of it.
pub(crate) fn case_fails(
    address: &str,
    case: &str,
    expected: &str,
    verdict: &super::Verdict,
    at: Span,
) -> Diagnostic {
    let title = format!("the case `{case}` of `{address}` does not hold");
    let label = match verdict.count {
        0 => format!("expected {expected}, and the policy does not object"),
        1 => format!("expected {expected}, and the policy objects once"),
        count => format!("expected {expected}, and the policy objects {count} times"),
    };
    let mut found = Diagnostic::error(CASE_FAILS, title, at, label);
    for message in verdict.messages.iter().take(4) {
        found = found.help(format!("it says: {message}"));
    }
    if !verdict.is_asked {
        found = found.help("the policy is not for this object: see its `match` and `except`");
    }
    found
}

/// A policy of which nothing shows that it refuses anything.
pub(crate) const NEVER_FIRES: Code = Code::new("policy/never-fires");

/// Span: the policy's name.
pub(crate) fn never_fires(address: &str, at: Span) -> Diagnostic {
    let title = format!("nothing shows that `{address}` can refuse anything");
    Diagnostic::warning(NEVER_FIRES, title, at, "no object was found that it objects to").help(
        "add a case that it refuses: `test bad { object = read-yaml(\"testdata/bad-pod.yaml\") }`",
    )
}

/// Two policies with one template.
pub(crate) const ONE_TEMPLATE: Code = Code::new("policy/one-template");

/// Spans: the second policy, the first.
pub(crate) fn one_template(
    first: &str,
    second: &str,
    template: &str,
    [at, other]: [Span; 2],
) -> Diagnostic {
    let title = format!("`{first}` and `{second}` become one ConstraintTemplate `{template}`");
    Diagnostic::error(ONE_TEMPLATE, title, at, "its hyphens are left out")
        .because(other, "and so are these")
}

/// A policy that an API server is too old for.
pub(crate) const TOO_OLD: Code = Code::new("policy/too-old");

/// Spans: who holds the policy, the cluster's version.
pub(crate) fn too_old((cluster, version): (&str, &str), [at, says]: [Span; 2]) -> Diagnostic {
    let title = format!("the API server of `{cluster}` holds no policies");
    Diagnostic::error(TOO_OLD, title, at, "needs Kubernetes 1.30")
        .because(says, format!("`{cluster}` runs {version}"))
        .help("let Gatekeeper hold it (`engine = \"gatekeeper\"` takes CEL, too), or narrow `clusters`")
}
