//! From the text of a scalar back to the file: what YAML folded, indented and escaped.

use saphyr_parser::ScalarStyle;

use crate::source::Extent;

/// Where each byte of a scalar's text is written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Places {
    /// The scalar as it is written, without quotes and what follows it.
    pub whole: Extent,
    /// A place for each byte; none where the way back was not found.
    bytes: Option<Vec<Extent>>,
}

impl Places {
    /// `value` is what the reader made of the text at `at`.
    pub(super) fn new(value: &str, style: ScalarStyle, text: &str, at: Extent) -> Self {
        let body = body(style, text, at);
        let bytes =
            Walk { text, at: body.start as usize, end: body.end as usize, style }.run(value);
        let whole = match &bytes {
            Some(bytes) => {
                let first = bytes.first().copied();
                first.and_then(|first| Some(first.to(*bytes.last()?))).unwrap_or(at)
            }
            None => at,
        };
        Self { whole, bytes }
    }

    /// The place of a part of the scalar's text: the whole scalar where the way back was not found.
    pub fn of(&self, part: Extent) -> Extent {
        let Some(bytes) = &self.bytes else { return self.whole };
        let first = bytes.get(part.start as usize);
        if part.is_empty() {
            // Between two bytes, or after the last.
            return match first {
                Some(first) => Extent::new(first.start, first.start),
                None => Extent::new(self.whole.end, self.whole.end),
            };
        }
        let last = bytes.get(part.end.saturating_sub(1) as usize);
        match (first, last) {
            (Some(first), Some(last)) => first.to(*last),
            _ => self.whole,
        }
    }
}

/// The part of a scalar's extent that holds its text.
fn body(style: ScalarStyle, text: &str, at: Extent) -> Extent {
    let written = at.of(text);
    match style {
        ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted if written.len() >= 2 => {
            Extent::new(at.start + 1, at.end - 1)
        }
        // The header is `|` or `>` with marks and maybe a comment; the text begins on the next line.
        ScalarStyle::Literal | ScalarStyle::Folded => {
            let header = if written.starts_with(['|', '>']) {
                written.find('\n').map_or(written.len(), |it| it + 1)
            } else {
                0
            };
            Extent::new(at.start + u32::try_from(header).unwrap_or(0), at.end)
        }
        ScalarStyle::Plain | ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => at,
    }
}

/// Goes through the written text and the value side by side. White space of one stands for white space of the other; every other character of
/// the value must come next.
struct Walk<'a> {
    text: &'a str,
    at: usize,
    end: usize,
    style: ScalarStyle,
}

impl Walk<'_> {
    fn run(mut self, value: &str) -> Option<Vec<Extent>> {
        let mut bytes = Vec::with_capacity(value.len());
        let mut chars = value.char_indices().peekable();
        while let Some((_, c)) = chars.next() {
            if !c.is_ascii_whitespace() {
                let (found, place) = self.after_white()?;
                if found != c {
                    return None;
                }
                bytes.extend(std::iter::repeat_n(place, c.len_utf8()));
                continue;
            }
            let mut width = 1;
            while chars.next_if(|(_, c)| c.is_ascii_whitespace()).is_some() {
                width += 1;
            }
            self.white(width, &mut bytes);
        }
        Some(bytes)
    }

    /// The next character that is no white space.
    fn after_white(&mut self) -> Option<(char, Extent)> {
        loop {
            let (c, place) = self.next()?;
            if c.is_some_and(|c| !c.is_ascii_whitespace()) {
                return Some((c?, place));
            }
        }
    }

    /// A run of white space: byte by byte while they are written as they are, the rest at its end.
    fn white(&mut self, width: usize, bytes: &mut Vec<Extent>) {
        let start = self.at;
        let mut places = Vec::new();
        loop {
            let before = self.at;
            match self.next() {
                Some((c, place)) if c.is_none_or(|c| c.is_ascii_whitespace()) => places.push(place),
                _ => {
                    self.at = before;
                    break;
                }
            }
        }
        let end = extent(start, self.at);
        for at in 0..width {
            let exact = (places.len() == width).then(|| places.get(at)).flatten();
            let place =
                exact.copied().unwrap_or(if at == 0 { end } else { Extent::new(end.end, end.end) });
            bytes.push(place);
        }
    }

    /// The next written character and what it means; none for a line break that means nothing.
    fn next(&mut self) -> Option<(Option<char>, Extent)> {
        let start = self.at;
        let rest = self.text.get(start..self.end)?;
        let mut chars = rest.chars();
        let first = chars.next()?;
        let (meant, len) = match (self.style, first) {
            (ScalarStyle::SingleQuoted, '\'') => (Some('\''), 2),
            (ScalarStyle::DoubleQuoted, '\\') => escape(rest)?,
            _ => (Some(first), first.len_utf8()),
        };
        self.at = (start + len).min(self.end);
        Some((meant, extent(start, self.at)))
    }
}

