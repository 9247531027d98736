//! Kubernetes' object types among the schemas.

use super::check::Checker;
use super::schema::SchemaId;
use crate::kubernetes::{PREFIX, unknown_object};
use crate::resolve::DefId;
use crate::source::{Span, Sym};
use crate::syntax::MemberKind;

/// Object types stand for the schema that they extend wherever a kind has that as a member: each of them is one.
pub(super) fn join_kinds(cx: &mut Checker<'_>) {
    let mut of: Vec<(SchemaId, SchemaId)> = Vec::new();
    for index in 0..cx.types.schemas.len() {
        let id = SchemaId(u32::try_from(index).unwrap_or(u32::MAX));
        let def = *cx.names.def(cx.types.schema(id).def);
        if !cx.is_object_module(def.module) {
            continue;
        }
        let MemberKind::Schema { extends: Some(base), .. } = cx.tree(def.tree).member(def.member).kind
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
        info.members.extend(of.iter().filter(|(_, base)| abstract_ones.contains(base)).map(|(id, _)| *id));
    }
}

impl Checker<'_> {
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
        let is_meant = names.first().is_some_and(|first| first.as_str() == PREFIX) || names.len() > 2;
        if is_meant {
            let path = names.iter().map(|name| name.as_str()).collect::<Vec<_>>().join(".");
            let found = unknown_object(&path, at, &self.names.catalog);
            self.report(found);
        }
        is_meant
    }
}
