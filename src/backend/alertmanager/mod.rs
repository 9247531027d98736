//! Alertmanager's configuration.
//!
//! * **Takes** the `routing` of a cluster, and the `receiver`s and `time-window`s that it names.
//! * **Gives** the configuration, and the names of the Secrets that it reads from files.
//! * **Owns** how routes, receivers, inhibitions and times are written for Alertmanager 0.28 and later.
//! * **Never** makes an object: who installs Alertmanager puts the configuration there; never writes a secret.
//! * **Read first** this file, then `route.rs`; `receiver.rs` has a function a sort of receiver.

mod receiver;
mod route;

use std::collections::BTreeSet;

use super::Node;
use super::k8s::{Fields, IntoNode, list, text};
use crate::eval::Origin;
use crate::model::{
    Inhibit, Model, Range, Receiver, Recipient, Ref, Resource, Routing, TimeWindow,
};
use crate::source::Sym;

/// What Alertmanager needs on a cluster.
#[derive(Clone, PartialEq, Debug)]
pub struct Configuration<'a> {
    /// All of its configuration file.
    pub config: Node<'a>,
    /// The Secrets that are mounted below [`SECRETS`], by name, each once. They stand in Alertmanager's namespace.
    pub secrets: Vec<Node<'a>>,
    /// The keys that it reads of them: of which Secret, and which.
    pub keys: BTreeSet<(&'a str, &'a str)>,
    /// The address of the routing: `routing.main`.
    pub address: String,
}

/// Where the operator mounts Secrets: `<folder>/<secret>/<key>`.
const SECRETS: &str = "/etc/alertmanager/secrets";

/// The configuration for a cluster; none where no routing is.
pub fn configuration<'a>(model: &'a Model<'a>, cluster: &Ref) -> Option<Configuration<'a>> {
    let routing = on(&model.routings, cluster)?;
    let cx = Lowering { model, cluster, routing };
    let (receivers, keys) = cx.receivers();
    let secrets: BTreeSet<&str> = keys.iter().map(|(secret, _)| *secret).collect();
    let rule = Origin::rule("the Secrets that receivers read");
    let inhibitions = routing.value.inhibit.iter().map(|(_, rule)| inhibition(rule));
    let config = Fields::new()
        .with("global", Fields::new())
        .with("route", route::root(&cx))
        .with("receivers", list(receivers))
        .with("inhibit_rules", list(inhibitions))
        .with("time_intervals", list(cx.windows().into_iter().map(times)))
        .with("templates", Node::List(Vec::new()));
    Some(Configuration {
        config: config.into_node(),
        secrets: secrets.into_iter().map(|name| text(name, rule)).collect(),
        keys,
        address: routing.address().to_string(),
    })
}

/// The resource that stands on a cluster. There is one at most: a theorem says so of routings.
fn on<'m, 'a, T>(resources: &'m [Resource<'a, T>], cluster: &Ref) -> Option<&'m Resource<'a, T>> {
    resources.iter().find(|it| it.targets.iter().any(|target| target.id == cluster.id))
}

/// What the parts of a configuration have in common.
struct Lowering<'a, 'c> {
    model: &'a Model<'a>,
    cluster: &'c Ref,
    routing: &'a Resource<'a, Routing<'a>>,
}

