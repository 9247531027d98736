//! What is said of dashboards that are written as JSON.

use crate::diag::{Code, Diagnostic, Level};
use crate::prove::errors::dashboard::{FIXED_RANGE, MANY_SERIES, MANY_VALUES, VARIABLE_PLACE};
use crate::source::Span;

/// How many further places are pointed to.
const MOST_PLACES: usize = 3;

/// One finding about several places: at the first, with some of the others as reasons.
fn at_all(
    code: Code,
    title: String,
    places: &[Span],
    label: &str,
    others: &str,
) -> Option<Diagnostic> {
    let (first, rest) = places.split_first()?;
    let found = Diagnostic::warning(code, title, *first, label);
    Some(rest.iter().take(MOST_PLACES).fold(found, |found, at| found.because(*at, others)))
}

fn count(of: usize, one: &str) -> String {
    if of == 1 { format!("a {one}") } else { format!("{of} {one}s") }
}

/// A text that is to be a dashboard, and no JSON.
pub(crate) const NO_JSON: Code = Code::new("dashboard/no-json");

pub(in crate::import) fn no_json(name: &str, words: &str, at: Span) -> Diagnostic {
    let title = format!("`{name}` is not JSON: {words}");
    Diagnostic::error(NO_JSON, title, at, "it cannot be read further")
        .help("Grafana reads dashboards as JSON, and passes this one over")
}

/// A dashboard inside of what the API takes.
pub(crate) const WRAPPED: Code = Code::new("dashboard/wrapped");

pub(in crate::import) fn wrapped(is_provisioned: bool, at: Span) -> Diagnostic {
    let title = "Grafana finds no title: the dashboard stands in `dashboard`, not at the root";
    let mut found = Diagnostic::error(WRAPPED, title, at, "only the API takes it so");
    if !is_provisioned {
        found.level = Level::Warning;
        found = found.help("that is right for `POST /api/dashboards/db`, and for no file");
    }
    found.help("a file is refused with \"Dashboard title cannot be empty\": write what is in it at the root")
}

/// What a dashboard lacks.
pub(crate) const LACKS: Code = Code::new("dashboard/lacks");

/// `field` is one of the root.
pub(in crate::import) fn lacks(field: &str, at: Span) -> Diagnostic {
    let title = format!("the dashboard has no `{field}`");
    let found = Diagnostic::warning(LACKS, title, at, format!("no `{field}` beside it"));
    match field {
        "title" => {
            let mut found = found.help("Grafana refuses a dashboard without a title");
            found.level = Level::Error;
            found
        }
        "uid" => found.help("Grafana makes one up, another in each installation: no link to the dashboard, and no change of its title, is safe"),
        _ => found.help("it says how the JSON is to be read; without it Grafana takes it for the oldest and rewrites it at each load: `\"schemaVersion\": 39`"),
    }
}

/// Queries that have no name.
pub(in crate::import) fn no_ref_id(places: &[Span]) -> Option<Diagnostic> {
    let title = format!(
        "{} no `refId`",
        match places.len() {
            1 => "a query has".to_owned(),
            many => format!("{many} queries have"),
        }
    );
    let found = at_all(LACKS, title, places, "a query without a name", "this, too")?;
    Some(found.help(
        "expressions, overrides and alerts name queries by it: `\"refId\": \"A\"`, then B, C ..",
    ))
}

/// A type of panels that there is not.
pub(crate) const PANEL_TYPE: Code = Code::new("dashboard/panel-type");

pub(in crate::import) fn type_gone(
    old: &str,
    new: &str,
    places: &[(Span, bool)],
) -> Option<Diagnostic> {
    let spans: Vec<Span> = places.iter().map(|it| it.0).collect();
    let title = format!(
        "{} of the type `{old}`, which Grafana 12 does not have any more",
        count(spans.len(), "panel")
    );
    let found = at_all(PANEL_TYPE, title, &spans, "made with Angular", "this, too")?;
    Some(found.help(format!("`{new}` has taken its place, with other options: open the dashboard in Grafana 10 or 11, let it migrate, and save the JSON")))
}

pub(in crate::import) fn type_unknown(
    kind: &str,
    near: &str,
    places: &[(Span, bool)],
) -> Option<Diagnostic> {
    let spans: Vec<Span> = places.iter().map(|it| it.0).collect();
    let title = format!("no panel of Grafana has the type `{kind}`");
    let found = at_all(PANEL_TYPE, title, &spans, "unknown type", "this, too")?;
    match places {
        [(at, true)] => Some(found.fix(format!("replace with `{near}`"), *at, near, false)),
        _ => Some(found.help(format!("did you mean `{near}`?"))),
    }
}

/// Panels that do not say whom they ask.
pub(crate) const NO_DATASOURCE: Code = Code::new("dashboard/no-datasource");

pub(in crate::import) fn no_datasource(places: &[Span]) -> Option<Diagnostic> {
    let title = match places.len() {
        1 => "a panel names no data source".to_owned(),
        many => format!("{many} panels name no data source"),
    };
    let found = at_all(NO_DATASOURCE, title, places, "asks whichever is the default", "this, too")?;
    Some(found.help("let people pick one: a variable `datasource` of the type `datasource`, and `\"datasource\": {\"type\": \"prometheus\", \"uid\": \"${datasource}\"}` in each panel"))
}

