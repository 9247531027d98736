//! Series as promtool's tests write them: `up{job="a"}` and `1+2x10 _ 3x5 stale`.

use super::labels::{Labels, NAME, is_plain_name};
use super::series::{Point, STALE};
use crate::source::{Extent, Sym};

/// What is wrong with the text of a series.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NotationError {
    /// Where.
    pub at: Extent,
    /// What stands there.
    pub found: String,
    /// What should.
    pub expected: &'static str,
}

/// Most values of one series.
const MOST: usize = 100_000;

/// The labels of a series: `up{job="a", instance="b"}`, `{"a.b", job="a"}`.
pub fn read_name(text: &str) -> Result<Labels, NotationError> {
    let mut reader = Reader { text, at: 0 };
    let mut pairs: Vec<(Sym, Sym)> = Vec::new();
    reader.blanks();
    let name = reader.word(true);
    if !name.is_empty() {
        pairs.push((*NAME, Sym::new(name)));
    }
    reader.blanks();
    if reader.eat('{') {
        loop {
            reader.blanks();
            if reader.eat('}') {
                break;
            }
            let start = reader.at;
            let is_quoted = reader.rest().starts_with(['"', '\'', '`']);
            let label = if is_quoted { reader.string()? } else { reader.word(false).to_owned() };
            if label.is_empty() {
                return Err(reader.wrong("a label's name, or `}`"));
            }
            reader.blanks();
            let pair = if reader.eat('=') {
                if reader.rest().starts_with(['~', '=']) {
                    return Err(reader.wrong("the value itself: a series has one value a label"));
                }
                reader.blanks();
                (Sym::new(&label), Sym::new(&reader.string()?))
            } else if is_quoted && !pairs.iter().any(|(name, _)| *name == *NAME) {
                (*NAME, Sym::new(&label))
            } else {
                return Err(reader.wrong("`=` and the label's value in quotes"));
            };
            if pairs.iter().any(|(name, _)| *name == pair.0) {
                return Err(NotationError {
                    at: extent(start, reader.at),
                    found: format!("`{label}` for the second time"),
                    expected: "each label once",
                });
            }
            pairs.push(pair);
            reader.blanks();
            if !reader.eat(',') && !reader.rest().starts_with('}') {
                return Err(reader.wrong("`,` or `}`"));
            }
        }
    }
    reader.blanks();
    if !reader.rest().is_empty() {
        return Err(reader.wrong("the end of the series: its values stand apart"));
    }
    if pairs.is_empty() {
        return Err(reader.wrong("a series: `up{job=\"a\"}`"));
    }
    Ok(Labels::new(pairs))
}

/// The points of a series whose values begin at 0 and stand `interval` milliseconds apart.
pub fn read_values(text: &str, interval: i64) -> Result<Vec<Point>, NotationError> {
    let mut points: Vec<Point> = Vec::new();
    let mut moment: i64 = 0;
    let mut count = 0_usize;
    let mut reader = Reader { text, at: 0 };
    loop {
        reader.blanks();
        if reader.rest().is_empty() {
            break;
        }
        let start = reader.at;
        let item = reader.item()?;
        // As promtool has it: a number is repeated so many times more, a gap so many times.
        let times = match item {
            Item::Gap { times } => times,
            Item::Numbers { more, .. } => more.saturating_add(1),
        };
        count = count.saturating_add(times);
        if count > MOST {
            return Err(NotationError {
                at: extent(start, reader.at),
                found: format!("more than {MOST} values"),
                expected: "fewer values",
            });
        }
        let mut value = match item {
            Item::Numbers { first, .. } => Some(first),
            Item::Gap { .. } => None,
        };
        for _ in 0..times {
            if let (Some(now), Item::Numbers { step, .. }) = (&mut value, &item) {
                points.push((moment, *now));
                if let Some(step) = step {
                    *now += step;
                }
            }
            moment = moment.saturating_add(interval);
        }
        if !reader.rest().is_empty() && !reader.rest().starts_with(char::is_whitespace) {
            return Err(reader.wrong("a blank between values"));
        }
    }
    Ok(points)
}

/// What stands between blanks.
enum Item {
    Gap { times: usize },
    Numbers { first: f64, step: Option<f64>, more: usize },
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Reader<'t> {
    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn eat(&mut self, letter: char) -> bool {
        let is_there = self.rest().starts_with(letter);
        if is_there {
            self.at += letter.len_utf8();
        }
        is_there
    }

