//! What layers may do to one another: set once, override out loud, hit what is there, keep what is final.

use super::draft::{Draft, Entry, EntryAct};
use super::errors;
use super::settle::Subject;
use super::shape::{LayerKind, LayerSource, Shape, Term, Write};
use crate::diag::{Diagnostic, nearest};
use crate::resolve::{DefId, Names, TreeId};
use crate::source::{Span, Sym};
use crate::syntax::{Key, Marks, MemberKind};

/// The judge of one block.
pub(super) struct Rules<'a> {
    pub(super) names: &'a Names,
    pub(super) shape: &'a Shape,
    pub(super) writes: &'a [(TreeId, Vec<Write>)],
    pub(super) subject: Subject,
    /// The key of the entry that is judged, where its name may be computed.
    pub(super) key: Sym,
}

impl Rules<'_> {
    /// Where a write stands: its path, key, or the words before it.
    pub(super) fn span(&self, entry: &Entry) -> Span {
        self.name_span(entry, usize::MAX)
    }

    /// The part of a write's path with a number, or its last.
    pub(super) fn name_span(&self, entry: &Entry, index: usize) -> Span {
        let Some((tree, write)) = self.write(entry) else { return self.subject.at };
        let info = self.names.tree(tree);
        let nodes = &info.tree;
        let member = nodes.member(write.member);
        let (path, key) = match member.kind {
            MemberKind::Set { path, .. } | MemberKind::Remove { path } => (path, Key::None),
            MemberKind::Block { path, key, .. } => (path, key),
            MemberKind::Field { name, .. } if member.marks.has(Marks::PARAM) => {
                return info.span(name.at);
            }
            MemberKind::Computed { key, .. } | MemberKind::Comprehension { key, .. } => {
                // With its brackets: a mark stands before them.
                let at = info.span(nodes.expr_extent(key));
                let text = info.text.as_bytes();
                let blank = |byte: &u8| byte.is_ascii_whitespace();
                let before = text.get(..at.start as usize).unwrap_or(&[]);
                let open = before.iter().rposition(|byte| !blank(byte));
                let after = text.get(at.end as usize..).unwrap_or(&[]);
                let close = after.iter().position(|byte| !blank(byte));
                return Span {
                    start: open.and_then(|at| u32::try_from(at).ok()).unwrap_or(at.start),
                    end: close.map_or(at.end, |end| at.end + u32::try_from(end).unwrap_or(0) + 1),
                    ..at
                };
            }
            _ => {
                // A default of a schema: its value.
                return match write.value {
                    Some(value) => info.span(nodes.expr_extent(value)),
                    None => info.span(member.at),
                };
            }
        };
        let names = nodes.names_of(path);
        match (key, index) {
            (Key::Name(name), usize::MAX) => info.span(name.at),
            (Key::Star(at), usize::MAX) => info.span(at),
            _ => {
                let name = names.get(index.min(names.len().saturating_sub(1))).or(names.last());
                name.map_or(self.subject.at, |name| info.span(name.at))
            }
        }
    }

    fn write(&self, entry: &Entry) -> Option<(TreeId, Write)> {
        if let Some(LayerSource::Default(..)) =
            self.shape.layers.get(usize::from(entry.layer)).map(|layer| layer.source)
        {
            let (tree, writes) = self.writes.get(usize::from(entry.layer))?;
            let mut write = writes.get(entry.write as usize).copied()?;
            // The walk of a default has no member of its own.
            if entry.write == 0 {
                write.member = crate::syntax::MemberId(0);
            }
            return Some((*tree, write));
        }
        let (tree, writes) = self.writes.get(usize::from(entry.layer))?;
        Some((*tree, *writes.get(entry.write as usize)?))
    }

    /// The words of a layer: `` preset `Large` ``.
    fn layer_words(&self, entry: &Entry) -> String {
        match self.shape.layers.get(usize::from(entry.layer)).map(|layer| layer.source) {
            Some(LayerSource::Preset(def)) => format!("preset `{}`", self.names.def(def).name),
            Some(LayerSource::Star(_)) => "a `*` block".to_owned(),
            Some(LayerSource::Default(..)) => "the schema".to_owned(),
            Some(LayerSource::Own(_)) if entry.kind == LayerKind::Body => {
                "the component".to_owned()
            }
            Some(LayerSource::Own(_)) | None => "this block".to_owned(),
        }
    }

    fn exclusive(&self, a: u16, b: u16) -> bool {
        let terms =
            |guard: u16| self.shape.guards.get(usize::from(guard)).map_or(&[][..], Vec::as_slice);
        terms(a).iter().any(|x| {
            terms(b).iter().any(|y| match (x, y) {
                (
                    Term::If { layer: l1, write: w1, negated: n1, .. },
                    Term::If { layer: l2, write: w2, negated: n2, .. },
                ) => l1 == l2 && w1 == w2 && n1 != n2,
                (
                    Term::By { layer: l1, write: w1, arm: a1 },
                    Term::By { layer: l2, write: w2, arm: a2 },
                ) => l1 == l2 && w1 == w2 && a1 != a2,
                _ => false,
            })
        })
    }

    /// Whether a write under one condition holds only where what lies under the other is replaced.
    fn replaced(&self, upper: u16, lower: u16) -> bool {
        let terms =
            |guard: u16| self.shape.guards.get(usize::from(guard)).map_or(&[][..], Vec::as_slice);
        terms(lower).iter().any(|term| match term {
            Term::Not { guard } => terms(*guard).iter().all(|wanted| terms(upper).contains(wanted)),
            Term::If { .. } | Term::By { .. } => false,
        })
    }

    /// Judges the writes of one path; `above` are formulas that set a path around it.
    /// `beside` are the names that are written beside the path.
    pub(super) fn judge(&self, draft: &Draft, above: &[Entry], beside: &[Sym]) -> Vec<Diagnostic> {
        let mut found = Vec::new();
        self.set_once(draft, &mut found);
        if !found.is_empty() {
            return found;
        }
        self.finals(draft, &mut found);
        if !found.is_empty() {
            return found;
        }
        let below_all = draft.all();
        for entry in &draft.entries {
            if entry.kind < LayerKind::Preset || matches!(entry.act, EntryAct::Append) {
                continue;
            }
            let is_override = entry.marks.has(Marks::OVERRIDE);
            // The key of a new block: whether it is there at all is judged with the other keys.
            if !entry.decides() && !is_override {
                continue;
            }
            let lower: Vec<&Entry> = if matches!(entry.act, EntryAct::Open(_)) || entry.decides() {
                below_all
                    .iter()
                    .filter(|other| other.rank < entry.rank)
                    .filter(|other| !self.replaced(entry.guard, other.guard))
                    .collect()
            } else {
                Vec::new()
            };
            let written: Vec<&Entry> = lower
                .iter()
                .copied()
                .filter(|other| speaks(other.kind) && !matches!(other.act, EntryAct::Open(_)))
                // What is written out was walked into: only a formula may write what its text does not show.
                .chain(above.iter().filter(|other| {
                    other.rank < entry.rank && speaks(other.kind) && other.act == EntryAct::Set
                }))
                .collect();
            let opened = lower.iter().any(|other| other.kind >= LayerKind::Star);
            if is_override {
                if written.is_empty() && !opened {
                    found.push(errors::override_misses(
                        self.path_name(entry),
                        self.span(entry),
                        self.override_fix(entry),
                    ));
                }
                continue;
            }
            if entry.act == EntryAct::Remove {
                if lower.is_empty() && written.is_empty() {
                    found.push(self.nothing_to_remove(entry, beside));
                }
                continue;
            }
            let Some(first) = written.last() else { continue };
            if entry.kind == LayerKind::Preset && !self.descends(entry, first) {
                let settled = draft
                    .entries
                    .iter()
                    .chain(above)
                    .any(|other| other.rank > entry.rank && other.marks.has(Marks::OVERRIDE));
                if !settled && !self.same_text(entry, first) {
                    found.push(errors::preset_conflict(
                        &self.path_name(entry),
                        self.subject.at,
                        (self.span(first), &self.layer_words(first)),
                        (self.span(entry), &self.layer_words(entry)),
                    ));
                }
                continue;
            }
            found.push(errors::missing_override(
                &self.path_name(entry),
                self.span(entry),
                self.span(first),
                &self.layer_words(first),
                self.member_start(entry),
            ));
        }
        found
    }

    fn nothing_to_remove(&self, entry: &Entry, beside: &[Sym]) -> Diagnostic {
        let path = self.path_name(entry);
        let last = path.rsplit('.').next().unwrap_or(&path);
        let near = nearest(last, beside.iter().map(|name| name.as_str()));
        errors::remove_misses(&path, self.span(entry), near)
    }

    fn set_once(&self, draft: &Draft, found: &mut Vec<Diagnostic>) {
        for (index, entry) in draft.entries.iter().enumerate() {
            let clash = draft.entries.iter().take(index).find(|other| {
                other.rank == entry.rank
                    && other.kind == entry.kind
                    && (other.layer == entry.layer || self.is_star(other) && self.is_star(entry))
                    && (entry.decides() || other.decides())
                    && !self.exclusive(entry.guard, other.guard)
            });
            if let Some(first) = clash {
                let (path, at) = (self.path_name(entry), self.span(entry));
                let before = self.span(first);
                found.push(if before == at {
                    errors::set_by_turns(&path, at)
                } else {
                    errors::set_twice(&path, at, before)
                });
            }
        }
    }

    /// Whether a write stands in a `*` block at a file's top.
    fn is_star(&self, entry: &Entry) -> bool {
        let layer = self.shape.layers.get(usize::from(entry.layer));
        layer.is_some_and(|layer| matches!(layer.source, LayerSource::Star(_)))
    }

    fn finals(&self, draft: &Draft, found: &mut Vec<Diagnostic>) {
        for closed in draft.entries.iter().filter(|entry| entry.marks.has(Marks::FINAL)) {
            let again = draft
                .all()
                .into_iter()
                .find(|entry| entry.rank > closed.rank && entry.kind != LayerKind::Star);
            if let Some(again) = again {
                found.push(errors::is_final(
                    &self.path_name(&again),
                    self.span(&again),
                    self.span(closed),
                    &self.layer_words(closed),
                ));
            }
        }
        // What replaces the whole changes what is closed in it.
        let replaces = |entry: &&Entry| {
            entry.decides()
                || matches!(entry.act, EntryAct::Open(_)) && entry.marks.has(Marks::OVERRIDE)
        };
        for upper in draft.entries.iter().filter(replaces) {
            let closed = draft.all().into_iter().find(|entry| {
                entry.rank < upper.rank && entry.marks.has(Marks::FINAL) && found.is_empty()
            });
            if let Some(closed) = closed {
                found.push(errors::is_final(
                    &self.path_name(&closed),
                    self.span(upper),
                    self.span(&closed),
                    &self.layer_words(&closed),
                ));
            }
        }
    }

    /// Judges which keys of a map are new; gives the wrong ones.
    pub(super) fn keys(&self, draft: &Draft) -> Vec<(Sym, Diagnostic)> {
        let mut found = Vec::new();
        let inherited: Vec<(&str, &Draft)> = draft
            .children
            .iter()
            .filter(|(_, child)| child.entries.iter().chain(&child.all()).any(|e| speaks(e.kind)))
            .map(|(key, child)| (key.as_str(), child))
            .collect();
        if inherited.is_empty() {
            return found;
        }
        for (key, child) in &draft.children {
            let all = child.all();
            let Some(first) = all.iter().min_by_key(|entry| entry.rank) else { continue };
            if first.kind != LayerKind::Own {
                if let Some(new) =
                    child.entries.iter().find(|e| e.marks.has(Marks::NEW) && e.rank > first.rank)
                {
                    found.push((
                        *key,
                        errors::not_new(key.as_str(), self.span(new), self.span(first)),
                    ));
                }
                continue;
            }
            if first.marks.has(Marks::NEW) || first.act == EntryAct::Remove {
                continue;
            }
            let near = nearest(key.as_str(), inherited.iter().map(|(key, _)| *key));
            let near = near.filter(|near| within_two(key.as_str(), near));
            let Some(near) = near else { continue };
            let Some((_, known)) = inherited.iter().find(|(key, _)| *key == near) else { continue };
            let below = known.all();
            let Some(known) = below.iter().min_by_key(|entry| entry.rank) else { continue };
            let overrides = child.all().into_iter().find(|entry| entry.marks.has(Marks::OVERRIDE));
            let miss = errors::near_miss(
                key.as_str(),
                near,
                self.span(first),
                self.span(known),
                overrides.map(|entry| self.path_name(&entry)),
                self.member_start(first),
            );
            found.push((*key, miss));
        }
        found
    }

    /// Whether a preset builds on the one that wrote the other entry.
    fn descends(&self, entry: &Entry, lower: &Entry) -> bool {
        let def =
            |entry: &Entry| match self.shape.layers.get(usize::from(entry.layer)).map(|l| l.source)
            {
                Some(LayerSource::Preset(def)) => Some(def),
                _ => None,
            };
        let (Some(upper), Some(lower)) = (def(entry), def(lower)) else { return true };
        self.ancestors(upper).contains(&lower)
    }

    fn ancestors(&self, def: DefId) -> Vec<DefId> {
        let mut found = vec![def];
        let mut index = 0;
        while let Some(&def) = found.get(index) {
            index += 1;
            let tree = self.names.def(def).tree;
            let MemberKind::Preset { bases, .. } = self.names.member(def).kind else { continue };
            for path in self.names.tree(tree).tree.paths_of(bases) {
                if let Some(base) = super::walk::preset(self.names, tree, *path)
                    && !found.contains(&base)
                {
                    found.push(base);
                }
            }
        }
        found
    }

    /// Whether two formulas are written alike.
    fn same_text(&self, a: &Entry, b: &Entry) -> bool {
        let text = |entry: &Entry| {
            let (tree, write) = self.write(entry)?;
            let nodes = &self.names.tree(tree).tree;
            Some(self.names.text(tree, nodes.expr_extent(write.value?)))
        };
        text(a).is_some() && text(a) == text(b)
    }

    /// The whole path of a write, as its layer sees it.
    fn path_name(&self, entry: &Entry) -> String {
        let Some((tree, write)) = self.write(entry) else { return String::new() };
        let path = super::path::of_member(self.names, tree, self.body_of(entry), write.member);
        let member = self.names.tree(tree).tree.member(write.member).kind;
        match member {
            MemberKind::Comprehension { .. } if path.is_empty() => self.key.to_string(),
            MemberKind::Comprehension { .. } => format!("{path}.{}", self.key),
            _ => path,
        }
    }

    /// The body that a layer's writes stand in.
    fn body_of(&self, entry: &Entry) -> Option<crate::syntax::BodyId> {
        match self.shape.layers.get(usize::from(entry.layer)).map(|layer| layer.source)? {
            LayerSource::Preset(def) => match self.names.member(def).kind {
                MemberKind::Preset { body, .. } => Some(body),
                _ => None,
            },
            LayerSource::Star(block) => {
                let block = self.names.blocks.get(block as usize)?;
                match self.names.tree(block.tree).tree.member(block.member).kind {
                    MemberKind::Block { body, .. } => Some(body),
                    _ => None,
                }
            }
            LayerSource::Own(_) | LayerSource::Default(..) => None,
        }
    }

    fn member_start(&self, entry: &Entry) -> Span {
        let Some((tree, write)) = self.write(entry) else { return self.subject.at };
        let info = self.names.tree(tree);
        let at = info.span(info.tree.member(write.member).at);
        Span::new(at.file, at.start, at.start)
    }

    /// The word `override`, to remove.
    fn override_fix(&self, entry: &Entry) -> Option<Span> {
        let (tree, write) = self.write(entry)?;
        let info = self.names.tree(tree);
        let at = info.span(info.tree.member(write.member).marks_at);
        (at.end > at.start).then_some(at)
    }
}

/// Whether what a layer writes is replaced out loud only.
const fn speaks(kind: LayerKind) -> bool {
    matches!(kind, LayerKind::Preset | LayerKind::Body)
}

/// Whether two words differ by at most two edits, and by less than half of their letters: `a` and `b` are not alike.
fn within_two(a: &str, b: &str) -> bool {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let replace = last.get(j).copied().unwrap_or(0) + usize::from(x != y);
            let insert = row.last().copied().unwrap_or(0) + 1;
            let delete = last.get(j + 1).copied().unwrap_or(0) + 1;
            row.push(replace.min(insert).min(delete));
        }
        last = row;
    }
    let edits = last.last().copied().unwrap_or(0);
    edits <= 2 && edits * 2 <= a.len().max(b.len())
}
