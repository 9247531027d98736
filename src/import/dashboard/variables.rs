//! What the viewer picks is there where it is read, and fits.

use super::found::Dashboard;
use super::judge::Around;
use super::model::{Panel, Variable, inputs, is_prometheus};
use crate::diag::{Diagnostic, nearest};
use crate::embedded::promql::{MatchOp, Node as Query, NodeKind, Options, read};
use crate::embedded::{VariableSpot, VariableUse, variable_uses};
use crate::import::doc::Node;
use crate::import::errors::dashboard as errors;
use crate::metrics::catalog::find;
use crate::prove::errors::dashboard::{self as own, Shown};
use crate::source::{Extent, Span, Sym};

/// Everything about variables.
pub(super) fn judge(
    dashboard: &Dashboard,
    variables: &[Variable],
    panels: &[Panel],
    around: &Around<'_, '_>,
    out: &mut Vec<Diagnostic>,
) {
    let inputs = inputs(&dashboard.model);
    let mut judge = Judge { variables, inputs: &inputs, out, many: Vec::new(), nodes: Vec::new() };
    let list = dashboard.model.get("templating").map(|it| it.list("list")).unwrap_or_default();
    for (place, variable) in variables.iter().enumerate() {
        let Some(query) = &variable.query else { continue };
        let source = list.get(place).and_then(|it| it.get("datasource"));
        if variable.kind != "query" || !is_prometheus(source.as_ref(), &dashboard.model, variables)
        {
            continue;
        }
        judge.uses(query, Some(place));
        values(query, around, judge.out);
    }
    for panel in panels {
        for target in &panel.targets {
            judge.uses(&target.expr, None);
            judge.instances(&target.expr, around);
        }
        if let Some(repeat) = panel.node.get("repeat") {
            judge.repeat(&repeat);
        }
    }
    judge.finish();
}

struct Judge<'d, 'o> {
    variables: &'d [Variable],
    inputs: &'d [String],
    out: &'o mut Vec<Diagnostic>,
    /// Variables of which several values can be picked, where they are compared with one: the place of the variable, and where.
    many: Vec<(usize, Span, (Span, bool))>,
    /// Variables that are names of nodes, where they are compared with `instance`: the place of the variable, where, and whether as a prefix.
    nodes: Vec<(usize, Span, bool)>,
}

impl Judge<'_, '_> {
    /// What a query reads, maybe that of the variable at a place.
    fn uses(&mut self, query: &Node, of: Option<usize>) {
        let text = query.text().unwrap_or_default();
        for read in variable_uses(text) {
            // A group of an expression can have a name, too.
            let is_group = text.contains(&format!("<{}>", read.name));
            if read.is_built_in() || is_group || self.inputs.contains(&read.name) {
                continue;
            }
            let (at, is_exact) = query.part(read.at);
            let known = self.variables.iter().position(|it| it.name == read.name);
            let Some(place) = known else {
                // A dollar behind a backslash is one of a regular expression: Grafana leaves it, since no variable is called so.
                let before = text.get(..read.at.start as usize).unwrap_or_default();
                if !before.ends_with('\\') {
                    self.unknown(&read, text, query);
                }
                continue;
            };
            let Some(variable) = self.variables.get(place) else { continue };
            if of == Some(place) {
                self.out.push(own::variable_order(&read.name, &read.name, at));
                continue;
            }
            match (VariableSpot::of(text, read.at), &variable.many) {
                (VariableSpot::Exactly(operator), Some(_)) => {
                    let (operator_at, is_operator) = query.part(operator);
                    let is_equal = operator.of(text) == "=";
                    self.many.push((place, at, (operator_at, is_exact && is_operator && is_equal)));
                }
                (VariableSpot::Range, _)
                    if matches!(variable.kind.as_str(), "query" | "datasource" | "adhoc") =>
                {
                    self.out.push(errors::no_interval(&read.name, &variable.kind, at));
                }
                _ => {}
            }
        }
    }

    fn unknown(&mut self, read: &VariableUse, text: &str, query: &Node) {
        let declared: Vec<&str> = self.variables.iter().map(|it| it.name.as_str()).collect();
        let near = nearest(&read.name, declared.iter().copied());
        let (at, is_exact) = query.part(read.at);
        let pasted = read.at.of(text);
        let fix = near.filter(|_| is_exact).map(|near| pasted.replacen(&read.name, near, 1));
        self.out.push(own::unknown_variable(
            &read.name,
            near,
            (&declared, errors::NO_VARIABLES),
            at,
            fix,
        ));
    }

    /// The name of a node is no `instance` of the node exporter.
    fn instances(&mut self, expr: &Node, around: &Around<'_, '_>) {
        if around.is_instance_renamed {
            return;
        }
        let text = expr.text().unwrap_or_default();
        let options = Options { features: None, grafana: true, holes: false };
        let Ok(query) = read(text, options) else { return };
        let mut next: Vec<&Query> = vec![&query.root];
        while let Some(node) = next.pop() {
            next.extend(node.children());
            let NodeKind::Selector(selector) = &node.kind else { continue };
            let name = selector.name.as_ref().map_or("", |it| it.name.as_str());
            if !find(name).iter().any(|it| it.metric.exporter.name == "node-exporter") {
                continue;
            }
            for matcher in &selector.matchers {
                let is_positive = matches!(matcher.op, MatchOp::Equal | MatchOp::Regex);
                if matcher.label.name != "instance" || !is_positive {
                    continue;
                }
                let uses = variable_uses(&matcher.value);
                let [read] = uses.as_slice() else { continue };
                let place = self.variables.iter().position(|it| it.name == read.name);
                let variable = place.and_then(|it| self.variables.get(it));
                let Some(place) = place.filter(|_| variable.and_then(of_nodes).is_some()) else {
                    continue;
                };
                let is_prefix = matcher.op == MatchOp::Regex
                    && matcher.value.get(read.at.end as usize..).is_some_and(|it| it == ".*");
                self.nodes.push((place, expr.part(matcher.at).0, is_prefix));
            }
        }
    }

