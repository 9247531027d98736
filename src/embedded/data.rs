//! YAML and JSON as data: scalars, lists, and maps with texts as keys.

use std::fmt;

use rustc_hash::FxHashSet;
use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};

/// What another tool defines.
#[derive(Clone, PartialEq, Debug)]
pub enum Data {
    /// `null`.
    Null,
    /// A boolean.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A number with a fraction; finite.
    Float(f64),
    /// A text.
    Text(String),
    /// A list.
    List(Vec<Data>),
    /// A map, in the order written; each key once.
    Map(Vec<(String, Data)>),
}

/// Why a text is no data.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DataError {
    /// The line, from 1, where it is known.
    pub line: Option<usize>,
    /// What is wrong.
    pub reason: String,
}

impl fmt::Display for DataError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "line {line}: {}", self.reason),
            None => f.write_str(&self.reason),
        }
    }
}

/// Reads one YAML document. Anchors are followed (within the reader's limit on repetition); tags, keys that are no
/// texts, repeated keys, further documents and numbers beyond 64 bits are refused.
///
/// # Errors
/// The first fault.
pub fn read_yaml(text: &str) -> Result<Data, DataError> {
    serde_yaml::from_str(text).map_err(|error| DataError {
        line: error.location().map(|at| at.line()),
        reason: plain(&error.to_string()),
    })
}

/// Reads JSON, as strictly.
///
/// # Errors
/// The first fault.
pub fn read_json(text: &str) -> Result<Data, DataError> {
    serde_json::from_str(text).map_err(|error| DataError {
        line: (error.line() > 0).then(|| error.line()),
        reason: plain(&error.to_string()),
    })
}

/// A reader's words without the place, which is told apart.
fn plain(words: &str) -> String {
    let words = words.split(" at line ").next().unwrap_or(words);
    if words.contains("more than one document") {
        return "more than one document".to_owned();
    }
    if words.contains("repetition limit") || words.contains("recursion limit") {
        return format!("{words}: nested or repeated too often");
    }
    words.to_owned()
}

struct Read;

impl<'de> Deserialize<'de> for Data {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(Read)
    }
}

impl<'de> Visitor<'de> for Read {
    type Value = Data;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("scalars, lists and maps, without tags")
    }

    fn visit_unit<E: Error>(self) -> Result<Data, E> {
        Ok(Data::Null)
    }

    fn visit_none<E: Error>(self) -> Result<Data, E> {
        Ok(Data::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, inner: D) -> Result<Data, D::Error> {
        Data::deserialize(inner)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Data, E> {
        Ok(Data::Bool(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Data, E> {
        Ok(Data::Int(value))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Data, E> {
        i64::try_from(value)
            .map(Data::Int)
            .map_err(|_| E::custom(format!("{value} does not fit into 64 bits")))
    }

    fn visit_i128<E: Error>(self, value: i128) -> Result<Data, E> {
        Err(E::custom(format!("{value} does not fit into 64 bits")))
    }

    fn visit_u128<E: Error>(self, value: u128) -> Result<Data, E> {
        Err(E::custom(format!("{value} does not fit into 64 bits")))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Data, E> {
        if value.is_finite() {
            Ok(Data::Float(value))
        } else {
            Err(E::custom("a number that is infinite, or none"))
        }
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Data, E> {
        Ok(Data::Text(value.to_owned()))
    }

    fn visit_string<E: Error>(self, value: String) -> Result<Data, E> {
        Ok(Data::Text(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut from: A) -> Result<Data, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = from.next_element()? {
            items.push(item);
        }
        Ok(Data::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut from: A) -> Result<Data, A::Error> {
        let mut entries: Vec<(String, Data)> = Vec::new();
        let mut known: FxHashSet<String> = FxHashSet::default();
        while let Some(key) = from.next_key::<Data>()? {
            let Data::Text(key) = key else {
                return Err(A::Error::custom("a key that is no text; put it in quotes"));
            };
            if key == "<<" {
                return Err(A::Error::custom("a merge key `<<`; write its entries out"));
            }
            if !known.insert(key.clone()) {
                return Err(A::Error::custom(format!("the key `{key}` comes twice")));
            }
            entries.push((key, from.next_value()?));
        }
        Ok(Data::Map(entries))
    }
}

#[cfg(test)]
mod tests {
    use super::{Data, read_json, read_yaml};

    #[test]
    fn both_languages_give_the_same() {
        let yaml = read_yaml("a: 1\nb: [x, 2.5, null, true]\nc: {d: \"1\"}\n").unwrap();
        let json = read_json("{\"a\": 1, \"b\": [\"x\", 2.5, null, true], \"c\": {\"d\": \"1\"}}");
        assert_eq!(yaml, json.unwrap());
        let Data::Map(entries) = yaml else { panic!("a map") };
        let keys: Vec<_> = entries.iter().map(|(key, _)| key.as_str()).collect();
        assert_eq!(keys, ["a", "b", "c"]);
        assert_eq!(read_yaml("").unwrap(), Data::Null);
        assert_eq!(read_yaml("&a 1").unwrap(), Data::Int(1));
    }

    #[test]
    fn what_is_refused() {
        let check = |text: &str, expected: &str| {
            let found = read_yaml(text).unwrap_err().to_string();
            assert!(found.contains(expected), "{text}: {found}");
        };
        check("a: 1\nb: 2\na: 3\n", "comes twice");
        check("1: a\n", "no text");
        check("a: 1\n---\nb: 2\n", "more than one document");
        check("a: [1\n", "line");
        check("a: 99999999999999999999\n", "64 bits");
        check("a: .inf\n", "infinite");
        check("x: &x {a: 1}\ny:\n  <<: *x\n", "merge key");
        check("a: !tool b\n", "tag");
        let mut bomb = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n".to_owned();
        for turn in 1..9 {
            let inner = format!("*a{},", turn - 1).repeat(10);
            bomb.push_str(&format!("a{turn}: &a{turn} [{inner}]\n"));
        }
        check(&bomb, "too often");
        assert!(read_json("{\"a\": 1, \"a\": 2}").unwrap_err().reason.contains("twice"));
        assert!(read_json(&"[".repeat(100_000)).is_err());
        assert!(read_yaml(&"[".repeat(100_000)).is_err());
    }
}
