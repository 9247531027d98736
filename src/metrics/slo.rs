//! Objectives to rules: what a promise needs of Prometheus.
//!
//! The ratio of errors is recorded over windows from five minutes to three days, and over the whole period. An alert fires where a long
//! window and a short one both spend the budget too fast: the long one says that it matters, the short one that it goes on.
#![allow(
    clippy::wildcard_enum_match_arm,
    clippy::match_wildcard_for_single_variants,
    reason = "asks a tree or value for the one shape that is wanted; every other one is not it"
)]

use super::rule::{Group, Rule, RuleKind};
use crate::embedded::promql::{self, Aggregation, BinaryOp, Node, NodeKind, Options, Selector};
use crate::source::Extent;

/// A promise: which share of events goes well, over which time.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Promise {
    /// Its name: the label `slo` of all series.
    pub name: String,
    /// The share that goes well, in millionths: 99.9 % is 999,000.
    pub objective: i64,
    /// The time over which it holds, in seconds.
    pub period: i64,
    /// What is counted.
    pub indicator: Indicator,
    /// Labels by which budgets are divided: one budget a value.
    pub by: Vec<String>,
    /// Labels of all its series and alerts.
    pub labels: Vec<(String, String)>,
    /// The severity of the alert that wakes somebody.
    pub page: String,
    /// The severity of the alert that can wait for the morning.
    pub ticket: String,
    /// Annotations of both alerts.
    pub annotations: Vec<(String, String)>,
}

/// What is counted: queries in which counters stand as they are, without `rate` and range.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Indicator {
    /// Events that went wrong, and all.
    Errors(String, String),
    /// Events that went well, and all.
    Good(String, String),
    /// A series that is 1 while all is well, and 0 else.
    State(String),
}

/// One of the texts of an indicator.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Text {
    /// Events that went wrong.
    Errors,
    /// Events that went well.
    Good,
    /// All events.
    Total,
    /// The state.
    State,
}

/// The rules of a promise, and what in them is copied from it.
#[derive(Clone, PartialEq, Debug)]
pub struct Generated {
    /// The rules.
    pub group: Group,
    copies: Vec<Copied>,
}

#[derive(Clone, Copy, PartialEq, Debug)]
struct Copied {
    rule: usize,
    /// Where it stands in the rule's query.
    at: Extent,
    text: Text,
    /// Where it begins in the text.
    from: u32,
}

impl Generated {
    /// Where a part of a rule's query is copied from; none where it was made here.
    pub fn written(&self, rule: usize, at: Extent) -> Option<(Text, Extent)> {
        let copied = self
            .copies
            .iter()
            .find(|it| it.rule == rule && it.at.start <= at.start && at.end <= it.at.end)?;
        let start = copied.from + (at.start - copied.at.start);
        Some((copied.text, Extent::new(start, start + at.len())))
    }
}

/// Why a query cannot be counted.
#[derive(Clone, PartialEq, Debug)]
pub struct Misfit {
    /// The query.
    pub text: Text,
    /// The part of it.
    pub at: Extent,
    /// What is there.
    pub what: Unfit,
}

/// What cannot stand where counters are wanted.
#[derive(Clone, PartialEq, Debug)]
pub enum Unfit {
    /// A range: every rule puts in its own. With it, what is left without the range and the function around.
    Range(Option<String>),
    /// Something that is no sum of counters.
    Shape,
    /// No query at all.
    Syntax,
}

/// The windows over which the ratio of errors is recorded, in seconds.
const WINDOWS: [i64; 7] = [300, 1800, 3600, 7200, 21_600, 86_400, 259_200];

/// A pair of windows of an alert: long, short, the share of the budget (in hundredths) that is spent in the long one, and whether somebody is
/// woken.
const PAIRS: [(i64, i64, i64, bool); 4] = [
    (3600, 300, 2, true),
    (21_600, 1800, 5, true),
    (86_400, 7200, 10, false),
    (259_200, 21_600, 10, false),
];

const RATIO: &str = "slo:sli_error:ratio_rate";

/// The label that tells the windows of the recorded ratios apart.
const WINDOW: &str = "slo_window";

impl Promise {
    /// The share that may go wrong, in millionths.
    pub const fn budget(&self) -> i64 {
        1_000_000 - self.objective
    }

