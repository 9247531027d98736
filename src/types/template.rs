//! Texts that the engine of a context reads as templates: `{{ $labels.job }}` where a later text is wanted.

use super::check::{Checker, Scope};
use super::computed::{Computing, Known};
use super::engine::Engine;
use super::errors::later as errors;
use super::meaning::Types;
use super::schema::SchemaId;
use crate::diag::Diagnostic;
use crate::embedded::{
    TEMPLATE_HOLE, TemplateContext, TemplateLabels, TemplateParameters, check_template, is_template,
};
use crate::resolve::DefKind;
use crate::source::{Extent, Span, Sym};
use crate::syntax::TextId;

impl Types {
    /// What a template of a context sees; none where nothing reads templates. `known` are the labels, where they are.
    fn template_context(
        &self,
        context: SchemaId,
        known: Option<&Known>,
    ) -> Option<TemplateContext> {
        let labels = known.map_or(TemplateLabels::Open, |known| {
            TemplateLabels::Known(known.names.iter().map(ToString::to_string).collect())
        });
        match self.engine(context)?.engine {
            Engine::Prometheus => Some(TemplateContext::prometheus(labels)),
            // What generators give is known where they stand.
            Engine::ArgoCd => Some(TemplateContext::argo(TemplateParameters {
                fields: Vec::new(),
                is_open: true,
            })),
            // Its texts have names in braces, and no language.
            Engine::Grafana => None,
        }
    }

    /// Whether texts of a context are read as templates.
    pub fn reads_templates(&self, context: SchemaId) -> bool {
        self.template_context(context, None).is_some()
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
        let context = self.template_context(context, None)?;
        let first = check_template(text, holes, &context).into_iter().next()?;
        let wrong = first.at.of(text).to_owned();
        let found = first.diagnostic(&|_| (span, false), &str::to_owned);
        Some(if wrong.is_empty() {
            found
        } else {
            found.help(format!("it stands in the text that arrives here: `{wrong}`"))
        })
    }

    /// What a final text reads that the labels of its context do not have. `lost` is where they are said.
    pub fn judge_template_labels(
        &self,
        context: SchemaId,
        known: &Known,
        (text, holes): (&str, &[u32]),
        (span, lost): (Span, Span),
    ) -> Option<Diagnostic> {
        if !is_template(text) {
            return None;
        }
        let open = check_template(text, holes, &self.template_context(context, None)?);
        let closed = check_template(text, holes, &self.template_context(context, Some(known))?);
        let first = closed.into_iter().find(|problem| !open.contains(problem))?;
        let wrong = first.at.of(text).to_owned();
        let found = first.diagnostic(&|_| (span, false), &str::to_owned);
        Some(
            found
                .because(lost, Computing::LabelsOf.because(known))
                .help(format!("it stands in the text that arrives here: `{wrong}`")),
        )
    }
}

impl Checker<'_> {
    /// Checks a literal where a later text of a context is wanted. Whether nothing is wrong with it.
    pub(super) fn template(&mut self, scope: &Scope, text: TextId, context: SchemaId) -> bool {
        let held = self.names.held(scope.tree, text, TEMPLATE_HOLE);
        if !is_template(&held.text) {
            return true;
        }
        let Some(open) = self.types.template_context(context, None) else { return true };
        let labels = self.settled_labels(scope, context);
        let known = labels.as_ref().map(|(known, _)| known);
        let Some(mut seen) = self.types.template_context(context, known) else { return true };
        if self.types.is_served(context, Engine::ArgoCd) {
            seen = TemplateContext::argo(self.template_parameters(scope));
        }
        let holes: Vec<u32> = held.holes.iter().map(|(at, _)| *at).collect();
        let problems = check_template(&held.text, &holes, &seen);
        let anyway = check_template(&held.text, &holes, &open);
        let form = self.tree(scope.tree).text(text).form;
        let whole = self.tree(scope.tree).text(text).at;
        let place = |inside: Extent| {
            let (at, is_exact) = held.place(inside).unwrap_or((whole, false));
            (self.span(scope.tree, at), is_exact)
        };
        let written = |text: &str| form.written(text);
        let is_right = problems.is_empty();
        let found: Vec<Diagnostic> = problems
            .into_iter()
            .map(|problem| {
                let is_lost = !anyway.contains(&problem);
                let found = problem.diagnostic(&place, &written);
                match labels.as_ref().filter(|_| is_lost) {
                    Some((known, lost)) => found.because(*lost, Computing::LabelsOf.because(known)),
                    None => found,
                }
            })
            .collect();
        for found in found {
            self.report(found);
        }
        is_right
    }

    /// The error about a function that templates of the context around have, called in a hole.
    pub(super) fn template_function(
        &self,
        scope: &Scope,
        name: Sym,
        at: Span,
    ) -> Option<Diagnostic> {
        let context = self.types.template_context(scope.staged?, None)?;
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
}
