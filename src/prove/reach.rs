//! Who may reach whom: what programs are told of, they can reach, and what refuses is there.

use std::collections::BTreeMap;

use rustc_hash::FxHashSet;

use super::errors::reach as errors;
use super::{Facts, Place, Refutation};
use crate::eval::Origin;
use crate::model::{EnvValue, Model, Namespace, Need, Of, Ref, ResourceId};
use crate::network::{Index, Plugin, is_asked};
use crate::source::Sym;

/// Something that is reached by a name.
struct Named {
    id: ResourceId,
    address: String,
    /// Its ports, by name and number.
    ports: Vec<(Sym, i64)>,
}

/// Texts of a program that name another's address stand beside a need: where namespaces are closed, nothing else lets it through.
pub(super) fn needed(facts: &Facts<'_>, found: &mut Vec<Refutation>) {
    let model = facts.model;
    let names = names(model);
    if names.is_empty() {
        return;
    }
    let closed = model.namespaces.iter().filter(|it| is_closed(&it.value));
    let closed: FxHashSet<ResourceId> = closed.map(|it| it.id).collect();
    let mut told: FxHashSet<(ResourceId, Origin)> = FxHashSet::default();
    for Caller { id, namespace, needs, texts, keys } in callers(model) {
        if !closed.contains(&namespace.id) {
            continue;
        }
        // Who is given what a database is reached with calls it.
        for (database, origin) in keys {
            if told.contains(&(id, origin)) || needs.iter().any(|it| it.to.id == database.id) {
                continue;
            }
            told.insert((id, origin));
            let place = Place::new(id, origin);
            found.push(Refutation::at([place], move |[at]: [_; 1]| {
                errors::not_needed(database.name.as_str(), database.name.as_str(), at)
            }));
        }
        for text in texts {
            let Some((host, port)) = host_in(text.value, &names) else { continue };
            let Some(named) = names.get(host) else { continue };
            if named.id == id
                || needs.iter().any(|it| it.to.id == named.id && covers(it, named, port))
            {
                continue;
            }
            if !told.insert((id, text.origin)) {
                continue;
            }
            let known = named.ports.iter().find(|(_, number)| Some(*number) == port);
            let known = known.or(match named.ports.as_slice() {
                [only] => Some(only),
                _ => None,
            });
            let meant = known.map_or_else(
                || named.address.clone(),
                |(name, _)| format!("{}.{name}", named.address),
            );
            let host = host.to_owned();
            let place = Place::new(id, text.origin);
            found.push(Refutation::at([place], move |[at]: [_; 1]| {
                errors::not_needed(&host, &meant, at)
            }));
        }
    }
}

fn covers(need: &Need, named: &Named, port: Option<i64>) -> bool {
    match (need.port, port) {
        (Some(name), Some(port)) => {
            let known = named.ports.iter().find(|(_, number)| *number == port);
            known.is_none_or(|(known, _)| *known == name)
        }
        _ => true,
    }
}

/// Everything of the program that has a name of its own in a network.
fn names(model: &Model<'_>) -> BTreeMap<String, Named> {
    let mut names = BTreeMap::new();
    for it in &model.workloads {
        let value = &it.value;
        let ports = value.port.iter().map(|(name, port)| (*name, port.number.value)).collect();
        let host = format!("{}.{}.svc", value.name.value, value.namespace.value.name);
        let address = it.name.value.to_string();
        names.entry(host).or_insert(Named { id: it.id, address, ports });
    }
    for it in &model.databases {
        let value = &it.value;
        for part in ["rw", "ro", "r"] {
            let host = format!("{}-{part}.{}.svc", value.name.value, value.namespace.value.name);
            let address = it.name.value.to_string();
            names.entry(host).or_insert(Named { id: it.id, address, ports: Vec::new() });
        }
    }
    for it in &model.external_services {
        let Some(host) = it.value.host else { continue };
        let ports = it.value.port.iter().map(|(name, port)| (*name, port.number.value)).collect();
        let address = it.name.value.to_string();
        names.entry(host.value.to_owned()).or_insert(Named { id: it.id, address, ports });
    }
    names
}

/// What calls.
struct Caller<'m, 'a> {
    id: ResourceId,
    namespace: Ref,
    needs: &'m [Need],
    /// All texts that it is given.
    texts: Vec<Of<&'a str>>,
    /// The databases that it is given keys of.
    keys: Vec<(Ref, Origin)>,
}

impl<'m, 'a> Caller<'m, 'a> {
    /// Takes in what its environment holds.
    fn with<'e>(mut self, values: impl Iterator<Item = &'e EnvValue<'a>>) -> Self
    where
        'a: 'e,
    {
        for value in values {
            match value {
                EnvValue::Text(text) => self.texts.push(*text),
                // Of `secret`s, too: those are sorted out below.
                EnvValue::Secret(key) => {
                    self.keys.extend(key.block.map(|block| (block, key.key.origin)));
                }
                EnvValue::Field(_) => {}
            }
        }
        self
    }
}

