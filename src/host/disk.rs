//! A project on a disk.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::earlier::{Compared, NoRevision};
use crate::driver::{
    CONFIG_FILE, EXTENSION, EarlierFiles, Listing, MOST_BYTES, PackageFiles, Problem, ProblemKind,
    World, left_out, safe_path, unpackaged,
};

/// A project on a disk: a folder with `iflux.toml`, a folder without, or one file.
#[derive(Clone, Debug)]
pub struct DiskWorld {
    root: PathBuf,
    /// The only file, where a file was named that lies in no project.
    only: Option<String>,
    /// What its clusters are compared with.
    compared: Compared,
}

impl DiskWorld {
    /// Opens the project that a path lies in: the nearest folder upwards that holds `iflux.toml`,
    /// else the folder itself, else the file alone. A folder that a project leaves out (`testdata`)
    /// is a project of its own.
    ///
    /// # Errors
    /// When nothing is there, or the path names a file that is no program.
    pub fn open(path: &Path) -> Result<Self, Problem> {
        let shown = path.display().to_string();
        let path = path.canonicalize().map_err(|error| trouble(&shown, &error))?;
        let is_folder = path.is_dir();
        let folder = if is_folder { path.as_path() } else { path.parent().unwrap_or(&path) };
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or("");
        if !is_folder && name != CONFIG_FILE && !name.ends_with(EXTENSION) {
            return Err(Problem::new(shown, ProblemKind::NotAProgram));
        }
        if let Some(root) = root_above(folder) {
            return Ok(Self::at(root, None));
        }
        let only = (!is_folder).then(|| name.to_owned());
        Ok(Self::at(folder.to_owned(), only))
    }

    /// The project of a text in an editor, which may not be saved yet, and its path in it.
    ///
    /// # Errors
    /// When the folder that it would lie in is not there, or it is no program.
    pub fn of_text(path: &Path) -> Result<(Self, String), Problem> {
        let shown = path.display().to_string();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or("");
        let is_config = name == CONFIG_FILE;
        if !is_config && !name.ends_with(EXTENSION) {
            return Err(Problem::new(shown, ProblemKind::NotAProgram));
        }
        let folder = path.parent().unwrap_or(Path::new("."));
        let folder = folder.canonicalize().map_err(|error| trouble(&shown, &error))?;
        let Some(root) = root_above(&folder) else {
            return Ok((Self::at(folder, Some(name.to_owned())), name.to_owned()));
        };
        let inside = folder.strip_prefix(&root).unwrap_or(&folder);
        let steps = inside.components().map(|step| step.as_os_str().to_string_lossy());
        let steps: Vec<_> = steps.chain([name.into()]).collect();
        Ok((Self::at(root, None), steps.join("/")))
    }

    /// The file that is the whole project, where no configuration lies around it.
    pub fn only(&self) -> Option<&str> {
        self.only.as_deref()
    }

    fn at(root: PathBuf, only: Option<String>) -> Self {
        let compared = Compared { folder: root.join("out"), shown: "out".to_owned(), since: None };
        Self { root, only, compared }
    }

    /// Lets clusters be compared with what lies in another folder than `out`: the one that a build writes.
    pub fn written_to(&mut self, folder: &Path) {
        // What is not there yet has no other name.
        self.compared.folder = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
        self.compared.shown = folder.display().to_string();
    }

    /// Lets clusters be compared with what a revision of the project's repository has.
    ///
    /// # Errors
    /// When there is no such revision, or no repository.
    pub fn compare_since(&mut self, rev: &str) -> Result<(), NoRevision> {
        let commit = super::earlier::commit_of(&self.root, rev)?;
        self.compared.since = Some((rev.to_owned(), commit));
        Ok(())
    }

    /// The project's root, absolute.
    pub fn root(&self) -> &Path {
        &self.root
    }

    fn bytes(&self, path: &str) -> Result<Vec<u8>, Problem> {
        if !safe_path(path) {
            return Err(Problem::new(path, ProblemKind::Outside));
        }
        read_limited(&self.root.join(path), path, MOST_BYTES)
    }
}

