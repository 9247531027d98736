//! What was built before: as it was committed, or as it lies there.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use super::git::{Call, Trouble};
use crate::driver::{EarlierFiles, is_of_cluster, safe_path};

/// How long a call of git may take: it reads a few objects of a repository beside it.
const PATIENCE: Duration = Duration::from_secs(60);

/// The longest file that is read: those of clusters have some thousand bytes.
const MOST_BYTES: u64 = 4 << 20;

/// How much is read in all.
const MOST_IN_ALL: u64 = 256 << 20;

/// What a project is compared with.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Compared {
    /// The output folder; where a build writes.
    pub(super) folder: PathBuf,
    /// The folder, as people name it.
    pub(super) shown: String,
    /// A revision, as somebody named it, and its commit; what `HEAD` has, or what lies there, without one.
    pub(super) since: Option<(String, String)>,
}

/// Why a revision is none.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum NoRevision {
    /// The project lies in no repository.
    NoRepository,
    /// There is no git.
    NoGit,
    /// The repository has no such commit.
    Unknown,
    /// Anything else, in git's words.
    Other(String),
}

/// The commit of a revision, in the repository that a folder lies in.
pub(super) fn commit_of(folder: &Path, rev: &str) -> Result<String, NoRevision> {
    if !has_repository(folder) {
        return Err(NoRevision::NoRepository);
    }
    // An option is no revision, and neither is a text of several lines.
    if rev.is_empty() || rev.starts_with('-') || rev.contains(char::is_control) {
        return Err(NoRevision::Unknown);
    }
    let wanted = format!("{rev}^{{commit}}");
    let answer = call(folder).run(&["rev-parse", "--verify", "--quiet", &wanted], None);
    match answer {
        Ok(answer) => Ok(String::from_utf8_lossy(&answer).trim().to_owned()),
        Err(Trouble::Missing) => Err(NoRevision::NoGit),
        // Quietly, git says nothing of what it does not know.
        Err(Trouble::Said(why)) if why == "git gave no reason" => Err(NoRevision::Unknown),
        Err(Trouble::Said(why)) => Err(NoRevision::Other(why)),
    }
}

/// The files of clusters that were built before. What cannot be read is left out.
pub(super) fn files(compared: &Compared) -> EarlierFiles {
    if let Some((rev, commit)) = &compared.since {
        let files = committed(compared, commit).unwrap_or_default();
        return EarlierFiles { revision: Some(rev.clone()), files };
    }
    if has_repository(parent(compared))
        && let Some(files) = committed(compared, "HEAD")
    {
        return EarlierFiles { revision: Some("HEAD".to_owned()), files };
    }
    EarlierFiles { revision: None, files: lying(compared) }
}

fn parent(compared: &Compared) -> &Path {
    compared.folder.parent().unwrap_or(&compared.folder)
}

fn has_repository(folder: &Path) -> bool {
    folder.ancestors().any(|folder| folder.join(".git").exists())
}

fn call(folder: &Path) -> Call<'_> {
    Call { program: Path::new("git"), folder, patience: PATIENCE, most: None }
}

/// What a commit has below the output folder; none where it has nothing there.
fn committed(compared: &Compared, commit: &str) -> Option<Vec<(String, Arc<str>)>> {
    let call = call(parent(compared));
    let name = compared.folder.file_name()?.to_str()?;
    let tree = format!("{commit}:./{name}");
    let tree = call.run(&["rev-parse", "--verify", "--quiet", &tree], None).ok()?;
    let tree = String::from_utf8_lossy(&tree).trim().to_owned();
    let listing = call.run(&["ls-tree", "-r", "-z", "-l", "--full-tree", &tree], None).ok()?;
    let mut wanted: Vec<(String, String)> = Vec::new();
    let mut sum = 0u64;
    for entry in listing.split(|byte| *byte == 0) {
        let Ok(entry) = std::str::from_utf8(entry) else { continue };
        let Some((facts, path)) = entry.split_once('\t') else { continue };
        let facts: Vec<&str> = facts.split_whitespace().collect();
        let [_, "blob", object, size] = facts.as_slice() else { continue };
        let size: u64 = size.parse().unwrap_or(u64::MAX);
        if !is_of_cluster(path) || size > MOST_BYTES || sum.saturating_add(size) > MOST_IN_ALL {
            continue;
        }
        sum += size;
        wanted.push((path.to_owned(), (*object).to_owned()));
    }
    let asked: String = wanted.iter().map(|(_, object)| format!("{object}\n")).collect();
    let answer = call.run(&["cat-file", "--batch"], Some(&asked)).ok()?;
    let mut reader = BufReader::new(answer.as_slice());
    let mut files = Vec::new();
    for (path, _) in wanted {
        let mut head = String::new();
        reader.read_line(&mut head).ok()?;
        let size: usize = head.split_whitespace().nth(2)?.parse().ok()?;
        // Each object ends in a line break of git's own.
        let mut bytes = vec![0; size + 1];
        reader.read_exact(&mut bytes).ok()?;
        bytes.pop();
        if let Ok(text) = String::from_utf8(bytes) {
            files.push((format!("{}/{path}", compared.shown), text.into()));
        }
    }
    Some(files)
}

