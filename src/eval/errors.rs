//! The messages of this room; those about what loops and components make stand below, in `errors/component.rs`.

mod component;
pub(super) mod data;

pub(super) use component::{amendment_misses, let_cycle, name_clash, names_cycle, wider_than_use};

use crate::diag::{Code, Diagnostic, Edit};
use crate::source::{Span, Sym};

/// Required fields that nobody sets.
pub(crate) const MISSING_FIELD: Code = Code::new("eval/missing-field");

pub(super) fn missing_fields(
    subject: &str,
    schema: Sym,
    missing: &[(Sym, Span)],
    at: Span,
) -> Diagnostic {
    let names: Vec<String> = missing.iter().map(|(name, _)| format!("`{name}`")).collect();
    let list = match names.as_slice() {
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
        [] => String::new(),
    };
    let mut error = Diagnostic::error(
        MISSING_FIELD,
        format!("`{subject}` lacks {list}"),
        at,
        format!("this `{schema}` lacks {}", if missing.len() == 1 { "a field" } else { "fields" }),
    );
    for (name, declared) in missing.iter().take(3) {
        error = error.because(*declared, format!("`{name}` has no default"));
    }
    error
}

pub(super) fn no_value(path: &str, at: Span, declared: Span) -> Diagnostic {
    Diagnostic::error(
        MISSING_FIELD,
        format!("`{path}` has no value"),
        at,
        "no condition around it holds",
    )
    .because(declared, "it has no default")
    .help("add an `else`, or set it outside the condition")
}

/// A path that is set twice in one layer.
pub(crate) const SET_TWICE: Code = Code::new("eval/set-twice");

pub(super) fn set_twice(path: &str, again: Span, first: Span) -> Diagnostic {
    Diagnostic::error(SET_TWICE, format!("`{path}` is set twice"), again, "set again here")
        .because(first, "it is set here already")
        .help(
            "each path is set once; values that differ by environment go into `by environment { }`",
        )
}

/// A path that two turns of one loop set.
pub(super) fn set_by_turns(path: &str, at: Span) -> Diagnostic {
    Diagnostic::error(SET_TWICE, format!("`{path}` is set twice"), at, "set again here")
        .help("two turns of the loop give this key: a key of a map is set once")
}

/// A key that a computed map gets twice; `turns` are the turns of a comprehension that give it.
pub(super) fn key_twice(
    key: &str,
    again: Span,
    first: Span,
    turns: Option<(usize, usize)>,
) -> Diagnostic {
    let error =
        Diagnostic::error(SET_TWICE, format!("`{key}` is set twice"), again, "set again here");
    match turns {
        Some((one, other)) => error.help(format!(
            "turns {one} and {other} of the loop give this key: a key of a map is set once"
        )),
        None => error
            .because(first, "it is set here already")
            .help("what a map takes over by `...` is replaced by `override key = ..` beside it"),
    }
}

/// A replaced value without the word for it.
pub(crate) const MISSING_OVERRIDE: Code = Code::new("eval/missing-override");

pub(super) fn missing_override(
    path: &str,
    at: Span,
    below: Span,
    below_words: &str,
    start: Span,
) -> Diagnostic {
    Diagnostic::error(
        MISSING_OVERRIDE,
        format!("`{path}` replaces what {below_words} sets"),
        at,
        "says no `override`",
    )
    .because(below, format!("{below_words} sets it here"))
    .help(format!("write `override` before it, and why: `override {path} = .. because \"..\"`"))
    .fix("insert `override`", start, "override ", true)
}

/// An override of what nobody sets.
pub(crate) const OVERRIDE_MISSES: Code = Code::new("eval/override-misses");

pub(super) fn override_misses(path: String, at: Span, word: Option<Span>) -> Diagnostic {
    let error = Diagnostic::error(
        OVERRIDE_MISSES,
        format!("nothing to override at `{path}`"),
        at,
        "no preset sets this",
    )
    .help("setting over a schema's default needs no `override`");
    match word {
        Some(word) => {
            let word = Span::new(word.file, word.start, word.end + 1);
            error.fix("remove `override`", word, "", false)
        }
        None => error,
    }
}

