//! Refined text on values: the same judgement for constants and for computed texts.

use super::errors;
use super::errors::text as wrong;
use super::meaning::Types;
use super::pattern;
use super::refine::Refinement;
use super::schema::SchemaId;
use super::ty::{TextKind, Ty, TyKind};
use crate::diag::Diagnostic;
use crate::source::{Extent, Span, Sym};
use crate::syntax::Marks;

/// What is wrong with a text: where inside it, and the finding for a span.
#[derive(Debug)]
pub struct Refusal {
    /// The wrong part of the text.
    pub at: Extent,
    error: Box<crate::embedded::TextError>,
    kind: TextKind,
}

impl Refusal {
    /// The finding, with the caret at `span`.
    pub fn diagnostic(self, span: Span) -> Diagnostic {
        crate::embedded::text_error(self.kind.language(), span, *self.error)
    }
}

/// Reads a text as its language does.
pub fn read_text(kind: TextKind, exact: bool, text: &str) -> Result<(), Refusal> {
    crate::embedded::check_text(kind.language(), exact, text).map_err(|error| Refusal {
        at: error.at,
        error: Box::new(error),
        kind,
    })
}

impl Types {
    /// Judges a final text by everything its type asks for. `None` when it is fine.
    pub fn judge_text(
        &self,
        ty: Ty,
        text: &str,
        span: Span,
        origin: Option<(Span, String)>,
    ) -> Option<Diagnostic> {
        let found = self.judge(ty, text, span, origin.clone())?;
        Some(match origin {
            Some((at, why)) => found.because(at, why),
            None => found,
        })
    }

    fn judge(
        &self,
        ty: Ty,
        text: &str,
        span: Span,
        origin: Option<(Span, String)>,
    ) -> Option<Diagnostic> {
        match self.tys.kind(ty) {
            TyKind::Alias(def, inner) => {
                if let TyKind::Refined(base, Refinement::Pattern(pattern)) = self.tys.kind(*inner) {
                    if let Some(found) = self.judge(*base, text, span, origin) {
                        return Some(found);
                    }
                    let named = self.docs.get(def).map(|(name, doc)| (name.as_str(), doc.as_str()));
                    return (!pattern::matches(pattern.as_str(), text))
                        .then(|| wrong::pattern(text, pattern.as_str(), span, named));
                }
                self.judge(*inner, text, span, origin)
            }
            TyKind::Optional(inner) => self.judge(*inner, text, span, origin),
            TyKind::Later(inner, _) => self.judge(*inner, text, span, origin),
            TyKind::Refined(inner, refinement) => {
                let exact = *refinement == Refinement::Exact;
                let inner_kind = self.tys.present(*inner);
                if let (true, TyKind::Text(kind)) = (exact, self.tys.kind(inner_kind)) {
                    return read_text(*kind, true, text)
                        .err()
                        .map(|refusal| refusal.diagnostic(span));
                }
                if let Some(found) = self.judge(*inner, text, span, origin.clone()) {
                    return Some(found);
                }
                match refinement {
                    Refinement::Bounds(bounds) => {
                        let length = i64::try_from(text.chars().count()).unwrap_or(i64::MAX);
                        (!bounds.holds(length)).then(|| {
                            errors::out_of_range(
                                &format!("a text of {length} characters"),
                                &bounds.words(),
                                "its length",
                                span,
                                None,
                            )
                        })
                    }
                    Refinement::Pattern(pattern) => (!pattern::matches(pattern.as_str(), text))
                        .then(|| wrong::pattern(text, pattern.as_str(), span, None)),
                    Refinement::Exact | Refinement::Between(_) => None,
                }
            }
            TyKind::Text(kind) => {
                read_text(*kind, false, text).err().map(|refusal| refusal.diagnostic(span))
            }
            TyKind::Union(members) => {
                // One member that takes it is enough.
                let mut first = None;
                for &member in members {
                    match self.tys.kind(self.tys.present(member)) {
                        TyKind::Literal(literal) if literal.as_str() == text => return None,
                        TyKind::String | TyKind::Text(_) | TyKind::Data => {
                            match self.judge(member, text, span, origin.clone()) {
                                None => return None,
                                Some(found) => first = first.or(Some(found)),
                            }
                        }
                        // A named union inside of a union.
                        TyKind::Union(_) => match self.judge(member, text, span, origin.clone()) {
                            None => return None,
                            Some(found) => first = first.or(Some(found)),
                        },
                        _ => {}
                    }
                }
                first
            }
            TyKind::Unknown
            | TyKind::Bool
            | TyKind::Int
            | TyKind::Float
            | TyKind::String
            | TyKind::Quantity(_)
            | TyKind::Range(_)
            | TyKind::List(_)
            | TyKind::Map(..)
            | TyKind::Literal(_)
            | TyKind::Schema(_)
            | TyKind::Ref(_)
            | TyKind::Data
            | TyKind::Object
            | TyKind::Type
            | TyKind::Resource
            | TyKind::Here
            | TyKind::None
            | TyKind::Member(..)
            | TyKind::Var(_)
            | TyKind::Computed(..)
            | TyKind::Keyword(_) => None,
        }
    }

    /// The type of a schema's own name, and where that is declared.
    pub fn key_of(&self, schema: SchemaId) -> Option<(Ty, Span)> {
        let fields = &self.schema(schema).fields;
        let key = fields.iter().find(|field| field.marks.has(Marks::KEY))?;
        Some((key.ty, key.at))
    }

    /// Judges a key of a map.
    pub fn judge_key(&self, key: Ty, text: Sym, span: Span) -> Option<Diagnostic> {
        self.judge(key, text.as_str(), span, None)
    }
}
