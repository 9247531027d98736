//! The lines that a report shows, made safe to draw: tabs become blanks, control characters a mark,
//! long lines are cut around what they are shown for, spans are brought inside their text.
//!
//! Both drawing crates read this excerpt and not the sources, so that neither meets a span that it
//! cannot draw, and so that a report costs as much as what it shows, not as much as the file.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

use crate::diag::{Diagnostic, Label};
use crate::source::{FileId, Position, Source, Sources, Span};

/// A place that holds more lines than this is shown by its first line.
const MOST_LINES: usize = 6;
/// More places than these are counted, not shown.
const MOST_PLACES: usize = 20;
/// What stands where a line was cut.
const CUT: &str = "...";

/// How lines are made ready.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shape {
    /// Longest line, in characters.
    pub(super) width: usize,
    /// Whether a cut may drop a line's beginning.
    pub(super) cut_left: bool,
    /// What an empty line is shown as.
    pub(super) blank: &'static str,
}

/// One shown line.
#[derive(Debug)]
pub(super) struct Line {
    /// Index into [`Excerpt::names`].
    pub(super) file: usize,
    /// Its number in the file, from 1.
    pub(super) number: usize,
    /// Its bytes in [`Excerpt::text`], with the line feed.
    pub(super) range: Range<usize>,
    /// Where the characters of the source went: byte in the file, byte in the excerpt.
    anchors: Vec<(usize, usize)>,
}

/// A label in the excerpt.
#[derive(Debug)]
pub(super) struct Placed {
    /// Index into [`Excerpt::names`].
    pub(super) file: usize,
    /// Bytes in [`Excerpt::text`].
    pub(super) range: Range<usize>,
    /// Where it starts in its file.
    pub(super) position: Position,
    /// What is said there.
    pub(super) text: String,
    /// Whether it is the place of the finding.
    pub(super) primary: bool,
}

/// All lines that one finding speaks of, the primary label's file first.
#[derive(Debug, Default)]
pub(super) struct Excerpt {
    /// The shown lines, each ended by a line feed.
    pub(super) text: String,
    /// By file and number.
    pub(super) lines: Vec<Line>,
    /// The files' names.
    pub(super) names: Vec<String>,
    /// The primary label first.
    pub(super) labels: Vec<Placed>,
}

impl Excerpt {
    /// The lines that a finding speaks of, with one line of context on both sides.
    pub(super) fn new(diagnostic: &Diagnostic, sources: &Sources, shape: Shape) -> Self {
        let known = |label: &&Label| (label.span.file.0 as usize) < sources.len();
        let because = diagnostic.because.get(..MOST_PLACES).unwrap_or(&diagnostic.because);
        let labels: Vec<(&Label, bool)> = diagnostic
            .primary
            .iter()
            .filter(known)
            .map(|label| (label, true))
            .chain(because.iter().filter(known).map(|label| (label, false)))
            .collect();
        let mut files: Vec<FileId> = Vec::new();
        for (label, _) in &labels {
            if !files.contains(&label.span.file) {
                files.push(label.span.file);
            }
        }
        let mut excerpt = Self::default();
        for (index, &file) in files.iter().enumerate() {
            let source = sources.get(file);
            excerpt.names.push(clean(source.name()).into_owned());
            let spans: Vec<Span> = labels
                .iter()
                .filter(|(label, _)| label.span.file == file)
                .map(|(label, _)| inside(source, label.span))
                .collect();
            excerpt.add_lines(index, source, &spans, shape);
        }
        for (label, primary) in labels {
            let source = sources.get(label.span.file);
            let Some(file) = files.iter().position(|&id| id == label.span.file) else { continue };
            excerpt.add_label(file, source, label, primary);
        }
        excerpt
    }

