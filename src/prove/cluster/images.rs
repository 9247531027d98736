//! The image of machines of EC2 fits what runs on them.

use crate::machines::Arch;
use crate::model::{Os, Provider};
use crate::prove::cluster::site::{Site, sites};
use crate::prove::errors::images as errors;
use crate::prove::{Facts, Place, Refutation};

/// CAPA looks for images of kubeadm, and one image has one architecture.
pub(crate) fn images(facts: &Facts<'_>, found: &mut Vec<Refutation>) {
    for site in sites(facts) {
        let Provider::Aws(aws) = site.provider else { continue };
        match (aws.image, &site.cluster.os) {
            (None, Os::Talos(_)) => {
                let name = site.name;
                let places = [site.here(), Place::name(site.provider_block)];
                let make = move |spans: [_; 2]| errors::talos(name, spans);
                found.push(Refutation::at(places, make));
            }
            (Some(image), _) => one_architecture(&site, image.origin, found),
            (None, Os::Kubeadm(_)) => {}
        }
    }
}

/// All machines of a cluster start from one image, if it is named by its id.
fn one_architecture(site: &Site<'_>, image: crate::eval::Origin, found: &mut Vec<Refutation>) {
    let Some(market) = site.provider.market() else { return };
    let cluster = site.cluster;
    let machines = std::iter::once(&cluster.control_plane.machine)
        .chain(cluster.workers.iter().map(|(_, pool)| &pool.machine));
    let types: Vec<_> = machines
        .filter_map(|machine| {
            let it = market.purchase(machine).size()?;
            let named = machine.r#type.map(|it| it.origin);
            Some((it, named.or_else(|| machine.cpu.map(|it| it.origin)).unwrap_or_default()))
        })
        .collect();
    let first = |arch: Arch| types.iter().find(|(it, _)| it.arch == arch).copied();
    if let (Some((amd, at)), Some((arm, other))) = (first(Arch::Amd64), first(Arch::Arm64)) {
        let name = site.name;
        let image = Place::new(site.provider_block, image);
        let places = [site.at(other), site.at(at), image];
        let make = move |spans: [_; 3]| errors::two_architectures(name, &amd, &arm, spans);
        found.push(Refutation::at(places, make));
    }
}