impl<'a> Lowering<'a, '_> {
    /// A receiver of the program, as it is on this cluster.
    fn receiver(&self, named: Ref) -> Option<&'a Receiver<'a>> {
        let all = self.model.receivers.iter().filter(|it| it.id == named.id);
        let mut here =
            all.filter(|it| it.targets.iter().any(|target| target.id == self.cluster.id));
        here.next().map(|it| &it.value)
    }

    /// What a recipient is called here. `path` is that of the route that says it; empty for the routing itself.
    fn name(&self, to: &Recipient<'a>, path: &str) -> Node<'a> {
        match to {
            Recipient::Named(named) => (*named).into_node(),
            Recipient::InPlace(_, origin) => {
                let routing = self.routing.name.value;
                let name = if path.is_empty() {
                    format!("{routing}/default")
                } else {
                    format!("{routing}/{path}")
                };
                text(name, *origin)
            }
        }
    }

    /// Every receiver that a route names, in the order of the routes, and the keys of Secrets that they read.
    fn receivers(&self) -> (Vec<Fields<'a>>, BTreeSet<(&'a str, &'a str)>) {
        let routing = &self.routing.value;
        let steps = routing.steps();
        let own =
            steps.iter().filter_map(|step| Some((step.route.to.as_ref()?, step.path.as_str())));
        let mut seen = BTreeSet::new();
        let mut secrets = BTreeSet::new();
        let mut out = Vec::new();
        for (to, path) in std::iter::once((&routing.default, "")).chain(own) {
            let name = self.name(to, path);
            if !seen.insert(name.as_text().unwrap_or_default().to_owned()) {
                continue;
            }
            let what = match to {
                Recipient::Named(named) => self.receiver(named.value),
                Recipient::InPlace(receiver, _) => Some(&**receiver),
            };
            let fields = Fields::new().with("name", name);
            out.push(what.map_or(fields.clone(), |it| receiver::integration(fields, it)));
            let read = what.into_iter().flat_map(Receiver::secrets);
            secrets.extend(read.map(|key| (key.secret.value, key.key.value)));
        }
        (out, secrets)
    }

    /// Every time window that a route names, in the order of the routes.
    fn windows(&self) -> Vec<&'a TimeWindow<'a>> {
        let mut seen: Vec<Sym> = Vec::new();
        for step in self.routing.value.steps() {
            let both = step.route.mute.iter().chain(&step.route.active);
            for named in both {
                if !seen.contains(&named.value.name) {
                    seen.push(named.value.name);
                }
            }
        }
        let find = |name| self.model.time_windows.iter().find(|it| it.name.value == name);
        seen.into_iter().filter_map(find).map(|it| &it.value).collect()
    }
}

fn inhibition<'a>(rule: &'a Inhibit<'a>) -> Fields<'a> {
    Fields::new()
        .with("source_matchers", route::asked(&rule.source))
        .with("target_matchers", route::asked(&rule.target))
        .unless_empty("equal", list(rule.equal.iter().copied()))
}

fn times<'a>(window: &'a TimeWindow<'a>) -> Fields<'a> {
    let clock = |range: &Range<&'a str>| {
        Fields::new().maybe("start_time", range.low).maybe("end_time", range.high)
    };
    let zone = (window.location.value != "UTC").then_some(window.location);
    let interval = Fields::new()
        .unless_empty("times", list(window.times.iter().map(clock)))
        .unless_empty("weekdays", list(window.weekdays.iter().copied()))
        .unless_empty("days_of_month", list(window.days.iter().filter_map(numbers)))
        .unless_empty("months", list(window.months.iter().copied()))
        .unless_empty("years", list(window.years.iter().filter_map(numbers)))
        .maybe("location", zone);
    Fields::new().with("name", window.name).with("time_intervals", list([interval]))
}

/// A range of numbers: `1:5`.
fn numbers<'a>(range: &Range<i64>) -> Option<Node<'a>> {
    let (low, high) = (range.low?, range.high?);
    Some(text(format!("{}:{}", low.value, high.value), low.origin))
}

#[cfg(test)]
mod tests {
    use super::configuration;
    use crate::backend::fixture;
    use crate::backend::k8s::yaml;

    #[test]
    fn a_routing_becomes_a_configuration() {
        let model = fixture::model();
        let [routing] = model.routings.as_slice() else { panic!("one routing") };
        let found = configuration(&model, &routing.targets[0]).unwrap();
        let secrets: Vec<_> = found.secrets.iter().filter_map(|it| it.as_text()).collect();
        insta::assert_snapshot!(format!(
            "# {}\n# {}\n{}",
            found.address,
            secrets.join(", "),
            yaml(&found.config)
        ));
        let elsewhere = model.clusters.iter().find(|it| it.name.value.as_str() == "eu-1").unwrap();
        let elsewhere = crate::model::Ref { id: elsewhere.id, name: elsewhere.name.value };
        assert!(configuration(&model, &elsewhere).is_none());
    }
}
