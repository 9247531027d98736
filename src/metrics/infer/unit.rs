//! What the numbers of series measure.

use crate::metrics::catalog;

/// What a number measures.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Quantity {
    /// Nothing is known.
    Unknown,
    /// How many.
    Count,
    /// Bytes.
    Bytes,
    /// Seconds.
    Seconds,
    /// Milliseconds.
    Milliseconds,
    /// Seconds since 1970.
    Timestamp,
    /// A part of one: 0.25.
    Ratio,
    /// A part of hundred: 25.
    Percent,
    /// Something else that has a name, such as degrees: no part, no time, no size.
    Other,
}

/// A unit.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Unit {
    /// What is measured.
    pub of: Quantity,
    /// Whether in each second.
    pub is_rate: bool,
    /// Whether times 100: `100 * used / size` is a percentage in the end.
    pub is_hundredfold: bool,
}

impl Unit {
    /// Nothing is known.
    pub const UNKNOWN: Self = Self::of(Quantity::Unknown);

    /// Of a quantity, not per second.
    pub const fn of(of: Quantity) -> Self {
        Self { of, is_rate: false, is_hundredfold: false }
    }

    /// Per second.
    #[must_use]
    pub fn rate(self) -> Self {
        if self.is_rate || self.of == Quantity::Unknown {
            return Self::UNKNOWN;
        }
        Self { is_rate: true, ..self }
    }

    /// Whether it is between 0 and 1 by nature: a part, or seconds in each second.
    pub const fn is_part(self) -> bool {
        matches!(
            self,
            Self { of: Quantity::Ratio, is_rate: false, is_hundredfold: false }
                | Self { of: Quantity::Seconds, is_rate: true, is_hundredfold: false }
        )
    }

    /// Whether something is known.
    pub fn is_known(self) -> bool {
        self.of != Quantity::Unknown && !self.is_hundredfold
    }

    /// In words, for messages.
    pub const fn words(self) -> &'static str {
        match (self.of, self.is_rate) {
            (Quantity::Unknown, _) => "something unknown",
            (Quantity::Count, false) => "a number of things",
            (Quantity::Count, true) => "a number of things per second",
            (Quantity::Bytes, false) => "bytes",
            (Quantity::Bytes, true) => "bytes per second",
            (Quantity::Seconds, false) => "seconds",
            (Quantity::Seconds, true) | (Quantity::Ratio, _) => "a ratio of 0 to 1",
            (Quantity::Milliseconds, _) => "milliseconds",
            (Quantity::Timestamp, _) => "a moment in seconds since 1970",
            (Quantity::Percent, _) => "a percentage of 0 to 100",
            (Quantity::Other, _) => "neither a ratio, a duration nor a size",
        }
    }

    /// `left + right` or `left - right` of two series.
    pub fn sum(left: Self, right: Self, is_minus: bool) -> Self {
        use Quantity::{Seconds, Timestamp};
        match ((left.of, left.is_rate), (right.of, right.is_rate)) {
            ((Timestamp, false), (Timestamp, false)) if is_minus => Self::of(Seconds),
            ((Timestamp, false), (Seconds, false)) => left,
            ((Seconds, false), (Timestamp, false)) if !is_minus => right,
            _ if left == right => left,
            _ => Self::UNKNOWN,
        }
    }

    /// With a plain number: `1 - ratio`, `100 - percentage`, and shifts.
    pub fn shifted(self, number: f64) -> Self {
        // A part of one stays one only as the rest of one.
        if self.is_part() && !is(number, 1.0) {
            return Self::UNKNOWN;
        }
        if self.of == Quantity::Percent && !is(number, 100.0) {
            return Self::UNKNOWN;
        }
        self
    }

    /// Times a plain number.
    pub fn times(self, number: f64) -> Self {
        if is(number, 1.0) || is(number, -1.0) {
            self
        } else if is(number, 100.0) && self.is_part() {
            Self::of(Quantity::Percent)
        } else if is(number, 0.01) && self.of == Quantity::Percent {
            Self::of(Quantity::Ratio)
        } else if is(number, 100.0) && !self.is_hundredfold && self.of != Quantity::Percent {
            Self { is_hundredfold: true, ..self }
        } else {
            Self::UNKNOWN
        }
    }

    /// Divided by a plain number.
    pub fn over(self, number: f64) -> Self {
        if is(number, 1.0) || is(number, -1.0) {
            self
        } else if is(number, 100.0) && self.of == Quantity::Percent {
            Self::of(Quantity::Ratio)
        } else if is(number, 0.01) && self.is_part() {
            Self::of(Quantity::Percent)
        } else if is(number, 1000.0) && self == Self::of(Quantity::Milliseconds) {
            Self::of(Quantity::Seconds)
        } else {
            Self::UNKNOWN
        }
    }

    /// `left * right` of two series.
    pub fn product(left: Self, right: Self) -> Self {
        if left.of == Quantity::Ratio && !left.is_rate {
            right
        } else if right.of == Quantity::Ratio && !right.is_rate {
            left
        } else {
            Self::UNKNOWN
        }
    }

    /// `left / right` of two series.
    pub fn quotient(left: Self, right: Self) -> Self {
        use Quantity::{Bytes, Count, Ratio, Seconds, Timestamp};
        if left.is_hundredfold && !right.is_hundredfold {
            let plain = Self::quotient(Self { is_hundredfold: false, ..left }, right);
            return plain.times(100.0);
        }
        if !left.is_known() || !right.is_known() {
            return Self::UNKNOWN;
        }
        if left == right {
            let is_measured =
                matches!(left.of, Bytes | Seconds | Count | Quantity::Milliseconds | Ratio);
            return if is_measured { Self::of(Ratio) } else { Self::UNKNOWN };
        }
        if left.is_rate == right.is_rate && right.of == Count && left.of != Timestamp {
            // An average: `rate(x_sum[5m]) / rate(x_count[5m])`.
            return Self::of(left.of);
        }
        if !left.is_rate && right == Self::of(Seconds) {
            return left.rate();
        }
        Self::UNKNOWN
    }
}

