//! What other people wrote, judged without a program around it.

use std::collections::BTreeSet;

use rustc_hash::FxHashSet;

use super::admitted::admitted;
use super::alertmanager::{Alarm, judge_configuration};
use super::backups::backups;
use super::dashboard::{Around, judge_dashboard};
use super::errors::no_runbooks;
use super::manifests::Manifests;
use super::rules::Rules;
use super::{resources, stack};
use crate::argocd::{self, Tree};
use crate::diag::Diagnostic;
use crate::limits;
use crate::metrics::{Judge, Part, Place, Problem, RULE_TWICE, RuleKind};
use crate::network;
use crate::rbac;

/// Everything that is found in files. What they install at pinned versions is known of, and nothing else that may run where they are used.
pub fn judge_manifests(mut manifests: Manifests) -> (Manifests, Vec<Diagnostic>) {
    let mut found = argocd::judge(&manifests.files, &manifests.others);
    found.extend(policies(&manifests));
    super::policies::policies(&manifests.files, &mut found);
    found.extend(bounds(&manifests));
    found.extend(rights(&manifests));
    let releases = stack::releases(&manifests.files);
    let unread = stack::unread(&manifests.files, &releases, &mut found);
    let servers = stack::servers(&manifests.files, &releases);
    for grafana in manifests.unpack(&releases, &unread) {
        stack::grafana(&grafana, &manifests.files, &mut found);
    }
    let rules = &manifests.rules;
    found.extend(manifests.problems.iter().chain(&rules.problems).cloned());
    let sole = stack::sole(&manifests.files, &releases, &servers);
    let scene = stack::scene(&releases, &sole);
    let judge = Judge::new(&rules.groups, &scene);
    let problems = judge.rules();
    found.extend(
        problems
            .iter()
            .filter(|problem| !is_of_two_files(problem, rules))
            .filter_map(|problem| problem.diagnostic(&mut |place| rules.span(place))),
    );
    let is_instance_renamed = stack::is_instance_renamed(&releases);
    let around = Around { judge: &judge, is_instance_renamed };
    for dashboard in &manifests.dashboards {
        judge_dashboard(dashboard, &around, &mut found);
    }
    let alarm = Alarm::of(&rules.groups, &judge);
    for configuration in &manifests.configurations {
        judge_configuration(configuration, &alarm, &mut found);
    }
    resources::receivers(&manifests.files, &mut found);
    stack::loaded(&manifests.files, &releases, &servers, rules, &mut found);
    stack::scraped(&manifests.files, &releases, &servers, &unread, rules, &mut found);
    runbooks(rules, &mut found);
    stack::deployed(&manifests.files, &mut found);
    admitted(&manifests.files, &mut found);
    backups(&manifests.files, &mut found);
    // Files as they were named, findings as they are written.
    found.sort_by_key(|it| it.primary.as_ref().map(|it| (it.span.file, it.span.start)));
    // Two releases may be given the same values.
    let mut told = FxHashSet::default();
    found.retain(|it| {
        told.insert((it.code, it.primary.as_ref().map(|it| it.span), it.title.clone()))
    });
    (manifests, found)
}

/// What is found in network policies. The files may be a part of what runs: charts bring pods that no file shows.
fn policies(manifests: &Manifests) -> Vec<Diagnostic> {
    let roots = || manifests.files.iter().flat_map(|it| &it.roots);
    let more: BTreeSet<String> =
        roots().filter_map(|it| it.word_at(&["spec", "destination", "namespace"])).collect();
    let scene = network::read(roots());
    let around = network::Around {
        is_whole: false,
        more: &more,
        must: &[],
        is_written: &|_| true,
        is_closed: &|_| false,
    };
    network::judge(&scene, &around)
}

/// What is found in LimitRanges and quotas. Files of one folder that name no namespace go into one.
fn rights(manifests: &Manifests) -> Vec<Diagnostic> {
    let objects: Vec<_> =
        manifests.files.iter().flat_map(|file| file.roots.iter().cloned()).collect();
    let around = rbac::Around { has_all_roles: false, has_all_accounts: &|_| false };
    rbac::judge(&objects, &objects, &around)
}

