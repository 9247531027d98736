//! One Application.

use crate::backend::k8s::{CONFIRM, Fields, Metadata, duration, labels, list, object, text};
use crate::backend::{Manifest, Node};
use crate::eval::Origin;
use crate::model::{Ignore, Map, Model, Of, Platform, Ref, Sync};

/// The version of Argo CD's own types.
pub(in crate::backend) const ARGO_CD: &str = "argoproj.io/v1alpha1";

/// The annotation that says when Argo CD applies an object: lower numbers first.
pub(in crate::backend) const WAVE: &str = "argocd.argoproj.io/sync-wave";

/// An Application under construction.
pub(in crate::backend) struct Application<'a> {
    /// Its name.
    pub(in crate::backend) name: Node<'a>,
    /// Further labels and annotations.
    pub(in crate::backend) labels: Map<Of<&'a str>>,
    pub(in crate::backend) annotations: Map<Of<&'a str>>,
    /// When its parent applies it.
    pub(in crate::backend) wave: usize,
    /// Whether what it applied is deleted with it.
    pub(in crate::backend) cascade: bool,
    /// Whether a person is asked before it is deleted or pruned.
    pub(in crate::backend) confirm: Option<Origin>,
    /// The project.
    pub(in crate::backend) project: Node<'a>,
    /// Where its objects come from, and go to.
    pub(in crate::backend) source: Fields<'a>,
    pub(in crate::backend) destination: Fields<'a>,
    /// `syncPolicy`.
    pub(in crate::backend) sync: Fields<'a>,
    /// `ignoreDifferences`.
    pub(in crate::backend) ignore: Node<'a>,
}

impl<'a> Application<'a> {
    /// The object.
    pub(in crate::backend) fn object(
        self,
        model: &Model<'a>,
        platform: &Platform<'a>,
    ) -> Manifest<'a> {
        let computed = Origin::rule("computed from what refers to what");
        let wave = (self.wave > 0).then(|| text(self.wave.to_string(), computed));
        let confirm = self.confirm.map(|it| text("Delete=confirm,Prune=confirm", it));
        let metadata = Metadata::new(self.name, labels(model))
            .namespace(platform.argo_cd.namespace)
            .labels(&self.labels)
            .annotation(WAVE, wave)
            .annotation(CONFIRM, confirm)
            .annotations(&self.annotations);
        let spec = Fields::new()
            .with("project", self.project)
            .with("source", self.source)
            .with("destination", self.destination)
            .with("syncPolicy", self.sync)
            .unless_empty("ignoreDifferences", self.ignore);
        let mut whole = object(ARGO_CD, "Application", metadata, Some(spec));
        if self.cascade {
            let rule = Origin::rule("what an Application applied is deleted with it");
            finalize(&mut whole, "resources-finalizer.argocd.argoproj.io", rule);
        }
        whole
    }
}

/// Says when an object comes among those that are applied with it.
pub(in crate::backend) fn comes(object: &mut Manifest<'_>, level: usize) {
    let computed = Origin::rule("computed from what refers to what");
    let Node::Map(entries) = &mut object.root else { return };
    let Some((_, Node::Map(metadata))) = entries.iter_mut().find(|(key, _)| key == "metadata")
    else {
        return;
    };
    let wave = text(level.to_string(), computed);
    match metadata.iter_mut().find(|(key, _)| key == "annotations") {
        Some((_, Node::Map(annotations))) => {
            match annotations.iter_mut().find(|(key, _)| key == WAVE) {
                // What comes late among the objects of its resource stays behind them.
                Some((_, known)) => later(known, level),
                None => annotations.push((WAVE.into(), wave)),
            }
        }
        _ => metadata.push(("annotations".into(), Node::Map(vec![(WAVE.into(), wave)]))),
    }
}

/// Moves a wave that a rule of a backend decides.
fn later(wave: &mut Node<'_>, by: usize) {
    if let Node::Text(text, origin) = wave
        && origin.as_slot().is_none()
        && let Ok(known) = text.parse::<usize>()
    {
        *text = (known + by).to_string().into();
    }
}

