//! Kubernetes' object types among the schemas.

use super::check::{Checker, Scope};
use super::errors;
use super::meaning::MemberMeaning;
use super::schema::SchemaId;
use crate::kubernetes::{PREFIXES, partial, unknown_object};
use crate::resolve::DefId;
use crate::source::{Span, Sym};
use crate::syntax::{BodyId, MemberId, MemberKind};

/// The field that holds what patches write.
const PATCH: &str = "patch";

/// Object types stand for the schema that they extend wherever a kind has that as a member: each of them is one.
pub(super) fn join_kinds(cx: &mut Checker<'_>) {
    let mut of: Vec<(SchemaId, SchemaId)> = Vec::new();
    for index in 0..cx.types.schemas.len() {
        let id = SchemaId(u32::try_from(index).unwrap_or(u32::MAX));
        let def = *cx.names.def(cx.types.schema(id).def);
        if !cx.is_object_module(def.module) {
            continue;
        }
        let MemberKind::Schema { extends: Some(base), .. } =
            cx.tree(def.tree).member(def.member).kind
        else {
            continue;
        };
        if let Some(base) = cx.schema_path(def.tree, base, "schema") {
            of.push((id, base));
        }
    }
    let bases: Vec<SchemaId> = ["NamespacedObject", "ClusterObject"]
        .iter()
        .filter_map(|name| cx.names.prelude.get(&Sym::new(name)))
        .filter_map(|def| cx.types.schema_of.get(def).copied())
        .collect();
    for info in cx.types.kinds.values_mut().filter(|info| info.union) {
        let abstract_ones: Vec<SchemaId> =
            info.members.iter().copied().filter(|member| bases.contains(member)).collect();
        if abstract_ones.is_empty() {
            continue;
        }
        info.members.retain(|member| !bases.contains(member));
        info.members
            .extend(of.iter().filter(|(_, base)| abstract_ones.contains(base)).map(|(id, _)| *id));
    }
}

impl Checker<'_> {
    /// A `patch` inside of a block: the part of an object that it writes.
    pub(super) fn patch(
        &mut self,
        scope: &Scope,
        id: MemberId,
        schema: SchemaId,
        path: u32,
        body: BodyId,
    ) {
        let nodes = self.tree(scope.tree);
        let path = nodes.path(path);
        let at = self.span(scope.tree, path.at);
        let names: Vec<Sym> = nodes.names_of(path.names).iter().map(|name| name.sym).collect();
        let shown = names.iter().map(|name| name.as_str()).collect::<Vec<_>>().join(".");
        let Some(slot) = self.types.slot(schema, Sym::new(PATCH)) else {
            let name = self.types.schema(schema).name;
            self.report(errors::misplaced(
                "`patch`",
                at,
                &format!("a patch stands in the block of a resource; this is a `{name}`"),
            ));
            return;
        };
        let found = self.names.catalog.by_path(&shown).and_then(|object| {
            let module = self.names.object_modules.get(&partial(&object.module))?;
            let def = self.names.module(*module).defs.get(&Sym::new(&object.kind))?;
            self.types.schema_of.get(def).copied()
        });
        let Some(part) = found else {
            let found = unknown_object(&shown, at, &self.names.catalog);
            self.report(found);
            return;
        };
        self.types.set_member(scope.tree, id, MemberMeaning::Write { slot, schema: Some(part) });
        self.body(scope, body, part);
    }

    fn is_object_module(&self, module: crate::resolve::ModuleId) -> bool {
        self.names.object_modules.get(&self.names.module(module).path) == Some(&module)
    }

    /// Whether blocks of a kind are Kubernetes objects.
    pub(super) fn is_of_objects(&self, kind: DefId) -> bool {
        let Some(info) = self.types.kinds.get(&kind) else { return false };
        info.keyword.as_str() == "manifest"
    }

    /// Reports a path that can only be meant for an object type, and names none.
    pub(super) fn unknown_object(&mut self, names: &[Sym], at: Span) -> bool {
        let is_meant = names.first().is_some_and(|first| PREFIXES.contains(&first.as_str()))
            || names.len() > 2;
        if is_meant {
            let path = names.iter().map(|name| name.as_str()).collect::<Vec<_>>().join(".");
            let found = unknown_object(&path, at, &self.names.catalog);
            self.report(found);
        }
        is_meant
    }
}
