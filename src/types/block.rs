//! Blocks and records: each member against the schema it writes into.

use super::check::{Checker, Scope};
use super::errors;
use super::expectation::{Expectation, Why};
use super::meaning::{Meaning, MemberMeaning};
use super::schema::{Field, SchemaId};
use super::ty::{Ty, TyKind, Tys};
use crate::diag::nearest;
use crate::resolve::{DefId, DefKind, TreeId, unsupported};
use crate::source::{Span, Sym};
use crate::syntax::{BodyId, ExprId, Key, Marks, MemberId, MemberKind, Name, Slice};

/// What a path or block leads to.
#[derive(Clone, Copy, Debug)]
struct Place {
    ty: Ty,
    /// Where the type is said.
    origin: Span,
    /// The field's name.
    name: Sym,
    /// The schema whose staged names hold in the value.
    owner: Option<SchemaId>,
}

impl Checker<'_> {
    /// Defaults and checks of a schema.
    pub(super) fn schema(&mut self, id: SchemaId) {
        for slot in 0..self.types.schema(id).fields.len() {
            let Some(field) = self.types.schema(id).fields.get(slot).cloned() else { continue };
            let Some(default) = field.default else { continue };
            let scope = Scope { declared: Some(id), ..Scope::new(field.tree) };
            self.expect(&scope, default, Expectation::new(field.ty, field.at, Why::Field(field.name)));
        }
        for check in self.types.schema(id).checks.clone() {
            let scope = Scope { declared: Some(id), ..Scope::new(check.tree) };
            self.condition(&scope, check.condition);
            let nodes = self.tree(check.tree);
            for part in nodes.parts_of(nodes.text(check.message).parts) {
                if let crate::syntax::TextPart::Hole(hole) = *part {
                    self.hole(&scope, hole, false);
                }
            }
        }
    }

    /// The members of a record of a schema.
    pub(super) fn body(&mut self, scope: &Scope, body: BodyId, schema: SchemaId) {
        let mut inner = scope.clone();
        inner.records.push(schema);
        let nodes = self.tree(scope.tree);
        for &id in nodes.member_ids(body) {
            self.member(&inner, id, schema);
        }
    }

    fn member(&mut self, scope: &Scope, id: MemberId, schema: SchemaId) {
        let nodes = self.tree(scope.tree);
        let member = *nodes.member(id);
        let at = self.span(scope.tree, member.at);
        match member.kind {
            MemberKind::Error => {}
            MemberKind::Set { path, append, value } => {
                let Some((slot, place)) = self.walk(scope, path, schema, true) else { return };
                self.types.set_member(scope.tree, id, MemberMeaning::Write { slot, schema: None });
                self.value(scope, value, place, append, member.marks);
            }
            MemberKind::Block { path, key, bases, body } => {
                let Some((slot, place)) = self.walk(scope, path, schema, true) else { return };
                let names = nodes.names_of(path);
                let at = names.last().map_or(at, |name| self.span(scope.tree, name.at));
                let entry = self.block_at(scope, place, key, bases, body, at);
                self.types.set_member(scope.tree, id, MemberMeaning::Write { slot, schema: entry });
            }
            MemberKind::Remove { path } => {
                if let Some((slot, _)) = self.walk(scope, path, schema, false) {
                    self.types.set_member(scope.tree, id, MemberMeaning::Write { slot, schema: None });
                }
            }
            MemberKind::By { axis, arms } => {
                let arms = nodes.by_bodies_of(arms);
                let names: Vec<Slice> = arms.iter().map(|arm| arm.names).collect();
                self.arms(scope.tree, nodes.name(axis), &names);
                for arm in arms {
                    for &inner in nodes.member_ids(arm.body) {
                        self.member(scope, inner, schema);
                    }
                }
            }
            MemberKind::If { condition, then, other } => {
                self.condition(scope, condition);
                for body in std::iter::once(then).chain(other) {
                    for &inner in nodes.member_ids(body) {
                        self.member(scope, inner, schema);
                    }
                }
            }
            MemberKind::Field { name, .. } => {
                let word = name.sym.as_str();
                self.report(errors::misplaced(
                    "a declaration",
                    at,
                    &format!("fields are set with `=`: `{word} = ..`"),
                ));
            }
            MemberKind::For { .. } => self.report(unsupported("`for` inside blocks", at)),
            MemberKind::Let { .. } => self.report(unsupported("`let` inside blocks", at)),
            MemberKind::Allow { .. } => self.report(unsupported("`allow`", at)),
            MemberKind::Patch { .. } => self.report(unsupported("`patch`", at)),
            MemberKind::Spread(_) => self.report(unsupported("`...` inside blocks", at)),
            MemberKind::Check { .. } => self.report(errors::misplaced(
                "`check`",
                at,
                "a check belongs to a schema, where it holds for every block",
            )),
            MemberKind::Computed { .. } | MemberKind::Comprehension { .. } => {
                let name = self.types.schema(schema).name;
                self.report(errors::misplaced(
                    "a computed key",
                    at,
                    &format!("`{name}` has fixed fields; computed keys belong into maps"),
                ));
            }
            MemberKind::Assert { .. } | MemberKind::Expect { .. } => self.report(errors::misplaced(
                "an assertion",
                at,
                "assertions stand in `test \"..\" { }`",
            )),
            MemberKind::Import { .. }
            | MemberKind::Type { .. }
            | MemberKind::Schema { .. }
            | MemberKind::Kind { .. }
            | MemberKind::Preset { .. }
            | MemberKind::Component { .. }
            | MemberKind::Fn { .. }
            | MemberKind::Test { .. } => self.report(errors::misplaced(
                "a definition",
                at,
                "definitions stand at the top of a file",
            )),
        }
    }

    /// Follows a path of fields from a schema: the first field's slot, and what the last leads to.
    fn walk(&mut self, scope: &Scope, path: Slice, schema: SchemaId, sets: bool) -> Option<(u16, Place)> {
        let names = self.tree(scope.tree).names_of(path).to_vec();
        let (first, rest) = names.split_first()?;
        let (slot, mut place) = self.settable(scope.tree, schema, *first, sets)?;
        for name in rest {
            place = self.step(scope.tree, place, *name, sets)?;
        }
        Some((slot, place))
    }

    fn step(&mut self, tree: TreeId, place: Place, name: Name, sets: bool) -> Option<Place> {
        let at = self.span(tree, name.at);
        let present = self.types.tys.present(place.ty);
        match self.types.tys.kind(present).clone() {
            TyKind::Schema(schema) => Some(self.settable(tree, schema, name, sets)?.1),
            TyKind::Map(_, value) => Some(Place { ty: value, ..place }),
            TyKind::Data => Some(Place { ty: present, ..place }),
            TyKind::Unknown => None,
            TyKind::Ref(kind) => {
                let word = self.keyword_of(kind);
                self.report(errors::misplaced(
                    "writing into a reference",
                    at,
                    &format!("set it in the block of that `{word}`"),
                ));
                None
            }
            _ => {
                let found = self.show(place.ty);
                self.report(errors::no_fields(&found, at, None));
                None
            }
        }
    }

    /// A field that may be set, with its slot.
    fn settable(&mut self, tree: TreeId, schema: SchemaId, name: Name, sets: bool) -> Option<(u16, Place)> {
        let at = self.span(tree, name.at);
        let info = self.types.schema(schema);
        let Some(slot) = info.by_name.get(&name.sym).copied() else {
            if !info.broken {
                self.foreign_field(schema, name.sym, at);
            }
            return None;
        };
        let field: Field = info.fields.get(usize::from(slot))?.clone();
        if sets && !field.is_settable() {
            let what = if field.marks.has(Marks::OUT) {
                "it is computed: `out`"
            } else if field.marks.has(Marks::KEY) {
                "it is the block's own name: `key`"
            } else {
                "it is known only later: `staged`"
            };
            self.report(errors::read_only(name.sym.as_str(), what, at, field.at));
            return None;
        }
        Some((slot, Place { ty: field.ty, origin: field.at, name: field.name, owner: Some(schema) }))
    }

    fn foreign_field(&mut self, schema: SchemaId, name: Sym, at: Span) {
        let info = self.types.schema(schema);
        let known: Vec<&str> = info
            .fields
            .iter()
            .filter(|field| field.is_settable())
            .map(|field| field.name.as_str())
            .collect();
        let near = nearest(name.as_str(), known.iter().copied()).map(|near| {
            let declared = info.fields.iter().find(|field| field.name.as_str() == near);
            (near, declared.map(|field| field.at))
        });
        let mut error = errors::unknown_field(name.as_str(), info.name.as_str(), at, near, &known);
        error = match name.as_str() {
            "depends_on" | "depends-on" | "dependsOn" => error.help(
                "a reference inside a value is the dependency; what no value shows goes into `needs`",
            ),
            "count" => error.help("several blocks come from `for`; machines of a pool from `replicas`"),
            "kind" | "apiVersion" => {
                error.help("the block's own keyword says what it is; manifests are what the build writes")
            }
            "metadata" | "spec" => error
                .help("a block has the fields of its kind, not those of the Kubernetes object it becomes"),
            _ => error,
        };
        self.report(error);
    }

    /// A value that is set.
    fn value(&mut self, scope: &Scope, value: ExprId, place: Place, append: bool, marks: Marks) {
        let mut inner = scope.clone();
        if self.is_later(place.ty) {
            inner.staged = place.owner;
        }
        if marks.has(Marks::OVERRIDE) {
            inner.inherited = Some(place.ty);
        }
        let expect = Expectation::new(place.ty, place.origin, Why::Field(place.name));
        if append && !matches!(self.types.tys.kind(self.types.tys.present(place.ty)), TyKind::List(_) | TyKind::Unknown) {
            let at = self.expr_span(scope.tree, value);
            let found = self.show(place.ty);
            self.report(errors::mismatch(at, "`+=`", &format!("= for {found}"), Some(expect)));
            return;
        }
        self.expect(&inner, value, expect);
    }

    pub(super) fn is_later(&self, ty: Ty) -> bool {
        self.types.tys.members(ty).into_iter().any(|member| match *self.types.tys.kind(member) {
            TyKind::Later(_) => true,
            TyKind::Map(_, of) | TyKind::List(of) => self.is_later(of),
            _ => false,
        })
    }

    /// A block below a field: `machine { }`, `workers general { }`, `labels { "a" = "b" }`.
    /// Gives the schema of the record that it writes, if it writes one.
    fn block_at(
        &mut self,
        scope: &Scope,
        place: Place,
        key: Key,
        bases: Slice,
        body: BodyId,
        at: Span,
    ) -> Option<SchemaId> {
        let present = self.types.tys.present(place.ty);
        let map = self.types.tys.members(present).into_iter().find_map(|member| {
            match *self.types.tys.kind(member) {
                TyKind::Map(_, value) => Some((member, value)),
                _ => None,
            }
        });
        match (key, map) {
            (Key::None, Some((map, value))) => {
                self.map_body(scope, body, map, Place { ty: value, ..place });
                None
            }
            (Key::None, None) => self.record_block(scope, place, bases, body, at),
            (Key::Name(name), Some((map, value))) => {
                self.map_key(scope.tree, map, name, place);
                self.record_block(scope, Place { ty: value, ..place }, bases, body, at)
            }
            (Key::Star(_), Some((_, value))) => {
                self.record_block(scope, Place { ty: value, ..place }, bases, body, at)
            }
            (Key::Text(text), Some(_)) => {
                let at = self.span(scope.tree, self.tree(scope.tree).text(text).at);
                self.report(unsupported("interpolated names", at));
                None
            }
            (Key::Name(_) | Key::Text(_) | Key::Star(_), None) => {
                if present != Tys::UNKNOWN {
                    let found = self.show(place.ty);
                    let key_at = match key {
                        Key::Name(name) => self.span(scope.tree, name.at),
                        Key::Star(star) => self.span(scope.tree, star),
                        Key::Text(_) | Key::None => at,
                    };
                    let error = if matches!(self.types.tys.kind(present), TyKind::Schema(_)) {
                        errors::needs_key(place.name.as_str(), &found, key_at)
                    } else {
                        errors::not_a_block(place.name.as_str(), &found, at, place.origin)
                    };
                    self.report(error);
                }
                None
            }
        }
    }

    /// A key of a map, against the map's key type.
    fn map_key(&mut self, tree: TreeId, map: Ty, name: Name, place: Place) {
        let TyKind::Map(key, _) = *self.types.tys.kind(map) else { return };
        let at = self.span(tree, name.at);
        if let Some(problem) = self.types.judge_key(key, name.sym, at) {
            let wanted = self.show(key);
            self.report(problem.because(place.origin, format!("keys of `{}` are `{wanted}`", place.name)));
        }
    }

    /// A block that writes a record.
    fn record_block(
        &mut self,
        scope: &Scope,
        place: Place,
        bases: Slice,
        body: BodyId,
        at: Span,
    ) -> Option<SchemaId> {
        let schema = self.choose(scope.tree, place, bases, at)?;
        self.body(scope, body, schema);
        Some(schema)
    }

    /// The schema of a block from its field's type and its bases.
    fn choose(&mut self, tree: TreeId, place: Place, bases: Slice, at: Span) -> Option<SchemaId> {
        let present = self.types.tys.present(place.ty);
        if present == Tys::UNKNOWN {
            return None;
        }
        let mut schemas = Vec::new();
        for member in self.types.tys.members(present) {
            match *self.types.tys.kind(member) {
                TyKind::Schema(schema) => schemas.push(schema),
                TyKind::Ref(kind) => {
                    if let Some(kind) = self.types.kinds.get(&kind).filter(|kind| kind.union) {
                        schemas.extend(kind.members.iter().copied());
                    }
                }
                _ => {}
            }
        }
        let chosen = match schemas.as_slice() {
            [] => {
                let found = self.show(place.ty);
                self.report(errors::not_a_block(place.name.as_str(), &found, at, place.origin));
                return None;
            }
            [only] => *only,
            _ => {
                let first = self.tree(tree).paths_of(bases).first().copied();
                let Some(first) = first else {
                    let names: Vec<String> = schemas
                        .iter()
                        .map(|&schema| format!("`{} : {} {{ }}`", place.name, self.types.schema(schema).name))
                        .collect();
                    self.report(errors::untyped_record(at, &names));
                    return None;
                };
                let found = self.base_schema(tree, first)?;
                if !schemas.contains(&found) {
                    let base_at = self.span(tree, first.at);
                    let (name, wanted) = (self.types.schema(found).name, self.show(place.ty));
                    let expect = Expectation::new(place.ty, place.origin, Why::Field(place.name));
                    self.report(errors::mismatch(base_at, name.as_str(), &wanted, Some(expect)));
                    return None;
                }
                found
            }
        };
        let union = schemas.len() > 1;
        self.block_bases(tree, bases, chosen, union);
        Some(chosen)
    }

    /// The schema that a base stands for: a schema itself, or what a preset completes.
    fn base_schema(&mut self, tree: TreeId, base: crate::syntax::TypePath) -> Option<SchemaId> {
        let names: Vec<Sym> =
            self.tree(tree).names_of(base.names).iter().map(|name| name.sym).collect();
        let at = self.span(tree, base.at);
        match self.names.lookup_path(tree, &names) {
            Some(def) => self
                .types
                .schema_of
                .get(&def)
                .or_else(|| self.types.preset_of.get(&def))
                .copied()
                .or_else(|| {
                    let found = *self.names.def(def);
                    self.report(errors::wrong_base(
                        format!("`{}` is a {}, no base of a block", found.name, found.kind.word()),
                        at,
                        Some(found.at),
                        "a base is a preset, or a member of a union".to_owned(),
                    ));
                    None
                }),
            None => {
                let known = self
                    .names
                    .visible(tree, |kind| matches!(kind, DefKind::Schema | DefKind::Preset));
                let name = names.last().copied().unwrap_or(Sym::EMPTY);
                let near = nearest(name.as_str(), known);
                let mut error = errors::unknown_type(name.as_str(), at, "preset or schema", near);
                if near.is_none() && matches!(name.as_str(), "Small" | "Medium" | "Large") {
                    error = error.help(format!("import it: `import std.sizes.{{{name}}}`"));
                }
                self.report(error);
                None
            }
        }
    }

    /// The member of a union kind that a block's bases name.
    pub(super) fn union_member(
        &mut self,
        tree: TreeId,
        bases: Slice,
        kind: DefId,
        at: Span,
    ) -> Option<SchemaId> {
        let members = self.types.kinds.get(&kind)?.members.clone();
        let keyword = self.keyword_of(kind);
        let Some(first) = self.tree(tree).paths_of(bases).first().copied() else {
            let names: Vec<String> = members
                .iter()
                .map(|&schema| format!("`{keyword} name : {} {{ }}`", self.types.schema(schema).name))
                .collect();
            self.report(errors::untyped_record(at, &names));
            return None;
        };
        let found = self.base_schema(tree, first)?;
        if members.contains(&found) {
            return Some(found);
        }
        let base_at = self.span(tree, first.at);
        let wanted: Vec<&str> =
            members.iter().map(|&schema| self.types.schema(schema).name.as_str()).collect();
        let name = self.types.schema(found).name;
        self.report(errors::mismatch(base_at, name.as_str(), &wanted.join(" | "), None));
        None
    }

    /// Checks that bases are presets of a schema (a first one may be the union's member itself).
    pub(super) fn block_bases(&mut self, tree: TreeId, bases: Slice, schema: SchemaId, union: bool) {
        for (index, base) in self.tree(tree).paths_of(bases).to_vec().into_iter().enumerate() {
            let names: Vec<Sym> =
                self.tree(tree).names_of(base.names).iter().map(|name| name.sym).collect();
            let def = self.names.lookup_path(tree, &names);
            if let Some(def) = def
                && self.types.schema_of.get(&def) == Some(&schema)
            {
                if !(union && index == 0) {
                    let at = self.span(tree, base.at);
                    let name = self.types.schema(schema).name;
                    self.report(errors::wrong_base(
                        format!("`{name}` is what this block is anyway"),
                        at,
                        None,
                        "a base is a preset: `preset Large for Cluster { }`".to_owned(),
                    ));
                }
                continue;
            }
            let Some(found) = self.base_schema(tree, base) else { continue };
            if found != schema {
                let at = self.span(tree, base.at);
                let (name, wanted) = (self.types.schema(found).name, self.types.schema(schema).name);
                let declared = def.map(|def| self.names.def(def).at);
                let base_name = names.last().copied().unwrap_or(Sym::EMPTY);
                self.report(errors::wrong_base(
                    format!("`{base_name}` is for `{name}`, not for `{wanted}`"),
                    at,
                    declared,
                    format!("this block is a `{wanted}`"),
                ));
            }
        }
    }

    /// The presets that a preset builds on.
    pub(super) fn preset_bases(&mut self, tree: TreeId, bases: Slice, schema: SchemaId) {
        self.block_bases(tree, bases, schema, false);
    }

    /// The members of a map.
    fn map_body(&mut self, scope: &Scope, body: BodyId, map: Ty, entry: Place) {
        let nodes = self.tree(scope.tree);
        for &id in nodes.member_ids(body) {
            let member = *nodes.member(id);
            let at = self.span(scope.tree, member.at);
            match member.kind {
                MemberKind::Error => {}
                MemberKind::Set { path, append, value } => {
                    let names = nodes.names_of(path).to_vec();
                    let Some((first, rest)) = names.split_first() else { continue };
                    self.map_key(scope.tree, map, *first, entry);
                    let mut place = Some(entry);
                    for name in rest {
                        place = place.and_then(|place| self.step(scope.tree, place, *name, true));
                    }
                    let Some(place) = place else { continue };
                    self.types.set_member(scope.tree, id, MemberMeaning::Entry { schema: None });
                    self.value(scope, value, place, append, member.marks);
                }
                MemberKind::Block { path, key, bases, body } => {
                    let names = nodes.names_of(path).to_vec();
                    let Some((first, rest)) = names.split_first() else { continue };
                    self.map_key(scope.tree, map, *first, entry);
                    let mut place = Some(entry);
                    for name in rest {
                        place = place.and_then(|place| self.step(scope.tree, place, *name, true));
                    }
                    let Some(place) = place else { continue };
                    let head = self.span(scope.tree, first.at);
                    let schema = self.block_at(scope, place, key, bases, body, head);
                    self.types.set_member(scope.tree, id, MemberMeaning::Entry { schema });
                }
                MemberKind::Remove { .. } => {
                    self.types.set_member(scope.tree, id, MemberMeaning::Entry { schema: None });
                }
                MemberKind::Computed { key, value } => {
                    let TyKind::Map(key_ty, _) = *self.types.tys.kind(map) else { continue };
                    let why = Why::Field(entry.name);
                    self.expect(scope, key, Expectation::new(key_ty, entry.origin, why));
                    self.types.set_member(scope.tree, id, MemberMeaning::Entry { schema: None });
                    self.value(scope, value, entry, false, member.marks);
                }
                MemberKind::By { axis, arms } => {
                    let arms = nodes.by_bodies_of(arms);
                    let names: Vec<Slice> = arms.iter().map(|arm| arm.names).collect();
                    self.arms(scope.tree, nodes.name(axis), &names);
                    for arm in arms {
                        self.map_body(scope, arm.body, map, entry);
                    }
                }
                MemberKind::If { condition, then, other } => {
                    self.condition(scope, condition);
                    for body in std::iter::once(then).chain(other) {
                        self.map_body(scope, body, map, entry);
                    }
                }
                MemberKind::Spread(_) | MemberKind::Comprehension { .. } => {
                    self.report(unsupported("computed maps", at));
                }
                MemberKind::For { .. } => self.report(unsupported("`for` inside blocks", at)),
                MemberKind::Field { .. }
                | MemberKind::Let { .. }
                | MemberKind::Check { .. }
                | MemberKind::Allow { .. }
                | MemberKind::Assert { .. }
                | MemberKind::Expect { .. }
                | MemberKind::Patch { .. }
                | MemberKind::Import { .. }
                | MemberKind::Type { .. }
                | MemberKind::Schema { .. }
                | MemberKind::Kind { .. }
                | MemberKind::Preset { .. }
                | MemberKind::Component { .. }
                | MemberKind::Fn { .. }
                | MemberKind::Test { .. } => {
                    self.report(errors::misplaced("this member", at, "a map holds entries: `key = value`"));
                }
            }
        }
    }

    /// `{ .. }` or `Docker { .. }` as a value.
    pub(super) fn record(
        &mut self,
        scope: &Scope,
        expr: ExprId,
        base: Option<u32>,
        body: BodyId,
        expect: Option<Expectation>,
    ) -> Ty {
        let at = self.expr_span(scope.tree, expr);
        if let Some(base) = base {
            let base = self.tree(scope.tree).path(base);
            let Some(schema) = self.base_schema(scope.tree, base) else { return Tys::UNKNOWN };
            self.mean(scope, expr, Meaning::Record(schema));
            let ty = self.types.tys.intern(TyKind::Schema(schema));
            // A wrong schema is one mistake: its fields are not judged as well.
            if expect.is_none_or(|expect| self.fits(ty, expect.ty)) {
                self.body(scope, body, schema);
            }
            return ty;
        }
        let Some(expect) = expect else {
            self.report(errors::untyped_record(at, &[]));
            return Tys::UNKNOWN;
        };
        let members = self.types.tys.members(expect.ty);
        let mut schemas = Vec::new();
        let owner = scope.records.last().copied();
        for &member in &members {
            match *self.types.tys.kind(member) {
                TyKind::Map(_, value) => {
                    self.mean(scope, expr, Meaning::Map);
                    let name = match expect.why {
                        Why::Field(name) | Why::Declared(name) => name,
                        Why::Operand | Why::Rule(_) => Sym::EMPTY,
                    };
                    let place = Place { ty: value, origin: expect.origin, name, owner };
                    self.map_body(scope, body, member, place);
                    return member;
                }
                TyKind::Schema(schema) => schemas.push(schema),
                TyKind::Ref(kind) => {
                    if let Some(kind) = self.types.kinds.get(&kind).filter(|kind| kind.union) {
                        schemas.extend(kind.members.iter().copied());
                    }
                }
                TyKind::Unknown => return Tys::UNKNOWN,
                _ => {}
            }
        }
        match schemas.as_slice() {
            [schema] => {
                let schema = *schema;
                self.mean(scope, expr, Meaning::Record(schema));
                self.body(scope, body, schema);
                self.types.tys.intern(TyKind::Schema(schema))
            }
            [] => {
                let wanted = self.show(expect.ty);
                self.report(errors::mismatch(at, "a record", &wanted, Some(expect)));
                Tys::UNKNOWN
            }
            several => {
                let names: Vec<String> = several
                    .iter()
                    .map(|&schema| format!("`{} {{ .. }}`", self.types.schema(schema).name))
                    .collect();
                self.report(errors::untyped_record(at, &names));
                Tys::UNKNOWN
            }
        }
    }

    /// The arms of a `by`: the axis exists, and each arm names something, once.
    pub(super) fn arms(&mut self, tree: TreeId, axis: Name, arms: &[Slice]) {
        let axis_at = self.span(tree, axis.at);
        let word = axis.sym.as_str();
        let kind = self.names.keywords.get(&axis.sym).copied();
        let Some(kind) = kind.filter(|_| matches!(word, "environment" | "cluster")) else {
            let near = nearest(word, ["environment", "cluster"]);
            self.report(errors::unknown_axis(word, axis_at, near));
            return;
        };
        let mut seen: Vec<(Sym, Span)> = Vec::new();
        for &names in arms {
            for name in self.tree(tree).names_of(names).to_vec() {
                let at = self.span(tree, name.at);
                if let Some((_, first)) = seen.iter().find(|(seen, _)| *seen == name.sym) {
                    let first = *first;
                    self.report(errors::repeated_arm(name.sym.as_str(), at, first));
                    continue;
                }
                seen.push((name.sym, at));
                let known = name.sym.as_str() == "else"
                    || self.types.resources.contains_key(&(kind, name.sym));
                if !known {
                    let mut all: Vec<&str> = self
                        .types
                        .resources
                        .keys()
                        .filter(|(of, _)| *of == kind)
                        .map(|(_, name)| name.as_str())
                        .collect();
                    all.sort_unstable();
                    let near = nearest(name.sym.as_str(), all);
                    self.report(errors::unknown_arm(name.sym.as_str(), word, at, near));
                }
            }
        }
    }

    /// A `*` layer of a union kind: it may set what all members have.
    pub(super) fn star_of_union(&mut self, scope: &Scope, kind: DefId, body: BodyId) {
        let at = self.span(scope.tree, self.tree(scope.tree).body(body).at);
        let word = self.keyword_of(kind);
        let _ = scope;
        self.report(unsupported(&format!("`{word} * {{ }}` for a kind with members"), at));
    }
}