    /// How much faster than allowed the budget is spent when a pair of windows fires, in thousandths.
    const fn factor(&self, (long, _, share, _): (i64, i64, i64, bool)) -> i64 {
        (share * self.period * 10 + long / 2) / long
    }

    /// Whether a pair can fire: no more than all events can go wrong.
    fn can_fire(&self, pair: (i64, i64, i64, bool)) -> bool {
        self.factor(pair) * self.budget() < 1000 * 1_000_000
    }

    /// How many of the pairs that wake somebody, and of the others, can fire.
    pub fn pairs(&self) -> (usize, usize) {
        let count = |page| PAIRS.iter().filter(|it| it.3 == page && self.can_fire(**it)).count();
        (count(true), count(false))
    }
}

/// The rules of a promise.
///
/// # Errors
/// What in its queries cannot be counted.
pub fn generate(promise: &Promise) -> Result<Generated, Vec<Misfit>> {
    let mut misfits = Vec::new();
    let (wrong, total, is_good) = match &promise.indicator {
        Indicator::Errors(errors, total) => (
            read(Text::Errors, errors, &mut misfits),
            read(Text::Total, total, &mut misfits),
            false,
        ),
        Indicator::Good(good, total) => {
            (read(Text::Good, good, &mut misfits), read(Text::Total, total, &mut misfits), true)
        }
        Indicator::State(state) => (read(Text::State, state, &mut misfits), None, true),
    };
    if !misfits.is_empty() {
        return Err(misfits);
    }
    let mut made = Generated {
        group: Group { name: format!("slo-{}", promise.name), interval: None, rules: Vec::new() },
        copies: Vec::new(),
    };
    for window in WINDOWS {
        let mut expr = Expr::default();
        if let Some(wrong) = &wrong {
            ratio(&mut expr, wrong, total.as_ref(), is_good, &promise.by, &span(window));
        }
        let rule = made.group.rules.len();
        made.copies.extend(expr.copies.iter().map(|copied| Copied { rule, ..*copied }));
        made.record(promise, &format!("{RATIO}{}", span(window)), expr.text, Some(&span(window)));
    }
    let series = promise.series();
    let period = span(promise.period);
    let over = format!("avg_over_time({RATIO}5m{series}[{period}])");
    made.record(promise, &format!("{RATIO}{period}"), over, Some(&period));
    let number = |name: &str, value: String, made: &mut Generated| {
        made.record(promise, name, format!("vector({value})"), None);
    };
    number("slo:objective:ratio", millionths(promise.objective), &mut made);
    number("slo:error_budget:ratio", millionths(promise.budget()), &mut made);
    number("slo:time_period:days", (promise.period / 86_400).to_string(), &mut made);
    let spent = |window: &str| {
        format!("{RATIO}{window}{series} / on (slo) group_left slo:error_budget:ratio{series}")
    };
    made.record(promise, "slo:current_burn_rate:ratio", spent("5m"), None);
    made.record(promise, "slo:period_burn_rate:ratio", spent(&period), None);
    let left = format!("1 - slo:period_burn_rate:ratio{series}");
    made.record(promise, "slo:period_error_budget_remaining:ratio", left, None);
    for page in [true, false] {
        made.alert(promise, page);
    }
    Ok(made)
}

fn read<'q>(text: Text, query: &'q str, misfits: &mut Vec<Misfit>) -> Option<Counted<'q>> {
    Counted::read(text, query).map_err(|misfit| misfits.push(misfit)).ok()
}

impl Promise {
    /// What picks its series.
    fn series(&self) -> String {
        format!("{{slo=\"{}\"}}", self.name)
    }

    /// The name of both alerts: `CheckoutErrorBudgetBurn`.
    pub fn alert_name(&self) -> String {
        let mut name = String::new();
        for part in self.name.split(['-', '_', '.']) {
            let mut letters = part.chars();
            name.extend(letters.next().map(|first| first.to_ascii_uppercase()));
            name.push_str(letters.as_str());
        }
        // An alert's name begins with a letter.
        if name.starts_with(|first: char| first.is_ascii_digit()) {
            name.insert_str(0, "Slo");
        }
        name.push_str("ErrorBudgetBurn");
        name
    }
}

impl Generated {
    fn record(&mut self, promise: &Promise, name: &str, expr: String, window: Option<&str>) {
        let mut labels = promise.labels.clone();
        labels.push(("slo".to_owned(), promise.name.clone()));
        labels.extend(window.map(|window| (WINDOW.to_owned(), window.to_owned())));
        self.group.rules.push(Rule {
            name: name.to_owned(),
            kind: RuleKind::Record,
            expr,
            labels,
            annotations: Vec::new(),
        });
    }

