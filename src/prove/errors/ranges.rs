//! What is said of ranges of addresses.

use std::net::IpAddr;

use ipnet::IpNet;

use crate::diag::{Code, Diagnostic, Level};
use crate::embedded::Addresses;
use crate::source::{Span, Sym};

/// Shows where a network inside of a cluster is written; what nobody wrote is the default.
fn because(found: Diagnostic, at: Span, here: Span, field: &str, network: IpNet) -> Diagnostic {
    if at == here {
        return found.help(format!("{network} is the default of `network.{field}`"));
    }
    found.because(at, format!("the {field}: {network}"))
}

/// Ranges of one cluster that share addresses.
pub(crate) const OVERLAP: Code = Code::new("cluster/overlap");

/// Spans: pods, services, the cluster's name.
pub(crate) fn pods_and_services(
    cluster: Sym,
    pods: IpNet,
    services: IpNet,
    free: Option<IpNet>,
    [at, other, here]: [Span; 3],
) -> Diagnostic {
    let title = format!("the pods of `cluster.{cluster}` share addresses with its services");
    // The one that somebody wrote is the one to change.
    let (at, other, mine, their) = if at == here && other != here {
        (other, at, ("services", services), ("pods", pods))
    } else {
        (at, other, ("pods", pods), ("services", services))
    };
    let found = Diagnostic::error(OVERLAP, title, at, format!("{} meets {}", mine.1, their.1));
    let found = because(found, other, here, their.0, their.1)
        .help("traffic to an address of both would go to the service, and never reach the pod");
    match free {
        Some(free) => found.help(format!("free for pods: `network {{ pods = \"{free}\" }}`")),
        None => found,
    }
}

/// Spans: the network, what it meets, the cluster's name.
pub(crate) fn overlap(
    cluster: Sym,
    (field, network): (&str, IpNet),
    (what, met): (&str, Addresses),
    free: Option<IpNet>,
    [at, other, here]: [Span; 3],
) -> Diagnostic {
    let title = format!("the {field} of `cluster.{cluster}` overlap {what}");
    let (first, label) = if at == here {
        (other, format!("{met} meets {network}"))
    } else {
        (at, format!("{network} meets {met}"))
    };
    let mut found = Diagnostic::error(OVERLAP, title, first, label);
    if at == here {
        found = found.help(format!("{network} is the default of `network.{field}`"));
    } else {
        found = found.because(other, format!("{what}: {met}"));
    }
    found = found.help(format!(
        "nodes keep what is sent to such an address among the {field}: {what} could not be reached from the cluster"
    ));
    match free {
        Some(free) => found.help(format!("free for {field}: `network {{ {field} = \"{free}\" }}`")),
        None => found,
    }
}

/// An API server that its own cluster could not reach.
pub(crate) const ENDPOINT_IN_PODS: Code = Code::new("cluster/endpoint-in-pods");

/// `machines_too`: the machines, or what they talk to, are there as well. Spans: the endpoint, the network, the cluster's name.
pub(crate) fn endpoint_inside(
    cluster: Sym,
    endpoint: IpAddr,
    (field, network): (&str, IpNet),
    machines_too: bool,
    [at, other, here]: [Span; 3],
) -> Diagnostic {
    let title =
        format!("the endpoint of `cluster.{cluster}` is an address of the cluster's own {field}");
    let label = format!("{endpoint} is in {network}");
    let found = Diagnostic::error(ENDPOINT_IN_PODS, title, at, label);
    let found = because(found, other, here, field, network)
        .help(format!(
            "nodes would look for the API server among the {field}, and never reach it: no machine could join"
        ));
    if machines_too {
        return found
            .help(format!("the machines' network is there, too: give the {field} another range"));
    }
    found
}

/// Pods and services of two families.
pub(crate) const FAMILIES: Code = Code::new("cluster/ip-family");

/// Spans: pods, services, the cluster's name.
pub(crate) fn families(
    cluster: Sym,
    pods_are_v4: bool,
    pods: Span,
    services: Span,
    here: Span,
) -> Diagnostic {
    let (of_pods, of_services) = if pods_are_v4 { ("IPv4", "IPv6") } else { ("IPv6", "IPv4") };
    let title = format!(
        "the pods of `cluster.{cluster}` have {of_pods} addresses, its services {of_services}"
    );
    let (at, other, label, reason) = if pods == here {
        (services, pods, of_services, of_pods)
    } else {
        (pods, services, of_pods, of_services)
    };
    let found = Diagnostic::error(FAMILIES, title, at, label);
    let found = if other == here {
        let field = if pods == here { "pods" } else { "services" };
        found.help(format!("the default of `network.{field}` is {reason}"))
    } else {
        found.because(other, reason)
    };
    found.help("no service could lead to a pod: give both ranges of one family")
}