fn is(number: f64, wanted: f64) -> bool {
    (number - wanted).abs() < 1e-9
}

/// A unit as the catalogue names it.
pub(super) const fn of_catalogue(unit: catalog::Unit) -> Unit {
    Unit::of(match unit {
        catalog::Unit::Bytes => Quantity::Bytes,
        catalog::Unit::Seconds => Quantity::Seconds,
        catalog::Unit::Timestamp => Quantity::Timestamp,
        catalog::Unit::Milliseconds => Quantity::Milliseconds,
        catalog::Unit::Ratio => Quantity::Ratio,
        catalog::Unit::Percent => Quantity::Percent,
        catalog::Unit::Cores | catalog::Unit::Millicores => Quantity::Unknown,
        catalog::Unit::Celsius
        | catalog::Unit::Hertz
        | catalog::Unit::Joules
        | catalog::Unit::Volts
        | catalog::Unit::Watts => Quantity::Other,
    })
}

/// A unit as a program says it of its own metric: in words of Prometheus' conventions, or short.
pub(super) fn of_word(word: &str, name: &str) -> Unit {
    Unit::of(match word.to_ascii_lowercase().as_str() {
        "byte" | "bytes" => Quantity::Bytes,
        "s" | "second" | "seconds" => return of_seconds(name),
        "ms" | "millisecond" | "milliseconds" => Quantity::Milliseconds,
        "timestamp" => Quantity::Timestamp,
        "ratio" => Quantity::Ratio,
        "%" | "percent" => Quantity::Percent,
        "celsius" | "volts" | "amperes" | "watts" | "joules" | "hertz" | "grams" | "meters"
        | "metres" => Quantity::Other,
        // Any other word may be a multiple of one of them, or a thing that is counted.
        _ => return of_name(name),
    })
}

/// Of a metric that the catalogue says seconds of: a span of time, or a moment.
pub(super) fn of_seconds(name: &str) -> Unit {
    let named = of_name(name);
    if named.of == Quantity::Timestamp { named } else { Unit::of(Quantity::Seconds) }
}

