//! Rules as blocks of a program.

use std::fmt::Write as _;

use rustc_hash::FxHashSet;

use super::rules::Rules;
use crate::embedded::span_seconds;
use crate::metrics::{Group, Rule, RuleKind};
use crate::source::FileId;
use crate::syntax::{Unformatted, format};

const SEVERITIES: [&str; 4] = ["critical", "warning", "info", "none"];
/// Annotations that have a field of their own.
const FIELDS: [&str; 4] = ["summary", "description", "message", "runbook_url"];

/// A program's text, and what it could not keep as it was.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Written {
    /// The text, formatted.
    pub text: String,
    /// What became something else, a sentence each.
    pub notes: Vec<String>,
}

/// Rules as `alerts` blocks, a block a group; a name that a group has twice begins another one. `namespace` is for rules that lie in none.
///
/// # Errors
/// When the formatter refuses what was written: a bug.
pub fn write_alerts(rules: &Rules, namespace: &str) -> Result<Written, Unformatted> {
    let mut writer = Writer { text: String::new(), notes: Vec::new(), taken: FxHashSet::default() };
    for (group, origin) in rules.groups.iter().zip(&rules.origins) {
        let own = origin.object.as_ref().and_then(|it| it.1.as_deref());
        writer.group(group, own.unwrap_or(namespace));
    }
    let text = format(FileId(0), &writer.text)?;
    Ok(Written { text, notes: writer.notes })
}

struct Writer {
    text: String,
    notes: Vec<String>,
    taken: FxHashSet<String>,
}

impl Writer {
    fn group(&mut self, group: &Group, namespace: &str) {
        let mut left: Vec<&Rule> = group.rules.iter().collect();
        while !left.is_empty() {
            let mut names = FxHashSet::default();
            let (now, later): (Vec<&Rule>, Vec<&Rule>) =
                left.into_iter().partition(|rule| names.insert((is_record(rule), &rule.name)));
            self.block(group, namespace, &now);
            left = later;
        }
    }

    fn block(&mut self, group: &Group, namespace: &str, rules: &[&Rule]) {
        let name = self.block_name(&group.name);
        let _ = write!(self.text, "alerts {name} {{\nnamespace = {namespace}\n");
        if let Some(interval) = group.interval {
            let _ = writeln!(self.text, "interval = {}", duration(interval));
        }
        for rule in rules {
            self.text.push('\n');
            self.rule(rule);
        }
        self.text.push_str("}\n\n");
    }

    /// A name as resources have it, and that no block has yet.
    fn block_name(&mut self, name: &str) -> String {
        let letters = name
            .chars()
            .map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' });
        let mut plain = String::new();
        for c in letters {
            if c != '-' || !(plain.is_empty() || plain.ends_with('-')) {
                plain.push(c);
            }
        }
        let mut plain = plain.trim_end_matches('-').chars().take(50).collect::<String>();
        if !plain.starts_with(|c: char| c.is_ascii_lowercase()) {
            plain.insert_str(0, "rules-");
        }
        let plain = plain.trim_end_matches('-').to_owned();
        let mut unique = plain.clone();
        let mut number = 2;
        while !self.taken.insert(unique.clone()) {
            unique = format!("{plain}-{number}");
            number += 1;
        }
        unique
    }

    fn rule(&mut self, rule: &Rule) {
        match &rule.kind {
            RuleKind::Record => {
                let _ = writeln!(self.text, "record {} {{", quoted(&rule.name));
                let _ = writeln!(self.text, "expr = {}", text(rule.expr.trim_end(), true));
                let labels: Vec<_> = rule.labels.iter().collect();
                self.map("labels", &labels);
            }
            RuleKind::Alert { pending, keep_firing } => self.alert(rule, *pending, *keep_firing),
        }
        self.text.push_str("}\n");
    }

    fn alert(&mut self, rule: &Rule, pending: f64, keep_firing: f64) {
        let name = self.alert_name(&rule.name);
        let _ = writeln!(self.text, "alert {name} {{");
        let _ = writeln!(self.text, "expr = {}", text(rule.expr.trim_end(), true));
        if pending > 0.0 {
            let _ = writeln!(self.text, "for = {}", duration(pending));
        }
        if keep_firing > 0.0 {
            let _ = writeln!(self.text, "keep-firing-for = {}", duration(keep_firing));
        }
        let severity = rule.labels.iter().find(|it| it.0 == "severity").map(|it| it.1.as_str());
        let severity = match severity {
            Some(known) if SEVERITIES.contains(&known) => known,
            Some(other) => {
                let note = "is none of critical, warning, info and none: written as warning";
                self.notes.push(format!("{}: the severity `{other}` {note}", rule.name));
                "warning"
            }
            None => {
                self.notes.push(format!("{}: without severity: written as none", rule.name));
                "none"
            }
        };
        let _ = writeln!(self.text, "severity = \"{severity}\"");
        let labels: Vec<_> = rule.labels.iter().filter(|it| it.0 != "severity").collect();
        self.map("labels", &labels);
        let find =
            |name: &str| rule.annotations.iter().find(|it| it.0 == name).map(|it| it.1.as_str());
        let description = find("description").or_else(|| find("message"));
        let (summary, description) = match (find("summary"), description) {
            (Some(summary), description) => (summary, description),
            (None, Some(description)) => {
                let note = "without summary: its description stands for it";
                self.notes.push(format!("{}: {note}", rule.name));
                (description, None)
            }
            (None, None) => {
                self.notes.push(format!("{}: without summary: its name stands for it", rule.name));
                (rule.name.as_str(), None)
            }
        };
        let _ = writeln!(self.text, "summary = {}", text(summary, false));
        if let Some(description) = description {
            let _ = writeln!(self.text, "description = {}", text(description, false));
        }
        let runbook = find("runbook_url");
        let is_url = |url: &&str| url.starts_with("http") && !url.contains(['{', ' ', '\n']);
        if let Some(runbook) = runbook.filter(is_url) {
            let _ = writeln!(self.text, "runbook = {}", text(runbook, false));
        }
        let is_both = find("message").is_some() && find("description").is_some();
        let others: Vec<_> = rule
            .annotations
            .iter()
            .filter(|(name, value)| match name.as_str() {
                "runbook_url" => !is_url(&value.as_str()),
                "message" => is_both,
                name => !FIELDS.contains(&name),
            })
            .collect();
        self.map("annotations", &others);
    }

