//! The tree that Argo CD reads: every file hangs on the root, once, and comes after what it waits for.

use std::collections::{BTreeMap, BTreeSet};

use glob::Pattern;
use serde_yaml::Value;

use crate::examples::{Files, built_from, examples, expected};

/// Everything below the output's folder that a source of an Application means.
fn read_by<'f>(source: &Value, files: &'f Files) -> BTreeSet<&'f str> {
    let path = source["path"].as_str().expect("a source in the output has a path");
    let folder = path.strip_prefix("out").expect("the output is `out`").trim_start_matches('/');
    let directory = &source["directory"];
    let recurse = directory["recurse"].as_bool().unwrap_or(false);
    let below = |file: &'f str| {
        file.strip_prefix(folder).and_then(|rest| rest.strip_prefix('/')).map(|rest| (file, rest))
    };
    let kustomized = files.contains_key(&format!("{folder}/kustomization.yaml"));
    files
        .keys()
        .filter_map(|file| below(file))
        .filter(|(_, rest)| recurse || !rest.contains('/'))
        .filter(|(_, rest)| kustomized || !rest.contains("kustomization.yaml"))
        .filter(|(_, rest)| directory["include"].as_str().is_none_or(|it| is_meant(it, rest)))
        .filter(|(_, rest)| directory["exclude"].as_str().is_none_or(|it| !is_meant(it, rest)))
        .map(|(file, _)| file)
        .collect()
}

/// Argo CD's patterns: those of a shell, in which `*` crosses `/`, and `{a,b}`.
fn is_meant(pattern: &str, path: &str) -> bool {
    let braces = pattern.strip_prefix('{').and_then(|it| it.strip_suffix('}'));
    let mut all = braces.map_or_else(|| vec![pattern], |inner| inner.split(',').collect());
    all.retain(|it| Pattern::new(it).expect("a pattern").matches(path));
    !all.is_empty()
}

fn objects(text: &str) -> Vec<Value> {
    use serde::Deserialize as _;
    let all = serde_yaml::Deserializer::from_str(text);
    all.map(|document| Value::deserialize(document).expect("YAML")).collect()
}

/// The sources of an Application, or of those that an ApplicationSet makes, that lie in the output.
fn sources<'v>(object: &'v Value, repository: &str) -> Vec<&'v Value> {
    let spec = match object["kind"].as_str() {
        Some("Application") => &object["spec"],
        Some("ApplicationSet") => &object["spec"]["template"]["spec"],
        _ => return Vec::new(),
    };
    let several = spec["sources"].as_sequence().into_iter().flatten();
    let all = several.chain(std::iter::once(&spec["source"]));
    all.filter(|source| source["repoURL"].as_str() == Some(repository)).collect()
}

/// Who reads each file, from the root on.
fn readers(files: &Files) -> BTreeMap<&str, Vec<String>> {
    let root = files.keys().find(|path| path.ends_with("/root/root.yaml")).expect("a root");
    let first = objects(&files[root]).remove(0);
    let repository = first["spec"]["source"]["repoURL"].as_str().expect("a repository").to_owned();
    let mut readers: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    let mut open = vec![first];
    let mut known: BTreeSet<String> = BTreeSet::from(["root".to_owned()]);
    while let Some(object) = open.pop() {
        let name = object["metadata"]["name"].as_str().expect("a name").to_owned();
        for source in sources(&object, &repository) {
            for file in read_by(source, files) {
                readers.entry(file).or_default().push(name.clone());
                for object in objects(&files[file]) {
                    let of_argo_cd = object["apiVersion"] == "argoproj.io/v1alpha1";
                    let name = object["metadata"]["name"].as_str().unwrap_or_default().to_owned();
                    if of_argo_cd && object["kind"] != "AppProject" && known.insert(name) {
                        open.push(object);
                    }
                }
            }
        }
    }
    readers
}

