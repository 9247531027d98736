//! What is said of addresses of several clusters.

use std::net::IpAddr;

use ipnet::IpNet;

use crate::diag::{Code, Diagnostic, Level};
use crate::embedded::Addresses;
use crate::source::{Span, Sym};

/// What has an address.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Use {
    /// The machines of a cluster.
    Machines,
    /// An API server.
    Endpoint,
    /// The gateway of machines.
    Gateway,
    /// A name server of machines.
    NameServer,
}

impl Use {
    /// Whether the provider has it, not a cluster.
    pub(crate) const fn is_of_provider(self) -> bool {
        matches!(self, Self::Gateway | Self::NameServer)
    }

    fn of(self, owner: Sym) -> String {
        match self {
            Self::Machines => format!("the machines of `cluster.{owner}`"),
            Self::Endpoint => format!("the API server of `cluster.{owner}`"),
            Self::Gateway => "the gateway".to_owned(),
            Self::NameServer => "a name server".to_owned(),
        }
    }
}

/// An address that two things have.
pub(crate) const TWICE: Code = Code::new("cluster/address-twice");

/// Whether a place comes before another one of its file.
fn is_before(at: Span, other: Span) -> bool {
    at.file == other.file && at.start < other.start
}

/// Something that has addresses, and where that is written.
pub(crate) type Holder = (Use, Sym, Span);

/// `same`: both are the same cluster's. `one_network`: both are on one provider.
pub(crate) fn twice(
    mine: Holder,
    other: Holder,
    both: Addresses,
    same: bool,
    one_network: bool,
) -> Diagnostic {
    // The later one is told of, but what the provider has is not what somebody would change.
    let turned = !other.0.is_of_provider() && is_before(mine.2, other.2);
    let ((mine, owner, at), (other, other_owner, because)) =
        if turned { (other, mine) } else { (mine, other) };
    if same && mine == Use::Machines && other == Use::Machines {
        return Diagnostic::warning(
            TWICE,
            format!("`addresses` of `cluster.{owner}` names {both} twice"),
            at,
            "ranges that meet",
        );
    }
    // Addresses are handed out without the gateway.
    let harmless = !one_network || (mine == Use::Machines && other == Use::Gateway);
    let level = if harmless { Level::Warning } else { Level::Error };
    let title = match (mine, other) {
        (Use::Machines, Use::Machines) => {
            format!("{both} would be machines of `cluster.{owner}` and of `cluster.{other_owner}`")
        }
        _ => format!("{both} is for {} and for {}", mine.of(owner), other.of(other_owner)),
    };
    let word = if both.first() == both.last() { "an address" } else { "addresses" };
    let found = Diagnostic::new(level, TWICE, title).at(at, format!("{word} given twice"));
    // The endpoint and the machines of a cluster may be written at one place: by a preset.
    let found = if at == because {
        found
    } else {
        found.because(because, format!("for {}", other.of(other_owner)))
    };
    match (one_network, mine, other) {
        (false, ..) => found.help(format!(
            "their providers may be networks apart: then `allow({TWICE}) because \"..\"`"
        )),
        (true, Use::Machines, Use::Gateway) => {
            found.help("no machine gets it: it counts for nothing")
        }
        (true, Use::Machines, Use::Machines) => {
            found.help("each cluster hands out its own, and does not know what the other gave")
        }
        (true, Use::Machines | Use::Endpoint, Use::Machines | Use::Endpoint) => {
            found.help("a machine would get it, and answer in place of the API server")
        }
        (true, ..) => {
            found.help("the address answers already, and both would be lost now and then")
        }
    }
}

/// Two clusters at one address.
pub(crate) fn one_endpoint(
    cluster: Sym,
    other: Sym,
    address: IpAddr,
    at: Span,
    because: Span,
) -> Diagnostic {
    let (cluster, other, at, because) = if is_before(at, because) {
        (other, cluster, because, at)
    } else {
        (cluster, other, at, because)
    };
    let title = format!("`cluster.{other}` and `cluster.{cluster}` have one endpoint");
    let found = Diagnostic::error(TWICE, title, at, format!("{address} again"));
    let found = if at == because {
        found
    } else {
        found.because(because, format!("the API server of `cluster.{other}`"))
    };
    found.help(
        "whichever machine announces it last has it: Cluster API would work on the wrong cluster",
    )
}

