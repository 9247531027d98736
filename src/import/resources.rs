//! AlertmanagerConfigs: resources of the operator that become a part of Alertmanager's configuration.

use super::doc::Node;
use super::errors::alertmanager as errors;
use super::stack::{File, objects};
use crate::diag::{Diagnostic, nearest};

/// How deep routes may nest.
const DEEPEST: usize = 32;

/// Every receiver that a route of an AlertmanagerConfig names is one of its own.
pub(super) fn receivers(files: &[File], out: &mut Vec<Diagnostic>) {
    for (_, root, kind) in objects(files) {
        let Some(spec) = root.get("spec").filter(|_| kind == "AlertmanagerConfig") else {
            continue;
        };
        let own: Vec<String> =
            spec.list("receivers").iter().filter_map(|it| it.word("name")).collect();
        if let Some(route) = spec.get("route") {
            named(&route, &own, 0, out);
        }
    }
}

fn named(route: &Node, own: &[String], depth: usize, out: &mut Vec<Diagnostic>) {
    if let Some(at) = route.get("receiver")
        && let Some(name) = at.text().filter(|it| !it.is_empty())
        && !own.iter().any(|known| known == name)
    {
        let known: Vec<&str> = own.iter().map(String::as_str).collect();
        let near = nearest(name, known.iter().copied());
        out.push(errors::unknown_receiver(name, near, &known, at.span()));
    }
    if depth < DEEPEST {
        for inner in route.list("routes") {
            named(&inner, own, depth + 1, out);
        }
    }
}