/// The unit that a metric's name speaks of: names of Prometheus end in their unit, counters with `_total` behind it.
pub(super) fn of_name(name: &str) -> Unit {
    let base = name.strip_suffix("_total").unwrap_or(name);
    let is_total = base.len() != name.len();
    let base = base.strip_suffix("_sum").or_else(|| base.strip_suffix("_bucket")).unwrap_or(base);
    if name.ends_with("_count") && !is_total {
        return Unit::UNKNOWN;
    }
    let quantity = if base.ends_with("_timestamp_seconds")
        || base.ends_with("_time_seconds") && base.ends_with("_start_time_seconds")
        || base.ends_with("_boot_time_seconds")
        || base.ends_with("_timestamp")
    {
        Quantity::Timestamp
    } else if base.ends_with("_milliseconds") || base.ends_with("_ms") {
        Quantity::Milliseconds
    } else if base.ends_with("_seconds") {
        Quantity::Seconds
    } else if base.ends_with("_bytes") {
        Quantity::Bytes
    } else if base.ends_with("_ratio") {
        Quantity::Ratio
    } else if base.ends_with("_percent") || base.ends_with("_percentage") {
        Quantity::Percent
    } else if base.ends_with("_celsius") || base.ends_with("_volts") || base.ends_with("_hertz") {
        Quantity::Other
    } else if is_total {
        Quantity::Count
    } else {
        Quantity::Unknown
    };
    Unit::of(quantity)
}

#[cfg(test)]
mod tests {
    use super::{Quantity, Unit, of_name, of_word};

    #[test]
    fn arithmetic_makes_units() {
        let bytes = Unit::of(Quantity::Bytes);
        let seconds = Unit::of(Quantity::Seconds);
        let count = Unit::of(Quantity::Count);
        let moment = Unit::of(Quantity::Timestamp);
        let ratio = Unit::of(Quantity::Ratio);
        assert_eq!(Unit::quotient(bytes, bytes), ratio);
        assert_eq!(Unit::quotient(seconds.rate(), count.rate()), seconds);
        assert_eq!(Unit::quotient(bytes, Unit::UNKNOWN), Unit::UNKNOWN);
        assert_eq!(Unit::sum(moment, moment, true), seconds);
        assert_eq!(Unit::sum(moment, seconds, true), moment);
        assert_eq!(Unit::sum(bytes, seconds, false), Unit::UNKNOWN);
        assert_eq!(ratio.times(100.0), Unit::of(Quantity::Percent));
        assert_eq!(ratio.times(2.0), Unit::UNKNOWN);
        assert_eq!(Unit::quotient(bytes.times(100.0), bytes), Unit::of(Quantity::Percent));
        assert_eq!(seconds.rate().times(100.0), Unit::of(Quantity::Percent));
        assert_eq!(Unit::of(Quantity::Percent).over(100.0), ratio);
        assert_eq!(ratio.shifted(1.0), ratio);
        assert_eq!(ratio.shifted(100.0), Unit::UNKNOWN);
        assert_eq!(seconds.over(3600.0), Unit::UNKNOWN);
    }

    #[test]
    fn units_are_said_of_metrics() {
        let check = |word: &str, name: &str, of: Quantity| {
            assert_eq!(of_word(word, name), Unit::of(of), "{word} {name}");
        };
        check("bytes", "queue_size", Quantity::Bytes);
        check("Seconds", "wait", Quantity::Seconds);
        check("seconds", "last_run_timestamp", Quantity::Timestamp);
        check("percent", "fill", Quantity::Percent);
        check("orders", "open_orders", Quantity::Unknown);
        check("orders", "queue_bytes", Quantity::Bytes);
    }

    #[test]
    fn names_end_in_units() {
        let check = |name: &str, of: Quantity| assert_eq!(of_name(name), Unit::of(of), "{name}");
        check("node_memory_MemFree_bytes", Quantity::Bytes);
        check("node_network_receive_bytes_total", Quantity::Bytes);
        check("http_request_duration_seconds_bucket", Quantity::Seconds);
        check("http_request_duration_seconds_count", Quantity::Unknown);
        check("http_requests_total", Quantity::Count);
        check("process_start_time_seconds", Quantity::Timestamp);
        check("certmanager_certificate_expiration_timestamp_seconds", Quantity::Timestamp);
        check("node_load15", Quantity::Unknown);
    }
}
