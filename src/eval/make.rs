//! Blocks from patterns: loops and the uses of components, run when a name or list of their kind is needed.

use super::blocks::{Block, Made};
use super::chain::{Running, Step};
use super::errors;
use super::evaluator::{Edge, Evaluator, NOTHING};
use super::expr::Frame;
use super::store::Store;
use super::value::{Run, Value};
use super::walk::{Around, Turns};
use crate::diag::Diagnostic;
use crate::resolve::{BlockDecl, DefId, TreeId, Wrap};
use crate::source::{Span, Sym};
use crate::syntax::{ExprId, MemberId, MemberKind, Slice, TextId, TextPart};
use rustc_hash::FxHashMap;

/// What there is too much of where components and loops make too many blocks.
const TOO_MANY: &str = "blocks made by loops and components";

impl<'a> Evaluator<'a> {
    /// Makes every block, and reports names that two of them have.
    pub(super) fn make_all(&mut self) {
        let mut kinds: Vec<DefId> = self.makers.patterns.keys().copied().collect();
        if kinds.is_empty() {
            return;
        }
        kinds.sort_unstable();
        self.too_many();
        for kind in kinds {
            self.made(kind);
        }
        if !self.budget.reported {
            self.clashes();
        }
    }

    /// Tells of uses that certainly make more blocks than there may be, before any of them is made.
    fn too_many(&mut self) {
        let names = self.names;
        let mut sizes: FxHashMap<DefId, u64> = FxHashMap::default();
        let mut sum = 0u64;
        for found in &names.blocks {
            if found.is_pattern() || found.star || !found.wraps.is_empty() {
                continue;
            }
            sum = sum.saturating_add(self.size_of(found.kind, &mut sizes));
            if sum > self.budget.limits.entries {
                let limit = self.budget.limits.entries.to_string();
                self.over_budget(TOO_MANY, limit, found.at);
                return;
            }
        }
    }

    /// How many blocks a use of a component makes at least: what stands in no loop or condition.
    fn size_of(&self, component: DefId, sizes: &mut FxHashMap<DefId, u64>) -> u64 {
        let names = self.names;
        // An explicit stack: chains of components are as long as people write them.
        let mut open = vec![component];
        while let Some(&current) = open.last() {
            let info = self.types.kinds.get(&current).filter(|kind| !kind.endless);
            let children = info.map(|kind| kind.children.as_slice()).unwrap_or_default();
            let mut size = 0u64;
            let before = open.len();
            for child in children.iter().filter_map(|&child| names.blocks.get(child as usize)) {
                if !child.wraps.is_empty() {
                    continue;
                }
                match sizes.get(&child.kind) {
                    Some(inner) => size = size.saturating_add(inner.saturating_add(1)),
                    None => open.push(child.kind),
                }
            }
            if open.len() == before {
                sizes.insert(current, size);
                open.pop();
            }
        }
        sizes.get(&component).copied().unwrap_or(0)
    }

    /// Makes every block of a kind.
    pub(super) fn made(&mut self, kind: DefId) {
        if self.budget.reported || self.makers.whole.contains(&kind) {
            return;
        }
        let before = self.makers.cut_short;
        self.make_patterns(kind);
        if self.makers.cut_short == before {
            self.makers.whole.insert(kind);
        }
    }

    fn make_patterns(&mut self, kind: DefId) {
        let patterns = self.makers.patterns.get(&kind).cloned().unwrap_or_default();
        let names = self.names;
        for decl in patterns {
            let Some(found) = names.blocks.get(decl as usize) else { continue };
            match found.component {
                None => self.make(decl, NOTHING),
                Some(component) => {
                    if self.types.kinds.get(&component).is_none_or(|kind| kind.endless) {
                        continue;
                    }
                    for parent in self.blocks_of(component) {
                        self.make(decl, parent);
                    }
                }
            }
        }
    }

