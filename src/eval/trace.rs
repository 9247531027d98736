//! Where a value comes from: the winner, and what it won against. Evaluation keeps the winner only;
//! the rest is found by looking at the shape again.

use std::sync::Arc;

use super::call::CallNote;
use super::evaluator::{Evaluator, Instance, NOTHING};
use super::expr::Frame;
use super::origin::Origin;
use super::shape::{LayerSource, Plan};
use super::slot::{DEFAULT_WINNER, Place};
use super::value::{RecordId, Value};
use crate::source::{Span, Sym};
use crate::syntax::{Expr, ExprId, MemberKind, TextPart};
use crate::types::Meaning;

/// Where a value comes from.
#[derive(Clone, PartialEq, Debug)]
pub struct Trace {
    /// `cluster.eu-1.workers.general.replicas`.
    pub path: String,
    /// The value, as the language writes it, with the targets where it is so; one entry where it is
    /// the same everywhere (then without targets).
    pub values: Vec<(String, Vec<Sym>)>,
    /// Every layer that has something to say, the highest first.
    pub layers: Vec<TraceLayer>,
    /// Where the winner is a text with holes: each hole as written, and what filled it (on the first
    /// target, where it differs).
    pub holes: Vec<(String, String)>,
    /// The inputs of components that it was made of, and where each is set: those of the winner first, then those that these were made of.
    pub inputs: Vec<TraceLayer>,
    /// The calls of the program's own functions that gave it, the outer one first.
    pub calls: Vec<CallNote>,
}

/// What one layer says.
#[derive(Clone, PartialEq, Debug)]
pub struct TraceLayer {
    /// `cluster.eu-1`, `preset Large`, `` `*` block ``, `default of Cluster`.
    pub who: String,
    /// Where the formula stands.
    pub at: Span,
    /// Why it overrides, if it says so.
    pub because: Option<String>,
    /// The targets where it wins; `None` where it never does.
    pub wins: Option<Vec<Sym>>,
}

/// How many inputs a trace names.
const MOST_INPUTS: usize = 8;

