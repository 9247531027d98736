//! The generators of an app set, as its block and what lies below write them.

use super::check::{Checker, Scope};
use super::schema::SchemaId;
use super::ty::{Ty, Tys};
use crate::embedded::Generator;
use crate::resolve::{DefId, DefKind, TreeId};
use crate::source::{Span, Sym};
use crate::syntax::{BodyId, Expr, ExprId, Key, MemberKind, NO_BASE, Name, Slice};

/// An entry of `from` as bodies write it, before it is known what it gives.
#[derive(Clone, Debug)]
pub(super) struct RawGenerator {
    pub(super) name: Sym,
    pub(super) at: Span,
    schema: Option<SchemaId>,
    /// What says more of it, lowest layer first.
    pub(super) bodies: Vec<(TreeId, BodyId)>,
}

/// A name that an entry of `from` stages.
#[derive(Clone, Copy, Debug)]
pub(super) struct StagedGenerator {
    pub(super) name: Sym,
    pub(super) at: Span,
    pub(super) ty: Ty,
    pub(super) form: Generator,
    pub(super) is_matrix: bool,
}

impl Checker<'_> {
    /// The generators that lie below a block: of its presets, and of `*` blocks of its kind.
    pub(super) fn generators_below(
        &mut self,
        kind: DefId,
        tree: TreeId,
        bases: Slice,
        schema: SchemaId,
    ) -> Vec<RawGenerator> {
        let mut out = Vec::new();
        let Some((_, source)) = self.types.stages_each(schema) else { return out };
        for index in 0..self.names.blocks.len() {
            let Some(block) = self.names.blocks.get(index).filter(|it| it.star && it.kind == kind)
            else {
                continue;
            };
            let (tree, member) = (block.tree, block.member);
            if let MemberKind::Block { body, .. } = self.tree(tree).member(member).kind {
                self.collect_generators(tree, body, source, &mut out);
            }
        }
        self.generators_of_presets(tree, bases, source, &mut Vec::new(), &mut out);
        out
    }

    /// The generators that presets write, and those that they build on.
    pub(super) fn generators_of_bases(
        &mut self,
        tree: TreeId,
        bases: Slice,
        schema: SchemaId,
    ) -> Vec<RawGenerator> {
        let mut out = Vec::new();
        if let Some((_, source)) = self.types.stages_each(schema) {
            self.generators_of_presets(tree, bases, source, &mut Vec::new(), &mut out);
        }
        out
    }

    fn generators_of_presets(
        &mut self,
        tree: TreeId,
        bases: Slice,
        source: Sym,
        seen: &mut Vec<DefId>,
        out: &mut Vec<RawGenerator>,
    ) {
        let nodes = self.tree(tree);
        for base in nodes.paths_of(bases) {
            let names: Vec<Sym> = nodes.names_of(base.names).iter().map(|name| name.sym).collect();
            let Some(def) = self.names.lookup_path(tree, &names) else { continue };
            if self.names.def(def).kind != DefKind::Preset || seen.contains(&def) {
                continue;
            }
            seen.push(def);
            let tree = self.names.def(def).tree;
            if let MemberKind::Preset { bases, body, .. } = self.names.member(def).kind {
                self.generators_of_presets(tree, bases, source, seen, out);
                self.collect_generators(tree, body, source, out);
            }
        }
    }

    /// The entries of `from` that the members of a body write.
    fn collect_generators(
        &mut self,
        tree: TreeId,
        body: BodyId,
        source: Sym,
        out: &mut Vec<RawGenerator>,
    ) {
        let nodes = self.tree(tree);
        for member in nodes.members_of(body) {
            match member.kind {
                MemberKind::Block { path, key: Key::Name(name), bases, body } => {
                    if let [field] = nodes.names_of(path)
                        && field.sym == source
                    {
                        self.note_generator(tree, name, bases, body, out);
                    }
                }
                MemberKind::Block { path, key: Key::None, bases, body } => {
                    match nodes.names_of(path) {
                        [field] if field.sym == source => {
                            self.entries_of_generators(tree, body, out);
                        }
                        [field, name] if field.sym == source => {
                            self.note_generator(tree, *name, bases, body, out);
                        }
                        _ => {}
                    }
                }
                MemberKind::Set { path, value, .. } => match nodes.names_of(path) {
                    [field] if field.sym == source => {
                        if let Expr::Record { base: NO_BASE, body } = nodes.expr(value) {
                            self.entries_of_generators(tree, body, out);
                        }
                    }
                    [field, name] if field.sym == source => {
                        self.note_generator_value(tree, *name, value, out);
                    }
                    _ => {}
                },
                MemberKind::If { then, other, .. } => {
                    for body in std::iter::once(then).chain(other) {
                        self.collect_generators(tree, body, source, out);
                    }
                }
                MemberKind::By { arms, .. } => {
                    for arm in nodes.by_bodies_of(arms) {
                        self.collect_generators(tree, arm.body, source, out);
                    }
                }
                MemberKind::For { body, .. } => self.collect_generators(tree, body, source, out),
                _ => {}
            }
        }
    }

    /// The entries of `from { a : List { }, b = List { } }`.
    fn entries_of_generators(&mut self, tree: TreeId, body: BodyId, out: &mut Vec<RawGenerator>) {
        let nodes = self.tree(tree);
        for member in nodes.members_of(body) {
            match member.kind {
                MemberKind::Block { path, key: Key::None, bases, body } => {
                    if let [name] = nodes.names_of(path) {
                        self.note_generator(tree, *name, bases, body, out);
                    }
                }
                MemberKind::Set { path, value, .. } => {
                    if let [name] = nodes.names_of(path) {
                        self.note_generator_value(tree, *name, value, out);
                    }
                }
                _ => {}
            }
        }
    }

    fn note_generator_value(
        &mut self,
        tree: TreeId,
        name: Name,
        value: ExprId,
        out: &mut Vec<RawGenerator>,
    ) {
        let nodes = self.tree(tree);
        if let Expr::Record { base, body } = nodes.expr(value)
            && base != NO_BASE
        {
            let names = nodes.names_of(nodes.path(base).names);
            let names: Vec<Sym> = names.iter().map(|name| name.sym).collect();
            let schema = self.schema_called(tree, &names);
            self.add_generator(tree, name, schema, body, out);
        }
    }

    fn note_generator(
        &mut self,
        tree: TreeId,
        name: Name,
        bases: Slice,
        body: BodyId,
        out: &mut Vec<RawGenerator>,
    ) {
        let nodes = self.tree(tree);
        let schema = nodes.paths_of(bases).iter().find_map(|path| {
            let names = nodes.names_of(path.names);
            let names: Vec<Sym> = names.iter().map(|name| name.sym).collect();
            self.schema_called(tree, &names)
        });
        // A preset of the generator holds a part of what it says.
        for path in nodes.paths_of(bases) {
            let names: Vec<Sym> = nodes.names_of(path.names).iter().map(|name| name.sym).collect();
            if let Some(def) = self.names.lookup_path(tree, &names)
                && self.names.def(def).kind == DefKind::Preset
                && let MemberKind::Preset { body, .. } = self.names.member(def).kind
            {
                self.add_generator(self.names.def(def).tree, name, schema, body, out);
            }
        }
        self.add_generator(tree, name, schema, body, out);
    }

    fn schema_called(&self, tree: TreeId, names: &[Sym]) -> Option<SchemaId> {
        let def = self.names.lookup_path(tree, names)?;
        self.types.schema_of.get(&def).or_else(|| self.types.preset_of.get(&def)).copied()
    }

    fn add_generator(
        &self,
        tree: TreeId,
        name: Name,
        schema: Option<SchemaId>,
        body: BodyId,
        out: &mut Vec<RawGenerator>,
    ) {
        match out.iter_mut().find(|known| known.name == name.sym) {
            Some(known) => {
                known.schema = schema.or(known.schema);
                known.bodies.push((tree, body));
            }
            None => {
                let at = self.span(tree, name.at);
                out.push(RawGenerator { name: name.sym, at, schema, bodies: vec![(tree, body)] });
            }
        }
    }

    /// The context of a block that has a generator of a name, and where that stands: for who reads the name elsewhere.
    pub(super) fn generator_somewhere(&mut self, name: Sym) -> Option<(SchemaId, Span)> {
        for index in 0..self.names.blocks.len() {
            let block = self.names.blocks.get(index)?;
            let (tree, member) = (block.tree, block.member);
            let Some(schema) = self.types.block_schema.get(index).copied().flatten() else {
                continue;
            };
            let Some((_, source)) = self.types.stages_each(schema) else { continue };
            if let MemberKind::Block { body, .. } = self.tree(tree).member(member).kind {
                let mut found = Vec::new();
                self.collect_generators(tree, body, source, &mut found);
                if let Some(found) = found.iter().find(|it| it.name == name) {
                    return Some((schema, found.at));
                }
            }
        }
        None
    }

    /// The generators that hold in a body of a context: its own, and those from below.
    pub(super) fn generators_of_body(
        &mut self,
        scope: &Scope,
        body: BodyId,
        schema: SchemaId,
    ) -> Vec<StagedGenerator> {
        let Some((_, source)) = self.types.stages_each(schema) else { return Vec::new() };
        let mut raw = scope.below.clone();
        self.collect_generators(scope.tree, body, source, &mut raw);
        let says = |wanted: &str, fits: &dyn Fn(Expr) -> bool| {
            self.tree(scope.tree).members_of(body).any(|member| match member.kind {
                MemberKind::Set { path, value, .. } => {
                    let names = self.tree(scope.tree).names_of(path);
                    matches!(names, [name] if name.sym.as_str() == wanted)
                        && fits(self.tree(scope.tree).expr(value))
                }
                _ => false,
            })
        };
        let is_union = says("union", &|value| value == Expr::Bool(true));
        let is_merge = says("merge", &|value| matches!(value, Expr::List { .. }));
        let is_matrix = raw.len() > 1 && !is_union && !is_merge;
        let mut out: Vec<StagedGenerator> = Vec::new();
        for one in &raw {
            let found = one.schema.and_then(|schema| {
                let form = Generator::of_schema(self.types.schema(schema).name.as_str())?;
                Some((form, self.parameters_of(one, schema)))
            });
            let (form, ty) = found.unwrap_or((Generator::Plugin, Tys::UNKNOWN));
            out.push(StagedGenerator { name: one.name, at: one.at, ty, form, is_matrix });
        }
        if is_union {
            self.union_of(&mut out);
        }
        if is_merge {
            self.merge_of(&mut out);
        }
        out
    }
}
