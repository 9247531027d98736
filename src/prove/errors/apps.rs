//! The messages about what Argo CD makes applications of.

use crate::argocd::{NO_NAME, UNKNOWN_PARAMETER};
use crate::diag::{Code, Diagnostic};
use crate::source::{Span, Sym};

pub(in crate::prove) fn no_name(what: &str, name: &str, at: Span) -> Diagnostic {
    Diagnostic::error(NO_NAME, format!("`{name}` is no {what}"), at, "makes it")
        .help("a name has small letters, digits, and `-` inside")
}

pub(in crate::prove) fn letter(what: &str, letter: char, at: Span) -> Diagnostic {
    Diagnostic::error(NO_NAME, format!("`{letter}` in a {what}"), at, "no letter of a name")
        .help("a name has small letters, digits, and `-` inside")
}

pub(in crate::prove) fn free_text(
    what: &str,
    read: &str,
    sister: Option<&str>,
    at: Span,
) -> Diagnostic {
    let error = Diagnostic::error(
        NO_NAME,
        format!("`{read}` may hold what no {what} has"),
        at,
        "anything may stand in it: slashes, blanks, capital letters",
    );
    match sister {
        Some(sister) => error.help(format!("`{sister}` is the same in letters of a name")),
        None => error.help(format!("`slug({read})` is the same in letters of a name")),
    }
}

/// A name that is too long.
pub(in crate::prove) const LONG_NAME: Code = Code::new("appset/long-name");

pub(in crate::prove) fn long_name(what: &str, name: &str, prefix: &str, at: Span) -> Diagnostic {
    let length = name.chars().count();
    let error = Diagnostic::error(
        LONG_NAME,
        format!("the {what} `{name}` has {length} characters"),
        at,
        "at most 63 are taken",
    );
    match prefix {
        "" => error,
        _ => error.help(format!("`{prefix}` stands before it: each cluster has a set of its own")),
    }
}

pub(in crate::prove) fn never_short(what: &str, least: u32, at: Span) -> Diagnostic {
    Diagnostic::error(
        LONG_NAME,
        format!("a {what} has at least {least} characters here"),
        at,
        "at most 63 are taken",
    )
}

/// Two applications of one name.
pub(in crate::prove) const SAME_NAME: Code = Code::new("appset/same-name");

pub(in crate::prove) fn same_name(
    what: &str,
    generator: Sym,
    missing: &str,
    is_read: bool,
    at: Span,
) -> Diagnostic {
    let label = if is_read { "does not tell them apart" } else { "is the same for all of them" };
    Diagnostic::error(
        SAME_NAME,
        format!("applications of `{generator}` may share a {what}"),
        at,
        label,
    )
    .help(format!("put `\\({missing})` into it"))
}

pub(in crate::prove) fn same_folders(
    what: &str,
    (first, second): (&str, &str),
    missing: &str,
    at: Span,
    patterns: Span,
) -> Diagnostic {
    Diagnostic::error(
        SAME_NAME,
        format!("`{first}` and `{second}` would share a {what}"),
        at,
        "does not tell them apart",
    )
    .because(patterns, "finds both")
    .help(format!("put `\\({missing})` into it, as text of a name: `slug({missing})`"))
}

pub(in crate::prove) fn same_elements(
    what: &str,
    generator: Sym,
    (first, second): (usize, usize),
    is_read: bool,
    at: Span,
) -> Diagnostic {
    let (first, second) = (first + 1, second + 1);
    let label = if is_read { "is the same for both" } else { "does not depend on it" };
    Diagnostic::error(
        SAME_NAME,
        format!("elements {first} and {second} of `{generator}` share a {what}"),
        at,
        label,
    )
    .help(format!("put what tells the elements of `{generator}` apart into it"))
}

pub(in crate::prove) fn taken_name(name: &str, other: &str, at: Span, first: Span) -> Diagnostic {
    Diagnostic::error(
        SAME_NAME,
        format!("`{name}` is the name of two Applications"),
        at,
        "makes one of that name",
    )
    .because(first, format!("`{other}` makes the other"))
}