#[test]
fn every_file_hangs_on_the_root_once() {
    for example in examples() {
        let files = expected(&example);
        let readers = readers(&files);
        for file in files.keys() {
            let by = readers.get(file.as_str()).map(Vec::as_slice).unwrap_or_default();
            assert_eq!(by.len(), 1, "{}: {file} is read by {by:?}", example.display());
        }
    }
}

/// A platform with many addons; `needs` says who needs whom, by number.
fn platform(count: usize, needs: &[(usize, usize)]) -> Files {
    let mut text = String::from(
        "import std.packs.{Small}
platform acme { domain = \"acme.example\", hub = mgmt, repo = \"https://git.acme.example/platform\" }
environment prod {}
cluster * { environment = prod, provider = Docker {}, kubernetes = \"v1.34.2\" }
cluster mgmt : Small {}
cluster eu-1 : Small {}
namespace shop {}
external namespace kube-system {}
addon network { namespace = kube-system, bootstrap = true, chart { repo = \"https://helm.cilium.io\", name = \"cilium\", version = \"1.18.0\" } }
addon external-secrets { namespace = shop, chart { repo = \"https://charts.external-secrets.io\", name = \"external-secrets\", version = \"2.4.0\" } }
secret-store vault : Vault { server = \"https://vault.acme.example\", path = \"a\", role = \"r\", account-namespace = shop }
",
    );
    for at in 0..count {
        let of: Vec<String> =
            needs.iter().filter(|(from, _)| *from == at).map(|(_, to)| name(*to)).collect();
        let needs = of.join(", ");
        text += &match at % 4 {
            0 | 1 => format!(
                "addon a{at} {{ namespace = shop, needs = [{needs}], chart {{ repo = \"https://charts.acme.example\", name = \"c{at}\", version = \"1.0.0\" }} }}\n"
            ),
            2 => format!(
                "secret s{at} {{ namespace = shop, needs = [{needs}], store = vault, key a {{}} }}\n"
            ),
            _ => format!(
                "workload m{at} {{ namespace = shop, needs = [{needs}], image = \"ghcr.io/acme/m{at}:1.0@sha256:{}\", cpu = 1m .. none, memory = 1Mi .. 2Mi, port http {{ number = 8080 }} }}\n",
                "0".repeat(64)
            ),
        };
    }
    Files::from([
        ("iflux.toml".to_owned(), "[project]\nname = \"many\"\n".to_owned()),
        ("main.iflux".to_owned(), text),
    ])
}

fn name(at: usize) -> String {
    match at % 4 {
        0 | 1 => format!("addon.a{at}"),
        2 => format!("secret.s{at}"),
        _ => format!("workload.m{at}"),
    }
}

/// When an object of a resource is applied on a cluster: the wave of its Application, then its own.
fn time(files: &Files, cluster: &str, at: usize) -> (i64, i64) {
    let wave = |object: &Value| {
        let wave = object["metadata"]["annotations"]["argocd.argoproj.io/sync-wave"].as_str();
        wave.map_or(0, |wave| wave.parse().expect("a number"))
    };
    let of = format!("mgmt/argocd/clusters/{cluster}/");
    let path = match at % 4 {
        0 | 1 => {
            let own = format!("{of}addon-a{at}.yaml");
            return (wave(&objects(&files[&own])[0]), 0);
        }
        2 => format!("{cluster}/shop/secret-s{at}.yaml"),
        _ => format!("{cluster}/shop/workload-m{at}.yaml"),
    };
    let reader = readers(files)[path.as_str()][0].clone();
    let short = reader.strip_prefix(&format!("{cluster}-")).expect("its cluster's name").to_owned();
    let parent = &files[&format!("{of}{short}.yaml")];
    (wave(&objects(parent)[0]), wave(&objects(&files[&path])[0]))
}

/// Numbers that look drawn at random, the same in every run.
fn drawn(seed: u64) -> impl Iterator<Item = usize> {
    let mut state = seed;
    std::iter::repeat_with(move || {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).expect("small")
    })
}

#[test]
fn what_is_needed_comes_first() {
    const COUNT: usize = 40;
    for seed in [1, 7] {
        let mut numbers = drawn(seed);
        let needs: Vec<(usize, usize)> = (0..COUNT)
            .filter_map(|_| {
                let (a, b) = (numbers.next()? % COUNT, numbers.next()? % COUNT);
                // Who has the larger number needs: so nothing needs itself.
                (a != b).then(|| (a.max(b), a.min(b)))
            })
            .collect();
        let files = built_from(&platform(COUNT, &needs), "many");
        for cluster in ["mgmt", "eu-1"] {
            for (from, to) in &needs {
                let (late, early) = (time(&files, cluster, *from), time(&files, cluster, *to));
                assert!(
                    late > early,
                    "{cluster}: {} at {late:?} needs {} at {early:?}",
                    name(*from),
                    name(*to)
                );
            }
        }
        let readers = readers(&files);
        assert!(files.keys().all(|file| readers[file.as_str()].len() == 1), "{readers:?}");
    }
}

/// A forge is asked with a token from a store: the CronJob that ends previews comes after the Secret.
#[test]
fn what_ends_previews_comes_after_its_token() {
    let source = r#"
platform acme { domain = "acme.example", hub = mgmt, repo = "https://github.com/acme/platform" }
environment prod { protected = true }
cluster * { environment = prod, kubernetes = "v1.34.2", provider = Docker {}, control-plane { replicas = 1, machine { cpu = 2, memory = 4Gi } } }
cluster mgmt {}
cluster prod-1 {}
repository web { url = "https://github.com/acme/web" }
project shop {}
external namespace argocd {}
external namespace kube-system {}
addon external-secrets { namespace = kube-system, chart { repo = "https://charts.external-secrets.io", name = "external-secrets", version = "2.4.0" } }
secret-store vault : Vault { server = "https://vault.acme.example", path = "a", role = "r", account-namespace = kube-system }
secret forge { namespace = argocd, clusters = [mgmt], store = vault, key token {} }
apps * {
  project = shop
  from pr : GitHubPullRequests {
    owner = "acme"
    repo = "web"
    labels = ["preview"]
    token = forge.token
    expires { image = "ghcr.io/acme/tools:1.0@sha256:0000000000000000000000000000000000000000000000000000000000000000" }
  }
  source { repository = web, path = "deploy", revision = pr.head-sha }
}
apps there { clusters = [prod-1], name = "there-\(pr.number)", namespace = "there-\(pr.number)" }
apps here { clusters = [mgmt], name = "here-\(pr.number)", namespace = "here-\(pr.number)" }
"#;
    let sources = Files::from([("main.iflux".to_owned(), source.to_owned())]);
    let files = built_from(&sources, "previews");
    let readers = readers(&files);
    for (file, by) in &readers {
        assert_eq!(by.len(), 1, "{file}: {by:?}");
    }
    // All stand on the hub, where the wave of the Application that reads a file decides.
    let wave = |file: &str| -> i64 {
        let reader = readers[file].first().expect("a reader");
        let short = reader.strip_prefix("mgmt-").expect("an application of the hub");
        let application = &files[&format!("mgmt/argocd/clusters/mgmt/{short}.yaml")];
        let annotations = &objects(application)[0]["metadata"]["annotations"];
        let wave = annotations["argocd.argoproj.io/sync-wave"].as_str();
        wave.map_or(0, |it| it.parse().expect("a number"))
    };
    let token = wave("mgmt/argocd/secret-forge.yaml");
    for file in ["mgmt/argocd/expire-there.yaml", "mgmt/argocd/expire-here.yaml"] {
        assert!(wave(file) > token, "{file} is applied before its token is there");
    }
}