fn bounds(manifests: &Manifests) -> Vec<Diagnostic> {
    let mut scene = limits::Scene::default();
    for file in &manifests.files {
        let folder = file.name.rsplit_once('/').map_or(".", |(folder, _)| folder);
        file.roots.iter().for_each(|root| scene.take(root, folder));
    }
    let around = limits::Around { is_whole: &|_| false, elsewhere: &|_| false };
    limits::judge(&scene.settled(), &around)
}

/// From how many alerts on it is told that none says what to do.
const MANY_ALERTS: usize = 10;

/// Where no alert of many says what to do.
fn runbooks(rules: &Rules, found: &mut Vec<Diagnostic>) {
    let mut first = None;
    let mut count = 0;
    for (group, of) in rules.groups.iter().enumerate() {
        for (rule, it) in of.rules.iter().enumerate() {
            if !matches!(it.kind, RuleKind::Alert { .. }) {
                continue;
            }
            if it.annotations.iter().any(|(name, _)| name.contains("runbook")) {
                return;
            }
            count += 1;
            first = first.or(Some(Place { group, rule, part: Part::Name, at: None }));
        }
    }
    if let Some((at, _)) = first.filter(|_| count >= MANY_ALERTS).and_then(|it| rules.span(&it)) {
        found.push(no_runbooks(count, at));
    }
}

/// Whether a rule is there twice only since two files are looked at together, which nobody need load together.
fn is_of_two_files(problem: &Problem, rules: &Rules) -> bool {
    let file = |place| rules.span(place).map(|(span, _)| span.file);
    let first = problem.because.first().and_then(|(place, _)| file(place));
    problem.code == RULE_TWICE && first != file(&problem.primary.0)
}

#[cfg(test)]
mod tests {
    use super::judge_manifests;
    use crate::import::Manifests;
    use crate::source::Sources;

    /// The codes that are found in files.
    fn codes(files: &[&str]) -> Vec<String> {
        let mut sources = Sources::new();
        let mut manifests = Manifests::default();
        for (at, text) in files.iter().enumerate() {
            let name = format!("{at}.yaml");
            let id = sources.add(name.clone(), *text);
            assert!(manifests.read(id, &name, text, true), "{text}");
        }
        let (_, found) = judge_manifests(manifests);
        found.iter().map(|it| it.code.as_str().to_owned()).collect()
    }

    #[test]
    fn files_share_records_and_need_not_run_together() {
        let rule = "{ alert: A, expr: 'up{job=\"x\"} == 0 or absent(up{job=\"x\"})', for: 5m, labels: { severity: info } }";
        let once = format!("groups: [{{ name: a, rules: [{rule}] }}]");
        let twice = format!("groups: [{{ name: a, rules: [{rule}, {rule}] }}]");
        assert_eq!(codes(&[&once, &once]), Vec::<String>::new());
        assert_eq!(codes(&[&twice]), ["promql/rule-twice"]);
        let record = "groups: [{ name: r, rules: [{ record: 'a:b', expr: sum by (x) (up) }] }]";
        let user = "groups: [{ name: u, rules: [{ alert: B, expr: 'a:b > 1', for: 5m, annotations: { summary: '{{ $labels.job }}' } }] }]";
        assert_eq!(codes(&[user, record]), ["promql/label-lost"]);
        assert_eq!(codes(&[user]), Vec::<String>::new());
    }

    #[test]
    fn what_prometheus_refuses_is_told() {
        for (text, code) in [
            ("groups: [{ name: a, rules: [{ alert: A }] }]", "import/rule"),
            ("groups: [{ rules: [] }]", "import/rule"),
            ("groups: [{ name: a, rules: [{ alert: A, record: b, expr: up }] }]", "import/rule"),
            ("groups: [{ name: a, interval: 5 minutes, rules: [] }]", "import/rule"),
            ("groups: [{ name: a, rules: [] }, { name: a, rules: [] }]", "import/rule"),
            ("groups: [{ name: a, rules: [{ alert: A, expr: [up] }] }]", "import/rule"),
            (
                "groups: [{ name: a, rules: [{ alert: A, expr: {{ .Values.x }} }] }]",
                "import/template",
            ),
            ("groups: [", "import/yaml"),
            ("{{- if .Values.x }}\ngroups: [\n", "import/template"),
        ] {
            assert_eq!(codes(&[text]), [code], "{text}");
        }
        assert_eq!(codes(&["groups: []"]), Vec::<String>::new());
        assert_eq!(codes(&["kind: PrometheusRule"]), Vec::<String>::new());
    }
}
