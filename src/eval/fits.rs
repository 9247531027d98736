//! What tests may ask of room: somebody who knows it answers.

use std::fmt;
use std::sync::Arc;

use super::evaluator::Evaluator;

/// Knows what fits on each cluster.
pub trait Fits: fmt::Debug + Send + Sync {
    /// Whether what a namespace holds fits on a cluster; none where the namespace is not there.
    fn fits(&self, cluster: u32, namespace: u32) -> Option<bool>;
}

impl Evaluator<'_> {
    /// Lets tests ask.
    pub fn ask_of_room(&mut self, fits: Arc<dyn Fits>) {
        self.fits = Some(fits);
    }
}
