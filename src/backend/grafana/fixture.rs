//! Dashboards for the backends' tests: every sort of panel and variable once.

use crate::backend::fixture::{of, sym};
use crate::eval::Origin;
use crate::model::{
    BarGauge, Choice, Dashboard, Gauge, Heatmap, Hole, Interval, LabelValues, Link, LogQuery, Logs,
    Map, Panel, PanelBase, Quantity, Query, Ref, Row, SeriesQuery, Stat, Table, TableQuery,
    Template, TemplatePart, Text, TextBox, TimeSeries, ValuePanel, Variable, VariableBase,
};
use crate::source::Sym;

fn named<T>(name: &str, value: T) -> (Sym, T) {
    (Sym::new(name), value)
}

fn template(parts: Vec<TemplatePart<'_>>) -> Template<'_> {
    Template { parts, origin: Origin::NONE }
}

fn panel_base<'a>(name: &str) -> PanelBase<'a> {
    PanelBase {
        name: sym(name),
        title: None,
        description: None,
        width: None,
        height: None,
        link: Vec::new(),
        repeat: None,
    }
}

fn values<'a>(name: &str, unit: &str) -> ValuePanel<'a> {
    ValuePanel {
        base: panel_base(name),
        unit: Some(sym(unit)),
        decimals: None,
        min: None,
        max: None,
        base_color: sym("green"),
        thresholds: Vec::new(),
    }
}

fn query<'a>(name: &str, expr: &'a str) -> (Sym, Query<'a>) {
    named(name, Query { name: sym(name), expr: of(expr), legend: None })
}

fn link<'a>(url: &'a str) -> Map<Link<'a>> {
    vec![named("Runbook", Link { url: of(url), new_tab: of(true) })]
}

