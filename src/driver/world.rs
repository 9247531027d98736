//! What the compiler may ask of the outside.

use super::packages::PackageFiles;
use std::sync::Arc;

/// The largest file that is read, in bytes: 64 MiB.
pub const MOST_BYTES: u64 = 64 << 20;

/// What the compiler may ask of the outside. All paths are relative to the project's root and
/// separated by `/`.
pub trait World {
    /// The paths of all `.iflux` files of the project, sorted by bytes, each once, and what could not
    /// be listed.
    fn list(&self) -> Listing;

    /// A file's text, as it is: line ends are not changed and a byte order mark stays.
    ///
    /// # Errors
    /// When there is no such file, or it cannot be read as UTF-8.
    fn read(&self, path: &str) -> Result<Arc<str>, Problem>;

    /// A file's text for the language's `read`: like [`World::read`], but no part of the path may be
    /// a link, so that what a build reads lies in the project.
    ///
    /// # Errors
    /// Those of [`World::read`], and [`ProblemKind::Link`].
    fn embed(&self, path: &str) -> Result<Arc<str>, Problem> {
        self.read(path)
    }

    /// Every file of a dependency's folder (`vendor/base`), by its path in there, sorted by bytes: what its
    /// content hash is made of. Names that [`unpackaged`] tells of are left out, with all that lies in them.
    ///
    /// # Errors
    /// When there is no such folder, a link lies in it, or it has more than [`MOST_BYTES`] bytes.
    fn package(&self, folder: &str) -> Result<PackageFiles, Problem>;

    /// The text of the project's `iflux.toml`, if it has one.
    ///
    /// # Errors
    /// When the file is there and cannot be read as UTF-8.
    fn config(&self) -> Result<Option<Arc<str>>, Problem>;

    /// What an earlier build wrote of clusters: the files that [`is_of_cluster`] tells of. None where nothing was built, or
    /// nothing of it can be read.
    fn earlier(&self) -> EarlierFiles;
}

/// Files of an earlier build.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct EarlierFiles {
    /// The revision that they are read from, as people name it; none for the output as it lies there.
    pub revision: Option<String>,
    /// Each file's path, as shown to people, and its text; by path.
    pub files: Vec<(String, Arc<str>)>,
}

/// Whether a path below the output folder is where a cluster's own objects are written: `<hub>/clusters/<name>.yaml`.
pub fn is_of_cluster(path: &str) -> bool {
    let mut steps = path.split('/');
    let (hub, folder, file, more) = (steps.next(), steps.next(), steps.next(), steps.next());
    hub.is_some()
        && folder == Some("clusters")
        && more.is_none()
        && file.is_some_and(|file| file.ends_with(".yaml"))
}

/// What a project holds.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Listing {
    /// The `.iflux` files, sorted.
    pub files: Vec<String>,
    /// What could not be listed, by path.
    pub problems: Vec<Problem>,
}

/// Why a path could not be listed, read or opened.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Problem {
    /// Relative to the root; as the user gave it where no project was found.
    pub path: String,
    /// What went wrong.
    pub kind: ProblemKind,
}

/// What can be wrong with a path.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ProblemKind {
    /// Nothing is there.
    NotFound,
    /// A folder, socket or device stands where a file should.
    NotAFile,
    /// A file is there, but it is no `.iflux` file.
    NotAProgram,
    /// The text is not UTF-8.
    NotUtf8 {
        /// The first byte that is part of no character.
        at: u32,
        /// The text with a mark in place of each wrong part; the same up to `at`.
        text: Arc<str>,
    },
    /// The system refuses access.
    Denied,
    /// The file has more than [`MOST_BYTES`] bytes.
    TooLarge {
        /// Its size in bytes.
        bytes: u64,
    },
    /// A link leads to a folder that it lies in, or to itself.
    Loop,
    /// A link stands where none may.
    Link,
    /// The path leads out of the project.
    Outside,
    /// Anything else, in the system's words.
    Other(String),
}

impl Problem {
    /// A problem with a path.
    pub fn new(path: impl Into<String>, kind: ProblemKind) -> Self {
        Self { path: path.into(), kind }
    }

    /// Turns bytes into a text.
    ///
    /// # Errors
    /// When they are not UTF-8.
    pub fn text_of(path: &str, bytes: Vec<u8>) -> Result<Arc<str>, Self> {
        String::from_utf8(bytes).map(Arc::from).map_err(|wrong| {
            let at = u32::try_from(wrong.utf8_error().valid_up_to()).unwrap_or(u32::MAX);
            let text = String::from_utf8_lossy(wrong.as_bytes()).into();
            Self::new(path, ProblemKind::NotUtf8 { at, text })
        })
    }
}

/// What a program's file name ends in.
pub const EXTENSION: &str = ".iflux";

/// Whether a folder of this name, at any depth, is no part of a project.
pub fn left_out(folder: &str) -> bool {
    folder.starts_with('.')
        || matches!(folder, "vendor" | "out" | "testdata" | "target" | "node_modules")
}

/// Whether a file or folder of this name, at any depth, is no part of a package.
pub fn unpackaged(name: &str) -> bool {
    name.starts_with('.') || matches!(name, "vendor" | "out")
}

/// Whether a path of a project is one of its programs.
pub fn is_program(path: &str) -> bool {
    let folders = path.rsplit_once('/').map_or("", |(folders, _)| folders);
    path.ends_with(EXTENSION) && !folders.split('/').any(left_out)
}

/// Whether a path is relative, stays below its root by its letters, and names each step plainly.
pub fn safe_path(path: &str) -> bool {
    !path.is_empty()
        && !path.contains(['\\', '\0'])
        && path.split('/').all(|step| !matches!(step, "" | "." | ".."))
        // `C:` is a drive for some systems.
        && path.as_bytes().get(1) != Some(&b':')
}

#[cfg(test)]
mod tests {
    use super::{is_of_cluster, is_program, safe_path};

    #[test]
    fn paths() {
        let check = |path: &str, safe: bool| assert_eq!(safe_path(path), safe, "{path}");
        check("a.iflux", true);
        check("teams/payments/a b.iflux", true);
        check("..x/a", true);
        check("", false);
        check("/etc/passwd", false);
        check("../a", false);
        check("a/../b", false);
        check("a//b", false);
        check("./a", false);
        check("a\\b", false);
        check("C:/a", false);
    }

    #[test]
    fn files_of_clusters() {
        let check = |path: &str, is: bool| assert_eq!(is_of_cluster(path), is, "{path}");
        check("mgmt/clusters/dev.yaml", true);
        check("mgmt/cluster-classes/small.yaml", false);
        check("mgmt/clusters/dev/x.yaml", false);
        check("clusters/dev.yaml", false);
        check("mgmt/clusters/dev.yml", false);
    }

    #[test]
    fn programs() {
        let check = |path: &str, is: bool| assert_eq!(is_program(path), is, "{path}");
        check("a.iflux", true);
        check("teams/x/a.iflux", true);
        check("a.yaml", false);
        check("vendor/a.iflux", false);
        check("teams/testdata/x/a.iflux", false);
        check(".git/a.iflux", false);
        check("out.iflux", true);
    }
}
