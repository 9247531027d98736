//! What ends previews of pull requests in which nothing happens any more.
//!
//! * **Takes** the generators of `apps` that have `expires`.
//! * **Gives** `<hub>/<argocd>/expire-<apps>.yaml`: a CronJob that takes the label away by which a generator finds a pull request, so that
//!   Argo CD drops its application.
//! * **Owns** the scripts, and which addresses of a forge they ask.
//! * **Never** touches an application itself, and never lets a token into an argument.
//! * **Read first** this file, then `github.sh`.

use sha2::{Digest, Sha256};

use super::k8s::{Fields, list, text};
use super::workload::Errand;
use super::{Backend, Document, Job, Makes, Manifest, Node, Output};
use crate::eval::Origin;
use crate::model::{
    Apps, Expiry, Generator, GitHubPullRequests, GitLabMergeRequests, Model, Of, Platform,
    Resource, ResourceId, SecretKey,
};
use crate::source::Sym;

const GITHUB: &str = include_str!("github.sh");
const GITLAB: &str = include_str!("gitlab.sh");

/// How many characters a CronJob's name has at most: Jobs are called after it.
const LONGEST: usize = 52;

/// Hexadecimal digits that tell names apart.
const DIGITS: usize = 8;

const FILE: &str = "<hub>/<argocd>/expire-<name>.yaml";

/// The backend.
pub(super) struct Expiries;

impl Backend for Expiries {
    fn name(&self) -> &'static str {
        "expiry"
    }

    fn makes(&self) -> &'static [Makes] {
        &[
            Makes {
                kind: "apps",
                object: "v1 ServiceAccount",
                name: "expire-<name>",
                file: FILE,
                about: "Who the pods are that end previews, without a token.",
            },
            Makes {
                kind: "apps",
                object: "batch/v1 CronJob",
                name: "expire-<name>",
                file: FILE,
                about: "What takes the label away from pull requests, where a generator has `expires`.",
            },
        ]
    }

    fn lower<'a>(&self, model: &'a Model<'a>) -> Vec<Job<'a>> {
        let Some(platform) = model.platforms.first() else { return Vec::new() };
        let mut done: Vec<ResourceId> = Vec::new();
        let mut jobs: Vec<Job<'a>> = Vec::new();
        for resource in &model.apps {
            if done.contains(&resource.id) {
                continue;
            }
            done.push(resource.id);
            let rounds = rounds(model, resource);
            if !rounds.is_empty() {
                let make = move || output(model, &platform.value, resource, &rounds);
                jobs.push(Box::new(make));
            }
        }
        jobs
    }
}

/// What a CronJob looks for.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Round<'a> {
    script: &'static str,
    expiry: Expiry<'a>,
    token: SecretKey<'a>,
    /// Its environment beside the token.
    told: Vec<(&'static str, Of<String>)>,
}

/// Everything that a set looks for, on whatever cluster: most look for one thing.
fn rounds<'a>(model: &'a Model<'a>, resource: &Resource<'a, Apps<'a>>) -> Vec<Round<'a>> {
    let mut all: Vec<Round<'a>> = Vec::new();
    for part in model.apps.iter().filter(|it| it.id == resource.id) {
        for (_, generator) in &part.value.from {
            let round = match generator {
                Generator::GitHubPullRequests(pulls) => of_github(pulls),
                Generator::GitLabMergeRequests(merges) => of_gitlab(merges),
                Generator::GitDirectories(_)
                | Generator::GitFiles(_)
                | Generator::Elements(_)
                | Generator::ClusterChoice(_)
                | Generator::GitHubRepositories(_)
                | Generator::GitLabProjects(_)
                | Generator::Plugin(_) => None,
            };
            if let Some(round) = round
                && !all.contains(&round)
            {
                all.push(round);
            }
        }
    }
    all
}

fn of_github<'a>(pulls: &GitHubPullRequests<'a>) -> Option<Round<'a>> {
    let (expiry, token) = (pulls.expires?, pulls.token?);
    let public = Origin::rule("GitHub's own API, where no other is named");
    let api = pulls.api.map_or_else(
        || Of::new("https://api.github.com".to_owned(), public),
        |api| Of::new(github_api(api.value), api.origin),
    );
    let mut told = vec![("API", api), ("OWNER", owned(pulls.owner)), ("REPO", owned(pulls.repo))];
    told.extend(common(expiry, &pulls.labels, pulls.target));
    Some(Round { script: GITHUB, expiry, token, told })
}

