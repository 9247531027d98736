//! The functions of Alertmanager.

use super::{Function, functions};

/// From `DefaultFuncs` in `template/template.go` of Alertmanager 0.34.
pub(super) const FUNCTIONS: &[Function] = functions! {
    "toUpper" (Text) -> Text, "a text in capital letters";
    "toLower" (Text) -> Text, "a text in small letters";
    "title" (Text) -> Text, "a text with capital letters at the start of words";
    "trimSpace" (Text) -> Text, "a text without blanks around it";
    "join" (Text, List) -> Text, "a list of texts as one: `.GroupLabels.Values | join \", \"`";
    "match" (Pattern, Text) -> Bool, "whether a regular expression matches";
    "safeHtml" (Text) -> Text, "a text that is not escaped in HTML";
    "safeUrl" (Text) -> Text, "a URL that is not escaped in HTML";
    "urlUnescape" (Text) -> Text, "what a URL's query says";
    "reReplaceAll" (Pattern, Text, Text) -> Text, "replaces what a regular expression matches";
    "stringSlice" (; Text) -> Texts, "its arguments as a list";
    "routeLabels" (Text) -> Text, "a label of the route";
    "date" (Text, Time) -> Text, "a time in a format of Go: `date \"15:04\" .StartsAt`";
    "tz" (Text, Time) -> Time, "a time in a zone: `tz \"Europe/Berlin\" .StartsAt`";
    "now" () -> Time, "the time at which it is told";
    "since" (Time) -> Duration, "how long ago a time is";
    "humanizeDuration" (Any) -> Text, "seconds as a duration: `1h 23m 45s`";
    "toDate" (Text, Text) -> Time, "a text as a time";
    "mustToDate" (Text, Text) -> Time, "a text as a time; one that is none is an error";
    "toJson" (Any) -> Text, "a value as JSON";
    "base64encode" (Text) -> Text, "a text in base64";
    "base64decode" (Text) -> Text, "what a text in base64 says";
    "list" (; Any) -> List, "its arguments as a list";
    "append" (List; Any) -> List, "a list with more behind it";
    "dict" (; Any) -> Map, "its arguments as a map: `dict \"a\" 1`";
};
