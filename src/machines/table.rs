//! The tables: a line a type, read when the first type is asked for.

use std::sync::OnceLock;

const AWS: &str = include_str!("../../stdlib/catalog/machines/aws.txt");
const HETZNER: &str = include_str!("../../stdlib/catalog/machines/hetzner.txt");

/// Who sells machines by type.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Vendor {
    /// Amazon EC2: `m7i.large`.
    Aws,
    /// Hetzner Cloud: `cpx32`.
    Hetzner,
}

impl Vendor {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Aws, Self::Hetzner];

    /// The provider of the language that uses its types.
    pub const fn provider(self) -> &'static str {
        match self {
            Self::Aws => "Aws",
            Self::Hetzner => "Hetzner",
        }
    }

    /// What it calls itself.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Aws => "EC2",
            Self::Hetzner => "Hetzner Cloud",
        }
    }

    /// The family in a type's name: `m7i` of `m7i.large`, `cpx` of `cpx32`. The name itself where it has no size.
    pub fn family_of(self, name: &str) -> &str {
        let end = match self {
            Self::Aws => name.find('.'),
            Self::Hetzner => name.find(|c: char| c.is_ascii_digit()),
        };
        end.and_then(|end| name.get(..end)).unwrap_or(name)
    }

    /// Its types, in the order of the table: families in theirs, sizes from small to large.
    pub(in crate::machines) fn types(self) -> &'static [Type] {
        static TYPES: [OnceLock<Vec<Type>>; 2] = [OnceLock::new(), OnceLock::new()];
        let (cell, text) = match self {
            Self::Aws => (&TYPES[0], AWS),
            Self::Hetzner => (&TYPES[1], HETZNER),
        };
        cell.get_or_init(|| rows(text).filter_map(|row| Type::read(self, row)).collect())
    }
}

fn rows(text: &'static str) -> impl Iterator<Item = &'static str> {
    text.lines().filter(|line| !line.starts_with('#'))
}

/// What a machine's processor runs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Arch {
    /// x86 with 64 bits.
    Amd64,
    /// ARM with 64 bits.
    Arm64,
}

impl Arch {
    /// The label's value: `amd64` of `kubernetes.io/arch`.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Amd64 => "amd64",
            Self::Arm64 => "arm64",
        }
    }
}

/// A machine type.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Type {
    /// Who sells it.
    pub vendor: Vendor,
    /// Its name.
    pub name: &'static str,
    /// What its processor runs.
    pub arch: Arch,
    /// vCPUs.
    pub cpu: u32,
    /// Memory, in MiB, before the kernel and the kubelet take theirs.
    pub memory: u32,
    /// The disk that comes with it, in GiB; none where it is chosen beside the type, or not known.
    pub disk: Option<u32>,
    /// The locations that sell it, with commas; none where the table does not tell them apart.
    sold: Option<&'static str>,
}

impl Type {
    fn read(vendor: Vendor, row: &'static str) -> Option<Self> {
        let mut words = row.split(' ');
        let name = words.next()?;
        let arch = match words.next()? {
            "amd64" => Arch::Amd64,
            "arm64" => Arch::Arm64,
            _ => return None,
        };
        let cpu = words.next()?.parse().ok()?;
        let memory = words.next()?.parse().ok()?;
        let disk = match words.next() {
            None | Some("?") => None,
            Some(disk) => Some(disk.parse().ok()?),
        };
        let sold = words.next();
        words.next().is_none().then_some(Self { vendor, name, arch, cpu, memory, disk, sold })
    }

    /// Its family.
    pub fn family(&self) -> &'static str {
        self.vendor.family_of(self.name)
    }

    /// The locations that sell it; none where the table does not tell them apart. Empty where nobody sells it any more.
    pub fn locations(&self) -> Option<Vec<&'static str>> {
        Some(self.sold?.split(',').filter(|location| *location != "none").collect())
    }

    /// Whether it can be ordered in all of these locations; anywhere at all where there are none.
    pub fn is_sold(&self, locations: &[&str]) -> bool {
        self.locations().is_none_or(|sold| {
            !sold.is_empty() && locations.iter().all(|location| sold.contains(location))
        })
    }

    /// What orders types by size: cores, then memory.
    pub const fn size(&self) -> (u32, u32) {
        (self.cpu, self.memory)
    }
}

#[cfg(test)]
mod tests {
    use super::{AWS, HETZNER, Type, Vendor, rows};

    #[test]
    fn every_row_is_a_type_of_its_own() {
        for (vendor, text) in [(Vendor::Aws, AWS), (Vendor::Hetzner, HETZNER)] {
            for row in rows(text) {
                assert!(Type::read(vendor, row).is_some(), "{row}");
            }
            let mut names: Vec<_> = vendor.types().iter().map(|it| it.name).collect();
            assert_eq!(names.len(), rows(text).count());
            names.sort_unstable();
            names.dedup();
            assert_eq!(names.len(), vendor.types().len());
        }
    }

    #[test]
    fn a_family_is_sorted_by_size_and_of_one_processor() {
        for pair in Vendor::Aws.types().windows(2) {
            let [a, b] = pair else { continue };
            if a.family() == b.family() {
                assert!(a.size() <= b.size(), "{} {}", a.name, b.name);
                assert_eq!(a.arch, b.arch, "{} {}", a.name, b.name);
            }
        }
    }

    #[test]
    fn every_family_of_one_vendor_is_no_family_of_the_other() {
        for of_aws in Vendor::Aws.types() {
            assert!(Vendor::Hetzner.types().iter().all(|it| it.family() != of_aws.family()));
        }
    }
}
