//! Dashboards of Grafana.

use super::lift::{Lift, Reader};
use super::{Map, Of, Quantity, Ref, Template};
use crate::eval::{Origin, Value};
use crate::source::Sym;

/// `kind Dashboard`.
#[derive(Clone, PartialEq, Debug)]
pub struct Dashboard<'a> {
    /// The clusters where it exists.
    pub clusters: Vec<Of<Ref>>,
    /// Labels of the object.
    pub labels: Map<Of<&'a str>>,
    /// Annotations of the object.
    pub annotations: Map<Of<&'a str>>,
    /// The block's own name.
    pub name: Of<Sym>,
    /// The namespace of the object.
    pub namespace: Of<Ref>,
    /// What it shows.
    pub title: Of<&'a str>,
    /// More about it.
    pub description: Option<Of<&'a str>>,
    /// By what Grafana knows it.
    pub uid: Option<Of<&'a str>>,
    /// Words to find it by.
    pub tags: Vec<Of<&'a str>>,
    /// The folder in which it stands.
    pub folder: Option<Of<&'a str>>,
    /// How much of the past it shows.
    pub time: Of<Quantity<'a>>,
    /// How often it asks anew.
    pub refresh: Option<Of<Quantity<'a>>>,
    /// `browser` or `utc`.
    pub timezone: Of<Sym>,
    /// `sidecar` or `operator`.
    pub via: Of<Sym>,
    /// Labels of the Grafanas that the operator gives it to.
    pub instances: Map<Of<&'a str>>,
    /// What the viewer picks.
    pub variable: Map<Variable<'a>>,
    /// Links beside its title.
    pub link: Map<Link<'a>>,
    /// Panels above all rows.
    pub panel: Map<Panel<'a>>,
    /// Rows of panels.
    pub row: Map<Row<'a>>,
}

impl<'a> Dashboard<'a> {
    /// By what Grafana knows it.
    pub fn known_by(&self) -> Of<&'a str> {
        self.uid.unwrap_or_else(|| Of::new(self.name.value.as_str(), self.name.origin))
    }

    /// Every panel, those of rows after those above them.
    pub fn panels(&self) -> impl Iterator<Item = &Panel<'a>> {
        let rows = self.row.iter().flat_map(|(_, row)| &row.panel);
        self.panel.iter().chain(rows).map(|(_, panel)| panel)
    }
}

/// `schema Link`.
#[derive(Clone, PartialEq, Debug)]
pub struct Link<'a> {
    /// Where it leads.
    pub url: Of<&'a str>,
    /// Whether it opens in a tab of its own.
    pub new_tab: Of<bool>,
}

/// `schema Row`.
#[derive(Clone, PartialEq, Debug)]
pub struct Row<'a> {
    /// Its own name.
    pub name: Of<Sym>,
    /// Its heading.
    pub title: Option<Template<'a>>,
    /// Whether it is folded.
    pub collapsed: Of<bool>,
    /// The variable that it is repeated for.
    pub repeat: Option<Of<&'a str>>,
    /// Its panels.
    pub panel: Map<Panel<'a>>,
}

/// `type Variable`.
#[derive(Clone, PartialEq, Debug)]
pub enum Variable<'a> {
    /// The values that a label has.
    LabelValues(LabelValues<'a>),
    /// Values that are written down.
    Choice(Choice<'a>),
    /// Spans of time.
    Interval(Interval<'a>),
    /// What the viewer types.
    TextBox(TextBox<'a>),
}

impl<'a> Variable<'a> {
    /// What every variable has.
    pub const fn base(&self) -> &VariableBase<'a> {
        match self {
            Self::LabelValues(it) => &it.base,
            Self::Choice(it) => &it.base,
            Self::Interval(it) => &it.base,
            Self::TextBox(it) => &it.base,
        }
    }

    /// Whether several values may be picked at once: what says so.
    pub fn many(&self) -> Option<Of<bool>> {
        let (multi, all) = match self {
            Self::LabelValues(it) => (it.multi, it.include_all),
            Self::Choice(it) => (it.multi, it.include_all),
            Self::Interval(_) | Self::TextBox(_) => return None,
        };
        [multi, all].into_iter().find(|it| it.value)
    }
}

/// `schema VariableBase`.
#[derive(Clone, PartialEq, Debug)]
pub struct VariableBase<'a> {
    /// Its own name.
    pub name: Of<Sym>,
    /// What stands before it.
    pub title: Option<Of<&'a str>>,
    /// Whether the viewer does not see it.
    pub hidden: Of<bool>,
}

/// `schema LabelValues`.
#[derive(Clone, PartialEq, Debug)]
pub struct LabelValues<'a> {
    /// What every variable has.
    pub base: VariableBase<'a>,
    /// Of which series.
    pub series: Of<&'a str>,
    /// The label.
    pub label: Of<&'a str>,
    /// Which of the values are offered.
    pub matching: Option<Of<&'a str>>,
    /// `text`, `number` or `natural`.
    pub sort: Of<Sym>,
    /// Whether several can be picked.
    pub multi: Of<bool>,
    /// Whether all can be picked.
    pub include_all: Of<bool>,
}

