//! Every resource of a program.

use std::collections::BTreeMap;

use super::{Lift, Reader};
use crate::diag::Sink;
use crate::eval::{self, Evaluator, Origin, Value};
use crate::kubernetes::minor_of;
use crate::model::resource::{Edge, Need, Ref, Resource, ResourceId};
use crate::model::{Kind, Model, Of, Tree, errors, outside};
use crate::source::{Sources, Sym};

/// Lifts every resource that is ours. Resources that differ from target to target are lifted once a
/// target. A resource whose values are not of its schema's shape is reported: nothing may be left out
/// of a build in silence.
pub fn lift<'a>(
    values: &'a Evaluator<'a>,
    resources: &'a [eval::Resource],
    sources: &'a Sources,
    sink: &mut Sink,
) -> Model<'a> {
    read(values, resources, sources, sink, false)
}

/// Lifts a program whose mistakes stand in its alerts: a text with one is empty, an alert with one elsewhere is left out, all else is whole.
/// `None` if it is not.
pub fn lift_around_alerts<'a>(
    values: &'a Evaluator<'a>,
    resources: &'a [eval::Resource],
    sources: &'a Sources,
) -> Option<Model<'a>> {
    let mut sink = Sink::new();
    let model = read(values, resources, sources, &mut sink, true);
    sink.is_empty().then_some(model)
}

fn read<'a>(
    values: &'a Evaluator<'a>,
    resources: &'a [eval::Resource],
    sources: &'a Sources,
    sink: &mut Sink,
    around_alerts: bool,
) -> Model<'a> {
    let mut model = Model {
        catalog: values.names.catalog.clone(),
        images: values.names.images.clone(),
        ..Model::default()
    };
    let clusters = outside::clusters(values, resources);
    for resource in resources {
        let Some(block) = values.blocks.get(resource.block as usize) else { continue };
        let keyword = values.types.kinds.get(&block.kind).map_or("", |kind| kind.keyword.as_str());
        let Some(kind) = Kind::ALL.iter().copied().find(|kind| kind.keyword() == keyword) else {
            continue;
        };
        if resource.external {
            if matches!(
                kind,
                Kind::Monitoring | Kind::Scrape | Kind::Service | Kind::Addon | Kind::Secret
            ) && outside::external(values, resource, kind, &clusters, sources, &mut model)
                .is_none()
            {
                sink.report(errors::not_lifted(&values.address(resource.block), block.at));
            }
            continue;
        }
        // What lives in clusters, and in none of them, is nowhere: there is no target to read its values of.
        let placed = values.types.kinds.get(&block.kind).is_some_and(|kind| kind.placed);
        if placed && resource.targets.is_empty() {
            continue;
        }
        let to_ref = |&target: &u32| {
            let name = values.blocks.get(target as usize).map_or(Sym::EMPTY, |block| block.name);
            Ref { id: ResourceId(target), name }
        };
        let targets: Vec<Ref> = resource.targets.iter().map(to_ref).collect();
        let base = values.base_of(resource.block);
        let outermost = values.blocks.get(values.outermost(resource.block) as usize);
        let source = sources.get(outermost.map_or(block.at.file, |b| b.at.file)).name();
        let made =
            (block.parent != eval::NOTHING).then(|| Sym::new(&values.address(resource.block)));
        let turns: Vec<(u32, Vec<Ref>)> = if resource.varies {
            resource.targets.iter().map(|target| (*target, vec![to_ref(target)])).collect()
        } else {
            vec![(resource.targets.first().copied().unwrap_or(eval::NOTHING), targets)]
        };
        for (target, targets) in turns {
            let around = around_alerts && kind == Kind::Alerts;
            let reader = Reader { values, target, external: false, around };
            let head = Head {
                id: ResourceId(resource.block),
                name: block.name,
                source,
                made,
                base,
                targets,
            };
            let is_whole = around || !resource.poisoned;
            if !is_whole
                || !model.take(kind, &reader, Value::Record(resource.root), head)
                || around && lacks_records(&reader, resource, &model)
            {
                sink.report(errors::not_lifted(&values.address(resource.block), block.at));
                break;
            }
        }
    }
    let standing = values.standing_slots(resources);
    model.edges = values
        .edges
        .iter()
        .filter(|edge| !standing.contains(&edge.slot))
        .map(|edge| Edge { from: ResourceId(edge.from), to: ResourceId(edge.to) })
        .collect();
    model.edges.sort();
    model.edges.dedup();
    let own =
        |origin: Origin| origin.as_slot().is_some_and(|slot| values.is_written_by_block(slot));
    let tailored = model.clusters.iter().filter(|it| it.value.sizes().any(own)).map(|it| it.id);
    model.tailored = tailored.collect();
    model.minors = minors(values, resources);
    model
}

