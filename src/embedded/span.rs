//! Spans of time, as Prometheus writes them in files and templates.

/// The seconds of a span, `1d12h`: larger units first, each once, and `0` without a unit. `None` for anything else.
pub fn span_seconds(text: &str) -> Option<f64> {
    const UNITS: [(&str, f64); 7] = [
        ("y", 31_536_000.0),
        ("w", 604_800.0),
        ("d", 86_400.0),
        ("h", 3600.0),
        ("m", 60.0),
        ("s", 1.0),
        ("ms", 0.001),
    ];
    if text == "0" {
        return Some(0.0);
    }
    let (mut rest, mut total, mut next) = (text, 0.0, 0);
    while !rest.is_empty() {
        let (number, after) = rest.split_at_checked(rest.find(|c: char| !c.is_ascii_digit())?)?;
        let letters = after.find(|c: char| c.is_ascii_digit()).unwrap_or(after.len());
        let (unit, after) = after.split_at_checked(letters)?;
        let place = UNITS.iter().position(|(name, _)| *name == unit).filter(|it| *it >= next)?;
        total += number.parse::<f64>().ok()? * UNITS.get(place)?.1;
        (rest, next) = (after, place + 1);
    }
    (next > 0).then_some(total)
}

#[cfg(test)]
mod tests {
    use super::span_seconds;

    #[test]
    fn spans_are_read() {
        for (text, expected) in [
            ("0", Some(0.0)),
            ("1d12h", Some(129_600.0)),
            ("1h30m", Some(5400.0)),
            ("5s500ms", Some(5.5)),
            ("", None),
            ("5", None),
            ("m", None),
            ("1m1h", None),
            ("1m1m", None),
            ("1 m", None),
            ("-1m", None),
        ] {
            assert_eq!(span_seconds(text), expected, "{text}");
        }
    }
}
