//! Parameters: what the generators of an app set give, as records that its texts read.
//!
//! `staged each: parameters-of(from)` makes every entry of the map `from` a name of the context. What a name gives is
//! decided here: by the generator that the entry is, by the schema of the files that it reads, and by the elements that
//! it holds. Elements of which the text does not say everything give anything; the theorems look at the final ones.

use super::check::{Checker, Scope};
use super::computed::Computing;
use super::errors::parameters as errors;
use super::generators::{RawGenerator, StagedGenerator};
use super::meaning::Types;
use super::schema::SchemaId;
use super::ty::{Ty, TyKind, Tys};
use crate::embedded::{Generator, TemplateParameter, TemplateParameters, read_number};
use crate::resolve::TreeId;
use crate::source::{Span, Sym};
use crate::syntax::{BodyId, Expr, ExprId, Key, Marks, MemberKind, NO_BASE, Name};

/// The parameters of a generator, or a record among them.
#[derive(Clone, PartialEq, Debug)]
pub struct Parameters {
    /// What gives them, as messages say it.
    pub owner: String,
    /// What they are.
    pub fields: Vec<ParameterField>,
    /// Whether there may be others.
    pub is_open: bool,
    /// Where it is said which there are.
    pub at: Span,
}

/// A parameter.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct ParameterField {
    /// Its name.
    pub name: Sym,
    /// What it is; optional where it may be missing.
    pub ty: Ty,
    /// Where it is declared.
    pub at: Span,
}

/// How deep elements are looked into.
const DEPTH: u32 = 16;

impl Types {
    /// The slot of the name that stands for every entry of a map, and that map.
    pub fn stages_each(&self, context: SchemaId) -> Option<(u16, Sym)> {
        let fields = &self.schema(context).fields;
        (0u16..).zip(fields).find_map(|(slot, field)| {
            match *self.tys.kind(self.tys.strip(field.ty)) {
                TyKind::Computed(Computing::ParametersOf, source)
                    if field.marks.has(Marks::STAGED) =>
                {
                    Some((slot, source))
                }
                _ => None,
            }
        })
    }

    /// What a later value of a type is where a text is wanted: a record with a name of its own is that name.
    pub(super) fn as_later_text(&self, ty: Ty) -> Ty {
        match *self.tys.kind(self.tys.strip(ty)) {
            TyKind::Schema(schema) => self.key_of(schema).map_or(ty, |(key, _)| key),
            _ => ty,
        }
    }
}