    /// What one variable does to many queries is told once.
    fn finish(self) {
        for (place, variable) in self.variables.iter().enumerate() {
            let many: Vec<_> = self.many.iter().filter(|it| it.0 == place).collect();
            if let (Some((setting, value)), false) = (&variable.many, many.is_empty()) {
                let places: Vec<(Span, (Span, bool))> =
                    many.iter().map(|it| (it.1, it.2)).collect();
                let found = errors::many_values(&variable.name, setting, value.span(), &places);
                self.out.extend(found);
            }
            let nodes: Vec<_> = self.nodes.iter().filter(|it| it.0 == place).collect();
            if let Some((label, query)) = of_nodes(variable) {
                let places: Vec<Span> = nodes.iter().map(|it| it.1).collect();
                let is_prefix = nodes.iter().any(|it| it.2);
                self.out.extend(errors::node_as_instance(
                    (&variable.name, &label),
                    is_prefix,
                    &places,
                    query.span(),
                ));
            }
        }
    }

    fn repeat(&mut self, repeat: &Node) {
        let Some(name) = repeat.text().filter(|it| !it.is_empty()) else { return };
        if !self.variables.iter().any(|it| it.name == name) {
            let declared: Vec<&str> = self.variables.iter().map(|it| it.name.as_str()).collect();
            let near = nearest(name, declared.iter().copied());
            self.out.push(own::unknown_variable(
                name,
                near,
                (&declared, errors::NO_VARIABLES),
                repeat.span(),
                None,
            ));
        }
    }
}

/// The label of a variable whose values are names of nodes, and its query.
fn of_nodes(variable: &Variable) -> Option<(String, Node)> {
    let query = variable.query.as_ref()?;
    let (_, label, _) = label_values(query.text()?)?;
    matches!(label.as_str(), "node" | "nodename" | "node_name").then(|| (label, query.clone()))
}

/// `label_values(series, label)`: where the series stand, the label, and where that stands.
fn label_values(text: &str) -> Option<(Option<Extent>, String, Extent)> {
    let extent = |start: usize, end: usize| {
        let of = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        Extent::new(of(start), of(end))
    };
    let open = text.find("label_values(")? + "label_values(".len();
    let close = text.rfind(')').filter(|close| *close >= open)?;
    let inner = text.get(open..close)?;
    let is_label = |text: &str| {
        !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    };
    let (series, label) = match inner.rfind(',') {
        Some(comma) if is_label(inner.get(comma + 1..)?.trim()) => {
            (Some(extent(open, open + comma)), comma + 1)
        }
        _ => (None, 0),
    };
    let written = inner.get(label..)?;
    let name = written.trim();
    let start = open + label + (written.len() - written.trim_start().len());
    is_label(name).then(|| (series, name.to_owned(), extent(start, start + name.len())))
}

/// A variable asks for the values of a label that its series have.
fn values(query: &Node, around: &Around<'_, '_>, out: &mut Vec<Diagnostic>) {
    let text = query.text().unwrap_or_default();
    let Some((Some(series), label, label_at)) = label_values(text) else { return };
    let (yields, problems) = around.judge.query(series.of(text), true);
    let is_wrong = problems.iter().any(|problem| problem.level == crate::diag::Level::Error);
    out.extend(problems.iter().filter_map(|problem| {
        problem.diagnostic(&mut |place| {
            Some(match place.at {
                Some(at) => query.part(at.shift(series.start)),
                None => (query.span(), false),
            })
        })
    }));
    let Some(yields) = yields.filter(|_| !is_wrong) else { return };
    if let Some(loss) = yields.surely_lost(Sym::new(&label)) {
        let kept: Vec<String> = yields.labels.names().into_iter().map(str::to_owned).collect();
        let near = nearest(&label, kept.iter().map(String::as_str)).map(str::to_owned);
        let places = [query.part(label_at).0, query.part(loss.at.shift(series.start)).0];
        let how = own::Lost::NeverThere;
        let found = own::lost_label(&label, (Shown::Variable, how), &kept, near.as_deref(), places);
        out.push(found);
    }
}

#[cfg(test)]
mod tests {
    use super::label_values;

    #[test]
    fn queries_of_variables_are_read() {
        let check = |text: &str, series: Option<&str>, label: Option<&str>| {
            let found = label_values(text);
            let shown = found.as_ref().map(|(series, name, at)| {
                assert_eq!(at.of(text), name, "{text}");
                (series.map(|it| it.of(text)), name.as_str())
            });
            assert_eq!(shown, label.map(|label| (series, label)), "{text}");
        };
        check("label_values(kube_node_info, node)", Some("kube_node_info"), Some("node"));
        check("label_values(up{a=\"b,c\"},  job )", Some("up{a=\"b,c\"}"), Some("job"));
        check("label_values(job)", None, Some("job"));
        check("label_values(up{a=\"b\"})", None, None);
        check("query_result(up)", None, None);
        check("label_values(", None, None);
    }
}