/// Machines apart from their gateway.
pub(crate) const OTHER_NETWORK: Code = Code::new("cluster/other-network");

pub(crate) fn other_network(
    cluster: Sym,
    range: Addresses,
    network: IpNet,
    at: Span,
    because: Span,
) -> Diagnostic {
    let title =
        format!("machines of `cluster.{cluster}` would stand outside of the gateway's network");
    Diagnostic::error(OTHER_NETWORK, title, at, format!("{range} is not in {network}"))
        .because(because, format!("the gateway of {network}, with `prefix`"))
        .help("they would have no way out")
}

pub(crate) fn endpoint_elsewhere(
    cluster: Sym,
    endpoint: IpAddr,
    network: IpNet,
    at: Span,
    because: Span,
) -> Diagnostic {
    let title = format!("the endpoint of `cluster.{cluster}` is outside of its machines' network");
    Diagnostic::warning(OTHER_NETWORK, title, at, format!("{endpoint} is not in {network}"))
        .because(because, format!("the gateway of {network}, with `prefix`"))
        .help("a machine announces it in the network where it stands: routers do not look for it there")
}

/// What the hub cannot reach.
pub(crate) const HIDDEN: Code = Code::new("cluster/hidden-from-hub");

/// Spans: the cluster's address, the hub's network, the hub's name.
pub(crate) fn hidden(
    cluster: Sym,
    is_endpoint: bool,
    range: Addresses,
    (hub, field, network): (Sym, &str, IpNet),
    more: &[Sym],
    [at, other, here]: [Span; 3],
) -> Diagnostic {
    let what = if is_endpoint { "the API server" } else { "the machines" };
    let title = format!("{what} of `cluster.{cluster}` cannot be reached from the hub");
    let found = Diagnostic::error(HIDDEN, title, at, format!("{range} is in {network}"));
    let mine = format!("{network}, the {field} of the hub `cluster.{hub}`");
    let found = if other == here {
        found.because(other, format!("{mine} by default"))
    } else {
        found.because(other, mine)
    };
    let found = found.help(format!(
        "Cluster API runs among the hub's pods: what it sends there stays among the {field} of the hub"
    ));
    match more {
        [] => found,
        more => {
            let shown: Vec<String> =
                more.iter().take(5).map(|it| format!("`cluster.{it}`")).collect();
            let rest = if more.len() > 5 {
                format!(" and {} more", more.len() - 5)
            } else {
                String::new()
            };
            found.help(format!("the same holds for {}{rest}", shown.join(", ")))
        }
    }
}

/// Routed pods that share addresses.
pub(crate) const ROUTED: Code = Code::new("cluster/routed-pods");

/// Spans: the range, the other cluster's pods, and the names of both clusters.
pub(crate) fn routed(
    (cluster, other): (Sym, Sym),
    field: &str,
    range: IpNet,
    pods: IpNet,
    [at, because, here, there]: [Span; 4],
) -> Diagnostic {
    let mine = (field, cluster, range, at, at == here);
    let theirs = ("pods", other, pods, because, because == there);
    // What somebody wrote comes before a default, and the later before the earlier.
    let turned = (mine.4 && !theirs.4) || (mine.4 == theirs.4 && is_before(at, because));
    let (mine, theirs) = if turned { (theirs, mine) } else { (mine, theirs) };
    let title = format!(
        "the {} of `cluster.{}` share addresses with the {} of `cluster.{}`",
        mine.0, mine.1, theirs.0, theirs.1
    );
    let by_default = |it: bool| if it { " by default" } else { "" };
    Diagnostic::error(
        ROUTED,
        title,
        mine.3,
        format!("{}{} meets {}", mine.2, by_default(mine.4), theirs.2),
    )
    .because(theirs.3, format!("{}{}, and `routed`", theirs.2, by_default(theirs.4)))
    .help(if field == "pods" {
        "both are `routed`: an address of both has no one place to be sent to"
    } else {
        "both are `routed`, but what one sends to these pods goes to its own services"
    })
}
