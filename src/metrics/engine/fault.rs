//! Why a query has no value.

use std::fmt;

/// Why a query has no value.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Fault {
    /// It costs more than the limits allow.
    TooMuch,
    /// It is nested deeper than the limits allow.
    TooDeep,
    /// A result holds two series with the same labels.
    Duplicate {
        /// The labels.
        labels: String,
    },
    /// Several series of the side that must have one match.
    ManyToMany {
        /// What the operator looks at.
        group: String,
        /// One series.
        one: String,
        /// The other.
        other: String,
    },
    /// Several series match one, without `group_left` or `group_right`.
    ManyToOne {
        /// What the operator looks at.
        group: String,
    },
    /// Something that is not computed here: its name.
    Refused(String),
    /// An argument that the function cannot use: what is wrong.
    Argument(String),
    /// A value of the wrong type, which no checked query has.
    Type(&'static str),
}

impl fmt::Display for Fault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooMuch => out.write_str("it takes more steps than are allowed"),
            Self::TooDeep => out.write_str("it is nested too deep"),
            Self::Duplicate { labels } => {
                write!(out, "it yields two series with the labels `{labels}`")
            }
            Self::ManyToMany { group, one, other } => {
                write!(
                    out,
                    "both `{one}` and `{other}` stand for `{group}` on the side that must have one series"
                )
            }
            Self::ManyToOne { group } => {
                write!(
                    out,
                    "several series match for `{group}`, and neither `group_left` nor `group_right` is written"
                )
            }
            Self::Refused(what) => write!(out, "{what} is not computed here"),
            Self::Argument(what) => out.write_str(what),
            Self::Type(what) => write!(out, "{what} stands where another type is needed"),
        }
    }
}
