//! The type wanted, and why.

use super::ty::Ty;
use crate::source::{Span, Sym};

/// What an expression must be, and where that is said. Passes through parentheses, `if`, `by`, `??`,
/// elements of lists, and to the other side of `==` and `in`.
#[derive(Clone, Copy, Debug)]
pub struct Expectation {
    /// The type wanted.
    pub ty: Ty,
    /// Where it is said.
    pub origin: Span,
    /// Why.
    pub why: Why,
}

/// Why a type is wanted; becomes the label at the origin.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Why {
    /// A field's declaration.
    Field(Sym),
    /// The declaration of the map that an entry is written into.
    Entry(Sym),
    /// The declaration of the list that an element is put into.
    Element(Sym),
    /// The declaration of the range that this is an end of.
    End(Sym),
    /// A declared type of a `let`, parameter or result.
    Declared(Sym),
    /// The other operand.
    Operand,
    /// The value that a `match` looks at.
    Subject,
    /// Something else, as a label's text.
    Rule(&'static str),
}

impl Expectation {
    /// An expectation.
    pub const fn new(ty: Ty, origin: Span, why: Why) -> Self {
        Self { ty, origin, why }
    }

    /// The same reason with another type: an element's, a member's.
    #[must_use]
    pub const fn with(self, ty: Ty) -> Self {
        Self { ty, ..self }
    }

    /// What is wanted of the elements of a list.
    #[must_use]
    pub const fn element(self, ty: Ty) -> Self {
        match self.why {
            Why::Field(name) | Why::Entry(name) => Self { ty, why: Why::Element(name), ..self },
            _ => Self { ty, ..self },
        }
    }

    /// What is wanted of the ends of a range.
    #[must_use]
    pub const fn end(self, ty: Ty) -> Self {
        match self.why {
            Why::Field(name) | Why::Entry(name) | Why::Element(name) => {
                Self { ty, why: Why::End(name), ..self }
            }
            _ => Self { ty, ..self },
        }
    }

    /// The label at the origin; `wanted` is the type as shown.
    pub fn because(self, wanted: &str) -> String {
        match self.why {
            Why::Field(name) => format!("`{name}` is `{wanted}`, says its declaration"),
            Why::Element(name) => {
                format!("elements of `{name}` are `{wanted}`, says its declaration")
            }
            Why::End(name) => format!("ends of `{name}` are `{wanted}`, says its declaration"),
            Why::Entry(name) => format!("entries of `{name}` are `{wanted}`, says its declaration"),
            Why::Declared(name) => format!("`{name}` is declared as `{wanted}`"),
            Why::Operand => format!("the other side is `{wanted}`"),
            Why::Subject => format!("the matched value is `{wanted}`"),
            Why::Rule(text) => text.to_owned(),
        }
    }
}
