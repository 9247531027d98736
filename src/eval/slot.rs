//! Slots: computed on demand, once per target that they depend on.

use super::chain::{Running, Step};
use super::closed::is_closed;
use super::errors;
use super::evaluator::{Evaluator, Instance, NOTHING, SharedShape, State};
use super::expr::Frame;
use super::origin::Origin;
use super::shape::{LayerSource, MapEntry, Plan, Source, Write};
use super::value::{RecordId, Value};
use crate::resolve::TreeId;
use crate::source::{Span, Sym};
use crate::syntax::ExprId;
use std::sync::Arc;

/// The value differs from environment to environment.
pub(super) const BY_ENVIRONMENT: u8 = 1;
/// The value differs from cluster to cluster.
pub(super) const BY_CLUSTER: u8 = 2;

/// The winner of a slot that has no formula.
pub(crate) const NO_WINNER: u32 = 0;
/// The winner is the schema's default.
pub(crate) const DEFAULT_WINNER: u32 = u32::MAX;

/// A slot of an instance that is being computed.
#[derive(Clone, Copy)]
pub(super) struct Place {
    pub(super) instance: u32,
    /// The slot inside of the shape.
    pub(super) slot: u32,
    pub(super) target: u32,
}

impl Evaluator<'_> {
    /// A field of a record by name, on a target. `asked` is the expression that needs it.
    pub fn field(
        &mut self,
        record: RecordId,
        name: Sym,
        target: u32,
        asked: Option<Span>,
    ) -> Value {
        let Some(schema) = self.schema_of(record) else { return Value::Poison };
        match self.types.slot(schema, name) {
            Some(slot) => self.field_at(record, slot, target, asked),
            None => self.addressed(record, schema, name, target, asked),
        }
    }

    /// An entry of the record's addressable map.
    fn addressed(
        &mut self,
        record: RecordId,
        schema: crate::types::SchemaId,
        name: Sym,
        target: u32,
        asked: Option<Span>,
    ) -> Value {
        let maps = self.types.addressed(schema).map(|(_, maps)| maps).unwrap_or_default();
        let mut known = Vec::new();
        let mut found: Vec<(Sym, Value)> = Vec::new();
        for (slot, map) in maps {
            let Value::Map(run) = self.field_at(record, slot, target, asked) else {
                return Value::Poison;
            };
            for &(key, value) in self.store.entries(run) {
                if key == name {
                    found.push((map, value));
                }
                known.push(key.as_str());
            }
        }
        match (found.as_slice(), asked) {
            ([(_, value)], _) => *value,
            // What could not be read of the schema may be what is asked for.
            ([], Some(_)) if self.types.schema(schema).broken => Value::Poison,
            ([], Some(at)) => {
                let near = crate::diag::nearest(name.as_str(), known);
                self.report(errors::no_entry(&format!("`{name}`"), at, near));
                Value::Poison
            }
            (several, Some(at)) => {
                let maps: Vec<Sym> = several.iter().map(|(map, _)| *map).collect();
                self.report(errors::entry_of_several(name.as_str(), at, &maps));
                Value::Poison
            }
            (_, None) => Value::Poison,
        }
    }

    /// A field of a record by slot.
    pub fn field_at(
        &mut self,
        record: RecordId,
        slot: u16,
        target: u32,
        asked: Option<Span>,
    ) -> Value {
        let Some(&found) = self.records.get(record.0 as usize) else { return Value::Poison };
        let Some(&instance) = self.instances.get(found.instance as usize) else {
            return Value::Poison;
        };
        let Some(first) = self
            .shapes
            .get(instance.shape as usize)
            .and_then(|shared| shared.shape.node(found.node))
            .map(|node| node.first)
        else {
            return Value::Poison;
        };
        let place = Place { instance: found.instance, slot: first + u32::from(slot), target };
        self.slot(place, asked)
    }

    /// The value of a slot on a target.
    pub(super) fn slot(&mut self, place: Place, asked: Option<Span>) -> Value {
        let Some(&instance) = self.instances.get(place.instance as usize) else {
            return Value::Poison;
        };
        let global = instance.slots + place.slot;
        let index = global as usize;
        match self.states.get(index).copied().unwrap_or(State::Free) {
            State::Free => return self.values.get(index).copied().unwrap_or(Value::Poison),
            State::Environment | State::Cluster => {
                let state = self.states.get(index).copied().unwrap_or(State::Free);
                let key = self.overlay_key(state, place.target);
                self.deps |= if state == State::Cluster { BY_CLUSTER } else { BY_ENVIRONMENT };
                if let Some(&(value, _)) = self.overlay.get(&(global, key)) {
                    return value;
                }
            }
            State::Running => {
                self.cycle(global, asked);
                return Value::Poison;
            }
            State::New => {}
        }
        self.compute(place, instance, global, asked)
    }

    /// A field that has been computed, and where it comes from.
    pub fn peek(&self, record: RecordId, name: Sym, target: u32) -> (Value, Origin) {
        let found = self.schema_of(record).and_then(|schema| self.types.slot(schema, name));
        let global = found.and_then(|slot| {
            let record = self.records.get(record.0 as usize)?;
            let instance = self.instances.get(record.instance as usize)?;
            let node = *self.shapes.get(instance.shape as usize)?.shape.node(record.node)?;
            Some(instance.slots + node.first + u32::from(slot))
        });
        let Some(global) = global else { return (Value::Absent, Origin::NONE) };
        let value = match self.states.get(global as usize) {
            Some(State::Free) => self.values.get(global as usize).copied(),
            Some(State::Environment) => {
                let environment = self.environment_of.get(&target).copied().unwrap_or(target);
                self.overlay.get(&(global, environment)).map(|(value, _)| *value)
            }
            Some(State::Cluster) => self.overlay.get(&(global, target)).map(|(value, _)| *value),
            Some(State::New | State::Running) | None => None,
        };
        (value.unwrap_or(Value::Poison), Origin::slot(global))
    }

    fn overlay_key(&mut self, state: State, target: u32) -> u32 {
        if target == NOTHING {
            return NOTHING;
        }
        match state {
            State::Environment => self.environment(target).unwrap_or(target),
            State::New | State::Running | State::Free | State::Cluster => target,
        }
    }

    fn compute(
        &mut self,
        place: Place,
        instance: Instance,
        global: u32,
        asked: Option<Span>,
    ) -> Value {
        if self.budget.reported {
            return Value::Poison;
        }
        if self.budget.depth >= self.budget.limits.depth {
            let limit = self.budget.limits.depth.to_string();
            let at = asked
                .or_else(|| self.slot_span(place))
                .unwrap_or_else(|| self.resource_span(instance));
            return self.over_budget("values that need one another", limit, at);
        }
        let index = global as usize;
        let before = self.states.get(index).copied().unwrap_or(State::New);
        if let Some(state) = self.states.get_mut(index) {
            *state = State::Running;
        }
        let outer_deps = std::mem::take(&mut self.deps);
        let outer_owner = std::mem::replace(&mut self.owner, instance.resource);
        let steps = self.budget.steps;
        let findings = self.waiting();
        self.budget.depth += 1;
        self.running.push(Running { what: Step::Slot(global), asked, target: place.target });
        let (value, winner) = self.plan(place, instance);
        let value = self.judged(place, instance, value, winner);
        self.running.pop();
        self.budget.depth -= 1;
        let spent = self.budget.steps - steps;
        if spent > self.budget.most.0 {
            self.budget.most = (spent, self.slot_span(place));
        }
        self.owner = outer_owner;
        let deps = self.deps;
        self.place_findings(findings, deps, place.target);
        // Once it has differed by cluster, it is kept by cluster.
        let state = if deps & BY_CLUSTER != 0 || before == State::Cluster {
            State::Cluster
        } else if deps & BY_ENVIRONMENT != 0 || before == State::Environment {
            State::Environment
        } else {
            State::Free
        };
        if let Some(cell) = self.states.get_mut(index) {
            *cell = state;
        }
        if state == State::Free {
            if let (Some(cell), Some(by)) =
                (self.values.get_mut(index), self.winners.get_mut(index))
            {
                *cell = value;
                *by = winner;
            }
        } else {
            let key = self.overlay_key(state, place.target);
            self.overlay.insert((global, key), (value, winner));
            self.deps |= if state == State::Cluster { BY_CLUSTER } else { BY_ENVIRONMENT };
        }
        self.deps |= outer_deps;
        value
    }

    /// Which source won a slot on a target: its number in the shape, plus one.
    pub(super) fn winner(&mut self, place: Place) -> u32 {
        let Some(&instance) = self.instances.get(place.instance as usize) else { return NO_WINNER };
        let global = instance.slots + place.slot;
        let state = self.states.get(global as usize).copied().unwrap_or(State::Free);
        match state {
            State::Environment | State::Cluster => {
                let key = self.overlay_key(state, place.target);
                self.overlay.get(&(global, key)).map_or(NO_WINNER, |(_, winner)| *winner)
            }
            State::New | State::Running | State::Free => {
                self.winners.get(global as usize).copied().unwrap_or(NO_WINNER)
            }
        }
    }

    fn shared(&self, instance: Instance) -> Option<Arc<SharedShape>> {
        self.shapes.get(instance.shape as usize).map(Arc::clone)
    }

    fn plan(&mut self, place: Place, instance: Instance) -> (Value, u32) {
        let Some(shared) = self.shared(instance) else { return (Value::Poison, NO_WINNER) };
        let plan = shared.shape.plans.get(place.slot as usize).copied().unwrap_or(Plan::Poison);
        match plan {
            Plan::Poison => (Value::Poison, NO_WINNER),
            Plan::Removed => (Value::Absent, NO_WINNER),
            Plan::Staged => (Value::Poison, NO_WINNER),
            Plan::Key => (Value::Name(self.key(instance, &shared, place.slot)), NO_WINNER),
            Plan::Node(node) => match self.is_written(place.target, instance, &shared, node) {
                Some(true) => (Value::Record(RecordId(instance.records + node)), NO_WINNER),
                Some(false) => (Value::Absent, NO_WINNER),
                None => (Value::Poison, NO_WINNER),
            },
            Plan::Sources { start, len } => self.sources(place, instance, &shared, start, len),
            Plan::Default => self.default(place, instance, &shared),
            Plan::Unstated => self.unstated(place, instance, &shared),
            Plan::Map { start, len, base } => {
                (self.map(place, instance, &shared, start, len, base), NO_WINNER)
            }
            Plan::Base => (self.base(place, instance, &shared), NO_WINNER),
        }
    }

    fn key(&self, instance: Instance, shared: &SharedShape, slot: u32) -> Sym {
        let node =
            shared.shape.slot_node.get(slot as usize).and_then(|&node| shared.shape.node(node));
        match node {
            Some(node) if !node.key.is_empty() => node.key,
            _ => instance.key,
        }
    }

    /// The first source whose guard holds.
    pub(super) fn sources(
        &mut self,
        place: Place,
        instance: Instance,
        shared: &SharedShape,
        start: u32,
        len: u32,
    ) -> (Value, u32) {
        for index in start..start + len {
            let Some(&source) = shared.shape.sources.get(index as usize) else { break };
            match self.guard(place, instance, shared, source.guard) {
                Some(true) => {}
                Some(false) => continue,
                None => return (Value::Poison, index + 1),
            }
            let value = self.source(place, instance, shared, source, index, start + len);
            return (value, index + 1);
        }
        let (value, winner) = self.default(place, instance, shared);
        if value == Value::Absent && !self.may_be_absent(shared, place.slot) {
            self.no_value(place, instance, shared);
            return (Value::Poison, winner);
        }
        (value, winner)
    }

    fn may_be_absent(&self, shared: &SharedShape, slot: u32) -> bool {
        let ty = shared.shape.types.get(slot as usize).copied();
        let is_entry = shared.shape.fields.get(slot as usize).is_some_and(Option::is_none);
        is_entry || ty.is_none_or(|ty| self.types.tys.is_optional(ty))
    }

    fn no_value(&mut self, place: Place, instance: Instance, shared: &SharedShape) {
        let at = self.slot_span(place).unwrap_or_else(|| self.resource_span(instance));
        let path = self.path_of(place);
        let declared = self.field_decl(shared, place.slot).unwrap_or(at);
        self.report(errors::no_value(&path, at, declared));
    }

    /// One source's value; what it appends to or inherits from lies behind it.
    fn source(
        &mut self,
        place: Place,
        instance: Instance,
        shared: &SharedShape,
        source: Source,
        index: u32,
        end: u32,
    ) -> Value {
        let Some((tree, write)) = self.write(instance, shared, source.layer, source.write) else {
            return Value::Poison;
        };
        let Some(expr) = write.value else { return Value::Poison };
        let frame = Frame {
            tree,
            record: self.record_of(instance, shared, place.slot),
            target: place.target,
            locals: write.locals,
            inherited: Some((place, index + 1, end)),
            inputs: write.inputs,
        };
        let is_own = write.locals.1 > 0
            || shared
                .shape
                .layers
                .get(usize::from(source.layer))
                .is_some_and(|layer| matches!(layer.source, LayerSource::Own(_)));
        let value = if is_own { self.eval(expr, &frame) } else { self.eval_shared(expr, &frame) };
        if !source.append {
            return value;
        }
        let below = self.inherited(place, index + 1, end);
        match (below, value) {
            (Value::Poison, _) | (_, Value::Poison) => Value::Poison,
            (Value::List(below), Value::List(above)) => {
                let mut items = self.store.items(below).to_vec();
                items.extend_from_slice(self.store.items(above));
                self.list(&items, self.span(tree, expr))
            }
            (Value::Map(below), Value::Map(above)) if !self.appends(tree, write.member) => {
                self.spread(below, above, tree, expr)
            }
            (Value::Absent, value) => value,
            (below, _) if self.appends(tree, write.member) && self.is_data_slot(place) => {
                let (at, found) = (self.span(tree, expr), self.data_words(below));
                self.report(errors::data::no_list(&found, at));
                Value::Poison
            }
            (_, value) => value,
        }
    }

    /// Whether a slot holds data.
    fn is_data_slot(&self, place: Place) -> bool {
        let ty = self.slot_type(place).map(|ty| self.types.tys.present(ty));
        ty.is_some_and(|ty| match *self.types.tys.kind(ty) {
            crate::types::TyKind::Data => true,
            crate::types::TyKind::Later(of, _) => {
                *self.types.tys.core(of) == crate::types::TyKind::Data
            }
            _ => false,
        })
    }

    /// Whether a member is `path += ..`.
    fn appends(&self, tree: crate::resolve::TreeId, member: crate::syntax::MemberId) -> bool {
        let member = self.names.tree(tree).tree.member(member);
        matches!(member.kind, crate::syntax::MemberKind::Set { append: true, .. })
    }

    /// What the sources behind another give.
    pub(super) fn inherited(&mut self, place: Place, start: u32, end: u32) -> Value {
        let Some(&instance) = self.instances.get(place.instance as usize) else {
            return Value::Poison;
        };
        let Some(shared) = self.shared(instance) else { return Value::Poison };
        self.sources(place, instance, &shared, start, end.saturating_sub(start)).0
    }

    fn default(&mut self, place: Place, instance: Instance, shared: &SharedShape) -> (Value, u32) {
        let field = shared.shape.fields.get(place.slot as usize).copied().flatten();
        let node =
            shared.shape.slot_node.get(place.slot as usize).and_then(|&n| shared.shape.node(n));
        let (Some(field), Some(node)) = (field, node) else { return (Value::Absent, NO_WINNER) };
        let Some(field) = self.types.schema(node.schema).fields.get(usize::from(field)) else {
            return (Value::Poison, NO_WINNER);
        };
        let (name, declared, tree, default) = (field.name, field.at, field.tree, field.default);
        let is_optional = self.types.tys.is_optional(field.ty);
        let schema = self.types.schema(node.schema).name;
        if let Some(passed) = self.passed(place, instance, shared, name) {
            return (passed, NO_WINNER);
        }
        let Some(default) = default else {
            if self.is_passed(instance, shared, place.slot, name) && !is_optional {
                let address = self.address(instance.resource);
                let at = self.resource_span(instance);
                self.report(errors::missing_fields(&address, schema, &[(name, declared)], at));
                return (Value::Poison, NO_WINNER);
            }
            return (Value::Absent, NO_WINNER);
        };
        let record = self.record_of(instance, shared, place.slot);
        let frame = Frame { record, target: place.target, ..Frame::new(tree) };
        (self.eval_shared(default, &frame), DEFAULT_WINNER)
    }

    /// A formula that many blocks share: computed once if it depends on nothing around it.
    fn eval_shared(&mut self, expr: ExprId, frame: &Frame) -> Value {
        let key = (frame.tree, expr);
        match self.closed.get(&key) {
            Some(Some(value)) => return *value,
            Some(None) => return self.eval(expr, frame),
            None => {}
        }
        let value = self.eval(expr, frame);
        let closed = is_closed(self.names, self.types, frame.tree, expr).then_some(value);
        self.closed.insert(key, closed);
        value
    }

    fn unstated(&mut self, place: Place, instance: Instance, shared: &SharedShape) -> (Value, u32) {
        let asked = self.running.last().and_then(|step| step.asked);
        if let (Some(at), Some(declared)) = (asked, self.blocks.get(instance.resource as usize)) {
            let name = shared
                .shape
                .fields
                .get(place.slot as usize)
                .copied()
                .flatten()
                .and_then(|slot| {
                    let node = shared.shape.slot_node.get(place.slot as usize)?;
                    let schema = shared.shape.node(*node)?.schema;
                    Some(self.types.schema(schema).fields.get(usize::from(slot))?.name)
                })
                .unwrap_or(Sym::EMPTY);
            let subject = Sym::new(&self.address(instance.resource));
            let at_decl = declared.at;
            self.report(errors::unstated(name, subject, at, at_decl));
        }
        (Value::Poison, NO_WINNER)
    }

    fn base(&mut self, place: Place, instance: Instance, shared: &SharedShape) -> Value {
        let Some(&node) = shared.shape.slot_node.get(place.slot as usize) else {
            return Value::Poison;
        };
        let Some(found) = shared.shape.node(node).copied() else { return Value::Poison };
        let Some((start, len)) = found.base else { return Value::Poison };
        // The formula stands in the record around.
        let parent = shared.shape.node(found.parent).map_or(0, |parent| parent.first);
        let outer = Place { slot: parent, ..place };
        let (value, _) = self.sources(outer, instance, shared, start, len);
        let name =
            shared.shape.fields.get(place.slot as usize).copied().flatten().and_then(|slot| {
                Some(self.types.schema(found.schema).fields.get(usize::from(slot))?.name)
            });
        match (value, name) {
            (Value::Record(record), Some(name)) => self.field(record, name, place.target, None),
            _ => Value::Poison,
        }
    }

    fn map(
        &mut self,
        place: Place,
        instance: Instance,
        shared: &SharedShape,
        start: u32,
        len: u32,
        base: (u32, u32),
    ) -> Value {
        let mut entries: Vec<(Sym, Value)> = Vec::new();
        let mut origins: Vec<Origin> = Vec::new();
        let field = shared.shape.fields.get(place.slot as usize).copied().flatten();
        let root = shared.shape.node(0).map(|node| node.schema);
        if let (Some(field), Some(schema)) = (field, root)
            && let Some(field) = self.types.schema(schema).fields.get(usize::from(field))
            && let Some(Value::Map(run)) = self.passed(place, instance, shared, field.name)
        {
            entries.extend_from_slice(self.store.entries(run));
            origins.extend_from_slice(self.store.origins(run));
        }
        if base.1 > 0 {
            match self.sources(place, instance, shared, base.0, base.1).0 {
                Value::Map(run) if entries.is_empty() => {
                    entries.extend_from_slice(self.store.entries(run));
                    origins.extend_from_slice(self.store.origins(run));
                }
                Value::Map(run) => {
                    let upper = self.store.entries(run).iter().zip(self.store.origins(run));
                    for (&(key, value), &origin) in upper {
                        let known = entries.iter().position(|(known, _)| *known == key);
                        match known.and_then(|at| entries.get_mut(at).zip(origins.get_mut(at))) {
                            Some((entry, from)) => (entry.1, *from) = (value, origin),
                            None => {
                                entries.push((key, value));
                                origins.push(origin);
                            }
                        }
                    }
                }
                Value::Absent => {}
                Value::List(_) if self.is_data_slot(place) => {
                    // Entries are written here, and elements are appended there.
                    if let Some(source) = shared.shape.sources.get(base.0 as usize)
                        && let Some((tree, write)) =
                            self.write(instance, shared, source.layer, source.write)
                        && let Some(value) = write.value
                    {
                        self.report(errors::data::no_list("a map", self.span(tree, value)));
                    }
                    return Value::Poison;
                }
                _ => return Value::Poison,
            }
        }
        let mut places: rustc_hash::FxHashMap<Sym, usize> =
            entries.iter().enumerate().map(|(index, (key, _))| (*key, index)).collect();
        let range = start as usize..(start + len) as usize;
        let planned: &[MapEntry] = shared.shape.entries.get(range).unwrap_or(&[]);
        for entry in planned {
            let value = self.slot(Place { slot: entry.slot, ..place }, None);
            if value == Value::Absent {
                continue;
            }
            let origin = Origin::slot(instance.slots + entry.slot);
            match places.get(&entry.key).copied() {
                Some(index) => {
                    if let (Some(known), Some(from)) =
                        (entries.get_mut(index), origins.get_mut(index))
                    {
                        known.1 = value;
                        *from = origin;
                    }
                }
                None => {
                    places.insert(entry.key, entries.len());
                    entries.push((entry.key, value));
                    origins.push(origin);
                }
            }
        }
        self.store.map_from(&entries, &origins)
    }

    /// A write of a layer, with its tree.
    pub(super) fn write(
        &self,
        instance: Instance,
        shared: &SharedShape,
        layer: u16,
        write: u32,
    ) -> Option<(TreeId, Write)> {
        let found = shared.shape.layers.get(usize::from(layer))?;
        if let LayerSource::Own(number) = found.source {
            let own = self.owns.get((instance.owns.0 + u32::from(number)) as usize)?;
            let write = self.own_writes.get((own.writes.0 + write) as usize)?;
            return Some((own.tree, *write));
        }
        shared
            .writes
            .get(usize::from(layer))
            .and_then(|(tree, all)| Some((*tree, *all.get(write as usize)?)))
    }
}
