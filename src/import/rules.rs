//! Rules out of YAML: PrometheusRule objects, and the files that Prometheus reads.

use super::errors::{
    alert_and_record, group_twice, helm_template, lacks, no_duration, no_yaml, not_of_records,
    template_in_query, unknown_field, wrong_shape,
};
use super::scalar::Places;
use super::yaml::{NodeId, Yaml};
use crate::diag::{Diagnostic, nearest};
use crate::metrics::{Group, Part, Place, Rule, RuleKind};
use crate::source::{Extent, FileId, Sources, Span};

const GROUP: &[&str] =
    &["name", "interval", "limit", "query_offset", "labels", "rules", "partial_response_strategy"];
const RULE: &[&str] =
    &["alert", "record", "expr", "for", "keep_firing_for", "labels", "annotations"];

/// What was read of files.
#[derive(Debug, Default)]
pub struct Rules {
    /// Groups as they are judged.
    pub groups: Vec<Group>,
    /// Where their parts are written, and what they belong to: one for each of `groups`.
    pub origins: Vec<Origin>,
    /// What Prometheus would not load.
    pub problems: Vec<Diagnostic>,
    /// How many objects and files of rules there were, also those without rules.
    files: usize,
}

/// A group in its file.
#[derive(Clone, Debug)]
pub struct Origin {
    /// The file.
    pub file: FileId,
    /// The PrometheusRule's name and namespace; none in a plain file.
    pub object: Option<(String, Option<String>)>,
    interval: Option<Places>,
    rules: Vec<RuleOrigin>,
}

#[derive(Clone, Debug, Default)]
struct RuleOrigin {
    name: Option<Places>,
    expr: Option<Places>,
    pending: Option<Places>,
    keep_firing: Option<Places>,
    labels: Vec<Places>,
    annotations: Vec<Places>,
}

impl Rules {
    /// Reads a file, and adds what it holds. Says whether it held rules, or something that was meant for rules.
    pub fn read(&mut self, file: FileId, name: &str, text: &str) -> bool {
        let (yaml, wrong) = Yaml::read(text);
        let before = self.files;
        if let Some(wrong) = &wrong {
            let found = match template_at(text) {
                Some(at) => helm_template(name, Span::at(file, at)),
                None => no_yaml(name, wrong, Span::at(file, wrong.at)),
            };
            self.problems.push(found);
            return true;
        }
        let mut reader = Reader { yaml: &yaml, file, text, out: self };
        for document in &yaml.documents {
            reader.document(*document, 0);
        }
        self.files != before
    }

    /// Where a place of the groups is written, and whether it stands there letter by letter.
    pub fn span(&self, place: &Place, sources: &Sources) -> Option<(Span, bool)> {
        let origin = self.origins.get(place.group)?;
        let rule = origin.rules.get(place.rule)?;
        let places = match place.part {
            Part::Name => rule.name.as_ref(),
            Part::Expr => rule.expr.as_ref(),
            Part::For => rule.pending.as_ref(),
            Part::KeepFiring => rule.keep_firing.as_ref(),
            Part::Label(at) => rule.labels.get(at),
            Part::Annotation(at) => rule.annotations.get(at),
            Part::Interval => origin.interval.as_ref(),
        };
        // What is not written is told of at the name.
        let Some(places) = places else {
            return Some((Span::at(origin.file, rule.name.as_ref()?.whole), false));
        };
        let Some(at) = place.at else { return Some((Span::at(origin.file, places.whole), false)) };
        let found = places.of(at);
        let meant = self.part_text(place).map_or("", |part| at.of(part));
        let is_exact = found.of(sources.get(origin.file).text()) == meant;
        Some((Span::at(origin.file, found), is_exact))
    }

    fn part_text(&self, place: &Place) -> Option<&str> {
        let rule = self.groups.get(place.group)?.rules.get(place.rule)?;
        match place.part {
            Part::Name => Some(&rule.name),
            Part::Expr => Some(&rule.expr),
            Part::Label(at) => rule.labels.get(at).map(|it| it.1.as_str()),
            Part::Annotation(at) => rule.annotations.get(at).map(|it| it.1.as_str()),
            Part::For | Part::KeepFiring | Part::Interval => None,
        }
    }
}

