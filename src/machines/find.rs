//! A type by its name.

use super::table::{Type, Vendor};
use crate::diag::nearest;

/// What is known of a name.
#[derive(Clone, PartialEq, Debug)]
pub enum Lookup {
    /// The type.
    Found(Type),
    /// Its family is known, and has no such size.
    UnknownSize {
        /// The size of the family whose name is nearest.
        nearest: Option<&'static str>,
        /// All sizes of the family.
        sizes: Vec<&'static str>,
    },
    /// No table has its family, or its generation is newer than the table: nothing can be said of it.
    UnknownFamily,
}

/// A type by its name.
pub fn find(vendor: Vendor, name: &str) -> Lookup {
    if let Some(found) = vendor.types().iter().find(|it| it.name == name) {
        return Lookup::Found(*found);
    }
    let wanted = vendor.family_of(name);
    let family = || vendor.types().iter().filter(|it| it.family().eq_ignore_ascii_case(wanted));
    let newer = generation(vendor, name)
        .is_some_and(|own| family().all(|it| generation(vendor, it.name) < Some(own)));
    if newer || family().next().is_none() {
        return Lookup::UnknownFamily;
    }
    let sizes: Vec<_> = family().map(|it| it.name).collect();
    Lookup::UnknownSize { nearest: nearest(name, sizes.iter().copied()), sizes }
}

/// The generation in a name; none where the family's name has it, as with EC2.
fn generation(vendor: Vendor, name: &str) -> Option<u32> {
    if vendor != Vendor::Hetzner {
        return None;
    }
    let number = name.get(vendor.family_of(name).len()..)?;
    let is_number = number.len() == 2 && number.bytes().all(|it| it.is_ascii_digit());
    is_number.then(|| number.chars().next_back()?.to_digit(10))?
}

/// Who sells a type of this name.
pub fn sold_by(name: &str) -> Option<Vendor> {
    Vendor::ALL.into_iter().find(|vendor| matches!(find(*vendor, name), Lookup::Found(_)))
}

/// The families of a vendor, each once, in the order of its table.
pub fn families(vendor: Vendor) -> Vec<&'static str> {
    let mut all: Vec<&'static str> = vendor.types().iter().map(Type::family).collect();
    all.dedup();
    all
}

/// The smallest type of the same family, no smaller, that can be ordered in these locations, where another cannot.
pub fn successor(old: &Type, locations: &[&str]) -> Option<Type> {
    let at_least = |it: &&Type| it.cpu >= old.cpu && it.memory >= old.memory;
    let others = old.vendor.types().iter();
    others
        .filter(|it| it.family() == old.family() && it.is_sold(locations))
        .filter(at_least)
        .min_by_key(|it| it.size())
        .copied()
}

#[cfg(test)]
mod tests {
    use super::{Lookup, Vendor, families, find, sold_by, successor};
    use crate::machines::Arch;

    fn check(vendor: Vendor, name: &str, expected: (u32, u32, Option<u32>, Arch)) {
        let Lookup::Found(found) = find(vendor, name) else { panic!("{name}") };
        assert_eq!((found.cpu, found.memory, found.disk, found.arch), expected, "{name}");
    }

    #[test]
    fn types_have_what_their_vendor_states() {
        check(Vendor::Aws, "t3.nano", (2, 512, None, Arch::Amd64));
        check(Vendor::Aws, "m7i.large", (2, 8192, None, Arch::Amd64));
        check(Vendor::Aws, "m8g.metal-48xl", (192, 786_432, None, Arch::Arm64));
        check(Vendor::Aws, "c5.18xlarge", (72, 147_456, None, Arch::Amd64));
        check(Vendor::Hetzner, "cx32", (4, 8192, Some(80), Arch::Amd64));
        check(Vendor::Hetzner, "cax41", (16, 32768, Some(320), Arch::Arm64));
        check(Vendor::Hetzner, "cpx02", (1, 1024, None, Arch::Amd64));
    }

    #[test]
    fn a_size_that_its_family_lacks_has_a_nearest() {
        let near = |vendor, name| {
            let Lookup::UnknownSize { nearest, .. } = find(vendor, name) else { panic!("{name}") };
            nearest
        };
        assert_eq!(near(Vendor::Aws, "m7i.xlrge"), Some("m7i.xlarge"));
        assert_eq!(near(Vendor::Aws, "M7i.large"), Some("m7i.large"));
        assert_eq!(near(Vendor::Aws, "m7i"), None);
        assert_eq!(near(Vendor::Hetzner, "cx8"), None);
        assert_eq!(near(Vendor::Hetzner, "cax51"), Some("cax11"));
    }

    #[test]
    fn what_is_newer_than_the_table_is_not_known() {
        for (vendor, name) in [
            (Vendor::Aws, "m12z.large"),
            (Vendor::Aws, "cx32"),
            (Vendor::Hetzner, "m7i.large"),
            (Vendor::Hetzner, "cx24"),
            (Vendor::Hetzner, "zx21"),
        ] {
            assert_eq!(find(vendor, name), Lookup::UnknownFamily, "{name}");
        }
    }

    #[test]
    fn a_name_has_one_vendor() {
        assert_eq!(sold_by("cx32"), Some(Vendor::Hetzner));
        assert_eq!(sold_by("m7i.large"), Some(Vendor::Aws));
        assert_eq!(sold_by("m7i"), None);
        assert!(families(Vendor::Aws).contains(&"m8i-flex"));
        assert_eq!(families(Vendor::Hetzner), ["cx", "cpx", "cax", "ccx"]);
    }

    #[test]
    fn what_is_no_longer_sold_has_a_successor() {
        let Lookup::Found(old) = find(Vendor::Hetzner, "cx32") else { panic!("a type") };
        assert!(!old.is_sold(&[]));
        assert_eq!(successor(&old, &["fsn1"]).map(|it| it.name), Some("cx33"));
        assert_eq!(successor(&old, &["ash"]), None);
        let Lookup::Found(old) = find(Vendor::Hetzner, "cpx31") else { panic!("a type") };
        assert!(old.is_sold(&["ash", "hil"]) && !old.is_sold(&["ash", "fsn1"]));
        assert_eq!(successor(&old, &["fsn1", "nbg1"]).map(|it| it.name), Some("cpx32"));
    }
}
