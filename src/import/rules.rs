//! Rules out of YAML: PrometheusRule objects, and the files that Prometheus reads.

use super::doc::{Doc, Node};
use super::errors::{
    alert_and_record, group_twice, helm_template, lacks, no_duration, no_yaml, not_of_records,
    template_in_query, unknown_field, wrong_shape,
};
use super::yaml::YamlError;
use crate::diag::{Diagnostic, nearest};
use crate::metrics::{Group, Part, Place, Rule, RuleKind};
use crate::source::{Extent, FileId, Span};

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
    /// Where the object names itself, or its list of groups is written.
    pub(super) at: Option<Span>,
    interval: Option<Node>,
    rules: Vec<RuleOrigin>,
}

#[derive(Clone, Debug, Default)]
struct RuleOrigin {
    name: Option<Node>,
    expr: Option<Node>,
    pending: Option<Node>,
    keep_firing: Option<Node>,
    labels: Vec<Node>,
    annotations: Vec<Node>,
}

impl Rules {
    /// Reads a file, and adds what it holds. Says whether it held rules, or something that was meant for rules.
    pub fn read(&mut self, file: FileId, name: &str, text: &str) -> bool {
        let (doc, wrong) = Doc::read(file, text);
        if let Some(wrong) = &wrong {
            self.problems.push(unreadable(name, text, wrong, file));
            return true;
        }
        doc.roots().into_iter().any(|root| self.document(&root))
    }

    /// Adds the rules of a document, or of the objects in a List. Says whether it held some, or something that was meant for rules.
    pub(super) fn document(&mut self, node: &Node) -> bool {
        let before = self.files;
        Reader { out: self }.document(node, 0);
        self.files != before
    }

    /// Where a place of the groups is written, and whether it stands there letter by letter.
    pub fn span(&self, place: &Place) -> Option<(Span, bool)> {
        let origin = self.origins.get(place.group)?;
        let rule = origin.rules.get(place.rule)?;
        let node = match place.part {
            Part::Name => rule.name.as_ref(),
            Part::Expr => rule.expr.as_ref(),
            Part::For => rule.pending.as_ref(),
            Part::KeepFiring => rule.keep_firing.as_ref(),
            Part::Label(at) => rule.labels.get(at),
            Part::Annotation(at) => rule.annotations.get(at),
            Part::Interval => origin.interval.as_ref(),
        };
        // What is not written is told of at the name.
        let Some(node) = node else {
            return Some((rule.name.as_ref()?.whole(), false));
        };
        Some(place.at.map_or_else(|| (node.whole(), false), |at| node.part(at)))
    }
}