impl Checker<'_> {
    /// Each generator of a union renders the same texts alone: what only some give may be missing.
    pub(super) fn union_of(&mut self, all: &mut [StagedGenerator]) {
        let records: Vec<Parameters> =
            all.iter().filter_map(|one| self.parameters(one.ty).cloned()).collect();
        if records.len() != all.len() {
            return;
        }
        for (index, one) in all.iter_mut().enumerate() {
            let Some(mut own) = records.get(index).cloned() else { continue };
            for field in &mut own.fields {
                let everywhere = records.iter().all(|record| {
                    record.is_open || record.fields.iter().any(|it| it.name == field.name)
                });
                if !everywhere && !self.types.tys.is_optional(field.ty) {
                    field.ty = self.types.tys.intern(TyKind::Optional(field.ty));
                }
            }
            one.ty = self.parameters_type(own);
        }
    }

    /// What is laid over the first generator of a merge may be missing, but for what the first gives, too.
    pub(super) fn merge_of(&mut self, all: &mut [StagedGenerator]) {
        let Some((first, others)) = all.split_first_mut() else { return };
        let Some(base) = self.parameters(first.ty).cloned() else { return };
        for one in others {
            let Some(mut own) = self.parameters(one.ty).cloned() else { continue };
            for field in &mut own.fields {
                let is_there = base.is_open || base.fields.iter().any(|it| it.name == field.name);
                if !is_there && !self.types.tys.is_optional(field.ty) {
                    field.ty = self.types.tys.intern(TyKind::Optional(field.ty));
                }
            }
            one.ty = self.parameters_type(own);
        }
    }

    /// A record of parameters as a type.
    fn parameters_type(&mut self, parameters: Parameters) -> Ty {
        let known = self.types.parameters.iter().position(|known| *known == parameters);
        let index = known.unwrap_or_else(|| {
            self.types.parameters.push(parameters);
            self.types.parameters.len() - 1
        });
        self.types.tys.intern(TyKind::Parameters(u32::try_from(index).unwrap_or(u32::MAX)))
    }

    pub(super) fn parameters(&self, ty: Ty) -> Option<&Parameters> {
        match *self.types.tys.core(ty) {
            TyKind::Parameters(index) => self.types.parameters.get(index as usize),
            _ => None,
        }
    }

    /// What a generator gives.
    pub(super) fn parameters_of(&mut self, raw: &RawGenerator, schema: SchemaId) -> Ty {
        let name = self.types.schema(schema).name;
        let always = Generator::ALL.iter().find(|row| row.1 == name.as_str()).and_then(|row| row.2);
        let always = always.and_then(|name| {
            let def = self.names.prelude.get(&Sym::new(name))?;
            self.types.schema_of.get(def).copied()
        });
        let mut out = Parameters {
            owner: raw.name.to_string(),
            fields: Vec::new(),
            is_open: false,
            at: raw.at,
        };
        if let Some(always) = always {
            out.fields = self.fields_of_schema(always);
        }
        if self.types.slot(schema, Sym::new("shape")).is_some() {
            match self.said(raw, "shape").and_then(|(tree, expr)| self.schema_said(tree, expr)) {
                Some(shape) => {
                    for field in self.fields_of_schema(shape) {
                        if !out.fields.iter().any(|known| known.name == field.name) {
                            out.fields.push(field);
                        }
                    }
                }
                None => out.is_open = true,
            }
        }
        if self.types.slot(schema, Sym::new("elements")).is_some() {
            match self.said(raw, "elements") {
                Some((tree, expr)) => self.elements(tree, expr, &mut out, 0),
                None => out.is_open = true,
            }
        }
        self.parameters_type(out)
    }

    /// The fields that files of a schema hold. What has a default may be left out of a file.
    fn fields_of_schema(&mut self, schema: SchemaId) -> Vec<ParameterField> {
        let fields = self.types.schema(schema).fields.clone();
        let fields = fields
            .into_iter()
            .filter(|field| !field.marks.has(Marks::OUT) && !field.marks.has(Marks::STAGED));
        fields
            .map(|field| {
                let may_lack = field.default.is_some() && !self.types.tys.is_optional(field.ty);
                let ty = match may_lack {
                    true => self.types.tys.intern(TyKind::Optional(field.ty)),
                    false => field.ty,
                };
                ParameterField { name: field.name, ty, at: field.at }
            })
            .collect()
    }

    /// What the highest layer sets a field of a generator to; none where several do, or a part of it.
    fn said(&self, raw: &RawGenerator, field: &str) -> Option<(TreeId, ExprId)> {
        let mut found = None;
        for &(tree, body) in &raw.bodies {
            let nodes = self.tree(tree);
            for member in nodes.members_of(body) {
                match member.kind {
                    MemberKind::Set { path, value, append } => {
                        if let [name] = nodes.names_of(path)
                            && name.sym.as_str() == field
                        {
                            found = (!append).then_some((tree, value));
                            if append {
                                return None;
                            }
                        }
                    }
                    // What a target or condition decides is known when it is decided.
                    MemberKind::By { .. } | MemberKind::If { .. } | MemberKind::For { .. } => {
                        return None;
                    }
                    _ => {}
                }
            }
        }
        found
    }

    fn schema_said(&self, tree: TreeId, expr: ExprId) -> Option<SchemaId> {
        let nodes = self.tree(tree);
        match nodes.expr(expr) {
            Expr::Paren(inner) => self.schema_said(tree, inner),
            Expr::TypeName(path) => {
                let names = nodes.names_of(nodes.path(path).names);
                let names: Vec<Sym> = names.iter().map(|name| name.sym).collect();
                let def = self.names.lookup_path(tree, &names)?;
                self.types.schema_of.get(&def).copied()
            }
            _ => None,
        }
    }

    /// The record that elements have together: what some lack is optional.
    fn elements(&mut self, tree: TreeId, expr: ExprId, out: &mut Parameters, depth: u32) {
        let nodes = self.tree(tree);
        let bodies: Option<Vec<BodyId>> = match nodes.expr(expr) {
            Expr::Paren(inner) => return self.elements(tree, inner, out, depth),
            Expr::List(elements) => nodes
                .elements(elements)
                .iter()
                .map(|&element| match nodes.expr(element) {
                    Expr::Record { base: NO_BASE, body } => Some(body),
                    _ => None,
                })
                .collect(),
            Expr::ListFor { value, .. } => match nodes.expr(value) {
                Expr::Record { base: NO_BASE, body } => Some(vec![body]),
                _ => None,
            },
            _ => None,
        };
        match bodies {
            Some(bodies) => self.records(tree, &bodies, out, depth),
            None => out.is_open = true,
        }
    }

    fn records(&mut self, tree: TreeId, bodies: &[BodyId], out: &mut Parameters, depth: u32) {
        let mut seen: Vec<(Sym, Span, Vec<Ty>)> = Vec::new();
        for &body in bodies {
            let nodes = self.tree(tree);
            for member in nodes.members_of(body) {
                let (name, ty) = match member.kind {
                    MemberKind::Set { path, value, append: false } => {
                        let [name] = nodes.names_of(path) else {
                            out.is_open = true;
                            continue;
                        };
                        (*name, self.element_type(tree, value, *name, depth))
                    }
                    MemberKind::Block { path, key: Key::None, body, .. } => {
                        let [name] = nodes.names_of(path) else {
                            out.is_open = true;
                            continue;
                        };
                        (*name, self.element_record(tree, body, *name, depth))
                    }
                    MemberKind::Error => continue,
                    _ => {
                        out.is_open = true;
                        continue;
                    }
                };
                let at = self.span(tree, name.at);
                match seen.iter_mut().find(|known| known.0 == name.sym) {
                    Some(known) => known.2.push(ty),
                    None => seen.push((name.sym, at, vec![ty])),
                }
            }
        }
        for (name, at, tys) in seen {
            let first = tys.first().copied().unwrap_or(Tys::UNKNOWN);
            let ty = match tys.iter().all(|&ty| ty == first) {
                true => first,
                false => self.types.tys.intern(TyKind::Data),
            };
            let ty = match tys.len() < bodies.len() {
                true => self.types.tys.intern(TyKind::Optional(ty)),
                false => ty,
            };
            out.fields.push(ParameterField { name, ty, at });
        }
    }

    /// What an element holds, as far as its text says.
    fn element_type(&mut self, tree: TreeId, expr: ExprId, name: Name, depth: u32) -> Ty {
        let nodes = self.tree(tree);
        let data = self.types.tys.intern(TyKind::Data);
        match nodes.expr(expr) {
            Expr::Paren(inner) => self.element_type(tree, inner, name, depth),
            Expr::Text(_) => Tys::STRING,
            Expr::Bool(_) => Tys::BOOL,
            Expr::Number => {
                let text = self.names.text(tree, nodes.expr_extent(expr));
                match read_number(text) {
                    Ok(literal) if literal.is_bare() && literal.has_point() => Tys::FLOAT,
                    Ok(literal) if literal.is_bare() => Tys::INT,
                    // What has a unit is written as text.
                    _ => Tys::STRING,
                }
            }
            Expr::Record { base: NO_BASE, body } => self.element_record(tree, body, name, depth),
            Expr::Name(sym) => self.cluster_called(sym).unwrap_or(data),
            Expr::Field { base, name, .. } => match nodes.expr(base) {
                Expr::Name(word) if word.as_str() == "cluster" => {
                    self.cluster_called(nodes.name(name).sym).unwrap_or(data)
                }
                _ => data,
            },
            _ => data,
        }
    }

    fn cluster_called(&mut self, name: Sym) -> Option<Ty> {
        let kind = *self.names.keywords.get(&Sym::new("cluster"))?;
        self.types
            .resources
            .contains_key(&(kind, name))
            .then(|| self.types.tys.intern(TyKind::Ref(kind)))
    }

    fn element_record(&mut self, tree: TreeId, body: BodyId, name: Name, depth: u32) -> Ty {
        if depth >= DEPTH {
            return self.types.tys.intern(TyKind::Data);
        }
        let at = self.span(tree, name.at);
        let mut inner =
            Parameters { owner: name.sym.to_string(), fields: Vec::new(), is_open: false, at };
        self.records(tree, &[body], &mut inner, depth + 1);
        self.parameters_type(inner)
    }

    /// A field of a later value of Argo CD, which `base` reads; none where the value is no record of parameters.
    pub(super) fn parameter(
        &mut self,
        scope: &Scope,
        base: ExprId,
        (of, context): (Ty, SchemaId),
        (name, at): (Sym, Span),
    ) -> Option<Ty> {
        let written = self.names.text(scope.tree, self.tree(scope.tree).expr_extent(base));
        let (fields, is_open, declared) = match self.types.tys.core(of).clone() {
            TyKind::Parameters(_) => {
                let found = self.parameters(of)?;
                (found.fields.clone(), found.is_open, found.at)
            }
            TyKind::Schema(schema) => {
                let declared = self.names.def(self.types.schema(schema).def).at;
                (self.fields_of_schema(schema), false, declared)
            }
            TyKind::Range(end) if matches!(name.as_str(), "low" | "high") => {
                // A file says both ends: it has no word for one that is open.
                return Some(self.types.tys.intern(TyKind::Later(end, context)));
            }
            TyKind::Map(_, value) => {
                // Which keys there are, only Argo CD knows.
                let value = match self.types.tys.is_optional(value) {
                    true => value,
                    false => self.types.tys.intern(TyKind::Optional(value)),
                };
                return Some(self.types.tys.intern(TyKind::Later(value, context)));
            }
            _ => return None,
        };
        if let Some(field) = fields.iter().find(|field| field.name == name) {
            return Some(self.types.tys.intern(TyKind::Later(field.ty, context)));
        }
        if is_open {
            let data = self.types.tys.intern(TyKind::Data);
            return Some(self.types.tys.intern(TyKind::Later(data, context)));
        }
        let known: Vec<(Sym, Span)> = fields.iter().map(|field| (field.name, field.at)).collect();
        let deeper = self.deeper(&fields, name);
        self.report(errors::unknown(written, (name, at), &known, declared, deeper.as_deref()));
        Some(Tys::UNKNOWN)
    }

    /// Where a parameter of a name stands among the records of others: `path.basename` for `basename`.
    fn deeper(&mut self, fields: &[ParameterField], name: Sym) -> Option<String> {
        let kebab = crate::embedded::kebab(name.as_str());
        fields.iter().find_map(|field| {
            let inner = match *self.types.tys.core(field.ty) {
                TyKind::Schema(schema) => self.fields_of_schema(schema),
                TyKind::Parameters(_) => self.parameters(field.ty)?.fields.clone(),
                _ => return None,
            };
            let found = inner.iter().find(|it| it.name.as_str() == kebab)?;
            Some(format!("{}.{}", field.name, found.name))
        })
    }

    /// A bare name in a text of an app set that no generator has. Whether that was told.
    pub(super) fn unknown_generator(&mut self, scope: &Scope, name: Sym, at: Span) -> bool {
        let is_here = scope
            .staged
            .is_some_and(|context| self.types.is_served(context, super::engine::Engine::ArgoCd));
        if !is_here {
            return false;
        }
        let generators = scope.generators.clone();
        if generators.iter().any(|one| one.ty == Tys::UNKNOWN) {
            return false;
        }
        let known: Vec<(Sym, Span)> = generators.iter().map(|one| (one.name, one.at)).collect();
        // `basename` alone, as Argo CD's own parameters are called.
        let kebab = crate::embedded::kebab(name.as_str());
        let meant = generators.iter().find_map(|one| {
            let fields = self.parameters(one.ty)?.fields.clone();
            let own = fields.iter().any(|field| field.name.as_str() == kebab);
            if own {
                return Some(format!("{}.{kebab}", one.name));
            }
            Some(format!("{}.{}", one.name, self.deeper(&fields, name)?))
        });
        self.report(errors::no_generator((name, at), &known, meant.as_deref()));
        true
    }

    /// What a template of Argo CD sees in the body around.
    pub(super) fn template_parameters(&self, scope: &Scope) -> TemplateParameters {
        let mut out = TemplateParameters::default();
        if scope.generators.is_empty() {
            out.is_open = true;
        }
        for one in &scope.generators {
            let Some(parameters) = self.parameters(one.ty) else {
                out.is_open = true;
                continue;
            };
            out.is_open |= parameters.is_open;
            for field in &parameters.fields {
                let steps = [field.name.as_str()];
                let mut keys = one.form.keys(one.name.as_str(), one.is_matrix, &steps);
                let mut parameter = self.template_parameter(one, &[field.name], field.ty, 0);
                // A path is a record of its own.
                if matches!(parameter, TemplateParameter::Record(_))
                    && keys.last().map(String::as_str) == Some("path")
                    && keys.len() > 1
                    && field.name.as_str() == "path"
                {
                    keys.pop();
                }
                while keys.len() > 1 {
                    let Some(last) = keys.pop() else { break };
                    parameter = TemplateParameter::Record(TemplateParameters {
                        fields: vec![(last, parameter)],
                        is_open: false,
                    });
                }
                if let Some(top) = keys.pop() {
                    add_parameter(&mut out, top, parameter);
                }
            }
        }
        out
    }

    fn template_parameter(
        &self,
        one: &StagedGenerator,
        path: &[Sym],
        ty: Ty,
        depth: u32,
    ) -> TemplateParameter {
        if depth >= DEPTH {
            return TemplateParameter::Any;
        }
        let fields: Vec<(Sym, Ty)> = match *self.types.tys.kind(self.types.tys.present(ty)) {
            TyKind::Schema(schema) => {
                let fields = self.types.schema(schema).fields.iter();
                fields.map(|field| (field.name, field.ty)).collect()
            }
            TyKind::Parameters(_) => match self.parameters(self.types.tys.present(ty)) {
                Some(found) if !found.is_open => {
                    found.fields.iter().map(|field| (field.name, field.ty)).collect()
                }
                _ => return TemplateParameter::Any,
            },
            TyKind::String | TyKind::Text(_) | TyKind::Literal(_) | TyKind::Ref(_) => {
                return TemplateParameter::Text;
            }
            TyKind::Int | TyKind::Float => return TemplateParameter::Number,
            TyKind::Bool => return TemplateParameter::Bool,
            TyKind::List(_) => return TemplateParameter::List,
            _ => return TemplateParameter::Any,
        };
        let mut out = TemplateParameters::default();
        for (name, ty) in fields {
            let path: Vec<Sym> = path.iter().copied().chain([name]).collect();
            let steps: Vec<&str> = path.iter().map(|step| step.as_str()).collect();
            let keys = one.form.keys(one.name.as_str(), one.is_matrix, &steps);
            if let Some(key) = keys.last() {
                let inner = self.template_parameter(one, &path, ty, depth + 1);
                out.fields.push((key.clone(), inner));
            }
        }
        TemplateParameter::Record(out)
    }
}

/// Adds a parameter; records of one name are joined.
fn add_parameter(into: &mut TemplateParameters, name: String, parameter: TemplateParameter) {
    match into.fields.iter_mut().find(|(known, _)| *known == name) {
        Some((_, TemplateParameter::Record(known))) => match parameter {
            TemplateParameter::Record(more) => {
                for (name, parameter) in more.fields {
                    add_parameter(known, name, parameter);
                }
            }
            _ => known.is_open = true,
        },
        Some(_) => {}
        None => into.fields.push((name, parameter)),
    }
}
