//! What the reference knows of an item: plain data.

use crate::backend::Makes;

/// What kind of item it is, in the order of the reference.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Word {
    /// `kind`.
    Kind,
    /// `component`.
    Component,
    /// `schema`.
    Schema,
    /// `type`.
    Type,
    /// `preset`.
    Preset,
    /// `fn`.
    Function,
}

impl Word {
    /// All, in order.
    pub const ALL: [Self; 6] =
        [Self::Kind, Self::Component, Self::Schema, Self::Type, Self::Preset, Self::Function];

    /// The language's word.
    pub const fn text(self) -> &'static str {
        match self {
            Self::Kind => "kind",
            Self::Component => "component",
            Self::Schema => "schema",
            Self::Type => "type",
            Self::Preset => "preset",
            Self::Function => "fn",
        }
    }

    /// The heading of several.
    pub const fn plural(self) -> &'static str {
        match self {
            Self::Kind => "Kinds",
            Self::Component => "Components",
            Self::Schema => "Schemas",
            Self::Type => "Types",
            Self::Preset => "Presets",
            Self::Function => "Functions",
        }
    }
}

/// Whose an item is, in the order of the reference.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Owner {
    /// The project's.
    Project,
    /// A dependency's.
    Dependency,
    /// The library's.
    Library,
}

/// An item that others may use.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Item {
    /// What it is.
    pub word: Word,
    /// Its name.
    pub name: String,
    /// Its module: `std.kinds`, `parts.web` of a dependency, or the folder of the project; empty for its root.
    pub module: String,
    /// Whose it is.
    pub owner: Owner,
    /// Where it is declared: the file as shown, and the line from 1.
    pub place: (String, u32),
    /// How it is declared, without what stands in its braces.
    pub signature: String,
    /// The keyword of a kind, with the words that a block of it needs: `cluster name`.
    pub block: Option<String>,
    /// Its documentation: Markdown.
    pub doc: String,
    /// The fields of a kind or schema.
    pub fields: Vec<Field>,
    /// What must hold of a kind's or schema's values, as written, and what is said else.
    pub checks: Vec<Declared>,
    /// What a preset sets, as written.
    pub body: Option<String>,
    /// The presets for a kind or schema, by name.
    pub presets: Vec<String>,
    /// The objects that blocks of a kind become; a kind that the library does not bring makes none.
    pub makes: Vec<Makes>,
    /// The blocks that a component makes.
    pub children: Vec<Child>,
}

/// A block in the body of a component.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Child {
    /// The keyword of its kind.
    pub kind: String,
    /// Its name, as written.
    pub name: String,
    /// The loops and conditions that it stands in, as written: `for x in xs`, `if c`, `unless c`.
    pub around: Vec<String>,
    /// Its documentation: Markdown.
    pub doc: String,
}

/// A field of a kind or schema.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Field {
    /// Its name.
    pub name: String,
    /// The words before it: `key`, `out`, `staged`, ..
    pub marks: Vec<&'static str>,
    /// Its type, as the language writes it.
    pub ty: String,
    /// Its default, or what an `out` field computes, as written.
    pub default: Option<String>,
    /// Whether a block must set it.
    pub required: bool,
    /// Its documentation: Markdown.
    pub doc: String,
}

/// A `check` or `warn`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Declared {
    /// What must hold, as written.
    pub condition: String,
    /// What is said where it does not, as written.
    pub message: String,
    /// Whether it only warns.
    pub warn: bool,
}

impl Item {
    /// What its documentation says first: up to the first empty line, in one line.
    pub fn summary(&self) -> String {
        summary(&self.doc)
    }

    /// The name of its page without an ending. The word is part of it, since some disks do not tell `humanize` from
    /// `Humanize`.
    pub fn file(&self) -> String {
        let module = self.module.replace('/', ".");
        let folder = match self.owner {
            Owner::Project if module.is_empty() => "project".to_owned(),
            Owner::Project => format!("project.{module}"),
            Owner::Dependency => format!("dependency.{module}"),
            Owner::Library => module,
        };
        format!("{folder}/{}.{}", self.word.text(), self.name)
    }
}

/// The first paragraph of a text, in one line.
pub(super) fn summary(doc: &str) -> String {
    let first = doc.split("\n\n").next().unwrap_or_default();
    first.lines().map(str::trim).collect::<Vec<_>>().join(" ").trim().to_owned()
}
