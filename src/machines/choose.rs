//! The smallest type that suffices.

use super::table::{Arch, Type, Vendor};

/// What a machine must have.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    /// At least so many cores.
    pub cpu: u32,
    /// At least so much memory, in MiB.
    pub memory: u32,
    /// At least such a disk, in GiB, where a type brings its own.
    pub disk: u32,
    /// This processor, if it matters.
    pub arch: Option<Arch>,
    /// It can be ordered in all of these locations.
    pub locations: &'a [&'a str],
}

impl Wanted<'_> {
    /// Whether a type is large enough.
    pub fn is_met_by(&self, found: &Type) -> bool {
        found.cpu >= self.cpu
            && found.memory >= self.memory
            && found.disk.is_none_or(|disk| disk >= self.disk)
    }

    fn may_be(&self, found: &Type) -> bool {
        self.arch.is_none_or(|arch| arch == found.arch) && found.is_sold(self.locations)
    }
}

/// The smallest type of these families with at least what is wanted: the fewest cores, then the least memory, then the
/// earliest family, then the first in the table. What can no longer be ordered is never chosen.
pub fn smallest(vendor: Vendor, families: &[&str], wanted: &Wanted<'_>) -> Option<Type> {
    candidates(vendor, families, wanted)
        .filter(|(_, it)| wanted.is_met_by(it))
        .min_by_key(|(rank, it)| (it.size(), *rank))
        .map(|(_, it)| it)
}

/// The type of these families that comes nearest to what is wanted, where none suffices: the most cores if none has enough,
/// else the most memory, else the largest disk, among those with enough of what comes before.
pub fn closest(vendor: Vendor, families: &[&str], wanted: &Wanted<'_>) -> Option<Type> {
    let all: Vec<Type> = candidates(vendor, families, wanted).map(|(_, it)| it).collect();
    let enough_cpu: Vec<Type> = all.iter().filter(|it| it.cpu >= wanted.cpu).copied().collect();
    if enough_cpu.is_empty() {
        return all.into_iter().rev().max_by_key(Type::size);
    }
    let enough: Vec<Type> =
        enough_cpu.iter().filter(|it| it.memory >= wanted.memory).copied().collect();
    if enough.is_empty() {
        return enough_cpu.into_iter().rev().max_by_key(|it| it.memory);
    }
    enough.into_iter().rev().max_by_key(|it| it.disk)
}