/// Where a template of Helm shows: an action that the templates of alerts do not have.
fn template_at(text: &str) -> Option<Extent> {
    const SIGNS: [&str; 11] = [
        "{{-",
        "-}}",
        ".Values",
        ".Release",
        ".Chart",
        "{{ if",
        "{{ end",
        "{{ range",
        "{{ with",
        "{{ include",
        "{{ define",
    ];
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        if let Some(at) = line.find("{{")
            && SIGNS.iter().any(|sign| line.contains(sign))
        {
            let at = u32::try_from(start + at).ok()?;
            return Some(Extent::new(at, at + 2));
        }
        start += line.len();
    }
    None
}

struct Reader<'a> {
    yaml: &'a Yaml,
    file: FileId,
    text: &'a str,
    out: &'a mut Rules,
}

impl Reader<'_> {
    fn span(&self, node: NodeId) -> Span {
        let at = self.yaml.places(node, self.text).map_or(self.yaml.at(node), |it| it.whole);
        // A list or map is told of by its first line.
        let first = at.of(self.text).split('\n').next().unwrap_or("").trim_end().len();
        let end = at.start + u32::try_from(first).unwrap_or(0);
        Span::at(self.file, Extent::new(at.start, end.min(at.end)))
    }

    fn document(&mut self, node: NodeId, depth: usize) {
        let kind = self.yaml.get(node, "kind").and_then(|it| self.yaml.text(it));
        match kind {
            Some("PrometheusRule") => self.object(node),
            Some("List") if depth == 0 => {
                let items = self.yaml.get(node, "items").and_then(|it| self.yaml.items(it));
                for item in items.unwrap_or(&[]) {
                    self.document(*item, 1);
                }
            }
            Some(_) => {}
            None => {
                // Mixins without rules are written as `null` or `{}`.
                let is_empty = self.yaml.fields(node).is_some_and(|it| it.is_empty());
                self.out.files += usize::from(self.yaml.is_null(node) || is_empty);
                let Some(groups) = self.yaml.get(node, "groups") else { return };
                let items = self.yaml.items(groups).unwrap_or(&[]);
                // Other tools have groups, too.
                let has_rules = |group: &NodeId| self.yaml.get(*group, "rules").is_some();
                if items.is_empty() || items.iter().any(has_rules) {
                    self.out.files += 1;
                    self.groups(groups, None);
                }
            }
        }
    }

    fn object(&mut self, node: NodeId) {
        let metadata = self.yaml.get(node, "metadata");
        let text = |name: &str| {
            let found = metadata.and_then(|it| self.yaml.get(it, name));
            found.and_then(|it| self.yaml.text(it)).map(str::to_owned)
        };
        let object = Some((text("name").unwrap_or_default(), text("namespace")));
        self.out.files += 1;
        // A patch of an object need not have everything.
        let spec = self.yaml.get(node, "spec");
        if let Some(groups) = spec.and_then(|it| self.yaml.get(it, "groups")) {
            self.groups(groups, object);
        }
    }

    fn groups(&mut self, groups: NodeId, object: Option<(String, Option<String>)>) {
        if self.yaml.is_null(groups) {
            return;
        }
        let Some(items) = self.yaml.items(groups) else {
            self.out.problems.push(wrong_shape("groups", "a list", self.span(groups)));
            return;
        };
        let mut names: Vec<(&str, NodeId)> = Vec::new();
        for item in items {
            if let Some(name) = self.yaml.get(*item, "name")
                && let Some(text) = self.yaml.text(name)
            {
                match names.iter().find(|it| it.0 == text) {
                    Some((_, first)) => {
                        let found = group_twice(text, self.span(name), self.span(*first));
                        self.out.problems.push(found);
                    }
                    None => names.push((text, name)),
                }
            }
            self.group(*item, object.clone());
        }
    }

    fn group(&mut self, node: NodeId, object: Option<(String, Option<String>)>) {
        let Some(meant) = self.check_fields("a group", node, GROUP) else { return };
        let name = self.yaml.get(node, "name").and_then(|it| self.yaml.text(it));
        let Some(name) = name.filter(|it| !it.is_empty()) else {
            if !meant.contains(&"name") {
                self.out.problems.push(lacks("a group", "name", self.span(node)));
            }
            return;
        };
        let interval = self.yaml.get(node, "interval");
        let mut group = Group {
            name: name.to_owned(),
            interval: interval.and_then(|it| self.duration(it)),
            rules: Vec::new(),
        };
        let mut origin = Origin {
            file: self.file,
            object,
            interval: interval.and_then(|it| self.yaml.places(it, self.text)),
            rules: Vec::new(),
        };
        let common =
            self.yaml.get(node, "labels").map_or_else(Vec::new, |it| self.texts("labels", it));
        let rules = self.yaml.get(node, "rules").filter(|it| !self.yaml.is_null(*it));
        match rules.map(|it| (it, self.yaml.items(it))) {
            Some((_, Some(items))) => {
                for item in items {
                    if let Some((rule, places)) = self.rule(*item, &common) {
                        group.rules.push(rule);
                        origin.rules.push(places);
                    }
                }
            }
            Some((rules, None)) => {
                self.out.problems.push(wrong_shape("rules", "a list", self.span(rules)));
            }
            None => {}
        }
        self.out.groups.push(group);
        self.out.origins.push(origin);
    }

    fn rule(
        &mut self,
        node: NodeId,
        common: &[(String, String, Places)],
    ) -> Option<(Rule, RuleOrigin)> {
        let meant = self.check_fields("a rule", node, RULE)?;
        let get = |name: &str| self.yaml.get(node, name).filter(|it| !self.yaml.is_null(*it));
        let places = |it: NodeId| self.yaml.places(it, self.text);
        let (alert, record, expr) = (get("alert"), get("record"), get("expr"));
        let (pending, keep_firing) = (get("for"), get("keep_firing_for"));
        let (labels, annotations) = (get("labels"), get("annotations"));
        let name = match (alert, record) {
            (Some(alert), Some(record)) => {
                let found = alert_and_record(self.span(record), self.span(alert));
                self.out.problems.push(found);
                return None;
            }
            (None, None) => {
                if !meant.iter().any(|it| matches!(*it, "alert" | "record")) {
                    self.out.problems.push(lacks("a rule", "alert", self.span(node)));
                }
                return None;
            }
            (Some(name), None) | (None, Some(name)) => name,
        };
        let text = |it: NodeId| self.yaml.text(it).map(str::to_owned);
        let (Some(shown), Some(expr)) = (text(name), expr) else {
            // Who misspelt the field hears of that alone.
            if !meant.contains(&"expr") {
                self.out.problems.push(lacks("a rule", "expr", self.span(name)));
            }
            return None;
        };
        let Some(query) = text(expr) else {
            if self.yaml.at(expr).of(self.text).starts_with("{{") {
                self.out.problems.push(template_in_query(self.span(expr)));
                return None;
            }
            self.out.problems.push(wrong_shape("expr", "a text", self.span(expr)));
            return None;
        };
        let mut origin = RuleOrigin {
            name: places(name),
            expr: places(expr),
            pending: pending.and_then(places),
            keep_firing: keep_firing.and_then(places),
            ..RuleOrigin::default()
        };
        if query.contains("{{") {
            self.out.problems.push(template_in_query(self.span(expr)));
            return None;
        }
        if record.is_some() {
            for (field, node) in
                [("for", pending), ("keep_firing_for", keep_firing), ("annotations", annotations)]
            {
                if let Some(node) = node {
                    self.out.problems.push(not_of_records(field, self.span(node)));
                }
            }
        }
        let mut own = labels.map_or_else(Vec::new, |it| self.texts("labels", it));
        let missing: Vec<_> =
            common.iter().filter(|it| own.iter().all(|own| own.0 != it.0)).cloned().collect();
        own.extend(missing);
        let told = annotations.map_or_else(Vec::new, |it| self.texts("annotations", it));
        let kind = if alert.is_some() {
            RuleKind::Alert {
                pending: pending.and_then(|it| self.duration(it)).unwrap_or(0.0),
                keep_firing: keep_firing.and_then(|it| self.duration(it)).unwrap_or(0.0),
            }
        } else {
            RuleKind::Record
        };
        let split = |all: Vec<(String, String, Places)>| {
            let (texts, places): (Vec<_>, Vec<_>) =
                all.into_iter().map(|(name, text, places)| ((name, text), places)).unzip();
            (texts, places)
        };
        let (labels, annotations);
        (labels, origin.labels) = split(own);
        (annotations, origin.annotations) = split(told);
        Some((Rule { name: shown, kind, expr: query, labels, annotations }, origin))
    }

    /// Tells of fields that there are not, and gives those that they were meant for; none where it is no map.
    fn check_fields(
        &mut self,
        what: &str,
        node: NodeId,
        known: &[&'static str],
    ) -> Option<Vec<&'static str>> {
        let Some(fields) = self.yaml.fields(node) else {
            let field = what.rsplit(' ').next().unwrap_or(what);
            self.out.problems.push(wrong_shape(field, "a map", self.span(node)));
            return None;
        };
        let mut meant = Vec::new();
        for (name, key, _) in fields {
            if !known.contains(&name) {
                let near = nearest(name, known.iter().copied());
                meant.extend(near);
                self.out.problems.push(unknown_field(what, name, near, known, self.span(key)));
            }
        }
        Some(meant)
    }

    fn texts(&mut self, field: &str, node: NodeId) -> Vec<(String, String, Places)> {
        if self.yaml.is_null(node) {
            return Vec::new();
        }
        let Some(fields) = self.yaml.fields(node) else {
            self.out.problems.push(wrong_shape(field, "a map", self.span(node)));
            return Vec::new();
        };
        let mut all = Vec::new();
        for (name, _, value) in fields {
            match (self.yaml.text(value), self.yaml.places(value, self.text)) {
                (Some(text), Some(places)) => {
                    let text = if self.yaml.is_null(value) { "" } else { text };
                    all.push((name.to_owned(), text.to_owned(), places));
                }
                _ => {
                    let found = wrong_shape(&format!("{field}.{name}"), "a text", self.span(value));
                    self.out.problems.push(found);
                }
            }
        }
        all
    }

    fn duration(&mut self, node: NodeId) -> Option<f64> {
        let text = self.yaml.text(node)?;
        let read = seconds(text);
        if read.is_none() {
            self.out.problems.push(no_duration(text, self.span(node)));
        }
        read
    }
}

/// The seconds of a duration of Prometheus: `1h30m`.
pub(super) fn seconds(text: &str) -> Option<f64> {
    if text == "0" {
        return Some(0.0);
    }
    const UNITS: [(&str, f64); 7] = [
        ("y", 31_536_000.0),
        ("w", 604_800.0),
        ("d", 86_400.0),
        ("h", 3600.0),
        ("m", 60.0),
        ("s", 1.0),
        ("ms", 0.001),
    ];
    let mut rest = text;
    let mut total = 0.0;
    let mut next = 0;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        let (number, after) = rest.split_at_checked(digits)?;
        let letters = after.find(|c: char| c.is_ascii_digit()).unwrap_or(after.len());
        let (unit, after) = after.split_at_checked(letters)?;
        let place = UNITS.iter().position(|(name, _)| *name == unit).filter(|it| *it >= next)?;
        total += number.parse::<f64>().ok()? * UNITS.get(place)?.1;
        (rest, next) = (after, place + 1);
    }
    (!text.is_empty()).then_some(total)
}
