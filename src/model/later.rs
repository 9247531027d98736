//! What is known only when Argo CD generates an Application.

use super::lift::{Item, Lift, Reader};
use super::{Map, Of};
use crate::embedded::Dimension;
use crate::eval::{Evaluator, Later, LaterRef, Origin, Part, Value};
use crate::source::Sym;
use crate::types::{Refinement, SchemaId, TextKind, Ty, TyKind, Types};

/// A `later String`.
#[derive(Clone, PartialEq, Debug)]
pub struct LaterText<'a> {
    /// Its parts, in order.
    pub parts: Vec<LaterPart<'a>>,
    /// What wrote it.
    pub origin: Origin,
}

impl LaterText<'_> {
    /// The text with another in the place of each value that is known later, those of templates in it included.
    pub fn filled(&self, later: &str) -> String {
        let mut out = String::new();
        for part in &self.parts {
            match part {
                LaterPart::Text(text) => out.push_str(text),
                LaterPart::Read(_) => out.push_str(later),
                LaterPart::Source(text) => {
                    let mut rest = *text;
                    while let Some((before, action)) = rest.split_once("{{") {
                        out.push_str(before);
                        out.push_str(later);
                        rest = action.split_once("}}").map_or("", |(_, after)| after);
                    }
                    out.push_str(rest);
                }
            }
        }
        out
    }
}

/// A part of a later text.
#[derive(Clone, PartialEq, Debug)]
pub enum LaterPart<'a> {
    /// The target's own text: braces in it are a template.
    Source(&'a str),
    /// Text that means itself.
    Text(&'a str),
    /// A later value.
    Read(Reading<'a>),
}

/// A later value.
#[derive(Clone, PartialEq, Debug)]
pub enum Reading<'a> {
    /// `dirs.path.segments[1]`.
    Parameter {
        /// The generator that gives it.
        generator: Sym,
        /// What leads to it.
        steps: Vec<Step>,
    },
    /// `slug(dirs.path.basename)`.
    Call(TextFunction, Vec<Argument<'a>>),
    /// `files.size ?? "small"`: the value, or the other where it is missing.
    Otherwise(Box<Reading<'a>>, Box<LaterTree<'a>>),
}

/// A step from a generator's parameters to one of them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Step {
    /// `.basename`.
    Name(Sym),
    /// `[1]`.
    Item(i64),
}

/// An argument of a function.
#[derive(Clone, PartialEq, Debug)]
pub enum Argument<'a> {
    /// A text.
    Text(LaterText<'a>),
    /// A number.
    Number(i64),
}

/// Data that may hold later values.
#[derive(Clone, PartialEq, Debug)]
pub enum LaterTree<'a> {
    /// A boolean.
    Bool(Of<bool>),
    /// A whole number.
    Int(Of<i64>),
    /// A number with a fraction.
    Float(f64, Origin),
    /// A text.
    Text(LaterText<'a>),
    /// A later value alone, of whatever type it is.
    Read(Reading<'a>, Origin),
    /// A list.
    List(Vec<Self>),
    /// A map.
    Map(Map<Self>),
}

/// What files of a schema hold.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Shape {
    /// The schema's name.
    pub name: Sym,
    /// Its fields.
    pub fields: Vec<ShapeField>,
    /// Who says that it is this schema.
    pub origin: Origin,
}

/// A field of such a file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ShapeField {
    /// Its name.
    pub name: Sym,
    /// What it holds.
    pub is: ShapeKind,
    /// Whether it may be missing.
    pub optional: bool,
}

/// What a field of a file holds.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ShapeKind {
    /// A text of at most so many characters, where that is known.
    Text(Option<u32>),
    /// One label of a DNS name.
    Name(u32),
    /// A whole number.
    Int,
    /// Another number.
    Float,
    /// A boolean.
    Bool,
    /// A list.
    List,
    /// A map with `low` and `high`.
    Range,
    /// A record.
    Record(Vec<ShapeField>),
    /// Anything.
    Any,
}

macro_rules! functions {
    ($($(#[$doc:meta])* $variant:ident = $name:literal;)*) => {
        /// A function of the library that Argo CD's templates have, too.
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        pub enum TextFunction {
            $($(#[$doc])* $variant,)*
        }

        impl TextFunction {
            /// Every function, by name.
            pub const ALL: &'static [(&'static str, Self)] = &[$(($name, Self::$variant)),*];
        }
    };
}
functions! {
    /// At most 50 small letters, digits and `-`.
    Slug = "slug";
    /// In small letters.
    Lower = "lower";
    /// In capital letters.
    Upper = "upper";
    /// Without a part at its start.
    TrimPrefix = "trim-prefix";
    /// Without a part at its end.
    TrimSuffix = "trim-suffix";
    /// With one part for another.
    Replace = "replace";
    /// At most so many characters.
    Truncate = "truncate";
}

impl<'a> LaterText<'a> {
    /// A text that is known now.
    pub fn known(text: &'a str, origin: Origin) -> Self {
        Self { parts: vec![LaterPart::Text(text)], origin }
    }

    /// The text, where it holds no later value and no template.
    pub fn as_known(&self) -> Option<&'a str> {
        match self.parts.as_slice() {
            [] => Some(""),
            [LaterPart::Text(text)] => Some(text),
            [LaterPart::Source(text)] if !text.contains("{{") => Some(text),
            _ => None,
        }
    }

    /// The later values in it.
    pub fn readings(&self) -> impl Iterator<Item = &Reading<'a>> {
        self.parts.iter().filter_map(|part| match part {
            LaterPart::Read(reading) => Some(reading),
            LaterPart::Source(_) | LaterPart::Text(_) => None,
        })
    }
}

