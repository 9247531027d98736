//! The room's one function: every resource on every target.

use super::budget::Limits;
use super::chain::{Running, Step};
use super::errors;
use super::evaluator::{Edge, Evaluator, NOTHING, State};
use super::expr::Frame;
use super::shape::Plan;
use super::slot::Place;
use super::value::{RecordId, Value};
use crate::diag::Sink;
use crate::resolve::{DefId, DefKind, Names, Wrap};
use crate::source::{Span, Sym};
use crate::syntax::Marks;
use crate::types::Types;
use rustc_hash::{FxHashMap, FxHashSet};

/// A resource that exists.
#[derive(Clone, Debug)]
pub struct Resource {
    /// Its block: index into [`Names::blocks`].
    pub block: u32,
    /// Its record.
    pub root: RecordId,
    /// Whether it is declared `external`.
    pub external: bool,
    /// The clusters where it exists; empty for kinds that do not live in clusters.
    pub targets: Vec<u32>,
    /// Whether anything of it differs from target to target.
    pub varies: bool,
    /// Whether a value of it is not known: what follows from it is not decided.
    pub poisoned: bool,
}

/// What is true of the records inside of a value.
#[derive(Clone, Copy, Default, Debug)]
pub(super) struct Inside {
    poisoned: bool,
    varies: bool,
}

/// Whether a value may hold records, or poison.
const fn holds_more(value: Value) -> bool {
    matches!(value, Value::Record(_) | Value::Poison | Value::List(_) | Value::Map(_))
}

/// Evaluates a program.
pub fn evaluate<'a>(
    names: &'a Names,
    types: &'a Types,
    limits: Limits,
    sink: &'a mut Sink,
) -> (Evaluator<'a>, Vec<Resource>) {
    let mut cx = Evaluator::new(names, types, limits, sink);
    let resources = cx.run();
    (cx, resources)
}

