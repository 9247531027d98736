//! Which small language reads a text.

use crate::diag::{Code, Diagnostic};
use crate::source::{Extent, Span};

/// A language of refined texts.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Language { Name, Host, Ip, Cidr, Url, Version, Image, Glob, Regex, Cron, PromQl }

#[derive(Debug, Clone)]
pub struct TextError { pub at: Extent }

pub fn check_text(_: Language, _: bool, _: &str) -> Result<(), TextError> { Ok(()) }
pub fn text_error(_: Language, span: Span, _: TextError) -> Diagnostic { Diagnostic::error(Code::new("text/x"), "x", span, "x") }
