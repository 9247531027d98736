//! Routes and inhibitions: what they take, and whether anything comes to them.

use super::alerts::{Alarm, Fires};
use super::found::{Carrier, Configuration};
use super::receivers::Receiver;
use crate::diag::{Diagnostic, nearest};
use crate::embedded::alertmanager::{Matcher, Op, Route as Tree, Verdict};
use crate::embedded::span_seconds;
use crate::import::doc::Node;
use crate::import::errors::alertmanager as errors;

/// How deep routes may nest.
const DEEPEST: usize = 32;

/// A route, and where its parts stand.
pub(super) struct Route {
    /// The whole of it.
    pub(super) node: Node,
    /// Its receiver, and where that is named.
    pub(super) receiver: Option<(String, Node)>,
    /// What it asks, and where.
    matchers: Vec<(Matcher, Node)>,
    /// As Alertmanager walks it.
    pub(super) tree: Tree,
    /// Whether all that it asks could be read.
    is_read: bool,
    routes: Vec<Self>,
}

impl Route {
    /// Calls `act` with this route and all inside of it.
    fn each<'r>(&'r self, act: &mut dyn FnMut(&'r Self)) {
        act(self);
        for route in &self.routes {
            route.each(act);
        }
    }

    /// The route with a number.
    pub(super) fn numbered(&self, number: usize) -> Option<&Self> {
        let mut found = None;
        self.each(&mut |route| found = found.or((route.tree.number == number).then_some(route)));
        found
    }

    /// Whether some route asks for an alert by its name.
    pub(super) fn speaks_of(&self, alert: &str) -> bool {
        let mut found = false;
        self.each(&mut |route| {
            found |= !route.is_read
                || route.matchers.iter().any(|(it, _)| it.label == "alertname" && it.takes(alert));
        });
        found
    }

    /// What it is called in messages.
    fn shown(&self) -> String {
        match (&self.receiver, self.matchers.first()) {
            (Some((name, _)), _) => format!("the route to `{name}`"),
            (None, Some((matcher, _))) => format!("the route for `{matcher}`"),
            (None, None) => "a route".to_owned(),
        }
    }

    fn at(&self) -> Node {
        let asked = self.matchers.first().map(|(_, node)| node.clone());
        asked
            .or_else(|| self.receiver.as_ref().map(|it| it.1.clone()))
            .unwrap_or_else(|| self.node.clone())
    }
}

/// Reads the routes, and tells of what they ask in a way that Alertmanager does not read, or not for long.
pub(super) fn read(node: &Node, out: &mut Vec<Diagnostic>) -> Route {
    let mut next = 0;
    let root = route(node, &mut next, out, 0);
    if let Some((_, at)) = root.matchers.first() {
        out.push(errors::root_matchers(at.span()));
    }
    root
}

fn route(node: &Node, next: &mut usize, out: &mut Vec<Diagnostic>, depth: usize) -> Route {
    let number = *next;
    *next += 1;
    let receiver = node.get("receiver");
    let receiver = receiver.and_then(|it| Some((it.text()?.to_owned(), it.clone())));
    let (matchers, is_read) = asked(node, ["match", "match_re", "matchers"], out);
    let inner = if depth < DEEPEST { node.list("routes") } else { Vec::new() };
    let routes: Vec<Route> = inner.iter().map(|it| route(it, next, out, depth + 1)).collect();
    let tree = Tree {
        matchers: matchers.iter().map(|it| it.0.clone()).collect(),
        continues: node.flag(&["continue"]) == Some(true),
        routes: routes.iter().map(|it| it.tree.clone()).collect(),
        number,
    };
    Route { node: node.clone(), receiver, matchers, tree, is_read, routes }
}

