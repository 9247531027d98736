//! Bindings: to whom, and to what.

use std::collections::BTreeSet;

use super::errors;
use super::{Around, GROUP, name_of, namespace_of};
use crate::argocd::Tree;
use crate::diag::{Diagnostic, nearest};

/// The ClusterRoles that every cluster has, beside those that begin with `system:`.
const BUILT_IN: [&str; 4] = ["cluster-admin", "admin", "edit", "view"];

/// Who is a subject.
const SUBJECTS: [&str; 3] = ["User", "Group", "ServiceAccount"];

/// Groups and users that are everybody, or everything.
const EVERYBODY: [(&str, &str, &str); 5] = [
    ("Group", "system:authenticated", "everybody who can log in, every service account included"),
    ("Group", "system:unauthenticated", "everybody who reaches the API server, without logging in"),
    ("User", "system:anonymous", "everybody who reaches the API server, without logging in"),
    ("Group", "system:serviceaccounts", "every pod of the cluster"),
    ("Group", "system:masters", "those whom no authorization is asked of, whatever a binding says"),
];

/// The roles and service accounts of a cluster.
pub(super) struct Known<'r> {
    around: Around<'r>,
    cluster_roles: BTreeSet<String>,
    /// With their namespaces.
    roles: BTreeSet<(String, String)>,
    accounts: BTreeSet<(String, String)>,
}

impl<'r> Known<'r> {
    pub(super) fn new<T: Tree>(objects: &[T], around: &Around<'r>) -> Self {
        let mut known = Self {
            around: *around,
            cluster_roles: BUILT_IN.into_iter().map(str::to_owned).collect(),
            roles: BTreeSet::new(),
            accounts: BTreeSet::new(),
        };
        for object in objects {
            match object.word("kind").as_deref() {
                Some("ClusterRole") => _ = known.cluster_roles.insert(name_of(object)),
                Some("Role") => _ = known.roles.insert((namespace_of(object), name_of(object))),
                Some("ServiceAccount") => {
                    _ = known.accounts.insert((namespace_of(object), name_of(object)));
                }
                _ => {}
            }
        }
        known
    }

    fn near<'k>(&self, name: &str, names: impl Iterator<Item = &'k String>) -> Option<&'k str> {
        nearest(name, names.map(String::as_str))
    }
}

/// What is wrong with a binding.
pub(super) fn judge<T: Tree>(binding: &T, known: &Known<'_>, found: &mut Vec<Diagnostic>) {
    let kind = binding.word("kind").unwrap_or_default();
    let shown = format!("{kind} `{}`", name_of(binding));
    let is_of_cluster = kind == "ClusterRoleBinding";
    if let Some(role) = binding.get("roleRef") {
        bound(&shown, binding, &role, is_of_cluster, known, found);
    }
    for subject in binding.list("subjects") {
        judge_subject(&shown, &subject, known, found);
    }
}

fn bound<T: Tree>(
    shown: &str,
    binding: &T,
    role: &T,
    is_of_cluster: bool,
    known: &Known<'_>,
    found: &mut Vec<Diagnostic>,
) {
    let (Some(kind), Some(name)) = (role.get("kind"), role.get("name")) else { return };
    let (Some(of), Some(called)) = (kind.text(), name.text()) else { return };
    match of {
        "ClusterRole" => {
            if called == "cluster-admin" {
                found.push(errors::cluster_admin(shown, is_of_cluster, name.span()));
            }
            if known.cluster_roles.contains(called) || called.starts_with("system:") {
                return;
            }
            let near = known.near(called, known.cluster_roles.iter());
            if near.is_some() || known.around.has_all_roles {
                found.push(errors::no_role(shown, "ClusterRole", called, near, name.span()));
            }
        }
        "Role" if is_of_cluster => found.push(errors::role_for_all(shown, called, kind.span())),
        "Role" => {
            let space = namespace_of(binding);
            if known.roles.contains(&(space.clone(), called.to_owned())) {
                return;
            }
            let here = known.roles.iter().filter(|it| it.0 == space).map(|it| &it.1);
            let near = known.near(called, here);
            if near.is_some() || known.around.has_all_roles {
                found.push(errors::no_role(shown, "Role", called, near, name.span()));
            }
        }
        other => {
            let near = nearest(other, ["Role", "ClusterRole"]);
            found.push(errors::refused(
                shown,
                &format!("`{other}` is no kind of role"),
                near,
                kind.span(),
            ));
        }
    }
}

fn judge_subject<T: Tree>(
    shown: &str,
    subject: &T,
    known: &Known<'_>,
    found: &mut Vec<Diagnostic>,
) {
    let (Some(kind), Some(name)) = (subject.get("kind"), subject.get("name")) else { return };
    let (Some(of), Some(called)) = (kind.text(), name.text()) else { return };
    if !SUBJECTS.contains(&of) {
        let near = nearest(of, SUBJECTS);
        let title = format!("`{of}` is no kind of subject");
        found.push(errors::refused(shown, &title, near, kind.span()));
        return;
    }
    let group = subject.get("apiGroup");
    let wanted = if of == "ServiceAccount" { "" } else { GROUP };
    if let Some(group) = group.filter(|it| it.text() != Some(wanted)) {
        let title = format!("the group of a {of} is \"{wanted}\"");
        found.push(errors::refused(
            shown,
            &title,
            Some(wanted).filter(|it| !it.is_empty()),
            group.span(),
        ));
    }
    if let Some(it) = EVERYBODY.iter().find(|it| it.0 == of && it.1 == called) {
        found.push(errors::everybody(shown, it.1, it.2, name.span()));
    }
    if of != "ServiceAccount" {
        return;
    }
    let Some(space) = subject.word("namespace") else {
        let title = format!("the service account `{called}` has no namespace");
        found.push(errors::refused(shown, &title, None, name.span()));
        return;
    };
    // Every namespace has one of this name.
    if called == "default" || known.accounts.contains(&(space.clone(), called.to_owned())) {
        return;
    }
    let here = known.accounts.iter().filter(|it| it.0 == space).map(|it| &it.1);
    let near = known.near(called, here);
    if near.is_some() || (known.around.has_all_accounts)(&space) {
        found.push(errors::no_account(shown, called, &space, near, name.span()));
    }
}