/// A key that is nearly one of a preset's.
pub(crate) const NEAR_MISS: Code = Code::new("eval/near-miss");

pub(super) fn near_miss(
    key: &str,
    near: &str,
    at: Span,
    known: Span,
    overrides: Option<String>,
    start: Span,
) -> Diagnostic {
    if let Some(path) = overrides {
        return Diagnostic::error(
            OVERRIDE_MISSES,
            format!("nothing to override at `{path}`"),
            at,
            format!("no preset has `{key}`"),
        )
        .because(known, format!("there is `{near}`"))
        .suggest(at, Some(near));
    }
    Diagnostic::error(
        NEAR_MISS,
        format!("`{key}` is new, but nearly `{near}`"),
        at,
        format!("did you mean `{near}`?"),
    )
    .because(known, format!("`{near}` is written here"))
    .help("mark it if it is meant: `new` before the block")
    .fix(format!("replace with `{near}`"), at, near, false)
    .fix_all("insert `new`", vec![Edit { span: start, text: "new ".to_owned() }], false)
}

pub(super) fn not_new(key: &str, at: Span, known: Span) -> Diagnostic {
    Diagnostic::error(NEAR_MISS, format!("`{key}` is not new"), at, "exists already")
        .because(known, "it is written here")
        .help("remove `new`")
}

/// Two presets that disagree.
pub(crate) const PRESET_CONFLICT: Code = Code::new("eval/preset-conflict");

pub(super) fn preset_conflict(
    path: &str,
    at: Span,
    first: (Span, &str),
    second: (Span, &str),
) -> Diagnostic {
    Diagnostic::error(
        PRESET_CONFLICT,
        format!("{} and {} disagree on `{path}`", first.1, second.1),
        at,
        "this block must decide",
    )
    .because(first.0, format!("{} sets it here", first.1))
    .because(second.0, format!("{} sets it here", second.1))
    .help(format!("decide in the block: `override {path} = ..`"))
}

/// A removal of what is not there.
pub(crate) const REMOVE_MISSES: Code = Code::new("eval/remove-misses");

pub(super) fn remove_misses(path: &str, at: Span, near: Option<&str>) -> Diagnostic {
    Diagnostic::error(
        REMOVE_MISSES,
        format!("nothing to remove at `{path}`"),
        at,
        "nobody sets this",
    )
    .suggest(at, near)
}

/// A removal of a field that a record always has.
pub(crate) const REMOVE_LASTING: Code = Code::new("eval/remove-lasting");

pub(super) fn remove_lasting(field: Sym, at: Span, has_default: bool) -> Diagnostic {
    let error = Diagnostic::error(
        REMOVE_LASTING,
        format!("`{field}` is always there"),
        at,
        "cannot be removed",
    );
    error.help(if has_default {
        format!("entries of maps and optional fields are removed; set it: `override {field} = ..`")
    } else {
        format!("entries of maps and optional fields are removed; `{field}` is required")
    })
}

/// A write to what a lower layer closed.
pub(crate) const FINAL: Code = Code::new("eval/final");

pub(super) fn is_final(path: &str, at: Span, closed: Span, words: &str) -> Diagnostic {
    Diagnostic::error(FINAL, format!("`{path}` is final"), at, "cannot be changed here")
        .because(closed, format!("{words} closes it with `final`"))
}

/// A `*` that matches nothing.
pub(crate) const STAR_MISSES: Code = Code::new("eval/star-misses");

pub(super) fn star_misses(at: Span, field: Sym, member: Option<Sym>) -> Diagnostic {
    let (shown, label) = match member {
        Some(member) => {
            (format!("`{field} * : {member}`"), format!("no `{field}` is a `{member}`"))
        }
        None => (format!("`{field} *`"), "there is no entry".to_owned()),
    };
    Diagnostic::error(STAR_MISSES, format!("{shown} matches nothing"), at, label)
        .help("a `*` block is a layer below every entry; there must be at least one")
}

