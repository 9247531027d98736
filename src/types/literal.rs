//! Numbers and texts where something is wanted.

use super::bounds::Measure;
use super::check::{Checker, Scope};
use super::errors;
use super::expectation::Expectation;
use super::hole::Holes;
use super::meaning::{Constant, Meaning};
use super::refine::Refinement;
use super::text::read_text;
use super::ty::{TextKind, Ty, TyKind, Tys};
use crate::diag::nearest;
use crate::embedded::{
    ConversionError, Dimension, Literal, Quantity, QuantityError, parse_quantity, read_number,
};
use crate::source::{Extent, Span, Sym};
use crate::syntax::{ExprId, TextForm, TextId, TextPart};

impl Checker<'_> {
    /// A numeric literal; `negative` when a minus stands before it.
    pub(super) fn number(
        &mut self,
        scope: &Scope,
        expr: ExprId,
        digits: Extent,
        negative: bool,
        expect: Option<Expectation>,
    ) -> Ty {
        let at = self.expr_span(scope.tree, expr);
        let text = self.names.text(scope.tree, digits);
        let literal = match read_number(text) {
            Ok(literal) => literal,
            Err(wrong) => {
                self.report(errors::number(
                    at,
                    wrong.reason,
                    "not a number".to_owned(),
                    wrong.suggestion,
                ));
                return Tys::UNKNOWN;
            }
        };
        let literal = if negative { literal.negated() } else { literal };
        let written = if negative { format!("-{text}") } else { text.to_owned() };
        let Some(expect) = expect else { return self.free_number(scope, expr, &written, literal) };
        let members = self.types.tys.members(expect.ty);
        let mut readable = None;
        for &member in &members {
            let member = match self.types.tys.kind(member) {
                TyKind::Later(of, _) => self.types.tys.present(*of),
                _ => member,
            };
            match *self.types.tys.kind(member) {
                TyKind::Int if literal.is_bare() && !literal.has_point() => {
                    readable = Some((member, Dimension::Number));
                }
                TyKind::Int if literal.readings() == [Dimension::Number] => {
                    readable = Some((member, Dimension::Number));
                }
                TyKind::Float
                    if literal.is_bare()
                        && (literal.has_point() || !members.contains(&Tys::INT)) =>
                {
                    let value = literal.value().to_float();
                    self.within(expect, Measure::Float(value), &written, at);
                    return self.constant(scope, expr, Constant::Float(value), member);
                }
                TyKind::Quantity(dimension) if literal.readings().contains(&dimension) => {
                    readable = Some((member, dimension));
                }
                TyKind::Data => {
                    readable = Some((
                        member,
                        literal.readings().first().copied().unwrap_or(Dimension::Number),
                    ));
                }
                TyKind::Unknown => return Tys::UNKNOWN,
                _ => continue,
            }
            break;
        }
        let Some((member, dimension)) = readable else {
            self.wrong_unit(at, &written, literal, expect, &members);
            return Tys::UNKNOWN;
        };
        if dimension == Dimension::Number && literal.has_point() {
            let value = literal.value().to_float();
            return self.constant(scope, expr, Constant::Float(value), Tys::FLOAT);
        }
        match literal.to(dimension) {
            Ok(quantity) => {
                let amount = quantity.amount();
                let (measure, constant) = if dimension == Dimension::Number {
                    (Measure::Int(amount), Constant::Int(amount))
                } else {
                    (Measure::Quantity(amount, dimension), Constant::Quantity(quantity))
                };
                self.within(expect, measure, &written, at);
                self.constant(scope, expr, constant, member)
            }
            Err(problem) => {
                self.inexact(at, &written, dimension, problem);
                Tys::UNKNOWN
            }
        }
    }

    /// A number with nothing that says what it is.
    fn free_number(&mut self, scope: &Scope, expr: ExprId, written: &str, literal: Literal) -> Ty {
        let at = self.expr_span(scope.tree, expr);
        if literal.is_bare() && literal.has_point() {
            return self.constant(
                scope,
                expr,
                Constant::Float(literal.value().to_float()),
                Tys::FLOAT,
            );
        }
        let readings = literal.readings();
        let dimension = match readings {
            [only] => *only,
            [Dimension::Number, ..] => Dimension::Number,
            _ => {
                let readings: Vec<String> =
                    readings.iter().map(|&dimension| reading(literal, dimension)).collect();
                self.report(errors::ambiguous_unit(written, at, &readings));
                return Tys::UNKNOWN;
            }
        };
        match literal.to(dimension) {
            Ok(quantity) if dimension == Dimension::Number => {
                self.constant(scope, expr, Constant::Int(quantity.amount()), Tys::INT)
            }
            Ok(quantity) => {
                let ty = self.types.tys.intern(TyKind::Quantity(dimension));
                self.constant(scope, expr, Constant::Quantity(quantity), ty)
            }
            Err(problem) => {
                self.inexact(at, written, dimension, problem);
                Tys::UNKNOWN
            }
        }
    }

    fn wrong_unit(
        &mut self,
        at: Span,
        written: &str,
        literal: Literal,
        expect: Expectation,
        members: &[Ty],
    ) {
        let wanted = self.show(expect.ty);
        let quantity = members.iter().find_map(|&member| match *self.types.tys.kind(member) {
            TyKind::Quantity(dimension) => Some(dimension),
            _ => None,
        });
        let is_int = members.contains(&Tys::INT);
        if quantity.is_none() && !is_int {
            let found = match literal.readings() {
                [Dimension::Number, ..] if literal.has_point() => "Float",
                [first, ..] => first.type_name(),
                [] => "number",
            };
            let error = errors::mismatch(at, found, &wanted, Some(expect));
            let error = if self.wants_text(expect.ty) {
                error.fix("write it as a text", at, format!("\"{written}\""), false)
            } else {
                error
            };
            self.report(error);
            return;
        }
        let help = match quantity {
            Some(Dimension::Duration) => Some("durations are written `30s`, `5m`, `1h30m`, `7d`"),
            Some(Dimension::Bytes) => Some("bytes are written `512Mi`, `20Gi`"),
            Some(Dimension::Cpu) => Some("processor time is written `250m` (a quarter core), `2`"),
            Some(Dimension::Percent) => Some("percentages are written `80%`"),
            Some(Dimension::Number) | None if literal.has_point() => {
                Some("a whole number is wanted")
            }
            Some(Dimension::Number) | None => Some("a bare number is wanted, without a unit"),
        };
        self.report(errors::unit(written, at, &wanted, expect, help.map(str::to_owned)));
    }

    fn inexact(&mut self, at: Span, written: &str, dimension: Dimension, problem: ConversionError) {
        let (title, label) = match problem {
            ConversionError::Inexact => (
                format!(
                    "`{written}` is no whole number of {}s",
                    dimension.base_name().trim_start_matches("a ")
                ),
                "cannot be held exactly".to_owned(),
            ),
            ConversionError::Overflow => {
                (format!("`{written}` is too large"), "more than 64 bits hold".to_owned())
            }
            ConversionError::OtherDimension => {
                (format!("`{written}` is no {}", dimension.type_name()), "wrong unit".to_owned())
            }
        };
        self.report(errors::number(at, title, label, None));
    }

    fn constant(&mut self, scope: &Scope, expr: ExprId, constant: Constant, ty: Ty) -> Ty {
        let index = u32::try_from(self.types.constants.len()).unwrap_or(u32::MAX);
        self.types.constants.push(constant);
        self.mean(scope, expr, Meaning::Constant(index));
        ty
    }

    /// Reports a constant outside the bounds that are wanted.
    fn within(&mut self, expect: Expectation, measure: Measure, written: &str, at: Span) {
        if let Some(words) = self.types.outside(expect.ty, measure) {
            let wanted = self.show(expect.ty);
            self.report(errors::out_of_range(
                &format!("`{written}`"),
                &words,
                "it",
                at,
                Some((expect.origin, expect.because(&wanted))),
            ));
        }
    }

    /// Whether texts of a type must match a pattern.
    fn has_pattern(&self, mut ty: Ty) -> bool {
        loop {
            match self.types.tys.kind(ty) {
                TyKind::Refined(_, Refinement::Pattern(_)) => return true,
                TyKind::Refined(inner, _) | TyKind::Alias(_, inner) | TyKind::Optional(inner) => {
                    ty = *inner;
                }
                _ => return false,
            }
        }
    }

    /// A text literal.
    pub(super) fn text(
        &mut self,
        scope: &Scope,
        expr: ExprId,
        text: TextId,
        expect: Option<Expectation>,
    ) -> Ty {
        let nodes = self.tree(scope.tree);
        let node = *nodes.text(text);
        let parts = nodes.parts_of(node.parts);
        // The holes of a query say themselves what they take.
        let expect = expect.map(|expect| match self.types.later_query(expect.ty) {
            Some(query) => expect.with(query),
            None => expect,
        });
        let takes = match expect {
            None => Holes::Any,
            Some(expect) => match self
                .types
                .tys
                .members(expect.ty)
                .into_iter()
                .find_map(|member| self.known_later(member))
            {
                Some(context) => Holes::Of(context, expect),
                None => Holes::Plain,
            },
        };
        let mut context = None;
        let is_query =
            expect.is_some_and(|expect| self.text_kind(expect.ty) == Some(TextKind::PromQl));
        let mut constant = true;
        if is_query && parts.iter().any(|part| matches!(part, TextPart::Hole(_))) {
            self.query(scope, text);
            return self.types.tys.intern(TyKind::Text(TextKind::PromQl));
        }
        let program = expect
            .and_then(|expect| self.text_kind(expect.ty))
            .filter(|kind| matches!(kind, TextKind::Rego | TextKind::Cel | TextKind::Shell));
        if let Some(kind) = program
            && parts.iter().any(|part| matches!(part, TextPart::Hole(_)))
        {
            self.program(scope, text, kind);
            return self.types.tys.intern(TyKind::Text(kind));
        }
        for part in parts {
            if let TextPart::Hole(hole) = *part {
                constant = false;
                let found = self.hole(scope, hole, takes);
                if let (Holes::Any, Some(found), Some(first)) = (takes, found, context)
                    && found != first
                {
                    let error = self.of_other_context(scope, hole, (found, first), None);
                    self.report(error);
                }
                context = context.or(found);
            }
        }
        let Some(expect) = expect else {
            self.foreign(scope, text, Some(Tys::STRING));
            return match context {
                Some(context) => self.types.tys.intern(TyKind::Later(Tys::STRING, context)),
                None => Tys::STRING,
            };
        };
        let members = self.types.tys.members(expect.ty);
        if members.contains(&Tys::UNKNOWN) {
            return Tys::UNKNOWN;
        }
        let takes_text = |ty: Ty| {
            matches!(self.types.tys.kind(ty), TyKind::String | TyKind::Text(_) | TyKind::Data)
        };
        let wanted = members.iter().copied().find(|&member| match self.types.tys.kind(member) {
            TyKind::Later(of, _) => self.types.tys.members(*of).into_iter().any(takes_text),
            _ => takes_text(member),
        });
        let literals: Vec<Sym> = members
            .iter()
            .filter_map(|&member| match self.types.tys.kind(member) {
                TyKind::Literal(sym) => Some(*sym),
                _ => None,
            })
            .collect();
        // A text that must match a pattern has no room for it.
        let place = wanted.filter(|_| !self.has_pattern(expect.ty));
        if self.foreign(scope, text, place) {
            return Tys::UNKNOWN;
        }
        if constant {
            let held = self.verbatim(scope.tree, text);
            if let Some(&literal) = literals.iter().find(|literal| literal.as_str() == held) {
                return self.types.tys.intern(TyKind::Literal(literal));
            }
            if wanted.is_none() {
                return self
                    .text_for_other(scope, expr, &held, node.form, expect, &members, &literals);
            }
        }
        match wanted {
            Some(wanted) => {
                if let Some(context) = self.known_later(wanted)
                    && !self.template(scope, text, context)
                {
                    self.mean(scope, expr, Meaning::Wrong);
                    return Tys::UNKNOWN;
                }
                if constant {
                    self.refined_text(scope, expr, text, expect);
                }
                wanted
            }
            None => {
                let at = self.expr_span(scope.tree, expr);
                let shown = self.show(expect.ty);
                self.report(errors::mismatch(at, "String", &shown, Some(expect)));
                Tys::UNKNOWN
            }
        }
    }

    /// A constant text where no text is wanted: a quantity in quotes, a misspelt choice, or a mistake.
    #[expect(clippy::too_many_arguments, reason = "what is known of the one literal")]
    fn text_for_other(
        &mut self,
        scope: &Scope,
        expr: ExprId,
        held: &str,
        form: TextForm,
        expect: Expectation,
        members: &[Ty],
        literals: &[Sym],
    ) -> Ty {
        let at = self.expr_span(scope.tree, expr);
        let wanted = self.show(expect.ty);
        let object = members.iter().any(|&it| *self.types.tys.kind(it) == TyKind::Object);
        if object && literals.is_empty() && self.object_in_quotes(held, at, expect) {
            return Tys::UNKNOWN;
        }
        for &member in members {
            let TyKind::Quantity(dimension) = *self.types.tys.kind(member) else { continue };
            match parse_quantity(held, dimension) {
                Ok(quantity) => {
                    let measure = Measure::Quantity(quantity.amount(), dimension);
                    self.within(expect, measure, held, at);
                    return self.constant(scope, expr, Constant::Quantity(quantity), member);
                }
                Err(QuantityError::Conversion(ConversionError::OtherDimension, literal)) => {
                    self.wrong_unit(at, held, literal, expect, members);
                }
                Err(QuantityError::Conversion(problem, _)) => {
                    self.inexact(at, held, dimension, problem);
                }
                Err(QuantityError::Malformed(wrong)) => {
                    let at = self.inside(at, form, wrong.at);
                    self.report(errors::number(
                        at,
                        wrong.reason,
                        format!("wanted: {wanted}"),
                        wrong.suggestion,
                    ));
                }
            }
            return Tys::UNKNOWN;
        }
        if !literals.is_empty() {
            let shown: Vec<&str> = literals.iter().map(|literal| literal.as_str()).collect();
            let near = nearest(held, shown.iter().copied());
            let mut error = errors::mismatch(at, &format!("\"{held}\""), &wanted, Some(expect));
            error = error.help(format!(
                "one of {}",
                shown.iter().map(|text| format!("`\"{text}\"`")).collect::<Vec<_>>().join(", ")
            ));
            if let Some(near) = near {
                error = error.fix(
                    format!("replace with `\"{near}\"`"),
                    at,
                    format!("\"{near}\""),
                    true,
                );
            }
            self.report(error);
            return Tys::UNKNOWN;
        }
        let mut error = errors::mismatch(at, "String", &wanted, Some(expect));
        let kinds = self.wanted_kinds(expect.ty);
        if let Some(&kind) =
            kinds.iter().find(|&&kind| self.types.resources.contains_key(&(kind, Sym::new(held))))
        {
            let word = self.keyword_of(kind);
            error = error.help(format!(
                "a reference is written without quotes: this one is `{word}.{held}`"
            ));
            error = error.fix("write the reference", at, held, true);
        } else if let Some(&kind) = kinds.first() {
            let word = self.keyword_of(kind);
            error = error.help(format!(
                "a reference is written without quotes, and no {word} is called `{held}` yet"
            ));
        } else if members.contains(&Tys::INT) && held.parse::<i64>().is_ok() {
            error = error.fix("write the number", at, held, true);
        } else if members.contains(&Tys::BOOL) && matches!(held, "true" | "false") {
            error = error.fix("write the boolean", at, held, true);
        }
        self.report(error);
        Tys::UNKNOWN
    }

    /// An extent inside a literal's content, as a span of the file.
    pub(super) fn inside(&self, at: Span, form: TextForm, inside: Extent) -> Span {
        let quote = match form {
            TextForm::Quoted | TextForm::Raw => 1,
            TextForm::HashQuoted | TextForm::HashRaw => 2,
            TextForm::Block | TextForm::Fence | TextForm::HashFence => return at,
        };
        let start = at.start + quote + inside.start;
        let end = (at.start + quote + inside.end).min(at.end);
        Span::new(at.file, start.min(end), end)
    }

    /// Constant text in a refined type: checked here, with the caret inside the literal.
    fn refined_text(&mut self, scope: &Scope, expr: ExprId, text: TextId, expect: Expectation) {
        let held = self.verbatim(scope.tree, text);
        let node = *self.tree(scope.tree).text(text);
        let at = self.expr_span(scope.tree, expr);
        // Escapes and margins shift places: then the whole literal is underlined.
        let exact = self
            .tree(scope.tree)
            .parts_of(node.parts)
            .iter()
            .all(|part| matches!(part, TextPart::Verbatim(_)));
        let place = |inside: Extent, this: &Self| {
            if exact { this.inside(at, node.form, inside) } else { at }
        };
        let wanted = self.show(expect.ty);
        let origin = Some((expect.origin, expect.because(&wanted)));
        let language = self.text_kind(expect.ty);
        if language == Some(TextKind::PromQl) && !self.is_right_query(scope, text) {
            return;
        }
        let refusal =
            language.and_then(|kind| read_text(kind, self.types.is_exact(expect.ty), &held).err());
        let span = match &refusal {
            Some(refusal) => place(refusal.at, self),
            None => at,
        };
        if let Some(found) = self.types.judge_text(expect.ty, &held, span, origin) {
            self.report(found);
        }
    }

    /// The language that reads texts of a type.
    pub(super) fn text_kind(&self, ty: Ty) -> Option<TextKind> {
        let kinds: Vec<TextKind> = self
            .types
            .tys
            .members(ty)
            .into_iter()
            .filter_map(|member| match self.types.tys.kind(member) {
                TyKind::Text(kind) => Some(*kind),
                _ => None,
            })
            .collect();
        // A union of several (`Host | Ip`) is decided on the value: the first that takes it. Where none does,
        // the first says why.
        kinds.first().copied()
    }
}

fn reading(literal: Literal, dimension: Dimension) -> String {
    let shown = literal.to(dimension).map_or_else(|_| String::new(), plain);
    match dimension {
        Dimension::Duration => format!("a Duration ({shown})"),
        Dimension::Cpu => format!("a Cpu ({shown})"),
        Dimension::Bytes => format!("Bytes ({shown})"),
        Dimension::Percent => format!("a Percent ({shown})"),
        Dimension::Number => format!("a number ({shown})"),
    }
}

/// A quantity in words.
fn plain(quantity: Quantity) -> String {
    let amount = quantity.in_main_unit().to_float();
    match quantity.dimension() {
        Dimension::Duration if amount % 60.0 == 0.0 => format!("{} minutes", amount / 60.0),
        Dimension::Duration => format!("{amount} seconds"),
        Dimension::Cpu => format!("{amount} cores"),
        Dimension::Bytes => format!("{amount} bytes"),
        Dimension::Percent | Dimension::Number => format!("{amount}"),
    }
}