/// `schema Choice`.
#[derive(Clone, PartialEq, Debug)]
pub struct Choice<'a> {
    /// What every variable has.
    pub base: VariableBase<'a>,
    /// The values.
    pub values: Vec<Of<&'a str>>,
    /// Whether several can be picked.
    pub multi: Of<bool>,
    /// Whether all can be picked.
    pub include_all: Of<bool>,
}

/// `schema Interval`.
#[derive(Clone, PartialEq, Debug)]
pub struct Interval<'a> {
    /// What every variable has.
    pub base: VariableBase<'a>,
    /// The spans.
    pub values: Vec<Of<Quantity<'a>>>,
}

/// `schema TextBox`.
#[derive(Clone, PartialEq, Debug)]
pub struct TextBox<'a> {
    /// What every variable has.
    pub base: VariableBase<'a>,
    /// What stands there to begin with.
    pub default: Of<&'a str>,
}

/// `type Panel`.
#[derive(Clone, PartialEq, Debug)]
pub enum Panel<'a> {
    /// Lines, bars or points over time.
    TimeSeries(Box<TimeSeries<'a>>),
    /// One value a series, in large letters.
    Stat(Box<Stat<'a>>),
    /// One value a series, on a dial.
    Gauge(Box<Gauge<'a>>),
    /// One value a series, as bars.
    BarGauge(Box<BarGauge<'a>>),
    /// The newest values, in rows.
    Table(Box<Table<'a>>),
    /// Buckets of a histogram over time.
    Heatmap(Box<Heatmap<'a>>),
    /// Lines of logs.
    Logs(Box<Logs<'a>>),
    /// Text in Markdown.
    Text(Box<Text<'a>>),
}

impl<'a> Panel<'a> {
    /// What every panel has.
    pub fn base(&self) -> &PanelBase<'a> {
        match self {
            Self::TimeSeries(it) => &it.base.base,
            Self::Stat(it) => &it.base.base,
            Self::Gauge(it) => &it.base.base,
            Self::BarGauge(it) => &it.base.base,
            Self::Table(it) => &it.base.base,
            Self::Heatmap(it) => &it.base.base,
            Self::Logs(it) => &it.base,
            Self::Text(it) => &it.base,
        }
    }

    /// What every panel has that shows numbers.
    pub fn values(&self) -> Option<&ValuePanel<'a>> {
        match self {
            Self::TimeSeries(it) => Some(&it.base),
            Self::Stat(it) => Some(&it.base),
            Self::Gauge(it) => Some(&it.base),
            Self::BarGauge(it) => Some(&it.base),
            Self::Table(it) => Some(&it.base),
            Self::Heatmap(it) => Some(&it.base),
            Self::Logs(_) | Self::Text(_) => None,
        }
    }

    /// The queries that Prometheus is asked.
    pub fn queries(&self) -> Vec<&Query<'a>> {
        match self {
            Self::TimeSeries(it) => it.query.iter().map(|(_, query)| &query.base).collect(),
            Self::Stat(it) => it.query.iter().map(|(_, query)| query).collect(),
            Self::Gauge(it) => it.query.iter().map(|(_, query)| query).collect(),
            Self::BarGauge(it) => it.query.iter().map(|(_, query)| query).collect(),
            Self::Table(it) => it.query.iter().map(|(_, query)| &query.base).collect(),
            Self::Heatmap(it) => it.query.iter().map(|(_, query)| query).collect(),
            Self::Logs(_) | Self::Text(_) => Vec::new(),
        }
    }

    /// Its schema.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::TimeSeries(_) => "TimeSeries",
            Self::Stat(_) => "Stat",
            Self::Gauge(_) => "Gauge",
            Self::BarGauge(_) => "BarGauge",
            Self::Table(_) => "Table",
            Self::Heatmap(_) => "Heatmap",
            Self::Logs(_) => "Logs",
            Self::Text(_) => "Text",
        }
    }
}

/// `schema PanelBase`.
#[derive(Clone, PartialEq, Debug)]
pub struct PanelBase<'a> {
    /// Its own name.
    pub name: Of<Sym>,
    /// Its title.
    pub title: Option<Template<'a>>,
    /// What it tells.
    pub description: Option<Template<'a>>,
    /// Columns that it takes, of 24.
    pub width: Option<Of<i64>>,
    /// Its height.
    pub height: Option<Of<i64>>,
    /// Links beside its title.
    pub link: Map<Link<'a>>,
    /// The variable that it is repeated for.
    pub repeat: Option<Of<&'a str>>,
}

/// `schema ValuePanel`.
#[derive(Clone, PartialEq, Debug)]
pub struct ValuePanel<'a> {
    /// What every panel has.
    pub base: PanelBase<'a>,
    /// What its numbers are.
    pub unit: Option<Of<Sym>>,
    /// Digits behind the point.
    pub decimals: Option<Of<i64>>,
    /// The least value of its scale.
    pub min: Option<Of<f64>>,
    /// The greatest value of its scale.
    pub max: Option<Of<f64>>,
    /// The colour of values below the first threshold.
    pub base_color: Of<Sym>,
    /// From where on a value has which colour.
    pub thresholds: Map<Of<f64>>,
}