    /// Makes the blocks of a pattern, for a use of its component.
    pub(super) fn make(&mut self, decl: u32, parent: u32) {
        let names = self.names;
        let Some(found) = names.blocks.get(decl as usize) else { return };
        match self.makers.state.get(&(decl, parent)) {
            Some(Made::Done) => return,
            Some(Made::Running) => {
                self.makers.cut_short += 1;
                let keyword =
                    self.types.kinds.get(&found.kind).map_or(Sym::EMPTY, |kind| kind.keyword);
                self.report(errors::names_cycle(keyword.as_str(), found.at));
                return;
            }
            None => {}
        }
        self.makers.state.insert((decl, parent), Made::Running);
        let locals = (0, 0);
        let deps = std::mem::take(&mut self.deps);
        let owner = std::mem::replace(&mut self.owner, parent);
        let loose = std::mem::take(&mut self.loose);
        let making = Running { what: Step::Made(decl), asked: None, target: NOTHING };
        let running = std::mem::replace(&mut self.running, vec![making]);
        let findings = self.waiting();
        self.running.push(Running { what: Step::Exists(decl), asked: None, target: NOTHING });
        self.turn(decl, parent, found, &found.wraps, locals);
        self.place_findings(findings, 0, NOTHING);
        self.running = running;
        self.loose = loose;
        self.owner = owner;
        self.deps = deps;
        self.makers.state.insert((decl, parent), Made::Done);
    }

    pub(super) fn turn(
        &mut self,
        decl: u32,
        parent: u32,
        found: &'a BlockDecl,
        wraps: &'a [Wrap],
        locals: (u32, u32),
    ) {
        if self.budget.reported {
            return;
        }
        let around = Around { locals, inputs: parent };
        let frame = Frame { locals, inputs: parent, ..Frame::new(found.tree) };
        let Some((wrap, rest)) = wraps.split_first() else {
            self.make_one(decl, parent, found, locals);
            return;
        };
        match *wrap {
            Wrap::If { condition, negated } => match self.eval(condition, &frame) {
                Value::Bool(holds) if holds != negated => {
                    self.turn(decl, parent, found, rest, locals);
                }
                Value::Bool(_) => {}
                _ => {
                    self.makers.open.insert(found.kind);
                }
            },
            Wrap::For { key, source, .. } => {
                let Some(turns) = self.run_turns(key.is_some(), source, found.tree, around) else {
                    self.makers.open.insert(found.kind);
                    return;
                };
                for locals in turns {
                    self.turn(decl, parent, found, rest, locals);
                }
            }
        }
    }

    /// The variables of each turn of a loop; `None` where its source is not known.
    pub(super) fn run_turns(
        &mut self,
        with_key: bool,
        source: ExprId,
        tree: TreeId,
        around: Around,
    ) -> Option<Vec<(u32, u32)>> {
        let frame = Frame { locals: around.locals, inputs: around.inputs, ..Frame::new(tree) };
        let turns = match self.eval(source, &frame) {
            Value::List(run) => self.numbered(run),
            Value::Map(run) => self
                .store
                .entries(run)
                .iter()
                .map(|&(key, value)| (Value::Name(key), value))
                .collect(),
            _ => return None,
        };
        let mut found = Vec::with_capacity(turns.len());
        for (index, value) in turns {
            let start = u32::try_from(self.locals.len()).unwrap_or(NOTHING);
            let (first, len) = around.locals;
            for local in first..first + len {
                let value = self.locals.get(local as usize).copied().unwrap_or(Value::Poison);
                self.locals.push(value);
            }
            if with_key {
                self.locals.push(index);
            }
            self.locals.push(value);
            found.push((start, len + 1 + u32::from(with_key)));
        }
        Some(found)
    }

    /// The variables of each turn of a comprehension; `None` where its sources or conditions are not known.
    fn run_clauses(
        &mut self,
        clauses: Slice,
        tree: TreeId,
        around: Around,
    ) -> Option<Vec<(u32, u32)>> {
        let names = self.names;
        let clauses = names.tree(tree).tree.clauses_of(clauses);
        let frame = Frame { locals: around.locals, inputs: around.inputs, ..Frame::new(tree) };
        let mut turns: Vec<Vec<Value>> = Vec::new();
        let known = Evaluator::turns(self, clauses, &frame, &mut |this, inner| {
            let (start, len) = (inner.locals.0 as usize, inner.locals.1 as usize);
            turns.push(this.locals.get(start..start + len).unwrap_or(&[]).to_vec());
            true
        });
        let keep = |values: Vec<Value>| {
            let start = u32::try_from(self.locals.len()).unwrap_or(NOTHING);
            self.locals.extend_from_slice(&values);
            (start, u32::try_from(values.len()).unwrap_or(0))
        };
        known.then(|| turns.into_iter().map(keep).collect())
    }

