//! The room's one function: every declaration and block, checked.

use rustc_hash::FxHashMap;

use super::declare;
use super::declared::DeclaredName;
use super::errors;
use super::errors::later::Now;
use super::generators::{RawGenerator, StagedGenerator};
use super::meaning::{Meaning, Types};
use super::narrow::Fact;
use super::schema::SchemaId;
use super::ty::{Named, Ty};
use crate::diag::{Diagnostic, Sink};
use crate::resolve::{DefId, DefKind, Names, TreeId, Wrap, private, target_in_dependency};
use crate::source::{Extent, Span, Sym};
use crate::syntax::{BodyId, ExprId, MemberId, MemberKind, Tree};

/// Types a program.
pub fn check(names: &Names, sink: &mut Sink) -> Types {
    let types = Types::sized(
        names.trees.iter().map(|info| (info.tree.exprs.len(), info.tree.members.len())),
    );
    let mut checker = Checker {
        names,
        types,
        sink,
        lets: Vec::new(),
        typing: Vec::new(),
        inside: None,
        uses: FxHashMap::default(),
        variables: false,
        declaring: None,
        computed: Vec::new(),
        now: Now::Value,
        chain_reported: false,
        comparisons: COMPARISONS,
        shared: FxHashMap::default(),
    };
    declare::declare(&mut checker);
    checker.definitions();
    checker.blocks();
    checker.tests();
    checker.types
}

/// The context of this room.
pub(super) struct Checker<'a> {
    pub(super) names: &'a Names,
    pub(super) types: Types,
    pub(super) sink: &'a mut Sink,
    /// The `let`s whose types are being found, for cycles.
    pub(super) lets: Vec<DefId>,
    /// The `let`s of bodies whose types are being found.
    pub(super) typing: Vec<(TreeId, MemberId)>,
    /// The `let` or function that is being checked.
    pub(super) inside: Option<DefId>,
    /// Which `let`s and functions each of them uses, and where: for cycles.
    pub(super) uses: FxHashMap<DefId, Vec<(DefId, Span)>>,
    /// The schema whose fields are being declared: what `later T` belongs to.
    pub(super) declaring: Option<SchemaId>,
    /// The computed types that were declared.
    pub(super) computed: Vec<super::computed::Declared>,
    /// Why what is being checked must be known while building.
    pub(super) now: Now,
    /// Whether type expressions may hold type variables.
    pub(super) variables: bool,
    /// Whether too long a chain of them was reported.
    pub(super) chain_reported: bool,
    /// How many more names may be compared with misspelt ones.
    pub(super) comparisons: usize,
    /// The schemas of what all members of a kind have, for its `*` blocks.
    pub(super) shared: FxHashMap<SchemaId, DefId>,
}

/// How many names are compared with misspelt ones in a run: what has thousands of mistakes has one cause, and
/// comparing each with every resource would take longer than anything else.
const COMPARISONS: usize = 500_000;

/// What surrounds an expression.
#[derive(Clone, Debug)]
pub(super) struct Scope {
    /// Its tree.
    pub(super) tree: TreeId,
    /// The schema being declared: its fields are names.
    pub(super) declared: Option<SchemaId>,
    /// The records around, outermost first: the last is `self`, the one before `outer`.
    pub(super) records: Vec<SchemaId>,
    /// Loop variables, parameters, and what a pattern binds.
    pub(super) locals: Vec<Local>,
    /// The context whose staged names are in scope.
    pub(super) staged: Option<SchemaId>,
    /// The innermost block of a context around, where nothing may amend what it says.
    pub(super) block: Option<(SchemaId, BodyId)>,
    /// Whether blocks here have the last word: no preset, `*` block or component, which others amend.
    pub(super) settled: bool,
    /// The type of the replaced value, inside `override`.
    pub(super) inherited: Option<Ty>,
    /// The component whose body this is: its children are what keywords mean.
    pub(super) component: Option<DefId>,
    /// The schema of that component, where its fields are names of another record: in its blocks.
    pub(super) inputs: Option<SchemaId>,
    /// The `let`s of the bodies around, outermost first.
    pub(super) lets: Vec<BodyLet>,
    /// The function whose body or default this is.
    pub(super) function: Option<DefId>,
    /// What the conditions around say.
    pub(super) facts: Vec<Fact>,
    /// The names that the record around declares in its `declared` maps; above all records, those that come from presets.
    pub(super) names: Vec<DeclaredName>,
    /// The generators of the block around: their names are staged.
    pub(super) generators: Vec<StagedGenerator>,
    /// Above all records, the generators that come from presets and `*` blocks.
    pub(super) below: Vec<RawGenerator>,
}

/// A loop variable, parameter, or what a pattern binds.
#[derive(Clone, Copy, Debug)]
pub(super) struct Local {
    pub(super) name: Sym,
    pub(super) ty: Ty,
    pub(super) at: Span,
}

/// A `let` of a body.
#[derive(Clone, Copy, Debug)]
pub(super) struct BodyLet {
    pub(super) name: Sym,
    pub(super) member: MemberId,
    /// How many records are around its body.
    pub(super) records: usize,
    /// How many locals are in scope there.
    pub(super) locals: usize,
    pub(super) at: Span,
}

impl Scope {
    pub(super) fn new(tree: TreeId) -> Self {
        Self {
            tree,
            declared: None,
            records: Vec::new(),
            locals: Vec::new(),
            staged: None,
            block: None,
            settled: false,
            inherited: None,
            component: None,
            inputs: None,
            lets: Vec::new(),
            facts: Vec::new(),
            names: Vec::new(),
            generators: Vec::new(),
            below: Vec::new(),
            function: None,
        }
    }
}

