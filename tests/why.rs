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

#[test]
fn values_of_the_example_say_where_they_come_from() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/infraflux");
    let mut world = MemoryWorld::default();
    for entry in std::fs::read_dir(folder).expect("the example") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        if name.ends_with(".iflux") || name == "iflux.toml" {
            world.insert(name, std::fs::read_to_string(&path).expect("a text"));
        }
    }
    let mut session = Session::load(&world);
    let told: Vec<String> = QUERIES
        .iter()
        .map(|query| match session.why(query, None) {
            Ok(told) => format!("$ iflux why {query}\n{told}"),
            Err(found) => format!("$ iflux why {query}\n{}", found.title),
        })
        .collect();
    insta::assert_snapshot!(told.join("\n\n"));
}
