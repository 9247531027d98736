//! The functions of each engine.

mod alertmanager;
mod argo;
mod go;
mod prometheus;
mod sprig;

use super::context::Engine;
use super::kind::{Kind, Param};

/// A function of templates.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Function {
    /// Its name.
    pub(super) name: &'static str,
    /// What it needs, in order.
    pub(super) params: &'static [Param],
    /// What each further argument is; none if it takes no more.
    pub(super) rest: Option<Param>,
    /// What it gives.
    pub(super) result: Kind,
    /// What it does, for messages.
    pub(super) doc: &'static str,
}

/// Rows of a table: `"name" (Needed, Needed; Further) -> Result, "doc";`.
macro_rules! functions {
    ($($name:literal ($($param:ident),* $(; $rest:ident)?) -> $result:ident, $doc:literal;)*) => {
        &[$($crate::embedded::gotmpl::functions::Function {
            name: $name,
            params: &[$($crate::embedded::gotmpl::kind::Param::$param),*],
            rest: $crate::embedded::gotmpl::functions::functions!(@rest $($rest)?),
            result: $crate::embedded::gotmpl::kind::Kind::$result,
            doc: $doc,
        }),*]
    };
    (@rest) => { None };
    (@rest $rest:ident) => { Some($crate::embedded::gotmpl::kind::Param::$rest) };
}
use functions;

/// The tables of an engine; a function of an earlier one hides those of later ones.
pub(super) const fn tables(engine: Engine) -> [&'static [Function]; 3] {
    match engine {
        Engine::Prometheus => [prometheus::FUNCTIONS, &[], go::FUNCTIONS],
        Engine::ArgoCd => [argo::FUNCTIONS, sprig::FUNCTIONS, go::FUNCTIONS],
        Engine::ClusterApi => [&[], sprig::FUNCTIONS, go::FUNCTIONS],
        Engine::Alertmanager => [alertmanager::FUNCTIONS, &[], go::FUNCTIONS],
    }
}

/// A function of an engine.
pub(super) fn find(engine: Engine, name: &str) -> Option<&'static Function> {
    all(engine).find(|function| function.name == name)
}

/// The names of all functions of an engine.
pub(super) fn names(engine: Engine) -> impl Iterator<Item = &'static str> {
    all(engine).map(|function| function.name)
}

fn all(engine: Engine) -> impl Iterator<Item = &'static Function> {
    let is_there = move |name: &str| engine != Engine::ClusterApi || !NOT_HERMETIC.contains(&name);
    tables(engine).into_iter().flatten().filter(move |function| is_there(function.name))
}

/// Functions of sprig that Cluster API does not have: `nonhermeticFunctions` in `functions.go` of Masterminds/sprig 3.
pub(super) const NOT_HERMETIC: [&str; 17] = [
    "date",
    "date_in_zone",
    "date_modify",
    "now",
    "htmlDate",
    "htmlDateInZone",
    "dateInZone",
    "dateModify",
    "randAlphaNum",
    "randAlpha",
    "randAscii",
    "randNumeric",
    "randBytes",
    "uuidv4",
    "env",
    "expandenv",
    "getHostByName",
];

/// Functions of sprig that Argo CD takes away, since they would read the machine that it runs on.
pub(super) const TAKEN_AWAY: [&str; 3] = ["env", "expandenv", "getHostByName"];

/// Names that mean the same in Prometheus and in sprig.
pub(super) const TWINS: [(&str, &str); 4] = [
    ("toUpper", "upper"),
    ("toLower", "lower"),
    ("reReplaceAll", "regexReplaceAll"),
    ("match", "regexMatch"),
];

/// The function of `engine` that does what `name` does in the other.
pub(super) fn twin(engine: Engine, name: &str) -> Option<&'static str> {
    TWINS.into_iter().find_map(|(prometheus, argo)| match engine {
        Engine::Prometheus | Engine::Alertmanager => (argo == name).then_some(prometheus),
        Engine::ArgoCd | Engine::ClusterApi => (prometheus == name).then_some(argo),
    })
}

#[cfg(test)]
mod tests {
    use super::{Engine, NOT_HERMETIC, TAKEN_AWAY, TWINS, find, tables};

    #[test]
    fn tables_name_each_function_once() {
        for engine in [Engine::Prometheus, Engine::ArgoCd, Engine::ClusterApi, Engine::Alertmanager]
        {
            for table in tables(engine) {
                let mut names: Vec<&str> = table.iter().map(|function| function.name).collect();
                let all = names.len();
                names.sort_unstable();
                names.dedup();
                assert_eq!(names.len(), all, "{engine:?}");
            }
        }
        for (prometheus, argo) in TWINS {
            assert!(find(Engine::Prometheus, prometheus).is_some(), "{prometheus}");
            assert!(find(Engine::Alertmanager, prometheus).is_some(), "{prometheus}");
            assert!(find(Engine::ArgoCd, argo).is_some(), "{argo}");
        }
        for gone in TAKEN_AWAY {
            assert_eq!(find(Engine::ArgoCd, gone), None, "{gone}");
        }
        for gone in NOT_HERMETIC {
            assert_eq!(find(Engine::ClusterApi, gone), None, "{gone}");
        }
    }
}
