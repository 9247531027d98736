//! Declarations to schemas, kinds and types.

use rustc_hash::FxHashMap;

use super::check::Checker;
use super::errors;
use super::name::MOST_NESTED;
use super::schema::{CheckDecl, Field, KindInfo, Schema, SchemaId};
use super::ty::{Ty, TyKind, Tys};
use crate::diag::nearest;
use crate::resolve::{DefId, DefKind, TreeId, duplicate, keyword};
use crate::source::{Span, Sym};
use crate::syntax::{BodyId, KindBody, Marks, MemberKind, TyNode};

/// The schema whose fields every resource in a cluster has.
const PLACED: &str = "Placed";

/// The schema whose fields every use of a component has, and passes to its children.
pub(super) const PASSED: &str = "Passed";

/// The field whose entries have types of their own: `param registries: [String] = ["docker.io/"]`.
pub(super) const PARAM: &str = "param";

/// Fills the tables of schemas, kinds, presets, functions and resources.
pub(super) fn declare(cx: &mut Checker<'_>) {
    let defs: Vec<DefId> =
        (0..cx.names.defs.len()).map(|i| DefId(u32::try_from(i).unwrap_or(u32::MAX))).collect();
    for &def in &defs {
        allot(cx, def);
    }
    cx.types.serve(cx.names);
    for &def in &defs {
        kind(cx, def);
    }
    for &def in &defs {
        if cx.names.def(def).kind == DefKind::Type {
            cx.alias(def, &mut Vec::new());
        }
    }
    let mut filled = vec![false; cx.types.schemas.len()];
    for index in 0..filled.len() {
        fill(cx, SchemaId(u32::try_from(index).unwrap_or(u32::MAX)), &mut filled, &mut Vec::new());
    }
    for index in 0..cx.types.schemas.len() {
        let schema = SchemaId(u32::try_from(index).unwrap_or(u32::MAX));
        if let Some(context) = cx.staging(schema) {
            cx.types.contexts.insert(schema, context);
        }
    }
    cx.computed_sources();
    super::object::join_kinds(cx);
    cx.endless_schemas();
    let passed =
        cx.names.prelude.get(&Sym::new(PASSED)).and_then(|def| cx.types.schema_of.get(def));
    if let Some(&passed) = passed {
        let fields = &cx.types.schema(passed).fields;
        cx.types.passed = fields.iter().map(|field| field.name).collect();
    }
    for &def in &defs {
        placed(cx, def);
        preset(cx, def);
        cx.signature(def);
    }
    resources(cx);
}

/// Gives schemas and kinds with fields their numbers.
fn allot(cx: &mut Checker<'_>, id: DefId) {
    let def = *cx.names.def(id);
    let has_fields = matches!(
        cx.names.member(id).kind,
        MemberKind::Schema { .. }
            | MemberKind::Kind { is: KindBody::Fields(_), .. }
            | MemberKind::Component { .. }
    );
    if has_fields {
        let schema = SchemaId(u32::try_from(cx.types.schemas.len()).unwrap_or(u32::MAX));
        cx.types.schemas.push(Schema {
            def: id,
            name: def.name,
            extends: None,
            fields: Vec::new(),
            by_name: FxHashMap::default(),
            checks: Vec::new(),
            broken: false,
        });
        cx.types.schema_of.insert(id, schema);
    }
}

fn kind(cx: &mut Checker<'_>, id: DefId) {
    let def = *cx.names.def(id);
    let member = *cx.names.member(id);
    let (name, is) = match member.kind {
        MemberKind::Kind { name, is, .. } => (name, is),
        MemberKind::Component { name, body } => (name, KindBody::Fields(body)),
        _ => return,
    };
    let mut info = KindInfo {
        def: id,
        name: def.name,
        keyword: Sym::new(&keyword(name.sym.as_str())),
        members: Vec::new(),
        union: false,
        single: member.marks.has(Marks::SINGLE),
        placed: false,
        children: Vec::new(),
        component: matches!(member.kind, MemberKind::Component { .. }),
        endless: false,
    };
    match is {
        KindBody::Fields(_) => info.members.extend(cx.types.schema_of.get(&id).copied()),
        KindBody::Union(ty) => {
            info.union = true;
            let ty = cx.ty(def.tree, ty, &mut Vec::new());
            for member in cx.types.tys.members(ty) {
                if let TyKind::Schema(schema) = *cx.types.tys.kind(member) {
                    info.members.push(schema);
                }
            }
        }
    }
    cx.types.kinds.insert(id, info);
}

