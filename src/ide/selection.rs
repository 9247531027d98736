//! What grows around a place: the name, the value, the member, the block, the item, the text.

use crate::source::Extent;
use crate::syntax::Parsed;

/// The places around an offset, from the smallest; each holds the one before it.
pub fn selections(text: &str, parsed: &Parsed, offset: u32) -> Vec<Extent> {
    let holds = |at: &Extent| at.start <= offset && offset <= at.end;
    let mut around: Vec<Extent> = vec![word(text, offset)];
    for placed in &parsed.trees {
        if !holds(&Extent::new(placed.base, placed.base + placed.len)) {
            continue;
        }
        let tree = &placed.tree;
        let bodies = tree.bodies.iter().map(|body| body.at);
        let inner = bodies.clone().filter(|at| at.len() > 2);
        let inner = inner.map(|at| Extent::new(at.start + 1, at.end - 1));
        let all = tree
            .expr_at
            .iter()
            .chain(&tree.type_at)
            .copied()
            .chain(tree.members.iter().map(|member| member.at))
            .chain(tree.members.iter().map(|member| {
                if member.doc.is_empty() { member.at } else { member.doc.to(member.at) }
            }))
            .chain(tree.names.iter().map(|name| name.at))
            .chain(tree.paths.iter().map(|path| path.at))
            .chain(tree.texts.iter().map(|text| text.at))
            .chain(bodies)
            .chain(inner);
        around.extend(all.map(|at| at.shift(placed.base)).filter(holds));
    }
    around.push(Extent::new(0, u32::try_from(text.len()).unwrap_or(u32::MAX)));
    around.retain(|at| !at.is_empty());
    around.sort_unstable_by_key(|at| (at.len(), at.start));
    let mut nested: Vec<Extent> = Vec::new();
    for at in around {
        let fits = nested
            .last()
            .is_none_or(|last| at.start <= last.start && last.end <= at.end && at != *last);
        if fits {
            nested.push(at);
        }
    }
    nested
}

/// The letters, digits and dashes around an offset.
fn word(text: &str, offset: u32) -> Extent {
    let is_part = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
    let (before, after) = text.split_at_checked(offset as usize).unwrap_or((text, ""));
    let length = |len: usize| u32::try_from(len).unwrap_or(0);
    let start = before.len() - before.trim_end_matches(is_part).len();
    let end = after.len() - after.trim_start_matches(is_part).len();
    Extent::new(offset.saturating_sub(length(start)), offset + length(end))
}

#[cfg(test)]
mod tests {
    use super::selections;
    use crate::source::FileId;
    use crate::syntax::{Grain, parse};

    #[test]
    fn each_holds_the_one_before() {
        let text = "cluster a {\n  b = lower(x.name)\n}\n";
        let parsed = parse(FileId(0), text, Grain::Items);
        let at = u32::try_from(text.find("name").unwrap() + 1).unwrap();
        let found = selections(text, &parsed, at);
        let shown: Vec<&str> = found.iter().map(|at| at.of(text)).collect();
        let wanted = [
            "name",
            "x.name",
            "lower(x.name)",
            "b = lower(x.name)",
            "\n  b = lower(x.name)\n",
            "{\n  b = lower(x.name)\n}",
            "cluster a {\n  b = lower(x.name)\n}",
            text,
        ];
        assert_eq!(shown, wanted);
    }
}
