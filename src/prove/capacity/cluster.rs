//! What a cluster has and what runs there, and whether it fits.

use super::fit::{
    Allowed, Fit, Group, Lack, Shortage, fit, fit_with_one_lost, shortage, shortage_with_one_lost,
};
use super::machine::{self, Unknown};
use super::node::{NodeClass, Role, Taken};
use super::place::{Because, Decided};
use super::pod::{Lasting, Load, Pods, load};
use crate::model::{Cluster, Model, Resource, ResourceId, Tree};
use crate::source::Sym;

/// The capacity of every cluster that the program makes.
#[derive(Clone, PartialEq, Debug)]
pub struct Capacity<'a> {
    /// The clusters, by name.
    pub clusters: Vec<ClusterCapacity<'a>>,
    /// All pods of the program.
    pub pods: Vec<Pods<'a>>,
    decided: Decided,
}

/// What a cluster has, and what runs there.
#[derive(Clone, PartialEq, Debug)]
pub struct ClusterCapacity<'a> {
    /// The cluster.
    pub id: ResourceId,
    /// Its name.
    pub name: Sym,
    /// Its nodes: the control plane, then the pools.
    pub classes: Vec<NodeClass>,
    /// The pods that run all the time, but for those of which one runs on every node.
    pub standing: Vec<Pods<'a>>,
    /// The pods that come and go.
    pub passing: Vec<Pods<'a>>,
    /// The pods of which one runs on every node where it may.
    pub per_node: Vec<Pods<'a>>,
    /// Why there may be more pods, or larger ones, than these.
    pub open: Vec<String>,
    decided: Decided,
}

/// Why a class of nodes does not take a pod.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Refusal {
    /// There are none.
    NoNodes,
    /// The pod may not lie there.
    Because(Because),
    /// A node that is otherwise empty has less than the pod requests.
    TooSmall,
}

impl<'a> Capacity<'a> {
    /// The capacity of a program's clusters.
    pub fn of(model: &'a Model<'a>) -> Self {
        let load = load(model);
        let decided = Decided::of(model);
        let cluster = |cluster| ClusterCapacity::of(model, cluster, &load, &decided);
        let clusters = model.clusters.iter().map(cluster).collect();
        Self { clusters, pods: load.pods, decided }
    }

    /// What the program decides about labels of nodes.
    pub const fn decided(&self) -> &Decided {
        &self.decided
    }
}

impl<'a> ClusterCapacity<'a> {
    fn of(
        model: &'a Model<'a>,
        cluster: &'a Resource<'a, Cluster<'a>>,
        load: &Load<'a>,
        decided: &Decided,
    ) -> Self {
        let size = |machine: &_| match amended(cluster) {
            Some(object) => Err(Unknown::Patched(object)),
            None => machine::size(model, &cluster.value, machine),
        };
        let control_plane = size(&cluster.value.control_plane.machine);
        let mut classes = vec![NodeClass::control_plane(&cluster.value, control_plane)];
        classes.extend(NodeClass::pools(&cluster.value, size));
        let is_here = |targets: &[crate::model::Ref]| targets.iter().any(|it| it.id == cluster.id);
        let mut open: Vec<String> = Vec::new();
        let unread = load.open.iter().filter(|(_, targets)| is_here(targets));
        open.extend(unread.map(|(name, _)| format!("nothing is known of the pods of `{name}`")));
        let mut standing = vec![Pods::of_every_cluster()];
        let (mut passing, mut per_node) = (Vec::new(), Vec::new());
        for pods in load.pods.iter().filter(|pods| is_here(pods.targets)) {
            open.extend(pods.open.iter().map(|why| format!("`{}`: {why}", pods.name)));
            match pods.lasting {
                Lasting::Standing => standing.push(pods.clone()),
                Lasting::Passing => passing.push(pods.clone()),
                Lasting::PerNode => {
                    for class in &mut classes {
                        let (allowed, _) = pods.placing.on(&class.marks, decided);
                        // What is larger than the node does not run there.
                        let whole = class.allocatable().ok();
                        let has_room = whole.is_none_or(|whole| pods.each.is_within(whole));
                        if allowed != Allowed::No && has_room {
                            class.taken.push(Taken {
                                name: pods.name.clone(),
                                amounts: pods.each,
                                certain: allowed == Allowed::Yes,
                            });
                        }
                    }
                    per_node.push(pods.clone());
                }
            }
        }
        let name = cluster.name.value;
        let (id, decided) = (cluster.id, decided.clone());
        Self { id, name, classes, standing, passing, per_node, open, decided }
    }

