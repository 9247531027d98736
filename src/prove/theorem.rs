//! What a theorem knows, and what it says.

use super::Earlier;
use crate::diag::Diagnostic;
use crate::eval::{Origin, Within};
use crate::model::{Model, ResourceId};
use crate::source::Span;
use crate::syntax::TextForm;

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
    /// The part of the value's final text that is meant; none for the whole of it.
    pub part: Option<Within>,
}

/// Where a place is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Written {
    /// The span.
    pub at: Span,
    /// The literal's form, where the part that is meant stands there letter by letter: only then it can be replaced.
    pub exact: Option<TextForm>,
    /// What the span is.
    pub by: WrittenBy,
}

/// Who wrote a value.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum WrittenBy {
    /// The program, at the span.
    Program,
    /// The library, where nobody can act: the span is the name of the resource that has it from there.
    Library,
    /// Nobody: the span is the resource's name.
    Nobody,
}

impl Place {
    /// Where a value of a resource is written.
    pub const fn new(resource: ResourceId, origin: Origin) -> Self {
        Self { resource, origin, part: None }
    }

    /// A resource's name.
    pub const fn name(resource: ResourceId) -> Self {
        Self { resource, origin: Origin::NONE, part: None }
    }

    /// Where a part of a value's final text is written.
    pub const fn within(resource: ResourceId, origin: Origin, part: Option<Within>) -> Self {
        Self { resource, origin, part }
    }
}

/// Makes a finding of where its places are written.
type Make = Box<dyn FnOnce(&[Written]) -> Option<Diagnostic> + Send>;

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
        Self::written(places, |written| Some(make(&spans(written))))
    }

    /// The same where it matters whether a place is written as it is meant.
    pub fn written(
        places: impl Into<Vec<Place>>,
        make: impl FnOnce(&[Written]) -> Option<Diagnostic> + Send + 'static,
    ) -> Self {
        Self { places: places.into(), make: Box::new(make) }
    }

    /// The same where the number of places is known. `make` may see in the spans that there is nothing to say: a value that nobody
    /// wrote stands at its resource's name.
    pub fn at<const N: usize, D: Into<Option<Diagnostic>>>(
        places: [Place; N],
        make: impl FnOnce([Span; N]) -> D + Send + 'static,
    ) -> Self {
        Self::written(places, |written| {
            <[Span; N]>::try_from(spans(written).as_slice()).ok().and_then(|it| make(it).into())
        })
    }

    /// The finding, of where each place is written; none where there is nothing to say.
    pub fn diagnostic(self, written: &[Written]) -> Option<Diagnostic> {
        (self.make)(written)
    }
}

fn spans(written: &[Written]) -> Vec<Span> {
    written.iter().map(|written| written.at).collect()
}
