//! Clusters against the classes that they name.

use super::class::Class;
use super::errors;
use super::finding::Findings;
use super::look::{Object, at, get, items, text_at};
use super::validate::unfit;
use crate::backend::Node;
use crate::diag::nearest;

/// Checks the topology of a Cluster. Nothing is known of a class that the folder does not hold.
pub(super) fn check(object: &Object<'_, '_>, classes: &[Class<'_, '_>], found: &mut Findings) {
    let Some(topology) = at(object.root, &["spec", "topology"]) else { return };
    let Some(named) = at(topology, &["classRef", "name"]) else { return };
    let Some(name) = super::look::text(named) else { return };
    let namespace = text_at(topology, &["classRef", "namespace"]).unwrap_or(object.namespace);
    let is_it =
        |class: &&Class<'_, '_>| class.object.name == name && class.object.namespace == namespace;
    let Some(class) = classes.iter().find(is_it) else {
        // Where the program has no class, something else makes them.
        if classes.is_empty() {
            return;
        }
        let known: Vec<String> = classes.iter().map(|it| it.object.name.to_owned()).collect();
        let elsewhere = classes
            .iter()
            .find(|it| it.object.name == name)
            .map(|it| (it.object.namespace.to_owned(), namespace.to_owned()));
        let near = nearest(name, known.iter().map(String::as_str)).map(str::to_owned);
        let name = name.to_owned();
        found.at(object, named, &name.clone(), move |span| {
            errors::unknown_class(&name, &known, near.as_deref(), elsewhere.as_ref(), span)
        });
        return;
    };
    let judge = Topology { object, class };
    judge.variables(topology, named, found);
    for list in ["machineDeployments", "machinePools"] {
        judge.workers(topology, list, found);
    }
    let overrides = at(topology, &["controlPlane", "variables", "overrides"]);
    judge.values(items(overrides), found);
}

struct Topology<'c, 'o, 'a> {
    object: &'c Object<'o, 'a>,
    class: &'c Class<'o, 'a>,
}

impl Topology<'_, '_, '_> {
    fn variables(&self, topology: &Node<'_>, named: &Node<'_>, found: &mut Findings) {
        let given = items(get(topology, "variables"));
        self.values(given, found);
        let is_given = |name: &str| given.iter().any(|it| text_at(it, &["name"]) == Some(name));
        let missing: Vec<String> = self
            .class
            .variables
            .iter()
            .filter(|it| it.required && !it.has_default() && !is_given(it.name))
            .map(|it| it.name.to_owned())
            .collect();
        if missing.is_empty() {
            return;
        }
        let (cluster, class) = (self.object.name.to_owned(), self.class.object.name.to_owned());
        found.at(self.object, named, &class.clone(), move |span| {
            errors::missing(&cluster, &class, &missing, span)
        });
    }

    /// Values of variables, of the cluster or of a part of it.
    fn values(&self, given: &[Node<'_>], found: &mut Findings) {
        let mut seen: Vec<(&str, &Node<'_>)> = Vec::new();
        for node in given {
            let (Some(name), Some(named)) = (text_at(node, &["name"]), get(node, "name")) else {
                continue;
            };
            if let Some((_, first)) = seen.iter().find(|(known, _)| *known == name) {
                let name = name.to_owned();
                let places = [(self.object, named, ""), (self.object, *first, "")];
                found.because(places, move |span, first| {
                    errors::duplicate("values", &name, span, first)
                });
                continue;
            }
            seen.push((name, named));
            let Some(variable) = self.class.variable(name) else {
                if self.class.has_extension() {
                    continue;
                }
                let known: Vec<String> =
                    self.class.variables.iter().map(|it| it.name.to_owned()).collect();
                let near = nearest(name, known.iter().map(String::as_str)).map(str::to_owned);
                let lost = errors::Lost {
                    name: name.to_owned(),
                    known,
                    near,
                    of: None,
                    class: self.class.object.name.to_owned(),
                    is_template: false,
                };
                found.at(self.object, named, name, move |span| {
                    errors::unknown_variable(&lost, span)
                });
                continue;
            };
            let (Some(schema), Some(value)) = (variable.schema, get(node, "value")) else {
                continue;
            };
            for wrong in unfit(schema, value) {
                let value = errors::Unfitting {
                    what: name.to_owned(),
                    path: wrong.path,
                    found: wrong.found,
                    wanted: wrong.wanted,
                };
                let places = [(self.object, wrong.node, ""), (self.class.object, schema, "")];
                found.because(places, move |span, schema| {
                    errors::value_unfit(&value, span).because(schema, "its schema")
                });
            }
        }
    }

    fn workers(&self, topology: &Node<'_>, list: &'static str, found: &mut Findings) {
        let known: Vec<&str> = self.class.workers(list).into_iter().map(|it| it.0).collect();
        for node in items(at(topology, &["workers", list])) {
            if let (Some(named), Some(class)) = (get(node, "class"), text_at(node, &["class"]))
                && !known.contains(&class)
            {
                let near = nearest(class, known.iter().copied()).map(str::to_owned);
                let known: Vec<String> = known.iter().map(|&it| it.to_owned()).collect();
                let (class, of) = (class.to_owned(), self.class.object.name.to_owned());
                found.at(self.object, named, &class.clone(), move |span| {
                    errors::unknown_worker(&class, &of, list, &known, near.as_deref(), span)
                });
            }
            self.values(items(at(node, &["variables", "overrides"])), found);
        }
    }
}