/// A range that Kubernetes refuses.
pub(crate) const SIZE: Code = Code::new("cluster/range-size");

pub(crate) fn few_services(cluster: Sym, network: IpNet, wanted: u8, at: Span) -> Diagnostic {
    let title = format!("the range of services of `cluster.{cluster}` is too small");
    let count = Addresses::of(&network).count();
    let noun = if count == 1 { "address" } else { "addresses" };
    Diagnostic::error(SIZE, title, at, format!("{count} {noun}; a cluster needs 10"))
        .help(format!(
            "the cluster's DNS server has the tenth address of the range: `/{wanted}` is the longest prefix"
        ))
}

pub(crate) fn too_large(
    cluster: Sym,
    field: &str,
    network: IpNet,
    wanted: u8,
    at: Span,
) -> Diagnostic {
    let title = format!("the range of {field} of `cluster.{cluster}` is too large");
    let prefix = network.prefix_len();
    let reason = match field {
        "services" => "the API server keeps a bit for each address, and takes no more than 20 bits",
        _ => "the controller manager keeps a bit for each node, and takes no more than 16 bits",
    };
    let narrow =
        IpNet::new(network.addr(), wanted).map_or_else(|_| String::new(), |it| it.to_string());
    Diagnostic::error(SIZE, title, at, format!("/{prefix}; at least /{wanted}")).help(reason).fix(
        format!("write `\"{narrow}\"`"),
        at,
        format!("\"{narrow}\""),
        false,
    )
}

/// Fewer networks of nodes than nodes.
pub(crate) const FEW_NODES: Code = Code::new("cluster/few-node-ranges");

/// `machines` and how many more stand while they are replaced.
pub(crate) fn few_nodes(
    cluster: Sym,
    network: IpNet,
    (machines, surge): (u64, u64),
    (rooms, node, wanted): (u128, u8, Option<u8>),
    at: Span,
) -> Diagnostic {
    let short = rooms < u128::from(machines);
    let level = if short { Level::Error } else { Level::Warning };
    let title = if short {
        format!("the range of pods of `cluster.{cluster}` is too small for its nodes")
    } else {
        format!("the range of pods of `cluster.{cluster}` is too small while nodes are replaced")
    };
    let nodes = if rooms == 1 { "node" } else { "nodes" };
    let found = Diagnostic::new(level, FEW_NODES, title)
        .at(at, format!("{network}: room for {rooms} {nodes}"))
        .help(counted(machines, surge))
        .help(format!("each node takes a `/{node}` of the range for its pods"));
    match wanted {
        Some(prefix) => found.help(format!("a prefix of `/{prefix}` has room for all")),
        None => found,
    }
}

/// Fewer addresses than machines.
pub(crate) const FEW_ADDRESSES: Code = Code::new("cluster/few-addresses");

pub(crate) fn few_addresses(
    cluster: Sym,
    usable: u128,
    left_out: u128,
    (machines, surge): (u64, u64),
    at: Span,
) -> Diagnostic {
    let short = usable < u128::from(machines);
    let level = if short { Level::Error } else { Level::Warning };
    let title = if short {
        format!("`cluster.{cluster}` has fewer addresses than machines")
    } else {
        format!("`cluster.{cluster}` has too few addresses while machines are replaced")
    };
    let noun = if usable == 1 { "address" } else { "addresses" };
    let mut found = Diagnostic::new(level, FEW_ADDRESSES, title)
        .at(at, format!("{usable} {noun}"))
        .help(counted(machines, surge));
    if left_out > 0 {
        let are = if left_out == 1 { "one is" } else { "some are" };
        found = found.help(format!(
            "{are} left out: no machine gets the gateway, or the first or last address of the network"
        ));
    }
    found.help(if short {
        "machines without an address never start"
    } else {
        "a replacement waits for an address, and the machine that it replaces for the replacement"
    })
}

/// `12 machines at most, and 3 more while they are replaced`.
fn counted(machines: u64, surge: u64) -> String {
    let noun = if machines == 1 { "machine" } else { "machines" };
    format!(
        "{machines} {noun} when all pools are as large as they may be, and {surge} more while they are replaced"
    )
}
