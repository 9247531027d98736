//! Messages about what Argo CD makes of objects, by subject.

pub(super) mod app;
pub(super) mod appset;
pub(super) mod charts;
pub(super) mod folder;
pub(super) mod names;
pub(super) mod projects;
pub(super) mod secrets;
pub(super) mod waves;
