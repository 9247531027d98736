//! What is said of the images of machines.

use crate::diag::{Code, Diagnostic};
use crate::machines::Type;
use crate::source::{Span, Sym};

/// An image that is looked for, and would not be of Talos.
pub(crate) const TALOS: Code = Code::new("cluster/talos-image");

/// Spans: the cluster, and its provider.
pub(crate) fn talos(cluster: Sym, [at, provider]: [Span; 2]) -> Diagnostic {
    let title = format!("no image of Talos is named for the machines of `cluster.{cluster}`");
    let found = Diagnostic::error(TALOS, title, at, "Talos is to run on its machines")
        .help("CAPA looks for images that are made for kubeadm; images of Talos have other names")
        .help("write the id of Talos' image in the region: `image = \"ami-..\"`");
    if at == provider { found } else { found.because(provider, "it has no `image`") }
}

/// One image for machines of two architectures.
pub(crate) const TWO: Code = Code::new("cluster/one-image");

/// Spans: the machine of ARM, that of x86, and the image.
pub(crate) fn two_architectures(
    cluster: Sym,
    amd: &Type,
    arm: &Type,
    [at, other, image]: [Span; 3],
) -> Diagnostic {
    let title = format!("machines of `cluster.{cluster}` have two architectures, and one image");
    let label = |it: &Type| format!("`{}` is {}", it.name, it.arch.word());
    let mut found = Diagnostic::error(TWO, title, at, label(arm));
    found = if other == at { found.help(label(amd)) } else { found.because(other, label(amd)) };
    found
        .because(image, "an image has one architecture")
        .help("without `image`, CAPA looks for one of each machine's architecture")
}
