//! What the chart kube-prometheus-stack installs, by its version.

use std::sync::OnceLock;

const TABLE: &str = include_str!("../../stdlib/catalog/metrics/kube-prometheus-stack.tsv");

/// The versions of what a version of the chart installs; none where that is not known.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct StackVersions {
    /// `prometheus-operator`
    pub operator: Option<&'static str>,
    /// `prometheus`
    pub prometheus: Option<&'static str>,
    /// `alertmanager`
    pub alertmanager: Option<&'static str>,
    /// `kube-state-metrics`
    pub kube_state_metrics: Option<&'static str>,
    /// `node-exporter`
    pub node_exporter: Option<&'static str>,
}

/// Three numbers.
type Version = [u32; 3];

struct Table {
    /// From which version on.
    rows: Vec<(Version, StackVersions)>,
    /// The last version that the table was made of.
    last: Version,
}

/// What a version of the chart installs; nothing known of versions before and after those of the table.
pub fn stack(version: &str) -> StackVersions {
    let table = table();
    let Some(version) = read(version) else { return StackVersions::default() };
    let after = table.rows.partition_point(|(from, _)| *from <= version);
    let row = after.checked_sub(1).and_then(|row| table.rows.get(row));
    row.filter(|_| version <= table.last).map(|(_, versions)| *versions).unwrap_or_default()
}

fn read(version: &str) -> Option<Version> {
    let mut parts = version.trim_start_matches('v').split('.').map(str::parse::<u32>);
    let mut next = || parts.next().and_then(Result::ok);
    Some([next()?, next()?, next()?])
}

fn table() -> &'static Table {
    static READ: OnceLock<Table> = OnceLock::new();
    READ.get_or_init(|| {
        let mut table = Table { rows: Vec::new(), last: [0; 3] };
        for line in TABLE.lines().filter(|line| !line.starts_with('#')) {
            let mut cells = line.split('\t');
            let Some(version) = cells.next().and_then(read) else { continue };
            table.last = version;
            let mut cell = || cells.next().filter(|cell| *cell != "-");
            let operator = cell();
            if operator != Some("end") {
                let (prometheus, alertmanager) = (cell(), cell());
                let (kube_state_metrics, node_exporter) = (cell(), cell());
                table.rows.push((
                    version,
                    StackVersions {
                        operator,
                        prometheus,
                        alertmanager,
                        kube_state_metrics,
                        node_exporter,
                    },
                ));
            }
        }
        table
    })
}

#[cfg(test)]
mod tests {
    use super::{StackVersions, stack, table};

    #[test]
    fn the_table_is_sorted_and_whole() {
        let table = table();
        assert!(table.rows.is_sorted_by(|(a, _), (b, _)| a < b));
        assert!(table.rows.iter().all(|(_, it)| it.operator.is_some() && it.prometheus.is_some()));
        assert_eq!(table.last, [88, 5, 3]);
    }

    #[test]
    fn versions_are_found() {
        let check = |version: &str, prometheus: Option<&str>| {
            assert_eq!(stack(version).prometheus, prometheus, "{version}");
        };
        check("88.5.3", Some("v3.14.0"));
        check("62.7.0", Some("v2.54.1"));
        // Not a release of its own, but between two.
        check("62.7.99", Some("v2.54.1"));
        check("88.5.4", None);
        check("9.0.0", None);
        check("latest", None);
        assert_eq!(stack("88.5.3").kube_state_metrics, Some("2.20.0"));
        assert_eq!(stack("99.0.0"), StackVersions::default());
    }
}
