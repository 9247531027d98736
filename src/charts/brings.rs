//! What software brings to a cluster.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

const TABLE: &str = include_str!("../../stdlib/catalog/charts/brings.txt");

/// What a chart brings, as `stdlib/catalog/charts/brings.txt` says.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Brought {
    /// Groups of CustomResourceDefinitions.
    pub groups: Vec<&'static str>,
    /// StorageClasses.
    pub classes: Vec<&'static str>,
    /// Whether its pods, or those that it makes, are reached from outside of the cluster: they carry the traffic of others in.
    pub carries_traffic: bool,
}

static CHARTS: LazyLock<FxHashMap<&'static str, Brought>> = LazyLock::new(|| {
    let lines = TABLE.lines().filter(|line| !line.starts_with('#'));
    lines
        .filter_map(|line| {
            let mut parts = line.split(';').map(str::trim);
            let mut groups = parts.next()?.split_whitespace();
            let chart = groups.next()?;
            let brought = Brought {
                groups: groups.collect(),
                classes: parts.next().unwrap_or_default().split_whitespace().collect(),
                carries_traffic: parts.next() == Some("traffic"),
            };
            Some((chart, brought))
        })
        .collect()
});

/// What a chart brings; none where the library does not know it. The name may have folders before it, as in registries.
pub fn brought_by(chart: &str) -> Option<&'static Brought> {
    CHARTS.get(short_name(chart))
}

/// The name of a chart without the folders before it.
pub fn short_name(chart: &str) -> &str {
    chart.rsplit('/').next().unwrap_or(chart)
}

/// Whether a chart is known to carry the traffic of others into a cluster.
pub fn carries_traffic(chart: &str) -> bool {
    brought_by(chart).is_some_and(|it| it.carries_traffic)
}

#[cfg(test)]
mod tests {
    use super::{brought_by, carries_traffic};

    #[test]
    fn charts_bring_groups_and_classes() {
        let longhorn = brought_by("longhorn").unwrap();
        assert_eq!(longhorn.groups, ["longhorn.io"]);
        assert_eq!(longhorn.classes, ["longhorn", "longhorn-static"]);
        assert_eq!(brought_by("charts/cert-manager"), brought_by("cert-manager"));
        assert_eq!(brought_by("nobody-knows"), None);
        assert!(carries_traffic("traefik") && carries_traffic("ingress-nginx"));
        assert!(!carries_traffic("cert-manager") && !carries_traffic("nobody-knows"));
    }
}
