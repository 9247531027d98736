//! The part of the runbook about what nodes have for pods.

use super::facts::DayZero;
use super::markdown::Page;
use crate::prove::capacity::Answer;

/// What nodes have for pods, and whether what the program puts there fits.
pub(super) fn capacity(page: &mut Page, zero: &DayZero) {
    let rows: Vec<Vec<String>> = zero
        .capacity
        .iter()
        .flat_map(|cluster| {
            cluster.nodes.iter().map(|nodes| {
                let count = if nodes.least == nodes.most {
                    nodes.least.to_string()
                } else {
                    format!("{} to {}", nodes.least, nodes.most)
                };
                let (machine, free) = match &nodes.size {
                    Ok(size) => (size.raw.to_string(), size.free.to_string()),
                    Err(why) => (format!("not known: {why}"), "not known".to_owned()),
                };
                vec![
                    format!("`{}`", cluster.cluster),
                    format!("`{}`", nodes.nodes),
                    count,
                    machine,
                    free,
                ]
            })
        })
        .collect();
    if !rows.is_empty() {
        page.say("What a node has, and what of it is left for pods beside those on every node:");
        page.table(&["Cluster", "Nodes", "Number", "Each has", "Left for pods"], &rows);
    }
    let answer = |answer: &Answer| match answer {
        Answer::Yes => "yes".to_owned(),
        Answer::No => "no".to_owned(),
        Answer::Unknown(why) => format!("not known: {why}"),
    };
    let rows: Vec<Vec<String>> = zero
        .capacity
        .iter()
        .map(|cluster| {
            vec![
                format!("`{}`", cluster.cluster),
                cluster.pods.to_string(),
                cluster.requested.to_string(),
                answer(&cluster.fits),
                answer(&cluster.fits_with_a_node_lost),
            ]
        })
        .collect();
    if !rows.is_empty() {
        page.say("What this program runs there all the time, with CoreDNS and without the pods' network:");
        page.table(&["Cluster", "Pods", "Request", "Fit", "With a node lost"], &rows);
    }
}
