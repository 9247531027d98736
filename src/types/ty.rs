//! Types, interned: equal types are equal numbers.

use rustc_hash::FxHashMap;

use super::computed::Computing;
use super::refine::Refinement;
use super::schema::SchemaId;
use crate::embedded::{Dimension, Language};
use crate::resolve::DefId;
use crate::source::Sym;

/// A type.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct Ty(u32);

/// What a type is.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum TyKind {
    /// Something is wrong elsewhere: fits everything, reports nothing.
    Unknown,
    /// `Bool`.
    Bool,
    /// `Int`.
    Int,
    /// `Float`.
    Float,
    /// `String`.
    String,
    /// `Duration`, `Bytes`, `Cpu`, `Percent`.
    Quantity(Dimension),
    /// `Range<T>`.
    Range(Ty),
    /// `[T]`.
    List(Ty),
    /// `{K: V}`.
    Map(Ty, Ty),
    /// `T?`.
    Optional(Ty),
    /// `"deny"`.
    Literal(Sym),
    /// `A | B`, flat, in the order written.
    Union(Box<[Ty]>),
    /// A record of this schema.
    Schema(SchemaId),
    /// A reference to a resource of this kind.
    Ref(DefId),
    /// A reference to a resource of a kind with members, of which it is known which one it is.
    Member(DefId, SchemaId),
    /// Text that another language reads.
    Text(TextKind),
    /// `Object`: a Kubernetes kind as a value.
    Object,
    /// `Resource`: a reference to a resource of any kind.
    Resource,
    /// `Type`: a schema as a value.
    Type,
    /// `Data`: any nesting of scalars, lists and string-keyed maps.
    Data,
    /// `later T of Alert`: the type, and the schema that stages such values.
    Later(Ty, SchemaId),
    /// `labels-of(expr)`: a record whose fields are computed from this field of the same block.
    Computed(Computing, Sym),
    /// What a generator gives to each thing that it finds: index into [`super::Types::parameters`].
    Parameters(u32),
    /// A named type: what it means, and the name to show.
    Alias(DefId, Ty),
    /// A type with a refinement.
    Refined(Ty, Refinement),
    /// `here`.
    Here,
    /// The open end of a range.
    None,
    /// The map of all resources of a kind: the kind's keyword.
    Keyword(DefId),
    /// A type variable of an `extern fn`; a call says what it stands for.
    Var(Sym),
}

/// Refined text: what reads it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum TextKind {
    /// DNS-1123 label.
    Name,
    /// DNS name.
    Host,
    /// IP address.
    Ip,
    /// Network in CIDR form.
    Cidr,
    /// URL.
    Url,
    /// Version.
    Version,
    /// Image reference.
    Image,
    /// Path pattern.
    Glob,
    /// RE2.
    Regex,
    /// Five fields or a macro.
    Cron,
    /// PromQL.
    PromQl,
    /// A policy of Open Policy Agent.
    Rego,
    /// CEL.
    Cel,
    /// A script of a POSIX shell.
    Shell,
}

impl TextKind {
    /// Every kind with its name in the language.
    pub const ALL: &'static [(Self, &'static str)] = &[
        (Self::Name, "Name"),
        (Self::Host, "Host"),
        (Self::Ip, "Ip"),
        (Self::Cidr, "Cidr"),
        (Self::Url, "Url"),
        (Self::Version, "Version"),
        (Self::Image, "Image"),
        (Self::Glob, "Glob"),
        (Self::Regex, "Regex"),
        (Self::Cron, "Cron"),
        (Self::PromQl, "PromQL"),
        (Self::Rego, "Rego"),
        (Self::Cel, "Cel"),
        (Self::Shell, "Shell"),
    ];

    /// The language that reads it.
    pub const fn language(self) -> Language {
        match self {
            Self::Name => Language::Name,
            Self::Host => Language::Host,
            Self::Ip => Language::Ip,
            Self::Cidr => Language::Cidr,
            Self::Url => Language::Url,
            Self::Version => Language::Version,
            Self::Image => Language::Image,
            Self::Glob => Language::Glob,
            Self::Regex => Language::Regex,
            Self::Cron => Language::Cron,
            Self::PromQl => Language::PromQl,
            Self::Rego => Language::Rego,
            Self::Cel => Language::Cel,
            Self::Shell => Language::Shell,
        }
    }

    /// Its name in the language.
    pub fn word(self) -> &'static str {
        Self::ALL.iter().find(|(kind, _)| *kind == self).map_or("String", |(_, word)| word)
    }
}

/// All types of a run.
#[derive(Debug)]
pub struct Tys {
    kinds: Vec<TyKind>,
    ids: FxHashMap<TyKind, Ty>,
}

impl Default for Tys {
    fn default() -> Self {
        let mut tys = Self { kinds: Vec::new(), ids: FxHashMap::default() };
        // The order is that of the constants below.
        for kind in [TyKind::Unknown, TyKind::Bool, TyKind::Int, TyKind::Float, TyKind::String] {
            tys.intern(kind);
        }
        tys
    }
}

impl Tys {
    /// `Unknown`.
    pub const UNKNOWN: Ty = Ty(0);
    /// `Bool`.
    pub const BOOL: Ty = Ty(1);
    /// `Int`.
    pub const INT: Ty = Ty(2);
    /// `Float`.
    pub const FLOAT: Ty = Ty(3);
    /// `String`.
    pub const STRING: Ty = Ty(4);

