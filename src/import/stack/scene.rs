//! What the versions of charts say of metrics.

use super::STACK;
use super::release::Release;
use crate::metrics::catalog::{app_version, exporter, exporters_of_chart};
use crate::metrics::{Monitor, Scene, Scrape, stack};

/// What is collected, as far as pinned charts decide it. Other things may be collected, too; but not what only charts in `sole` have.
pub(in crate::import) fn scene(releases: &[Release], sole: &[&'static str]) -> Scene {
    let mut scene = Scene { of_files: true, ..Scene::default() };
    for release in releases {
        let Some(version) = &release.version else { continue };
        if release.chart == STACK {
            of_stack(release, version, &mut scene);
            continue;
        }
        if release.repository.contains("bitnami") {
            continue;
        }
        for name in exporters_of_chart(&release.chart) {
            if let Some(app) = app_version(&release.chart, version) {
                scene.scrapes.push(scrape(release, name, app.to_string()));
                if sole.contains(&release.chart.as_str()) {
                    scene.sole.push(name.to_owned());
                }
            }
        }
    }
    scene
}

fn scrape(release: &Release, name: &str, version: String) -> Scrape {
    let facts = exporter(name).and_then(|it| it.scrape.as_ref());
    let honors = facts.and_then(|it| it.honor_labels);
    let own = [
        &["prometheus", "servicemonitor", "honorLabels"][..],
        &["controller", "metrics", "serviceMonitor", "honorLabels"],
    ];
    let set = own.iter().find_map(|path| release.values.flag(path));
    Scrape {
        address: release.by.clone(),
        exporter: Some(name.to_owned()),
        version: Some(version),
        jobs: Vec::new(),
        monitor: facts.map_or(Monitor::Service, |it| it.monitor),
        target_labels: facts
            .map_or_else(Vec::new, |it| it.adds.iter().map(|it| (*it).to_owned()).collect()),
        honor_labels: set.or(honors).unwrap_or(true),
        is_relabelled: false,
        dropped: Vec::new(),
        kept: Vec::new(),
        interval: None,
        metrics: Vec::new(),
    }
}

fn of_stack(release: &Release, version: &str, scene: &mut Scene) {
    let versions = stack(version);
    let parts = [
        ("kube-state-metrics", versions.kube_state_metrics),
        ("node-exporter", versions.node_exporter),
        ("prometheus-operator", versions.operator),
        ("prometheus", versions.prometheus),
        ("alertmanager", versions.alertmanager),
    ];
    for (name, version) in parts {
        if let Some(version) = version {
            scene.scrapes.push(scrape(release, name, version.to_owned()));
        }
    }
}
