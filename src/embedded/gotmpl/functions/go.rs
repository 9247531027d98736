//! The functions that every template has: those of Go's package `text/template`.

use super::{Function, functions};

/// From the list of predefined functions in the documentation of `text/template` (Go 1.24).
pub(super) const FUNCTIONS: &[Function] = functions! {
    "and" (Any; Any) -> Any, "the first empty value, or the last";
    "or" (Any; Any) -> Any, "the first value that is not empty, or the last";
    "not" (Any) -> Bool, "whether a value is empty";
    "len" (Sized) -> Int, "the length of a text, list or map";
    "index" (Any; Any) -> Any, "an entry of a map or list: `index $labels \"job\"`";
    "slice" (Any; Int) -> Any, "a part of a text or list: `slice x 0 8`";
    "print" (; Any) -> Text, "its arguments as a text";
    "println" (; Any) -> Text, "its arguments as a line";
    "printf" (Text; Any) -> Text, "its arguments in a format: `printf \"%.2f\" $value`";
    "html" (; Any) -> Text, "its arguments, escaped for HTML";
    "js" (; Any) -> Text, "its arguments, escaped for JavaScript";
    "urlquery" (; Any) -> Text, "its arguments, escaped for a URL's query";
    "call" (Any; Any) -> Any, "calls a function that is a value";
    "eq" (Any, Any; Any) -> Bool, "whether the first equals one of the others";
    "ne" (Any, Any) -> Bool, "whether two values differ";
    "lt" (Any, Any) -> Bool, "whether the first is less";
    "le" (Any, Any) -> Bool, "whether the first is not greater";
    "gt" (Any, Any) -> Bool, "whether the first is greater";
    "ge" (Any, Any) -> Bool, "whether the first is not less";
};
