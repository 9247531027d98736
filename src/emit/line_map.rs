//! Which line of a file comes from where.

use crate::eval::Origin;

/// Hears of every line as it is written. The unit type hears nothing and costs nothing.
pub(super) trait Recorder {
    /// `count` further lines were ended; `origin` is that of the scalar on them.
    fn lines(&mut self, count: usize, origin: Origin);
    /// What follows belongs to the next manifest.
    fn next_manifest(&mut self);
}

impl Recorder for () {
    #[inline]
    fn lines(&mut self, _: usize, _: Origin) {}
    #[inline]
    fn next_manifest(&mut self) {}
}

/// Where one line comes from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct LineOrigin {
    /// The origin of the line's scalar; [`Origin::NONE`] on a line without one: a comment, a separator, the key
    /// above a map or list, an empty map or list.
    pub origin: Origin,
    /// Which manifest of the document the line belongs to, counted from 0. Lines before the first one belong
    /// to the first; a separator belongs to what follows it.
    pub manifest: u32,
}

/// For every line of a file, where it comes from.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct LineMap {
    origins: Vec<Origin>,
    /// For every manifest the number of lines above it.
    starts: Vec<u32>,
}

impl LineMap {
    /// The origin of a line; lines count from 1, as in `out/x.yaml:42`.
    pub fn at(&self, line: usize) -> Option<LineOrigin> {
        let above = line.checked_sub(1)?;
        let origin = *self.origins.get(above)?;
        let started = self.starts.partition_point(|&start| start as usize <= above);
        let manifest = u32::try_from(started.saturating_sub(1)).unwrap_or(u32::MAX);
        Some(LineOrigin { origin, manifest })
    }

    /// How many lines the file has.
    pub fn len(&self) -> usize {
        self.origins.len()
    }

    /// Whether the file has no line.
    pub fn is_empty(&self) -> bool {
        self.origins.is_empty()
    }
}

impl Recorder for LineMap {
    fn lines(&mut self, count: usize, origin: Origin) {
        self.origins.resize(self.origins.len() + count, origin);
    }

    fn next_manifest(&mut self) {
        self.starts.push(u32::try_from(self.origins.len()).unwrap_or(u32::MAX));
    }
}
