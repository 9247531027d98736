//! Alerts, run over given series.

use super::{Call, Row};
use crate::embedded::Unit;
use crate::eval::evaluator::NOTHING;
use crate::eval::value::{RecordId, Value};
use crate::metrics::engine::{Fault, NotationError, read_name, read_values};
use crate::metrics::witness::{Played, Ruleset};
use crate::metrics::{Group, Rule, RuleKind, or_absent};
use crate::source::Sym;

pub(super) const ROWS: &[Row] = &[("fires", fires)];

/// Most evaluations of the rules.
const MOST: i64 = 20_000;

fn fires(call: &mut Call<'_, '_>) -> Value {
    let Value::Record(alert) = call.arg(0) else { return Value::Poison };
    let milliseconds = |call: &Call<'_, '_>, index: usize| {
        let amount = call.quantity(index).map_or(0, |quantity| quantity.amount());
        // A duration counts in parts of a second.
        (i128::from(amount) * 1000 / i128::from(Unit::Second.factor())) as i64
    };
    let (at, interval) = (milliseconds(call, 2), milliseconds(call, 3).max(1));
    if at / interval > MOST {
        let title = format!("more than {MOST} evaluations of the rules");
        return call.wrong(2, &title, "an earlier moment, or a longer `interval`");
    }
    let Some(series) = series(call, interval) else { return Value::Poison };
    let Some(group) = rules(call, alert) else { return Value::Poison };
    let index = group.rules.len().saturating_sub(1);
    let rules = match Ruleset::new(&[group]) {
        Ok(rules) => rules,
        Err(unreadable) => {
            let title = format!("the query of `{}` cannot be read", unreadable.rule);
            return call.wrong(0, &title, &unreadable.reason);
        }
    };
    let steps = usize::try_from(at / interval + 1).unwrap_or(0) * (series.len() + 1) * 10;
    if !call.work(steps) {
        return Value::Poison;
    }
    match rules.play(&series, interval, at, index) {
        Ok(played) => {
            let note = told(&played, at, interval);
            call.cx.note(call.at, note);
            Value::Bool(!played.fired.is_empty())
        }
        Err(fault) => {
            let title = format!("over these series the rules have no value: {fault}");
            let help = match fault {
                Fault::TooMuch | Fault::TooDeep => "fewer series, or an earlier moment",
                _ => "Prometheus fails there, too: the alert cannot fire",
            };
            call.wrong(1, &title, help)
        }
    }
}

/// The series of the call; none after a finding.
fn series(call: &mut Call<'_, '_>, interval: i64) -> Option<Vec<(String, String)>> {
    let Value::Map(run) = call.arg(1) else { return None };
    let entries: Vec<(Sym, Value)> = call.cx.store.entries(run).to_vec();
    let mut out = Vec::new();
    for (name, values) in entries {
        let name = name.as_str().to_owned();
        let values = call.cx.store.as_text(values).unwrap_or("").to_owned();
        if let Err(error) = read_name(&name) {
            let title = format!("`{name}` is no series: {}", words(&error, &name));
            call.wrong(1, &title, &format!("there should be {}", error.expected));
            return None;
        }
        if let Err(error) = read_values(&values, interval) {
            let title = format!("`{values}` are no values of a series: {}", words(&error, &values));
            call.wrong(1, &title, &format!("there should be {}", error.expected));
            return None;
        }
        out.push((name, values));
    }
    Some(out)
}

/// What stands in a text, and behind what.
fn words(error: &NotationError, text: &str) -> String {
    let before = text.get(..error.at.start as usize).unwrap_or("");
    if before.is_empty() {
        format!("it begins with {}", error.found)
    } else {
        format!("{} stands behind `{before}`", error.found)
    }
}

/// The records of the block around an alert, and the alert as the last rule; none where a value is poison.
fn rules(call: &mut Call<'_, '_>, alert: RecordId) -> Option<Group> {
    let mut rules = Vec::new();
    let outer = call.cx.outer_of(alert.0);
    if outer != NOTHING
        && let Value::Map(run) = field(call, RecordId(outer), "record")
    {
        let entries: Vec<(Sym, Value)> = call.cx.store.entries(run).to_vec();
        for (name, value) in entries {
            let Value::Record(record) = value else { return None };
            let mut labels = Vec::new();
            if let Value::Map(run) = field(call, record, "labels") {
                for (name, value) in call.cx.store.entries(run) {
                    let value = call.cx.store.as_text(*value)?;
                    labels.push((name.to_string(), value.to_owned()));
                }
            }
            rules.push(Rule {
                name: name.to_string(),
                kind: RuleKind::Record,
                expr: text(call, record, "expr")?,
                labels,
                annotations: Vec::new(),
            });
        }
    }
    let (pending, keep_firing) =
        (seconds(call, alert, "for")?, seconds(call, alert, "keep-firing-for")?);
    rules.push(Rule {
        name: text(call, alert, "name")?,
        kind: RuleKind::Alert { pending, keep_firing },
        expr: query(call, alert)?,
        labels: Vec::new(),
        annotations: Vec::new(),
    });
    Some(Group { name: String::new(), interval: None, rules })
}

fn field(call: &mut Call<'_, '_>, record: RecordId, name: &str) -> Value {
    let asked = Some(call.span(0));
    call.cx.field(record, Sym::new(name), call.target, asked)
}

fn text(call: &mut Call<'_, '_>, record: RecordId, name: &str) -> Option<String> {
    let value = field(call, record, name);
    call.cx.store.as_text(value).map(str::to_owned)
}

/// The query of an alert, as it is written out.
fn query(call: &mut Call<'_, '_>, alert: RecordId) -> Option<String> {
    let expr = text(call, alert, "expr")?;
    let made = match field(call, alert, "or-absent") {
        Value::Bool(true) => or_absent(&expr).ok(),
        _ => None,
    };
    Some(made.map_or(expr, |made| made.text))
}

/// The seconds of a field; 0 where nobody sets it.
fn seconds(call: &mut Call<'_, '_>, record: RecordId, name: &str) -> Option<f64> {
    match field(call, record, name) {
        Value::Quantity(quantity) => Some(quantity.in_main_unit().to_float()),
        Value::Absent => Some(0.0),
        _ => None,
    }
}

/// What an assertion that does not hold shows.
fn told(played: &Played, at: i64, interval: i64) -> String {
    const MOST_SERIES: usize = 3;
    let at = at / interval * interval;
    let moment = crate::metrics::witness::duration(at);
    let shown =
        |(labels, value): &(String, f64)| format!("{labels} {}", crate::embedded::shortest(*value));
    let mut yields: Vec<String> = played.yields.iter().take(MOST_SERIES).map(shown).collect();
    if played.yields.len() > MOST_SERIES {
        yields.push(format!("{} more", played.yields.len() - MOST_SERIES));
    }
    match (yields.is_empty(), played.fired.is_empty(), played.since) {
        (true, true, _) => format!("at {moment} the query yields nothing"),
        (true, false, _) => format!("at {moment} the query yields nothing, but it fires still"),
        (false, true, Some(since)) => {
            let since = crate::metrics::witness::duration(at - since);
            format!("at {moment} the query yields {}, for {since} only", yields.join("; "))
        }
        (false, _, _) => format!("at {moment} the query yields {}", yields.join("; ")),
    }
}
