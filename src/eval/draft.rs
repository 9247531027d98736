//! The writes of all layers of a block, gathered by path, before the rules decide.

use super::shape::{Layer, LayerKind, LayerSource, Shape, Term, Write};
use super::walk::{Act, Around, MOST_CASES, Step, Turns, Visitor, Walk, preset};
use crate::resolve::{DefId, Names, TreeId};
use crate::source::Sym;
use crate::syntax::{BodyId, ExprId, Marks, Member, MemberKind};
use crate::types::{SchemaId, Types};
use rustc_hash::FxHashMap;

/// A write at a path.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    /// Its layer.
    pub(super) layer: u16,
    /// The layer's rank.
    pub(super) rank: (u16, u16),
    /// What its layer is; entries of `*` keys count as [`LayerKind::Star`].
    pub(super) kind: LayerKind,
    /// Its number among the layer's writes.
    pub(super) write: u32,
    /// When it holds.
    pub(super) guard: u16,
    /// Its marks.
    pub(super) marks: Marks,
    /// What it does.
    pub(super) act: EntryAct,
}

/// What a write does, without what settling does not need.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum EntryAct {
    /// Sets the path to a formula.
    Set,
    /// Appends to what lies below.
    Append,
    /// Opens a block.
    Open(Option<SchemaId>),
    /// Sets the whole, written out.
    Whole(Option<SchemaId>),
    /// Removes.
    Remove,
}

impl Entry {
    /// Whether it says something about the path itself, not only about what lies below.
    pub(super) const fn decides(&self) -> bool {
        matches!(self.act, EntryAct::Set | EntryAct::Whole(_) | EntryAct::Remove)
    }
}

/// A body that writes a block, beside presets and `*` blocks.
#[derive(Clone, Debug)]
pub(super) struct OwnBody {
    pub(super) tree: TreeId,
    pub(super) body: BodyId,
    /// The children below which the block is amended, from the outermost: none where the body is the block's own.
    pub(super) chain: Vec<(DefId, Sym)>,
    /// The variables of the loops around it.
    pub(super) locals: (u32, u32),
    /// The use of a component whose inputs are names in it.
    pub(super) inputs: u32,
    pub(super) kind: LayerKind,
}

/// Everything written at a path and below.
#[derive(Clone, Default, Debug)]
pub(super) struct Draft {
    /// Writes of this very path, in the order of the walk.
    pub(super) entries: Vec<Entry>,
    /// What lies below, in the order first written.
    pub(super) children: Vec<(Sym, Draft)>,
    /// What `*` writes below every entry.
    pub(super) star: Option<Box<Draft>>,
    /// Where each child stands, once there are many.
    index: FxHashMap<Sym, usize>,
}

/// As many children are looked at one by one.
const FEW: usize = 16;

impl Draft {
    /// The draft of a child.
    pub(super) fn child(&self, name: Sym) -> Option<&Self> {
        self.children.get(self.place(name)?).map(|(_, draft)| draft)
    }

    fn place(&self, name: Sym) -> Option<usize> {
        if self.children.len() > FEW {
            return self.index.get(&name).copied();
        }
        self.children.iter().position(|(child, _)| *child == name)
    }

    /// Adds a child that is not there yet, and says where it stands.
    fn add(&mut self, name: Sym, child: Self) -> usize {
        let place = self.children.len();
        self.children.push((name, child));
        if place == FEW {
            self.count_children();
        } else if place > FEW {
            self.index.insert(name, place);
        }
        place
    }

    fn count_children(&mut self) {
        self.index.clear();
        if self.children.len() > FEW {
            let places = self.children.iter().enumerate().map(|(place, (name, _))| (*name, place));
            self.index.extend(places);
        }
    }

    /// Puts the writes of another draft over these.
    pub(super) fn merge(&mut self, upper: &Self) {
        self.entries.extend_from_slice(&upper.entries);
        for (name, child) in &upper.children {
            let place = self.place(*name);
            match place.and_then(|place| self.children.get_mut(place)) {
                Some((_, below)) => below.merge(child),
                None => {
                    self.add(*name, child.clone());
                }
            }
        }
        match (&mut self.star, &upper.star) {
            (Some(below), Some(star)) => below.merge(star),
            (place @ None, Some(star)) => *place = Some(star.clone()),
            (_, None) => {}
        }
    }

