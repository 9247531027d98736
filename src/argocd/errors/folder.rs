//! About the folder that Applications read.

use crate::diag::{Code, Diagnostic};
use crate::source::Span;

/// A path that is not there.
pub(crate) const PATH: Code = Code::new("app/no-such-path");

pub(in crate::argocd) fn no_such_path(
    by: &str,
    path: &str,
    near: Option<&str>,
    at: Span,
) -> Diagnostic {
    let title = format!("the repository has no folder `{path}` with manifests");
    let found = Diagnostic::warning(PATH, title, at, "not among these files")
        .help(format!("{by} deploys nothing"));
    match near {
        Some(near) => found.fix(format!("replace with `{near}`"), at, near, false),
        None => found,
    }
}

pub(in crate::argocd) fn path_is_file(path: &str, at: Span) -> Diagnostic {
    let title = format!("`{path}` is a file, and no folder");
    Diagnostic::error(PATH, title, at, "a file")
        .help("Argo CD reads folders: name the one around it, and the file in `directory: { include: .. }`")
}

pub(in crate::argocd) fn no_such_resource(path: &str, at: Span) -> Diagnostic {
    let title = format!("there is no `{path}` beside this kustomization");
    Diagnostic::warning(PATH, title, at, "not among these files")
        .help("kustomize makes nothing at all then, unless something writes it before")
}

/// An Application that deploys nothing.
pub(crate) const RENDERS_NOTHING: Code = Code::new("app/renders-nothing");

pub(in crate::argocd) fn renders_nothing(
    by: &str,
    path: &str,
    first: &str,
    count: usize,
    at: Span,
) -> Diagnostic {
    let title = format!("{by} deploys nothing");
    let files =
        if count == 1 { "the only file is".to_owned() } else { format!("{count} files are") };
    Diagnostic::error(RENDERS_NOTHING, title, at, "no manifest in this folder itself")
        .help(format!("{files} below it, such as `{first}`, and only the folder itself is read"))
        .help(format!("`directory: {{ recurse: true }}` reads all below `{path}`, which then belongs to this Application"))
}

/// Values that nothing reads.
pub const UNREAD_VALUES: Code = Code::new("app/unread-values");

pub(in crate::argocd) fn unread_values(
    file: &str,
    by: &str,
    at: Span,
    because: Span,
) -> Diagnostic {
    let title = format!("nothing reads `{file}`: no value in it holds");
    Diagnostic::warning(UNREAD_VALUES, title, at, "values of the chart, it seems")
        .because(because, format!("{by} does not name it"))
        .help("an Application reads values of a repository through a second source: `sources: [{ chart: .. , helm: { valueFiles: [$values/..] } }, { repoURL: .., ref: values }]`; or put them into `helm.valuesObject`")
}

/// Objects that nothing applies.
pub(crate) const NOT_APPLIED: Code = Code::new("app/not-applied");

pub(in crate::argocd) fn not_applied(
    file: &str,
    kind: &str,
    at: Span,
    because: Span,
) -> Diagnostic {
    let title = format!("no Application applies the {kind} of `{file}`");
    Diagnostic::warning(NOT_APPLIED, title, at, "in no folder that one reads")
        .because(because, "the Application beside it does not read its own folder")
        .help("an Application applies what its `path` holds, not what lies beside it: give it a folder, and a source with that folder as its `path`")
}

/// One object, two Applications.
pub(crate) const OWNED_TWICE: Code = Code::new("app/owned-twice");

pub(in crate::argocd) fn owned_twice(
    name: &str,
    other: &str,
    path: &str,
    at: Span,
    because: Span,
) -> Diagnostic {
    let title = format!("both `{other}` and `{name}` deploy `{path}`");
    Diagnostic::error(OWNED_TWICE, title, at, "read a second time")
        .because(because, "read here, too")
        .help("each undoes what the other did to an object of both, and who prunes removes it from both: one Application a folder")
}

/// Data that a sync removes.
pub(crate) const PRUNES_DATA: Code = Code::new("app/prunes-data");

pub(in crate::argocd) fn prunes_data(kind: &str, by: &str, at: Span, because: Span) -> Diagnostic {
    let title = format!("a {kind} goes with its file, and its data with it");
    Diagnostic::warning(PRUNES_DATA, title, at, "pruned without a question")
        .because(because, format!("{by} removes what is no longer written"))
        .help("`argocd.argoproj.io/sync-options: Prune=confirm,Delete=confirm` on the object makes somebody say so first")
}

/// Rights of files.
pub(crate) const FILE_MODE: Code = Code::new("app/file-mode");

pub(in crate::argocd) fn file_mode(text: &str, at: Span) -> Diagnostic {
    let title = format!("`{text}` is a decimal number, and more than a mode may be");
    Diagnostic::error(FILE_MODE, title, at, "at most 511, which is 0777").fix(
        format!("replace with `0{text}`"),
        at,
        format!("0{text}"),
        false,
    )
}

/// Rules of SOPS that meet nothing.
pub(crate) const SOPS_RULE: Code = Code::new("sops/rule");

pub(in crate::argocd) fn no_rule(file: &str, at: Span) -> Diagnostic {
    let title = format!("no rule of SOPS meets `{file}`");
    Diagnostic::error(SOPS_RULE, title, at, "stays as it is")
        .help("its name says that it is encrypted, and `sops` refuses a file without a rule: a `path_regex` that meets it")
}

pub(in crate::argocd) fn unused_rule(pattern: &str, at: Span) -> Diagnostic {
    let title = format!("`{pattern}` meets none of these files");
    Diagnostic::warning(SOPS_RULE, title, at, "encrypts nothing")
}

pub(in crate::argocd) fn not_encrypted(file: &str, at: Span) -> Diagnostic {
    let title = format!("`{file}` is named as if it were encrypted, and is not");
    Diagnostic::error(SOPS_RULE, title, at, "a Secret that can be read")
        .help(format!("sops --encrypt --in-place {file}"))
}

/// A key that nobody has.
pub(crate) const SOPS_KEY: Code = Code::new("sops/key");

pub(in crate::argocd) fn no_key(text: &str, at: Span) -> Diagnostic {
    let shown: String = text.chars().take(24).collect();
    let title = format!("`{shown}` is no key of age");
    Diagnostic::error(SOPS_KEY, title, at, "nothing can be encrypted to it")
        .help("`age-keygen` prints one: `age1` and 58 letters and digits")
}