fn finalize(object: &mut Manifest<'_>, finalizer: &'static str, rule: Origin) {
    let Node::Map(entries) = &mut object.root else { return };
    for (key, value) in entries {
        if let ("metadata", Node::Map(metadata)) = (key.as_ref(), value) {
            metadata.push(("finalizers".into(), list([text(finalizer, rule)])));
        }
    }
}

/// Argo CD knows the cluster that it runs in by its address there, and the others by the names of their Clusters.
pub(in crate::backend) fn destination<'a>(platform: &Platform<'a>, cluster: Ref) -> Fields<'a> {
    if cluster.id == platform.hub.value.id {
        let rule = Origin::rule("Argo CD runs on the hub itself");
        Fields::new().with("server", text("https://kubernetes.default.svc", rule))
    } else {
        let rule = Origin::rule("Argo CD knows clusters by the names of their blocks");
        Fields::new().with("name", text(cluster.name.as_str(), rule))
    }
}

/// A `sync` as the program says it, behind some options.
pub(in crate::backend) fn sync<'a>(sync: &Sync<'a>, mut options: Vec<Node<'a>>) -> Fields<'a> {
    if sync.server_side.value {
        options.push(text("ServerSideApply=true", sync.server_side.origin));
    }
    for option in &sync.options {
        // An option that is set by itself may be said, too.
        if options.iter().all(|known| known.as_text() != Some(option.value)) {
            options.push(text(option.value, option.origin));
        }
    }
    let retry = &sync.retry;
    let backoff = Fields::new()
        .with("duration", duration(retry.backoff))
        .with("factor", retry.factor)
        .with("maxDuration", duration(retry.max));
    let automated = sync
        .automatic
        .value
        .then(|| Fields::new().with("prune", sync.prune).with("selfHeal", sync.self_heal));
    Fields::new()
        .maybe("automated", automated)
        .unless_empty("syncOptions", Node::List(options))
        .with("retry", Fields::new().with("limit", retry.limit).with("backoff", backoff))
}

/// How everything is applied that no block says anything of.
pub(in crate::backend) fn default_sync<'a>(
    options: impl IntoIterator<Item = (&'static str, &'static str)>,
) -> Fields<'a> {
    let automatic =
        Origin::rule("what is merged is applied, and what is changed by hand is put back");
    let yes = || Node::Bool(true, automatic);
    // Order is a matter of waves; what is not there yet at the first try is there at a later one.
    let again = Origin::rule("a sync that fails is tried again, less and less often");
    let backoff = Fields::new()
        .with("duration", text("10s", again))
        .with("factor", Node::Int(2, again))
        .with("maxDuration", text("5m", again));
    let options = options.into_iter().map(|(option, why)| text(option, Origin::rule(why)));
    Fields::new()
        .with("automated", Fields::new().with("prune", yes()).with("selfHeal", yes()))
        .unless_empty("syncOptions", list(options))
        .with("retry", Fields::new().with("limit", Node::Int(10, again)).with("backoff", backoff))
}

/// `ignoreDifferences`, as the program says it.
pub(in crate::backend) fn ignore<'a>(entries: &Map<Ignore<'a>>) -> Node<'a> {
    list(entries.iter().map(|(_, entry)| {
        let object = entry.object;
        let group = (!object.group.is_empty()).then(|| text(object.group, object.origin));
        Fields::new()
            .maybe("group", group)
            .with("kind", text(object.kind, object.origin))
            .maybe("name", entry.name)
            .with("jsonPointers", list(entry.pointers.iter().copied()))
    }))
}

/// An option, and why it is set.
pub(in crate::backend) const SERVER_SIDE: (&str, &str) = (
    "ServerSideApply=true",
    "objects may be larger than the annotation of a client-side apply, and fields have owners",
);

/// The same where objects are of types that another Application brings.
pub(in crate::backend) const SKIP_DRY_RUN: (&str, &str) = (
    "SkipDryRunOnMissingResource=true",
    "types that another Application brings may be missing at the first try",
);
