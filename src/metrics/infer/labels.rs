//! Sets of labels: which a series may have, which it has surely, and where the others were lost.

use std::rc::Rc;

use rustc_hash::FxHashSet;

use crate::source::{Extent, Sym};

/// A label that series may have.
#[derive(Clone, PartialEq, Debug)]
pub struct Label {
    /// Its name.
    pub name: Sym,
    /// Whether every series has it, and not empty.
    pub is_sure: bool,
    /// The values that it may have.
    pub values: Values,
    /// Who gives it.
    pub origin: Origin,
    /// The matcher that decides its value.
    pub decided: Option<Extent>,
}

/// Values of a label.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Values {
    /// Any.
    Any,
    /// These and no others.
    Of(Rc<[Sym]>),
}

impl Values {
    /// One value.
    pub fn one(value: Sym) -> Self {
        Self::Of(Rc::from([value]))
    }

    /// The only value.
    pub fn only(&self) -> Option<Sym> {
        match self {
            Self::Of(values) if values.len() == 1 => values.first().copied(),
            Self::Of(_) | Self::Any => None,
        }
    }

    /// Whether no value is in both.
    pub fn are_disjoint(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Of(left), Self::Of(right)) => !left.iter().any(|value| right.contains(value)),
            (Self::Any, _) | (_, Self::Any) => false,
        }
    }

    fn union(&self, other: &Self) -> Self {
        match (self, other) {
            (Self::Of(left), Self::Of(right)) if left == right => self.clone(),
            (Self::Of(left), Self::Of(right)) => {
                let mut all = left.to_vec();
                all.extend(right.iter().filter(|value| !left.contains(value)));
                Self::Of(all.into())
            }
            (Self::Any, _) | (_, Self::Any) => Self::Any,
        }
    }

    /// The values that are in both; those of `self` where none is.
    pub fn meet(&self, other: &Self) -> Self {
        match (self, other) {
            (Self::Of(left), Self::Of(right)) => {
                let both: Vec<Sym> =
                    left.iter().copied().filter(|value| right.contains(value)).collect();
                if both.is_empty() { self.clone() } else { Self::Of(both.into()) }
            }
            (Self::Any, other) => other.clone(),
            (of, Self::Any) => of.clone(),
        }
    }
}

/// Who gives a label.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Origin {
    /// The exporter.
    Metric,
    /// The target that was scraped: `job`, `instance`, what a ServiceMonitor adds.
    Target,
    /// The exporter, under the name `exported_..`, since the target has a label of that name.
    Renamed,
    /// A matcher, a grouping, a function: the query names it.
    Query,
    /// A recording rule.
    Record,
}

/// How a label was lost.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum LossKind {
    /// `by (..)` does not name it.
    By,
    /// `without (..)` names it.
    Without,
    /// An aggregation without a grouping keeps none.
    Aggregated,
    /// `on (..)` does not name it.
    On,
    /// `ignoring (..)` names it.
    Ignoring,
    /// The other side of an operator does not have it, and both must be equal.
    OtherSide,
    /// `group_left (..)` takes it from a side that does not have it.
    NotTaken,
    /// `absent (..)` has only what its matchers say.
    Absent,
    /// Made from a number.
    FromNumber,
    /// A matcher wants it to be empty.
    Emptied,
    /// `histogram_quantile` and its like use it up.
    UsedUp,
    /// The metric does not have it.
    NeverThere,
    /// The recording rule does not give it.
    Recorded,
}

/// Where a label was lost.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Loss {
    /// Where.
    pub at: Extent,
    /// How.
    pub kind: LossKind,
}

/// What is known of labels that are not listed.
#[derive(Clone, Debug)]
pub enum Rest {
    /// There may be any.
    Open,
    /// There are none, unless somebody adds labels to targets: one of these.
    Guessed(Loss, Rc<FxHashSet<Sym>>),
    /// There are none.
    Closed(Loss),
}

impl PartialEq for Rest {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Open, Self::Open) => true,
            (Self::Guessed(left, _), Self::Guessed(right, _))
            | (Self::Closed(left), Self::Closed(right)) => left == right,
            (Self::Open | Self::Guessed(..) | Self::Closed(_), _) => false,
        }
    }
}

/// Whether series have a label.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Presence<'l> {
    /// Every one has it.
    Sure(&'l Label),
    /// Some may.
    Possible(&'l Label),
    /// Nothing is known.
    Unknown,
    /// None has it. Whether that is proved, or only likely.
    Gone(Loss, bool),
}

impl Presence<'_> {
    /// Whether no series has it.
    pub const fn is_gone(&self) -> bool {
        matches!(self, Self::Gone(..))
    }
}

