//! The only other program that is ever started: `git`, for `iflux fetch`, and for what was committed of an output.
//!
//! Nothing of a repository is checked out: no hook, filter or submodule of it runs, and its files are read as objects,
//! after their names, kinds and sizes were looked at.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Seek as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::disk::{package_below, words};
use super::errors;
use crate::diag::Diagnostic;
use crate::driver::{
    Fetched, Fetcher, Location, MOST_BYTES, PackageFiles, diagnose, safe_path, unpackaged,
};
use crate::source::Sources;

/// How long one call of git may take.
const PATIENCE: Duration = Duration::from_secs(300);

/// How many bytes a repository may send.
const MOST_SENT: u64 = 512 << 20;

/// Variables by which a caller of ours could lead git elsewhere: a hook that runs `iflux` has some of them.
const LEADING: [&str; 9] = [
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_COMMON_DIR",
    "GIT_NAMESPACE",
    "GIT_PREFIX",
    "GIT_EXTERNAL_DIFF",
];

/// Brings packages from folders beside the project, and from repositories.
#[derive(Debug)]
pub struct DiskFetcher {
    root: PathBuf,
    program: PathBuf,
    patience: Duration,
}

type Found<T> = Result<T, Box<Diagnostic>>;

impl DiskFetcher {
    /// For the project at this root.
    pub fn new(root: &Path) -> Self {
        Self { root: root.to_owned(), program: PathBuf::from("git"), patience: PATIENCE }
    }
}

impl Fetcher for DiskFetcher {
    fn fetch(&mut self, name: &str, location: &Location, commit: Option<&str>) -> Found<Fetched> {
        match location {
            Location::Inside(path) | Location::Outside(path) => {
                let files = package_below(&self.root.join(path), path)
                    .map_err(|problem| Box::new(diagnose(&problem, None, &mut Sources::new())))?;
                Ok(Fetched { files, commit: String::new() })
            }
            Location::Git { url, rev, path } => {
                let folder = tempfile::tempdir()
                    .map_err(|error| Box::new(errors::git_failed(url, &words(&error))))?;
                let run = Run { fetcher: self, url, name, folder: folder.path() };
                let commit = run.bring(rev, commit)?;
                let files = run.files(&commit, path)?;
                Ok(Fetched { files, commit })
            }
        }
    }
}

/// One repository.
struct Run<'a> {
    fetcher: &'a DiskFetcher,
    url: &'a str,
    name: &'a str,
    /// An empty folder that is removed afterwards.
    folder: &'a Path,
}

fn is_commit(rev: &str) -> bool {
    rev.len() == 40 && rev.bytes().all(|byte| byte.is_ascii_hexdigit())
}

