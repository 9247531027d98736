//! A project that lives in memory: for tests, explain pages, and the editor's unsaved files.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::config::CONFIG_FILE;
use super::world::{
    EarlierFiles, Listing, Problem, ProblemKind, World, is_of_cluster, is_program, safe_path,
    unpackaged,
};

/// Files by path. An `iflux.toml` at the root is the project's configuration.
#[derive(Clone, Debug, Default)]
pub struct MemoryWorld {
    files: BTreeMap<String, Result<Arc<str>, ProblemKind>>,
}

impl MemoryWorld {
    /// A project of these files.
    pub fn new<P: Into<String>, T: Into<Arc<str>>>(
        files: impl IntoIterator<Item = (P, T)>,
    ) -> Self {
        let files = files.into_iter().map(|(path, text)| (path.into(), Ok(text.into()))).collect();
        Self { files }
    }

    /// A project of one file.
    pub fn single(path: &str, text: &str) -> Self {
        Self::new([(path, text)])
    }

    /// Adds a file or replaces its text.
    pub fn insert(&mut self, path: impl Into<String>, text: impl Into<Arc<str>>) {
        self.files.insert(path.into(), Ok(text.into()));
    }

    /// Adds a file of bytes.
    pub fn insert_bytes(&mut self, path: &str, bytes: Vec<u8>) {
        let text = Problem::text_of(path, bytes).map_err(|problem| problem.kind);
        self.files.insert(path.to_owned(), text);
    }

    /// Adds a path that answers with a problem.
    pub fn insert_problem(&mut self, path: impl Into<String>, kind: ProblemKind) {
        self.files.insert(path.into(), Err(kind));
    }

    /// Removes a file.
    pub fn remove(&mut self, path: &str) {
        self.files.remove(path);
    }
}

impl World for MemoryWorld {
    fn list(&self) -> Listing {
        // A folder with a configuration of its own is another project.
        let apart = |path: &str| {
            let folders = path.match_indices('/').filter_map(|(at, _)| path.get(..at));
            folders
                .into_iter()
                .any(|folder| self.files.contains_key(&format!("{folder}/{CONFIG_FILE}")))
        };
        let files =
            self.files.keys().filter(|path| is_program(path) && !apart(path)).cloned().collect();
        Listing { files, problems: Vec::new() }
    }

    fn read(&self, path: &str) -> Result<Arc<str>, Problem> {
        if !safe_path(path) {
            return Err(Problem::new(path, ProblemKind::Outside));
        }
        match self.files.get(path) {
            Some(Ok(text)) => Ok(Arc::clone(text)),
            Some(Err(kind)) => Err(Problem::new(path, kind.clone())),
            None => Err(Problem::new(path, ProblemKind::NotFound)),
        }
    }

    fn package(&self, folder: &str) -> Result<Vec<(String, Arc<[u8]>)>, Problem> {
        let start = format!("{folder}/");
        let mut found = Vec::new();
        for (path, text) in &self.files {
            let Some(inside) = path.strip_prefix(&start) else { continue };
            if inside.split('/').any(unpackaged) {
                continue;
            }
            match text {
                Ok(text) => found.push((inside.to_owned(), Arc::from(text.as_bytes()))),
                Err(kind) => return Err(Problem::new(path, kind.clone())),
            }
        }
        if found.is_empty() {
            return Err(Problem::new(folder, ProblemKind::NotFound));
        }
        Ok(found)
    }

    fn config(&self) -> Result<Option<Arc<str>>, Problem> {
        match self.read(CONFIG_FILE) {
            Ok(text) => Ok(Some(text)),
            Err(Problem { kind: ProblemKind::NotFound, .. }) => Ok(None),
            Err(problem) => Err(problem),
        }
    }

    /// What lies below `out/`.
    fn earlier(&self) -> EarlierFiles {
        let of_cluster = |path: &str| path.strip_prefix("out/").is_some_and(is_of_cluster);
        let files = self.files.iter().filter(|(path, _)| of_cluster(path));
        let read = files.filter_map(|(path, text)| Some((path.clone(), text.clone().ok()?)));
        EarlierFiles { revision: None, files: read.collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::MemoryWorld;
    use crate::driver::{ProblemKind, World};

    #[test]
    fn files_are_sorted_and_configuration_is_apart() {
        let mut world = MemoryWorld::new([
            ("b.iflux", "b"),
            ("a.iflux", "a"),
            ("x.sh", "x"),
            ("out/o.iflux", ""),
        ]);
        assert_eq!(world.list().files, ["a.iflux", "b.iflux"]);
        assert_eq!(world.read("x.sh").unwrap().as_ref(), "x");
        assert_eq!(world.config(), Ok(None));
        world.insert("iflux.toml", "[project]");
        assert_eq!(world.config().unwrap().as_deref(), Some("[project]"));
        assert_eq!(world.read("no.iflux").unwrap_err().kind, ProblemKind::NotFound);
        assert_eq!(world.read("../x").unwrap_err().kind, ProblemKind::Outside);
        world.insert_bytes("l.iflux", b"ab\xffc".to_vec());
        let text = "ab\u{fffd}c".into();
        assert_eq!(world.read("l.iflux").unwrap_err().kind, ProblemKind::NotUtf8 { at: 2, text });
    }
}
