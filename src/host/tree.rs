//! Writes the tree of a build: whole or not at all.
//!
//! A tree that is not there is written beside its place and renamed. One that is there is changed in
//! place: new content is staged in a hidden folder inside it, then renamed file by file with a journal
//! that undoes everything on the first failure; the record of what was written comes last.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use crate::driver::safe_path;

use super::commit::{Before, Journal, Scratch};
use super::disk::words;
use super::record::{RECORD, Record, hash};

/// The hidden folder inside the root while a build writes.
const STAGE: &str = ".iflux-stage";

/// One file of a build.
#[derive(Clone, Copy, Debug)]
pub struct OutFile<'a> {
    /// Below the root, separated by `/`.
    pub path: &'a str,
    /// The whole content.
    pub bytes: &'a [u8],
}

/// What [`write_tree`] did, each list by path.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Written {
    /// Files that were not there.
    pub created: Vec<String>,
    /// Files whose content changed.
    pub changed: Vec<String>,
    /// How many files were as they should be; they were not touched.
    pub unchanged: usize,
    /// Files of the last build that are gone.
    pub removed: Vec<String>,
    /// Files of the last build that this one does not write, left because somebody changed them.
    pub kept: Vec<String>,
}

/// How a tree differs from what a build would write, each list by path.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct TreeState {
    /// Files that are not there.
    pub missing: Vec<String>,
    /// Files with other content.
    pub changed: Vec<String>,
    /// Files of the last build that this one would not write.
    pub extra: Vec<String>,
}

impl TreeState {
    /// Whether a build would change nothing.
    pub fn is_current(&self) -> bool {
        self.missing.is_empty() && self.changed.is_empty() && self.extra.is_empty()
    }
}

/// Why a tree was not written. The old tree stands as it was.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct WriteProblem {
    /// Below the root; empty for the root itself.
    pub path: String,
    /// What went wrong.
    pub kind: WriteProblemKind,
}

/// What can go wrong when a tree is written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum WriteProblemKind {
    /// The root is a file.
    RootIsFile,
    /// The path is empty, absolute, leaves the root, or holds a control character.
    BadPath,
    /// Two files of the build have one path, differ by capitals only, or one is the other's folder.
    Clash(String),
    /// A file is there that no build wrote, with other content.
    Foreign,
    /// A folder is there, with files that no build wrote.
    FolderInTheWay,
    /// The path leads through a symbolic link.
    Link,
    /// Another build is writing this tree.
    Busy,
    /// The system refused, in its words.
    System(String),
}

fn problem(path: &str, kind: WriteProblemKind) -> WriteProblem {
    WriteProblem { path: path.to_owned(), kind }
}

fn system(path: &str) -> impl Fn(io::Error) -> WriteProblem + '_ {
    move |error| problem(path, WriteProblemKind::System(words(&error)))
}

/// Writes a tree, whole or not at all. Files whose content is as it should be are not touched. Files
/// that the last build wrote and this one does not are removed with the folders that they leave empty,
/// unless somebody changed them.
///
/// # Errors
/// When any file cannot be written, or would replace one that no build wrote; nothing is changed then.
pub fn write_tree(root: &Path, files: &[OutFile<'_>]) -> Result<Written, WriteProblem> {
    write_tree_with(root, files, &|_| Ok(()))
}

/// [`write_tree`] with something to do before each step that writes.
pub(super) fn write_tree_with(
    root: &Path,
    files: &[OutFile<'_>],
    before: Before<'_>,
) -> Result<Written, WriteProblem> {
    let folders = folders_of(files)?;
    let record = Record {
        files: files.par_iter().map(|file| (file.path.to_owned(), hash(file.bytes))).collect(),
    };
    match fs::metadata(root) {
        Ok(facts) if facts.is_dir() => change(root, files, &folders, &record, before),
        Ok(_) => Err(problem("", WriteProblemKind::RootIsFile)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            // A link that leads nowhere would be replaced by the folder.
            if root.is_symlink() {
                return Err(problem("", WriteProblemKind::Link));
            }
            create(root, files, &folders, &record, before)
        }
        Err(error) => Err(system("")(error)),
    }
}

/// Compares a tree with what a build would write. Changes nothing.
///
/// # Errors
/// When a path is bad, or the system refuses to show a file.
pub fn check_tree(root: &Path, files: &[OutFile<'_>]) -> Result<TreeState, WriteProblem> {
    folders_of(files)?;
    let states: Vec<Found> =
        files.par_iter().map(|file| look(root, file)).collect::<Result<_, _>>()?;
    let mut state = TreeState::default();
    for (file, found) in files.iter().zip(states) {
        match found {
            Found::Same => {}
            Found::Nothing => state.missing.push(file.path.to_owned()),
            Found::Other(_) | Found::Folder | Found::Link => {
                state.changed.push(file.path.to_owned());
            }
        }
    }
    let planned: BTreeSet<&str> = files.iter().map(|file| file.path).collect();
    state.extra = last_record(root)?
        .files
        .into_keys()
        .filter(|path| !planned.contains(path.as_str()) && safe_path(path))
        .filter(|path| root.join(path).is_file())
        .collect();
    state.missing.sort_unstable();
    state.changed.sort_unstable();
    Ok(state)
}

/// Checks the paths and gives the folders that they need, parents first.
fn folders_of<'a>(files: &[OutFile<'a>]) -> Result<BTreeSet<&'a str>, WriteProblem> {
    let mut folders = BTreeSet::new();
    let mut names: BTreeMap<String, &str> = BTreeMap::new();
    for file in files {
        let path = file.path;
        let first = path.split('/').next().unwrap_or("");
        let ours = first == RECORD || first == STAGE;
        if !safe_path(path) || path.contains(char::is_control) || ours {
            return Err(problem(path, WriteProblemKind::BadPath));
        }
        if let Some(other) = names.insert(path.to_lowercase(), path) {
            return Err(problem(path, WriteProblemKind::Clash(other.to_owned())));
        }
        let mut rest = path;
        while let Some((folder, _)) = rest.rsplit_once('/') {
            if !folders.insert(folder) {
                break;
            }
            rest = folder;
        }
    }
    for folder in &folders {
        if let Some(file) = names.get(&folder.to_lowercase()) {
            return Err(problem(folder, WriteProblemKind::Clash((*file).to_owned())));
        }
    }
    Ok(folders)
}

