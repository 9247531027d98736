//! Rules of other people, judged without a program around them.

use super::rules::Rules;
use crate::diag::Diagnostic;
use crate::metrics::{Problem, RULE_TWICE, Scene, judge};
use crate::source::Sources;

/// Everything that is found in rules. Nothing is known of what is scraped where they will run, nor of versions.
pub fn judge_rules(rules: &Rules, sources: &Sources) -> Vec<Diagnostic> {
    let mut found = rules.problems.clone();
    let problems = judge(&rules.groups, &Scene::default());
    found.extend(
        problems
            .iter()
            .filter(|problem| !is_of_two_files(problem, rules, sources))
            .filter_map(|problem| problem.diagnostic(&mut |place| rules.span(place, sources))),
    );
    // Files as they were named, findings as they are written.
    found.sort_by_key(|it| it.primary.as_ref().map(|it| (it.span.file, it.span.start)));
    found
}

/// Whether a rule is there twice only since two files are looked at together, which nobody need load together.
fn is_of_two_files(problem: &Problem, rules: &Rules, sources: &Sources) -> bool {
    let file = |place| rules.span(place, sources).map(|(span, _)| span.file);
    let first = problem.because.first().and_then(|(place, _)| file(place));
    problem.code == RULE_TWICE && first != file(&problem.primary.0)
}

#[cfg(test)]
mod tests {
    use super::judge_rules;
    use crate::import::Rules;
    use crate::source::Sources;

    /// The codes that are found in files.
    fn codes(files: &[&str]) -> Vec<String> {
        let mut sources = Sources::new();
        let mut rules = Rules::default();
        for (at, text) in files.iter().enumerate() {
            let name = format!("{at}.yaml");
            let id = sources.add(name.clone(), *text);
            assert!(rules.read(id, &name, text), "{text}");
        }
        let found = judge_rules(&rules, &sources);
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
