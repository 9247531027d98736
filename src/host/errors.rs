//! The messages about the output tree, and about fetching.

use crate::diag::{Code, Diagnostic, Level};
use crate::emit::PATH_CLASH;

use super::tree::{TreeState, WriteProblem, WriteProblemKind};

/// The diagnostic of a tree that could not be written. `root` is shown as the user named it.
pub fn written_problem(problem: &WriteProblem, root: &str) -> Diagnostic {
    let path = if problem.path.is_empty() {
        root.to_owned()
    } else {
        format!("{}/{}", root.trim_end_matches('/'), problem.path)
    };
    match &problem.kind {
        WriteProblemKind::RootIsFile => root_is_file(root),
        WriteProblemKind::BadPath => bad_path(&problem.path),
        WriteProblemKind::Clash(other) => path_clash(&problem.path, other),
        WriteProblemKind::Foreign => foreign_file(&path),
        WriteProblemKind::FolderInTheWay => folder_in_the_way(&path),
        WriteProblemKind::Link => link(&path),
        WriteProblemKind::Busy => busy(&path),
        WriteProblemKind::System(words) => write_failed(&path, words),
    }
}

/// The output folder is a file.
pub(crate) const ROOT_IS_FILE: Code = Code::new("emit/root-is-file");
fn root_is_file(root: &str) -> Diagnostic {
    Diagnostic::new(Level::Error, ROOT_IS_FILE, format!("`{root}` is a file, not a folder"))
        .help("name another folder: `iflux build --out DIR`")
}

/// A path that must not be written.
pub(crate) const BAD_PATH: Code = Code::new("emit/bad-path");
fn bad_path(path: &str) -> Diagnostic {
    Diagnostic::new(Level::Error, BAD_PATH, format!("{path:?} is no path below the output folder"))
        .help("the names that make up the path come from clusters, namespaces and resources")
}

/// Two files for one path; a build has told so before, with the resources.
fn path_clash(path: &str, other: &str) -> Diagnostic {
    let title = format!("`{path}` and `{other}` cannot both be written");
    Diagnostic::new(Level::Error, PATH_CLASH, title)
        .help("paths differ by more than capital letters, and a file is no folder of another")
}

/// A file of somebody else.
pub(crate) const FOREIGN_FILE: Code = Code::new("emit/foreign-file");
fn foreign_file(path: &str) -> Diagnostic {
    let title = format!("`{path}` is there, and no build wrote it");
    Diagnostic::new(Level::Error, FOREIGN_FILE, title)
        .help(format!("move it away (`mv {path} {path}.old`), or build into another folder"))
}

/// A folder where a file should be.
pub(crate) const FOLDER_IN_THE_WAY: Code = Code::new("emit/folder-in-the-way");
fn folder_in_the_way(path: &str) -> Diagnostic {
    let title = format!("`{path}` is a folder with files that no build wrote");
    Diagnostic::new(Level::Error, FOLDER_IN_THE_WAY, title)
        .help("a file of this name has to be written: move the folder away")
}

/// A link in the output.
pub(crate) const LINK: Code = Code::new("emit/link");
fn link(path: &str) -> Diagnostic {
    Diagnostic::new(Level::Error, LINK, format!("`{path}` is a link or no regular file"))
        .help(format!("remove it: `rm {path}`; writing through it could reach files elsewhere"))
}

/// Another build writes.
pub(crate) const BUSY: Code = Code::new("emit/busy");
fn busy(stage: &str) -> Diagnostic {
    Diagnostic::new(Level::Error, BUSY, "another build is writing this folder")
        .help(format!("if none is running, remove what it left: `rm -r {stage}`"))
}

/// The system refused.
pub(crate) const WRITE_FAILED: Code = Code::new("emit/write-failed");
fn write_failed(path: &str, words: &str) -> Diagnostic {
    Diagnostic::new(Level::Error, WRITE_FAILED, format!("`{path}` cannot be written: {words}"))
        .help("nothing was changed")
}

/// Files that are no longer built but were edited.
pub(crate) const CHANGED_BY_HAND: Code = Code::new("emit/changed-by-hand");
/// The warning about files that a build left, if it left any.
pub fn kept_files(root: &str, kept: &[String]) -> Option<Diagnostic> {
    let list = list(root, kept)?;
    let title = "files that are no longer built were left, since they were changed by hand";
    Some(
        Diagnostic::new(Level::Warning, CHANGED_BY_HAND, title)
            .help(list)
            .help("remove them, or move them out of the output folder"),
    )
}

