//! Grafana's names of units and colours.

use crate::model::{Of, Quantity};
use crate::source::Sym;

/// The words of the library's type `Unit`, with Grafana's.
const UNITS: &[(&str, &str)] = &[
    ("number", "none"),
    ("short", "short"),
    ("percent", "percent"),
    ("ratio", "percentunit"),
    ("bytes", "bytes"),
    ("bits", "bits"),
    ("decimal-bytes", "decbytes"),
    ("bytes-per-second", "binBps"),
    ("bits-per-second", "bps"),
    ("decimal-bytes-per-second", "Bps"),
    ("nanoseconds", "ns"),
    ("microseconds", "µs"),
    ("milliseconds", "ms"),
    ("seconds", "s"),
    ("minutes", "m"),
    ("hours", "h"),
    ("days", "d"),
    ("duration", "dtdurations"),
    ("time", "dateTimeAsIso"),
    ("ago", "dateTimeFromNow"),
    ("per-second", "cps"),
    ("per-minute", "cpm"),
    ("requests-per-second", "reqps"),
    ("operations-per-second", "ops"),
    ("reads-per-second", "rps"),
    ("writes-per-second", "wps"),
    ("packets-per-second", "pps"),
    ("events-per-second", "eps"),
    ("hertz", "hertz"),
    ("celsius", "celsius"),
    ("watt", "watt"),
    ("volt", "volt"),
    ("ampere", "amp"),
    ("joule", "joule"),
    ("rotations-per-minute", "rotrpm"),
    ("yes-or-no", "bool_yes_no"),
    ("on-or-off", "bool_on_off"),
    ("text", "string"),
    ("dollars", "currencyUSD"),
    ("euros", "currencyEUR"),
];

/// Grafana's name of a unit.
pub(super) fn unit(word: Sym) -> &'static str {
    UNITS.iter().find(|(known, _)| *known == word.as_str()).map_or("none", |(_, id)| id)
}

/// A colour as Grafana knows it.
pub(super) fn color(word: Sym) -> &'static str {
    match word.as_str() {
        "gray" => "#808080",
        _ => word.as_str(),
    }
}

/// Grafana's name of how points become one value.
pub(super) fn reducer(word: Sym) -> &'static str {
    match word.as_str() {
        "first" => "firstNotNull",
        "min" => "min",
        "max" => "max",
        "mean" => "mean",
        "sum" => "sum",
        "range" => "range",
        "count" => "count",
        _ => "lastNotNull",
    }
}

/// A span of time in one unit, as Grafana's pickers read it: `90m`.
pub(super) fn span(duration: Of<Quantity<'_>>) -> String {
    const UNITS: [(&str, i64); 5] =
        [("w", 604_800_000), ("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000)];
    let amount = duration.value.amount;
    let written = duration.value.written.filter(|text| {
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        digits > 0 && UNITS.iter().any(|(unit, _)| text.get(digits..) == Some(*unit))
    });
    if let Some(written) = written {
        return written.to_owned();
    }
    let unit = UNITS.iter().find(|(_, size)| amount % size == 0);
    unit.map_or_else(|| format!("{amount}ms"), |(unit, size)| format!("{}{unit}", amount / size))
}

#[cfg(test)]
mod tests {
    use super::{UNITS, span};
    use crate::eval::Origin;
    use crate::model::{Of, Quantity};

    #[test]
    fn spans_have_one_unit() {
        let check = |amount: i64, written: Option<&str>, expected: &str| {
            assert_eq!(span(Of::new(Quantity { amount, written }, Origin::NONE)), expected);
        };
        check(5_400_000, Some("1h30m"), "90m");
        check(7 * 86_400_000, Some("7d"), "7d");
        check(7 * 86_400_000, None, "1w");
        check(1500, None, "1500ms");
        check(90_000, Some("1.5m"), "90s");
    }

    #[test]
    fn every_unit_of_the_library_has_a_name_in_grafana() {
        let library = include_str!("../../../stdlib/kinds/dashboard.iflux");
        let (_, after) = library.split_once("\ntype Unit =").unwrap();
        let words: Vec<&str> =
            after.split('"').enumerate().filter(|(i, _)| i % 2 == 1).map(|(_, it)| it).collect();
        let known: Vec<&str> = UNITS.iter().map(|(word, _)| *word).collect();
        assert_eq!(words, known);
    }
}
