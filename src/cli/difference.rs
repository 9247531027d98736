//! The lines in which two texts differ, briefly.

/// Most lines that are shown of a file.
const SHOWN: usize = 12;

/// How far apart, in lines, equal lines are looked for.
const REACH: usize = 64;

/// The lines that go and come, each with its number in the text that holds it; the first of them if there are many.
pub(super) fn difference(old: &str, new: &str) -> String {
    let (old, new): (Vec<&str>, Vec<&str>) = (old.split('\n').collect(), new.split('\n').collect());
    let (mut at, mut to) = (0, 0);
    let mut lines = Vec::new();
    loop {
        match (old.get(at), new.get(to)) {
            (None, None) => break,
            (Some(a), Some(b)) if a == b => (at, to) = (at + 1, to + 1),
            _ => {
                let (gone, come) =
                    to_equal(old.get(at..).unwrap_or(&[]), new.get(to..).unwrap_or(&[]));
                for (number, line) in (at + 1..).zip(old.iter().skip(at).take(gone)) {
                    lines.push(shown(number, '-', line));
                }
                for (number, line) in (to + 1..).zip(new.iter().skip(to).take(come)) {
                    lines.push(shown(number, '+', line));
                }
                (at, to) = (at + gone, to + come);
            }
        }
    }
    let more = lines.len().saturating_sub(SHOWN);
    lines.truncate(SHOWN);
    if more > 0 {
        lines.push(format!("       and {more} more\n"));
    }
    lines.concat()
}

fn shown(number: usize, sign: char, line: &str) -> String {
    // a carriage return would move the cursor of a terminal
    let line = line.replace('\r', "\\r").replace('\u{FEFF}', "\\u{FEFF}");
    let line = format!("{number:>5} {sign} {line}");
    format!("{}\n", line.trim_end())
}

/// How many lines of each text stand before the nearest two lines that both have, or the nearest one.
fn to_equal(old: &[&str], new: &[&str]) -> (usize, usize) {
    for most in [2, 1] {
        for sum in 1..=REACH {
            for gone in 0..=sum {
                let (a, b) = (run(old, gone, most), run(new, sum - gone, most));
                if !a.is_empty() && a == b {
                    return (gone, sum - gone);
                }
            }
        }
    }
    (old.len().min(REACH), new.len().min(REACH))
}

/// At most so many lines from a place on.
fn run<'a, 't>(lines: &'a [&'t str], at: usize, most: usize) -> &'a [&'t str] {
    let rest = lines.get(at..).unwrap_or(&[]);
    rest.get(..most).unwrap_or(rest)
}

#[cfg(test)]
mod tests {
    use super::difference;

    #[test]
    fn lines_that_go_and_come_are_shown() {
        assert_eq!(difference("a\nb\nc\n", "a\nx\nc\n"), "    2 - b\n    2 + x\n");
        assert_eq!(difference("a\n\n\nb\n", "a\n\nb\n"), "    3 -\n");
        assert_eq!(difference("a", "a\n"), "    2 +\n");
        assert_eq!(difference("a\n", "a\n"), "");
        let (old, new) = ("a\n".repeat(300), "b\n".repeat(200));
        let shown = difference(&old, &new);
        assert_eq!(shown.lines().count(), 13);
        assert!(shown.ends_with("       and 490 more\n"), "{shown}");
    }
}