    /// All pods of objects of the program.
    pub(super) fn all(&self) -> impl Iterator<Item = &Pods<'a>> {
        self.standing.iter().chain(&self.passing).chain(&self.per_node)
    }

    /// Why nothing is known of the size of its nodes; none where all sizes are known.
    pub fn unknown(&self) -> Option<Unknown> {
        self.classes.iter().filter(|class| class.most > 0).find_map(|class| class.raw.clone().err())
    }

    /// How many workers it has at least.
    pub fn workers(&self) -> u128 {
        let pools = self.classes.iter().filter(|class| class.role != Role::ControlPlane);
        pools.map(|class| class.least).sum()
    }

    /// Why each class of nodes refuses a pod, if all surely do: then it fits no node.
    pub fn fits_on_no_node(&self, pods: &Pods<'_>) -> Option<Vec<Refusal>> {
        let refuses = |class: &NodeClass| {
            if class.most == 0 {
                return Some(Refusal::NoNodes);
            }
            if let (Allowed::No, Some(because)) = pods.placing.on(&class.marks, &self.decided) {
                return Some(Refusal::Because(because));
            }
            let free = class.free_beside(&pods.name).ok()?;
            (!pods.each.is_within(free)).then_some(Refusal::TooSmall)
        };
        self.classes.iter().map(refuses).collect()
    }

    /// The pods that a node takes at all, as groups: what fits nowhere is a fault of its own.
    fn groups(&self) -> (Vec<usize>, Vec<Group>) {
        let placed = self.standing.iter().enumerate();
        let placed = placed.filter(|(_, pods)| self.fits_on_no_node(pods).is_none());
        placed
            .map(|(index, pods)| {
                let allowed = |class: &NodeClass| pods.placing.on(&class.marks, &self.decided).0;
                let allowed = self.classes.iter().map(allowed).collect();
                let group =
                    Group { count: pods.count, each: pods.each, apart: pods.apart, allowed };
                (index, group)
            })
            .unzip()
    }

    fn nodes(&self) -> Vec<super::fit::Nodes> {
        self.classes.iter().map(NodeClass::nodes).collect()
    }

    /// A node of this class may be lost; a control plane of one is the cluster itself.
    fn may_go(&self, class: usize) -> bool {
        let class = self.classes.get(class);
        class.is_some_and(|class| class.role != Role::ControlPlane || class.most > 1)
    }

    /// A proof that what runs all the time does not fit together, even where autoscalers add all the nodes that they may.
    pub fn shortage(&self) -> Option<Shortage> {
        let (names, groups) = self.groups();
        Some(renamed(shortage(&self.nodes(), &groups)?, &names))
    }

    /// The same when a node is lost, and the class of that node.
    pub fn shortage_with_a_node_lost(&self) -> Option<(usize, Shortage)> {
        let (names, groups) = self.groups();
        let lost = shortage_with_one_lost(&self.nodes(), &groups, |class| self.may_go(class));
        lost.map(|(class, shortage)| (class, renamed(shortage, &names)))
    }

    /// Why nothing can be said although sums have room.
    fn doubt(&self) -> Option<String> {
        self.unknown().map(|why| why.to_string()).or_else(|| self.open.first().cloned())
    }

    /// Pods that run all the time and fit no node.
    fn homeless(&self) -> Option<Shortage> {
        let mut standing = self.standing.iter().enumerate();
        let (index, pods) =
            standing.find(|(_, pods)| pods.count > 0 && self.fits_on_no_node(pods).is_some())?;
        let lack = Lack::Places { pods: pods.count, places: 0, each: None };
        Some(Shortage { classes: (0..self.classes.len()).collect(), groups: vec![index], lack })
    }

    /// Whether what this program runs there all the time fits. What others install, as the pods' network, is not counted.
    pub fn fits(&self) -> Fit {
        if let Some(homeless) = self.homeless() {
            return Fit::DoesNotFit(homeless);
        }
        let (names, groups) = self.groups();
        match (fit(&self.nodes(), &groups), self.doubt()) {
            (Fit::DoesNotFit(shortage), _) => Fit::DoesNotFit(renamed(shortage, &names)),
            (Fit::Fits | Fit::Unknown(_), Some(doubt)) => Fit::Unknown(doubt),
            (answer, None) => answer,
        }
    }

    /// Whether it fits with a node lost, whichever that is; if not, the class of that node.
    pub fn fits_with_a_node_lost(&self) -> Fit<(usize, Shortage)> {
        let some = |class: &usize| {
            self.may_go(*class) && self.classes.get(*class).is_some_and(|it| it.most > 0)
        };
        let Some(any) = (0..self.classes.len()).find(some) else {
            return Fit::Unknown("it has no node that can be missed".to_owned());
        };
        if let Some(homeless) = self.homeless() {
            return Fit::DoesNotFit((any, homeless));
        }
        let (names, groups) = self.groups();
        let answer = fit_with_one_lost(&self.nodes(), &groups, |class| self.may_go(class));
        match (answer, self.doubt()) {
            (Fit::DoesNotFit((class, shortage)), _) => {
                Fit::DoesNotFit((class, renamed(shortage, &names)))
            }
            (Fit::Fits | Fit::Unknown(_), Some(doubt)) => Fit::Unknown(doubt),
            (answer, None) => answer,
        }
    }
}

/// A shortage of groups, as one of the pods that they stand for.
fn renamed(mut shortage: Shortage, names: &[usize]) -> Shortage {
    let named = shortage.groups.iter().filter_map(|group| names.get(*group).copied());
    shortage.groups = named.collect();
    shortage
}

/// The object of a cluster that a patch amends beyond its head: then the sizes that the program writes may not be those that are made.
fn amended(cluster: &Resource<'_, Cluster<'_>>) -> Option<String> {
    let beyond = |patch: &Tree<'_>| match patch {
        Tree::Map(fields) => fields.iter().any(|(key, _)| key.as_str() != "metadata"),
        Tree::Bool(_) | Tree::Int(_) | Tree::Float(..) | Tree::Text(_) | Tree::List(_) => true,
    };
    let patch = cluster.patches.iter().find(|(_, patch)| beyond(patch))?;
    Some(patch.0.as_str().to_owned())
}
