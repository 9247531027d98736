//! The parameters of generators, in both engines.

use super::errors::appset as errors;
use super::folder::same;
use super::parameters::{Dimension, From, Given, Parameters};
use super::tree::Tree;
use super::view::{Set, Whole, plain};
use crate::diag::Diagnostic;

/// The generators that there are.
pub(super) const KINDS: [&str; 9] = [
    "list",
    "clusters",
    "git",
    "scmProvider",
    "clusterDecisionResource",
    "pullRequest",
    "plugin",
    "matrix",
    "merge",
];

const PULL_REQUEST: [&str; 10] = [
    "number",
    "title",
    "branch",
    "branch_slug",
    "target_branch",
    "target_branch_slug",
    "head_sha",
    "head_short_sha",
    "head_short_sha_7",
    "author",
];

const REPOSITORY: [&str; 10] = [
    "organization",
    "repository",
    "repository_id",
    "url",
    "branch",
    "branchNormalized",
    "sha",
    "short_sha",
    "short_sha_7",
    "labels",
];

/// What each entry of `generators` gives: each renders the template alone.
pub(super) fn entries<T: Tree>(
    set: &Set<'_, T>,
    whole: &Whole<'_, T>,
    out: &mut Vec<Diagnostic>,
) -> Vec<Parameters<T>> {
    let reader = Reader { set, whole };
    set.spec.list("generators").iter().filter_map(|it| reader.entry(it, out)).collect()
}

struct Reader<'w, 'f, T> {
    set: &'w Set<'f, T>,
    whole: &'w Whole<'f, T>,
}

impl<T: Tree> Reader<'_, '_, T> {
    fn entry(&self, entry: &T, out: &mut Vec<Diagnostic>) -> Option<Parameters<T>> {
        let fields = entry.fields()?;
        let (kind, key, node) = fields.into_iter().find(|it| KINDS.contains(&it.0.as_str()))?;
        let mut found = match kind.as_str() {
            "list" => self.list(&node),
            "clusters" => self.clusters(&node, &key),
            "git" => self.git(&node, &key),
            "scmProvider" => {
                let mut found = Parameters::new("scmProvider", &node);
                found.always(From::Repository, &REPOSITORY);
                let keys = ["repository", "url", "repository_id"].map(str::to_owned).to_vec();
                found.dimensions.push(Dimension::Any(keys, "repository", key.clone()));
                found
            }
            "pullRequest" => {
                let mut found = Parameters::new("pullRequest", &node);
                found.always(From::PullRequest, &PULL_REQUEST);
                if self.set.is_go {
                    found.always(From::PullRequest, &["labels"]);
                }
                let keys = ["number", "branch", "branch_slug", "head_sha", "head_short_sha"];
                let mut keys: Vec<String> = keys.map(str::to_owned).to_vec();
                keys.push("head_short_sha_7".to_owned());
                found.dimensions.push(Dimension::Any(keys, "pull request", key.clone()));
                found
            }
            "clusterDecisionResource" => {
                let mut found = Parameters::new("clusterDecisionResource", &node);
                found.always(From::Cluster, &["name", "server"]);
                found.open.push(String::new());
                found.dimensions.push(Dimension::Unknown);
                found
            }
            "plugin" => {
                let mut found = Parameters::new("plugin", &node);
                found.open.push(String::new());
                found.dimensions.push(Dimension::Unknown);
                found
            }
            "matrix" => self.matrix(&node, &key, out)?,
            _ => self.merge(&node, out)?,
        };
        let values = node.get("values").and_then(|it| it.fields()).unwrap_or_default();
        for (name, _, value) in values.into_iter().filter(|_| kind != "list") {
            found.add(Given {
                name: format!("values.{name}"),
                from: From::Element,
                values: vec![(0, value)],
                lacks: None,
                is_sometimes: false,
            });
        }
        // What comes after a generator by itself filters, and adds nothing.
        Some(found)
    }

    fn list(&self, node: &T) -> Parameters<T> {
        let mut found = Parameters::new("list", node);
        let elements = node.list("elements");
        for (number, element) in elements.iter().enumerate() {
            let mut leaves = Vec::new();
            self.leaves(element, "", &mut leaves);
            for (name, value) in leaves {
                match found.given.iter_mut().find(|it| it.name == name) {
                    Some(known) => known.values.push((number, value)),
                    None => found.given.push(Given {
                        name,
                        from: From::Element,
                        values: vec![(number, value)],
                        lacks: None,
                        is_sometimes: false,
                    }),
                }
            }
        }
        for given in &mut found.given {
            let mut without = elements.iter().enumerate();
            given.lacks = without
                .find(|(number, _)| given.values.iter().all(|it| it.0 != *number))
                .map(|it| it.1.clone());
        }
        if node.get("elementsYaml").is_some() {
            found.open.push(String::new());
            found.dimensions.push(Dimension::Unknown);
        } else if elements.len() > 1 {
            found.dimensions.push(Dimension::List(node.clone(), elements.len()));
        }
        found
    }

