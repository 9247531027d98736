//! Final values against their types: refinements, and the checks of schemas.

use std::net::IpAddr;

use super::errors;
use super::evaluator::{Evaluator, Instance, NOTHING};
use super::expr::Frame;
use super::shape::Plan;
use super::slot::{DEFAULT_WINNER, NO_WINNER, Place};
use super::value::{Part, RecordId, Run, Value};
use crate::embedded::TEMPLATE_HOLE;
use crate::resolve::{DefId, TreeId};
use crate::source::Span;
use crate::syntax::{Expr, ExprId, MemberKind, TextPart};
use crate::types::{Meaning, Measure, TextKind, Ty, TyKind, out_of_range};

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
        if matches!(value, Value::Poison | Value::Absent | Value::Record(_)) {
            return value;
        }
        if winner == NO_WINNER {
            return self.judged_parts(place, instance, value);
        }
        let Some(ty) = self.slot_type(place) else { return value };
        if self.is_constant(place, winner) {
            return value;
        }
        let Some(at) = self.winner_span(place, instance, winner) else { return value };
        let origin = self.origin(place);
        if self.judge_value(ty, value, at, origin) { value } else { Value::Poison }
    }

    /// Judges how many entries a map has that is written in parts; each entry has a slot of its own, and was judged.
    fn judged_parts(&mut self, place: Place, instance: Instance, value: Value) -> Value {
        let (Value::Map(run), Some(ty)) = (value, self.slot_type(place)) else { return value };
        let length = i64::from(run.len);
        let Some(words) = self.types.outside(ty, Measure::Map(length)) else { return value };
        let at = self.parts_span(place).unwrap_or_else(|| self.resource_span(instance));
        let (shown, origin) = (format!("a map of {length}"), self.origin(place));
        self.report(out_of_range(&shown, &words, "the number of its entries", at, origin));
        Value::Poison
    }

    /// Where the last entry of a map that is written in parts is set.
    fn parts_span(&self, place: Place) -> Option<Span> {
        let instance = self.instances.get(place.instance as usize)?;
        let shape = &self.shapes.get(instance.shape as usize)?.shape;
        let &Plan::Map { start, len, .. } = shape.plans.get(place.slot as usize)? else {
            return None;
        };
        let entries = shape.entries.get(start as usize..(start + len) as usize)?;
        entries.iter().rev().find_map(|entry| self.slot_span(Place { slot: entry.slot, ..place }))
    }

    /// Judges an argument or result against its declared type. Whether it fits.
    pub(super) fn judged_as(
        &mut self,
        ty: Ty,
        value: Value,
        at: Span,
        origin: (Span, String),
    ) -> bool {
        !self.has_rules(ty) || self.judge_value(ty, value, at, Some(origin))
    }

    pub(super) fn slot_type(&self, place: Place) -> Option<Ty> {
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
        self.is_literal(tree, value)
    }

    /// The value of a `let` with a declared type, judged; a wrong one is poison.
    pub(super) fn judged_let(&mut self, def: DefId, value: Value) -> Value {
        let MemberKind::Let { ty: Some(declared), value: written, .. } =
            self.names.member(def).kind
        else {
            return value;
        };
        let found = *self.names.def(def);
        let Some(&ty) = self.types.type_of.get(&def) else { return value };
        if matches!(value, Value::Poison | Value::Absent | Value::Record(_))
            || self.is_literal(found.tree, written)
        {
            return value;
        }
        let info = self.names.tree(found.tree);
        let origin = info.span(info.tree.ty_extent(declared));
        let at = self.span(found.tree, written);
        let because = Some((origin, format!("`{}` is declared here", found.name)));
        if self.judge_value(ty, value, at, because) { value } else { Value::Poison }
    }

    /// Whether an expression is a literal, which was judged when it was typed.
    fn is_literal(&self, tree: TreeId, value: ExprId) -> bool {
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
            Value::Int(amount) => {
                let shown = format!("`{amount}`");
                self.judge_measure(ty, Measure::Int(amount), &shown, "it", at, origin)
            }
            Value::Float(amount) => {
                let shown = format!("`{amount}`");
                self.judge_measure(ty, Measure::Float(amount), &shown, "it", at, origin)
            }
            Value::Quantity(quantity) => {
                let measure = Measure::Quantity(quantity.amount(), quantity.dimension());
                self.judge_measure(ty, measure, &format!("`{quantity}`"), "it", at, origin)
            }
            Value::List(run) => {
                let length = i64::from(run.len);
                let shown = format!("a list of {length}");
                let measure = Measure::List(length);
                if !self.judge_measure(ty, measure, &shown, "its length", at, origin.clone()) {
                    return false;
                }
                let of = self.types.tys.members(ty).into_iter().find_map(|member| {
                    match *self.types.tys.kind(member) {
                        TyKind::List(of) => Some(of),
                        _ => None,
                    }
                });
                let Some(of) = of.filter(|&of| self.has_rules(of)) else { return true };
                let items = self.store.items(run).to_vec();
                items.into_iter().all(|item| self.judge_value(of, item, at, origin.clone()))
            }
            Value::Map(run) => {
                let length = i64::from(run.len);
                let shown = format!("a map of {length}");
                let measure = Measure::Map(length);
                let what = "the number of its entries";
                if !self.judge_measure(ty, measure, &shown, what, at, origin.clone()) {
                    return false;
                }
                let of = self.types.tys.members(ty).into_iter().find_map(|member| {
                    match *self.types.tys.kind(member) {
                        TyKind::Map(_, of) => Some(of),
                        _ => None,
                    }
                });
                let Some(of) = of.filter(|&of| self.has_rules(of)) else { return true };
                let entries = self.store.entries(run).to_vec();
                entries.into_iter().all(|(_, item)| self.judge_value(of, item, at, origin.clone()))
            }
            Value::Range(range) => {
                let of = self.types.tys.members(ty).into_iter().find_map(|member| {
                    match *self.types.tys.kind(member) {
                        TyKind::Range(of) => Some(of),
                        _ => None,
                    }
                });
                let Some(of) = of else { return true };
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
            | Value::Record(_)
            | Value::Resource(_)
            | Value::Object(_)
            | Value::Type(_)
            | Value::Later(_) => true,
            Value::Template(run) => self.judge_template(ty, run, at, origin),
        }
    }

    /// What a target reads as a template in a text with later holes, and where its holes are.
    pub(super) fn template_text(&self, run: Run) -> (String, Vec<u32>) {
        let mut text = String::new();
        let mut holes = Vec::new();
        for part in self.store.parts(run) {
            match *part {
                Part::Source(part) => text.push_str(self.store.read(part)),
                // What means itself is no template, whatever it holds.
                Part::Text(_) | Part::Hole(_) => {
                    holes.push(u32::try_from(text.len()).unwrap_or(u32::MAX));
                    text.push(TEMPLATE_HOLE);
                }
            }
        }
        (text, holes)
    }

    /// Judges a text with later holes.
    fn judge_template(
        &mut self,
        ty: Ty,
        run: Run,
        at: Span,
        origin: Option<(Span, String)>,
    ) -> bool {
        let Some(context) = self.types.context_of(ty) else { return true };
        let (text, holes) = self.template_text(run);
        let Some(found) = self.types.judge_template(context, &text, &holes, at) else {
            return true;
        };
        self.report(match origin {
            Some((at, why)) => found.because(at, why),
            None => found,
        });
        false
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

    fn judge_measure(
        &mut self,
        ty: Ty,
        measure: Measure,
        shown: &str,
        what: &str,
        at: Span,
        origin: Option<(Span, String)>,
    ) -> bool {
        match self.types.outside(ty, measure) {
            Some(words) => {
                self.report(out_of_range(shown, &words, what, at, origin));
                false
            }
            None => true,
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
            | TyKind::Range(inner) => self.has_rules(*inner),
            TyKind::Later(inner, context) => {
                self.types.reads_templates(*context) || self.has_rules(*inner)
            }
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

    pub(super) fn message(
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

    /// The path of a slot by its number in the run.
    pub fn global_path(&self, slot: u32) -> String {
        match self.place_of(slot) {
            Some(place) => self.path_of(place),
            None => String::new(),
        }
    }
}
