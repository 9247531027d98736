//! The blocks of a run: what is written once, and what loops and components make of it.

use super::draft::OwnBody;
use super::errors;
use super::evaluator::{Evaluator, NOTHING};
use super::expr::Frame;
use super::shape::LayerKind;
use super::store::Store;
use super::value::{Run, Value};
use super::walk::{Around, Turns};
use crate::diag::{Diagnostic, nearest};
use crate::resolve::{BlockDecl, DefId, Names, TreeId, Wrap};
use crate::source::{Span, Sym};
use crate::syntax::{ExprId, MemberId, MemberKind, TextId, TextPart};
use rustc_hash::FxHashMap;

/// A block of a run. Those that are written come first, in the order of [`Names::blocks`].
#[derive(Clone, Copy, Debug)]
pub struct Block {
    /// Its declaration: index into [`Names::blocks`].
    pub decl: u32,
    /// Its kind.
    pub kind: DefId,
    /// The name of what is written out: `checkout-web`.
    pub name: Sym,
    /// Its name where it is declared: `web`.
    pub key: Sym,
    /// Where its name stands.
    pub at: Span,
    /// The use of a component that made it: a block; [`NOTHING`] without one.
    pub parent: u32,
    /// Whether it is written at the top of a file for itself, no pattern of several and no `*` layer.
    pub is_one: bool,
    /// The variables of the loops around it: first, how many.
    pub(super) locals: (u32, u32),
}

/// How far a pattern is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Made {
    Running,
    Done,
}

/// What is known of patterns and what they made.
#[derive(Default, Debug)]
pub(super) struct Makers {
    /// The patterns of each kind: indices into [`Names::blocks`].
    patterns: FxHashMap<DefId, Vec<u32>>,
    /// How far each is, by declaration and by the use around it.
    state: FxHashMap<(u32, u32), Made>,
    /// What was made, by kind.
    of_kind: FxHashMap<DefId, Vec<u32>>,
    /// What a use made, by kind and own name.
    children: FxHashMap<(u32, DefId, Sym), u32>,
    /// The children of a use, in the order made.
    in_use: FxHashMap<u32, Vec<u32>>,
    /// Members of uses that amended a child.
    hits: rustc_hash::FxHashSet<(TreeId, MemberId)>,
    /// The variables of loops in bodies, by loop and what is around.
    turns: FxHashMap<(TreeId, MemberId, Around), Option<Vec<(u32, u32)>>>,
    /// Values of `let`s in bodies.
    pub(super) lets: FxHashMap<LetKey, Option<(Value, u8)>>,
}

/// A `let` of a body, where it is read: its place, the record, the locals, the use, the target, and who asks.
pub(super) type LetKey = (TreeId, MemberId, u32, (u32, u32), u32, u32, u32);

/// The blocks that are written.
pub(super) fn written(names: &Names) -> (Vec<Block>, Makers) {
    let mut makers = Makers::default();
    let blocks = (0u32..)
        .zip(&names.blocks)
        .map(|(decl, block)| {
            if block.is_pattern() {
                makers.patterns.entry(block.kind).or_default().push(decl);
            }
            Block {
                decl,
                kind: block.kind,
                name: block.name,
                key: block.name,
                at: block.at,
                parent: NOTHING,
                is_one: !block.star && !block.is_pattern(),
                locals: (0, 0),
            }
        })
        .collect();
    (blocks, makers)
}