impl Evaluator<'_> {
    /// The trace of a slot, by its number in the run.
    pub fn trace(&mut self, slot: u32, targets: &[u32]) -> Option<Trace> {
        let place = self.place_of(slot)?;
        let instance = *self.instances.get(place.instance as usize)?;
        let all: Vec<u32> = if targets.is_empty() { vec![NOTHING] } else { targets.to_vec() };
        let mut values: Vec<(String, Vec<Sym>)> = Vec::new();
        let mut winners: Vec<(u32, Sym)> = Vec::new();
        for &target in &all {
            let here = Place { target, ..place };
            let value = self.slot(here, None);
            let shown = self.show_whole(value);
            let name = self.blocks.get(target as usize).map_or(Sym::EMPTY, |block| block.name);
            match values.iter_mut().find(|(known, _)| *known == shown) {
                Some((_, targets)) => targets.push(name),
                None => values.push((shown, vec![name])),
            }
            winners.push((self.winner(here), name));
        }
        if let [(_, targets)] = values.as_mut_slice() {
            targets.clear();
        }
        let mut layers = self.trace_layers(place, &winners);
        if layers.iter().all(|layer| layer.wins.is_none())
            && let Some(passing) = self.passing(place)
        {
            layers.insert(0, passing);
        }
        let path = self.path_of(place);
        let target = all.first().copied().unwrap_or(NOTHING);
        let won = self.winning(Place { target, ..place }, instance);
        let holes = won.and_then(|(expr, frame)| self.holes_of(expr, &frame)).unwrap_or_default();
        self.inputs_read = Some(Vec::new());
        let calls = won.map(|(expr, frame)| self.calls_of(expr, frame)).unwrap_or_default();
        let read = self.inputs_read.take().unwrap_or_default();
        let inputs = self.inputs_of(read, target);
        Some(Trace { path, values, layers, holes, inputs, calls })
    }

    /// Where the formula of a slot stands, without the name before it; none where its default does, or only parts of it are written.
    pub fn formula_at(&mut self, slot: u32, target: u32) -> Option<Span> {
        let place = self.place_of(slot)?;
        let instance = *self.instances.get(place.instance as usize)?;
        let (expr, frame) = self.winning(Place { target, ..place }, instance)?;
        Some(self.span(frame.tree, expr))
    }

    /// Where inputs are set, and those that they were made of in their turn.
    fn inputs_of(&mut self, mut open: Vec<(RecordId, u16)>, target: u32) -> Vec<TraceLayer> {
        let mut found = Vec::new();
        let mut next = 0;
        while let Some(&(root, field)) = open.get(next) {
            next += 1;
            if next > MOST_INPUTS {
                break;
            }
            let Some(schema) = self.schema_of(root) else { continue };
            let name = self.types.schema(schema).fields.get(usize::from(field)).map(|it| it.name);
            let Some(name) = name else { continue };
            let Some(place) = self.slot_of(root, name).and_then(|slot| self.place_of(slot)) else {
                continue;
            };
            let place = Place { target, ..place };
            let Some(&instance) = self.instances.get(place.instance as usize) else { continue };
            let winners = [(self.winner(place), Sym::EMPTY)];
            let layers = self.trace_layers(place, &winners);
            let Some(won) = layers.into_iter().find(|layer| layer.wins.is_some()) else { continue };
            found.push(TraceLayer { who: format!("input {name}"), ..won });
            if let Some((expr, frame)) = self.winning(place, instance) {
                self.inputs_read = Some(Vec::new());
                self.eval(expr, &frame);
                let read = self.inputs_read.take().unwrap_or_default();
                let new = read.into_iter().filter(|it| !open.contains(it)).collect::<Vec<_>>();
                open.extend(new);
            }
        }
        found
    }

    /// The formula that won a slot, and what surrounds it.
    pub(super) fn winning(&mut self, place: Place, instance: Instance) -> Option<(ExprId, Frame)> {
        let winner = self.winner(place);
        if winner == DEFAULT_WINNER {
            return None;
        }
        let shared = Arc::clone(self.shapes.get(instance.shape as usize)?);
        let source = *shared.shape.sources.get((winner as usize).checked_sub(1)?)?;
        let (tree, write) = self.write(instance, &shared, source.layer, source.write)?;
        let frame = Frame {
            tree,
            record: self.record_of(instance, &shared, place.slot),
            target: place.target,
            locals: write.locals,
            inherited: None,
            inputs: write.inputs,
        };
        Some((write.value?, frame))
    }

    /// The calls that a formula makes, with what they gave; through the `let`s that it names.
    fn calls_of(&mut self, mut expr: ExprId, mut frame: Frame) -> Vec<CallNote> {
        let names = self.names;
        while let Meaning::Let(def) = self.types.meaning(frame.tree, expr) {
            let MemberKind::Let { value, .. } = names.member(def).kind else { return Vec::new() };
            let tree = names.def(def).tree;
            frame = Frame { tree, record: NOTHING, locals: (0, 0), ..frame };
            expr = value;
        }
        self.recorder = Some(Vec::new());
        self.eval(expr, &frame);
        self.recorder.take().unwrap_or_default()
    }

    /// The holes of the text that won a slot, with what fills them.
    fn holes_of(&mut self, expr: ExprId, frame: &Frame) -> Option<Vec<(String, String)>> {
        let names = self.names;
        let nodes = &names.tree(frame.tree).tree;
        let Expr::Text(text) = nodes.expr(expr) else { return None };
        let mut holes = Vec::new();
        for part in nodes.parts_of(nodes.text(text).parts) {
            let TextPart::Hole(hole) = *part else { continue };
            let value = self.eval(hole, frame);
            let written = names.text(frame.tree, nodes.expr_extent(hole)).to_owned();
            holes.push((written, self.show(value)));
        }
        Some(holes)
    }

    fn trace_layers(&self, place: Place, winners: &[(u32, Sym)]) -> Vec<TraceLayer> {
        let mut layers = Vec::new();
        let Some(&instance) = self.instances.get(place.instance as usize) else { return layers };
        let Some(shared) = self.shapes.get(instance.shape as usize) else { return layers };
        let shape = &shared.shape;
        let wins = |number: u32| {
            let targets: Vec<Sym> = winners
                .iter()
                .filter(|(winner, _)| *winner == number)
                .map(|(_, name)| *name)
                .collect();
            (!targets.is_empty())
                .then(|| if targets.len() == winners.len() { Vec::new() } else { targets })
        };
        // A map that is written in parts comes from every write that gives an entry.
        let (ranges, in_parts) = match shape.plans.get(place.slot as usize) {
            Some(&Plan::Sources { start, len }) => (vec![(start, start + len)], false),
            Some(&Plan::Map { start, len, base }) => {
                let entries =
                    shape.entries.get(start as usize..(start + len) as usize).unwrap_or(&[]);
                let tops = entries.iter().filter_map(|entry| match entry.plan {
                    Plan::Sources { start, .. } => Some((start, start + 1)),
                    _ => None,
                });
                (tops.chain(std::iter::once((base.0, base.0 + base.1))).collect(), true)
            }
            _ => (Vec::new(), false),
        };
        for (first, end) in ranges {
            for index in first..end {
                let Some(source) = shape.sources.get(index as usize) else { break };
                let Some((tree, write)) = self.write(instance, shared, source.layer, source.write)
                else {
                    continue;
                };
                let info = self.names.tree(tree);
                let member = info.tree.member(write.member);
                let layer = shape.layers.get(usize::from(source.layer)).map(|layer| layer.source);
                let is_default = matches!(layer, Some(LayerSource::Default(..)));
                let because = member.because.filter(|_| !is_default).map(|text| {
                    let at = info.tree.text(text).at;
                    self.names.text(tree, at).trim_matches('"').to_owned()
                });
                let at = match write.value {
                    Some(value) if is_default => self.span(tree, value),
                    _ => info.span(member.at),
                };
                layers.push(TraceLayer {
                    who: self.who(layer, instance.resource),
                    at,
                    because,
                    wins: if in_parts { Some(Vec::new()) } else { wins(index + 1) },
                });
            }
        }
        if matches!(shape.plans.get(place.slot as usize), Some(Plan::Key)) {
            layers.extend(
                self.naming(instance, shape.slot_node.get(place.slot as usize) == Some(&0)),
            );
        }
        let field = shape.fields.get(place.slot as usize).copied().flatten();
        let node = shape.slot_node.get(place.slot as usize).and_then(|&node| shape.node(node));
        if let (Some(slot), Some(node)) = (field, node) {
            let schema = self.types.schema(node.schema);
            if let Some(field) = schema.fields.get(usize::from(slot))
                && let Some(default) = field.default
            {
                layers.push(TraceLayer {
                    who: format!("default of {}", schema.name),
                    at: self.span(field.tree, default),
                    because: None,
                    wins: wins(DEFAULT_WINNER),
                });
            }
        }
        layers
    }

    /// What gives a block its name: the block; of what a component makes, its use, too.
    fn naming(&self, instance: Instance, is_own: bool) -> Vec<TraceLayer> {
        let mut found = Vec::new();
        let mut block = instance.resource;
        while let Some(known) = self.blocks.get(block as usize).filter(|_| is_own) {
            let who = match self.blocks.get(known.parent as usize) {
                Some(around) => format!("component {}", self.names.def(around.kind).name),
                None => self.address(block),
            };
            found
                .insert(0, TraceLayer { who, at: known.at, because: None, wins: Some(Vec::new()) });
            block = known.parent;
        }
        found
    }

    fn who(&self, layer: Option<LayerSource>, resource: u32) -> String {
        match layer {
            Some(LayerSource::Preset(def)) => format!("preset {}", self.names.def(def).name),
            Some(LayerSource::Star(block)) => {
                let keyword = self
                    .names
                    .blocks
                    .get(block as usize)
                    .and_then(|block| self.types.kinds.get(&block.kind))
                    .map_or(Sym::EMPTY, |kind| kind.keyword);
                format!("`{keyword} *`")
            }
            Some(LayerSource::Default(..)) => "default".to_owned(),
            Some(LayerSource::Own(_)) | None if resource == NOTHING => "here".to_owned(),
            Some(LayerSource::Own(number)) => self.who_writes(resource, number),
            None => self.address(resource),
        }
    }

    /// Whose body a resource's own body with a number is: its own, or that of the use or component which amends it.
    fn who_writes(&self, resource: u32, number: u16) -> String {
        let mut block = resource;
        for _ in 0..number {
            block = self.blocks.get(block as usize).map_or(NOTHING, |block| block.parent);
        }
        let parent = self.blocks.get(block as usize).map_or(NOTHING, |block| block.parent);
        match self.blocks.get(parent as usize) {
            Some(around) => format!("component {}", self.names.def(around.kind).name),
            None => self.address(block),
        }
    }

    /// The use of a component that passes a value on, and where it is set there.
    fn passing(&self, place: Place) -> Option<TraceLayer> {
        let instance = *self.instances.get(place.instance as usize)?;
        let shared = self.shapes.get(instance.shape as usize)?;
        let field = shared.shape.fields.get(place.slot as usize).copied().flatten()?;
        let schema = shared.shape.node(0)?.schema;
        let name = self.types.schema(schema).fields.get(usize::from(field))?.name;
        if !self.is_passed(instance, shared, place.slot, name) {
            return None;
        }
        let parent = self.blocks.get(instance.resource as usize)?.parent;
        let around = self.by_block.get(parent as usize).copied().flatten()?;
        let outer = *self.instances.get(around as usize)?;
        let slot = self.slot_of(RecordId(outer.records), name)?.checked_sub(outer.slots)?;
        let at = self.slot_span(Place { instance: around, slot, target: place.target });
        Some(TraceLayer {
            who: format!("passed on by {}", self.address(parent)),
            at: at.unwrap_or_else(|| self.resource_span(outer)),
            because: None,
            wins: Some(Vec::new()),
        })
    }

    /// A value in the language's spelling, records and long lists written out.
    fn show_whole(&self, value: Value) -> String {
        match value {
            Value::Text(text) => {
                let text = self.store.read(text);
                if text.contains('\n') { text.to_owned() } else { format!("\"{text}\"") }
            }
            Value::Name(name) => format!("\"{name}\""),
            value => self.show(value),
        }
    }

    /// The slots of the fields `clusters` of resources: where one stands is no reference that order counts.
    pub fn standing_slots(&self, resources: &[super::Resource]) -> rustc_hash::FxHashSet<u32> {
        let clusters = Sym::new("clusters");
        resources.iter().filter_map(|it| self.slot_of(it.root, clusters)).collect()
    }

    /// The slot of a field of a record, by name: its number in the run.
    pub fn slot_of(&self, record: RecordId, name: Sym) -> Option<u32> {
        self.peek(record, name, NOTHING).1.as_slot()
    }

    /// The slot of an entry of a map, by the slot of the map: its number in the run.
    pub fn entry_of(&mut self, map: u32, key: Sym, target: u32) -> Option<(Value, Origin)> {
        let place = self.place_of(map)?;
        let Value::Map(run) = self.slot(Place { target, ..place }, None) else { return None };
        let index = self.store.entries(run).iter().position(|(known, _)| *known == key)?;
        let value = self.store.entries(run).get(index)?.1;
        Some((value, *self.store.origins(run).get(index)?))
    }

    /// The value of a slot, by its number in the run.
    pub fn value_of(&mut self, slot: u32, target: u32) -> Value {
        match self.place_of(slot) {
            Some(place) => self.slot(Place { target, ..place }, None),
            None => Value::Poison,
        }
    }
}