/// `schema Query`.
#[derive(Clone, PartialEq, Debug)]
pub struct Query<'a> {
    /// Its own name.
    pub name: Of<Sym>,
    /// What Prometheus is asked.
    pub expr: Of<&'a str>,
    /// What its series are called.
    pub legend: Option<Template<'a>>,
}

/// `schema SeriesQuery`.
#[derive(Clone, PartialEq, Debug)]
pub struct SeriesQuery<'a> {
    /// What every query has.
    pub base: Query<'a>,
    /// The colour of its series.
    pub color: Option<Of<Sym>>,
    /// What its numbers are.
    pub unit: Option<Of<Sym>>,
}

/// `schema TimeSeries`.
#[derive(Clone, PartialEq, Debug)]
pub struct TimeSeries<'a> {
    /// What every panel has that shows numbers.
    pub base: ValuePanel<'a>,
    /// What it shows.
    pub query: Map<SeriesQuery<'a>>,
    /// `lines`, `bars` or `points`.
    pub draw: Of<Sym>,
    /// `none`, `sum` or `percent`.
    pub stack: Of<Sym>,
    /// How much below lines is filled.
    pub fill: Option<Of<i64>>,
    /// `linear`, `log2` or `log10`.
    pub scale: Of<Sym>,
    /// Whether lines go on over gaps.
    pub connect: Of<bool>,
    /// `below`, `right`, `table` or `none`.
    pub legend: Of<Sym>,
    /// What a table of series says of each.
    pub columns: Vec<Of<Sym>>,
}

/// `schema Stat`.
#[derive(Clone, PartialEq, Debug)]
pub struct Stat<'a> {
    /// What every panel has that shows numbers.
    pub base: ValuePanel<'a>,
    /// What it shows.
    pub query: Map<Query<'a>>,
    /// Which value of the shown time.
    pub reduce: Of<Sym>,
    /// Whether the way to the value is drawn.
    pub graph: Of<bool>,
    /// `value`, `background` or `nothing`.
    pub paint: Of<Sym>,
    /// `auto`, `shown` or `hidden`: whether the legend stands beside the value.
    pub names: Of<Sym>,
}

/// `schema Gauge`.
#[derive(Clone, PartialEq, Debug)]
pub struct Gauge<'a> {
    /// What every panel has that shows numbers.
    pub base: ValuePanel<'a>,
    /// What it shows.
    pub query: Map<Query<'a>>,
    /// Which value of the shown time.
    pub reduce: Of<Sym>,
}

