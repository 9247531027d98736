//! Right and wrong templates, and the laws that hold for any text.

use proptest::prelude::*;

use super::{Context, Labels, Parameter, Parameters, check as problems};

/// `code "the wrong part" title`, a line each; `+ "other part"` for a second place, `=> text` for the mended template.
fn shown(text: &str, context: &Context) -> Vec<String> {
    let found = problems(text, &[], context);
    found
        .into_iter()
        .map(|problem| {
            let mut line =
                format!("{} {:?} {}", problem.code.as_str(), problem.at.of(text), problem.title);
            if let Some((at, _)) = &problem.second {
                line.push_str(&format!(" + {:?}", at.of(text)));
            }
            if let Some(mend) = &problem.fix {
                let (start, end) = (mend.at.start as usize, mend.at.end as usize);
                line.push_str(&format!(" => {}{}{}", &text[..start], mend.text, &text[end..]));
            }
            assert!(problem.label.split_whitespace().count() <= 6, "too long: {}", problem.label);
            line
        })
        .collect()
}

fn check_in(context: &Context, text: &str, expected: &[&str]) {
    assert_eq!(shown(text, context), expected, "{text}");
}

fn check(text: &str, expected: &[&str]) {
    let labels = ["instance", "job", "le"].map(str::to_owned).to_vec();
    check_in(&Context::prometheus(Labels::Known(labels)), text, expected);
}

fn open(text: &str, expected: &[&str]) {
    check_in(&Context::prometheus(Labels::Open), text, expected);
}

fn argo(text: &str, expected: &[&str]) {
    let path = Parameters {
        fields: vec![
            ("basename".to_owned(), Parameter::Text),
            ("segments".to_owned(), Parameter::List),
        ],
        is_open: false,
    };
    let parameters = Parameters {
        fields: vec![
            ("path".to_owned(), Parameter::Record(path)),
            ("branch".to_owned(), Parameter::Text),
            ("values".to_owned(), Parameter::Any),
        ],
        is_open: false,
    };
    check_in(&Context::argo(parameters), text, expected);
}

fn cluster(text: &str, expected: &[&str]) {
    let fields = vec![
        ("name".to_owned(), Parameter::Text),
        ("count".to_owned(), Parameter::Number),
        ("on".to_owned(), Parameter::Bool),
        ("zones".to_owned(), Parameter::List),
    ];
    check_in(&Context::cluster_api(Parameters { fields, is_open: true }), text, expected);
}

#[test]
fn classes_of_clusters() {
    for right in [
        "{{ .name | upper | replace \"+\" \"_\" }}",
        "{{ if .on }}{{ .count }}{{ end }}",
        "{{ range .zones }}{{ . }}{{ end }}{{ .other.deep }}",
        "{{ if gt .count 3.0 }}x{{ end }}",
        "{{ semverCompare \">= 1.30\" .builtin.controlPlane.version }}",
    ] {
        cluster(right, &[]);
    }
    cluster("{{ now }}", &["template/unknown-function \"now\" Cluster API has no function `now`"]);
    cluster(
        "{{ uuidv4 }}",
        &["template/unknown-function \"uuidv4\" Cluster API has no function `uuidv4`"],
    );
    cluster(
        "{{ .zones | toYaml }}",
        &[
            "template/unknown-function \"toYaml\" Cluster API has no function `toYaml` => {{ .zones | toJson }}",
        ],
    );
}