pub(in crate::prove) fn same_paths(path: &str, other: &str, at: Span, first: Span) -> Diagnostic {
    Diagnostic::error(
        SAME_NAME,
        format!("what `{path}` finds gets one name in two sets"),
        at,
        "the same name",
    )
    .because(first, format!("`{other}` reads the same, and calls it the same"))
}

pub(in crate::prove) fn not_given(read: &str, at: Span) -> Diagnostic {
    Diagnostic::error(UNKNOWN_PARAMETER, format!("nothing gives `{read}`"), at, "read here")
}

/// A parameter that may be missing, with nothing for that case.
pub(in crate::prove) const MAY_LACK: Code = Code::new("appset/may-lack");

pub(in crate::prove) fn may_lack(read: &str, at: Span) -> Diagnostic {
    Diagnostic::error(MAY_LACK, format!("`{read}` may be missing"), at, "read here")
        .help(format!("say what stands for it then: `{read} ?? \"..\"`"))
}

/// A part of a path that is not there.
pub(in crate::prove) const NO_SEGMENT: Code = Code::new("appset/no-segment");

pub(in crate::prove) fn no_segment(
    read: &str,
    pattern: &str,
    parts: usize,
    at: Span,
    lost: Span,
) -> Diagnostic {
    let parts = match parts {
        1 => "one part".to_owned(),
        parts => format!("{parts} parts"),
    };
    Diagnostic::error(NO_SEGMENT, format!("`{read}` is not there"), at, "read here")
        .because(lost, format!("a folder that `{pattern}` leads to has {parts}"))
        .help("parts are counted from 0")
}

/// A generator that finds nothing.
pub(in crate::prove) const NOTHING: Code = Code::new("appset/nothing-found");

pub(in crate::prove) fn nothing(
    generator: Sym,
    environment: Option<Sym>,
    is_matrix: bool,
    at: Span,
) -> Diagnostic {
    let title = match environment {
        Some(environment) => {
            format!("`{generator}` finds no cluster in `{environment}`")
        }
        None => format!("`{generator}` finds no cluster"),
    };
    let error = Diagnostic::error(NOTHING, title, at, "fits none");
    let error = error.help("clusters of this program are found, not those that are `external`");
    if is_matrix {
        error.help("in a matrix, the other generator then makes nothing, either")
    } else {
        error
    }
}

/// Two generators that give one parameter.
pub(in crate::prove) const CLASH: Code = Code::new("appset/clash");

pub(in crate::prove) fn clash(a: Sym, b: Sym, both: &str, at: Span) -> Diagnostic {
    Diagnostic::error(
        CLASH,
        format!("`{a}` and `{b}` both give `{both}` to Argo CD"),
        at,
        "one of them would be read for both",
    )
    .help(format!(
        "rename the generator, or the key `{both}` of the files: Argo CD has one place for it"
    ))
}

/// A template of Argo CD's among values that keep their types.
pub(in crate::prove) const MIXED: Code = Code::new("appset/template-in-values");

pub(in crate::prove) fn mixed(at: Span, typed: Span) -> Diagnostic {
    Diagnostic::error(
        MIXED,
        "a template among values that keep their types",
        at,
        "would be read as YAML",
    )
    .because(typed, "this value is no text")
    .help("write the parameter as a hole: `\\(..)`")
}

/// A protected environment on a revision that moves.
pub(in crate::prove) const MOVING: Code = Code::new("appset/moving-revision");

pub(in crate::prove) fn moving_revision(
    revision: &str,
    cluster: Sym,
    environment: Sym,
    at: Span,
) -> Diagnostic {
    Diagnostic::warning(
        MOVING,
        format!("`{cluster}` follows `{revision}`, which moves"),
        at,
        format!("goes to `{environment}`, which is protected"),
    )
    .help("name a tag or commit: promoting is to change it here, and `iflux plan` shows that")
}

/// An environment that is ahead of the one before it.
pub(in crate::prove) const STAGE_ORDER: Code = Code::new("appset/stage-order");

