//! The types of variables, and whether a field takes them.

use super::builtin::Holds;
use super::look::{entries, flag, get, items, number, text, text_at};
use crate::backend::Node;
use crate::kubernetes::{Catalog, FieldType, Shape};

/// The type of a variable, or of something inside of it.
#[derive(Clone, Copy, Debug)]
pub(super) enum Ty<'o, 'a> {
    /// What a schema says.
    Schema(&'o Node<'a>),
    /// What a builtin variable holds.
    Builtin(Holds),
    /// Anything.
    Unknown,
}

/// What a type is at its top.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Base {
    /// `string`.
    Text,
    /// `integer`.
    Int,
    /// `number`.
    Number,
    /// `boolean`.
    Bool,
    /// A whole number or a text.
    IntOrText,
    /// `array`.
    List,
    /// `object`.
    Record,
    /// Not known.
    Unknown,
}

impl Base {
    /// In words.
    pub(super) const fn words(self) -> &'static str {
        match self {
            Self::Text => "a text",
            Self::Int => "a whole number",
            Self::Number => "a number that may have a fraction",
            Self::Bool => "`true` or `false`",
            Self::IntOrText => "a whole number or a text",
            Self::List => "a list",
            Self::Record => "a record",
            Self::Unknown => "anything",
        }
    }
}

/// The names of types in schemas.
pub(super) const TYPES: [&str; 6] = ["array", "boolean", "integer", "number", "object", "string"];

impl<'o, 'a> Ty<'o, 'a> {
    /// What it is at its top.
    pub(super) fn base(self) -> Base {
        match self {
            Self::Schema(schema) => {
                if flag(schema, &["x-kubernetes-int-or-string"]) {
                    return Base::IntOrText;
                }
                match text_at(schema, &["type"]) {
                    Some("string") => Base::Text,
                    Some("integer") => Base::Int,
                    Some("number") => Base::Number,
                    Some("boolean") => Base::Bool,
                    Some("array") => Base::List,
                    Some("object") => Base::Record,
                    Some(_) | None => Base::Unknown,
                }
            }
            Self::Builtin(holds) => match holds {
                Holds::Text => Base::Text,
                Holds::Int => Base::Int,
                Holds::Texts => Base::List,
                Holds::TextMap | Holds::Record => Base::Record,
            },
            Self::Unknown => Base::Unknown,
        }
    }

    /// The type of the items of a list.
    pub(super) fn item(self) -> Self {
        match self {
            Self::Schema(schema) => get(schema, "items").map_or(Self::Unknown, Self::Schema),
            Self::Builtin(Holds::Texts) => Self::Builtin(Holds::Text),
            Self::Builtin(_) | Self::Unknown => Self::Unknown,
        }
    }

    /// The type of a field; `Err` with the fields that there are, where it has no such.
    pub(super) fn field(self, name: &str) -> Result<Self, Vec<&'o str>> {
        let Self::Schema(schema) = self else { return Ok(Self::Unknown) };
        let properties = get(schema, "properties");
        if let Some(found) = properties.and_then(|fields| get(fields, name)) {
            return Ok(Self::Schema(found));
        }
        if flag(schema, &["x-kubernetes-preserve-unknown-fields"]) {
            return Ok(Self::Unknown);
        }
        match get(schema, "additionalProperties") {
            Some(of @ Node::Map(_)) => return Ok(Self::Schema(of)),
            Some(Node::Bool(true, _)) => return Ok(Self::Unknown),
            Some(_) | None => {}
        }
        if self.base() == Base::Unknown && properties.is_none() {
            return Ok(Self::Unknown);
        }
        Err(properties.map_or_else(Vec::new, |fields| {
            entries(fields).iter().map(|(name, _)| name.as_ref()).collect()
        }))
    }

    /// Whether a record has a field in every value: it is required, or has a default.
    pub(super) fn always_has(self, name: &str) -> bool {
        let Self::Schema(schema) = self else { return true };
        let required = items(get(schema, "required")).iter().filter_map(text);
        let field = get(schema, "properties").and_then(|fields| get(fields, name));
        required.into_iter().any(|known| known == name)
            || field.is_some_and(|field| get(field, "default").is_some())
    }
}

/// How a type fits into a field.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Fit {
    /// Every value of it is taken.
    Fits,
    /// Some values are taken and some refused: where in it, and what the field asks for.
    Looser(Misfit),
    /// No value is taken, or something of every value is lost.
    Wrong(Misfit),
}

