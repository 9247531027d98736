//! Addresses and networks.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::IpNet;

use super::{Call, Row};
use crate::embedded::{check_cidr, network_contains, networks_overlap};
use crate::eval::value::Value;

pub(super) const ROWS: &[Row] = &[
    ("cidr-host", host),
    ("cidr-subnet", subnet),
    ("cidr-contains", |call| match (network(call, 0), part(call, 1)) {
        (Some(network), Some(part)) => Value::Bool(network_contains(&network, &part)),
        _ => Value::Poison,
    }),
    ("cidr-overlaps", |call| match (network(call, 0), network(call, 1)) {
        (Some(a), Some(b)) => Value::Bool(networks_overlap(&a, &b)),
        _ => Value::Poison,
    }),
    ("cidr-first", |call| edge(call, |network| network.network())),
    ("cidr-last", |call| edge(call, |network| network.broadcast())),
    ("cidr-prefix", |call| {
        network(call, 0).map_or(Value::Poison, |network| Value::Int(network.prefix_len().into()))
    }),
    ("cidr-size", |call| {
        let size = network(call, 0).and_then(|network| {
            1i64.checked_shl(u32::from(network.max_prefix_len() - network.prefix_len()))
                .filter(|&size| size > 0)
        });
        call.number(size)
    }),
    ("ip-add", |call| match call.text(0).parse::<IpAddr>() {
        Ok(address) => match moved(address, call.int(1).into()) {
            Some(sum) => call.make_text(&sum.to_string()),
            None => call.wrong(1, "past the last address", "the sum stays in the address' family"),
        },
        Err(_) => Value::Poison,
    }),
    ("ip-family", |call| match call.text(0).parse::<IpAddr>() {
        Ok(IpAddr::V4(_)) => Value::Int(4),
        Ok(IpAddr::V6(_)) => Value::Int(6),
        Err(_) => Value::Poison,
    }),
];

fn network(call: &Call<'_, '_>, index: usize) -> Option<IpNet> {
    check_cidr(&call.text(index)).ok()
}

/// A network, or the network of one address.
fn part(call: &Call<'_, '_>, index: usize) -> Option<IpNet> {
    let text = call.text(index);
    check_cidr(&text).ok().or_else(|| Some(IpNet::from(text.parse::<IpAddr>().ok()?)))
}

/// The address so many steps on, in its family.
fn moved(from: IpAddr, by: i128) -> Option<IpAddr> {
    match from {
        IpAddr::V4(from) => {
            let sum = u32::try_from(i128::from(u32::from(from)).checked_add(by)?).ok()?;
            Some(IpAddr::V4(Ipv4Addr::from(sum)))
        }
        IpAddr::V6(from) => {
            let bits = u128::from(from);
            let sum = match u128::try_from(by) {
                Ok(by) => bits.checked_add(by)?,
                Err(_) => bits.checked_sub(by.unsigned_abs())?,
            };
            Some(IpAddr::V6(Ipv6Addr::from(sum)))
        }
    }
}

/// Counted from the network's address; from behind its last one where negative.
fn host(call: &mut Call<'_, '_>) -> Value {
    let Some(network) = network(call, 0) else { return Value::Poison };
    let number = i128::from(call.int(1));
    let found = if number >= 0 {
        moved(network.network(), number)
    } else {
        moved(network.broadcast(), number + 1)
    };
    match found.filter(|address| network.contains(address)) {
        Some(address) => call.make_text(&address.to_string()),
        None => {
            let title = format!("`{network}` has no address number {number}");
            call.wrong(1, &title, "0 is the network's own address, -1 the last one")
        }
    }
}

fn subnet(call: &mut Call<'_, '_>) -> Value {
    let Some(network) = network(call, 0) else { return Value::Poison };
    let (bits, number) = (call.int(1), call.int(2));
    let room = i64::from(network.max_prefix_len() - network.prefix_len());
    if bits > room {
        let title = format!("`{network}` cannot be divided by {bits} more bits");
        return call.wrong(1, &title, &format!("{room} bits are left"));
    }
    let shift = u32::try_from(room - bits).unwrap_or(0);
    let is_there = bits >= 63 || number < 1i64 << bits;
    let start = u128::try_from(number).ok().and_then(|number| number.checked_shl(shift));
    let prefix = network.prefix_len() + u8::try_from(bits).unwrap_or(0);
    let found = start.filter(|_| is_there).and_then(|start| {
        let address = match network.network() {
            IpAddr::V4(from) => {
                IpAddr::V4(Ipv4Addr::from(u32::from(from).checked_add(u32::try_from(start).ok()?)?))
            }
            IpAddr::V6(from) => IpAddr::V6(Ipv6Addr::from(u128::from(from).checked_add(start)?)),
        };
        IpNet::new(address, prefix).ok()
    });
    match found {
        Some(found) => call.make_text(&found.to_string()),
        None => {
            let title = format!("no subnet number {number} of `{network}` with {bits} more bits");
            call.wrong(2, &title, "subnets are counted from 0")
        }
    }
}

fn edge(call: &mut Call<'_, '_>, which: fn(&IpNet) -> IpAddr) -> Value {
    match network(call, 0) {
        Some(network) => call.make_text(&which(&network).to_string()),
        None => Value::Poison,
    }
}
