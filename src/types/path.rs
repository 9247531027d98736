//! Type expressions to types.

use super::check::Checker;
use super::errors;
use super::ty::{TextKind, Ty, TyKind, Tys};
use crate::diag::nearest;
use crate::embedded::Dimension;
use crate::resolve::{DefId, DefKind, TreeId};
use crate::source::Sym;
use crate::syntax::{TextPart, TyId, TyNode};

/// The types that no library declares, beside the kinds of refined text.
pub const BUILT_IN: &[&str] = &[
    "Bool", "Int", "Float", "String", "Duration", "Bytes", "Cpu", "Percent", "Range", "Data",
    "Object", "Type", "Resource",
];

/// Types that have no other name in the language and are described in a page of their own.
fn is_built_in(name: &str) -> bool {
    BUILT_IN.contains(&name) || TextKind::ALL.iter().any(|(_, word)| *word == name)
}

impl Checker<'_> {
    /// Reports definitions that have the name of a type of the language: nobody could name them.
    pub(super) fn built_in_names(&mut self) {
        for def in &self.names.defs {
            let is_type = match def.kind {
                DefKind::Type | DefKind::Schema | DefKind::Kind | DefKind::Component => true,
                DefKind::Preset | DefKind::Fn | DefKind::Let => false,
            };
            if is_type && self.names.defs_of_people(def.module) && is_built_in(def.name.as_str()) {
                self.report(errors::built_in_name(def.kind.word(), def.name.as_str(), def.at));
            }
        }
    }

    /// The type that a type expression means; `path` holds the `type`s being defined.
    pub(super) fn ty(&mut self, tree: TreeId, id: TyId, path: &mut Vec<DefId>) -> Ty {
        let nodes = self.tree(tree);
        match nodes.ty(id) {
            TyNode::Error => Tys::UNKNOWN,
            TyNode::Named { path: name, args, refine } => {
                let base = self.named(tree, name, args, path);
                self.refined(tree, base, refine)
            }
            TyNode::Literal(text) => {
                let text = self.verbatim(tree, text);
                self.types.tys.intern(TyKind::Literal(Sym::new(&text)))
            }
            TyNode::List(of, refine) => {
                let of = self.ty(tree, of, path);
                let list = self.types.tys.intern(TyKind::List(of));
                self.refined(tree, list, refine)
            }
            TyNode::Map(key, value, refine) => {
                let key = self.ty(tree, key, path);
                let value = self.ty(tree, value, path);
                let map = self.types.tys.intern(TyKind::Map(key, value));
                self.refined(tree, map, refine)
            }
            TyNode::Optional(of) => {
                let of = self.ty(tree, of, path);
                self.types.tys.intern(TyKind::Optional(of))
            }
            TyNode::Union(members) => {
                let mut flat = Vec::new();
                for &member in nodes.types_of(members) {
                    let ty = self.ty(tree, member, path);
                    match self.types.tys.kind(ty) {
                        TyKind::Union(inner) => flat.extend(inner.iter().copied()),
                        _ => flat.push(ty),
                    }
                }
                self.types.tys.intern(TyKind::Union(flat.into()))
            }
            TyNode::Later { of, context } => self.later_type(tree, id, of, context, path),
            TyNode::Computed { function, .. } => {
                self.misplaced_computed(tree, function);
                Tys::UNKNOWN
            }
        }
    }

    fn named(
        &mut self,
        tree: TreeId,
        name: u32,
        args: crate::syntax::Slice,
        aliases: &mut Vec<DefId>,
    ) -> Ty {
        let nodes = self.tree(tree);
        let type_path = nodes.path(name);
        let at = self.span(tree, type_path.at);
        let names: Vec<Sym> = nodes.names_of(type_path.names).iter().map(|name| name.sym).collect();
        let args = nodes.types_of(args);
        if let [name] = names.as_slice() {
            let built_in = match name.as_str() {
                "Bool" => Some(TyKind::Bool),
                "Int" => Some(TyKind::Int),
                "Float" => Some(TyKind::Float),
                "String" => Some(TyKind::String),
                "Duration" => Some(TyKind::Quantity(Dimension::Duration)),
                "Bytes" => Some(TyKind::Quantity(Dimension::Bytes)),
                "Cpu" => Some(TyKind::Quantity(Dimension::Cpu)),
                "Percent" => Some(TyKind::Quantity(Dimension::Percent)),
                "Data" => Some(TyKind::Data),
                "Object" => Some(TyKind::Object),
                "Resource" => Some(TyKind::Resource),
                "Type" => Some(TyKind::Type),
                "Range" => match args {
                    [of] => {
                        let of = self.ty(tree, *of, aliases);
                        Some(TyKind::Range(of))
                    }
                    _ => {
                        self.report(errors::unknown_type(
                            "Range",
                            at,
                            "type of one argument",
                            None,
                        ));
                        return Tys::UNKNOWN;
                    }
                },
                other => TextKind::ALL
                    .iter()
                    .find(|(_, word)| *word == other)
                    .map(|(kind, _)| TyKind::Text(*kind)),
            };
            if let Some(built_in) = built_in {
                return self.types.tys.intern(built_in);
            }
        }
        let Some(def) = self.names.lookup_path(tree, &names) else {
            if let [name] = names.as_slice()
                && self.variables
                && super::unify::is_variable(name.as_str())
            {
                return self.types.tys.intern(TyKind::Var(*name));
            }
            let mut known = self.names.visible(tree, |kind| {
                matches!(kind, DefKind::Type | DefKind::Schema | DefKind::Kind | DefKind::Component)
            });
            known.extend(BUILT_IN);
            known.extend(TextKind::ALL.iter().map(|(_, word)| *word));
            let name = names.last().copied().unwrap_or(Sym::EMPTY);
            let near = nearest(name.as_str(), known);
            self.no_type(tree, &names, at, "type", near);
            return Tys::UNKNOWN;
        };
        match self.names.def(def).kind {
            DefKind::Type => self.alias(def, aliases),
            DefKind::Schema => match self.types.schema_of.get(&def).copied() {
                Some(schema) => self.types.tys.intern(TyKind::Schema(schema)),
                None => Tys::UNKNOWN,
            },
            DefKind::Kind | DefKind::Component => self.types.tys.intern(TyKind::Ref(def)),
            DefKind::Preset | DefKind::Fn | DefKind::Let => {
                let found = *self.names.def(def);
                self.report(errors::wrong_base(
                    format!("`{}` is a {}, not a type", found.name, found.kind.word()),
                    at,
                    Some(found.at),
                    "name a type, schema or kind here".to_owned(),
                ));
                Tys::UNKNOWN
            }
        }
    }

    /// What a literal text without holes holds.
    pub(super) fn verbatim(&self, tree: TreeId, text: crate::syntax::TextId) -> String {
        let nodes = self.tree(tree);
        let mut out = String::new();
        for part in nodes.parts_of(nodes.text(text).parts) {
            match *part {
                TextPart::Verbatim(at) => out.push_str(self.names.text(tree, at)),
                TextPart::Escape(letter, _) => out.push(letter),
                TextPart::Hole(_) => {}
            }
        }
        out
    }
}