    /// `NodeDown`, as alerts are named here.
    fn alert_name(&mut self, name: &str) -> String {
        let mut camel = String::new();
        let mut up = true;
        for c in name.chars() {
            if c.is_ascii_alphanumeric() {
                camel.push(if up { c.to_ascii_uppercase() } else { c });
            }
            up = !c.is_ascii_alphanumeric();
        }
        if !camel.starts_with(|c: char| c.is_ascii_uppercase()) {
            camel.insert_str(0, "Alert");
        }
        if camel != name {
            self.notes.push(format!("{name}: written as {camel}"));
        }
        camel
    }

    fn map(&mut self, field: &str, entries: &[&(String, String)]) {
        if entries.is_empty() {
            return;
        }
        // The formatter keeps a map on one line where it fits there.
        let _ = write!(self.text, "{field} = {{ ");
        for (at, (key, value)) in entries.iter().enumerate() {
            let plain = key.starts_with(|c: char| c.is_ascii_lowercase())
                && key.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit());
            let key = if plain { key.clone() } else { quoted(key) };
            let comma = if at == 0 { "" } else { ", " };
            let _ = write!(self.text, "{comma}{key} = {}", text(value, false));
        }
        self.text.push_str(" }\n");
    }
}

fn is_record(rule: &Rule) -> bool {
    rule.kind == RuleKind::Record
}

/// A duration as it would be written: `1h30m`.
fn duration(seconds: f64) -> String {
    // At most a century of milliseconds, and never negative.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "bounded above")]
    let mut left = (seconds * 1000.0).round().clamp(0.0, 3.2e12) as u64;
    let mut out = String::new();
    for (unit, width) in
        [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1)]
    {
        if left >= width {
            let _ = write!(out, "{}{unit}", left / width);
            left %= width;
        }
    }
    debug_assert!(span_seconds(&out).is_some() || out.is_empty(), "{out}");
    if out.is_empty() { "0s".to_owned() } else { out }
}

/// A text that means exactly this: over lines where it has some, as it is where it may be, and else with escapes.
fn text(value: &str, is_query: bool) -> String {
    let is_odd = |c: char| c.is_control() && c != '\n';
    if value.contains(is_odd) || value.is_empty() {
        return quoted(value);
    }
    // Behind `#` a backslash is a backslash, and only `\#(` a hole.
    let hash = if value.contains('\\') { "#" } else { "" };
    if value.contains("\\#(") {
        return quoted(value);
    }
    if value.contains('\n') {
        let lines = value.split('\n').collect::<Vec<_>>();
        let is_plain = !value.contains("```")
            && lines.iter().all(|line| *line == line.trim_end())
            && lines.iter().any(|line| !line.is_empty() && !line.starts_with(' '));
        if is_plain {
            let language = if is_query { "promql" } else { "" };
            return format!("{hash}```{language}\n{value}\n```{hash}");
        }
        return quoted(value);
    }
    let wants_raw = is_query || value.contains(['"', '\\']);
    if wants_raw && !value.contains('`') { format!("{hash}`{value}`{hash}") } else { quoted(value) }
}

/// A text in quotes, with escapes.
fn quoted(value: &str) -> String {
    let mut out = String::from("\"");
    for c in value.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() => {
                let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::write_alerts;
    use crate::import::Rules;
    use crate::source::FileId;

    const RULES: &str = r#"
apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata: { name: shop, namespace: shop }
spec:
  groups:
  - name: shop.rules
    interval: 90s
    rules:
    - record: shop:orders:rate5m
      expr: sum by (shop) (rate(orders_total{path=~"/a\\.b"}[5m]))
      labels: { team: shop }
    - alert: orders_down
      expr: |
        sum by (shop) (up{job="orders"})
          == 0
      for: 1h30m
      labels: { severity: page, app.kind: "web" }
      annotations:
        summary: '{{ $labels.shop }} has "no" orders'
        runbook_url: https://runbooks.example/orders
        dashboard: abc
    - alert: orders_down
      expr: absent(up{job="orders"})
      labels: { severity: critical }
      annotations: { message: "None\tof them" }
"#;

    #[test]
    fn groups_become_blocks() {
        let mut rules = Rules::default();
        assert!(rules.read(FileId(0), "rules.yaml", RULES));
        assert_eq!(rules.problems, []);
        let written = write_alerts(&rules, "monitoring").unwrap();
        insta::assert_snapshot!(format!("{}---\n{}", written.text, written.notes.join("\n")));
    }
}