impl<'a> Checker<'a> {
    pub(super) fn tree(&self, id: TreeId) -> &'a Tree {
        &self.names.tree(id).tree
    }

    pub(super) fn span(&self, tree: TreeId, at: Extent) -> Span {
        self.names.tree(tree).span(at)
    }

    pub(super) fn expr_span(&self, tree: TreeId, expr: ExprId) -> Span {
        self.span(tree, self.tree(tree).expr_extent(expr))
    }

    pub(super) fn report(&mut self, diagnostic: Diagnostic) {
        self.sink.report(diagnostic);
    }

    /// Whether a misspelt name may still be compared with so many others.
    pub(super) fn may_compare(&mut self, candidates: usize) -> bool {
        let left = self.comparisons.checked_sub(candidates);
        self.comparisons = left.unwrap_or(0);
        left.is_some()
    }

    /// No type of this name, unless an import failed to bring it: that error stands already.
    pub(super) fn no_type(
        &mut self,
        tree: TreeId,
        names: &[Sym],
        at: Span,
        what: &str,
        near: Option<&str>,
    ) {
        if let Some(hidden) = self.names.hidden(tree, names) {
            let found = private(hidden.name.as_str(), at, hidden.at);
            self.report(found);
        } else if !self.names.is_missing(tree, names) {
            let name = names.last().copied().unwrap_or(Sym::EMPTY);
            self.report(errors::unknown_type(name.as_str(), at, what, near));
        }
    }

    /// A type as the language writes it.
    pub(super) fn show(&self, ty: Ty) -> String {
        self.types.tys.show(ty, &|named| match named {
            Named::Schema(schema) => self.types.schema(schema).name,
            Named::Def(def) => self.names.def(def).name,
        })
    }

    pub(super) fn mean(&mut self, scope: &Scope, expr: ExprId, meaning: Meaning) {
        self.types.set(scope.tree, expr, meaning);
        if let Meaning::Resource(block) = meaning
            && self.names.module(self.names.tree(scope.tree).module).is_dependency()
            && let Some(block) = self.names.blocks.get(block as usize)
        {
            let word = self.keyword_of(block.kind);
            if matches!(word.as_str(), "environment" | "cluster") {
                let at = self.expr_span(scope.tree, expr);
                self.report(target_in_dependency(word.as_str(), block.name.as_str(), at));
            }
        }
    }

    /// Defaults, checks, presets and `let`s.
    fn definitions(&mut self) {
        self.built_in_names();
        for index in 0..self.types.schemas.len() {
            self.schema(SchemaId(u32::try_from(index).unwrap_or(u32::MAX)));
        }
        for index in 0..self.names.defs.len() {
            let id = DefId(u32::try_from(index).unwrap_or(u32::MAX));
            let def = *self.names.def(id);
            match def.kind {
                DefKind::Let => {
                    self.let_type(id);
                }
                DefKind::Preset => {
                    let member = *self.names.member(id);
                    let MemberKind::Preset { bases, body, .. } = member.kind else { continue };
                    let Some(&schema) = self.types.preset_of.get(&id) else { continue };
                    let mut scope = Scope::new(def.tree);
                    self.block_bases(def.tree, bases, schema, false);
                    self.preset_loop(id);
                    scope.names = self.names_of_bases(def.tree, bases, schema);
                    scope.below = self.generators_of_bases(def.tree, bases, schema);
                    self.body(&scope, body, schema);
                }
                DefKind::Fn => self.function(id),
                DefKind::Type | DefKind::Schema | DefKind::Kind | DefKind::Component => {}
            }
        }
        self.call_cycles();
    }

    /// Every top-level block.
    fn blocks(&mut self) {
        for index in 0..self.names.blocks.len() {
            let Some(block) = self.names.blocks.get(index) else { continue };
            let schema = self.types.block_schema.get(index).copied().flatten();
            let (tree, member, kind, star) = (block.tree, block.member, block.kind, block.star);
            let component = block.component;
            self.external_component(tree, member, kind);
            let mut scope = Scope { settled: !star && component.is_none(), ..Scope::new(tree) };
            if let Some(component) = component {
                scope.component = Some(component);
                scope.inputs = self.types.schema_of.get(&component).copied();
                self.component_lets(&mut scope, component);
            }
            for wrap in &block.wraps {
                match *wrap {
                    Wrap::If { condition, negated } => {
                        self.condition(&scope, condition);
                        self.assume(&mut scope, condition, !negated);
                    }
                    Wrap::For { key, value, source } => self.turn(&mut scope, key, value, source),
                }
            }
            if let Some(text) = block.text {
                self.key_text(&scope, text);
            }
            let MemberKind::Block { bases, body, .. } = self.tree(tree).member(member).kind else {
                continue;
            };
            match schema {
                Some(schema) => {
                    let union = self.types.kinds.get(&kind).is_some_and(|kind| kind.union);
                    if star {
                        self.star_bases(tree, bases, union);
                    } else {
                        self.block_bases(tree, bases, schema, union);
                    }
                    if !star {
                        scope.names = self.names_below(kind, tree, bases, schema);
                        scope.below = self.generators_below(kind, tree, bases, schema);
                    }
                    self.body(&scope, body, schema);
                }
                None if star && bases.is_empty() => self.star_of_union(&scope, kind, body),
                None => {}
            }
        }
    }
}
