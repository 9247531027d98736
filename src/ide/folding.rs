//! What can be folded away.

use crate::source::Extent;
use crate::syntax::{Expr, MemberKind, Parsed};

/// What a fold hides.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum FoldSort {
    /// A block, list or text.
    Region,
    /// Lines of comments.
    Comment,
    /// Imports that follow one another.
    Imports,
}

/// Something that goes over several lines.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Fold {
    /// From its first letter to its last.
    pub at: Extent,
    /// What it is.
    pub sort: FoldSort,
}

/// The folds of a text, by their places.
pub fn folds(text: &str, parsed: &Parsed) -> Vec<Fold> {
    let mut found = Vec::new();
    let mut imports: Option<Extent> = None;
    for placed in &parsed.trees {
        let tree = &placed.tree;
        let lists = tree.exprs.iter().zip(&tree.expr_at).filter(|(expr, _)| {
            matches!(
                expr,
                Expr::List(_) | Expr::ListFor { .. } | Expr::Match { .. } | Expr::By { .. }
            )
        });
        let bodies = tree.bodies.iter().map(|body| body.at);
        let texts = tree.texts.iter().map(|text| text.at);
        let regions = bodies.chain(texts).chain(lists.map(|(_, at)| *at));
        found.extend(regions.map(|at| Fold { at: at.shift(placed.base), sort: FoldSort::Region }));
        for &item in &tree.items {
            let member = tree.member(item);
            if matches!(member.kind, MemberKind::Import { .. }) {
                let at = member.at.shift(placed.base);
                imports = Some(imports.map_or(at, |before| before.to(at)));
            } else if let Some(at) = imports.take() {
                found.push(Fold { at, sort: FoldSort::Imports });
            }
        }
    }
    found.extend(imports.map(|at| Fold { at, sort: FoldSort::Imports }));
    comments(text, parsed, &mut found);
    found.retain(|fold| fold.at.of(text).contains('\n'));
    found.sort_unstable();
    found.dedup();
    found
}

/// Comments on lines that follow one another.
fn comments(text: &str, parsed: &Parsed, found: &mut Vec<Fold>) {
    let texts: Vec<Extent> = parsed
        .trees
        .iter()
        .flat_map(|placed| placed.tree.texts.iter().map(|text| text.at.shift(placed.base)))
        .collect();
    let mut open: Option<Extent> = None;
    let mut at = 0_u32;
    for line in text.split_inclusive('\n') {
        let start = at;
        at += u32::try_from(line.len()).unwrap_or(u32::MAX);
        let inside = || texts.iter().any(|text| text.start < start && start < text.end);
        if line.trim_start().starts_with("//") && !inside() {
            let blanks = u32::try_from(line.len() - line.trim_start().len()).unwrap_or(0);
            let end = start + u32::try_from(line.trim_end().len()).unwrap_or(0);
            let own = Extent::new(start + blanks, end);
            open = Some(open.map_or(own, |before| before.to(own)));
        } else if let Some(at) = open.take() {
            found.push(Fold { at, sort: FoldSort::Comment });
        }
    }
    found.extend(open.map(|at| Fold { at, sort: FoldSort::Comment }));
}

#[cfg(test)]
mod tests {
    use super::folds;
    use crate::source::FileId;
    use crate::syntax::{Grain, parse};

    #[test]
    fn what_goes_over_lines_folds() {
        let text = "import std.sizes.{Small}\nimport ./a\n\n// one\n// two\ncluster a {\n  b = [\n    1\n  ]\n  c = { }\n}\n";
        let parsed = parse(FileId(0), text, Grain::Items);
        let shown: Vec<String> = folds(text, &parsed)
            .iter()
            .map(|fold| format!("{:?} {}", fold.sort, fold.at.of(text).lines().count()))
            .collect();
        assert_eq!(shown, ["Imports 2", "Comment 2", "Region 6", "Region 3"]);
    }
}