#[test]
fn right_templates() {
    for text in [
        "",
        "no template, } }} { and ' \"",
        "{{ $value }} {{$value}} {{- $value -}} {{ .Value }} {{ $.Value }}",
        "{{/* why */}}{{- /* why */ -}}",
        "{{ $labels.instance }} {{ .Labels.job }} {{ index $labels \"le\" }}",
        "{{ $labels.le | humanize }} {{ \"43200\" | humanizeDuration }} {{ humanize 3 }}",
        "{{ printf \"%.2f%%\" $value }} {{ $value | printf \"%.1f\" }} {{ printf \"%v\" $value }}",
        "{{ if gt $value 1.0 }}a{{ else if eq $labels.job \"x\" }}b{{ else }}c{{ end }}",
        "{{ with $labels.job -}} {{ . }} {{- else with $labels.le }}{{ . }}{{ end }}",
        "{{ with query \"up\" }}{{ . | first | value | humanizePercentage }}{{ end }}",
        "{{ range query `up{job=\"a\"}` }}{{ .Labels.anything }} {{ .Value }}{{ break }}{{ end }}",
        "{{ range $i, $s := query \"up\" | sortByLabel \"job\" }}{{ $i }} {{ label \"job\" $s }}{{ end }}",
        "{{ range $k, $v := $labels }}{{ $k }}={{ $v | toUpper }}{{ else }}none{{ end }}",
        "{{ $x := 3 }}{{ $x = 4 }}{{ $x }}{{ if $y := $labels.job }}{{ $y }}{{ else }}{{ $y }}{{ end }}",
        "{{ define \"a\" }}{{ . }} {{ $ }}{{ end }}{{ template \"a\" $value }}{{ block \"b\" . }}{{ .x }}{{ end }}",
        "{{ $value | toTime }} {{ ($value | toTime).Year }} {{ (query \"up\" | first).Value }}",
        "{{ match \"a.*\" $labels.job }}{{ reReplaceAll `(.*)\\.x` \"$1\" $labels.job }}",
        "{{ len $labels.job }}{{ slice $labels.job 0 3 }}{{ and $labels.job $value }}",
        "{{ or $labels.job (or $labels.le \"x\") | toUpper }}{{ not true }}{{ eq 'a' 97 }}",
        "{{ externalURL }}{{ $externalURL }}{{ $externalLabels.cluster }}{{ pathPrefix }}",
        "{{ \"}}\" }}{{ \"{{\" }}{{ `{{` }}{{\n$value\n}}{{ print }}",
        "{{ printf \"%[1]d\" $value }}{{ (args 1 2).arg0 }}{{- -3 }}{{ .5 }}{{ 1e3 }}",
    ] {
        check(text, &[]);
    }
    open("{{ $labels.anything }}{{ .Labels.anything | toUpper }}", &[]);
    argo("{{ .path.basename }}-{{ index .path.segments 1 | trunc 5 }}-{{ .values.a.b }}", &[]);
    argo("{{ slugify 23 true .branch }} {{ normalize .branch }} {{ default \"x\" .branch }}", &[]);
    argo("{{ slice .path.segments 1 | join \"-\" }} {{ hasKey . \"branch\" }} {{ toYaml . }}", &[]);
}

