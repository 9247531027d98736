//! What workloads and databases show of themselves.

use super::scene::{declared, longest, seconds};
use crate::metrics::{Monitor, Scrape};
use crate::model::{Database, Resource, Workload};

/// What is collected from the ports of a workload: one entry for each way in which they treat labels. The label `job` is the name of its Service.
pub(super) fn of_workload(resource: &Resource<'_, Workload<'_>>) -> Vec<Scrape> {
    let it = &resource.value;
    let mut honors: Vec<bool> = it.scraped().map(|(_, scrape)| scrape.honor_labels.value).collect();
    honors.sort_unstable();
    honors.dedup();
    let one = |honor_labels: bool| {
        let ports = it.scraped().filter(|(_, scrape)| scrape.honor_labels.value == honor_labels);
        Scrape {
            honor_labels,
            interval: longest(ports.map(|(_, scrape)| scrape.interval.map(seconds))),
            metrics: it.metric.iter().map(|(_, metric)| declared(metric)).collect(),
            ..plain(resource.address().to_string(), it.name.value.to_string(), Monitor::Service)
        }
    };
    honors.into_iter().map(one).collect()
}

/// What is collected from the servers of a database: CloudNativePG's own metrics, which the library does not know one by one.
pub(super) fn of_database(resource: &Resource<'_, Database<'_>>) -> Option<Scrape> {
    let it = &resource.value;
    let job = format!("{}/{}", it.namespace.value.name, it.name.value);
    it.scrape.value.then(|| plain(resource.address().to_string(), job, Monitor::Pod))
}

fn plain(address: String, job: String, monitor: Monitor) -> Scrape {
    Scrape {
        address,
        exporter: None,
        version: None,
        jobs: vec![job],
        monitor,
        target_labels: Vec::new(),
        honor_labels: false,
        is_relabelled: false,
        dropped: Vec::new(),
        kept: Vec::new(),
        interval: None,
        metrics: Vec::new(),
    }
}
