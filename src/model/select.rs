//! What Prometheus loads: the labels that it selects by are those that objects carry, said in one place.

use super::{Map, Model, Of, Ref};
use crate::source::Sym;

/// A Prometheus of some clusters, whoever runs it.
#[derive(Clone, Copy, Debug)]
pub struct Selecting<'m, 'a> {
    /// The resource that describes it.
    pub id: super::ResourceId,
    /// Its name.
    pub name: Sym,
    /// The clusters where it looks like this.
    pub targets: &'m [Ref],
    /// The namespace that it runs in, where this program makes it.
    pub namespace: Option<Of<Ref>>,
    /// The labels that it selects by; none where they are not known.
    pub select: &'m Map<Of<&'a str>>,
    /// The namespaces where it looks, beside its own; none where it looks everywhere, or where that is not known.
    pub select_in: &'m [Of<Ref>],
}

impl<'a> Model<'a> {
    /// Every Prometheus: those of this program first.
    pub fn selecting(&self) -> impl Iterator<Item = Selecting<'_, 'a>> {
        let own = self.monitorings.iter().map(|it| Selecting {
            id: it.id,
            name: it.name.value,
            targets: &it.targets,
            namespace: Some(it.value.namespace),
            select: &it.value.prometheus.select,
            select_in: &it.value.prometheus.select_in,
        });
        own.chain(self.external_monitorings.iter().map(|it| Selecting {
            id: it.id,
            name: it.name.value,
            targets: &it.targets,
            namespace: None,
            select: &it.value.select,
            select_in: &it.value.select_in,
        }))
    }

    /// The labels that rules and monitors carry so that the Prometheus of each of their clusters loads them. Where two of them want a label
    /// with different values, that of the first stands: an object is one, and cannot satisfy both.
    pub fn selected_labels(&self, targets: &[Ref]) -> Map<Of<&'a str>> {
        let mut labels: Map<Of<&'a str>> = Vec::new();
        for server in self.selecting() {
            if !server.targets.iter().any(|it| targets.iter().any(|target| target.id == it.id)) {
                continue;
            }
            for &(key, value) in server.select {
                if labels.iter().all(|(known, _)| *known != key) {
                    labels.push((key, value));
                }
            }
        }
        labels
    }
}