/// Types of the families that may be ordered, with the rank of their family.
fn candidates<'a>(
    vendor: Vendor,
    families: &'a [&'a str],
    wanted: &'a Wanted<'a>,
) -> impl Iterator<Item = (usize, Type)> + 'a {
    vendor.types().iter().filter_map(move |it| {
        let rank = families.iter().position(|family| *family == it.family())?;
        wanted.may_be(it).then_some((rank, *it))
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::sample::{select, subsequence};

    use super::{Arch, Type, Vendor, Wanted, closest, smallest};
    use crate::machines::families;

    fn check(vendor: Vendor, families: &[&str], wanted: Wanted<'_>, expected: Option<&str>) {
        assert_eq!(smallest(vendor, families, &wanted).map(|it| it.name), expected, "{wanted:?}");
    }

    const fn wanted(cpu: u32, memory: u32) -> Wanted<'static> {
        Wanted { cpu, memory, disk: 0, arch: None, locations: &[] }
    }

    #[test]
    fn the_smallest_that_suffices() {
        check(Vendor::Aws, &["m7i", "c7i"], wanted(2, 4096), Some("c7i.large"));
        check(Vendor::Aws, &["m7i", "c7i"], wanted(4, 16384), Some("m7i.xlarge"));
        check(Vendor::Aws, &["m7a", "m7i"], wanted(4, 16384), Some("m7a.xlarge"));
        check(Vendor::Aws, &["m7i"], wanted(96, 1), Some("m7i.24xlarge"));
        check(Vendor::Aws, &["m7i"], wanted(193, 1), None);
        check(Vendor::Hetzner, &["cx", "cpx"], wanted(4, 8192), Some("cx33"));
        check(Vendor::Hetzner, &["cpx"], wanted(3, 4096), Some("cpx21"));
        let there = Wanted { locations: &["fsn1"], ..wanted(3, 4096) };
        check(Vendor::Hetzner, &["cpx"], there, Some("cpx32"));
        let roomy = Wanted { disk: 200, ..wanted(2, 4096) };
        check(Vendor::Hetzner, &["cx"], roomy, Some("cx53"));
        let arm = Wanted { arch: Some(Arch::Arm64), ..wanted(2, 4096) };
        check(Vendor::Hetzner, &["cx", "cax"], arm, Some("cax11"));
    }

    #[test]
    fn where_none_suffices_the_closest_is_told() {
        let check = |families: &[&str], wanted: Wanted<'_>, expected: &str| {
            let found = closest(Vendor::Hetzner, families, &wanted).map(|it| it.name);
            assert_eq!(found, Some(expected), "{wanted:?}");
        };
        check(&["cx", "ccx"], wanted(64, 4096), "ccx63");
        check(&["cx", "cpx"], wanted(4, 65536), "cx53");
        check(&["cx"], Wanted { disk: 500, ..wanted(2, 4096) }, "cx53");
    }

    /// The rule, written as a search through everything.
    fn suffices(it: &Type, families: &[&str], wanted: &Wanted<'_>) -> bool {
        families.contains(&it.family())
            && it.cpu >= wanted.cpu
            && it.memory >= wanted.memory
            && it.disk.is_none_or(|disk| disk >= wanted.disk)
            && wanted.arch.is_none_or(|arch| arch == it.arch)
            && it.locations().is_none_or(|sold| {
                !sold.is_empty() && wanted.locations.iter().all(|place| sold.contains(place))
            })
    }

    fn vendor_and_families() -> impl Strategy<Value = (Vendor, Vec<&'static str>)> {
        select(&Vendor::ALL[..]).prop_flat_map(|vendor| {
            let all = families(vendor);
            let most = all.len().min(6);
            (Just(vendor), subsequence(all, 1..=most).prop_shuffle())
        })
    }

    fn machine() -> impl Strategy<Value = Wanted<'static>> {
        let places: &[&[&str]] = &[&[], &["fsn1"], &["ash"], &["nbg1", "sin"]];
        let arch = select(&[None, Some(Arch::Amd64), Some(Arch::Arm64)][..]);
        let small = (1..64_u32, 1..200_000_u32, 0..700_u32, arch, select(places));
        small.prop_map(|(cpu, memory, disk, arch, locations)| Wanted {
            cpu,
            memory,
            disk,
            arch,
            locations,
        })
    }

    proptest! {
        #[test]
        fn nothing_smaller_suffices((vendor, families) in vendor_and_families(), wanted in machine()) {
            let all = || vendor.types().iter().filter(|it| suffices(it, &families, &wanted));
            match smallest(vendor, &families, &wanted) {
                None => prop_assert_eq!(all().next(), None),
                Some(chosen) => {
                    prop_assert!(suffices(&chosen, &families, &wanted));
                    prop_assert!(all().all(|it| it.size() >= chosen.size()));
                    let rank = |it: &Type| families.iter().position(|family| *family == it.family());
                    prop_assert!(all().all(|it| it.size() > chosen.size() || rank(it) >= rank(&chosen)));
                }
            }
        }

        #[test]
        fn who_asks_for_more_gets_no_less(
            (vendor, families) in vendor_and_families(),
            wanted in machine(),
            more in (0..8_u32, 0..20_000_u32, 0..100_u32),
        ) {
            let larger = Wanted {
                cpu: wanted.cpu + more.0,
                memory: wanted.memory + more.1,
                disk: wanted.disk + more.2,
                ..wanted
            };
            let before = smallest(vendor, &families, &wanted);
            if let Some(after) = smallest(vendor, &families, &larger) {
                prop_assert!(before.is_some_and(|before| before.size() <= after.size()));
            }
        }

        #[test]
        fn the_closest_is_told_where_none_suffices(
            (vendor, families) in vendor_and_families(),
            wanted in machine(),
        ) {
            if smallest(vendor, &families, &wanted).is_none()
                && let Some(found) = closest(vendor, &families, &wanted)
            {
                prop_assert!(families.contains(&found.family()) && !wanted.is_met_by(&found));
            }
        }
    }
}
