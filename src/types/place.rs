//! Paths of fields, from a schema to the place that is written.

use super::check::{Checker, Scope};
use super::errors;
use super::expectation::{Expectation, Why};
use super::schema::{Field, SchemaId};
use super::ty::{Ty, TyKind};
use crate::diag::nearest;
use crate::resolve::TreeId;
use crate::source::{Span, Sym};
use crate::syntax::{Marks, Name, Slice};

/// What a path or block leads to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    pub(super) ty: Ty,
    /// Where the type is said.
    pub(super) origin: Span,
    /// The field's name.
    pub(super) name: Sym,
    /// Whether it is an entry of the field's map.
    pub(super) entry: bool,
    /// Whether it is a map whose entries are declared, or stands for an entry of one before its name is known.
    pub(super) declared: bool,
    /// Whether the slot has a wider type: what is refined of this one is proved where the value is written.
    pub(super) narrower: bool,
}

impl Place {
    /// An entry of the map at this place.
    pub(super) const fn entry(self, ty: Ty) -> Self {
        Self { ty, entry: true, ..self }
    }

    /// What is wanted of a value here.
    pub(super) const fn wants(self) -> Expectation {
        let why = if self.entry { Why::Entry(self.name) } else { Why::Field(self.name) };
        Expectation::new(self.ty, self.origin, why)
    }
}

impl Checker<'_> {
    /// Follows a path of fields from a schema: the first field's slot, and what the last leads to.
    pub(super) fn walk(
        &mut self,
        scope: &Scope,
        path: Slice,
        schema: SchemaId,
        sets: bool,
    ) -> Option<(u16, Place)> {
        let names = self.tree(scope.tree).names_of(path).to_vec();
        let (first, rest) = names.split_first()?;
        let (slot, mut place) = self.settable(scope.tree, schema, *first, sets)?;
        for name in rest {
            place = self.step(scope, place, *name, sets)?;
        }
        Some((slot, place))
    }

    pub(super) fn step(
        &mut self,
        scope: &Scope,
        place: Place,
        name: Name,
        sets: bool,
    ) -> Option<Place> {
        let tree = scope.tree;
        let at = self.span(tree, name.at);
        let present = self.types.tys.present(place.ty);
        match self.types.tys.kind(present).clone() {
            TyKind::Schema(schema) => Some(self.settable(tree, schema, name, sets)?.1),
            TyKind::Map(_, value) => {
                self.map_key(tree, present, name, place);
                self.declared_entry(scope, place.entry(value), name)
            }
            TyKind::Data => Some(Place { ty: present, ..place }),
            TyKind::Later(of, _) if self.is_data(of) => Some(Place { ty: present, ..place }),
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
    fn settable(
        &mut self,
        tree: TreeId,
        schema: SchemaId,
        name: Name,
        sets: bool,
    ) -> Option<(u16, Place)> {
        let at = self.span(tree, name.at);
        let info = self.types.schema(schema);
        let Some(slot) = info.by_name.get(&name.sym).copied() else {
            if !info.broken && !self.not_shared(schema, name.sym, at) {
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
        Some((
            slot,
            Place {
                ty: field.ty,
                origin: field.at,
                name: field.name,
                entry: false,
                declared: field.marks.has(Marks::DECLARED),
                narrower: false,
            },
        ))
    }

    fn foreign_field(&mut self, schema: SchemaId, name: Sym, at: Span) {
        let info = self.types.schema(schema);
        let known: Vec<&str> = info
            .fields
            .iter()
            .filter(|field| field.is_settable())
            .map(|field| field.name.as_str())
            .collect();
        let having = self.members_with(schema, name);
        if !having.is_empty() {
            let owner = info.name.as_str();
            let error = errors::of_another_member(name.as_str(), owner, at, &having, &known);
            self.report(error);
            return;
        }
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
}
