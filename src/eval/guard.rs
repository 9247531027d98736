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
        if guard == 0 {
            return Some(true);
        }
        for term in shared.shape.guards.get(usize::from(guard))? {
            let holds = match *term {
                Term::If { layer, write, negated } => {
                    let (tree, write) = self.write(instance, shared, layer, write)?;
                    let frame = Frame {
                        tree,
                        record: self.record_of(instance, shared, place.slot),
                        target: place.target,
                        locals: instance.locals,
                        inherited: None,
                    };
                    match self.eval(write.value?, &frame) {
                        Value::Bool(holds) => holds != negated,
                        _ => return None,
                    }
                }
                Term::By { layer, write, arm } => {
                    let (tree, write) = self.write(instance, shared, layer, write)?;
                    self.by_arm(tree, write, arm, place.target)?
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
        let name = names.blocks.get(here as usize)?.name;
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