/// The committed output is old.
pub(crate) const OUT_OF_DATE: Code = Code::new("emit/out-of-date");
/// The finding of `build --check`; nothing when the tree is current.
pub fn out_of_date(root: &str, state: &TreeState) -> Option<Diagnostic> {
    if state.is_current() {
        return None;
    }
    let title = format!("`{root}` is not what the program builds");
    let mut found = Diagnostic::new(Level::Error, OUT_OF_DATE, title);
    for (word, paths) in [
        ("missing", &state.missing),
        ("changed", &state.changed),
        ("no longer built", &state.extra),
    ] {
        if let Some(list) = list(root, paths) {
            found = found.help(format!("{word}:\n{list}"));
        }
    }
    Some(found.help("run `iflux build` and commit the result"))
}

/// The paths, a line each; of many, the first ones.
fn list(root: &str, paths: &[String]) -> Option<String> {
    const MOST: usize = 20;
    let root = root.trim_end_matches('/');
    let mut lines: Vec<String> =
        paths.iter().take(MOST).map(|path| format!("{root}/{path}")).collect();
    if paths.len() > MOST {
        lines.push(format!("and {} more", paths.len() - MOST));
    }
    (!lines.is_empty()).then(|| lines.join("\n"))
}

/// Git, or the system under it, said no.
pub(crate) const GIT_FAILED: Code = Code::new("fetch/git-failed");
/// `why` is the last line that git wrote.
pub(super) fn git_failed(url: &str, why: &str) -> Diagnostic {
    let title = format!("`{url}` cannot be fetched: {why}");
    Diagnostic::new(Level::Error, GIT_FAILED, title)
        .help(format!("`git ls-remote {url}` shows whether git can reach it, and its tags"))
}

pub(super) fn no_git(url: &str) -> Diagnostic {
    let title = format!("to fetch `{url}` iflux needs `git`, which is not on the path");
    Diagnostic::new(Level::Error, GIT_FAILED, title).help("install git")
}

/// A commit or folder that the repository has not.
pub(crate) const NO_COMMIT: Code = Code::new("fetch/no-commit");
pub(super) fn no_commit(url: &str, rev: &str) -> Diagnostic {
    let title = format!("`{url}` has no commit `{rev}`");
    Diagnostic::new(Level::Error, NO_COMMIT, title)
        .help("`rev` is a commit's forty digits, or a tag; branches move, and are not taken")
}

pub(super) fn no_folder(url: &str, commit: &str, folder: &str) -> Diagnostic {
    let title = format!("`{url}` has no folder `{folder}` in the commit `{commit}`");
    Diagnostic::new(Level::Error, NO_COMMIT, title)
        .help("`path` is a folder from the repository's root")
}

/// A repository with something that no package may hold.
pub(crate) const REFUSED: Code = Code::new("fetch/refused");
pub(super) fn refused(name: &str, path: &str, why: &str) -> Diagnostic {
    let title = format!("`{path:.200}` of the dependency `{name}` is refused: {why}");
    Diagnostic::new(Level::Error, REFUSED, title)
        .help("nothing was written; a package holds plain files of at most 64 MiB together")
}

#[cfg(test)]
mod tests {
    use super::{kept_files, out_of_date, written_problem};
    use crate::diag::page;
    use crate::host::{TreeState, WriteProblem, WriteProblemKind};

    #[test]
    fn every_problem_has_a_message_and_a_page() {
        let kinds = [
            WriteProblemKind::RootIsFile,
            WriteProblemKind::BadPath,
            WriteProblemKind::Clash("A.yaml".to_owned()),
            WriteProblemKind::Foreign,
            WriteProblemKind::FolderInTheWay,
            WriteProblemKind::Link,
            WriteProblemKind::Busy,
            WriteProblemKind::System("no space left on device".to_owned()),
        ];
        let mut found: Vec<_> = kinds
            .into_iter()
            .map(|kind| written_problem(&WriteProblem { path: "a.yaml".to_owned(), kind }, "out"))
            .collect();
        let many: Vec<String> = (0..30).map(|at| format!("{at}.yaml")).collect();
        found.extend(kept_files("out", &many));
        let state = TreeState { missing: many, ..TreeState::default() };
        found.extend(out_of_date("out/", &state));
        assert_eq!(found.len(), 10);
        for found in &found {
            assert!(page(found.code.as_str()).is_some(), "{} has no page", found.code);
        }
        assert!(found[9].help[0].starts_with("missing:\nout/0.yaml\n"));
        assert!(found[9].help[0].ends_with("and 10 more"));
        assert!(kept_files("out", &[]).is_none());
        assert!(out_of_date("out", &TreeState::default()).is_none());
    }
}
