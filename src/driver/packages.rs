//! The packages of a run: which there are, and whether each is what the lock says.

use std::collections::BTreeMap;
use std::sync::Arc;

use sha2::{Digest as _, Sha256};

use super::config::{CONFIG_FILE, Config, Limits, parse_config_below};
use super::dependencies::{Dependency, Location};
use super::errors;
use super::lock::{LOCK_FILE, Lock, Locked, parse_lock};
use super::problems::diagnose;
use super::world::{EXTENSION, Problem, ProblemKind, World, is_program};
use crate::diag::{Diagnostic, Sink};
use crate::resolve::Allowance;
use crate::source::{Sources, Span};

/// The folder that holds a copy of each dependency from elsewhere.
pub const VENDOR: &str = "vendor";

/// Every file of a package, by its path in there, sorted by bytes.
pub type PackageFiles = Vec<(String, Arc<[u8]>)>;

/// A dependency that was read.
#[derive(Debug)]
pub(super) struct Package {
    /// The name by which it is imported.
    pub(super) name: String,
    /// Its folder, from the project's root.
    pub(super) folder: String,
    /// Whether the folder is a part of the project, and not a copy.
    pub(super) inside: bool,
    /// The names of its own dependencies.
    pub(super) dependencies: Vec<String>,
    /// Its own limits, none above the project's.
    pub(super) limits: Limits,
    /// Its programs: path in the package, and text.
    pub(super) programs: Vec<(String, Arc<str>)>,
}

impl Package {
    /// What its own code may cost, if that is less than what the project allows.
    pub(super) fn allowance(&self, project: Limits) -> Option<Allowance> {
        let all = |limits: Limits| (limits.steps, limits.entries, limits.text_bytes);
        let own = self.limits;
        (all(own) != all(project)).then_some(Allowance {
            steps: own.steps,
            entries: own.entries,
            text: own.text_bytes,
        })
    }
}

/// What a fetch brought.
#[derive(Clone, Debug)]
pub struct Fetched {
    /// The package's files.
    pub files: PackageFiles,
    /// The commit they are of; empty for a folder.
    pub commit: String,
}

/// Brings packages from elsewhere: the `host` room has one for the disk and git.
pub trait Fetcher {
    /// The files of a package, at a commit if one is known. `name` and `at` say which dependency asks.
    ///
    /// # Errors
    /// Why it cannot be had.
    fn fetch(
        &mut self,
        name: &str,
        location: &Location,
        commit: Option<&str>,
    ) -> Result<Fetched, Box<Diagnostic>>;
}

/// `sha256:` and the digest of a package: for each file in order of its path, the length and bytes of the path, then the
/// length and bytes of the file; lengths as eight bytes, the lowest first.
pub fn content_hash(files: &[(String, Arc<[u8]>)]) -> String {
    let mut hash = Sha256::new();
    for (path, bytes) in files {
        hash.update((path.len() as u64).to_le_bytes());
        hash.update(path.as_bytes());
        hash.update((bytes.len() as u64).to_le_bytes());
        hash.update(bytes);
    }
    let digits: String = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    format!("sha256:{digits}")
}

/// The dependencies of a project and theirs, by name. What is not as it should be is reported, and left out.
pub(super) fn packages(
    world: &dyn World,
    config: &Config,
    sources: &mut Sources,
    sink: &mut Sink,
) -> Vec<Package> {
    if config.dependencies.is_empty() {
        return Vec::new();
    }
    let Some(lock) = lock(world, sources, sink) else { return Vec::new() };
    let provide = &mut |found: &Dependency, location: &Location, sources: &mut Sources| {
        if let Location::Inside(folder) = location {
            return world
                .package(folder)
                .map_err(|problem| Box::new(missing(found, location, &problem, sources)));
        }
        let Some(locked) = lock.entries.get(&found.name) else {
            return Err(Box::new(errors::not_locked(&found.name, found.at, None)));
        };
        if locked.location != *location {
            let other = locked.location.shown();
            return Err(Box::new(errors::not_locked(&found.name, found.at, Some(&other))));
        }
        let folder = format!("{VENDOR}/{}", found.name);
        let files = world.package(&folder).map_err(|problem| {
            Box::new(if problem.kind == ProblemKind::NotFound {
                errors::not_fetched(&found.name, found.at, &folder)
            } else {
                diagnose(&problem, Some(found.at), sources)
            })
        })?;
        if content_hash(&files) != locked.hash {
            return Err(Box::new(errors::changed(&found.name, found.at, &folder)));
        }
        Ok(files)
    };
    walk(config, sources, sink, provide)
}