/// A table that shows no table.
pub(crate) const TABLE_FORMAT: Code = Code::new("dashboard/table-format");

/// `is_table` tells that only the moment is missing.
pub(in crate::import) fn no_table(is_table: bool, at: Span) -> Diagnostic {
    if is_table {
        return Diagnostic::warning(
            TABLE_FORMAT,
            "the table has a row for each series and each step of time",
            at,
            "asks for a range of time",
        )
        .help("what holds now is one row a series: `\"instant\": true` beside the query");
    }
    Diagnostic::warning(
        TABLE_FORMAT,
        "the table shows the times and values of one series, and no labels",
        at,
        "asked for as a time series",
    )
    .help("one row a series, with a column a label: `\"format\": \"table\", \"instant\": true` beside the query")
}

/// A name of a node where an address is.
pub(crate) const NODE_INSTANCE: Code = Code::new("dashboard/node-instance");

pub(in crate::import) fn node_as_instance(
    (variable, label): (&str, &str),
    is_prefix: bool,
    places: &[Span],
    query: Span,
) -> Option<Diagnostic> {
    let title =
        format!("`${variable}` is the name of a node, and `instance` its address with a port");
    let found = at_all(NODE_INSTANCE, title, places, "finds no series", "this, too")?
        .because(query, format!("takes the values of `{label}`"))
        .help("the node exporter's targets are `10.0.1.11:9100`, unless the monitor renames them: pick from `label_values(node_uname_info, instance)`")
        .help("or rename them where they are collected: a relabeling with `sourceLabels: [__meta_kubernetes_pod_node_name]` and `targetLabel: instance`");
    Some(if is_prefix {
        found.help(format!("as the beginning of a name, `node-1` also takes `node-10`: `=\"${variable}\"` takes one"))
    } else {
        found
    })
}

/// `setting` is what lets several be picked; the places are those of the variable, and of the operators with whether they can be replaced.
pub(in crate::import) fn many_values(
    name: &str,
    setting: &str,
    declared: Span,
    places: &[(Span, (Span, bool))],
) -> Option<Diagnostic> {
    let spans: Vec<Span> = places.iter().map(|it| it.0).collect();
    let title = format!("several values of `{name}` can be picked, and `=` compares with one");
    let label = "becomes `(a|b)` where two are picked";
    let found = at_all(MANY_VALUES, title, &spans, label, "this, too")?
        .because(declared, format!("`\"{setting}\": true`: several can be picked"));
    Some(match places {
        [(_, (operator, true))] => found.fix("compare with `=~`", *operator, "=~", true),
        _ => found.help("compare with `=~` or `!~`, which take alternatives"),
    })
}

/// `kept` are the labels in which the series differ.
pub(in crate::import) fn many_series(panel: &str, kept: &[String], at: Span) -> Diagnostic {
    let names: Vec<String> = kept.iter().take(4).map(|name| format!("`{name}`")).collect();
    let title = format!(
        "this {panel} shows a value for each {}, and nothing tells them apart",
        names.join(", ")
    );
    let first = kept.first().map_or("instance", String::as_str);
    Diagnostic::warning(MANY_SERIES, title, at, "many series").help(format!(
        "make one of them, with `sum(..)`, `max(..)` or `count(..)`; or say which is which: `\"legendFormat\": \"{{{{{first}}}}}\"`"
    ))
}

pub(in crate::import) fn lines_alike(
    legend: &str,
    differ: &str,
    at: Span,
    query: Span,
) -> Diagnostic {
    let title = format!("a line for each `{differ}`, and all those are called `{legend}`");
    Diagnostic::warning(MANY_SERIES, title, at, "does not tell them apart")
        .because(query, format!("has a series for each `{differ}`"))
        .help(format!("name it in the legend: `{{{{{differ}}}}}`; or make one of them, with `sum(..)` or `avg(..)`"))
}

/// What is said where a dashboard declares no variable at all.
pub(in crate::import) const NO_VARIABLES: &str = "there is none: they stand in `templating.list`";

pub(in crate::import) fn no_interval(name: &str, kind: &str, at: Span) -> Diagnostic {
    let title = format!("`{name}` is no span of time, and a range is one");
    Diagnostic::error(VARIABLE_PLACE, title, at, format!("a variable of the type `{kind}`"))
        .help("a variable of the type `interval`, or `$__rate_interval`")
}

pub(in crate::import) fn fixed_ranges(places: &[Span]) -> Option<Diagnostic> {
    let title = match places.len() {
        1 => "the range of `rate` stays the same, however much of the past is shown".to_owned(),
        many => format!(
            "{many} queries have a range that stays the same, however much of the past is shown"
        ),
    };
    let mut found = at_all(FIXED_RANGE, title, places, "a fixed range", "this, too")?;
    found.level = Level::Hint;
    Some(found.help("over days a point stands for more than this, and what lies between points is left out: `[$__rate_interval]` grows along"))
}