/// Reads a file. Asks what it is first: opening a pipe would wait for a writer.
fn read_limited(full: &Path, path: &str, most: u64) -> Result<Vec<u8>, Problem> {
    let facts = fs::metadata(full).map_err(|error| trouble(path, &error))?;
    if !facts.is_file() {
        return Err(Problem::new(path, ProblemKind::NotAFile));
    }
    if facts.len() > most {
        return Err(Problem::new(path, ProblemKind::TooLarge { bytes: facts.len() }));
    }
    let file = fs::File::open(full).map_err(|error| trouble(path, &error))?;
    let mut bytes = Vec::with_capacity(usize::try_from(facts.len()).unwrap_or(0));
    // A file may grow while it is read.
    file.take(most + 1).read_to_end(&mut bytes).map_err(|error| trouble(path, &error))?;
    if bytes.len() as u64 > most {
        return Err(Problem::new(path, ProblemKind::TooLarge { bytes: bytes.len() as u64 }));
    }
    Ok(bytes)
}

fn root_above(folder: &Path) -> Option<PathBuf> {
    for folder in folder.ancestors() {
        if folder.join(CONFIG_FILE).is_file() {
            return Some(folder.to_owned());
        }
        if folder.file_name().and_then(|name| name.to_str()).is_some_and(left_out) {
            return None;
        }
    }
    None
}

/// An error of the system as a problem.
#[expect(clippy::wildcard_enum_match_arm, reason = "systems know further errors")]
fn trouble(path: &str, error: &io::Error) -> Problem {
    let kind = match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => ProblemKind::NotFound,
        io::ErrorKind::PermissionDenied => ProblemKind::Denied,
        io::ErrorKind::IsADirectory => ProblemKind::NotAFile,
        _ if is_link_loop(error) => ProblemKind::Loop,
        _ => ProblemKind::Other(words(error)),
    };
    Problem::new(path, kind)
}

/// The kind for too many links has no stable name yet.
fn is_link_loop(error: &io::Error) -> bool {
    cfg!(unix) && format!("{:?}", error.kind()) == "FilesystemLoop"
}

/// The system's words without the number.
pub fn words(error: &io::Error) -> String {
    let text = error.to_string();
    text.split(" (os error").next().unwrap_or(&text).to_lowercase()
}

impl World for DiskWorld {
    fn list(&self) -> Listing {
        if let Some(only) = &self.only {
            return Listing { files: vec![only.clone()], problems: Vec::new() };
        }
        let mut walk = Walk { root: &self.root, seen: BTreeSet::new(), found: Listing::default() };
        let mut folders = vec![(self.root.clone(), String::new())];
        while let Some((folder, path)) = folders.pop() {
            walk.folder(&folder, &path, &mut folders);
        }
        let mut found = walk.found;
        found.files.sort_unstable();
        found.problems.sort_unstable_by(|a, b| a.path.cmp(&b.path));
        found
    }

    fn read(&self, path: &str) -> Result<Arc<str>, Problem> {
        Problem::text_of(path, self.bytes(path)?)
    }

    fn earlier(&self) -> EarlierFiles {
        super::earlier::files(&self.compared)
    }

    fn embed(&self, path: &str) -> Result<Arc<str>, Problem> {
        if safe_path(path) {
            let mut full = self.root.clone();
            for step in path.split('/') {
                full.push(step);
                if fs::symlink_metadata(&full).is_ok_and(|facts| facts.file_type().is_symlink()) {
                    return Err(Problem::new(path, ProblemKind::Link));
                }
            }
        }
        self.read(path)
    }

    fn package(&self, folder: &str) -> Result<Vec<(String, Arc<[u8]>)>, Problem> {
        package_below(&self.root.join(folder), folder)
    }

