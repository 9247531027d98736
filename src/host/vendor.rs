//! The copies of dependencies: all of them are written, with their lock, or none.

use std::fs;
use std::io::{self, Write as _};
use std::path::Path;

use super::disk::words;
use crate::driver::{Fetches, LOCK_FILE, VENDOR};

/// Writes what a fetch brought below a project's root.
///
/// New copies are written beside their places and then renamed; at the first failure what was renamed goes back.
///
/// # Errors
/// The path at which the system refused, and its words.
pub fn write_vendor(root: &Path, fetches: &Fetches) -> Result<(), (String, String)> {
    let vendor = root.join(VENDOR);
    let said = |path: &str| {
        let path = path.to_owned();
        move |error: io::Error| (path, words(&error))
    };
    if !fetches.write.is_empty() || !fetches.remove.is_empty() {
        if fs::symlink_metadata(&vendor).is_ok_and(|facts| !facts.is_dir()) {
            return Err((VENDOR.to_owned(), "it is a link or a file, not a folder".to_owned()));
        }
        fs::create_dir_all(&vendor).map_err(said(VENDOR))?;
        let stage =
            tempfile::Builder::new().prefix(".iflux-").tempdir_in(&vendor).map_err(said(VENDOR))?;
        for (name, files) in &fetches.write {
            for (path, bytes) in files {
                let full = stage.path().join("new").join(name).join(path);
                let folder = full.parent().map_or(Ok(()), fs::create_dir_all);
                let written = folder.and_then(|()| fs::File::create_new(&full)?.write_all(bytes));
                written.map_err(said(&format!("{VENDOR}/{name}/{path}")))?;
            }
        }
        fs::create_dir_all(stage.path().join("old")).map_err(said(VENDOR))?;
        exchange(&vendor, stage.path(), root, fetches)?;
    } else {
        write_lock(root, fetches)?;
    }
    // An empty folder says nothing.
    let _ = fs::remove_dir(&vendor);
    Ok(())
}

fn exchange(
    vendor: &Path,
    stage: &Path,
    root: &Path,
    fetches: &Fetches,
) -> Result<(), (String, String)> {
    let mut undo = Vec::new();
    let names = fetches.write.keys().chain(&fetches.remove);
    let steps = || -> Result<(), (String, String)> {
        for name in names {
            let shown = format!("{VENDOR}/{name}");
            let said = |error: io::Error| (shown.clone(), words(&error));
            let (place, old) = (vendor.join(name), stage.join("old").join(name));
            if fs::symlink_metadata(&place).is_ok() {
                fs::rename(&place, &old).map_err(said)?;
                undo.push((old, place.clone()));
            }
            if fetches.write.contains_key(name) {
                let new = stage.join("new").join(name);
                fs::rename(&new, &place).map_err(said)?;
                undo.push((place, new));
            }
        }
        write_lock(root, fetches)
    };
    let done = steps();
    if done.is_err() {
        for (from, to) in undo.into_iter().rev() {
            let _ = fs::rename(from, to);
        }
    }
    done
}

fn write_lock(root: &Path, fetches: &Fetches) -> Result<(), (String, String)> {
    let path = root.join(LOCK_FILE);
    let text = fetches.lock.render();
    if fetches.lock.entries.is_empty() && !path.exists()
        || fs::read_to_string(&path).is_ok_and(|old| old == text)
    {
        return Ok(());
    }
    let write = || -> io::Result<()> {
        let mut staged = tempfile::Builder::new().prefix(".iflux-").tempfile_in(root)?;
        staged.write_all(text.as_bytes())?;
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            staged.as_file().set_permissions(fs::Permissions::from_mode(0o644))?;
        }
        staged.persist(&path)?;
        Ok(())
    };
    write().map_err(|error| (LOCK_FILE.to_owned(), words(&error)))
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::sync::Arc;

    use super::write_vendor;
    use crate::driver::{Fetches, Location, Locked};

    fn fetches(write: &[(&str, &str, &str)], remove: &[&str]) -> Fetches {
        let mut fetches = Fetches::default();
        for (name, path, text) in write {
            let files = fetches.write.entry((*name).to_owned()).or_default();
            files.push(((*path).to_owned(), Arc::from(text.as_bytes())));
            let locked = Locked {
                location: Location::Outside("../x".to_owned()),
                commit: String::new(),
                hash: "sha256:0".to_owned(),
            };
            fetches.lock.entries.insert((*name).to_owned(), locked);
        }
        fetches.remove = remove.iter().map(|name| (*name).to_owned()).collect();
        fetches
    }

    #[test]
    fn copies_come_and_go_with_their_lock() {
        let root = tempfile::tempdir().unwrap();
        let vendor = root.path().join("vendor");
        write_vendor(root.path(), &fetches(&[("a", "x/y", "1"), ("b", "z", "2")], &[])).unwrap();
        assert_eq!(fs::read_to_string(vendor.join("a/x/y")).unwrap(), "1");
        fs::write(vendor.join("a/stray"), "").unwrap();
        write_vendor(root.path(), &fetches(&[("a", "x/y", "3")], &["b"])).unwrap();
        assert_eq!(fs::read_to_string(vendor.join("a/x/y")).unwrap(), "3");
        assert!(!vendor.join("a/stray").exists());
        assert_eq!(fs::read_dir(&vendor).unwrap().count(), 1);
        assert!(root.path().join("iflux.lock").is_file());
    }

    #[test]
    fn at_a_failure_everything_is_as_it_was() {
        let root = tempfile::tempdir().unwrap();
        write_vendor(root.path(), &fetches(&[("a", "x", "1")], &[])).unwrap();
        let lock = root.path().join("iflux.lock");
        fs::remove_file(&lock).unwrap();
        fs::create_dir(&lock).unwrap();
        let (path, _) = write_vendor(root.path(), &fetches(&[("a", "x", "2")], &[])).unwrap_err();
        assert_eq!(path, "iflux.lock");
        assert_eq!(fs::read_to_string(root.path().join("vendor/a/x")).unwrap(), "1");
    }
}