/// Something an external resource may not state.
pub(crate) const NOT_A_FACT: Code = Code::new("eval/not-a-fact");

pub(super) fn not_a_fact(field: Sym, subject: Sym, at: Span, declared: Span) -> Diagnostic {
    Diagnostic::error(
        NOT_A_FACT,
        format!("`{field}` of the external `{subject}` is not ours to set"),
        at,
        "not a fact",
    )
    .because(declared, "only fields marked `fact` may be stated of an external resource")
}

pub(super) fn unstated(field: Sym, subject: Sym, at: Span, declared: Span) -> Diagnostic {
    Diagnostic::error(
        NOT_A_FACT,
        format!("the external `{subject}` does not state `{field}`"),
        at,
        "not known",
    )
    .because(declared, format!("state `{field}` here, if it is a fact"))
}

/// Values that need one another.
pub(crate) const CYCLE: Code = Code::new("eval/cycle");

pub(super) fn cycle(path: &[(String, Span)]) -> Diagnostic {
    let names: Vec<&str> = path.iter().map(|(name, _)| name.as_str()).collect();
    let first = names.first().copied().unwrap_or("");
    let title = format!("`{first}` is needed to compute itself: {} -> {first}", names.join(" -> "));
    let mut error = Diagnostic::new(crate::diag::Level::Error, CYCLE, title);
    for (index, (name, span)) in path.iter().enumerate() {
        let next = names.get(index + 1).copied().unwrap_or(first);
        if index == 0 {
            error = error.at(*span, format!("`{name}` needs `{next}`"));
        } else {
            error = error.because(*span, format!("`{name}` needs `{next}`"));
        }
    }
    error
}

/// Something that depends on the target where it may not.
pub(crate) const TARGET: Code = Code::new("eval/target-dependent");

/// Why something may not depend on the target.
#[derive(Clone, Copy, Debug)]
pub(super) enum TargetFree {
    /// It says which blocks there are.
    Existence,
    /// It says where a resource is.
    Clusters,
    /// It belongs to a kind that does not live in clusters: its keyword.
    Kind(Sym),
    /// It belongs to no resource.
    Unknown,
}

/// `at` is where `reader` asks for the target; `links` lead there from `what`, which stands at `place`.
pub(super) fn target_dependent(
    what: &str,
    at: Span,
    reader: &str,
    place: Span,
    reason: TargetFree,
    links: &[(Span, String)],
) -> Diagnostic {
    let mut error = Diagnostic::error(
        TARGET,
        format!("{what} may not depend on the target"),
        at,
        if links.is_empty() {
            "differs from target to target".to_owned()
        } else {
            format!("`{reader}` differs from target to target")
        },
    );
    for (span, words) in links {
        error = error.because(*span, words.clone());
    }
    let (label, help) = match reason {
        TargetFree::Existence => (
            "this block exists if so".to_owned(),
            "which blocks there are is known before any target: say with `clusters` where a block is".to_owned(),
        ),
        TargetFree::Clusters => (
            "its `clusters` say where it is".to_owned(),
            "where a resource is, is known before any target; `by environment` and `here` decide values inside of it".to_owned(),
        ),
        TargetFree::Kind(keyword) => (
            format!("a `{keyword}` is not in a cluster"),
            "`here` and `by` stand in resources that live in clusters, and in what only those read".to_owned(),
        ),
        TargetFree::Unknown => {
            return error.help("`here` and `by` stand in resources that live in clusters");
        }
    };
    error.because(place, label).help(help)
}

/// A `by` that does not say what holds in an environment.
pub(crate) const MISSING_ARM: Code = Code::new("eval/missing-arm");

