//! Who reaches whom on which ports.

use std::net::IpAddr;

use rustc_hash::FxHashMap;

use super::policy::{Direction, Entity, Peer, Policy, Port, Rule, Who};
use super::ports::{Ports, Protocol};
use super::selector::Labels;

/// Pods that are alike: those of one template.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Pod {
    /// The namespace.
    pub namespace: String,
    /// The labels.
    pub labels: Labels,
    /// Named ports of the containers.
    pub ports: Vec<(String, Protocol, u16)>,
    /// Whether it uses the network of its node: then it is to others what the node is, and no policy of pods is for it.
    pub on_host: bool,
}

/// A cluster as policies see it.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct World {
    /// Labels of namespaces, with those of their names.
    pub namespaces: FxHashMap<String, Labels>,
    /// The pods.
    pub pods: Vec<Pod>,
    /// The policies.
    pub policies: Vec<Policy>,
}

/// One end of a connection.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum End<'e> {
    /// A pod of the world, by its number.
    Pod(usize),
    /// Something outside, or a node.
    Outside(Outside<'e>),
}

/// What is no pod.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Outside<'e> {
    /// What Cilium takes it for.
    pub entity: Entity,
    /// Its address, where it is known.
    pub address: Option<IpAddr>,
    /// Its name, where it has one.
    pub host: Option<&'e str>,
}

impl Outside<'_> {
    /// An address outside of the cluster.
    pub const fn address(address: IpAddr) -> Self {
        Self { entity: Entity::World, address: Some(address), host: None }
    }

    /// Something in the cluster that is no pod.
    pub const fn entity(entity: Entity) -> Self {
        Self { entity, address: None, host: None }
    }
}

/// Who is in the way.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Side {
    /// The policies of who calls: its egress.
    Caller,
    /// The policies of who is called: its ingress.
    Called,
}

/// A world, made ready for questions.
#[derive(Debug)]
pub struct Relation<'w> {
    world: &'w World,
    /// The policies for each pod's ingress and egress, by their numbers.
    ingress: Vec<Vec<usize>>,
    egress: Vec<Vec<usize>>,
}

impl<'w> Relation<'w> {
    /// Which policies are for which pods.
    pub fn new(world: &'w World) -> Self {
        let mut by_namespace: FxHashMap<&str, Vec<usize>> = FxHashMap::default();
        let mut everywhere = Vec::new();
        for (number, policy) in world.policies.iter().enumerate() {
            match &policy.namespace {
                Some(name) => by_namespace.entry(name).or_default().push(number),
                None => everywhere.push(number),
            }
        }
        let (mut ingress, mut egress) = (Vec::new(), Vec::new());
        for pod in &world.pods {
            let (mut comes, mut goes) = (Vec::new(), Vec::new());
            let own = by_namespace.get(pod.namespace.as_str()).map(Vec::as_slice);
            for &number in own.unwrap_or_default().iter().chain(&everywhere) {
                let Some(policy) = world.policies.get(number) else { continue };
                if pod.on_host || !policy.pods.selects(&pod.labels) {
                    continue;
                }
                if policy.ingress.is_some() {
                    comes.push(number);
                }
                if policy.egress.is_some() {
                    goes.push(number);
                }
            }
            ingress.push(comes);
            egress.push(goes);
        }
        Self { world, ingress, egress }
    }