impl Run<'_> {
    /// Brings a commit's objects; gives its forty digits. A tag that is locked already means the commit it meant then.
    fn bring(&self, rev: &str, locked: Option<&str>) -> Found<String> {
        self.git(&["init", "--quiet", "--bare", "."], None)?;
        let exact = locked.or_else(|| is_commit(rev).then_some(rev));
        if let Some(commit) = exact {
            let commit = commit.to_ascii_lowercase();
            if !is_commit(&commit) {
                return Err(Box::new(errors::git_failed(self.url, "the lock names no commit")));
            }
            // Not every server gives a commit by its number; then all of its branches and tags are asked for.
            let one = ["fetch", "--quiet", "--depth=1", "--no-tags", "--", self.url, &commit];
            if self.git(&one, None).is_err() {
                let all = [
                    "fetch",
                    "--quiet",
                    "--no-tags",
                    "--",
                    self.url,
                    "+refs/heads/*:refs/heads/*",
                    "+refs/tags/*:refs/tags/*",
                ];
                self.git(&all, None)?;
            }
            let kind = self.git(&["cat-file", "-t", &commit], None).unwrap_or_default();
            if kind.trim_ascii() != b"commit" {
                return Err(Box::new(errors::no_commit(self.url, &commit)));
            }
            return Ok(commit);
        }
        let wanted = format!("+refs/tags/{rev}:refs/tags/{rev}");
        self.git(&["fetch", "--quiet", "--depth=1", "--no-tags", "--", self.url, &wanted], None)?;
        let peeled = format!("refs/tags/{rev}^{{commit}}");
        let commit = self.git(&["rev-parse", "--verify", "--quiet", &peeled], None)?;
        let commit = String::from_utf8_lossy(&commit).trim().to_owned();
        if is_commit(&commit) {
            Ok(commit)
        } else {
            Err(Box::new(errors::no_commit(self.url, rev)))
        }
    }

    /// The files of a folder of a commit.
    fn files(&self, commit: &str, folder: &str) -> Found<PackageFiles> {
        let tree = if folder.is_empty() { commit.to_owned() } else { format!("{commit}:{folder}") };
        let listing = self
            .git(&["ls-tree", "-r", "-z", "-l", "--full-tree", &tree], None)
            .map_err(|_| Box::new(errors::no_folder(self.url, commit, folder)))?;
        let mut wanted: Vec<(String, String)> = Vec::new();
        let mut sum: u64 = 0;
        for entry in listing.split(|byte| *byte == 0).filter(|entry| !entry.is_empty()) {
            let entry = String::from_utf8_lossy(entry).into_owned();
            let Some((facts, path)) = entry.split_once('\t') else { continue };
            if path.split('/').any(unpackaged) {
                continue;
            }
            let refuse = |why: &str| Err(Box::new(errors::refused(self.name, path, why)));
            let facts: Vec<&str> = facts.split_whitespace().collect();
            let [mode, _, object, size] = facts.as_slice() else { continue };
            match *mode {
                "100644" | "100755" | "100664" => {}
                "120000" => return refuse("it is a link"),
                // A submodule is another repository, which nobody named.
                "160000" => continue,
                _ => return refuse("it is no plain file"),
            }
            if !safe_path(path)
                || path.contains(['\u{fffd}', ':'])
                || path.contains(char::is_control)
            {
                return refuse("its path is none for a file");
            }
            sum = sum.saturating_add(size.parse().unwrap_or(u64::MAX));
            if sum > MOST_BYTES {
                return refuse(&format!(
                    "with it the package has more than {} MiB",
                    MOST_BYTES >> 20
                ));
            }
            wanted.push((path.to_owned(), (*object).to_owned()));
        }
        wanted.sort_unstable();
        // Where capital letters make no difference, one would overwrite the other.
        let mut folded: Vec<String> = wanted.iter().map(|(path, _)| path.to_lowercase()).collect();
        folded.sort_unstable();
        if let Some(path) = folded.windows(2).find_map(|two| match two {
            [a, b] if a == b => Some(a.clone()),
            _ => None,
        }) {
            let why = "another differs by capital letters only";
            return Err(Box::new(errors::refused(self.name, &path, why)));
        }
        self.contents(wanted)
    }

    fn contents(&self, wanted: Vec<(String, String)>) -> Found<PackageFiles> {
        let asked: String = wanted.iter().map(|(_, object)| format!("{object}\n")).collect();
        let answer = self.git(&["cat-file", "--batch"], Some(&asked))?;
        let mut reader = BufReader::new(answer.as_slice());
        let mut files = Vec::new();
        for (path, _) in wanted {
            let broken = || Box::new(errors::git_failed(self.url, "git left out an object"));
            let mut head = String::new();
            reader.read_line(&mut head).map_err(|_| broken())?;
            let size: Option<usize> =
                head.split_whitespace().nth(2).and_then(|size| size.parse().ok());
            let mut bytes =
                vec![0; size.filter(|size| *size as u64 <= MOST_BYTES).ok_or_else(broken)?];
            reader.read_exact(&mut bytes).map_err(|_| broken())?;
            let mut end = [0];
            reader.read_exact(&mut end).map_err(|_| broken())?;
            files.push((path, Arc::from(bytes)));
        }
        Ok(files)
    }

    /// Runs git in the folder; gives what it printed.
    fn git(&self, arguments: &[&str], input: Option<&str>) -> Found<Vec<u8>> {
        let call = Call {
            program: &self.fetcher.program,
            folder: self.folder,
            patience: self.fetcher.patience,
            most: Some(MOST_SENT),
        };
        call.run(arguments, input).map_err(|trouble| {
            Box::new(match trouble {
                Trouble::Missing => errors::no_git(self.url),
                Trouble::Said(why) => errors::git_failed(self.url, &why),
            })
        })
    }
}

/// Why git gave no answer.
#[derive(Debug)]
pub(super) enum Trouble {
    /// There is no such program.
    Missing,
    /// Anything else, in the words of git or of the system.
    Said(String),
}

/// How git is called.
#[derive(Clone, Copy, Debug)]
pub(super) struct Call<'a> {
    /// The program.
    pub(super) program: &'a Path,
    /// The folder that it works in.
    pub(super) folder: &'a Path,
    /// How long it may take.
    pub(super) patience: Duration,
    /// How many bytes the folder may grow to; no bound where git writes nothing.
    pub(super) most: Option<u64>,
}