    /// The parameters of an element: of maps only Go knows more than `values`.
    fn leaves(&self, node: &T, path: &str, out: &mut Vec<(String, T)>) {
        for (name, _, value) in node.fields().unwrap_or_default() {
            let inner = if path.is_empty() { name } else { format!("{path}.{name}") };
            if value.is_map() && (self.set.is_go || inner == "values") {
                self.leaves(&value, &inner, out);
            } else {
                out.push((inner, value));
            }
        }
    }

    fn clusters(&self, node: &T, key: &T) -> Parameters<T> {
        let mut found = Parameters::new("clusters", node);
        if node.flag(&["flatList"]) == Some(true) {
            found.open.push("clusters".to_owned());
            found.always(From::Cluster, &["clusters"]);
            return found;
        }
        found.always(From::Cluster, &["name", "nameNormalized", "server", "project"]);
        found.open.extend(["metadata.labels".to_owned(), "metadata.annotations".to_owned()]);
        let keys = ["name", "nameNormalized", "server"].map(str::to_owned).to_vec();
        found.dimensions.push(Dimension::Any(keys, "cluster", key.clone()));
        found
    }

    fn git(&self, node: &T, key: &T) -> Parameters<T> {
        let is_files = node.get("files").is_some();
        let mut found =
            Parameters::new(if is_files { "git files" } else { "git directories" }, node);
        let prefix = node.word("pathParamPrefix").map(|it| format!("{it}.")).unwrap_or_default();
        let path = format!("{prefix}path");
        let whole = if self.set.is_go { format!("{path}.path") } else { path.clone() };
        let mut names =
            vec![whole.clone(), format!("{path}.basename"), format!("{path}.basenameNormalized")];
        if is_files {
            names.push(format!("{path}.filename"));
            names.push(format!("{path}.filenameNormalized"));
        }
        if self.set.is_go {
            names.push(format!("{path}.segments"));
        } else {
            // `path[0]`: as many as there are steps.
            found.open.push(format!("{path}[]"));
        }
        let shown: Vec<&str> = names.iter().map(String::as_str).collect();
        found.always(From::Path, &shown);
        if is_files {
            self.files(node, &mut found);
            // Files may say anything by which they differ.
            found.dimensions.push(Dimension::Unknown);
            return found;
        }
        let patterns: Vec<String> = node
            .list("directories")
            .iter()
            .filter(|it| it.flag(&["exclude"]) != Some(true))
            .filter_map(|it| it.word("path"))
            .collect();
        let wild: Vec<&String> =
            patterns.iter().filter(|it| it.contains(['*', '?', '['])).collect();
        if wild.is_empty() && patterns.len() < 2 {
            return found;
        }
        let is_last_only = |it: &String| {
            it.rsplit_once('/').is_none_or(|(front, _)| !front.contains(['*', '?', '[']))
        };
        let mut keys = vec![whole, format!("{path}.segments"), format!("{path}[]")];
        // The last step tells folders apart where all else is the same, or where they are here: then their names are known.
        let of_one = patterns.len() == 1 && wild.iter().all(|it| is_last_only(it));
        let mut bases: Vec<&str> = patterns.iter().filter_map(|it| it.rsplit('/').next()).collect();
        bases.sort_unstable();
        bases.dedup();
        let are_apart = wild.is_empty() && bases.len() == patterns.len();
        let folder = &self.whole.folder;
        let is_own = node.word("repoURL").is_some_and(|it| folder.is_own(&same(&it)));
        let are_here = is_own
            && patterns.iter().any(|it| folder.folders().any(|path| matches(&plain(it), path)));
        if of_one || are_apart || are_here {
            keys.push(format!("{path}.basename"));
            keys.push(format!("{path}.basenameNormalized"));
        }
        found.dimensions.push(Dimension::Any(keys, "folder", key.clone()));
        found
    }

    /// What files hold, where they are here.
    fn files(&self, node: &T, found: &mut Parameters<T>) {
        let folder = &self.whole.folder;
        let is_own = node.word("repoURL").is_some_and(|it| folder.is_own(&same(&it)));
        let patterns: Vec<String> =
            node.list("files").iter().filter_map(|it| it.word("path")).collect();
        let mut roots: Vec<&T> = Vec::new();
        for (number, name) in folder.names().filter(|_| is_own) {
            if patterns.iter().any(|it| matches(&plain(it), name)) {
                roots.extend(self.whole.files.get(number).iter().flat_map(|it| &it.roots));
            }
        }
        let is_plain = patterns.iter().all(|it| !it.contains("{{"));
        if roots.is_empty() || !is_plain || roots.iter().any(|it| !it.is_map()) {
            found.open.push(String::new());
            return;
        }
        let mut all: Vec<Given<T>> = Vec::new();
        for (number, root) in roots.iter().enumerate() {
            let mut leaves = Vec::new();
            self.leaves_of_file(root, "", &mut leaves);
            for (name, value) in leaves {
                match all.iter_mut().find(|it| it.name == name) {
                    Some(known) => known.values.push((number, value)),
                    None => all.push(Given {
                        name,
                        from: From::File,
                        values: vec![(number, value)],
                        lacks: None,
                        is_sometimes: false,
                    }),
                }
            }
        }
        for mut given in all {
            let mut without = roots.iter().enumerate();
            let lacks = without.find(|(at, _)| given.values.iter().all(|it| it.0 != *at));
            given.lacks = lacks.map(|it| (*it.1).clone());
            found.add(given);
        }
    }

