//! Whether a namespace admits the pods, and whether their images stay what they are.

use super::ports::once;
use crate::embedded::check_image;
use crate::eval::Origin;
use crate::model::{Declared, Of, Ref, Resource, ResourceId, Security};
use crate::prove::errors::workload as errors;
use crate::prove::{Facts, Place, Refutation};
use crate::source::Sym;

/// Capabilities that the standard `baseline` leaves to pods (Pod Security Standards of Kubernetes).
const BASELINE: &[&str] = &[
    "AUDIT_WRITE",
    "CHOWN",
    "DAC_OVERRIDE",
    "FOWNER",
    "FSETID",
    "KILL",
    "MKNOD",
    "NET_BIND_SERVICE",
    "SETFCAP",
    "SETGID",
    "SETPCAP",
    "SETUID",
    "SYS_CHROOT",
];

/// The namespace of what runs admits what its `security` asks for.
pub(in crate::prove) fn admitted(facts: &Facts<'_>, found: &mut Vec<Refutation>) {
    let mut told = Vec::new();
    for it in &facts.model.workloads {
        refused(facts, it, it.value.namespace, &it.value.security, &mut told, found);
    }
    for it in &facts.model.jobs {
        refused(facts, it, it.value.namespace, &it.value.security, &mut told, found);
    }
}

fn refused<T: Declared>(
    facts: &Facts<'_>,
    resource: &Resource<'_, T>,
    namespace: Of<Ref>,
    security: &Security<'_>,
    told: &mut Vec<(ResourceId, Origin)>,
    found: &mut Vec<Refutation>,
) {
    let is_there = |targets: &[Ref]| targets.iter().any(|it| resource.targets.contains(it));
    let mut namespaces = facts.model.namespaces.iter();
    let Some(place) = namespaces.find(|it| it.id == namespace.value.id && is_there(&it.targets))
    else {
        return;
    };
    let level = place.value.pod_security;
    let (is_restricted, is_baseline) =
        (level.value.as_str() == "restricted", level.value.as_str() != "privileged");
    let mut asked: Vec<(String, Origin, &'static str)> = Vec::new();
    if security.host_network.value && is_baseline {
        asked.push((
            "the network of its node".to_owned(),
            security.host_network.origin,
            "privileged",
        ));
    }
    if security.root.value && is_restricted {
        asked.push(("the rights of root".to_owned(), security.root.origin, "baseline"));
    }
    for capability in &security.capabilities {
        let is_usual = BASELINE.contains(&capability.value);
        let needed = if is_usual { "baseline" } else { "privileged" };
        let is_fine = if is_restricted { capability.value == "NET_BIND_SERVICE" } else { is_usual };
        if is_baseline && !is_fine {
            let what = format!("the capability `{}`", capability.value);
            asked.push((what, capability.origin, needed));
        }
    }
    for (what, origin, needed) in asked {
        if !once(told, (resource.id, origin)) {
            continue;
        }
        let places = [Place::new(resource.id, origin), Place::new(place.id, level.origin)];
        let names = (resource.address().to_string(), place.name.value, level.value);
        found.push(Refutation::at(places, move |spans: [_; 2]| {
            errors::refused(&names.0, names.1, names.2, &what, needed, spans)
        }));
    }
}

/// An image names the same program tomorrow.
pub(in crate::prove) fn images(facts: &Facts<'_>, found: &mut Vec<Refutation>) {
    let mut images: Vec<(ResourceId, Of<&str>)> = Vec::new();
    for it in &facts.model.workloads {
        images.push((it.id, it.value.image));
        let others = it.value.init.iter().chain(&it.value.sidecar);
        images.extend(others.map(|(_, container)| (it.id, container.image)));
    }
    images.extend(facts.model.jobs.iter().map(|it| (it.id, it.value.image)));
    let mut told = Vec::new();
    for (id, image) in images {
        let Ok(parts) = check_image(image.value) else { continue };
        let moves = !parts.is_pinned() && matches!(parts.tag, None | Some("latest"));
        if moves && once(&mut told, (id, image.origin)) {
            let (name, tag) = (image.value.to_owned(), parts.tag.map(Sym::new));
            let place = Place::new(id, image.origin);
            found.push(Refutation::at([place], move |[at]: [_; 1]| {
                errors::image_moves(&name, tag, at)
            }));
        }
    }
}