/// A dashboard in a namespace, with everything that there is.
pub(in crate::backend) fn everything<'a>(namespace: Ref, via: &str) -> Dashboard<'a> {
    let variable = |name: &str| TemplatePart::Hole(Hole::Variable(Sym::new(name)));
    let instance = TemplatePart::Hole(Hole::Label(Sym::new("instance")));
    let title = template(vec![TemplatePart::Text("Load of "), variable("node")]);
    let usage = TimeSeries {
        base: ValuePanel {
            base: PanelBase {
                title: Some(title.clone()),
                description: Some(template(vec![TemplatePart::Text("All of them.")])),
                link: link("https://runbooks.acme.example/load"),
                repeat: Some(of("node")),
                ..panel_base("usage")
            },
            thresholds: vec![named("red", of(0.9)), named("orange", of(0.75))],
            min: Some(of(0.0)),
            max: Some(of(1.0)),
            decimals: Some(of(1)),
            ..values("usage", "ratio")
        },
        query: vec![
            named(
                "used",
                SeriesQuery {
                    base: Query {
                        legend: Some(template(vec![instance])),
                        ..query("used", "node_load1{instance=~\"$node\"}").1
                    },
                    color: None,
                    unit: None,
                },
            ),
            named(
                "read",
                SeriesQuery {
                    base: query("read", "rate(node_disk_read_bytes_total[$__rate_interval])").1,
                    color: Some(sym("gray")),
                    unit: Some(sym("bytes-per-second")),
                },
            ),
        ],
        draw: sym("lines"),
        stack: sym("sum"),
        fill: None,
        scale: sym("log2"),
        connect: of(false),
        legend: sym("table"),
        columns: vec![sym("mean"), sym("last")],
    };
    let count = Stat {
        base: values("count", "number"),
        query: vec![query("count", "count(up)")],
        reduce: sym("last"),
        graph: of(true),
        paint: sym("background"),
        names: sym("hidden"),
    };
    let dial = Gauge {
        base: values("dial", "percent"),
        query: vec![query("dial", "avg(up) * 100")],
        reduce: sym("max"),
    };
    let bars = BarGauge {
        base: values("bars", "bytes"),
        query: vec![query("bars", "node_filesystem_avail_bytes")],
        reduce: sym("last"),
        direction: sym("up"),
        draw: sym("cells"),
    };
    let table_query = |name: &str, expr, values| {
        let base = query(name, expr).1;
        named(name, TableQuery { base, title: None, unit: Some(sym("bytes")), values: of(values) })
    };
    let table = Table {
        base: values("table", "number"),
        query: vec![
            table_query("info", "node_uname_info", false),
            table_query("memory", "node_memory_MemTotal_bytes", true),
        ],
        columns: vec![of("instance"), of("release")],
        headings: vec![named("release", of("Kernel"))],
        sort: Some(of("memory")),
        descending: of(true),
    };
    let heatmap = Heatmap {
        base: values("heatmap", "seconds"),
        query: vec![query("buckets", "sum by (le) (rate(a_bucket[$__rate_interval]))")],
        colors: sym("blue"),
    };
    let logs = Logs {
        base: panel_base("logs-of-it"),
        query: vec![named(
            "errors",
            LogQuery {
                name: sym("errors"),
                expr: template(vec![
                    TemplatePart::Text("{node=\""),
                    variable("node"),
                    TemplatePart::Text("\"}"),
                ]),
            },
        )],
        order: sym("newest"),
        wrap: of(true),
        times: of(true),
    };
    let text = Text {
        base: panel_base("text"),
        text: template(vec![TemplatePart::Text("# Say \"hello\"\n")]),
    };
    let row = |name: &str, collapsed, panel| {
        let title = Some(title.clone()).filter(|_| collapsed);
        named(name, Row { name: sym(name), title, collapsed: of(collapsed), repeat: None, panel })
    };
    Dashboard {
        clusters: Vec::new(),
        labels: vec![named("acme.example/tier", of("platform"))],
        annotations: Vec::new(),
        name: sym(if via == "operator" { "given" } else { "nodes" }),
        namespace: of(namespace),
        title: of("Nodes"),
        description: Some(of("What machines do.")),
        uid: Some(of("acme-nodes")).filter(|_| via == "operator"),
        tags: vec![of("nodes")],
        folder: Some(of("Machines")),
        time: of(Quantity::new(3 * 3_600_000, "3h")),
        refresh: Some(of(Quantity::new(60_000, "1m"))),
        timezone: sym("utc"),
        via: sym(via),
        instances: if via == "operator" {
            vec![named("dashboards", of("grafana"))]
        } else {
            Vec::new()
        },
        variable: variables(),
        link: link("https://runbooks.acme.example"),
        panel: vec![
            named("count", Panel::Stat(Box::new(count))),
            named("dial", Panel::Gauge(Box::new(dial))),
            named("usage", Panel::TimeSeries(Box::new(usage))),
        ],
        row: vec![
            row(
                "disks",
                true,
                vec![
                    named("bars", Panel::BarGauge(Box::new(bars))),
                    named("heatmap", Panel::Heatmap(Box::new(heatmap))),
                ],
            ),
            row(
                "more",
                false,
                vec![
                    named("table", Panel::Table(Box::new(table))),
                    named("logs-of-it", Panel::Logs(Box::new(logs))),
                    named("text", Panel::Text(Box::new(text))),
                ],
            ),
        ],
    }
}

fn variables<'a>() -> Map<Variable<'a>> {
    let base = |name: &str| VariableBase { name: sym(name), title: None, hidden: of(false) };
    let node = LabelValues {
        base: VariableBase { title: Some(of("Node")), ..base("node") },
        series: of("node_uname_info"),
        label: of("instance"),
        matching: Some(of("eu-.*")),
        sort: sym("text"),
        multi: of(true),
        include_all: of(true),
    };
    let tier = Choice {
        base: base("tier"),
        values: vec![of("a,b"), of("c")],
        multi: of(false),
        include_all: of(false),
    };
    let spans = vec![of(Quantity::new(300_000, "5m")), of(Quantity::computed(5_400_000))];
    let window = Interval { base: base("window"), values: spans };
    let search =
        TextBox { base: VariableBase { hidden: of(true), ..base("search") }, default: of(".*") };
    vec![
        named("node", Variable::LabelValues(node)),
        named("tier", Variable::Choice(tier)),
        named("window", Variable::Interval(window)),
        named("search", Variable::TextBox(search)),
    ]
}
