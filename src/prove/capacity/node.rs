//! Nodes that are alike: what they have, and what is left for pods.

use std::fmt;

use super::amounts::{Amounts, Measure};
use super::fit::Nodes;
use super::machine::{Size, Unknown};
use super::place::{CONTROL_PLANE, Marks, NodeTaint};
use super::read::{at, field, record, text};
use crate::eval::Origin;
use crate::model::{Cluster, Map, Of, Os, Quantity, Range, Reserved, Taint, Tree};
use crate::source::Sym;

/// Which nodes.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Role {
    /// The machines that run etcd and the API server.
    ControlPlane,
    /// A pool of workers.
    Pool(Sym),
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ControlPlane => f.write_str("control-plane"),
            Self::Pool(name) => write!(f, "workers.{name}"),
        }
    }
}

/// What runs on every node of a class, and how much of it that takes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Taken {
    /// What it is, as people know it: `kube-apiserver`, `manifest.node-exporter`.
    pub name: String,
    /// What it requests.
    pub amounts: Amounts,
    /// Whether it surely runs there; otherwise the program does not decide it.
    pub certain: bool,
}

/// Nodes of a cluster that are alike.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NodeClass {
    /// Which nodes.
    pub role: Role,
    /// The smallest number of them.
    pub least: u128,
    /// The largest; more than the smallest only where an autoscaler adds some.
    pub most: u128,
    /// What each machine has.
    pub raw: Result<Size, Unknown>,
    /// What the node keeps for itself, and, as `pods`, how many it takes.
    pub reserved: Amounts,
    /// What runs on each of them.
    pub taken: Vec<Taken>,
    /// Their labels and taints.
    pub marks: Marks,
    /// Where its cores and memory are written, or its type in place of them.
    pub(super) size_at: [Origin; 2],
}

impl NodeClass {
    /// What the kubelet tells the scheduler that a node has: its machine, without what is reserved.
    ///
    /// # Errors
    /// Why the size of the machine is not known.
    pub fn allocatable(&self) -> Result<Amounts, Unknown> {
        let raw = self.raw.clone()?;
        let reserved = Amounts { pods: 0, ..self.reserved };
        let whole = Amounts { cpu: raw.cpu, memory: raw.memory, pods: self.reserved.pods };
        Ok(whole.less(reserved))
    }

    /// The most that can be free for pods on a node that is otherwise empty.
    ///
    /// # Errors
    /// Why the size of the machine is not known.
    pub fn free(&self) -> Result<Amounts, Unknown> {
        Ok(self.without(self.allocatable()?, |taken| taken.certain))
    }

    /// The most that can be free on a node for pods that run on each of them, beside all others that do.
    pub(super) fn free_beside(&self, name: &str) -> Result<Amounts, Unknown> {
        Ok(self.without(self.allocatable()?, |taken| taken.certain && taken.name != name))
    }

    /// What is surely free on such a node.
    fn surely_free(&self) -> Result<Amounts, Unknown> {
        Ok(self.without(self.allocatable()?, |_| true))
    }

    fn without(&self, whole: Amounts, counts: impl Fn(&Taken) -> bool) -> Amounts {
        let taken = self.taken.iter().filter(|taken| counts(taken));
        whole.less(taken.fold(Amounts::NONE, |sum, taken| sum.plus(taken.amounts)))
    }

    /// Where how much there is of a measure is written.
    pub(super) const fn at(&self, measure: Measure) -> Origin {
        let [cpu, memory] = self.size_at;
        match measure {
            Measure::Cpu => cpu,
            Measure::Memory => memory,
            Measure::Pods => Origin::NONE,
        }
    }

    /// As many of them as there can be.
    pub(super) fn nodes(&self) -> Nodes {
        Nodes { count: self.most, most: self.free().ok(), least: self.surely_free().ok() }
    }

    /// The control plane of a cluster.
    pub(super) fn control_plane(cluster: &Cluster<'_>, raw: Result<Size, Unknown>) -> Self {
        let control_plane = &cluster.control_plane;
        let count = u128::try_from(control_plane.replicas.value).unwrap_or_default();
        let mut marks = marks(&control_plane.labels, &control_plane.taints);
        // Both kubeadm and Talos set these two, and Talos can be told to leave the taint out.
        marks.labels.push((CONTROL_PLANE.to_owned(), String::new()));
        let is_open = match &cluster.os {
            Os::Kubeadm(_) => false,
            Os::Talos(talos) => {
                marks.add(&talos.patches);
                marks.add(&talos.control_plane_patches);
                let patches = talos.patches.iter().chain(&talos.control_plane_patches);
                patches.rev().find_map(|(_, patch)| opens(patch)).unwrap_or(false)
            }
        };
        if !is_open {
            marks.taints.push(NodeTaint {
                key: CONTROL_PLANE.to_owned(),
                value: String::new(),
                effect: "NoSchedule".to_owned(),
            });
        }
        Self {
            role: Role::ControlPlane,
            least: count,
            most: count,
            raw,
            reserved: reserved(&cluster.reserved),
            taken: static_pods(&cluster.os),
            marks,
            size_at: size_at(&control_plane.machine),
        }
    }

