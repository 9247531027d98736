//! Everything about a configuration.

use super::alerts::Alarm;
use super::found::{Carrier, Configuration};
use super::{receivers, routes, schema};
use crate::diag::Diagnostic;
use crate::embedded::alertmanager::{Facts, Matcher, Verdict};
use crate::import::errors::alertmanager as errors;

/// Everything that is wrong with a configuration. `alarm` are the alerts of the files beside it.
pub(in crate::import) fn judge_configuration(
    configuration: &Configuration,
    alarm: &Alarm,
    out: &mut Vec<Diagnostic>,
) {
    let root = &configuration.root;
    let read = schema::fields(root, out);
    if configuration.carrier != Carrier::Secret {
        for (field, value) in &read.secrets {
            out.push(errors::plain_secret(field, value.span()));
        }
    }
    let receivers = receivers::read(root);
    receivers::judge(configuration, &receivers, out);
    routes::of_chart(configuration, &receivers, out);
    let Some(route) = root.get("route") else { return };
    let tree = routes::read(&route, out);
    routes::named(configuration, &tree, &receivers, out);
    routes::times(root, &tree, out);
    routes::taken(&tree, alarm, out);
    routes::groups(&tree, alarm, out);
    routes::inhibitions(root, alarm, out);
    if let Carrier::Chart { has_watchdog: true, .. } = configuration.carrier {
        watchdog(&tree, &receivers, out);
    }
}

/// The chart's own `Watchdog`.
struct Watchdog;

impl Facts for Watchdog {
    fn takes(&self, matcher: &Matcher) -> Verdict {
        let value = match matcher.label.as_str() {
            "alertname" => "Watchdog",
            "severity" => "none",
            "prometheus" | "namespace" | "cluster" => return Verdict::Maybe,
            _ => "",
        };
        if matcher.takes(value) { Verdict::Yes } else { Verdict::No }
    }
}

/// `Watchdog` fires always: somebody who is no person must hear of it, or nobody.
fn watchdog(tree: &routes::Route, receivers: &[receivers::Receiver], out: &mut Vec<Diagnostic>) {
    // Without routes of its own the chart's stay, which know it.
    if !tree.node.has("routes") || tree.speaks_of("Watchdog") {
        return;
    }
    let taken = tree.tree.taken(&Watchdog);
    let [only] = taken.routes.as_slice() else { return };
    let (Some(route), None) = (tree.numbered(only.number), taken.undecided) else { return };
    let Some((name, at)) = &route.receiver else { return };
    let hears = receivers.iter().find(|it| it.name == *name).is_some_and(|it| it.tells);
    if hears {
        let repeat = tree.node.word("repeat_interval");
        out.push(errors::watchdog(name, repeat.as_deref(), at.span()));
    }
}
