//! Labels, values and units that panels show are those of their queries.

use super::near;
use super::queries::Asked;
use crate::embedded::legend_labels;
use crate::eval::Within;
use crate::metrics::infer::{Loss, LossKind, Quantity, Unit};
use crate::model::{Hole, LabelValues, Panel, Query, Table, Template, TemplatePart};
use crate::prove::errors::dashboard::{self as errors, Lost, Shown};
use crate::prove::{Place, Refutation};
use crate::source::Sym;

fn tell(
    label: Sym,
    shown: Shown,
    (asked, loss): (&Asked<'_>, Loss),
    place: Place,
    found: &mut Vec<Refutation>,
) {
    let kept: Vec<String> = asked.yields.labels.names().into_iter().map(str::to_owned).collect();
    let how = match loss.kind {
        LossKind::By | LossKind::Aggregated => Lost::Grouped,
        LossKind::NeverThere => Lost::NeverThere,
        _ => Lost::Otherwise,
    };
    let keeps = asked.part(loss.at);
    found.push(Refutation::at([place, keeps], move |[at, keeps]: [_; 2]| {
        let names: Vec<&str> = kept.iter().map(String::as_str).collect();
        let near = near(label.as_str(), &names);
        errors::lost_label(label.as_str(), (shown, how), &kept, near, [at, keeps])
    }));
}

/// A legend shows labels that series have.
pub(super) fn legend(query: &Query<'_>, asked: &Asked<'_>, found: &mut Vec<Refutation>) {
    let Some(template) = &query.legend else { return };
    for label in labels(template) {
        // The metric's own name is a label to Grafana.
        if label.as_str() == "__name__" {
            continue;
        }
        if let Some(loss) = asked.yields.surely_lost(label) {
            let place = Place::within(asked.id, template.origin, Some(Within::Word(label)));
            tell(label, Shown::Legend, (asked, loss), place, found);
        }
    }
}

/// The labels that a legend shows, in holes and in braces of its own.
fn labels(template: &Template<'_>) -> Vec<Sym> {
    let mut found = Vec::new();
    for part in &template.parts {
        match part {
            TemplatePart::Source(text) | TemplatePart::Text(text) => {
                found.extend(legend_labels(text).into_iter().map(|(name, _)| Sym::new(&name)));
            }
            TemplatePart::Hole(Hole::Label(name)) => found.push(*name),
            TemplatePart::Hole(_) | TemplatePart::Choice(..) => {}
        }
    }
    found
}

/// A table's columns are labels that some query of it has.
pub(super) fn columns(table: &Table<'_>, asked: &[Option<Asked<'_>>], found: &mut Vec<Refutation>) {
    let known: Option<Vec<&Asked<'_>>> = asked.iter().map(Option::as_ref).collect();
    let Some(known) = known else { return };
    for column in &table.columns {
        let label = Sym::new(column.value);
        let losses: Option<Vec<(&Asked<'_>, Loss)>> =
            known.iter().map(|asked| Some((*asked, asked.yields.surely_lost(label)?))).collect();
        if let Some(first) = losses.and_then(|losses| losses.into_iter().next()) {
            let place = Place::new(first.0.id, column.origin);
            tell(label, Shown::Column, first, place, found);
        }
    }
}

/// A variable's label is one that its series have.
pub(super) fn variable(variable: &LabelValues<'_>, asked: &Asked<'_>, found: &mut Vec<Refutation>) {
    let label = Sym::new(variable.label.value);
    if let Some(loss) = asked.yields.surely_lost(label) {
        let place = Place::new(asked.id, variable.label.origin);
        tell(label, Shown::Variable, (asked, loss), place, found);
    }
}

/// What shows one value has one series, or says which is which.
pub(super) fn single(
    panel: &Panel<'_>,
    query: &Query<'_>,
    asked: &Asked<'_>,
    found: &mut Vec<Refutation>,
) {
    if !matches!(panel, Panel::Stat(_) | Panel::Gauge(_) | Panel::BarGauge(_))
        || query.legend.as_ref().is_some_and(|legend| !labels(legend).is_empty())
    {
        return;
    }
    let kept = asked.yields.several();
    if !kept.is_empty() {
        let word = panel.word();
        let place = asked.whole();
        found.push(Refutation::at([place], move |[at]: [_; 1]| {
            errors::many_series(word, &kept, at)
        }));
    }
}

/// What a panel says that its numbers are, they are.
pub(super) fn unit(
    panel: &Panel<'_>,
    query: &Query<'_>,
    asked: &Asked<'_>,
    found: &mut Vec<Refutation>,
) {
    let own = match panel {
        Panel::TimeSeries(it) => {
            it.query.iter().find(|(name, _)| *name == query.name.value).and_then(|(_, it)| it.unit)
        }
        Panel::Table(it) => {
            let query = it.query.iter().find(|(name, _)| *name == query.name.value);
            if query.is_some_and(|(_, query)| !query.values.value) {
                return;
            }
            query.and_then(|(_, it)| it.unit)
        }
        // Its values are bounds of buckets, and not what the query counts.
        Panel::Heatmap(_) => return,
        _ => None,
    };
    let Some(said) = own.or_else(|| panel.values().and_then(|values| values.unit)) else { return };
    if let Some(help) = misfit(said.value.as_str(), asked.yields.unit) {
        let (word, is) = (said.value, asked.yields.unit.words());
        let places = [Place::new(asked.id, said.origin), asked.whole()];
        found.push(Refutation::at(places, move |[at, query]: [_; 2]| {
            errors::unit(word.as_str(), is, help, at, query)
        }));
    }
}

/// What to do where numbers of a unit are shown as another one; none where they fit, or nothing is known.
fn misfit(said: &str, is: Unit) -> Option<&'static str> {
    use Quantity::{Bytes, Milliseconds, Percent, Ratio, Seconds, Timestamp};
    if !is.is_known()
        || !matches!(is.of, Bytes | Milliseconds | Percent | Ratio | Seconds | Timestamp)
    {
        return None;
    }
    let fits = match said {
        "percent" => is.of == Percent,
        "ratio" => is.is_part(),
        "bytes" | "decimal-bytes" => is == Unit::of(Bytes),
        "bytes-per-second" | "decimal-bytes-per-second" => is == Unit::of(Bytes).rate(),
        "seconds" | "duration" => is.of == Seconds,
        "milliseconds" => is.of == Milliseconds,
        "time" | "ago" => is.of == Milliseconds,
        _ => return None,
    };
    if fits {
        return None;
    }
    Some(match (is.of, is.is_rate) {
        _ if is.is_part() => "`ratio` shows 0.25 as 25 %",
        (Percent, _) => "`percent` shows 25 as 25 %",
        (Bytes, true) => "`bytes-per-second` is for these",
        (Bytes, false) => "`bytes` is for these; bytes per second come from `rate(..)`",
        (Milliseconds, _) => "`milliseconds` is for these",
        (Timestamp, _) => {
            "`time() - ..` makes a duration of it; for a moment multiply by 1000, with `unit = \"time\"`"
        }
        _ => "`seconds` or `duration` is for these",
    })
}

#[cfg(test)]
mod tests {
    use super::misfit;
    use crate::metrics::infer::{Quantity, Unit};

    #[test]
    fn units_that_fit() {
        let check = |said: &str, is: Unit, fits: bool| {
            assert_eq!(misfit(said, is).is_none(), fits, "{said} for {is:?}");
        };
        let bytes = Unit::of(Quantity::Bytes);
        let seconds = Unit::of(Quantity::Seconds);
        check("bytes", bytes, true);
        check("bytes", bytes.rate(), false);
        check("bytes-per-second", bytes, false);
        check("percent", Unit::of(Quantity::Ratio), false);
        check("ratio", seconds.rate(), true);
        check("ratio", Unit::of(Quantity::Percent), false);
        check("duration", seconds, true);
        check("time", Unit::of(Quantity::Timestamp), false);
        check("seconds", Unit::of(Quantity::Milliseconds), false);
        check("number", bytes, true);
        check("bytes", Unit::UNKNOWN, true);
        check("bytes", Unit::of(Quantity::Count), true);
    }
}