    /// The world.
    pub const fn world(&self) -> &'w World {
        self.world
    }

    /// The ports on which one end reaches another.
    pub fn ports(&self, from: End<'_>, to: End<'_>) -> Ports {
        // What talks to itself never meets a policy.
        if from == to {
            return Ports::all();
        }
        self.side(Side::Caller, from, to).common(&self.side(Side::Called, from, to))
    }

    /// Whether one end reaches another on a port.
    pub fn allows(&self, from: End<'_>, to: End<'_>, protocol: Protocol, port: u16) -> bool {
        self.ports(from, to).has(protocol, port)
    }

    /// What one side lets through.
    pub fn side(&self, side: Side, from: End<'_>, to: End<'_>) -> Ports {
        let (subject, other) = match side {
            Side::Caller => (from, to),
            Side::Called => (to, from),
        };
        let End::Pod(number) = subject else { return Ports::all() };
        let mut allowed = Ports::none();
        let mut denied = Ports::none();
        let mut is_isolated = false;
        for (policy, direction) in self.of(side, number) {
            is_isolated |= direction.isolates;
            for rule in &direction.allowed {
                self.add(policy, rule, other, to, &mut allowed);
            }
            for rule in &direction.denied {
                self.add(policy, rule, other, to, &mut denied);
            }
        }
        if !is_isolated {
            allowed = Ports::all();
        }
        // A node always reaches its own pods: probes must.
        if side == Side::Called && matches!(from, End::Outside(it) if it.entity == Entity::Host) {
            allowed = Ports::all();
        }
        if denied.is_empty() { allowed } else { allowed.without(&denied) }
    }

    /// Whether a pod is isolated in a direction.
    pub fn is_isolated(&self, side: Side, pod: usize) -> bool {
        self.of(side, pod).any(|(_, direction)| direction.isolates)
    }

    /// The policies for one direction of a pod.
    pub fn of(&self, side: Side, pod: usize) -> impl Iterator<Item = (&'w Policy, &'w Direction)> {
        let numbers = match side {
            Side::Caller => self.egress.get(pod),
            Side::Called => self.ingress.get(pod),
        };
        numbers.into_iter().flatten().filter_map(move |&number| {
            let policy = self.world.policies.get(number)?;
            let direction = match side {
                Side::Caller => policy.egress.as_ref(),
                Side::Called => policy.ingress.as_ref(),
            };
            Some((policy, direction?))
        })
    }

    fn add(&self, policy: &Policy, rule: &Rule, other: End<'_>, to: End<'_>, into: &mut Ports) {
        let means =
            rule.peers.as_ref().is_none_or(|it| it.iter().any(|it| self.means(policy, it, other)));
        if means {
            match &rule.ports {
                None => into.add(&Ports::all()),
                Some(ports) => {
                    for port in ports {
                        self.add_port(port, to, into);
                    }
                }
            }
        }
    }

    /// The numbers of a rule's port at the end that is reached.
    fn add_port(&self, port: &Port, to: End<'_>, into: &mut Ports) {
        match port {
            Port::Numbers(ports) => into.add(ports),
            Port::Named(protocol, name) => {
                let End::Pod(number) = to else { return };
                let pod = self.world.pods.get(number);
                for (known, spoken, port) in pod.iter().flat_map(|it| &it.ports) {
                    if known == name && protocol.is_none_or(|it| it == *spoken) {
                        into.add(&Ports::one(*spoken, *port));
                    }
                }
            }
        }
    }

    /// Whether a peer of a policy means an end.
    pub fn means(&self, policy: &Policy, peer: &Peer, end: End<'_>) -> bool {
        match (&peer.who, end) {
            (Who::Pods { namespaces, pods }, End::Pod(number)) => {
                let Some(pod) = self.world.pods.get(number) else { return false };
                !pod.on_host
                    && pods.selects(&pod.labels)
                    && match (namespaces, &policy.namespace) {
                        (Some(selector), _) => self.namespace(&pod.namespace, selector),
                        (None, Some(own)) => pod.namespace == *own,
                        (None, None) => true,
                    }
            }
            (Who::Range { range, except }, End::Outside(it)) => {
                // To Cilium nodes and the API server are no addresses.
                (!policy.is_cilium || it.entity == Entity::World)
                    && it.address.is_some_and(|address| {
                        range.contains(&address)
                            && !except.iter().any(|part| part.contains(&address))
                    })
            }
            (Who::Entity(entity), End::Outside(it)) => covers(*entity, it.entity),
            (Who::Entity(entity), End::Pod(number)) => {
                let on_host = self.world.pods.get(number).is_some_and(|it| it.on_host);
                if on_host {
                    covers(*entity, Entity::RemoteNode)
                } else {
                    matches!(entity, Entity::All | Entity::Cluster)
                }
            }
            (Who::Host(pattern), End::Outside(it)) => {
                it.host.is_some_and(|host| is_of(pattern, host))
            }
            (Who::Pods { .. }, End::Outside(_))
            | (Who::Range { .. } | Who::Host(_), End::Pod(_)) => false,
        }
    }

    fn namespace(&self, name: &str, selector: &super::Selector) -> bool {
        match self.world.namespaces.get(name) {
            Some(labels) => selector.selects(labels),
            None => selector.selects(&super::labels_of_namespace(name, &Labels::new())),
        }
    }
}

/// Whether one entity has another in it.
const fn covers(entity: Entity, it: Entity) -> bool {
    match entity {
        Entity::All => true,
        Entity::Cluster => !matches!(it, Entity::World),
        // The API server runs on nodes of the control plane.
        Entity::RemoteNode => matches!(it, Entity::RemoteNode | Entity::ApiServer),
        Entity::Host => matches!(it, Entity::Host),
        Entity::World => matches!(it, Entity::World),
        Entity::ApiServer => matches!(it, Entity::ApiServer),
        Entity::Ingress => matches!(it, Entity::Ingress),
        Entity::Other => false,
    }
}

/// Whether a host is of a pattern: `*` stands for what is between two dots.
fn is_of(pattern: &str, host: &str) -> bool {
    let (mut labels, mut known) = (pattern.split('.'), host.split('.'));
    loop {
        match (labels.next(), known.next()) {
            (None, None) => return true,
            (Some(label), Some(known)) if label == "*" || label.eq_ignore_ascii_case(known) => {}
            _ => return false,
        }
    }
}
