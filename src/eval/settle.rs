//! The override rule: drafts to plans.

use super::draft::{Draft, Entry, EntryAct, Gather};
use super::errors;
use super::rules::Rules;
use super::shape::{LayerKind, MapEntry, Node, Plan, Shape, Source};
use super::walk::Turns;
use crate::resolve::TreeId;
use crate::source::{Span, Sym};
use crate::syntax::{Expr, Marks};
use crate::types::{Field, SchemaId, Ty, TyKind};

/// What settling needs to know of the block beside its writes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Subject {
    /// Where its name stands.
    pub(super) at: Span,
    /// `cluster.eu-1`, or a schema's name.
    pub(super) name: Sym,
    /// Whether it is `external`.
    pub(super) external: bool,
    /// Whether a component's use made it, and passes it what it does not set.
    pub(super) inside: bool,
}

/// A settled block.
pub(super) struct Settled {
    pub(super) shape: Shape,
    /// The writes of each layer; the last is the block's own.
    pub(super) writes: Vec<(TreeId, Vec<super::shape::Write>)>,
    /// Whether nothing was reported, so that blocks of the same structure may share it.
    pub(super) clean: bool,
}

/// Settles what was gathered for a block of a schema.
pub(super) fn settle(
    gather: Gather<'_>,
    schema: SchemaId,
    subject: Subject,
    turns: &mut dyn Turns,
) -> Settled {
    let before = turns.told();
    let is_broken = gather.is_broken;
    let mut settler = Settler { gather, subject, turns, is_broken };
    let draft = std::mem::take(&mut settler.gather.root);
    settler.record(&draft, schema, 0, Sym::EMPTY, Sym::EMPTY, None, &[]);
    let clean = settler.turns.told() == before && !settler.is_broken;
    Settled { shape: settler.gather.shape, writes: settler.gather.writes, clean }
}

struct Settler<'a, 's> {
    gather: Gather<'a>,
    subject: Subject,
    turns: &'s mut dyn Turns,
    is_broken: bool,
}

impl Settler<'_, '_> {
    /// A record: a plan for every field of its schema. Gives the node's number.
    #[expect(clippy::too_many_arguments, reason = "where the record stands")]
    fn record(
        &mut self,
        draft: &Draft,
        schema: SchemaId,
        parent: u32,
        field: Sym,
        key: Sym,
        base: Option<(u32, u32)>,
        above: &[Entry],
    ) -> u32 {
        let info = self.gather.types.schema(schema);
        let shape = &mut self.gather.shape;
        let node = u32::try_from(shape.nodes.len()).unwrap_or(u32::MAX);
        let first = shape.slots();
        let around = shape.node(parent).map_or(0, |parent| parent.depth);
        let depth = around + u16::from(!field.is_empty()) + u16::from(!key.is_empty());
        shape.nodes.push(Node { schema, first, parent, field, key, base, depth, when: (0, 0) });
        for (slot, field) in (0u16..).zip(&info.fields) {
            shape.plans.push(Plan::Default);
            shape.slot_node.push(node);
            shape.types.push(field.ty);
            shape.fields.push(Some(slot));
        }
        let mut missing: Vec<(Sym, Span)> = Vec::new();
        for (slot, field) in (0u32..).zip(&info.fields) {
            let plan = self.field(
                draft.child(field.name),
                field,
                node,
                base.is_some(),
                above,
                &mut missing,
            );
            if let Some(place) = self.gather.shape.plans.get_mut((first + slot) as usize) {
                *place = plan;
            }
        }
        if !missing.is_empty() && !self.is_broken {
            let at = self.place(draft, parent == node);
            let (path, name) = (self.path_of(node), info.name);
            self.turns.tell(errors::missing_fields(&path, name, &missing, at));
        }
        node
    }

    /// Where a record is written, for what it lacks.
    fn place(&self, draft: &Draft, root: bool) -> Span {
        if root {
            return self.subject.at;
        }
        draft.entries.last().map_or(self.subject.at, |entry| self.entry_span(entry))
    }

