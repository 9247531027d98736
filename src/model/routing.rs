//! Who hears of which alerts.

use super::lift::{Item, Lift, Reader};
use super::{Map, Of, Quantity, Range, Receiver, Ref};
use crate::embedded::alertmanager::{self, Matcher, Op};
use crate::eval::{Origin, Value};
use crate::source::Sym;

/// `kind Routing`.
#[derive(Clone, PartialEq, Debug)]
pub struct Routing<'a> {
    /// The clusters where it holds.
    pub clusters: Vec<Of<Ref>>,
    /// The block's own name.
    pub name: Of<Sym>,
    /// Who hears of what no route takes.
    pub default: Recipient<'a>,
    /// The labels of a group.
    pub group_by: GroupBy<'a>,
    /// How long the first message of a group waits.
    pub wait: Of<Quantity<'a>>,
    /// How long the next message about a group waits.
    pub interval: Of<Quantity<'a>>,
    /// After how long a group is told of again.
    pub repeat: Of<Quantity<'a>>,
    /// Routes, by name.
    pub route: Map<Route<'a>>,
    /// Inhibitions, by name.
    pub inhibit: Map<Inhibit<'a>>,
}

/// A receiver of the program, or one that a route writes in place.
#[derive(Clone, PartialEq, Debug)]
pub enum Recipient<'a> {
    /// `to = ops`.
    Named(Of<Ref>),
    /// `to = Null {}`, and where that is written.
    InPlace(Box<Receiver<'a>>, Origin),
}

impl Recipient<'_> {
    /// What wrote it.
    pub const fn origin(&self) -> Origin {
        match self {
            Self::Named(named) => named.origin,
            Self::InPlace(_, origin) => *origin,
        }
    }
}

/// `type GroupBy`.
#[derive(Clone, PartialEq, Debug)]
pub enum GroupBy<'a> {
    /// Each alert alone.
    All(Origin),
    /// By these labels.
    Labels(Vec<Of<&'a str>>),
}

/// `schema Route`.
#[derive(Clone, PartialEq, Debug)]
pub struct Route<'a> {
    /// Its own name.
    pub name: Of<Sym>,
    /// The labels that alerts must have; at least one.
    pub when: Map<Match<'a>>,
    /// Who hears of them.
    pub to: Option<Recipient<'a>>,
    /// Whether the routes below it are tried, too.
    pub r#continue: Of<bool>,
    /// The labels of a group.
    pub group_by: Option<GroupBy<'a>>,
    /// How long the first message of a group waits.
    pub wait: Option<Of<Quantity<'a>>>,
    /// How long the next message about a group waits.
    pub interval: Option<Of<Quantity<'a>>>,
    /// After how long a group is told of again.
    pub repeat: Option<Of<Quantity<'a>>>,
    /// When it is silent.
    pub mute: Vec<Of<Ref>>,
    /// When it is not.
    pub active: Vec<Of<Ref>>,
    /// Routes for some of its alerts.
    pub route: Map<Route<'a>>,
}

/// `type Match`.
#[derive(Clone, PartialEq, Debug)]
pub enum Match<'a> {
    /// This text, or one of these.
    Is(Texts<'a>),
    /// As a pattern says.
    Pattern(Box<Pattern<'a>>, Origin),
}

impl Match<'_> {
    /// What wrote it.
    pub fn origin(&self) -> Origin {
        match self {
            Self::Is(texts) => texts.origin,
            Self::Pattern(_, origin) => *origin,
        }
    }
}

/// `type Texts`.
#[derive(Clone, PartialEq, Debug)]
pub struct Texts<'a> {
    /// One or several.
    pub texts: Vec<Of<&'a str>>,
    /// What wrote them.
    pub origin: Origin,
}

/// `schema Pattern`: one of the three.
#[derive(Clone, PartialEq, Debug)]
pub struct Pattern<'a> {
    /// A regular expression for the whole.
    pub like: Option<Of<&'a str>>,
    /// A regular expression that the whole does not match.
    pub unlike: Option<Of<&'a str>>,
    /// What it is not.
    pub not: Option<Texts<'a>>,
}

/// `schema Inhibit`.
#[derive(Clone, PartialEq, Debug)]
pub struct Inhibit<'a> {
    /// The alerts that keep others silent.
    pub source: Map<Match<'a>>,
    /// Those that they keep silent.
    pub target: Map<Match<'a>>,
    /// The labels in which both agree.
    pub equal: Vec<Of<&'a str>>,
}

/// `kind TimeWindow`.
#[derive(Clone, PartialEq, Debug)]
pub struct TimeWindow<'a> {
    /// The block's own name.
    pub name: Of<Sym>,
    /// Times of the day.
    pub times: Vec<Range<&'a str>>,
    /// Days of the week.
    pub weekdays: Vec<Of<Sym>>,
    /// Days of the month.
    pub days: Vec<Range<i64>>,
    /// Months.
    pub months: Vec<Of<Sym>>,
    /// Years.
    pub years: Vec<Range<i64>>,
    /// The time zone.
    pub location: Of<&'a str>,
}