    fn at(&mut self, path: &[Step]) -> &mut Self {
        let mut draft = self;
        for step in path {
            draft = match *step {
                Step::Star => draft.star.get_or_insert_default(),
                Step::Name(name) => {
                    let index = match draft.place(name) {
                        Some(index) => index,
                        None => draft.add(name, Self::default()),
                    };
                    #[expect(clippy::indexing_slicing, reason = "found or pushed right above")]
                    &mut draft.children[index].1
                }
            };
        }
        draft
    }

    /// Every entry here and below, `*` included.
    pub(super) fn all(&self) -> Vec<Entry> {
        let mut found = Vec::new();
        let mut open = vec![self];
        while let Some(draft) = open.pop() {
            found.extend_from_slice(&draft.entries);
            open.extend(draft.children.iter().map(|(_, child)| child));
            open.extend(draft.star.as_deref());
        }
        found
    }

    /// Puts another draft's writes beneath, as `*` entries.
    pub(super) fn beneath(&mut self, star: &Self) {
        let as_star =
            |entry: &Entry| Entry { kind: LayerKind::Star, rank: (0, entry.rank.0), ..*entry };
        let mut entries: Vec<Entry> = star.entries.iter().map(as_star).collect();
        entries.append(&mut self.entries);
        self.entries = entries;
        for (name, child) in &star.children {
            self.at(&[Step::Name(*name)]).beneath(child);
        }
        if let Some(inner) = &star.star {
            self.at(&[Step::Star]).beneath(inner);
        }
    }

    /// Drops what lies below a rank.
    pub(super) fn cut(&mut self, rank: (u16, u16)) {
        self.entries.retain(|entry| entry.rank >= rank);
        for (_, child) in &mut self.children {
            child.cut(rank);
        }
        self.children.retain(|(_, child)| !child.is_empty());
        self.count_children();
        if let Some(star) = &mut self.star {
            star.cut(rank);
        }
        self.star.take_if(|star| star.is_empty());
    }

    /// Changes the conditions of what lies below a rank.
    pub(super) fn condition(&mut self, rank: (u16, u16), change: &mut dyn FnMut(u16) -> u16) {
        for entry in self.entries.iter_mut().filter(|entry| entry.rank < rank) {
            entry.guard = change(entry.guard);
        }
        for (_, child) in &mut self.children {
            child.condition(rank, change);
        }
        if let Some(star) = &mut self.star {
            star.condition(rank, change);
        }
    }

    fn is_empty(&self) -> bool {
        self.entries.is_empty() && self.children.is_empty() && self.star.is_none()
    }
}

/// Gathers layers into a draft.
pub(super) struct Gather<'a> {
    pub(super) names: &'a Names,
    pub(super) types: &'a Types,
    pub(super) shape: Shape,
    /// The writes of each layer; those of the block itself are the instance's.
    pub(super) writes: Vec<(TreeId, Vec<Write>)>,
    pub(super) root: Draft,
    pub(super) is_broken: bool,
    prefix: Vec<Step>,
    layer: u16,
    guards: Vec<u16>,
    nested: u16,
}

impl<'a> Gather<'a> {
    pub(super) fn new(names: &'a Names, types: &'a Types) -> Self {
        let shape = Shape { guards: vec![Vec::new()], ..Shape::default() };
        Self {
            names,
            types,
            shape,
            writes: Vec::new(),
            root: Draft::default(),
            is_broken: false,
            prefix: Vec::new(),
            layer: 0,
            guards: Vec::new(),
            nested: 0,
        }
    }

    /// Adds a body as the next layer.
    pub(super) fn layer(
        &mut self,
        kind: LayerKind,
        source: LayerSource,
        tree: TreeId,
        body: BodyId,
        turns: &mut dyn Turns,
    ) {
        let major = u16::try_from(self.shape.layers.len() + 1).unwrap_or(u16::MAX);
        let rank = (major, u16::MAX);
        self.push(kind, source, tree, rank, Around::NOTHING, turns, |walk| walk.body(body));
    }

