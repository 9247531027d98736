//! What is said of zones, and of ports that a provider fixes.

use crate::diag::{Code, Diagnostic};
use crate::source::{Span, Sym};

/// Locations that no private network and no load balancer connects.
pub(crate) const NETWORK_ZONES: Code = Code::new("cluster/network-zones");

/// Each location with its zone.
pub(crate) fn network_zones(
    (first, own): (&str, &str),
    (second, other): (&str, &str),
    at: Span,
) -> Diagnostic {
    let title = format!("`{first}` and `{second}` lie in two network zones");
    Diagnostic::error(NETWORK_ZONES, title, at, "not one network zone")
        .help(format!("`{first}` is in {own}, `{second}` in {other}"))
        .help("a cluster stands in one network zone: write a provider for each")
}

/// A pool where its provider has no zone.
pub(crate) const UNKNOWN_ZONE: Code = Code::new("cluster/unknown-zone");

/// Spans: the zone, and what says which there are.
pub(crate) fn unknown_zone(
    pool: Sym,
    zone: &str,
    word: &str,
    have: &[String],
    [at, from]: [Span; 2],
) -> Diagnostic {
    if have.is_empty() {
        let title =
            format!("the pool `{pool}` is to stand in `{zone}`, and its provider has no zones");
        return Diagnostic::error(UNKNOWN_ZONE, title, at, "means nothing here");
    }
    let title =
        format!("`{zone}` is no {word} of the provider, and pool `{pool}` is to stand there");
    let have: Vec<String> = have.iter().map(|it| format!("`{it}`")).collect();
    let have = have.join(", ");
    let found = Diagnostic::error(UNKNOWN_ZONE, title, at, format!("no such {word}"));
    if word == "zone" {
        found.because(from, "its zones begin with this").help(format!("as in {have}"))
    } else {
        found.because(from, "its machines stand there").help(format!("one of {have}"))
    }
}

/// A port on which nobody listens.
pub(crate) const FIXED_PORT: Code = Code::new("cluster/fixed-port");

pub(crate) fn fixed_port(cluster: Sym, port: i64, fixed: i64, at: Span) -> Diagnostic {
    let title = format!("the API server of `cluster.{cluster}` cannot be reached on {port}");
    Diagnostic::error(FIXED_PORT, title, at, format!("the load balancer listens on {fixed}"))
        .help("the network load balancer that CAPA makes has this one port")
        .fix(format!("write `{fixed}`"), at, fixed.to_string(), false)
}
