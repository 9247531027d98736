//! Which project a text belongs to: a session a project, and a project is found as the command line finds it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use lsp_types::Uri;

use super::analysis::{Analysis, Ask, Task, Texts};
use super::client::Client;
use super::documents::{Document, Documents};
use super::overlay::Ground;
use super::place::{Open, Place};
use super::uris;
use crate::driver::{CONFIG_FILE, EXTENSION, MemoryWorld, World as _};
use crate::host::{DiskWorld, TextCache};

/// What tells projects apart.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Key {
    /// Its root; and the only file, where no configuration lies around it.
    Folder(PathBuf, Option<String>),
    /// A text that was never saved.
    Unsaved(String),
}

#[derive(Debug)]
struct Project {
    analysis: Analysis,
    /// The open texts that belong to it, and their paths in it.
    open: BTreeMap<Uri, String>,
    /// Whether it is a folder of the workspace, and stays when nothing of it is open.
    stays: bool,
}

/// All projects that are looked at.
#[derive(Debug)]
pub(super) struct Projects {
    client: Client,
    cache: Arc<TextCache>,
    projects: BTreeMap<Key, Project>,
    /// The project that was last asked for: the library's files are seen from there.
    recent: Option<Key>,
}

impl Projects {
    pub(super) fn new(client: Client, cache: Arc<TextCache>) -> Self {
        Self { client, cache, projects: BTreeMap::new(), recent: None }
    }

    /// Whether a text is one of the library's, put where editors can open it.
    pub(super) fn is_of_library(&self, uri: &Uri) -> bool {
        uris::path_of(uri).is_some_and(|path| path.starts_with(self.cache.folder()))
    }

    /// A folder of the workspace, if it is a project or lies in one.
    pub(super) fn add_folder(&mut self, folder: &Path, documents: &Documents) {
        let Ok(world) = DiskWorld::open(folder) else { return };
        if matches!(world.config(), Ok(None)) {
            return;
        }
        let key = Key::Folder(world.root().to_owned(), None);
        let is_new = !self.projects.contains_key(&key);
        let Some(project) = self.project(&key, Ground::Disk(world)) else { return };
        project.stays = true;
        if is_new {
            self.tell(&key, documents, true);
        }
    }

    /// A folder that left the workspace.
    pub(super) fn remove_folder(&mut self, folder: &Path) {
        let Ok(world) = DiskWorld::open(folder) else { return };
        let key = Key::Folder(world.root().to_owned(), None);
        if let Some(project) = self.projects.get_mut(&key) {
            project.stays = false;
        }
        self.forget_unused(&key);
    }

    /// A text was opened.
    pub(super) fn open(&mut self, uri: &Uri, documents: &Documents) {
        let Some((key, ground, inside)) = self.home(uri, documents) else { return };
        let Some(project) = self.project(&key, ground) else { return };
        project.open.insert(uri.clone(), inside);
        self.tell(&key, documents, true);
    }

    /// A text was edited.
    pub(super) fn changed(&mut self, uri: &Uri, documents: &Documents) {
        if let Some(key) = self.key(uri) {
            self.tell(&key, documents, false);
        }
    }

    /// A text was closed: what lies on the disk holds again.
    pub(super) fn close(&mut self, uri: &Uri, documents: &Documents) {
        let Some(key) = self.key(uri) else { return };
        if let Some(project) = self.projects.get_mut(&key) {
            project.open.remove(uri);
        }
        if !self.forget_unused(&key) {
            self.tell(&key, documents, true);
        }
    }

    /// Files changed on the disk. A new or lost configuration may give texts another home.
    pub(super) fn disk_changed(&mut self, paths: &[PathBuf], documents: &Documents) {
        let is_config = |path: &PathBuf| path.file_name().is_some_and(|name| name == CONFIG_FILE);
        if paths.iter().any(is_config) {
            self.settle(documents);
        }
        let touched = |key: &Key| match key {
            Key::Folder(root, _) => paths.iter().any(|path| path.starts_with(root)),
            Key::Unsaved(_) => false,
        };
        let keys: Vec<Key> = self.projects.keys().filter(|key| touched(key)).cloned().collect();
        for key in keys {
            self.tell(&key, documents, true);
        }
    }

    /// Finds the homes of all open texts anew.
    fn settle(&mut self, documents: &Documents) {
        let mut emptied = BTreeSet::new();
        for document in documents.iter() {
            let uri = &document.uri;
            let Some((key, ground, inside)) = self.home(uri, documents) else { continue };
            let before = self.key(uri);
            if before.as_ref() == Some(&key) {
                continue;
            }
            if let Some(before) = before {
                if let Some(project) = self.projects.get_mut(&before) {
                    project.open.remove(uri);
                }
                emptied.insert(before);
            }
            let Some(project) = self.project(&key, ground) else { continue };
            project.open.insert(uri.clone(), inside);
            self.tell(&key, documents, true);
        }
        for key in emptied {
            if !self.forget_unused(&key) {
                self.tell(&key, documents, true);
            }
        }
    }

