//! Quantities, as Kubernetes reads and people write them.

/// Kubernetes' own notation (`1.5`, `100m`, `2Gi`, `1e3`), in `scale` parts of its unit and rounded up; none for what is no quantity.
pub fn parse(text: &str, scale: u128) -> Option<u128> {
    let text = text.strip_prefix('+').unwrap_or(text);
    let end = text.bytes().take_while(|byte| byte.is_ascii_digit() || *byte == b'.').count();
    let (number, suffix) = text.split_at_checked(end)?;
    let (whole, part) = number.split_once('.').unwrap_or((number, ""));
    if whole.len() + part.len() == 0 {
        return None;
    }
    let digits: u128 = format!("{whole}{part}").parse().ok()?;
    let (up, down) = factor(suffix)?;
    let over = digits.checked_mul(up)?.checked_mul(scale)?;
    let under = 10_u128.checked_pow(u32::try_from(part.len()).ok()?)?.checked_mul(down)?;
    Some(over.div_ceil(under))
}

/// What a suffix multiplies with, and what it divides by.
fn factor(suffix: &str) -> Option<(u128, u128)> {
    const DECIMAL: [&str; 7] = ["", "k", "M", "G", "T", "P", "E"];
    const BINARY: [&str; 6] = ["Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];
    const PARTS: [&str; 3] = ["m", "u", "n"];
    let nth = |list: &[&str]| list.iter().position(|it| *it == suffix).map(u32::try_from)?.ok();
    if let Some(power) = nth(&DECIMAL) {
        return Some((1000_u128.checked_pow(power)?, 1));
    }
    if let Some(power) = nth(&BINARY) {
        return Some((1 << (10 * (power + 1)), 1));
    }
    if let Some(power) = nth(&PARTS) {
        return Some((1, 1000_u128.checked_pow(power + 1)?));
    }
    let exponent: i32 = suffix.strip_prefix(['e', 'E'])?.parse().ok()?;
    let power = 10_u128.checked_pow(exponent.unsigned_abs())?;
    Some(if exponent < 0 { (1, power) } else { (power, 1) })
}

/// In how many parts of its unit a resource is counted: CPU in thousandths.
pub fn scale(resource: &str) -> u128 {
    if resource == "cpu" || resource.ends_with(".cpu") { 1000 } else { 1 }
}

/// An amount of a resource or of a limit of a quota, for people: `1.9 cores`, `8Gi`, `12`.
pub fn shown(resource: &str, amount: u128) -> String {
    let ends = |name| resource.ends_with(name);
    if scale(resource) == 1000 {
        cores(amount)
    } else if ends("memory") || ends("storage") {
        bytes(amount)
    } else {
        amount.to_string()
    }
}

/// Processor time, for people: `1.9 cores`, `250m`.
pub fn cores(millicores: u128) -> String {
    let (whole, rest) = (millicores / 1000, millicores % 1000);
    match (whole, rest) {
        (0, 0) => "nothing".to_owned(),
        (1, 0) => "1 core".to_owned(),
        (_, 0) => format!("{whole} cores"),
        (0, _) => format!("{millicores}m"),
        _ => format!("{whole}.{} cores", format!("{rest:03}").trim_end_matches('0')),
    }
}

/// Bytes, exact, in the largest unit that divides the amount: `1436Mi`.
pub fn bytes(amount: u128) -> String {
    const UNITS: [(&str, u128); 9] = [
        ("Ti", 1 << 40),
        ("Gi", 1 << 30),
        ("Mi", 1 << 20),
        ("T", 1_000_000_000_000),
        ("G", 1_000_000_000),
        ("M", 1_000_000),
        ("Ki", 1 << 10),
        ("k", 1000),
        (" bytes", 1),
    ];
    let unit = UNITS.iter().find(|(_, size)| amount > 0 && amount.is_multiple_of(*size));
    unit.map_or_else(|| "nothing".to_owned(), |(unit, size)| format!("{}{unit}", amount / size))
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn quantities_are_read_as_kubernetes_writes_them() {
        let check =
            |text: &str, scale, expected| assert_eq!(parse(text, scale), expected, "{text}");
        check("100m", 1000, Some(100));
        check("2", 1000, Some(2000));
        check("0.5", 1000, Some(500));
        check(".5", 1000, Some(500));
        check("1u", 1000, Some(1)); // rounded up
        check("1e3", 1, Some(1000));
        check("12E-1", 1, Some(2));
        check("1.5Gi", 1, Some(3 << 29));
        check("1E", 1, Some(1_000_000_000_000_000_000));
        check("128974848", 1, Some(128_974_848));
        check("129M", 1, Some(129_000_000));
        check("", 1, None);
        check(".", 1, None);
        check("-1", 1, None);
        check("1.2.3", 1, None);
        check("1 Gi", 1, None);
        check("1gi", 1, None);
        check("99999999999999999999999999999999999999E", 1000, None);
        check("1e99999", 1, None);
    }
}
