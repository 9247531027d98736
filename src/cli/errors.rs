//! The messages of the command line itself.

use std::collections::BTreeSet;

use crate::diag::{Code, Diagnostic, Level, nearest};
use crate::host::NoRevision;
use crate::source::Span;

/// No page of this code.
pub(crate) const UNKNOWN_CODE: Code = Code::new("cli/unknown-code");
/// `iflux explain` was asked for a code that nothing has.
pub(crate) fn unknown_code<'a>(code: &str, known: impl IntoIterator<Item = &'a str>) -> Diagnostic {
    let found =
        Diagnostic::new(Level::Error, UNKNOWN_CODE, format!("no finding has the code `{code}`"));
    match nearest(code, known) {
        Some(near) => found.help(format!("iflux explain {near}")),
        None => found.help("`iflux explain` lists all codes"),
    }
}

/// Nothing of this address.
pub(crate) const UNKNOWN_ADDRESS: Code = Code::new("cli/unknown-address");
/// `iflux build --list` was asked for a resource that is not there.
pub(crate) fn unknown_address<'a>(
    address: &str,
    known: impl IntoIterator<Item = &'a str>,
) -> Diagnostic {
    let title = format!("no resource has the address `{address}`");
    let found = Diagnostic::new(Level::Error, UNKNOWN_ADDRESS, title);
    match nearest(address, known) {
        Some(near) => found.help(format!("iflux build --list {near}")),
        None => found.help("an address is `kind.name`: `alerts.nodes`; of what a component makes `checkout.workload.web`"),
    }
}

/// A cluster that nothing is written for.
pub(crate) const UNKNOWN_CLUSTER: Code = Code::new("cli/unknown-cluster");
/// `iflux build` or `iflux graph` was asked for a cluster without a folder in the output.
pub(crate) fn unknown_cluster(command: &str, name: &str, known: &BTreeSet<String>) -> Diagnostic {
    let title = format!("nothing is written for a cluster `{name}`");
    let found = Diagnostic::new(Level::Error, UNKNOWN_CLUSTER, title);
    let list: Vec<String> = known.iter().take(10).map(|name| format!("`{name}`")).collect();
    match nearest(name, known.iter().map(String::as_str)) {
        Some(near) => found.help(format!("iflux {command} --cluster {near}")),
        None if list.is_empty() => found.help("the output is empty"),
        None => found.help(format!("the output has {}", list.join(", "))),
    }
}

/// A revision that there is not.
pub(crate) const UNKNOWN_REVISION: Code = Code::new("cli/unknown-revision");
/// `--since` was given something that git does not know.
pub(crate) fn unknown_revision(rev: &str, why: &NoRevision) -> Diagnostic {
    let (title, help) = match why {
        NoRevision::Unknown => (
            format!("the project's repository has no revision `{rev}`"),
            "a branch, a tag, a commit, or `HEAD~1`: `git log --oneline -5` shows the newest commits",
        ),
        NoRevision::NoRepository => (
            format!("the project lies in no git repository that could have a revision `{rev}`"),
            "without `--since` clusters are compared with the output as it lies there",
        ),
        NoRevision::NoGit => (
            format!("to read the revision `{rev}` iflux needs `git`, which is not on the path"),
            "without `--since` clusters are compared with the output as it lies there",
        ),
        NoRevision::Other(why) => (
            format!("git cannot read the revision `{rev}`: {why}"),
            "`git status` in the project's folder shows whether git can read the repository",
        ),
    };
    Diagnostic::new(Level::Error, UNKNOWN_REVISION, title).help(help)
}

/// `iflux local` was asked for a cluster that the program does not make.
pub(crate) fn no_such_cluster<'a>(
    name: &str,
    known: impl IntoIterator<Item = &'a str>,
) -> Diagnostic {
    let title = format!("the program makes no cluster `{name}`");
    let found = Diagnostic::new(Level::Error, UNKNOWN_CLUSTER, title);
    let known: Vec<&str> = known.into_iter().collect();
    match nearest(name, known.iter().copied()) {
        Some(near) => found.help(format!("iflux local {near}")),
        None => {
            let list: Vec<String> = known.iter().take(10).map(|name| format!("`{name}`")).collect();
            found.help(format!("it makes {}", list.join(", ")))
        }
    }
}

/// A cluster that is none of containers.
pub(crate) const NOT_ON_DOCKER: Code = Code::new("cli/not-on-docker");
/// `iflux local` was asked for a cluster whose machines come from elsewhere; `local` are those of containers, `at` is where the program says so.
pub(crate) fn not_on_docker(
    name: &str,
    schema: &str,
    provider: Option<&str>,
    local: &[&str],
    at: Option<Span>,
) -> Diagnostic {
    let title = format!("the machines of `{name}` are no containers");
    let found = Diagnostic::new(Level::Error, NOT_ON_DOCKER, title);
    let from = match provider {
        Some(provider) => format!("they come from `{provider}`, which is `{schema}`"),
        None => format!("they come from `{schema}`"),
    };
    let found = match at {
        Some(at) => found.at(at, from),
        None => found.help(from),
    };
    let found = found.help("on a laptop it is `provider = Docker {}`, and everything else stays");
    if local.is_empty() {
        return found;
    }
    let list: Vec<String> = local.iter().take(10).map(|name| format!("`{name}`")).collect();
    found.help(format!("made of containers: {}", list.join(", ")))
}
/// `iflux local` names none, and there is none.
pub(crate) fn no_local_cluster() -> Diagnostic {
    let title = "no cluster of the program is made of containers";
    Diagnostic::new(Level::Error, NOT_ON_DOCKER, title)
        .help("a cluster with `provider = Docker {}` is, and needs nothing but this machine")
}

