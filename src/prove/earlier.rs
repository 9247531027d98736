//! What an earlier build said of clusters.

use rustc_hash::FxHashMap;

/// What an earlier build said of clusters, as far as it could be read.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Earlier {
    /// The revision that it was read from; none for the output as it lies there.
    pub revision: Option<String>,
    /// The clusters, by name.
    pub clusters: FxHashMap<String, Before>,
}

/// What it said of a cluster.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Before {
    /// The file, as shown to people.
    pub path: String,
    /// The Kubernetes version.
    pub version: Option<Seen>,
    /// The addresses of pods.
    pub pods: Option<Seen>,
    /// The addresses of services.
    pub services: Option<Seen>,
    /// The domain of services.
    pub domain: Option<Seen>,
    /// The address of the API server.
    pub endpoint: Option<Seen>,
    /// The ClusterClass that it was made of.
    pub class: Option<Seen>,
    /// The control plane that it named itself, where it was made of plain objects.
    pub control_plane: Option<Seen>,
}

/// A text, and where it stands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Seen {
    /// The text.
    pub text: String,
    /// Its line, from 1.
    pub line: u32,
}