    fn alert(&mut self, promise: &Promise, page: bool) {
        let series = promise.series();
        let budget = millionths(promise.budget());
        let pairs = PAIRS.iter().filter(|it| it.3 == page && promise.can_fire(**it));
        let terms: Vec<String> = pairs
            .map(|&pair| {
                let factor = thousandths(promise.factor(pair));
                let over = |window: i64| {
                    let window = span(window);
                    format!(
                        "max without ({WINDOW}) ({RATIO}{window}{series} > {factor} * {budget})"
                    )
                };
                format!("(\n  {}\n  and\n  {}\n)", over(pair.1), over(pair.0))
            })
            .collect();
        if terms.is_empty() {
            return;
        }
        let severity = if page { &promise.page } else { &promise.ticket };
        let mut labels = vec![("severity".to_owned(), severity.clone())];
        labels.extend(promise.labels.iter().cloned());
        labels.push(("slo".to_owned(), promise.name.clone()));
        self.group.rules.push(Rule {
            name: promise.alert_name(),
            kind: RuleKind::Alert { pending: 0.0, keep_firing: 0.0 },
            expr: terms.join("\nor\n"),
            labels,
            annotations: promise.annotations.clone(),
        });
    }
}

/// A query in the making, and what in it is copied.
#[derive(Default)]
struct Expr {
    text: String,
    copies: Vec<Copied>,
}

impl Expr {
    fn push(&mut self, text: &str) {
        self.text.push_str(text);
    }

    fn length(&self) -> u32 {
        u32::try_from(self.text.len()).unwrap_or(u32::MAX)
    }

    fn copy(&mut self, query: &str, at: Extent, text: Text) {
        let start = self.length();
        self.push(at.of(query));
        let at_here = Extent::new(start, self.length());
        self.copies.push(Copied { rule: 0, at: at_here, text, from: at.start });
    }
}

/// The ratio of errors over a window.
fn ratio(
    expr: &mut Expr,
    first: &Counted<'_>,
    total: Option<&Counted<'_>>,
    is_good: bool,
    by: &[String],
    window: &str,
) {
    if is_good {
        expr.push("1 - ");
    }
    match total {
        Some(total) if is_good => {
            first.sum(expr, by, "rate", window);
            expr.push(" / ");
            total.sum(expr, by, "rate", window);
        }
        Some(total) => {
            // Where nothing has gone wrong yet there is no counter: that is no error, not no answer.
            expr.push("(");
            first.sum(expr, by, "rate", window);
            expr.push(" or 0 * ");
            total.sum(expr, by, "rate", window);
            expr.push(") / ");
            total.sum(expr, by, "rate", window);
        }
        None => {
            first.sum(expr, by, "sum_over_time", window);
            expr.push(" / ");
            first.sum(expr, by, "count_over_time", window);
        }
    }
}

/// A query of counters, and where its ranges go.
struct Counted<'q> {
    query: &'q str,
    text: Text,
    /// Selectors: where each stands with its modifiers, and where its range goes.
    selectors: Vec<(Extent, u32)>,
}

impl<'q> Counted<'q> {
    fn read(text: Text, query: &'q str) -> Result<Self, Misfit> {
        let whole = Extent::new(0, u32::try_from(query.len()).unwrap_or(u32::MAX));
        let misfit = |at, what| Misfit { text, at, what };
        let read = promql::parsed(query, Options::default())
            .map_err(|errors| misfit(errors.first().map_or(whole, |it| it.at), Unfit::Syntax))?;
        let mut counted = Self { query, text, selectors: Vec::new() };
        counted.walk(&read.root).map_err(|(at, what)| misfit(at, what))?;
        if counted.selectors.is_empty() {
            return Err(misfit(whole, Unfit::Shape));
        }
        Ok(counted)
    }