    /// The pools of a cluster; `raw` says the size of each.
    pub(super) fn pools<'a>(
        cluster: &'a Cluster<'a>,
        raw: impl Fn(&crate::model::Machine<'a>) -> Result<Size, Unknown>,
    ) -> Vec<Self> {
        let pools = cluster.workers.iter();
        let pool = |(name, pool): &(Sym, crate::model::NodePool<'a>)| {
            let (least, most) = bounds(pool.replicas, pool.scale);
            let mut marks = marks(&pool.labels, &pool.taints);
            if let Os::Talos(talos) = &cluster.os {
                marks.add(&talos.patches);
                marks.add(&talos.worker_patches);
            }
            Self {
                role: Role::Pool(*name),
                least,
                most,
                raw: raw(&pool.machine),
                reserved: reserved(&cluster.reserved),
                taken: Vec::new(),
                marks,
                size_at: size_at(&pool.machine),
            }
        };
        pools.map(pool).collect()
    }
}

/// How many machines a pool has at least and at most: the autoscaler's bounds, where it has any.
fn bounds(replicas: Of<i64>, scale: Option<Range<i64>>) -> (u128, u128) {
    let count = |number: i64| u128::try_from(number).unwrap_or_default();
    let replicas = count(replicas.value);
    let end = |end: Option<Of<i64>>| end.map_or(replicas, |end| count(end.value));
    match scale {
        Some(scale) => (end(scale.low), end(scale.high)),
        None => (replicas, replicas),
    }
}

fn size_at(machine: &crate::model::Machine<'_>) -> [Origin; 2] {
    let cpu = machine.cpu.map(|it| it.origin);
    let memory = machine.memory.map(|it| it.origin);
    let named = machine.r#type.map(|it| it.origin);
    [cpu, memory].map(|own| own.or(named).unwrap_or(Origin::NONE))
}

fn reserved(reserved: &Reserved<'_>) -> Amounts {
    let amount = |quantity: Of<Quantity<'_>>| u128::try_from(quantity.value.amount).unwrap_or(0);
    Amounts {
        cpu: amount(reserved.cpu),
        memory: amount(reserved.memory).saturating_add(amount(reserved.eviction)),
        pods: u128::try_from(reserved.pods.value).unwrap_or_default(),
    }
}

fn marks(labels: &Map<Of<&str>>, taints: &Map<Taint<'_>>) -> Marks {
    let text = |(key, value): &(Sym, Of<&str>)| (key.as_str().to_owned(), value.value.to_owned());
    let taint = |(key, taint): &(Sym, Taint<'_>)| NodeTaint {
        key: key.as_str().to_owned(),
        value: taint.value.value.to_owned(),
        effect: taint.effect.value.as_str().to_owned(),
    };
    // Every provider's images are Linux, and the kubelet says so itself.
    let linux = ("kubernetes.io/os".to_owned(), "linux".to_owned());
    Marks {
        labels: labels.iter().map(text).chain([linux]).collect(),
        // The third effect only makes a node the last choice.
        taints: taints.iter().map(taint).filter(|it| it.effect != "PreferNoSchedule").collect(),
    }
}

/// Whether a patch of Talos' configuration opens control planes to all pods, if it says so.
fn opens(patch: &Tree<'_>) -> Option<bool> {
    let Tree::Map(patch) = patch else { return None };
    match field(record(patch, "cluster"), "allowSchedulingOnControlPlanes")? {
        Tree::Bool(opens) => Some(opens.value),
        Tree::Int(_) | Tree::Float(..) | Tree::Text(_) | Tree::List(_) | Tree::Map(_) => None,
    }
}

impl Marks {
    /// What patches of Talos' configuration add.
    fn add(&mut self, patches: &Map<Tree<'_>>) {
        for (_, patch) in patches {
            let Tree::Map(patch) = patch else { continue };
            let labels = at(patch, &["machine", "nodeLabels"]);
            for (key, _) in labels {
                let value = text(labels, key.as_str()).unwrap_or_default().to_owned();
                self.labels.retain(|(known, _)| known != key.as_str());
                self.labels.push((key.as_str().to_owned(), value));
            }
            let taints = at(patch, &["machine", "nodeTaints"]);
            for (key, _) in taints {
                // `value:Effect`, or the effect alone.
                let written = text(taints, key.as_str()).unwrap_or_default();
                let (value, effect) = written.split_once(':').unwrap_or(("", written));
                let (key, value) = (key.as_str().to_owned(), value.to_owned());
                if effect != "PreferNoSchedule" {
                    self.taints.push(NodeTaint { key, value, effect: effect.to_owned() });
                }
            }
        }
    }
}