/// A package that is not in its folder.
fn missing(
    found: &Dependency,
    location: &Location,
    problem: &Problem,
    sources: &mut Sources,
) -> Diagnostic {
    if problem.kind == ProblemKind::NotFound {
        return errors::no_package(&found.name, found.at, &location.shown(), "nothing is there");
    }
    diagnose(problem, Some(found.at), sources)
}

/// The project's lock; an empty one where there is none. `None` if it cannot be read, which is reported.
pub(super) fn lock(world: &dyn World, sources: &mut Sources, sink: &mut Sink) -> Option<Lock> {
    match world.read(LOCK_FILE) {
        Ok(text) => match parse_lock(&text) {
            Ok(lock) => Some(lock),
            Err(words) => {
                let file = sources.add(LOCK_FILE, text);
                sink.report(errors::lock_broken(Span::new(file, 0, 0), &words));
                None
            }
        },
        Err(Problem { kind: ProblemKind::NotFound, .. }) => Some(Lock::default()),
        Err(problem) => {
            sink.report(diagnose(&problem, None, sources));
            None
        }
    }
}

type Provide<'a> =
    dyn FnMut(&Dependency, &Location, &mut Sources) -> Result<PackageFiles, Box<Diagnostic>> + 'a;

/// Follows dependencies to their ends. A name means one package in the whole run.
fn walk(
    config: &Config,
    sources: &mut Sources,
    sink: &mut Sink,
    provide: &mut Provide<'_>,
) -> Vec<Package> {
    let root = Location::Inside(String::new());
    let mut known: BTreeMap<String, (Location, Span)> = BTreeMap::new();
    let mut wanted: BTreeMap<String, Vec<Dependency>> = BTreeMap::new();
    wanted.insert(String::new(), config.dependencies.clone());
    let mut found: BTreeMap<String, Package> = BTreeMap::new();
    let mut queue: Vec<(Dependency, Location)> = config
        .dependencies
        .iter()
        .rev()
        .map(|dependency| (dependency.clone(), root.clone()))
        .collect();
    while let Some((dependency, from)) = queue.pop() {
        let Some(location) = from.locate(&dependency.source) else {
            sink.report(errors::out_of_repository(&dependency.name, dependency.at));
            continue;
        };
        if location == root {
            sink.report(errors::dependency_cycle(
                &[String::new(), dependency.name.clone()],
                &[dependency.at],
            ));
            continue;
        }
        if let Some((first, at)) = known.get(&dependency.name) {
            if *first != location {
                let (name, here) = (&dependency.name, dependency.at);
                sink.report(errors::conflict(name, here, &location.shown(), *at, &first.shown()));
            }
            continue;
        }
        known.insert(dependency.name.clone(), (location.clone(), dependency.at));
        let files = match provide(&dependency, &location, sources) {
            Ok(files) => files,
            Err(problem) => {
                sink.report(*problem);
                continue;
            }
        };
        let inside = matches!(location, Location::Inside(_));
        let folder = match &location {
            Location::Inside(folder) => folder.clone(),
            Location::Outside(_) | Location::Git { .. } => format!("{VENDOR}/{}", dependency.name),
        };
        let Some(own) = own_config(
            &dependency,
            &location,
            &folder,
            inside,
            &files,
            config.limits,
            sources,
            sink,
        ) else {
            continue;
        };
        let programs = programs(&folder, &files, sources, sink);
        if programs.is_empty() {
            let why = "no `.iflux` file is there";
            sink.report(errors::no_package(
                &dependency.name,
                dependency.at,
                &location.shown(),
                why,
            ));
        }
        let next = own.dependencies.iter().rev();
        queue.extend(next.map(|next| (next.clone(), location.clone())));
        wanted.insert(dependency.name.clone(), own.dependencies.clone());
        let package = Package {
            name: dependency.name.clone(),
            folder,
            inside,
            dependencies: own.dependencies.into_iter().map(|next| next.name).collect(),
            limits: own.limits,
            programs,
        };
        found.insert(dependency.name, package);
    }
    circles(&wanted, sink);
    found.into_values().collect()
}

