//! The one style, as edits that leave alone what has it already.

use similar::{ChangeTag, TextDiff};

use crate::diag::Edit;
use crate::source::{Extent, FileId, Span};
use crate::syntax::{Parsed, format};

/// The edits that bring a text into the one style; where it has errors, those of its items that have none.
pub fn format_edits(file: FileId, text: &str, parsed: &Parsed) -> Vec<Edit> {
    match format(file, text) {
        Ok(new) => difference(file, 0, text, &new),
        Err(_) => sound_items(file, text, parsed).flat_map(|(_, edits)| edits).collect(),
    }
}

/// The edits for the items that a range touches.
pub fn format_range(file: FileId, text: &str, parsed: &Parsed, range: Extent) -> Vec<Edit> {
    let meets = |at: Extent| at.start <= range.end && range.start <= at.end;
    let near = |edit: &Edit| meets(lines_of(text, edit.span.extent()));
    match format(file, text) {
        Ok(new) => difference(file, 0, text, &new).into_iter().filter(near).collect(),
        Err(_) => sound_items(file, text, parsed)
            .filter(|(at, _)| meets(*at))
            .flat_map(|(_, edits)| edits)
            .filter(near)
            .collect(),
    }
}

/// The edits after a letter was typed: for the block that a brace closed, or the line that is finished.
pub fn format_on_type(
    file: FileId,
    text: &str,
    parsed: &Parsed,
    offset: u32,
    letter: char,
) -> Vec<Edit> {
    let at = match letter {
        '}' => closed_block(parsed, offset),
        '\n' => {
            let before = text.get(..offset as usize).unwrap_or("").trim_end();
            let end = u32::try_from(before.len()).unwrap_or(u32::MAX);
            Some(lines_of(text, Extent::new(end, end)))
        }
        _ => None,
    };
    let edits = at.map(|at| format_range(file, text, parsed, at)).unwrap_or_default();
    // Where the cursor stands is left alone: what is about to be written there needs its blanks.
    edits
        .into_iter()
        .filter(|edit| edit.span.end < offset || edit.span.start > offset || letter == '}')
        .collect()
}

/// The largest block that a brace before the offset closes.
fn closed_block(parsed: &Parsed, offset: u32) -> Option<Extent> {
    let bodies = parsed
        .trees
        .iter()
        .flat_map(|placed| placed.tree.bodies.iter().map(|body| body.at.shift(placed.base)));
    bodies.filter(|at| at.end == offset).min_by_key(|at| at.start)
}

/// The whole lines that a place touches, without what ends them.
fn lines_of(text: &str, at: Extent) -> Extent {
    let start = text.get(..at.start as usize).and_then(|before| before.rfind('\n'));
    let end = text.get(at.end as usize..).and_then(|after| after.find('\n'));
    let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    Extent::new(
        start.map_or(0, |start| offset(start + 1)),
        end.map_or(offset(text.len()), |end| at.end + offset(end)),
    )
}

/// Each item that has no error, and the edits for it. What is around items stays.
fn sound_items<'a>(
    file: FileId,
    text: &'a str,
    parsed: &'a Parsed,
) -> impl Iterator<Item = (Extent, Vec<Edit>)> + 'a {
    parsed.trees.iter().filter_map(move |placed| {
        let whole = Extent::new(placed.base, placed.base + placed.len);
        let is_wrong = |span: Span| span.start <= whole.end && whole.start <= span.end;
        let mut places = parsed.sink.iter().filter_map(|found| found.primary.as_ref());
        if places.any(|label| is_wrong(label.span)) {
            return None;
        }
        let item = whole.of(text);
        let skipped = item.len() - item.trim_start().len();
        let item = item.trim();
        let base = placed.base + u32::try_from(skipped).unwrap_or(u32::MAX);
        let new = format(file, item).ok()?;
        Some((whole, difference(file, base, item, new.trim_end())))
    })
}

/// What differs between two texts, line by line.
fn difference(file: FileId, base: u32, old: &str, new: &str) -> Vec<Edit> {
    let mut edits: Vec<Edit> = Vec::new();
    let mut at = base;
    let mut open = false;
    for change in TextDiff::from_lines(old, new).iter_all_changes() {
        let line = change.value();
        let len = u32::try_from(line.len()).unwrap_or(u32::MAX);
        if change.tag() == ChangeTag::Equal {
            (open, at) = (false, at + len);
            continue;
        }
        if !open {
            edits.push(Edit { span: Span::new(file, at, at), text: String::new() });
            open = true;
        }
        let Some(edit) = edits.last_mut() else { continue };
        if change.tag() == ChangeTag::Insert {
            edit.text.push_str(line);
        } else {
            at += len;
            edit.span.end = at;
        }
    }
    edits
}

#[cfg(test)]
mod tests {
    use super::{format_edits, format_on_type, format_range};
    use crate::diag::Edit;
    use crate::source::{Extent, FileId};
    use crate::syntax::{Grain, parse};

    fn applied(text: &str, edits: &[Edit]) -> String {
        let mut out = text.to_owned();
        for edit in edits.iter().rev() {
            out.replace_range(edit.span.start as usize..edit.span.end as usize, &edit.text);
        }
        out
    }

    #[test]
    fn only_what_differs_is_edited() {
        let text = "cluster a {\n  x=1\n  y = 2\n}\n\ncluster b { z=1 }\n";
        let parsed = parse(FileId(0), text, Grain::Items);
        let edits = format_edits(FileId(0), text, &parsed);
        assert_eq!(edits.len(), 2);
        let whole = "cluster a {\n  x = 1\n  y = 2\n}\n\ncluster b { z = 1 }\n";
        assert_eq!(applied(text, &edits), whole);
        let edits = format_range(FileId(0), text, &parsed, Extent::new(14, 15));
        assert_eq!(applied(text, &edits), text.replace("x=1", "x = 1"));
        let end = u32::try_from(text.len() - 1).unwrap();
        let edits = format_on_type(FileId(0), text, &parsed, end, '}');
        assert_eq!(applied(text, &edits), text.replace("z=1", "z = 1"));
    }

    #[test]
    fn items_without_errors_are_formatted_beside_others() {
        let text = "cluster a { x=1 }\n\ncluster b { z = = }\n\ncluster c { y=1 }\n";
        let parsed = parse(FileId(0), text, Grain::Items);
        let edits = format_edits(FileId(0), text, &parsed);
        let wanted = text.replace("x=1", "x = 1").replace("y=1", "y = 1");
        assert_eq!(applied(text, &edits), wanted);
    }
}
