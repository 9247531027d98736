//! What ends previews: the scripts that are written out run in a shell, with a `curl` that answers from files.
#![expect(clippy::disallowed_methods, reason = "runs a shell, and writes what it reads")]

use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;

use serde_yaml::Value;
use tempfile::TempDir;

use crate::examples::{Files, built_from};

/// Writes its arguments and standard input down, and answers with the page that is asked for.
const CURL: &str = r#"#!/bin/sh
output=/dev/null
method=GET
for argument; do
  case $previous in
    --output) output=$argument ;;
    --request) method=$argument ;;
  esac
  previous=$argument
done
echo "$method $argument" >>"$ANSWERS/asked"
echo "$*" >>"$ANSWERS/arguments"
cat >>"$ANSWERS/input"
if [ -e "$ANSWERS/refused" ] && echo "$method $argument" | grep -q -e "$(cat "$ANSWERS/refused")"; then
  echo 'curl: (22) The requested URL returned error: 403' >&2
  exit 22
fi
[ "$method" = GET ] || exit 0
cp "$ANSWERS/page-${argument##*page=}" "$output"
"#;

const OLD: &str = "2020-01-01T00:00:00Z";

/// Whether jq is there; says it where it is not.
fn has_jq(test: &str) -> bool {
    if Command::new("jq").arg("--version").output().is_ok() {
        return true;
    }
    assert!(
        std::env::var_os("IFLUX_REQUIRE_ORACLES").is_none(),
        "{test} is skipped, since jq is missing, but IFLUX_REQUIRE_ORACLES is set"
    );
    let _ = writeln!(std::io::stderr(), "{test}: skipped: jq is not installed");
    false
}

/// A moment some seconds ago, as a forge writes it.
fn ago(seconds: u64) -> String {
    let now = format!("now - {seconds} | floor | todate");
    let output = Command::new("jq").args(["-nr", &now]).output().expect("jq starts");
    String::from_utf8(output.stdout).expect("a moment").trim().to_owned()
}

/// A pull request with some labels.
fn pull(number: u32, updated: &str, labels: &[&str], base: &str) -> serde_json::Value {
    let labels: Vec<_> = labels.iter().map(|name| serde_json::json!({ "name": name })).collect();
    serde_json::json!({ "number": number, "iid": number, "updated_at": updated, "labels": labels, "base": { "ref": base } })
}

