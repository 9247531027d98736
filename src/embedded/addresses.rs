//! Addresses that follow one another.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::IpNet;

/// Addresses that follow one another, of one family; at least one. IPv4 comes before IPv6, then the first address decides.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Addresses {
    first: IpAddr,
    last: IpAddr,
}

impl Addresses {
    /// From one address to another, both included; `None` if they are of two families, or the other comes first.
    pub fn between(first: IpAddr, last: IpAddr) -> Option<Self> {
        (first.is_ipv4() == last.is_ipv4() && first <= last).then_some(Self { first, last })
    }

    /// One address.
    pub const fn one(address: IpAddr) -> Self {
        Self { first: address, last: address }
    }

    /// All of a network, with its own address and that of its broadcast.
    pub fn of(network: &IpNet) -> Self {
        Self { first: network.network(), last: network.broadcast() }
    }

    /// The first of them.
    pub const fn first(&self) -> IpAddr {
        self.first
    }

    /// The last of them.
    pub const fn last(&self) -> IpAddr {
        self.last
    }

    /// How many there are; of all IPv6 addresses one less.
    pub fn count(&self) -> u128 {
        (number(self.last) - number(self.first)).saturating_add(1)
    }

    /// Whether an address is one of them.
    pub fn contains(&self, address: IpAddr) -> bool {
        self.both(&Self::one(address)).is_some()
    }

    /// Those that are in both.
    pub fn both(&self, other: &Self) -> Option<Self> {
        // Of two families, the first of the one lies above the last of the other.
        let (first, last) = (self.first.max(other.first), self.last.min(other.last));
        (first <= last).then_some(Self { first, last })
    }
}

/// One address, or `first .. last`.
impl fmt::Display for Addresses {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.first == self.last {
            return self.first.fmt(f);
        }
        write!(f, "{} .. {}", self.first, self.last)
    }
}

fn number(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(address) => u32::from(address).into(),
        IpAddr::V6(address) => address.into(),
    }
}

/// Every range that meets one that begins before it, with such a one: in one sweep, so that many ranges are no burden. Of ranges
/// that begin alike the longer is the later one. Each is told of once, however many it meets.
pub fn meetings<T: Copy + Ord>(
    ranges: &mut [(Addresses, T)],
) -> Vec<((Addresses, T), (Addresses, T))> {
    ranges.sort_unstable();
    let mut found = Vec::new();
    let mut furthest: Option<(Addresses, T)> = None;
    for &range in &*ranges {
        match furthest {
            Some(known) if known.0.both(&range.0).is_some() => {
                found.push((known, range));
                if range.0.last > known.0.last {
                    furthest = Some(range);
                }
            }
            _ => furthest = Some(range),
        }
    }
    found
}