impl<'a> Evaluator<'a> {
    /// The declaration of a block.
    pub fn decl(&self, block: u32) -> Option<&'a BlockDecl> {
        let names: &'a Names = self.names;
        names.blocks.get(self.blocks.get(block as usize)?.decl as usize)
    }

    /// The block of the project's own text that a block comes from: itself, or the use that made it, or the use of that.
    pub fn outermost(&self, mut block: u32) -> u32 {
        while let Some(found) = self.blocks.get(block as usize)
            && found.parent != NOTHING
        {
            block = found.parent;
        }
        block
    }

    /// Makes every block, and reports names that two of them have.
    pub(super) fn make_all(&mut self) {
        let mut kinds: Vec<DefId> = self.makers.patterns.keys().copied().collect();
        if kinds.is_empty() {
            return;
        }
        kinds.sort_unstable();
        for kind in kinds {
            self.made(kind);
        }
        self.clashes();
    }

    /// Makes every block of a kind.
    fn made(&mut self, kind: DefId) {
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

    /// The blocks of a kind that exist, external ones among them, in no particular order.
    pub(super) fn blocks_of(&mut self, kind: DefId) -> Vec<u32> {
        self.made(kind);
        let mut found: Vec<u32> = self.makers.of_kind.get(&kind).cloned().unwrap_or_default();
        for index in 0..self.names.blocks.len() {
            let block = u32::try_from(index).unwrap_or(NOTHING);
            let is_one = self.blocks.get(index).is_some_and(|b| b.kind == kind && b.is_one);
            if is_one && self.exists(block) == Some(true) {
                found.push(block);
            }
        }
        found
    }

    /// Makes the blocks of a pattern, for a use of its component.
    fn make(&mut self, decl: u32, parent: u32) {
        let names = self.names;
        let Some(found) = names.blocks.get(decl as usize) else { return };
        match self.makers.state.get(&(decl, parent)) {
            Some(Made::Done) => return,
            Some(Made::Running) => {
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
        let running = std::mem::take(&mut self.running);
        let findings = self.waiting();
        self.turn(decl, parent, found, &found.wraps, locals);
        self.place_findings(findings, 0, NOTHING);
        self.running = running;
        self.loose = loose;
        self.owner = owner;
        self.deps = deps;
        self.makers.state.insert((decl, parent), Made::Done);
    }

    fn turn(
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
                _ => {}
            },
            Wrap::For { key, source, .. } => {
                for locals in self.run_turns(key.is_some(), source, found.tree, around) {
                    self.turn(decl, parent, found, rest, locals);
                }
            }
        }
    }

    /// The variables of each turn of a loop.
    fn run_turns(
        &mut self,
        with_key: bool,
        source: ExprId,
        tree: TreeId,
        around: Around,
    ) -> Vec<(u32, u32)> {
        let frame = Frame { locals: around.locals, inputs: around.inputs, ..Frame::new(tree) };
        let turns = match self.eval(source, &frame) {
            Value::List(run) => self.numbered(run),
            Value::Map(run) => self
                .store
                .entries(run)
                .iter()
                .map(|&(key, value)| (Value::Name(key), value))
                .collect(),
            _ => return Vec::new(),
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
        found
    }

    fn numbered(&self, run: Run) -> Vec<(Value, Value)> {
        (0i64..).map(Value::Int).zip(self.store.items(run).iter().copied()).collect()
    }

    /// The text of a name with holes; `None` on poison.
    fn name_text(&mut self, tree: TreeId, text: TextId, around: Around) -> Option<Sym> {
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

    fn make_one(&mut self, decl: u32, parent: u32, found: &'a BlockDecl, locals: (u32, u32)) {
        self.budget.steps += 1;
        let made = self.blocks.len() - self.names.blocks.len();
        if made as u64 >= self.budget.limits.entries {
            let limit = self.budget.limits.entries.to_string();
            self.over_budget("blocks made by loops and components", limit, found.at);
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
        if parent != NOTHING {
            self.makers.children.entry((parent, found.kind, key)).or_insert(number);
            self.makers.in_use.entry(parent).or_default().push(number);
            // What waits for the use waits for what it makes.
            self.edges.push(super::evaluator::Edge {
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
    fn judge_name(&mut self, decl: u32, name: Sym, found: &BlockDecl, block: u32) {
        let Some(schema) = self.types.block_schema.get(decl as usize).copied().flatten() else {
            return;
        };
        let Some((ty, declared)) = self.types.key_of(schema) else { return };
        if let Some(problem) = self.types.judge_key(ty, name, found.at) {
            let address = self.address(block);
            let problem = problem
                .because(declared, "its name is declared here".to_owned())
                .help(format!("`{address}` is written out as `{name}`"));
            self.report(problem);
        }
    }

    /// Two blocks of a kind with one name, however they came to it.
    fn clashes(&mut self) {
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
    fn derivation(&self, block: u32) -> Vec<(Span, String)> {
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

    /// The child of a kind, of a use.
    pub(super) fn child(&mut self, parent: u32, kind: DefId, name: Sym, at: Span) -> Option<u32> {
        self.make_children(parent, kind);
        if let Some(&child) = self.makers.children.get(&(parent, kind, name)) {
            return Some(child);
        }
        let component = self.blocks.get(parent as usize)?.kind;
        let known: Vec<(Sym, Span)> = self
            .makers
            .in_use
            .get(&parent)
            .into_iter()
            .flatten()
            .filter_map(|&child| self.blocks.get(child as usize))
            .filter(|child| child.kind == kind)
            .map(|child| (child.key, child.at))
            .collect();
        let near = nearest(name.as_str(), known.iter().map(|(name, _)| name.as_str()));
        let near = near.map(|near| {
            (near, known.iter().find(|(name, _)| name.as_str() == near).map(|(_, at)| *at))
        });
        let word = self.types.kinds.get(&kind).map_or(Sym::EMPTY, |kind| kind.keyword);
        let listed: Vec<String> =
            known.iter().take(8).map(|(name, _)| format!("`{word} {name}`")).collect();
        let def = *self.names.def(component);
        self.report(crate::types::no_child(
            word.as_str(),
            name.as_str(),
            def.name.as_str(),
            at,
            def.at,
            near,
            &listed,
        ));
        None
    }

    /// The children of a kind of a use, by own name, as a map.
    pub(super) fn children_map(&mut self, parent: u32, kind: DefId) -> Value {
        self.make_children(parent, kind);
        let entries: Vec<(Sym, Value)> = self
            .makers
            .in_use
            .get(&parent)
            .into_iter()
            .flatten()
            .filter_map(|&child| Some((child, self.blocks.get(child as usize)?)))
            .filter(|(_, block)| block.kind == kind)
            .map(|(child, block)| (block.key, Value::Resource(child)))
            .collect();
        self.store.map(&entries)
    }

    fn make_children(&mut self, parent: u32, kind: DefId) {
        let Some(component) = self.blocks.get(parent as usize).map(|block| block.kind) else {
            return;
        };
        let Some(info) = self.types.kinds.get(&component).filter(|info| !info.endless) else {
            return;
        };
        for decl in info.children.clone() {
            if self.names.blocks.get(decl as usize).is_some_and(|decl| decl.kind == kind) {
                self.make(decl, parent);
            }
        }
    }

    /// The block of a kind with a name, among all that exist.
    pub(super) fn lookup(&mut self, kind: DefId, name: Sym, at: Span) -> Value {
        self.made(kind);
        let found = self
            .makers
            .of_kind
            .get(&kind)
            .into_iter()
            .flatten()
            .copied()
            .find(|&block| {
                self.blocks
                    .get(block as usize)
                    .is_some_and(|block| block.parent == NOTHING && block.name == name)
            });
        if let Some(block) = found {
            return self.reference(block, at, NOTHING);
        }
        let mut known: Vec<(&'static str, Span)> = self
            .blocks
            .iter()
            .enumerate()
            .filter(|(index, block)| {
                let is_made = *index >= self.names.blocks.len() && block.parent == NOTHING;
                block.kind == kind && (block.is_one || is_made)
            })
            .map(|(_, block)| (block.name.as_str(), block.at))
            .collect();
        known.sort_unstable();
        let names: Vec<&str> = known.iter().map(|(name, _)| *name).collect();
        let near = nearest(name.as_str(), names.iter().copied());
        let near =
            near.and_then(|near| known.iter().copied().find(|(name, _)| *name == near));
        let word = self.types.kinds.get(&kind).map_or(Sym::EMPTY, |kind| kind.keyword);
        self.report(crate::types::unknown_reference(
            name.as_str(),
            word.as_str(),
            at,
            near,
            None,
            &names,
        ));
        Value::Poison
    }

    /// The bodies that write a block, the lowest first: its own, and those of the uses around it that amend it.
    pub(super) fn bodies(&self, block: u32) -> Vec<OwnBody> {
        let Some(found) = self.blocks.get(block as usize).copied() else { return Vec::new() };
        let Some(decl) = self.decl(block) else { return Vec::new() };
        let nodes = &self.names.tree(decl.tree).tree;
        let MemberKind::Block { body, .. } = nodes.member(decl.member).kind else {
            return Vec::new();
        };
        let kind =
            if found.parent == NOTHING { LayerKind::Own } else { LayerKind::Body };
        let mut bodies = vec![OwnBody {
            tree: decl.tree,
            body,
            chain: Vec::new(),
            locals: found.locals,
            inputs: found.parent,
            kind,
        }];
        if found.parent != NOTHING {
            for mut outer in self.bodies(found.parent) {
                outer.chain.push((found.kind, found.key));
                bodies.push(outer);
            }
        }
        bodies
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
                        if !self.makers.hits.contains(&(decl.tree, id)) {
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
    fn is_used(&mut self, decl: usize) -> bool {
        let number = u32::try_from(decl).unwrap_or(NOTHING);
        let is_one = self.blocks.get(decl).is_some_and(|block| block.is_one);
        if is_one {
            return self.exists(number) == Some(true);
        }
        let made = self.names.blocks.len();
        self.blocks.iter().skip(made).any(|block| block.decl == number)
    }

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
        let key =
            |target: u32| (frame.tree, member, record, frame.locals, frame.inputs, target, self.owner);
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
        let value = self.field_at(root, slot, frame.target, Some(at));
        self.refer_to(value, at, frame.target);
        value
    }

    /// A value that came through another resource refers to what it names for whoever reads it, too.
    pub(super) fn refer_to(&mut self, value: Value, at: Span, target: u32) {
        match value {
            Value::Resource(block) => self.edge(block, at, target),
            Value::List(run) => {
                let blocks: Vec<u32> = self
                    .store
                    .items(run)
                    .iter()
                    .filter_map(|item| match item {
                        Value::Resource(block) => Some(*block),
                        _ => None,
                    })
                    .collect();
                // `clusters` and the like: where a resource stands is no reference to it.
                let cluster = self.names.keywords.get(&Sym::new("cluster")).copied();
                for block in blocks {
                    let kind = self.blocks.get(block as usize).map(|block| block.kind);
                    if kind != cluster {
                        self.edge(block, at, target);
                    }
                }
            }
            _ => {}
        }
    }

    /// A finding about what a component or loop made, with the block that used it.
    pub(super) fn used_by(&self, found: Diagnostic, owners: &[u32]) -> Diagnostic {
        let mut found = found;
        let mut shown: Vec<Span> = Vec::new();
        let mut more = 0;
        for &owner in owners {
            let Some(block) = self.blocks.get(owner as usize) else { continue };
            if block.parent == NOTHING {
                continue;
            }
            let mut next = block.parent;
            while let Some(around) = self.blocks.get(next as usize) {
                let inside = found.primary.as_ref().is_some_and(|label| {
                    self.extent_of(next).is_some_and(|whole| {
                        whole.file == label.span.file
                            && whole.start <= label.span.start
                            && label.span.end <= whole.end
                    })
                });
                if !inside && !shown.contains(&around.at) {
                    if shown.len() < 3 {
                        shown.push(around.at);
                        found = found.because(around.at, "used here".to_owned());
                    } else {
                        more += 1;
                    }
                }
                next = around.parent;
            }
        }
        if more > 0 {
            found = found.help(format!("and for {more} more uses"));
        }
        found
    }

    fn extent_of(&self, block: u32) -> Option<Span> {
        let decl = self.decl(block)?;
        let info = self.names.tree(decl.tree);
        Some(info.span(info.tree.member(decl.member).at))
    }
}

impl Turns for Evaluator<'_> {
    fn turns(
        &mut self,
        tree: TreeId,
        member: MemberId,
        with_key: bool,
        source: ExprId,
        around: Around,
    ) -> Option<Vec<(u32, u32)>> {
        if let Some(known) = self.makers.turns.get(&(tree, member, around)) {
            return known.clone();
        }
        // Met again inside of itself, the block's own members decide which members it has.
        self.makers.turns.insert((tree, member, around), None);
        let before = self.waiting();
        let found = self.run_turns(with_key, source, tree, around);
        let found = (self.waiting() == before).then_some(found);
        self.makers.turns.insert((tree, member, around), found.clone());
        found
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