impl<'a> Lift<'a> for Recipient<'a> {
    fn lift(reader: &Reader<'a>, value: Value, origin: Origin) -> Option<Self> {
        if let Value::Record(_) = value {
            return Some(Self::InPlace(Box::new(Lift::lift(reader, value, origin)?), origin));
        }
        Some(Self::Named(Lift::lift(reader, value, origin)?))
    }
}

impl<'a> Lift<'a> for GroupBy<'a> {
    fn lift(reader: &Reader<'a>, value: Value, origin: Origin) -> Option<Self> {
        if let Value::List(_) = value {
            return Some(Self::Labels(Item::all(reader, value, origin)?));
        }
        Some(Self::All(origin))
    }
}

impl<'a> Lift<'a> for Texts<'a> {
    fn lift(reader: &Reader<'a>, value: Value, origin: Origin) -> Option<Self> {
        let texts = if let Value::List(_) = value {
            Item::all(reader, value, origin)?
        } else {
            vec![Lift::lift(reader, value, origin)?]
        };
        Some(Self { texts, origin })
    }
}

impl<'a> Lift<'a> for Match<'a> {
    fn lift(reader: &Reader<'a>, value: Value, origin: Origin) -> Option<Self> {
        if let Value::Record(_) = value {
            return Some(Self::Pattern(Box::new(Lift::lift(reader, value, origin)?), origin));
        }
        Some(Self::Is(Lift::lift(reader, value, origin)?))
    }
}

impl Match<'_> {
    /// What is asked of a label, as Alertmanager asks it.
    pub fn matcher(&self, label: Sym) -> Matcher {
        let texts = |texts: &Texts<'_>| -> Vec<String> {
            texts.texts.iter().map(|text| text.value.to_owned()).collect()
        };
        match self {
            Self::Is(these) => Matcher::one_of(label.as_str(), &borrowed(&texts(these))),
            Self::Pattern(pattern, _) => match (&pattern.like, &pattern.unlike, &pattern.not) {
                (Some(like), ..) => Matcher::new(label.as_str(), Op::Like, like.value),
                (_, Some(unlike), _) => Matcher::new(label.as_str(), Op::Unlike, unlike.value),
                (.., Some(these)) => Matcher::none_of(label.as_str(), &borrowed(&texts(these))),
                // The schema's check refuses it.
                (None, None, None) => Matcher::new(label.as_str(), Op::Like, ".*"),
            },
        }
    }
}

fn borrowed(texts: &[String]) -> Vec<&str> {
    texts.iter().map(String::as_str).collect()
}

/// What is asked of labels.
pub fn matchers(when: &Map<Match<'_>>) -> Vec<Matcher> {
    when.iter().map(|(label, wanted)| wanted.matcher(*label)).collect()
}

/// A route of a routing, and where it stands.
#[derive(Clone, PartialEq, Debug)]
pub struct Step<'r, 'a> {
    /// The route.
    pub route: &'r Route<'a>,
    /// The names that lead to it: `critical/database`.
    pub path: String,
    /// The number of the route around it; 0 is the routing itself.
    pub parent: usize,
    /// Who hears of its alerts.
    pub to: &'r Recipient<'a>,
    /// Where that stands: the number of the route that says it.
    pub to_of: usize,
}

impl<'a> Routing<'a> {
    /// Every route, those inside of one right behind it. The number of a route is its place here, from 1.
    pub fn steps(&self) -> Vec<Step<'_, 'a>> {
        let mut steps = Vec::new();
        collect(&self.route, "", (0, &self.default, 0), &mut steps);
        steps
    }

    /// The routes as Alertmanager walks them, by their numbers.
    pub fn tree(&self) -> alertmanager::Route {
        let mut number = 0;
        alertmanager::Route { routes: tree(&self.route, &mut number), ..Default::default() }
    }
}

fn collect<'r, 'a>(
    routes: &'r Map<Route<'a>>,
    around: &str,
    (parent, to, to_of): (usize, &'r Recipient<'a>, usize),
    steps: &mut Vec<Step<'r, 'a>>,
) {
    for (name, route) in routes {
        let path = if around.is_empty() { name.to_string() } else { format!("{around}/{name}") };
        let number = steps.len() + 1;
        let (to, to_of) = route.to.as_ref().map_or((to, to_of), |own| (own, number));
        steps.push(Step { route, path: path.clone(), parent, to, to_of });
        collect(&route.route, &path, (number, to, to_of), steps);
    }
}

fn tree(routes: &Map<Route<'_>>, number: &mut usize) -> Vec<alertmanager::Route> {
    let mut out = Vec::new();
    for (_, route) in routes {
        *number += 1;
        let own = *number;
        out.push(alertmanager::Route {
            matchers: matchers(&route.when),
            continues: route.r#continue.value,
            number: own,
            routes: tree(&route.route, number),
        });
    }
    out
}
