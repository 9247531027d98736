//! One walk over the writes of a body, for counting and for settling alike: both see the writes in
//! the same order, so that a number is enough to name one.

use rustc_hash::FxHasher;
use std::hash::{Hash, Hasher};

use super::shape::Write;
use crate::resolve::{DefId, DefKind, Names, TreeId};
use crate::source::Sym;
use crate::syntax::{
    BodyId, Expr, ExprId, Key, Marks, Member, MemberId, MemberKind, Slice, TextId, TextPart,
    TypePath,
};
use crate::types::{Meaning, MemberMeaning, SchemaId, Types};

/// What a write does at its path.
#[derive(Clone, Copy, Debug)]
pub(super) enum Act {
    /// `path = formula`.
    Set,
    /// `path += formula`.
    Append,
    /// `path { }`, `path key : Base { }`: the schema, and the bases of the block.
    Open { schema: Option<SchemaId>, bases: Slice },
    /// `path = { }`: a literal that sets the whole.
    Whole { schema: Option<SchemaId>, base: Option<u32> },
    /// `remove path`.
    Remove,
}

/// A step of a path.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) enum Step {
    /// A field of a record, or a key of a map.
    Name(Sym),
    /// `*`: every entry of the map.
    Star,
}

/// What listens to a walk.
pub(super) trait Visitor {
    /// A write; `path` is relative to the body that the walk began with.
    fn write(
        &mut self,
        path: &[Step],
        write: u32,
        member: &Member,
        act: Act,
        turns: &mut dyn Turns,
    );
    /// The condition of an `if` (a write of its own), before its members; `up` uses of components outside of the block.
    fn enter_if(&mut self, path: &[Step], write: u32, negated: bool, up: u8);
    /// An arm of a `by`, before its members.
    fn enter_by(&mut self, write: u32, arm: u16);
    /// The end of a condition or arm.
    fn leave(&mut self);
    /// Whether the body could not be read whole.
    fn broken(&mut self);
    /// Whether no more conditions and presets fit.
    fn is_full(&self) -> bool {
        false
    }
}

/// Conditions and presets of a block are counted in sixteen bits: loops may put in as many, so that what is written out
/// once fits beside them.
pub(super) const MOST_CASES: u64 = 60_000;

/// What surrounds a formula beside its record: the variables of loops, and the use of a component whose inputs are names.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) struct Around {
    pub(super) locals: (u32, u32),
    pub(super) inputs: u32,
}

impl Around {
    /// The top of a file.
    pub(super) const NOTHING: Self = Self { locals: (0, 0), inputs: super::evaluator::NOTHING };
}

/// What a walk must have computed: loops among members, and keys with holes. They depend on no value of the block.
pub(super) trait Turns {
    /// How many members the loops of one body may write.
    fn most_members(&self) -> u64;
    /// Reports that a loop writes too much.
    fn too_many(&mut self, tree: TreeId, member: MemberId, what: &'static str, limit: u64);
    /// The variables of each turn; `None` when they are not known.
    fn turns(
        &mut self,
        tree: TreeId,
        member: MemberId,
        with_key: bool,
        source: ExprId,
        around: Around,
    ) -> Option<Vec<(u32, u32)>>;
    /// The variables of each turn of a comprehension among members; `None` when they are not known.
    fn comprehended(
        &mut self,
        tree: TreeId,
        member: MemberId,
        clauses: Slice,
        around: Around,
    ) -> Option<Vec<(u32, u32)>>;
    /// A key with holes.
    fn key(&mut self, tree: TreeId, text: TextId, around: Around) -> Option<Sym>;
    /// A computed key.
    fn key_value(&mut self, tree: TreeId, expr: ExprId, around: Around) -> Option<Sym>;
    /// A member amends a child that is there.
    fn hit(&mut self, tree: TreeId, member: MemberId);
    /// Reports.
    fn tell(&mut self, found: crate::diag::Diagnostic);
    /// How much was reported.
    fn told(&self) -> usize;
}

/// Walks the writes of a body.
pub(super) struct Walk<'v, 'a, V> {
    pub(super) names: &'a Names,
    pub(super) types: &'a Types,
    pub(super) tree: TreeId,
    pub(super) visitor: &'v mut V,
    pub(super) writes: Vec<Write>,
    pub(super) path: Vec<Step>,
    pub(super) around: Around,
    pub(super) turns: &'v mut dyn Turns,
}

impl<'v, 'a, V: Visitor> Walk<'v, 'a, V> {
    pub(super) fn new(
        names: &'a Names,
        types: &'a Types,
        tree: TreeId,
        around: Around,
        visitor: &'v mut V,
        turns: &'v mut dyn Turns,
    ) -> Self {
        Self { names, types, tree, visitor, writes: Vec::new(), path: Vec::new(), around, turns }
    }

