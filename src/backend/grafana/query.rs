//! What panels ask.

use serde_json::{Value, json};

use super::text::text;
use super::variable::{DATASOURCE, LOGS};
use crate::model::{LogQuery, Query};

/// How a query is asked.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Asked {
    /// Over the shown time.
    Range,
    /// For the newest values.
    Newest,
    /// For the newest values, each label a column.
    Table,
    /// For the buckets of a histogram, over the shown time.
    Buckets,
}

/// The data source that the viewer picked.
pub(super) fn prometheus() -> Value {
    json!({ "type": "prometheus", "uid": format!("${{{DATASOURCE}}}") })
}

/// The data source of logs that the viewer picked.
pub(super) fn loki() -> Value {
    json!({ "type": "loki", "uid": format!("${{{LOGS}}}") })
}

/// The letters by which Grafana tells the queries of a panel apart: `A`, `B`, ..
pub(super) fn ref_id(mut number: usize) -> String {
    let mut letters = Vec::new();
    loop {
        letters.push(char::from(b'A' + u8::try_from(number % 26).unwrap_or(0)));
        if number < 26 {
            return letters.iter().rev().collect();
        }
        number = number / 26 - 1;
    }
}

/// A query of Prometheus.
pub(super) fn target(number: usize, query: &Query<'_>, asked: Asked) -> Value {
    let is_range = matches!(asked, Asked::Range | Asked::Buckets);
    let legend = match (&query.legend, asked) {
        (Some(legend), _) => text(legend),
        // Buckets are told apart by their bounds.
        (None, Asked::Buckets) => "{{le}}".to_owned(),
        (None, _) => "__auto".to_owned(),
    };
    json!({
        "refId": ref_id(number),
        "datasource": prometheus(),
        "expr": query.expr.value,
        "legendFormat": legend,
        "format": match asked {
            Asked::Range | Asked::Newest => "time_series",
            Asked::Table => "table",
            Asked::Buckets => "heatmap",
        },
        "range": is_range,
        "instant": !is_range,
        "editorMode": "code",
    })
}

/// A query of Loki.
pub(super) fn log_target(number: usize, query: &LogQuery<'_>) -> Value {
    json!({
        "refId": ref_id(number),
        "datasource": loki(),
        "expr": text(&query.expr),
        "queryType": "range",
        "editorMode": "code",
    })
}

#[cfg(test)]
mod tests {
    use super::ref_id;

    #[test]
    fn queries_have_letters() {
        let letters = [0, 1, 25, 26, 27, 51, 52, 701, 702].map(ref_id);
        assert_eq!(letters, ["A", "B", "Z", "AA", "AB", "AZ", "BA", "ZZ", "AAA"]);
    }
}
