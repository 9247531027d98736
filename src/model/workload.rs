//! Programs that run.

use super::container::{Container, EnvValue, File, Probes, Security, Toleration};
use super::lift::{Lift, Reader};
use super::{ExportedMetric, Map, Of, Quantity, Range, Ref};
use crate::eval::{Origin, Value};
use crate::source::Sym;

/// `kind Workload`.
#[derive(Clone, PartialEq, Debug)]
pub struct Workload<'a> {
    /// The clusters where it exists.
    pub clusters: Vec<Of<Ref>>,
    /// Labels of its objects.
    pub labels: Map<Of<&'a str>>,
    /// Annotations of its objects.
    pub annotations: Map<Of<&'a str>>,
    /// The block's own name.
    pub name: Of<Sym>,
    /// The namespace that it runs in.
    pub namespace: Of<Ref>,
    /// Its image.
    pub image: Of<&'a str>,
    /// `deployment`, `stateful` or `per-node`.
    pub shape: Of<Sym>,
    /// How many pods.
    pub replicas: Of<i64>,
    /// How their number follows what they have to do.
    pub scale: Option<Scale<'a>>,
    /// The CPU that each requests, and its limit.
    pub cpu: Range<Quantity<'a>>,
    /// The memory that each requests, and its limit.
    pub memory: Range<Quantity<'a>>,
    /// What runs in place of the image's entry point.
    pub command: Vec<Of<&'a str>>,
    /// What the entry point is told.
    pub args: Vec<Of<&'a str>>,
    /// Its environment.
    pub env: Map<EnvValue<'a>>,
    /// Files, by path.
    pub file: Map<File<'a>>,
    /// Its ports.
    pub port: Map<Port<'a>>,
    /// Its volumes.
    pub volume: Map<Volume<'a>>,
    /// Which of its ports can be reached from outside.
    pub expose: Map<Expose<'a>>,
    /// How Kubernetes watches it.
    pub probes: Probes<'a>,
    /// What it may do on its node.
    pub security: Security<'a>,
    /// How many pods may be away at once.
    pub disruption: Disruption<'a>,
    /// How long a pod may take to end.
    pub stop_timeout: Of<Quantity<'a>>,
    /// Labels of the nodes that it may run on.
    pub schedule_on: Map<Of<&'a str>>,
    /// Taints that do not keep it away.
    pub tolerate: Map<Toleration<'a>>,
    /// `zone`, `node` or `none`.
    pub spread: Of<Sym>,
    /// Metrics that it yields.
    pub metric: Map<ExportedMetric<'a>>,
    /// Containers that run before it.
    pub init: Map<Container<'a>>,
    /// Containers that run beside it.
    pub sidecar: Map<Container<'a>>,
}

/// How the pods of a workload come.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PodShape {
    /// Any that are alike.
    Deployment,
    /// Each with a name and volumes of its own.
    Stateful,
    /// One on every node.
    PerNode,
}

impl Workload<'_> {
    /// How its pods come.
    pub fn pod_shape(&self) -> PodShape {
        match self.shape.value.as_str() {
            "stateful" => PodShape::Stateful,
            "per-node" => PodShape::PerNode,
            _ => PodShape::Deployment,
        }
    }

    /// The smallest number of its pods that run all the time, and where it is written.
    pub fn least(&self) -> Of<i64> {
        let scaled = |scale: &Scale<'_>| scale.replicas.low.unwrap_or(Of::new(1, Origin::NONE));
        self.scale.as_ref().map_or(self.replicas, scaled)
    }

    /// The largest number of its pods.
    pub fn most(&self) -> Of<i64> {
        self.scale.as_ref().and_then(|scale| scale.replicas.high).unwrap_or(self.replicas)
    }

    /// Its ports that Prometheus collects from.
    pub fn scraped(&self) -> impl Iterator<Item = (&Port<'_>, &PortScrape<'_>)> {
        self.port.iter().filter_map(|(_, port)| Some((port, port.scrape.as_ref()?)))
    }
}

/// `"one" | Percent | Int`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Disruption<'a> {
    /// One.
    One(Origin),
    /// A share.
    Share(Of<Quantity<'a>>),
    /// So many.
    Pods(Of<i64>),
}

impl<'a> Lift<'a> for Disruption<'a> {
    fn lift(reader: &Reader<'a>, value: Value, origin: Origin) -> Option<Self> {
        match value {
            Value::Int(_) => Some(Self::Pods(Lift::lift(reader, value, origin)?)),
            Value::Quantity(_) => Some(Self::Share(Lift::lift(reader, value, origin)?)),
            _ => {
                let word: Of<Sym> = Lift::lift(reader, value, origin)?;
                (word.value.as_str() == "one").then_some(Self::One(origin))
            }
        }
    }
}

/// `schema Port`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Port<'a> {
    /// The port's own name.
    pub name: Of<Sym>,
    /// Its number.
    pub number: Of<i64>,
    /// `tcp`, `udp` or `sctp`.
    pub protocol: Of<Sym>,
    /// What Prometheus collects from it.
    pub scrape: Option<PortScrape<'a>>,
}

/// `schema PortScrape`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PortScrape<'a> {
    /// Where they stand.
    pub path: Of<&'a str>,
    /// How often.
    pub interval: Option<Of<Quantity<'a>>>,
    /// How long it may take.
    pub timeout: Option<Of<Quantity<'a>>>,
    /// Whether the metrics' own labels win.
    pub honor_labels: Of<bool>,
}

/// `schema Expose`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Expose<'a> {
    /// The name of the port.
    pub name: Of<Sym>,
    /// The name under which it is found.
    pub host: Of<&'a str>,
    /// What the paths begin with.
    pub path: Of<&'a str>,
    /// The Gateway that leads there.
    pub gateway: Option<GatewayListener>,
    /// The class of the Ingress.
    pub class: Option<Of<Sym>>,
    /// `managed`, `given` or `none`.
    pub tls: Of<Sym>,
    /// The ClusterIssuer that signs the certificate.
    pub issuer: Option<Of<Sym>>,
    /// The Secret with the certificate.
    pub certificate: Option<Of<&'a str>>,
}

/// `schema GatewayListener`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct GatewayListener {
    /// The Gateway's name.
    pub name: Of<Sym>,
    /// Its namespace.
    pub namespace: Option<Of<Ref>>,
    /// The listener.
    pub listener: Option<Of<Sym>>,
}

/// `schema Volume`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Volume<'a> {
    /// Where it stands in the container.
    pub mount: Of<&'a str>,
    /// Its size.
    pub size: Option<Of<Quantity<'a>>>,
    /// Its StorageClass.
    pub class: Option<Of<Sym>>,
    /// `one` or `many`.
    pub access: Of<Sym>,
    /// Whether it goes with its pod.
    pub empty: Of<bool>,
    /// Whether it is only read.
    pub read_only: Of<bool>,
}

impl Volume<'_> {
    /// Whether it outlives its pod, and only one node can use it at a time.
    pub fn is_single(&self) -> bool {
        !self.empty.value && self.access.value.as_str() == "one"
    }
}

/// `schema Scale`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Scale<'a> {
    /// The smallest and the largest number.
    pub replicas: Range<i64>,
    /// The share of the requested CPU that is aimed at.
    pub cpu: Option<Of<Quantity<'a>>>,
    /// The share of the requested memory that is aimed at.
    pub memory: Option<Of<Quantity<'a>>>,
}
