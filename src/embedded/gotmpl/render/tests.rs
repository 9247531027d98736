//! What templates print.

use super::{Firing, render};

fn printed(text: &str, value: f64) -> Result<String, String> {
    let labels = vec![
        ("instance".to_owned(), "node-1.example:9100".to_owned()),
        ("job".to_owned(), "node".to_owned()),
    ];
    let mut ask =
        |query: &str| (query == "up").then(|| vec![(vec![("a".to_owned(), "b".to_owned())], 7.0)]);
    let mut firing =
        Firing { labels, external_labels: Vec::new(), value, now: 60.0, ask: &mut ask };
    render(text, &mut firing).map_err(|why| why.0)
}

fn check(text: &str, value: f64, expected: &str) {
    assert_eq!(printed(text, value).as_deref(), Ok(expected), "{text}");
}

#[test]
fn labels_and_values_are_printed() {
    check("plain } text", 0.0, "plain } text");
    check("{{ $labels.instance }} is {{ $value }}", 0.25, "node-1.example:9100 is 0.25");
    check("{{ .Labels.job }}/{{ .Value }}", 1e21, "node/1e+21");
    check("{{ $labels.nothing }}.", 0.0, ".");
    check("{{ index $labels \"job\" }}", 0.0, "node");
    check("{{ or $labels.pod \"no pod\" }}", 0.0, "no pod");
    check("{{ or $labels.pod (or $labels.job \"x\") }}", 0.0, "node");
    check("{{ with $labels.pod }}{{ . }}{{ else }}on {{ $labels.job }}{{ end }}", 0.0, "on node");
    check("{{ if eq $labels.job \"node\" }}a{{ else if $value }}b{{ end }}", 1.0, "a");
    check(
        "{{ range $k, $v := $labels }}{{ $k }}={{ $v }};{{ end }}",
        0.0,
        "instance=node-1.example:9100;job=node;",
    );
    check("a {{- /* gone */ -}} b{{ \"{{\" }}", 0.0, "ab{{");
    check("a {{- $x := 3 -}} b{{ $x }}", 0.0, "ab3");
    check("{{ $labels }}", 0.0, "map[instance:node-1.example:9100 job:node]");
    check("{{ define \"x\" }}<{{ . }}>{{ end }}{{ template \"x\" $labels.job }}", 0.0, "<node>");
}

#[test]
fn functions_are_computed() {
    check("{{ $value | humanize }}", 1_234_567.0, "1.235M");
    check("{{ humanize $value }}", 0.000_5, "500u");
    check("{{ humanize $value }}", 999_999.0, "1000k");
    check("{{ $value | humanize1024 }}B", 1_234_567.0, "1.177MiB");
    check("{{ $value | humanizeDuration }}", 5025.0, "1h 23m 45s");
    check("{{ $value | humanizeDuration }}", -90_061.0, "-1d 1h 1m 1s");
    check("{{ $value | humanizeDuration }}", 0.0123, "12.3ms");
    check("{{ $value | humanizeDuration }}", 12.345_67, "12.35s");
    check("{{ $value | humanizePercentage }}", 0.857_15, "85.72%");
    check(
        "{{ $value | humanizeTimestamp }}",
        1_435_065_584.128,
        "2015-06-23 13:19:44.128 +0000 UTC",
    );
    check("{{ printf \"%.2f|%5.1f|%s\" $value $value $labels.job }}", 1.005, "1.00|  1.0|node");
    check("{{ $value | printf \"%.0f\" }}", 2.5, "2");
    check("{{ $labels.instance | stripPort | toUpper }}", 0.0, "NODE-1.EXAMPLE");
    check("{{ stripDomain $labels.instance }}", 0.0, "node-1:9100");
    check("{{ reReplaceAll \"(.*):.*\" \"$1\" $labels.instance }}", 0.0, "node-1.example");
    check("{{ query \"up\" | first | value }}", 0.0, "7");
    check("{{ $value | toDuration }}", 5025.5, "1h23m45.5s");
    check("{{ title \"some words\" }}", 0.0, "Some Words");
    check("{{ parseDuration \"1h30m\" }}", 0.0, "5400");
    check("{{ gt $value 1.5 }}{{ len $labels }}", 2.0, "true2");
}

#[test]
fn what_cannot_be_printed_is_refused() {
    let refused = |text: &str| assert!(printed(text, 1.0).is_err(), "{text}");
    refused("{{ query \"down\" | first | value }}");
    refused("{{ gt $value 1 }}");
    refused("{{ humanize $labels.job }}");
    refused("{{ $nothing }}");
    refused("{{ if }}");
    refused("{{ define \"x\" }}{{ template \"x\" }}{{ end }}{{ template \"x\" }}");
    refused("{{ printf \"%d\" $value }}");
}