/// Everything that calls.
fn callers<'m, 'a>(model: &'m Model<'a>) -> Vec<Caller<'m, 'a>> {
    let mut out: Vec<Caller<'m, 'a>> = Vec::new();
    for it in &model.workloads {
        let value = &it.value;
        let mut texts: Vec<Of<&'a str>> = Vec::new();
        texts.extend(value.command.iter().chain(&value.args));
        texts.extend(value.file.iter().map(|(_, file)| file.text));
        let beside = value.init.iter().chain(&value.sidecar).flat_map(|(_, it)| &it.env);
        let (id, namespace, needs) = (it.id, value.namespace.value, it.needs.as_slice());
        let caller = Caller { id, namespace, needs, texts, keys: Vec::new() };
        out.push(caller.with(value.env.iter().chain(beside).map(|(_, it)| it)));
    }
    for it in &model.jobs {
        let value = &it.value;
        let mut texts: Vec<Of<&'a str>> = Vec::new();
        texts.extend(value.command.iter().chain(&value.args).chain(&value.script));
        texts.extend(value.file.iter().map(|(_, file)| file.text));
        let (id, namespace, needs) = (it.id, value.namespace.value, it.needs.as_slice());
        let caller = Caller { id, namespace, needs, texts, keys: Vec::new() };
        out.push(caller.with(value.env.iter().map(|(_, it)| it)));
    }
    for caller in &mut out {
        caller.keys.retain(|(block, _)| model.databases.iter().any(|it| it.id == block.id));
    }
    out
}

fn is_closed(namespace: &Namespace<'_>) -> bool {
    namespace.network.value.as_str() == "deny-by-default"
}

/// A known host in a text, and the port behind it. A host ends where no name could go on, but for the domain of the cluster.
fn host_in<'n>(text: &str, names: &'n BTreeMap<String, Named>) -> Option<(&'n str, Option<i64>)> {
    let is_part = |it: char| it.is_ascii_alphanumeric() || matches!(it, '-' | '.' | '_');
    for word in text.split(|it: char| !is_part(it) && it != ':') {
        let mut pieces = word.split(':').filter(|it| !it.is_empty()).peekable();
        while let Some(host) = pieces.next() {
            let short = match host.find(".svc.") {
                Some(at) => host.get(..at + ".svc".len()).unwrap_or(host),
                None => host,
            };
            if let Some((known, _)) = names.get_key_value(short.trim_end_matches('.')) {
                let port = pieces.peek().and_then(|it| it.parse().ok());
                return Some((known, port));
            }
        }
    }
    None
}

/// Flannel reads no network policy.
pub(super) fn enforced(facts: &Facts<'_>, found: &mut Vec<Refutation>) {
    let model = facts.model;
    let closed = model.namespaces.iter().filter(|it| is_closed(&it.value));
    let used: FxHashSet<ResourceId> =
        closed.flat_map(|it| it.targets.iter().map(|on| on.id)).collect();
    let index = Index::new(model);
    for cluster in &model.clusters {
        let own = Ref { id: cluster.id, name: cluster.name.value };
        let plugin = Plugin::of(&index, own);
        if is_asked(&cluster.value) && plugin != Plugin::Cilium {
            let (name, origin) = (cluster.name.value, cluster.value.network.policies.origin);
            let place = Place::new(cluster.id, origin);
            found.push(Refutation::at([place], move |[at]: [_; 1]| {
                errors::not_cilium(name, plugin == Plugin::Flannel, at)
            }));
            continue;
        }
        if used.contains(&cluster.id) && plugin == Plugin::Flannel {
            let name = cluster.name.value;
            let place = Place::name(cluster.id);
            found.push(Refutation::at([place], move |[at]: [_; 1]| errors::not_enforced(name, at)));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::{Named, host_in};
    use crate::model::ResourceId;

    #[test]
    fn hosts_are_found_in_texts() {
        let named = || Named { id: ResourceId(1), address: String::new(), ports: Vec::new() };
        let names: BTreeMap<String, Named> =
            ["orders.shop.svc", "api.acme.example"].map(|it| (it.to_owned(), named())).into();
        let check = |text: &str, expected: Option<(&str, Option<i64>)>| {
            assert_eq!(host_in(text, &names), expected, "{text}");
        };
        let orders = "orders.shop.svc";
        check("http://orders.shop.svc.cluster.local:9000/x", Some((orders, Some(9000))));
        check("orders.shop.svc:9000", Some((orders, Some(9000))));
        check("postgres://a:b@orders.shop.svc/db", Some((orders, None)));
        check("--at=orders.shop.svc. --then", Some((orders, None)));
        check("my-orders.shop.svc", None);
        check("orders.shop.svc-2", None);
        check("https://api.acme.example", Some(("api.acme.example", None)));
        check("https://new.api.acme.example", None);
        check("", None);
        check(":::", None);
    }
}
