//! Routes.

use super::Lowering;
use crate::backend::Node;
use crate::backend::k8s::{Fields, duration, list, text};
use crate::model::{GroupBy, Map, Match, Recipient, Route};

/// The outermost route, with all others inside.
pub(super) fn root<'a>(cx: &Lowering<'a, '_>) -> Fields<'a> {
    let routing = &cx.routing.value;
    Fields::new()
        .with("receiver", cx.name(&routing.default, ""))
        .with("group_by", labels(&routing.group_by))
        .with("group_wait", duration(routing.wait))
        .with("group_interval", duration(routing.interval))
        .with("repeat_interval", duration(routing.repeat))
        // Without an entry the routes of the chart's own configuration would stay.
        .with("routes", list(inner(cx, &routing.route, "")))
}

fn inner<'a>(cx: &Lowering<'a, '_>, routes: &'a Map<Route<'a>>, around: &str) -> Vec<Fields<'a>> {
    let one = |(name, route): &'a (crate::source::Sym, Route<'a>)| {
        let path = if around.is_empty() { name.to_string() } else { format!("{around}/{name}") };
        let receiver = route.to.as_ref().map(|to: &Recipient<'a>| cx.name(to, &path));
        Fields::new()
            .maybe("receiver", receiver)
            .with("matchers", asked(&route.when))
            .maybe("continue", route.r#continue.value.then_some(route.r#continue))
            .maybe("group_by", route.group_by.as_ref().map(labels))
            .maybe("group_wait", route.wait.map(duration))
            .maybe("group_interval", route.interval.map(duration))
            .maybe("repeat_interval", route.repeat.map(duration))
            .unless_empty("mute_time_intervals", list(route.mute.iter().copied()))
            .unless_empty("active_time_intervals", list(route.active.iter().copied()))
            .unless_empty("routes", list(inner(cx, &route.route, &path)))
    };
    routes.iter().map(one).collect()
}

/// Matchers, as texts in the form that all parsers of Alertmanager read alike.
pub(super) fn asked<'a>(when: &Map<Match<'a>>) -> Node<'a> {
    let one = |(label, wanted): &(crate::source::Sym, Match<'a>)| {
        text(wanted.matcher(*label).to_string(), wanted.origin())
    };
    Node::List(when.iter().map(one).collect())
}

fn labels<'a>(group_by: &GroupBy<'a>) -> Node<'a> {
    match group_by {
        // Three dots stand for all labels.
        GroupBy::All(origin) => Node::List(vec![text("...", *origin)]),
        GroupBy::Labels(labels) => list(labels.iter().copied()),
    }
}