/// The first network of a prefix length among the private ones that meets none of these addresses.
pub fn free_network(prefix: u8, is_ipv4: bool, taken: &[Addresses]) -> Option<IpNet> {
    const V4: [(Ipv4Addr, u8); 3] = [
        (Ipv4Addr::new(10, 0, 0, 0), 8),
        (Ipv4Addr::new(172, 16, 0, 0), 12),
        (Ipv4Addr::new(192, 168, 0, 0), 16),
    ];
    let (pools, full): (Vec<(u128, u8)>, u8) = if is_ipv4 {
        (V4.map(|(address, length)| (u32::from(address).into(), length)).to_vec(), 32)
    } else {
        (vec![(Ipv6Addr::new(0xfd00, 0, 0, 0, 0, 0, 0, 0).into(), 8)], 128)
    };
    for (start, length) in pools {
        if prefix < length || prefix > full {
            continue;
        }
        let size = 1u128 << (full - prefix);
        let end = start + ((1u128 << (full - length)) - 1);
        let mut at = start;
        // Each turn leaves one of the taken ranges behind.
        for _ in 0..=taken.len() {
            let address = if is_ipv4 {
                Ipv4Addr::from(u32::try_from(at).ok()?).into()
            } else {
                Ipv6Addr::from(at).into()
            };
            let network = IpNet::new(address, prefix).ok()?;
            let whole = Addresses::of(&network);
            let in_the_way =
                taken.iter().filter(|range| range.both(&whole).is_some()).map(|it| number(it.last));
            let Some(last) = in_the_way.max() else { return Some(network) };
            // The next network that begins behind it.
            at = (last / size).checked_add(1)?.checked_mul(size)?;
            if at > end {
                break;
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;

    use super::super::{check_cidr, check_ip};
    use super::{Addresses, free_network, meetings};

    fn ip(text: &str) -> IpAddr {
        check_ip(text).unwrap()
    }

    fn range(text: &str) -> Addresses {
        match text.split_once(" .. ") {
            Some((first, last)) => Addresses::between(ip(first), ip(last)).unwrap(),
            None if text.contains('/') => Addresses::of(&check_cidr(text).unwrap()),
            None => Addresses::one(ip(text)),
        }
    }

    #[test]
    fn ranges() {
        assert_eq!(Addresses::between(ip("10.0.0.2"), ip("10.0.0.1")), None);
        assert_eq!(Addresses::between(ip("10.0.0.2"), ip("fd00::1")), None);
        assert_eq!(range("10.0.0.0/24").to_string(), "10.0.0.0 .. 10.0.0.255");
        assert_eq!(range("10.0.0.1/32").to_string(), "10.0.0.1");
        assert_eq!(range("10.0.0.0/24").count(), 256);
        assert_eq!(range("fd00::/64").count(), 1 << 64);
        assert_eq!(range("::/0").count(), u128::MAX);
        let both = |a: &str, b: &str| range(a).both(&range(b)).map(|it| it.to_string());
        assert_eq!(
            both("10.0.0.0/24", "10.0.0.200 .. 10.0.1.3").unwrap(),
            "10.0.0.200 .. 10.0.0.255"
        );
        assert_eq!(both("10.0.0.0/24", "10.0.1.0/24"), None);
        assert_eq!(both("0.0.0.0/0", "::/0"), None);
        assert!(range("fd00::/8").contains(ip("fd12::1")));
    }

    #[test]
    fn what_meets_is_found_in_one_sweep() {
        let check = |texts: &[&str], expected: &[(usize, usize)]| {
            let mut ranges: Vec<_> = texts.iter().map(|text| range(text)).zip(0..).collect();
            let found: Vec<(usize, usize)> =
                meetings(&mut ranges).into_iter().map(|(a, b)| (a.1, b.1)).collect();
            assert_eq!(found, expected, "{texts:?}");
        };
        check(&[], &[]);
        check(&["10.0.0.0/24", "10.0.1.0/24", "::/0"], &[]);
        check(&["10.0.0.5", "10.0.0.0/24"], &[(1, 0)]);
        check(&["10.0.0.0/16", "10.0.0.9", "10.0.0.10", "10.0.1.0/24"], &[(0, 1), (0, 2), (0, 3)]);
        check(&["10.0.0.0 .. 10.0.0.9", "10.0.0.5 .. 10.0.0.20", "10.0.0.15"], &[(0, 1), (1, 2)]);
        check(&["fd00::/64", "fd00::1"], &[(0, 1)]);
    }

    #[test]
    fn a_free_network_is_behind_what_is_taken() {
        let free = |prefix, is_ipv4, taken: &[&str]| {
            let taken: Vec<_> = taken.iter().map(|text| range(text)).collect();
            free_network(prefix, is_ipv4, &taken).map(|network| network.to_string())
        };
        assert_eq!(free(16, true, &[]).as_deref(), Some("10.0.0.0/16"));
        assert_eq!(free(16, true, &["10.0.0.1", "10.2.0.0/15"]).as_deref(), Some("10.1.0.0/16"));
        assert_eq!(free(12, true, &["10.0.0.0/8"]).as_deref(), Some("172.16.0.0/12"));
        assert_eq!(free(8, true, &["10.0.0.1"]), None);
        assert_eq!(free(7, true, &[]), None);
        assert_eq!(free(48, false, &["fd00::/47"]).as_deref(), Some("fd00:0:2::/48"));
        assert_eq!(free(24, true, &["0.0.0.0/0"]), None);
        assert_eq!(free(32, true, &["10.0.0.0", "10.0.0.1"]).as_deref(), Some("10.0.0.2/32"));
    }
}
