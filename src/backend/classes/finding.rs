//! What is found, before its places are spans.

use super::look::{Object, origin_of};
use crate::backend::Node;
use crate::diag::Diagnostic;
use crate::eval::Origin;
use crate::source::Span;

/// A value of a resource's output.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Spot {
    /// The resource: `manifest.quick-start`.
    pub address: String,
    /// What wrote the value.
    pub origin: Origin,
    /// What of the written text is meant, where it stands there letter by letter.
    pub part: String,
}

/// Something wrong with a class or a cluster of it.
pub struct ClassFinding {
    /// Where, the primary place first.
    pub spots: Vec<Spot>,
    make: Make,
}

/// Makes the diagnostic, of one span a spot.
type Make = Box<dyn FnOnce(&[Span]) -> Diagnostic + Send>;

impl ClassFinding {
    /// The diagnostic, of one span a spot.
    pub fn diagnostic(self, spans: &[Span]) -> Diagnostic {
        (self.make)(spans)
    }
}

/// The list of what is found.
#[derive(Default)]
pub(super) struct Findings(Vec<ClassFinding>);

impl Findings {
    /// Something about one value of an object.
    pub(super) fn at(
        &mut self,
        object: &Object<'_, '_>,
        node: &Node<'_>,
        part: &str,
        make: impl FnOnce(Span) -> Diagnostic + Send + 'static,
    ) {
        self.between(vec![spot(object, node, part)], move |spans| spans.first().copied().map(make));
    }

    /// Something about a value, because of another.
    pub(super) fn because(
        &mut self,
        places: [(&Object<'_, '_>, &Node<'_>, &str); 2],
        make: impl FnOnce(Span, Span) -> Diagnostic + Send + 'static,
    ) {
        let spots = places.map(|(object, node, part)| spot(object, node, part)).to_vec();
        self.between(spots, move |spans| match spans {
            [first, second] => Some(make(*first, *second)),
            _ => None,
        });
    }

    fn between(
        &mut self,
        spots: Vec<Spot>,
        make: impl FnOnce(&[Span]) -> Option<Diagnostic> + Send + 'static,
    ) {
        let make = move |spans: &[Span]| make(spans).unwrap_or_else(super::errors::nowhere);
        self.0.push(ClassFinding { spots, make: Box::new(make) });
    }

    /// How many there are.
    pub(super) const fn count(&self) -> usize {
        self.0.len()
    }

    pub(super) fn into_list(self) -> Vec<ClassFinding> {
        self.0
    }
}

fn spot(object: &Object<'_, '_>, node: &Node<'_>, part: &str) -> Spot {
    Spot { address: object.address.to_owned(), origin: origin_of(node), part: part.to_owned() }
}
