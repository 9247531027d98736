//! Networks in CIDR form.

use ipnet::IpNet;

use super::ip;
use super::text::{TextError, all, extent};

/// A network: an address whose host bits are zero, `/`, and the length of its prefix.
pub fn check(text: &str) -> Result<IpNet, TextError> {
    let Some((address, prefix)) = text.split_once('/') else {
        let error = match ip::check(text) {
            Ok(address) => {
                let full = if address.is_ipv4() { 32 } else { 128 };
                TextError::new(
                    extent(text.len(), text.len()),
                    "no prefix length",
                    format!("a network: `{text}/{full}` is this one address"),
                )
                .suggest(extent(text.len(), text.len()), format!("/{full}"))
            }
            Err(error) => TextError { suggestion: None, ..error },
        };
        return Err(error);
    };
    let address = ip::check(address).map_err(|error| TextError { suggestion: None, ..error })?;
    let longest: u8 = if address.is_ipv4() { 32 } else { 128 };
    let at = extent(text.len() - prefix.len(), text.len());
    let rule = format!("a prefix length from 0 to {longest}");
    if prefix.is_empty() || !prefix.bytes().all(|byte| byte.is_ascii_digit()) {
        let mask = prefix.parse().ok().and_then(|mask| ipnet::ip_mask_to_prefix(mask).ok());
        let error = TextError::new(at, "no prefix length", rule);
        let mended = mask.and_then(|length| IpNet::new(address, length).ok());
        return Err(match mended {
            Some(network) => error.suggest(all(text), network.trunc().to_string()),
            None => error,
        });
    }
    if prefix.len() > 1 && prefix.starts_with('0') {
        return Err(TextError::new(at, "a leading zero", rule));
    }
    let network = prefix.parse().ok().and_then(|length| IpNet::new(address, length).ok());
    let Some(network) = network else {
        return Err(TextError::new(at, format!("longer than {longest}"), rule));
    };
    if network.addr() != network.network() {
        let error = TextError::new(
            extent(0, text.len() - prefix.len() - 1),
            format!("bits set after the first {prefix}"),
            "the address of the network itself, which ends in zeros",
        );
        return Err(error.suggest(all(text), network.trunc().to_string()));
    }
    Ok(network)
}

/// Whether some address is in both.
pub fn overlap(a: &IpNet, b: &IpNet) -> bool {
    contains(a, b) || contains(b, a)
}

/// Whether every address of `inner` is in `outer`.
pub fn contains(outer: &IpNet, inner: &IpNet) -> bool {
    outer.contains(inner)
}

#[cfg(test)]
mod tests {
    use super::super::text::table::refuse;
    use super::{check, contains, overlap};

    #[test]
    fn networks() {
        for text in ["10.244.0.0/16", "0.0.0.0/0", "10.0.0.1/32", "fd00::/8", "::/0"] {
            assert_eq!(check(text).map(|network| network.to_string()).as_deref(), Ok(text));
        }
        let refuse =
            |text, at, found, mended| refuse(|t| check(t).map(drop), text, at, found, mended);
        refuse("10.244.0.0", (10, ""), "no prefix length", Some("10.244.0.0/32"));
        refuse("fd00::1", (7, ""), "no prefix length", Some("fd00::1/128"));
        refuse(
            "10.244.0.1/16",
            (0, "10.244.0.1"),
            "bits set after the first 16",
            Some("10.244.0.0/16"),
        );
        refuse("fd00::1/8", (0, "fd00::1"), "bits set after the first 8", Some("fd00::/8"));
        refuse("10.0.0.0/33", (9, "33"), "longer than 32", None);
        refuse("fd00::/129", (7, "129"), "longer than 128", None);
        refuse("10.0.0.0/999999", (9, "999999"), "longer than 32", None);
        refuse("10.0.0.0/", (9, ""), "no prefix length", None);
        refuse("10.0.0.0/08", (9, "08"), "a leading zero", None);
        refuse(
            "10.0.0.9/255.255.255.0",
            (9, "255.255.255.0"),
            "no prefix length",
            Some("10.0.0.0/24"),
        );
        refuse("10.0.0.0/x", (9, "x"), "no prefix length", None);
        refuse("10.0.300.0/16", (5, "300"), "`300` is above 255", None);
        refuse("", (0, ""), "nothing", None);
    }

    #[test]
    fn overlaps() {
        let network = |text: &str| check(text).unwrap();
        let (wide, narrow) = (network("10.0.0.0/8"), network("10.96.0.0/12"));
        assert!(overlap(&wide, &narrow) && overlap(&narrow, &wide));
        assert!(contains(&wide, &narrow) && !contains(&narrow, &wide));
        assert!(!overlap(&narrow, &network("10.112.0.0/12")));
        assert!(!overlap(&wide, &network("::/0")));
    }
}
