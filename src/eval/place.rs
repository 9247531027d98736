//! Where values stand: what to blame for one, where it is written, its path.

use super::evaluator::{Evaluator, Instance, NOTHING};
use super::expr::Frame;
use super::shape::{LayerKind, LayerSource, Plan};
use super::slot::{DEFAULT_WINNER, NO_WINNER, Place};
use super::text::key_text;
use super::value::{RecordId, Value};
use crate::resolve::TreeId;
use crate::source::{Span, Sym};
use crate::syntax::{Expr, ExprId, MemberKind, Slice};
use crate::types::Meaning;

impl Evaluator<'_> {
    /// The resource at hand, if what is blamed stands outside of it.
    pub(super) fn user_of(&self, blamed: Span) -> Option<(Span, String)> {
        let block = self.blocks.get(self.owner as usize)?;
        let decl = self.decl(self.owner)?;
        let info = self.names.tree(decl.tree);
        let whole = info.span(info.tree.member(decl.member).at);
        let inside =
            whole.file == blamed.file && whole.start <= blamed.start && blamed.end <= whole.end;
        (!inside).then(|| (block.at, self.address(self.owner)))
    }

    /// The first written value that a check looks at: that is where the user can act.
    pub(super) fn blame(
        &mut self,
        record: RecordId,
        tree: crate::resolve::TreeId,
        expr: crate::syntax::ExprId,
        target: u32,
    ) -> Option<Span> {
        let names = self.names;
        let nodes = &names.tree(tree).tree;
        match nodes.expr(expr) {
            Expr::Name(_) => match self.types.meaning(tree, expr) {
                Meaning::Field(slot, 0) => self.written_at(record, slot, target),
                _ => None,
            },
            Expr::Field { base, name, .. } => {
                let frame = Frame {
                    tree,
                    record: record.0,
                    target,
                    locals: (0, 0),
                    inherited: None,
                    inputs: NOTHING,
                };
                let name = nodes.name(name).sym;
                if let Value::Record(inner) = self.eval(base, &frame)
                    && let Some(schema) = self.schema_of(inner)
                    && let Some(slot) = self.types.slot(schema, name)
                    && let Some(span) = self.written_at(inner, slot, target)
                {
                    return Some(span);
                }
                self.blame(record, tree, base, target)
            }
            Expr::Binary { left, right, .. } => self
                .blame(record, tree, left, target)
                .or_else(|| self.blame(record, tree, right, target)),
            Expr::Unary { operand, .. } | Expr::Paren(operand) => {
                self.blame(record, tree, operand, target)
            }
            Expr::Index { base, .. } => self.blame(record, tree, base, target),
            _ => None,
        }
    }

    /// Where a field of a record is written, unless it is a default.
    pub(super) fn written_at(&mut self, record: RecordId, slot: u16, target: u32) -> Option<Span> {
        let (tree, expr) = self.written_as(record, slot, target)?;
        Some(self.span(tree, expr))
    }

    /// The formula, or its arm, that gives a slot its value; none for a default.
    pub(super) fn written_as(
        &mut self,
        record: RecordId,
        slot: u16,
        target: u32,
    ) -> Option<(TreeId, ExprId)> {
        let found = *self.records.get(record.0 as usize)?;
        let instance = *self.instances.get(found.instance as usize)?;
        let shared = self.shapes.get(instance.shape as usize)?;
        let first = shared.shape.node(found.node)?.first;
        let place = Place { instance: found.instance, slot: first + u32::from(slot), target };
        let winner = self.winner(place);
        if winner == DEFAULT_WINNER || winner == NO_WINNER {
            return None;
        }
        let source = self
            .shapes
            .get(instance.shape as usize)?
            .shape
            .sources
            .get(winner as usize - 1)
            .copied()?;
        let shared = self.shapes.get(instance.shape as usize).cloned()?;
        let (tree, write) = self.write(instance, &shared, source.layer, source.write)?;
        let frame = Frame {
            tree,
            record: self.record_of(instance, &shared, place.slot),
            target,
            locals: write.locals,
            inherited: None,
            inputs: write.inputs,
        };
        Some((tree, self.arm(write.value?, &frame)))
    }

    /// The arm or branch of a formula that gives its value.
    pub(super) fn arm(&mut self, mut expr: ExprId, frame: &Frame) -> ExprId {
        let names = self.names;
        let nodes = &names.tree(frame.tree).tree;
        loop {
            expr = match nodes.expr(expr) {
                Expr::Paren(inner) => inner,
                Expr::If { condition, yes, no } => match self.eval(condition, frame) {
                    Value::Bool(true) => yes,
                    Value::Bool(false) => no,
                    _ => return expr,
                },
                Expr::By { axis, start, len } => {
                    let axis = nodes.name(axis);
                    let at = names.tree(frame.tree).span(axis.at);
                    let here = self.axis(axis.sym, frame.target, at);
                    let here = here
                        .and_then(|here| self.blocks.get(here as usize))
                        .map(|block| block.name);
                    let arms = nodes.by_arms_of(Slice { start, len });
                    let takes = |wanted: &str| {
                        arms.iter().find(|arm| {
                            nodes
                                .names_of(arm.names)
                                .iter()
                                .any(|known| known.sym.as_str() == wanted)
                        })
                    };
                    match here.and_then(|here| takes(here.as_str())).or_else(|| takes("else")) {
                        Some(arm) => arm.value,
                        None => return expr,
                    }
                }
                Expr::Match { subject, start, len } => {
                    match self.arm_taken(subject, Slice { start, len }, frame) {
                        Some((arm, ..)) => arm.value,
                        None => return expr,
                    }
                }
                _ => return expr,
            };
        }
    }

    /// Whether a resource's own block, and no preset, star or default, gives a slot its value.
    pub fn is_written_by_block(&self, slot: u32) -> bool {
        let own = || {
            let place = self.place_of(slot)?;
            let instance = self.instances.get(place.instance as usize)?;
            let shape = &self.shapes.get(instance.shape as usize)?.shape;
            let winner = *self.winners.get(slot as usize)?;
            let source = shape.sources.get((winner as usize).checked_sub(1)?)?;
            Some(shape.layers.get(usize::from(source.layer))?.kind == LayerKind::Own)
        };
        own().unwrap_or(false)
    }

    /// Where the formula of a winner stands.
    pub(super) fn winner_span(
        &self,
        place: Place,
        instance: Instance,
        winner: u32,
    ) -> Option<Span> {
        let shared = self.shapes.get(instance.shape as usize)?;
        if winner == DEFAULT_WINNER {
            let node = shared.shape.node(*shared.shape.slot_node.get(place.slot as usize)?)?;
            let slot = shared.shape.fields.get(place.slot as usize).copied().flatten()?;
            let field = self.types.schema(node.schema).fields.get(usize::from(slot))?;
            return Some(self.span(field.tree, field.default?));
        }
        let source = shared.shape.sources.get((winner as usize).checked_sub(1)?)?;
        let (tree, write) = self.write(instance, shared, source.layer, source.write)?;
        Some(self.span(tree, write.value?))
    }

    /// Where a slot is written, from its plan: before it has a value.
    pub(super) fn slot_span(&self, place: Place) -> Option<Span> {
        let instance = *self.instances.get(place.instance as usize)?;
        let shared = self.shapes.get(instance.shape as usize)?;
        match *shared.shape.plans.get(place.slot as usize)? {
            Plan::Sources { start, .. } => {
                let source = shared.shape.sources.get(start as usize)?;
                let (tree, write) = self.write(instance, shared, source.layer, source.write)?;
                let info = self.names.tree(tree);
                let member = info.tree.member(write.member);
                if let MemberKind::Set { path, .. } = member.kind
                    && !matches!(
                        shared.shape.layers.get(usize::from(source.layer))?.source,
                        LayerSource::Default(..)
                    )
                    && let Some(name) = info.tree.names_of(path).last()
                {
                    return Some(info.span(name.at));
                }
                Some(self.span(tree, write.value?))
            }
            Plan::Default => self.winner_span(place, instance, DEFAULT_WINNER),
            _ => None,
        }
    }

    /// Where a resource's name stands.
    pub(super) fn resource_span(&self, instance: Instance) -> Span {
        if let Some(at) = instance.read_at {
            return at;
        }
        match self.blocks.get(instance.resource as usize) {
            Some(block) => block.at,
            None => self.names.tree(instance.tree).span(crate::source::Extent::default()),
        }
    }

    pub(super) fn field_decl(
        &self,
        shared: &super::evaluator::SharedShape,
        slot: u32,
    ) -> Option<Span> {
        let node = shared.shape.node(*shared.shape.slot_node.get(slot as usize)?)?;
        let field = shared.shape.fields.get(slot as usize).copied().flatten()?;
        Some(self.types.schema(node.schema).fields.get(usize::from(field))?.at)
    }

    /// `cluster.eu-1.workers.general.replicas`.
    pub(super) fn path_of(&self, place: Place) -> String {
        let Some(instance) = self.instances.get(place.instance as usize) else {
            return String::new();
        };
        let Some(shared) = self.shapes.get(instance.shape as usize) else { return String::new() };
        let shape = &shared.shape;
        let mut parts: Vec<Sym> = Vec::new();
        let mut node = shape.slot_node.get(place.slot as usize).and_then(|&node| shape.node(node));
        if let (Some(found), Some(Some(slot))) = (node, shape.fields.get(place.slot as usize)) {
            parts.extend(
                self.types.schema(found.schema).fields.get(usize::from(*slot)).map(|f| f.name),
            );
        } else if let Some(at) = shape.entries.iter().position(|entry| entry.slot == place.slot) {
            parts.extend(shape.entries.get(at).map(|entry| entry.key));
            // The map is the slot that has the entry among its own.
            let holds = |plan: &Plan| match *plan {
                Plan::Map { start, len, .. } => {
                    (start as usize..(start + len) as usize).contains(&at)
                }
                _ => false,
            };
            let map = shape.plans.iter().position(holds);
            let field = map.and_then(|map| shape.fields.get(map).copied().flatten());
            if let (Some(found), Some(field)) = (node, field) {
                let fields = &self.types.schema(found.schema).fields;
                parts.extend(fields.get(usize::from(field)).map(|field| field.name));
            }
        }
        let mut index = shape.slot_node.get(place.slot as usize).copied().unwrap_or(0);
        while let Some(found) = node {
            if index == 0 {
                break;
            }
            if !found.key.is_empty() {
                parts.push(found.key);
            }
            if !found.field.is_empty() {
                parts.push(found.field);
            }
            index = found.parent;
            node = shape.node(index);
        }
        let mut words: Vec<String> = Vec::new();
        if instance.is_resource {
            words.push(self.address(instance.resource));
        } else if instance.resource != NOTHING {
            words.push(format!("{}..", self.address(instance.resource)));
        }
        words.extend(parts.iter().rev().map(|part| key_text(*part)));
        words.join(".")
    }

    /// The record that a slot belongs to.
    pub(super) fn record_of(
        &self,
        instance: Instance,
        shared: &super::evaluator::SharedShape,
        slot: u32,
    ) -> u32 {
        instance.records + shared.shape.slot_node.get(slot as usize).copied().unwrap_or(0)
    }

    /// The place of a slot by its number in the run.
    pub(super) fn place_of(&self, slot: u32) -> Option<Place> {
        // Instances get their slots in order.
        let after = self.instances.partition_point(|instance| instance.slots <= slot);
        let index = after.checked_sub(1)?;
        let instance = self.instances.get(index)?;
        let number = u32::try_from(index).ok()?;
        Some(Place { instance: number, slot: slot - instance.slots, target: NOTHING })
    }
}
