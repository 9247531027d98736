//! Single files.

use std::fs;
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use crate::driver::{MOST_BYTES, Problem, ProblemKind};

use super::disk::words;

/// Replaces a file's content at once: a reader sees the old bytes or the new. Its permissions stay.
///
/// # Errors
/// When the file is not there or the system refuses; the file is then as it was.
pub fn replace_file(path: &Path, bytes: &[u8]) -> io::Result<()> {
    // A link's target is replaced, not the link.
    let path = path.canonicalize()?;
    let permissions = fs::metadata(&path)?.permissions();
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut staged = tempfile::Builder::new().prefix(".iflux-").tempfile_in(folder)?;
    staged.write_all(bytes)?;
    staged.as_file().set_permissions(permissions)?;
    staged.persist(&path)?;
    Ok(())
}

/// A file's text, wherever it lies.
///
/// # Errors
/// When there is no such file, it has more than 64 MiB, is no UTF-8, or the system refuses.
pub fn read_text(path: &Path) -> io::Result<String> {
    if fs::metadata(path)?.len() > crate::driver::MOST_BYTES {
        return Err(io::ErrorKind::FileTooLarge.into());
    }
    fs::read_to_string(path)
}

/// The files below a folder whose names end so, sorted by their paths. Links are not followed, and folders whose names begin with a point are
/// left out.
///
/// # Errors
/// When the system refuses to list one of the folders.
pub fn files_below(folder: &Path, endings: &[&str]) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut waiting = vec![folder.to_owned()];
    while let Some(folder) = waiting.pop() {
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            let (path, kind) = (entry.path(), entry.file_type()?);
            let name = entry.file_name();
            let name = name.to_string_lossy();
            if kind.is_dir() && !name.starts_with('.') {
                waiting.push(path);
            } else if kind.is_file() && endings.iter().any(|it| name.ends_with(it)) {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

/// Whether a path leads to a folder.
pub fn is_folder(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|it| it.is_dir())
}

/// Writes a file that may be there.
///
/// # Errors
/// When the system refuses; a file that was there is then as it was.
pub fn write_file(path: &Path, bytes: &[u8]) -> io::Result<()> {
    // A device such as `/dev/stdout` cannot be replaced.
    if fs::metadata(path).is_ok_and(|facts| facts.is_file()) {
        return replace_file(path, bytes);
    }
    fs::write(path, bytes)
}

/// All of standard input, which reports call `name`.
///
/// # Errors
/// When it is larger than a file of a project may be, or the system refuses.
pub fn read_input(name: &str) -> Result<Vec<u8>, Problem> {
    let mut bytes = Vec::new();
    let read = io::stdin().lock().take(MOST_BYTES + 1).read_to_end(&mut bytes);
    read.map_err(|error| Problem::new(name, ProblemKind::Other(words(&error))))?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err(Problem::new(name, ProblemKind::TooLarge { bytes: bytes.len() as u64 }));
    }
    Ok(bytes)
}

/// The folder that a path leads to, so that `.` has a name; the path itself where nothing is yet.
pub fn resolved(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| path.to_owned())
}

/// Writes files that must not be there, with the folders that they need: all of them, or none.
///
/// # Errors
/// The path that is there, or that the system refuses, and why.
pub fn create_new(root: &Path, files: &[(&str, &str)]) -> Result<(), (String, io::Error)> {
    for (path, _) in files {
        if fs::symlink_metadata(root.join(path)).is_ok() {
            return Err(((*path).to_owned(), io::ErrorKind::AlreadyExists.into()));
        }
    }
    fs::create_dir_all(root).map_err(|error| (String::new(), error))?;
    for (at, (path, text)) in files.iter().enumerate() {
        let full = root.join(path);
        let folder = full.parent().map_or(Ok(()), fs::create_dir_all);
        let written = folder.and_then(|()| fs::File::create_new(&full)?.write_all(text.as_bytes()));
        if let Err(error) = written {
            for (path, _) in files.iter().take(at) {
                let _ = fs::remove_file(root.join(path));
            }
            return Err(((*path).to_owned(), error));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::{create_new, replace_file};

    #[test]
    fn a_file_is_replaced_whole() {
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join("a.iflux");
        assert!(replace_file(&path, b"x").is_err());
        fs::write(&path, "old").unwrap();
        replace_file(&path, b"new").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"new");
        super::write_file(&path, b"newer").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"newer");
        assert_eq!(fs::read_dir(root.path()).unwrap().count(), 1);
        super::write_file(&root.path().join("b"), b"x").unwrap();
        assert_eq!(fs::read(root.path().join("b")).unwrap(), b"x");
        assert!(super::write_file(&root.path().join("no/b"), b"x").is_err());
    }

    #[test]
    fn files_are_found_below_a_folder() {
        let root = tempfile::tempdir().unwrap();
        for path in ["b.yaml", "a/c.yml", "a/d.txt", ".git/e.yaml"] {
            let path = root.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "").unwrap();
        }
        let found = super::files_below(root.path(), &[".yaml", ".yml"]).unwrap();
        let names: Vec<_> = found.iter().map(|it| it.strip_prefix(root.path()).unwrap()).collect();
        assert_eq!(names, [std::path::Path::new("a/c.yml"), std::path::Path::new("b.yaml")]);
        assert!(super::is_folder(root.path()) && !super::is_folder(&root.path().join("b.yaml")));
    }

    #[test]
    fn new_files_never_overwrite() {
        let root = tempfile::tempdir().unwrap();
        let project = root.path().join("deep/project");
        create_new(&project, &[("a", "1"), ("b/c", "2")]).unwrap();
        assert_eq!(fs::read_to_string(project.join("b/c")).unwrap(), "2");
        let (path, _) = create_new(&project, &[("d", "3"), ("a", "4")]).unwrap_err();
        assert_eq!(path, "a");
        assert!(!project.join("d").exists());
        let (path, _) = create_new(&project, &[("d", "3"), ("a/e", "4")]).unwrap_err();
        assert_eq!(path, "a/e");
        assert!(!project.join("d").exists());
    }
}
