//! What is said of files that SOPS encrypted.

use crate::diag::{Code, Diagnostic};
use crate::source::{Span, Sym};

/// A Secret of which nobody keeps the values, or two do.
pub(crate) const KEPT: Code = Code::new("secret/kept");

/// Span: the name of the Secret.
pub(in crate::prove) fn not_kept(name: Sym, at: Span) -> Diagnostic {
    let title = format!("nobody keeps the values of the Secret `{name}`");
    Diagnostic::error(KEPT, title, at, "has neither `store` nor `sops`")
        .help("`store = vault` names the `secret-store` that has them, `sops = read(\"orders.sops.yaml\")` the file in which SOPS encrypted them; what a person makes is an `external secret`")
}

/// Spans: the file, the store.
pub(in crate::prove) fn kept_twice(name: Sym, [at, store]: [Span; 2]) -> Diagnostic {
    let title = format!("two keep the values of the Secret `{name}`");
    Diagnostic::error(KEPT, title, at, "holds them")
        .because(store, "has them, too")
        .help("which of both is right would be decided by who writes last: leave one out")
}

/// A file that is no SopsSecret of the block.
pub(crate) const FILE: Code = Code::new("sops/file");

/// What is wrong with such a file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(in crate::prove) enum Fault {
    /// It cannot be read.
    Unreadable(String),
    /// It holds an object of another kind.
    Kind(String),
    /// Its object has another name.
    Name(String),
    /// Its object stands in another namespace.
    Namespace(String),
    /// None of its Secrets has the name of the block.
    Template(Vec<String>),
    /// It hides the names of its Secrets.
    Hidden,
    /// Its Secret has another type.
    Type(String),
    /// Its Secret lacks a key.
    Key(String, Vec<String>),
}

/// Span: what holds the file.
pub(in crate::prove) fn file((name, namespace): (Sym, Sym), fault: &Fault, at: Span) -> Diagnostic {
    const FORM: &str = "kind: SopsSecret, apiVersion: isindir.github.com/v1alpha3";
    let listed = |all: &[String]| {
        let all: Vec<String> = all.iter().map(|it| format!("`{it}`")).collect();
        if all.is_empty() { "none".to_owned() } else { all.join(", ") }
    };
    let (label, help) = match fault {
        Fault::Unreadable(why) => (why.clone(), format!("a file of SOPS in YAML, with `{FORM}`")),
        Fault::Kind(kind) => (
            format!("holds {kind}"),
            format!(
                "Argo CD decrypts nothing: write `{FORM}` with `spec.secretTemplates`, and encrypt that"
            ),
        ),
        Fault::Name(found) => (
            format!("is called `{found}`"),
            format!("`metadata.name` is the name of the block, `{name}`"),
        ),
        Fault::Namespace(found) => (
            format!("stands in `{found}`"),
            format!("the block stands in `{namespace}`: leave `metadata.namespace` out"),
        ),
        Fault::Template(found) => (
            format!("makes {}", listed(found)),
            format!("an entry of `spec.secretTemplates` is called `{name}`, as the block is"),
        ),
        Fault::Hidden => (
            "hides how its Secrets are called".to_owned(),
            "encrypt values only: `sops encrypt --encrypted-regex '^(data|stringData)$'`"
                .to_owned(),
        ),
        Fault::Type(found) => (
            format!("makes a Secret of the type `{found}`"),
            "`type` of the block and of the template are the same".to_owned(),
        ),
        Fault::Key(key, known) => (
            format!("has no key `{key}`; it has {}", listed(known)),
            "what pods read is in the file: `sops edit` adds it".to_owned(),
        ),
    };
    let title = format!("this file makes no Secret `{name}` as the block states it");
    Diagnostic::error(FILE, title, at, label).help(help)
}

/// A value that everybody can read.
pub(crate) const PLAIN: Code = Code::new("sops/plain");

/// Span: what holds the file.
pub(in crate::prove) fn plain(key: Option<&str>, at: Span) -> Diagnostic {
    let (title, label) = match key {
        Some(key) => (
            format!("the value of `{key}` is not encrypted"),
            "everybody who reads the repository reads it",
        ),
        None => ("this file is not encrypted".to_owned(), "has no key `sops` with who can read it"),
    };
    Diagnostic::error(PLAIN, title, at, label).help("`sops encrypt --in-place --encrypted-regex '^(data|stringData)$' FILE`; what was committed before is known: change it, too")
}