pub(super) fn missing_arm(
    axis: Sym,
    name: Sym,
    places: &[Span],
    declared: Option<Span>,
) -> Diagnostic {
    let count = places.len();
    let title = if count == 1 {
        format!("no arm for {axis} `{name}`")
    } else {
        format!("no arm for {axis} `{name}` in {count} places")
    };
    let mut error = Diagnostic::new(crate::diag::Level::Error, MISSING_ARM, title);
    for (index, place) in places.iter().enumerate() {
        error = if index == 0 {
            error.at(*place, format!("says nothing for `{name}`"))
        } else {
            error.because(*place, format!("nor does this for `{name}`"))
        };
    }
    if let Some(declared) = declared {
        error = error.because(declared, format!("`{name}` is declared here"));
    }
    error.help(format!("add `{name} = ..`, or an `else`"))
}

/// Arithmetic without a result.
pub(crate) const ARITHMETIC: Code = Code::new("eval/arithmetic");

pub(super) fn arithmetic(problem: &str, at: Span) -> Diagnostic {
    Diagnostic::error(ARITHMETIC, problem.to_owned(), at, "has no exact result")
}

/// A read of what is not in a list or map.
pub(crate) const NO_ENTRY: Code = Code::new("eval/no-entry");

pub(super) fn no_entry(what: &str, at: Span, near: Option<&str>) -> Diagnostic {
    Diagnostic::error(NO_ENTRY, format!("no entry {what}"), at, "not there").suggest(at, near)
}

/// An entry of two maps of one block, read without the map's name.
pub(super) fn entry_of_several(name: &str, at: Span, maps: &[Sym]) -> Diagnostic {
    let mut found = Diagnostic::error(
        crate::types::AMBIGUOUS,
        format!("`{name}` can mean {} entries", maps.len()),
        at,
        "which one?",
    );
    for map in maps {
        let full = format!("{map}.{name}");
        found = found.fix(format!("write `{full}`"), at, full, false);
    }
    found
}

/// A check of a schema that does not hold.
pub(crate) const CHECK: Code = Code::new("eval/check");

pub(super) fn check(
    message: &str,
    at: Span,
    rule: Span,
    warn: bool,
    user: Option<(Span, String)>,
) -> Diagnostic {
    let level = if warn { crate::diag::Level::Warning } else { crate::diag::Level::Error };
    let mut found =
        Diagnostic::new(level, CHECK, message.to_owned()).at(at, "breaks a check of its kind");
    if let Some((span, address)) = user {
        found = found.because(span, format!("`{address}` has it from there"));
    }
    found.because(rule, "the check")
}

/// A reference to a resource that is not there on a target.
pub(crate) const NOT_ON_TARGET: Code = Code::new("eval/not-on-target");

pub(super) fn not_on_target(
    address: &str,
    at: Span,
    declared: Span,
    missing: &[Sym],
    of: usize,
    from: &str,
) -> Diagnostic {
    let quoted: Vec<String> = missing.iter().take(5).map(|name| format!("`{name}`")).collect();
    let more = missing.len().saturating_sub(5);
    let on = match (quoted.as_slice(), more) {
        ([first @ .., last], 0) if !first.is_empty() => format!("{} and {last}", first.join(", ")),
        (all, 0) => all.join(", "),
        (all, more) => format!("{} and {more} more", all.join(", ")),
    };
    let count = missing.len();
    Diagnostic::error(
        NOT_ON_TARGET,
        format!("on {on}, {count} of {of} targets: `{address}` is not there"),
        at,
        format!("missing on {count} of {of} targets"),
    )
    .because(declared, format!("`{address}` exists where its `clusters` say"))
    .help(format!("narrow the `clusters` of `{from}`, or widen those of `{address}`"))
}

/// Resources in clusters that exist on none.
pub(crate) const NO_TARGET: Code = Code::new("eval/no-target");

/// How many places a finding shows beside its first.
const SHOWN: usize = 4;

pub(super) fn no_target(address: &str, at: Span) -> Diagnostic {
    Diagnostic::warning(
        NO_TARGET,
        format!("`{address}` exists on no cluster"),
        at,
        "nothing of it is written",
    )
    .help("its `clusters` are an empty list, so that nothing of it is computed, either")
}

