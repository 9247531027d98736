//! Conditions of writes, and the environment or cluster that they ask for.

use super::errors;
use super::evaluator::{Evaluator, Instance, NOTHING, SharedShape};
use super::expr::Frame;
use super::shape::{Term, Write};
use super::slot::{BY_CLUSTER, BY_ENVIRONMENT, Place};
use super::value::Value;
use crate::resolve::TreeId;
use crate::source::{Span, Sym};
use crate::syntax::MemberKind;

impl Evaluator<'_> {
    /// Whether a conjunction of conditions holds; `None` when one is poison.
    pub(super) fn guard(
        &mut self,
        place: Place,
        instance: Instance,
        shared: &SharedShape,
        guard: u16,
    ) -> Option<bool> {
        let node = shared.shape.slot_node.get(place.slot as usize).copied().unwrap_or(0);
        self.guard_of(node, place.target, instance, shared, guard)
    }

    /// Whether one of the conditions of a record holds; those of the records around it are not asked.
    pub(super) fn is_written(
        &mut self,
        target: u32,
        instance: Instance,
        shared: &SharedShape,
        node: u32,
    ) -> Option<bool> {
        let (start, len) = shared.shape.node(node)?.when;
        if len == 0 {
            return Some(true);
        }
        let whens = shared.shape.whens.get(start as usize..(start + len) as usize)?;
        for &guard in whens {
            if self.guard_of(node, target, instance, shared, guard)? {
                return Some(true);
            }
        }
        Some(false)
    }

    /// For each record of an instance whether it is there; `None` where all are.
    pub(super) fn written(&mut self, instance: Instance, target: u32) -> Option<Vec<bool>> {
        let shared = self.shapes.get(instance.shape as usize).cloned()?;
        if shared.shape.whens.is_empty() {
            return None;
        }
        let mut written: Vec<bool> = Vec::new();
        for (index, node) in (0u32..).zip(&shared.shape.nodes) {
            // Records stand behind those around them.
            let around = written.get(node.parent as usize).copied().unwrap_or(true);
            let holds = around && self.is_written(target, instance, &shared, index) == Some(true);
            written.push(holds);
        }
        Some(written)
    }

    /// A condition of a write in a record, or in one around it.
    fn guard_of(
        &mut self,
        node: u32,
        target: u32,
        instance: Instance,
        shared: &SharedShape,
        guard: u16,
    ) -> Option<bool> {
        for term in shared.shape.guards.get(usize::from(guard))? {
            let holds = match *term {
                Term::If { layer, write, negated, depth, up } => {
                    // The record that the `if` stands in.
                    let mut around = node;
                    while let Some(found) = shared.shape.node(around)
                        && found.depth > depth
                        && around != 0
                    {
                        around = found.parent;
                    }
                    let (tree, write) = self.write(instance, shared, layer, write)?;
                    let mut record = instance.records + around;
                    for _ in 0..up {
                        record = self.outer_of(record);
                    }
                    let frame = Frame {
                        tree,
                        record,
                        target,
                        locals: write.locals,
                        inherited: None,
                        inputs: write.inputs,
                    };
                    match self.eval(write.value?, &frame) {
                        Value::Bool(holds) => holds != negated,
                        _ => return None,
                    }
                }
                Term::Not { guard } => !self.guard_of(node, target, instance, shared, guard)?,
                Term::By { layer, write, arm } => {
                    let (tree, write) = self.write(instance, shared, layer, write)?;
                    self.by_arm(tree, write, arm, target)?
                }
            };
            if !holds {
                return Some(false);
            }
        }
        Some(true)
    }

    /// Whether an arm of a `by` among members holds on a target.
    fn by_arm(&mut self, tree: TreeId, write: Write, arm: u16, target: u32) -> Option<bool> {
        let names = self.names;
        let info = names.tree(tree);
        let member = info.tree.member(write.member);
        let MemberKind::By { axis, arms } = member.kind else { return None };
        let axis_name = info.tree.name(axis);
        let at = info.span(axis_name.at);
        let here = self.axis(axis_name.sym, target, at)?;
        let arms = info.tree.by_bodies_of(arms);
        let name = self.blocks.get(here as usize)?.name;
        let is_named = |arm: &crate::syntax::ByBody| {
            info.tree.names_of(arm.names).iter().any(|known| known.sym == name)
        };
        let is_else = |arm: &crate::syntax::ByBody| {
            info.tree.names_of(arm.names).iter().any(|known| known.sym.as_str() == "else")
        };
        let wanted = arms.get(usize::from(arm))?;
        if is_named(wanted) {
            return Some(true);
        }
        if arms.iter().any(is_named) {
            return Some(false);
        }
        if !arms.iter().any(is_else) {
            self.missing_arms.push((axis_name.sym, here, at));
            return None;
        }
        Some(is_else(wanted))
    }

    /// The environment or cluster at hand; reports where there is no target.
    pub(super) fn axis(&mut self, axis: Sym, target: u32, at: Span) -> Option<u32> {
        if target == NOTHING {
            self.no_target(at);
            return None;
        }
        if axis.as_str() == "cluster" {
            self.deps |= BY_CLUSTER;
            return Some(target);
        }
        self.deps |= BY_ENVIRONMENT;
        self.environment(target)
    }

    /// Reports a read of the target where none is at hand.
    pub(super) fn no_target(&mut self, at: Span) {
        let what = match self.running.last() {
            Some(&(global, _)) => format!("`{}`", self.global_path(global)),
            None => "whether a block exists".to_owned(),
        };
        self.report(errors::target_dependent(&what, at, at, ""));
    }
}
