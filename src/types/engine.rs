//! Contexts: the schemas that stage names, what brings their values, and when.

use super::meaning::Types;
use super::schema::{Field, SchemaId};
use super::ty::{TextKind, Ty, TyKind};
use crate::resolve::Names;
use crate::source::Sym;
use crate::syntax::Marks;

/// What computes the values of a context, and reads the texts that hold them.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Engine {
    /// Prometheus, which fills the templates of an alert that fires.
    Prometheus,
    /// Grafana, which fills queries, titles and legends while it draws.
    Grafana,
    /// Argo CD, which makes Applications of what its generators find.
    ArgoCd,
}

/// A context of the library.
#[derive(Clone, Copy, Debug)]
pub struct Served {
    /// The schema that stages the names.
    pub schema: &'static str,
    /// What brings their values.
    pub engine: Engine,
    /// When that is: `when the alert fires`.
    pub when: &'static str,
    /// What can be computed with these values, and where instead.
    pub instead: &'static str,
}

/// Every context of the library. Those that a program declares have no engine: nothing prints them.
pub const SERVED: &[Served] = &[
    Served {
        schema: "Alert",
        engine: Engine::Prometheus,
        when: "when the alert fires",
        instead: "let the query do it: an alert fires for what its query yields",
    },
    Served {
        schema: "Query",
        engine: Engine::Grafana,
        when: "when Grafana draws the panel",
        instead: "let the query do it: a panel shows what its query yields",
    },
    grafana("PanelBase"),
    grafana("Row"),
    grafana("LabelValues"),
    grafana("LogQuery"),
    Served {
        schema: "Apps",
        engine: Engine::ArgoCd,
        when: "when Argo CD generates the Application",
        instead: "let a generator give it: a `List` holds what is decided here",
    },
];

/// A context of a dashboard that knows what the viewer picked.
const fn grafana(schema: &'static str) -> Served {
    Served {
        schema,
        engine: Engine::Grafana,
        when: "when Grafana draws the dashboard",
        instead: "the viewer picks only then; a query compares with what was picked",
    }
}

impl Types {
    /// Notes which schemas the library's contexts are.
    pub(super) fn serve(&mut self, names: &Names) {
        for row in SERVED {
            let def = names.prelude.get(&Sym::new(row.schema));
            if let Some(&schema) = def.and_then(|def| self.schema_of.get(def)) {
                self.served.insert(schema, row);
            }
        }
    }

    /// What brings the values of a context; none for those that a program declares.
    pub fn engine(&self, context: SchemaId) -> Option<&'static Served> {
        self.served.get(&context).copied()
    }

    /// Whether an engine brings the values of a context.
    pub(super) fn is_served(&self, context: SchemaId, engine: Engine) -> bool {
        self.engine(context).is_some_and(|row| row.engine == engine)
    }

    /// When the values of a context are known: `when the alert fires`.
    pub fn when(&self, context: SchemaId) -> String {
        match self.engine(context) {
            Some(row) => row.when.to_owned(),
            None => format!("later, for each `{}`", self.schema(context).name),
        }
    }

    /// The names that a context stages, with what they are when they are known.
    pub fn staged(&self, context: SchemaId) -> impl Iterator<Item = &Field> {
        self.schema(context).fields.iter().filter(|field| field.marks.has(Marks::STAGED))
    }

    /// The context of the later values that a type takes: of the type itself, or of what it holds.
    pub fn context_of(&self, ty: Ty) -> Option<SchemaId> {
        self.tys.members(ty).into_iter().find_map(|member| match *self.tys.kind(member) {
            TyKind::Later(_, context) => Some(context),
            TyKind::Map(_, of) | TyKind::List(of) => self.context_of(of),
            _ => None,
        })
    }

    /// Whether values of a type may hold records of a schema.
    pub fn may_hold_records(&self, ty: Ty) -> bool {
        self.tys.members(ty).into_iter().any(|member| match *self.tys.kind(member) {
            TyKind::Schema(_) => true,
            TyKind::Map(_, of) | TyKind::List(of) => self.may_hold_records(of),
            _ => false,
        })
    }

    /// The fields of a context that take its later values, or those of one staged name. Labels are known when a query has been
    /// answered, and spans of time stand in queries only.
    pub(super) fn later_fields(&self, context: SchemaId, staged: Option<Sym>) -> Vec<Sym> {
        let staged = self.staged(context).find(|field| Some(field.name) == staged);
        let takes = |field: &Field| {
            let is_query = self.later_query(field.ty).is_some();
            match staged.map(|staged| self.tys.kind(self.tys.strip(staged.ty))) {
                Some(TyKind::Computed(..)) => !is_query,
                Some(TyKind::Quantity(_)) => is_query,
                _ => true,
            }
        };
        let fields = self.schema(context).fields.iter();
        fields
            .filter(|field| self.context_of(field.ty) == Some(context) && takes(field))
            .map(|field| field.name)
            .collect()
    }

    /// The type of a query that takes later values: `PromQL` of `later PromQL`.
    pub(super) fn later_query(&self, ty: Ty) -> Option<Ty> {
        self.tys.members(ty).into_iter().find_map(|member| match *self.tys.kind(member) {
            TyKind::Later(of, _)
                if *self.tys.kind(self.tys.present(of)) == TyKind::Text(TextKind::PromQl) =>
            {
                Some(of)
            }
            _ => None,
        })
    }
}
