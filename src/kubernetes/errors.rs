//! The messages of this room.

use super::catalog::{Catalog, Gone, ObjectType};
use super::declare::CLUSTER_API;
use crate::diag::{Code, Diagnostic, nearest};
use crate::source::Span;

/// A path that names no type of objects.
pub const UNKNOWN_OBJECT: Code = Code::new("kubernetes/unknown-object");

/// A path that names no type of objects that is known.
pub fn unknown_object(path: &str, at: Span, catalog: &Catalog) -> Diagnostic {
    let error = Diagnostic::error(
        UNKNOWN_OBJECT,
        format!("no type of objects `{path}`"),
        at,
        "not a type of objects",
    );
    if let Some(gone) = catalog.gone.iter().find(|gone| is_path_of(gone, path)) {
        let error = error.help(format!("Kubernetes served it up to v1.{}", gone.last));
        let now = gone.now.as_ref().and_then(|(group, version)| {
            catalog
                .objects
                .iter()
                .find(|it| it.group == *group && it.version == *version && it.kind == gone.kind)
        });
        return match now {
            Some(now) => {
                let now = now.path();
                error.fix(format!("`{now}` serves it now"), at, now, false)
            }
            None => error,
        };
    }
    let kind = path.rsplit('.').next().unwrap_or(path);
    let mut same: Vec<String> =
        catalog.objects.iter().filter(|it| it.kind == kind).map(|it| it.path()).collect();
    same.sort();
    let paths: Vec<String> = catalog.objects.iter().map(|it| it.path()).collect();
    // The whole group is what manifests have; here it goes by its first label.
    let whole = |it: &&ObjectType| path == format!("{}.{}.{}", it.group, it.version, it.kind);
    if let Some(meant) = catalog.objects.iter().find(whole) {
        let now = meant.path();
        return error.fix(format!("replace with `{now}`"), at, now, true);
    }
    match (same.as_slice(), nearest(path, paths.iter().map(String::as_str))) {
        ([], Some(near)) => error.suggest(at, Some(near)),
        ([], None) => error.help("types of Kubernetes are `k8s.<group>.<version>.<Kind>`, those of Cluster API `capi.<group>.<version>.<Kind>`; others come from `iflux import crd FILE`"),
        ([one], _) => {
            let is_of_clusters = one.starts_with(CLUSTER_API);
            let error = error.fix(format!("replace with `{one}`"), at, one.clone(), false);
            if is_of_clusters && path.contains(".v1") {
                error.help("of Cluster API's types the library has the version to write now; `iflux explain cluster/old-contract` says how they differ")
            } else {
                error
            }
        }
        (several, _) => {
            let list: Vec<String> = several.iter().map(|path| format!("`{path}`")).collect();
            error.help(format!("the kind is there: {}", list.join(", ")))
        }
    }
}

fn is_path_of(gone: &Gone, path: &str) -> bool {
    let group = gone.group.split('.').next().unwrap_or("");
    path == format!("k8s.{group}.{}.{}", gone.version, gone.kind)
}

/// An object type that a cluster's Kubernetes does not serve.
pub const NOT_SERVED: Code = Code::new("kubernetes/not-served");
/// An object type that a later Kubernetes does not serve.
pub const DEPRECATED: Code = Code::new("kubernetes/deprecated");
/// A field that a cluster's Kubernetes does not know.
pub const UNKNOWN_FIELD: Code = Code::new("kubernetes/unknown-field");
/// A field without which a cluster's Kubernetes refuses the object.
pub const MISSING_FIELD: Code = Code::new("kubernetes/missing-field");
/// A value that a cluster's Kubernetes does not take.
pub const WRONG_VALUE: Code = Code::new("kubernetes/wrong-value");
/// Two items of a list that its key does not tell apart.
pub const DUPLICATE_KEY: Code = Code::new("kubernetes/duplicate-key");

/// What is wrong with an object.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Fault {
    /// It is not served: since when or until when it is, and where it is instead.
    NotServed {
        /// `apps/v1beta1 Deployment`.
        object: String,
        /// `it came with v1.29`.
        when: String,
        /// A path that is served.
        instead: Option<String>,
    },
    /// It is served up to this minor version.
    Deprecated {
        /// `apps/v1beta1 Deployment`.
        object: String,
        /// The last minor version that serves it, where that is known.
        last: Option<u32>,
        /// A path that stays.
        instead: Option<String>,
    },
    /// No such field: its name, the type's, and what is near.
    UnknownField {
        /// Its name.
        name: String,
        /// The type that has no such field.
        owner: String,
        /// A field that it has.
        near: Option<String>,
    },
    /// A required field is missing.
    MissingField {
        /// Its name.
        name: String,
        /// The type that asks for it.
        owner: String,
    },
    /// A value of another type.
    WrongValue {
        /// As shown.
        found: String,
        /// As shown.
        wanted: String,
        /// A value that it takes.
        near: Option<String>,
    },
    /// Two items with one key.
    DuplicateKey {
        /// `containerPort 80 and protocol TCP`.
        key: String,
    },
}

