//! Selectors: which series they choose, and which of their points.

use std::cell::RefCell;
use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::eval::{Engine, Sample, Window};
use super::fault::Fault;
use super::labels::{Labels, NAME};
use super::series::{Point, is_stale};
use crate::embedded::promql::{LabelMatcher, MatchOp, Selector};
use crate::source::Sym;

/// The series that a selector chooses, and how many there were when it did.
#[derive(Clone)]
pub(super) struct Chosen {
    known: usize,
    series: Rc<[usize]>,
}

impl<'q> Engine<'q> {
    /// A sample a series: the last one within the lookback.
    pub(super) fn instant(
        &mut self,
        selector: &'q Selector,
        at: i64,
    ) -> Result<Vec<Sample>, Fault> {
        Ok(self.instant_points(selector, at)?.into_iter().map(|(sample, _)| sample).collect())
    }

    /// The same, with the moment of each sample.
    pub(super) fn instant_points(
        &mut self,
        selector: &'q Selector,
        at: i64,
    ) -> Result<Vec<(Sample, i64)>, Fault> {
        if selector.range.is_some() {
            return Err(Fault::Type("a range"));
        }
        let end = self.end(selector, at)?;
        let start = end - self.options.lookback;
        let chosen = self.choose(selector)?;
        self.charge(chosen.len())?;
        let mut samples = Vec::new();
        for index in chosen.iter() {
            let Some(series) = self.series.get(*index) else { continue };
            let points = series.between(start, end, self.options.is_closed);
            if let Some((moment, value)) = points.last()
                && !is_stale(*value)
            {
                samples.push((Sample { labels: series.labels.clone(), value: *value }, *moment));
            }
        }
        Ok(samples)
    }

    /// All points of the range.
    pub(super) fn window(&mut self, selector: &'q Selector, at: i64) -> Result<Window, Fault> {
        let Some(range) = &selector.range else { return Err(Fault::Type("a vector")) };
        if let Some((modifier, _)) = selector.modifier {
            use crate::embedded::promql::RangeModifier::{Anchored, Smoothed};
            let word = match modifier {
                Anchored => "`anchored`",
                Smoothed => "`smoothed`",
            };
            return Err(Fault::Refused(word.to_owned()));
        }
        let end = self.end(selector, at)?;
        let start = end - self.span(Some(range))?;
        let chosen = self.choose(selector)?;
        let mut rows: Vec<(Labels, Vec<Point>)> = Vec::new();
        for index in chosen.iter() {
            let Some(series) = self.series.get(*index) else { continue };
            let points = series.between(start, end, self.options.is_closed);
            let points: Vec<Point> =
                points.iter().copied().filter(|(_, value)| !is_stale(*value)).collect();
            if !points.is_empty() {
                rows.push((series.labels.clone(), points));
            }
        }
        self.charge(chosen.len() + rows.iter().map(|(_, points)| points.len()).sum::<usize>())?;
        Ok(Window { start, end, rows })
    }

    fn end(&self, selector: &Selector, at: i64) -> Result<i64, Fault> {
        let moment = self.moment(selector.at_time.as_ref().map(|(time, _)| *time), at);
        Ok(moment - self.span(selector.offset.as_ref())?)
    }

    fn choose(&mut self, selector: &'q Selector) -> Result<Rc<[usize]>, Fault> {
        let address = std::ptr::from_ref(selector).addr();
        let known = self.series.len();
        if let Some(chosen) = self.chosen.get(&address).filter(|chosen| chosen.known == known) {
            return Ok(Rc::clone(&chosen.series));
        }
        self.charge(known)?;
        let mut found = Vec::new();
        for index in 0..known {
            let Some(labels) = self.series.get(index).map(|series| series.labels.clone()) else {
                continue;
            };
            if self.fits(selector, &labels)? {
                found.push(index);
            }
        }
        let series: Rc<[usize]> = Rc::from(found);
        self.chosen.insert(address, Chosen { known, series: Rc::clone(&series) });
        Ok(series)
    }

    /// Whether a series with these labels is one that the selector means.
    fn fits(&self, selector: &Selector, labels: &Labels) -> Result<bool, Fault> {
        if let Some(name) = &selector.name
            && labels.get(*NAME).as_str() != name.name
        {
            return Ok(false);
        }
        for matcher in &selector.matchers {
            if !self.matches(matcher, labels)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn matches(&self, matcher: &LabelMatcher, labels: &Labels) -> Result<bool, Fault> {
        let value = labels.get(Sym::new(&matcher.label.name)).as_str();
        Ok(match matcher.op {
            MatchOp::Equal => value == matcher.value,
            MatchOp::NotEqual => value != matcher.value,
            MatchOp::Regex => self.regex(&matcher.value)?.is_match(value),
            MatchOp::NotRegex => !self.regex(&matcher.value)?.is_match(value),
        })
    }

    /// A regular expression that must match the whole text; a dot is any letter.
    pub(super) fn regex(&self, pattern: &str) -> Result<Rc<regex::Regex>, Fault> {
        whole_regex(pattern)
            .ok_or_else(|| Fault::Argument(format!("`{pattern}` is no regular expression")))
    }
}

/// Most expressions that a thread keeps.
const MOST: usize = 1000;

thread_local! {
    /// Expressions that were built before: the same queries run over one set of series after another.
    static BUILT: RefCell<FxHashMap<String, Option<Rc<regex::Regex>>>> = RefCell::default();
}

/// An expression that the whole of a text must match, as a matcher or `label_replace` has it; none for what is none.
pub(in crate::metrics) fn whole_regex(pattern: &str) -> Option<Rc<regex::Regex>> {
    BUILT.with_borrow_mut(|built| {
        if let Some(known) = built.get(pattern) {
            return known.clone();
        }
        if built.len() >= MOST {
            built.clear();
        }
        let whole = format!("^(?s:{pattern})$");
        let new = regex::RegexBuilder::new(&whole).size_limit(1 << 20).build().ok().map(Rc::new);
        built.insert(pattern.to_owned(), new.clone());
        new
    })
}
