//! What is said of pools of machines.

use crate::diag::{Code, Diagnostic};
use crate::source::{Span, Sym};

/// Bounds that a pool's machines do not keep.
pub(crate) const SCALE: Code = Code::new("cluster/scale");

pub(crate) fn open_scale(cluster: Sym, pool: Sym, has_low: bool, at: Span) -> Diagnostic {
    let title = format!(
        "the pool `{pool}` of `cluster.{cluster}` scales without {} bound",
        if has_low { "an upper" } else { "a lower" }
    );
    Diagnostic::error(SCALE, title, at, "an open end")
        .help("the cluster autoscaler wants the fewest and the most machines: `scale = 1 .. 10`")
}

pub(crate) fn negative_scale(cluster: Sym, pool: Sym, low: i64, at: Span) -> Diagnostic {
    let title = format!("the pool `{pool}` of `cluster.{cluster}` scales below zero");
    Diagnostic::error(SCALE, title, at, format!("from {low} on"))
}

/// Spans: the replicas, the bounds, the cluster's name.
pub(crate) fn outside(
    cluster: Sym,
    pool: Sym,
    replicas: i64,
    (low, high): (i64, i64),
    [at, bounds, here]: [Span; 3],
) -> Option<Diagnostic> {
    // A cluster autoscaler begins with the fewest where nobody says how many.
    if at == here {
        return None;
    }
    let title = format!(
        "the pool `{pool}` of `cluster.{cluster}` begins with {replicas} machines, outside of its `scale`"
    );
    let nearest = replicas.clamp(low, high);
    let scale = format!("`scale` is {low} .. {high}");
    let help = "`replicas` is how many machines there are at first; the cluster autoscaler keeps to its bounds";
    Some(
        Diagnostic::error(SCALE, title, at, format!("not in {low} .. {high}"))
            .because(bounds, scale)
            .help(help)
            .fix(format!("write `{nearest}`"), at, nearest.to_string(), false),
    )
}

/// Machines that could never be replaced.
pub(crate) const STUCK: Code = Code::new("cluster/no-rollout");

/// Spans: the surge, the unavailable machines, the cluster's name.
pub(crate) fn stuck(cluster: Sym, pool: Sym, [surge, unavailable, here]: [Span; 3]) -> Diagnostic {
    let title = format!("machines of the pool `{pool}` of `cluster.{cluster}` cannot be replaced");
    let at = if surge == here { unavailable } else { surge };
    let found = Diagnostic::error(STUCK, title, at, "not one more machine");
    let found = if unavailable == here || unavailable == at {
        found.help("`max-unavailable` is 0 by default")
    } else {
        found.because(unavailable, "and not one less")
    };
    found.help("where no spare machine exists, `max-unavailable = 1` replaces one after another")
}

/// A name of a pool that Cluster API cannot use.
pub(crate) const NAME: Code = Code::new("cluster/pool-name");

pub(crate) fn long(cluster: Sym, pool: Sym, whole: &str, most: usize, at: Span) -> Diagnostic {
    let title = format!("the name of the pool `{pool}` of `cluster.{cluster}` is too long");
    let length = whole.len();
    Diagnostic::error(NAME, title, at, format!("`{whole}` has {length} characters"))
        .help(format!(
            "its MachineDeployment is called after the cluster and the pool, and that name is the value of a label of every machine: {most} characters at most"
        ))
        .help(format!("{} less fit", length - most))
}

pub(crate) fn one_name(
    (cluster, pool): (Sym, Sym),
    (other, its_pool): (Sym, Sym),
    whole: &str,
    at: Span,
    because: Span,
) -> Diagnostic {
    let title = format!(
        "the pools `{pool}` of `cluster.{cluster}` and `{its_pool}` of `cluster.{other}` have one name on the hub"
    );
    Diagnostic::error(NAME, title, at, format!("`{whole}` again"))
        .because(because, format!("`{whole}`"))
        .help("a MachineDeployment is called after its cluster and its pool, with `-` between them")
}

pub(crate) fn reserved(cluster: Sym, whole: &str, at: Span) -> Diagnostic {
    let title = format!("`cluster.{cluster}` has a pool that is called like its control plane");
    Diagnostic::error(NAME, title, at, format!("`{whole}` is the control plane")).help(
        "what belongs to a pool is called after the cluster and the pool, with `-` between them",
    )
}

pub(crate) fn alike(cluster: Sym, pool: Sym, other: Sym, cut: &str, at: Span) -> Diagnostic {
    let title = format!(
        "machines of the pools `{other}` and `{pool}` of `cluster.{cluster}` cannot be told apart by name"
    );
    Diagnostic::warning(NAME, title, at, "cut before it differs")
        .help(format!("Cluster API keeps `{cut}` and adds five random characters"))
}

/// More pools than Cluster API takes.
pub(crate) const MANY: Code = Code::new("cluster/too-many-pools");

pub(crate) fn many(cluster: Sym, pools: usize, most: usize, at: Span) -> Diagnostic {
    let title = format!("`cluster.{cluster}` has {pools} pools, and a ClusterClass takes {most}");
    Diagnostic::error(MANY, title, at, format!("{pools} pools"))
        .help("each pool has a class of its own in the ClusterClass, whose list ends there")
}
