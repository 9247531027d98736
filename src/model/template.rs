//! Text with holes that are filled when an alert fires, or a panel is drawn.

use crate::eval::Origin;
use crate::source::Sym;

/// A `later String`.
#[derive(Clone, PartialEq, Debug)]
pub struct Template<'a> {
    /// Its parts, in order.
    pub parts: Vec<TemplatePart<'a>>,
    /// What wrote it.
    pub origin: Origin,
}

/// A part of a template.
#[derive(Clone, PartialEq, Debug)]
pub enum TemplatePart<'a> {
    /// The target's own text: braces in it are a template.
    Source(&'a str),
    /// Text that means itself.
    Text(&'a str),
    /// Something known later.
    Hole(Hole<'a>),
    /// A hole, or a whole text where it is empty.
    Choice(Hole<'a>, Vec<TemplatePart<'a>>),
}

/// What a hole holds.
#[derive(Clone, PartialEq, Debug)]
pub enum Hole<'a> {
    /// `label.instance`: a label of the series.
    Label(Sym),
    /// `variable.node`: what the viewer of a dashboard picked.
    Variable(Sym),
    /// `value`: the value of the series.
    Value,
    /// A number that is known now, as an argument.
    Number(String),
    /// `humanize(value)`.
    Call(Function, Box<Hole<'a>>),
    /// `label.pod ?? "no pod"`: the hole, or the other where it is empty.
    Otherwise(Box<Hole<'a>>, Box<TemplatePart<'a>>),
}

macro_rules! functions {
    ($($variant:ident, $name:literal;)*) => {
        /// A function of `stdlib/prelude/later.iflux`.
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
        pub enum Function {
            $(#[doc = concat!("`", $name, "`.")] $variant,)*
        }

        impl Function {
            /// Every function.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// Its name.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// The function with a name.
            pub fn find(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|function| function.name() == name)
            }
        }
    };
}
functions! {
    Humanize, "humanize";
    Humanize1024, "humanize1024";
    HumanizeDuration, "humanize-duration";
    HumanizePercentage, "humanize-percentage";
    HumanizeTimestamp, "humanize-timestamp";
}

#[cfg(test)]
mod tests {
    use super::Function;

    #[test]
    fn the_library_declares_every_function() {
        let declared: Vec<_> = include_str!("../../stdlib/prelude/later.iflux")
            .lines()
            .filter_map(|line| line.strip_prefix("extern fn ")?.split_once('('))
            .map(|(name, _)| name)
            .collect();
        let known: Vec<_> = Function::ALL.iter().map(|function| function.name()).collect();
        assert_eq!(declared, known);
        assert_eq!(Function::find("humanize-duration"), Some(Function::HumanizeDuration));
        assert_eq!(Function::find("humanizeDuration"), None);
    }
}