    fn take(&mut self, is_part: impl Fn(char) -> bool) -> &'t str {
        let rest = self.rest();
        let end = rest.find(|letter| !is_part(letter)).unwrap_or(rest.len());
        self.at += end;
        rest.get(..end).unwrap_or("")
    }

    fn blanks(&mut self) {
        self.take(char::is_whitespace);
    }

    fn word(&mut self, is_metric: bool) -> &'t str {
        let start = self.at;
        let word = self.take(|c| c.is_ascii_alphanumeric() || c == '_' || (is_metric && c == ':'));
        if word.is_empty() || is_plain_name(word, is_metric) {
            return word;
        }
        self.at = start;
        ""
    }

    fn wrong(&self, expected: &'static str) -> NotationError {
        let rest = self.rest();
        let found = match rest.chars().next() {
            None => "the end".to_owned(),
            Some(letter) => format!("`{letter}`"),
        };
        let end = rest.chars().next().map_or(self.at, |letter| self.at + letter.len_utf8());
        NotationError { at: extent(self.at, end), found, expected }
    }

    /// A text in quotes, with Go's escapes; in backticks there are none.
    fn string(&mut self) -> Result<String, NotationError> {
        let Some(quote) = self.rest().chars().next().filter(|c| matches!(c, '"' | '\'' | '`'))
        else {
            return Err(self.wrong("a value in quotes"));
        };
        let start = self.at;
        self.at += 1;
        let mut out = String::new();
        loop {
            let Some(letter) = self.rest().chars().next() else {
                return Err(NotationError {
                    at: extent(start, self.at),
                    found: "a quote without its end".to_owned(),
                    expected: "the same quote behind the value",
                });
            };
            self.at += letter.len_utf8();
            match letter {
                letter if letter == quote => return Ok(out),
                '\\' if quote != '`' => out.push(self.escape(quote)?),
                letter => out.push(letter),
            }
        }
    }

    fn escape(&mut self, quote: char) -> Result<char, NotationError> {
        const EXPECTED: &str = "an escape: `\\\\`, `\\\"`, `\\n`, `\\t`, `\\u00e9`";
        let Some(letter) = self.rest().chars().next() else { return Err(self.wrong(EXPECTED)) };
        let digits = match letter {
            'x' => 2,
            'u' => 4,
            'U' => 8,
            'n' => return Ok(self.after(letter, '\n')),
            't' => return Ok(self.after(letter, '\t')),
            'r' => return Ok(self.after(letter, '\r')),
            '\\' => return Ok(self.after(letter, '\\')),
            letter if letter == quote => return Ok(self.after(letter, quote)),
            _ => return Err(self.wrong(EXPECTED)),
        };
        let code = self.rest().get(1..=digits).unwrap_or("");
        let Some(meant) = u32::from_str_radix(code, 16).ok().and_then(char::from_u32) else {
            return Err(self.wrong(EXPECTED));
        };
        self.at += 1 + digits;
        Ok(meant)
    }

    fn after(&mut self, letter: char, meant: char) -> char {
        self.at += letter.len_utf8();
        meant
    }

    /// `_`, `_x3`, `stale`, `1`, `1x3`, `1+2x3`.
    fn item(&mut self) -> Result<Item, NotationError> {
        if self.eat('_') {
            let times = if self.eat('x') { self.times()? } else { 1 };
            return Ok(Item::Gap { times });
        }
        if self.rest().starts_with("{{") {
            return Err(NotationError {
                at: extent(self.at, self.text.len()),
                found: "a native histogram".to_owned(),
                expected: "numbers: native histograms are not computed here",
            });
        }
        let word = self.rest().split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or("");
        if word == "stale" {
            self.at += word.len();
            return Ok(Item::Numbers { first: STALE, step: None, more: 0 });
        }
        let sign = if self.eat('-') { -1.0 } else { 1.0 };
        if sign > 0.0 {
            self.eat('+');
        }
        let first = sign * self.number()?;
        if self.eat('x') {
            return Ok(Item::Numbers { first, step: None, more: self.times()? });
        }
        let sign = if self.eat('+') {
            1.0
        } else if self.eat('-') {
            -1.0
        } else {
            return Ok(Item::Numbers { first, step: None, more: 0 });
        };
        let step = sign * self.number()?;
        if !self.eat('x') {
            return Err(self.wrong("`x` and how many times more: `1+2x10`"));
        }
        Ok(Item::Numbers { first, step: Some(step), more: self.times()? })
    }

    fn times(&mut self) -> Result<usize, NotationError> {
        let digits = self.take(|c| c.is_ascii_digit());
        if digits.is_empty() {
            return Err(self.wrong("how many times: `x10`"));
        }
        Ok(digits.parse().unwrap_or(usize::MAX))
    }

    fn number(&mut self) -> Result<f64, NotationError> {
        const EXPECTED: &str = "a value: `1`, `1x10`, `1+2x10`, `_`, `stale`, `NaN`";
        let word = self.rest().split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or("");
        for (name, value) in [("nan", f64::NAN), ("inf", f64::INFINITY)] {
            if word.eq_ignore_ascii_case(name) {
                self.at += word.len();
                return Ok(value);
            }
        }
        let start = self.at;
        self.take(|c| c.is_ascii_digit());
        if self.eat('.') {
            self.take(|c| c.is_ascii_digit());
        }
        let mantissa = self.at;
        if mantissa > start && (self.eat('e') || self.eat('E')) {
            let _ = self.eat('+') || self.eat('-');
            if self.take(|c| c.is_ascii_digit()).is_empty() {
                self.at = mantissa;
            }
        }
        let found = self.text.get(start..self.at).and_then(|digits| digits.parse().ok());
        found.ok_or_else(|| {
            self.at = start;
            self.wrong(EXPECTED)
        })
    }
}

