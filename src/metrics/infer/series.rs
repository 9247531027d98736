//! What is known of the series of one name.

use std::rc::Rc;

use super::labels::LabelSet;
use super::ty::{Domain, Empties, Kind, Part};
use super::unit::Unit;
use crate::metrics::catalog::{Exporter, Metric};
use crate::source::Sym;

/// Where series come from.
#[derive(Clone, PartialEq, Debug)]
pub enum What {
    /// A recording rule of the same program.
    Recorded,
    /// The program declares it.
    Declared,
    /// Prometheus makes it.
    Synthetic,
    /// An exporter of the catalogue has it.
    Catalogued {
        /// The metric.
        metric: Metric,
    },
    /// An exporter had it, or will have it: not in the release that is scraped.
    Gone {
        /// The metric.
        metric: Metric,
        /// Whether the release is known.
        is_proved: bool,
    },
    /// Exporters have it, and nothing scrapes one.
    NotScraped {
        /// They.
        exporters: Vec<&'static Exporter>,
    },
    /// An exporter that is scraped has it, and it is dropped on the way.
    Dropped {
        /// What drops it: `monitoring.main`.
        by: String,
    },
    /// It begins like those of an exporter, which does not have it.
    Lacking {
        /// The exporter.
        exporter: &'static Exporter,
        /// Whether its release is known, and its table complete.
        is_proved: bool,
    },
    /// Nothing is known of it.
    Unknown,
    /// It is named like a recording rule, and none that is known makes it.
    UnknownRecord,
}

/// What is less than sure.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Doubt {
    /// The type was inferred from a name.
    pub is_type_inferred: bool,
}

/// What is known of the series of one name.
#[derive(Clone, PartialEq, Debug)]
pub struct Series {
    /// The name.
    pub name: Sym,
    /// Where it comes from.
    pub what: What,
    /// Its labels.
    pub labels: LabelSet,
    /// Labels that the exporter gives, as it names them.
    pub own: Vec<Sym>,
    /// Own labels that are `exported_..` since the target has one of that name.
    pub renamed: Vec<Sym>,
    /// Own labels that are renamed where it is scraped as its chart does.
    pub maybe_renamed: Vec<Sym>,
    /// What it is.
    pub kind: Kind,
    /// Whether that is declared, and not guessed.
    pub is_kind_sure: bool,
    /// Which series of a histogram or summary.
    pub part: Part,
    /// What it measures.
    pub unit: Unit,
    /// Its values.
    pub domain: Domain,
    /// Whether it may be empty.
    pub empties: Empties,
    /// The labels that tell its series apart, where a query says.
    pub key: Option<Rc<[Sym]>>,
    /// Whether a recording rule put several series together.
    pub is_summed: bool,
    /// Seconds between two samples.
    pub interval: Option<f64>,
    /// What declares the scrape.
    pub address: Option<String>,
    /// The release that is scraped.
    pub version: Option<String>,
    /// What is less than sure.
    pub doubt: Doubt,
}

impl Series {
    /// Series of which nothing is known.
    pub const fn open(name: Sym, what: What) -> Self {
        Self {
            name,
            what,
            labels: LabelSet::open(),
            own: Vec::new(),
            renamed: Vec::new(),
            maybe_renamed: Vec::new(),
            kind: Kind::Unknown,
            is_kind_sure: false,
            part: Part::Value,
            unit: Unit::UNKNOWN,
            domain: Domain::Any,
            empties: Empties::Vanishes,
            key: None,
            is_summed: false,
            interval: None,
            address: None,
            version: None,
            doubt: Doubt { is_type_inferred: false },
        }
    }

    /// Whether it may be asked for labels: it exists, as far as is known.
    pub const fn is_there(&self) -> bool {
        matches!(
            self.what,
            What::Recorded | What::Declared | What::Synthetic | What::Catalogued { .. }
        )
    }

    /// Series of one scrape or another.
    #[must_use]
    pub fn or(self, other: &Self) -> Self {
        let same_kind = self.kind == other.kind;
        let mut own = self.own.clone();
        own.extend(other.own.iter().filter(|name| !self.own.contains(name)));
        // A label is renamed only if it is so everywhere.
        let renamed =
            self.renamed.iter().copied().filter(|name| other.renamed.contains(name)).collect();
        Self {
            labels: self.labels.union(&other.labels),
            own,
            renamed,
            kind: if same_kind { self.kind } else { Kind::Unknown },
            is_kind_sure: same_kind && self.is_kind_sure && other.is_kind_sure,
            unit: if self.unit == other.unit { self.unit } else { Unit::UNKNOWN },
            domain: if self.domain == other.domain { self.domain } else { Domain::Any },
            interval: match (self.interval, other.interval) {
                (Some(one), Some(two)) => Some(one.min(two)),
                (None, _) | (_, None) => None,
            },
            ..self
        }
    }
}
