//! What is said of programs that run, and of databases.

use crate::diag::{Code, Diagnostic};
use crate::source::{Span, Sym};

/// A port that is named and not there.
pub(crate) const UNKNOWN_PORT: Code = Code::new("workload/unknown-port");

/// Span: the name, or what stands in its block. `field` is what names it: `expose`, `readiness`.
pub(in crate::prove) fn unknown_port(
    field: &str,
    name: Sym,
    address: &str,
    known: &[String],
    near: Option<&str>,
    at: Span,
) -> Diagnostic {
    let title = format!("`{address}` has no port `{name}`");
    let ports: Vec<String> = known.iter().map(|port| format!("`{port}`")).collect();
    let help = match ports.as_slice() {
        [] => format!("declare it: `port {name} {{ number = 8080 }}`"),
        [port] => format!("its only port is {port}"),
        _ => format!("its ports are {}", ports.join(", ")),
    };
    if field == "expose" {
        let label = format!("`expose {name}` leads to a port of that name");
        let found = Diagnostic::error(UNKNOWN_PORT, title, at, label).help(help);
        return match near {
            Some(near) => {
                found.help(format!("`expose {near} {{ .. }}` leads to the one that is nearest"))
            }
            None => found,
        };
    }
    let found = Diagnostic::error(UNKNOWN_PORT, title, at, format!("`{field}` asks it"));
    found.help(help).suggest(at, near)
}

/// A port that does not speak TCP where that is needed.
pub(crate) const NOT_TCP: Code = Code::new("workload/not-tcp");

/// Spans: the name, the protocol.
pub(in crate::prove) fn not_tcp(
    field: &str,
    name: Sym,
    spoken: Sym,
    [at, protocol]: [Span; 2],
) -> Diagnostic {
    let title = format!("the port `{name}` speaks {spoken}, and `{field}` is for TCP");
    let help = match field {
        "expose" => "Ingresses and HTTPRoutes lead HTTP only, which is spoken over TCP",
        _ => "Kubernetes asks ports over TCP only: `CommandProbe` asks in the container",
    };
    Diagnostic::error(NOT_TCP, title, at, "needs a TCP port")
        .because(protocol, format!("`{name}` speaks {spoken}"))
        .help(help)
}

/// Two ports of one number.
pub(crate) const ONE_NUMBER: Code = Code::new("workload/one-number");

/// Spans: the second number, the first.
pub(in crate::prove) fn one_number(
    (first, second, number): (Sym, Sym, i64),
    [at, before]: [Span; 2],
) -> Diagnostic {
    let title = format!("`{first}` and `{second}` are both port {number}");
    Diagnostic::error(ONE_NUMBER, title, at, "taken")
        .because(before, format!("by `{first}`"))
        .help("a program listens once at a number, and a Service has each number once")
}

/// Two programs under one address.
pub(crate) const EXPOSED_TWICE: Code = Code::new("workload/exposed-twice");

/// Spans: the second host, the first.
pub(in crate::prove) fn exposed_twice(
    address: &str,
    (first, second): (&str, &str),
    cluster: Sym,
    [at, before]: [Span; 2],
) -> Diagnostic {
    let title = format!("`{first}` and `{second}` are both `{address}` on `{cluster}`");
    Diagnostic::error(EXPOSED_TWICE, title, at, "who answers here is chance")
        .because(before, format!("`{first}` is there already"))
        .help("give them hosts of their own, or different `path`s")
}

/// A volume that pods on several nodes want.
pub(crate) const VOLUME_SHARED: Code = Code::new("workload/volume-shared");

/// Who wants a volume.
#[derive(Clone, Copy, Debug)]
pub(in crate::prove) struct Crowd {
    /// How the pods come.
    pub(in crate::prove) shape: &'static str,
    /// How many, and whether an autoscaler makes them; one a node where there is none.
    pub(in crate::prove) pods: Option<(i64, bool)>,
}

/// Spans: the volume, and what makes it several pods where that is written.
pub(in crate::prove) fn volume_shared(
    volume: Sym,
    crowd: Crowd,
    at: Span,
    many: Option<Span>,
) -> Diagnostic {
    let who = match crowd.pods {
        Some((pods, false)) => format!("{pods} pods"),
        Some((pods, true)) => format!("up to {pods} pods"),
        None => "a pod on every node".to_owned(),
    };
    let verb = if crowd.pods.is_some() { "want" } else { "wants" };
    let title = format!("the volume `{volume}` is for one node, and {who} {verb} it");
    let found = Diagnostic::error(VOLUME_SHARED, title, at, "only the pods of one node can use it");
    let found = match many {
        Some(many) => found.because(many, who),
        None => found,
    };
    let found = if crowd.shape == "deployment" {
        found.help("with `shape = \"stateful\"` each pod has a volume of its own")
    } else {
        found
    };
    found.help("with `access = \"many\"` all share one, if the StorageClass can do that")
}

/// Two things in one place of a container.
pub(crate) const MOUNTED_TWICE: Code = Code::new("workload/mounted-twice");