    /// Hands a request to the project of a text.
    pub(super) fn ask(&mut self, uri: &Uri, ask: Ask) -> Result<(), Ask> {
        let key = self.key(uri).or_else(|| {
            let recent = self.recent.clone().filter(|key| self.projects.contains_key(key));
            recent.filter(|_| self.is_of_library(uri))
        });
        let Some((key, project)) =
            key.and_then(|key| self.projects.get(&key).map(|project| (key, project)))
        else {
            return Err(ask);
        };
        project.analysis.tell(Task::Ask(ask));
        self.recent = Some(key);
        Ok(())
    }

    /// Every project, in the order of their roots.
    pub(super) fn analyses(&self) -> impl Iterator<Item = &Analysis> {
        self.projects.values().map(|project| &project.analysis)
    }

    fn key(&self, uri: &Uri) -> Option<Key> {
        let mut projects = self.projects.iter();
        projects.find(|(_, project)| project.open.contains_key(uri)).map(|(key, _)| key.clone())
    }

    /// Where a text belongs, and its path there. What is no program belongs to the project around it, whose programs may read it.
    fn home(&self, uri: &Uri, documents: &Documents) -> Option<(Key, Ground, String)> {
        if self.is_of_library(uri) {
            return None;
        }
        let Some(path) = uris::path_of(uri) else {
            let mut name = uris::name_of(uri);
            if !name.ends_with(EXTENSION) {
                name.push_str(EXTENSION);
            }
            let text = documents.get(uri).map(|document| Arc::clone(&document.text));
            let world = MemoryWorld::new([(name.clone(), text.unwrap_or_default())]);
            return Some((Key::Unsaved(uri.to_string()), Ground::Nowhere(world), name));
        };
        match DiskWorld::of_text(&path) {
            Ok((world, inside)) => {
                let only = world.only().map(str::to_owned);
                Some((Key::Folder(world.root().to_owned(), only), Ground::Disk(world), inside))
            }
            Err(_) => {
                let root = |key: &Key| match key {
                    Key::Folder(root, None) if path.starts_with(root) => Some(root.clone()),
                    _ => None,
                };
                let root = self.projects.keys().filter_map(root).max()?;
                let inside = path.strip_prefix(&root).ok()?.to_str()?.replace('\\', "/");
                let world = DiskWorld::open(&root).ok()?;
                Some((Key::Folder(root, None), Ground::Disk(world), inside))
            }
        }
    }

    /// The project with a key, which begins if it is new.
    fn project(&mut self, key: &Key, ground: Ground) -> Option<&mut Project> {
        if !self.projects.contains_key(key) {
            let (root, name) = match key {
                Key::Folder(root, only) => {
                    let name = root.file_name().map(|name| name.to_string_lossy().into_owned());
                    (Some(root.clone()), only.clone().or(name).unwrap_or_default())
                }
                Key::Unsaved(uri) => (None, uri.clone()),
            };
            let place = Place {
                client: self.client.clone(),
                root,
                cache: Arc::clone(&self.cache),
                open: BTreeMap::new(),
            };
            let analysis = Analysis::start(ground, place, name)?;
            let project = Project { analysis, open: BTreeMap::new(), stays: false };
            self.projects.insert(key.clone(), project);
        }
        self.projects.get_mut(key)
    }

    /// Tells a project which texts are open.
    fn tell(&self, key: &Key, documents: &Documents, reread: bool) {
        let Some(project) = self.projects.get(key) else { return };
        let open = project.open.iter().filter_map(|(uri, inside)| {
            let Document { uri, version, text, .. } = documents.get(uri)?;
            let open = Open { uri: uri.clone(), version: *version, text: Arc::clone(text) };
            Some((inside.clone(), open))
        });
        project.analysis.tell(Task::Texts(Texts { open: open.collect(), reread }));
    }

    /// Ends a project of which nothing is open. What was found in it is taken back.
    fn forget_unused(&mut self, key: &Key) -> bool {
        let unused = |project: &Project| !project.stays && project.open.is_empty();
        if !self.projects.get(key).is_some_and(unused) {
            return false;
        }
        if let Some(project) = self.projects.remove(key) {
            project.analysis.take_back(&self.client);
        }
        true
    }
}