/// Writes a file that is not there.
fn write_new(path: &Path, bytes: &[u8], before: Before<'_>) -> io::Result<()> {
    before(path)?;
    fs::File::create_new(path)?.write_all(bytes)
}

/// Writes a tree that is not there: no file can be in the way, so none is looked at.
fn create(
    root: &Path,
    files: &[OutFile<'_>],
    folders: &BTreeSet<&str>,
    record: &Record,
    before: Before<'_>,
) -> Result<Written, WriteProblem> {
    let parent = match root.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        Some(_) | None => Path::new("."),
    };
    let mut journal = Journal::new(PathBuf::new(), before);
    let missing: Vec<&Path> = parent.ancestors().take_while(|folder| !folder.exists()).collect();
    for folder in missing.into_iter().rev().filter(|folder| !folder.as_os_str().is_empty()) {
        journal.make_folder(folder).map_err(system(""))?;
    }
    let name = root.file_name().map_or_else(|| "out".into(), |name| name.to_string_lossy());
    let scratch = parent.join(format!(".{name}.{}.iflux", std::process::id()));
    let scratch = Scratch::new(scratch).map_err(system(""))?;
    for folder in folders {
        fs::create_dir(scratch.path().join(folder)).map_err(system(folder))?;
    }
    files.par_iter().try_for_each(|file| {
        write_new(&scratch.path().join(file.path), file.bytes, before).map_err(system(file.path))
    })?;
    write_new(&scratch.path().join(RECORD), record.text().as_bytes(), before)
        .map_err(system(RECORD))?;
    before(root).map_err(system(""))?;
    scratch.settle(root).map_err(system(""))?;
    journal.done();
    let mut created: Vec<String> = files.iter().map(|file| file.path.to_owned()).collect();
    created.sort_unstable();
    Ok(Written { created, ..Written::default() })
}

/// What stands where a file should be.
enum Found {
    Nothing,
    Same,
    /// A file with other content, and its hash.
    Other([u8; 32]),
    Folder,
    Link,
}

fn look(root: &Path, file: &OutFile<'_>) -> Result<Found, WriteProblem> {
    let path = root.join(file.path);
    let facts = match fs::symlink_metadata(&path) {
        Ok(facts) => facts,
        Err(error) if absent(&error) => return Ok(Found::Nothing),
        Err(error) => return Err(system(file.path)(error)),
    };
    if facts.is_dir() {
        return Ok(Found::Folder);
    }
    if !facts.is_file() {
        return Ok(Found::Link);
    }
    let bytes = fs::read(&path).map_err(system(file.path))?;
    Ok(if bytes == file.bytes { Found::Same } else { Found::Other(hash(&bytes)) })
}

