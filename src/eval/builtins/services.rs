//! How what runs in clusters is found.

use super::{Call, Row};
use crate::eval::value::Value;
use crate::source::Sym;

/// Kubernetes' own domain, which clusters have that nothing else is known of.
const DOMAIN: &str = "cluster.local";

pub(super) const ROWS: &[Row] = &[
    ("service-host", host),
    ("service-domain", |call| match domain(call) {
        Some(domain) => call.make_text(&domain),
        None => Value::Poison,
    }),
];

/// The Service of a workload is called as the workload is.
fn host(call: &mut Call<'_, '_>) -> Value {
    let Some(record) = call.root(call.arg(0)) else { return Value::Poison };
    let Some(owner) = call.cx.owner_of(record) else { return Value::Poison };
    let Some(root) = call.cx.root(owner) else { return Value::Poison };
    let Value::Resource(namespace) = call.field(root, "namespace") else { return Value::Poison };
    let name = |block: u32| call.cx.blocks.get(block as usize).map(|block| block.name);
    let (Some(name), Some(namespace)) = (name(owner), name(namespace)) else {
        return Value::Poison;
    };
    let Some(domain) = domain(call) else { return Value::Poison };
    call.make_text(&format!("{name}.{namespace}.svc.{domain}"))
}

/// The domain of Services: that of all clusters where they agree, else that of the cluster at hand.
fn domain(call: &mut Call<'_, '_>) -> Option<String> {
    let kinds = &call.cx.types.kinds;
    let kind = kinds.iter().find(|(_, kind)| kind.keyword.as_str() == "cluster").map(|it| *it.0)?;
    let mut clusters: Vec<u32> = call.cx.blocks_of(kind);
    clusters.retain(|&cluster| !call.cx.is_external(cluster));
    let mut known: Vec<(u32, String)> = Vec::new();
    for cluster in clusters {
        known.push((cluster, domain_of(call, cluster)?));
    }
    let first = known.first().map(|(_, domain)| domain.clone());
    let first = first.unwrap_or_else(|| DOMAIN.to_owned());
    if known.iter().all(|(_, domain)| *domain == first) {
        return Some(first);
    }
    let here = call.cx.axis(Sym::new("cluster"), call.target, call.at)?;
    let own = known.into_iter().find(|(cluster, _)| *cluster == here);
    Some(own.map_or_else(|| DOMAIN.to_owned(), |(_, domain)| domain))
}

fn domain_of(call: &mut Call<'_, '_>, cluster: u32) -> Option<String> {
    let root = call.cx.root(cluster)?;
    let Value::Record(network) = call.field(root, "network") else { return None };
    let domain = call.field(network, "domain");
    call.cx.store.as_text(domain).map(str::to_owned)
}
