//! Changes a tree in place so that it can be taken back: every step is noted, and a failure undoes
//! the noted steps from the last to the first.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Called before each step with its path; the tests let it fail.
pub(super) type Before<'a> = &'a (dyn Fn(&Path) -> io::Result<()> + Sync);

/// A step that was done.
enum Step {
    /// A folder was made.
    MadeFolder(PathBuf),
    /// An empty folder was removed.
    RemovedFolder(PathBuf),
    /// A file was put where none was.
    Put(PathBuf),
    /// What stood at the first path lies at the second.
    Kept(PathBuf, PathBuf),
}

/// The steps so far. Dropping it before [`Journal::done`] takes them back.
pub(super) struct Journal<'a> {
    steps: Vec<Step>,
    /// A folder for what was replaced.
    kept: PathBuf,
    before: Before<'a>,
}

impl<'a> Journal<'a> {
    /// An empty journal that keeps what it replaces in a folder of the same file system.
    pub(super) fn new(kept: PathBuf, before: Before<'a>) -> Self {
        Self { steps: Vec::new(), kept, before }
    }

    /// Makes a folder whose parent exists; one that exists is left.
    pub(super) fn make_folder(&mut self, path: &Path) -> io::Result<()> {
        (self.before)(path)?;
        match fs::create_dir(path) {
            Ok(()) => {
                self.steps.push(Step::MadeFolder(path.to_owned()));
                Ok(())
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && path.is_dir() => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Removes a folder if it is empty, and says whether it was.
    pub(super) fn remove_empty(&mut self, path: &Path) -> io::Result<bool> {
        (self.before)(path)?;
        if fs::remove_dir(path).is_err() {
            return Ok(false);
        }
        self.steps.push(Step::RemovedFolder(path.to_owned()));
        Ok(true)
    }

    /// Removes a file.
    pub(super) fn remove(&mut self, path: &Path) -> io::Result<()> {
        (self.before)(path)?;
        let kept = self.keep_at();
        fs::rename(path, &kept)?;
        self.steps.push(Step::Kept(path.to_owned(), kept));
        Ok(())
    }

    /// Puts a staged file where none is.
    pub(super) fn put(&mut self, staged: &Path, path: &Path) -> io::Result<()> {
        (self.before)(path)?;
        fs::rename(staged, path)?;
        self.steps.push(Step::Put(path.to_owned()));
        Ok(())
    }

    /// Puts a staged file in place of another. Readers see the old file or the new one, where the
    /// file system knows hard links.
    pub(super) fn replace(&mut self, staged: &Path, path: &Path) -> io::Result<()> {
        (self.before)(path)?;
        let kept = self.keep_at();
        if fs::hard_link(path, &kept).is_err() {
            fs::rename(path, &kept)?;
        }
        self.steps.push(Step::Kept(path.to_owned(), kept));
        fs::rename(staged, path)
    }

    /// Lets the steps stand.
    pub(super) fn done(mut self) {
        self.steps.clear();
    }

    fn keep_at(&self) -> PathBuf {
        self.kept.join(self.steps.len().to_string())
    }
}

impl Drop for Journal<'_> {
    fn drop(&mut self) {
        // Each step is taken back as far as the system allows: one that fails must not stop the rest.
        for step in self.steps.drain(..).rev() {
            let _ = match step {
                Step::MadeFolder(path) => fs::remove_dir(path),
                Step::RemovedFolder(path) => fs::create_dir(path),
                Step::Put(path) => fs::remove_file(path),
                Step::Kept(path, kept) => fs::rename(kept, path),
            };
        }
    }
}

/// A folder that is removed with all it holds when it goes out of scope.
pub(super) struct Scratch {
    path: Option<PathBuf>,
}

impl Scratch {
    /// Makes the folder; it must not exist.
    pub(super) fn new(path: PathBuf) -> io::Result<Self> {
        fs::create_dir(&path)?;
        Ok(Self { path: Some(path) })
    }

    /// Where it is.
    pub(super) fn path(&self) -> &Path {
        self.path.as_deref().unwrap_or(Path::new(""))
    }

    /// Moves it to its final place.
    pub(super) fn settle(mut self, to: &Path) -> io::Result<()> {
        fs::rename(self.path(), to)?;
        self.path = None;
        Ok(())
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if let Some(path) = &self.path {
            let _ = fs::remove_dir_all(path);
        }
    }
}
