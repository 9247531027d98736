//! What Argo CD calls the parameters of the generators of an ApplicationSet.

/// A generator, as far as the names of its parameters go.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Generator {
    /// Folders of a repository.
    Directories,
    /// Files of a repository: what they hold are parameters, too.
    Files,
    /// Elements that are written out.
    List,
    /// Clusters of the program, written out.
    Clusters,
    /// Pull requests of a forge.
    PullRequests,
    /// Repositories of an organisation.
    Repositories,
    /// What a plugin answers.
    Plugin,
}

/// Names that are camel case where their sisters have `_`.
const CAMEL: &[&str] = &["branch-normalized"];

impl Generator {
    /// Every generator, with the schema of its block and the schema of what it always gives.
    pub const ALL: &'static [(Self, &'static str, Option<&'static str>)] = &[
        (Self::Directories, "GitDirectories", Some("DirectoryParameters")),
        (Self::Files, "GitFiles", Some("FileParameters")),
        (Self::List, "List", None),
        (Self::Clusters, "Clusters", Some("ClusterParameters")),
        (Self::PullRequests, "GitHubPullRequests", Some("PullRequestParameters")),
        (Self::PullRequests, "GitLabMergeRequests", Some("PullRequestParameters")),
        (Self::Repositories, "GitHubRepositories", Some("RepositoryParameters")),
        (Self::Repositories, "GitLabProjects", Some("RepositoryParameters")),
        (Self::Plugin, "Plugin", None),
    ];

    /// The generator that a schema is.
    pub fn of_schema(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|row| row.1 == name).map(|row| row.0)
    }

    /// Whether Argo CD puts the parameters of `path` below a prefix, so that two generators may stand side by side.
    const fn reads_git(self) -> bool {
        matches!(self, Self::Directories | Self::Files)
    }

    /// The keys that lead to a parameter in what a template sees. `name` is the generator's own, `steps` the parameter as the language
    /// spells it. In a matrix, what can be told apart stands below the generator's name.
    pub fn keys(self, name: &str, is_matrix: bool, steps: &[&str]) -> Vec<String> {
        let mut keys = Vec::new();
        let is_path = self.reads_git() && steps.first() == Some(&"path");
        let is_written_out = matches!(self, Self::List | Self::Clusters);
        if is_matrix && (is_path || is_written_out) {
            keys.push(name.to_owned());
        }
        match (self, steps) {
            (_, ["path"]) if is_path => keys.extend(["path", "path"].map(str::to_owned)),
            (_, ["path", rest @ ..]) if is_path => {
                keys.push("path".to_owned());
                keys.extend(rest.iter().map(|step| camel(step)));
            }
            (Self::PullRequests | Self::Repositories, [first, rest @ ..]) => {
                let is_camel = CAMEL.contains(first);
                keys.push(if is_camel { camel(first) } else { first.replace('-', "_") });
                keys.extend(rest.iter().map(|step| (*step).to_owned()));
            }
            _ => keys.extend(steps.iter().map(|step| (*step).to_owned())),
        }
        keys
    }

    /// The keys that a generator gives at the top of what a template sees, of the parameters that it gives.
    pub fn tops<'a>(
        self,
        name: &str,
        is_matrix: bool,
        parameters: impl IntoIterator<Item = &'a str>,
    ) -> Vec<String> {
        let mut tops: Vec<String> = parameters
            .into_iter()
            .filter_map(|parameter| self.keys(name, is_matrix, &[parameter]).into_iter().next())
            .collect();
        tops.sort_unstable();
        tops.dedup();
        tops
    }
}

/// `basename-normalized` as Go's fields are written here: `basenameNormalized`.
fn camel(kebab: &str) -> String {
    let mut out = String::new();
    let mut is_up = false;
    for letter in kebab.chars() {
        match letter {
            '-' => is_up = true,
            _ if is_up => {
                out.extend(letter.to_uppercase());
                is_up = false;
            }
            _ => out.push(letter),
        }
    }
    out
}

/// A name of Argo CD or Go as the language spells it: `head_sha` and `basenameNormalized`.
pub fn kebab(name: &str) -> String {
    let mut out = String::new();
    for letter in name.chars() {
        if letter == '_' {
            out.push('-');
            continue;
        }
        if letter.is_ascii_uppercase() && !out.is_empty() && !out.ends_with('-') {
            out.push('-');
        }
        out.push(letter.to_ascii_lowercase());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{Generator, kebab};

    fn check(generator: Generator, is_matrix: bool, steps: &str, keys: &str) {
        let steps: Vec<&str> = steps.split('.').collect();
        assert_eq!(generator.keys("g", is_matrix, &steps).join("."), keys, "{steps:?}");
    }

    #[test]
    fn parameters_have_the_names_of_argo_cd() {
        check(Generator::Directories, false, "path", "path.path");
        check(Generator::Directories, false, "path.basename-normalized", "path.basenameNormalized");
        check(Generator::Directories, true, "path", "g.path.path");
        check(Generator::Files, true, "path.segments", "g.path.segments");
        check(Generator::Files, true, "storage.size-now", "storage.size-now");
        check(Generator::List, false, "stage", "stage");
        check(Generator::List, true, "stage.a-b", "g.stage.a-b");
        check(Generator::Clusters, true, "name", "g.name");
        check(Generator::PullRequests, true, "head-short-sha-7", "head_short_sha_7");
        check(Generator::Repositories, false, "branch-normalized", "branchNormalized");
        check(Generator::Repositories, false, "short-sha", "short_sha");
    }

    #[test]
    fn their_names_are_read_back() {
        assert_eq!(kebab("head_short_sha_7"), "head-short-sha-7");
        assert_eq!(kebab("basenameNormalized"), "basename-normalized");
        assert_eq!(kebab("name"), "name");
    }
}
