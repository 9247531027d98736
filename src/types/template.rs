//! Texts that the engine of a context reads as templates: `{{ $labels.job }}` where a later text is wanted.

use super::check::{Checker, Scope};
use super::computed::{Computing, Known};
use super::engine::Engine;
use super::errors::later as errors;
use super::meaning::Types;
use super::schema::SchemaId;
use crate::diag::Diagnostic;
use crate::embedded::{
    TEMPLATE_HOLE, TemplateContext, TemplateLabels, check_template, is_template,
};
use crate::resolve::DefKind;
use crate::source::{Extent, Span, Sym};
use crate::syntax::{TextForm, TextId, TextPart};

impl Types {
    /// What a template of a context sees, if its labels are these; none where nothing reads templates.
    fn template_context(
        &self,
        context: SchemaId,
        labels: TemplateLabels,
    ) -> Option<TemplateContext> {
        match self.engine(context)?.engine {
            Engine::Prometheus => Some(TemplateContext::prometheus(labels)),
        }
    }

    /// The labels that a final text of a context reads by name.
    pub fn labels_read(&self, context: SchemaId, text: &str) -> Vec<Sym> {
        if !is_template(text) {
            return Vec::new();
        }
        // Where there are none, each that is read is missed.
        let Some(context) = self.template_context(context, TemplateLabels::Known(Vec::new()))
        else {
            return Vec::new();
        };
        let problems = check_template(text, &[], &context).into_iter();
        problems.filter_map(|problem| Some(Sym::new(&problem.lost?))).collect()
    }

    /// Whether texts of a context are read as templates.
    pub fn reads_templates(&self, context: SchemaId) -> bool {
        self.template_context(context, TemplateLabels::Open).is_some()
    }

    /// Judges a final text of a context. Each of `holes` is a [`TEMPLATE_HOLE`] in it that stands for a later value.
    pub fn judge_template(
        &self,
        context: SchemaId,
        text: &str,
        holes: &[u32],
        span: Span,
    ) -> Option<Diagnostic> {
        if !is_template(text) {
            return None;
        }
        let context = self.template_context(context, TemplateLabels::Open)?;
        let first = check_template(text, holes, &context).into_iter().next()?;
        let wrong = first.at.of(text).to_owned();
        let found = first.diagnostic(&|_| (span, false), &str::to_owned);
        Some(if wrong.is_empty() {
            found
        } else {
            found.help(format!("it stands in the text that arrives here: `{wrong}`"))
        })
    }
}

