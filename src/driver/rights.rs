//! Who may do what by the roles and bindings that a program writes itself.

use super::finals::{self, Object, Trees, Value, is_of_kind, on_each, with_charts};
use super::theorems::Places;
use crate::backend;
use crate::diag::Diagnostic;
use crate::eval::Origin;
use crate::model::{Kind, Model};
use crate::rbac::{self, Around, is_of_rights};

/// What must be judged: roles, bindings and service accounts.
pub(super) struct Matter {
    objects: Vec<Object>,
    /// Whether charts may bring roles of their own.
    has_charts: bool,
}

/// Nothing where nobody wrote a role or a binding: those of the library's kinds are what they should be.
pub(super) fn matter(model: &Model<'_>) -> Option<Matter> {
    model.manifests.iter().any(|it| is_of_kind(&it.value, &is_of_rights)).then(|| Matter {
        objects: finals::objects(model, &backend::lower(model), &is_wanted),
        has_charts: !with_charts(model).is_empty(),
    })
}

fn is_wanted(root: &Value<Origin>) -> bool {
    root.word("kind").is_some_and(|it| is_of_rights(it) || it == "ServiceAccount")
}

/// What is found, each at its place.
pub(super) fn judge(matter: Matter, places: &mut Places<'_, '_>) -> Vec<Diagnostic> {
    let clusters = finals::clusters(&matter.objects);
    // What the library's kinds write is known, and means what it gives.
    let (written, others) = matter.objects.into_iter().partition(|it| it.kind == Kind::Manifest);
    let written = Trees::new(written, places, |_, _| ());
    let others = Trees::new(others, places, |_, _| ());
    let is_whole = !matter.has_charts;
    let around = Around { has_all_roles: is_whole, has_all_accounts: &|_| is_whole };
    on_each(clusters, |cluster| {
        let here = |trees: &Trees| -> Vec<_> { trees.on(cluster.id).cloned().collect() };
        let written = here(&written);
        let all = [written.clone(), here(&others)].concat();
        rbac::judge(&written, &all, &around)
    })
}