    /// The type of a kind.
    pub fn intern(&mut self, kind: TyKind) -> Ty {
        if let Some(&ty) = self.ids.get(&kind) {
            return ty;
        }
        let ty = Ty(u32::try_from(self.kinds.len()).unwrap_or(0));
        self.kinds.push(kind.clone());
        self.ids.insert(kind, ty);
        ty
    }

    /// What a type is, as written.
    pub fn kind(&self, ty: Ty) -> &TyKind {
        self.kinds.get(ty.0 as usize).unwrap_or(&TyKind::Unknown)
    }

    /// What a type is without its name and refinement.
    pub fn core(&self, ty: Ty) -> &TyKind {
        self.kind(self.strip(ty))
    }

    /// A type without its name and refinement.
    pub fn strip(&self, mut ty: Ty) -> Ty {
        while let TyKind::Alias(_, inner) | TyKind::Refined(inner, _) = self.kind(ty) {
            ty = *inner;
        }
        ty
    }

    /// A type without its name, refinement, and optionality.
    pub fn present(&self, ty: Ty) -> Ty {
        let mut ty = self.strip(ty);
        while let TyKind::Optional(inner) = self.kind(ty) {
            ty = self.strip(*inner);
        }
        ty
    }

    /// A type without its optionality; its name and refinement stay where they can.
    pub fn unwrapped(&self, ty: Ty) -> Ty {
        match self.core(ty) {
            TyKind::Optional(inner) => self.unwrapped(*inner),
            _ => ty,
        }
    }

    /// The union of some types; none of them is no type.
    pub fn one_of(&mut self, members: &[Ty]) -> Option<Ty> {
        match members {
            [] => None,
            [one] => Some(*one),
            _ => Some(self.intern(TyKind::Union(members.into()))),
        }
    }

    /// Whether a value of the type may be absent.
    pub fn is_optional(&self, ty: Ty) -> bool {
        matches!(self.core(ty), TyKind::Optional(_))
    }

    /// The members of a union, or the type itself; names and refinements are looked through.
    pub fn members(&self, ty: Ty) -> Vec<Ty> {
        let ty = self.present(ty);
        match self.kind(ty) {
            TyKind::Union(members) => members.iter().flat_map(|&m| self.members(m)).collect(),
            _ => vec![ty],
        }
    }

    /// The texts of a union of literals, if it is one.
    pub fn literals(&self, ty: Ty) -> Option<Vec<Sym>> {
        self.members(ty)
            .into_iter()
            .map(|member| match self.kind(member) {
                TyKind::Literal(sym) => Some(*sym),
                _ => None,
            })
            .collect()
    }

    /// The type as the language writes it; `name` gives the names of definitions and schemas.
    pub fn show(&self, ty: Ty, name: &dyn Fn(Named) -> Sym) -> String {
        match self.kind(ty) {
            TyKind::Unknown => "?".to_owned(),
            TyKind::Bool => "Bool".to_owned(),
            TyKind::Int => "Int".to_owned(),
            TyKind::Float => "Float".to_owned(),
            TyKind::String => "String".to_owned(),
            TyKind::Quantity(dimension) => dimension.type_name().to_owned(),
            TyKind::Range(of) => format!("Range<{}>", self.show(*of, name)),
            TyKind::List(of) => format!("[{}]", self.show(*of, name)),
            TyKind::Map(key, value) => {
                format!("{{{}: {}}}", self.show(*key, name), self.show(*value, name))
            }
            TyKind::Optional(of) => format!("{}?", self.show(*of, name)),
            TyKind::Literal(text) => format!("\"{text}\""),
            TyKind::Union(members) => {
                let members: Vec<String> = members.iter().map(|&m| self.show(m, name)).collect();
                members.join(" | ")
            }
            TyKind::Schema(schema) => name(Named::Schema(*schema)).to_string(),
            TyKind::Member(kind, schema) => {
                format!("{} : {}", name(Named::Def(*kind)), name(Named::Schema(*schema)))
            }
            TyKind::Ref(def) => name(Named::Def(*def)).to_string(),
            TyKind::Text(kind) => kind.word().to_owned(),
            TyKind::Object => "Object".to_owned(),
            TyKind::Resource => "Resource".to_owned(),
            TyKind::Type => "Type".to_owned(),
            TyKind::Data => "Data".to_owned(),
            TyKind::Later(of, context) => {
                format!("later {} of {}", self.show(*of, name), name(Named::Schema(*context)))
            }
            TyKind::Computed(computing, source) => format!("{}({source})", computing.word()),
            TyKind::Parameters(_) => "parameters".to_owned(),
            TyKind::Alias(def, _) => name(Named::Def(*def)).to_string(),
            TyKind::Refined(of, refinement) => {
                format!("{}{}", self.show(*of, name), refinement.show())
            }
            TyKind::Here => "the target at hand".to_owned(),
            TyKind::None => "none".to_owned(),
            TyKind::Var(name) => name.to_string(),
            TyKind::Keyword(def) => format!("all resources of kind {}", name(Named::Def(*def))),
        }
    }
}

/// What [`Tys::show`] needs the name of.
#[derive(Clone, Copy, Debug)]
pub enum Named {
    /// A schema.
    Schema(SchemaId),
    /// A kind or type.
    Def(DefId),
}
