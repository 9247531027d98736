//! Calls of functions against their tables.

use super::check::{Checker, Constant, Value};
use super::context::{Engine, What};
use super::errors;
use super::functions::{self, Function};
use super::kind::{Kind, Param};
use super::tree::{Name, Number};
use crate::diag::nearest;
use crate::embedded::regex;
use crate::source::Extent;

impl Checker<'_> {
    /// A call: the kind of its result. `field` is what is read of the result.
    pub(super) fn call(
        &mut self,
        name: &str,
        at: Extent,
        args: &[Value],
        is_piped: bool,
        field: Option<&Name>,
    ) -> Kind {
        let engine = self.context.engine;
        let Some(function) = functions::find(engine, name) else {
            self.unknown_function(name, at, field);
            return Kind::Any;
        };
        if !self.arity(function, at, args, is_piped, field) {
            return Kind::Any;
        }
        for (index, arg) in args.iter().enumerate() {
            if let Some(wanted) = function.params.get(index).copied().or(function.rest) {
                self.argument(function, wanted, arg);
            }
        }
        if is_hidden(engine, name) { function.result } else { self.special(function, args) }
    }

    fn unknown_function(&mut self, name: &str, at: Extent, field: Option<&Name>) {
        let engine = self.context.engine;
        let problem = errors::unknown_function(at, name, engine);
        // A value without its `$` or dot.
        if engine == Engine::Prometheus {
            let meant = match name {
                "labels" => Some("$labels"),
                "externalLabels" => Some("$externalLabels"),
                _ => None,
            };
            if let Some(meant) = meant {
                self.problems.push(problem.mend(at, meant, true));
                return;
            }
        }
        if let Some(record) = self.context.record(self.context.root)
            && record.what == What::Parameters
            && record.fields.iter().any(|(known, _)| known == name)
        {
            self.problems.push(problem.help("a parameter begins with a dot").mend(
                at,
                format!(".{name}"),
                true,
            ));
            return;
        }
        let other = match engine {
            Engine::Alertmanager if functions::find(Engine::Prometheus, name).is_some() => {
                Engine::Prometheus
            }
            Engine::Prometheus | Engine::Alertmanager => Engine::ArgoCd,
            Engine::ArgoCd | Engine::ClusterApi => Engine::Prometheus,
        };
        let problem = match functions::twin(engine, name) {
            Some(twin) => problem.help(format!("it is a function of {}", other.words())).mend(
                at,
                twin,
                name != "regexReplaceAll" && name != "reReplaceAll",
            ),
            None if engine == Engine::ClusterApi && functions::NOT_HERMETIC.contains(&name) => problem.help(
                "Cluster API takes it away: every run would give another value, and replace the machines",
            ),
            None if functions::TAKEN_AWAY.contains(&name) => problem.help(match engine {
                Engine::ArgoCd | Engine::ClusterApi => {
                    "Argo CD takes it away: it would read the machine of the controller"
                }
                Engine::Prometheus => "it is a function of sprig, which Prometheus does not have",
                Engine::Alertmanager => {
                    "it is a function of sprig, which Alertmanager does not have"
                }
            }),
            None if functions::find(other, name).is_some() => {
                problem.help(format!("it is a function of {}", other.words()))
            }
            None if engine == Engine::ClusterApi
                && functions::find(Engine::ArgoCd, name).is_some() =>
            {
                let twin = name.replace("Yaml", "Json");
                let problem = problem.help("it is a function of Argo CD and Helm, not of sprig");
                match functions::find(engine, &twin) {
                    Some(_) => problem.mend(at, twin, false),
                    None => problem,
                }
            }
            None => match nearest(name, functions::names(engine).chain(["end", "else"])) {
                Some(near) => problem.mend(at, near, true),
                None if field.is_some() => {
                    problem.help("a variable begins with `$`, a field with `.`")
                }
                None => problem,
            },
        };
        self.problems.push(problem);
    }

    /// Whether there are as many arguments as the function takes.
    fn arity(
        &mut self,
        function: &Function,
        at: Extent,
        args: &[Value],
        is_piped: bool,
        field: Option<&Name>,
    ) -> bool {
        let needed = function.params.len();
        let is_right = args.len() == needed || (args.len() > needed && function.rest.is_some());
        if is_right {
            return true;
        }
        let problem = errors::arguments(at, function, args.len(), is_piped);
        // The names of values in the language around are functions of Prometheus.
        let problem = match (self.context.engine, function.name, field) {
            (Engine::Prometheus, "value", None) if args.is_empty() => {
                problem.mend(at, "$value", true)
            }
            (Engine::Prometheus, "label", Some(_)) => problem.mend(at, "$labels", true),
            _ => problem,
        };
        self.problems.push(problem);
        false
    }

    fn argument(&mut self, function: &Function, wanted: Param, arg: &Value) {
        if fits(wanted, arg) {
            if let (Param::Pattern, Some(Constant::Text(pattern))) = (wanted, &arg.constant)
                && let Err(wrong) = regex::check(pattern)
            {
                self.problems.push(errors::pattern(arg.at, &wrong.found, &wrong.expected));
            }
            return;
        }
        if let (Param::Number, Some(Constant::Text(text))) = (wanted, &arg.constant) {
            self.problems.push(errors::not_a_number(arg.at, function.name, text));
            return;
        }
        self.problems.push(errors::argument(arg.at, function, wanted, arg.kind));
    }

    /// What a table cannot say of Go's own functions.
    fn special(&mut self, function: &Function, args: &[Value]) -> Kind {
        match function.name {
            "and" | "or" => {
                let first = args.first().map_or(Kind::Any, |arg| arg.kind);
                let same = args.iter().all(|arg| arg.kind == first);
                if same { first } else { Kind::Any }
            }
            "index" => self.index(args),
            "eq" | "ne" | "lt" | "le" | "gt" | "ge" => {
                if let Some((first, rest)) = args.split_first() {
                    for other in rest {
                        self.compare(first, other);
                    }
                }
                Kind::Bool
            }
            "printf" => {
                if let Some((Value { constant: Some(Constant::Text(format)), at, .. }, rest)) =
                    args.split_first()
                {
                    self.format(format, *at, rest);
                }
                Kind::Text
            }
            _ => function.result,
        }
    }

    fn index(&mut self, args: &[Value]) -> Kind {
        let Some((base, keys)) = args.split_first() else { return Kind::Any };
        let mut kind = base.kind;
        for key in keys {
            kind = match (kind, &key.constant) {
                (Kind::Record(_), Some(Constant::Text(name))) => {
                    let place = Extent::new(key.at.start + 1, key.at.end.saturating_sub(1));
                    self.field(kind, place, name, base.at)
                }
                (Kind::TextMap | Kind::Texts, _) => Kind::Text,
                (Kind::Samples, _) => Kind::Sample,
                (Kind::Alerts, _) => Kind::Record(0),
                (Kind::Text, _) => Kind::Int,
                (Kind::Float | Kind::Int | Kind::Bool | Kind::Sample, _) => {
                    self.problems.push(errors::not_indexed(base.at, kind.words()));
                    return Kind::Any;
                }
                _ => Kind::Any,
            };
        }
        kind
    }

    fn compare(&mut self, left: &Value, right: &Value) {
        let is_basic =
            |kind: Kind| matches!(kind, Kind::Int | Kind::Float | Kind::Text | Kind::Bool);
        if !is_basic(left.kind) || !is_basic(right.kind) || left.kind == right.kind {
            return;
        }
        // The constant is what can be written otherwise.
        let (constant, other) = if left.constant.is_some() { (left, right) } else { (right, left) };
        let written = constant.at.of(self.text);
        let is_decimal = written.bytes().all(|byte| byte.is_ascii_digit());
        let mended = match (&constant.constant, other.kind) {
            (Some(Constant::Number(Number::Int)), Kind::Float) if is_decimal => {
                Some(format!("{written}.0"))
            }
            (Some(Constant::Number(_)), Kind::Text) => Some(format!("\"{written}\"")),
            _ => None,
        };
        let problem = errors::compared(constant.at, constant.kind, other.kind, other.at);
        self.problems.push(match mended {
            Some(mended) => problem.mend(constant.at, mended, true),
            None => problem,
        });
    }

    /// The verbs of a format against what they print.
    fn format(&mut self, format: &str, at: Extent, args: &[Value]) {
        let Some(verbs) = verbs(format) else { return };
        if verbs.len() != args.len() {
            self.problems.push(errors::format_arguments(at, verbs.len(), args.len()));
            return;
        }
        for (verb, arg) in verbs.into_iter().zip(args) {
            let is_refused = if arg.kind == Kind::Float {
                matches!(verb, 'd' | 's' | 'q' | 'c' | 'o' | 'O' | 'U' | 't')
            } else if arg.kind == Kind::Int {
                matches!(verb, 'e' | 'E' | 'f' | 'F' | 'g' | 'G' | 's' | 't')
            } else {
                arg.kind == Kind::Text && !matches!(verb, 's' | 'q' | 'v' | 'x' | 'X' | 'T')
            };
            if is_refused {
                self.problems.push(errors::verb(at, verb, arg.kind, arg.at));
            }
        }
    }
}

