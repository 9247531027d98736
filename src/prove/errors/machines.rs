//! What is said of machines that their provider does not give.

use std::fmt;

use crate::diag::{Code, Diagnostic, nearest};
use crate::source::{Span, Sym};

/// Which machines of a cluster.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Part {
    /// Those of the control plane.
    ControlPlane,
    /// Those of a pool.
    Pool(Sym),
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ControlPlane => f.write_str("the control plane"),
            Self::Pool(name) => write!(f, "the pool `{name}`"),
        }
    }
}

/// A class of hosts: its name, cores, and bytes of memory.
type HostClass = (Sym, i64, i64);

/// What no class of hosts has.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Short {
    /// So many cores; the class with the most.
    Cores(i64, HostClass),
    /// So much memory; the class with the most.
    Memory(i64, HostClass),
    /// Both at once; the classes with the most cores and the most memory.
    Both((i64, i64), HostClass, HostClass),
    /// Nothing is known of any.
    Unknown,
}

/// No class of hosts is large enough.
pub(crate) const NO_HOST_CLASS: Code = Code::new("cluster/no-host-class");

pub(crate) fn no_host_class(cluster: Sym, part: Part, short: Short, at: Span) -> Diagnostic {
    let title = format!("no class of hosts is large enough for {part} of `cluster.{cluster}`");
    let sized = |(name, cpu, memory): HostClass| {
        format!("`{name}` with {} and {} of memory", cores(cpu), bytes(memory))
    };
    let make = |label: String| Diagnostic::error(NO_HOST_CLASS, title.clone(), at, label);
    match short {
        Short::Cores(cpu, most) => make(format!("{} wanted", cores(cpu)))
            .help(format!("the largest class is {}", sized(most))),
        Short::Memory(memory, most) => make(format!("{} wanted", bytes(memory)))
            .help(format!("the class with the most memory is {}", sized(most))),
        Short::Both((cpu, memory), by_cores, by_memory) => {
            make(format!("{} and {} wanted, in one host", cores(cpu), bytes(memory))).help(format!(
                "the class with the most cores is {}; that with the most memory is {}",
                sized(by_cores),
                sized(by_memory)
            ))
        }
        Short::Unknown => make("which hosts have that?".to_owned())
            .help("no class of hosts says its `cpu` and `memory`")
            .help("say them, or name a class: `machine { type = \"..\" }`"),
    }
}

/// A class of hosts that is not there.
pub(crate) const UNKNOWN_HOST_CLASS: Code = Code::new("cluster/unknown-host-class");

pub(crate) fn unknown_host_class(
    cluster: Sym,
    part: Part,
    wanted: &str,
    known: &[Sym],
    at: Span,
) -> Diagnostic {
    let title = format!(
        "{part} of `cluster.{cluster}` wants hosts of class `{wanted}`, which its provider does not have"
    );
    let found = Diagnostic::error(UNKNOWN_HOST_CLASS, title, at, "no such class of hosts");
    let names: Vec<String> = known.iter().map(|name| format!("`{name}`")).collect();
    let found = found.help(format!("there are: {}", names.join(", ")));
    match nearest(wanted, known.iter().map(|name| name.as_str())) {
        Some(near) => found.fix(format!("write `\"{near}\"`"), at, format!("\"{near}\""), false),
        None => found,
    }
}

/// A machine with too few cores for its provider.
pub(crate) const ONE_CORE: Code = Code::new("cluster/one-core");

pub(crate) fn few_cores(cluster: Sym, part: Part, fewest: i64, at: Span) -> Diagnostic {
    let title = format!(
        "vSphere machines have {fewest} cores or more, and those of {part} of `cluster.{cluster}` have fewer"
    );
    Diagnostic::error(ONE_CORE, title, at, format!("CAPV makes none with fewer than {fewest}")).fix(
        format!("write `{fewest}`"),
        at,
        fewest.to_string(),
        false,
    )
}

/// Addresses of machines, and no way out of their network.
pub(crate) const NO_GATEWAY: Code = Code::new("cluster/no-gateway");

pub(crate) fn no_gateway(cluster: Sym, bare: bool, at: Span, provider: Span) -> Diagnostic {
    let title = format!("`cluster.{cluster}` has `addresses`, and its provider has no `gateway`");
    let wanted = if bare {
        "`gateway`, `prefix`, `dns` and `interface`"
    } else {
        "`gateway`, `prefix` and `dns`"
    };
    Diagnostic::error(NO_GATEWAY, title, at, "machines with these addresses do not ask DHCP")
        .because(provider, "no `gateway` here")
        .help(format!("the provider describes the network of such machines: {wanted}"))
        .help("without `addresses` machines ask DHCP for all of it")
}

/// A Secret that several clusters would own.
pub(crate) const SHARED_SECRET: Code = Code::new("cluster/shared-secret");

/// Spans: the cluster, the one before it, and where the kind of credentials is written.
pub(crate) fn shared_secret(
    secret: Sym,
    (cluster, other): (Sym, Sym),
    [at, because, kind]: [Span; 3],
) -> Diagnostic {
    let title = format!(
        "`cluster.{cluster}` and `cluster.{other}` use the Secret `{secret}`, which can belong to one cluster only"
    );
    Diagnostic::error(SHARED_SECRET, title, at, "refused by CAPV")
        .because(because, "its owner")
        .because(kind, "a Secret")
        .help("CAPV makes a cluster the owner of its Secret, and the Secret goes when the cluster goes")
        .help("clusters share a VSphereClusterIdentity: `credentials-kind = \"identity\"`")
}

fn cores(count: i64) -> String {
    if count == 1 { "1 core".to_owned() } else { format!("{count} cores") }
}

fn bytes(amount: i64) -> String {
    const UNITS: [(i64, &str); 4] =
        [(1 << 40, "Ti"), (1 << 30, "Gi"), (1 << 20, "Mi"), (1 << 10, "Ki")];
    let fits = UNITS.iter().find(|(unit, _)| amount % unit == 0);
    fits.map_or_else(|| format!("{amount}B"), |(unit, name)| format!("{}{name}", amount / unit))
}
