//! Values and members that differ by environment or cluster.

use super::check::{Checker, Scope};
use super::errors;
use super::expectation::Expectation;
use super::ty::{Ty, Tys};
use crate::diag::nearest;
use crate::resolve::{TreeId, target_in_dependency};
use crate::source::{Span, Sym};
use crate::syntax::{ExprId, Name, Slice};

impl Checker<'_> {
    pub(super) fn by(
        &mut self,
        scope: &Scope,
        axis: u32,
        start: u32,
        len: u32,
        expect: Option<Expectation>,
    ) -> Ty {
        let nodes = self.tree(scope.tree);
        let axis = nodes.name(axis);
        let arms = nodes.by_arms_of(crate::syntax::Slice { start, len });
        let names: Vec<_> = arms.iter().map(|arm| arm.names).collect();
        self.arms(scope.tree, axis, &names);
        let mut first: Option<(Ty, ExprId)> = None;
        for arm in arms {
            match (expect, first) {
                (Some(expect), _) => {
                    self.expect(scope, arm.value, expect);
                }
                (None, None) => first = Some((self.infer(scope, arm.value), arm.value)),
                (None, Some((ty, value))) => {
                    let ty = self.same(scope, arm.value, ty, value);
                    first = Some((ty, value));
                }
            }
        }
        expect.map(|expect| expect.ty).or(first.map(|(ty, _)| ty)).unwrap_or(Tys::UNKNOWN)
    }

    /// The arms of a `by`: the axis exists, and each arm names something, once.
    pub(super) fn arms(&mut self, tree: TreeId, axis: Name, arms: &[Slice]) {
        let axis_at = self.span(tree, axis.at);
        let word = axis.sym.as_str();
        let kind = self.names.keywords.get(&axis.sym).copied();
        let Some(kind) = kind.filter(|_| matches!(word, "environment" | "cluster")) else {
            let near = nearest(word, ["environment", "cluster"]);
            self.report(errors::unknown_axis(word, axis_at, near));
            return;
        };
        let mut seen: Vec<(Sym, Span)> = Vec::new();
        for &names in arms {
            for name in self.tree(tree).names_of(names).to_vec() {
                let at = self.span(tree, name.at);
                if let Some((_, first)) = seen.iter().find(|(seen, _)| *seen == name.sym) {
                    let first = *first;
                    self.report(errors::repeated_arm(name.sym.as_str(), at, first));
                    continue;
                }
                seen.push((name.sym, at));
                let module = self.names.module(self.names.tree(tree).module);
                if name.sym.as_str() != "else" && module.is_dependency() {
                    self.report(target_in_dependency(word, name.sym.as_str(), at));
                    continue;
                }
                let known = name.sym.as_str() == "else"
                    || self.types.resources.contains_key(&(kind, name.sym))
                    // Loops make names that are known when they have run.
                    || self.types.open_kinds.contains(&kind)
                    || self.names.orphans.names.contains(&name.sym);
                if !known {
                    let mut all: Vec<&str> = self
                        .types
                        .resources
                        .keys()
                        .filter(|(of, _)| *of == kind)
                        .map(|(_, name)| name.as_str())
                        .collect();
                    all.sort_unstable();
                    let near = nearest(name.sym.as_str(), all);
                    self.report(errors::unknown_arm(name.sym.as_str(), word, at, near));
                }
            }
        }
    }
}
