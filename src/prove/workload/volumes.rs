//! Volumes: pods on several nodes do not fight for one, and each stands in a place of its own.

use super::ports::once;
use crate::eval::Origin;
use crate::model::{Job, Map, Of, PodShape, Resource, ResourceId, Volume, Workload};
use crate::prove::errors::workload::{self as errors, Crowd};
use crate::prove::{Facts, Place, Refutation};
use crate::source::Sym;

/// A volume that one node can use at a time belongs to one pod.
pub(in crate::prove) fn shared(facts: &Facts<'_>, found: &mut Vec<Refutation>) {
    let mut told = Vec::new();
    for workload in &facts.model.workloads {
        let it = &workload.value;
        let crowd = match it.pod_shape() {
            // Each of its pods has one for itself.
            PodShape::Stateful => continue,
            PodShape::PerNode => Crowd { shape: "per-node", pods: None },
            PodShape::Deployment if it.most().value < 2 => continue,
            PodShape::Deployment => {
                Crowd { shape: "deployment", pods: Some((it.most().value, it.scale.is_some())) }
            }
        };
        let many = if crowd.pods.is_some() { it.most().origin } else { it.shape.origin };
        for (name, volume) in it.volume.iter().filter(|(_, volume)| volume.is_single()) {
            if !once(&mut told, (workload.id, *name)) {
                continue;
            }
            let places =
                [Place::new(workload.id, volume.mount.origin), Place::new(workload.id, many)];
            let (name, crowd) = (*name, crowd);
            found.push(Refutation::written(places, move |written| {
                let [at, many] = written else { return None };
                let is_written = many.by == crate::prove::WrittenBy::Program;
                Some(errors::volume_shared(name, crowd, at.at, is_written.then_some(many.at)))
            }));
        }
    }
}

/// No two volumes or files stand in one place of a container.
pub(in crate::prove) fn mounts(facts: &Facts<'_>, found: &mut Vec<Refutation>) {
    let mut told = Vec::new();
    let model = facts.model;
    let workloads = model.workloads.iter().map(of_workload);
    for (id, volumes, files) in workloads.chain(model.jobs.iter().map(of_job)) {
        let mut taken: Vec<(String, Origin)> = Vec::new();
        let mounts = volumes.iter().map(|(_, volume)| volume.mount);
        for mount in mounts.chain(files) {
            let path = mount.value.trim_end_matches('/').to_owned();
            let Some((_, first)) = taken.iter().find(|(known, _)| *known == path) else {
                taken.push((path, mount.origin));
                continue;
            };
            if once(&mut told, (id, path.clone())) {
                let places = [Place::new(id, mount.origin), Place::new(id, *first)];
                found.push(Refutation::at(places, move |spans: [_; 2]| {
                    errors::mounted_twice(&path, spans)
                }));
            }
        }
    }
}

/// Whose, its volumes, and the paths of its files.
type Mounted<'m, 'a> = (ResourceId, &'m Map<Volume<'a>>, Vec<Of<&'static str>>);

fn paths<T>(files: &[(Sym, T)], at: impl Fn(&T) -> Origin) -> Vec<Of<&'static str>> {
    files.iter().map(|(path, file)| Of::new(path.as_str(), at(file))).collect()
}

fn of_workload<'m, 'a>(it: &'m Resource<'a, Workload<'a>>) -> Mounted<'m, 'a> {
    (it.id, &it.value.volume, paths(&it.value.file, |file| file.text.origin))
}

fn of_job<'m, 'a>(it: &'m Resource<'a, Job<'a>>) -> Mounted<'m, 'a> {
    (it.id, &it.value.volume, paths(&it.value.file, |file| file.text.origin))
}
