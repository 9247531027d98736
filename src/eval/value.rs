//! Values: sixteen bytes, copied freely; what is larger lives in the store.

use crate::embedded::Quantity;
use crate::source::{Span, Sym};
use crate::types::SchemaId;

/// A value.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Value {
    /// Something is wrong elsewhere, and reported there. No operation on it reports.
    Poison,
    /// An optional field that nobody sets.
    Absent,
    /// The open end of a range.
    Open,
    /// A boolean.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A number with a fraction.
    Float(f64),
    /// A quantity.
    Quantity(Quantity),
    /// A text.
    Text(TextRef),
    /// A name or key.
    Name(Sym),
    /// A list.
    List(Run),
    /// A map, in the order written.
    Map(Run),
    /// A record.
    Record(RecordId),
    /// A reference to a resource: index into [`crate::resolve::Names::blocks`].
    Resource(u32),
    /// A type of Kubernetes objects: index into the catalog's objects.
    Object(u32),
    /// A schema.
    Type(SchemaId),
    /// A range: two values of the store.
    Range(u32),
    /// A value known only later.
    Later(LaterRef),
    /// A text with later holes.
    Template(Run),
}

/// A text of the store.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct TextRef(pub u32);

/// A run of a pool of the store.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct Run {
    /// First index.
    pub start: u32,
    /// How many.
    pub len: u32,
}

impl Run {
    /// The indices.
    pub const fn range(self) -> std::ops::Range<usize> {
        self.start as usize..(self.start + self.len) as usize
    }
}

/// A record of the run.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct RecordId(pub u32);

/// A later value of the store.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct LaterRef(pub u32);

/// A value that exists only when an alert fires or a generator runs.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Later {
    /// A staged name: `value`, `label`.
    Staged(Sym),
    /// `label.instance`, and where the field is named.
    Field(LaterRef, Sym, Span),
    /// `dirs.path.segments[1]`, and where the number stands.
    Item(LaterRef, i64, Span),
    /// `humanize(value)`: the function's name and its arguments.
    Call(Sym, Run),
    /// `label.a ?? "none"`.
    Otherwise(LaterRef, Value),
}

/// A part of a text with later holes.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Part {
    /// Text that stands in the later text itself: braces in it are the target's own.
    Source(TextRef),
    /// Text that means itself.
    Text(TextRef),
    /// A later value.
    Hole(LaterRef),
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_value_is_sixteen_bytes() {
        assert_eq!(std::mem::size_of::<super::Value>(), 16);
    }
}