    /// Walks a body of a block: all of it, or below a chain of children what amends the last of them.
    pub(super) fn own(&mut self, body: BodyId, chain: &[(DefId, Sym)]) {
        match chain.split_first() {
            None => self.body(body),
            Some(_) => self.amended(body, chain),
        }
    }

    /// Looks through the body of a component's use for what amends a child.
    fn amended(&mut self, body: BodyId, chain: &[(DefId, Sym)]) {
        let Some((&(wanted, name), rest)) = chain.split_first() else { return };
        let up = u8::try_from(chain.len()).unwrap_or(u8::MAX);
        let names: &'a Names = self.names;
        let tree = &names.tree(self.tree).tree;
        if tree.body(body).broken {
            self.visitor.broken();
        }
        for &id in tree.member_ids(body) {
            match tree.member(id).kind {
                MemberKind::Block { key, body, .. } => {
                    let MemberMeaning::Child { kind } = self.types.member(self.tree, id) else {
                        continue;
                    };
                    if kind != wanted || self.key(key) != Some(name) {
                        continue;
                    }
                    self.turns.hit(self.tree, id);
                    self.own(body, rest);
                }
                MemberKind::By { arms, .. } => {
                    let number = self.next(id, None);
                    for (arm, by) in (0u16..).zip(tree.by_bodies_of(arms)) {
                        self.visitor.enter_by(number, arm);
                        self.amended(by.body, chain);
                        self.visitor.leave();
                    }
                }
                MemberKind::If { condition, then, other } => {
                    let number = self.next(id, Some(condition));
                    for (body, negated) in
                        std::iter::once((then, false)).chain(other.map(|other| (other, true)))
                    {
                        self.visitor.enter_if(&[], number, negated, up);
                        self.amended(body, chain);
                        self.visitor.leave();
                    }
                }
                MemberKind::For { key, source, body, .. } => {
                    self.repeat(id, key.is_some(), source, |walk| walk.amended(body, chain));
                }
                _ => {}
            }
        }
    }

    /// Walks members once a turn of their loop.
    fn repeat(
        &mut self,
        id: MemberId,
        with_key: bool,
        source: ExprId,
        mut each: impl FnMut(&mut Self),
    ) {
        let around = self.around;
        let Some(turns) = self.turns.turns(self.tree, id, with_key, source, around) else {
            self.visitor.broken();
            return;
        };
        let most = self.turns.most_members();
        for locals in turns {
            let full = if self.writes.len() as u64 > most {
                Some(("members that loops write in one block", most))
            } else if self.visitor.is_full() {
                Some(("conditions and presets that loops put into one block", MOST_CASES))
            } else {
                None
            };
            if let Some((what, limit)) = full {
                self.turns.too_many(self.tree, id, what, limit);
                self.visitor.broken();
                break;
            }
            self.around = Around { locals, ..around };
            each(self);
        }
        self.around = around;
    }

    /// A key as it is, or with its holes filled.
    fn key(&mut self, key: Key) -> Option<Sym> {
        match key {
            Key::Name(name) => Some(name.sym),
            Key::Text(text) => self.turns.key(self.tree, text, self.around),
            Key::None | Key::Star(_) => None,
        }
    }

    fn next(&mut self, member: MemberId, value: Option<ExprId>) -> u32 {
        let number = u32::try_from(self.writes.len()).unwrap_or(u32::MAX);
        let Around { locals, inputs } = self.around;
        self.writes.push(Write { member, value, locals, inputs });
        number
    }

    pub(super) fn body(&mut self, body: BodyId) {
        let names: &'a Names = self.names;
        let tree = &names.tree(self.tree).tree;
        if tree.body(body).broken {
            self.visitor.broken();
        }
        for &id in tree.member_ids(body) {
            self.member(id);
        }
    }

