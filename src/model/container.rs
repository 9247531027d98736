//! How images are run.

use super::lift::{Lift, Reader};
use super::{Map, Of, Quantity, Range, SecretKey};
use crate::eval::{Origin, Value};
use crate::source::Sym;

/// `schema Container`.
#[derive(Clone, PartialEq, Debug)]
pub struct Container<'a> {
    /// The container's own name.
    pub name: Of<Sym>,
    /// Its image.
    pub image: Of<&'a str>,
    /// What runs in place of the image's entry point.
    pub command: Vec<Of<&'a str>>,
    /// What the entry point is told.
    pub args: Vec<Of<&'a str>>,
    /// Its environment.
    pub env: Map<EnvValue<'a>>,
    /// The CPU that it requests, and its limit.
    pub cpu: Range<Quantity<'a>>,
    /// The memory that it requests, and its limit.
    pub memory: Range<Quantity<'a>>,
}

/// `type EnvValue`.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum EnvValue<'a> {
    /// A text.
    Text(Of<&'a str>),
    /// In a Secret.
    Secret(SecretKey<'a>),
    /// Of the pod.
    Field(PodField),
}

impl<'a> Lift<'a> for EnvValue<'a> {
    fn lift(reader: &Reader<'a>, value: Value, origin: Origin) -> Option<Self> {
        let Value::Record(record) = value else {
            return Some(Self::Text(Lift::lift(reader, value, origin)?));
        };
        match reader.schema(record)?.as_str() {
            "PodField" => Some(Self::Field(Lift::lift(reader, value, origin)?)),
            _ => Some(Self::Secret(Lift::lift(reader, value, origin)?)),
        }
    }
}

/// `schema PodField`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct PodField {
    /// `name`, `namespace`, `ip`, `node-ip`, `node` or `service-account`.
    pub field: Of<Sym>,
}

/// `type PodProbe`.
#[derive(Clone, PartialEq, Debug)]
pub enum Probe<'a> {
    /// A request by HTTP.
    Http(HttpProbe<'a>),
    /// A connection.
    Tcp(TcpProbe<'a>),
    /// The health service of gRPC.
    Grpc(GrpcProbe<'a>),
    /// A command.
    Command(CommandProbe<'a>),
}

impl<'a> Probe<'a> {
    /// What every probe has.
    pub const fn base(&self) -> &ProbeBase<'a> {
        match self {
            Self::Http(it) => &it.base,
            Self::Tcp(it) => &it.base,
            Self::Grpc(it) => &it.base,
            Self::Command(it) => &it.base,
        }
    }

    /// The port that is asked.
    pub const fn port(&self) -> Option<Of<Sym>> {
        match self {
            Self::Http(it) => Some(it.port),
            Self::Tcp(it) => Some(it.port),
            Self::Grpc(it) => Some(it.port),
            Self::Command(_) => None,
        }
    }
}

impl<'a> Lift<'a> for Probe<'a> {
    fn lift(reader: &Reader<'a>, value: Value, origin: Origin) -> Option<Self> {
        let Value::Record(record) = value else { return None };
        match reader.schema(record)?.as_str() {
            "HttpProbe" => Some(Self::Http(Lift::lift(reader, value, origin)?)),
            "TcpProbe" => Some(Self::Tcp(Lift::lift(reader, value, origin)?)),
            "GrpcProbe" => Some(Self::Grpc(Lift::lift(reader, value, origin)?)),
            "CommandProbe" => Some(Self::Command(Lift::lift(reader, value, origin)?)),
            _ => None,
        }
    }
}

/// `schema ProbeBase`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ProbeBase<'a> {
    /// How long after its start it is first asked.
    pub delay: Of<Quantity<'a>>,
    /// How often it is asked.
    pub every: Of<Quantity<'a>>,
    /// How long an answer may take.
    pub timeout: Of<Quantity<'a>>,
    /// After how many failures in a row it counts as failed.
    pub failures: Of<i64>,
}

/// `schema HttpProbe`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct HttpProbe<'a> {
    /// What every probe has.
    pub base: ProbeBase<'a>,
    /// The port's name.
    pub port: Of<Sym>,
    /// What is asked for.
    pub path: Of<&'a str>,
    /// `http` or `https`.
    pub scheme: Of<Sym>,
}

/// `schema TcpProbe`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct TcpProbe<'a> {
    /// What every probe has.
    pub base: ProbeBase<'a>,
    /// The port's name.
    pub port: Of<Sym>,
}

/// `schema GrpcProbe`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct GrpcProbe<'a> {
    /// What every probe has.
    pub base: ProbeBase<'a>,
    /// The port's name.
    pub port: Of<Sym>,
    /// The service that is asked about.
    pub service: Option<Of<&'a str>>,
}

/// `schema CommandProbe`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CommandProbe<'a> {
    /// What every probe has.
    pub base: ProbeBase<'a>,
    /// The command.
    pub command: Vec<Of<&'a str>>,
}

/// `schema Probes`.
#[derive(Clone, PartialEq, Debug)]
pub struct Probes<'a> {
    /// Whether it takes requests.
    pub readiness: Option<Probe<'a>>,
    /// Whether it must be started again.
    pub liveness: Option<Probe<'a>>,
    /// Whether it has started.
    pub startup: Option<Probe<'a>>,
    /// Whether probes that are not written are made of the first TCP port.
    pub from_ports: Of<bool>,
}

impl<'a> Probes<'a> {
    /// Those that are written, with the fields that hold them.
    pub fn written(&self) -> impl Iterator<Item = (&'static str, &Probe<'a>)> {
        let all = [
            ("readiness", &self.readiness),
            ("liveness", &self.liveness),
            ("startup", &self.startup),
        ];
        all.into_iter().filter_map(|(name, probe)| Some((name, probe.as_ref()?)))
    }
}

/// `schema Security`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Security<'a> {
    /// The user it runs as.
    pub user: Option<Of<i64>>,
    /// The group it runs as.
    pub group: Option<Of<i64>>,
    /// Whether it may run as root.
    pub root: Of<bool>,
    /// Whether it may write anywhere in its container.
    pub writable_root: Of<bool>,
    /// What it may do beyond other programs.
    pub capabilities: Vec<Of<&'a str>>,
    /// Whether it uses the network of its node.
    pub host_network: Of<bool>,
    /// Whether it gets a token for the API of Kubernetes.
    pub service_account_token: Of<bool>,
}

/// `schema Toleration`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Toleration<'a> {
    /// The taint's value; any where there is none.
    pub value: Option<Of<&'a str>>,
    /// What the taint does, or `any`.
    pub effect: Of<Sym>,
}

/// `schema File`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct File<'a> {
    /// What is in it.
    pub text: Of<&'a str>,
    /// Its rights.
    pub mode: Of<i64>,
}
