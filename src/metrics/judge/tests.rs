//! Each fault, found where it is; and the right form beside it, of which nothing is said.

mod audit;
mod queries;

use crate::embedded::{Data, read_yaml};
use crate::metrics::problem::Part;
use crate::metrics::{Group, Problem, Rule, RuleKind, Scene, judge};

/// Seconds of `1h30m`.
fn seconds(text: &str) -> f64 {
    let mut total = 0.0;
    let mut number = String::new();
    for letter in text.chars() {
        match letter {
            '0'..='9' => number.push(letter),
            _ => {
                let size = match letter {
                    'd' => 86_400.0,
                    'h' => 3_600.0,
                    'm' => 60.0,
                    _ => 1.0,
                };
                total += number.parse::<f64>().unwrap_or(0.0) * size;
                number.clear();
            }
        }
    }
    total
}

fn get<'d>(data: &'d Data, key: &str) -> Option<&'d Data> {
    match data {
        Data::Map(entries) => entries.iter().find(|(name, _)| name == key).map(|(_, value)| value),
        _ => None,
    }
}

fn text(data: Option<&Data>) -> String {
    match data {
        Some(Data::Text(text)) => text.clone(),
        Some(Data::Int(number)) => number.to_string(),
        Some(Data::Float(number)) => number.to_string(),
        _ => String::new(),
    }
}

fn pairs(data: Option<&Data>) -> Vec<(String, String)> {
    match data {
        Some(Data::Map(entries)) => {
            entries.iter().map(|(name, value)| (name.clone(), text(Some(value)))).collect()
        }
        _ => Vec::new(),
    }
}

fn list(data: Option<&Data>) -> &[Data] {
    match data {
        Some(Data::List(all)) => all,
        _ => &[],
    }
}

fn rule(data: &Data) -> Rule {
    let alert = get(data, "alert");
    let kind = match alert {
        Some(_) => RuleKind::Alert { pending: seconds(&text(get(data, "for"))), keep_firing: 0.0 },
        None => RuleKind::Record,
    };
    Rule {
        name: text(alert.or_else(|| get(data, "record"))),
        kind,
        expr: text(get(data, "expr")),
        labels: pairs(get(data, "labels")),
        annotations: pairs(get(data, "annotations")),
    }
}

/// The groups of a rule file, or of a PrometheusRule.
fn groups(yaml: &str) -> Vec<Group> {
    let data = read_yaml(yaml).expect("YAML");
    let of = get(&data, "spec").unwrap_or(&data);
    let groups = list(get(of, "groups")).iter().map(|group| Group {
        name: text(get(group, "name")),
        interval: get(group, "interval").map(|it| seconds(&text(Some(it)))),
        rules: list(get(group, "rules")).iter().map(rule).collect(),
    });
    groups.collect()
}

/// The text that a place means.
fn part_text(groups: &[Group], problem: &Problem) -> String {
    let place = problem.primary.0;
    let rule = &groups[place.group].rules[place.rule];
    let whole = match place.part {
        Part::Name => rule.name.clone(),
        Part::Expr => rule.expr.clone(),
        Part::For => "for".to_owned(),
        Part::KeepFiring => "keep_firing_for".to_owned(),
        Part::Label(number) => rule.labels[number].1.clone(),
        Part::Annotation(number) => rule.annotations[number].1.clone(),
        Part::Interval => "interval".to_owned(),
    };
    place.at.map_or(whole.clone(), |at| at.of(&whole).to_owned())
}

/// `level code `text`` of every finding.
fn found(yaml: &str, scene: &Scene) -> Vec<String> {
    let groups = groups(yaml);
    judge(&groups, scene)
        .iter()
        .map(|it| format!("{} {} `{}`", it.level.word(), it.code, part_text(&groups, it)))
        .collect()
}

/// A file with one alert.
fn alone(expr: &str) -> String {
    format!("groups:\n- name: a\n  rules:\n  - alert: A\n    for: 5m\n    expr: '{expr}'\n")
}
