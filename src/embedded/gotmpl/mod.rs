//! Templates of Go's `text/template`, as Prometheus, Argo CD and Cluster API read them.
//!
//! * **Takes** a text, the places of what is filled in before, and a [`Context`]: whose template it is, and what it sees.
//! * **Gives** [`Problem`]s with their places in the text; what a template [`reads`]; what one of Prometheus [prints](render).
//! * **Owns** the grammar of actions (`grammar/gotmpl.pest`) and the tables of functions.
//! * **Never** refuses what the engine would render, but for `{{ x | }}`: something is left out.
//! * **Read first** `scan.rs`, `tree.rs`, then `check.rs`.

mod action;
mod build;
mod call;
mod check;
mod context;
mod errors;
mod functions;
mod kind;
mod literal;
mod problem;
mod reads;
mod render;
mod scan;
mod tree;

use std::sync::{Arc, LazyLock};

use super::memo::Memo;

pub use context::{Context, Engine, Labels, Parameter, Parameters};
pub use errors::{
    ARGUMENTS, GO_TEMPLATE, HOLE_IN_ACTION, MISMATCH, UNKNOWN_FIELD, UNKNOWN_FUNCTION,
    UNKNOWN_TEMPLATE, UNKNOWN_VARIABLE,
};
pub use problem::Problem;
pub use reads::{Read, Reads, Usage, reads};
pub use render::{Ask, Firing, Pairs, Unrendered, render};

/// What stands in a text for a hole: no template holds this letter, so nothing around it is joined.
pub const HOLE: char = '\u{1a}';

/// Most findings about one text: nobody reads more.
const MOST: usize = 20;

/// Whether a text holds anything that a template engine would read.
pub fn is_template(text: &str) -> bool {
    text.contains("{{")
}

/// Reads and checks a template. `holes` are the places in it where another language has put its values: they may stand
/// between actions only.
pub fn check(text: &str, holes: &[u32], context: &Context) -> Vec<Problem> {
    let built = built(text, holes);
    let (tree, mut problems) = (&built.0, built.1.clone());
    check::check(text, tree, context, &mut problems);
    problems.sort_by_key(|problem| (problem.at.start, problem.at.end));
    problems.truncate(MOST);
    problems
}

/// The tree of a template, and what cannot be read. The texts of an alert are judged on each cluster, and are the same there.
fn built(text: &str, holes: &[u32]) -> Built {
    static BUILT: LazyLock<Memo<Vec<u32>, Built>> = LazyLock::new(Memo::default);
    BUILT.get(holes.to_vec(), text, || {
        let mut problems = Vec::new();
        let tree = build::build(text, holes, &mut problems);
        Arc::new((tree, problems))
    })
}

/// A template that was read.
type Built = Arc<(tree::Tree, Vec<Problem>)>;

#[cfg(test)]
mod tests;
