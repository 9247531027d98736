//! What can be done at a place: fixes of what was found, and changes that keep the meaning.

use super::uses::{At, Uses};
use crate::diag::{Diagnostic, Edit, Level};
use crate::driver::Look;
use crate::resolve::keyword;
use crate::source::{FileId, Span, Sym};
use crate::syntax::{Expr, MemberKind};

/// What an action is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ActionSort {
    /// It mends something that was found.
    Fix,
    /// It takes something out to give it a name.
    Extract,
    /// It writes the same otherwise.
    Rewrite,
}

/// Something that can be done.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Action {
    /// What it does.
    pub title: String,
    /// What it is.
    pub sort: ActionSort,
    /// What it changes.
    pub edits: Vec<Edit>,
    /// What it mends: the place among what was found.
    pub mends: Option<usize>,
    /// Whether it is the one that is most likely meant.
    pub sure: bool,
}

/// The fixes of what was found at a place.
pub fn actions(look: &Look<'_, '_>, at: Span) -> Vec<Action> {
    let mut found = Vec::new();
    for (number, finding) in look.found.iter().enumerate() {
        let Some(primary) = &finding.primary else { continue };
        let meets = primary.span.file == at.file
            && primary.span.start <= at.end
            && at.start <= primary.span.end;
        if !meets {
            continue;
        }
        for fix in &finding.fixes {
            found.push(Action {
                title: fix.title.clone(),
                sort: ActionSort::Fix,
                edits: fix.edits.clone(),
                mends: Some(number),
                sure: fix.sure,
            });
        }
        found.extend(missing(look, finding).map(|(title, edits)| Action {
            title,
            sort: ActionSort::Fix,
            edits,
            mends: Some(number),
            sure: false,
        }));
    }
    found
}

/// What adds the fields or arms that a finding misses, if it carries no fix that does.
fn missing(look: &Look<'_, '_>, finding: &Diagnostic) -> Option<(String, Vec<Edit>)> {
    let at = finding.primary.as_ref()?.span;
    let what = match finding.code.as_str() {
        "eval/missing-field" => "field",
        "eval/missing-arm" => "arm",
        _ => return None,
    };
    if finding.fixes.iter().any(|fix| fix.edits.iter().any(|edit| edit.span.file == at.file)) {
        return None;
    }
    if what == "field" {
        missing_fields(look, finding, at)
    } else {
        missing_arms(look, finding, at)
    }
}

/// The names between backticks of a title, but for the first, which says whose they are.
fn quoted(title: &str) -> Vec<&str> {
    title.split('`').skip(1).step_by(2).collect()
}

fn missing_fields(
    look: &Look<'_, '_>,
    finding: &Diagnostic,
    at: Span,
) -> Option<(String, Vec<Edit>)> {
    let uses = Uses::of(look, Some(at.file));
    // The block whose name the finding stands at.
    let body =
        uses.rooms.iter().filter(|room| room.at.start >= at.start).min_by_key(|room| room.at.start);
    let body = uses
        .room(At { file: at.file, offset: at.start + 1 })
        .filter(|room| room.at == at)
        .or(body)?;
    let schema = look.types().schema(body.schema);
    let names: Vec<&str> = quoted(&finding.title).into_iter().skip(1).collect();
    let fields: Vec<&str> =
        names.into_iter().filter(|name| schema.by_name.contains_key(&Sym::new(name))).collect();
    if fields.is_empty() {
        return None;
    }
    let text = look.sources.slice(body.at);
    let inner = text.get(1..text.len().saturating_sub(1)).unwrap_or("");
    let indent = indent_at(look, body.at);
    let mut added = String::new();
    for field in &fields {
        added.push_str(&format!("\n{indent}  {field} = "));
    }
    let end = body.at.end - 1;
    let is_one_line = !inner.contains('\n');
    let (start, tail) = if is_one_line {
        (body.at.start + 1, format!("\n{indent}"))
    } else {
        let kept = inner.trim_end().len();
        let kept = u32::try_from(kept).unwrap_or(0);
        (body.at.start + 1 + kept, format!("\n{indent}"))
    };
    let before = if is_one_line && !inner.trim().is_empty() {
        format!("\n{indent}  {}", inner.trim())
    } else {
        String::new()
    };
    let edit =
        Edit { span: Span::new(at.file, start, end), text: format!("{before}{added}{tail}") };
    Some((format!("add `{}`", fields.join("`, `")), vec![edit]))
}