impl Checker<'_> {
    /// Checks a literal where a later text of a context is wanted. Whether nothing is wrong with it.
    pub(super) fn template(&mut self, scope: &Scope, text: TextId, context: SchemaId) -> bool {
        let pieces = self.pieces(scope, text);
        if !is_template(&pieces.held) {
            return true;
        }
        let settled = self.settled_labels(scope, context);
        let labels = match &settled {
            Some((known, _)) => {
                TemplateLabels::Known(known.names.iter().map(ToString::to_string).collect())
            }
            None => TemplateLabels::Open,
        };
        let Some(context) = self.types.template_context(context, labels) else { return true };
        let problems = check_template(&pieces.held, &pieces.holes, &context);
        let form = self.tree(scope.tree).text(text).form;
        let whole = self.tree(scope.tree).text(text).at;
        let place = |inside: Extent| {
            let (at, is_exact) = pieces.place(inside).unwrap_or((whole, false));
            (self.span(scope.tree, at), is_exact)
        };
        let written = |text: &str| match form {
            TextForm::Quoted => text.replace('\\', "\\\\").replace('"', "\\\""),
            TextForm::Block => text.replace('\\', "\\\\"),
            TextForm::Raw
            | TextForm::HashQuoted
            | TextForm::HashRaw
            | TextForm::Fence
            | TextForm::HashFence => text.to_owned(),
        };
        let is_right = problems.is_empty();
        let found: Vec<Diagnostic> = problems
            .into_iter()
            .map(|problem| match (&problem.lost, &settled) {
                (Some(label), Some((known, lost))) => {
                    let (at, is_exact) = place(problem.at);
                    let read = ("$labels", Sym::new(label), at);
                    let mut found =
                        self.types.no_computed_field(Computing::LabelsOf, known, read, *lost);
                    if !is_exact {
                        found.fixes.clear();
                    }
                    found
                }
                _ => problem.diagnostic(&place, &written),
            })
            .collect();
        for found in found {
            self.report(found);
        }
        is_right
    }

    /// The labels that the block's own query yields, if that is settled, and where it says so.
    fn settled_labels(&self, scope: &Scope, context: SchemaId) -> Option<(Known, Span)> {
        let (block, body) = scope.block?;
        if self.types.contexts.get(&block) != Some(&context) {
            return None;
        }
        let computed = self.types.computed(context);
        let (.., source) =
            computed.into_iter().find(|(_, computing, _)| *computing == Computing::LabelsOf)?;
        self.constant_fields(scope.tree, body, Computing::LabelsOf, source)
    }

    /// The error about a function that templates of the context around have, called in a hole.
    pub(super) fn template_function(
        &self,
        scope: &Scope,
        name: Sym,
        at: Span,
    ) -> Option<Diagnostic> {
        let context = self.types.template_context(scope.staged?, TemplateLabels::Open)?;
        let (engine, does) = context.function(name.as_str())?;
        let mut kebab = String::new();
        for letter in name.as_str().chars() {
            if letter.is_ascii_uppercase() {
                kebab.push('-');
            }
            kebab.push(letter.to_ascii_lowercase());
        }
        let ours = Some(kebab).filter(|kebab| {
            let def = self.names.prelude.get(&Sym::new(kebab));
            def.is_some_and(|def| self.names.def(*def).kind == DefKind::Fn)
        });
        Some(errors::template_function(name.as_str(), at, engine, does, ours.as_deref()))
    }

    fn pieces(&self, scope: &Scope, text: TextId) -> Pieces {
        let nodes = self.tree(scope.tree);
        let mut pieces = Pieces::default();
        for part in nodes.parts_of(nodes.text(text).parts) {
            match *part {
                TextPart::Verbatim(at) => {
                    let written = self.names.text(scope.tree, at);
                    pieces.push(written, at, true);
                }
                TextPart::Escape(letter, at) => {
                    pieces.push(letter.encode_utf8(&mut [0; 4]), at, false);
                }
                TextPart::Hole(hole) => {
                    let at = nodes.expr_extent(hole);
                    pieces.holes.push(u32::try_from(pieces.held.len()).unwrap_or(u32::MAX));
                    pieces.push(TEMPLATE_HOLE.encode_utf8(&mut [0; 4]), at, false);
                }
            }
        }
        pieces
    }
}

/// What a literal holds, and where each part of it is written.
#[derive(Default)]
struct Pieces {
    held: String,
    holes: Vec<u32>,
    /// Where a piece starts in what is held, where it is written, and whether it is written as it is held.
    starts: Vec<(u32, Extent, bool)>,
}

impl Pieces {
    fn push(&mut self, held: &str, at: Extent, is_exact: bool) {
        self.starts.push((u32::try_from(self.held.len()).unwrap_or(u32::MAX), at, is_exact));
        self.held.push_str(held);
    }

    /// Where a part of what is held is written, and whether it is written there letter by letter.
    fn place(&self, inside: Extent) -> Option<(Extent, bool)> {
        let first = self.piece(inside.start)?;
        let last = if inside.is_empty() { first } else { self.piece(inside.end - 1)? };
        let start = self.written(first, inside.start, false)?;
        let end = if inside.is_empty() && self.starts.get(first)?.2 {
            start
        } else {
            self.written(last, inside.end.max(inside.start + 1), true)?
        };
        let is_exact = self.starts.get(first..=last)?.iter().all(|(.., exact)| *exact)
            && end.saturating_sub(start) == inside.len();
        Some((Extent::new(start, end.max(start)), is_exact))
    }

    /// The piece that holds a byte.
    fn piece(&self, byte: u32) -> Option<usize> {
        self.starts.partition_point(|(start, ..)| *start <= byte).checked_sub(1)
    }

    /// Where a byte of a piece is written; a piece that is written otherwise has only its ends.
    fn written(&self, piece: usize, byte: u32, is_end: bool) -> Option<u32> {
        let &(start, at, is_exact) = self.starts.get(piece)?;
        Some(match (is_exact, is_end) {
            (true, _) => (at.start + byte.saturating_sub(start)).min(at.end),
            (false, true) => at.end,
            (false, false) => at.start,
        })
    }
}