/// A program without clusters.
pub(crate) const NO_CLUSTER: Code = Code::new("cli/no-cluster");
/// `iflux doc platform` and `iflux local` have nothing to bring up.
pub(crate) fn no_cluster() -> Diagnostic {
    Diagnostic::new(Level::Error, NO_CLUSTER, "the program makes no cluster")
        .help("a `platform` names the hub, and each `cluster` that is not `external` is made there")
}

/// A program of which nothing is saved.
pub(crate) const NO_BACKUP: Code = Code::new("cli/no-backup");
/// `iflux doc restore` has nothing to restore; `cluster` is the one that was asked for.
pub(crate) fn no_backup<'k>(
    cluster: Option<&str>,
    known: impl Iterator<Item = &'k str>,
) -> Diagnostic {
    let title = cluster.map_or_else(
        || "the program saves no cluster".to_owned(),
        |name| format!("etcd of `{name}` is not saved"),
    );
    let mut known: Vec<&str> = known.collect();
    known.sort_unstable();
    known.dedup();
    let found = Diagnostic::new(Level::Error, NO_BACKUP, title);
    if known.is_empty() {
        return found.help("a block `backup etcd : EtcdBackup { .. }` saves it");
    }
    found.help(format!("there are backups of: {}", known.join(", ")))
}

/// A folder without a program.
pub(crate) const NO_PROGRAM: Code = Code::new("cli/no-program");
/// A project was named, or is assumed, where no `.iflux` file lies.
pub(crate) fn no_program(path: &str) -> Diagnostic {
    let shown = if path == "." { "this folder".to_owned() } else { format!("`{path}`") };
    Diagnostic::new(Level::Error, NO_PROGRAM, format!("{shown} holds no `.iflux` file"))
        .help("name the project's folder; `iflux init DIR` writes a new project")
}

/// A file that `init` would write is there.
pub(crate) const FILE_EXISTS: Code = Code::new("cli/file-exists");
/// `iflux init` found a file in its way.
pub(crate) fn file_exists(path: &str) -> Diagnostic {
    Diagnostic::new(Level::Error, FILE_EXISTS, format!("`{path}` is there already"))
        .help("nothing was written; name another folder: `iflux init DIR`")
}

/// A file cannot be written.
pub(crate) const WRITE_FAILED: Code = Code::new("cli/write-failed");
/// The system refused to write a file.
pub(crate) fn write_failed(path: &str, words: &str) -> Diagnostic {
    Diagnostic::new(Level::Error, WRITE_FAILED, format!("`{path}` cannot be written: {words}"))
}

/// A file changed while a command wanted to mend it.
pub(crate) const FILE_CHANGED: Code = Code::new("cli/file-changed");
/// `iflux check --fix` or `iflux fmt` would have overwritten somebody's work.
pub(crate) fn file_changed(path: &str, command: &str) -> Diagnostic {
    Diagnostic::new(Level::Error, FILE_CHANGED, format!("`{path}` changed meanwhile"))
        .help(format!("nothing was written to it; run `{command}` again"))
}

/// The formatter has a bug.
pub(crate) const NOT_FORMATTED: Code = Code::new("cli/not-formatted");
/// `iflux fmt` made a text that would not mean the same, and kept it to itself.
pub(crate) fn not_formatted(path: &str, what: &str) -> Diagnostic {
    let title = format!("`{path}` was left as it is: {what}");
    Diagnostic::new(Level::Error, NOT_FORMATTED, title)
        .help("this is a bug in iflux, not in the file: please report it with the file, if you may")
}

/// A filter that is no pattern.
pub(crate) const BAD_FILTER: Code = Code::new("cli/bad-filter");
/// `iflux test --filter` was given `/../` with a mistake in it.
pub(crate) fn bad_filter(filter: &str, words: &str) -> Diagnostic {
    let title = format!("`{filter}` is no regular expression: {words}");
    Diagnostic::new(Level::Error, BAD_FILTER, title)
        .help("without slashes around it, it is a part of the test's name")
}

