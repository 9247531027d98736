//! Where panels stand: from left to right in their order, each as high up as it fits.

/// Columns of a dashboard.
const COLUMNS: usize = 24;

/// Where a panel stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Spot {
    /// Columns to the left.
    pub(super) x: usize,
    /// Steps above.
    pub(super) y: usize,
    /// Columns.
    pub(super) width: usize,
    /// Steps.
    pub(super) height: usize,
}

/// A dashboard that fills up from above.
pub(super) struct Layout {
    /// How far down each column is taken.
    taken: [usize; COLUMNS],
    /// Where the next panel would begin.
    x: usize,
}

impl Layout {
    /// An empty dashboard.
    pub(super) const fn new() -> Self {
        Self { taken: [0; COLUMNS], x: 0 }
    }

    /// The place of the next panel. What does not fit beside the one before begins a line.
    pub(super) fn place(&mut self, width: usize, height: usize) -> Spot {
        let width = width.clamp(1, COLUMNS);
        if self.x + width > COLUMNS {
            self.x = 0;
        }
        let columns = self.taken.iter_mut().skip(self.x).take(width);
        let mut columns: Vec<&mut usize> = columns.collect();
        // Grafana moves a panel up as far as it goes: so it is there already.
        let y = columns.iter().map(|taken| **taken).max().unwrap_or(0);
        for taken in &mut columns {
            **taken = y + height;
        }
        let spot = Spot { x: self.x, y, width, height };
        self.x += width;
        spot
    }

    /// The place of a row's heading, below everything.
    pub(super) fn heading(&mut self) -> Spot {
        let y = self.taken.into_iter().max().unwrap_or(0);
        self.taken = [y + 1; COLUMNS];
        self.x = 0;
        Spot { x: 0, y, width: COLUMNS, height: 1 }
    }

    /// The same dashboard, of which only the heading of this row is seen.
    pub(super) fn folded(heading: Spot) -> Self {
        Self { taken: [heading.y + heading.height; COLUMNS], x: 0 }
    }
}

#[cfg(test)]
mod tests {
    use super::{COLUMNS, Layout, Spot};
    use proptest::prelude::*;

    fn check(sizes: &[(usize, usize)], expected: &[(usize, usize)]) {
        let mut layout = Layout::new();
        let spots: Vec<_> = sizes.iter().map(|&(w, h)| layout.place(w, h)).collect();
        let found: Vec<_> = spots.iter().map(|spot| (spot.x, spot.y)).collect();
        assert_eq!(found, expected, "{sizes:?}");
    }

    #[test]
    fn panels_fill_lines() {
        check(&[(12, 8), (12, 8), (12, 8)], &[(0, 0), (12, 0), (0, 8)]);
        check(&[(4, 4), (4, 4), (16, 8), (8, 4)], &[(0, 0), (4, 0), (8, 0), (0, 4)]);
        check(&[(16, 4), (16, 4)], &[(0, 0), (0, 4)]);
        check(&[(99, 4), (1, 1)], &[(0, 0), (0, 4)]);
    }

    const fn overlap(a: Spot, b: Spot) -> bool {
        a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height
    }

    proptest! {
        #[test]
        fn nothing_overlaps_and_nothing_can_move_up(
            sizes in prop::collection::vec((1..=24_usize, 1..20_usize, any::<bool>()), 1..40),
        ) {
            let mut layout = Layout::new();
            let mut spots: Vec<Spot> = Vec::new();
            for (width, height, after_heading) in sizes {
                if after_heading {
                    let heading = layout.heading();
                    prop_assert!(spots.iter().all(|spot| spot.y + spot.height <= heading.y));
                    spots.push(heading);
                }
                let spot = layout.place(width, height);
                prop_assert!(spot.x + spot.width <= COLUMNS);
                prop_assert_eq!((spot.width, spot.height), (width, height));
                prop_assert!(!spots.iter().any(|other| overlap(*other, spot)), "{spot:?} in {spots:?}");
                let stands = spot.y == 0
                    || spots.iter().any(|it| overlap(*it, Spot { y: spot.y - 1, ..spot }));
                prop_assert!(stands, "{spot:?} floats above {spots:?}");
                spots.push(spot);
            }
        }
    }
}
