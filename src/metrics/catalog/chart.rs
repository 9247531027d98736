//! Which release of a software a version of its Helm chart installs.

use super::release::Release;

const TEXT: &str = include_str!("../../../stdlib/catalog/metrics/charts.txt");

/// The exporters that a chart installs; none where the chart is not known.
pub fn exporters_of_chart(chart: &str) -> Vec<&'static str> {
    let head = TEXT.lines().find_map(|line| named(line, chart));
    head.map_or_else(Vec::new, |exporters| exporters.split(' ').collect())
}

/// The release that a version of a chart installs; none where it is not known.
pub fn app_version(chart: &str, version: &str) -> Option<Release> {
    let version = Release::read(version)?;
    let lines = TEXT.lines().skip_while(|line| named(line, chart).is_none()).skip(1);
    let mut found = None;
    for line in lines.take_while(|line| line.starts_with(' ')) {
        let (key, value) = line.trim_start().split_once(' ').unwrap_or((line.trim_start(), ""));
        match key {
            "same" => return Some(version),
            "read" => {}
            "last" if Release::read(value)? < version => return None,
            "last" => {}
            from if Release::read(from)? <= version => found = Release::read(value),
            _ => {}
        }
    }
    found
}

/// The exporters of the line that begins a chart.
fn named(line: &'static str, chart: &str) -> Option<&'static str> {
    line.strip_prefix("chart ")?.strip_prefix(chart)?.strip_prefix(' ')
}

#[cfg(test)]
mod tests {
    use super::{TEXT, app_version, exporters_of_chart};
    use crate::metrics::catalog::{Release, exporter};

    #[test]
    fn every_line_is_read() {
        let mut charts = 0;
        let mut before = None;
        for line in TEXT.lines().filter(|line| !line.starts_with('#')) {
            if let Some(head) = line.strip_prefix("chart ") {
                let (name, _) = head.split_once(' ').unwrap();
                for of in exporters_of_chart(name) {
                    assert!(exporter(of).is_some(), "{name} installs {of}");
                }
                (charts, before) = (charts + 1, None);
                continue;
            }
            let (key, value) = line.trim_start().split_once(' ').unwrap_or((line.trim_start(), ""));
            if matches!(key, "same" | "read" | "last") {
                continue;
            }
            let from = Release::read(key);
            assert!(from.is_some() && Release::read(value).is_some(), "{line}");
            assert!(before < from, "{line} comes too late");
            before = from;
        }
        assert!(charts > 10);
    }

    #[test]
    fn charts_install_what_their_authors_say() {
        let of = |chart, version| app_version(chart, version).map(|it| it.to_string());
        assert_eq!(of("longhorn", "1.6.2").as_deref(), Some("v1.6.2"));
        assert_eq!(of("cert-manager", "v1.18.2").as_deref(), Some("v1.18.2"));
        assert_eq!(of("kube-state-metrics", "8.4.0").as_deref(), Some("v2.20.0"));
        assert_eq!(of("prometheus-node-exporter", "4.56.1").as_deref(), Some("v1.12.1"));
        assert_eq!(of("argo-cd", "10.1.1").as_deref(), Some("v3.4.4"));
        assert_eq!(of("argo-cd", "99.0.0"), None);
        assert_eq!(of("argo-cd", "0.0.1"), None);
        assert_eq!(of("argo", "1.0.0"), None);
        assert_eq!(of("longhorn", "latest"), None);
    }
}