    fn add_lines(&mut self, file: usize, source: &Source, spans: &[Span], shape: Shape) {
        let index = source.lines();
        // The first place on a line decides which part of a long line is shown; the finding's own
        // place comes first in `spans`.
        let mut wanted: BTreeMap<usize, Option<usize>> = BTreeMap::new();
        for span in spans {
            let (first, last) = (index.line(span.start), index.line(span.end));
            for line in first.saturating_sub(1)..=last + 1 {
                let context = line < first || line > last;
                if line >= index.count() || (context && line_text(source, line).1.trim().is_empty())
                {
                    continue;
                }
                let focus = wanted.entry(line).or_insert(None);
                if line == first && focus.is_none() {
                    *focus = Some(span.start as usize);
                }
            }
        }
        for (line, focus) in wanted {
            let (start, text) = line_text(source, line);
            let from = self.text.len();
            let mut anchors = Vec::new();
            write_line(&mut self.text, &mut anchors, start, text, focus, shape);
            self.text.push('\n');
            let range = from..self.text.len();
            self.lines.push(Line { file, number: line + 1, range, anchors });
        }
    }

    fn add_label(&mut self, file: usize, source: &Source, label: &Label, primary: bool) {
        let span = inside(source, label.span);
        let text = one_line(&label.text);
        let start = self.place(file, source, span.start);
        let end = self.place(file, source, span.end).max(start);
        if let Some(same) = self.labels.iter_mut().find(|l| l.range == (start..end)) {
            if !text.is_empty() && same.text != text {
                same.text =
                    if same.text.is_empty() { text } else { format!("{}; {text}", same.text) };
            }
            return;
        }
        let position = source.lines().position(source.text(), span.start);
        self.labels.push(Placed { file, range: start..end, position, text, primary });
    }

    /// Where a byte of a file went.
    fn place(&self, file: usize, source: &Source, byte: u32) -> usize {
        let number = source.lines().line(byte) + 1;
        let Some(line) = self.lines.iter().find(|l| l.file == file && l.number == number) else {
            return 0;
        };
        let next = line.anchors.partition_point(|&(origin, _)| origin < byte as usize);
        let after = line.range.end.saturating_sub(1);
        line.anchors.get(next).map_or(after, |&(_, shown)| shown)
    }

    /// The line (its index) that holds a byte of the excerpt.
    pub(super) fn line_at(&self, byte: usize) -> usize {
        self.lines
            .partition_point(|line| line.range.end <= byte)
            .min(self.lines.len().saturating_sub(1))
    }

    /// The column in its file, from 1, of a label that starts here.
    pub(super) fn column_at(&self, byte: usize) -> usize {
        if let Some(label) = self.labels.iter().find(|label| label.range.start == byte) {
            return label.position.column as usize;
        }
        let start = self.lines.get(self.line_at(byte)).map_or(0, |line| line.range.start);
        self.text.get(start..byte).map_or(0, |before| before.chars().count()) + 1
    }

    /// Makes labels that share characters of one line stand side by side, for a drawing that cannot
    /// stack them: the longer keeps the longest piece that the shorter leaves.
    pub(super) fn separate(&mut self) {
        let mut order: Vec<usize> = (0..self.labels.len()).collect();
        order.sort_by_key(|&at| self.labels.get(at).map_or(0, |label| label.range.len()));
        let mut taken: Vec<Range<usize>> = Vec::new();
        for at in order {
            let Some(range) = self.labels.get(at).map(|label| label.range.clone()) else {
                continue;
            };
            if self.line_at(range.start) != self.line_at(range.end) {
                continue;
            }
            let mut pieces = vec![range.clone()];
            for other in &taken {
                pieces = pieces
                    .into_iter()
                    .flat_map(|piece| {
                        if other.start >= piece.end || other.end <= piece.start {
                            return [piece, 0..0];
                        }
                        [
                            piece.start..other.start.max(piece.start),
                            other.end.min(piece.end)..piece.end,
                        ]
                    })
                    .filter(|piece| !piece.is_empty())
                    .collect();
            }
            let longest = pieces.into_iter().rev().max_by_key(Range::len).unwrap_or(range);
            if let Some(label) = self.labels.get_mut(at) {
                label.range = longest.clone();
            }
            taken.push(longest);
        }
    }
}

/// The start of a line (from 0) and its text without its end.
fn line_text(source: &Source, line: usize) -> (usize, &str) {
    let start = source.lines().start(line).map_or(source.text().len(), |start| start as usize);
    let end = source.lines().start(line + 1).map_or(source.text().len(), |next| next as usize);
    let text = source.text().get(start..end).unwrap_or("");
    let text = text.strip_suffix('\n').unwrap_or(text);
    (start, text.strip_suffix('\r').unwrap_or(text))
}

