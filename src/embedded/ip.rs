//! IP addresses.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::text::{TextError, all, extent};

const V4: &str = "four numbers from 0 to 255 with `.` between them";
const V6: &str =
    "eight groups of hexadecimal digits with `:` between them, of which `::` may stand for zeros";

/// An IPv4 or IPv6 address, without a prefix, a port or a zone.
pub fn check(text: &str) -> Result<IpAddr, TextError> {
    if let Some((address, _)) = text.split_once('/') {
        let error = TextError::new(
            extent(address.len(), text.len()),
            "a prefix length",
            "one address; a network is a `Cidr`",
        );
        return Err(if check(address).is_ok() {
            error.suggest(extent(address.len(), text.len()), "")
        } else {
            error
        });
    }
    if text.matches(':').count() > 1 { v6(text).map(IpAddr::V6) } else { v4(text).map(IpAddr::V4) }
}

fn v4(text: &str) -> Result<Ipv4Addr, TextError> {
    if let Some((address, port)) = text.split_once(':')
        && !port.is_empty()
        && v4(address).is_ok()
    {
        let at = extent(address.len(), text.len());
        return Err(TextError::new(at, "a port", "an address alone").suggest(at, ""));
    }
    let mut octets = Vec::with_capacity(4);
    let mut at = 0;
    for part in text.split('.') {
        let here = extent(at, at + part.len());
        if octets.len() == 4 {
            return Err(TextError::new(extent(at - 1, text.len()), "more than four numbers", V4));
        }
        if part.is_empty() {
            let found = if text.is_empty() { "nothing" } else { "no number" };
            return Err(TextError::new(here, found, V4));
        }
        if let Some((inner, c)) = part.char_indices().find(|(_, c)| !c.is_ascii_digit()) {
            let start = at + inner;
            let found = super::name::unwanted(c);
            return Err(TextError::new(extent(start, start + c.len_utf8()), found, V4));
        }
        if part.len() > 1 && part.starts_with('0') {
            // Some readers take this for octal: it must not reach them.
            let error = TextError::new(here, "a leading zero", V4);
            let bare = part.trim_start_matches('0');
            let bare = if bare.is_empty() { "0" } else { bare };
            let mended = format!(
                "{}{bare}{}",
                text.get(..at).unwrap_or(""),
                text.get(at + part.len()..).unwrap_or("")
            );
            return Err(if v4(&mended).is_ok() { error.suggest(here, bare) } else { error });
        }
        match part.parse::<u8>() {
            Ok(octet) => octets.push(octet),
            Err(_) => return Err(TextError::new(here, format!("`{part}` is above 255"), V4)),
        }
        at += part.len() + 1;
    }
    match <[u8; 4]>::try_from(octets) {
        Ok(octets) => Ok(Ipv4Addr::from(octets)),
        Err(octets) => {
            Err(TextError::new(all(text), format!("{} of four numbers", octets.len()), V4))
        }
    }
}

fn v6(text: &str) -> Result<Ipv6Addr, TextError> {
    if let Ok(address) = text.parse() {
        return Ok(address);
    }
    if let Some(inner) = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'))
        && inner.parse::<Ipv6Addr>().is_ok()
    {
        let error = TextError::new(extent(0, 1), "a bracket", "an address without brackets");
        return Err(error.suggest(all(text), inner));
    }
    if let Some((address, _)) = text.split_once('%') {
        let at = extent(address.len(), text.len());
        return Err(TextError::new(at, "a zone", "an address that is the same on every machine"));
    }
    let mut at = 0;
    let mut groups = 0;
    let mut shortened = false;
    let parts: Vec<&str> = text.split(':').collect();
    for (index, part) in parts.iter().enumerate() {
        let here = extent(at, at + part.len());
        let is_last = index + 1 == parts.len();
        if is_last && part.contains('.') {
            v4(part).map_err(|error| TextError { suggestion: None, ..error }.shift(at))?;
            groups += 1;
        } else if let Some((inner, c)) = part.char_indices().find(|(_, c)| !c.is_ascii_hexdigit()) {
            let start = at + inner;
            let found = super::name::unwanted(c);
            return Err(TextError::new(extent(start, start + c.len_utf8()), found, V6));
        }
        if part.len() > 4 && !part.contains('.') {
            return Err(TextError::new(here, "more than four digits", V6));
        }
        if part.is_empty() && index > 0 && !is_last {
            if shortened {
                return Err(TextError::new(extent(at - 1, at + 1), "a second `::`", V6));
            }
            shortened = true;
        }
        groups += usize::from(!part.is_empty());
        at += part.len() + 1;
    }
    let found = if groups > 8 || shortened { "too many groups" } else { "too few groups" };
    Err(TextError::new(all(text), found, V6))
}

#[cfg(test)]
mod tests {
    use super::super::text::table::refuse;
    use super::check;

    #[test]
    fn addresses() {
        for text in ["10.0.1.100", "0.0.0.0", "255.255.255.255", "::", "fd00::1", "::ffff:1.2.3.4"]
        {
            assert_eq!(check(text).map(|ip| ip.to_string()).as_deref(), Ok(text));
        }
        refuse(|t| check(t).map(drop), "", (0, ""), "nothing", None);
        refuse(|t| check(t).map(drop), "10.0.0.256", (7, "256"), "`256` is above 255", None);
        refuse(|t| check(t).map(drop), "10.0.0", (0, "10.0.0"), "3 of four numbers", None);
        refuse(|t| check(t).map(drop), "10.0.0.1.2", (8, ".2"), "more than four numbers", None);
        refuse(|t| check(t).map(drop), "10..0.1", (3, ""), "no number", None);
        refuse(
            |t| check(t).map(drop),
            "10.0.010.1",
            (5, "010"),
            "a leading zero",
            Some("10.0.10.1"),
        );
        refuse(
            |t| check(t).map(drop),
            "10.0.000.1",
            (5, "000"),
            "a leading zero",
            Some("10.0.0.1"),
        );
        refuse(|t| check(t).map(drop), "10.0.o.1", (5, "o"), "`o`", None);
        refuse(
            |t| check(t).map(drop),
            "10.0.0.1/24",
            (8, "/24"),
            "a prefix length",
            Some("10.0.0.1"),
        );
        refuse(|t| check(t).map(drop), "10.0.0.1:80", (8, ":80"), "a port", Some("10.0.0.1"));
        refuse(|t| check(t).map(drop), "fd00::g1", (6, "g"), "`g`", None);
        refuse(|t| check(t).map(drop), "fd00::12345", (6, "12345"), "more than four digits", None);
        refuse(|t| check(t).map(drop), "fd00::1::2", (7, "::"), "a second `::`", None);
        refuse(
            |t| check(t).map(drop),
            "1:2:3:4:5:6:7",
            (0, "1:2:3:4:5:6:7"),
            "too few groups",
            None,
        );
        refuse(
            |t| check(t).map(drop),
            "1:2:3:4:5:6:7:8:9",
            (0, "1:2:3:4:5:6:7:8:9"),
            "too many groups",
            None,
        );
        refuse(|t| check(t).map(drop), "[fd00::1]", (0, "["), "a bracket", Some("fd00::1"));
        refuse(|t| check(t).map(drop), "fe80::1%eth0", (7, "%eth0"), "a zone", None);
        refuse(|t| check(t).map(drop), "::1.2.3.256", (8, "256"), "`256` is above 255", None);
    }
}
