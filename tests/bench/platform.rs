//! Platforms of any size, written as people write them.

use std::fmt::Write as _;

/// A project of `clusters` clusters, each with a block of alerts of its own: the files by path.
pub(crate) fn platform(clusters: usize) -> Vec<(String, String)> {
    let head = r#"platform bench { domain = "bench.example", hub = c00000 }

environment dev {}
environment staging { after = dev }
environment prod { after = staging, protected = true }

provider lab : Proxmox {
  nodes = ["pve01", "pve02", "pve03"]
  template = 9134
  gateway = "172.16.0.1"
  prefix = 12
}

cluster * { kubernetes = "v1.34.2" }

namespace monitoring { pod-security = "privileged" }
"#;
    let stages = [("Small", "dev"), ("Medium", "staging"), ("Large", "prod")];
    let mut files = vec![("platform.iflux".to_owned(), head.to_owned())];
    // A file a hundred clusters, as teams would keep them.
    for first in (0..clusters).step_by(100) {
        let mut text = "import std.sizes.{Small, Medium, Large}\n".to_owned();
        for (number, (size, environment)) in
            (first..(first + 100).min(clusters)).zip(stages.iter().cycle().skip(first % 3))
        {
            // Sixteen addresses a cluster, behind the first 256 of a network of a million.
            let block = 256 + number * 16;
            let address = |at: usize| {
                let at = block + at;
                format!("172.{}.{}.{}", 16 + (at >> 16), (at >> 8) & 255, at & 255)
            };
            let _ = write!(
                text,
                r#"
/// Cluster number {number}.
cluster c{number:05} : {size} {{
  environment = {environment}
  provider    = lab
  endpoint    = "{endpoint}"
  addresses   = ["{first}" .. "{last}"]
"#,
                endpoint = address(1),
                first = address(2),
                last = address(14),
            );
            if number % 7 == 0 {
                text.push_str("  workers general { override replicas = 7 because \"headroom for the sales season\" }\n");
            }
            let _ = write!(
                text,
                r#"}}

alerts nodes-c{number:05} {{
  namespace = monitoring
  clusters  = [c{number:05}]
  alert NodeLoadAverage {{
    expr     = `node_load15 / on (instance) count by (instance) (node_cpu_seconds_total{{mode="idle"}}) > {limit}`
    for      = 10m
    severity = "warning"
    summary  = "Load per core on \(label.instance) is \(humanize(value))"
  }}
  alert NodeHighMemoryUsage {{
    expr     = `100 * (1 - node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes) > 85`
    for      = 10m
    severity = "warning"
    summary  = "\(label.instance) uses \(humanize(value)) % memory"
  }}
}}
"#,
                limit = number % 4 + 1,
            );
        }
        files.push((format!("clusters/part-{first:05}.iflux"), text));
    }
    files
}
