//! Runs on a schedule that a backend makes for a resource that is no job: hardened and bounded as jobs are.

use super::{Head, around, job};
use crate::backend::k8s::{IntoNode, list, text};
use crate::backend::{Manifest, Node};
use crate::eval::Origin;
use crate::model::{File, Map, Model, Of, Quantity, Range, Security, Toleration, Volume};
use crate::source::Sym;

/// The user and group `nobody`: images of tools are often made for root, which a pod may not be.
const NOBODY: i64 = 65_534;

const MEBIBYTE: i64 = 1 << 20;

/// What runs.
#[derive(Clone, Debug)]
pub(in crate::backend) struct Errand<'a> {
    pub(super) name: Of<Sym>,
    pub(super) image: Of<&'a str>,
    pub(super) command: Node<'a>,
    pub(super) env: Node<'a>,
    pub(super) schedule: Of<&'a str>,
    pub(super) cpu: Range<Quantity<'a>>,
    pub(super) memory: Range<Quantity<'a>>,
    pub(super) security: Security<'a>,
    pub(super) nothing: Nothing<'a>,
}

/// What errands have none of.
#[derive(Clone, Debug, Default)]
pub(super) struct Nothing<'a> {
    pub(super) files: Map<File<'a>>,
    pub(super) volumes: Map<Volume<'a>>,
    pub(super) labels: Map<Of<&'a str>>,
    pub(super) tolerations: Map<Toleration<'a>>,
}

impl<'a> Errand<'a> {
    /// A script of a POSIX shell that runs in an image, with an environment, on a schedule.
    pub(in crate::backend) fn new(
        name: Of<Sym>,
        (image, schedule): (Of<&'a str>, Of<&'a str>),
        script: &'static str,
        env: Node<'a>,
    ) -> Self {
        let shell = Origin::rule("a script that fails anywhere has failed");
        let own = Origin::rule("an errand runs without rights");
        let small = Origin::rule("an errand needs little");
        let some = |amount| Some(Of::new(Quantity::computed(amount), small));
        Self {
            name,
            image,
            command: list(["/bin/sh", "-euc", script].map(|word| text(word, shell))),
            env,
            schedule,
            cpu: Range { low: some(10), high: None },
            memory: Range { low: some(32 * MEBIBYTE), high: some(256 * MEBIBYTE) },
            security: Security {
                user: Some(Of::new(NOBODY, own)),
                group: Some(Of::new(NOBODY, own)),
                root: Of::new(false, own),
                writable_root: Of::new(false, own),
                capabilities: Vec::new(),
                host_network: Of::new(false, own),
                service_account_token: Of::new(false, own),
            },
            nothing: Nothing::default(),
        }
    }

    /// Its objects, in apply order.
    pub(in crate::backend) fn manifests(
        &self,
        model: &Model<'a>,
        namespace: impl IntoNode<'a>,
    ) -> [Manifest<'a>; 2] {
        let named = (self.name, namespace, self.image);
        let head = Head::new(model, named, &self.nothing.labels, &self.nothing.labels);
        [around::account(&head, &self.security), job::of_errand(&head, self)]
    }
}
