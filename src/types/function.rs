//! Functions: their signatures, their bodies, and that none calls itself.

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::check::{Checker, Local, Scope};
use super::errors::function as errors;
use super::expectation::{Expectation, Why};
use super::meaning::{Parameter, Signature};
use super::ty::Ty;
use crate::resolve::{DefId, DefKind, duplicate};
use crate::source::{Span, Sym};
use crate::syntax::{Marks, MemberKind};

impl Checker<'_> {
    /// Reads a function's signature.
    pub(super) fn signature(&mut self, id: DefId) {
        let def = *self.names.def(id);
        let member = *self.names.member(id);
        let MemberKind::Fn { params, result, value, .. } = member.kind else { return };
        let nodes = self.tree(def.tree);
        let is_extern = member.marks.has(Marks::EXTERN);
        let is_ours = self.names.prelude.get(&def.name) == Some(&id);
        if is_extern && !is_ours {
            self.report(errors::own_extern(def.name.as_str(), def.at));
        } else if !is_extern && value.is_none() {
            self.report(errors::no_body(def.name.as_str(), def.at));
        }
        self.variables = is_extern && is_ours;
        let mut known: Vec<Parameter> = Vec::new();
        for param in nodes.params_of(params) {
            let (name, at) = (param.name.sym, self.span(def.tree, param.name.at));
            let ty = self.ty(def.tree, param.ty, &mut Vec::new());
            if let Some(first) = known.iter().find(|known| known.name == name) {
                self.report(duplicate("parameter", name.as_str(), at, first.at));
                continue;
            }
            known.push(Parameter { name, at, ty, default: param.default });
        }
        let ty = self.ty(def.tree, result, &mut Vec::new());
        self.variables = false;
        let signature = Signature {
            params: known,
            result: ty,
            result_at: self.span(def.tree, nodes.ty_extent(result)),
            tree: def.tree,
            body: value,
            is_extern: is_extern && is_ours,
        };
        self.types.functions.insert(id, Arc::new(signature));
    }

    /// Checks a function's defaults and its body.
    pub(super) fn function(&mut self, id: DefId) {
        let Some(signature) = self.types.functions.get(&id).map(Arc::clone) else { return };
        let name = self.names.def(id).name;
        let around = self.inside.replace(id);
        let mut scope = Scope { function: Some(id), ..Scope::new(signature.tree) };
        for param in &signature.params {
            if let Some(default) = param.default {
                let why = Why::Declared(param.name);
                self.expect(&scope, default, Expectation::new(param.ty, param.at, why));
            }
            let (name, ty, at) = (param.name, param.ty, param.at);
            scope.locals.push(Local { name, ty, at });
        }
        if let Some(body) = signature.body {
            let why = Why::Declared(name);
            let wanted = Expectation::new(signature.result, signature.result_at, why);
            self.expect(&scope, body, wanted);
        }
        self.inside = around;
    }

    /// Notes that what is being checked uses a `let` or function.
    pub(super) fn uses(&mut self, whom: DefId, at: Span) {
        if let Some(who) = self.inside {
            self.uses.entry(who).or_default().push((whom, at));
        }
    }

    /// Reports functions that call themselves, directly or through others and `let`s; they get no value.
    pub(super) fn call_cycles(&mut self) {
        let uses = std::mem::take(&mut self.uses);
        let mut done: FxHashSet<DefId> = FxHashSet::default();
        let mut circular: FxHashSet<DefId> = FxHashSet::default();
        for index in 0..self.names.defs.len() {
            let start = DefId(u32::try_from(index).unwrap_or(u32::MAX));
            if self.names.def(start).kind == DefKind::Fn && !done.contains(&start) {
                self.walk_calls(start, &uses, &mut done, &mut circular);
            }
        }
        for id in circular {
            if let Some(signature) = self.types.functions.get_mut(&id) {
                let broken = Signature { body: None, is_extern: false, ..(**signature).clone() };
                *signature = Arc::new(broken);
            }
        }
    }

    /// Walks what a function uses, without recursion: a chain may be as long as the program.
    fn walk_calls(
        &mut self,
        start: DefId,
        uses: &FxHashMap<DefId, Vec<(DefId, Span)>>,
        done: &mut FxHashSet<DefId>,
        circular: &mut FxHashSet<DefId>,
    ) {
        let mut path: Vec<(DefId, usize)> = vec![(start, 0)];
        let mut open: FxHashMap<DefId, usize> = FxHashMap::default();
        open.insert(start, 0);
        while let Some((id, next)) = path.last_mut() {
            let Some(&(whom, _)) = uses.get(id).and_then(|uses| uses.get(*next)) else {
                done.insert(*id);
                open.remove(id);
                path.pop();
                continue;
            };
            *next += 1;
            if let Some(&first) = open.get(&whom) {
                self.circle(path.get(first..).unwrap_or(&[]), uses, circular);
            } else if !done.contains(&whom) {
                open.insert(whom, path.len());
                path.push((whom, 0));
            }
        }
    }

    fn circle(
        &mut self,
        path: &[(DefId, usize)],
        uses: &FxHashMap<DefId, Vec<(DefId, Span)>>,
        circular: &mut FxHashSet<DefId>,
    ) {
        let has_function = path.iter().any(|(id, _)| self.names.def(*id).kind == DefKind::Fn);
        let is_new = path.iter().all(|(id, _)| !circular.contains(id));
        circular.extend(path.iter().map(|(id, _)| *id));
        // A circle of `let`s alone is told where their types are found.
        if !has_function || !is_new {
            return;
        }
        let name = |id: DefId| self.names.def(id).name.as_str();
        let steps: Vec<(&str, &str, Span)> = path
            .iter()
            .filter_map(|&(id, next)| {
                let (whom, at) = *uses.get(&id)?.get(next.checked_sub(1)?)?;
                Some((name(id), name(whom), at))
            })
            .collect();
        self.report(errors::call_cycle(&steps));
    }

    /// Reports what only a block knows, where a function is around. Whether it is.
    pub(super) fn refused_in_function(&mut self, scope: &Scope, word: &str, at: Span) -> bool {
        let Some(function) = scope.function.map(|id| *self.names.def(id)) else { return false };
        self.report(errors::function_scope(word, at, function.name.as_str(), function.at));
        true
    }

    /// Adds a local; one that stands for something already is reported.
    pub(super) fn add_local(&mut self, scope: &mut Scope, name: Sym, ty: Ty, at: Span) {
        if let Some(first) = self.hidden_by(scope, name) {
            self.report(super::errors::shadowed(name.as_str(), at, first));
        }
        scope.locals.push(Local { name, ty, at });
    }

    /// Where a local of this name is declared that another one would hide: a variable, a parameter, a `let` of a body,
    /// an input of the component, or a field of the schema that is being declared.
    pub(super) fn hidden_by(&self, scope: &Scope, name: Sym) -> Option<Span> {
        if let Some(local) = scope.locals.iter().find(|local| local.name == name) {
            return Some(local.at);
        }
        if let Some(known) = scope.lets.iter().find(|known| known.name == name) {
            return Some(known.at);
        }
        [scope.declared, scope.inputs].into_iter().flatten().find_map(|schema| {
            let slot = self.types.slot(schema, name)?;
            let field = self.types.schema(schema).fields.get(usize::from(slot))?;
            (!self.is_implied(schema, slot)).then_some(field.at)
        })
    }
}