/// Fills a schema's fields, those of what it extends first.
fn fill(cx: &mut Checker<'_>, id: SchemaId, filled: &mut [bool], path: &mut Vec<SchemaId>) {
    if filled.get(id.0 as usize).copied().unwrap_or(true) {
        return;
    }
    let def = cx.types.schema(id).def;
    let at = cx.names.def(def).at;
    if path.contains(&id) || path.len() >= MOST_NESTED {
        let name = cx.types.schema(id).name;
        cx.report(if path.contains(&id) {
            errors::type_cycle(name.as_str(), at)
        } else {
            errors::too_deep(name.as_str(), at, MOST_NESTED)
        });
        if let Some(schema) = cx.types.schemas.get_mut(id.0 as usize) {
            schema.broken = true;
        }
        return;
    }
    path.push(id);
    let tree = cx.names.def(def).tree;
    let (extends, body) = match cx.names.member(def).kind {
        MemberKind::Schema { extends, body, .. }
        | MemberKind::Kind { extends, is: KindBody::Fields(body), .. } => (extends, body),
        MemberKind::Component { body, .. } => (None, body),
        _ => return,
    };
    let is_component = matches!(cx.names.member(def).kind, MemberKind::Component { .. });
    let mut fields: Vec<Field> = Vec::new();
    let mut checks = Vec::new();
    let base = extends.and_then(|path| Some((path, cx.schema_path(tree, path, "schema")?)));
    let base = base.and_then(|(path, base)| {
        let found = *cx.names.def(cx.types.schema(base).def);
        if found.kind != DefKind::Component {
            return Some(base);
        }
        let at = cx.span(tree, cx.tree(tree).path(path).at);
        cx.report(errors::wrong_base(
            format!("`{}` is a component, and nothing extends one", found.name),
            at,
            Some(found.at),
            "components compose: write a block of it in a component of your own".to_owned(),
        ));
        None
    });
    let mut copied_from = None;
    if let Some(base) = base {
        copied_from = Some(base);
        fill(cx, base, filled, path);
        fields.clone_from(&cx.types.schema(base).fields);
        checks.clone_from(&cx.types.schema(base).checks);
    }
    if is_component
        && let Some(&base) =
            cx.names.prelude.get(&Sym::new(PASSED)).and_then(|def| cx.types.schema_of.get(def))
    {
        fill(cx, base, filled, path);
        fields.clone_from(&cx.types.schema(base).fields);
    }
    let copied = fields.len();
    let around = cx.declaring.replace(id);
    let base = copied_from.map_or(Sym::new(PASSED), |base| cx.types.schema(base).name);
    declared_fields(cx, tree, body, is_component, (copied, base), &mut fields, &mut checks);
    cx.declaring = around;
    let broken = cx.tree(tree).body(body).broken;
    let by_name = fields
        .iter()
        .enumerate()
        .map(|(slot, field)| (field.name, u16::try_from(slot).unwrap_or(u16::MAX)))
        .collect();
    if let Some(schema) = cx.types.schemas.get_mut(id.0 as usize) {
        schema.fields = fields;
        schema.by_name = by_name;
        schema.extends = copied_from;
        schema.checks = checks;
        schema.broken |= broken;
    }
    if let Some(done) = filled.get_mut(id.0 as usize) {
        *done = true;
    }
    path.pop();
}