/// Whether an engine replaces a function of Go by one of its own.
fn is_hidden(engine: Engine, name: &str) -> bool {
    matches!(engine, Engine::ArgoCd | Engine::ClusterApi) && name == "slice"
}

/// The verbs of a format; none if it counts its arguments itself.
fn verbs(format: &str) -> Option<Vec<char>> {
    let mut verbs = Vec::new();
    let mut letters = format.chars().peekable();
    while let Some(letter) = letters.next() {
        if letter != '%' {
            continue;
        }
        while letters
            .next_if(|next| matches!(next, '+' | '-' | '#' | ' ' | '.' | '0'..='9'))
            .is_some()
        {}
        match letters.next() {
            Some('%') => {}
            Some('*' | '[') | None => return None,
            Some(verb) => verbs.push(verb),
        }
    }
    Some(verbs)
}

/// Whether a value is sure not to be refused.
fn fits(wanted: Param, arg: &Value) -> bool {
    let kind = arg.kind;
    if kind == Kind::Any {
        return true;
    }
    match wanted {
        Param::Any => true,
        Param::Text | Param::Pattern => kind == Kind::Text,
        Param::Int => {
            let is_whole = matches!(arg.constant, Some(Constant::Number(Number::WholeFloat)));
            kind == Kind::Int || is_whole
        }
        Param::Bool => kind == Kind::Bool,
        Param::Number => match (&arg.constant, kind) {
            (Some(Constant::Text(text)), _) => {
                text.parse::<f64>().is_ok() || text.starts_with("0x")
            }
            (_, Kind::Int | Kind::Float | Kind::Text | Kind::Duration) => true,
            _ => false,
        },
        Param::List => matches!(kind, Kind::List | Kind::Texts | Kind::Samples | Kind::Alerts),
        Param::Map => matches!(kind, Kind::Map | Kind::TextMap | Kind::Record(_)),
        Param::Samples => kind == Kind::Samples,
        Param::Sample => kind == Kind::Sample,
        Param::Time => kind == Kind::Time,
        Param::Sized => !matches!(
            kind,
            Kind::Bool
                | Kind::Int
                | Kind::Float
                | Kind::Sample
                | Kind::Nil
                | Kind::Time
                | Kind::Duration
        ),
    }
}