/// Where a type does not fit.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Misfit {
    /// Where in the value: `[].name`; empty for the whole.
    pub(super) path: String,
    /// What the variable holds there.
    pub(super) found: String,
    /// What the field wants.
    pub(super) wanted: String,
}

fn misfit(path: &str, found: impl Into<String>, wanted: impl Into<String>) -> Misfit {
    Misfit { path: path.to_owned(), found: found.into(), wanted: wanted.into() }
}

/// How deep types are compared.
const DEPTH: usize = 24;

/// Whether a field takes every value of a type.
pub(super) fn fit(
    catalog: &Catalog,
    ty: Ty<'_, '_>,
    shape: &Shape,
    field: Option<&FieldType>,
) -> Fit {
    Fitting { catalog }.fit(ty, shape, field, "", 0)
}

struct Fitting<'c> {
    catalog: &'c Catalog,
}

impl Fitting<'_> {
    fn fit(
        &self,
        ty: Ty<'_, '_>,
        shape: &Shape,
        field: Option<&FieldType>,
        path: &str,
        depth: usize,
    ) -> Fit {
        let base = ty.base();
        if depth > DEPTH || base == Base::Unknown || *shape == Shape::Data {
            return Fit::Fits;
        }
        match (base, shape) {
            (Base::Text, Shape::String | Shape::IntOrString | Shape::Quantity)
            | (Base::Int, Shape::Float | Shape::IntOrString | Shape::Quantity)
            | (Base::Number, Shape::Float | Shape::Quantity)
            | (Base::Bool, Shape::Bool)
            | (Base::IntOrText, Shape::IntOrString | Shape::Quantity) => Fit::Fits,
            (Base::Text, Shape::Enum(values)) => self.choice(ty, values, path),
            (Base::Int, Shape::Int) => bounds(ty, field, path),
            (Base::List, Shape::List(of)) => {
                self.fit(ty.item(), of, None, &format!("{path}[]"), depth + 1)
            }
            (Base::Record, Shape::Type(name)) => self.record(ty, name, path, depth),
            (Base::Record, Shape::Map(of)) => self.map(ty, of, path, depth),
            (_, shape) => Fit::Wrong(misfit(path, base.words(), wanted(shape))),
        }
    }

    /// A text into one of several.
    fn choice(&self, ty: Ty<'_, '_>, values: &[String], path: &str) -> Fit {
        let list = wanted(&Shape::Enum(values.to_vec()));
        let allowed = match ty {
            Ty::Schema(schema) => get(schema, "enum"),
            Ty::Builtin(_) | Ty::Unknown => None,
        };
        let Some(allowed) = allowed else {
            return Fit::Looser(misfit(path, "any text", list));
        };
        let allowed: Vec<&str> = items(Some(allowed)).iter().filter_map(text).collect();
        let is_taken = |value: &&&str| values.iter().any(|known| known == **value);
        match allowed.iter().find(|value| !is_taken(value)) {
            None => Fit::Fits,
            Some(_) if !allowed.iter().any(|value| is_taken(&value)) => {
                Fit::Wrong(misfit(path, listed(&allowed), list))
            }
            Some(other) => Fit::Looser(misfit(path, format!("{other:?}, too"), list)),
        }
    }

    fn record(&self, ty: Ty<'_, '_>, name: &str, path: &str, depth: usize) -> Fit {
        let Ty::Schema(schema) = ty else {
            return Fit::Wrong(misfit(path, "a map of texts", "a record"));
        };
        let Some(properties) = get(schema, "properties") else { return Fit::Fits };
        let fields = self.catalog.fields(name);
        let mut looser = Fit::Fits;
        for (key, inner) in entries(properties) {
            let here = if path.is_empty() { key.to_string() } else { format!("{path}.{key}") };
            let Some(field) = fields.iter().rfind(|field| field.name == key.as_ref()) else {
                let near = crate::diag::nearest(key, fields.iter().map(|it| it.name.as_str()));
                let near = near.map_or_else(String::new, |near| format!(", but `{near}`"));
                let wanted = format!("no such field{near}");
                return Fit::Wrong(misfit(path, format!("the field `{key}`"), wanted));
            };
            match self.fit(Ty::Schema(inner), &field.shape, Some(field), &here, depth + 1) {
                Fit::Fits => {}
                Fit::Looser(found) if looser == Fit::Fits => looser = Fit::Looser(found),
                Fit::Looser(_) => {}
                wrong @ Fit::Wrong(_) => return wrong,
            }
        }
        let is_there = |field: &&FieldType| ty.field(&field.name).is_ok();
        if let Some(field) = fields.iter().filter(|it| it.required).find(|it| !is_there(it)) {
            let found = format!("a record without `{}`", field.name);
            return Fit::Wrong(misfit(path, found, format!("one with `{}`", field.name)));
        }
        looser
    }

    fn map(&self, ty: Ty<'_, '_>, of: &Shape, path: &str, depth: usize) -> Fit {
        let Ty::Schema(schema) = ty else {
            return match ty {
                Ty::Builtin(Holds::TextMap) => {
                    self.fit(Ty::Builtin(Holds::Text), of, None, path, depth + 1)
                }
                Ty::Builtin(_) | Ty::Schema(_) | Ty::Unknown => Fit::Fits,
            };
        };
        let properties = get(schema, "properties").map_or(&[][..], |it| entries(it));
        let inner = properties.iter().map(|(key, inner)| (format!("{path}.{key}"), inner));
        let others = get(schema, "additionalProperties").filter(|it| matches!(it, Node::Map(_)));
        for (here, inner) in inner.chain(others.map(|it| (format!("{path}.*"), it))) {
            let here = here.trim_start_matches('.');
            match self.fit(Ty::Schema(inner), of, None, here, depth + 1) {
                Fit::Fits => {}
                other @ (Fit::Looser(_) | Fit::Wrong(_)) => return other,
            }
        }
        Fit::Fits
    }
}

