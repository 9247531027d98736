//! What an expression sees from inside of a component or body: the use at hand, its inputs, `let`s; and findings there.

use super::errors;
use super::evaluator::{Evaluator, Instance, NOTHING, SharedShape};
use super::expr::Frame;
use super::slot::Place;
use super::value::{Run, Value};
use crate::diag::{Diagnostic, Level, USED_HERE};
use crate::resolve::{DefKind, TreeId};
use crate::source::{Span, Sym};
use crate::syntax::{ExprId, MemberId, MemberKind};

impl Evaluator<'_> {
    /// A `let` of a body, computed once where it stands.
    pub(super) fn block_let(&mut self, member: MemberId, up: u8, at: Span, frame: &Frame) -> Value {
        let mut record = frame.record;
        for _ in 0..up {
            record = self.outer_of(record);
        }
        let names = self.names;
        let MemberKind::Let { value, .. } = names.tree(frame.tree).tree.member(member).kind else {
            return Value::Poison;
        };
        let key = |target: u32| {
            (frame.tree, member, record, frame.locals, frame.inputs, target, self.owner)
        };
        for target in [NOTHING, frame.target] {
            match self.makers.lets.get(&key(target)) {
                Some(Some((value, deps))) => {
                    self.deps |= *deps;
                    return *value;
                }
                Some(None) => {
                    self.report(errors::let_cycle(at));
                    return Value::Poison;
                }
                None => {}
            }
        }
        if self.budget.depth >= self.budget.limits.depth {
            let limit = self.budget.limits.depth.to_string();
            return self.over_budget("values that need one another", limit, at);
        }
        let running = key(frame.target);
        let anywhere = key(NOTHING);
        self.makers.lets.insert(running, None);
        self.budget.depth += 1;
        let deps = std::mem::take(&mut self.deps);
        let inner = Frame { record, inherited: None, ..*frame };
        let found = self.eval(value, &inner);
        let own = std::mem::replace(&mut self.deps, deps);
        self.deps |= own;
        self.budget.depth -= 1;
        if own == 0 {
            self.makers.lets.remove(&running);
            self.makers.lets.insert(anywhere, Some((found, own)));
        } else {
            self.makers.lets.insert(running, Some((found, own)));
        }
        found
    }

    /// The record around a record; that of the use for a child of one.
    pub(super) fn outer_of(&mut self, record: u32) -> u32 {
        let Some(found) = self.records.get(record as usize).copied() else { return NOTHING };
        let Some(instance) = self.instances.get(found.instance as usize).copied() else {
            return NOTHING;
        };
        if found.node != 0 {
            let shared = self.shapes.get(instance.shape as usize);
            return shared
                .and_then(|shared| shared.shape.node(found.node))
                .map_or(NOTHING, |node| instance.records + node.parent);
        }
        if !instance.is_resource {
            return instance.around;
        }
        let parent = self.blocks.get(instance.resource as usize).map_or(NOTHING, |b| b.parent);
        if parent == NOTHING { NOTHING } else { self.root(parent).map_or(NOTHING, |root| root.0) }
    }

    /// The component's use whose inputs and children an expression means.
    pub(super) fn use_of(&self, frame: &Frame) -> u32 {
        if frame.inputs != NOTHING {
            return frame.inputs;
        }
        self.records
            .get(frame.record as usize)
            .and_then(|record| self.instances.get(record.instance as usize))
            .map_or(NOTHING, |instance| instance.resource)
    }

    /// An input, or another field, of the use at hand.
    pub(super) fn input(&mut self, slot: u16, at: Span, frame: &Frame) -> Value {
        let parent = self.use_of(frame);
        let Some(root) = self.root(parent) else { return Value::Poison };
        // What the input's own formula reads is asked of it.
        let mut read = self.inputs_read.take();
        let value = self.field_at(root, slot, frame.target, Some(at));
        if let Some(read) = &mut read
            && !read.contains(&(root, slot))
        {
            read.push((root, slot));
        }
        self.inputs_read = read;
        self.refer_to(value, at, frame.target);
        value
    }

    /// A finding about what a component, preset or loop made, with the blocks that used it. What lies in a package of
    /// others is shown from the project's own block, where people can act.
    pub(super) fn used_by(&self, found: Diagnostic, owners: &[u32]) -> Diagnostic {
        let mut found = found;
        let mut shown: Vec<Span> = Vec::new();
        let mut more = 0;
        let is_elsewhere = found.primary.as_ref().is_some_and(|label| !self.is_own(label.span));
        let mut here = None;
        for &owner in owners {
            let mut next = owner;
            let mut is_first = true;
            while let Some(around) = self.blocks.get(next as usize) {
                let is_around = found.primary.as_ref().is_some_and(|label| {
                    self.extent_of(next).is_some_and(|whole| whole.holds(label.span))
                });
                // The block itself is where the finding stands, but for what a component says of it.
                let is_told = is_around
                    || (is_first
                        && !self.is_of_component(next, &found)
                        && !self.is_of_preset(&found));
                if !is_told && !shown.contains(&around.at) {
                    if shown.len() < 3 {
                        shown.push(around.at);
                        // An `allow` in the block is looked for under this label; an error that names the block already needs no other.
                        let is_named = found.because.iter().any(|label| label.span == around.at);
                        if found.level != Level::Error || !is_named {
                            found = found.because(around.at, USED_HERE);
                        }
                    } else {
                        more += 1;
                    }
                }
                if is_elsewhere && around.parent == NOTHING && self.is_own(around.at) {
                    here = here.or(Some(around.at));
                }
                is_first = false;
                next = around.parent;
            }
        }
        if let Some(here) = here {
            found = found.seen_from(here, "this block leads to it");
        }
        if more > 0 {
            found = found.help(format!("and for {more} more uses"));
        }
        match self.turns_of(owners) {
            Some((first, words)) if !found.title.contains(&first) => found.help(words),
            _ => found,
        }
    }

    /// The blocks among these that loops made at the top of files: the first, and words about all.
    fn turns_of(&self, owners: &[u32]) -> Option<(String, String)> {
        let is_turn = |&&owner: &&u32| {
            owner as usize >= self.names.blocks.len()
                && self.blocks.get(owner as usize).is_some_and(|block| block.parent == NOTHING)
        };
        let turns: Vec<String> =
            owners.iter().filter(is_turn).map(|&owner| self.address(owner)).collect();
        let first = turns.first()?.clone();
        let shown: Vec<String> = turns.iter().take(3).map(|turn| format!("`{turn}`")).collect();
        let more = turns.len() - shown.len();
        let rest = if more > 0 { format!(", and {more} more") } else { String::new() };
        Some((first, format!("in what the loop makes of it: {}{rest}", shown.join(", "))))
    }

    /// Whether a finding lies in the text of a preset.
    fn is_of_preset(&self, found: &Diagnostic) -> bool {
        let Some(at) = found.primary.as_ref().map(|label| label.span) else { return false };
        self.names.defs.iter().any(|def| {
            def.kind == DefKind::Preset && def.at.file == at.file && {
                let info = self.names.tree(def.tree);
                info.span(info.tree.member(def.member).at).holds(at)
            }
        })
    }

    /// Whether a place is in the project's own files.
    fn is_own(&self, at: Span) -> bool {
        self.names.package_of(at.file).is_some_and(Sym::is_empty)
    }

    /// Whether a block is a use of the component in whose text a finding lies.
    fn is_of_component(&self, block: u32, found: &Diagnostic) -> bool {
        let Some(kind) = self.blocks.get(block as usize).map(|block| block.kind) else {
            return false;
        };
        if self.types.kinds.get(&kind).is_none_or(|kind| !kind.component) {
            return false;
        }
        let def = self.names.def(kind);
        let info = self.names.tree(def.tree);
        let whole = info.span(info.tree.member(def.member).at);
        found.primary.as_ref().is_some_and(|label| whole.holds(label.span))
    }

    pub(super) fn extent_of(&self, block: u32) -> Option<Span> {
        let decl = self.decl(block)?;
        let info = self.names.tree(decl.tree);
        Some(info.span(info.tree.member(decl.member).at))
    }

    /// Members of uses that amend a child which no turn made.
    pub(super) fn amendments_hit(&mut self) {
        let names = self.names;
        let mut missed = Vec::new();
        for (index, decl) in names.blocks.iter().enumerate() {
            let info = self.types.kinds.get(&decl.kind).filter(|kind| kind.component);
            let Some(info) = info else { continue };
            if decl.star || info.endless || !self.is_used(index) {
                continue;
            }
            let nodes = &names.tree(decl.tree).tree;
            let MemberKind::Block { body, .. } = nodes.member(decl.member).kind else { continue };
            let mut open = nodes.member_ids(body).to_vec();
            while let Some(id) = open.pop() {
                match nodes.member(id).kind {
                    MemberKind::Block { path, .. } => {
                        let crate::types::MemberMeaning::Child { kind } =
                            self.types.member(decl.tree, id)
                        else {
                            continue;
                        };
                        if !self.makers.hits.contains(&(decl.tree, id))
                            && !self.makers.open.contains(&kind)
                        {
                            let at = nodes.names_of(path).first().map(|name| name.at);
                            missed.push((decl, kind, at));
                        }
                    }
                    MemberKind::If { then, other, .. } => {
                        for body in std::iter::once(then).chain(other) {
                            open.extend_from_slice(nodes.member_ids(body));
                        }
                    }
                    MemberKind::For { body, .. } => open.extend_from_slice(nodes.member_ids(body)),
                    MemberKind::By { arms, .. } => {
                        for arm in nodes.by_bodies_of(arms) {
                            open.extend_from_slice(nodes.member_ids(arm.body));
                        }
                    }
                    _ => {}
                }
            }
        }
        for (decl, kind, at) in missed {
            let word = self.types.kinds.get(&kind).map_or(Sym::EMPTY, |kind| kind.keyword);
            let at = at.map_or(decl.at, |at| names.tree(decl.tree).span(at));
            self.report(errors::amendment_misses(word.as_str(), at, decl.at));
        }
    }

    /// Whether a declaration of a component's use made, or is, a block.
    pub(super) fn is_used(&mut self, decl: usize) -> bool {
        let number = u32::try_from(decl).unwrap_or(NOTHING);
        let is_one = self.blocks.get(decl).is_some_and(|block| block.is_one);
        if is_one {
            return self.exists(number) == Some(true);
        }
        let made = self.names.blocks.len();
        self.blocks.iter().skip(made).any(|block| block.decl == number)
    }

    /// Whether a slot is one that the use of a component passes to its children.
    pub(super) fn is_passed(
        &self,
        instance: Instance,
        shared: &SharedShape,
        slot: u32,
        name: Sym,
    ) -> bool {
        instance.is_resource
            && shared.shape.slot_node.get(slot as usize) == Some(&0)
            && self.types.passed.contains(&name)
            && self.blocks.get(instance.resource as usize).is_some_and(|b| b.parent != NOTHING)
    }

    /// What the use of a component passes to a child that does not set it.
    pub(super) fn passed(
        &mut self,
        place: Place,
        instance: Instance,
        shared: &SharedShape,
        name: Sym,
    ) -> Option<Value> {
        if !self.is_passed(instance, shared, place.slot, name) {
            return None;
        }
        let parent = self.blocks.get(instance.resource as usize)?.parent;
        let root = self.root(parent)?;
        let value = self.field(root, name, place.target, None);
        if value == Value::Absent {
            return None;
        }
        let at = self.blocks.get(parent as usize)?.at;
        self.refer_to(value, at, place.target);
        Some(value)
    }

    /// The entries of a map above those of another: `{ ...below, ...above }`.
    pub(super) fn spread(&mut self, below: Run, above: Run, tree: TreeId, expr: ExprId) -> Value {
        let mut entries = self.store.entries(below).to_vec();
        let mut origins = self.store.origins(below).to_vec();
        let upper = self.store.entries(above).to_vec();
        let uppers = self.store.origins(above).to_vec();
        let mut places: rustc_hash::FxHashMap<Sym, usize> =
            entries.iter().enumerate().map(|(index, (key, _))| (*key, index)).collect();
        for ((key, value), origin) in upper.into_iter().zip(uppers) {
            match places
                .get(&key)
                .and_then(|&index| entries.get_mut(index).zip(origins.get_mut(index)))
            {
                Some((entry, from)) => {
                    entry.1 = value;
                    *from = origin;
                }
                None => {
                    places.insert(key, entries.len());
                    entries.push((key, value));
                    origins.push(origin);
                }
            }
        }
        if entries.len() as u64 > self.budget.limits.entries {
            let limit = self.budget.limits.entries.to_string();
            let at = self.span(tree, expr);
            return self.over_budget("entries in one map", limit, at);
        }
        self.store.map_from(&entries, &origins)
    }
}