    fn config(&self) -> Result<Option<Arc<str>>, Problem> {
        if self.only.is_some() {
            return Ok(None);
        }
        match self.read(CONFIG_FILE) {
            Ok(text) => Ok(Some(text)),
            Err(Problem { kind: ProblemKind::NotFound, .. }) => Ok(None),
            Err(problem) => Err(problem),
        }
    }
}

/// Every file of a package; `shown` is the folder as people name it. Links are refused, since what they lead to is
/// no part of what was hashed.
///
/// # Errors
/// When the folder is not there, holds a link or a device, or too much.
pub(super) fn package_below(folder: &Path, shown: &str) -> Result<PackageFiles, Problem> {
    let facts = fs::symlink_metadata(folder).map_err(|error| trouble(shown, &error))?;
    if !facts.is_dir() {
        return Err(Problem::new(shown, ProblemKind::NotFound));
    }
    let mut left = MOST_BYTES;
    let mut found = Vec::new();
    let mut folders = vec![(folder.to_owned(), String::new())];
    while let Some((folder, inside)) = folders.pop() {
        let here = |inside: &str| {
            if inside.is_empty() { shown.to_owned() } else { format!("{shown}/{inside}") }
        };
        for entry in fs::read_dir(&folder).map_err(|error| trouble(&here(&inside), &error))? {
            let entry = entry.map_err(|error| trouble(&here(&inside), &error))?;
            let name = entry.file_name();
            let text = name.to_string_lossy();
            if unpackaged(&text) {
                continue;
            }
            let path =
                if inside.is_empty() { text.to_string() } else { format!("{inside}/{text}") };
            if name.to_str().is_none() || text.contains('\\') {
                let words = "its name is not plain UTF-8".to_owned();
                return Err(Problem::new(here(&path), ProblemKind::Other(words)));
            }
            let kind = entry.file_type().map_err(|error| trouble(&here(&path), &error))?;
            if kind.is_dir() {
                folders.push((entry.path(), path));
            } else if kind.is_symlink() {
                return Err(Problem::new(here(&path), ProblemKind::Link));
            } else {
                let bytes = read_limited(&entry.path(), &here(&path), left)?;
                left -= (bytes.len() as u64).min(left);
                found.push((path, Arc::from(bytes)));
            }
        }
    }
    found.sort_unstable_by(|(a, _), (b, _)| a.cmp(b));
    Ok(found)
}

struct Walk<'a> {
    root: &'a Path,
    /// Real paths of linked folders that were entered.
    seen: BTreeSet<PathBuf>,
    found: Listing,
}

