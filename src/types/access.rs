//! What a dot, an index, `all`, `self` and `outer` reach.

use super::check::{Checker, Scope};
use super::engine::Engine;
use super::errors;
use super::errors::later::Now;
use super::expectation::{Expectation, Why};
use super::habits::{Habit, habit};
use super::meaning::Meaning;
use super::name::Role;
use super::schema::SchemaId;
use super::ty::{Ty, TyKind, Tys};
use crate::diag::nearest;
use crate::resolve::{DefId, DefKind, private};
use crate::source::{Span, Sym};
use crate::syntax::{Expr, ExprId};

impl Checker<'_> {
    pub(super) fn around(&mut self, scope: &Scope, at: Span, word: &str, up: usize) -> Ty {
        let record =
            scope.records.len().checked_sub(up).and_then(|i| scope.records.get(i)).copied();
        match record.or(if up == 1 { scope.declared } else { None }) {
            Some(schema) => self.types.tys.intern(TyKind::Schema(schema)),
            None if self.refused_in_function(scope, word, at) => Tys::UNKNOWN,
            None => {
                self.report(errors::not_a_value(
                    word,
                    at,
                    "`self` is the block around a value, `outer` the block around that one"
                        .to_owned(),
                ));
                Tys::UNKNOWN
            }
        }
    }

    pub(super) fn all(&mut self, scope: &Scope, expr: ExprId, path: u32) -> Ty {
        let nodes = self.tree(scope.tree);
        let path = nodes.path(path);
        let at = self.span(scope.tree, path.at);
        let names: Vec<Sym> = nodes.names_of(path.names).iter().map(|name| name.sym).collect();
        let name = names.last().copied().unwrap_or(Sym::EMPTY);
        match self.names.lookup_path(scope.tree, &names) {
            Some(def) if matches!(self.names.def(def).kind, DefKind::Kind | DefKind::Component) => {
                self.mean(scope, expr, Meaning::All(def));
                let of = self.types.tys.intern(TyKind::Ref(def));
                self.types.tys.intern(TyKind::List(of))
            }
            _ => {
                let known = self.names.visible(scope.tree, |kind| kind == DefKind::Kind);
                let near = nearest(name.as_str(), known);
                self.no_type(scope.tree, &names, at, "kind", near);
                Tys::UNKNOWN
            }
        }
    }

    pub(super) fn field(
        &mut self,
        scope: &Scope,
        expr: ExprId,
        base: ExprId,
        name: u32,
        optional: bool,
        role: Role,
    ) -> Ty {
        let nodes = self.tree(scope.tree);
        let name = nodes.name(name);
        let at = self.span(scope.tree, name.at);
        let base_ty = match nodes.expr(base) {
            Expr::Name(sym) => {
                let declared = self.name(scope, base, sym, None, Role::Base);
                let ty = self.known(scope, base).unwrap_or(declared);
                self.types.set_type(scope.tree, base, ty);
                ty
            }
            _ => self.infer(scope, base),
        };
        match self.types.meaning(scope.tree, base) {
            Meaning::Module => return self.module_member(scope, expr, base, name.sym, at, role),
            Meaning::OwnChildren(kind) => {
                let component = scope.component;
                return self.child_named(scope, expr, component, kind, name.sym, at);
            }
            Meaning::Children(kind) => {
                let component = self.component_before(scope, base);
                return self.child_named(scope, expr, component, kind, name.sym, at);
            }
            _ => {}
        }
        let base_ty = if optional {
            self.types.tys.present(base_ty)
        } else if let TyKind::Optional(inner) = *self.types.tys.core(base_ty) {
            let found = self.show(base_ty);
            let wanted = self.show(inner);
            let base_at = self.expr_span(scope.tree, base);
            let through =
                format!("{}?.{}", self.names.text(scope.tree, nodes.expr_extent(base)), name.sym);
            let error = errors::may_be_absent(base_at, &found, None, &wanted);
            self.report(error.help(format!("`{through}` reads through it")));
            return Tys::UNKNOWN;
        } else {
            base_ty
        };
        if let Some(error) = self.staged_field(scope, expr, base_ty, name.sym) {
            self.report(error);
            return Tys::UNKNOWN;
        }
        if let TyKind::Later(of, context) = *self.types.tys.core(base_ty)
            && let TyKind::Computed(computing, source) = *self.types.tys.core(of)
        {
            let computed = (computing, source);
            return self.computed_field(scope, context, computed, base, (Some(name.sym), at));
        }
        if let TyKind::Later(of, context) = *self.types.tys.core(base_ty) {
            let of = match *self.types.tys.core(of) {
                TyKind::Optional(inner) if optional => inner,
                TyKind::Optional(inner) => {
                    self.later_may_be_absent(scope, base, base_ty, inner);
                    return Tys::UNKNOWN;
                }
                _ => of,
            };
            if self.types.is_served(context, Engine::ArgoCd)
                && let Some(ty) = self.parameter(scope, base, (of, context), (name.sym, at))
            {
                return match *self.types.tys.core(ty) {
                    TyKind::Later(of, context) if optional && !self.types.tys.is_optional(of) => {
                        let of = self.types.tys.intern(TyKind::Optional(of));
                        self.types.tys.intern(TyKind::Later(of, context))
                    }
                    _ => ty,
                };
            }
        }
        if let Some(ty) = self.declared_read(scope, base, base_ty, name.sym, at) {
            return ty;
        }
        let ty = self.field_of(scope, expr, base_ty, name.sym, at);
        if optional && ty != Tys::UNKNOWN && !self.types.tys.is_optional(ty) {
            return self.types.tys.intern(TyKind::Optional(ty));
        }
        ty
    }

    fn field_of(&mut self, scope: &Scope, expr: ExprId, base: Ty, name: Sym, at: Span) -> Ty {
        let base = self.types.tys.strip(base);
        if let TyKind::Text(kind) = *self.types.tys.kind(base)
            && let Some(part) = self.text_part(kind, name, at)
        {
            return part;
        }
        match self.types.tys.kind(base).clone() {
            TyKind::Unknown => Tys::UNKNOWN,
            TyKind::Schema(schema) | TyKind::Member(_, schema) => {
                self.schema_field(&[schema], base, name, at)
            }
            TyKind::Ref(kind) => {
                let members = self
                    .types
                    .kinds
                    .get(&kind)
                    .map(|kind| kind.members.clone())
                    .unwrap_or_default();
                if let Some(ty) = self.child_of(scope, expr, kind, &members, name, at) {
                    return ty;
                }
                self.schema_field(&members, base, name, at)
            }
            TyKind::Union(_) => {
                let schemas: Vec<SchemaId> = self
                    .types
                    .tys
                    .members(base)
                    .into_iter()
                    .flat_map(|member| match self.types.tys.kind(member) {
                        TyKind::Schema(schema) | TyKind::Member(_, schema) => vec![*schema],
                        TyKind::Ref(kind) => self.members_of(*kind),
                        _ => Vec::new(),
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
                self.report(errors::unknown_field(
                    name.as_str(),
                    &owner,
                    at,
                    near,
                    &["low", "high"],
                ));
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
                    if self.is_outside(scope, index, at) {
                        return Tys::UNKNOWN;
                    }
                    self.mean(scope, expr, Meaning::Resource(index));
                    return self.resource_type(kind, index);
                }
                if self.types.open_kinds.contains(&kind) && scope.component.is_none() {
                    self.mean(scope, expr, Meaning::Lookup(kind));
                    return self.types.tys.intern(TyKind::Ref(kind));
                }
                self.unknown_resource(name, kind, at, None);
                Tys::UNKNOWN
            }
            TyKind::Later(of, context) => {
                let inner = self.field_of(scope, expr, of, name, at);
                if inner == Tys::UNKNOWN {
                    return inner;
                }
                self.types.tys.intern(TyKind::Later(inner, context))
            }
            TyKind::Data => base,
            TyKind::Object | TyKind::Type => self.type_field(base, name, at),
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
            | TyKind::Var(_)
            | TyKind::Computed(..)
            | TyKind::Parameters(_)
            | TyKind::Resource
            | TyKind::None => {
                let found = self.show(base);
                let help = self.method_help(scope, expr, name);
                self.report(errors::no_fields(&found, at, help.as_deref()));
                Tys::UNKNOWN
            }
        }
    }

    /// How a function is called that is written as a method: `text.upper`.
    fn method_help(&self, scope: &Scope, expr: ExprId, name: Sym) -> Option<String> {
        let is_function = |name: &str| {
            let def = self.names.prelude.get(&Sym::new(name));
            def.is_some_and(|def| self.names.def(*def).kind == DefKind::Fn)
        };
        let Expr::Field { base, .. } = self.tree(scope.tree).expr(expr) else { return None };
        let base = self.names.text(scope.tree, self.tree(scope.tree).expr_extent(base));
        let function = match habit(name.as_str()) {
            _ if is_function(name.as_str()) => name.as_str(),
            Some(Habit::Function(ours)) => ours,
            Some(Habit::Sentence(says)) => return Some(says.to_owned()),
            None => return None,
        };
        Some(format!("functions stand before what they take: `{function}({base})`"))
    }

    /// A child, or all children of a kind, of a component's use: `checkout.workload.web`, `checkout.web`.
    fn child_of(
        &mut self,
        scope: &Scope,
        expr: ExprId,
        component: DefId,
        members: &[SchemaId],
        name: Sym,
        at: Span,
    ) -> Option<Ty> {
        let schema = *members.first()?;
        if !self.types.kinds.get(&component)?.component {
            return None;
        }
        if let Some(slot) = self.types.slot(schema, name)
            && !self.is_implied(schema, slot)
        {
            return None;
        }
        if let Some(&kind) = self.names.keywords.get(&name)
            && !self.children(component, kind).is_empty()
        {
            self.mean(scope, expr, Meaning::Children(kind));
            let of = self.types.tys.intern(TyKind::Ref(kind));
            return Some(self.types.tys.intern(TyKind::Map(Tys::STRING, of)));
        }
        if self.types.slot(schema, name).is_none()
            && let Some(kind) = self.child_kind(component, name)
        {
            self.mean(scope, expr, Meaning::Child(kind));
            return Some(self.types.tys.intern(TyKind::Ref(kind)));
        }
        if self.types.slot(schema, name).is_none() && self.is_child_of_several(component, name, at)
        {
            return Some(Tys::UNKNOWN);
        }
        None
    }

    /// The component of whose children a path speaks: `checkout.workload` has the type of a map, and `checkout` knows.
    fn component_before(&self, scope: &Scope, children: ExprId) -> Option<DefId> {
        let Expr::Field { base, .. } = self.tree(scope.tree).expr(children) else { return None };
        let ty = self.types.type_of_expr(scope.tree, base);
        match self.types.tys.kind(self.types.tys.present(ty)) {
            TyKind::Ref(component) => Some(*component),
            _ => None,
        }
    }

    /// `.web` behind the children of a kind.
    fn child_named(
        &mut self,
        scope: &Scope,
        expr: ExprId,
        component: Option<DefId>,
        kind: DefId,
        name: Sym,
        at: Span,
    ) -> Ty {
        let Some(component) = component else { return Tys::UNKNOWN };
        if !self.knows_child(component, kind, name, at) {
            return Tys::UNKNOWN;
        }
        self.mean(scope, expr, Meaning::Child(kind));
        self.types.tys.intern(TyKind::Ref(kind))
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
            if let Some((value, _)) = self.types.addressed(schema) {
                found = Some(value);
                continue;
            }
            let info = self.types.schema(schema);
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

    fn module_member(
        &mut self,
        scope: &Scope,
        expr: ExprId,
        base: ExprId,
        name: Sym,
        at: Span,
        role: Role,
    ) -> Ty {
        let Expr::Name(module) = self.tree(scope.tree).expr(base) else { return Tys::UNKNOWN };
        let found = self.names.lookup_path(scope.tree, &[module, name]);
        match found.map(|def| (def, self.names.def(def).kind)) {
            Some((def, DefKind::Let)) => {
                self.uses(def, at);
                self.mean(scope, expr, Meaning::Let(def));
                self.let_type(def)
            }
            Some((_, DefKind::Fn)) if role != Role::Callee => {
                self.report(errors::function_as_value(&format!("{module}.{name}"), at));
                Tys::UNKNOWN
            }
            Some((def, DefKind::Fn)) => {
                self.mean(scope, expr, Meaning::Fn(def));
                Tys::UNKNOWN
            }
            Some((
                def,
                kind @ (DefKind::Type
                | DefKind::Schema
                | DefKind::Kind
                | DefKind::Component
                | DefKind::Preset),
            )) => {
                let declared = self.names.def(def).at;
                self.report(errors::definition_as_value(name.as_str(), kind, at, declared));
                Tys::UNKNOWN
            }
            None => {
                if let Some(hidden) = self.names.hidden(scope.tree, &[module, name]) {
                    self.report(private(name.as_str(), at, hidden.at));
                    return Tys::UNKNOWN;
                }
                let known = self.names.exported(scope.tree, module);
                let near = nearest(name.as_str(), known);
                self.report(errors::unknown_name(name.as_str(), at, near, None));
                Tys::UNKNOWN
            }
        }
    }

    pub(super) fn index(&mut self, scope: &Scope, base: ExprId, index: ExprId) -> Ty {
        let found = self.infer(scope, base);
        let at = self.expr_span(scope.tree, base);
        match *self.types.tys.core(found) {
            TyKind::Optional(inner) => {
                let (shown, wanted) = (self.show(found), self.show(inner));
                self.infer(scope, index);
                self.report(errors::may_be_absent(at, &shown, None, &wanted));
                Tys::UNKNOWN
            }
            TyKind::Later(of, context) => match *self.types.tys.core(of) {
                TyKind::Map(key, value) => {
                    let expect = Expectation::new(key, at, Why::Rule("a map is read by its key"));
                    self.needing(Now::Index, |this| this.expect(scope, index, expect));
                    let may_lack = self.types.is_served(context, Engine::ArgoCd)
                        && !self.types.tys.is_optional(value);
                    let value = match may_lack {
                        true => self.types.tys.intern(TyKind::Optional(value)),
                        false => value,
                    };
                    self.types.tys.intern(TyKind::Later(value, context))
                }
                TyKind::Computed(computing, source) => {
                    let why = Why::Rule("its fields are read by name");
                    let expect = Expectation::new(Tys::STRING, at, why);
                    let key = self.needing(Now::Index, |this| this.expect(scope, index, expect));
                    if key == Tys::UNKNOWN {
                        return key;
                    }
                    let name = self.constant_text(scope.tree, index).map(|name| Sym::new(&name));
                    let place = self.expr_span(scope.tree, index);
                    let computed = (computing, source);
                    self.computed_field(scope, context, computed, base, (name, place))
                }
                TyKind::List(of) => {
                    let why = Why::Rule("a list is read by number");
                    let expect = Expectation::new(Tys::INT, at, why);
                    self.needing(Now::Index, |this| this.expect(scope, index, expect));
                    self.types.tys.intern(TyKind::Later(of, context))
                }
                TyKind::Data if self.types.is_served(context, Engine::ArgoCd) => {
                    self.needing(Now::Index, |this| this.infer(scope, index));
                    found
                }
                _ => {
                    let shown = self.show(found);
                    self.infer(scope, index);
                    let help = "only lists and maps are read by `[ ]`";
                    self.report(errors::no_fields(&shown, at, Some(help)));
                    Tys::UNKNOWN
                }
            },
            TyKind::Data => {
                let key = self.infer(scope, index);
                let is_key = self.types.tys.members(key).into_iter().any(|member| {
                    matches!(
                        self.types.tys.kind(member),
                        TyKind::Int
                            | TyKind::String
                            | TyKind::Text(_)
                            | TyKind::Literal(_)
                            | TyKind::Data
                            | TyKind::Unknown
                    )
                });
                if !is_key {
                    let (shown, at) = (self.show(key), self.expr_span(scope.tree, index));
                    self.report(errors::mismatch(at, &shown, "a key or a number", None));
                }
                found
            }
            TyKind::List(of) => {
                let expect = Expectation::new(Tys::INT, at, Why::Rule("a list is read by number"));
                self.needing(Now::Index, |this| this.expect(scope, index, expect));
                of
            }
            TyKind::Map(key, value) => {
                let expect = Expectation::new(key, at, Why::Rule("a map is read by its key"));
                self.needing(Now::Index, |this| this.expect(scope, index, expect));
                value
            }
            TyKind::Unknown => {
                self.infer(scope, index);
                Tys::UNKNOWN
            }
            _ => {
                let shown = self.show(found);
                self.infer(scope, index);
                self.report(errors::no_fields(
                    &shown,
                    at,
                    Some("only lists and maps are read by `[ ]`"),
                ));
                Tys::UNKNOWN
            }
        }
    }
}
