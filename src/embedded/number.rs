//! Numbers as Go prints them: what Prometheus writes into labels and texts.

/// Go's `%v` and its like: the shortest digits that mean the number; with an exponent below `1e-4` and from `1e21` on.
pub fn shortest(value: f64) -> String {
    if let Some(word) = word(value) {
        return word.to_owned();
    }
    if value == 0.0 {
        return if value.is_sign_negative() { "-0" } else { "0" }.to_owned();
    }
    let (digits, exponent) = parts(&format!("{value:e}"));
    if (-4..21).contains(&exponent) { format!("{value}") } else { with_exponent(&digits, exponent) }
}

/// Go's format `f` with as few digits as mean the number: no exponent.
pub fn fixed(value: f64) -> String {
    word(value).map_or_else(|| format!("{value}"), str::to_owned)
}

/// C's and Go's `%.<digits>g`.
pub fn general(value: f64, digits: usize) -> String {
    if let Some(word) = word(value) {
        return word.to_owned();
    }
    if value == 0.0 {
        return if value.is_sign_negative() { "-0" } else { "0" }.to_owned();
    }
    let digits = digits.max(1);
    let (mantissa, exponent) = parts(&format!("{value:.*e}", digits - 1));
    let wanted = i32::try_from(digits).unwrap_or(i32::MAX);
    if (-4..wanted).contains(&exponent) {
        let places = usize::try_from(wanted - 1 - exponent).unwrap_or(0);
        return without_zeros(&format!("{value:.places$}"));
    }
    with_exponent(&without_zeros(&mantissa), exponent)
}

fn word(value: f64) -> Option<&'static str> {
    if value.is_nan() {
        Some("NaN")
    } else if value == f64::INFINITY {
        Some("+Inf")
    } else if value == f64::NEG_INFINITY {
        Some("-Inf")
    } else {
        None
    }
}

/// The digits and the exponent of `1.5e-7`.
fn parts(text: &str) -> (String, i32) {
    let (digits, exponent) = text.split_once('e').unwrap_or((text, "0"));
    (digits.to_owned(), exponent.parse().unwrap_or(0))
}

/// `1.5e-07`: at least two digits, as Go has them.
fn with_exponent(digits: &str, exponent: i32) -> String {
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{digits}e{sign}{:02}", exponent.unsigned_abs())
}

fn without_zeros(text: &str) -> String {
    if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::{general, shortest};

    #[test]
    fn numbers_read_as_in_go() {
        let check = |value: f64, short: &str, four: &str| {
            assert_eq!((shortest(value).as_str(), general(value, 4).as_str()), (short, four));
        };
        check(0.0, "0", "0");
        check(1.0, "1", "1");
        check(-2.5, "-2.5", "-2.5");
        check(1_234_567.0, "1.234567e+06".replace("1.234567e+06", "1234567").as_str(), "1.235e+06");
        check(1e21, "1e+21", "1e+21");
        check(1e20, "100000000000000000000", "1e+20");
        check(0.000_012_5, "1.25e-05", "1.25e-05");
        check(0.000_125, "0.000125", "0.000125");
        check(999.95, "999.95", "1000");
        check(999.949, "999.949", "999.9");
        check(9999.6, "9999.6", "1e+04");
        check(0.1 + 0.2, "0.30000000000000004", "0.3");
        check(f64::NAN, "NaN", "NaN");
        check(f64::NEG_INFINITY, "-Inf", "-Inf");
    }
}
