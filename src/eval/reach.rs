//! What tests may ask of the network: somebody who knows it answers.

use std::fmt;
use std::sync::Arc;

use super::evaluator::Evaluator;

/// What is reached.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Reached<'r> {
    /// The resource, by its block.
    pub block: u32,
    /// The port: what is spoken, and its number; that of a database where there is none.
    pub port: Option<(&'r str, u16)>,
}

/// Knows who reaches whom on each cluster.
pub trait Reach: fmt::Debug + Send + Sync {
    /// Whether the pods of a resource reach a port on a cluster; none where one of them is not known there.
    fn reaches(&self, cluster: u32, from: u32, to: Reached<'_>) -> Option<bool>;

    /// The resources whose pods reach a port on a cluster, by name.
    fn callers(&self, cluster: u32, to: Reached<'_>) -> Vec<u32>;
}

impl Evaluator<'_> {
    /// Lets tests ask.
    pub fn ask_of_network(&mut self, reach: Arc<dyn Reach>) {
        self.reach = Some(reach);
    }
}
