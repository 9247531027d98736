//! Computed records: the fields of a staged name, told from another field of the same block.
//!
//! `staged label: labels-of(expr)` has the labels that the query `expr` yields. Where the block says `expr` once and
//! for all, its texts are checked as they are typed; else the evaluator asks the same question of the final value.

use super::check::{Checker, Scope};
use super::errors;
use super::meaning::Types;
use super::schema::SchemaId;
use super::ty::{TextKind, Ty, TyKind, Tys};
use crate::diag::{Diagnostic, nearest};
use crate::embedded::promql;
use crate::resolve::TreeId;
use crate::source::{Extent, Span, Sym};
use crate::syntax::{BodyId, Expr, ExprId, Marks, MemberKind, NO_BASE, Name, TextPart};

/// What computes the fields of a record.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Computing {
    /// The labels of the series that a query yields.
    LabelsOf,
    /// The elements of a list of names, or the keys of a map.
    KeysOf,
    /// The parameters that the generators of a map give: each generator's name is one of the context.
    ParametersOf,
}

/// Every computing function: its name, and what it computes from.
const ROWS: &[(Computing, &str, &str)] = &[
    (Computing::LabelsOf, "labels-of", "a PromQL"),
    (Computing::KeysOf, "keys-of", "a list of String, or a map with String keys"),
    (Computing::ParametersOf, "parameters-of", "a map of generators"),
];

/// The fields of a computed record, where they are known: no other is there.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Known {
    /// Their names.
    pub names: Vec<Sym>,
    /// The part of the field's text that says so; none where the whole value does.
    pub at: Option<Extent>,
}

impl Computing {
    /// Its name in the language.
    pub fn word(self) -> &'static str {
        ROWS.iter().find(|row| row.0 == self).map_or("", |row| row.1)
    }

    /// What a text of the field says; none where that depends on more than the text.
    pub fn of_text(self, text: &str) -> Option<Known> {
        match self {
            Self::LabelsOf => {
                let found = promql::labels(text)?;
                let names = found.names.iter().map(|name| Sym::new(name)).collect();
                Some(Known { names, at: Some(found.at) })
            }
            Self::KeysOf | Self::ParametersOf => None,
        }
    }

    /// What names say: the elements of a list, or the keys of a map.
    pub fn of_names(self, names: Vec<Sym>) -> Option<Known> {
        match self {
            Self::LabelsOf | Self::ParametersOf => None,
            Self::KeysOf => Some(Known { names, at: None }),
        }
    }

    /// The label at what says which fields there are.
    pub(super) fn because(self, known: &Known) -> String {
        let list: Vec<String> =
            known.names.iter().take(6).map(|name| format!("`{name}`")).collect();
        let more = if known.names.len() > 6 { ", .." } else { "" };
        match (self, list.as_slice()) {
            (Self::LabelsOf, []) => "keeps no label".to_owned(),
            (Self::LabelsOf, _) => format!("keeps only {}{more}", list.join(", ")),
            (Self::KeysOf | Self::ParametersOf, []) => "holds nothing".to_owned(),
            (Self::KeysOf | Self::ParametersOf, _) => {
                format!("holds only {}{more}", list.join(", "))
            }
        }
    }

    /// What to do about a field that is not there.
    fn help(self, name: Sym, known: &Known) -> Option<String> {
        match self {
            Self::LabelsOf => {
                let mut kept: Vec<&str> = known.names.iter().map(|name| name.as_str()).collect();
                kept.push(name.as_str());
                Some(format!("let the query keep it: `by ({})`", kept.join(", ")))
            }
            Self::KeysOf | Self::ParametersOf => None,
        }
    }
}

impl Types {
    /// The error about a field that a computed record does not have. `lost` is where that is said.
    pub fn no_computed_field(
        &self,
        computing: Computing,
        known: &Known,
        (owner, name, at): (&str, Sym, Span),
        lost: Span,
    ) -> Diagnostic {
        let names: Vec<&str> = known.names.iter().map(|name| name.as_str()).collect();
        let near = nearest(name.as_str(), names.iter().copied()).map(|near| (near, None));
        let is_near = near.is_some();
        let error = errors::unknown_field(name.as_str(), owner, at, near, &[])
            .because(lost, computing.because(known));
        match computing.help(name, known) {
            Some(help) if !is_near => error.help(help),
            _ => error,
        }
    }