fn of_gitlab<'a>(merges: &GitLabMergeRequests<'a>) -> Option<Round<'a>> {
    let (expiry, token) = (merges.expires?, merges.token?);
    let public = Origin::rule("GitLab's own API, where no other is named");
    let api = merges.api.map_or_else(
        || Of::new("https://gitlab.com/api/v4".to_owned(), public),
        |api| Of::new(below(api.value, "/api/v4"), api.origin),
    );
    let mut told = vec![("API", api), ("PROJECT", owned(merges.project))];
    told.extend(common(expiry, &merges.labels, merges.target));
    Some(Round { script: GITLAB, expiry, token, told })
}

/// What every script is told.
fn common(
    expiry: Expiry<'_>,
    labels: &[Of<&str>],
    target: Option<Of<&str>>,
) -> Vec<(&'static str, Of<String>)> {
    let first = labels.first().map_or(Origin::NONE, |label| label.origin);
    let names: Vec<&str> = labels.iter().map(|label| label.value).collect();
    let json = serde_json::Value::from(names).to_string();
    let seconds = (expiry.after.value.amount / 1000).to_string();
    let mut told =
        vec![("LABELS", Of::new(json, first)), ("AFTER", Of::new(seconds, expiry.after.origin))];
    told.extend(target.map(|target| ("TARGET", owned(target))));
    told
}

fn owned(text: Of<&str>) -> Of<String> {
    Of::new(text.value.to_owned(), text.origin)
}

/// An API of GitHub, as Argo CD completes its address: one of GitHub Enterprise lies below a path, unless its host says that it is one.
fn github_api(address: &str) -> String {
    let host = address.split_once("://").map_or(address, |(_, rest)| rest);
    let host = host.split('/').next().unwrap_or(host);
    if host.starts_with("api.") || host.contains(".api.") {
        return address.trim_end_matches('/').to_owned();
    }
    below(address, "/api/v3")
}

/// An address with a path at its end.
fn below(address: &str, path: &str) -> String {
    let address = address.trim_end_matches('/');
    if address.ends_with(path) { address.to_owned() } else { format!("{address}{path}") }
}

/// The name of a CronJob. Where one set has several, or its name is too long, a digest tells them apart.
fn name(set: &str, round: &Round<'_>, is_only: bool) -> String {
    let whole = format!("expire-{set}");
    if is_only && whole.len() <= LONGEST {
        return whole;
    }
    let mut hasher = Sha256::new();
    for part in std::iter::once(set).chain(round.told.iter().map(|(_, it)| it.value.as_str())) {
        hasher.update(part.len().to_be_bytes());
        hasher.update(part);
    }
    let digits: String = hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    let digits: String = digits.chars().take(DIGITS).collect();
    let short: String = whole.chars().take(LONGEST - DIGITS - 1).collect();
    format!("{}-{digits}", short.trim_end_matches('-'))
}

fn output<'a>(
    model: &'a Model<'a>,
    platform: &'a Platform<'a>,
    resource: &'a Resource<'a, Apps<'a>>,
    rounds: &[Round<'a>],
) -> Output<'a> {
    let set = resource.name.value;
    let manifests = rounds.iter().flat_map(|round| {
        let name = name(set.as_str(), round, rounds.len() == 1);
        manifests(model, platform, &name, round)
    });
    let namespace = platform.argo_cd.namespace.value;
    Output {
        clusters: vec![platform.hub.value],
        document: Document {
            path: format!("{namespace}/expire-{set}.yaml"),
            source: resource.source.into(),
            address: resource.address().to_string().into(),
            manifests: manifests.collect(),
        },
    }
}

fn manifests<'a>(
    model: &Model<'a>,
    platform: &Platform<'a>,
    name: &str,
    round: &Round<'a>,
) -> [Manifest<'a>; 2] {
    let rule = Origin::rule("what ends previews is called after their set");
    let timing = (round.expiry.image, round.expiry.schedule);
    let errand = Errand::new(Of::new(Sym::new(name), rule), timing, round.script, env(round));
    errand.manifests(model, platform.argo_cd.namespace)
}

fn env<'a>(round: &Round<'a>) -> Node<'a> {
    let rule = Origin::rule("the script reads what it looks for from its environment");
    let named = |name: &'static str| Fields::new().with("name", text(name, rule));
    let told = round
        .told
        .iter()
        .map(|(name, it)| named(name).with("value", text(it.value.clone(), it.origin)));
    let key = Fields::new().with("name", round.token.secret).with("key", round.token.key);
    let token = named("TOKEN").with("valueFrom", Fields::new().with("secretKeyRef", key));
    list(told.chain(std::iter::once(token)))
}

#[cfg(test)]
mod tests;
