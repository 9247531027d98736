//! A text as an expression.

use std::sync::{Arc, LazyLock};

use cel::{Env, Program, extensions};

use super::super::rego::Reads;
use super::super::text::{TextError, extent};
use super::reads::{Found, found};

/// The most bytes of an expression.
pub const LONGEST: usize = 65_536;

/// How deep brackets may stand in one another.
pub const DEEPEST: usize = 40;

/// An expression that was read.
#[derive(Clone, Debug)]
pub struct Cel {
    /// What it reads.
    pub reads: Reads,
    /// What of it is Kubernetes' own, and not known here: then it cannot be run.
    pub unknown: Option<String>,
    /// How deep loops stand in one another.
    pub(super) loops: u32,
    pub(super) program: Arc<Program>,
}

/// What Kubernetes adds to the language, as far as it is known here.
pub(super) static ENVIRONMENT: LazyLock<Arc<Env>> = LazyLock::new(|| {
    let mut env = Env::stdlib().with_optional_support(true);
    // What another one has declared already is not declared again.
    let _ = env.add_extension(extensions::strings);
    let _ = env.add_extension(extensions::lists);
    Arc::new(env)
});

impl Cel {
    /// Reads an expression.
    ///
    /// # Errors
    /// Where it is none.
    pub fn read(text: &str) -> Result<Self, TextError> {
        if text.len() > LONGEST {
            let first = extent(0, text.lines().next().map_or(0, str::len));
            let found = format!("{} bytes", text.len());
            return Err(TextError::new(first, found, format!("at most {LONGEST} bytes")));
        }
        if let Some(at) = too_deep(text) {
            let at = extent(at, at + 1);
            let found = format!("more than {DEEPEST} brackets");
            return Err(TextError::new(at, found, format!("at most {DEEPEST} in one another")));
        }
        let program = ENVIRONMENT.compile(text).map_err(|errors| {
            let first = errors.errors.first();
            let (line, column) = first.map_or((1, 1), |it| it.pos);
            let said = first.map_or("not an expression", |it| it.msg.as_str());
            let at = place(text, line, column);
            TextError::new(at, shown(said), "an expression of CEL: `object.spec.replicas > 1`")
        })?;
        let Found { reads, unknown, loops } = found(text, &program);
        Ok(Self { reads, unknown, loops, program: Arc::new(program) })
    }
}

/// What the parser says, without the names of its own rules.
fn shown(said: &str) -> String {
    let said = said.strip_prefix("Syntax error: ").unwrap_or(said);
    let said = said.split(" expecting ").next().unwrap_or(said);
    said.replace("<EOF>", "the end").chars().take(80).collect()
}

/// The character at a line, counted from 1, and a column, counted from 1 in characters.
fn place(text: &str, line: isize, column: isize) -> crate::source::Extent {
    let line = usize::try_from(line).unwrap_or(1).max(1) - 1;
    let column = usize::try_from(column).unwrap_or(1).max(1) - 1;
    let start: usize = text.split_inclusive('\n').take(line).map(str::len).sum();
    let rest = text.get(start..).unwrap_or("");
    let within = rest.char_indices().nth(column).map_or(rest.len(), |it| it.0);
    let at = start + within;
    match text.get(at..).and_then(|rest| rest.chars().next()) {
        Some(next) => extent(at, at + next.len_utf8()),
        // Behind the end, the last character is shown.
        None => {
            let last = text.trim_end().char_indices().last();
            last.map_or(extent(0, 0), |(at, last)| extent(at, at + last.len_utf8()))
        }
    }
}

/// Where brackets stand too deep in one another; texts are looked over.
fn too_deep(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    let mut quote: Option<char> = None;
    let mut escaped = false;
    for (at, next) in text.char_indices() {
        match (quote, next) {
            (Some(_), _) if escaped => escaped = false,
            (Some(_), '\\') => escaped = true,
            (Some(open), next) if open == next => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') => quote = Some(next),
            // `!` and `-` stand before one another without brackets.
            (None, '(' | '[' | '{' | '!' | '-' | '?') => {
                depth += 1;
                if depth > DEEPEST {
                    return Some(at);
                }
            }
            (None, ')' | ']' | '}') => depth = depth.saturating_sub(1),
            (None, next) if !next.is_whitespace() && !"!-?".contains(next) => {}
            _ => {}
        }
    }
    None
}
