//! How quantities are printed.

use std::borrow::Cow;

use super::{IntoNode, text};
use crate::backend::Node;
use crate::model::{Of, Quantity};

const BINARY: [(&str, i64); 6] = [
    ("Ei", 1 << 60),
    ("Pi", 1 << 50),
    ("Ti", 1 << 40),
    ("Gi", 1 << 30),
    ("Mi", 1 << 20),
    ("Ki", 1 << 10),
];

/// Units of Prometheus' durations, largest first, in milliseconds.
const TIMES: [(&str, i64); 6] = [
    ("w", 604_800_000),
    ("d", 86_400_000),
    ("h", 3_600_000),
    ("m", 60_000),
    ("s", 1000),
    ("ms", 1),
];

/// `Bytes`, as Kubernetes writes them: as the program has it, else in the largest unit that divides them.
pub(in crate::backend) fn bytes(quantity: Of<Quantity<'_>>) -> Node<'_> {
    let amount = quantity.value.amount;
    let printed = || {
        let unit = BINARY.iter().find(|(_, size)| amount != 0 && amount % size == 0);
        unit.map_or_else(|| amount.to_string(), |(unit, size)| format!("{}{unit}", amount / size))
    };
    written(quantity, printed)
}

/// `Cpu`, as Kubernetes writes it: as the program has it, else in whole cores or thousandths.
pub(in crate::backend) fn cpu(quantity: Of<Quantity<'_>>) -> Node<'_> {
    let amount = quantity.value.amount;
    written(quantity, || {
        if amount % 1000 == 0 { (amount / 1000).to_string() } else { format!("{amount}m") }
    })
}

/// A `Duration`, as Prometheus writes it: as the program has it where Prometheus reads that, else with the largest units first.
pub(in crate::backend) fn duration(quantity: Of<Quantity<'_>>) -> Node<'_> {
    let readable = quantity.value.written.filter(|text| prometheus_reads(text));
    let quantity = Of::new(Quantity { written: readable, ..quantity.value }, quantity.origin);
    written(quantity, || {
        let mut rest = quantity.value.amount;
        let mut printed = String::new();
        for (unit, size) in TIMES {
            if rest >= size {
                printed.push_str(&format!("{}{unit}", rest / size));
                rest %= size;
            }
        }
        if printed.is_empty() { "0s".to_owned() } else { printed }
    })
}

/// Whole seconds, rounded up.
pub(in crate::backend) fn seconds<'a>(quantity: Of<Quantity<'_>>) -> Node<'a> {
    Of::new(scaled_up(quantity.value.amount, 1000), quantity.origin).into_node()
}

/// How many of a larger unit hold an amount that is not negative.
pub(in crate::backend) const fn scaled_up(amount: i64, unit: i64) -> i64 {
    amount / unit + if amount % unit > 0 { 1 } else { 0 }
}

fn written<'a>(quantity: Of<Quantity<'a>>, print: impl FnOnce() -> String) -> Node<'a> {
    let printed = quantity.value.written.map_or_else(|| Cow::Owned(print()), Cow::Borrowed);
    text(printed, quantity.origin)
}

/// Whether a text is a duration in Prometheus' grammar: whole numbers, each unit at most once, the largest first.
fn prometheus_reads(duration: &str) -> bool {
    let mut rest = duration;
    let mut units = TIMES.iter();
    while !rest.is_empty() {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let Some((number, after)) = rest.split_at_checked(digits) else { return false };
        let letters = after.bytes().take_while(u8::is_ascii_alphabetic).count();
        let Some((unit, after)) = after.split_at_checked(letters) else { return false };
        if number.is_empty() || !units.any(|(known, _)| *known == unit) {
            return false;
        }
        rest = after;
    }
    !duration.is_empty()
}

#[cfg(test)]
mod tests {
    use super::{bytes, cpu, duration, scaled_up};
    use crate::backend::Node;
    use crate::eval::Origin;
    use crate::model::{Of, Quantity};

    fn check<'a>(
        print: fn(Of<Quantity<'a>>) -> Node<'a>,
        amount: i64,
        written: Option<&'a str>,
        expected: &str,
    ) {
        let node = print(Of::new(Quantity { amount, written }, Origin::NONE));
        let Node::Text(text, _) = node else { panic!("{node:?} is no text") };
        assert_eq!(text, expected);
    }

    #[test]
    fn quantities_print_as_written_or_in_the_largest_unit() {
        check(bytes, 20 << 30, Some("20Gi"), "20Gi");
        check(bytes, 20 << 30, None, "20Gi");
        check(bytes, (1 << 30) + (1 << 20), None, "1025Mi");
        check(bytes, 1500, None, "1500");
        check(bytes, 0, None, "0");
        check(cpu, 4000, None, "4");
        check(cpu, 1500, None, "1500m");
        check(cpu, 500, Some("500m"), "500m");
    }

    #[test]
    fn durations_print_as_prometheus_reads_them() {
        check(duration, 5_400_000, Some("1h30m"), "1h30m");
        check(duration, 5_400_000, Some("90m"), "90m");
        check(duration, 5_400_000, Some("1.5h"), "1h30m");
        check(duration, 5_400_000, Some("30m1h"), "1h30m");
        check(duration, 90_061_001, None, "1d1h1m1s1ms");
        check(duration, 0, None, "0s");
        check(duration, 0, Some("0s"), "0s");
        check(duration, 0, Some(""), "0s");
    }

    #[test]
    fn larger_units_round_up() {
        assert_eq!(scaled_up(0, 1000), 0);
        assert_eq!(scaled_up(1, 1000), 1);
        assert_eq!(scaled_up(2000, 1000), 2);
        assert_eq!(scaled_up(i64::MAX, 1), i64::MAX);
    }
}
