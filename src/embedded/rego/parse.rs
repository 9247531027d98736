//! A text as a module of Rego.

use std::num::NonZeroU32;
use std::time::Duration;

use regorus::unstable::{Expr, Module, Rule, RuleHead, Span};
use regorus::utils::limits::ExecutionTimerConfig;
use regorus::{Engine, PolicyLengthConfig};

use super::super::text::{TextError, extent};
use super::reads::{Reads, reads};
use super::run::SECONDS;
use crate::source::Extent;

/// The most bytes of a policy.
pub const LONGEST: usize = 1_048_576;

/// The most lines of a policy.
pub const MOST_LINES: usize = 20_000;

/// The rule that Gatekeeper asks for.
const ENTRY: &str = "violation";

/// How rules are written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Dialect {
    /// `violation[{"msg": msg}] { .. }`.
    V0,
    /// `violation contains {"msg": msg} if { .. }`.
    V1,
}

impl Dialect {
    /// What ConstraintTemplates call it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::V0 => "v0",
            Self::V1 => "v1",
        }
    }
}

/// A policy that was read.
#[derive(Clone, Debug)]
pub struct Rego {
    /// How it is written: what can be read either way is of the newer one.
    pub dialect: Dialect,
    /// Whether it has the rule that Gatekeeper asks for.
    pub has_entry: bool,
    /// Where its package stands.
    pub package_at: Extent,
    /// The names of its rules, each with its place.
    pub rules: Vec<(String, Extent)>,
    /// What it reads.
    pub reads: Reads,
    pub(super) engine: Engine,
    pub(super) entry: String,
}

impl Rego {
    /// Reads a policy.
    ///
    /// # Errors
    /// Where it is no module of either version of Rego.
    pub fn read(text: &str) -> Result<Self, TextError> {
        let first = extent(0, text.lines().next().map_or(0, str::len));
        if text.len() > LONGEST {
            let found = format!("{} bytes", text.len());
            return Err(TextError::new(first, found, format!("at most {LONGEST} bytes")));
        }
        let lines = text.lines().count();
        if lines > MOST_LINES {
            let found = format!("{lines} lines");
            return Err(TextError::new(first, found, format!("at most {MOST_LINES} lines")));
        }
        // A policy may be written for either version.
        Self::of(text, Dialect::V1).or_else(|newer| {
            let newer = error(text, &newer);
            if is_newer(text) {
                return Err(newer);
            }
            Self::of(text, Dialect::V0).map_err(|older| {
                let older = error(text, &older);
                // That a word of the newer version is missing says that the text is older. Else the one that came further says what is wrong.
                let is_older = newer.expected.contains("keyword is required");
                if is_older || older.at.start > newer.at.start { older } else { newer }
            })
        })
    }

    fn of(text: &str, dialect: Dialect) -> Result<Self, String> {
        let mut engine = Engine::new();
        engine.set_rego_v0(dialect == Dialect::V0);
        // An error of a function leaves its rule without a value, as in Gatekeeper.
        engine.set_strict_builtin_errors(false);
        engine.set_gather_prints(true);
        if let Some(check_interval) = NonZeroU32::new(200) {
            let limit = Duration::from_secs(SECONDS);
            engine.set_execution_timer_config(ExecutionTimerConfig { limit, check_interval });
        }
        engine.set_policy_length_config(PolicyLengthConfig::default());
        engine.add_policy("policy".to_owned(), text.to_owned()).map_err(|it| it.to_string())?;
        let module = engine.get_modules().first().cloned().ok_or("nothing to read")?;
        let module: &Module = &module;
        let rules: Vec<(String, Extent)> =
            module.policy.iter().filter_map(|it| named(it)).collect();
        let package = &module.package;
        Ok(Self {
            dialect,
            has_entry: rules.iter().any(|(name, _)| name == ENTRY),
            package_at: at(&package.span),
            rules,
            reads: reads(module),
            entry: format!("data.{}.{ENTRY}", package.refr.span().text()),
            engine,
        })
    }
}

/// Whether a text has words that the older version of Rego knows after an import only. As names of values nobody uses them.
fn is_newer(text: &str) -> bool {
    let (mut rest, mut word, mut found) = (text.chars(), String::new(), false);
    let is_keyword = |word: &str| matches!(word, "if" | "in" | "every");
    while let Some(c) = rest.next() {
        if c.is_alphanumeric() || c == '_' {
            word.push(c);
            continue;
        }
        found |= is_keyword(&word);
        word.clear();
        match c {
            '"' => {
                while let Some(c) = rest.next() {
                    match c {
                        '"' => break,
                        '\\' => _ = rest.next(),
                        _ => {}
                    }
                }
            }
            '`' => _ = rest.by_ref().find(|c| *c == '`'),
            '#' => _ = rest.by_ref().find(|c| *c == '\n'),
            // The field of another value may be called so.
            '.' => word.push('.'),
            _ => {}
        }
    }
    (found || is_keyword(&word)) && !text.contains("future.keywords")
}

/// Where something stands in the text.
pub(super) fn at(span: &Span) -> Extent {
    Extent::new(span.start, span.end)
}

/// The name of a rule.
fn named(rule: &Rule) -> Option<(String, Extent)> {
    let refr = match rule {
        Rule::Spec { head, .. } => match head {
            RuleHead::Compr { refr, .. }
            | RuleHead::Set { refr, .. }
            | RuleHead::Func { refr, .. } => refr,
        },
        Rule::Default { refr, .. } => refr,
    };
    let mut expr: &Expr = refr;
    loop {
        match expr {
            Expr::Var { span, .. } => return Some((span.text().to_owned(), at(span))),
            Expr::RefDot { refr, .. } | Expr::RefBrack { refr, .. } => expr = refr,
            _ => return None,
        }
    }
}

/// What the engine says of a text: `--> policy:3:7`, the line, and behind `error:` the reason.
fn error(text: &str, said: &str) -> TextError {
    let place = said.split("--> policy:").nth(1).and_then(|rest| rest.split('\n').next());
    let mut numbers = place.unwrap_or("").split(':').map(|it| it.trim().parse::<usize>().ok());
    let (line, column) = (numbers.next().flatten(), numbers.next().flatten());
    let reason = said.rsplit("error: ").next().unwrap_or(said).trim();
    let start = line.map_or(0, |line| {
        text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum()
    });
    let rest = text.get(start..).unwrap_or("");
    let of_line = rest.lines().next().unwrap_or("");
    let before = column.unwrap_or(1).saturating_sub(1);
    let inside = of_line.char_indices().nth(before).map_or(of_line.len(), |(at, _)| at);
    let word = of_line.get(inside..).unwrap_or("");
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let length = match word.find(|c: char| !is_word(c)) {
        None => word.len(),
        Some(0) => word.chars().next().map_or(0, char::len_utf8),
        Some(end) => end,
    };
    let begin = start + inside;
    let found = match text.get(begin..begin + length) {
        None | Some("") => "the line ends".to_owned(),
        Some(word) => format!("`{word}`"),
    };
    TextError::new(extent(begin, begin + length), found, reason)
}
