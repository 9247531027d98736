//! Refined text on values: the same judgement for constants and for computed texts.

use super::errors;
use super::errors::text as wrong;
use super::meaning::Types;
use super::pattern;
use super::refine::Refinement;
use super::schema::SchemaId;
use super::ty::{TextKind, Ty, TyKind};
use crate::diag::Diagnostic;
use crate::embedded::promql::{self, PromqlError};
use crate::source::{Extent, Span, Sym};
use crate::syntax::Marks;

/// What is wrong with a text: where inside it, and the finding for a span.
#[derive(Debug)]
pub struct Refusal {
    /// The wrong part of the text.
    pub at: Extent,
    wrong: Wrong,
}

/// What a language says of a text.
#[derive(Debug)]
enum Wrong {
    Text(Box<crate::embedded::TextError>, TextKind),
    Query(Box<PromqlError>),
}

impl Refusal {
    /// The finding, with the caret at `span`.
    pub fn diagnostic(self, span: Span) -> Diagnostic {
        match self.wrong {
            Wrong::Text(error, kind) => crate::embedded::text_error(kind.language(), span, *error),
            Wrong::Query(error) => {
                // Other places of the text are the same span: nothing is said there.
                let error = PromqlError { because: Vec::new(), ..*error };
                error.diagnostic(&|_| (span, false), &str::to_owned)
            }
        }
    }
}

/// Reads a text as its language does.
pub fn read_text(kind: TextKind, exact: bool, text: &str) -> Result<(), Refusal> {
    if kind == TextKind::PromQl {
        return match promql::parsed(text, QUERY) {
            Ok(_) => Ok(()),
            Err(errors) => match errors.first().cloned() {
                Some(error) => Err(Refusal { at: error.at, wrong: Wrong::Query(Box::new(error)) }),
                None => Ok(()),
            },
        };
    }
    crate::embedded::check_text(kind.language(), exact, text)
        .map_err(|error| Refusal { at: error.at, wrong: Wrong::Text(Box::new(error), kind) })
}

/// How queries are read wherever they stand. Whether Grafana fills in their variables, and which features are on, is known where
/// they are used.
pub(super) const QUERY: promql::Options =
    promql::Options { features: None, grafana: true, holes: false };

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
            | TyKind::Parameters(_)
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
        if let Some(found) = self.judge(key, text.as_str(), span, None) {
            return Some(found);
        }
        // A union of words: `{Color: Float}`.
        let words: Option<Vec<&str>> = self
            .tys
            .members(key)
            .into_iter()
            .map(|member| match self.tys.kind(member) {
                TyKind::Literal(word) => Some(word.as_str()),
                _ => None,
            })
            .collect();
        let words = words.filter(|words| !words.is_empty() && !words.contains(&text.as_str()))?;
        let error = errors::mismatch(span, &format!("\"{text}\""), "a word of a closed list", None);
        let shown: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
        let error = error.help(format!("one of {}", shown.join(", ")));
        Some(match crate::diag::nearest(text.as_str(), words.iter().copied()) {
            Some(near) => error.fix(format!("write `{near}`"), span, near, true),
            None => error,
        })
    }
}