/// `schema BarGauge`.
#[derive(Clone, PartialEq, Debug)]
pub struct BarGauge<'a> {
    /// What every panel has that shows numbers.
    pub base: ValuePanel<'a>,
    /// What it shows.
    pub query: Map<Query<'a>>,
    /// Which value of the shown time.
    pub reduce: Of<Sym>,
    /// `right` or `up`.
    pub direction: Of<Sym>,
    /// `gradient`, `cells` or `plain`.
    pub draw: Of<Sym>,
}

/// `schema TableQuery`.
#[derive(Clone, PartialEq, Debug)]
pub struct TableQuery<'a> {
    /// What every query has.
    pub base: Query<'a>,
    /// The heading of its column.
    pub title: Option<Of<&'a str>>,
    /// What its numbers are.
    pub unit: Option<Of<Sym>>,
    /// Whether its values have a column.
    pub values: Of<bool>,
}

/// `schema Table`.
#[derive(Clone, PartialEq, Debug)]
pub struct Table<'a> {
    /// What every panel has that shows numbers.
    pub base: ValuePanel<'a>,
    /// What it shows.
    pub query: Map<TableQuery<'a>>,
    /// The labels that have a column.
    pub columns: Vec<Of<&'a str>>,
    /// Headings of labels that are called otherwise.
    pub headings: Map<Of<&'a str>>,
    /// The column by which rows are sorted.
    pub sort: Option<Of<&'a str>>,
    /// Whether the greatest comes first.
    pub descending: Of<bool>,
}

/// `schema Heatmap`.
#[derive(Clone, PartialEq, Debug)]
pub struct Heatmap<'a> {
    /// What every panel has that shows numbers.
    pub base: ValuePanel<'a>,
    /// What it shows.
    pub query: Map<Query<'a>>,
    /// Its colours.
    pub colors: Of<Sym>,
}

/// `schema LogQuery`.
#[derive(Clone, PartialEq, Debug)]
pub struct LogQuery<'a> {
    /// Its own name.
    pub name: Of<Sym>,
    /// What Loki is asked.
    pub expr: Template<'a>,
}

/// `schema Logs`.
#[derive(Clone, PartialEq, Debug)]
pub struct Logs<'a> {
    /// What every panel has.
    pub base: PanelBase<'a>,
    /// What it shows.
    pub query: Map<LogQuery<'a>>,
    /// `newest` or `oldest`: which lines come first.
    pub order: Of<Sym>,
    /// Whether long lines go on below.
    pub wrap: Of<bool>,
    /// Whether times are shown.
    pub times: Of<bool>,
}

/// `schema Text`.
#[derive(Clone, PartialEq, Debug)]
pub struct Text<'a> {
    /// What every panel has.
    pub base: PanelBase<'a>,
    /// The text.
    pub text: Template<'a>,
}

impl<'a> Lift<'a> for Variable<'a> {
    fn lift(reader: &Reader<'a>, value: Value, origin: Origin) -> Option<Self> {
        let Value::Record(record) = value else { return None };
        match reader.schema(record)?.as_str() {
            "LabelValues" => Some(Self::LabelValues(Lift::lift(reader, value, origin)?)),
            "Choice" => Some(Self::Choice(Lift::lift(reader, value, origin)?)),
            "Interval" => Some(Self::Interval(Lift::lift(reader, value, origin)?)),
            "TextBox" => Some(Self::TextBox(Lift::lift(reader, value, origin)?)),
            _ => None,
        }
    }
}

impl<'a> Lift<'a> for Panel<'a> {
    fn lift(reader: &Reader<'a>, value: Value, origin: Origin) -> Option<Self> {
        let Value::Record(record) = value else { return None };
        match reader.schema(record)?.as_str() {
            "TimeSeries" => Some(Self::TimeSeries(Lift::lift(reader, value, origin)?)),
            "Stat" => Some(Self::Stat(Lift::lift(reader, value, origin)?)),
            "Gauge" => Some(Self::Gauge(Lift::lift(reader, value, origin)?)),
            "BarGauge" => Some(Self::BarGauge(Lift::lift(reader, value, origin)?)),
            "Table" => Some(Self::Table(Lift::lift(reader, value, origin)?)),
            "Heatmap" => Some(Self::Heatmap(Lift::lift(reader, value, origin)?)),
            "Logs" => Some(Self::Logs(Lift::lift(reader, value, origin)?)),
            "Text" => Some(Self::Text(Lift::lift(reader, value, origin)?)),
            _ => None,
        }
    }
}
