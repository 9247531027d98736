//! Names of types where values stand: a Kubernetes kind is an `Object`, a schema a `Type`.

use super::check::{Checker, Scope};
use super::errors;
use super::expectation::Expectation;
use super::meaning::Meaning;
use super::ty::{TextKind, Ty, TyKind, Tys};
use crate::diag::nearest;
use crate::kubernetes::{PREFIXES, unknown_object};
use crate::resolve::DefKind;
use crate::source::{Span, Sym};
use crate::syntax::{Expr, ExprId};

/// What can be read of an `Object`.
const OF_OBJECT: [&str; 5] = ["kind", "group", "version", "api-version", "namespaced"];

impl Checker<'_> {
    /// A type's path in dots as a value: `k8s.core.v1.Pod`, `base.TeamFile`. `None` for a field: what stands behind a dot is one,
    /// whatever its letters, unless the names before it lead to types.
    pub(super) fn type_path_value(
        &mut self,
        scope: &Scope,
        expr: ExprId,
        expect: Option<Expectation>,
    ) -> Option<Ty> {
        let Expr::Field { name, .. } = self.tree(scope.tree).expr(expr) else { return None };
        let last = self.tree(scope.tree).name(name).sym;
        if !last.as_str().starts_with(|first: char| first.is_ascii_uppercase()) {
            return None;
        }
        let names = self.type_path(scope, expr)?;
        let first = *names.first()?;
        if self.lexical(scope, first).is_some() {
            return None;
        }
        let is_type = |def| {
            let kind = self.names.def(def).kind;
            matches!(kind, DefKind::Schema | DefKind::Kind | DefKind::Component | DefKind::Type)
        };
        let leads_to_types = self.names.lookup_path(scope.tree, &names).is_some_and(is_type)
            || self.names.catalog.objects.iter().any(|object| {
                object.module.strip_prefix(first.as_str()).is_some_and(|it| it.starts_with('.'))
            });
        let at = self.expr_span(scope.tree, expr);
        leads_to_types.then(|| self.type_value(scope, expr, &names, at, expect))
    }

    /// `k8s.core.v1.Pod`, `TeamFile` as a value.
    pub(super) fn type_value(
        &mut self,
        scope: &Scope,
        expr: ExprId,
        names: &[Sym],
        at: Span,
        expect: Option<Expectation>,
    ) -> Ty {
        let shown = names.iter().map(|name| name.as_str()).collect::<Vec<_>>().join(".");
        let takes = |kind: &TyKind| {
            expect.is_some_and(|expect| {
                let members = self.types.tys.members(expect.ty);
                members.into_iter().any(|member| self.types.tys.kind(member) == kind)
            })
        };
        let (wants_object, wants_type) = (takes(&TyKind::Object), takes(&TyKind::Type));
        let object = self.object_index(&shown);
        if let (Some(object), true) = (object, wants_object || !wants_type) {
            self.mean(scope, expr, Meaning::Object(object));
            return self.types.tys.intern(TyKind::Object);
        }
        let def = self.names.lookup_path(scope.tree, names);
        if wants_type {
            return self.schema_value(scope, expr, names, at, object.is_some());
        }
        if wants_object {
            self.no_object_type(names, &shown, at, def.map(|def| *self.names.def(def)));
            return Tys::UNKNOWN;
        }
        if let [name] = names {
            self.unknown(scope, *name, at, expect, &[]);
        } else if !self.unknown_object(names, at) {
            self.report(errors::not_a_value(
                &shown,
                at,
                format!("a record of it is written `{shown} {{ }}`"),
            ));
        }
        Tys::UNKNOWN
    }

    /// The object type that a path means: index into the catalog's objects.
    pub(super) fn object_index(&self, path: &str) -> Option<u32> {
        let (module, kind) = path.rsplit_once('.')?;
        let objects = &self.names.catalog.objects;
        let found = objects.iter().position(|it| it.kind == kind && it.module == module)?;
        u32::try_from(found).ok()
    }

    /// A schema as a value; what is none is refused.
    fn schema_value(
        &mut self,
        scope: &Scope,
        expr: ExprId,
        names: &[Sym],
        at: Span,
        is_object: bool,
    ) -> Ty {
        let name = names.last().copied().unwrap_or(Sym::EMPTY);
        if is_object {
            let help = "a Kubernetes kind is an `Object`".to_owned();
            self.report(errors::no_type_value(name.as_str(), "a Kubernetes kind", at, None, help));
            return Tys::UNKNOWN;
        }
        let Some(def) = self.names.lookup_path(scope.tree, names) else {
            let known = self.names.visible(scope.tree, |kind| kind == DefKind::Schema);
            let near = nearest(name.as_str(), known);
            self.no_type(scope.tree, names, at, "schema", near);
            return Tys::UNKNOWN;
        };
        let found = *self.names.def(def);
        if found.kind == DefKind::Schema
            && let Some(&schema) = self.types.schema_of.get(&def)
        {
            self.mean(scope, expr, Meaning::Type(schema));
            return self.types.tys.intern(TyKind::Type);
        }
        let (what, help) = match found.kind {
            DefKind::Kind | DefKind::Component => (
                format!("a {}", found.kind.word()),
                "its blocks are resources, and files hold none: declare a `schema` with the fields of the file",
            ),
            _ => (format!("a {}", found.kind.word()), "name a `schema` here"),
        };
        self.report(errors::no_type_value(
            name.as_str(),
            &what,
            at,
            Some(found.at),
            help.to_owned(),
        ));
        Tys::UNKNOWN
    }

    /// Refuses what is no type of Kubernetes objects: a schema of the program, a part of objects, a misspelt path.
    fn no_object_type(
        &mut self,
        names: &[Sym],
        shown: &str,
        at: Span,
        def: Option<crate::resolve::Def>,
    ) {
        let catalog = &self.names.catalog;
        let is_part = shown
            .split_once('.')
            .filter(|(first, _)| PREFIXES.contains(first))
            .is_some_and(|(_, name)| catalog.has_type(name));
        let of_program = def.filter(|_| names.len() < 3);
        let found = match of_program {
            Some(def) => {
                let what = match def.kind {
                    DefKind::Kind => "a kind of resources".to_owned(),
                    other => format!("a {}", other.word()),
                };
                errors::no_object_value(shown, &what, at, Some(def.at))
            }
            None if is_part => {
                errors::no_object_value(shown, "a part of objects, no object itself", at, None)
            }
            None => unknown_object(shown, at, catalog),
        };
        self.report(found);
    }

    /// A text where a Kubernetes kind is wanted: `"Deployment"`, `"apps/v1/Deployment"`. Whether it was answered.
    pub(super) fn object_in_quotes(&mut self, text: &str, at: Span, expect: Expectation) -> bool {
        let is_word = |c: char| c.is_ascii_alphanumeric();
        let words: Vec<&str> =
            text.split(|c: char| !is_word(c)).filter(|w| !w.is_empty()).collect();
        let fits = |kind: &str, word: &str| {
            let (kind, word) = (kind.to_ascii_lowercase(), word.to_ascii_lowercase());
            let stem = kind.strip_suffix('y').map(|stem| format!("{stem}ies"));
            word == kind
                || word.strip_prefix(kind.as_str()).is_some_and(|rest| matches!(rest, "s" | "es"))
                || stem == Some(word)
        };
        let says = |object: &crate::kubernetes::ObjectType| {
            let group = object.group.split('.').next().unwrap_or("");
            let named = |word: &str| !word.is_empty() && words.contains(&word);
            usize::from(named(group)) + usize::from(named(&object.version))
        };
        let catalog = &self.names.catalog;
        let of_kind: Vec<&crate::kubernetes::ObjectType> = catalog
            .objects
            .iter()
            .filter(|object| words.iter().any(|word| fits(&object.kind, word)))
            .collect();
        let most = of_kind.iter().map(|object| says(object)).max().unwrap_or(0);
        let mut paths: Vec<String> = of_kind
            .into_iter()
            .filter(|object| says(object) == most && !object.deprecated && !object.unserved)
            .map(crate::kubernetes::ObjectType::path)
            .collect();
        // What is stable goes before what is in test.
        let stable = |path: &String| !path.contains("alpha") && !path.contains("beta");
        if paths.iter().any(stable) {
            paths.retain(stable);
        }
        paths.sort();
        let wanted = self.show(expect.ty);
        let error = errors::mismatch(at, "String", &wanted, Some(expect));
        let found = match paths.as_slice() {
            [] => {
                let kinds = catalog.objects.iter().map(|object| object.kind.as_str());
                match nearest(text, kinds) {
                    Some(near) => {
                        error.help(format!("a kind is written as a path; there is `{near}`"))
                    }
                    None => error.help("a kind is written as a path: `k8s.apps.v1.Deployment`"),
                }
            }
            [one] => {
                error.fix(format!("a kind is written as a path: `{one}`"), at, one.clone(), true)
            }
            several => {
                let list: Vec<String> = several.iter().map(|path| format!("`{path}`")).collect();
                error.help(format!("a kind is written as a path: {}", list.join(" or ")))
            }
        };
        self.report(found);
        true
    }

    /// A part of a refined text: `image.tag`, `url.host`. `None` where texts of the kind have no parts.
    pub(super) fn text_part(&mut self, kind: TextKind, name: Sym, at: Span) -> Option<Ty> {
        let known: &[&str] = match kind {
            TextKind::Image => &["registry", "repository", "tag", "digest"],
            TextKind::Url => &["scheme", "host", "port", "path"],
            _ => return None,
        };
        let part = match name.as_str() {
            part if !known.contains(&part) => {
                let near = nearest(part, known.iter().copied()).map(|near| (near, None));
                self.report(errors::unknown_field(part, kind.word(), at, near, known));
                return Some(Tys::UNKNOWN);
            }
            "tag" | "digest" => TyKind::Optional(Tys::STRING),
            "port" => TyKind::Optional(Tys::INT),
            _ => TyKind::String,
        };
        Some(self.types.tys.intern(part))
    }

    /// A field of an `Object` or a `Type`.
    pub(super) fn type_field(&mut self, base: Ty, name: Sym, at: Span) -> Ty {
        let is_object = *self.types.tys.kind(base) == TyKind::Object;
        let known: &[&str] = if is_object { &OF_OBJECT } else { &["name"] };
        if !known.contains(&name.as_str()) {
            let owner = self.show(base);
            let near = nearest(name.as_str(), known.iter().copied()).map(|near| (near, None));
            self.report(errors::unknown_field(name.as_str(), &owner, at, near, known));
            return Tys::UNKNOWN;
        }
        if name.as_str() == "namespaced" { Tys::BOOL } else { Tys::STRING }
    }
}
