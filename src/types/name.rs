//! What a bare name means: lexical names first, then resources by expectation.

use super::check::{Checker, Scope};
use super::errors;
use super::errors::later::Now;
use super::expectation::Expectation;
use super::habits::habit;
use super::meaning::Meaning;
use super::schema::SchemaId;
use super::ty::{Ty, TyKind, Tys};
use crate::diag::nearest;
use crate::resolve::{DefId, DefKind};
use crate::source::{Span, Sym};
use crate::syntax::{ExprId, Marks, MemberKind};

/// What a name is read for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Role {
    /// A value.
    Value,
    /// What stands before a dot.
    Base,
    /// What is called.
    Callee,
}

impl Checker<'_> {
    /// A bare name: `replicas`, `prod`, `c`.
    pub(super) fn name(
        &mut self,
        scope: &Scope,
        expr: ExprId,
        name: Sym,
        expect: Option<Expectation>,
        role: Role,
    ) -> Ty {
        let at = self.expr_span(scope.tree, expr);
        if role == Role::Callee {
            return self.callee(scope, expr, name, at);
        }
        let lexical = self.lexical(scope, name);
        if let Some(found) = lexical
            && self.hides_staged(scope, name, found, at)
        {
            return Tys::UNKNOWN;
        }
        // A function is no value: where a resource has its name, that is meant.
        let is_function = matches!(lexical, Some((Meaning::Fn(_), ..)));
        let lexical = lexical.filter(|_| !is_function);
        if lexical.is_none()
            && let Some(component) = scope.component
            && let Some(ty) = self.own_child(scope, expr, name, component, expect, role)
        {
            return ty;
        }
        let wanted = expect.map(|expect| self.wanted_kinds(expect.ty)).unwrap_or_default();
        let mut resources: Vec<(DefId, u32)> = Vec::new();
        // What a package or a component calls by a name of its own does not change with the project's resources.
        let module = self.names.tree(scope.tree).module;
        let is_closed = scope.component.is_some() || !self.names.module(module).package.is_empty();
        let is_own = lexical.is_some() && is_closed;
        for &kind in wanted.iter().filter(|_| !is_own) {
            if let Some(&index) = self.types.resources.get(&(kind, name)) {
                resources.push((kind, index));
            }
        }
        // The keyword of a single kind means its one resource, whatever else bears the name.
        let keyword = self.names.keywords.get(&name);
        let is_single =
            keyword.is_some_and(|kind| self.types.kinds.get(kind).is_some_and(|kind| kind.single));
        if lexical.is_none() && wanted.is_empty() && !is_single {
            // Where nothing says which kind, the name must fit one resource of the project.
            let mut kinds: Vec<DefId> = self.types.kinds.keys().copied().collect();
            kinds.sort_unstable();
            for kind in kinds {
                if let Some(&index) = self.types.resources.get(&(kind, name)) {
                    resources.push((kind, index));
                }
            }
        }
        let candidates = resources.len() + usize::from(lexical.is_some());
        if candidates > 1 {
            let mut found = Vec::new();
            if let Some((_, _, Some(span))) = lexical {
                found.push((name.to_string(), span));
            }
            for (kind, index) in &resources {
                let word = self.keyword_of(*kind);
                if let Some(block) = self.names.blocks.get(*index as usize) {
                    found.push((format!("{word}.{name}"), block.at));
                }
            }
            if found.len() > 1 {
                self.report(errors::ambiguous(name.as_str(), at, &found));
                return Tys::UNKNOWN;
            }
        }
        if let Some((meaning, ty, _)) = lexical {
            if let Meaning::Let(def) = meaning {
                self.uses(def, at);
            }
            self.mean(scope, expr, meaning);
            return ty;
        }
        if let Some(&(kind, index)) = resources.first() {
            if self.is_outside(scope, index, at) {
                return Tys::UNKNOWN;
            }
            self.mean(scope, expr, Meaning::Resource(index));
            return self.resource_type(kind, index);
        }
        if is_function {
            self.report(errors::function_as_value(name.as_str(), at));
            return Tys::UNKNOWN;
        }
        // A keyword is the one resource of a single kind, or the start of an address; where a resource of another kind is wanted, it is a
        // name like any other.
        let is_other =
            |kind: &DefId| wanted.is_empty() || wanted.contains(kind) || role == Role::Base;
        if let Some(&kind) = self.names.keywords.get(&name).filter(|kind| is_other(kind)) {
            let single = self.types.kinds.get(&kind).is_some_and(|kind| kind.single);
            if single {
                self.mean(scope, expr, Meaning::Single(kind));
                return self.types.tys.intern(TyKind::Ref(kind));
            }
            if role == Role::Base {
                self.mean(scope, expr, Meaning::Keyword(kind));
                return self.types.tys.intern(TyKind::Keyword(kind));
            }
            let type_name = self.names.def(kind).name;
            self.report(errors::not_a_value(
                name.as_str(),
                at,
                format!("`all {type_name}` is the list of them, `{name}.x` the one called `x`"),
            ));
            return Tys::UNKNOWN;
        }
        if role == Role::Base
            && let Some(file) = self.names.scopes.get(&self.names.tree(scope.tree).file)
            && file.modules.contains_key(&name)
        {
            self.mean(scope, expr, Meaning::Module);
            return Tys::UNKNOWN;
        }
        // Loops make names that are known when they have run.
        if let [kind] = wanted.as_slice()
            && self.types.open_kinds.contains(kind)
            && scope.component.is_none()
        {
            self.mean(scope, expr, Meaning::Lookup(*kind));
            return self.types.tys.intern(TyKind::Ref(*kind));
        }
        self.unknown(scope, name, at, expect, &wanted);
        Tys::UNKNOWN
    }

    /// The type of a reference to a block. Of a kind with several members it is known which one the block is.
    pub(super) fn resource_type(&mut self, kind: DefId, index: u32) -> Ty {
        let schema = self.types.block_schema.get(index as usize).copied().flatten();
        let is_member = |schema: &SchemaId| {
            let info = self.types.kinds.get(&kind);
            info.is_some_and(|it| {
                !it.component && it.members.len() > 1 && it.members.contains(schema)
            })
        };
        let found = match schema.filter(is_member) {
            Some(schema) => TyKind::Member(kind, schema),
            None => TyKind::Ref(kind),
        };
        self.types.tys.intern(found)
    }

    /// What is called. Only functions can be: a parameter, field or loop variable of the name does not hide one.
    fn callee(&mut self, scope: &Scope, expr: ExprId, name: Sym, at: Span) -> Ty {
        let function = |def: &DefId| self.names.def(*def).kind == DefKind::Fn;
        let found = self.names.lookup(scope.tree, name).filter(function);
        let found = found.or_else(|| self.names.prelude.get(&name).copied().filter(function));
        if let Some(def) = found {
            self.mean(scope, expr, Meaning::Fn(def));
            return Tys::UNKNOWN;
        }
        if let Some((meaning, ty, _)) = self.lexical(scope, name) {
            self.mean(scope, expr, meaning);
            return ty;
        }
        if self.names.is_missing(scope.tree, &[name]) {
            return Tys::UNKNOWN;
        }
        if let Some(error) = self.template_function(scope, name, at) {
            self.report(error);
            return Tys::UNKNOWN;
        }
        let known = self.names.visible(scope.tree, |kind| kind == DefKind::Fn);
        let near = nearest(name.as_str(), known);
        self.report(errors::unknown_function(name.as_str(), at, near, habit(name.as_str())));
        Tys::UNKNOWN
    }

    /// Inside a component, a keyword is the map of its own children of that kind; where a reference is expected, a bare
    /// name is one of them.
    fn own_child(
        &mut self,
        scope: &Scope,
        expr: ExprId,
        name: Sym,
        component: DefId,
        expect: Option<Expectation>,
        role: Role,
    ) -> Option<Ty> {
        let wanted = expect.map(|expect| self.wanted_kinds(expect.ty)).unwrap_or_default();
        for kind in wanted {
            if self.children(component, kind).iter().any(|child| child.name == name) {
                self.mean(scope, expr, Meaning::OwnChild(kind));
                return Some(self.types.tys.intern(TyKind::Ref(kind)));
            }
        }
        if let Some(&kind) = self.names.keywords.get(&name)
            && !self.children(component, kind).is_empty()
        {
            self.mean(scope, expr, Meaning::OwnChildren(kind));
            let of = self.types.tys.intern(TyKind::Ref(kind));
            return Some(self.types.tys.intern(TyKind::Map(Tys::STRING, of)));
        }
        if role == Role::Base
            && let Some(kind) = self.child_kind(component, name)
        {
            self.mean(scope, expr, Meaning::OwnChild(kind));
            return Some(self.types.tys.intern(TyKind::Ref(kind)));
        }
        let at = self.expr_span(scope.tree, expr);
        if role == Role::Base && self.is_child_of_several(component, name, at) {
            return Some(Tys::UNKNOWN);
        }
        None
    }

    /// A name declared around the expression: what it means, its type, where it is declared.
    pub(super) fn lexical(
        &mut self,
        scope: &Scope,
        name: Sym,
    ) -> Option<(Meaning, Ty, Option<Span>)> {
        if let Some(depth) = scope.locals.iter().rposition(|local| local.name == name)
            && let Some(&local) = scope.locals.get(depth)
        {
            let meaning = Meaning::Local(u16::try_from(depth).unwrap_or(u16::MAX));
            return Some((meaning, local.ty, Some(local.at)));
        }
        if let Some(&found) = scope.lets.iter().rev().find(|known| known.name == name) {
            let ty = self.body_let(scope, found);
            let up = scope.records.len().saturating_sub(found.records);
            let meaning = Meaning::BlockLet(found.member, u8::try_from(up).unwrap_or(u8::MAX));
            return Some((meaning, ty, Some(found.at)));
        }
        if name.as_str() == "inherited" {
            return scope.inherited.map(|ty| (Meaning::Inherited, ty, None));
        }
        if let Some(schema) = scope.declared
            && let Some(slot) = self.types.slot(schema, name)
            && let Some(field) = self.types.schema(schema).fields.get(usize::from(slot))
            && !self.is_implied(schema, slot)
            && !field.marks.has(Marks::STAGED)
        {
            let meaning =
                Meaning::Field(slot, u8::try_from(scope.records.len()).unwrap_or(u8::MAX));
            return Some((meaning, field.ty, Some(field.at)));
        }
        if let Some(schema) = scope.inputs
            && let Some(slot) = self.types.slot(schema, name)
            && let Some(field) = self.types.schema(schema).fields.get(usize::from(slot))
            && !self.is_implied(schema, slot)
        {
            return Some((Meaning::Input(slot), field.ty, Some(field.at)));
        }
        if let Some(schema) = scope.staged
            && let Some((slot, _)) = self.types.stages_each(schema)
            && let Some(found) = scope.generators.iter().find(|it| it.name == name)
        {
            let ty = match found.ty {
                Tys::UNKNOWN => Tys::UNKNOWN,
                of => self.types.tys.intern(TyKind::Later(of, schema)),
            };
            return Some((Meaning::Staged(schema, slot), ty, Some(found.at)));
        }
        if let Some(schema) = scope.staged
            && let Some(slot) = self.types.slot(schema, name)
            && self.types.stages_each(schema).is_none_or(|each| each.0 != slot)
            && let Some(field) = self.types.schema(schema).fields.get(usize::from(slot))
            && field.marks.has(Marks::STAGED)
        {
            let (ty, at) = (field.ty, field.at);
            let later = self.types.tys.intern(TyKind::Later(ty, schema));
            return Some((Meaning::Staged(schema, slot), later, Some(at)));
        }
        let def = self.names.lookup(scope.tree, name)?;
        let at = self.names.def(def).at;
        match self.names.def(def).kind {
            DefKind::Let => {
                let ty = self.let_type(def);
                Some((Meaning::Let(def), ty, Some(at)))
            }
            DefKind::Fn => Some((Meaning::Fn(def), Tys::UNKNOWN, Some(at))),
            DefKind::Type
            | DefKind::Schema
            | DefKind::Kind
            | DefKind::Component
            | DefKind::Preset => None,
        }
    }

    /// Whether a local or input hides a staged name; that is reported, since both are meant by their names alone.
    fn hides_staged(
        &mut self,
        scope: &Scope,
        name: Sym,
        (meaning, _, at): (Meaning, Ty, Option<Span>),
        used: Span,
    ) -> bool {
        let is_local = matches!(
            meaning,
            Meaning::Local(_) | Meaning::BlockLet(..) | Meaning::Input(_) | Meaning::Field(..)
        );
        let Some(context) = scope.staged.filter(|_| is_local) else { return false };
        let Some(staged) = self.types.staged(context).find(|field| field.name == name) else {
            return false;
        };
        let (staged, owner) = (staged.at, self.types.schema(context).name);
        self.report(errors::later::hidden_staged(name.as_str(), used, at, staged, owner));
        true
    }

    /// The type of a `let`, found at first use.
    pub(super) fn let_type(&mut self, id: DefId) -> Ty {
        if let Some(&ty) = self.types.type_of.get(&id) {
            return ty;
        }
        let def = *self.names.def(id);
        if self.lets.contains(&id) {
            self.report(errors::type_cycle(def.name.as_str(), def.at));
            self.types.type_of.insert(id, Tys::UNKNOWN);
            return Tys::UNKNOWN;
        }
        // Nesting of lets is bounded so that a chain of a million of them is no deep recursion.
        if self.lets.len() >= MOST_LETS {
            // A chain ten times as long passes here ten times: it is one mistake.
            if !std::mem::replace(&mut self.chain_reported, true) {
                self.report(errors::too_deep(def.name.as_str(), def.at, MOST_LETS));
            }
            self.types.type_of.insert(id, Tys::UNKNOWN);
            return Tys::UNKNOWN;
        }
        let MemberKind::Let { name, ty, value } = self.names.member(id).kind else {
            return Tys::UNKNOWN;
        };
        self.lets.push(id);
        let around = self.inside.replace(id);
        let scope = Scope::new(def.tree);
        let found = match ty {
            Some(ty) => {
                let origin = self.span(def.tree, self.tree(def.tree).ty_extent(ty));
                let ty = self.ty(def.tree, ty, &mut Vec::new());
                let why = super::expectation::Why::Declared(name.sym);
                let wanted = Expectation::new(ty, origin, why);
                self.needing(Now::Let, |this| this.expect(&scope, value, wanted));
                ty
            }
            None => self.needing(Now::Let, |this| this.infer(&scope, value)),
        };
        self.inside = around;
        self.lets.pop();
        *self.types.type_of.entry(id).or_insert(found)
    }

    /// The kinds that a type refers to.
    pub(super) fn wanted_kinds(&self, ty: Ty) -> Vec<DefId> {
        let mut kinds: Vec<DefId> = self
            .types
            .tys
            .members(ty)
            .into_iter()
            .filter_map(|member| match self.types.tys.kind(member) {
                TyKind::Ref(kind) | TyKind::Member(kind, _) => Some(*kind),
                TyKind::Later(of, _) => match self.types.tys.kind(self.types.tys.present(*of)) {
                    TyKind::Ref(kind) => Some(*kind),
                    _ => None,
                },
                _ => None,
            })
            .collect();
        kinds.dedup();
        kinds
    }

    pub(super) fn keyword_of(&self, kind: DefId) -> Sym {
        self.types.kinds.get(&kind).map_or(Sym::EMPTY, |kind| kind.keyword)
    }

    /// Reports a name that nothing has.
    pub(super) fn unknown(
        &mut self,
        scope: &Scope,
        name: Sym,
        at: Span,
        expect: Option<Expectation>,
        wanted: &[DefId],
    ) {
        if self.names.is_missing(scope.tree, &[name]) {
            return;
        }
        if let Some(def) = self.names.lookup(scope.tree, name) {
            let found = *self.names.def(def);
            self.report(errors::definition_as_value(name.as_str(), found.kind, at, found.at));
            return;
        }
        if name.as_str() == "inherited" && self.refused_in_function(scope, "inherited", at) {
            return;
        }
        if matches!(name.as_str(), "None" | "null" | "nil" | "undefined") {
            self.report(errors::no_null(name.as_str(), at));
            return;
        }
        if let (Some(expect), Some(&kind)) = (expect, wanted.first()) {
            let wanted_name = self.show(expect.ty);
            self.unknown_resource(
                name,
                kind,
                at,
                Some((expect.origin, expect.because(&wanted_name))),
            );
            return;
        }
        if let Some(found) = scope.generators.iter().find(|it| it.name == name)
            && let Some(&context) =
                scope.records.iter().rev().find(|&&schema| self.types.stages_each(schema).is_some())
        {
            self.staged_name(scope, name, at, (context, found.at), expect);
            return;
        }
        if self.unknown_generator(scope, name, at) {
            return;
        }
        if scope.staged.is_none()
            && let Some(staged) = self.generator_somewhere(name)
        {
            if !self.refused_in_function(scope, name.as_str(), at) {
                self.staged_name(scope, name, at, staged, expect);
            }
            return;
        }
        if let Some(staged) = self.staged_somewhere(scope, name) {
            if !self.refused_in_function(scope, name.as_str(), at) {
                self.staged_name(scope, name, at, staged, expect);
            }
            return;
        }
        let mut known: Vec<&str> =
            self.names.visible(scope.tree, |kind| matches!(kind, DefKind::Let | DefKind::Fn));
        known.extend(scope.locals.iter().map(|local| local.name.as_str()));
        if let Some(schema) = scope.declared {
            known.extend(self.types.schema(schema).fields.iter().map(|field| field.name.as_str()));
        }
        if let Some(schema) = scope.staged {
            let staged = self.types.schema(schema).fields.iter();
            known.extend(
                staged
                    .filter(|field| field.marks.has(Marks::STAGED))
                    .map(|field| field.name.as_str()),
            );
        }
        if self.may_compare(self.types.resources.len() + known.len()) {
            let mut resources: Vec<&str> =
                self.types.resources.keys().map(|(_, name)| name.as_str()).collect();
            resources.sort_unstable();
            known.extend(resources);
        } else {
            known.clear();
        }
        let text = name.as_str();
        let near = nearest(text, known);
        let is_staged = scope.staged.is_some_and(|schema| {
            self.types.staged(schema).any(|field| Some(field.name.as_str()) == near)
        });
        let help = match text {
            // `labels` for `label`: the field of that name is not meant.
            _ if is_staged => None,
            "inherited" => {
                Some("it is the replaced value, inside of `override field = ..`".to_owned())
            }
            "count" => Some("repetition is a `for`, or a field such as `replicas`".to_owned()),
            _ if expect.is_none() && !self.types.open_kinds.is_empty() => {
                let mut words: Vec<&str> = self
                    .types
                    .open_kinds
                    .iter()
                    .map(|kind| self.keyword_of(*kind).as_str())
                    .collect();
                words.sort_unstable();
                let word = words.first().copied().unwrap_or_default();
                Some(format!("what a loop makes is read by its address: `{word}.{text}`"))
            }
            "True" | "yes" | "on" => Some("write `true`".to_owned()),
            "False" | "no" | "off" => Some("write `false`".to_owned()),
            _ if scope
                .records
                .last()
                .is_some_and(|&schema| self.types.slot(schema, name).is_some()) =>
            {
                Some(format!("a block's own field is `self.{text}`"))
            }
            _ if expect.is_some_and(|expect| self.wants_text(expect.ty)) => {
                Some(format!("for a text write `\"{text}\"`"))
            }
            _ => None,
        };
        self.report(errors::unknown_name(text, at, near, help));
    }

    /// The schema that stages a name, and where: one around the expression first, else any.
    fn staged_somewhere(&self, scope: &Scope, name: Sym) -> Option<(SchemaId, Span)> {
        let staged = |id: SchemaId| {
            let schema = self.types.schema(id);
            let slot = *schema.by_name.get(&name)?;
            let field = schema.fields.get(usize::from(slot))?;
            let is_each = self.types.stages_each(id).is_some_and(|each| each.0 == slot);
            (field.marks.has(Marks::STAGED) && !is_each).then_some((id, field.at))
        };
        let all = (0..self.types.schemas.len()).filter_map(|index| u32::try_from(index).ok());
        let around = scope.records.iter().rev().copied();
        // What belongs to a text's own engine is meant rather than what has the same name for another one.
        let engine = |id: SchemaId| self.types.engine(id).map(|row| row.engine);
        let wanted = scope.staged.and_then(engine);
        let sisters =
            all.clone().map(SchemaId).filter(|&id| wanted.is_some() && engine(id) == wanted);
        around.chain(sisters).chain(all.map(SchemaId)).find_map(staged)
    }

    /// No resource of this kind has the name.
    pub(super) fn unknown_resource(
        &mut self,
        name: Sym,
        kind: DefId,
        at: Span,
        origin: Option<(Span, String)>,
    ) {
        if self.names.orphans.names.contains(&name) {
            return;
        }
        let word = self.keyword_of(kind);
        if !self.may_compare(self.types.resources.len()) {
            self.report(errors::unknown_reference(
                name.as_str(),
                word.as_str(),
                at,
                None,
                origin,
                &[],
            ));
            return;
        }
        let mut known: Vec<(&str, u32)> = self
            .types
            .resources
            .iter()
            .filter(|((of, _), _)| *of == kind)
            .map(|((_, name), index)| (name.as_str(), *index))
            .collect();
        known.sort_unstable();
        let names: Vec<&str> = known.iter().map(|(name, _)| *name).collect();
        let near = nearest(name.as_str(), names.iter().copied()).and_then(|near| {
            let (_, index) = known.iter().find(|(name, _)| *name == near)?;
            Some((near, self.names.blocks.get(*index as usize)?.at))
        });
        self.report(errors::unknown_reference(
            name.as_str(),
            word.as_str(),
            at,
            near,
            origin,
            &names,
        ));
    }

    pub(super) fn wants_text(&self, ty: Ty) -> bool {
        self.types.tys.members(ty).into_iter().any(|member| {
            matches!(
                self.types.tys.kind(member),
                TyKind::String | TyKind::Literal(_) | TyKind::Text(_)
            )
        })
    }
}

/// How deep types and schemas may lead to one another.
pub(super) const MOST_NESTED: usize = 128;

/// How many `let`s without a declared type may lead to one another.
pub(super) const MOST_LETS: usize = 1_000;