#[test]
fn what_cannot_be_read() {
    let code = |rest: &str| format!("text/go-template {rest}");
    let one = |text: &str, expected: &str| check(text, &[&code(expected)]);
    one("a {{ $value", r#""{{" an action that is not closed"#);
    one("{{ $value {{ $value }}", r#""{{" an action that is not closed"#);
    one("{{ }}", r#""{{ }}" an action that says nothing"#);
    one("{{/* x }}", r#""/*" a comment that is not closed"#);
    one("{{/* x */ }}", r#"" " a comment beside something else => {{/* x */}}"#);
    one("{{ /* x */}}", r#""/*" a comment beside something else"#);
    one("{{ \"a }}", r#""\"" a text that is not closed"#);
    one("{{ `a }}", r#""`" a raw text that is not closed"#);
    one(
        "{{ printf '%s' $value }}",
        r#""'%s'" a text in single quotes => {{ printf "%s" $value }}"#,
    );
    one("{{ don't }}", r#""'" a stray single quote"#);
    one("{{ ($value }}", r#""(" a parenthesis that is not closed"#);
    one("{{ $value) }}", r#"")" a parenthesis that nothing opens"#);
    one("{{ if $value }}", r#""if" an `if` without its `end`"#);
    one("{{ range $labels }}{{ if $value }}{{ end }}", r#""range" a `range` without its `end`"#);
    one("{{ end }}", r#""end" an `end` that belongs to nothing"#);
    one("{{ else }}", r#""else" an `else` that belongs to nothing"#);
    one("{{ break }}", r#""break" a `break` outside of a `range`"#);
    one("{{ if 1 }}{{ else }}{{ else }}{{ end }}", r#""else" an `else` behind an `else` + "else""#);
    one(
        "{{ if 1 }}{{ define \"x\" }}{{ end }}{{ end }}",
        r#""define" a definition inside of a block + "if""#,
    );
    one("{{ if }}{{ end }}", r#""if" an action that ends too early"#);
    one("{{ \"\u{2000}\"|}}", r#""|" a pipe that leads nowhere"#);
    one("{{ $value | }}", r#""|" a pipe that leads nowhere"#);
    one("{{ $value || humanize }}", r#""||" `||` in an action"#);
    one("{{ | humanize }}", r#""|" a pipe without a value"#);
    one("{{ $value > 3 }}", r#"">" `>` in an action"#);
    one("{{ $value * 100 }}", r#""*" `*` in an action"#);
    one("{{ $labels[\"a\"] }}", r#""[" an index in brackets"#);
    one("{{ $labels. }}", r#""." a dot without a field"#);
    one("{{ printf\"a\" }}", r#""\"" two arguments without a blank between => {{ printf "a" }}"#);
    one("{{ $value-}}", r#""-" a trim marker without its blank => {{ $value -}}"#);
    one("{{ $labels.a-b }}", r#""-" a name with a hyphen => {{ index $labels "a-b" }}"#);
    one(
        "{{ toUpper $labels.a-b }}",
        r#""-" a name with a hyphen => {{ toUpper (index $labels "a-b") }}"#,
    );
    one(
        "{{ humanize-duration $value }}",
        r#""-" a name with a hyphen => {{ humanizeDuration $value }}"#,
    );
    one("{{ ..Labels.job }}", r#""..Labels" a dot behind a dot"#);
    one("{{ 3x }}", r#""3x" `3x` is no number"#);
    one("{{ match \"a\\.b\" $labels.job }}", r#""\\." `\.` is no escape of Go"#);
    one("{{ $value | 3 }}", r#""3" a value piped into a constant"#);
    one("{{ \"a\".b }}", r#""b" a field of a constant"#);
    one("{{ $a, $b := $value }}", r#""$b" two variables for one value"#);
    one("{{ printf \"a\", 3 }}", r#""," a comma between arguments"#);
    let deep = format!("{{{{ {}1{} }}}}", "(".repeat(65), ")".repeat(65));
    one(&deep, r#""(" a template that is nested too deeply"#);
    let deep = format!("{}{}", "{{ if 1 }}".repeat(65), "{{ end }}".repeat(65));
    one(&deep, r#""if" a template that is nested too deeply"#);
    check(
        "{{ if > }}{{ end }}{{ end }}",
        &[
            r#"text/go-template ">" `>` in an action"#,
            r#"text/go-template "end" an `end` that belongs to nothing"#,
        ],
    );
    // Each wrong action is said, and none hides another.
    check(
        "{{ if > }}{{ $lables.job }}{{ end }}{{ 3x }}",
        &[
            r#"text/go-template ">" `>` in an action"#,
            r#"template/unknown-variable "$lables" the template has no variable `$lables` => {{ if > }}{{ $labels.job }}{{ end }}{{ 3x }}"#,
            r#"text/go-template "3x" `3x` is no number"#,
        ],
    );
}

#[test]
fn names_that_nothing_has() {
    check(
        "{{ $lables.job }}",
        &[
            r#"template/unknown-variable "$lables" the template has no variable `$lables` => {{ $labels.job }}"#,
        ],
    );
    check(
        "{{ $labels.jobb }}",
        &[r#"template/unknown-field "jobb" the query yields no label `jobb` => {{ $labels.job }}"#],
    );
    check(
        "{{ index $labels \"jobb\" }}",
        &[
            r#"template/unknown-field "jobb" the query yields no label `jobb` => {{ index $labels "job" }}"#,
        ],
    );
    check("{{ $value.x }}", &[r#"template/unknown-field "x" `$value` has no fields"#]);
    check("{{ $labels.job.x }}", &[r#"template/unknown-field "x" `$labels.job` has no fields"#]);
    check(
        "{{ .instance }}",
        &[
            r#"template/unknown-field "instance" the alert has no field `instance` => {{ $labels.instance }}"#,
        ],
    );
    check(
        "{{ .labels.job }}",
        &[
            r#"template/unknown-field "labels" the alert has no field `labels` => {{ .Labels.job }}"#,
        ],
    );
    check(
        "{{ labels.job }}",
        &[
            r#"template/unknown-function "labels" Prometheus has no function `labels` => {{ $labels.job }}"#,
        ],
    );
    check(
        "{{ label.job }} {{ value }}",
        &[
            r#"template/arguments "label" `label` takes two arguments => {{ $labels.job }} {{ value }}"#,
            r#"template/arguments "value" `value` takes one argument => {{ label.job }} {{ $value }}"#,
        ],
    );
    check(
        "{{ $value | humanise }}",
        &[
            r#"template/unknown-function "humanise" Prometheus has no function `humanise` => {{ $value | humanize }}"#,
        ],
    );
    check(
        "{{ $labels.job | upper }}",
        &[
            r#"template/unknown-function "upper" Prometheus has no function `upper` => {{ $labels.job | toUpper }}"#,
        ],
    );
    check(
        "{{ $labels.job | trimSuffix \"x\" }}{{ env \"HOME\" }}",
        &[
            r#"template/unknown-function "trimSuffix" Prometheus has no function `trimSuffix`"#,
            r#"template/unknown-function "env" Prometheus has no function `env`"#,
        ],
    );
    check(
        "{{ define \"a\" }}{{ $labels.job }}{{ end }}{{ template \"b\" }}",
        &[
            r#"template/unknown-variable "$labels" `$labels` is not seen in a definition"#,
            r#"template/unknown-template "\"b\"" no template `b` is defined => {{ define "a" }}{{ $labels.job }}{{ end }}{{ template "a" }}"#,
        ],
    );
    check(
        "{{ if 1 }}{{ $x := 1 }}{{ end }}{{ $x }}",
        &[r#"template/unknown-variable "$x" the template has no variable `$x`"#],
    );
    check(
        "{{ range query \"up\" }}{{ .labels }}{{ end }}",
        &[
            r#"template/unknown-field "labels" a sample has no field `labels` => {{ range query "up" }}{{ .Labels }}{{ end }}"#,
        ],
    );
    argo(
        "{{ .path.basname }} {{ branch }} {{ env \"HOME\" }} {{ .nothing }}",
        &[
            r#"template/unknown-field "basname" no parameter `basname` is given here => {{ .path.basename }} {{ branch }} {{ env "HOME" }} {{ .nothing }}"#,
            r#"template/unknown-function "branch" Argo CD has no function `branch` => {{ .path.basname }} {{ .branch }} {{ env "HOME" }} {{ .nothing }}"#,
            r#"template/unknown-function "env" Argo CD has no function `env`"#,
            r#"template/unknown-field "nothing" no parameter `nothing` is given here"#,
        ],
    );
    argo(
        "{{ path.basename }}",
        &[
            r#"template/unknown-function "path" Argo CD has no function `path` => {{ .path.basename }}"#,
        ],
    );
}

#[test]
fn values_that_do_not_fit() {
    check("{{ humanize }}", &[r#"template/arguments "humanize" `humanize` takes one argument"#]);
    check(
        "{{ $value | humanize 1 }}",
        &[r#"template/arguments "humanize" `humanize` takes one argument"#],
    );
    check(
        "{{ $labels.job $value }}",
        &[r#"template/arguments "$labels.job" `$labels.job` takes no arguments + "$value""#],
    );
    check(
        "{{ $labels.job | $value }}",
        &[r#"template/arguments "$value" `$value` takes no arguments + "$labels.job""#],
    );
    check(
        "{{ $value | toUpper }}",
        &[r#"template/mismatch "$value" `toUpper` takes a text, not a number"#],
    );
    check(
        "{{ $labels | humanize }}",
        &[
            r#"template/mismatch "$labels" `humanize` takes a number, or a text that reads as one, not a map"#,
        ],
    );
    check(
        "{{ \"3d\" | humanizeDuration }}",
        &[
            r#"template/mismatch "\"3d\"" `humanizeDuration` takes a number, and `3d` reads as none"#,
        ],
    );
    check(
        "{{ query \"up\" | value }}",
        &[
            r#"template/mismatch "query \"up\"" `value` takes a sample, such as `query ".." | first`, not a list of samples"#,
        ],
    );
    check(
        "{{ if gt $value 1 }}{{ end }}",
        &[
            r#"template/mismatch "1" a whole number is compared with a fractional number + "$value" => {{ if gt $value 1.0 }}{{ end }}"#,
        ],
    );
    check(
        "{{ if eq $labels.le 5 }}{{ end }}",
        &[
            r#"template/mismatch "5" a whole number is compared with a text + "$labels.le" => {{ if eq $labels.le "5" }}{{ end }}"#,
        ],
    );
    check(
        "{{ printf \"%d\" $value }}",
        &[r#"template/mismatch "\"%d\"" `%d` does not print a number + "$value""#],
    );
    check(
        "{{ printf \"%s %s\" $labels.job }}",
        &[r#"template/arguments "\"%s %s\"" a format for two arguments with 1 to print"#],
    );
    check("{{ nil }}", &[r#"template/mismatch "nil" `nil` is nothing that prints"#]);
    check(
        "{{ range $value }}{{ end }}",
        &[r#"template/mismatch "$value" a `range` through a number"#],
    );
    check(
        "{{ len $value }}{{ index $value 1 }}",
        &[
            r#"template/mismatch "$value" `len` takes a text, a list or a map, not a number"#,
            r#"template/mismatch "$value" an entry of a number"#,
        ],
    );
    check(
        "{{ match \"(a\" $labels.job }}",
        &[r#"template/mismatch "\"(a\"" not a regular expression (RE2)"#],
    );
    argo(
        "{{ .branch | first }}",
        &[r#"template/mismatch ".branch" `first` takes a list, not a text"#],
    );
}

#[test]
fn holes_stand_between_actions() {
    let context = Context::prometheus(Labels::Open);
    // A hole is a letter that templates do not know, so that what stands around it is not joined.
    let text = "\u{1a}{{ $value }}\u{1a}{\u{1a}{ x }}";
    assert_eq!(problems(text, &[0, 13, 15], &context), []);
    let text = "{{ printf \"\u{1a}\" }}{{ $lables }}";
    let found: Vec<&str> =
        problems(text, &[11], &context).iter().map(|problem| problem.code.as_str()).collect();
    assert_eq!(found, ["template/hole-in-action", "template/unknown-variable"]);
}

/// Pieces of templates, put together in any order.
fn pieces() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => prop::sample::select(vec![
            "{{", "}}", "{{ ", " }}", "{{-", "-}}", "{{- ", " -}}", "/*", "*/", "\"", "`", "'", "(", ")", "|",
            ":=", "=", ",", ".", "$", "$x", "$labels", ".job", "$value", "if ", "else ", "end", "range ",
            "with ", "define ", "template ", "block ", "break", "continue", "\"a\"", "printf ", "humanize ",
            "query ", "first ", "value", "index ", "eq ", "3", "1.5", "0x", "nil", "true", " ", "\n", "\\",
            "{{ end }}", "{{ if $value }}", "{{ else }}", "ä", "-", "[", "%d", "\u{1a}",
        ])
        .prop_map(str::to_owned),
        1 => any::<String>(),
    ];
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3000))]
    #[test]
    fn any_text_is_read_and_places_lie_in_it(text in pieces()) {
        let labels = Labels::Known(vec!["job".to_owned()]);
        for context in [Context::prometheus(labels), Context::argo(Parameters::default())] {
            for problem in problems(&text, &[], &context) {
                let second = problem.second.as_ref().map(|(at, _)| *at);
                let mend = problem.fix.as_ref().map(|mend| mend.at);
                for at in [Some(problem.at), second, mend].into_iter().flatten() {
                    prop_assert!(
                        text.get(at.start as usize..at.end as usize).is_some(),
                        "{:?}: {:?}", text, problem
                    );
                }
                prop_assert!(!problem.title.is_empty() && !problem.label.is_empty());
            }
        }
    }
}

#[test]
fn long_texts_take_time_in_proportion() {
    let context = Context::prometheus(Labels::Open);
    let many = "{{ if $value }}{{ $labels.x | printf \"%s\" }}{{ end }}".repeat(20_000);
    assert_eq!(problems(&many, &[], &context), []);
    let chain = format!("{{{{ if 1 }}}}{}{{{{ end }}}}", "{{ else if 2 }}x".repeat(50_000));
    assert_eq!(problems(&chain, &[], &context), []);
    let open = "{{ ".repeat(100_000);
    assert_eq!(problems(&open, &[], &context).len(), super::MOST);
    let fields = format!("{{{{ $labels{} }}}}", ".x".repeat(50_000));
    assert!(!problems(&fields, &[], &context).is_empty());
}