impl Reading<'_> {
    /// Looks at every parameter in it, and whether something stands in where it is missing.
    pub fn parameters<'s>(&'s self, look: &mut dyn FnMut(Sym, &'s [Step], bool)) {
        self.each(false, look);
    }

    fn each<'s>(&'s self, has_other: bool, look: &mut dyn FnMut(Sym, &'s [Step], bool)) {
        match self {
            Self::Parameter { generator, steps } => look(*generator, steps, has_other),
            Self::Call(_, args) => {
                for arg in args {
                    if let Argument::Text(text) = arg {
                        text.readings().for_each(|reading| reading.each(false, look));
                    }
                }
            }
            Self::Otherwise(first, other) => {
                first.each(true, look);
                other.readings(&mut |reading| reading.each(false, look));
            }
        }
    }
}

impl<'a> LaterTree<'a> {
    /// Looks at every later value in it.
    pub fn readings<'s>(&'s self, look: &mut dyn FnMut(&'s Reading<'a>)) {
        match self {
            Self::Bool(_) | Self::Int(_) | Self::Float(..) => {}
            Self::Text(text) => text.readings().for_each(look),
            Self::Read(reading, _) => look(reading),
            Self::List(items) => items.iter().for_each(|item| item.readings(look)),
            Self::Map(entries) => entries.iter().for_each(|(_, item)| item.readings(look)),
        }
    }
}

impl<'a> Reader<'a> {
    pub(super) fn reading(&self, later: LaterRef) -> Option<Reading<'a>> {
        let values: &'a Evaluator<'a> = self.values;
        Some(match values.store.read_later(later) {
            Later::Staged(generator) => Reading::Parameter { generator, steps: Vec::new() },
            Later::Field(base, name, _) => self.deeper(base, Step::Name(name))?,
            Later::Item(base, number, _) => self.deeper(base, Step::Item(number))?,
            Later::Call(name, args) => {
                let known = TextFunction::ALL.iter().find(|(known, _)| *known == name.as_str())?;
                let args = values.store.items(args).iter().map(|&arg| match arg {
                    Value::Int(number) => Some(Argument::Number(number)),
                    arg => LaterText::lift(self, arg, Origin::NONE).map(Argument::Text),
                });
                Reading::Call(known.1, args.collect::<Option<_>>()?)
            }
            Later::Otherwise(first, other) => {
                let first = Box::new(self.reading(first)?);
                let other = LaterTree::lift(self, other, Origin::NONE)?;
                Reading::Otherwise(first, Box::new(other))
            }
        })
    }

    fn deeper(&self, base: LaterRef, step: Step) -> Option<Reading<'a>> {
        match self.reading(base)? {
            Reading::Parameter { generator, mut steps } => {
                steps.push(step);
                Some(Reading::Parameter { generator, steps })
            }
            Reading::Call(..) | Reading::Otherwise(..) => None,
        }
    }
}

impl<'a> Lift<'a> for LaterText<'a> {
    fn lift(reader: &Reader<'a>, value: Value, origin: Origin) -> Option<Self> {
        let values: &'a Evaluator<'a> = reader.values;
        let parts = match value {
            Value::Template(run) => values
                .store
                .parts(run)
                .iter()
                .map(|part| match *part {
                    Part::Source(text) => Some(LaterPart::Source(values.store.read(text))),
                    Part::Text(text) => Some(LaterPart::Text(values.store.read(text))),
                    Part::Hole(later) => reader.reading(later).map(LaterPart::Read),
                })
                .collect::<Option<_>>()?,
            Value::Later(later) => vec![LaterPart::Read(reader.reading(later)?)],
            value => vec![LaterPart::Text(values.store.as_text(value)?)],
        };
        Some(Self { parts, origin })
    }
}

impl<'a> Item<'a> for LaterText<'a> {
    fn all(reader: &Reader<'a>, value: Value, origin: Origin) -> Option<Vec<Self>> {
        let Value::List(run) = value else { return None };
        let values: &'a Evaluator<'a> = reader.values;
        values.store.items(run).iter().map(|&item| Self::lift(reader, item, origin)).collect()
    }
}