/// What lies in the output folder.
fn lying(compared: &Compared) -> Vec<(String, Arc<str>)> {
    let mut files = Vec::new();
    let mut sum = 0u64;
    for hub in names(&compared.folder) {
        let folder = compared.folder.join(&hub).join("clusters");
        for file in names(&folder) {
            let path = format!("{hub}/clusters/{file}");
            let full = folder.join(&file);
            let Ok(facts) = fs::symlink_metadata(&full) else { continue };
            if !facts.is_file()
                || facts.len() > MOST_BYTES
                || !is_of_cluster(&path)
                || !safe_path(&path)
            {
                continue;
            }
            sum = sum.saturating_add(facts.len());
            if sum > MOST_IN_ALL {
                return files;
            }
            if let Ok(text) = fs::read_to_string(&full) {
                files.push((format!("{}/{path}", compared.shown), text.into()));
            }
        }
    }
    files
}

/// The names in a folder, sorted; those that are no text are left out.
fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut names: Vec<String> =
        entries.filter_map(|entry| entry.file_name().into_string().ok()).collect();
    names.sort_unstable();
    names
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::process::Command;

    use super::{Compared, NoRevision, commit_of, files};

    fn git(folder: &Path, arguments: &[&str]) {
        let status = Command::new("git")
            .current_dir(folder)
            .args([
                "-c",
                "user.name=a",
                "-c",
                "user.email=a@example.invalid",
                "-c",
                "commit.gpgSign=false",
            ])
            .args(arguments)
            .output()
            .unwrap();
        assert!(status.status.success(), "{arguments:?}: {status:?}");
    }

    fn shown(compared: &Compared) -> String {
        let found = files(compared);
        let texts: Vec<String> =
            found.files.iter().map(|(path, text)| format!("{path}={text}")).collect();
        format!("{}: {}", found.revision.unwrap_or_default(), texts.join(" "))
    }

    #[test]
    fn what_was_committed_comes_before_what_lies_there() {
        let root = tempfile::tempdir().unwrap();
        let project = root.path().join("project");
        let folder = project.join("out");
        let mut compared =
            Compared { folder: folder.clone(), shown: "out".to_owned(), since: None };
        assert_eq!(shown(&compared), ": ");
        assert_eq!(commit_of(root.path(), "HEAD"), Err(NoRevision::NoRepository));
        std::fs::create_dir_all(folder.join("hub/clusters")).unwrap();
        std::fs::create_dir_all(folder.join("hub/x")).unwrap();
        std::fs::write(folder.join("hub/clusters/a.yaml"), "1").unwrap();
        std::fs::write(folder.join("hub/clusters/b.yaml"), b"\xff").unwrap();
        std::fs::write(folder.join("hub/x/c.yaml"), "1").unwrap();
        assert_eq!(shown(&compared), ": out/hub/clusters/a.yaml=1");
        git(root.path(), &["init", "--quiet"]);
        // Without a commit, what lies there is all there is.
        assert_eq!(shown(&compared), ": out/hub/clusters/a.yaml=1");
        git(root.path(), &["add", "-A"]);
        git(root.path(), &["commit", "--quiet", "-m", "first"]);
        git(root.path(), &["tag", "v1"]);
        std::fs::write(folder.join("hub/clusters/a.yaml"), "2").unwrap();
        assert_eq!(shown(&compared), "HEAD: out/hub/clusters/a.yaml=1");
        git(root.path(), &["commit", "--quiet", "-am", "second"]);
        assert_eq!(shown(&compared), "HEAD: out/hub/clusters/a.yaml=2");
        compared.since = Some(("v1".to_owned(), commit_of(&project, "v1").unwrap()));
        assert_eq!(shown(&compared), "v1: out/hub/clusters/a.yaml=1");
        for wrong in ["v2", "", "-x", "--all", "a\nb"] {
            assert_eq!(commit_of(&project, wrong), Err(NoRevision::Unknown), "{wrong:?}");
        }
    }
}
