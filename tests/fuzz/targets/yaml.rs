//! Any texts come back from YAML as they were: as a value, an item, and a key.
#![no_main]

use infraflux::backend::Node;
use infraflux::emit::write;
use infraflux::eval::Origin;
use libfuzzer_sys::fuzz_target;
use serde_yaml::Value;

fuzz_target!(|text: &str| {
    let mut keys: Vec<&str> = text.split('\u{1}').collect();
    keys.sort_unstable();
    keys.dedup();
    let node = |text: &str| Node::Text(text.to_owned().into(), Origin::NONE);
    let items = Node::List(vec![Node::List(vec![node(text)]), node(text)]);
    let mut entries = vec![(text.to_owned().into(), items)];
    entries.extend(
        keys.iter().filter(|key| **key != text).map(|key| ((*key).to_owned().into(), node(key))),
    );
    let mut bytes = Vec::new();
    write(&Node::Map(entries), &mut bytes);

    let yaml = String::from_utf8(bytes).expect("YAML is UTF-8");
    let read: Value =
        serde_yaml::from_str(&yaml).unwrap_or_else(|error| panic!("{error}:\n{yaml}"));
    let read = read.as_mapping().expect("a map is read as a map");
    let is = |value: Option<&Value>, text: &str| value.and_then(Value::as_str) == Some(text);
    let items = read.get(text).and_then(Value::as_sequence).expect("a list is read as a list");
    assert!(is(items.get(1), text), "{yaml}");
    assert!(is(items.first().and_then(|inner| inner.get(0)), text), "{yaml}");
    for key in keys.into_iter().filter(|key| *key != text) {
        assert!(is(read.get(key), key), "{yaml}");
    }
});