#[expect(clippy::too_many_arguments, reason = "what is known of one package")]
fn own_config(
    dependency: &Dependency,
    location: &Location,
    folder: &str,
    inside: bool,
    files: &PackageFiles,
    limits: Limits,
    sources: &mut Sources,
    sink: &mut Sink,
) -> Option<Config> {
    let Some((_, bytes)) = files.iter().find(|(path, _)| path == CONFIG_FILE) else {
        let why = "it has no `iflux.toml`";
        sink.report(errors::no_package(&dependency.name, dependency.at, &location.shown(), why));
        return None;
    };
    let path = format!("{folder}/{CONFIG_FILE}");
    match Problem::text_of(&path, bytes.to_vec()) {
        Ok(text) => {
            let file = add(sources, &path, &text, inside);
            Some(parse_config_below(&text, file, limits, sink))
        }
        Err(problem) => {
            sink.report(diagnose(&problem, None, sources));
            None
        }
    }
}

/// What is a copy is not for editing, as the library is not.
pub(super) fn add(
    sources: &mut Sources,
    path: &str,
    text: &Arc<str>,
    inside: bool,
) -> crate::source::FileId {
    if inside {
        sources.add(path, Arc::clone(text))
    } else {
        sources.add_library(path, Arc::clone(text))
    }
}

/// The programs of a package; folders with an `iflux.toml` of their own are other packages.
fn programs(
    folder: &str,
    files: &PackageFiles,
    sources: &mut Sources,
    sink: &mut Sink,
) -> Vec<(String, Arc<str>)> {
    let mut others: Vec<String> = files
        .iter()
        .filter_map(|(path, _)| {
            path.strip_suffix(CONFIG_FILE).filter(|folder| folder.ends_with('/'))
        })
        .map(str::to_owned)
        .collect();
    others.sort_unstable();
    let mut found = Vec::new();
    for (path, bytes) in files {
        let program = path.ends_with(EXTENSION) && is_program(path);
        if !program || others.iter().any(|other| path.starts_with(other)) {
            continue;
        }
        match Problem::text_of(&format!("{folder}/{path}"), bytes.to_vec()) {
            Ok(text) => found.push((path.clone(), text)),
            Err(problem) => sink.report(diagnose(&problem, None, sources)),
        }
    }
    found
}

/// Packages that need one another.
fn circles(wanted: &BTreeMap<String, Vec<Dependency>>, sink: &mut Sink) {
    // 0: not seen, 1: on the way, 2: done.
    let mut state: BTreeMap<&str, u8> = BTreeMap::new();
    for start in wanted.keys() {
        let mut way: Vec<(&str, usize)> = Vec::new();
        if !state.contains_key(start.as_str()) {
            state.insert(start, 1);
            way.push((start, 0));
        }
        while let Some((name, at)) = way.last_mut() {
            let next = wanted.get(*name).and_then(|all| all.get(*at));
            *at += 1;
            let Some(next) = next else {
                state.insert(name, 2);
                way.pop();
                continue;
            };
            match state.get(next.name.as_str()) {
                None => {
                    state.insert(&next.name, 1);
                    way.push((&next.name, 0));
                }
                Some(1) => {
                    let from = way.iter().position(|(name, _)| *name == next.name).unwrap_or(0);
                    let part = way.get(from..).unwrap_or(&[]);
                    let names: Vec<String> =
                        part.iter().map(|(name, _)| (*name).to_owned()).collect();
                    let spans: Vec<Span> = part
                        .iter()
                        .filter_map(|(name, at)| {
                            Some(wanted.get(*name)?.get(at.checked_sub(1)?)?.at)
                        })
                        .collect();
                    sink.report(errors::dependency_cycle(&names, &spans));
                }
                Some(_) => {}
            }
        }
    }
}