impl Walk<'_> {
    fn folder(&mut self, folder: &Path, path: &str, folders: &mut Vec<(PathBuf, String)>) {
        let entries = match fs::read_dir(folder) {
            Ok(entries) => entries,
            Err(error) => {
                let path = if path.is_empty() { "." } else { path };
                self.found.problems.push(trouble(path, &error));
                return;
            }
        };
        // In order of names, since which of two links to one folder is followed must not depend on
        // the disk.
        let mut sorted = Vec::new();
        for entry in entries {
            match entry {
                Ok(entry) => sorted.push(entry),
                Err(error) => self.found.problems.push(trouble(path, &error)),
            }
        }
        sorted.sort_unstable_by_key(fs::DirEntry::file_name);
        for entry in sorted {
            let name = entry.file_name();
            let join = |name: &str| {
                if path.is_empty() { name.to_owned() } else { format!("{path}/{name}") }
            };
            let Some(name) = name.to_str().filter(|name| !name.contains('\\')) else {
                let name = name.to_string_lossy().into_owned();
                if name.ends_with(EXTENSION) {
                    let words = "its name is not plain UTF-8".to_owned();
                    let problem = Problem::new(join(&name), ProblemKind::Other(words));
                    self.found.problems.push(problem);
                }
                continue;
            };
            let is_program = name.ends_with(EXTENSION);
            match entry.file_type() {
                Err(error) => self.found.problems.push(trouble(&join(name), &error)),
                Ok(kind) if kind.is_symlink() => {
                    self.link(&entry.path(), name, join(name), folders)
                }
                Ok(kind) if kind.is_dir() => self.enter(entry.path(), name, join(name), folders),
                Ok(kind) if is_program && kind.is_file() => self.found.files.push(join(name)),
                Ok(_) if is_program => {
                    self.found.problems.push(Problem::new(join(name), ProblemKind::NotAFile));
                }
                Ok(_) => {}
            }
        }
    }

    /// A folder below the root, unless it is left out or is a project of its own.
    fn enter(
        &mut self,
        full: PathBuf,
        name: &str,
        path: String,
        folders: &mut Vec<(PathBuf, String)>,
    ) {
        if name.ends_with(EXTENSION) && !name.starts_with('.') {
            self.found.problems.push(Problem::new(path, ProblemKind::NotAFile));
        } else if !left_out(name) && !full.join(CONFIG_FILE).is_file() {
            folders.push((full, path));
        }
    }

    /// A link. What lies in the project anyway is listed where it lies; a folder outside is entered
    /// once; one that leads to a folder around itself is a loop.
    fn link(
        &mut self,
        full: &Path,
        name: &str,
        path: String,
        folders: &mut Vec<(PathBuf, String)>,
    ) {
        if left_out(name) {
            return;
        }
        let is_program = name.ends_with(EXTENSION);
        let real = match full.canonicalize() {
            Ok(real) => real,
            Err(error) => {
                let problem = trouble(&path, &error);
                if is_program || problem.kind == ProblemKind::Loop {
                    self.found.problems.push(problem);
                }
                return;
            }
        };
        if real.is_dir() {
            let around = full.parent().and_then(|parent| parent.canonicalize().ok());
            if around.is_some_and(|around| around.starts_with(&real)) {
                self.found.problems.push(Problem::new(path, ProblemKind::Loop));
            } else if !real.starts_with(self.root) && self.seen.insert(real) {
                self.enter(full.to_owned(), name, path, folders);
            }
        } else if is_program {
            let listed = real.starts_with(self.root)
                && real.extension().is_some_and(|extension| extension == "iflux");
            if !listed && self.seen.insert(real) {
                self.found.files.push(path);
            }
        }
    }
}