    /// Maps are flat without Go, and lists have numbers, which nobody writes.
    fn leaves_of_file(&self, node: &T, path: &str, out: &mut Vec<(String, T)>) {
        for (name, _, value) in node.fields().unwrap_or_default() {
            let inner = if path.is_empty() { name } else { format!("{path}.{name}") };
            if value.is_map() {
                self.leaves_of_file(&value, &inner, out);
            } else {
                out.push((inner, value));
            }
        }
    }

    fn matrix(&self, node: &T, key: &T, out: &mut Vec<Diagnostic>) -> Option<Parameters<T>> {
        let children = node.list("generators");
        if children.len() != 2 {
            out.push(errors::not_two(children.len(), key.span()));
            return None;
        }
        let mut given: Vec<Parameters<T>> =
            children.iter().filter_map(|it| self.entry(it, out)).collect();
        if given.len() != 2 {
            return None;
        }
        let (second, first) = (given.pop()?, given.pop()?);
        let of_path = |it: &Parameters<T>| {
            let mut own = it.given.iter().filter(|it| it.from == From::Path);
            own.find(|it| it.name.ends_with("path")).map(|it| it.name.clone())
        };
        if let (Some(one), Some(two)) = (of_path(&first), of_path(&second))
            && one == two
        {
            out.push(errors::two_paths(
                &one,
                self.set.is_go,
                second.node.span(),
                first.node.span(),
            ));
        }
        let mut all = Parameters::new("matrix", node);
        for child in [first, second] {
            for one in child.given {
                all.add(one);
            }
            all.open.extend(child.open);
            all.dimensions.extend(child.dimensions);
        }
        Some(all)
    }

    fn merge(&self, node: &T, out: &mut Vec<Diagnostic>) -> Option<Parameters<T>> {
        let mut all = Parameters::new("merge", node);
        let children = node.list("generators");
        let mut given = children.iter().filter_map(|it| self.entry(it, out));
        let first = given.next()?;
        all.given = first.given;
        all.open = first.open;
        all.dimensions = first.dimensions;
        for child in given {
            for mut one in child.given {
                one.is_sometimes = true;
                // A later child may overwrite what the first one says.
                match all.given.iter_mut().find(|it| it.name == one.name) {
                    Some(known) => known.values.clear(),
                    None => all.given.push(one),
                }
            }
            all.open.extend(child.open);
        }
        Some(all)
    }
}

/// Whether a pattern of a git generator meets a path: `*` for a step or a part of it, `**` for any.
pub(super) fn matches(pattern: &str, path: &str) -> bool {
    let pattern: Vec<&str> = pattern.split('/').collect();
    let path: Vec<&str> = path.split('/').collect();
    steps(&pattern, &path)
}

fn steps(pattern: &[&str], path: &[&str]) -> bool {
    match (pattern.split_first(), path.split_first()) {
        (None, None) => true,
        (Some((&"**", rest)), _) => {
            (0..=path.len()).any(|skip| steps(rest, path.get(skip..).unwrap_or_default()))
        }
        (Some((first, rest)), Some((step, others))) => one(first, step) && steps(rest, others),
        (Some(_), None) | (None, Some(_)) => false,
    }
}

/// A step of a path, or a name: `*` for any letters, `?` for one.
pub(super) fn one(pattern: &str, text: &str) -> bool {
    let mut letters = pattern.chars();
    match letters.next() {
        None => text.is_empty(),
        Some('*') => {
            let rest = letters.as_str();
            let starts = text.char_indices().map(|it| it.0).chain([text.len()]);
            starts.into_iter().any(|at| one(rest, text.get(at..).unwrap_or_default()))
        }
        Some(letter) => {
            let mut own = text.chars();
            let first = own.next();
            first.is_some_and(|it| it == letter || letter == '?')
                && one(letters.as_str(), own.as_str())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{matches, one};

    #[test]
    fn patterns_meet_paths() {
        for (pattern, path, expected) in [
            ("apps/*", "apps/web", true),
            ("apps/*", "apps/web/a", false),
            ("apps/**/config.yaml", "apps/a/b/config.yaml", true),
            ("apps/**/config.yaml", "apps/config.yaml", true),
            ("apps/*/config-?.json", "apps/a/config-1.json", true),
            ("apps/web", "apps/webs", false),
        ] {
            assert_eq!(matches(pattern, path), expected, "{pattern} {path}");
        }
        assert!(one("https://github.com/*", "https://github.com/a/b"));
        assert!(!one("a*c", "ab"));
    }
}