    fn walk(&mut self, node: &Node) -> Result<(), (Extent, Unfit)> {
        match &node.kind {
            NodeKind::Selector(selector) if selector.range.is_some() => {
                Err((node.at, Unfit::Range(self.bare(selector))))
            }
            NodeKind::Selector(selector) => {
                let end = end_of(selector).unwrap_or(node.at.end);
                self.selectors.push((node.at, end));
                Ok(())
            }
            NodeKind::Call(call) => match call.args.as_slice() {
                [only] => match &only.kind {
                    NodeKind::Selector(selector) if selector.range.is_some() => {
                        Err((node.at, Unfit::Range(self.bare(selector))))
                    }
                    _ => Err((node.at, Unfit::Shape)),
                },
                _ => Err((node.at, Unfit::Shape)),
            },
            NodeKind::Subquery(_) => Err((node.at, Unfit::Range(None))),
            NodeKind::Parens(of) => self.walk(of),
            NodeKind::Aggregate(aggregate) if aggregate.op == Aggregation::Sum => {
                self.walk(&aggregate.of)
            }
            NodeKind::Binary(binary) if matches!(binary.op, BinaryOp::Add | BinaryOp::Sub) => {
                self.walk(&binary.left)?;
                self.walk(&binary.right)
            }
            NodeKind::Binary(binary) if binary.op == BinaryOp::Or => {
                self.walk(&binary.left)?;
                self.walk(&binary.right)
            }
            _ => Err((node.at, Unfit::Shape)),
        }
    }

    /// A selector without its range and modifiers.
    fn bare(&self, selector: &Selector) -> Option<String> {
        let start = selector.name.as_ref().map_or(u32::MAX, |name| name.at.start);
        let start = start.min(selector.braces.map_or(u32::MAX, |braces| braces.start));
        let end = end_of(selector)?;
        (start < end).then(|| Extent::new(start, end).of(self.query).to_owned())
    }

    /// The sum of it over a window, by labels.
    fn sum(&self, expr: &mut Expr, by: &[String], function: &str, window: &str) {
        if by.is_empty() {
            expr.push("sum(");
        } else {
            expr.push(&format!("sum by ({}) (", by.join(", ")));
        }
        let mut done = 0;
        for &(at, end) in &self.selectors {
            expr.copy(self.query, Extent::new(done, at.start), self.text);
            expr.push(function);
            expr.push("(");
            expr.copy(self.query, Extent::new(at.start, end), self.text);
            expr.push(&format!("[{window}]"));
            expr.copy(self.query, Extent::new(end, at.end), self.text);
            expr.push(")");
            done = at.end;
        }
        let last = u32::try_from(self.query.len()).unwrap_or(u32::MAX);
        expr.copy(self.query, Extent::new(done, last), self.text);
        expr.push(")");
    }
}

/// Where a selector's range goes.
fn end_of(selector: &Selector) -> Option<u32> {
    let name = selector.name.as_ref().map(|name| name.at.end);
    name.max(selector.braces.map(|braces| braces.end))
}

/// A time in its largest unit.
fn span(seconds: i64) -> String {
    for (unit, size) in [("d", 86_400), ("h", 3600), ("m", 60)] {
        if seconds % size == 0 {
            return format!("{}{unit}", seconds / size);
        }
    }
    format!("{seconds}s")
}

/// A number of millionths as a decimal.
fn millionths(number: i64) -> String {
    decimal(number, 6)
}

fn thousandths(number: i64) -> String {
    decimal(number, 3)
}

fn decimal(number: i64, places: u32) -> String {
    let unit = 10_i64.pow(places);
    let fraction = format!("{:0width$}", number % unit, width = places as usize);
    let fraction = fraction.trim_end_matches('0');
    let whole = number / unit;
    if fraction.is_empty() { whole.to_string() } else { format!("{whole}.{fraction}") }
}

#[cfg(test)]
mod tests {
    use super::{Indicator, Misfit, Promise, Text, Unfit, generate};
    use crate::metrics::RuleKind;
    use crate::source::Extent;

    fn promise(indicator: Indicator) -> Promise {
        Promise {
            name: "checkout".to_owned(),
            objective: 999_000,
            period: 30 * 86_400,
            indicator,
            by: Vec::new(),
            labels: vec![("team".to_owned(), "shop".to_owned())],
            page: "critical".to_owned(),
            ticket: "warning".to_owned(),
            annotations: Vec::new(),
        }
    }

    fn errors(errors: &str, total: &str) -> Promise {
        promise(Indicator::Errors(errors.to_owned(), total.to_owned()))
    }

    fn first(promise: &Promise) -> String {
        generate(promise).unwrap().group.rules.first().unwrap().expr.clone()
    }