    /// Adds a body of the block's own as the next layer.
    pub(super) fn own(&mut self, own: &OwnBody, number: u16, turns: &mut dyn Turns) {
        let major = u16::try_from(self.shape.layers.len() + 1).unwrap_or(u16::MAX);
        let (rank, source) = ((major, u16::MAX), LayerSource::Own(number));
        let around = Around { locals: own.locals, inputs: own.inputs };
        self.push(own.kind, source, own.tree, rank, around, turns, |walk| {
            walk.own(own.body, &own.chain);
        });
    }

    /// Adds a `*` block; those of one height have one rank, since files have no order.
    pub(super) fn star(
        &mut self,
        star: u32,
        tree: TreeId,
        body: BodyId,
        beside: bool,
        turns: &mut dyn Turns,
    ) {
        let last = self.shape.layers.last().filter(|_| beside).map(|layer| layer.rank);
        let major = u16::try_from(self.shape.layers.len() + 1).unwrap_or(u16::MAX);
        let rank = last.unwrap_or((major, u16::MAX));
        let source = LayerSource::Star(star);
        self.push(LayerKind::Star, source, tree, rank, Around::NOTHING, turns, |walk| {
            walk.body(body)
        });
    }

    /// Adds a preset and those it builds on, the lowest first; each once.
    pub(super) fn preset(&mut self, def: DefId, seen: &mut Vec<DefId>, turns: &mut dyn Turns) {
        for (def, tree, body) in self.chain(def, seen) {
            self.layer(LayerKind::Preset, LayerSource::Preset(def), tree, body, turns);
        }
    }

    fn chain(&self, def: DefId, seen: &mut Vec<DefId>) -> Vec<(DefId, TreeId, BodyId)> {
        let mut out = Vec::new();
        if seen.contains(&def) {
            return out;
        }
        seen.push(def);
        let tree = self.names.def(def).tree;
        let MemberKind::Preset { bases, body, .. } = self.names.member(def).kind else {
            return out;
        };
        let nodes = &self.names.tree(tree).tree;
        for base in nodes.paths_of(bases) {
            if let Some(base) = preset(self.names, tree, *base) {
                out.extend(self.chain(base, seen));
            }
        }
        out.push((def, tree, body));
        out
    }

    #[expect(clippy::too_many_arguments, reason = "a layer, and what its walk needs")]
    fn push(
        &mut self,
        kind: LayerKind,
        source: LayerSource,
        tree: TreeId,
        rank: (u16, u16),
        around: Around,
        turns: &mut dyn Turns,
        walk: impl FnOnce(&mut Walk<'_, 'a, Self>),
    ) -> u16 {
        let number = u16::try_from(self.shape.layers.len()).unwrap_or(u16::MAX);
        self.shape.layers.push(Layer { kind, source, rank });
        self.writes.push((tree, Vec::new()));
        let outer_layer = std::mem::replace(&mut self.layer, number);
        let (names, types) = (self.names, self.types);
        let mut walker = Walk::new(names, types, tree, around, self, turns);
        walk(&mut walker);
        let writes = walker.writes;
        if let Some(place) = self.writes.get_mut(usize::from(number)) {
            place.1 = writes;
        }
        self.layer = outer_layer;
        number
    }

    /// Adds a schema's default as a layer of its own; gives its draft.
    pub(super) fn default(&mut self, tree: TreeId, value: ExprId, turns: &mut dyn Turns) -> Draft {
        let member = Member {
            at: crate::source::Extent::default(),
            marks: Marks::default(),
            marks_at: crate::source::Extent::default(),
            doc: crate::source::Extent::default(),
            because: None,
            kind: MemberKind::Error,
        };
        let outer_root = std::mem::take(&mut self.root);
        let outer_prefix = std::mem::take(&mut self.prefix);
        let source = LayerSource::Default(tree, value);
        let around = Around::NOTHING;
        self.push(LayerKind::Default, source, tree, (0, 0), around, turns, |walk| {
            walk.default(value, &member);
        });
        self.prefix = outer_prefix;
        std::mem::replace(&mut self.root, outer_root)
    }

    fn guard(&self) -> u16 {
        self.guards.last().copied().unwrap_or(0)
    }

