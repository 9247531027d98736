//! One action: the grammar's pairs as a tree.

#![allow(
    clippy::wildcard_enum_match_arm,
    reason = "a match names the rules that its place of the grammar allows"
)]

use pest::Parser as _;
use pest::iterators::Pair;
use pest_derive::Parser;

use super::errors;
use super::literal::{number, unquote};
use super::problem::Problem;
use super::tree::{Arm, Command, Declares, Name, Number, Operand, Pipeline, Term, Word};
use crate::embedded::text::extent;
use crate::source::Extent;

/// The parser that pest derives from `grammar/gotmpl.pest`.
#[derive(Parser)]
#[grammar = "grammar/gotmpl.pest"]
struct Grammar;

/// What an action says.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Clause {
    /// Prints a value, or declares a variable.
    Print(Pipeline),
    /// `if x`, `with x`, `range x`.
    Branch(Word, Pipeline),
    /// `else`, `else if x`.
    Else(Option<Arm>),
    /// `end`.
    End,
    /// `break` or `continue`.
    Leave(&'static str),
    /// `define "x"`.
    Define(Name),
    /// `template "x" value`.
    Template(Name, Option<Pipeline>),
    /// `block "x" value`.
    Block(Name, Pipeline),
}

/// The first word of an action's content, or its whole content where there is none.
pub(super) fn first_word(text: &str, inner: Extent) -> Extent {
    let content = inner.of(text);
    let trimmed = content.trim_start();
    let start = inner.start as usize + (content.len() - trimmed.len());
    let len = trimmed.find(|letter: char| !letter.is_ascii_alphabetic()).unwrap_or(trimmed.len());
    if len == 0 { inner } else { extent(start, start + len) }
}

/// Reads the content of an action. `at` is the action with its delimiters.
pub(super) fn read(text: &str, at: Extent, inner: Extent) -> Result<Clause, Box<Problem>> {
    let content = inner.of(text);
    if content.trim().is_empty() {
        return Err(Box::new(errors::empty_action(at)));
    }
    let mut reader = Reader { base: inner.start as usize };
    match Grammar::parse(Rule::action, content) {
        Ok(mut pairs) => match pairs.next().and_then(|action| action.into_inner().next()) {
            Some(clause) => reader.clause(clause),
            None => Err(Box::new(errors::empty_action(at))),
        },
        Err(error) => {
            let stop = match error.location {
                pest::error::InputLocation::Pos(at) | pest::error::InputLocation::Span((at, _)) => {
                    at
                }
            };
            Err(Box::new(errors::unexpected(content, stop, inner.start as usize)))
        }
    }
}

type Read<T> = Result<T, Box<Problem>>;

struct Reader {
    /// Where the action's content starts in the template.
    base: usize,
}

impl Reader {
    fn at(&self, pair: &Pair<'_, Rule>) -> Extent {
        let span = pair.as_span();
        extent(self.base + span.start(), self.base + span.end())
    }

    fn clause(&mut self, pair: Pair<'_, Rule>) -> Read<Clause> {
        let rule = pair.as_rule();
        let at = self.at(&pair);
        if rule == Rule::pipeline {
            return Ok(Clause::Print(self.pipeline(pair, false)?));
        }
        if rule == Rule::branch {
            let (word, pipeline) = self.branch(pair)?;
            return Ok(Clause::Branch(word, pipeline));
        }
        let mut inner = pair.into_inner();
        let first = inner.next();
        Ok(match (rule, first) {
            (Rule::otherwise, Some(branch)) => {
                let (word, pipeline) = self.branch(branch)?;
                Clause::Else(Some(Arm { word, pipeline: Some(pipeline), body: Vec::new() }))
            }
            (Rule::otherwise, None) => Clause::Else(None),
            (Rule::leave, _) => Clause::Leave("break"),
            (Rule::skip, _) => Clause::Leave("continue"),
            (Rule::define, Some(name)) => Clause::Define(self.name(&name)?),
            (Rule::template, Some(name)) => {
                let name = self.name(&name)?;
                let value = inner.next().map(|value| self.pipeline(value, false)).transpose()?;
                Clause::Template(name, value)
            }
            (Rule::block, Some(name)) => match inner.next() {
                Some(value) => Clause::Block(self.name(&name)?, self.pipeline(value, false)?),
                None => return Err(Box::new(errors::empty_action(at))),
            },
            _ => Clause::End,
        })
    }

    fn branch(&mut self, pair: Pair<'_, Rule>) -> Read<(Word, Pipeline)> {
        let mut word = Word::If;
        let at = self.at(&pair);
        for part in pair.into_inner() {
            if part.as_rule() == Rule::branch_word {
                word = match part.as_str() {
                    "with" => Word::With,
                    "range" => Word::Range,
                    _ => Word::If,
                };
            } else {
                return Ok((word, self.pipeline(part, word == Word::Range)?));
            }
        }
        Err(Box::new(errors::empty_action(at)))
    }