    #[test]
    fn counters_get_their_windows() {
        assert_eq!(
            first(&errors("a_total{code=~\"5..\"}", "a_total")),
            "(sum(rate(a_total{code=~\"5..\"}[5m])) or 0 * sum(rate(a_total[5m]))) / sum(rate(a_total[5m]))"
        );
        let divided =
            Promise { by: vec!["host".to_owned()], ..errors("sum(a) + b offset 1m", "c") };
        assert_eq!(
            first(&divided),
            "(sum by (host) (sum(rate(a[5m])) + rate(b[5m] offset 1m)) or 0 * sum by (host) (rate(c[5m]))) / sum by (host) (rate(c[5m]))"
        );
        let good = promise(Indicator::Good("a_bucket{le=\"0.5\"}".into(), "a_count".into()));
        assert_eq!(
            first(&good),
            "1 - sum(rate(a_bucket{le=\"0.5\"}[5m])) / sum(rate(a_count[5m]))"
        );
        let state = promise(Indicator::State("probe_success{job=\"p\"}".into()));
        assert_eq!(
            first(&state),
            "1 - sum(sum_over_time(probe_success{job=\"p\"}[5m])) / sum(count_over_time(probe_success{job=\"p\"}[5m]))"
        );
    }

    #[test]
    fn rules_of_a_promise() {
        let made = generate(&errors("e_total", "t_total")).unwrap();
        insta::assert_debug_snapshot!(
            made.group
                .rules
                .iter()
                .skip(6)
                .map(|it| (&it.name, &it.labels, &it.expr))
                .collect::<Vec<_>>()
        );
        let alerts = made.group.rules.iter().filter(|it| it.kind != RuleKind::Record).count();
        assert_eq!(alerts, 2);
    }

    #[test]
    fn factors_scale_with_the_period() {
        let month = Promise { period: 28 * 86_400, ..errors("e", "t") };
        let made = generate(&month).unwrap();
        let page = &made.group.rules.iter().find(|it| it.kind != RuleKind::Record).unwrap().expr;
        assert!(page.contains("> 13.44 * 0.001"), "{page}");
        assert!(page.contains("> 5.6 * 0.001"), "{page}");
    }

    #[test]
    fn what_can_never_be_spent_is_left_out() {
        // A tenth may fail: 14.4 times that is more than all.
        let loose = Promise { objective: 900_000, ..errors("e", "t") };
        assert_eq!(loose.pairs(), (1, 2));
        let made = generate(&loose).unwrap();
        assert!(made.group.rules.iter().all(|it| !it.expr.contains("14.4")));
        let looser = Promise { objective: 500_000, ..errors("e", "t") };
        assert_eq!(looser.pairs(), (0, 1));
        let made = generate(&looser).unwrap();
        let alerts: Vec<_> =
            made.group.rules.iter().filter(|it| it.kind != RuleKind::Record).collect();
        assert_eq!(alerts.len(), 1);
    }

    #[test]
    fn parts_know_where_they_are_copied_from() {
        let made = generate(&errors("a_total{b=\"c\"}", "t_total")).unwrap();
        let expr = &made.group.rules[3].expr;
        let at = |part: &str| {
            let start = u32::try_from(expr.rfind(part).unwrap()).unwrap();
            Extent::new(start, start + u32::try_from(part.len()).unwrap())
        };
        assert_eq!(made.written(3, at("c\"")), Some((Text::Errors, Extent::new(11, 13))));
        assert_eq!(made.written(3, at("t_total")), Some((Text::Total, Extent::new(0, 7))));
        assert_eq!(made.written(3, at("0 *")), None);
    }

    #[test]
    fn what_is_no_counter_is_refused() {
        let check = |query: &str, at: (u32, u32), what: Unfit| {
            let at = Extent::new(at.0, at.1);
            let expected = vec![Misfit { text: Text::Errors, at, what }];
            assert_eq!(generate(&errors(query, "t")), Err(expected), "{query}");
        };
        check("sum(rate(a{b=\"c\"}[5m]))", (4, 22), Unfit::Range(Some("a{b=\"c\"}".to_owned())));
        check("a[5m]", (0, 5), Unfit::Range(Some("a".to_owned())));
        check("a / b", (0, 5), Unfit::Shape);
        check("avg(a)", (0, 6), Unfit::Shape);
        check("1", (0, 1), Unfit::Shape);
        check("vector(1)", (0, 9), Unfit::Shape);
    }
}