/// The minor version of every cluster's Kubernetes, by its block.
fn minors(values: &Evaluator<'_>, resources: &[eval::Resource]) -> BTreeMap<u32, u32> {
    let mut out = BTreeMap::new();
    for resource in resources {
        let block = values.blocks.get(resource.block as usize);
        let kind = block.and_then(|block| values.types.kinds.get(&block.kind));
        if kind.is_none_or(|kind| kind.keyword.as_str() != Kind::Cluster.keyword()) {
            continue;
        }
        let (value, _) = values.peek(resource.root, Sym::new("kubernetes"), eval::NOTHING);
        if let Value::Text(_) | Value::Name(_) = value
            && let Some(minor) = values.store.as_text(value).and_then(minor_of)
        {
            out.insert(resource.block, minor);
        }
    }
    out
}

/// Whether a recording rule of the group that was read last was left out: what reads its series cannot be judged without it.
fn lacks_records(reader: &Reader<'_>, resource: &eval::Resource, model: &Model<'_>) -> bool {
    let (Value::Map(records), _) = reader.field(resource.root, "record") else { return true };
    let read = model.alerts.last().map_or(0, |group| group.value.record.len());
    reader.values.store.entries(records).len() != read
}

/// What a record's patches amend.
fn patches<'a>(reader: &Reader<'a>, value: Value) -> Option<Vec<(Sym, Tree<'a>)>> {
    let Value::Record(record) = value else { return Some(Vec::new()) };
    let (patches, origin) = reader.field(record, "patch");
    if patches == Value::Absent {
        return Some(Vec::new());
    }
    match Tree::lift(reader, patches, origin)? {
        Tree::Map(patches) => Some(patches),
        _ => None,
    }
}

/// What a record says to need. A port belongs to its resource.
fn needs(reader: &Reader<'_>, value: Value) -> Option<Vec<Need>> {
    let Value::Record(record) = value else { return Some(Vec::new()) };
    let (needs, origin) = reader.field(record, "needs");
    let Value::List(run) = needs else { return Some(Vec::new()) };
    let one = |item: &Value| match *item {
        Value::Record(part) => {
            let (name, _) = reader.field(part, "name");
            let name: Of<Sym> = Lift::lift(reader, name, origin)?;
            Some(Need { to: reader.owner(part)?, port: Some(name.value), origin })
        }
        resource => {
            let to: Of<Ref> = Lift::lift(reader, resource, origin)?;
            Some(Need { to: to.value, port: None, origin })
        }
    };
    reader.values.store.items(run).iter().map(one).collect()
}

/// What every resource of a model has.
pub(in crate::model) struct Head<'a> {
    pub(in crate::model) id: ResourceId,
    pub(in crate::model) name: Sym,
    pub(in crate::model) source: &'a str,
    pub(in crate::model) made: Option<Sym>,
    pub(in crate::model) base: Option<Sym>,
    pub(in crate::model) targets: Vec<Ref>,
}

impl<'a> Head<'a> {
    pub(in crate::model) fn with<T: Lift<'a>>(
        self,
        reader: &Reader<'a>,
        value: Value,
    ) -> Option<Resource<'a, T>> {
        let mut patches = patches(reader, value)?;
        if let Value::Record(record) = value {
            // What a cluster amends of its provider in place, it amends of what is made for it alone.
            let (provider, _) = reader.field(record, "provider");
            patches.extend(self::patches(reader, provider)?);
        }
        Some(Resource {
            patches,
            needs: needs(reader, value)?,
            id: self.id,
            name: Of::new(self.name, Origin::NONE),
            source: self.source,
            made: self.made,
            base: self.base,
            targets: self.targets,
            value: T::lift(reader, value, Origin::NONE)?,
        })
    }
}