/// The span, brought inside its text: ordered, on character boundaries, without a last line's end,
/// and cut to its first line when it holds too many.
fn inside(source: &Source, span: Span) -> Span {
    let text = source.text();
    let floor = |at: u32| {
        let mut at = (at as usize).min(text.len());
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    let start = floor(span.start);
    let mut end = floor(span.end).max(start);
    while end > start
        && text.as_bytes().get(end - 1).is_some_and(|&byte| matches!(byte, b'\n' | b'\r'))
    {
        end -= 1;
    }
    let small = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    let first = source.lines().line(small(start));
    if source.lines().line(small(end)) - first >= MOST_LINES {
        let (from, line) = line_text(source, first);
        end = (from + line.len()).max(start);
    }
    Span::new(span.file, small(start), small(end))
}

fn write_line(
    out: &mut String,
    anchors: &mut Vec<(usize, usize)>,
    start: usize,
    text: &str,
    focus: Option<usize>,
    shape: Shape,
) {
    if text.is_empty() {
        anchors.push((start, out.len()));
        out.push_str(shape.blank);
        return;
    }
    let width = shape.width.max(20);
    let focus = focus.map_or(0, |byte| byte.saturating_sub(start));
    let before = text.get(..focus).map_or(0, |before| before.chars().take(width * 4).count());
    // A place near the beginning keeps the beginning; any other stands in the first third.
    let from = if !shape.cut_left || before < width * 2 / 3 {
        0
    } else {
        floor_chars(text, focus, width / 3)
    };
    let most = if shape.cut_left { width } else { width.max(before.saturating_add(width / 2)) };
    if from > 0 {
        out.push_str(CUT);
    }
    let mut shown = 0;
    for (at, character) in text.get(from..).unwrap_or("").char_indices() {
        if shown >= most {
            anchors.push((start + from + at, out.len()));
            out.push_str(CUT);
            return;
        }
        anchors.push((start + from + at, out.len()));
        match character {
            '\t' => {
                let blanks = 4 - shown % 4;
                out.extend(std::iter::repeat_n(' ', blanks));
                shown += blanks;
            }
            other => {
                out.push(visible(other));
                shown += 1;
            }
        }
    }
    anchors.push((start + text.len(), out.len()));
}

/// The byte `count` characters before `at`.
fn floor_chars(text: &str, at: usize, count: usize) -> usize {
    let before = text.get(..at).unwrap_or("");
    before.char_indices().rev().take(count).last().map_or(at, |(byte, _)| byte)
}

/// A character as it may be printed: what would move the cursor or turn the text around is a mark.
fn visible(character: char) -> char {
    match character {
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' => '\u{fffd}',
        '\u{2028}' | '\u{2029}' => '\u{fffd}',
        other if other.is_control() => '\u{fffd}',
        other => other,
    }
}

/// A text that may hold words of the user, without what would harm a terminal. Line feeds stay.
pub fn clean(text: &str) -> Cow<'_, str> {
    if text.chars().all(|c| c == '\n' || visible(c) == c) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().map(|c| if c == '\n' { c } else { visible(c) }).collect())
}

/// The same on one line.
pub fn one_line(text: &str) -> String {
    clean(text).split('\n').map(str::trim_end).collect::<Vec<_>>().join(" ")
}

/// What follows the lines, a paragraph each: the word that opens it, and its text.
pub(super) fn notes(diagnostic: &Diagnostic) -> Vec<(&'static str, String)> {
    let more = diagnostic.because.len().saturating_sub(MOST_PLACES);
    let places = if more == 1 { "place" } else { "places" };
    let more = (more > 0).then(|| ("note", format!("and {more} more {places}")));
    let help = diagnostic.help.iter().map(|text| ("help", clean(text).into_owned()));
    let fixes = diagnostic.fixes.iter().map(|fix| ("fix", clean(&fix.title).into_owned()));
    more.into_iter().chain(help).chain(fixes).collect()
}
