//! Maps that are values by themselves: entries, what is spread below them, comprehensions.

use rustc_hash::FxHashMap;

use super::errors;
use super::evaluator::Evaluator;
use super::expr::Frame;
use super::value::Value;
use crate::source::{Span, Sym};
use crate::syntax::{BodyId, Clause, Key, Marks, MemberKind};

/// Whether a member's keys are known only when the map is.
pub(super) const fn is_computed(member: &MemberKind) -> bool {
    matches!(
        member,
        MemberKind::Computed { .. } | MemberKind::Spread(_) | MemberKind::Comprehension { .. }
    )
}

/// A map while it is put together.
#[derive(Default)]
struct Draft {
    entries: Vec<(Sym, Value)>,
    places: Vec<Written>,
    by_key: FxHashMap<Sym, usize>,
}

/// Where an entry comes from.
#[derive(Clone, Copy)]
struct Written {
    at: Span,
    /// Whether `...` brought it, so that `override` may replace it.
    spread: bool,
    /// The turn of its comprehension, counted from 1; 0 outside of one.
    turn: usize,
}

impl Evaluator<'_> {
    /// The value of a map.
    pub(super) fn map_value(&mut self, body: BodyId, frame: &Frame) -> Value {
        let names = self.names;
        let info = names.tree(frame.tree);
        let nodes = &info.tree;
        let mut draft = Draft::default();
        // What is spread lies below what is written beside it.
        for member in nodes.members_of(body) {
            let MemberKind::Spread(base) = member.kind else { continue };
            let at = self.span(frame.tree, base);
            let Value::Map(run) = self.eval(base, frame) else { return Value::Poison };
            for (key, value) in self.store.entries(run).to_vec() {
                let written = Written { at, spread: true, turn: 0 };
                if !self.enter(&mut draft, key, value, written, false) {
                    return Value::Poison;
                }
            }
        }
        if !self.map_members(body, frame, &mut draft) {
            return Value::Poison;
        }
        self.store.map(&draft.entries)
    }

    /// The entries that members write, `...` aside. Whether all are known.
    fn map_members(&mut self, body: BodyId, frame: &Frame, draft: &mut Draft) -> bool {
        let names = self.names;
        let info = names.tree(frame.tree);
        let nodes = &info.tree;
        for member in nodes.members_of(body) {
            let replaces = member.marks.has(Marks::OVERRIDE);
            let (key, value, at) = match member.kind {
                MemberKind::Spread(_) | MemberKind::Let { .. } => continue,
                // A block inside of data that is a value by itself.
                MemberKind::Block { path, key: Key::None, body, .. } => {
                    match nodes.names_of(path) {
                        [name] => (name.sym, self.map_value(body, frame), info.span(name.at)),
                        _ => return false,
                    }
                }
                MemberKind::If { condition, then, other } => {
                    let taken = match self.eval(condition, frame) {
                        Value::Bool(true) => Some(then),
                        Value::Bool(false) => other,
                        _ => return false,
                    };
                    if !taken.is_none_or(|body| self.map_members(body, frame, draft)) {
                        return false;
                    }
                    continue;
                }
                MemberKind::For { key, value, source, body } => {
                    let clause = [Clause::For { key, value, source }];
                    if !self.turns(&clause, frame, &mut |this, inner| {
                        this.map_members(body, inner, draft)
                    }) {
                        return false;
                    }
                    continue;
                }
                MemberKind::By { axis, arms } => {
                    let axis = nodes.name(axis);
                    let at = info.span(axis.at);
                    let Some(here) = self.axis(axis.sym, frame.target, at) else { return false };
                    let Some(name) = self.blocks.get(here as usize).map(|block| block.name) else {
                        return false;
                    };
                    let arms = nodes.by_bodies_of(arms);
                    let takes = |wanted: &str| {
                        arms.iter().find(|arm| {
                            let mut names = nodes.names_of(arm.names).iter();
                            names.any(|known| known.sym.as_str() == wanted)
                        })
                    };
                    let Some(arm) = takes(name.as_str()).or_else(|| takes("else")) else {
                        self.missing_arms.push((axis.sym, here, at));
                        return false;
                    };
                    if !self.map_members(arm.body, frame, draft) {
                        return false;
                    }
                    continue;
                }
                MemberKind::Set { path, value, .. } => match nodes.names_of(path) {
                    [name] => (name.sym, self.eval(value, frame), info.span(name.at)),
                    _ => return false,
                },
                MemberKind::Computed { key, value } => {
                    let at = self.span(frame.tree, key);
                    let key = self.eval(key, frame);
                    let Some(key) = self.store.as_text(key).map(Sym::new) else {
                        return false;
                    };
                    (key, self.eval(value, frame), at)
                }
                MemberKind::Comprehension { key, value, clauses } => {
                    let at = self.span(frame.tree, key);
                    let mut turn = 0;
                    let known = self.turns(nodes.clauses_of(clauses), frame, &mut |this, inner| {
                        turn += 1;
                        let key = this.eval(key, inner);
                        let Some(key) = this.store.as_text(key).map(Sym::new) else { return false };
                        let value = this.eval(value, inner);
                        let written = Written { at, spread: false, turn };
                        this.enter(draft, key, value, written, replaces)
                    });
                    if !known {
                        return false;
                    }
                    continue;
                }
                _ => return false,
            };
            let written = Written { at, spread: false, turn: 0 };
            if !self.enter(draft, key, value, written, replaces) {
                return false;
            }
        }
        true
    }

    /// Puts an entry into a map, once. Whether it may stand there.
    fn enter(
        &mut self,
        draft: &mut Draft,
        key: Sym,
        value: Value,
        written: Written,
        replaces: bool,
    ) -> bool {
        let known = draft.by_key.get(&key).copied();
        if let Some(index) = known
            && let Some(first) = draft.places.get(index).copied()
        {
            if replaces && first.spread {
                if let Some(entry) = draft.entries.get_mut(index) {
                    entry.1 = value;
                }
                if let Some(place) = draft.places.get_mut(index) {
                    *place = written;
                }
                return true;
            }
            let turns =
                (first.turn > 0 && first.at == written.at).then_some((first.turn, written.turn));
            self.report(errors::key_twice(key.as_str(), written.at, first.at, turns));
            return false;
        }
        if replaces {
            self.report(errors::override_misses(key.to_string(), written.at, None));
            return false;
        }
        if draft.entries.len() as u64 >= self.budget.limits.entries {
            let limit = self.budget.limits.entries.to_string();
            self.over_budget("entries in one map", limit, written.at);
            return false;
        }
        draft.by_key.insert(key, draft.entries.len());
        draft.entries.push((key, value));
        draft.places.push(written);
        true
    }
}
