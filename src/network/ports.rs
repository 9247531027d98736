//! Sets of ports.

use std::fmt;

/// What is spoken below the application.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Protocol {
    /// `TCP`.
    Tcp,
    /// `UDP`.
    Udp,
    /// `SCTP`.
    Sctp,
}

impl Protocol {
    /// Every one.
    pub const ALL: [Self; 3] = [Self::Tcp, Self::Udp, Self::Sctp];

    /// As Kubernetes writes it, or as the language does.
    pub fn of(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.name().eq_ignore_ascii_case(text))
    }

    /// As Kubernetes writes it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Tcp => "TCP",
            Self::Udp => "UDP",
            Self::Sctp => "SCTP",
        }
    }
}

/// Ports of the three protocols, as closed ranges: sorted, and apart by more than one.
#[derive(Clone, PartialEq, Eq, Hash, Default, Debug)]
pub struct Ports([Vec<(u16, u16)>; 3]);

const LAST: u16 = u16::MAX;

impl Ports {
    /// None.
    pub fn none() -> Self {
        Self::default()
    }

    /// All of all protocols.
    pub fn all() -> Self {
        Self([vec![(1, LAST)], vec![(1, LAST)], vec![(1, LAST)]])
    }

    /// A range of one protocol.
    pub fn range(protocol: Protocol, from: u16, to: u16) -> Self {
        let mut ports = Self::none();
        if from <= to {
            ports.slot(protocol).push((from, to));
        }
        ports
    }

    /// One port.
    pub fn one(protocol: Protocol, port: u16) -> Self {
        Self::range(protocol, port, port)
    }

    /// All ports of one protocol.
    pub fn all_of(protocol: Protocol) -> Self {
        Self::range(protocol, 1, LAST)
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(Vec::is_empty)
    }

    /// Whether a port is among them.
    pub fn has(&self, protocol: Protocol, port: u16) -> bool {
        self.of(protocol).iter().any(|(from, to)| (*from..=*to).contains(&port))
    }

    /// What is in either.
    pub fn and(&self, other: &Self) -> Self {
        let mut out = self.clone();
        out.add(other);
        out
    }

    /// Takes others in.
    pub fn add(&mut self, other: &Self) {
        for (mine, theirs) in self.0.iter_mut().zip(&other.0) {
            if theirs.is_empty() {
                continue;
            }
            mine.extend_from_slice(theirs);
            mine.sort_unstable();
            let mut out: Vec<(u16, u16)> = Vec::with_capacity(mine.len());
            for (from, to) in mine.iter().copied() {
                match out.last_mut() {
                    Some(last) if from <= last.1.saturating_add(1) => last.1 = last.1.max(to),
                    _ => out.push((from, to)),
                }
            }
            *mine = out;
        }
    }

    /// What is in both.
    pub fn common(&self, other: &Self) -> Self {
        let mut out = Self::none();
        for ((out, mine), theirs) in out.0.iter_mut().zip(&self.0).zip(&other.0) {
            for (from, to) in mine {
                for (start, end) in theirs {
                    let (low, high) = (*from.max(start), *to.min(end));
                    if low <= high {
                        out.push((low, high));
                    }
                }
            }
            out.sort_unstable();
        }
        out
    }

    /// What is in these and not in the others.
    pub fn without(&self, other: &Self) -> Self {
        let mut out = Self::none();
        for ((out, mine), theirs) in out.0.iter_mut().zip(&self.0).zip(&other.0) {
            for (from, to) in mine {
                // Wider, so that what lies behind the last port can be said.
                let mut next = u32::from(*from);
                for (start, end) in theirs {
                    if u32::from(*end) < next || start > to {
                        continue;
                    }
                    if next < u32::from(*start) {
                        out.push((narrow(next), start - 1));
                    }
                    next = u32::from(*end) + 1;
                }
                if next <= u32::from(*to) {
                    out.push((narrow(next), *to));
                }
            }
        }
        out
    }

    /// Whether all of the others are among these.
    pub fn hold(&self, other: &Self) -> bool {
        other.without(self).is_empty()
    }

    fn slot(&mut self, protocol: Protocol) -> &mut Vec<(u16, u16)> {
        let [tcp, udp, sctp] = &mut self.0;
        match protocol {
            Protocol::Tcp => tcp,
            Protocol::Udp => udp,
            Protocol::Sctp => sctp,
        }
    }

    /// The ranges of a protocol.
    pub fn of(&self, protocol: Protocol) -> &[(u16, u16)] {
        let [tcp, udp, sctp] = &self.0;
        match protocol {
            Protocol::Tcp => tcp,
            Protocol::Udp => udp,
            Protocol::Sctp => sctp,
        }
    }
}

fn narrow(port: u32) -> u16 {
    u16::try_from(port).unwrap_or(LAST)
}

impl fmt::Display for Ports {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if *self == Self::all() {
            return f.write_str("every port");
        }
        let mut first = true;
        for protocol in Protocol::ALL {
            for (from, to) in self.of(protocol) {
                if !first {
                    f.write_str(", ")?;
                }
                first = false;
                match (from, to) {
                    (1, &LAST) => write!(f, "every port of {}", protocol.name())?,
                    (from, to) if from == to => write!(f, "{} {from}", protocol.name())?,
                    (from, to) => write!(f, "{} {from} to {to}", protocol.name())?,
                }
            }
        }
        if first { f.write_str("no port") } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{Strategy, prop, prop_assert, prop_assert_eq, proptest};

    use super::{Ports, Protocol};

    /// Few numbers, so that ranges meet; the ends are among them.
    fn port() -> impl Strategy<Value = u16> {
        prop::sample::select(vec![1, 2, 3, 4, 5, 8, 9, 10, 65533, 65534, 65535])
    }

    fn ports() -> impl Strategy<Value = Ports> {
        prop::collection::vec((0..3_usize, port(), port()), 0..6).prop_map(|ranges| {
            let mut out = Ports::none();
            for (protocol, a, b) in ranges {
                out.add(&Ports::range(Protocol::ALL[protocol], a.min(b), a.max(b)));
            }
            out
        })
    }

    proptest! {
        #[test]
        fn sets_are_sets(a in ports(), b in ports(), protocol in 0..3_usize, at in port()) {
            let protocol = Protocol::ALL[protocol];
            let (in_a, in_b) = (a.has(protocol, at), b.has(protocol, at));
            prop_assert_eq!(a.and(&b).has(protocol, at), in_a || in_b);
            prop_assert_eq!(a.common(&b).has(protocol, at), in_a && in_b);
            prop_assert_eq!(a.without(&b).has(protocol, at), in_a && !in_b);
            prop_assert_eq!(a.without(&b).and(&a.common(&b)), a.clone());
            prop_assert!(a.and(&b).hold(&a) && a.hold(&a.common(&b)));
            prop_assert!(Ports::all().hold(&a) && a.hold(&Ports::none()));
        }
    }

    #[test]
    fn shown() {
        let check = |ports: Ports, shown: &str| assert_eq!(ports.to_string(), shown);
        check(Ports::all(), "every port");
        check(Ports::none(), "no port");
        check(Ports::all_of(Protocol::Udp), "every port of UDP");
        let ports = Ports::one(Protocol::Udp, 53).and(&Ports::range(Protocol::Tcp, 80, 90));
        check(ports, "TCP 80 to 90, UDP 53");
    }
}