    /// The staged names of a context that are computed records: name, what computes it, and from which field.
    pub fn computed(&self, context: SchemaId) -> Vec<(Sym, Computing, Sym)> {
        self.staged(context)
            .filter_map(|field| match *self.tys.kind(self.tys.strip(field.ty)) {
                TyKind::Computed(computing, source) => Some((field.name, computing, source)),
                _ => None,
            })
            .collect()
    }
}

/// A computed type, to be held against the field that it names when all fields are known.
#[derive(Clone, Copy, Debug)]
pub(super) struct Declared {
    pub(super) schema: SchemaId,
    computing: Computing,
    source: Name,
    tree: TreeId,
}

impl Checker<'_> {
    /// `labels-of(expr)`, as the type of a staged name.
    pub(super) fn computed_type(&mut self, tree: TreeId, function: Name, source: Name) -> Ty {
        let at = self.span(tree, function.at);
        let Some(&(computing, ..)) = ROWS.iter().find(|row| row.1 == function.sym.as_str()) else {
            let near = nearest(function.sym.as_str(), ROWS.iter().map(|row| row.1));
            let error = errors::unknown_type(
                function.sym.as_str(),
                at,
                "function that computes a record",
                near,
            );
            self.report(error);
            return Tys::UNKNOWN;
        };
        let Some(schema) = self.declaring else { return Tys::UNKNOWN };
        self.computed.push(Declared { schema, computing, source, tree });
        self.types.tys.intern(TyKind::Computed(computing, source.sym))
    }

    /// Whether the fields that computed records name are there, and fit.
    pub(super) fn computed_sources(&mut self) {
        for found in std::mem::take(&mut self.computed) {
            let at = self.span(found.tree, found.source.at);
            let schema = self.types.schema(found.schema);
            let name = found.source.sym;
            let field = schema.fields.iter().find(|field| field.name == name);
            let Some(field) = field.filter(|field| !field.marks.has(Marks::STAGED)) else {
                if !schema.broken {
                    let known: Vec<&str> = schema
                        .fields
                        .iter()
                        .filter(|field| !field.marks.has(Marks::STAGED))
                        .map(|field| field.name.as_str())
                        .collect();
                    let near = nearest(name.as_str(), known.iter().copied());
                    let near = near.map(|near| (near, None));
                    let owner = schema.name;
                    let error =
                        errors::unknown_field(name.as_str(), owner.as_str(), at, near, &known);
                    self.report(error);
                }
                continue;
            };
            let (ty, declared) = (field.ty, field.at);
            if ty != Tys::UNKNOWN && self.element_of(found.computing, ty).is_none() {
                let wanted =
                    ROWS.iter().find(|row| row.0 == found.computing).map_or("", |row| row.2);
                let error = errors::mismatch(at, &self.show(ty), wanted, None);
                self.report(error.because(declared, format!("`{name}` is declared here")));
            }
        }
    }

    /// What the fields are of a record that is computed from a field of a type; none where that fits nothing.
    fn element_of(&self, computing: Computing, source: Ty) -> Option<Ty> {
        let source = self.types.later_query(source).unwrap_or(source);
        match (computing, self.types.tys.kind(self.types.tys.present(source))) {
            (Computing::LabelsOf, TyKind::Text(TextKind::PromQl)) => Some(Tys::STRING),
            (Computing::KeysOf, TyKind::List(of)) if self.wants_text(*of) => Some(Tys::STRING),
            (Computing::KeysOf | Computing::ParametersOf, TyKind::Map(key, value))
                if self.wants_text(*key) =>
            {
                Some(*value)
            }
            _ => None,
        }
    }

    /// A field of a computed record, which `owner` reads.
    pub(super) fn computed_field(
        &mut self,
        scope: &Scope,
        context: SchemaId,
        (computing, source): (Computing, Sym),
        owner: ExprId,
        (name, at): (Option<Sym>, Span),
    ) -> Ty {
        let field = self.types.slot(context, source).and_then(|slot| {
            self.types.schema(context).fields.get(usize::from(slot)).map(|field| field.ty)
        });
        let Some(of) = field.and_then(|ty| self.element_of(computing, ty)) else {
            return Tys::UNKNOWN;
        };
        let settled = scope.block.filter(|block| {
            self.types.contexts.get(&block.0).is_some_and(|&block| block == context)
        });
        if let (Some((_, body)), Some(name)) = (settled, name)
            && let Some((known, lost)) = self.constant_fields(scope.tree, body, computing, source)
            && !known.names.contains(&name)
        {
            let written = self.names.text(scope.tree, self.tree(scope.tree).expr_extent(owner));
            let error = self.types.no_computed_field(computing, &known, (written, name, at), lost);
            self.report(error);
            return Tys::UNKNOWN;
        }
        self.types.tys.intern(TyKind::Later(of, context))
    }

    /// The labels of the block around, where its own constant query says them.
    pub(super) fn settled_labels(&self, scope: &Scope, context: SchemaId) -> Option<(Known, Span)> {
        let (schema, body) = scope.block?;
        if self.types.contexts.get(&schema) != Some(&context) {
            return None;
        }
        let computed = self.types.computed(context);
        let (_, computing, source) =
            computed.into_iter().find(|row| row.1 == Computing::LabelsOf)?;
        self.constant_fields(scope.tree, body, computing, source)
    }

    /// The fields that a block's own, constant, unconditional value of a field gives, and where they are said.
    fn constant_fields(
        &self,
        tree: TreeId,
        body: BodyId,
        computing: Computing,
        source: Sym,
    ) -> Option<(Known, Span)> {
        let nodes = self.tree(tree);
        let mut values = nodes.members_of(body).filter_map(|member| match member.kind {
            MemberKind::Set { path, value, append } => match nodes.names_of(path) {
                [name] if name.sym == source => Some((!append).then_some(value)),
                [name, ..] if name.sym == source => Some(None),
                _ => None,
            },
            MemberKind::Block { path, .. } | MemberKind::Remove { path } => {
                nodes.names_of(path).first().filter(|name| name.sym == source).map(|_| None)
            }
            _ => None,
        });
        let value = values.next()??;
        if values.next().is_some() {
            return None;
        }
        match computing {
            Computing::LabelsOf => self.labels_of(tree, value),
            Computing::KeysOf => {
                let known = computing.of_names(self.constant_names(tree, value)?)?;
                let lost = self.names.text_place(tree, value, known.at);
                Some((known, lost))
            }
            Computing::ParametersOf => None,
        }
    }

    /// The labels of a query that is written here; its holes are whatever fits.
    fn labels_of(&self, tree: TreeId, expr: ExprId) -> Option<(Known, Span)> {
        match self.tree(tree).expr(expr) {
            Expr::Paren(inner) => self.labels_of(tree, inner),
            Expr::Text(text) => {
                let held = self.names.held(tree, text, promql::HOLE);
                let known = Computing::LabelsOf.of_text(&held.text)?;
                let (at, _) = held.place(known.at?)?;
                Some((known, self.span(tree, at)))
            }
            _ => None,
        }
    }

    /// What a text without holes holds.
    pub(super) fn constant_text(&self, tree: TreeId, expr: ExprId) -> Option<String> {
        let nodes = self.tree(tree);
        match nodes.expr(expr) {
            Expr::Paren(inner) => self.constant_text(tree, inner),
            Expr::Text(text) => {
                let parts = nodes.parts_of(nodes.text(text).parts);
                let is_constant = !parts.iter().any(|part| matches!(part, TextPart::Hole(_)));
                is_constant.then(|| self.verbatim(tree, text))
            }
            _ => None,
        }
    }

    /// The elements of a list of constant texts, or the keys of a map that is written out.
    fn constant_names(&self, tree: TreeId, expr: ExprId) -> Option<Vec<Sym>> {
        let nodes = self.tree(tree);
        match nodes.expr(expr) {
            Expr::Paren(inner) => self.constant_names(tree, inner),
            Expr::List(elements) => nodes
                .elements(elements)
                .iter()
                .map(|&element| Some(Sym::new(&self.constant_text(tree, element)?)))
                .collect(),
            Expr::Record { base: NO_BASE, body } => nodes
                .members_of(body)
                .map(|member| match member.kind {
                    MemberKind::Set { path, .. } | MemberKind::Block { path, .. } => {
                        nodes.names_of(path).first().map(|name| name.sym)
                    }
                    _ => None,
                })
                .collect(),
            _ => None,
        }
    }

    /// A computed type that is not that of a staged name.
    pub(super) fn misplaced_computed(&mut self, tree: TreeId, function: Name) {
        let at = self.span(tree, function.at);
        self.report(errors::misplaced(
            &format!("`{}(..)`", function.sym),
            at,
            "a record is computed for a staged name: `staged label: labels-of(expr)`",
        ));
    }
}