/// What a map asks of labels, in the old form and the new one.
fn asked(
    node: &Node,
    [equal, like, new]: [&str; 3],
    out: &mut Vec<Diagnostic>,
) -> (Vec<(Matcher, Node)>, bool) {
    let mut found = Vec::new();
    let mut is_read = true;
    let mut old: Vec<(&str, Node)> = Vec::new();
    let mut texts: Vec<String> = Vec::new();
    for (field, op) in [(equal, Op::Equal), (like, Op::Like)] {
        for (name, key, _) in node.fields().unwrap_or_default() {
            if name == field {
                old.push((field, key));
            }
        }
        for (label, _, value) in node.get(field).and_then(|it| it.fields()).unwrap_or_default() {
            let Some(text) = value.text() else { continue };
            let matcher = Matcher::new(label, op, text);
            texts.push(matcher.to_string());
            if matcher.is_malformed() {
                out.push(errors::malformed(text, value.span()));
                is_read = false;
            } else {
                found.push((matcher, value));
            }
        }
    }
    if let Some((field, key)) = old.first() {
        out.push(errors::deprecated(field, new, &texts, key.span()));
    }
    for node in node.list(new) {
        let Some(text) = node.text() else { continue };
        match Matcher::read(text) {
            Some(all) if all.iter().all(|it| !it.is_malformed()) => {
                found.extend(all.into_iter().map(|it| (it, node.clone())));
            }
            _ if text.contains("{{") => is_read = false,
            _ => {
                out.push(errors::malformed(text, node.span()));
                is_read = false;
            }
        }
    }
    (found, is_read)
}

/// Every receiver that a route names is there, and some route names each.
pub(super) fn named(
    configuration: &Configuration,
    tree: &Route,
    receivers: &[Receiver],
    out: &mut Vec<Diagnostic>,
) {
    let is_chart = matches!(configuration.carrier, Carrier::Chart { .. });
    let has_own = configuration.root.has("receivers");
    if tree.receiver.is_none() && !is_chart {
        out.push(errors::no_receiver(tree.node.span()));
    }
    let names: Vec<&str> = receivers.iter().map(|it| it.name.as_str()).collect();
    let mut used: Vec<String> = Vec::new();
    tree.each(&mut |route| {
        let Some((name, at)) = &route.receiver else { return };
        used.push(name.clone());
        // The chart's own receiver stays where the values have no list of them.
        let is_charts = is_chart && !has_own && name == "null";
        if !names.contains(&name.as_str()) && !is_charts && !name.contains("{{") {
            let near = nearest(name, names.iter().copied());
            out.push(errors::unknown_receiver(name, near, &names, at.span()));
        }
    });
    for receiver in receivers {
        let is_charts = is_chart && receiver.name == "null";
        if !used.contains(&receiver.name) && !is_charts {
            out.push(errors::unused_receiver(&receiver.name, receiver.at.span()));
        }
    }
}

/// A list of the values takes the place of the chart's, and what they do not say stays: its route to `null`, too.
pub(super) fn of_chart(
    configuration: &Configuration,
    receivers: &[Receiver],
    out: &mut Vec<Diagnostic>,
) {
    let root = &configuration.root;
    let Some(own) = root.get("receivers") else { return };
    let has_null = receivers.iter().any(|it| it.name == "null");
    let is_whole = matches!(configuration.carrier, Carrier::Chart { is_whole: true, .. });
    if has_null || !is_whole {
        return;
    }
    let route = root.get("route");
    let has = |field: &str| route.as_ref().is_some_and(|it| it.has(field));
    if !has("receiver") || !has("routes") {
        out.push(errors::chart_receiver(has("receiver"), own.span()));
    }
}

/// Time intervals that are there, and intervals that come to something.
pub(super) fn times(root: &Node, tree: &Route, out: &mut Vec<Diagnostic>) {
    let lists = ["mute_time_intervals", "time_intervals"];
    let all = lists.into_iter().flat_map(|it| root.list(it));
    let windows: Vec<String> = all.filter_map(|it| it.word("name")).collect();
    tree.each(&mut |route| {
        for field in ["mute_time_intervals", "active_time_intervals"] {
            for name in route.node.list(field) {
                let Some(text) = name.text() else { continue };
                if !windows.iter().any(|it| it == text) {
                    let near = nearest(text, windows.iter().map(String::as_str));
                    out.push(errors::unknown_interval(text, near, name.span()));
                }
            }
        }
        let span = |field: &str| {
            let node = route.node.get(field)?;
            Some((span_seconds(node.text()?)?, node))
        };
        let (group, repeat) = (span("group_interval"), span("repeat_interval"));
        for (field, it) in [("group_interval", &group), ("repeat_interval", &repeat)] {
            if let Some((0.0, at)) = it {
                out.push(errors::zero(field, at.span()));
            }
        }
        if let (Some((group, group_at)), Some((repeat, repeat_at))) = (&group, &repeat)
            && *group > 0.0
            && *repeat > 0.0
            && repeat < group
        {
            out.push(errors::repeats_late(repeat_at.span(), group_at.span()));
        }
        if let Some((seconds, at)) = &group
            && *seconds > 0.0
            && *seconds < 30.0
        {
            out.push(errors::short_group_interval(at.text().unwrap_or_default(), at.span()));
        }
    });
}

