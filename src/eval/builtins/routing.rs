//! Who hears of an alert.

use super::{Call, Row};
use crate::embedded::alertmanager::{Facts, Matcher, Op, Route, Verdict};
use crate::embedded::promql::labels as query_labels;
use crate::eval::value::{RecordId, Value};
use crate::source::Sym;

pub(super) const ROWS: &[Row] = &[
    ("receivers", |call| {
        let labels = given(call, 1);
        told(call, &Known { labels, own: None })
    }),
    ("receivers-of", of_alert),
];

/// What is known of an alert's labels.
struct Known {
    /// Labels with their values.
    labels: Vec<(String, String)>,
    /// Of an alert of the program: the labels that its series may have beside these; none where they may be any.
    own: Option<Option<Vec<String>>>,
}

impl Facts for Known {
    fn takes(&self, matcher: &Matcher) -> Verdict {
        let found = self.labels.iter().rev().find(|(label, _)| *label == matcher.label);
        let value = match (found, &self.own) {
            (Some((_, value)), _) => value.as_str(),
            (None, Some(None)) => return Verdict::Maybe,
            (None, Some(Some(may))) if may.contains(&matcher.label) => return Verdict::Maybe,
            (None, _) => "",
        };
        if matcher.takes(value) { Verdict::Yes } else { Verdict::No }
    }
}

/// The labels that an argument gives.
fn given(call: &Call<'_, '_>, index: usize) -> Vec<(String, String)> {
    let entries = call.entries(index).into_iter();
    let text = |value| call.cx.store.as_text(value).unwrap_or_default().to_owned();
    entries.map(|(label, value)| (label.to_string(), text(value))).collect()
}

fn of_alert(call: &mut Call<'_, '_>) -> Value {
    let Value::Record(alert) = call.arg(1) else { return Value::Poison };
    let mut labels = Vec::new();
    for (label, field) in [("alertname", "name"), ("severity", "severity")] {
        let value = call.field(alert, field);
        let Some(text) = call.cx.store.as_text(value) else { return Value::Poison };
        labels.push((label.to_owned(), text.to_owned()));
    }
    let Value::Map(run) = call.field(alert, "labels") else { return Value::Poison };
    let mut later = Vec::new();
    for &(label, value) in call.cx.store.entries(run) {
        match call.cx.store.as_text(value) {
            Some(text) => labels.push((label.to_string(), text.to_owned())),
            None => later.push(label.to_string()),
        }
    }
    let query = call.field(alert, "expr");
    let Some(query) = call.cx.store.as_text(query) else { return Value::Poison };
    let mut may = query_labels(query).map(|found| found.names);
    if let Some(may) = &mut may {
        may.append(&mut later);
        // What Prometheus adds when it sends an alert.
        may.extend(["cluster", "prometheus"].map(str::to_owned));
    }
    labels.extend(given(call, 2));
    told(call, &Known { labels, own: Some(may) })
}

/// Who hears of an alert, by the routing that is the first argument.
fn told(call: &mut Call<'_, '_>, known: &Known) -> Value {
    let Some(root) = call.root(call.arg(0)) else { return Value::Poison };
    let mut to = vec![call.field(root, "default")];
    let Some(routes) = routes(call, root, 0, &mut to) else { return Value::Poison };
    let tree = Route { routes, ..Route::default() };
    if !call.work(to.len()) {
        return Value::Poison;
    }
    let taken = tree.taken(known);
    if let Some(undecided) = taken.undecided {
        let label = &undecided.label;
        let title = format!("`{label}` of this alert is known only when it fires");
        let help = format!(
            "a route asks for `{undecided}`: say what it is here, `{{ {label} = \"..\" }}`, or \"\" where it is missing"
        );
        return call.wrong(1, &title, &help);
    }
    let found: Vec<Value> =
        taken.routes.iter().filter_map(|route| to.get(route.number).copied()).collect();
    if found.contains(&Value::Poison) {
        return Value::Poison;
    }
    call.make_list(&found)
}

/// The routes of a record; `to` gets who hears of each, by its number.
fn routes(
    call: &mut Call<'_, '_>,
    record: RecordId,
    around: usize,
    to: &mut Vec<Value>,
) -> Option<Vec<Route>> {
    let Value::Map(run) = call.field(record, "route") else { return None };
    let mut out = Vec::new();
    for (_, route) in call.cx.store.entries(run).to_vec() {
        let Value::Record(route) = route else { return None };
        let number = to.len();
        let own = call.field(route, "to");
        to.push(if own == Value::Absent { *to.get(around)? } else { own });
        let Value::Map(when) = call.field(route, "when") else { return None };
        let mut matchers = Vec::new();
        for (label, wanted) in call.cx.store.entries(when).to_vec() {
            matchers.push(matcher(call, label, wanted)?);
        }
        let continues = call.field(route, "continue") == Value::Bool(true);
        let routes = routes(call, route, number, to)?;
        out.push(Route { matchers, continues, routes, number });
    }
    Some(out)
}

fn matcher(call: &mut Call<'_, '_>, label: Sym, wanted: Value) -> Option<Matcher> {
    let label = label.as_str();
    let Value::Record(pattern) = wanted else {
        let texts = texts(call, wanted)?;
        return Some(Matcher::one_of(label, &borrowed(&texts)));
    };
    for (field, op) in [("like", Op::Like), ("unlike", Op::Unlike)] {
        let value = call.field(pattern, field);
        if let Some(text) = call.cx.store.as_text(value) {
            return Some(Matcher::new(label, op, text));
        }
    }
    let not = call.field(pattern, "not");
    let texts = texts(call, not)?;
    Some(Matcher::none_of(label, &borrowed(&texts)))
}

/// One text or several.
fn texts(call: &Call<'_, '_>, value: Value) -> Option<Vec<String>> {
    let text = |value| call.cx.store.as_text(value).map(str::to_owned);
    match value {
        Value::List(run) => call.cx.store.items(run).iter().map(|&item| text(item)).collect(),
        value => Some(vec![text(value)?]),
    }
}

fn borrowed(texts: &[String]) -> Vec<&str> {
    texts.iter().map(String::as_str).collect()
}