impl Evaluator<'_> {
    fn run(&mut self) -> Vec<Resource> {
        let mut resources = Vec::new();
        self.make_all();
        for block in self.order() {
            if self.budget.reported {
                break;
            }
            if self.exists(block) != Some(true) || self.is_pattern(block) {
                continue;
            }
            if let Some(resource) = self.whole(block) {
                resources.push(resource);
            }
        }
        // What was not made is not missed.
        if !self.budget.reported {
            self.stars_hit();
            self.amendments_hit();
            self.every_let();
        }
        self.report_arms();
        self.on_targets(&resources);
        self.nowhere(&resources);
        self.settle_findings(&resources);
        resources
    }

    /// Blocks by address, so that nothing depends on the order of files.
    fn order(&self) -> Vec<u32> {
        let mut order: Vec<(&str, &str, u32)> = (0u32..)
            .zip(&self.blocks)
            .filter(|(index, _)| self.decl(*index).is_some_and(|decl| !decl.star))
            .map(|(index, block)| {
                let keyword =
                    self.types.kinds.get(&block.kind).map_or("", |kind| kind.keyword.as_str());
                (keyword, block.name.as_str(), index)
            })
            .collect();
        order.sort_unstable();
        order.into_iter().map(|(_, _, index)| index).collect()
    }

    /// Whether the conditions around a block hold; `None` while or when they are not known.
    pub(super) fn exists(&mut self, block: u32) -> Option<bool> {
        if let Some(known) = self.exists.get(block as usize).copied().flatten() {
            return Some(known);
        }
        let decl = self.decl(block)?;
        if decl.wraps.is_empty() || decl.is_pattern() {
            return Some(!decl.is_pattern());
        }
        let mut holds = true;
        for wrap in &decl.wraps {
            let Wrap::If { condition, negated } = *wrap else { continue };
            self.running.push(Running { what: Step::Exists(block), asked: None, target: NOTHING });
            let value = self.eval(condition, &Frame::new(decl.tree));
            self.running.pop();
            match value {
                Value::Bool(value) => holds &= value != negated,
                _ => return None,
            }
        }
        if let Some(place) = self.exists.get_mut(block as usize) {
            *place = Some(holds);
        }
        Some(holds)
    }

    pub(super) fn is_external(&self, block: u32) -> bool {
        self.decl(block).is_some_and(|block| {
            self.names.tree(block.tree).tree.member(block.member).marks.has(Marks::EXTERNAL)
        })
    }

    /// Whether a block only stands for others.
    fn is_pattern(&self, block: u32) -> bool {
        (block as usize) < self.names.blocks.len()
            && self.decl(block).is_some_and(crate::resolve::BlockDecl::is_pattern)
    }

    /// Every value of a resource, on every target.
    fn whole(&mut self, block: u32) -> Option<Resource> {
        let decl = self.blocks.get(block as usize)?;
        let (kind, at) = (decl.kind, decl.at);
        let placed = self.types.kinds.get(&kind).is_some_and(|kind| kind.placed);
        let external = self.is_external(block);
        if external && self.types.kinds.get(&kind).is_some_and(|kind| kind.component) {
            return None;
        }
        let instance = self.resource(block)?;
        let found = *self.instances.get(instance as usize)?;
        let root = RecordId(found.records);
        let mut resource =
            Resource { block, root, external, targets: Vec::new(), varies: false, poisoned: false };
        if external {
            self.every_slot(instance, NOTHING, &mut resource);
            return Some(resource);
        }
        if !placed {
            self.every_slot(instance, NOTHING, &mut resource);
            self.every_check(instance, NOTHING, at);
            return Some(resource);
        }
        resource.targets = self.targets(root, at, &mut resource.poisoned);
        let targets = resource.targets.clone();
        if targets.is_empty() && self.types.kinds.get(&kind).is_some_and(|kind| kind.component) {
            self.without_targets(instance, at, &mut resource);
        }
        for (index, &target) in targets.iter().enumerate() {
            self.every_slot(instance, target, &mut resource);
            let outer = std::mem::take(&mut self.deps);
            self.every_check(instance, target, at);
            let checks_vary = std::mem::replace(&mut self.deps, outer) != 0;
            if index == 0 {
                resource.varies |= self.varies(instance);
                if !resource.varies && !checks_vary {
                    break;
                }
            }
            if self.budget.reported {
                break;
            }
        }
        Some(resource)
    }

    /// The values and checks of a component's use that stands on no cluster: what it makes may live elsewhere. What
    /// asks for a target is not decided.
    fn without_targets(&mut self, instance: u32, at: Span, resource: &mut Resource) {
        let before = self.waiting();
        let outer = std::mem::take(&mut self.deps);
        self.every_slot(instance, NOTHING, resource);
        self.every_check(instance, NOTHING, at);
        if std::mem::replace(&mut self.deps, outer) != 0 {
            self.forget_findings(before);
        }
    }

    /// The clusters of a placed resource. They may not depend on the target.
    fn targets(&mut self, root: RecordId, at: Span, poisoned: &mut bool) -> Vec<u32> {
        let value = self.field(root, Sym::new("clusters"), NOTHING, Some(at));
        let Value::List(run) = value else {
            *poisoned = true;
            return Vec::new();
        };
        let mut targets: Vec<u32> = self
            .store
            .items(run)
            .iter()
            .filter_map(|item| match item {
                Value::Resource(cluster) => Some(*cluster),
                _ => None,
            })
            .collect();
        if targets.len() < run.len as usize {
            *poisoned = true;
        }
        // A value is shared by all who say `all Cluster`: most lists are sorted already.
        if !targets
            .is_sorted_by_key(|&target| self.blocks.get(target as usize).map(|b| b.name.as_str()))
        {
            targets
                .sort_by_key(|&target| self.blocks.get(target as usize).map(|b| b.name.as_str()));
        }
        targets.dedup();
        self.target_count += targets.len() as u64;
        if self.target_count > self.budget.limits.targets {
            let limit = self.budget.limits.targets.to_string();
            self.over_budget("targets", limit, at);
            return Vec::new();
        }
        targets
    }

    fn every_slot(&mut self, instance: u32, target: u32, resource: &mut Resource) {
        let Some(found) = self.instances.get(instance as usize).copied() else { return };
        let count = self.shapes.get(found.shape as usize).map_or(0, |shared| shared.shape.slots());
        let written = self.written(found, target);
        for slot in 0..count {
            if let (Some(written), Some(shared)) = (&written, self.shapes.get(found.shape as usize))
            {
                let node = shared.shape.slot_node.get(slot as usize).copied().unwrap_or(0);
                if written.get(node as usize) == Some(&false) {
                    continue;
                }
            }
            let is_unstated = self.shapes.get(found.shape as usize).is_some_and(|shared| {
                matches!(shared.shape.plans.get(slot as usize), Some(Plan::Unstated | Plan::Staged))
            });
            if is_unstated {
                continue;
            }
            let value = self.slot(Place { instance, slot, target }, None);
            let inside = self.deep(value, instance, target);
            resource.poisoned |= inside.poisoned;
            resource.varies |= inside.varies;
        }
    }

    /// Computes the records inside a value whole, too.
    fn deep(&mut self, value: Value, around: u32, target: u32) -> Inside {
        match value {
            Value::Poison => Inside { poisoned: true, varies: false },
            Value::Record(record) => self.deep_record(record, around, target),
            Value::List(run) => {
                if !self.store.items(run).iter().copied().any(holds_more) {
                    return Inside::default();
                }
                let items = self.store.items(run).to_vec();
                self.deep_all(items.into_iter(), around, target)
            }
            Value::Map(run) => {
                if !self.store.entries(run).iter().any(|&(_, value)| holds_more(value)) {
                    return Inside::default();
                }
                let entries = self.store.entries(run).to_vec();
                self.deep_all(entries.into_iter().map(|(_, value)| value), around, target)
            }
            Value::Absent
            | Value::Open
            | Value::Bool(_)
            | Value::Int(_)
            | Value::Float(_)
            | Value::Quantity(_)
            | Value::Text(_)
            | Value::Name(_)
            | Value::Resource(_)
            | Value::Object(_)
            | Value::Type(_)
            | Value::Range(_)
            | Value::Later(_)
            | Value::Template(_) => Inside::default(),
        }
    }

    fn deep_all(
        &mut self,
        values: impl Iterator<Item = Value>,
        around: u32,
        target: u32,
    ) -> Inside {
        let mut all = Inside::default();
        for value in values {
            let inside = self.deep(value, around, target);
            all.poisoned |= inside.poisoned;
            all.varies |= inside.varies;
        }
        all
    }

    fn deep_record(&mut self, record: RecordId, around: u32, target: u32) -> Inside {
        let Some(found) = self.records.get(record.0 as usize).copied() else {
            return Inside::default();
        };
        if found.instance == around {
            return Inside::default();
        }
        if let Some(&known) = self.whole.get(&(found.instance, target)) {
            return known;
        }
        // Met again below itself it adds nothing.
        self.whole.insert((found.instance, target), Inside::default());
        let Some(instance) = self.instances.get(found.instance as usize).copied() else {
            return Inside::default();
        };
        let mut inner = Resource {
            block: NOTHING,
            root: record,
            external: false,
            targets: Vec::new(),
            varies: false,
            poisoned: false,
        };
        let at = self.resource_span(instance);
        if self.budget.depth >= self.budget.limits.depth {
            let limit = self.budget.limits.depth.to_string();
            self.over_budget("records inside of one another", limit, at);
            return Inside { poisoned: true, varies: false };
        }
        self.budget.depth += 1;
        self.every_slot(found.instance, target, &mut inner);
        self.every_check(found.instance, target, at);
        self.budget.depth -= 1;
        let varies = inner.varies || self.varies(found.instance);
        let inside = Inside { poisoned: inner.poisoned, varies };
        self.whole.insert((found.instance, target), inside);
        inside
    }

    fn every_check(&mut self, instance: u32, target: u32, at: Span) {
        let Some(found) = self.instances.get(instance as usize).copied() else { return };
        let outer = std::mem::replace(&mut self.owner, found.resource);
        let nodes =
            self.shapes.get(found.shape as usize).map_or(0, |shared| shared.shape.nodes.len());
        let written = self.written(found, target);
        for node in 0..u32::try_from(nodes).unwrap_or(0) {
            if written.as_ref().is_some_and(|written| written.get(node as usize) == Some(&false)) {
                continue;
            }
            self.checks(RecordId(found.records + node), at, target);
            self.later_reads(RecordId(found.records + node), target);
        }
        self.owner = outer;
    }

    fn varies(&self, instance: u32) -> bool {
        let Some(found) = self.instances.get(instance as usize) else { return false };
        let count = self.shapes.get(found.shape as usize).map_or(0, |shared| shared.shape.slots());
        let range = found.slots as usize..(found.slots + count) as usize;
        self.states.get(range).is_some_and(|states| {
            states.iter().any(|s| matches!(s, State::Environment | State::Cluster))
        })
    }

    /// `let`s that nobody uses are computed, too: their mistakes count.
    fn every_let(&mut self) {
        let used: FxHashSet<DefId> = self.let_by.keys().map(|(def, _)| *def).collect();
        for index in 0..self.names.defs.len() {
            let Some(def) = self.names.defs.get(index) else { continue };
            if def.kind != DefKind::Let {
                continue;
            }
            let (id, at) = (DefId(u32::try_from(index).unwrap_or(NOTHING)), def.at);
            // One that depends on the target was computed where it is used.
            if !used.contains(&id) {
                self.let_value(id, at, NOTHING);
            }
        }
    }

    /// `*` blocks must lie below at least one resource.
    fn stars_hit(&mut self) {
        let names = self.names;
        for (index, star) in (0u32..).zip(&names.blocks) {
            if !star.star {
                continue;
            }
            let hit = (0u32..).zip(&self.blocks).any(|(number, block)| {
                let is_there = number as usize >= names.blocks.len() || block.is_one;
                is_there && block.kind == star.kind && self.covers(index, number)
            });
            if !hit {
                let keyword =
                    self.types.kinds.get(&star.kind).map_or(Sym::EMPTY, |kind| kind.keyword);
                let schema = self.types.block_schema.get(index as usize).copied().flatten();
                let member = schema
                    .map(|schema| self.types.schema(schema))
                    .filter(|schema| schema.def != star.kind)
                    .map(|schema| schema.name);
                self.report(errors::star_misses(star.at, keyword, member));
            }
        }
    }

    /// One finding per environment that `by`s forget, with every place.
    pub(super) fn report_arms(&mut self) {
        let mut by_name: FxHashMap<(Sym, u32), Vec<Span>> = FxHashMap::default();
        for (axis, name, at) in std::mem::take(&mut self.missing_arms) {
            let places = by_name.entry((axis, name)).or_default();
            if !places.contains(&at) {
                places.push(at);
            }
        }
        let mut all: Vec<_> = by_name.into_iter().collect();
        all.sort_by_key(|((axis, name), _)| (axis.as_str(), *name));
        for ((axis, name), mut places) in all {
            places.sort_unstable();
            let Some(block) = self.blocks.get(name as usize) else { continue };
            let (name, declared) = (block.name, block.at);
            self.report(errors::missing_arm(axis, name, &places, Some(declared)));
        }
    }

    /// Resources that exist on no cluster are neither written nor computed, which nobody wants who declares clusters.
    fn nowhere(&mut self, resources: &[Resource]) {
        let cluster = self.names.prelude.get(&Sym::new("Cluster")).copied();
        let (clusters, others): (Vec<&Resource>, Vec<&Resource>) =
            resources.iter().partition(|it| self.kind_of(it.block) == cluster);
        if clusters.is_empty() || self.budget.reported {
            return;
        }
        let lost: Vec<(String, Span)> = others
            .iter()
            .filter(|it| it.targets.is_empty() && !it.external && !it.poisoned)
            .filter(|it| {
                let kind = self.kind_of(it.block).and_then(|kind| self.types.kinds.get(&kind));
                kind.is_some_and(|kind| kind.placed)
            })
            .filter_map(|it| Some((self.address(it.block), self.blocks.get(it.block as usize)?.at)))
            .collect();
        if clusters.iter().any(|it| !it.external) {
            for (address, at) in &lost {
                self.report(errors::no_target(address, *at));
            }
        } else if let (false, Some(first)) = (lost.is_empty(), clusters.first())
            && let Some(cluster) = self.blocks.get(first.block as usize)
        {
            let found = errors::only_external(cluster.name, cluster.at, &lost);
            self.report(found);
        }
    }

    fn kind_of(&self, block: u32) -> Option<DefId> {
        self.blocks.get(block as usize).map(|block| block.kind)
    }

    /// Whether a reference holds wherever its resource stands: Argo CD asks generators on the hub, wherever the applications go, and a
    /// namespace that a policy leaves out need not be there.
    fn holds_elsewhere(&self, edge: &Edge) -> bool {
        let is_of = |kind: &str| {
            let kind = self.names.prelude.get(&Sym::new(kind)).copied();
            kind.is_some() && self.kind_of(edge.from) == kind
        };
        let free = match () {
            () if is_of("Apps") => "from",
            () if is_of("Policy") => "except",
            () => return false,
        };
        let (path, address) = (self.global_path(edge.slot), self.address(edge.from));
        let field = path.strip_prefix(&address).and_then(|rest| rest.strip_prefix('.'));
        field.is_some_and(|field| field.split(['.', '[']).next() == Some(free))
    }

    /// A reference must hold on every target of the one that refers.
    fn on_targets(&mut self, resources: &[Resource]) {
        let by_block: FxHashMap<u32, &Resource> =
            resources.iter().map(|resource| (resource.block, resource)).collect();
        let mut seen = FxHashSet::default();
        self.edges.retain(|edge| seen.insert(*edge));
        let mut missing: Vec<(Span, u32, u32, Vec<Sym>, usize)> = Vec::new();
        let mut sets: FxHashMap<u32, FxHashSet<u32>> = FxHashMap::default();
        let mut wider: Vec<(u32, Vec<Sym>)> = Vec::new();
        for edge in &self.edges {
            let (Some(from), Some(to)) = (by_block.get(&edge.from), by_block.get(&edge.to)) else {
                continue;
            };
            let placed = |resource: &Resource| {
                self.blocks
                    .get(resource.block as usize)
                    .and_then(|block| self.types.kinds.get(&block.kind))
                    .is_some_and(|kind| kind.placed)
            };
            if !placed(from) || !placed(to) || to.external || from.poisoned || to.poisoned {
                continue;
            }
            if from.targets == to.targets || self.holds_elsewhere(edge) {
                continue;
            }
            // A child may stand on fewer clusters than its component's use, and on no others.
            if self.blocks.get(edge.to as usize).is_some_and(|block| block.parent == edge.from) {
                let more: Vec<Sym> = to
                    .targets
                    .iter()
                    .filter(|target| !from.targets.contains(target))
                    .filter_map(|&target| self.blocks.get(target as usize).map(|block| block.name))
                    .collect();
                if !more.is_empty() {
                    wider.push((edge.to, more));
                }
                continue;
            }
            let wanted: Vec<u32> = if edge.target == NOTHING || !from.varies {
                from.targets.clone()
            } else {
                vec![edge.target]
            };
            // Many refer to one: the set of its targets is made once.
            let there: &FxHashSet<u32> =
                sets.entry(to.block).or_insert_with(|| to.targets.iter().copied().collect());
            let lacking: Vec<Sym> = wanted
                .iter()
                .filter(|target| !there.contains(target))
                .filter_map(|&target| self.blocks.get(target as usize).map(|block| block.name))
                .collect();
            if lacking.is_empty() {
                continue;
            }
            let known = missing.iter_mut().find(|(at, ..)| *at == edge.at);
            match known {
                Some((_, _, _, names, _)) => {
                    for name in lacking {
                        if !names.contains(&name) {
                            names.push(name);
                        }
                    }
                }
                None => missing.push((edge.at, edge.from, edge.to, lacking, from.targets.len())),
            }
        }
        let lacking: FxHashSet<(u32, u32)> =
            missing.iter().map(|&(_, from, to, ..)| (from, to)).collect();
        for (at, from, to, names, of) in missing {
            // What a use passes to its children is missing once.
            let mut around = self.blocks.get(from as usize).map_or(NOTHING, |block| block.parent);
            while let Some(block) = self.blocks.get(around as usize)
                && !lacking.contains(&(around, to))
            {
                around = block.parent;
            }
            if around != NOTHING {
                continue;
            }
            let declared = self.blocks.get(to as usize).map_or(at, |block| block.at);
            let (address, words) = (self.address(to), self.address(from));
            self.owner = from;
            self.report_everywhere(errors::not_on_target(
                &address, at, declared, &names, of, &words,
            ));
        }
        for (child, more) in wider {
            let Some(block) = self.blocks.get(child as usize).copied() else { continue };
            let (address, around) = (self.address(child), self.address(block.parent));
            self.owner = child;
            self.report_everywhere(errors::wider_than_use(&address, block.at, &around, &more));
        }
        self.owner = NOTHING;
    }
}
