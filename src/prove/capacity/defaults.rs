//! What LimitRanges of the program give to containers that say nothing.

use super::amounts::{Amounts, Measure, quantity};
use super::cluster::{Capacity, ClusterCapacity};
use super::errors;
use super::read::{Fields, at, record, records, text};
use crate::eval::Origin;
use crate::limits::{Amount, Amounts as Named, Item, Type, defaults, scale};
use crate::model::{
    ContainerLimits, Manifest, Model, Of, Quantity, Range, Ref, Resource, ResourceId, Tree,
};
use crate::prove::{Facts, Place, Refutation};

/// A request that a container gets, and where it is written.
pub(super) type Request = Option<(u128, Origin)>;

/// A LimitRange of the program.
#[derive(Clone, PartialEq, Debug)]
struct Source<'a> {
    of: ResourceId,
    namespace: ResourceId,
    targets: &'a [Ref],
    /// What is requested of CPU and memory.
    gives: [Request; 2],
}

/// The LimitRanges of a program.
#[derive(Clone, PartialEq, Debug, Default)]
pub(super) struct Given<'a> {
    sources: Vec<Source<'a>>,
}

impl<'a> Given<'a> {
    /// Those of namespaces, and those that are written as objects.
    pub(super) fn of(model: &'a Model<'a>) -> Self {
        let own = model.namespaces.iter().filter_map(|it| {
            let container = it.value.limits.as_ref()?.container.as_ref()?;
            let gives = gives(&[item_of(container)]);
            Some(Source { of: it.id, namespace: it.id, targets: &it.targets, gives })
        });
        let written = model.manifests.iter().filter(|it| is_range(it)).filter_map(|it| {
            let spec = at(&it.value.body, &["spec"]);
            let items: Vec<Item<Origin>> = records(spec, "limits").filter_map(item).collect();
            // The API server takes no second item of a type.
            if items.iter().filter(|it| it.of == Type::Container).count() > 1 {
                return None;
            }
            let namespace = it.value.namespace?.value.id;
            Some(Source { of: it.id, namespace, targets: &it.targets, gives: gives(&items) })
        });
        Self { sources: own.chain(written).collect() }
    }

    /// What a container of pods requests that says nothing; why that is not decided, where several LimitRanges say different things.
    pub(super) fn requests(
        &self,
        namespace: Option<ResourceId>,
        targets: &[Ref],
    ) -> Result<[Request; 2], String> {
        let mut all: Option<[Request; 2]> = None;
        let amounts = |it: &[Request; 2]| it.map(|it| it.map(|(amount, _)| amount));
        for target in targets {
            let mut here: [Request; 2] = [None; 2];
            let sources = self.sources.iter().filter(|it| {
                Some(it.namespace) == namespace && it.targets.iter().any(|to| to.id == target.id)
            });
            for source in sources {
                for (known, new) in here.iter_mut().zip(source.gives) {
                    if known.zip(new).is_some_and(|(a, b)| a.0 != b.0) {
                        return Err(
                            "several LimitRanges fill in what it does not request".to_owned()
                        );
                    }
                    *known = known.or(new);
                }
            }
            if all.as_ref().is_some_and(|it| amounts(it) != amounts(&here)) {
                return Err("a LimitRange fills in what it does not request, and clusters differ"
                    .to_owned());
            }
            all = all.or(Some(here));
        }
        Ok(all.unwrap_or_default())
    }
}

fn is_range(manifest: &Resource<'_, Manifest<'_>>) -> bool {
    manifest.value.object.is_some_and(|path| path.as_str() == "k8s.core.v1.LimitRange")
}

/// The requests that items come to.
fn gives(items: &[Item<Origin>]) -> [Request; 2] {
    let all = defaults(items).request;
    ["cpu", "memory"].map(|name| all.get(name).map(|it| (it.amount, it.at)))
}