    fn enter(&mut self, term: Term) {
        let mut terms =
            self.shape.guards.get(usize::from(self.guard())).cloned().unwrap_or_default();
        terms.push(term);
        self.shape.guards.push(terms);
        self.guards.push(u16::try_from(self.shape.guards.len() - 1).unwrap_or(u16::MAX));
    }

    /// A condition that also wants another one not to hold.
    pub(super) fn also_not(&mut self, guard: u16, not: u16) -> u16 {
        let mut terms = self.shape.guards.get(usize::from(guard)).cloned().unwrap_or_default();
        terms.push(Term::Not { guard: not });
        let known = self.shape.guards.iter().position(|known| *known == terms);
        let index = known.unwrap_or_else(|| {
            self.shape.guards.push(terms);
            self.shape.guards.len() - 1
        });
        u16::try_from(index).unwrap_or(u16::MAX)
    }

    /// Layers of presets that a nested block names.
    fn nested_presets(&mut self, path: &[Step], presets: &[DefId], turns: &mut dyn Turns) {
        let current =
            self.shape.layers.get(usize::from(self.layer)).map_or((0, 0), |layer| layer.rank);
        let mut seen = Vec::new();
        let depth = self.prefix.len();
        self.prefix.extend_from_slice(path);
        for &def in presets {
            for (def, tree, body) in self.chain(def, &mut seen) {
                self.nested = self.nested.saturating_add(1);
                let rank = (current.0, self.nested);
                let source = LayerSource::Preset(def);
                let around = Around::NOTHING;
                self.push(LayerKind::Preset, source, tree, rank, around, turns, |walk| {
                    walk.body(body)
                });
            }
        }
        self.prefix.truncate(depth);
    }

    fn presets_of(&self, tree: TreeId, bases: crate::syntax::Slice) -> Vec<DefId> {
        let nodes = &self.names.tree(tree).tree;
        nodes.paths_of(bases).iter().filter_map(|path| preset(self.names, tree, *path)).collect()
    }
}

impl Visitor for Gather<'_> {
    fn write(
        &mut self,
        path: &[Step],
        write: u32,
        member: &Member,
        act: Act,
        turns: &mut dyn Turns,
    ) {
        let tree = self.writes.get(usize::from(self.layer)).map(|(tree, _)| *tree);
        let (act, presets) = match (act, tree) {
            (Act::Set, _) => (EntryAct::Set, Vec::new()),
            (Act::Append, _) => (EntryAct::Append, Vec::new()),
            (Act::Open { schema, bases }, Some(tree)) => {
                (EntryAct::Open(schema), self.presets_of(tree, bases))
            }
            (Act::Open { schema, .. }, None) => (EntryAct::Open(schema), Vec::new()),
            (Act::Whole { schema, base }, tree) => {
                let preset = tree.zip(base).and_then(|(tree, base)| {
                    preset(self.names, tree, self.names.tree(tree).tree.path(base))
                });
                (EntryAct::Whole(schema), preset.into_iter().collect())
            }
            (Act::Remove, _) => (EntryAct::Remove, Vec::new()),
        };
        let layer = self.shape.layers.get(usize::from(self.layer)).copied();
        let entry = Entry {
            layer: self.layer,
            rank: layer.map_or((0, 0), |layer| layer.rank),
            kind: layer.map_or(LayerKind::Own, |layer| layer.kind),
            write,
            guard: self.guard(),
            marks: member.marks,
            act,
        };
        let full: Vec<Step> = self.prefix.iter().chain(path).copied().collect();
        self.root.at(&full).entries.push(entry);
        if !presets.is_empty() {
            self.nested_presets(path, &presets, turns);
        }
    }

    fn enter_if(&mut self, path: &[Step], write: u32, negated: bool, up: u8) {
        let depth = u16::try_from(self.prefix.len() + path.len()).unwrap_or(u16::MAX);
        self.enter(Term::If { layer: self.layer, write, negated, depth, up });
    }

    fn enter_by(&mut self, write: u32, arm: u16) {
        self.enter(Term::By { layer: self.layer, write, arm });
    }

    fn leave(&mut self) {
        self.guards.pop();
    }

    fn broken(&mut self) {
        self.is_broken = true;
    }

    fn is_full(&self) -> bool {
        self.shape.guards.len().max(self.shape.layers.len()) as u64 >= MOST_CASES
    }
}