fn extent(start: usize, end: usize) -> Extent {
    let place = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    Extent { start: place(start), end: place(end) }
}

#[cfg(test)]
mod tests {
    use super::{read_name, read_values};

    #[test]
    fn names_are_read() {
        let good = |text: &str, shown: &str| match read_name(text) {
            Ok(labels) => assert_eq!(labels.to_string(), shown),
            Err(error) => panic!("{text}: {error:?}"),
        };
        good("up", "up");
        good(" up { job = 'a', instance=\"b:9\", } ", r#"up{instance="b:9", job="a"}"#);
        good(r#"{"a.b", "l.x"="y\"z"}"#, r#"{"a.b", "l.x"="y\"z"}"#);
        good(r#"{job="a"}"#, r#"{job="a"}"#);
        let bad = |text: &str, start: u32, found: &str| match read_name(text) {
            Ok(labels) => panic!("{text}: {labels}"),
            Err(error) => assert_eq!((error.at.start, error.found.as_str()), (start, found)),
        };
        bad("", 0, "the end");
        bad("up{job=~\"a\"}", 7, "`~`");
        bad("up{job}", 6, "`}`");
        bad("up{job=\"a\" instance=\"b\"}", 11, "`i`");
        bad("up{job=\"a\",job=\"b\"}", 11, "`job` for the second time");
        bad("up{job=\"a", 7, "a quote without its end");
        bad("up 5", 3, "`5`");
        bad("up{job=\"\\q\"}", 9, "`q`");
    }

    #[test]
    fn values_are_read() {
        let good = |text: &str, points: &[(i64, f64)]| {
            assert_eq!(read_values(text, 1).as_deref(), Ok(points), "{text}");
        };
        good("", &[]);
        good("1 2.5 -3", &[(0, 1.0), (1, 2.5), (2, -3.0)]);
        good("0x2 _ 7", &[(0, 0.0), (1, 0.0), (2, 0.0), (4, 7.0)]);
        good("1+2x2 _x2 1-1x1", &[(0, 1.0), (1, 3.0), (2, 5.0), (5, 1.0), (6, 0.0)]);
        good("1e3 Inf -Inf", &[(0, 1e3), (1, f64::INFINITY), (2, f64::NEG_INFINITY)]);
        let bad = |text: &str, start: u32, found: &str| match read_values(text, 1) {
            Ok(points) => panic!("{text}: {points:?}"),
            Err(error) => assert_eq!((error.at.start, error.found.as_str()), (start, found)),
        };
        bad("1 a", 2, "`a`");
        bad("1+2", 3, "the end");
        bad("1x", 2, "the end");
        bad("1,2", 1, "`,`");
        bad("{{schema:0}}", 0, "a native histogram");
        bad("1x99999999999999999999", 0, "more than 100000 values");
    }
}