    fn pipeline(&mut self, pair: Pair<'_, Rule>, ranges: bool) -> Read<Pipeline> {
        let at = self.at(&pair);
        let mut declares = None;
        let mut commands: Vec<Command> = Vec::new();
        for part in pair.into_inner() {
            if part.as_rule() == Rule::declares {
                let mut variables = Vec::new();
                let mut assigns = false;
                for part in part.into_inner() {
                    if part.as_rule() == Rule::variable {
                        variables.push(Name { text: part.as_str().to_owned(), at: self.at(&part) });
                    } else {
                        assigns = part.as_str() == "=";
                    }
                }
                if let (Some(second), false) = (variables.get(1), ranges) {
                    return Err(Box::new(errors::two_variables(second.at)));
                }
                declares = Some(Declares { variables, assigns });
            } else {
                let command = self.command(part)?;
                if !commands.is_empty()
                    && let Some(first) = command.operands.first()
                    && first.fields.is_empty()
                    && matches!(
                        first.term,
                        Term::Bool | Term::Dot | Term::Nil | Term::Number(_) | Term::Text(_)
                    )
                {
                    return Err(Box::new(errors::piped_into_constant(first.at)));
                }
                commands.push(command);
            }
        }
        Ok(Pipeline { at, declares, commands })
    }

    fn command(&mut self, pair: Pair<'_, Rule>) -> Read<Command> {
        let at = self.at(&pair);
        let operands: Read<Vec<Operand>> =
            pair.into_inner().map(|operand| self.operand(operand)).collect();
        Ok(Command { at, operands: operands? })
    }

    fn operand(&mut self, pair: Pair<'_, Rule>) -> Read<Operand> {
        let at = self.at(&pair);
        let mut term = None;
        let mut fields: Vec<Name> = Vec::new();
        for part in pair.into_inner() {
            let place = self.at(&part);
            match part.as_rule() {
                Rule::field => {
                    let name = part.as_str().trim_start_matches('.').to_owned();
                    let name = Name { text: name, at: Extent::new(place.start + 1, place.end) };
                    if term.is_none() {
                        term = Some((Term::Dot, Extent::new(place.start, place.start + 1)));
                    }
                    // The dot alone has no fields behind another dot: `..a`.
                    if let (Some((Term::Dot, dot)), true) = (&term, fields.is_empty())
                        && dot.end == place.start
                    {
                        return Err(Box::new(errors::two_dots(dot.to(place))));
                    }
                    fields.push(name);
                }
                _ => term = Some((self.term(part)?, place)),
            }
        }
        let Some((term, term_at)) = term else {
            return Err(Box::new(errors::empty_action(at)));
        };
        if let Some(field) = fields.first()
            && matches!(term, Term::Nil | Term::Bool | Term::Number(_) | Term::Text(_))
        {
            return Err(Box::new(errors::field_of_constant(field.at)));
        }
        Ok(Operand { at, term, term_at, fields })
    }

    fn term(&mut self, pair: Pair<'_, Rule>) -> Read<Term> {
        let at = self.at(&pair);
        let text = pair.as_str();
        Ok(match pair.as_rule() {
            Rule::quoted | Rule::raw => Term::Text(self.name(&pair)?.text),
            Rule::number => match number(text) {
                Some(number) => Term::Number(number),
                None => return Err(Box::new(errors::number(at, text))),
            },
            Rule::char => Term::Number(Number::Int),
            Rule::variable => Term::Variable(text.to_owned()),
            Rule::function => Term::Function(text.to_owned()),
            Rule::nil => Term::Nil,
            Rule::boolean => Term::Bool,
            Rule::paren => match pair.into_inner().next() {
                Some(inner) => Term::Pipeline(Box::new(self.pipeline(inner, false)?)),
                None => return Err(Box::new(errors::empty_action(at))),
            },
            _ => Term::Dot,
        })
    }

    /// A quoted or raw text.
    fn name(&self, pair: &Pair<'_, Rule>) -> Read<Name> {
        let at = self.at(pair);
        let text = pair.as_str();
        let content = text.get(1..text.len().saturating_sub(1)).unwrap_or("");
        if pair.as_rule() == Rule::raw {
            return Ok(Name { text: content.replace('\r', ""), at });
        }
        match unquote(content, '"') {
            Ok(text) => Ok(Name { text, at }),
            Err(wrong) => {
                let start = at.start as usize + 1 + wrong.at;
                let place = extent(start, start + wrong.len);
                let end = wrong.at + wrong.len;
                let escape = content.get(wrong.at..end).unwrap_or("");
                Err(Box::new(errors::escape(place, escape)))
            }
        }
    }
}