    /// Turns that are computed once for each place; `None` while they are, and where something is wrong with them.
    fn once(
        &mut self,
        place: (TreeId, MemberId, Around),
        compute: impl FnOnce(&mut Self) -> Option<Vec<(u32, u32)>>,
    ) -> Option<Vec<(u32, u32)>> {
        if let Some(known) = self.makers.turns.get(&place) {
            return known.clone();
        }
        // Met again inside of itself, the block's own members decide which members it has.
        self.makers.turns.insert(place, None);
        let before = self.waiting();
        let found = compute(self).filter(|_| self.waiting() == before);
        self.makers.turns.insert(place, found.clone());
        found
    }

    pub(super) fn numbered(&self, run: Run) -> Vec<(Value, Value)> {
        (0i64..).map(Value::Int).zip(self.store.items(run).iter().copied()).collect()
    }

    /// The text of a name with holes; `None` on poison.
    pub(super) fn name_text(&mut self, tree: TreeId, text: TextId, around: Around) -> Option<Sym> {
        let names = self.names;
        let nodes = &names.tree(tree).tree;
        let frame = Frame { locals: around.locals, inputs: around.inputs, ..Frame::new(tree) };
        let mut name = String::new();
        for part in nodes.parts_of(nodes.text(text).parts) {
            match *part {
                TextPart::Verbatim(at) => name.push_str(names.text(tree, at)),
                TextPart::Escape(letter, _) => name.push(letter),
                TextPart::Hole(hole) => {
                    let value = self.eval(hole, &frame);
                    name.push_str(&self.print(value)?);
                }
            }
            if name.len() as u64 > self.budget.limits.text {
                let limit = self.budget.limits.text.to_string();
                let at = names.tree(tree).span(nodes.text(text).at);
                self.over_budget("bytes in one text", limit, at);
                return None;
            }
        }
        Some(Sym::new(&name))
    }

    pub(super) fn make_one(
        &mut self,
        decl: u32,
        parent: u32,
        found: &'a BlockDecl,
        locals: (u32, u32),
    ) {
        self.budget.steps += 1;
        let made = self.blocks.len() - self.names.blocks.len();
        if made as u64 >= self.budget.limits.entries {
            let limit = self.budget.limits.entries.to_string();
            self.over_budget(TOO_MANY, limit, found.at);
            return;
        }
        let (mut around, mut depth) = (parent, 0);
        while let Some(block) = self.blocks.get(around as usize) {
            (around, depth) = (block.parent, depth + 1);
        }
        if depth > self.budget.limits.nesting {
            let limit = self.budget.limits.nesting.to_string();
            self.over_budget("components inside of one another", limit, found.at);
            return;
        }
        let around = Around { locals, inputs: parent };
        let key = match found.text {
            None => found.name,
            Some(text) => match self.name_text(found.tree, text, around) {
                Some(name) => name,
                None => return,
            },
        };
        let name = match self.blocks.get(parent as usize) {
            Some(around) => Sym::new(&format!("{}-{key}", around.name)),
            None => key,
        };
        let number = u32::try_from(self.blocks.len()).unwrap_or(NOTHING);
        self.blocks.push(Block {
            decl,
            kind: found.kind,
            name,
            key,
            at: found.at,
            parent,
            is_one: false,
            locals,
        });
        self.by_block.push(None);
        self.exists.push(Some(true));
        self.makers.of_kind.entry(found.kind).or_default().push(number);
        if parent == NOTHING {
            self.makers.tops.entry((found.kind, name)).or_insert(number);
        } else {
            self.makers.children.entry((parent, found.kind, key)).or_insert(number);
            self.makers.in_use.entry(parent).or_default().push(number);
            // What waits for the use waits for what it makes.
            self.edges.push(Edge {
                from: parent,
                to: number,
                at: found.at,
                target: NOTHING,
                slot: NOTHING,
            });
        }
        self.judge_name(decl, name, found, number);
    }