/// The content of a built file that `FILE:LINE` names, from the current folder or the project's; `None`
/// when there is none, or it is no line of a file.
pub fn built_file(root: &Path, query: &str) -> Option<Vec<u8>> {
    let (path, line) = query.rsplit_once(':')?;
    line.parse::<usize>().ok()?;
    std::fs::read(path).or_else(|_| std::fs::read(root.join(path))).ok()
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::DiskWorld;
    use crate::driver::{ProblemKind, World};

    fn write(root: &Path, path: &str, bytes: &[u8]) {
        let full = root.join(path);
        fs::create_dir_all(full.parent().unwrap()).unwrap();
        fs::write(full, bytes).unwrap();
    }

    fn project() -> tempfile::TempDir {
        let root = tempfile::tempdir().unwrap();
        for path in [
            "iflux.toml",
            "b.iflux",
            "a.iflux",
            "teams/x/y.iflux",
            "notes.md",
            "vendor/v.iflux",
            "out/o.iflux",
            "testdata/case/t.iflux",
            "target/t.iflux",
            "node_modules/n.iflux",
            "teams/.git/g.iflux",
            "nested/iflux.toml",
            "nested/n.iflux",
        ] {
            write(root.path(), path, b"// text\n");
        }
        root
    }

    #[test]
    fn a_project_is_found_from_anywhere_inside() {
        let root = project();
        for inside in ["", "iflux.toml", "teams", "teams/x", "teams/x/y.iflux"] {
            let world = DiskWorld::open(&root.path().join(inside)).unwrap();
            let listing = world.list();
            assert_eq!(listing.files, ["a.iflux", "b.iflux", "teams/x/y.iflux"], "from {inside:?}");
            assert_eq!(listing.problems, []);
            assert!(world.config().unwrap().is_some());
        }
        let apart = DiskWorld::open(&root.path().join("testdata/case")).unwrap();
        assert_eq!(apart.list().files, ["t.iflux"]);
        assert_eq!(apart.config(), Ok(None));
        let nested = DiskWorld::open(&root.path().join("nested/n.iflux")).unwrap();
        assert_eq!(nested.list().files, ["n.iflux"]);
    }

    #[test]
    fn a_lone_file_is_a_project() {
        let root = tempfile::tempdir().unwrap();
        write(root.path(), "one.iflux", b"1");
        write(root.path(), "two.iflux", b"2");
        write(root.path(), "x.txt", b"");
        let world = DiskWorld::open(&root.path().join("one.iflux")).unwrap();
        assert_eq!(world.list().files, ["one.iflux"]);
        assert_eq!(world.read("one.iflux").unwrap().as_ref(), "1");
        let kind = |path: &str| DiskWorld::open(&root.path().join(path)).unwrap_err().kind;
        assert_eq!(kind("no"), ProblemKind::NotFound);
        assert_eq!(kind("x.txt/y"), ProblemKind::NotFound);
        assert_eq!(kind("x.txt"), ProblemKind::NotAProgram);
    }

    #[test]
    fn what_cannot_be_read_says_why() {
        let root = tempfile::tempdir().unwrap();
        write(root.path(), "latin.iflux", b"caf\xe9");
        fs::create_dir(root.path().join("folder.iflux")).unwrap();
        let world = DiskWorld::open(root.path()).unwrap();
        let listing = world.list();
        assert_eq!(listing.files, ["latin.iflux"]);
        assert_eq!(listing.problems.len(), 1);
        assert_eq!(listing.problems[0].kind, ProblemKind::NotAFile);
        assert_eq!(world.read("folder.iflux").unwrap_err().kind, ProblemKind::NotAFile);
        assert_eq!(world.read("/etc/passwd").unwrap_err().kind, ProblemKind::Outside);
        let text = "caf\u{fffd}".into();
        assert_eq!(
            world.read("latin.iflux").unwrap_err().kind,
            ProblemKind::NotUtf8 { at: 3, text }
        );
        let large = fs::File::create(root.path().join("large.iflux")).unwrap();
        large.set_len(super::MOST_BYTES + 1).unwrap();
        let bytes = super::MOST_BYTES + 1;
        assert_eq!(world.read("large.iflux").unwrap_err().kind, ProblemKind::TooLarge { bytes });
    }

    #[cfg(unix)]
    #[test]
    fn links_end() {
        use std::os::unix::fs::symlink;
        let root = tempfile::tempdir().unwrap();
        let away = tempfile::tempdir().unwrap();
        write(root.path(), "a/real.iflux", b"1");
        write(away.path(), "lib/far.iflux", b"2");
        let link = |to: &Path, at: &str| symlink(to, root.path().join(at)).unwrap();
        link(root.path(), "a/up");
        link(&root.path().join("a"), "again");
        link(&root.path().join("a/real.iflux"), "same.iflux");
        link(&away.path().join("lib"), "far");
        link(&away.path().join("lib"), "far-again");
        link(Path::new("self.iflux"), "self.iflux");
        link(Path::new("nowhere"), "broken.iflux");
        let world = DiskWorld::open(root.path()).unwrap();
        let listing = world.list();
        assert_eq!(listing.files, ["a/real.iflux", "far/far.iflux"]);
        let problems: Vec<_> =
            listing.problems.iter().map(|found| (found.path.as_str(), &found.kind)).collect();
        assert_eq!(
            problems,
            [
                ("a/up", &ProblemKind::Loop),
                ("broken.iflux", &ProblemKind::NotFound),
                ("self.iflux", &ProblemKind::Loop),
            ]
        );
        assert_eq!(world.embed("same.iflux").unwrap_err().kind, ProblemKind::Link);
        assert_eq!(world.embed("again/real.iflux").unwrap_err().kind, ProblemKind::Link);
        assert_eq!(world.embed("a/real.iflux").unwrap().as_ref(), "1");
    }
}