/// The file that ends the previews of a generator.
fn written(generator: &str) -> String {
    let digest = "0".repeat(64);
    let text = format!(
        "platform acme {{ domain = \"acme.example\", hub = mgmt, repo = \"https://git.acme.example/platform\" }}
environment prod {{}}
cluster * {{ kubernetes = \"v1.34.2\", provider = Docker {{}}, control-plane {{ replicas = 1, machine {{ cpu = 2, memory = 4Gi }} }}, environment = prod }}
cluster mgmt {{}}
cluster eu-1 {{}}
external namespace argocd {{}}
external secret forge {{ namespace = argocd, clusters = [mgmt], key token {{}} }}
repository web {{ url = \"https://git.acme.example/web\" }}
project previews {{}}
apps previews {{
  project = previews
  clusters = [eu-1]
  from pr : {generator}, token = forge.token, expires {{ image = \"ghcr.io/acme/tools:1.0@sha256:{digest}\" }} }}
  name = \"pr-\\(pr.number)\"
  namespace = \"pr-\\(pr.number)\"
  source {{ repository = web, path = \"deploy\", revision = pr.head-sha }}
}}
"
    );
    let sources = Files::from([
        ("iflux.toml".to_owned(), "[project]\nname = \"previews\"\n".to_owned()),
        ("main.iflux".to_owned(), text),
    ]);
    let mut files = built_from(&sources, "previews");
    files.remove("mgmt/argocd/expire-previews.yaml").expect("a file that ends previews")
}

/// A run of a script, and what came of it.
struct Run {
    folder: TempDir,
    said: String,
    told: String,
    code: Option<i32>,
}

impl Run {
    fn file(&self, name: &str) -> String {
        std::fs::read_to_string(self.folder.path().join(name)).unwrap_or_default()
    }

    fn asked(&self) -> Vec<String> {
        self.file("asked").lines().map(str::to_owned).collect()
    }
}

/// Runs the script of a file, where a forge answers with some pages and refuses what fits a pattern.
fn run(file: &str, pages: &[serde_json::Value], refused: Option<&str>) -> Run {
    use serde::Deserialize as _;
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text);
    write("curl", CURL).expect("a program");
    let rights = std::fs::Permissions::from_mode(0o755);
    std::fs::set_permissions(folder.path().join("curl"), rights).expect("a program that runs");
    for (number, page) in (1..).zip(pages) {
        write(&format!("page-{number}"), &page.to_string()).expect("an answer");
    }
    if let Some(pattern) = refused {
        write("refused", pattern).expect("a refusal");
    }
    let mut documents = serde_yaml::Deserializer::from_str(file)
        .map(|document| Value::deserialize(document).expect("YAML"));
    let job = documents.find(|it| it["kind"] == "CronJob").expect("a CronJob");
    let pod = &job["spec"]["jobTemplate"]["spec"]["template"]["spec"];
    let container = &pod["containers"][0];
    let words: Vec<&str> = container["command"]
        .as_sequence()
        .expect("a command")
        .iter()
        .map(|word| word.as_str().expect("a word"))
        .collect();
    let path = std::env::var("PATH").expect("a path");
    let own: &Path = folder.path();
    let mut command = Command::new(words[0]);
    command
        .args(&words[1..])
        .env_clear()
        .env("PATH", format!("{}:{path}", own.display()))
        .env("TMPDIR", own)
        .env("ANSWERS", own);
    for variable in container["env"].as_sequence().expect("an environment") {
        let name = variable["name"].as_str().expect("a name");
        // What files and people put into a Secret often ends in a newline.
        command.env(name, variable["value"].as_str().unwrap_or("s3cret\n"));
    }
    let output = command.output().expect("a shell starts");
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    let (said, told) = (text(output.stdout), text(output.stderr));
    let run = Run { folder, said, told, code: output.status.code() };
    assert!(!run.file("arguments").contains("s3cret"), "{}", run.file("arguments"));
    run
}

fn github() -> String {
    written(
        "GitHubPullRequests { owner = \"acme\", repo = \"web\", labels = [\"preview\", \"ready\"]",
    )
}

#[test]
fn a_pull_request_that_is_worked_on_keeps_its_preview() {
    if !has_jq("a_pull_request_that_is_worked_on_keeps_its_preview") {
        return;
    }
    let week = 7 * 86_400;
    let page = vec![
        pull(1, &ago(week - 120), &["preview", "ready"], "main"),
        pull(2, OLD, &["ready"], "main"),
        pull(3, OLD, &["preview"], "main"),
    ];
    let run = run(&github(), &[page.into()], None);
    assert_eq!((run.code, run.told.as_str()), (Some(0), ""));
    assert_eq!(run.said, "3 open, 0 too old\n");
    let first = "GET https://api.github.com/repos/acme/web/pulls?state=open&per_page=100&page=1";
    assert_eq!(run.asked(), [first]);
    assert_eq!(run.file("input"), "header = \"Authorization: Bearer s3cret\"\n");
}

#[test]
fn an_old_pull_request_loses_its_label() {
    if !has_jq("an_old_pull_request_loses_its_label") {
        return;
    }
    let old = ago(7 * 86_400 + 120);
    let page = vec![
        pull(1, &old, &["x", "ready", "preview"], "main"),
        pull(2, "2999-01-01T00:00:00Z", &["preview", "ready"], "main"),
    ];
    let run = run(&github(), &[page.into()], None);
    assert_eq!((run.code, run.told.as_str()), (Some(0), ""));
    let line = format!("#1: nothing happened since {old}, the label \"preview\" is taken away");
    assert_eq!(run.said, format!("{line}\n2 open, 1 too old\n"));
    let asked = run.asked();
    let last = "DELETE https://api.github.com/repos/acme/web/issues/1/labels/preview";
    assert_eq!(asked[1..], [last]);
}

#[test]
fn all_pages_are_read_before_a_label_is_taken_away() {
    if !has_jq("all_pages_are_read_before_a_label_is_taken_away") {
        return;
    }
    let full = |from: u32| {
        let one = |at| {
            let labels: &[&str] = if at == 150 { &["preview", "ready"] } else { &[] };
            pull(at, OLD, labels, "main")
        };
        (from..from + 100).map(one).collect::<Vec<_>>()
    };
    let last = vec![pull(300, OLD, &["preview", "ready"], "main")];
    let run = run(&github(), &[full(1).into(), full(101).into(), last.into()], None);
    assert_eq!((run.code, run.told.as_str()), (Some(0), ""));
    let asked = run.asked();
    let ends: Vec<&str> =
        asked.iter().map(|it| it.rsplit(['/', '&']).next().expect("an end")).collect();
    assert_eq!(ends, ["page=1", "page=2", "page=3", "preview", "preview"], "{asked:?}");
    assert!(run.said.ends_with("201 open, 2 too old\n"), "{}", run.said);
}

#[test]
fn what_a_forge_refuses_fails_the_run() {
    if !has_jq("what_a_forge_refuses_fails_the_run") {
        return;
    }
    let page = || {
        vec![
            pull(1, OLD, &["preview", "ready"], "main"),
            pull(2, OLD, &["preview", "ready"], "main"),
        ]
    };
    let listed = run(&github(), &[page().into()], Some("^GET"));
    assert_eq!((listed.code, listed.said.as_str()), (Some(1), ""));
    assert!(listed.told.ends_with("the pull requests of acme/web were not listed\n"));
    assert_eq!(listed.asked().len(), 1);
    // One that is refused does not keep the others.
    let one = run(&github(), &[page().into()], Some("issues/1/"));
    assert_eq!(one.code, Some(1));
    assert!(one.told.ends_with("#1: the label \"preview\" could not be taken away\n"));
    assert!(one.said.contains("#2: nothing happened since"), "{}", one.said);
    // A page of a proxy is no list.
    let odd = run(&github(), &[serde_json::json!({ "message": "sign in" })], None);
    assert_eq!(odd.code, Some(1));
    assert!(odd.told.ends_with("what came is no list of pull requests of acme/web\n"));
}

#[test]
fn labels_and_branches_are_texts() {
    if !has_jq("labels_and_branches_are_texts") {
        return;
    }
    let file = written(
        "GitHubPullRequests { owner = \"acme\", repo = \"web\", labels = [\"please \\\"preview\\\" 100%\"], target = \"release/1.x\", api = \"https://git.acme.example/\"",
    );
    let label = "please \"preview\" 100%";
    let page = vec![pull(1, OLD, &[label], "release/1.x"), pull(2, OLD, &[label], "main")];
    let run = run(&file, &[page.into()], None);
    assert_eq!((run.code, run.told.as_str()), (Some(0), ""));
    let base = "https://git.acme.example/api/v3/repos/acme/web";
    let first = format!("GET {base}/pulls?state=open&per_page=100&page=1");
    let last = format!("DELETE {base}/issues/1/labels/please%20%22preview%22%20100%25");
    assert_eq!(run.asked(), [first, last]);
}

#[test]
fn gitlab_says_itself_what_is_old() {
    if !has_jq("gitlab_says_itself_what_is_old") {
        return;
    }
    let file = written(
        "GitLabMergeRequests { project = \"acme/web\", labels = [\"please preview\", \"ready\"], target = \"main\"",
    );
    let old = |from: u32, count| -> Vec<serde_json::Value> {
        (from..from + count).map(|at| pull(at, OLD, &[], "main")).collect()
    };
    let none = run(&file, &[serde_json::json!([])], None);
    assert_eq!((none.code, none.said.as_str()), (Some(0), "0 too old\n"));
    assert_eq!(none.file("input"), "header = \"PRIVATE-TOKEN: s3cret\"\n");
    let asked = none.asked().remove(0);
    let base = "https://gitlab.com/api/v4/projects/acme%2Fweb/merge_requests";
    let (start, rest) = asked.split_once("&updated_before=").expect("a limit");
    let labels = "labels=please%20preview%2Cready";
    assert_eq!(start, format!("GET {base}?state=opened&per_page=100&{labels}"));
    let (limit, rest) = rest.split_once('&').expect("more");
    assert_eq!(rest, "target_branch=main&page=1");
    let limit = limit.replace("%3A", ":");
    assert!((ago(7 * 86_400 + 60)..=ago(7 * 86_400)).contains(&limit), "{limit}");

    let all = run(&file, &[old(1, 100).into(), old(101, 1).into()], Some("PUT .*/7?"));
    let asked = all.asked();
    assert_eq!((all.code, asked.len()), (Some(1), 2 + 101));
    assert!(asked[1].ends_with("&page=2"), "{}", asked[1]);
    assert_eq!(asked[2], format!("PUT {base}/1?remove_labels=please%20preview"));
    assert!(all.said.ends_with("101 too old\n"));
    assert!(all.told.contains("!7: the label \"please preview\" could not be taken away"));

    let refused = run(&file, &[serde_json::json!([])], Some("^GET"));
    assert_eq!(refused.code, Some(1));
    assert!(refused.told.ends_with("the merge requests of acme/web were not listed\n"));
}