/// A file that is no YAML.
pub(super) fn unreadable(name: &str, text: &str, wrong: &YamlError, file: FileId) -> Diagnostic {
    match template_at(text) {
        Some(at) => helm_template(name, Span::at(file, at)),
        None => no_yaml(name, wrong, Span::at(file, wrong.at)),
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
    out: &'a mut Rules,
}

impl Reader<'_> {
    fn document(&mut self, node: &Node, depth: usize) {
        match node.word("kind").as_deref() {
            Some("PrometheusRule") => self.object(node),
            Some("List") if depth == 0 => {
                for item in node.list("items") {
                    self.document(&item, 1);
                }
            }
            Some(_) => {}
            None => {
                // Mixins without rules are written as `null` or `{}`.
                let is_empty = node.fields().is_some_and(|it| it.is_empty());
                self.out.files += usize::from(node.is_null() || is_empty);
                let groups = node.fields().into_iter().flatten().find(|it| it.0 == "groups");
                // Other tools have groups, too.
                let is_alone = node.fields().is_some_and(|it| it.len() == 1);
                let is_list = |it: &Node| it.items().is_some() || it.is_null();
                let groups = groups.filter(|it| is_list(&it.2) || is_alone && !it.2.is_map());
                let Some((_, key, groups)) = groups else { return };
                let items = groups.items().unwrap_or_default();
                let has_rules = |group: &Node| group.has("rules");
                if items.is_empty() || items.iter().any(has_rules) {
                    self.out.files += 1;
                    self.groups(&groups, None, &key);
                }
            }
        }
    }

    fn object(&mut self, node: &Node) {
        let metadata = node.get("metadata");
        let text = |name: &str| metadata.as_ref().and_then(|it| it.word(name));
        let object = Some((text("name").unwrap_or_default(), text("namespace")));
        self.out.files += 1;
        // A patch of an object need not have everything.
        if let Some(groups) = node.at(&["spec", "groups"]) {
            let named = metadata.and_then(|it| it.get("name"));
            self.groups(&groups, object, named.as_ref().unwrap_or(&groups));
        }
    }

    fn groups(&mut self, groups: &Node, object: Option<(String, Option<String>)>, at: &Node) {
        if groups.is_null() {
            return;
        }
        let Some(items) = groups.items() else {
            self.out.problems.push(wrong_shape("groups", "a list", groups.span()));
            return;
        };
        let mut names: Vec<(String, Node)> = Vec::new();
        for item in items {
            if let Some(name) = item.get("name")
                && let Some(text) = name.text()
            {
                match names.iter().find(|it| it.0 == text) {
                    Some((_, first)) => {
                        self.out.problems.push(group_twice(text, name.span(), first.span()));
                    }
                    None => names.push((text.to_owned(), name.clone())),
                }
            }
            self.group(&item, object.clone(), at);
        }
    }

    fn group(&mut self, node: &Node, object: Option<(String, Option<String>)>, at: &Node) {
        let Some(meant) = self.check_fields("a group", node, GROUP) else { return };
        let Some(name) = node.word("name").filter(|it| !it.is_empty()) else {
            if !meant.contains(&"name") {
                self.out.problems.push(lacks("a group", "name", node.span()));
            }
            return;
        };
        let interval = node.get("interval");
        let mut group = Group {
            name,
            interval: interval.as_ref().and_then(|it| self.duration(it)),
            rules: Vec::new(),
        };
        let mut origin =
            Origin { file: node.file(), object, at: Some(at.span()), interval, rules: Vec::new() };
        let common = node.get("labels").map_or_else(Vec::new, |it| self.texts("labels", &it));
        match node.get("rules").map(|it| (it.items(), it)) {
            Some((Some(items), _)) => {
                for item in items {
                    if let Some((rule, places)) = self.rule(&item, &common) {
                        group.rules.push(rule);
                        origin.rules.push(places);
                    }
                }
            }
            Some((None, rules)) => {
                self.out.problems.push(wrong_shape("rules", "a list", rules.span()));
            }
            None => {}
        }
        self.out.groups.push(group);
        self.out.origins.push(origin);
    }

    fn rule(
        &mut self,
        node: &Node,
        common: &[(String, String, Node)],
    ) -> Option<(Rule, RuleOrigin)> {
        let meant = self.check_fields("a rule", node, RULE)?;
        let get = |name: &str| node.get(name);
        let (alert, record, expr) = (get("alert"), get("record"), get("expr"));
        let (pending, keep_firing) = (get("for"), get("keep_firing_for"));
        let (labels, annotations) = (get("labels"), get("annotations"));
        let is_alert = alert.is_some();
        let name = match (alert, record) {
            (Some(alert), Some(record)) => {
                let found = alert_and_record(record.span(), alert.span());
                self.out.problems.push(found);
                return None;
            }
            (None, None) => {
                if !meant.iter().any(|it| matches!(*it, "alert" | "record")) {
                    self.out.problems.push(lacks("a rule", "alert", node.span()));
                }
                return None;
            }
            (Some(name), None) | (None, Some(name)) => name,
        };
        let text = |it: &Node| it.text().map(str::to_owned);
        let (Some(shown), Some(expr)) = (text(&name), expr) else {
            // Who misspelt the field hears of that alone.
            if !meant.contains(&"expr") {
                self.out.problems.push(lacks("a rule", "expr", name.span()));
            }
            return None;
        };
        let Some(query) = text(&expr) else {
            if expr.written().starts_with("{{") {
                self.out.problems.push(template_in_query(expr.span()));
                return None;
            }
            self.out.problems.push(wrong_shape("expr", "a text", expr.span()));
            return None;
        };
        if query.contains("{{") {
            self.out.problems.push(template_in_query(expr.span()));
            return None;
        }
        if !is_alert {
            for (field, node) in [
                ("for", &pending),
                ("keep_firing_for", &keep_firing),
                ("annotations", &annotations),
            ] {
                if let Some(node) = node {
                    self.out.problems.push(not_of_records(field, node.span()));
                }
            }
        }
        let mut own = labels.map_or_else(Vec::new, |it| self.texts("labels", &it));
        let missing: Vec<_> =
            common.iter().filter(|it| own.iter().all(|own| own.0 != it.0)).cloned().collect();
        own.extend(missing);
        let told = annotations.map_or_else(Vec::new, |it| self.texts("annotations", &it));
        let kind = if is_alert {
            RuleKind::Alert {
                pending: pending.as_ref().and_then(|it| self.duration(it)).unwrap_or(0.0),
                keep_firing: keep_firing.as_ref().and_then(|it| self.duration(it)).unwrap_or(0.0),
            }
        } else {
            RuleKind::Record
        };
        let split = |all: Vec<(String, String, Node)>| {
            let (texts, places): (Vec<_>, Vec<_>) =
                all.into_iter().map(|(name, text, places)| ((name, text), places)).unzip();
            (texts, places)
        };
        let (labels, label_places) = split(own);
        let (annotations, annotation_places) = split(told);
        let origin = RuleOrigin {
            name: Some(name),
            expr: Some(expr),
            pending,
            keep_firing,
            labels: label_places,
            annotations: annotation_places,
        };
        Some((Rule { name: shown, kind, expr: query, labels, annotations }, origin))
    }

    /// Tells of fields that there are not, and gives those that they were meant for; none where it is no map.
    fn check_fields(
        &mut self,
        what: &str,
        node: &Node,
        known: &[&'static str],
    ) -> Option<Vec<&'static str>> {
        let Some(fields) = node.fields() else {
            let field = what.rsplit(' ').next().unwrap_or(what);
            self.out.problems.push(wrong_shape(field, "a map", node.span()));
            return None;
        };
        let mut meant = Vec::new();
        for (name, key, _) in fields {
            if !known.contains(&name.as_str()) {
                let near = nearest(&name, known.iter().copied());
                meant.extend(near);
                self.out.problems.push(unknown_field(what, &name, near, known, key.span()));
            }
        }
        Some(meant)
    }

    fn texts(&mut self, field: &str, node: &Node) -> Vec<(String, String, Node)> {
        let Some(fields) = node.fields() else {
            self.out.problems.push(wrong_shape(field, "a map", node.span()));
            return Vec::new();
        };
        let mut all = Vec::new();
        for (name, _, value) in fields {
            match value.text() {
                Some(text) => {
                    let text = if value.is_null() { "" } else { text };
                    all.push((name, text.to_owned(), value));
                }
                None => {
                    let found = wrong_shape(&format!("{field}.{name}"), "a text", value.span());
                    self.out.problems.push(found);
                }
            }
        }
        all
    }

    fn duration(&mut self, node: &Node) -> Option<f64> {
        let text = node.text()?;
        let read = crate::embedded::span_seconds(text);
        if read.is_none() {
            self.out.problems.push(no_duration(text, node.span()));
        }
        read
    }
}
