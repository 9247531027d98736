//! The functions of Prometheus.

use super::{Function, functions};

/// From the function map of `NewTemplateExpander` in `template/template.go` of Prometheus 3. `tmpl` is not among them: only
/// console pages have it.
pub(super) const FUNCTIONS: &[Function] = functions! {
    "query" (Text) -> Samples, "runs a query: `query \"up\" | first | value`";
    "first" (Samples) -> Sample, "the first sample of a query's result";
    "label" (Text, Sample) -> Text, "a label of a sample: `label \"job\" .`";
    "value" (Sample) -> Any, "the value of a sample";
    "strvalue" (Sample) -> Text, "the label `__value__` of a sample";
    "sortByLabel" (Text, Samples) -> Samples, "a query's result, sorted by a label";
    "args" (; Any) -> Map, "its arguments as `.arg0`, `.arg1`";
    "reReplaceAll" (Pattern, Text, Text) -> Text, "replaces what a regular expression matches";
    "match" (Pattern, Text) -> Bool, "whether a regular expression matches";
    "safeHtml" (Text) -> Text, "a text that is not escaped in HTML";
    "title" (Text) -> Text, "a text with capital letters at the start of words";
    "toUpper" (Text) -> Text, "a text in capital letters";
    "toLower" (Text) -> Text, "a text in small letters";
    "graphLink" (Text) -> Text, "the path of a query's graph";
    "tableLink" (Text) -> Text, "the path of a query's table";
    "stripPort" (Text) -> Text, "a host without its port";
    "stripDomain" (Text) -> Text, "a host without its domain";
    "humanize" (Number) -> Text, "a number with the prefix of its size: `1.235M`";
    "humanize1024" (Number) -> Text, "a number with the binary prefix of its size: `1.177Mi`";
    "humanizeDuration" (Number) -> Text, "seconds as a duration: `1h 23m 45s`";
    "humanizePercentage" (Number) -> Text, "a ratio as a percentage: `85.72%`";
    "humanizeTimestamp" (Number) -> Text, "seconds since 1970 as a time";
    "toTime" (Number) -> Time, "seconds since 1970 as a time of Go";
    "toDuration" (Number) -> Duration, "seconds as a duration of Go";
    "now" () -> Float, "the seconds since 1970 at which the rule is evaluated";
    "parseDuration" (Text) -> Float, "the seconds of a duration: `parseDuration \"1h\"`";
    "pathPrefix" () -> Text, "the path of Prometheus' external URL";
    "externalURL" () -> Text, "Prometheus' external URL";
    "urlQueryEscape" (Text) -> Text, "a text, escaped for a URL's query";
};
