//! How the checked files lie in the repository that Applications read.

use std::collections::BTreeSet;

use super::tree::{File, Tree};
use super::view::{App, plain};

/// The files by their paths in the repository, as far as that can be told.
#[derive(Debug)]
pub(super) struct Folder {
    /// Every file, in the order in which they were named: its path in the repository.
    names: Vec<String>,
    /// Files that were not read.
    others: Vec<String>,
    folders: BTreeSet<String>,
    /// The repository that the files are; none where no Application shows it.
    pub(super) repository: Option<String>,
    /// The folder of the repository that was named, of which everything is known.
    base: String,
}

impl Folder {
    pub(super) fn new<T: Tree>(files: &[File<T>], others: &[String], apps: &[App<'_, T>]) -> Self {
        let all: Vec<String> = files.iter().map(|it| plain_name(&it.name)).collect();
        let rest: Vec<String> = others.iter().map(|it| plain_name(it)).collect();
        let folders = folders_of(all.iter().chain(&rest));
        let mut votes: Vec<(String, String, usize)> = Vec::new();
        let mut repositories: Vec<(String, usize)> = Vec::new();
        for app in apps {
            for source in app.sources.iter().filter(|it| it.is_plain() && it.chart.is_none()) {
                let Some(path) = source.path.as_deref().filter(|it| !it.is_empty()) else {
                    continue;
                };
                let repository = same(&source.repository);
                let found = shifts(path, &folders);
                if !found.is_empty() {
                    match repositories.iter_mut().find(|it| it.0 == repository) {
                        Some(known) => known.1 += 1,
                        None => repositories.push((repository, 1)),
                    }
                }
                for (strip, add) in found {
                    match votes.iter_mut().find(|it| it.0 == strip && it.1 == add) {
                        Some(known) => known.2 += 1,
                        None => votes.push((strip, add, 1)),
                    }
                }
            }
        }
        // Of several the one that most Applications agree with, and of those the one nearest to what was named.
        votes.sort_by_key(|it| (usize::MAX - it.2, it.0.len() + it.1.len()));
        repositories.sort_by_key(|it| usize::MAX - it.1);
        let (strip, add) = votes.into_iter().next().map(|it| (it.0, it.1)).unwrap_or_default();
        let moved = |name: &String| match name.strip_prefix(&strip) {
            Some(rest) => plain(&format!("{add}/{rest}")),
            None => name.clone(),
        };
        let names: Vec<String> = all.iter().map(moved).collect();
        let others: Vec<String> = rest.iter().map(moved).collect();
        let folders = folders_of(names.iter().chain(&others));
        let base = common(names.iter().chain(&others));
        let repository = repositories.into_iter().next().map(|it| it.0);
        Self { names, others, folders, repository, base }
    }

    /// The path of a file in the repository, by its number.
    pub(super) fn name(&self, file: usize) -> &str {
        self.names.get(file).map_or("", String::as_str)
    }

    /// Every file with its number.
    pub(super) fn names(&self) -> impl Iterator<Item = (usize, &str)> {
        self.names.iter().map(String::as_str).enumerate()
    }

    /// Files that were not read.
    pub(super) fn others(&self) -> impl Iterator<Item = &str> {
        self.others.iter().map(String::as_str)
    }

    /// Whether a folder of the repository is among what was checked.
    pub(super) fn has(&self, path: &str) -> bool {
        path.is_empty() || self.folders.contains(path)
    }

    /// Whether a path of the repository would be here if it were there.
    pub(super) fn covers(&self, path: &str) -> bool {
        self.repository.is_some()
            && (self.base.is_empty()
                || path == self.base
                || path.strip_prefix(&self.base).is_some_and(|it| it.starts_with('/')))
    }

    /// Whether a source's repository is the one that the files are.
    pub(super) fn is_own(&self, repository: &str) -> bool {
        self.repository.as_deref() == Some(same(repository).as_str())
    }

    /// The folders whose last steps are a path.
    pub(super) fn folders(&self) -> impl Iterator<Item = &str> {
        self.folders.iter().map(String::as_str)
    }
}

/// A repository's address without what makes no difference.
pub(super) fn same(repository: &str) -> String {
    let text = repository.trim().trim_end_matches('/');
    let text = text.strip_suffix(".git").unwrap_or(text).to_lowercase();
    let text = text.strip_prefix("ssh://").unwrap_or(&text);
    let text =
        text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")).unwrap_or(text);
    match text.strip_prefix("git@") {
        Some(rest) => rest.replacen(':', "/", 1),
        None => text.to_owned(),
    }
}

fn plain_name(name: &str) -> String {
    let is_absolute = name.starts_with('/');
    let name = plain(name);
    if is_absolute { format!("/{name}") } else { name }
}

fn folders_of<'n>(names: impl Iterator<Item = &'n String>) -> BTreeSet<String> {
    let mut out = BTreeSet::new();
    for name in names {
        let mut at = name.as_str();
        while let Some((folder, _)) = at.rsplit_once('/') {
            if folder.is_empty() || !out.insert(folder.to_owned()) {
                break;
            }
            at = folder;
        }
    }
    out
}

/// What to take from the front of names, and what to put there, so that a path of an Application is one of the folders.
fn shifts(path: &str, folders: &BTreeSet<String>) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = folders
        .iter()
        .filter_map(|folder| {
            let rest = folder.strip_suffix(path)?;
            (rest.is_empty() || rest.ends_with('/')).then(|| (rest.to_owned(), String::new()))
        })
        .collect();
    if found.is_empty() {
        // The files may be named from within the repository: `apps/web` where the path is `gitops/apps/web`.
        let mut rest = path;
        let mut front = String::new();
        while let Some((step, after)) = rest.split_once('/') {
            front = plain(&format!("{front}/{step}"));
            rest = after;
            if folders.contains(rest) && rest.contains('/') {
                found.push((String::new(), front.clone()));
                break;
            }
        }
    }
    found
}

fn common<'n>(names: impl Iterator<Item = &'n String>) -> String {
    let mut out: Option<Vec<&str>> = None;
    for name in names {
        let folder: Vec<&str> = name.rsplit_once('/').map_or("", |it| it.0).split('/').collect();
        out = Some(match out {
            None => folder,
            Some(known) => {
                let same = known.iter().zip(&folder).take_while(|it| it.0 == it.1).count();
                known.into_iter().take(same).collect()
            }
        });
    }
    out.unwrap_or_default().join("/")
}

#[cfg(test)]
mod tests {
    use super::{folders_of, same, shifts};

    #[test]
    fn addresses_of_one_repository_are_the_same() {
        for text in [
            "https://github.com/Shop/Platform.git",
            "git@github.com:shop/platform.git",
            "ssh://git@github.com/shop/platform",
            "https://github.com/shop/platform/",
        ] {
            assert_eq!(same(text), "github.com/shop/platform", "{text}");
        }
    }

    #[test]
    fn folders_are_found_from_around_and_from_within() {
        let names = ["/tmp/x/gitops/apps/web/a.yaml".to_owned()];
        let folders = folders_of(names.iter());
        assert_eq!(shifts("gitops/apps", &folders), [("/tmp/x/".to_owned(), String::new())]);
        let names = ["apps/web/a.yaml".to_owned()];
        let folders = folders_of(names.iter());
        assert_eq!(shifts("apps/web", &folders), [(String::new(), String::new())]);
        assert_eq!(shifts("gitops/apps/web", &folders), [(String::new(), "gitops".to_owned())]);
        assert_eq!(shifts("other/web", &folders), []);
    }
}
