//! What is being computed, and who asked for it: for cycles, and for why a value depends on the target.

use super::errors::{self, TargetFree};
use super::evaluator::{Evaluator, NOTHING};
use crate::resolve::DefId;
use crate::source::{Span, Sym};

/// Something that is being computed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Running {
    pub(super) what: Step,
    /// The expression that needs it.
    pub(super) asked: Option<Span>,
    /// The cluster at hand; [`NOTHING`] where nothing may depend on one.
    pub(super) target: u32,
}

/// What can be computed for itself.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Step {
    /// A slot, by its number in the run.
    Slot(u32),
    /// A `let`.
    Let(DefId),
    /// Whether a block exists: index into the run's blocks.
    Exists(u32),
    /// Which blocks a declaration makes: index into [`crate::resolve::Names::blocks`].
    Made(u32),
}

impl Evaluator<'_> {
    /// The slot whose formula is being computed; [`NOTHING`] without one.
    pub(super) fn running_slot(&self) -> u32 {
        let slot = |running: &Running| match running.what {
            Step::Slot(slot) => Some(slot),
            Step::Let(_) | Step::Exists(_) | Step::Made(_) => None,
        };
        self.running.iter().rev().find_map(slot).unwrap_or(NOTHING)
    }

    fn step_name(&self, step: Step) -> String {
        match step {
            Step::Slot(slot) => self.global_path(slot),
            Step::Let(def) => format!("let {}", self.names.def(def).name),
            Step::Exists(block) => self.address(block),
            Step::Made(decl) => {
                let kind = self.names.blocks.get(decl as usize);
                let kind = kind.and_then(|block| self.types.kinds.get(&block.kind));
                kind.map_or(Sym::EMPTY, |kind| kind.keyword).to_string()
            }
        }
    }

    /// Reports that a slot needs itself.
    pub(super) fn cycle(&mut self, global: u32, asked: Option<Span>) {
        let start = self.running.iter().position(|step| step.what == Step::Slot(global));
        let steps = self.running.get(start.unwrap_or(0)..).unwrap_or(&[]);
        let mut path = Vec::new();
        for (index, step) in steps.iter().enumerate() {
            let next = steps.get(index + 1).map_or(asked, |next| next.asked);
            let Some(span) = next else { continue };
            path.push((self.step_name(step.what), span));
        }
        if !path.is_empty() {
            self.report(errors::cycle(&path));
        }
    }

    /// Reports a read of the target at `at` where none is at hand: what may not depend on it, and every step from
    /// there to the read.
    pub(super) fn no_target(&mut self, at: Span) {
        let free = self.running.iter().rev().take_while(|step| step.target == NOTHING).count();
        let steps = self.running.get(self.running.len() - free..).unwrap_or(&[]);
        let steps = steps.to_vec();
        let Some(root) = steps.first().copied() else {
            // A check: no value asks.
            let block = self.blocks.get(self.owner as usize);
            let kind = block.and_then(|block| self.types.kinds.get(&block.kind));
            let reason = kind.map_or(TargetFree::Unknown, |kind| TargetFree::Kind(kind.keyword));
            let what = format!("a check of `{}`", self.address(self.owner));
            let place = block.map_or(at, |block| block.at);
            self.report(errors::target_dependent(&what, at, "", place, reason, &[]));
            return;
        };
        let (what, place, reason) = match root.what {
            // A `let` that nobody uses has no target to differ by.
            Step::Let(_) => return,
            Step::Exists(block) => {
                let place = self.blocks.get(block as usize).map_or(at, |block| block.at);
                (format!("whether `{}` exists", self.address(block)), place, TargetFree::Existence)
            }
            Step::Made(decl) => {
                let place = self.names.blocks.get(decl as usize).map_or(at, |block| block.at);
                let what = format!("which `{}` blocks there are", self.step_name(root.what));
                (what, place, TargetFree::Existence)
            }
            Step::Slot(slot) => {
                let instance = self
                    .place_of(slot)
                    .and_then(|place| self.instances.get(place.instance as usize).copied());
                let block =
                    instance.and_then(|instance| self.blocks.get(instance.resource as usize));
                let kind = block.and_then(|block| self.types.kinds.get(&block.kind));
                let reason = match kind {
                    Some(kind) if kind.placed => TargetFree::Clusters,
                    Some(kind) => TargetFree::Kind(kind.keyword),
                    None => TargetFree::Unknown,
                };
                let place = block.map_or(at, |block| block.at);
                (format!("`{}`", self.global_path(slot)), place, reason)
            }
        };
        let mut links: Vec<(Span, String)> = Vec::new();
        for pair in steps.windows(2) {
            let [upper, lower] = pair else { continue };
            let Some(asked) = lower.asked.filter(|asked| *asked != at) else { continue };
            let words = match upper.what {
                Step::Made(_) => format!("the blocks read `{}`", self.step_name(lower.what)),
                Step::Exists(_) => format!("the condition reads `{}`", self.step_name(lower.what)),
                Step::Slot(_) | Step::Let(_) => {
                    let (upper, lower) = (self.step_name(upper.what), self.step_name(lower.what));
                    format!("`{upper}` reads `{lower}`")
                }
            };
            links.push((asked, words));
        }
        let last = steps.last().map_or(String::new(), |step| self.step_name(step.what));
        self.report(errors::target_dependent(&what, at, &last, place, reason, &links));
    }
}
