//! Routes: which of them take an alert.

use super::matcher::Matcher;

/// A route, as Alertmanager walks it.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Route {
    /// What alerts must have; the outermost asks nothing.
    pub matchers: Vec<Matcher>,
    /// Whether its siblings below it are tried, too.
    pub continues: bool,
    /// Routes inside of it, in order.
    pub routes: Vec<Self>,
    /// What it is for the caller: routes that take an alert are told by it.
    pub number: usize,
}

/// Whether something holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Verdict {
    /// It does.
    Yes,
    /// It does not.
    No,
    /// That depends on what is not known.
    Maybe,
}

/// What is known of an alert's labels.
pub trait Facts {
    /// Whether a matcher takes the label that the alert has.
    fn takes(&self, matcher: &Matcher) -> Verdict;
}

/// Labels that are all known: what is not there is empty.
impl Facts for [(String, String)] {
    fn takes(&self, matcher: &Matcher) -> Verdict {
        let found = self.iter().find(|(label, _)| *label == matcher.label);
        if matcher.takes(found.map_or("", |(_, value)| value)) { Verdict::Yes } else { Verdict::No }
    }
}

/// The routes that take an alert.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Taken<'r> {
    /// Those that take it, or may take it, in order; the same may stand there twice.
    pub routes: Vec<&'r Route>,
    /// The routes whose own matchers take it, or may: by their numbers.
    pub entered: Vec<usize>,
    /// The first matcher of which is not known whether it takes it.
    pub undecided: Option<&'r Matcher>,
}

impl Route {
    /// The routes that take an alert, in order. The outermost takes what no other does.
    pub fn taken(&self, facts: &(impl Facts + ?Sized)) -> Taken<'_> {
        let mut taken = Taken::default();
        self.walk(facts, &mut taken);
        taken
    }

    /// Whether its own matchers take an alert.
    pub fn fits(&self, facts: &(impl Facts + ?Sized)) -> Verdict {
        let mut verdict = Verdict::Yes;
        for matcher in &self.matchers {
            match facts.takes(matcher) {
                Verdict::Yes => {}
                Verdict::No => return Verdict::No,
                Verdict::Maybe => verdict = Verdict::Maybe,
            }
        }
        verdict
    }

    /// Whether it takes whatever another route takes, as far as their matchers show.
    pub fn covers(&self, other: &Self) -> bool {
        let mut wanted = self.matchers.iter();
        wanted.all(|wanted| other.matchers.iter().any(|given| given.implies(wanted)))
    }

    fn walk<'r>(&'r self, facts: &(impl Facts + ?Sized), taken: &mut Taken<'r>) -> Verdict {
        let fits = self.fits(facts);
        if fits == Verdict::No {
            return Verdict::No;
        }
        taken.entered.push(self.number);
        if fits == Verdict::Maybe && taken.undecided.is_none() {
            taken.undecided =
                self.matchers.iter().find(|matcher| facts.takes(matcher) == Verdict::Maybe);
        }
        let mut is_passed_on = Verdict::No;
        for route in &self.routes {
            match route.walk(facts, taken) {
                Verdict::Yes => {
                    is_passed_on = Verdict::Yes;
                    if !route.continues {
                        break;
                    }
                }
                Verdict::Maybe if is_passed_on == Verdict::No => is_passed_on = Verdict::Maybe,
                Verdict::Maybe | Verdict::No => {}
            }
        }
        if is_passed_on != Verdict::Yes {
            taken.routes.push(self);
        }
        fits
    }
}

#[cfg(test)]
mod tests {
    use super::super::matcher::{Matcher, Op};
    use super::{Facts, Route, Verdict};

    fn route(number: usize, when: &[(&str, &str)], continues: bool, routes: Vec<Route>) -> Route {
        let matchers =
            when.iter().map(|(label, value)| Matcher::new(*label, Op::Like, *value)).collect();
        Route { matchers, continues, routes, number }
    }

    fn tree() -> Route {
        route(
            0,
            &[],
            false,
            vec![
                route(1, &[("team", "db")], true, vec![]),
                route(
                    2,
                    &[("severity", "critical")],
                    false,
                    vec![route(3, &[("team", "db|web")], false, vec![])],
                ),
                route(4, &[("severity", ".*")], false, vec![]),
            ],
        )
    }

    fn check(labels: &[(&str, &str)], expected: &[usize]) {
        let labels: Vec<(String, String)> =
            labels.iter().map(|(label, value)| ((*label).into(), (*value).into())).collect();
        let tree = tree();
        let taken = tree.taken(labels.as_slice());
        let found: Vec<usize> = taken.routes.iter().map(|route| route.number).collect();
        assert_eq!(found, expected, "{labels:?}");
        assert_eq!(taken.undecided, None);
    }

    #[test]
    fn alerts_take_the_first_route_and_those_that_continue() {
        check(&[("severity", "critical")], &[2]);
        check(&[("severity", "critical"), ("team", "web")], &[3]);
        check(&[("severity", "critical"), ("team", "db")], &[1, 3]);
        check(&[("severity", "warning")], &[4]);
        check(&[], &[4]);
    }

    #[test]
    fn the_outermost_takes_what_is_left() {
        let mut tree = tree();
        tree.routes.truncate(2);
        let none: &[(String, String)] = &[];
        assert_eq!(tree.taken(none).routes.first().map(|route| route.number), Some(0));
    }

    #[test]
    fn what_is_not_known_leaves_all_that_may_be() {
        struct Team;
        impl Facts for Team {
            fn takes(&self, matcher: &Matcher) -> Verdict {
                match matcher.label.as_str() {
                    "team" => Verdict::Maybe,
                    _ if matcher.takes("critical") => Verdict::Yes,
                    _ => Verdict::No,
                }
            }
        }
        let tree = tree();
        let taken = tree.taken(&Team);
        let found: Vec<usize> = taken.routes.iter().map(|route| route.number).collect();
        assert_eq!(found, [1, 3, 2]);
        assert_eq!(taken.undecided.map(|matcher| matcher.label.as_str()), Some("team"));
    }
}
