//! The specs of a ResourceQuota and a LimitRange.

use crate::backend::Node;
use crate::backend::k8s::{Fields, bytes, cpu, list, text};
use crate::eval::Origin;
use crate::model::{ContainerLimits, Limits, Of, Quantity, Quota, Range};

/// What all pods and objects of a namespace may use together.
pub(in crate::backend) fn quota<'a>(quota: &Quota<'a>) -> Fields<'a> {
    // Numbers are quantities here, which are texts.
    let number = |it: Of<i64>| text(it.value.to_string(), it.origin);
    let hard = Fields::new()
        .maybe("requests.cpu", quota.cpu.map(cpu))
        .maybe("requests.memory", quota.memory.map(bytes))
        .maybe("limits.cpu", quota.cpu_limits.map(cpu))
        .maybe("limits.memory", quota.memory_limits.map(bytes))
        .maybe("requests.storage", quota.storage.map(bytes))
        .maybe("pods", quota.pods.map(number))
        .maybe("services", quota.services.map(number))
        .maybe("secrets", quota.secrets.map(number))
        .maybe("configmaps", quota.config_maps.map(number))
        .maybe("persistentvolumeclaims", quota.persistent_volume_claims.map(number));
    let other = quota.other.iter();
    let hard = other.fold(hard, |hard, (key, it)| hard.with(key.as_str(), number(*it)));
    Fields::new().with("hard", hard)
}

/// What a container gets that says nothing, and what each container and volume may ask for; none where that is anything. `otherwise` is the
/// item of containers where nothing is said of them. There is one item a type, since Kubernetes refuses several of one.
pub(in crate::backend) fn limits<'a>(
    limits: Option<&Limits<'a>>,
    otherwise: Option<Fields<'a>>,
) -> Option<Fields<'a>> {
    let said = limits.and_then(|it| it.container.as_ref());
    let container = said.and_then(container).or_else(|| otherwise.filter(|_| said.is_none()));
    let volume = limits.and_then(|it| it.volume.as_ref()).and_then(|volume| {
        let end = |it: Option<Of<Quantity<'a>>>| Fields::new().maybe("storage", it.map(bytes));
        item("PersistentVolumeClaim")
            .with_ends([("min", end(volume.size.low)), ("max", end(volume.size.high))])
    });
    let items: Vec<Fields<'a>> = container.into_iter().chain(volume).collect();
    (!items.is_empty()).then(|| Fields::new().with("limits", list(items)))
}

/// An item, before it says anything.
struct Item<'a>(Node<'a>);

fn item<'a>(of: &'static str) -> Item<'a> {
    Item(text(of, Origin::rule("one item bounds what is of its type")))
}

impl<'a> Item<'a> {
    /// None where it says nothing.
    fn with_ends<const N: usize>(
        self,
        ends: [(&'static str, Fields<'a>); N],
    ) -> Option<Fields<'a>> {
        let all = |fields: Fields<'a>, (key, end)| fields.unless_empty(key, end);
        let ends = ends.into_iter().fold(Fields::new(), all);
        (ends != Fields::new()).then(|| Fields::new().with("type", self.0).join(ends))
    }
}

fn container<'a>(limits: &ContainerLimits<'a>) -> Option<Fields<'a>> {
    type Ranges<'q, 'a> = [Option<&'q Range<Quantity<'a>>>; 2];
    type End<'a> = fn(&Range<Quantity<'a>>) -> Option<Of<Quantity<'a>>>;
    let end = |[processor, memory]: Ranges<'_, 'a>, end: End<'a>| {
        Fields::new()
            .maybe("cpu", processor.and_then(end).map(cpu))
            .maybe("memory", memory.and_then(end).map(bytes))
    };
    let given = [limits.cpu.as_ref(), limits.memory.as_ref()];
    let bounds = [limits.cpu_bounds.as_ref(), limits.memory_bounds.as_ref()];
    item("Container").with_ends([
        ("defaultRequest", end(given, |it| it.low)),
        ("default", end(given, |it| it.high)),
        ("min", end(bounds, |it| it.low)),
        ("max", end(bounds, |it| it.high)),
    ])
}
