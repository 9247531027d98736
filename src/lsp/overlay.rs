//! A project as the editor has it: what is open stands before what lies on the disk.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use crate::driver::{
    CONFIG_FILE, EarlierFiles, Listing, MemoryWorld, PackageFiles, Problem, World, is_program,
};
use crate::host::DiskWorld;

/// Where a project lies.
#[derive(Debug)]
pub(super) enum Ground {
    Disk(DiskWorld),
    /// A text that was never saved.
    Nowhere(MemoryWorld),
}

impl Ground {
    fn world(&self) -> &dyn World {
        match self {
            Self::Disk(disk) => disk,
            Self::Nowhere(memory) => memory,
        }
    }

    fn takes_new_files(&self) -> bool {
        matches!(self, Self::Disk(disk) if disk.only().is_none())
    }
}

type Text = Result<Arc<str>, Problem>;

/// What the disk said since it was last asked anew: between two keystrokes it is not asked again.
#[derive(Default, Debug)]
struct Known {
    listing: Option<Listing>,
    read: BTreeMap<String, Text>,
    embedded: BTreeMap<String, Text>,
    packages: BTreeMap<String, Result<PackageFiles, Problem>>,
    config: Option<Result<Option<Arc<str>>, Problem>>,
    earlier: Option<EarlierFiles>,
}

/// The project's texts.
#[derive(Debug)]
pub(super) struct Overlay {
    ground: Ground,
    known: RefCell<Known>,
    /// Open texts by their paths in the project.
    open: BTreeMap<String, Arc<str>>,
}

impl Overlay {
    pub(super) fn new(ground: Ground) -> Self {
        Self { ground, known: RefCell::default(), open: BTreeMap::new() }
    }

    pub(super) fn set_open(&mut self, open: BTreeMap<String, Arc<str>>) {
        self.open = open;
    }

    /// The disk changed.
    pub(super) fn forget(&self) {
        *self.known.borrow_mut() = Known::default();
    }
}

impl World for Overlay {
    fn list(&self) -> Listing {
        let mut known = self.known.borrow_mut();
        let mut listing = known.listing.get_or_insert_with(|| self.ground.world().list()).clone();
        if self.ground.takes_new_files() {
            let new = self.open.keys().filter(|path| is_program(path));
            listing.files.extend(new.cloned());
            listing.files.sort_unstable();
            listing.files.dedup();
            listing.problems.retain(|problem| !self.open.contains_key(&problem.path));
        }
        listing
    }

    fn read(&self, path: &str) -> Text {
        if let Some(text) = self.open.get(path) {
            return Ok(Arc::clone(text));
        }
        let mut known = self.known.borrow_mut();
        known.read.entry(path.to_owned()).or_insert_with(|| self.ground.world().read(path)).clone()
    }

    fn embed(&self, path: &str) -> Text {
        if let Some(text) = self.open.get(path) {
            return Ok(Arc::clone(text));
        }
        let mut known = self.known.borrow_mut();
        let read = || self.ground.world().embed(path);
        known.embedded.entry(path.to_owned()).or_insert_with(read).clone()
    }

    fn package(&self, folder: &str) -> Result<PackageFiles, Problem> {
        let mut known = self.known.borrow_mut();
        let read = || self.ground.world().package(folder);
        let mut files = known.packages.entry(folder.to_owned()).or_insert_with(read).clone()?;
        for (path, bytes) in &mut files {
            if let Some(text) = self.open.get(&format!("{folder}/{path}")) {
                *bytes = Arc::from(text.as_bytes());
            }
        }
        Ok(files)
    }

    fn config(&self) -> Result<Option<Arc<str>>, Problem> {
        if let Some(text) = self.open.get(CONFIG_FILE) {
            return Ok(Some(Arc::clone(text)));
        }
        let mut known = self.known.borrow_mut();
        known.config.get_or_insert_with(|| self.ground.world().config()).clone()
    }

    fn earlier(&self) -> EarlierFiles {
        let mut known = self.known.borrow_mut();
        known.earlier.get_or_insert_with(|| self.ground.world().earlier()).clone()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::{Ground, Overlay};
    use crate::driver::World as _;
    use crate::host::DiskWorld;

    #[test]
    #[expect(clippy::disallowed_methods, reason = "the test makes the disk that it reads")]
    fn open_texts_come_first() {
        let root = tempfile::tempdir().unwrap();
        std::fs::write(root.path().join("iflux.toml"), "").unwrap();
        std::fs::write(root.path().join("a.iflux"), "old").unwrap();
        let world = DiskWorld::open(root.path()).unwrap();
        let mut overlay = Overlay::new(Ground::Disk(world));
        assert_eq!(overlay.read("a.iflux").unwrap().as_ref(), "old");
        let open = [("a.iflux", "new"), ("b/c.iflux", ""), ("out/d.iflux", ""), ("x.sh", "")];
        let open = open.map(|(path, text)| (path.to_owned(), text.into()));
        overlay.set_open(BTreeMap::from(open));
        assert_eq!(overlay.read("a.iflux").unwrap().as_ref(), "new");
        assert_eq!(overlay.list().files, ["a.iflux", "b/c.iflux"]);
        // The disk is asked again when somebody says that it changed.
        overlay.set_open(BTreeMap::new());
        std::fs::write(root.path().join("a.iflux"), "newer").unwrap();
        assert_eq!(overlay.read("a.iflux").unwrap().as_ref(), "old");
        overlay.forget();
        assert_eq!(overlay.read("a.iflux").unwrap().as_ref(), "newer");
    }
}
