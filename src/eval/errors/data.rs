//! Messages about data that is not what is wanted of it.

use crate::diag::{Code, Diagnostic};
use crate::source::{Span, Sym};

/// Data that is not what is wanted of it.
pub(crate) const WRONG_DATA: Code = Code::new("eval/wrong-data");

/// Where data is read as something: the expression, and who wants it.
#[derive(Clone, Debug)]
pub(in crate::eval) struct Reading {
    /// The expression that gives the data.
    pub(in crate::eval) at: Span,
    /// The file that it was read from, if that is known.
    pub(in crate::eval) file: Option<String>,
    /// Whether it is data, and no value whose type is declared.
    pub(in crate::eval) is_data: bool,
}

impl Reading {
    fn error(&self, title: String) -> Diagnostic {
        let label = match &self.file {
            Some(file) => format!("`{file}` holds it"),
            None if self.is_data => "this data holds it".to_owned(),
            None => "it comes from here".to_owned(),
        };
        Diagnostic::error(WRONG_DATA, title, self.at, label)
    }

    /// Of another type.
    pub(in crate::eval) fn mismatch(&self, path: &str, found: &str, wanted: &str) -> Diagnostic {
        let place = if path.is_empty() { String::new() } else { format!("`{path}`: ") };
        self.error(format!("{place}found {found}, wanted `{wanted}`"))
    }

    /// Not readable as the quantity or text that is wanted.
    pub(in crate::eval) fn unreadable(&self, path: &str, reason: &str) -> Diagnostic {
        let place = if path.is_empty() { String::new() } else { format!("`{path}`: ") };
        self.error(format!("{place}{reason}"))
    }

    /// A key that the schema does not have.
    pub(in crate::eval) fn unknown_key(
        &self,
        path: &str,
        (key, schema): (Sym, Sym),
        near: Option<(&str, Span)>,
        known: &[&str],
    ) -> Diagnostic {
        let error = self.error(format!("`{path}`: `{schema}` has no field `{key}`"));
        match near {
            Some((near, declared)) => error
                .because(declared, format!("`{near}` is declared here"))
                .help(format!("in the data, write `{near}`")),
            None => {
                let list: Vec<String> =
                    known.iter().take(12).map(|name| format!("`{name}`")).collect();
                error.help(format!("its fields: {}", list.join(", ")))
            }
        }
    }

    /// A key that may not be set.
    pub(in crate::eval) fn read_only(&self, path: &str, declared: Span) -> Diagnostic {
        self.error(format!("`{path}` cannot be set"))
            .because(declared, "it is computed, or known only later")
    }

    /// Fields that are not there.
    pub(in crate::eval) fn missing(
        &self,
        path: &str,
        schema: Sym,
        fields: &[(Sym, Span)],
    ) -> Diagnostic {
        let names: Vec<String> = fields.iter().map(|(name, _)| format!("`{name}`")).collect();
        let subject = if path.is_empty() { "the data".to_owned() } else { format!("`{path}`") };
        let mut error = self.error(format!("{subject} lacks {}", names.join(", ")));
        if let Some((name, at)) = fields.first() {
            error = error.because(*at, format!("every `{schema}` has `{name}`"));
        }
        error
    }
}

/// Something asked of data that is neither map nor list.
pub(in crate::eval) fn no_map(what: &str, found: &str, at: Span) -> Diagnostic {
    Diagnostic::error(WRONG_DATA, format!("no {what} in {found}"), at, "nothing to read here")
        .help("maps are read by a key, lists by a number")
}

/// Data in a text that has no text of its own.
pub(in crate::eval) fn no_text(found: &str, at: Span) -> Diagnostic {
    Diagnostic::error(WRONG_DATA, format!("{found} where a text is wanted"), at, "does not print")
        .help("`to-json(..)` writes any data as text")
}

/// `+=` on data that is no list.
pub(in crate::eval) fn no_list(found: &str, at: Span) -> Diagnostic {
    Diagnostic::error(WRONG_DATA, format!("`+=` on {found}"), at, "nothing to append to")
        .help("`+=` appends to lists; `override` replaces")
}