    /// A made name against the key of its schema.
    pub(super) fn judge_name(&mut self, decl: u32, name: Sym, found: &BlockDecl, block: u32) {
        let Some(schema) = self.types.block_schema.get(decl as usize).copied().flatten() else {
            return;
        };
        let Some((ty, declared)) = self.types.key_of(schema) else { return };
        if let Some(problem) = self.types.judge_key(ty, name, found.at) {
            let is_child = self.blocks.get(block as usize).is_some_and(|b| b.parent != NOTHING);
            let words = if is_child {
                format!(
                    "`{}` is written out as `{}`",
                    short(&self.address(block)),
                    short(name.as_str())
                )
            } else {
                format!("a turn of its loop makes the name `{}`", short(name.as_str()))
            };
            let problem = problem.because(declared, "its name is declared here".to_owned());
            self.report(problem.help(words));
        }
    }

    /// Two blocks of a kind with one name, however they came to it.
    pub(super) fn clashes(&mut self) {
        let mut seen: FxHashMap<(DefId, Sym), u32> = FxHashMap::default();
        for index in 0..self.blocks.len() {
            let number = u32::try_from(index).unwrap_or(NOTHING);
            let Some(block) = self.blocks.get(index).copied() else { continue };
            let is_made = index >= self.names.blocks.len();
            if !(is_made || block.is_one) || self.exists(number) != Some(true) {
                continue;
            }
            let first = *seen.entry((block.kind, block.name)).or_insert(number);
            if first == number {
                continue;
            }
            let keyword = self.types.kinds.get(&block.kind).map_or(Sym::EMPTY, |kind| kind.keyword);
            let (derivation, other) = (self.derivation(number), self.derivation(first));
            self.report(errors::name_clash(
                keyword.as_str(),
                block.name,
                &derivation,
                &other,
                block.at,
            ));
        }
    }

    /// How a block came to its name: places and words, from the outside in.
    pub(super) fn derivation(&self, block: u32) -> Vec<(Span, String)> {
        let mut steps = Vec::new();
        let mut next = block;
        while let Some(found) = self.blocks.get(next as usize) {
            let words = if found.parent == NOTHING {
                format!("`{}`", self.address(next))
            } else {
                format!("`{}` of `{}`", found.key, self.address(found.parent))
            };
            steps.push((found.at, words));
            next = found.parent;
        }
        steps
    }
}

/// The begin of a name that is too long to be read.
fn short(name: &str) -> String {
    const MOST: usize = 120;
    match name.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}..", name.get(..end).unwrap_or(name)),
        None => name.to_owned(),
    }
}

impl Turns for Evaluator<'_> {
    fn most_members(&self) -> u64 {
        self.budget.limits.entries
    }

    fn too_many(&mut self, tree: TreeId, member: MemberId, what: &'static str, limit: u64) {
        let info = self.names.tree(tree);
        let at = match info.tree.member(member).kind {
            MemberKind::For { source, .. } => info.span(info.tree.expr_extent(source)),
            _ => info.span(info.tree.member(member).at),
        };
        self.over_budget(what, limit.to_string(), at);
    }

    fn turns(
        &mut self,
        tree: TreeId,
        member: MemberId,
        with_key: bool,
        source: ExprId,
        around: Around,
    ) -> Option<Vec<(u32, u32)>> {
        self.once((tree, member, around), |this| this.run_turns(with_key, source, tree, around))
    }

    fn comprehended(
        &mut self,
        tree: TreeId,
        member: MemberId,
        clauses: Slice,
        around: Around,
    ) -> Option<Vec<(u32, u32)>> {
        self.once((tree, member, around), |this| this.run_clauses(clauses, tree, around))
    }

    fn key(&mut self, tree: TreeId, text: TextId, around: Around) -> Option<Sym> {
        self.name_text(tree, text, around)
    }

    fn key_value(&mut self, tree: TreeId, expr: ExprId, around: Around) -> Option<Sym> {
        let frame = Frame { locals: around.locals, inputs: around.inputs, ..Frame::new(tree) };
        let value = self.eval(expr, &frame);
        if let Value::Resource(block) = value {
            return self.blocks.get(block as usize).map(|block| block.name);
        }
        Store::as_text(&self.store, value).map(Sym::new)
    }

    fn hit(&mut self, tree: TreeId, member: MemberId) {
        self.makers.hits.insert((tree, member));
    }

    fn tell(&mut self, found: Diagnostic) {
        self.report_everywhere(found);
    }

    fn told(&self) -> usize {
        self.waiting()
    }
}
