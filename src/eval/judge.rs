//! Final values against their types: refinements, and the checks of schemas.

use std::net::IpAddr;

use super::errors;
use super::evaluator::{Evaluator, Instance, NOTHING};
use super::expr::Frame;
use super::shape::{LayerSource, Plan};
use super::slot::{DEFAULT_WINNER, NO_WINNER, Place};
use super::value::{RecordId, Value};
use crate::embedded::Quantity;
use crate::source::{Span, Sym};
use crate::syntax::{Expr, ExprId, MemberKind, Slice, TextPart};
use crate::types::{Bounds, Meaning, Refinement, TextKind, Ty, TyKind, out_of_range};

const REVERSED: &str = "its lower end comes after its upper end";

impl Evaluator<'_> {
    /// Judges a slot's value; a wrong one becomes poison, so that one cause gives one finding.
    pub(super) fn judged(
        &mut self,
        place: Place,
        instance: Instance,
        value: Value,
        winner: u32,
    ) -> Value {
        if matches!(value, Value::Poison | Value::Absent | Value::Record(_)) || winner == NO_WINNER
        {
            return value;
        }
        let Some(ty) = self.slot_type(place) else { return value };
        if self.is_constant(place, winner) {
            return value;
        }
        let Some(at) = self.winner_span(place, instance, winner) else { return value };
        let origin = self.origin(place);
        if self.judge_value(ty, value, at, origin) { value } else { Value::Poison }
    }

    fn slot_type(&self, place: Place) -> Option<Ty> {
        let instance = self.instances.get(place.instance as usize)?;
        let shared = self.shapes.get(instance.shape as usize)?;
        shared.shape.types.get(place.slot as usize).copied()
    }

    /// Where a slot's type is said, as a label.
    fn origin(&self, place: Place) -> Option<(Span, String)> {
        let instance = self.instances.get(place.instance as usize)?;
        let shared = self.shapes.get(instance.shape as usize)?;
        let node = shared.shape.node(*shared.shape.slot_node.get(place.slot as usize)?)?;
        let slot = shared.shape.fields.get(place.slot as usize).copied().flatten()?;
        let field = self.types.schema(node.schema).fields.get(usize::from(slot))?;
        Some((field.at, format!("`{}` is declared here", field.name)))
    }

    /// Whether the winner is a literal, which was judged when it was typed.
    fn is_constant(&self, place: Place, winner: u32) -> bool {
        if winner == DEFAULT_WINNER {
            return false;
        }
        let Some(instance) = self.instances.get(place.instance as usize) else { return false };
        let Some(shared) = self.shapes.get(instance.shape as usize) else { return false };
        let Some(source) = shared.shape.sources.get(winner as usize - 1) else { return false };
        let Some((tree, write)) = self.write(*instance, shared, source.layer, source.write) else {
            return false;
        };
        let Some(value) = write.value else { return false };
        let nodes = &self.names.tree(tree).tree;
        match nodes.expr(value) {
            Expr::Number | Expr::Bool(_) => true,
            Expr::Text(text) => !nodes
                .parts_of(nodes.text(text).parts)
                .iter()
                .any(|part| matches!(part, TextPart::Hole(_))),
            _ => matches!(self.types.meaning(tree, value), Meaning::Constant(_)),
        }
    }

    /// Judges a value against a type, reporting at `at`. Whether it fits.
    fn judge_value(
        &mut self,
        ty: Ty,
        value: Value,
        at: Span,
        origin: Option<(Span, String)>,
    ) -> bool {
        match value {
            Value::Text(_) | Value::Name(_) => {
                let text = self.store.as_text(value).unwrap_or("");
                match self.types.judge_text(ty, text, at, origin) {
                    Some(found) => {
                        self.report(found);
                        false
                    }
                    None => true,
                }
            }
            Value::Int(amount) => self.judge_amount(ty, amount, &amount.to_string(), at, origin),
            Value::Quantity(quantity) => self.judge_amount(
                ty,
                quantity.amount(),
                &Quantity::to_string(&quantity),
                at,
                origin,
            ),
            Value::List(run) => {
                if let Some(bounds) = self.bounds(ty) {
                    let length = i64::from(run.len);
                    if !bounds.holds(length) {
                        self.report(out_of_range(
                            &format!("a list of {length}"),
                            &bounds.words(),
                            "its length",
                            at,
                            origin,
                        ));
                        return false;
                    }
                }
                let TyKind::List(of) = *self.types.tys.kind(self.types.tys.present(ty)) else {
                    return true;
                };
                if !self.has_rules(of) {
                    return true;
                }
                let items = self.store.items(run).to_vec();
                items.into_iter().all(|item| self.judge_value(of, item, at, origin.clone()))
            }
            Value::Map(run) => {
                let TyKind::Map(_, of) = *self.types.tys.kind(self.types.tys.present(ty)) else {
                    return true;
                };
                if !self.has_rules(of) {
                    return true;
                }
                let entries = self.store.entries(run).to_vec();
                entries.into_iter().all(|(_, item)| self.judge_value(of, item, at, origin.clone()))
            }
            Value::Range(range) => {
                let TyKind::Range(of) = *self.types.tys.kind(self.types.tys.present(ty)) else {
                    return true;
                };
                let (low, high) = self.store.ends(range);
                let ends = self.judge_value(of, low, at, origin.clone())
                    && self.judge_value(of, high, at, origin.clone());
                if !ends {
                    return false;
                }
                match self.range_problem(of, low, high) {
                    Some(problem) => {
                        let shown = self.show(value);
                        self.report(errors::range(&shown, problem, at, origin));
                        false
                    }
                    None => true,
                }
            }
            Value::Poison
            | Value::Absent
            | Value::Open
            | Value::Bool(_)
            | Value::Float(_)
            | Value::Record(_)
            | Value::Resource(_)
            | Value::Later(_)
            | Value::Template(_) => true,
        }
    }

    /// What is wrong with a range: its ends are turned round, or addresses that do not go together.
    fn range_problem(&self, of: Ty, low: Value, high: Value) -> Option<&'static str> {
        let is_address =
            matches!(self.types.tys.kind(self.types.tys.present(of)), TyKind::Text(TextKind::Ip));
        if is_address {
            if low == Value::Open || high == Value::Open {
                return Some("a range of addresses has both ends");
            }
            let address = |value: Value| self.store.as_text(value)?.parse::<IpAddr>().ok();
            return match (address(low)?, address(high)?) {
                (IpAddr::V4(low), IpAddr::V4(high)) => (low > high).then_some(REVERSED),
                (IpAddr::V6(low), IpAddr::V6(high)) => (low > high).then_some(REVERSED),
                (IpAddr::V4(_), IpAddr::V6(_)) | (IpAddr::V6(_), IpAddr::V4(_)) => {
                    Some("its ends are of different families")
                }
            };
        }
        let is_reversed = match (low, high) {
            (Value::Int(low), Value::Int(high)) => low > high,
            (Value::Float(low), Value::Float(high)) => low > high,
            (Value::Quantity(low), Value::Quantity(high)) => low.amount() > high.amount(),
            _ => false,
        };
        is_reversed.then_some(REVERSED)
    }

    fn judge_amount(
        &mut self,
        ty: Ty,
        amount: i64,
        shown: &str,
        at: Span,
        origin: Option<(Span, String)>,
    ) -> bool {
        match self.bounds(ty) {
            Some(bounds) if !bounds.holds(amount) => {
                self.report(out_of_range(&format!("`{shown}`"), &bounds.words(), "it", at, origin));
                false
            }
            _ => true,
        }
    }

    fn bounds(&self, mut ty: Ty) -> Option<Bounds> {
        loop {
            match self.types.tys.kind(ty) {
                TyKind::Refined(_, Refinement::Bounds(bounds)) => return Some(*bounds),
                TyKind::Refined(inner, _) | TyKind::Alias(_, inner) | TyKind::Optional(inner) => {
                    ty = *inner
                }
                _ => return None,
            }
        }
    }

    /// Whether values of a type can be wrong beyond their base type.
    fn has_rules(&self, ty: Ty) -> bool {
        match self.types.tys.kind(ty) {
            TyKind::Refined(..) | TyKind::Text(_) | TyKind::Union(_) => true,
            TyKind::Alias(_, inner)
            | TyKind::Optional(inner)
            | TyKind::List(inner)
            | TyKind::Map(_, inner)
            | TyKind::Range(inner)
            | TyKind::Later(inner) => self.has_rules(*inner),
            _ => false,
        }
    }

    /// The checks of a record's schema, on a target. Whether any could be decided false.
    pub(super) fn checks(&mut self, record: RecordId, subject: Span, target: u32) {
        let Some(schema) = self.schema_of(record) else { return };
        let checks = self.types.schema(schema).checks.clone();
        for check in checks {
            let findings = self.waiting();
            let outer = std::mem::take(&mut self.deps);
            let frame = Frame {
                tree: check.tree,
                record: record.0,
                target,
                locals: (0, 0),
                inherited: None,
                inputs: NOTHING,
            };
            if self.eval(check.condition, &frame) == Value::Bool(false) {
                let message = self.message(check.tree, check.message, &frame);
                let at = self.blame(record, check.tree, check.condition, target).unwrap_or(subject);
                let user = self.user_of(at);
                self.report(errors::check(&message, at, check.at, check.warn, user));
            }
            let deps = self.deps;
            self.place_findings(findings, deps, target);
            self.deps = outer | deps;
        }
    }

    /// The resource at hand, if what is blamed stands outside of it.
    fn user_of(&self, blamed: Span) -> Option<(Span, String)> {
        let block = self.blocks.get(self.owner as usize)?;
        let decl = self.decl(self.owner)?;
        let info = self.names.tree(decl.tree);
        let whole = info.span(info.tree.member(decl.member).at);
        let inside =
            whole.file == blamed.file && whole.start <= blamed.start && blamed.end <= whole.end;
        (!inside).then(|| (block.at, self.address(self.owner)))
    }

    fn message(
        &mut self,
        tree: crate::resolve::TreeId,
        text: crate::syntax::TextId,
        frame: &Frame,
    ) -> String {
        let names = self.names;
        let nodes = &names.tree(tree).tree;
        let mut out = String::new();
        for part in nodes.parts_of(nodes.text(text).parts) {
            match *part {
                TextPart::Verbatim(at) => out.push_str(names.text(tree, at)),
                TextPart::Escape(letter, _) => out.push(letter),
                TextPart::Hole(hole) => {
                    let value = self.eval(hole, frame);
                    out.push_str(&self.print(value).unwrap_or_else(|| self.show(value)));
                }
            }
        }
        out
    }

    /// The first written value that a check looks at: that is where the user can act.
    fn blame(
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
                Meaning::Field(slot) => self.written_at(record, slot, target),
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
    fn written_at(&mut self, record: RecordId, slot: u16, target: u32) -> Option<Span> {
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
        let expr = self.arm(write.value?, &frame);
        Some(self.span(tree, expr))
    }

    /// The arm or branch of a formula that gives its value.
    fn arm(&mut self, mut expr: ExprId, frame: &Frame) -> ExprId {
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
                _ => return expr,
            };
        }
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
        } else if let Some(entry) = shape.entries.iter().find(|entry| entry.slot == place.slot) {
            parts.push(entry.key);
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
        words.extend(parts.iter().rev().map(|part| part.as_str().to_owned()));
        words.join(".")
    }

    /// The path of a slot by its number in the run.
    pub fn global_path(&self, slot: u32) -> String {
        match self.place_of(slot) {
            Some(place) => self.path_of(place),
            None => String::new(),
        }
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