/// Every cluster is external, and resources want the default of `clusters`: one cause for all of them.
pub(super) fn only_external(name: Sym, at: Span, lost: &[(String, Span)]) -> Diagnostic {
    let mut names: Vec<String> =
        lost.iter().take(SHOWN).map(|(address, _)| format!("`{address}`")).collect();
    if lost.len() > names.len() {
        names.push(format!("{} more", lost.len() - names.len()));
    }
    let verb = if lost.len() == 1 { "exists" } else { "exist" };
    let warning = Diagnostic::warning(
        NO_TARGET,
        format!("{} {verb} on no cluster", names.join(", ")),
        at,
        "`all Cluster` leaves this out",
    );
    let warning = lost
        .iter()
        .take(SHOWN)
        .fold(warning, |warning, (_, at)| warning.because(*at, "nothing of this is written"));
    warning.help(format!(
        "`all Cluster`, the default of `clusters`, leaves out what is `external`: write `clusters = [{name}]`"
    ))
}

/// A reference to a resource whose conditions do not hold.
pub(super) fn not_there(address: &str, at: Span, declared: Span) -> Diagnostic {
    Diagnostic::error(
        NOT_ON_TARGET,
        format!("`{address}` does not exist"),
        at,
        "its condition is false",
    )
    .because(declared, "it stands in an `if` that does not hold")
}

/// A program that costs more than the language allows.
pub(crate) const BUDGET: Code = Code::new("eval/budget");

pub(super) fn budget(what: &str, limit: &str, at: Span) -> Diagnostic {
    Diagnostic::error(
        BUDGET,
        format!("this program needs more than {limit} {what}"),
        at,
        "most of them are spent here",
    )
    .help("raise the limit in `iflux.toml` under `[limits]` if it is meant")
}

/// An argument that a function of the library cannot use.
pub(crate) const ARGUMENT: Code = Code::new("eval/argument");

pub(super) fn argument(title: &str, at: Span, help: &str) -> Diagnostic {
    Diagnostic::error(ARGUMENT, title.to_owned(), at, "cannot be used here").help(help)
}

/// The code of a dependency costs more than the dependency allows.
pub(super) fn package_budget(package: &str, what: &str, limit: u64, at: Span) -> Diagnostic {
    let title = format!("the dependency `{package}` needs more than {limit} {what}");
    Diagnostic::error(BUDGET, title, at, "here it passes its limit")
        .help("its own `iflux.toml` sets this limit under `[limits]`")
}

/// A single kind without its block.
pub(crate) const NO_SINGLE: Code = Code::new("eval/no-single");

pub(super) fn no_single(keyword: Sym, at: Span, needed: Span) -> Diagnostic {
    let found = Diagnostic::error(
        NO_SINGLE,
        format!("no `{keyword}` is declared"),
        at,
        format!("needs a `{keyword}`"),
    );
    let found = if needed == at { found } else { found.because(needed, "it is needed here") };
    found.help(format!("declare it: `{keyword} name {{ }}`"))
}

/// A text that cannot be written inside the quotes around its hole.
pub(crate) const HOLE_TEXT: Code = Code::new("eval/hole-text");

pub(super) fn hole_text(at: Span) -> Diagnostic {
    Diagnostic::error(
        HOLE_TEXT,
        "a text with a backtick inside backticks of a query",
        at,
        "holds a backtick",
    )
    .help("write the label's value in double quotes: they can hold every text")
}

/// A range that holds nothing, or whose ends do not go together.
pub(crate) const RANGE: Code = Code::new("eval/range");

pub(super) fn range(
    shown: &str,
    problem: &str,
    at: Span,
    origin: Option<(Span, String)>,
) -> Diagnostic {
    let found =
        Diagnostic::error(RANGE, format!("`{shown}` is no range: {problem}"), at, "no range");
    match origin {
        Some((span, text)) => found.because(span, text),
        None => found,
    }
}