/// What runs on a control-plane node without any scheduler, with its requests: those that kubeadm writes
/// (`cmd/kubeadm/app/phases/{controlplane/manifests,etcd/local}.go` of Kubernetes 1.34), and those of Talos 1.11
/// (`internal/app/machined/pkg/controllers/k8s/control_plane_static_pod.go`), where etcd is no pod.
fn static_pods(os: &Os<'_>) -> Vec<Taken> {
    let pods: &[(&str, u128, u128)] = match os {
        Os::Kubeadm(_) => &[
            ("kube-apiserver", 250, 0),
            ("kube-controller-manager", 200, 0),
            ("kube-scheduler", 100, 0),
            ("etcd", 100, 100),
        ],
        Os::Talos(_) => &[
            ("kube-apiserver", 200, 512),
            ("kube-controller-manager", 50, 256),
            ("kube-scheduler", 10, 64),
        ],
    };
    let taken = |(name, cpu, memory): &(&str, u128, u128)| Taken {
        name: (*name).to_owned(),
        amounts: Amounts::pod(*cpu, *memory),
        certain: true,
    };
    pods.iter().map(taken).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::amounts::{Amounts, Measure};
    use super::super::machine::{Size, Unknown};
    use super::super::place::Marks;
    use super::{NodeClass, Role, Taken, bounds, static_pods};
    use crate::eval::Origin;
    use crate::model::{Kubeadm, Of, Os, Range};

    fn class(raw: Result<Size, Unknown>, reserved: Amounts, taken: Vec<Taken>) -> NodeClass {
        NodeClass {
            role: Role::ControlPlane,
            least: 1,
            most: 1,
            raw,
            reserved,
            taken,
            marks: Marks { labels: Vec::new(), taints: Vec::new() },
            size_at: [Origin::NONE; 2],
        }
    }

    #[test]
    fn what_is_reserved_and_runs_everywhere_is_not_free() {
        let raw = Size { cpu: 2000, memory: 4 << 30 };
        let reserved = Amounts { cpu: 100, memory: 612 << 20, pods: 110 };
        let kubeadm = Os::Kubeadm(Kubeadm { before: Vec::new(), after: Vec::new() });
        let node = class(Ok(raw), reserved, static_pods(&kubeadm));
        let allocatable = Amounts { cpu: 1900, memory: 3484 << 20, pods: 110 };
        assert_eq!(node.allocatable(), Ok(allocatable));
        assert_eq!(node.free(), Ok(Amounts { cpu: 1250, memory: 3384 << 20, pods: 106 }));
        let shared = class(Err(Unknown::Containers), reserved, Vec::new());
        assert_eq!(shared.free(), Err(Unknown::Containers));
    }

    #[test]
    fn a_pool_that_scales_has_bounds() {
        let of = |number| Of::new(number, Origin::NONE);
        let scale = |low, high| Some(Range { low: Some(of(low)), high: Some(of(high)) });
        assert_eq!(bounds(of(3), None), (3, 3));
        assert_eq!(bounds(of(3), scale(1, 10)), (1, 10));
        assert_eq!(bounds(of(3), Some(Range { low: None, high: None })), (3, 3));
    }

    fn any_amounts() -> impl Strategy<Value = Amounts> {
        (any::<u64>(), any::<u64>(), 1..1000_u64).prop_map(|(cpu, memory, pods)| Amounts {
            cpu: cpu.into(),
            memory: memory.into(),
            pods: pods.into(),
        })
    }

    proptest! {
        #[test]
        fn less_is_free_than_allocatable_than_there_is(
            cpu in any::<u64>(),
            memory in any::<u64>(),
            reserved in any_amounts(),
            taken in proptest::collection::vec((any_amounts(), any::<bool>()), 0..4),
        ) {
            let taken: Vec<Taken> = taken
                .into_iter()
                .map(|(amounts, certain)| Taken { name: String::new(), amounts, certain })
                .collect();
            let (cpu, memory) = (cpu.into(), memory.into());
            let node = class(Ok(Size { cpu, memory }), reserved, taken);
            let raw = Amounts { cpu, memory, pods: reserved.pods };
            let allocatable = node.allocatable().unwrap();
            let (free, surely) = (node.free().unwrap(), node.surely_free().unwrap());
            for measure in Measure::ALL {
                prop_assert!(allocatable.of(measure) <= raw.of(measure));
                prop_assert!(free.of(measure) <= allocatable.of(measure));
                prop_assert!(surely.of(measure) <= free.of(measure));
            }
        }
    }
}