    fn member(&mut self, id: MemberId) {
        let names: &'a Names = self.names;
        let tree = &names.tree(self.tree).tree;
        let member = tree.member(id);
        let meaning = self.types.member(self.tree, id);
        match member.kind {
            MemberKind::Set { path, append, value } => {
                if meaning == MemberMeaning::Nothing {
                    self.visitor.broken();
                    return;
                }
                let depth = self.path.len();
                self.path.extend(tree.names_of(path).iter().map(|name| Step::Name(name.sym)));
                self.set(id, member, append, value);
                self.path.truncate(depth);
            }
            MemberKind::Block { path, key, bases, body } => {
                let schema = match meaning {
                    MemberMeaning::Nothing => {
                        self.visitor.broken();
                        return;
                    }
                    MemberMeaning::Write { schema, .. } | MemberMeaning::Entry { schema } => schema,
                    // It is a layer of that child, not of this block.
                    MemberMeaning::Child { .. } | MemberMeaning::Around => return,
                };
                let depth = self.path.len();
                self.path.extend(tree.names_of(path).iter().map(|name| Step::Name(name.sym)));
                match key {
                    Key::Name(name) => self.path.push(Step::Name(name.sym)),
                    Key::Star(_) => self.path.push(Step::Star),
                    Key::None => {}
                    Key::Text(_) => match self.key(key) {
                        Some(name) => self.path.push(Step::Name(name)),
                        None => {
                            self.path.truncate(depth);
                            self.visitor.broken();
                            return;
                        }
                    },
                }
                let number = self.next(id, None);
                self.visitor.write(
                    &self.path,
                    number,
                    member,
                    Act::Open { schema, bases },
                    self.turns,
                );
                self.body(body);
                self.path.truncate(depth);
            }
            MemberKind::Remove { path } => {
                if meaning == MemberMeaning::Nothing {
                    self.visitor.broken();
                    return;
                }
                let depth = self.path.len();
                self.path.extend(tree.names_of(path).iter().map(|name| Step::Name(name.sym)));
                let number = self.next(id, None);
                self.visitor.write(&self.path, number, member, Act::Remove, self.turns);
                self.path.truncate(depth);
            }
            MemberKind::Patch { path, name, body } => {
                let MemberMeaning::Write { schema, .. } = meaning else {
                    self.visitor.broken();
                    return;
                };
                let depth = self.path.len();
                let object = tree.names_of(tree.path(path).names).iter();
                let mut key = object.map(|name| name.sym.as_str()).collect::<Vec<_>>().join(".");
                if let Some(name) = name {
                    key.push(' ');
                    for part in tree.parts_of(tree.text(name).parts) {
                        if let TextPart::Verbatim(at) = *part {
                            key.push_str(names.text(self.tree, at));
                        }
                    }
                }
                self.path.extend([Step::Name(Sym::new("patch")), Step::Name(Sym::new(&key))]);
                let number = self.next(id, None);
                let bases = Slice::default();
                let act = Act::Open { schema, bases };
                self.visitor.write(&self.path, number, member, act, self.turns);
                self.body(body);
                self.path.truncate(depth);
            }
            MemberKind::By { arms, .. } => {
                let number = self.next(id, None);
                for (arm, by) in (0u16..).zip(tree.by_bodies_of(arms)) {
                    self.visitor.enter_by(number, arm);
                    self.body(by.body);
                    self.visitor.leave();
                }
            }
            MemberKind::If { condition, then, other } => {
                let number = self.next(id, Some(condition));
                self.visitor.enter_if(&self.path, number, false, 0);
                self.body(then);
                self.visitor.leave();
                if let Some(other) = other {
                    self.visitor.enter_if(&self.path, number, true, 0);
                    self.body(other);
                    self.visitor.leave();
                }
            }
            MemberKind::For { key, source, body, .. } => {
                self.repeat(id, key.is_some(), source, |walk| walk.body(body));
            }
            MemberKind::Computed { key, value } => {
                let Some(name) = self.turns.key_value(self.tree, key, self.around) else {
                    self.visitor.broken();
                    return;
                };
                self.path.push(Step::Name(name));
                self.set(id, member, false, value);
                self.path.pop();
            }
            MemberKind::Field { name, default: Some(value), .. }
                if member.marks.has(Marks::PARAM) =>
            {
                if meaning == MemberMeaning::Nothing {
                    self.visitor.broken();
                    return;
                }
                let depth = self.path.len();
                self.path.extend([Step::Name(Sym::new("param")), Step::Name(name.sym)]);
                self.set(id, member, false, value);
                self.path.truncate(depth);
            }
            MemberKind::Comprehension { key, value, clauses } => {
                let around = self.around;
                let Some(turns) = self.turns.comprehended(self.tree, id, clauses, around) else {
                    self.visitor.broken();
                    return;
                };
                for locals in turns {
                    self.around = Around { locals, ..around };
                    match self.turns.key_value(self.tree, key, self.around) {
                        Some(name) => {
                            self.path.push(Step::Name(name));
                            self.set(id, member, false, value);
                            self.path.pop();
                        }
                        None => self.visitor.broken(),
                    }
                }
                self.around = around;
            }
            MemberKind::Spread(value) => {
                let number = self.next(id, Some(value));
                self.visitor.write(&self.path, number, member, Act::Append, self.turns);
            }
            _ => {}
        }
    }

