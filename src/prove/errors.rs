//! The messages of this room, by subject.

pub(super) mod cni;
