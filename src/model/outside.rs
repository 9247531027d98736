//! What a program states of resources that something else makes.

use super::lift::{Head, Lift, Reader};
use super::{Kind, Model, Of, Ref, ResourceId};
use crate::eval::{self, Evaluator, Origin, RecordId, Value};
use crate::source::Sources;

/// Every cluster, also those that something else makes.
pub(super) fn clusters(values: &Evaluator<'_>, resources: &[eval::Resource]) -> Vec<Ref> {
    let of_kind = |kind: crate::resolve::DefId| values.types.kinds.get(&kind);
    let clusters = resources.iter().filter_map(|resource| {
        let block = values.blocks.get(resource.block as usize)?;
        let keyword = of_kind(block.kind)?.keyword;
        let name = block.name;
        (keyword.as_str() == Kind::Cluster.keyword())
            .then_some(Ref { id: ResourceId(resource.block), name })
    });
    clusters.collect()
}

/// What is stated of a resource that something else makes, as far as theorems ask. Where it does not say on which clusters, it is on all.
pub(super) fn external<'a>(
    values: &'a Evaluator<'a>,
    resource: &'a eval::Resource,
    kind: Kind,
    clusters: &[Ref],
    sources: &'a Sources,
    model: &mut Model<'a>,
) -> Option<()> {
    let reader = Reader { values, target: eval::NOTHING, external: true, around: false };
    let block = values.blocks.get(resource.block as usize)?;
    let (said, origin) = reader.field(resource.root, "clusters");
    let mut targets = clusters.to_vec();
    if reader.is_stated(said, origin) {
        let said: Vec<Of<Ref>> = Lift::lift(&reader, said, origin)?;
        targets = said.into_iter().map(|cluster| cluster.value).collect();
    }
    targets.sort_by_key(|cluster| cluster.name.as_str());
    targets.dedup();
    let head = Head {
        id: ResourceId(resource.block),
        name: block.name,
        source: sources.get(block.at.file).name(),
        made: None,
        base: values.base_of(resource.block),
        targets,
    };
    let value = Value::Record(resource.root);
    match kind {
        Kind::Scrape => model.external_scrapes.push(head.with(&reader, value)?),
        Kind::Service => model.external_services.push(head.with(&reader, value)?),
        Kind::Secret => model.external_secrets.push(head.with(&reader, value)?),
        Kind::Addon => model.external_addons.push(head.with(&reader, value)?),
        _ => model.external_monitorings.push(head.with(&reader, value)?),
    }
    Some(())
}

impl<'a> Lift<'a> for super::ExternalMonitoring<'a> {
    fn lift(reader: &Reader<'a>, value: Value, _: Origin) -> Option<Self> {
        let Value::Record(record) = value else { return None };
        let (Value::Record(server), _) = reader.field(record, "prometheus") else { return None };
        /// A field that the block itself states.
        fn stated<'a, T: Lift<'a>>(
            reader: &Reader<'a>,
            server: RecordId,
            name: &str,
        ) -> Option<Option<T>> {
            let (value, origin) = reader.field(server, name);
            if reader.is_stated(value, origin) {
                return T::lift(reader, value, origin).map(Some);
            }
            Some(None)
        }
        Some(Self {
            scrape_interval: stated(reader, server, "scrape-interval")?,
            evaluation_interval: stated(reader, server, "evaluation-interval")?,
            retention: stated(reader, server, "retention")?,
            external_labels: stated(reader, server, "external-labels")?,
            features: stated(reader, server, "features")?,
            select: stated(reader, server, "select")?.unwrap_or_default(),
            select_in: stated(reader, server, "select-in")?.unwrap_or_default(),
        })
    }
}

impl<'a> Lift<'a> for super::ExternalAddon<'a> {
    fn lift(reader: &Reader<'a>, value: Value, _: Origin) -> Option<Self> {
        let Value::Record(record) = value else { return None };
        fn read<'a, T: Lift<'a>>(reader: &Reader<'a>, record: RecordId, name: &str) -> Option<T> {
            let (value, origin) = reader.field(record, name);
            T::lift(reader, value, origin)
        }
        Some(Self {
            chart: read(reader, record, "chart")?,
            provides: read(reader, record, "provides")?,
            storage_classes: read(reader, record, "storage-classes")?,
        })
    }
}