    /// A value at the path; a record or map that is written out is walked into.
    fn set(&mut self, id: MemberId, member: &Member, append: bool, value: ExprId) {
        let names: &'a Names = self.names;
        let tree = &names.tree(self.tree).tree;
        let written = match tree.expr(value) {
            // Keys that are computed are known only when the map is.
            Expr::Record { body, .. }
                if tree.members_of(body).any(|member| super::map::is_computed(&member.kind)) =>
            {
                None
            }
            Expr::Record { base, body } => Some((base, body)),
            _ => None,
        };
        if let (false, Some((base, body))) = (append, written) {
            let schema = match self.types.meaning(self.tree, value) {
                Meaning::Record(schema) => Some(schema),
                Meaning::Map => None,
                _ => {
                    // It could not be typed: the path is written, its value is not known.
                    let number = self.next(id, Some(value));
                    self.visitor.write(&self.path, number, member, Act::Set, self.turns);
                    return;
                }
            };
            let base = (base != crate::syntax::NO_BASE && self.is_preset(base)).then_some(base);
            let number = self.next(id, Some(value));
            self.visitor.write(&self.path, number, member, Act::Whole { schema, base }, self.turns);
            self.body(body);
            return;
        }
        let number = self.next(id, Some(value));
        let act = if append { Act::Append } else { Act::Set };
        self.visitor.write(&self.path, number, member, act, self.turns);
    }

    /// Whether a path names a preset.
    fn is_preset(&self, path: u32) -> bool {
        let tree = &self.names.tree(self.tree).tree;
        preset(self.names, self.tree, tree.path(path)).is_some()
    }

    /// Walks a literal as if it were set at the root: a schema's default.
    pub(super) fn default(&mut self, value: ExprId, member: &Member) {
        self.set(MemberId(0), member, false, value);
    }
}

/// The key of a shape: equal for blocks with equal structure.
#[derive(Default)]
pub(super) struct Structure {
    pub(super) hasher: FxHasher,
    pub(super) second: FxHasher,
    pub(super) is_broken: bool,
}

impl Structure {
    pub(super) fn note(&mut self, what: impl Hash) {
        what.hash(&mut self.hasher);
        // A second, differently seeded hash makes an accidental match practically impossible.
        self.second.write_u32(0x9e37_79b9);
        what.hash(&mut self.second);
    }

    pub(super) fn finish(&self) -> (u64, u64) {
        (self.hasher.finish(), self.second.finish())
    }
}

impl Visitor for Structure {
    fn write(
        &mut self,
        path: &[Step],
        _write: u32,
        member: &Member,
        act: Act,
        _turns: &mut dyn Turns,
    ) {
        self.note(path);
        self.note(member.marks.0);
        match act {
            Act::Set => self.note(1u8),
            Act::Append => self.note(2u8),
            Act::Open { schema, bases } => {
                self.note((3u8, schema, bases.len));
                // Nested bases name presets by path: such blocks have a shape of their own.
                self.is_broken |= bases.len > 0;
            }
            Act::Whole { schema, base } => {
                self.note((4u8, schema));
                self.is_broken |= base.is_some();
            }
            Act::Remove => self.note(6u8),
        }
    }

    fn enter_if(&mut self, path: &[Step], _write: u32, negated: bool, up: u8) {
        self.note(path.len());
        self.note((7u8, negated, up));
    }

    fn enter_by(&mut self, _write: u32, arm: u16) {
        self.note((8u8, arm));
    }

    fn leave(&mut self) {
        self.note(9u8);
    }

    fn broken(&mut self) {
        self.is_broken = true;
    }
}

/// The preset that a path names.
pub(super) fn preset(names: &Names, tree: TreeId, path: TypePath) -> Option<DefId> {
    let nodes = &names.tree(tree).tree;
    let segments: Vec<Sym> = nodes.names_of(path.names).iter().map(|name| name.sym).collect();
    let def = names.lookup_path(tree, &segments)?;
    (names.def(def).kind == DefKind::Preset).then_some(def)
}
