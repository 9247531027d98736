//! Queries that were read before: a program's queries are typed, filled, judged on each cluster and tested, and are the same text each time.

use std::sync::{Arc, LazyLock};

use super::{Features, HOLE, Options, PromqlError, Query, parse};
use crate::embedded::memo::Memo;

/// A query that is read and checked, or what is wrong with it.
pub type Parsed = Result<Arc<Query>, Arc<[PromqlError]>>;

static KNOWN: LazyLock<Memo<Options, Parsed>> = LazyLock::new(Memo::default);

/// As [`parse`] does, but each text once a process.
pub fn parsed(text: &str, options: Options) -> Parsed {
    // What a query does not hold makes no difference to it.
    let options = Options {
        holes: options.holes && text.contains(HOLE),
        grafana: options.grafana && (text.contains(['$', HOLE]) || text.contains("[[")),
        ..options
    };
    // What is right without any feature is the same with them.
    let plain = once(text, Options { features: Some(Features::default()), ..options });
    if plain.is_ok() { plain } else { once(text, options) }
}

fn once(text: &str, options: Options) -> Parsed {
    KNOWN.get(options, text, || parse(text, options).map(Arc::new).map_err(Arc::from))
}

#[cfg(test)]
mod tests {
    use super::super::{Features, Options, parse};
    use super::parsed;

    /// Whatever was asked before, the answer is that of `parse`.
    #[test]
    fn what_is_known_is_what_is_read() {
        let features = [
            None,
            Some(Features::default()),
            Some(Features { experimental_functions: true, ..Features::default() }),
            Some(Features { duration_expressions: true, ..Features::default() }),
        ];
        for text in [
            "up == 0",
            "up{job=~\"$job\"}",
            "up{job=\"[[job]]\"} > $n",
            "up > \u{1a}",
            "up{job=\"\u{1a}\"}",
            "limitk(3, up)",
            "sort_by_label(up, \"job\")",
            "rate(x[5m * 2])",
            "rate(x[5m] smoothed)",
            "a + fill (0) b",
            "rate(x[5m)",
            "sum by (job (up)",
            "nosuch(up)",
            "",
        ] {
            for features in features {
                for (grafana, holes) in
                    [(false, false), (true, false), (false, true), (true, true), (false, false)]
                {
                    let options = Options { features, grafana, holes };
                    let known = parsed(text, options);
                    let known = known.as_deref().map_err(AsRef::as_ref).cloned();
                    let read = parse(text, options);
                    assert_eq!(known.map_err(<[_]>::to_vec), read, "{text:?} {options:?}");
                }
            }
        }
    }
}
