//! Later values: which context a type belongs to, and where a value must be known now.

use super::call::TWINS;
use super::check::{Checker, Scope};
use super::engine::Engine;
use super::errors::later::{self as errors, Context, Now};
use super::expectation::Expectation;
use super::meaning::{Meaning, Signature};
use super::name::MOST_NESTED;
use super::schema::SchemaId;
use super::ty::{Ty, TyKind, Tys};
use crate::resolve::{DefId, TreeId};
use crate::source::{Span, Sym};
use crate::syntax::{Expr, ExprId, KindBody, Marks, MemberKind, NO_BASE, TyId};

impl Checker<'_> {
    /// `later T`, `later T of Alert`.
    pub(super) fn later_type(
        &mut self,
        tree: TreeId,
        id: TyId,
        of: TyId,
        context: u32,
        path: &mut Vec<DefId>,
    ) -> Ty {
        let of = self.ty(tree, of, path);
        let found = if context == NO_BASE {
            let around = self.declaring.and_then(|schema| self.staging(schema));
            if around.is_none() {
                let at = self.span(tree, self.tree(tree).ty_extent(id));
                let written = self.names.text(tree, self.tree(tree).ty_extent(id));
                let known = self.contexts();
                self.report(errors::no_context(written, at, &known));
            }
            around
        } else {
            self.context_named(tree, context)
        };
        match found {
            Some(context) if of != Tys::UNKNOWN => {
                self.types.tys.intern(TyKind::Later(of, context))
            }
            _ => Tys::UNKNOWN,
        }
    }

    fn context_named(&mut self, tree: TreeId, path: u32) -> Option<SchemaId> {
        let schema = self.schema_path(tree, path, "schema")?;
        let found = self.staging(schema);
        if found.is_none() {
            let at = self.span(tree, self.tree(tree).path(path).at);
            let (name, def) = (self.types.schema(schema).name, self.types.schema(schema).def);
            let declared = self.names.def(def).at;
            let known = self.contexts();
            self.report(errors::stages_nothing(name.as_str(), at, declared, &known));
        }
        found
    }

    /// The context that a schema is: it stages names, or copies them from what it extends. Asked while types are
    /// read, so that declarations answer and not the tables.
    pub(super) fn staging(&self, schema: SchemaId) -> Option<SchemaId> {
        let mut id = self.types.schema(schema).def;
        for _ in 0..MOST_NESTED {
            let tree = self.names.def(id).tree;
            let (extends, body) = match self.names.member(id).kind {
                MemberKind::Schema { extends, body, .. }
                | MemberKind::Kind { extends, is: KindBody::Fields(body), .. } => (extends, body),
                _ => return None,
            };
            let nodes = self.tree(tree);
            if nodes.members_of(body).any(|member| member.marks.has(Marks::STAGED)) {
                return self.types.schema_of.get(&id).copied();
            }
            let names = nodes.names_of(nodes.path(extends?).names);
            let names: Vec<Sym> = names.iter().map(|name| name.sym).collect();
            id = self.names.lookup_path(tree, &names)?;
        }
        None
    }

    /// The names of all contexts, for messages.
    fn contexts(&self) -> Vec<&'static str> {
        let all = (0..self.types.schemas.len()).filter_map(|index| u32::try_from(index).ok());
        let mut known: Vec<&str> = all
            .map(SchemaId)
            .filter(|&schema| self.staging(schema) == Some(schema))
            .map(|schema| self.types.schema(schema).name.as_str())
            .collect();
        known.sort_unstable();
        known.dedup();
        known
    }

    /// Whether a type is that of a value known later; gives its context.
    pub(super) fn known_later(&self, ty: Ty) -> Option<SchemaId> {
        match *self.types.tys.kind(self.types.tys.present(ty)) {
            TyKind::Later(_, context) => Some(context),
            _ => None,
        }
    }

    /// Looks at what must be known while building, for a reason.
    pub(super) fn needing<R>(&mut self, now: Now, look: impl FnOnce(&mut Self) -> R) -> R {
        let around = std::mem::replace(&mut self.now, now);
        let found = look(self);
        self.now = around;
        found
    }

    /// Reports a value that is known only later where it must be known now. Whether it is one.
    pub(super) fn refused_later(&mut self, scope: &Scope, expr: ExprId, ty: Ty, now: Now) -> bool {
        let Some(context) = self.known_later(ty) else { return false };
        let error = self.not_yet(scope, expr, context, now);
        self.report(error);
        true
    }

    /// Reports a later value that may be missing when it is asked for.
    pub(super) fn later_may_be_absent(
        &mut self,
        scope: &Scope,
        expr: ExprId,
        found: Ty,
        inner: Ty,
    ) {
        let at = self.expr_span(scope.tree, expr);
        let (found, wanted) = (self.show(found), self.show(inner));
        self.report(super::errors::may_be_absent(at, &found, None, &wanted));
    }

    /// The error about a value that is known only later.
    pub(super) fn not_yet(
        &self,
        scope: &Scope,
        expr: ExprId,
        context: SchemaId,
        now: Now,
    ) -> crate::diag::Diagnostic {
        let at = self.expr_span(scope.tree, expr);
        let written = self.names.text(scope.tree, self.tree(scope.tree).expr_extent(expr));
        let staged = self.staged_root(scope.tree, expr);
        let staged = staged.as_ref().map(|(name, at)| (name.as_str(), *at));
        let about = self.about(context, staged.map(|(name, _)| Sym::new(name)));
        errors::later(written, at, now, &about, staged)
    }

    /// A staged name that nothing here can hold, or that belongs to another context.
    pub(super) fn staged_name(
        &mut self,
        scope: &Scope,
        name: Sym,
        at: Span,
        (context, declared): (SchemaId, Span),
        expect: Option<Expectation>,
    ) {
        let error = match scope.staged {
            Some(place) if place != context => {
                let (found, of) = (self.types.schema(context), self.types.schema(place));
                let staged = (declared, format!("`{name}` is staged by `{}`", found.name));
                let wanted = self.place_of(place, expect);
                errors::other_context(
                    name.as_str(),
                    at,
                    (found.name, &self.types.when(context)),
                    staged,
                    wanted,
                    (of.name, &self.types.when(place)),
                )
            }
            _ => {
                let about = self.about(context, Some(name));
                let staged = Some((name.as_str(), declared));
                errors::later(name.as_str(), at, self.now, &about, staged)
            }
        };
        self.report(error);
    }

    /// A value of one context where a value of another one is wanted.
    pub(super) fn of_other_context(
        &self,
        scope: &Scope,
        expr: ExprId,
        (found, wanted): (SchemaId, SchemaId),
        expect: Option<Expectation>,
    ) -> crate::diag::Diagnostic {
        let at = self.expr_span(scope.tree, expr);
        let written = self.names.text(scope.tree, self.tree(scope.tree).expr_extent(expr));
        let of = self.types.schema(found);
        let staged = match self.staged_root(scope.tree, expr) {
            Some((name, at)) => (at, format!("`{name}` is staged by `{}`", of.name)),
            None => (self.names.def(of.def).at, format!("`{}` is declared here", of.name)),
        };
        errors::other_context(
            written,
            at,
            (of.name, &self.types.when(found)),
            staged,
            self.place_of(wanted, expect),
            (self.types.schema(wanted).name, &self.types.when(wanted)),
        )
    }

    /// Where it is said which context's values are wanted.
    fn place_of(&self, context: SchemaId, expect: Option<Expectation>) -> (Span, String) {
        match expect.filter(|expect| self.types.context_of(expect.ty) == Some(context)) {
            Some(expect) => (expect.origin, expect.because(&self.show(expect.ty))),
            None => {
                let schema = self.types.schema(context);
                (self.names.def(schema.def).at, format!("`{}` is declared here", schema.name))
            }
        }
    }

    /// What messages say about a context, and one of its staged names.
    fn about(&self, context: SchemaId, staged: Option<Sym>) -> Context<'static> {
        Context {
            name: self.types.schema(context).name,
            when: self.types.when(context),
            instead: self.types.engine(context).map(|row| row.instead),
            fields: self.types.later_fields(context, staged),
            functions: self.functions_for(context),
        }
    }

    /// The error about a staged name that is read as a field: `self.value`.
    pub(super) fn staged_field(
        &self,
        scope: &Scope,
        expr: ExprId,
        base: Ty,
        name: Sym,
    ) -> Option<crate::diag::Diagnostic> {
        let schema = match *self.types.tys.kind(self.types.tys.strip(base)) {
            TyKind::Schema(schema) | TyKind::Member(_, schema) => schema,
            TyKind::Ref(kind) => *self.members_of(kind).first()?,
            _ => return None,
        };
        let field = self.types.staged(schema).find(|field| field.name == name)?;
        let context = self.staging(schema).unwrap_or(schema);
        let at = self.expr_span(scope.tree, expr);
        let written = self.names.text(scope.tree, self.tree(scope.tree).expr_extent(expr));
        let staged = Some((name.as_str(), field.at));
        let error = errors::later(written, at, Now::Bare, &self.about(context, Some(name)), staged);
        Some(if scope.staged == Some(context) {
            error.fix(format!("write `{name}`"), at, name.as_str(), true)
        } else {
            error
        })
    }

    /// A later value of the right context and the wrong type.
    pub(super) fn later_mismatch(
        &self,
        scope: &Scope,
        expr: ExprId,
        found: Ty,
        expect: Expectation,
    ) -> crate::diag::Diagnostic {
        let at = self.expr_span(scope.tree, expr);
        let (shown, wanted) = (self.show(found), self.show(expect.ty));
        let error = super::errors::mismatch(at, &shown, &wanted, Some(expect));
        let of = |ty: Ty| match *self.types.tys.kind(self.types.tys.present(ty)) {
            TyKind::Later(of, _) => self.types.tys.strip(of),
            _ => Tys::UNKNOWN,
        };
        let printable = matches!(
            self.types.tys.kind(of(found)),
            TyKind::Bool | TyKind::Int | TyKind::Float | TyKind::Quantity(_)
        );
        if printable && of(expect.ty) == Tys::STRING {
            let written = self.names.text(scope.tree, self.tree(scope.tree).expr_extent(expr));
            let text = format!("\"\\({written})\"");
            return error.fix(format!("write `{text}`"), at, text, true);
        }
        error
    }

    /// The context whose values a function takes or gives.
    pub(super) fn serves(&self, signature: &Signature) -> Option<SchemaId> {
        let params = signature.params.iter().map(|param| param.ty);
        params.chain([signature.result]).find_map(|ty| self.known_later(ty))
    }

    /// Reports a function of one context that is called in a text of another one.
    pub(super) fn of_other_engine(&mut self, def: DefId, at: Span, of: SchemaId, place: SchemaId) {
        let found = *self.names.def(def);
        let functions = self.functions_for(place);
        let error = errors::other_engine(
            found.name.as_str(),
            at,
            found.at,
            self.types.schema(of).name,
            self.types.schema(place).name,
            &functions,
        );
        self.report(error);
    }

    /// The functions that take later values of a context, by name.
    pub(super) fn functions_for(&self, context: SchemaId) -> Vec<&'static str> {
        let mut found: Vec<&str> = self
            .types
            .functions
            .iter()
            .filter(|(_, signature)| {
                let params = signature.params.iter().map(|param| self.known_later(param.ty));
                let result = self.known_later(signature.result);
                params.clone().any(|of| of == Some(context))
                    && params.chain([result]).all(|of| of.is_none_or(|of| of == context))
            })
            .map(|(&def, _)| self.names.def(def).name.as_str())
            .collect();
        if self.types.is_served(context, Engine::ArgoCd) {
            found.extend(TWINS);
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    /// The staged name that an expression reads, and where that is declared.
    fn staged_root(&self, tree: TreeId, expr: ExprId) -> Option<(Sym, Span)> {
        let nodes = self.tree(tree);
        match nodes.expr(expr) {
            Expr::Name(name) => match self.types.meaning(tree, expr) {
                Meaning::Staged(context, slot) => {
                    let field = self.types.schema(context).fields.get(usize::from(slot))?;
                    let is_each = self.types.stages_each(context).is_some_and(|it| it.0 == slot);
                    Some((if is_each { name } else { field.name }, field.at))
                }
                _ => None,
            },
            Expr::Field { base, .. } | Expr::Index { base, .. } => self.staged_root(tree, base),
            Expr::Paren(inner) => self.staged_root(tree, inner),
            Expr::Call { start, len, .. } => nodes
                .args_of(crate::syntax::Slice { start, len })
                .iter()
                .find_map(|arg| self.staged_root(tree, arg.value)),
            Expr::Binary { left, right, .. } => {
                self.staged_root(tree, left).or_else(|| self.staged_root(tree, right))
            }
            _ => None,
        }
    }
}