fn declared_fields(
    cx: &mut Checker<'_>,
    tree: TreeId,
    body: BodyId,
    is_component: bool,
    (copied, base): (usize, Sym),
    fields: &mut Vec<Field>,
    checks: &mut Vec<CheckDecl>,
) {
    let nodes = cx.tree(tree);
    for member in nodes.members_of(body) {
        match member.kind {
            MemberKind::Field { name, ty, default } => {
                let at = cx.span(tree, name.at);
                let ty = match nodes.ty(ty) {
                    TyNode::Computed { function, field } if member.marks.has(Marks::STAGED) => {
                        cx.computed_type(tree, function, field)
                    }
                    _ => cx.ty(tree, ty, &mut Vec::new()),
                };
                let field = Field {
                    name: name.sym,
                    at,
                    tree,
                    ty,
                    default,
                    doc: cx.span(tree, member.doc),
                    marks: member.marks,
                };
                if member.marks.has(Marks::DECLARED) {
                    declared_map(cx, &field);
                }
                match fields.iter().position(|other| other.name == name.sym) {
                    // A kind may say more of a field that it copied.
                    Some(slot) if slot < copied => {
                        let Some(place) = fields.get_mut(slot) else { continue };
                        if !cx.fits(field.ty, place.ty) {
                            let (is, was) = (cx.show(field.ty), cx.show(place.ty));
                            cx.report(errors::redeclared(
                                name.sym,
                                (at, &is),
                                (place.at, &was),
                                base,
                            ));
                        }
                        *place = field;
                    }
                    Some(slot) => {
                        let first = fields.get(slot).map_or(at, |field| field.at);
                        cx.report(duplicate("field", name.sym.as_str(), at, first));
                    }
                    None => fields.push(field),
                }
            }
            MemberKind::Check { condition, message, warn } => {
                let at = cx.span(tree, nodes.expr_extent(condition));
                checks.push(CheckDecl { tree, condition, message, warn, at });
            }
            MemberKind::Error => {}
            // What a component holds beside its fields.
            MemberKind::Block { .. }
            | MemberKind::If { .. }
            | MemberKind::For { .. }
            | MemberKind::Let { .. }
                if is_component => {}
            // What a component cannot hold, its blocks' reading tells.
            _ if is_component => {}
            _ => {
                let at = cx.span(tree, member.at);
                cx.report(errors::misplaced(
                    "this member",
                    at,
                    "a schema holds fields (`name: Type = default`), `check` and `warn`",
                ));
            }
        }
    }
}

/// A field whose entries are declared is a map; what `param` declares are data.
fn declared_map(cx: &mut Checker<'_>, field: &Field) {
    let entry = match *cx.types.tys.core(field.ty) {
        TyKind::Map(_, of) => of,
        TyKind::Unknown => return,
        _ => {
            let shown = cx.show(field.ty);
            cx.report(errors::no_declared_map(field.name.as_str(), &shown, field.at));
            return;
        }
    };
    if *cx.types.tys.core(entry) == TyKind::Data && field.name.as_str() != PARAM {
        cx.report(errors::no_param(field.name.as_str(), field.at));
    }
}

/// A kind is placed when it copies the library's common fields.
fn placed(cx: &mut Checker<'_>, id: DefId) {
    let Some(info) = cx.types.kinds.get(&id) else { return };
    let marker =
        cx.names.prelude.get(&Sym::new(PLACED)).and_then(|def| cx.types.schema_of.get(def));
    let Some(&marker) = marker else { return };
    let Some(clusters) = cx.types.schema(marker).fields.first().map(|field| field.at) else {
        return;
    };
    let copies = |schema: &SchemaId| {
        cx.types.schema(*schema).fields.iter().any(|field: &Field| field.at == clusters)
    };
    let is_placed = !info.members.is_empty() && info.members.iter().all(copies);
    if let Some(info) = cx.types.kinds.get_mut(&id) {
        info.placed = is_placed;
    }
}

fn preset(cx: &mut Checker<'_>, id: DefId) {
    let def = *cx.names.def(id);
    let MemberKind::Preset { subject, .. } = cx.names.member(id).kind else { return };
    if let Some(schema) = cx.schema_path(def.tree, subject, "kind or schema") {
        cx.types.preset_of.insert(id, schema);
    }
}