/// Whether nothing is there: also when a file stands where a folder of the path should be.
fn absent(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

fn last_record(root: &Path) -> Result<Record, WriteProblem> {
    match fs::read(root.join(RECORD)) {
        Ok(bytes) => Ok(Record::parse(&String::from_utf8_lossy(&bytes))),
        Err(error) if absent(&error) => Ok(Record::default()),
        Err(error) => Err(system(RECORD)(error)),
    }
}

/// What has to be done to a tree.
#[derive(Default)]
struct Changes<'a> {
    create: Vec<OutFile<'a>>,
    replace: Vec<OutFile<'a>>,
    remove: Vec<String>,
    kept: Vec<String>,
    unchanged: usize,
}

/// Changes a tree that is there.
fn change(
    root: &Path,
    files: &[OutFile<'_>],
    folders: &BTreeSet<&str>,
    record: &Record,
    before: Before<'_>,
) -> Result<Written, WriteProblem> {
    let mut known = last_record(root)?;
    let interrupted = take_over(root)?;
    let changes = compare(root, files, folders, &known, &interrupted)?;
    let mut record = record.clone();
    for path in &changes.kept {
        // What was left is still known as ours, should its content ever be as we wrote it again.
        if let Some(hash) = known.files.remove(path) {
            record.files.insert(path.clone(), hash);
        }
    }
    let text = record.text();
    let recorded = fs::read(root.join(RECORD)).is_ok_and(|old| old == text.as_bytes());
    let idle = changes.create.is_empty() && changes.replace.is_empty() && changes.remove.is_empty();
    if !(idle && recorded) {
        apply(root, &changes, &text, before)?;
    }
    let paths = |files: &[OutFile<'_>]| {
        let mut paths: Vec<String> = files.iter().map(|file| file.path.to_owned()).collect();
        paths.sort_unstable();
        paths
    };
    Ok(Written {
        created: paths(&changes.create),
        changed: paths(&changes.replace),
        unchanged: changes.unchanged,
        removed: changes.remove,
        kept: changes.kept,
    })
}

/// A build that was killed leaves its stage behind. What it meant to write counts as written by a
/// build; the stage is removed. One that still runs is left alone.
fn take_over(root: &Path) -> Result<Record, WriteProblem> {
    let stage = root.join(STAGE);
    if fs::symlink_metadata(&stage).is_err() {
        return Ok(Record::default());
    }
    let process = fs::read_to_string(stage.join("process")).unwrap_or_default();
    let runs = !process.is_empty() && Path::new("/proc").join(process.trim()).exists();
    if runs && process.trim() != std::process::id().to_string() {
        return Err(problem(STAGE, WriteProblemKind::Busy));
    }
    let intended = fs::read_to_string(stage.join("record")).unwrap_or_default();
    fs::remove_dir_all(&stage).map_err(system(STAGE))?;
    Ok(Record::parse(&intended))
}

fn compare<'a>(
    root: &Path,
    files: &[OutFile<'a>],
    folders: &BTreeSet<&str>,
    known: &Record,
    interrupted: &Record,
) -> Result<Changes<'a>, WriteProblem> {
    let mut changes = Changes::default();
    let planned: BTreeSet<&str> = files.iter().map(|file| file.path).collect();
    let gone = known.files.iter().chain(&interrupted.files);
    let mut gone: Vec<(&String, &[u8; 32])> =
        gone.filter(|(path, _)| !planned.contains(path.as_str()) && safe_path(path)).collect();
    gone.sort_unstable();
    for (path, wrote) in gone {
        if through_link(root, path) || changes.remove.last() == Some(path) {
            continue;
        }
        match fs::symlink_metadata(root.join(path)) {
            Ok(facts) if facts.is_file() => {
                let bytes = fs::read(root.join(path)).map_err(system(path))?;
                let list =
                    if hash(&bytes) == *wrote { &mut changes.remove } else { &mut changes.kept };
                list.push(path.clone());
            }
            Ok(_) => changes.kept.push(path.clone()),
            Err(error) if absent(&error) => {}
            Err(error) => return Err(system(path)(error)),
        }
    }
    changes.kept.retain(|path| changes.remove.binary_search(path).is_err());
    changes.kept.dedup();
    let removed: BTreeSet<&str> = changes.remove.iter().map(String::as_str).collect();
    for folder in folders {
        match fs::symlink_metadata(root.join(folder)) {
            Ok(facts) if facts.is_dir() => {}
            Ok(facts) if facts.is_symlink() => return Err(problem(folder, WriteProblemKind::Link)),
            Ok(_) if removed.contains(folder) => {}
            Ok(_) => return Err(problem(folder, WriteProblemKind::Foreign)),
            Err(error) if absent(&error) => {}
            Err(error) => return Err(system(folder)(error)),
        }
    }
    let found: Vec<Found> =
        files.par_iter().map(|file| look(root, file)).collect::<Result<_, _>>()?;
    for (file, found) in files.iter().zip(found) {
        match found {
            Found::Same => changes.unchanged += 1,
            Found::Nothing => changes.create.push(*file),
            Found::Other(hash) => {
                let ours = known.files.contains_key(file.path)
                    || interrupted.files.get(file.path) == Some(&hash);
                if !ours {
                    return Err(problem(file.path, WriteProblemKind::Foreign));
                }
                changes.replace.push(*file);
            }
            Found::Folder if vanishes(&root.join(file.path), file.path, &removed) => {
                changes.create.push(*file);
            }
            Found::Folder => return Err(problem(file.path, WriteProblemKind::FolderInTheWay)),
            Found::Link => return Err(problem(file.path, WriteProblemKind::Link)),
        }
    }
    Ok(changes)
}