/// The labels of the series of a query.
#[derive(Clone, PartialEq, Debug)]
pub struct LabelSet {
    known: Vec<Label>,
    rest: Rest,
    /// Labels that were lost in a place of their own, and whether that is proved.
    lost: Vec<(Sym, Loss, bool)>,
}

impl LabelSet {
    /// Any labels.
    pub const fn open() -> Self {
        Self { known: Vec::new(), rest: Rest::Open, lost: Vec::new() }
    }

    /// None at all.
    pub const fn none(at: Extent, kind: LossKind) -> Self {
        Self { known: Vec::new(), rest: Rest::Closed(Loss { at, kind }), lost: Vec::new() }
    }

    /// These, and what `rest` says.
    pub const fn of(known: Vec<Label>, rest: Rest) -> Self {
        Self { known, rest, lost: Vec::new() }
    }

    /// The labels that are known, in no order that may be shown.
    pub fn known(&self) -> &[Label] {
        &self.known
    }

    /// The names of the labels that are known, by their text.
    pub fn names(&self) -> Vec<&'static str> {
        let mut names: Vec<&'static str> =
            self.known.iter().map(|label| label.name.as_str()).collect();
        names.sort_unstable();
        names
    }

    /// Whether labels may be there that are not listed.
    pub const fn is_open(&self) -> bool {
        matches!(self.rest, Rest::Open)
    }

    /// Why there are no others, where that is proved.
    pub const fn closed(&self) -> Option<Loss> {
        match self.rest {
            Rest::Closed(loss) => Some(loss),
            Rest::Open | Rest::Guessed(..) => None,
        }
    }

    /// The label, if it is known.
    pub fn label(&self, name: Sym) -> Option<&Label> {
        self.known.iter().find(|label| label.name == name)
    }

    /// Whether series have a label.
    pub fn presence(&self, name: Sym) -> Presence<'_> {
        if let Some(label) = self.label(name) {
            return if label.is_sure { Presence::Sure(label) } else { Presence::Possible(label) };
        }
        if let Some(&(_, loss, is_proved)) = self.lost.iter().find(|(lost, _, _)| *lost == name) {
            return Presence::Gone(loss, is_proved);
        }
        match &self.rest {
            Rest::Open => Presence::Unknown,
            Rest::Guessed(_, targets) if targets.contains(&name) => Presence::Unknown,
            Rest::Guessed(loss, _) => Presence::Gone(*loss, false),
            Rest::Closed(loss) => Presence::Gone(*loss, true),
        }
    }

    /// Only these are kept, as by `by (..)` and `on (..)`.
    pub fn keep(&mut self, names: &[Sym], loss: Loss) {
        let mut kept = Vec::with_capacity(names.len());
        for &name in names {
            match self.presence(name) {
                Presence::Sure(label) | Presence::Possible(label) => kept.push(label.clone()),
                Presence::Unknown => kept.push(Label {
                    name,
                    is_sure: false,
                    values: Values::Any,
                    origin: Origin::Query,
                    decided: None,
                }),
                Presence::Gone(earlier, is_proved) => {
                    if !self.lost.iter().any(|(lost, _, _)| *lost == name) {
                        self.lost.push((name, earlier, is_proved));
                    }
                }
            }
        }
        if let Rest::Closed(_) = self.rest {
            // What was closed before keeps its reason; what is dropped now has this one.
            for label in &self.known {
                if !names.contains(&label.name) {
                    self.lost.push((label.name, loss, true));
                }
            }
        } else {
            self.rest = Rest::Closed(loss);
        }
        self.known = kept;
    }

    /// These are dropped, as by `without (..)` and `ignoring (..)`.
    pub fn drop_all(&mut self, names: &[Sym], loss: Loss) {
        for &name in names {
            self.lose(name, loss, true);
        }
    }

    /// A label is lost here, unless it was before.
    pub fn lose(&mut self, name: Sym, loss: Loss, is_proved: bool) {
        if self.presence(name).is_gone() {
            return;
        }
        self.known.retain(|label| label.name != name);
        self.lost.push((name, loss, is_proved));
    }

    /// A label is there now.
    pub fn put(&mut self, label: Label) {
        self.lost.retain(|(lost, _, _)| *lost != label.name);
        match self.known.iter_mut().find(|known| known.name == label.name) {
            Some(known) => *known = label,
            None => self.known.push(label),
        }
    }

    /// A label that is there may have any value, or none.
    pub fn loosen(&mut self, name: Sym) {
        self.put(Label {
            name,
            is_sure: false,
            values: Values::Any,
            origin: Origin::Query,
            decided: None,
        });
    }

    /// What is only likely is not known.
    pub fn forget_guesses(&mut self) {
        if matches!(self.rest, Rest::Guessed(..)) {
            self.rest = Rest::Open;
        }
        self.lost.retain(|(_, _, is_proved)| *is_proved);
    }

    /// Nothing is known of other labels any more.
    pub fn open_up(&mut self) {
        self.rest = Rest::Open;
    }

    /// Labels of series that are in one or the other.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        let mut known = Vec::with_capacity(self.known.len() + other.known.len());
        for label in &self.known {
            let label = match other.label(label.name) {
                Some(twin) => Label {
                    is_sure: label.is_sure && twin.is_sure,
                    values: label.values.union(&twin.values),
                    decided: label.decided.filter(|_| twin.decided.is_some()),
                    ..label.clone()
                },
                None => {
                    Label { is_sure: false, values: Values::Any, decided: None, ..label.clone() }
                }
            };
            known.push(label);
        }
        for label in &other.known {
            if self.label(label.name).is_none() {
                known.push(Label {
                    is_sure: false,
                    values: Values::Any,
                    decided: None,
                    ..label.clone()
                });
            }
        }
        let rest = match (&self.rest, &other.rest) {
            (Rest::Open, _) | (_, Rest::Open) => Rest::Open,
            (guessed @ Rest::Guessed(..), _) | (_, guessed @ Rest::Guessed(..)) => guessed.clone(),
            (closed @ Rest::Closed(_), Rest::Closed(_)) => closed.clone(),
        };
        let mut lost = Vec::new();
        for &(name, loss, is_proved) in self.lost.iter().chain(&other.lost) {
            let (Presence::Gone(_, here), Presence::Gone(_, there)) =
                (self.presence(name), other.presence(name))
            else {
                continue;
            };
            if !lost.iter().any(|(known, _, _)| *known == name) {
                lost.push((name, loss, is_proved && here && there));
            }
        }
        Self { known, rest, lost }
    }

    /// Labels of series that are equal to ones of `other`, but for the labels `but`: what the other side surely does not
    /// have is not here either.
    pub fn restrict(&mut self, other: &Self, other_at: Extent, but: &[Sym]) {
        let loss = Loss { at: other_at, kind: LossKind::OtherSide };
        let names: Vec<Sym> = self.known.iter().map(|label| label.name).collect();
        for name in names.into_iter().filter(|name| !but.contains(name)) {
            match other.presence(name) {
                Presence::Gone(_, is_proved) => self.lose(name, loss, is_proved),
                Presence::Sure(twin) | Presence::Possible(twin) => {
                    if let Some(label) = self.known.iter_mut().find(|label| label.name == name) {
                        label.is_sure |= twin.is_sure;
                        label.values = label.values.meet(&twin.values);
                    }
                }
                Presence::Unknown => {}
            }
        }
        if matches!(self.rest, Rest::Closed(_)) {
            return;
        }
        if let Rest::Closed(_) = other.rest {
            for label in &other.known {
                if self.presence(label.name) == Presence::Unknown {
                    self.known.push(label.clone());
                }
            }
            self.rest = Rest::Closed(loss);
        }
    }

    /// The same where a series of this set is selected at `at`.
    #[must_use]
    pub fn seen(&self, at: Extent) -> Self {
        self.moved(at, |kind| kind)
    }

    /// The same as another query sees it, which knows nothing of the places here.
    #[must_use]
    pub fn recorded(&self) -> Self {
        let mut set = self.moved(Extent::default(), |_| LossKind::Recorded);
        for label in &mut set.known {
            label.origin = Origin::Record;
        }
        set
    }

    fn moved(&self, at: Extent, kind: impl Fn(LossKind) -> LossKind) -> Self {
        let moved = |loss: Loss| Loss { at, kind: kind(loss.kind) };
        Self {
            known: self
                .known
                .iter()
                .map(|label| Label { decided: label.decided.map(|_| at), ..label.clone() })
                .collect(),
            rest: match &self.rest {
                Rest::Open => Rest::Open,
                Rest::Guessed(loss, targets) => Rest::Guessed(moved(*loss), Rc::clone(targets)),
                Rest::Closed(loss) => Rest::Closed(moved(*loss)),
            },
            lost: self
                .lost
                .iter()
                .map(|&(name, loss, is_proved)| (name, moved(loss), is_proved))
                .collect(),
        }
    }
}
