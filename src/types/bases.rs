//! What stands behind a block's colon: members of unions, and presets.

use super::check::Checker;
use super::errors;
use super::place::Place;
use super::schema::SchemaId;
use super::ty::{TyKind, Tys};
use crate::diag::nearest;
use crate::resolve::{DefId, DefKind, TreeId};
use crate::source::{Span, Sym};
use crate::syntax::{BodyId, MemberKind, Slice};

impl Checker<'_> {
    /// Reports a preset that builds on itself, at the one of the loop that is declared first.
    pub(super) fn preset_loop(&mut self, id: DefId) {
        let mut known = vec![id];
        let mut open = self.presets_below(id);
        while let Some(next) = open.pop() {
            if next == id {
                if known.iter().all(|&other| id <= other || !self.presets_reach(other, id)) {
                    let def = *self.names.def(id);
                    self.report(errors::preset_cycle(def.name.as_str(), def.at));
                }
                return;
            }
            if !known.contains(&next) {
                known.push(next);
                open.extend(self.presets_below(next));
            }
        }
    }

    fn presets_reach(&self, from: DefId, wanted: DefId) -> bool {
        let mut known = vec![from];
        let mut index = 0;
        while let Some(&next) = known.get(index) {
            index += 1;
            for below in self.presets_below(next) {
                if below == wanted {
                    return true;
                }
                if !known.contains(&below) {
                    known.push(below);
                }
            }
        }
        false
    }

    fn presets_below(&self, id: DefId) -> Vec<DefId> {
        let tree = self.names.def(id).tree;
        let MemberKind::Preset { bases, .. } = self.names.member(id).kind else {
            return Vec::new();
        };
        let nodes = self.tree(tree);
        nodes
            .paths_of(bases)
            .iter()
            .filter_map(|path| {
                let segments: Vec<Sym> =
                    nodes.names_of(path.names).iter().map(|name| name.sym).collect();
                let def = self.names.lookup_path(tree, &segments)?;
                (self.names.def(def).kind == DefKind::Preset).then_some(def)
            })
            .collect()
    }

    /// The one of some schemas that has every field that a body sets.
    pub(super) fn only_with_fields(
        &self,
        tree: TreeId,
        body: BodyId,
        schemas: &[SchemaId],
    ) -> Option<SchemaId> {
        let nodes = self.tree(tree);
        let mut written = Vec::new();
        for member in nodes.members_of(body) {
            let (MemberKind::Set { path, .. } | MemberKind::Block { path, .. }) = member.kind
            else {
                return None;
            };
            written.push(nodes.names_of(path).first()?.sym);
        }
        let has_all = |schema: &&SchemaId| {
            let known = &self.types.schema(**schema).by_name;
            written.iter().all(|name| known.contains_key(name))
        };
        let mut fitting = schemas.iter().filter(has_all);
        let only = *fitting.next()?;
        (!written.is_empty() && fitting.next().is_none()).then_some(only)
    }

    /// The schema of a block from its field's type and its bases; of several it is the only one that has the fields of its body.
    pub(super) fn choose(
        &mut self,
        tree: TreeId,
        place: Place,
        (bases, body): (Slice, BodyId),
        at: Span,
        keyed: bool,
    ) -> Option<SchemaId> {
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
                    if let Some(only) = self.only_with_fields(tree, body, &schemas) {
                        return Some(only);
                    }
                    let names: Vec<String> = schemas
                        .iter()
                        .map(|&schema| {
                            let name = self.types.schema(schema).name;
                            if keyed {
                                format!("`{} name : {name} {{ }}`", place.name)
                            } else {
                                format!("`{} = {name} {{ }}`", place.name)
                            }
                        })
                        .collect();
                    self.report(errors::untyped_record(at, &names));
                    return None;
                };
                let found = self.base_schema(tree, first)?;
                if !schemas.contains(&found) {
                    let base_at = self.span(tree, first.at);
                    let (name, wanted) = (self.types.schema(found).name, self.show(place.ty));
                    let expect = place.wants();
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
    pub(super) fn base_schema(
        &mut self,
        tree: TreeId,
        base: crate::syntax::TypePath,
    ) -> Option<SchemaId> {
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
            None if self.names.is_missing(tree, &names) => None,
            None if self.unknown_object(&names, at) => None,
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
            if self.is_of_objects(kind) {
                let names = ["k8s.apps.v1.Deployment", "Raw"]
                    .map(|name| format!("`{keyword} name : {name} {{ }}`"));
                self.report(errors::untyped_record(at, &names));
                return None;
            }
            let names: Vec<String> = members
                .iter()
                .map(|&schema| {
                    format!("`{keyword} name : {} {{ }}`", self.types.schema(schema).name)
                })
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
    pub(super) fn block_bases(
        &mut self,
        tree: TreeId,
        bases: Slice,
        schema: SchemaId,
        union: bool,
    ) {
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
                let (name, wanted) =
                    (self.types.schema(found).name, self.types.schema(schema).name);
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
}