/// Spans: the second, the first.
pub(in crate::prove) fn mounted_twice(path: &str, [at, before]: [Span; 2]) -> Diagnostic {
    let title = format!("two things stand at `{path}`");
    Diagnostic::error(MOUNTED_TWICE, title, at, "taken")
        .because(before, "by this")
        .help("each volume and file has a path of its own: Kubernetes refuses the pod")
}

/// Two things of one name in a namespace.
pub(crate) const NAME_TAKEN: Code = Code::new("workload/name-taken");

/// Spans: the second name, the first.
pub(in crate::prove) fn name_taken(
    (first, second): (&str, &str),
    namespace: Sym,
    [at, before]: [Span; 2],
) -> Diagnostic {
    let title = format!("`{first}` and `{second}` share a name in `{namespace}`");
    Diagnostic::error(NAME_TAKEN, title, at, "taken in this namespace")
        .because(before, format!("by `{first}`"))
        .help("objects and labels of pods are called after the block: one would overwrite or find those of the other")
}

/// An image that is another one tomorrow.
pub(crate) const IMAGE_MOVES: Code = Code::new("workload/image-moves");

/// Span: the image.
pub(in crate::prove) fn image_moves(image: &str, tag: Option<Sym>, at: Span) -> Diagnostic {
    let title = format!("`{image}` names whatever is newest");
    let label = match tag {
        Some(_) => "`latest` moves",
        None => "without a tag this is `latest`",
    };
    Diagnostic::warning(IMAGE_MOVES, title, at, label)
        .help("a version says which program runs, and a digest that it stays the same: `ghcr.io/acme/web:1.8.2@sha256:..`")
}

/// A secret in plain sight.
pub(crate) const LITERAL: Code = Code::new("secret/literal");

/// What shows a secret.
#[derive(Clone, Copy, Debug)]
pub(in crate::prove) enum Leak {
    /// A variable whose name says what it holds.
    Variable(Sym),
    /// An address with a password.
    Address,
    /// A private key.
    PrivateKey,
    /// A token of a service.
    Token(&'static str),
    /// A key of a Secret.
    Manifest(Sym),
}

/// Span: the text. What it holds is not repeated.
pub(in crate::prove) fn literal(leak: &Leak, hides: &[String], at: Span) -> Diagnostic {
    let (title, label) = match leak {
        Leak::Variable(key) => (
            format!("`{key}` holds a secret, and it is written here"),
            "readable by everyone".into(),
        ),
        Leak::Address => (
            "an address with a password is written here".to_owned(),
            "holds `user:password@`".to_owned(),
        ),
        Leak::PrivateKey => {
            ("a private key is written here".to_owned(), "readable by everyone".to_owned())
        }
        Leak::Manifest(key) => (
            format!("`{key}` of this Secret is written here"),
            "readable by everyone: base64 hides nothing".to_owned(),
        ),
        Leak::Token(owner) => {
            (format!("a token of {owner} is written here"), "readable by everyone".to_owned())
        }
    };
    let found = Diagnostic::error(LITERAL, title, at, label);
    let found = hides.iter().fold(found, |found, it| found.hiding(it.as_str()));
    const HISTORY: &str =
        "what stood here once stays in the history of the repository: make a new one";
    if let Leak::Manifest(_) = leak {
        return found
            .help("a `secret` block makes the Secret of what a store keeps (`store`), or of a file that SOPS encrypted (`sops`)")
            .help(HISTORY);
    }
    let example = match leak {
        Leak::Variable(key) | Leak::Manifest(key) => key.to_string(),
        Leak::Address | Leak::PrivateKey | Leak::Token(_) => "TOKEN".to_owned(),
    };
    found
        .help(format!("name the Secret that holds it: `env {{ {example} = {{ secret = \"orders\", key = \"token\" }} }}`"))
        .help(HISTORY)
}

/// A database that stops with any of its followers.
pub(crate) const NO_SPARE: Code = Code::new("database/no-spare");

/// Spans: how many followers must have a change, and how many servers there are.
pub(in crate::prove) fn no_spare(
    database: Sym,
    (synchronous, instances): (i64, i64),
    [at, servers]: [Span; 2],
) -> Diagnostic {
    let title = format!("`database.{database}` takes no changes while any of its servers is lost");
    let (followers, each) =
        if synchronous == 1 { ("follower", "it has") } else { ("followers", "all of them have") };
    let label = format!("a change waits for {synchronous} {followers}");
    let more = instances + 1;
    Diagnostic::warning(NO_SPARE, title, at, label)
        .because(servers, format!("there is no other: {instances} servers are one and its followers"))
        .help(format!("a change waits until {each} it, and while a node is upgraded, too: `instances = {more}` has one to spare"))
}

/// A database that is not saved.
pub(crate) const NO_BACKUP: Code = Code::new("database/no-backup");

/// Spans: the database's name, and what protects the environment.
pub(in crate::prove) fn no_backup(
    (database, environment): (Sym, Sym),
    [at, protected]: [Span; 2],
) -> Diagnostic {
    let title = format!("`database.{database}` is in `{environment}`, and nothing saves it");
    Diagnostic::warning(NO_BACKUP, title, at, "has no `backup`")
        .because(protected, format!("`{environment}` is protected"))
        .help("say where backups go: `backup { target { bucket = \"..\", access-key = .., secret-key = .. } }`")
}