    /// `cluster.eu-1.workers.general`.
    fn path_of(&self, node: u32) -> String {
        let mut parts: Vec<&str> = Vec::new();
        let mut index = node;
        while let Some(found) = self.gather.shape.node(index)
            && index != 0
        {
            parts.extend(
                [found.key, found.field]
                    .iter()
                    .filter(|part| !part.is_empty())
                    .map(|part| part.as_str()),
            );
            index = found.parent;
        }
        parts.push(self.subject.name.as_str());
        parts.reverse();
        parts.join(".")
    }

    fn entry_span(&self, entry: &Entry) -> Span {
        self.rules().span(entry)
    }

    fn rules(&self) -> Rules<'_> {
        Rules {
            names: self.gather.names,
            shape: &self.gather.shape,
            writes: &self.gather.writes,
            subject: self.subject,
            key: Sym::EMPTY,
        }
    }

    fn field(
        &mut self,
        draft: Option<&Draft>,
        field: &Field,
        node: u32,
        has_base: bool,
        above: &[Entry],
        missing: &mut Vec<(Sym, Span)>,
    ) -> Plan {
        if field.marks.has(Marks::KEY) {
            return Plan::Key;
        }
        if field.marks.has(Marks::STAGED) {
            return Plan::Staged;
        }
        let external = self.subject.external && node == 0;
        if external && !field.marks.has(Marks::FACT) {
            // A `*` block speaks of those that are ours.
            let stated =
                |draft: &Draft| draft.all().into_iter().find(|entry| entry.kind != LayerKind::Star);
            if let Some(entry) = draft.and_then(stated) {
                let at = self.rules().name_span(&entry, 0);
                self.turns.tell(errors::not_a_fact(field.name, self.subject.name, at, field.at));
            }
            return Plan::Unstated;
        }
        let Some(draft) = draft else {
            if has_base && !field.marks.has(Marks::OUT) {
                return Plan::Base;
            }
            if field.default.is_some() || self.gather.types.tys.is_optional(field.ty) {
                return Plan::Default;
            }
            if external {
                return Plan::Unstated;
            }
            let passed = self.subject.inside && node == 0;
            if passed && self.gather.types.passed.contains(&field.name) {
                return Plan::Default;
            }
            missing.push((field.name, field.at));
            return Plan::Poison;
        };
        let default = field.default.map(|value| (field.tree, value));
        self.path(draft, field.ty, default, node, field.name, Sym::EMPTY, above, &[])
    }

    /// A path: a field, or an entry of a map.
    #[expect(clippy::too_many_arguments, reason = "where the path stands")]
    fn path(
        &mut self,
        draft: &Draft,
        ty: Ty,
        default: Option<(TreeId, crate::syntax::ExprId)>,
        node: u32,
        field: Sym,
        key: Sym,
        above: &[Entry],
        beside: &[Sym],
    ) -> Plan {
        let mut found = Rules { key, ..self.rules() }.judge(draft, above, beside);
        if self.is_broken {
            // What is not known of the block may write what is looked for.
            found.retain(|it| !matches!(it.code, errors::OVERRIDE_MISSES | errors::REMOVE_MISSES));
        }
        let has_problems = !found.is_empty();
        let is_lasting = key.is_empty() && !self.gather.types.tys.is_optional(ty);
        let removed = draft.entries.iter().find(|entry| entry.act == EntryAct::Remove);
        if let (true, false, Some(entry)) = (is_lasting, has_problems, removed) {
            let error = errors::remove_lasting(field, self.entry_span(entry), default.is_some());
            self.turns.tell(error);
            return Plan::Poison;
        }
        for problem in found {
            self.turns.tell(problem);
        }
        if has_problems {
            return Plan::Poison;
        }
        // What replaces all below drops it, where its condition holds. A formula over formulas is no cut: `inherited` may read them.
        let has_parts = draft
            .entries
            .iter()
            .any(|entry| matches!(entry.act, EntryAct::Open(_) | EntryAct::Whole(_)))
            || !draft.children.is_empty()
            || draft.star.is_some();
        let replaces = |entry: &&Entry| match entry.act {
            EntryAct::Whole(_) | EntryAct::Remove => true,
            EntryAct::Open(_) => entry.marks.has(Marks::OVERRIDE),
            EntryAct::Set => has_parts && entry.marks.has(Marks::OVERRIDE),
            EntryAct::Append => false,
        };
        let cuts: Vec<Entry> = draft.entries.iter().filter(replaces).copied().collect();
        let cut = cuts.iter().filter(|entry| entry.guard == 0).map(|entry| entry.rank).max();
        let mut draft = draft.clone();
        if let Some(cut) = cut {
            draft.cut(cut);
        }
        for entry in cuts.iter().filter(|entry| entry.guard != 0) {
            draft.condition(entry.rank, &mut |guard| self.gather.also_not(guard, entry.guard));
        }
        let opens: Vec<Entry> = draft
            .entries
            .iter()
            .filter(|entry| matches!(entry.act, EntryAct::Open(_) | EntryAct::Whole(_)))
            .copied()
            .collect();
        let formulas: Vec<Entry> = draft
            .entries
            .iter()
            .filter(|entry| matches!(entry.act, EntryAct::Set | EntryAct::Append))
            .copied()
            .collect();
        let is_parts = !opens.is_empty() || !draft.children.is_empty() || draft.star.is_some();
        if !is_parts {
            if formulas.is_empty() {
                return Plan::Removed;
            }
            let (start, len) = self.sources(&formulas);
            return Plan::Sources { start, len };
        }
        let mut base = (!formulas.is_empty()).then(|| self.sources(&formulas));
        // The schema's default lies below what is written in parts.
        if let (Some((tree, value)), None) = (default, cut) {
            let nodes = &self.gather.names.tree(tree).tree;
            if matches!(nodes.expr(value), Expr::Record { .. }) && base.is_none() {
                let mut lower = self.gather.default(tree, value, self.turns);
                for entry in cuts.iter().filter(|entry| entry.guard != 0) {
                    lower.condition(entry.rank, &mut |guard| {
                        self.gather.also_not(guard, entry.guard)
                    });
                }
                lower.merge(&draft);
                draft = lower;
            } else if base.is_none() {
                let lower = self.gather.default(tree, value, self.turns);
                base = Some(self.sources(&lower.entries));
            }
        }
        let tys = &self.gather.types.tys;
        let map = tys.members(ty).into_iter().find_map(|member| match tys.kind(member) {
            TyKind::Map(_, value) => Some(*value),
            TyKind::Data => Some(member),
            TyKind::Later(of, _) if *tys.core(*of) == TyKind::Data => Some(member),
            _ => None,
        });
        // A patch says by its type what stands where anything may.
        let is_part = matches!(tys.core(ty), TyKind::Data)
            && draft.entries.iter().any(|entry| matches!(entry.act, EntryAct::Open(Some(_))));
        let map = map.filter(|_| !is_part);
        let above: Vec<Entry> = above
            .iter()
            .copied()
            .chain(draft.entries.iter().filter(|e| e.decides()).copied())
            .collect();
        match map {
            Some(value) => self.map(&draft, value, node, field, base, &above),
            None => {
                let schema = draft
                    .entries
                    .iter()
                    .rev()
                    .find_map(|entry| match entry.act {
                        EntryAct::Open(schema) | EntryAct::Whole(schema) => schema,
                        EntryAct::Set | EntryAct::Append | EntryAct::Remove => None,
                    })
                    .or_else(|| {
                        tys.members(ty).into_iter().find_map(|member| match tys.kind(member) {
                            TyKind::Schema(schema) => Some(*schema),
                            _ => None,
                        })
                    });
                match schema {
                    Some(schema) => {
                        let inner = self.record(&draft, schema, node, field, key, base, &above);
                        if !key.is_empty() || tys.is_optional(ty) {
                            self.there_when(inner, &draft);
                        }
                        Plan::Node(inner)
                    }
                    None => Plan::Poison,
                }
            }
        }
    }

    /// Notes under which conditions a record is there at all.
    fn there_when(&mut self, node: u32, draft: &Draft) {
        let mut guards: Vec<u16> = draft
            .all()
            .iter()
            // A `*` lies below what is there, and makes nothing.
            .filter(|entry| entry.act != EntryAct::Remove)
            .filter(|entry| entry.kind != LayerKind::Star || entry.rank.0 > 0)
            .map(|entry| entry.guard)
            .collect();
        guards.sort_unstable();
        guards.dedup();
        if guards.first().is_none_or(|&guard| guard == 0) {
            return;
        }
        let shape = &mut self.gather.shape;
        let start = u32::try_from(shape.whens.len()).unwrap_or(u32::MAX);
        let len = u32::try_from(guards.len()).unwrap_or(u32::MAX);
        shape.whens.extend(guards);
        if let Some(node) = shape.nodes.get_mut(node as usize) {
            node.when = (start, len);
        }
    }

    /// A map that is written in parts.
    fn map(
        &mut self,
        draft: &Draft,
        value: Ty,
        node: u32,
        field: Sym,
        base: Option<(u32, u32)>,
        above: &[Entry],
    ) -> Plan {
        let mut keys: Vec<(Sym, Draft)> = Vec::new();
        let mut wrong: Vec<Sym> = Vec::new();
        for (key, problem) in self.rules().keys(draft) {
            self.turns.tell(problem);
            wrong.push(key);
        }
        for (key, child) in &draft.children {
            let mut child = child.clone();
            if let Some(star) = &draft.star {
                child.beneath(star);
            }
            keys.push((*key, child));
        }
        if let (Some(star), true) = (&draft.star, keys.is_empty())
            && let Some(entry) = star.entries.iter().find(|entry| entry.kind == LayerKind::Own)
        {
            let at = self.entry_span(entry);
            self.turns.tell(errors::star_misses(at, field, None));
        }
        let written = |draft: &Draft| draft.all().iter().any(|e| e.act != EntryAct::Remove);
        let beside: Vec<Sym> =
            keys.iter().filter(|(_, child)| written(child)).map(|(key, _)| *key).collect();
        let mut entries = Vec::new();
        for (key, child) in keys {
            let slot = self.gather.shape.slots();
            self.gather.shape.plans.push(Plan::Poison);
            self.gather.shape.slot_node.push(node);
            self.gather.shape.types.push(value);
            self.gather.shape.fields.push(None);
            let removed_last = child
                .entries
                .iter()
                .rfind(|entry| entry.kind != LayerKind::Star && entry.guard == 0);
            let is_removed = removed_last.is_some_and(|entry| entry.act == EntryAct::Remove);
            // What follows from a wrong key is not told.
            let plan = match wrong.contains(&key) {
                true => Plan::Poison,
                false => self.path(&child, value, None, node, field, key, above, &beside),
            };
            if let Some(place) = self.gather.shape.plans.get_mut(slot as usize) {
                *place = plan;
            }
            if !is_removed {
                entries.push(MapEntry { key, plan, slot });
            }
        }
        let shape = &mut self.gather.shape;
        let start = u32::try_from(shape.entries.len()).unwrap_or(u32::MAX);
        let len = u32::try_from(entries.len()).unwrap_or(u32::MAX);
        shape.entries.extend(entries);
        Plan::Map { start, len, base: base.unwrap_or((0, 0)) }
    }

    /// Sources of a slot, the highest first.
    fn sources(&mut self, formulas: &[Entry]) -> (u32, u32) {
        let mut sorted = formulas.to_vec();
        sorted.sort_by_key(|entry| entry.rank);
        let shape = &mut self.gather.shape;
        let start = u32::try_from(shape.sources.len()).unwrap_or(u32::MAX);
        for entry in sorted.iter().rev() {
            shape.sources.push(Source {
                layer: entry.layer,
                write: entry.write,
                guard: entry.guard,
                append: entry.act == EntryAct::Append,
            });
        }
        (start, u32::try_from(sorted.len()).unwrap_or(u32::MAX))
    }
}