impl Call<'_> {
    /// Runs git; gives what it printed.
    pub(super) fn run(&self, arguments: &[&str], input: Option<&str>) -> Result<Vec<u8>, Trouble> {
        let failed = |why: &str| Trouble::Said(why.to_owned());
        let system = |error: std::io::Error| failed(&words(&error));
        // Files and not pipes: a helper of git that outlives it would hold a pipe open.
        let mut out = tempfile::tempfile().map_err(system)?;
        let mut err = tempfile::tempfile().map_err(system)?;
        let mut given = tempfile::tempfile().map_err(system)?;
        given.write_all(input.unwrap_or("").as_bytes()).map_err(system)?;
        given.rewind().map_err(system)?;
        let mut command = Command::new(self.program);
        command
            .current_dir(self.folder)
            .args(["-c", "core.hooksPath=/dev/null", "-c", "core.fsmonitor=false"])
            .args(["-c", "protocol.allow=never", "-c", "protocol.https.allow=always"])
            .args(["-c", "protocol.ssh.allow=always", "-c", "protocol.file.allow=always"])
            .args([
                "-c",
                "fetch.recurseSubmodules=no",
                "-c",
                "gc.auto=0",
                "-c",
                "maintenance.auto=false",
            ])
            .args(["-c", "advice.detachedHead=false"])
            .args(arguments)
            .stdin(Stdio::from(given))
            .stdout(Stdio::from(out.try_clone().map_err(system)?))
            .stderr(Stdio::from(err.try_clone().map_err(system)?))
            .env("LC_ALL", "C")
            .env("GIT_TERMINAL_PROMPT", "0")
            // What a partial clone left out stays away: nobody asked for the network.
            .env("GIT_NO_LAZY_FETCH", "1")
            .env("GCM_INTERACTIVE", "never")
            .env("SSH_ASKPASS_REQUIRE", "never");
        for name in LEADING {
            command.env_remove(name);
        }
        if std::env::var_os("GIT_SSH_COMMAND").is_none() && std::env::var_os("GIT_SSH").is_none() {
            command.env("GIT_SSH_COMMAND", "ssh -o BatchMode=yes");
        }
        let mut child = command.spawn().map_err(|error| {
            if error.kind() == std::io::ErrorKind::NotFound {
                return Trouble::Missing;
            }
            system(error)
        })?;
        let start = Instant::now();
        let mut wait = Duration::from_millis(2);
        let status = loop {
            if let Some(status) = child.try_wait().map_err(system)? {
                break status;
            }
            let slow = start.elapsed() > self.patience;
            let large =
                wait >= MOST_WAIT && self.most.is_some_and(|most| size_below(self.folder) > most);
            if slow || large {
                // It may have ended just now.
                let _ = child.kill();
                let _ = child.wait();
                return Err(failed(&if slow {
                    format!("no answer within {} seconds", self.patience.as_secs())
                } else {
                    format!("more than {} MiB", self.most.unwrap_or(0) >> 20)
                }));
            }
            std::thread::sleep(wait);
            wait = (wait * 2).min(MOST_WAIT);
        };
        if !status.success() {
            let mut said = Vec::new();
            err.rewind().map_err(system)?;
            err.take(64 << 10).read_to_end(&mut said).map_err(system)?;
            let said = String::from_utf8_lossy(&said);
            // Below its own reason git often gives general advice.
            let fatal = said.lines().map(str::trim).find(|line| line.starts_with("fatal: "));
            let last = said.lines().map(str::trim).rfind(|line| !line.is_empty());
            return Err(failed(fatal.or(last).unwrap_or("git gave no reason")));
        }
        let mut answer = Vec::new();
        out.rewind().map_err(system)?;
        out.read_to_end(&mut answer).map_err(system)?;
        Ok(answer)
    }
}

/// How long to wait, at most, between two looks at git.
const MOST_WAIT: Duration = Duration::from_millis(200);

/// The bytes of all files below a folder, as far as they can be seen.
fn size_below(folder: &Path) -> u64 {
    let mut sum = 0;
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            match entry.metadata() {
                Ok(facts) if facts.is_dir() => folders.push(entry.path()),
                Ok(facts) => sum += facts.len(),
                Err(_) => {}
            }
        }
    }
    sum
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;
    use std::time::Duration;

    use super::DiskFetcher;
    use crate::driver::{Fetcher as _, Location};

    /// What a fetch says with a program in place of git.
    fn with(script: Option<&str>) -> String {
        let folder = tempfile::tempdir().unwrap();
        let program = folder.path().join("git");
        if let Some(script) = script {
            std::fs::write(&program, format!("#!/bin/sh\n{script}\n")).unwrap();
            std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
        }
        let mut fetcher =
            DiskFetcher { root: folder.path().into(), program, patience: Duration::from_secs(1) };
        let location = Location::Git {
            url: "https://example.invalid/x".to_owned(),
            rev: "v1".to_owned(),
            path: String::new(),
        };
        fetcher.fetch("base", &location, None).unwrap_err().title
    }

    #[test]
    fn git_that_is_missing_fails_or_hangs_is_told_of() {
        assert!(with(None).contains("needs `git`"), "{}", with(None));
        let failed = with(Some("echo first >&2; echo 'fatal: no luck' >&2; echo >&2; exit 128"));
        assert!(failed.ends_with("fatal: no luck"), "{failed}");
        let slow = with(Some("exec sleep 30"));
        assert!(slow.ends_with("no answer within 1 seconds"), "{slow}");
    }
}
