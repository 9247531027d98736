//! Other ways to write a value, and files read into the program.

use sha2::{Digest, Sha256};

use super::{Call, Row};
use crate::embedded::{Data, read_json, read_yaml};
use crate::eval::data::Style;
use crate::eval::value::Value;

pub(super) const ROWS: &[Row] = &[
    ("base64-encode", |call| {
        let text = call.text(0);
        if !call.has_room((text.len() as u64).div_ceil(3).saturating_mul(4)) {
            return Value::Poison;
        }
        call.make_text(&base64(text.as_bytes()))
    }),
    ("base64-decode", |call| match from_base64(&call.text(0)).map(String::from_utf8) {
        Some(Ok(text)) => call.make_text(&text),
        Some(Err(_)) => {
            call.wrong(0, "base64 of something that is no text", "only UTF-8 can be decoded")
        }
        None => call.wrong(0, "this is no base64", "letters, digits, `+`, `/`, and `=` at the end"),
    }),
    ("sha256", |call| {
        let digest = Sha256::digest(call.text(0).as_bytes());
        let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        call.make_text(&hex)
    }),
    ("url-encode", |call| {
        let text = call.text(0);
        if !call.has_room((text.len() as u64).saturating_mul(3)) {
            return Value::Poison;
        }
        let mut out = String::with_capacity(text.len());
        for byte in text.bytes() {
            if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
                out.push(char::from(byte));
            } else {
                out.push_str(&format!("%{byte:02X}"));
            }
        }
        call.make_text(&out)
    }),
    ("to-json", |call| {
        let style = if call.bool(1) { Style::JsonLines } else { Style::Json };
        written(call, style)
    }),
    ("to-yaml", |call| written(call, Style::Yaml)),
    ("parse-json", |call| parsed(call, read_json(&call.text(0)))),
    ("parse-yaml", |call| parsed(call, read_yaml(&call.text(0)))),
    ("read", embedded),
    ("read-yaml", embedded),
    ("read-json", embedded),
];

fn written(call: &mut Call<'_, '_>, style: Style) -> Value {
    match call.cx.write_data(call.arg(0), style, call.target, call.at) {
        Ok(text) => call.make_text(&text),
        Err(None) => Value::Poison,
        Err(Some(what)) => call.wrong(
            0,
            &format!("{what} cannot be written as data"),
            "data is scalars, lists, maps and records",
        ),
    }
}

fn parsed(call: &mut Call<'_, '_>, data: Result<Data, crate::embedded::DataError>) -> Value {
    match data {
        Ok(data) => call.cx.data_value(&data, call.at),
        Err(error) => call.wrong(0, &error.to_string(), "the text is read as a whole"),
    }
}

/// A file that was read before anything was computed.
fn embedded(call: &mut Call<'_, '_>) -> Value {
    let path = call.text(0);
    call.cx.embedded(call.tree, &path, call.result, call.at)
}

const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// As RFC 4648 says, with padding.
fn base64(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let bits = group
            .iter()
            .zip([16u32, 8, 0])
            .fold(0u32, |bits, (byte, shift)| bits | u32::from(*byte) << shift);
        for (index, shift) in [18u32, 12, 6, 0].into_iter().enumerate() {
            let letter = LETTERS.get((bits >> shift & 63) as usize).copied().unwrap_or(b'=');
            out.push(char::from(if index <= group.len() { letter } else { b'=' }));
        }
    }
    out
}

/// Bytes from base64; blanks and line ends between the letters are passed over.
fn from_base64(text: &str) -> Option<Vec<u8>> {
    let letters: Vec<u8> = text.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
    let padding = letters.iter().rev().take_while(|&&byte| byte == b'=').count();
    let body = letters.get(..letters.len() - padding)?;
    if padding > 2 || !letters.len().is_multiple_of(4) {
        return None;
    }
    let mut out = Vec::with_capacity(body.len() / 4 * 3 + 2);
    for group in body.chunks(4) {
        let mut bits = 0u32;
        for (letter, shift) in group.iter().zip([18u32, 12, 6, 0]) {
            let value = LETTERS.iter().position(|known| known == letter)?;
            bits |= u32::try_from(value).ok()? << shift;
        }
        let count = group.len().checked_sub(1)?;
        // The bits that no byte takes are zero: a text has one encoding.
        if count == 0
            || bits.checked_shl(8 * u32::try_from(count).ok()?)? & 0x00ff_ffff != 0 && count < 3
        {
            return None;
        }
        out.extend([16u32, 8, 0].into_iter().take(count).map(|shift| (bits >> shift & 255) as u8));
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::{base64, from_base64};

    #[test]
    fn the_examples_of_the_rfc() {
        for (text, encoded) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ] {
            assert_eq!(base64(text.as_bytes()), encoded);
            assert_eq!(from_base64(encoded).as_deref(), Some(text.as_bytes()));
        }
        for wrong in ["Zg", "Zh==", "Z===", "Zm9v!", "=", "Zm9vYg=x"] {
            assert_eq!(from_base64(wrong), None, "{wrong}");
        }
    }
}
