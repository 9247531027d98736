//! Panels, variables and data sources out of the JSON of a dashboard.

use crate::import::doc::Node;

/// How deep rows may hold rows.
const DEEPEST: usize = 4;

/// A panel.
pub(super) struct Panel {
    /// The whole of it.
    pub(super) node: Node,
    /// Its type: `timeseries`.
    pub(super) kind: String,
    /// Its queries to Prometheus.
    pub(super) targets: Vec<Target>,
}

/// A query of a panel.
pub(super) struct Target {
    /// The whole of it.
    pub(super) node: Node,
    /// Its query's text.
    pub(super) expr: Node,
}

impl Panel {
    /// Where it is told of: at its title, or its type.
    pub(super) fn told_at(&self) -> Node {
        let named = self.node.get("title").or_else(|| self.node.get("type"));
        named.unwrap_or_else(|| self.node.clone())
    }
}

/// A variable.
pub(super) struct Variable {
    /// Its name.
    pub(super) name: String,
    /// Its sort: `query`, `custom`.
    pub(super) kind: String,
    /// What makes that several values can be picked: the field, and its value.
    pub(super) many: Option<(&'static str, Node)>,
    /// What it asks its data source.
    pub(super) query: Option<Node>,
}

/// All panels, those of rows, too.
pub(super) fn panels(model: &Node, variables: &[Variable]) -> Vec<Panel> {
    let mut found = Vec::new();
    collect(model, model, variables, 0, &mut found);
    found
}

fn collect(of: &Node, model: &Node, variables: &[Variable], depth: usize, found: &mut Vec<Panel>) {
    if depth > DEEPEST {
        return;
    }
    for node in of.list("panels") {
        let kind = node.word("type").unwrap_or_default();
        let targets = node.list("targets").into_iter().filter_map(|target| {
            let expr = target.get("expr").filter(|it| it.text().is_some())?;
            let source = target.get("datasource").or_else(|| node.get("datasource"));
            let asks = target.word("queryType");
            let of_loki = matches!(asks.as_deref(), Some("range" | "instant" | "stream"));
            let is_logs = kind == "logs" || of_loki || is_log_query(expr.text()?);
            (!is_logs && is_prometheus(source.as_ref(), model, variables))
                .then_some(Target { node: target, expr })
        });
        let targets = targets.collect();
        collect(&node, model, variables, depth + 1, found);
        found.push(Panel { node, kind, targets });
    }
    for row in of.list("rows") {
        collect(&row, model, variables, depth + 1, found);
    }
}

/// Whether a query is one of Loki, which nothing else shows where the data source is the default.
fn is_log_query(text: &str) -> bool {
    const SIGNS: [&str; 7] =
        ["|=", "|~", "| json", "|json", "| logfmt", "| line_format", "| pattern"];
    SIGNS.iter().any(|sign| text.contains(sign))
}

/// The variables, in their order.
pub(super) fn variables(model: &Node) -> Vec<Variable> {
    let list = model.get("templating").map(|it| it.list("list")).unwrap_or_default();
    list.into_iter()
        .filter_map(|node| {
            let many = ["multi", "includeAll"].into_iter().find_map(|field| {
                let is_on = node.flag(&[field]) == Some(true);
                is_on.then(|| Some((field, node.get(field)?))).flatten()
            });
            let query = node.get("query");
            let text = |node: Node| node.text().is_some().then_some(node);
            let inner = query.as_ref().and_then(|it| it.get("query"));
            let query = inner.or(query).and_then(text);
            Some(Variable {
                name: node.word("name")?,
                kind: node.word("type").unwrap_or_default(),
                many,
                query: query.or_else(|| node.get("definition").and_then(text)),
            })
        })
        .collect()
}

/// The names that the dashboard asks for when somebody imports it: `DS_PROMETHEUS`.
pub(super) fn inputs(model: &Node) -> Vec<String> {
    model.list("__inputs").iter().filter_map(|it| it.word("name")).collect()
}

/// Whether a data source is a Prometheus, as far as can be told; without one it is the default, which usually is.
pub(super) fn is_prometheus(source: Option<&Node>, model: &Node, variables: &[Variable]) -> bool {
    let Some(source) = source else { return true };
    let is = |kind: &str| kind.to_ascii_lowercase().contains("prometheus");
    match (source.text(), source.word("type")) {
        (None, Some(kind)) if kind != "datasource" => is(&kind),
        (None, _) => source.get("uid").is_none_or(|uid| named_prometheus(&uid, model, variables)),
        (Some(_), _) => named_prometheus(source, model, variables),
    }
}

fn named_prometheus(name: &Node, model: &Node, variables: &[Variable]) -> bool {
    let text = name.text().unwrap_or_default();
    let variable = text.trim_start_matches('$').trim_start_matches('{').trim_end_matches('}');
    if text.starts_with('$') {
        let own = variables.iter().find(|it| it.name == variable && it.kind == "datasource");
        let kind = own.and_then(|it| it.query.as_ref()).and_then(|it| it.text());
        if let Some(kind) = kind {
            return kind.to_ascii_lowercase().contains("prometheus");
        }
        let inputs = model.list("__inputs");
        let input = inputs.iter().find(|it| it.word("name").as_deref() == Some(variable));
        if let Some(plugin) = input.and_then(|it| it.word("pluginId")) {
            return plugin.contains("prometheus");
        }
    }
    let text = text.to_ascii_lowercase();
    // Other languages have `expr`, too.
    !["loki", "logs", "-- dashboard --", "elastic", "influx", "tempo"]
        .iter()
        .any(|other| text.contains(other))
}
