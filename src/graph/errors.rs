//! What is said of graphs.

use crate::diag::{Code, Diagnostic};
use crate::source::Span;

/// A step of a loop: `from` refers to `to` at `span`.
pub(super) struct Hop<'a> {
    pub(super) from: &'a str,
    pub(super) to: &'a str,
    pub(super) span: Span,
}

/// Resources that need themselves.
pub const CYCLE: Code = Code::new("graph/cycle");

/// `hops` is the loop, which ends where it begins.
pub(super) fn cycle(hops: &[Hop<'_>]) -> Diagnostic {
    const MOST_LABELS: usize = 16;
    const MOST_NAMES: usize = 8;
    let title = match hops {
        [only] => format!("`{}` needs itself", only.from),
        _ => {
            let mut names: Vec<String> = hops.iter().map(|hop| hop.from.to_owned()).collect();
            names.extend(hops.first().map(|hop| hop.from.to_owned()));
            let left_out = names.len().saturating_sub(MOST_NAMES);
            if left_out > 0 {
                let kept = 3..names.len() - 3;
                let more = format!("({} more)", kept.len());
                names.splice(kept, [more]);
            }
            format!("resources that need one another: {}", names.join(" -> "))
        }
    };
    let mut found = Diagnostic::new(crate::diag::Level::Error, CYCLE, title);
    for (index, hop) in hops.iter().take(MOST_LABELS).enumerate() {
        let label = if hop.from == hop.to {
            format!("`{}` refers to itself here", hop.from)
        } else {
            format!("`{}` refers to `{}` here", hop.from, hop.to)
        };
        found = if index == 0 { found.at(hop.span, label) } else { found.because(hop.span, label) };
    }
    if let Some(more) = hops.len().checked_sub(MOST_LABELS).filter(|&more| more > 0) {
        found = found.help(format!("{more} more references close the loop"));
    }
    found.help("each resource is built after those that it needs: take one of these references out")
}
