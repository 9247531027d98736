//! Messages about files of YAML that the command line names.

pub(super) mod alertmanager;
pub(super) mod dashboard;
pub(super) mod stack;

use crate::diag::{Code, Diagnostic, Level};
use crate::source::Span;

use super::yaml::YamlError;

/// No YAML.
pub(crate) const YAML: Code = Code::new("import/yaml");
/// A file stops being YAML somewhere.
pub(super) fn no_yaml(file: &str, wrong: &YamlError, at: Span) -> Diagnostic {
    let title = format!("`{file}` is not YAML: {}", wrong.words);
    Diagnostic::error(YAML, title, at, "it cannot be read further")
}

/// A template that makes YAML.
pub(crate) const TEMPLATE: Code = Code::new("import/template");
/// A file holds a template of Helm, not what is made of it.
pub(super) fn helm_template(file: &str, at: Span) -> Diagnostic {
    let title = format!("`{file}` is a template of Helm, not YAML");
    Diagnostic::error(TEMPLATE, title, at, "filled in by `helm template`")
        .help("helm template RELEASE CHART > rules.yaml; iflux check rules.yaml")
}

/// An expression holds an action of a template.
pub(super) fn template_in_query(at: Span) -> Diagnostic {
    Diagnostic::error(TEMPLATE, "a query with a template's action in it", at, "filled in by Helm")
        .help("helm template RELEASE CHART > rules.yaml; iflux check rules.yaml")
}

/// Rules that Prometheus refuses to load.
pub(crate) const RULE: Code = Code::new("import/rule");
/// A rule, group or object lacks what it must have.
pub(super) fn lacks(what: &str, field: &str, at: Span) -> Diagnostic {
    Diagnostic::error(RULE, format!("{what} without `{field}`"), at, format!("no `{field}`"))
        .help("Prometheus loads nothing of a file with such a rule")
}

/// A field that there is not.
pub(super) fn unknown_field(
    what: &str,
    name: &str,
    near: Option<&str>,
    known: &[&str],
    at: Span,
) -> Diagnostic {
    let title = format!("{what} has no field `{name}`");
    let found = Diagnostic::error(RULE, title, at, "unknown field");
    match near {
        Some(near) => found.fix(format!("replace with `{near}`"), at, near, false),
        None => found.help(format!("its fields: {}", known.join(", "))),
    }
}

/// A field whose value is of another kind.
pub(super) fn wrong_shape(field: &str, wanted: &str, at: Span) -> Diagnostic {
    Diagnostic::error(RULE, format!("`{field}` is not {wanted}"), at, format!("not {wanted}"))
}

/// A rule that is both, or whose fields belong to the other kind.
pub(super) fn alert_and_record(at: Span, other: Span) -> Diagnostic {
    Diagnostic::error(RULE, "a rule with both `alert` and `record`", at, "records a series")
        .because(other, "and fires an alert")
}

/// A recording rule with fields of alerts.
pub(super) fn not_of_records(field: &str, at: Span) -> Diagnostic {
    let title = format!("a recording rule has no `{field}`");
    Diagnostic::error(RULE, title, at, "a field of alerts")
        .help("Prometheus refuses the whole file")
}

/// No duration.
pub(super) fn no_duration(text: &str, at: Span) -> Diagnostic {
    Diagnostic::error(RULE, format!("`{text}` is no duration"), at, "not `30s`, `5m`, `1h30m`")
        .help("numbers with the units y, w, d, h, m, s, ms, each once, from large to small")
}

/// Two groups of one name.
pub(super) fn group_twice(name: &str, at: Span, first: Span) -> Diagnostic {
    let title = format!("two groups `{name}` in one file");
    Diagnostic::error(RULE, title, at, "the same name")
        .because(first, "the first")
        .help("Prometheus refuses the whole file")
}

/// Alerts that say to nobody what to do.
pub(crate) const NO_RUNBOOKS: Code = Code::new("import/no-runbooks");

pub(super) fn no_runbooks(alerts: usize, at: Span) -> Diagnostic {
    let title = format!("none of the {alerts} alerts says what to do");
    let mut found = Diagnostic::warning(NO_RUNBOOKS, title, at, "the first of them");
    found.level = Level::Hint;
    found.help("who is woken by one needs more than its name: an annotation `runbook_url` with a page for each")
}

/// Nothing to judge.
pub(crate) const NOTHING: Code = Code::new("import/nothing");
/// The named files hold no rules.
pub(crate) fn nothing_known(path: &str) -> Diagnostic {
    let title = format!("`{path}` holds nothing that is known");
    Diagnostic::new(Level::Error, NOTHING, title)
        .help("rules stand in a PrometheusRule, or below `groups:` of a file of Prometheus")
        .help("dashboards are JSON with `panels`, alone or in a ConfigMap; Alertmanager's configuration has `route` and `receivers`")
}
