//! `iflux graph`: resources and what they need, for drawing programs.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::driver::Session;
use crate::graph::ResourceGraph;
use crate::network::{Picture, Spot};

use super::Outcome;
use super::args::ReportFormat;
use super::context::Context;
use super::errors::unknown_cluster;

/// Print the graph of resources and their references.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  iflux graph | dot -Tsvg > platform.svg
  iflux graph --format mermaid
  iflux graph --network --cluster prod-1 --format svg > network.svg")]
pub(super) struct Graph {
    /// A folder or a file of the project
    #[arg(default_value = ".")]
    path: PathBuf,
    /// The language of the drawing
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    format: Drawing,
    /// Draw who reaches whom on a cluster, as network policies say
    #[arg(long)]
    network: bool,
    /// The cluster whose network is drawn: the first on which something runs unless said otherwise
    #[arg(long, requires = "network", value_name = "NAME")]
    cluster: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, ValueEnum)]
enum Drawing {
    /// Graphviz
    #[default]
    Dot,
    /// Mermaid, which Markdown viewers draw
    Mermaid,
    /// One JSON object
    Json,
    /// A picture
    Svg,
}

impl Graph {
    pub(super) fn run(&self, context: &Context) -> Outcome {
        let world = match context.open(&self.path, ReportFormat::Human) {
            Ok(world) => world,
            Err(outcome) => return outcome,
        };
        let mut session = Session::load(&world);
        context.hide(&mut session);
        if self.network {
            return self.draw_network(context, &mut session);
        }
        let graph = session.graph();
        if session.has_errors() {
            context.report_session(&session, ReportFormat::Human, true);
            return Outcome::Errors;
        }
        if !context.has_program(&session, &self.path) {
            return Outcome::Misuse;
        }
        context.say(match self.format {
            Drawing::Dot => graph.to_dot(),
            Drawing::Mermaid => graph.to_mermaid(),
            Drawing::Json => graph.to_json(),
            Drawing::Svg => drawn(&graph).to_svg(),
        });
        Outcome::Clean
    }

    fn draw_network(&self, context: &Context, session: &mut Session) -> Outcome {
        session.check();
        if session.has_errors() {
            context.report_session(session, ReportFormat::Human, true);
            return Outcome::Errors;
        }
        if !context.has_program(session, &self.path) {
            return Outcome::Misuse;
        }
        let picture = match session.network(self.cluster.as_deref()) {
            Ok(picture) => picture,
            Err(known) => {
                let name = self.cluster.as_deref().unwrap_or_default();
                context.complain(&[unknown_cluster(
                    "graph --network",
                    name,
                    &known.into_iter().collect(),
                )]);
                return Outcome::Misuse;
            }
        };
        context.say(match self.format {
            Drawing::Dot => picture.to_dot(),
            Drawing::Mermaid => picture.to_mermaid(),
            Drawing::Json => picture.to_json(),
            Drawing::Svg => picture.to_svg(),
        });
        Outcome::Clean
    }
}

/// Resources as boxes, in the groups of their kinds.
fn drawn(graph: &ResourceGraph) -> Picture {
    let spots: Vec<Spot> = graph
        .nodes()
        .map(|node| Spot {
            namespace: (!node.external).then(|| node.kind.to_string()),
            name: node.address.clone(),
        })
        .collect();
    let place = |address: &str| spots.iter().position(|it| it.name == address);
    let arrows = graph
        .arrows()
        .into_iter()
        .filter_map(|(from, to, label)| Some((place(from)?, place(to)?, label.to_owned())));
    let arrows = arrows.collect();
    Picture { title: "who refers to whom".to_owned(), spots, arrows }
}
