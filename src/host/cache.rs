//! A folder for texts that editors open and that lie on no disk: the library's files, and the pages of codes.

use std::collections::BTreeSet;
use std::env;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use crate::driver::safe_path;

/// The folder, and what this process knows to be in it.
#[derive(Debug)]
pub struct TextCache {
    folder: PathBuf,
    written: Mutex<BTreeSet<String>>,
}

impl TextCache {
    /// The one of the user, apart for each version of the compiler: below `XDG_CACHE_HOME`, `LOCALAPPDATA` or `~/.cache`; below
    /// the folder for temporary files where there is none of these.
    pub fn of_user() -> Self {
        let set = |name: &str| env::var_os(name).filter(|it| !it.is_empty()).map(PathBuf::from);
        let folder = set("XDG_CACHE_HOME")
            .or_else(|| set("LOCALAPPDATA"))
            .or_else(|| set("HOME").map(|home| home.join(".cache")))
            .unwrap_or_else(env::temp_dir);
        Self::at(&folder.join("iflux").join(env!("CARGO_PKG_VERSION")))
    }

    /// A folder of one's own.
    pub fn at(folder: &Path) -> Self {
        Self { folder: super::resolved(folder), written: Mutex::default() }
    }

    /// Where it is.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The file with a text, which is written if it is not there. None where the system refuses, or the name leads elsewhere.
    pub fn file(&self, name: &str, text: &str) -> Option<PathBuf> {
        if !safe_path(name) {
            return None;
        }
        let path = self.folder.join(name);
        let mut written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        if written.contains(name) {
            return Some(path);
        }
        if fs::read(&path).ok().as_deref() != Some(text.as_bytes()) {
            let folder = path.parent()?;
            fs::create_dir_all(folder).ok()?;
            // Another server may write the same file: a reader sees one of both, whole.
            let mut staged = tempfile::Builder::new().prefix(".iflux-").tempfile_in(folder).ok()?;
            staged.write_all(text.as_bytes()).ok()?;
            staged.persist(&path).ok()?;
        }
        written.insert(name.to_owned());
        Some(path)
    }
}

#[cfg(test)]
mod tests {
    use super::TextCache;

    #[test]
    fn texts_are_written_once_and_below_the_folder() {
        let root = tempfile::tempdir().unwrap();
        let cache = TextCache::at(root.path());
        let path = cache.file("std/a.iflux", "a").unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "a");
        assert_eq!(cache.file("std/a.iflux", "a").as_ref(), Some(&path));
        assert_eq!(cache.file("../b", "b"), None);
        // What an older compiler wrote is replaced.
        assert_eq!(TextCache::at(root.path()).file("std/a.iflux", "b"), Some(path.clone()));
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "b");
    }
}