impl<'a> Lift<'a> for LaterTree<'a> {
    fn lift(reader: &Reader<'a>, value: Value, origin: Origin) -> Option<Self> {
        let values: &'a Evaluator<'a> = reader.values;
        Some(match value {
            Value::Bool(value) => Self::Bool(Of::new(value, origin)),
            Value::Int(value) => Self::Int(Of::new(value, origin)),
            Value::Float(value) => Self::Float(value, origin),
            Value::Quantity(quantity) => {
                let text = Sym::new(&quantity.to_string()).as_str();
                Self::Text(LaterText::known(text, origin))
            }
            Value::Later(later) => Self::Read(reader.reading(later)?, origin),
            Value::Template(_) | Value::Text(_) | Value::Name(_) => {
                Self::Text(LaterText::lift(reader, value, origin)?)
            }
            Value::Resource(block) => {
                let name = values.blocks.get(block as usize)?.name;
                Self::Text(LaterText::known(name.as_str(), origin))
            }
            Value::List(run) => {
                let items = values.store.items(run).iter();
                Self::List(
                    items.map(|&item| Self::lift(reader, item, origin)).collect::<Option<_>>()?,
                )
            }
            Value::Map(run) => {
                let entries = values.store.entries(run).iter().zip(values.store.origins(run));
                let mut out = Vec::new();
                for (&(key, value), &slot) in entries {
                    let origin = if slot == Origin::NONE { origin } else { slot };
                    if value != Value::Absent {
                        out.push((key, Self::lift(reader, value, origin)?));
                    }
                }
                Self::Map(out)
            }
            _ => return None,
        })
    }
}

impl<'a> Lift<'a> for super::apps::Destination<'a> {
    fn lift(reader: &Reader<'a>, value: Value, origin: Origin) -> Option<Self> {
        match value {
            Value::Later(later) => Some(Self::Later(reader.reading(later)?, origin)),
            value => Some(Self::Cluster(Lift::lift(reader, value, origin)?)),
        }
    }
}

impl<'a> Lift<'a> for Shape {
    fn lift(reader: &Reader<'a>, value: Value, origin: Origin) -> Option<Self> {
        let Value::Type(schema) = value else { return None };
        let types = reader.values.types;
        let name = types.schema(schema).name;
        Some(Self { name, fields: fields(types, schema, 0), origin })
    }
}

/// How deep files are looked into.
const DEPTH: u32 = 16;

fn fields(types: &Types, schema: SchemaId, depth: u32) -> Vec<ShapeField> {
    let fields = types.schema(schema).fields.iter().filter(|field| field.is_settable());
    fields
        .map(|field| ShapeField {
            name: field.name,
            is: kind(types, field.ty, depth),
            optional: field.default.is_some() || types.tys.is_optional(field.ty),
        })
        .collect()
}

fn kind(types: &Types, ty: Ty, depth: u32) -> ShapeKind {
    match types.tys.kind(types.tys.present(ty)) {
        TyKind::String | TyKind::Literal(_) => ShapeKind::Text(longest(types, ty)),
        TyKind::Text(TextKind::Name) => ShapeKind::Name(longest(types, ty).unwrap_or(63).min(63)),
        TyKind::Text(_) | TyKind::Quantity(_) => ShapeKind::Text(longest(types, ty)),
        TyKind::Int => ShapeKind::Int,
        TyKind::Float => ShapeKind::Float,
        TyKind::Bool => ShapeKind::Bool,
        TyKind::List(_) => ShapeKind::List,
        TyKind::Range(_) => ShapeKind::Range,
        TyKind::Schema(schema) if depth < DEPTH => {
            ShapeKind::Record(fields(types, *schema, depth + 1))
        }
        TyKind::Union(_) if types.tys.literals(ty).is_some() => {
            let longest = types.tys.literals(ty).unwrap_or_default().into_iter();
            let longest = longest.map(|text| text.as_str().len()).max();
            ShapeKind::Text(longest.and_then(|length| u32::try_from(length).ok()))
        }
        _ => ShapeKind::Any,
    }
}

/// The most characters that a text of a type has.
fn longest(types: &Types, mut ty: Ty) -> Option<u32> {
    loop {
        match types.tys.kind(ty) {
            TyKind::Refined(inner, Refinement::Bounds(bounds)) => {
                match bounds.high.filter(|_| bounds.dimension == Dimension::Number) {
                    Some(high) => return u32::try_from(high).ok(),
                    None => ty = *inner,
                }
            }
            TyKind::Literal(text) => return u32::try_from(text.as_str().len()).ok(),
            TyKind::Refined(inner, _) | TyKind::Alias(_, inner) | TyKind::Optional(inner) => {
                ty = *inner;
            }
            _ => return None,
        }
    }
}
