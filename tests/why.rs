//! Where values of the example come from, layer by layer.
#![expect(clippy::disallowed_methods, reason = "reads the project's own examples")]

use std::path::Path;

use infraflux::driver::{MemoryWorld, Session};

/// Presets, stars, defaults, literals, references, arms and what nobody sets.
const QUERIES: [&str; 10] = [
    "cluster.prod-4.workers.general.replicas",
    "cluster.prod-4.workers.general.machine.memory",
    "cluster.prod-4.workers.database.labels",
    "cluster.dev-1.kubernetes",
    "cluster.dev-1.control-plane.replicas",
    "cluster.dev-1.environment",
    "cluster.dev-2.endpoint-port",
    "alerts.nodes.alert.NodeHighCPUUsage.for",
    "alerts.hardware.clusters",
    "namespace.monitoring.pod-security",
];

/// Components and what amends them, loops, functions, inputs, what a use passes on, presets of a dependency's component, and
/// lines of what is built.
const TEAM_QUERIES: [&str; 20] = [
    "web.namespace.main.quota.cpu",
    "space.web.cpu",
    "web.alerts.main.alert.ShopDown.for",
    "web.alerts.main.alert.SearchDown.for",
    "web.alerts.main.alert.ShopDown.summary",
    "pay.alerts.main.alert.LedgerDown.severity",
    "pay.namespace.main.quota.pods",
    "data.namespace.main.clusters",
    "data.namespace.main.quota.memory",
    "pay.namespace.main.labels.\"acme.example/audited\"",
    "out/prod-1/web-main/web-main.yaml:15",
    "out/prod-1/web-main/web-main.yaml:16",
    "out/prod-1/web-main/web-main.yaml:17",
    "out/prod-1/web-main/namespace.yaml:5",
    "out/prod-1/web-main/namespace.yaml:8",
    "out/prod-1/web-main/namespace.yaml:9",
    "out/prod-1/web-main/namespace.yaml:27",
    "out/prod-1/data-main/namespace.yaml:27",
    "out/prod-1/pay-main/pay-main.yaml:17",
    "out/prod-1/clusters/prod-1.yaml:5",
];

fn told(example: &str, queries: &[&str]) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples").join(example);
    let mut world = MemoryWorld::default();
    let mut folders = vec![folder.clone()];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(next).expect("the example") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let name = path.strip_prefix(&folder).expect("a path below").to_string_lossy();
            let name = name.replace('\\', "/");
            if name.ends_with(".iflux") || name.ends_with("iflux.toml") {
                world.insert(name, std::fs::read_to_string(&path).expect("a text"));
            }
        }
    }
    let mut session = Session::load(&world);
    let told: Vec<String> = queries
        .iter()
        .map(|query| match session.why(query, None) {
            Ok(told) => format!("$ iflux why {query}\n{told}"),
            Err(found) => format!("$ iflux why {query}\n{}", found.title),
        })
        .collect();
    told.join("\n\n")
}

#[test]
fn values_of_the_example_say_where_they_come_from() {
    insta::assert_snapshot!(told("infraflux", &QUERIES));
}

#[test]
fn what_components_make_says_where_it_comes_from() {
    insta::assert_snapshot!(told("teams", &TEAM_QUERIES));
}