fn item_of(limits: &ContainerLimits<'_>) -> Item<Origin> {
    type Ranges<'q, 'a> = [Option<&'q Range<Quantity<'a>>>; 2];
    type End<'a> = fn(&Range<Quantity<'a>>) -> Option<Of<Quantity<'a>>>;
    fn named<'a>(ranges: Ranges<'_, 'a>, end: End<'a>) -> Named<Origin> {
        let names = ["cpu", "memory"].into_iter().zip(ranges);
        names
            .filter_map(|(name, range)| {
                let it = end(range?)?;
                let amount = u128::try_from(it.value.amount).ok()?;
                Some((name.to_owned(), Amount { amount, at: it.origin }))
            })
            .collect()
    }
    let given = [limits.cpu.as_ref(), limits.memory.as_ref()];
    let bounds = [limits.cpu_bounds.as_ref(), limits.memory_bounds.as_ref()];
    Item {
        of: Type::Container,
        at: Origin::NONE,
        min: named(bounds, |it| it.low),
        max: named(bounds, |it| it.high),
        default: named(given, |it| it.high),
        request: named(given, |it| it.low),
        ratio: Named::new(),
    }
}

fn item(fields: Fields<'_, '_>) -> Option<Item<Origin>> {
    let part = |name: &str| -> Named<Origin> {
        let entries = record(fields, name).iter();
        entries
            .filter_map(|(key, value)| {
                let amount = quantity(value, scale(key.as_str()))?;
                Some((key.to_string(), Amount { amount, at: origin(value) }))
            })
            .collect()
    };
    Some(Item {
        of: Type::of(text(fields, "type")?)?,
        at: Origin::NONE,
        min: part("min"),
        max: part("max"),
        default: part("default"),
        request: part("defaultRequest"),
        ratio: Named::new(),
    })
}

fn origin(tree: &Tree<'_>) -> Origin {
    match tree {
        Tree::Text(it) => it.origin,
        Tree::Int(it) => it.origin,
        Tree::Bool(it) => it.origin,
        Tree::Float(_, origin) => *origin,
        Tree::List(_) | Tree::Map(_) => Origin::NONE,
    }
}

/// What is given fits a node.
pub(in crate::prove) fn given(facts: &Facts<'_>, found: &mut Vec<Refutation>) {
    let given = Given::of(facts.model);
    if given.sources.is_empty() {
        return;
    }
    let capacity = Capacity::of(facts.model);
    for source in &given.sources {
        let [cpu, memory] = source.gives.map(|it| it.map_or(0, |(amount, _)| amount));
        let each = Amounts { cpu, memory, pods: 1 };
        let clusters = capacity
            .clusters
            .iter()
            .filter(|it| source.targets.iter().any(|to| to.id == it.id))
            .filter(|it| fits_nowhere(it, each) && !is_told(it, source))
            .map(|it| it.name.to_string())
            .collect::<Vec<String>>();
        let Some(largest) = capacity
            .clusters
            .iter()
            .find(|it| clusters.first().is_some_and(|name| it.name.as_str() == name))
        else {
            continue;
        };
        // The measure that is furthest from any node.
        let free = |measure| {
            let all = largest.classes.iter().filter(|class| class.most > 0);
            all.filter_map(|class| class.free().ok()).map(|it| it.of(measure)).max().unwrap_or(0)
        };
        let by = |measure: Measure| each.of(measure).saturating_mul(1000) / free(measure).max(1);
        let measure =
            if by(Measure::Cpu) > by(Measure::Memory) { Measure::Cpu } else { Measure::Memory };
        let [cpu, memory] = source.gives;
        let origin = if measure == Measure::Cpu { cpu } else { memory };
        let at = origin.map_or(Origin::NONE, |(_, at)| at);
        let free = free(measure);
        found.push(Refutation::at([Place::new(source.of, at)], move |[at]| {
            errors::default_no_node((measure, each.of(measure), free), &clusters, at)
        }));
    }
}

/// Whether no node has so much, that of all is known.
fn fits_nowhere(cluster: &ClusterCapacity<'_>, each: Amounts) -> bool {
    let mut classes = cluster.classes.iter().filter(|class| class.most > 0).peekable();
    classes.peek().is_some()
        && classes.all(|class| class.free().is_ok_and(|free| !each.is_within(free)))
}

/// Whether a pod that gets it is told of: it fits no node.
fn is_told(cluster: &ClusterCapacity<'_>, source: &Source<'_>) -> bool {
    let origins = source.gives.map(|it| it.map(|(_, at)| at));
    cluster.all().filter(|it| it.namespace == Some(source.namespace)).any(|it| {
        let blamed = [Measure::Cpu, Measure::Memory].map(|measure| Some(it.at(measure).1));
        blamed.iter().zip(&origins).any(|(a, b)| a == b && b.is_some())
            && cluster.fits_on_no_node(it).is_some()
    })
}
