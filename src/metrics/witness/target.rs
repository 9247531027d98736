//! Numbers that a comparison with a number lets through, or does not.

use crate::embedded::promql::BinaryOp;

/// Numbers `x` for which `x op bound` is true, the nicest first. `span` is the length of the scene in seconds: what is compared
/// with the time has to hold for all of it. `others` are numbers that may bound it on the other side.
pub(super) fn passing(op: BinaryOp, bound: f64, span: f64, others: &[f64]) -> Vec<f64> {
    let mut found = match op {
        BinaryOp::Gt | BinaryOp::Ge => above(bound, span),
        BinaryOp::Lt | BinaryOp::Le => below(bound, span),
        BinaryOp::Eq => vec![bound],
        BinaryOp::Ne => vec![bound + 1.0, 0.0, 1.0, bound - 1.0],
        _ => Vec::new(),
    };
    let between = others.iter().filter(|other| **other != bound).map(|other| (other + bound) / 2.0);
    let at = found.len().min(1);
    found.splice(at..at, between);
    if matches!(op, BinaryOp::Ge | BinaryOp::Le) {
        found.push(bound);
    }
    found.retain(|x| op.on_numbers(*x, bound).is_some_and(|truth| truth > 0.0));
    found.dedup();
    found
}

/// Numbers `x` for which `x op bound` is false, the nearest first.
pub(super) fn failing(op: BinaryOp, bound: f64, span: f64) -> Vec<f64> {
    let mut found = match op {
        BinaryOp::Gt => vec![bound],
        BinaryOp::Lt => vec![bound],
        BinaryOp::Ge | BinaryOp::Eq => Vec::new(),
        BinaryOp::Le => Vec::new(),
        BinaryOp::Ne => vec![bound],
        _ => Vec::new(),
    };
    match op {
        BinaryOp::Gt | BinaryOp::Ge => found.extend(below(bound, span)),
        BinaryOp::Lt | BinaryOp::Le => found.extend(above(bound, span)),
        BinaryOp::Eq => found.extend([bound + 1.0, bound - 1.0, 0.0, 1.0]),
        _ => {}
    }
    found.retain(|x| op.on_numbers(*x, bound).is_some_and(|truth| truth == 0.0));
    found.dedup();
    found
}

fn above(bound: f64, span: f64) -> Vec<f64> {
    let mut found = Vec::new();
    if bound > 0.0 && bound < 1.0 {
        found.push((bound + 1.0) / 2.0);
        if bound < 0.1 {
            found.push(bound * 2.0);
        }
    }
    if bound < 0.0 {
        found.extend([0.0, 1.0, bound / 2.0]);
    }
    if bound >= 1.0 {
        found.push((bound * 1.5).ceil());
        found.push(bound + 1.0);
    }
    if bound == 0.0 {
        found.extend([1.0, 10.0, 100.0]);
    }
    found.extend([bound + 1.0, bound * 2.0, bound * 10.0]);
    // What a moment lies behind: no more than the scene is long.
    if span > bound {
        found.push((bound + span) / 2.0);
    }
    found.extend([bound + 2.0 * span, bound + 10.0 * span]);
    found
}

fn below(bound: f64, span: f64) -> Vec<f64> {
    let mut found = Vec::new();
    if bound > 1.0 {
        found.push((bound / 2.0).floor());
        found.push(bound - 1.0);
    }
    if bound > 0.0 {
        found.extend([bound / 2.0, 0.0, bound / 10.0]);
    }
    if bound < 0.0 {
        found.extend([bound * 1.5, bound * 2.0]);
    }
    found.extend([bound - 1.0, bound - 10.0, bound - 2.0 * span]);
    found
}

/// The comparison with its sides exchanged.
pub(super) const fn mirrored(op: BinaryOp) -> BinaryOp {
    match op {
        BinaryOp::Gt => BinaryOp::Lt,
        BinaryOp::Lt => BinaryOp::Gt,
        BinaryOp::Ge => BinaryOp::Le,
        BinaryOp::Le => BinaryOp::Ge,
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::{failing, passing};
    use crate::embedded::promql::BinaryOp;

    #[test]
    fn numbers_pass_or_fail() {
        let ops =
            [BinaryOp::Gt, BinaryOp::Lt, BinaryOp::Ge, BinaryOp::Le, BinaryOp::Eq, BinaryOp::Ne];
        for op in ops {
            for bound in [0.0, 0.01, 0.8, 1.0, 3.0, 86_400.0, -5.0, -0.05] {
                let (yes, no) = (passing(op, bound, 600.0, &[7.0]), failing(op, bound, 600.0));
                assert!(!yes.is_empty() && !no.is_empty(), "{op:?} {bound}");
                assert!(yes.iter().all(|x| op.on_numbers(*x, bound) == Some(1.0)));
                assert!(no.iter().all(|x| op.on_numbers(*x, bound) == Some(0.0)));
            }
        }
        assert_eq!(failing(BinaryOp::Gt, 0.8, 60.0).first(), Some(&0.8));
    }
}
