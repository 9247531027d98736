//! Interpolation as other tools write it: `${var.x}`, `{{ .Values.x }}`.

use super::check::{Checker, Scope};
use super::errors;
use super::ty::{TextKind, Ty, TyKind};
use crate::source::{Extent, Span, Sym};
use crate::syntax::{TextForm, TextId, TextPart};

impl Checker<'_> {
    /// Reports another tool's interpolation in a quoted text. `wanted` is the text type of the place, if it takes
    /// one. Where such a text can only be a mistake it is refused: then nothing else is said of it.
    pub(super) fn foreign(&mut self, scope: &Scope, text: TextId, wanted: Option<Ty>) -> bool {
        let Some((at, written)) = self.foreign_hole(scope, text) else { return false };
        let refused = match wanted.map(|wanted| self.types.tys.kind(wanted)) {
            Some(TyKind::String) => false,
            // Languages in which braces and dollars mean something of their own.
            Some(TyKind::Text(
                TextKind::PromQl
                | TextKind::Regex
                | TextKind::Glob
                | TextKind::Rego
                | TextKind::Cel
                | TextKind::Shell,
            )) => return false,
            Some(TyKind::Text(_)) | None => true,
            Some(_) => return false,
        };
        let name = self.meant(scope, &written);
        self.report(errors::foreign_hole(&written, name.as_deref(), at, refused));
        refused
    }

    /// The first such interpolation. Raw texts are another tool's own: there it is meant.
    fn foreign_hole(&self, scope: &Scope, text: TextId) -> Option<(Span, String)> {
        let nodes = self.tree(scope.tree);
        let node = nodes.text(text);
        if node.form != TextForm::Quoted {
            return None;
        }
        nodes.parts_of(node.parts).iter().find_map(|part| {
            let TextPart::Verbatim(at) = *part else { return None };
            let written = self.names.text(scope.tree, at);
            let (start, end) = find(written)?;
            let start_byte = at.start + u32::try_from(start).ok()?;
            let end_byte = at.start + u32::try_from(end).ok()?;
            let span = self.span(scope.tree, Extent::new(start_byte, end_byte));
            Some((span, written.get(start..end)?.to_owned()))
        })
    }

    /// What the interpolation names, if that is declared here.
    fn meant(&self, scope: &Scope, written: &str) -> Option<String> {
        let inner = written.trim_matches(|letter: char| "${} ".contains(letter));
        let last = inner.rsplit('.').next().unwrap_or(inner);
        let name = Sym::new(last);
        let local = scope.locals.iter().any(|local| local.name == name);
        (local || self.names.lookup(scope.tree, name).is_some()).then(|| last.to_owned())
    }
}

/// Start and end of the first `${name}` or `{{ .. }}` in a text.
fn find(text: &str) -> Option<(usize, usize)> {
    let dollar = text.match_indices("${").find_map(|(start, _)| {
        let (inner, _) = text.get(start + 2..)?.split_once('}')?;
        let is_name = inner.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_');
        is_name.then(|| (start, start + 2 + inner.len() + 1))
    });
    let braces = text.match_indices("{{").find_map(|(start, _)| {
        let (inner, _) = text.get(start + 2..)?.split_once("}}")?;
        (!inner.trim().is_empty()).then(|| (start, start + 2 + inner.len() + 2))
    });
    match (dollar, braces) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    }
}

#[cfg(test)]
mod tests {
    use super::find;

    fn check(text: &str, expected: Option<&str>) {
        assert_eq!(find(text).and_then(|(start, end)| text.get(start..end)), expected, "{text}");
    }

    #[test]
    fn what_other_tools_write() {
        check("a ${var.x} b", Some("${var.x}"));
        check("ä{{ .Values.x }}", Some("{{ .Values.x }}"));
        check("{{a}} ${b}", Some("{{a}}"));
        check("${b} {{a}}", Some("${b}"));
        check("${", None);
        check("$(HOME) $x {a} ${} ${1}", None);
        check("{{", None);
    }
}