/// What `\n`, `\"`, `\u00e9` mean, and how many bytes they have; no character for a line break that means nothing.
pub(super) fn escape(rest: &str) -> Option<(Option<char>, usize)> {
    let c = rest.chars().nth(1)?;
    let digits = match c {
        'x' => 2,
        'u' => 4,
        'U' => 8,
        _ => 0,
    };
    if digits > 0 {
        let number = u32::from_str_radix(rest.get(2..2 + digits)?, 16).ok()?;
        // JSON writes what lies beyond four digits as two halves.
        if let 0xd800..0xdc00 = number {
            let low = rest.get(6..8).filter(|it| *it == "\\u").and_then(|_| rest.get(8..12))?;
            let low =
                u32::from_str_radix(low, 16).ok().filter(|it| (0xdc00..0xe000).contains(it))?;
            let number = 0x10000 + ((number - 0xd800) << 10) + (low - 0xdc00);
            return Some((Some(char::from_u32(number)?), 12));
        }
        return Some((Some(char::from_u32(number)?), 2 + digits));
    }
    let meant = match c {
        '\n' | '\r' => None,
        '0' => Some('\0'),
        'a' => Some('\u{7}'),
        'b' => Some('\u{8}'),
        't' => Some('\t'),
        'n' => Some('\n'),
        'v' => Some('\u{b}'),
        'f' => Some('\u{c}'),
        'r' => Some('\r'),
        'e' => Some('\u{1b}'),
        'N' => Some('\u{85}'),
        '_' => Some('\u{a0}'),
        'L' => Some('\u{2028}'),
        'P' => Some('\u{2029}'),
        other => Some(other),
    };
    Some((meant, 1 + c.len_utf8()))
}

fn extent(start: usize, end: usize) -> Extent {
    let of = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    Extent::new(of(start), of(end))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use crate::import::yaml::Yaml;
    use crate::source::Extent;

    /// Where `part` of the field `a` is written.
    fn check(text: &str, part: &str, expected: &str) {
        let (yaml, wrong) = Yaml::read(text);
        assert_eq!(wrong, None, "{text}");
        let node = yaml.get(*yaml.documents.first().unwrap(), "a").unwrap();
        let value = yaml.text(node).unwrap();
        let start = u32::try_from(value.find(part).unwrap()).unwrap();
        let extent = Extent::new(start, start + u32::try_from(part.len()).unwrap());
        let place = yaml.places(node, text).unwrap().of(extent);
        assert_eq!(place.of(text), expected, "{text}");
    }

    #[test]
    fn parts_are_found_where_they_are_written() {
        check("a: sum(up) > 1 # c\nb: 1", "sum(up) > 1", "sum(up) > 1");
        check("a: sum(up)\n  > bool 1\nb: 1", "> bool", "> bool");
        check("a: sum(up)\n\n  > bool 1\nb: 1", "bool", "bool");
        check("a: 'it''s {x=\"y\"}'\nb: 1", "it's", "it''s");
        check("a: \"x{l=\\\"é\\\"} \\u00e9z\"\nb: 1", "l=\"é\"", "l=\\\"é\\\"");
        check("a: \"x{l=\\\"é\\\"} \\u00e9z\"\nb: 1", "éz", "\\u00e9z");
        check("a: \"one\\\n   two\"\nb: 1", "two", "two");
        check("é: 1\na: |-  # why\n    sum by (x) (\n      up\n    )\nb: 1", "up", "up");
        check("a: |\n  x\n    /\n  y\nb: 1", "/\n", "/\n  ");
        check("a: >-\n  x\n  and\n\n  y\nb: 1", "and", "and");
        check("a: >-\n  x\n    and\n  y\nb: 1", "and", "and");
        check("a: |2\n    x\nb: 1", "x", "x");
        check("{\"a\": \"x > 1\", \"b\": [1]}", "> 1", "> 1");
    }

    proptest! {
        #[test]
        fn reading_ends_and_places_lie_in_the_text(text in "([ab:'\"|>&*{}\\[\\]#\\-é\\\\, ]|\n)*") {
            let (yaml, _) = Yaml::read(&text);
            for document in &yaml.documents {
                let mut waiting = vec![(*document, 0)];
                while let Some((node, depth)) = waiting.pop() {
                    let at = yaml.at(node);
                    prop_assert!(at.start <= at.end && at.end as usize <= text.len());
                    if let Some(value) = yaml.text(node) {
                        let places = yaml.places(node, &text).unwrap();
                        let all = Extent::new(0, u32::try_from(value.len()).unwrap());
                        let place = places.of(all);
                        prop_assert!(text.get(place.start as usize..place.end as usize).is_some());
                    }
                    if depth < 20 {
                        let items = yaml.items(node).into_iter().flatten().copied();
                        let fields = yaml.fields(node).into_iter().flatten().map(|it| it.2);
                        waiting.extend(items.chain(fields).map(|it| (it, depth + 1)).take(20));
                    }
                }
            }
        }
    }
}