/// Whether a folder of a path is a link.
fn through_link(root: &Path, path: &str) -> bool {
    path.match_indices('/')
        .any(|(at, _)| path.get(..at).is_some_and(|folder| root.join(folder).is_symlink()))
}

/// Whether a folder holds nothing but files that are removed.
fn vanishes(folder: &Path, path: &str, removed: &BTreeSet<&str>) -> bool {
    let Ok(mut entries) = fs::read_dir(folder) else { return false };
    entries.all(|entry| {
        let Ok(entry) = entry else { return false };
        let inner = format!("{path}/{}", entry.file_name().to_string_lossy());
        match entry.file_type() {
            Ok(kind) if kind.is_dir() => vanishes(&entry.path(), &inner, removed),
            Ok(_) | Err(_) => removed.contains(inner.as_str()),
        }
    })
}

/// Stages all new content, then moves it into place.
fn apply(
    root: &Path,
    changes: &Changes<'_>,
    record: &str,
    before: Before<'_>,
) -> Result<(), WriteProblem> {
    let stage = Scratch::new(root.join(STAGE)).map_err(system(""))?;
    let inside = |name: &str| stage.path().join(name);
    let process = std::process::id().to_string();
    write_new(&inside("process"), process.as_bytes(), before).map_err(system(STAGE))?;
    write_new(&inside("record"), record.as_bytes(), before).map_err(system(STAGE))?;
    fs::create_dir(inside("new")).map_err(system(STAGE))?;
    fs::create_dir(inside("old")).map_err(system(STAGE))?;
    let new = |at: usize| inside("new").join(at.to_string());
    let replaced = changes.create.len();
    let all: Vec<&OutFile<'_>> = changes.create.iter().chain(&changes.replace).collect();
    all.par_iter().enumerate().try_for_each(|(at, file)| {
        write_new(&new(at), file.bytes, before).map_err(system(file.path))
    })?;
    fs::copy(inside("record"), inside("final")).map_err(system(RECORD))?;

    // Declared after the stage, so that it is dropped first: what it takes back lies in the stage.
    let mut journal = Journal::new(inside("old"), before);
    for path in &changes.remove {
        journal.remove(&root.join(path)).map_err(system(path))?;
    }
    remove_empty_folders(root, &changes.remove, &mut journal)?;
    let mut needed: BTreeSet<&str> = BTreeSet::new();
    for file in &changes.create {
        let mut rest = file.path;
        while let Some((folder, _)) = rest.rsplit_once('/') {
            needed.insert(folder);
            rest = folder;
        }
    }
    for folder in needed {
        journal.make_folder(&root.join(folder)).map_err(system(folder))?;
    }
    for (at, file) in changes.create.iter().enumerate() {
        journal.put(&new(at), &root.join(file.path)).map_err(system(file.path))?;
    }
    for (at, file) in changes.replace.iter().enumerate() {
        journal.replace(&new(replaced + at), &root.join(file.path)).map_err(system(file.path))?;
    }
    let place = root.join(RECORD);
    if place.exists() {
        journal.replace(&inside("final"), &place).map_err(system(RECORD))?;
    } else {
        journal.put(&inside("final"), &place).map_err(system(RECORD))?;
    }
    journal.done();
    Ok(())
}

/// Removes the folders that removed files leave empty, inner ones first.
fn remove_empty_folders(
    root: &Path,
    removed: &[String],
    journal: &mut Journal<'_>,
) -> Result<(), WriteProblem> {
    let mut folders: BTreeSet<&str> = BTreeSet::new();
    for path in removed {
        let mut rest = path.as_str();
        while let Some((folder, _)) = rest.rsplit_once('/') {
            folders.insert(folder);
            rest = folder;
        }
    }
    for folder in folders.into_iter().rev() {
        journal.remove_empty(&root.join(folder)).map_err(system(folder))?;
    }
    Ok(())
}
