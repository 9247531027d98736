//! What lives outside of the clusters.

use super::{Map, Of};
use crate::source::Sym;

/// `kind Service`.
#[derive(Clone, PartialEq, Debug)]
pub struct Service<'a> {
    /// The block's own name.
    pub name: Of<Sym>,
    /// The name by which it is found.
    pub host: Option<Of<&'a str>>,
    /// Its ports.
    pub port: Map<OutsidePort>,
    /// The ranges that its addresses lie in.
    pub addresses: Vec<Of<&'a str>>,
}

/// `schema OutsidePort`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct OutsidePort {
    /// The port's own name.
    pub name: Of<Sym>,
    /// Its number.
    pub number: Of<i64>,
    /// `tcp`, `udp` or `sctp`.
    pub protocol: Of<Sym>,
}