fn missing_arms(
    look: &Look<'_, '_>,
    finding: &Diagnostic,
    at: Span,
) -> Option<(String, Vec<Edit>)> {
    let names = quoted(&finding.title);
    let known: Vec<&str> =
        names.into_iter().filter(|name| environments(look).contains(&Sym::new(name))).collect();
    let info = look.names().trees.iter().find(|info| {
        info.file == at.file
            && info.base <= at.start
            && info.tree.exprs.iter().zip(&info.tree.expr_at).any(|(expr, extent)| {
                matches!(expr, Expr::By { .. }) && info.span(*extent).meets(at)
            })
    })?;
    let by =
        info.tree.exprs.iter().zip(&info.tree.expr_at).filter(|(expr, extent)| {
            matches!(expr, Expr::By { .. }) && info.span(**extent).meets(at)
        });
    let (_, extent) = by.min_by_key(|(_, extent)| extent.len())?;
    let whole = info.span(*extent);
    let text = look.sources.slice(whole);
    if known.is_empty() || !text.ends_with('}') {
        return None;
    }
    let inner = text.get(..text.len() - 1).unwrap_or("").trim_end();
    let comma = if inner.ends_with(['{', ',']) { "" } else { "," };
    let arms: Vec<String> = known.iter().map(|name| format!("{name} = ")).collect();
    let start = whole.start + u32::try_from(inner.len()).unwrap_or(0);
    let edit = Edit {
        span: Span::new(at.file, start, whole.end - 1),
        text: format!("{comma} {} ", arms.join(", ")),
    };
    Some((format!("add arms for `{}`", known.join("`, `")), vec![edit]))
}

/// The environments of a program, in the order of their names.
fn environments(look: &Look<'_, '_>) -> Vec<Sym> {
    let names = look.names();
    let Some(kind) = names.keywords.get(&Sym::new("environment")) else { return Vec::new() };
    let blocks = names.blocks.iter().filter(|block| block.kind == *kind && !block.is_pattern());
    let mut found: Vec<Sym> =
        blocks.map(|block| block.name).filter(|name| !name.is_empty()).collect();
    found.sort_unstable_by_key(|name| name.as_str());
    found
}

/// The blanks with which the line of a place begins.
fn indent_at(look: &Look<'_, '_>, at: Span) -> String {
    let text = look.sources.get(at.file).text();
    let line = text.get(..at.start as usize).and_then(|it| it.rsplit('\n').next()).unwrap_or("");
    line.chars().take_while(|letter| *letter == ' ').collect()
}

/// Every sure fix of a file at once; of two that meet the first.
pub fn fix_all(look: &Look<'_, '_>, file: FileId) -> Vec<Edit> {
    let mut edits: Vec<Edit> = Vec::new();
    let fixes = look.found.iter().filter(|found| found.level <= Level::Hint);
    for fix in fixes.filter_map(|found| found.fixes.iter().find(|fix| fix.sure)) {
        let own = fix.edits.iter().all(|edit| edit.span.file == file);
        let free = |edit: &Edit| {
            edits.iter().all(|other| {
                other.span != edit.span
                    && (other.span.end <= edit.span.start || edit.span.end <= other.span.start)
            })
        };
        if own && fix.edits.iter().all(free) {
            edits.extend(fix.edits.iter().cloned());
        }
    }
    edits.sort_by_key(|edit| edit.span);
    edits
}