/// A filter that leaves nothing.
pub(crate) const NO_SUCH_TEST: Code = Code::new("cli/no-such-test");
/// `iflux test --filter` leaves no test.
pub(crate) fn no_such_test<'a>(
    filter: &str,
    known: impl IntoIterator<Item = &'a str>,
) -> Diagnostic {
    let title = format!("no test has a name with `{filter}`");
    let found = Diagnostic::new(Level::Error, NO_SUCH_TEST, title);
    match nearest(filter, known) {
        Some(near) => found.help(format!("there is `{near}`")),
        None => found.help("`iflux test --list` lists all tests"),
    }
}

/// Nothing of this name has a page.
pub(crate) const UNKNOWN_ITEM: Code = Code::new("cli/unknown-item");
/// `iflux doc` was asked for what nothing declares.
pub(crate) fn unknown_item<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Diagnostic {
    let title = format!("nothing that is called `{name}` has documentation");
    let found = Diagnostic::new(Level::Error, UNKNOWN_ITEM, title);
    match nearest(name, known) {
        Some(near) => found.help(format!("iflux doc {near}")),
        None => found.help("`iflux doc` lists everything"),
    }
}

/// The lock is not what the project needs.
pub(crate) const LOCK_OLD: Code = Code::new("fetch/lock-old");
/// `iflux fetch --locked` would have changed the lock for these dependencies.
pub(crate) fn lock_old(names: &[String]) -> Diagnostic {
    let list: Vec<String> = names.iter().take(20).map(|name| format!("`{name}`")).collect();
    let title = format!("`iflux.lock` is not up to date: {}", list.join(", "));
    Diagnostic::new(Level::Error, LOCK_OLD, title)
        .help("run `iflux fetch` without `--locked`, and commit the lock")
}

/// A file that cannot be imported.
pub(crate) const IMPORT: Code = Code::new("cli/import");
/// The reader's or the system's words about a file.
pub(crate) fn unreadable_import(path: &str, words: &str) -> Diagnostic {
    Diagnostic::new(Level::Error, IMPORT, format!("`{path}` cannot be imported: {words}"))
}

/// A file that holds nothing to import.
pub(crate) fn nothing_imported(path: &str) -> Diagnostic {
    let title = format!("`{path}` holds no CustomResourceDefinition");
    Diagnostic::new(Level::Error, IMPORT, title)
        .help("charts often keep them apart: `kubectl get crd -o yaml` shows those of a cluster")
}

/// A file that cannot be judged.
pub(crate) const INPUT: Code = Code::new("cli/input");
/// The system's words about a file that was named.
pub(crate) fn unreadable_input(path: &str, words: &str) -> Diagnostic {
    Diagnostic::new(Level::Error, INPUT, format!("`{path}` cannot be read: {words}"))
}

/// More than one project was named.
pub(crate) fn several_projects(count: usize) -> Diagnostic {
    let title = format!("{count} paths, of which not all are files of YAML or JSON");
    Diagnostic::new(Level::Error, INPUT, title)
        .help("one project at a time: `iflux check platform`; rules of other tools together: `iflux check a.yaml b.yaml`")
}

/// Images that are not locked, or locked for nothing.
pub(crate) const IMAGES_UNLOCKED: Code = Code::new("cli/images-unlocked");
/// `iflux lock-images --check` found that the lock is not whole.
pub(crate) fn images_unlocked(lacking: &[String], unused: usize) -> Diagnostic {
    const SHOWN: usize = 10;
    let title = match (lacking.len(), unused) {
        (0, 1) => "`images.lock` has a line for an image that nothing runs".to_owned(),
        (0, unused) => format!("`images.lock` has {unused} lines for images that nothing runs"),
        (1, _) => "1 image is not locked".to_owned(),
        (count, _) => format!("{count} images are not locked"),
    };
    let found = Diagnostic::new(Level::Error, IMAGES_UNLOCKED, title);
    let shown: Vec<&str> = lacking.iter().take(SHOWN).map(String::as_str).collect();
    if shown.is_empty() {
        return found.help("`iflux lock-images --merge /dev/null` leaves out what nothing runs");
    }
    let more = lacking.len().saturating_sub(SHOWN);
    let more = if more == 0 { String::new() } else { format!(", and {more} more") };
    let found = found.help(format!("without a digest: {}{more}", shown.join(", ")));
    found.help("`iflux lock-images | while read -r image; do echo \"$image $(crane digest \"$image\")\"; done | iflux lock-images --merge -`")
}

/// A line of what is to be merged that is no image and digest.
pub(crate) const NO_DIGEST: Code = Code::new("cli/no-digest");
/// `iflux lock-images --merge` cannot read a line.
pub(crate) fn no_digest(line: usize, why: &str) -> Diagnostic {
    let title = format!("line {line} is no image and digest");
    Diagnostic::new(Level::Error, NO_DIGEST, title)
        .help(why)
        .help("nothing was written; a line is `IMAGE DIGEST`, as `crane digest` gives them")
}
/// `iflux lock-images --merge` cannot read its input.
pub(crate) fn unreadable_digests(path: &str, why: &str) -> Diagnostic {
    Diagnostic::new(Level::Error, NO_DIGEST, format!("the digests in `{path}` cannot be read"))
        .help(format!("{why}; nothing was written"))
}
