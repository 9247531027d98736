//! What clusters have and what fits there, as data.

use infraflux::driver::{MemoryWorld, Session};
use infraflux::prove::capacity::{Answer, ClusterRow};

const PROGRAM: &str = r#"
platform acme { domain = "acme.example", hub = eu-1 }
environment prod {}
provider lab : Proxmox { nodes = ["pve01"], template = 9134, gateway = "10.0.1.1", prefix = 16 }
cluster * { environment = prod, kubernetes = "v1.34.2" }
cluster eu-1 {
  provider  = lab
  endpoint  = "10.0.1.10"
  addresses = ["10.0.1.11" .. "10.0.1.99"]
  control-plane { machine { cpu = 2, memory = 4Gi } }
  workers general { scale = 2 .. 3, machine { cpu = 4, memory = 8Gi } }
  workers database {
    replicas = 2
    machine { cpu = 8, memory = 32Gi }
    labels = { "acme.example/disk" = "nvme" }
    taints "acme.example/database" {}
  }
}
cluster laptop {
  provider = Docker {}
  control-plane { replicas = 1, machine { cpu = 2, memory = 4Gi } }
  workers general { replicas = 2, machine { cpu = 2, memory = 4Gi } }
}
namespace shop { pod-security = "baseline" }
preset App for k8s.apps.v1.Deployment {
  namespace = shop
  spec { selector { matchLabels = { app = "a" } }, template { metadata { labels = { app = "a" } } } }
}
manifest web : App {
  spec {
    replicas = 4
    template { spec { containers a { image = "ghcr.io/acme/a:1.0", resources { requests = { "cpu" = 1500m, "memory" = 1Gi } } } } }
  }
}
manifest db : App {
  clusters = [eu-1]
  spec {
    template {
      spec {
        nodeSelector = { "acme.example/disk" = "nvme" }
        tolerations = [{ operator = "Exists" }]
        containers a { image = "ghcr.io/acme/a:1.0", resources { requests = { "cpu" = 4, "memory" = 16Gi } } }
      }
    }
  }
}
manifest agent : k8s.apps.v1.DaemonSet {
  namespace = shop
  spec {
    selector { matchLabels = { app = "agent" } }
    template {
      metadata { labels = { app = "agent" } }
      spec {
        tolerations = [{ operator = "Exists" }]
        containers a { image = "ghcr.io/acme/a:1.0", resources { requests = { "cpu" = 200m, "memory" = 128Mi } } }
      }
    }
  }
}
"#;

/// A line for each cluster, and one for each kind of its nodes.
fn told(program: &str) -> String {
    let mut session = Session::load(&MemoryWorld::single("main.iflux", program));
    let found = session.day_zero();
    let Some((Some(zero), _)) = found else { panic!("{:#?}", session.diagnostics()) };
    zero.capacity.iter().map(told_of).collect()
}

fn told_of(row: &ClusterRow) -> String {
    let answer = |answer: &Answer| match answer {
        Answer::Yes => "yes".to_owned(),
        Answer::No => "no".to_owned(),
        Answer::Unknown(why) => format!("not known: {why}"),
    };
    let mut told = format!(
        "{}: {} pods request {}\n  fits: {}\n  with a node lost: {}\n",
        row.cluster,
        row.pods,
        row.requested,
        answer(&row.fits),
        answer(&row.fits_with_a_node_lost)
    );
    for nodes in &row.nodes {
        let names: Vec<&str> = nodes.taken.iter().map(|taken| taken.name.as_str()).collect();
        let size = match &nodes.size {
            Ok(size) => {
                format!("{} - {} = {}", size.raw, nodes.reserved, size.allocatable)
                    + &format!(", free {} and {} pods", size.free, size.free.pods)
            }
            Err(why) => format!("not known: {why}"),
        };
        let (least, most, nodes) = (nodes.least, nodes.most, &nodes.nodes);
        told += &format!("  {least} to {most} of {nodes}: {size}; {}\n", names.join(", "));
    }
    told
}

#[test]
fn the_table_has_every_cluster_and_kind_of_nodes() {
    insta::assert_snapshot!(told(PROGRAM), @r"
    eu-1: 7 pods request 10.2 cores and 20620Mi
      fits: yes
      with a node lost: yes
      3 to 3 of control-plane: 2 cores and 4Gi - 100m and 612Mi = 1.9 cores and 3484Mi, free 1.05 cores and 3256Mi and 105 pods; kube-apiserver, kube-controller-manager, kube-scheduler, etcd, manifest.agent
      2 to 3 of workers.general: 4 cores and 8Gi - 100m and 612Mi = 3.9 cores and 7580Mi, free 3.7 cores and 7452Mi and 109 pods; manifest.agent
      2 to 2 of workers.database: 8 cores and 32Gi - 100m and 612Mi = 7.9 cores and 32156Mi, free 7.7 cores and 32028Mi and 109 pods; manifest.agent
    laptop: 6 pods request 6.2 cores and 4236Mi
      fits: not known: its nodes are containers, which share one machine
      with a node lost: not known: its nodes are containers, which share one machine
      1 to 1 of control-plane: not known: its nodes are containers, which share one machine; kube-apiserver, kube-controller-manager, kube-scheduler, etcd, manifest.agent
      2 to 2 of workers.general: not known: its nodes are containers, which share one machine; manifest.agent
    ");
}

#[test]
fn what_is_in_the_way_of_an_answer_is_said() {
    let raw = r#"
manifest extra : Raw { because = "a chart", yaml = { apiVersion = "apps/v1", kind = "Deployment", metadata = { name = "x" } } }
"#;
    let told = told(&format!("{PROGRAM}{raw}"));
    insta::assert_snapshot!(told.lines().take(3).collect::<Vec<_>>().join("\n"), @r"
    eu-1: 7 pods request 10.2 cores and 20620Mi
      fits: not known: nothing is known of the pods of `manifest.extra`
      with a node lost: not known: nothing is known of the pods of `manifest.extra`
    ");
}

#[test]
fn a_cluster_of_one_machine_has_none_to_lose() {
    let (before, _) = PROGRAM.split_once("cluster eu-1").expect("a cluster");
    let one = r#"cluster eu-1 {
  provider  = lab
  endpoint  = "10.0.1.10"
  addresses = ["10.0.1.11" .. "10.0.1.99"]
  control-plane { replicas = 1, machine { cpu = 2, memory = 4Gi } }
}"#;
    let told = told(&format!("{before}{one}"));
    insta::assert_snapshot!(told.lines().take(3).collect::<Vec<_>>().join("\n"), @r"
    eu-1: 2 pods request 200m and 140Mi
      fits: yes
      with a node lost: not known: it has no node that can be missed
    ");
}