/// The imports of a file by their paths, what none of them uses left out.
pub fn organise_imports(look: &Look<'_, '_>, file: FileId) -> Vec<Edit> {
    let unused: Vec<&Edit> = look
        .found
        .iter()
        .filter(|found| found.code.as_str() == "lint/unused-import")
        .filter_map(|found| found.fixes.first())
        .flat_map(|fix| &fix.edits)
        .filter(|edit| edit.span.file == file)
        .collect();
    let text = look.sources.get(file).text();
    let mut imports: Vec<Span> = Vec::new();
    for info in look.names().trees.iter().filter(|info| info.file == file) {
        let items = info.tree.items.iter().map(|item| info.tree.member(*item));
        let own = items.filter(|item| matches!(item.kind, MemberKind::Import { .. }));
        imports.extend(own.map(|item| info.span(item.at)));
    }
    imports.sort_unstable();
    let (Some(first), Some(last)) = (imports.first(), imports.last()) else { return Vec::new() };
    let whole = Span::new(file, first.start, last.end);
    // What stands between imports would be lost.
    let mut at = whole.start;
    for import in &imports {
        if !text.get(at as usize..import.start as usize).is_some_and(|it| it.trim().is_empty()) {
            return unused.into_iter().cloned().collect();
        }
        at = import.end;
    }
    let mut lines: Vec<String> = Vec::new();
    for import in imports {
        let mut line = look.sources.slice(import).to_owned();
        let mut inside: Vec<&&Edit> =
            unused.iter().filter(|edit| edit.span.meets(import)).collect();
        inside.sort_by_key(|edit| edit.span);
        for edit in inside.into_iter().rev() {
            let start = edit.span.start.max(import.start) - import.start;
            let end = edit.span.end.min(import.end) - import.start;
            line.replace_range(start as usize..end as usize, &edit.text);
        }
        if !line.trim().is_empty() {
            lines.push(line.trim().to_owned());
        }
    }
    // The library first, then dependencies, then what lies beside.
    lines.sort_by_key(|line| {
        let path = line.trim_start_matches("import ").to_owned();
        (path.starts_with('.'), !path.starts_with("std"), path)
    });
    lines.dedup();
    let new = lines.join("\n");
    if new == look.sources.slice(whole) {
        return Vec::new();
    }
    vec![Edit { span: whole, text: new }]
}

/// Changes of what stands at a place.
pub fn refactorings(look: &Look<'_, '_>, at: Span) -> Vec<Action> {
    let mut found: Vec<Action> = by_environment(look, at).into_iter().collect();
    found.extend(to_component(look, at));
    found
}

/// The value at a place, once for each environment.
fn by_environment(look: &Look<'_, '_>, at: Span) -> Option<Action> {
    let environments = environments(look);
    let uses = Uses::of(look, Some(at.file));
    let holds = |span: Span| span.start <= at.start && at.end <= span.end;
    let set =
        uses.sets.iter().filter(|set| holds(set.at)).min_by_key(|set| set.at.end - set.at.start)?;
    let value = look.sources.slice(set.value);
    if environments.len() < 2 || value.starts_with("by ") || value.contains('\n') {
        return None;
    }
    let arms: Vec<String> = environments.iter().map(|name| format!("{name} = {value}")).collect();
    let text = format!("by environment {{ {} }}", arms.join(", "));
    Some(Action {
        title: "Decide by environment".to_owned(),
        sort: ActionSort::Rewrite,
        edits: vec![Edit { span: set.value, text }],
        mends: None,
        sure: false,
    })
}

/// The blocks that are selected, as a component and a use of it.
fn to_component(look: &Look<'_, '_>, at: Span) -> Option<Action> {
    if at.start == at.end {
        return None;
    }
    let names = look.names();
    let mut chosen: Vec<(Span, Sym)> = Vec::new();
    for block in &names.blocks {
        let info = names.tree(block.tree);
        let member = info.tree.member(block.member);
        let whole = if member.doc.is_empty() { member.at } else { member.doc.to(member.at) };
        let span = info.span(whole);
        if span.meets(at) && !block.is_pattern() && !block.star {
            chosen.push((span, block.name));
        }
    }
    chosen.sort_unstable_by_key(|(span, _)| *span);
    let ((first, name), (last, _)) = (chosen.first()?, chosen.last()?);
    let whole = Span::new(at.file, first.start, last.end);
    let mut camel = String::new();
    for part in name.as_str().split(['-', '.']) {
        let mut letters = part.chars();
        camel.extend(letters.next().map(|it| it.to_ascii_uppercase()));
        camel.push_str(letters.as_str());
    }
    if !camel.starts_with(|c: char| c.is_ascii_uppercase()) {
        return None;
    }
    let body: String = look
        .sources
        .slice(whole)
        .lines()
        .map(|line| if line.is_empty() { "\n".to_owned() } else { format!("  {line}\n") })
        .collect();
    let component = format!("{camel}Set");
    let word = keyword(&component);
    let text = format!("component {component} {{\n{body}}}\n\n{word} {name} {{\n}}");
    Some(Action {
        title: format!("Extract to component `{component}`"),
        sort: ActionSort::Extract,
        edits: vec![Edit { span: whole, text }],
        mends: None,
        sure: false,
    })
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn names() {
        assert_eq!(quoted("`cluster.a` lacks `x` and `y`"), ["cluster.a", "x", "y"]);
    }
}