/// Environments and versions: the later one's, and the earlier one's.
pub(in crate::prove) fn stage_order(
    (later, earlier): (Sym, Sym),
    (newer, older): (&str, &str),
    at: Span,
) -> Diagnostic {
    let title = format!("`{later}` runs `{newer}`, and `{earlier}` before it `{older}`");
    Diagnostic::warning(STAGE_ORDER, title, at, format!("newer in `{later}`")).help(format!(
        "`{later}` comes after `{earlier}`: what it runs was never there; promote `{newer}` to `{earlier}` first, or take `{later}` back"
    ))
}

/// One set for all clusters whose values depend on the cluster.
pub(in crate::prove) const ONE_SET: Code = Code::new("appset/one-set");

pub(in crate::prove) fn one_set(
    clusters: Option<(Sym, Sym)>,
    by: Option<Sym>,
    at: Span,
) -> Diagnostic {
    let title = match clusters {
        Some((first, second)) => {
            format!("one set for all clusters, and `{first}` and `{second}` want different ones")
        }
        None => "one set for all clusters, and they want different ones".to_owned(),
    };
    let error = Diagnostic::error(ONE_SET, title, at, "depends on `here`");
    match by {
        Some(by) => error.help(format!(
            "`{by}` says which cluster an application goes to: read `{by}.environment`, not `here`"
        )),
        None => error
            .help("`destination` says where applications go: let the generator give what differs"),
    }
}

/// A guard whose objects Argo CD cannot read.
pub(in crate::prove) const GUARD_NOWHERE: Code = Code::new("appset/guard-without-repo");

pub(in crate::prove) fn guard_nowhere(at: Span) -> Diagnostic {
    Diagnostic::error(
        GUARD_NOWHERE,
        "nothing says where Argo CD finds the objects of this guard",
        at,
        "they stand in the output",
    )
    .help("set `repo` of the `platform`: the repository that the output is committed to")
}

/// Applications that are said to expire, and to stay.
pub(in crate::prove) const EXPIRES_KEPT: Code = Code::new("appset/expires-kept");

/// Spans: what expires, and `keep`.
pub(in crate::prove) fn expires_kept([at, keep]: [Span; 2]) -> Diagnostic {
    Diagnostic::error(
        EXPIRES_KEPT,
        "`expires` ends no application that is kept",
        at,
        "takes the label away, and nothing goes",
    )
    .because(keep, "applications that are not found any more stay")
    .help("leave `keep` away: what pull requests made goes with them then")
}

/// GitHub asked more often than it answers without a token.
pub(in crate::prove) const ASKED_TOO_OFTEN: Code = Code::new("appset/asked-too-often");

pub(in crate::prove) fn asked_too_often(asks: i64, free: i64, at: Span) -> Diagnostic {
    Diagnostic::warning(
        ASKED_TOO_OFTEN,
        format!("GitHub is asked {asks} times an hour without a token"),
        at,
        format!("{free} are answered"),
    )
    .help("set `token`, or look less often; each cluster of `clusters` has a set that asks")
}

/// A key by which generators cannot be merged.
pub(in crate::prove) const MERGE_KEY: Code = Code::new("appset/merge-key");

/// What is wrong about a key.
#[derive(Clone, Copy, Debug)]
pub(in crate::prove) enum Unfit {
    /// A generator does not give it.
    Missing,
    /// It gives it for some of what it finds.
    Sometimes,
    /// It gives one value twice.
    Twice,
}

/// Span: the key. Where a value is given twice, `key` is that value.
pub(in crate::prove) fn merge_key(key: &str, generator: Sym, unfit: Unfit, at: Span) -> Diagnostic {
    let (title, label) = match unfit {
        Unfit::Missing => {
            (format!("`{generator}` gives no `{key}` to merge by"), "not given".to_owned())
        }
        Unfit::Sometimes => (
            format!("`{generator}` does not always give `{key}`"),
            "what lacks it is merged with all that lacks it".to_owned(),
        ),
        Unfit::Twice => {
            (format!("`{generator}` finds `{key}` twice"), "Argo CD refuses the set".to_owned())
        }
    };
    Diagnostic::error(MERGE_KEY, title, at, label)
        .help("both generators give every key of `merge`, as a parameter of its own, and each of them a value only once")
}