/// A finding about an object: `path` is where in it (`spec.template`), `versions` on which Kubernetes (`v1.34`).
pub fn fault(fault: &Fault, path: &str, at: Span, versions: &str) -> Diagnostic {
    let place = if path.is_empty() { String::new() } else { format!(" at `{path}`") };
    match fault {
        Fault::NotServed { object, when, instead } => {
            let error = Diagnostic::error(
                NOT_SERVED,
                format!("`{object}` on Kubernetes {versions}, which does not serve it"),
                at,
                "not served there",
            )
            .help(when.clone());
            match instead {
                Some(instead) => error.help(format!("`{instead}` is served there")),
                None => error,
            }
        }
        Fault::Deprecated { object, last, instead } => {
            let title = match last {
                Some(last) => format!("`{object}`, which Kubernetes serves up to v1.{last}"),
                None => format!("`{object}`, which is deprecated"),
            };
            let warning = Diagnostic::warning(DEPRECATED, title, at, "about to go");
            match instead {
                Some(instead) => warning.help(format!("`{instead}` stays")),
                None => warning,
            }
        }
        Fault::UnknownField { name, owner, near } => {
            let error = Diagnostic::error(
                UNKNOWN_FIELD,
                format!("`{owner}` has no field `{name}` in Kubernetes {versions}{place}"),
                at,
                "no such field there",
            );
            match near {
                Some(near) => error.help(format!("did you mean `{near}`?")),
                None => error,
            }
        }
        Fault::MissingField { name, owner } => Diagnostic::error(
            MISSING_FIELD,
            format!("`{owner}` without `{name}`{place}"),
            at,
            format!("`{name}` is missing"),
        )
        .help(format!("Kubernetes {versions} refuses the object without it")),
        Fault::WrongValue { found, wanted, near } => {
            let error = Diagnostic::error(
                WRONG_VALUE,
                format!("{found}, where Kubernetes {versions} wants {wanted}{place}"),
                at,
                "not what is wanted",
            );
            match near {
                Some(near) => error.help(format!("did you mean `{near}`?")),
                None => error,
            }
        }
        Fault::DuplicateKey { key } => Diagnostic::error(
            DUPLICATE_KEY,
            format!("two items with {key}{place}"),
            at,
            "the second of them",
        )
        .help("Kubernetes tells the items of this list apart by that, and keeps one of them"),
    }
}

/// A patch of an object that its resource does not make.
pub const NO_OBJECT: Code = Code::new("kubernetes/no-object");

/// A patch of `object` in the block of `address`, which makes these objects; `several` says that more than one fits.
pub fn no_object(
    object: &str,
    address: &str,
    made: &[String],
    several: bool,
    at: Span,
) -> Diagnostic {
    let error = if several {
        Diagnostic::error(
            NO_OBJECT,
            format!("several objects `{object}` of `{address}`"),
            at,
            "which of them?",
        )
    } else {
        Diagnostic::error(
            NO_OBJECT,
            format!("no object `{object}` of `{address}`"),
            at,
            "it makes no such object",
        )
    };
    let own = object.split(' ').next().unwrap_or(object);
    // What the patch is most likely for comes first.
    let of_type =
        |name: &&String| name.trim_start_matches('`').split([' ', '`']).next() == Some(own);
    let (alike, others): (Vec<_>, Vec<_>) = made.iter().partition(of_type);
    let shown = if alike.is_empty() { others } else { alike };
    let more = match shown.len().saturating_sub(MOST_NAMED) {
        0 => String::new(),
        more => format!(", {more} more"),
    };
    let names: Vec<&str> = shown.iter().take(MOST_NAMED).map(|name| name.as_str()).collect();
    error.help(format!("it makes {}{more}", names.join(", ")))
}

/// How many objects a message names.
const MOST_NAMED: usize = 6;

/// A patch of a path that is final.
pub const FINAL_PATH: Code = Code::new("kubernetes/final-path");

/// A patch of a path on which others rely.
pub fn final_path(path: &str, object: &str, at: Span) -> Diagnostic {
    Diagnostic::error(
        FINAL_PATH,
        format!("a patch of `{path}`, which is final"),
        at,
        "not to be patched",
    )
    .help(format!(
        "whom `{object}` selects is what other objects rely on: change the resource itself"
    ))
}
