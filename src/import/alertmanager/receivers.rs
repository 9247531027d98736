//! Receivers: whom they tell.

use super::found::{Carrier, Configuration};
use crate::diag::Diagnostic;
use crate::import::doc::Node;
use crate::import::errors::alertmanager as errors;
use crate::prove::routing::secret_in;

/// A receiver.
pub(super) struct Receiver {
    /// Its name.
    pub(super) name: String,
    /// Where that stands.
    pub(super) at: Node,
    /// Whether it tells anybody.
    pub(super) tells: bool,
    /// The URLs of its webhooks.
    urls: Vec<Node>,
    /// How many ways it has to tell.
    ways: usize,
}

/// The receivers of a configuration.
pub(super) fn read(root: &Node) -> Vec<Receiver> {
    root.list("receivers").iter().filter_map(receiver).collect()
}

fn receiver(node: &Node) -> Option<Receiver> {
    let at = node.get("name")?;
    let fields = node.fields()?.into_iter().filter(|it| it.0.ends_with("_configs"));
    let ways = fields.filter_map(|(_, _, it)| it.items()).map(|it| it.len()).sum();
    let webhooks = node.list("webhook_configs");
    let urls = webhooks.iter().filter_map(|it| it.get("url")).collect();
    Some(Receiver { name: at.text()?.to_owned(), at, tells: ways > 0, urls, ways })
}

/// What receivers say of themselves.
pub(super) fn judge(
    configuration: &Configuration,
    receivers: &[Receiver],
    out: &mut Vec<Diagnostic>,
) {
    for (place, it) in receivers.iter().enumerate() {
        if let Some(first) = receivers.iter().take(place).find(|other| other.name == it.name) {
            out.push(errors::receiver_twice(&it.name, it.at.span(), first.at.span()));
        }
        for url in &it.urls {
            let secret = url.text().and_then(secret_in);
            if let Some(what) = secret.filter(|_| configuration.carrier != Carrier::Secret) {
                out.push(errors::secret_in_url(what, url.span()));
            }
        }
    }
    same(receivers, out);
    if configuration.carrier != Carrier::File {
        let urls = receivers.iter().flat_map(|it| &it.urls);
        let own: Vec<_> = urls.filter(|it| it.text().is_some_and(is_own)).map(Node::span).collect();
        out.extend(errors::own_address(&own));
    }
}

/// Receivers that tell one address: routes between them decide nothing.
fn same(receivers: &[Receiver], out: &mut Vec<Diagnostic>) {
    let address = |it: &Receiver| match (it.urls.as_slice(), it.ways) {
        ([url], 1) => url.text().map(str::to_owned),
        _ => None,
    };
    let mut told: Vec<String> = Vec::new();
    for it in receivers {
        let Some(url) = address(it).filter(|url| !told.contains(url)) else { continue };
        let all: Vec<&Receiver> =
            receivers.iter().filter(|it| address(it).as_ref() == Some(&url)).collect();
        if all.len() > 1 {
            let names: Vec<&str> = all.iter().map(|it| it.name.as_str()).collect();
            let places: Vec<_> =
                all.iter().filter_map(|it| it.urls.first()).map(Node::span).collect();
            out.extend(errors::same_address(&names, &places));
        }
        told.push(url);
    }
}

/// Whether a URL leads to the pod that asks.
fn is_own(url: &str) -> bool {
    let host = url.split_once("://").map_or(url, |it| it.1);
    let host = host.split('/').next().unwrap_or(host);
    let host = host.rsplit_once(':').map_or(host, |it| it.0);
    matches!(host, "localhost" | "127.0.0.1" | "[::1]" | "0.0.0.0")
}