/// No route stands behind another that takes all of its alerts, and each asks for labels that alerts have.
pub(super) fn taken(tree: &Route, alarm: &Alarm, out: &mut Vec<Diagnostic>) {
    tree.each(&mut |around| {
        for (place, route) in around.routes.iter().enumerate() {
            if !route.is_read {
                continue;
            }
            let mut before = around.routes.iter().take(place).filter(|it| it.is_read);
            let shadow = before.find(|it| !it.tree.continues && it.tree.covers(&route.tree));
            if let Some(first) = shadow {
                out.push(errors::shadowed(
                    &route.shown(),
                    &first.shown(),
                    route.at().span(),
                    first.at().span(),
                ));
                continue;
            }
            asks(&route.matchers, alarm, out);
        }
    });
}

/// Whether what is asked of labels cannot be. Reports the first.
fn asks(matchers: &[(Matcher, Node)], alarm: &Alarm, out: &mut Vec<Diagnostic>) -> bool {
    if alarm.alerts.is_empty() {
        return false;
    }
    for (matcher, at) in matchers {
        // What takes a missing label asks for nothing that must be there.
        if matcher.takes("") {
            continue;
        }
        let label = matcher.label.as_str();
        if !alarm.alerts.iter().any(|alert| alert.may_have(label)) {
            if let Some(near) = alarm.nearest_label(label) {
                out.push(errors::unknown_label(label, &near, at.span()));
                return true;
            }
            continue;
        }
        let Some(values) = alarm.values(label) else { continue };
        if values.iter().any(|value| matcher.takes(value)) {
            continue;
        }
        let wrong = matcher.texts().and_then(|texts| texts.first()).cloned();
        let near = wrong.as_deref().and_then(|wrong| nearest(wrong, values.iter().copied()));
        if near.is_some() || label == "severity" {
            out.push(errors::unknown_value(label, &matcher.to_string(), &values, near, at.span()));
            return true;
        }
    }
    false
}

/// A label by which alerts are told together is one that they have.
pub(super) fn groups(tree: &Route, alarm: &Alarm, out: &mut Vec<Diagnostic>) {
    if alarm.alerts.is_empty() {
        return;
    }
    tree.each(&mut |route| {
        for label in route.node.list("group_by") {
            let Some(name) = label.text().filter(|it| *it != "...") else { continue };
            if alarm.alerts.iter().any(|alert| alert.may_have(name)) {
                continue;
            }
            if let Some(near) = alarm.nearest_label(name) {
                out.push(errors::group_label(name, &near, label.span()));
            }
        }
    });
}

/// Every inhibition has labels in which its sides can agree.
pub(super) fn inhibitions(root: &Node, alarm: &Alarm, out: &mut Vec<Diagnostic>) {
    for rule in root.list("inhibit_rules") {
        let side = |fields, out: &mut Vec<Diagnostic>| {
            let (matchers, is_read) = asked(&rule, fields, out);
            let own = matchers.iter().map(|it| it.0.clone()).collect();
            is_read.then_some((Tree { matchers: own, ..Tree::default() }, matchers))
        };
        let source = side(["source_match", "source_match_re", "source_matchers"], out);
        let target = side(["target_match", "target_match_re", "target_matchers"], out);
        let (Some((source, sources)), Some((target, targets))) = (source, target) else { continue };
        if asks(&sources, alarm, out) || asks(&targets, alarm, out) {
            continue;
        }
        let of = |side: &Tree| -> Vec<&Fires> {
            alarm.alerts.iter().filter(|alert| side.fits(*alert) != Verdict::No).collect()
        };
        let (sources, targets) = (of(&source), of(&target));
        if sources.is_empty() || targets.is_empty() {
            continue;
        }
        for label in rule.list("equal") {
            let Some(name) = label.text() else { continue };
            let may = |alerts: &[&Fires]| alerts.iter().any(|it| it.may_have(name));
            let must = |alerts: &[&Fires]| alerts.iter().all(|it| it.has(name));
            let (in_source, in_target) = (may(&sources), may(&targets));
            if !in_source && !in_target {
                if let Some(near) = alarm.nearest_label(name) {
                    out.push(errors::equal_nowhere(name, &near, label.span()));
                }
            } else if (!in_source && must(&targets)) || (!in_target && must(&sources)) {
                let lacking = if in_source { "target" } else { "source" };
                out.push(errors::equal_never(name, lacking, label.span()));
            }
        }
    }
}