/// What `iflux fetch` is to write.
#[derive(Debug, Default)]
pub struct Fetches {
    /// The new lock.
    pub lock: Lock,
    /// Packages whose copies are written, by name.
    pub write: BTreeMap<String, PackageFiles>,
    /// Copies that nothing names any more.
    pub remove: Vec<String>,
    /// What the lock was.
    pub before: Lock,
}

/// Finds all dependencies and brings those whose copy is not there or is not what the lock says. `None` if something
/// could not be had, or is wrong with the project's configuration; that is reported.
pub fn fetch_all(
    world: &dyn World,
    fetcher: &mut dyn Fetcher,
    sources: &mut Sources,
    sink: &mut Sink,
) -> Option<Fetches> {
    let config = match world.config() {
        Ok(Some(text)) => {
            let file = sources.add(CONFIG_FILE, Arc::clone(&text));
            super::config::parse_config(&text, file, sink)
        }
        Ok(None) => Config::default(),
        Err(problem) => {
            sink.report(diagnose(&problem, None, sources));
            return None;
        }
    };
    let before = lock(world, sources, sink)?;
    let mut fetches = Fetches { before: before.clone(), ..Fetches::default() };
    let provide = &mut |found: &Dependency, location: &Location, sources: &mut Sources| {
        if let Location::Inside(folder) = location {
            return world
                .package(folder)
                .map_err(|problem| Box::new(missing(found, location, &problem, sources)));
        }
        let locked = before.entries.get(&found.name).filter(|locked| locked.location == *location);
        let copy = world.package(&format!("{VENDOR}/{}", found.name)).ok();
        let pinned = matches!(location, Location::Git { .. });
        // A commit never changes; a folder beside the project does.
        if let (Some(locked), Some(files), true) = (locked, &copy, pinned)
            && content_hash(files) == locked.hash
        {
            fetches.lock.entries.insert(found.name.clone(), locked.clone());
            return Ok(files.clone());
        }
        let commit = locked.filter(|_| pinned).map(|locked| locked.commit.as_str());
        let brought = fetcher.fetch(&found.name, location, commit).map_err(|problem| {
            let problem = *problem;
            if problem.primary.is_some() { problem } else { problem.at(found.at, "needed here") }
        })?;
        let hash = content_hash(&brought.files);
        if let (Some(locked), true) = (locked, pinned)
            && locked.hash != hash
        {
            return Err(Box::new(errors::other_content(&found.name, found.at, &locked.commit)));
        }
        let entry = Locked { location: location.clone(), commit: brought.commit, hash };
        fetches.lock.entries.insert(found.name.clone(), entry);
        if copy.as_ref() != Some(&brought.files) {
            fetches.write.insert(found.name.clone(), brought.files.clone());
        }
        Ok(brought.files)
    };
    walk(&config, sources, sink, provide);
    let gone = before.entries.keys().filter(|name| !fetches.lock.entries.contains_key(*name));
    fetches.remove = gone.cloned().collect();
    (!sink.has_errors()).then_some(fetches)
}

#[cfg(test)]
mod tests {
    use super::content_hash;

    #[test]
    fn every_byte_and_every_path_counts() {
        let hash = |files: &[(&str, &str)]| {
            let files: Vec<_> = files
                .iter()
                .map(|(path, text)| ((*path).to_owned(), std::sync::Arc::from(text.as_bytes())))
                .collect();
            content_hash(&files)
        };
        let first = hash(&[("a", "b"), ("c", "d")]);
        assert_eq!(first.len(), "sha256:".len() + 64);
        assert_eq!(first, hash(&[("a", "b"), ("c", "d")]));
        for other in [
            hash(&[("a", "b"), ("c", "e")]),
            hash(&[("a", "bc"), ("", "d")]),
            hash(&[("ab", ""), ("c", "d")]),
            hash(&[("a", "b")]),
        ] {
            assert_ne!(first, other);
        }
    }
}
