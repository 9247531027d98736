//! Expressions: with an expectation, or to be found out.

use super::check::{Checker, Scope};
use super::errors;
use super::expectation::{Expectation, Why};
use super::meaning::{IsTest, Meaning};
use super::schema::SchemaId;
use super::ty::{Ty, TyKind, Tys};
use crate::diag::nearest;
use crate::resolve::{DefId, DefKind, unsupported};
use crate::source::{Span, Sym};
use crate::syntax::{Clause, Expr, ExprId, Marks, NO_BASE, UnaryOp};

impl Checker<'_> {
    /// Checks an expression of which nothing is expected, and gives its type.
    pub(super) fn infer(&mut self, scope: &Scope, expr: ExprId) -> Ty {
        self.visit(scope, expr, None)
    }

    /// Checks an expression against what is wanted; gives the type found.
    pub(super) fn expect(&mut self, scope: &Scope, expr: ExprId, expect: Expectation) -> Ty {
        let found = self.visit(scope, expr, Some(expect));
        if self.passes_on(scope, expr) || self.fits(found, expect.ty) {
            return found;
        }
        let at = self.expr_span(scope.tree, expr);
        let (shown, wanted) = (self.show(found), self.show(expect.ty));
        let error = if let TyKind::Optional(inner) = *self.types.tys.core(found)
            && self.fits(inner, expect.ty)
        {
            errors::may_be_absent(at, &shown, Some(expect), &wanted)
        } else if matches!(self.types.tys.core(found), TyKind::Later(_)) {
            errors::later("this value", at, "when the alert fires")
                .because(expect.origin, expect.because(&wanted))
        } else {
            errors::mismatch(at, &shown, &wanted, Some(expect))
        };
        self.report(error);
        self.mean(scope, expr, Meaning::Wrong);
        Tys::UNKNOWN
    }

    /// Marks an expression in which an error was reported: its value is poison. Records are not
    /// marked, since their other fields are still known.
    fn settle(&mut self, scope: &Scope, expr: ExprId, before: usize) {
        let is_record = matches!(self.tree(scope.tree).expr(expr), Expr::Record { .. });
        if self.sink.len() > before && !is_record {
            self.mean(scope, expr, Meaning::Wrong);
        }
    }

    /// A condition: a `Bool`.
    pub(super) fn condition(&mut self, scope: &Scope, expr: ExprId) {
        let at = self.expr_span(scope.tree, expr);
        let expect = Expectation::new(Tys::BOOL, at, Why::Rule("a condition is `Bool`"));
        self.expect(scope, expr, expect);
    }

    /// Whether the parts of an expression were checked against the expectation themselves.
    fn passes_on(&self, scope: &Scope, expr: ExprId) -> bool {
        matches!(
            self.tree(scope.tree).expr(expr),
            Expr::Paren(_) | Expr::If { .. } | Expr::By { .. } | Expr::Error
        )
    }

    fn visit(&mut self, scope: &Scope, expr: ExprId, expect: Option<Expectation>) -> Ty {
        let before = self.sink.len();
        let ty = self.form(scope, expr, expect);
        self.types.set_type(scope.tree, expr, ty);
        self.settle(scope, expr, before);
        ty
    }

    fn form(&mut self, scope: &Scope, expr: ExprId, expect: Option<Expectation>) -> Ty {
        let nodes = self.tree(scope.tree);
        let at = self.expr_span(scope.tree, expr);
        match nodes.expr(expr) {
            Expr::Error => Tys::UNKNOWN,
            Expr::Bool(_) => Tys::BOOL,
            Expr::None => self.types.tys.intern(TyKind::None),
            Expr::Number => self.number(scope, expr, nodes.expr_extent(expr), false, expect),
            Expr::Text(text) => self.text(scope, expr, text, expect),
            Expr::Name(name) => self.name(scope, expr, name, expect, false),
            Expr::TypeName(path) => {
                let written = self.names.text(scope.tree, nodes.path(path).at);
                self.report(errors::not_a_value(
                    written,
                    at,
                    format!("a record of it is written `{written} {{ }}`"),
                ));
                Tys::UNKNOWN
            }
            Expr::SelfBlock => self.around(scope, at, "self", 1),
            Expr::Outer => self.around(scope, at, "outer", 2),
            Expr::Here => self.types.tys.intern(TyKind::Here),
            Expr::All(path) => self.all(scope, expr, path),
            Expr::Field { base, name, optional } => self.field(scope, expr, base, name, optional),
            Expr::Index { base, index } => self.index(scope, base, index),
            Expr::Call { callee, start, len } => self.call(scope, callee, start, len, at),
            Expr::Unary { op, operand } => self.unary(scope, expr, op, operand, expect),
            Expr::Binary { op, left, right } => self.binary(scope, expr, op, left, right, expect),
            Expr::If { condition, yes, no } => {
                self.condition(scope, condition);
                match expect {
                    Some(expect) => {
                        self.expect(scope, yes, expect);
                        self.expect(scope, no, expect);
                        expect.ty
                    }
                    None => {
                        let yes_ty = self.infer(scope, yes);
                        self.same(scope, no, yes_ty, yes)
                    }
                }
            }
            Expr::Match { .. } => {
                self.report(unsupported("`match`", at));
                Tys::UNKNOWN
            }
            Expr::By { axis, start, len } => self.by(scope, axis, start, len, expect),
            Expr::List(elements) => self.list(scope, elements, expect),
            Expr::ListFor { value, start, len } => self.list_for(scope, value, start, len, expect),
            Expr::Record { base, body } => {
                let base = (base != NO_BASE).then_some(base);
                self.record(scope, expr, base, body, expect)
            }
            Expr::Paren(inner) => match expect {
                Some(expect) => self.expect(scope, inner, expect),
                None => self.infer(scope, inner),
            },
            Expr::Spread(_) => {
                self.report(errors::misplaced("`...`", at, "it spreads a list inside `[ ]`"));
                Tys::UNKNOWN
            }
        }
    }

    /// Checks a second branch against the first.
    fn same(&mut self, scope: &Scope, expr: ExprId, first_ty: Ty, first: ExprId) -> Ty {
        let origin = self.expr_span(scope.tree, first);
        let literal = matches!(
            self.types.tys.kind(first_ty),
            TyKind::Literal(_) | TyKind::String | TyKind::Text(_) | TyKind::None
        );
        if literal || first_ty == Tys::UNKNOWN {
            let second = self.infer(scope, expr);
            if let Some(ty) = self.join(first_ty, second) {
                return ty;
            }
            let at = self.expr_span(scope.tree, expr);
            let (found, wanted) = (self.show(second), self.show(first_ty));
            let expect = Expectation::new(first_ty, origin, Why::Operand);
            self.report(errors::mismatch(at, &found, &wanted, Some(expect)));
            return Tys::UNKNOWN;
        }
        self.expect(scope, expr, Expectation::new(first_ty, origin, Why::Operand));
        first_ty
    }

    fn around(&mut self, scope: &Scope, at: Span, word: &str, up: usize) -> Ty {
        let record = scope.records.len().checked_sub(up).and_then(|i| scope.records.get(i)).copied();
        match record.or(if up == 1 { scope.declared } else { None }) {
            Some(schema) => self.types.tys.intern(TyKind::Schema(schema)),
            None => {
                self.report(errors::not_a_value(
                    word,
                    at,
                    "`self` is the block around a value, `outer` the block around that one".to_owned(),
                ));
                Tys::UNKNOWN
            }
        }
    }

    fn all(&mut self, scope: &Scope, expr: ExprId, path: u32) -> Ty {
        let nodes = self.tree(scope.tree);
        let path = nodes.path(path);
        let at = self.span(scope.tree, path.at);
        let names: Vec<Sym> = nodes.names_of(path.names).iter().map(|name| name.sym).collect();
        let name = names.last().copied().unwrap_or(Sym::EMPTY);
        match self.names.lookup_path(scope.tree, &names) {
            Some(def) if self.names.def(def).kind == DefKind::Kind => {
                self.mean(scope, expr, Meaning::All(def));
                let of = self.types.tys.intern(TyKind::Ref(def));
                self.types.tys.intern(TyKind::List(of))
            }
            _ => {
                let known = self.names.visible(scope.tree, |kind| kind == DefKind::Kind);
                let near = nearest(name.as_str(), known);
                self.report(errors::unknown_type(name.as_str(), at, "kind", near));
                Tys::UNKNOWN
            }
        }
    }

    fn field(&mut self, scope: &Scope, expr: ExprId, base: ExprId, name: u32, optional: bool) -> Ty {
        let nodes = self.tree(scope.tree);
        let name = nodes.name(name);
        let at = self.span(scope.tree, name.at);
        let base_ty = match nodes.expr(base) {
            Expr::Name(sym) => {
                let ty = self.name(scope, base, sym, None, true);
                self.types.set_type(scope.tree, base, ty);
                ty
            }
            _ => self.infer(scope, base),
        };
        if self.types.meaning(scope.tree, base) == Meaning::Module {
            return self.module_member(scope, expr, base, name.sym, at);
        }
        let base_ty = if optional {
            self.types.tys.present(base_ty)
        } else if let TyKind::Optional(inner) = *self.types.tys.core(base_ty) {
            let found = self.show(base_ty);
            let wanted = self.show(inner);
            let base_at = self.expr_span(scope.tree, base);
            self.report(errors::may_be_absent(base_at, &found, None, &wanted));
            return Tys::UNKNOWN;
        } else {
            base_ty
        };
        let ty = self.field_of(scope, expr, base_ty, name.sym, at);
        if optional && ty != Tys::UNKNOWN && !self.types.tys.is_optional(ty) {
            return self.types.tys.intern(TyKind::Optional(ty));
        }
        ty
    }

    fn field_of(&mut self, scope: &Scope, expr: ExprId, base: Ty, name: Sym, at: Span) -> Ty {
        let base = self.types.tys.strip(base);
        match self.types.tys.kind(base).clone() {
            TyKind::Unknown => Tys::UNKNOWN,
            TyKind::Schema(schema) => self.schema_field(&[schema], base, name, at),
            TyKind::Ref(kind) => {
                let members =
                    self.types.kinds.get(&kind).map(|kind| kind.members.clone()).unwrap_or_default();
                self.schema_field(&members, base, name, at)
            }
            TyKind::Union(_) => {
                let schemas: Vec<SchemaId> = self
                    .types
                    .tys
                    .members(base)
                    .into_iter()
                    .filter_map(|member| match self.types.tys.kind(member) {
                        TyKind::Schema(schema) => Some(*schema),
                        _ => None,
                    })
                    .collect();
                if schemas.is_empty() {
                    let found = self.show(base);
                    self.report(errors::no_fields(&found, at, None));
                    return Tys::UNKNOWN;
                }
                self.schema_field(&schemas, base, name, at)
            }
            TyKind::Map(_, value) => value,
            TyKind::Range(of) => {
                if matches!(name.as_str(), "low" | "high") {
                    return self.types.tys.intern(TyKind::Optional(of));
                }
                let owner = self.show(base);
                let near = nearest(name.as_str(), ["low", "high"]).map(|near| (near, None));
                self.report(errors::unknown_field(name.as_str(), &owner, at, near, &["low", "high"]));
                Tys::UNKNOWN
            }
            TyKind::Here => {
                let kind = match name.as_str() {
                    "cluster" => "cluster",
                    "environment" => "environment",
                    other => {
                        let known = ["cluster", "environment"];
                        let near = nearest(other, known).map(|near| (near, None));
                        self.report(errors::unknown_field(other, "here", at, near, &known));
                        return Tys::UNKNOWN;
                    }
                };
                match self.names.keywords.get(&Sym::new(kind)) {
                    Some(&kind) => self.types.tys.intern(TyKind::Ref(kind)),
                    None => Tys::UNKNOWN,
                }
            }
            TyKind::Keyword(kind) => {
                if let Some(&index) = self.types.resources.get(&(kind, name)) {
                    self.mean(scope, expr, Meaning::Resource(index));
                    return self.types.tys.intern(TyKind::Ref(kind));
                }
                self.unknown_resource(name, kind, at, None);
                Tys::UNKNOWN
            }
            TyKind::Later(of) => {
                let inner = self.field_of(scope, expr, of, name, at);
                if inner == Tys::UNKNOWN {
                    return inner;
                }
                self.types.tys.intern(TyKind::Later(inner))
            }
            TyKind::Data => base,
            TyKind::Bool
            | TyKind::Int
            | TyKind::Float
            | TyKind::String
            | TyKind::Quantity(_)
            | TyKind::List(_)
            | TyKind::Optional(_)
            | TyKind::Literal(_)
            | TyKind::Text(_)
            | TyKind::Alias(..)
            | TyKind::Refined(..)
            | TyKind::None => {
                let found = self.show(base);
                self.report(errors::no_fields(&found, at, None));
                Tys::UNKNOWN
            }
        }
    }

    /// A field that every one of some schemas has; else an entry of an addressable map.
    fn schema_field(&mut self, schemas: &[SchemaId], owner: Ty, name: Sym, at: Span) -> Ty {
        let mut found: Option<Ty> = None;
        for &schema in schemas {
            let info = self.types.schema(schema);
            if let Some(field) =
                info.by_name.get(&name).and_then(|&slot| info.fields.get(usize::from(slot)))
            {
                let ty = field.ty;
                found = Some(match found {
                    None => ty,
                    Some(before) => self.join(before, ty).unwrap_or(Tys::UNKNOWN),
                });
                continue;
            }
            let entry = info
                .fields
                .iter()
                .filter(|field| field.marks.has(Marks::ADDRESSABLE))
                .map(|field| field.ty)
                .next();
            if let Some(map) = entry
                && let TyKind::Map(_, value) = *self.types.tys.core(map)
            {
                found = Some(value);
                continue;
            }
            if info.broken {
                return Tys::UNKNOWN;
            }
            self.no_such_field(schema, owner, schemas.len() > 1, name, at);
            return Tys::UNKNOWN;
        }
        found.unwrap_or(Tys::UNKNOWN)
    }

    fn no_such_field(&mut self, schema: SchemaId, owner: Ty, union: bool, name: Sym, at: Span) {
        let info = self.types.schema(schema);
        let known: Vec<&str> = info.fields.iter().map(|field| field.name.as_str()).collect();
        let near = nearest(name.as_str(), known.iter().copied()).map(|near| {
            let declared = info.fields.iter().find(|field| field.name.as_str() == near);
            (near, declared.map(|field| field.at))
        });
        let mut owner_name = info.name.to_string();
        if union {
            let shown = self.show(owner);
            owner_name = format!("{owner_name}, one member of {shown},");
        }
        let error = errors::unknown_field(name.as_str(), &owner_name, at, near, &known);
        self.report(error);
    }

    fn module_member(&mut self, scope: &Scope, expr: ExprId, base: ExprId, name: Sym, at: Span) -> Ty {
        let Expr::Name(module) = self.tree(scope.tree).expr(base) else { return Tys::UNKNOWN };
        let found = self.names.lookup_path(scope.tree, &[module, name]);
        match found.map(|def| (def, self.names.def(def).kind)) {
            Some((def, DefKind::Let)) => {
                self.mean(scope, expr, Meaning::Let(def));
                self.let_type(def)
            }
            Some((def, DefKind::Fn)) => {
                self.mean(scope, expr, Meaning::Fn(def));
                Tys::UNKNOWN
            }
            Some((_, DefKind::Type | DefKind::Schema | DefKind::Kind | DefKind::Preset)) | None => {
                self.report(errors::unknown_name(name.as_str(), at, None, None));
                Tys::UNKNOWN
            }
        }
    }

    fn index(&mut self, scope: &Scope, base: ExprId, index: ExprId) -> Ty {
        let found = self.infer(scope, base);
        let at = self.expr_span(scope.tree, base);
        match *self.types.tys.core(found) {
            TyKind::List(of) => {
                let expect = Expectation::new(Tys::INT, at, Why::Rule("a list is read by number"));
                self.expect(scope, index, expect);
                of
            }
            TyKind::Map(key, value) => {
                let expect = Expectation::new(key, at, Why::Rule("a map is read by its key"));
                self.expect(scope, index, expect);
                value
            }
            TyKind::Unknown => {
                self.infer(scope, index);
                Tys::UNKNOWN
            }
            _ => {
                let shown = self.show(found);
                self.report(errors::no_fields(&shown, at, Some("only lists and maps are read by `[ ]`")));
                Tys::UNKNOWN
            }
        }
    }

    fn call(&mut self, scope: &Scope, callee: ExprId, start: u32, len: u32, at: Span) -> Ty {
        let nodes = self.tree(scope.tree);
        let args = nodes.args_of(crate::syntax::Slice { start, len });
        self.infer(scope, callee);
        let callee_at = self.expr_span(scope.tree, callee);
        let Meaning::Fn(def) = self.types.meaning(scope.tree, callee) else {
            for arg in args {
                self.infer(scope, arg.value);
            }
            if self.types.type_of_expr(scope.tree, callee) != Tys::UNKNOWN {
                let text = self.names.text(scope.tree, nodes.expr_extent(callee));
                self.report(errors::call(
                    format!("`{text}` is no function"),
                    callee_at,
                    "cannot be called",
                    None,
                ));
            }
            return Tys::UNKNOWN;
        };
        let Some(signature) = self.types.functions.get(&def).cloned() else { return Tys::UNKNOWN };
        let declared = self.names.def(def).at;
        let name = self.names.def(def).name;
        let mut given = vec![false; signature.params.len()];
        let mut position = 0;
        for arg in args {
            let index = match arg.name {
                None => {
                    position += 1;
                    Some(position - 1)
                }
                Some(name) => signature.params.iter().position(|(param, ..)| *param == name.sym),
            };
            match index.and_then(|index| Some((signature.params.get(index)?, given.get_mut(index)?))) {
                Some(((param, ty, _), seen)) => {
                    *seen = true;
                    self.expect(scope, arg.value, Expectation::new(*ty, declared, Why::Declared(*param)));
                }
                None => {
                    let place = arg.name.map_or_else(
                        || self.expr_span(scope.tree, arg.value),
                        |name| self.span(scope.tree, name.at),
                    );
                    self.infer(scope, arg.value);
                    self.report(errors::call(
                        format!("`{name}` takes {} arguments", signature.params.len()),
                        place,
                        "one too many",
                        Some(declared),
                    ));
                }
            }
        }
        for ((param, _, default), given) in signature.params.iter().zip(&given) {
            if !given && !default {
                self.report(errors::call(
                    format!("`{name}` needs `{param}`"),
                    at,
                    "an argument is missing",
                    Some(declared),
                ));
            }
        }
        signature.result
    }

    fn unary(
        &mut self,
        scope: &Scope,
        expr: ExprId,
        op: UnaryOp,
        operand: ExprId,
        expect: Option<Expectation>,
    ) -> Ty {
        match op {
            UnaryOp::Not => {
                self.condition(scope, operand);
                Tys::BOOL
            }
            UnaryOp::Negate => {
                let nodes = self.tree(scope.tree);
                if nodes.expr(operand) == Expr::Number {
                    return self.number(scope, expr, nodes.expr_extent(operand), true, expect);
                }
                let found = self.infer(scope, operand);
                match self.types.tys.core(found) {
                    TyKind::Int | TyKind::Float | TyKind::Quantity(_) | TyKind::Unknown => {
                        self.types.tys.strip(found)
                    }
                    _ => {
                        let at = self.expr_span(scope.tree, expr);
                        let shown = self.show(found);
                        self.report(errors::unary("-", &shown, at));
                        Tys::UNKNOWN
                    }
                }
            }
        }
    }

    fn by(&mut self, scope: &Scope, axis: u32, start: u32, len: u32, expect: Option<Expectation>) -> Ty {
        let nodes = self.tree(scope.tree);
        let axis = nodes.name(axis);
        let arms = nodes.by_arms_of(crate::syntax::Slice { start, len });
        let names: Vec<_> = arms.iter().map(|arm| arm.names).collect();
        self.arms(scope.tree, axis, &names);
        let mut first: Option<(Ty, ExprId)> = None;
        for arm in arms {
            match (expect, first) {
                (Some(expect), _) => {
                    self.expect(scope, arm.value, expect);
                }
                (None, None) => first = Some((self.infer(scope, arm.value), arm.value)),
                (None, Some((ty, value))) => {
                    let ty = self.same(scope, arm.value, ty, value);
                    first = Some((ty, value));
                }
            }
        }
        expect.map(|expect| expect.ty).or(first.map(|(ty, _)| ty)).unwrap_or(Tys::UNKNOWN)
    }

    fn element(&self, ty: Ty) -> Option<Ty> {
        self.types.tys.members(ty).into_iter().find_map(|member| match self.types.tys.kind(member) {
            TyKind::List(of) => Some(*of),
            _ => None,
        })
    }

    fn list(
        &mut self,
        scope: &Scope,
        elements: crate::syntax::Slice,
        expect: Option<Expectation>,
    ) -> Ty {
        let nodes = self.tree(scope.tree);
        let wanted = expect.and_then(|expect| Some(expect.with(self.element(expect.ty)?)));
        let mut found: Option<(Ty, ExprId)> = None;
        for &element in nodes.elements(elements) {
            if let Expr::Spread(inner) = nodes.expr(element) {
                match (wanted, expect) {
                    (Some(_), Some(expect)) => {
                        self.expect(scope, inner, expect);
                    }
                    _ => {
                        self.infer(scope, inner);
                    }
                }
                continue;
            }
            match (wanted, found) {
                (Some(wanted), _) => {
                    self.expect(scope, element, wanted);
                }
                (None, None) => found = Some((self.infer(scope, element), element)),
                (None, Some((ty, first))) => {
                    found = Some((self.same(scope, element, ty, first), first));
                }
            }
        }
        let of = match (wanted, found) {
            (Some(wanted), _) => wanted.ty,
            (None, Some((ty, _))) => ty,
            (None, None) => Tys::UNKNOWN,
        };
        self.types.tys.intern(TyKind::List(of))
    }

    fn list_for(
        &mut self,
        scope: &Scope,
        value: ExprId,
        start: u32,
        len: u32,
        expect: Option<Expectation>,
    ) -> Ty {
        let inner = self.clauses(scope, start, len);
        let wanted = expect.and_then(|expect| Some(expect.with(self.element(expect.ty)?)));
        let of = match wanted {
            Some(wanted) => {
                self.expect(&inner, value, wanted);
                wanted.ty
            }
            None => self.infer(&inner, value),
        };
        self.types.tys.intern(TyKind::List(of))
    }

    /// Checks the clauses of a comprehension; gives the scope of its value.
    fn clauses(&mut self, scope: &Scope, start: u32, len: u32) -> Scope {
        let mut inner = scope.clone();
        let nodes = self.tree(scope.tree);
        for clause in nodes.clauses_of(crate::syntax::Slice { start, len }) {
            match *clause {
                Clause::If(condition) => self.condition(&inner, condition),
                Clause::For { key, value, source } => {
                    let found = self.infer(&inner, source);
                    let (key_ty, value_ty) = match *self.types.tys.core(found) {
                        TyKind::List(of) => (Tys::INT, of),
                        TyKind::Map(key, value) => (key, value),
                        TyKind::Unknown => (Tys::UNKNOWN, Tys::UNKNOWN),
                        _ => {
                            let at = self.expr_span(scope.tree, source);
                            let shown = self.show(found);
                            let list = self.types.tys.intern(TyKind::List(Tys::UNKNOWN));
                            let _ = list;
                            self.report(errors::mismatch(at, &shown, "a list or map", None));
                            (Tys::UNKNOWN, Tys::UNKNOWN)
                        }
                    };
                    if let Some(key) = key {
                        inner.locals.push((key.sym, key_ty));
                    }
                    inner.locals.push((value.sym, value_ty));
                }
            }
        }
        inner
    }

    /// A hole of a text.
    pub(super) fn hole(&mut self, scope: &Scope, hole: ExprId, is_later: bool) {
        let found = self.infer(scope, hole);
        let at = self.expr_span(scope.tree, hole);
        let ty = self.types.tys.strip(found);
        match self.types.tys.kind(ty).clone() {
            TyKind::Later(_) if is_later => {}
            TyKind::Later(_) => {
                self.report(errors::later("this value", at, "when the alert fires"));
            }
            TyKind::Optional(inner) => {
                let (found, wanted) = (self.show(found), self.show(inner));
                self.report(errors::may_be_absent(at, &found, None, &wanted));
            }
            TyKind::List(_)
            | TyKind::Map(..)
            | TyKind::Schema(_)
            | TyKind::Range(_)
            | TyKind::Here
            | TyKind::None
            | TyKind::Data
            | TyKind::Keyword(_) => {
                let shown = self.show(found);
                self.report(errors::mismatch(at, &shown, "something that prints as text", None));
            }
            TyKind::Ref(_) => {
                let text = self.names.text(scope.tree, self.tree(scope.tree).expr_extent(hole));
                let error = errors::mismatch(at, &self.show(found), "String", None)
                    .fix("read its name", at, format!("{text}.name"), false);
                self.report(error);
            }
            TyKind::Unknown
            | TyKind::Bool
            | TyKind::Int
            | TyKind::Float
            | TyKind::String
            | TyKind::Quantity(_)
            | TyKind::Literal(_)
            | TyKind::Union(_)
            | TyKind::Text(_)
            | TyKind::Alias(..)
            | TyKind::Refined(..) => {}
        }
    }

    /// What `x is Y` asks for.
    pub(super) fn is_test(&mut self, scope: &Scope, expr: ExprId, left: Ty, right: ExprId) {
        let nodes = self.tree(scope.tree);
        let at = self.expr_span(scope.tree, right);
        match nodes.expr(right) {
            Expr::Name(name) if name.as_str() == "absent" => {
                self.mean(scope, expr, Meaning::IsAbsent);
            }
            Expr::TypeName(path) => {
                let path = nodes.path(path);
                let names: Vec<Sym> = nodes.names_of(path.names).iter().map(|name| name.sym).collect();
                let def: Option<DefId> = self.names.lookup_path(scope.tree, &names);
                let test = def.and_then(|def| match self.types.schema_of.get(&def) {
                    Some(&schema) if !self.types.kinds.contains_key(&def) => {
                        Some(IsTest::Schema(schema))
                    }
                    _ => self.types.kinds.contains_key(&def).then_some(IsTest::Kind(def)),
                });
                match test {
                    Some(test) => {
                        self.mean(scope, expr, Meaning::Is(test));
                        if let IsTest::Schema(schema) = test {
                            self.possible(left, schema, at);
                        }
                    }
                    None => {
                        let name = names.last().copied().unwrap_or(Sym::EMPTY);
                        let known = self.names.visible(scope.tree, |k| k == DefKind::Schema);
                        let near = nearest(name.as_str(), known);
                        self.report(errors::unknown_type(name.as_str(), at, "schema or kind", near));
                    }
                }
            }
            _ => self.report(errors::not_a_value(
                self.names.text(scope.tree, nodes.expr_extent(right)),
                at,
                "`is` asks for a member of a union, or for `absent`".to_owned(),
            )),
        }
    }

    /// Reports an `is` that can never hold.
    fn possible(&mut self, left: Ty, schema: SchemaId, at: Span) {
        let present = self.types.tys.present(left);
        let mut members: Vec<SchemaId> = Vec::new();
        for member in self.types.tys.members(present) {
            match self.types.tys.kind(member) {
                TyKind::Schema(schema) => members.push(*schema),
                TyKind::Ref(kind) => {
                    members.extend(self.types.kinds.get(kind).into_iter().flat_map(|k| k.members.iter()));
                }
                _ => return,
            }
        }
        if !members.is_empty() && !members.contains(&schema) {
            let (shown, name) = (self.show(left), self.types.schema(schema).name);
            self.report(errors::mismatch(at, name.as_str(), &format!("a member of {shown}"), None));
        }
    }
}
