//! What a theorem knows, and what it says.

use super::Earlier;
use crate::diag::Diagnostic;
use crate::eval::Origin;
use crate::model::{Model, ResourceId};
use crate::source::Span;

/// What theorems know.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// The program.
    pub model: &'a Model<'a>,
    /// What an earlier build said of clusters.
    pub earlier: &'a Earlier,
}

/// A place in a program, before it is a span: the caller finds where a value is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Place {
    /// The resource.
    pub resource: ResourceId,
    /// The value; what no block wrote is blamed on the resource's name.
    pub origin: Origin,
}

impl Place {
    /// Where a value of a resource is written.
    pub const fn new(resource: ResourceId, origin: Origin) -> Self {
        Self { resource, origin }
    }

    /// A resource's name.
    pub const fn name(resource: ResourceId) -> Self {
        Self { resource, origin: Origin::NONE }
    }
}

/// Makes a finding of the spans of its places.
type Make = Box<dyn FnOnce(&[Span]) -> Option<Diagnostic> + Send>;

/// A theorem that does not hold: the finding, once its places are spans.
pub struct Refutation {
    /// Where it points, the primary place first.
    pub places: Vec<Place>,
    make: Make,
}

impl Refutation {
    /// `make` gets one span a place, in their order.
    pub fn new(
        places: impl Into<Vec<Place>>,
        make: impl FnOnce(&[Span]) -> Diagnostic + Send + 'static,
    ) -> Self {
        Self { places: places.into(), make: Box::new(|spans| Some(make(spans))) }
    }

    /// The same where the number of places is known. `make` may see in the spans that there is nothing to say: a value that nobody
    /// wrote stands at its resource's name.
    pub fn at<const N: usize, D: Into<Option<Diagnostic>>>(
        places: [Place; N],
        make: impl FnOnce([Span; N]) -> D + Send + 'static,
    ) -> Self {
        let make =
            |spans: &[Span]| <[Span; N]>::try_from(spans).ok().and_then(|it| make(it).into());
        Self { places: places.into(), make: Box::new(make) }
    }

    /// The finding, of one span a place; none where there is nothing to say.
    pub fn diagnostic(self, spans: &[Span]) -> Option<Diagnostic> {
        (self.make)(spans)
    }
}