/// The schema of every block, and the table of resources.
fn resources(cx: &mut Checker<'_>) {
    let mut singles: FxHashMap<DefId, Span> = FxHashMap::default();
    for index in 0..cx.names.blocks.len() {
        let Some(block) = cx.names.blocks.get(index) else { continue };
        let (kind, tree, at) = (block.kind, block.tree, block.at);
        let (name, star) = (block.name, block.star);
        let number = u32::try_from(index).unwrap_or(u32::MAX);
        let (component, pattern) = (block.component, block.is_pattern());
        let mut schema = None;
        if let Some(info) = cx.types.kinds.get(&kind) {
            let (single, keyword) = (info.single, info.keyword);
            if info.union {
                // A `*` block without a member is for all of them.
                if let MemberKind::Block { bases, .. } = cx.tree(tree).member(block.member).kind
                    && !(star && bases.is_empty())
                {
                    schema = cx.union_member(tree, bases, kind, at);
                }
            } else {
                schema = info.members.first().copied();
            }
            if let Some(schema) = schema
                && !star
                && !name.is_empty()
                && component.is_none()
            {
                cx.own_name(schema, name, at, tree);
            }
            if pattern && single {
                cx.report(errors::single_pattern(keyword.as_str(), at));
            }
            match component {
                Some(component) => {
                    if let Some(component) = cx.types.kinds.get_mut(&component) {
                        component.children.push(number);
                    }
                }
                None if pattern => {
                    cx.types.open_kinds.insert(kind);
                }
                None => {}
            }
            if !star && !pattern {
                cx.types.resources.entry((kind, name)).or_insert(number);
                if single && let Some(first) = singles.insert(kind, at) {
                    cx.report(errors::second_of_single(keyword.as_str(), at, first));
                    singles.insert(kind, first);
                }
            }
        }
        cx.types.block_schema.push(schema);
    }
    cx.component_loops();
}

impl Checker<'_> {
    /// The meaning of a `type`.
    pub(super) fn alias(&mut self, id: DefId, path: &mut Vec<DefId>) -> Ty {
        if let Some(&ty) = self.types.type_of.get(&id) {
            return ty;
        }
        let def = *self.names.def(id);
        if path.contains(&id) || path.len() >= MOST_NESTED {
            let name = def.name.as_str();
            self.report(if path.contains(&id) {
                errors::type_cycle(name, def.at)
            } else {
                errors::too_deep(name, def.at, MOST_NESTED)
            });
            self.types.type_of.insert(id, Tys::UNKNOWN);
            return Tys::UNKNOWN;
        }
        let MemberKind::Type { ty, .. } = self.names.member(id).kind else { return Tys::UNKNOWN };
        let doc = first_sentence(self.names.text(def.tree, self.names.member(id).doc));
        self.types.docs.insert(id, (def.name, doc));
        path.push(id);
        // A named type means the same wherever it is used.
        let around = self.declaring.take();
        let inner = self.ty(def.tree, ty, path);
        self.declaring = around;
        path.pop();
        if let Some(&ty) = self.types.type_of.get(&id) {
            return ty;
        }
        let ty = self.types.tys.intern(TyKind::Alias(id, inner));
        self.types.type_of.insert(id, ty);
        ty
    }

    /// The schema that a path means: a schema's own, or a kind's that has fields.
    pub(super) fn schema_path(&mut self, tree: TreeId, path: u32, what: &str) -> Option<SchemaId> {
        let nodes = self.tree(tree);
        let path = nodes.path(path);
        let names: Vec<Sym> = nodes.names_of(path.names).iter().map(|name| name.sym).collect();
        let at = self.span(tree, path.at);
        match self.names.lookup_path(tree, &names) {
            Some(def) => {
                if let Some(&schema) = self.types.schema_of.get(&def) {
                    return Some(schema);
                }
                let found = *self.names.def(def);
                self.report(errors::wrong_base(
                    format!("`{}` is a {}, not a {what}", found.name, found.kind.word()),
                    at,
                    Some(found.at),
                    format!("name a {what} here"),
                ));
                None
            }
            None if self.unknown_object(&names, at) => None,
            None => {
                let known =
                    self.names.visible(tree, |k| matches!(k, DefKind::Schema | DefKind::Kind));
                let name = names.last().copied().unwrap_or(Sym::EMPTY);
                let near = nearest(name.as_str(), known);
                self.no_type(tree, &names, at, what, near);
                None
            }
        }
    }
}

/// The first sentence of a doc, without its slashes.
fn first_sentence(doc: &str) -> String {
    let lines: Vec<&str> =
        doc.lines().map(|line| line.trim().trim_start_matches('/').trim()).collect();
    let whole = lines.join(" ");
    match whole.split_once(". ") {
        Some((first, _)) => first.trim().to_owned(),
        None => whole.trim().trim_end_matches('.').to_owned(),
    }
}
