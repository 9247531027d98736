//! Who may do what: what Roles, ClusterRoles and their bindings let somebody do.
//!
//! * **Takes** objects of a cluster: roles, bindings and service accounts, as [`Tree`]s that know where they are written.
//! * **Gives** findings ([`judge`]): rights that lead to more than they say, and bindings that bind nobody, or nothing.
//! * **Owns** the ways by which rights grow (Kubernetes' good practices for RBAC, "privilege escalation risks"), the roles that every cluster has, and the codes `rbac/..`.
//! * **Never** makes an object, and never says of what charts bring that it is not there.
//! * **Read first** `roles.rs`, then `bindings.rs`.

mod bindings;
pub(crate) mod errors;
mod roles;

use crate::argocd::Tree;
use crate::diag::Diagnostic;

/// The group of roles and bindings.
pub const GROUP: &str = "rbac.authorization.k8s.io";

/// Whether objects of a kind say who may do what.
pub fn is_of_rights(kind: &str) -> bool {
    matches!(kind, "Role" | "ClusterRole" | "RoleBinding" | "ClusterRoleBinding")
}

/// What is known beside the objects.
#[derive(Clone, Copy)]
pub struct Around<'r> {
    /// Whether all roles of the cluster are known.
    pub has_all_roles: bool,
    /// Whether all service accounts of a namespace are known.
    pub has_all_accounts: &'r dyn Fn(&str) -> bool,
}

/// What is found in objects of a cluster, among all that are known there. Those that say no namespace are in `default`.
pub fn judge<T: Tree>(objects: &[T], all: &[T], around: &Around<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let is = |object: &T, kinds: &[&str]| {
        let of_group = object.word("apiVersion").is_some_and(|it| it.starts_with(GROUP));
        of_group && object.word("kind").is_some_and(|it| kinds.contains(&it.as_str()))
    };
    for object in objects.iter().filter(|it| is(it, &["Role", "ClusterRole"])) {
        roles::judge(object, &mut found);
    }
    let known = bindings::Known::new(all, around);
    for object in objects.iter().filter(|it| is(it, &["RoleBinding", "ClusterRoleBinding"])) {
        bindings::judge(object, &known, &mut found);
    }
    found
}

fn name_of<T: Tree>(object: &T) -> String {
    object.word_at(&["metadata", "name"]).unwrap_or_default()
}

fn namespace_of<T: Tree>(object: &T) -> String {
    object.word_at(&["metadata", "namespace"]).unwrap_or_else(|| "default".to_owned())
}