/// A whole number into a field with bounds.
fn bounds(ty: Ty<'_, '_>, field: Option<&FieldType>, path: &str) -> Fit {
    let (Ty::Schema(schema), Some(field)) = (ty, field) else { return Fit::Fits };
    let of = |text: &Option<String>| text.as_ref().and_then(|text| text.parse::<f64>().ok());
    let (low, high) = (of(&field.bounds.low), of(&field.bounds.high));
    let values: Vec<f64> = items(get(schema, "enum")).iter().filter_map(number).collect();
    let least = get(schema, "minimum").and_then(number);
    let most = get(schema, "maximum").and_then(number);
    let all = |ends: Option<f64>, holds: &dyn Fn(f64) -> bool| {
        if values.is_empty() { ends.is_some_and(holds) } else { values.iter().all(|it| holds(*it)) }
    };
    let fits_low = low.is_none_or(|low| all(least, &|end| end >= low));
    let fits_high = high.is_none_or(|high| all(most, &|end| end <= high));
    if fits_low && fits_high {
        return Fit::Fits;
    }
    let wanted = match (&field.bounds.low, &field.bounds.high) {
        (Some(low), Some(high)) => format!("{low} to {high}"),
        (Some(low), None) => format!("{low} or more"),
        (None, Some(high)) => format!("at most {high}"),
        (None, None) => return Fit::Fits,
    };
    let found = match (least, most) {
        (Some(least), Some(most)) => format!("{least} to {most}"),
        (Some(least), None) => format!("{least} or more"),
        (None, Some(most)) => format!("anything up to {most}"),
        (None, None) => "any whole number".to_owned(),
    };
    Fit::Looser(misfit(path, found, wanted))
}

fn listed(values: &[&str]) -> String {
    values.iter().map(|value| format!("{value:?}")).collect::<Vec<_>>().join(", ")
}

/// A shape in words.
pub(super) fn wanted(shape: &Shape) -> String {
    match shape {
        Shape::String => "a text".to_owned(),
        Shape::Int => "a whole number".to_owned(),
        Shape::Float => "a number".to_owned(),
        Shape::Bool => "`true` or `false`".to_owned(),
        Shape::Quantity => "an amount as `500m`, `1Gi` or `2`".to_owned(),
        Shape::IntOrString => "a whole number or a text".to_owned(),
        Shape::Data => "anything".to_owned(),
        Shape::Enum(values) => {
            let values: Vec<&str> = values.iter().map(String::as_str).collect();
            format!("one of {}", listed(&values))
        }
        Shape::List(_) => "a list".to_owned(),
        Shape::Map(_) => "a map".to_owned(),
        Shape::Type(_) => "a record".to_owned(),
    }
}
