//! The structs of dashboards.

use super::{Lift, Origin, Reader, Shape, Value};

records! {
    /// The structs of dashboards.
    OF_DASHBOARDS:
    Dashboard<'a> = "Dashboard" {
        clusters = "clusters", labels = "labels", annotations = "annotations", name = "name",
        namespace = "namespace", title = "title", description = "description", uid = "uid", tags = "tags",
        folder = "folder", time = "time", refresh = "refresh", timezone = "timezone", via = "via",
        instances = "instances", variable = "variable", link = "link", panel = "panel", row = "row",
    }
    Link<'a> = "Link" { url = "url", new_tab = "new-tab" }
    Row<'a> = "Row" {
        name = "name", title = "title", collapsed = "collapsed", repeat = "repeat", panel = "panel",
    }
    VariableBase<'a> = "VariableBase" { name = "name", title = "title", hidden = "hidden" }
    LabelValues<'a> = "LabelValues" extends "VariableBase" {
        series = "series", label = "label", matching = "matching", sort = "sort", multi = "multi",
        include_all = "include-all",
    }
    Choice<'a> = "Choice" extends "VariableBase" {
        values = "values", multi = "multi", include_all = "include-all",
    }
    Interval<'a> = "Interval" extends "VariableBase" { values = "values" }
    TextBox<'a> = "TextBox" extends "VariableBase" { default = "default" }
    PanelBase<'a> = "PanelBase" {
        name = "name", title = "title", description = "description", width = "width",
        height = "height", link = "link", repeat = "repeat",
    }
    ValuePanel<'a> = "ValuePanel" extends "PanelBase" {
        unit = "unit", decimals = "decimals", min = "min", max = "max", base_color = "base-color",
        thresholds = "thresholds",
    }
    Query<'a> = "Query" { name = "name", expr = "expr", legend = "legend" }
    SeriesQuery<'a> = "SeriesQuery" extends "Query" { color = "color", unit = "unit" }
    TimeSeries<'a> = "TimeSeries" extends "ValuePanel" {
        query = "query", draw = "draw", stack = "stack", fill = "fill", scale = "scale",
        connect = "connect", legend = "legend", columns = "columns",
    }
    Stat<'a> = "Stat" extends "ValuePanel" {
        query = "query", reduce = "reduce", graph = "graph", paint = "paint", names = "names",
    }
    Gauge<'a> = "Gauge" extends "ValuePanel" { query = "query", reduce = "reduce" }
    BarGauge<'a> = "BarGauge" extends "ValuePanel" {
        query = "query", reduce = "reduce", direction = "direction", draw = "draw",
    }
    TableQuery<'a> = "TableQuery" extends "Query" {
        title = "title", unit = "unit", values = "values",
    }
    Table<'a> = "Table" extends "ValuePanel" {
        query = "query", columns = "columns", headings = "headings", sort = "sort",
        descending = "descending",
    }
    Heatmap<'a> = "Heatmap" extends "ValuePanel" { query = "query", colors = "colors" }
    LogQuery<'a> = "LogQuery" { name = "name", expr = "expr" }
    Logs<'a> = "Logs" extends "PanelBase" {
        query = "query", order = "order", wrap = "wrap", times = "times",
    }
    Text<'a> = "Text" extends "PanelBase" { text = "text" }
}
