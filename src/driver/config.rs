//! `iflux.toml`: a project's name and the budget of its evaluation.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::diag::Sink;
use crate::source::{FileId, Span};

use super::dependencies::Dependency;
use super::problems::{config_syntax, unknown_key, wrong_value};

/// The file's name; the folder that holds it is a project's root.
pub const CONFIG_FILE: &str = "iflux.toml";

/// What `iflux.toml` says.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Config {
    /// `[project] name`.
    pub name: Option<String>,
    /// `[limits]`.
    pub limits: Limits,
    /// `[dependencies]`, by name.
    pub dependencies: Vec<Dependency>,
}

/// The budget of an evaluation. It is part of the language: the same on every machine.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Limits {
    /// Steps of evaluation.
    pub steps: u64,
    /// Entries of one list or map.
    pub entries: u64,
    /// Bytes of one text.
    pub text_bytes: u64,
    /// Targets of the project.
    pub targets: u64,
    /// Nesting of expressions and values.
    pub nesting: u64,
    /// Values that need one another.
    pub depth: u64,
    /// Bytes of the whole output.
    pub output_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            steps: 100_000_000,
            entries: 1_000_000,
            text_bytes: 4 << 20,
            targets: 1_000_000,
            nesting: 128,
            depth: MOST_DEPTH,
            output_bytes: 1 << 30,
        }
    }
}

impl Limits {
    /// A limit by its key in `iflux.toml`.
    pub fn of(&mut self, key: &str) -> Option<&mut u64> {
        match key {
            "steps" => Some(&mut self.steps),
            "entries" => Some(&mut self.entries),
            "text-bytes" => Some(&mut self.text_bytes),
            "targets" => Some(&mut self.targets),
            "nesting" => Some(&mut self.nesting),
            "depth" => Some(&mut self.depth),
            "output-bytes" => Some(&mut self.output_bytes),
            _ => None,
        }
    }
}

/// Nesting costs stack, which no machine has without end.
const DEEPEST: u64 = crate::syntax::MOST_NESTING as u64;

/// So do values that need one another: there is no more stack than for the default.
const MOST_DEPTH: u64 = 10_000;

const SECTIONS: [&str; 3] = ["project", "limits", "dependencies"];
const PROJECT: [&str; 1] = ["name"];
/// The limits that `iflux.toml` may set, in `[limits]`: the key, and the most that it may say.
pub const LIMITS: [(&str, u64); 7] = [
    ("steps", u64::MAX),
    ("entries", u32::MAX as u64),
    ("text-bytes", u32::MAX as u64),
    ("targets", u32::MAX as u64),
    ("nesting", DEEPEST),
    ("depth", MOST_DEPTH),
    ("output-bytes", u64::MAX),
];

/// Reads the configuration. What is wrong is reported, and its default stands.
pub fn parse_config(text: &str, file: FileId, sink: &mut Sink) -> Config {
    read_config(text, file, Limits::default(), sink)
}

/// Reads the configuration of a dependency: what it says counts where it is lower than the project's limits.
pub(super) fn parse_config_below(
    text: &str,
    file: FileId,
    above: Limits,
    sink: &mut Sink,
) -> Config {
    let mut config = read_config(text, file, above, sink);
    let limits = &mut config.limits;
    limits.steps = limits.steps.min(above.steps);
    limits.entries = limits.entries.min(above.entries);
    limits.text_bytes = limits.text_bytes.min(above.text_bytes);
    config
}

fn read_config(text: &str, file: FileId, limits: Limits, sink: &mut Sink) -> Config {
    let mut reader = Reader { file, sink };
    let mut config = Config { limits, ..Config::default() };
    let (document, errors) = DeTable::parse_recoverable(text);
    for error in &errors {
        let span = reader.span(&error.span().unwrap_or(text.len()..text.len()));
        reader.sink.report(config_syntax(span, error.message()));
    }
    if !errors.is_empty() {
        return config;
    }
    for (key, value) in document.get_ref() {
        match key.get_ref().as_ref() {
            "project" => reader.project(value, &mut config),
            "limits" => reader.limits(value, &mut config.limits),
            "dependencies" => config.dependencies = reader.dependencies(value),
            other => reader.unknown(key.span(), other, "", &SECTIONS),
        }
    }
    config
}

pub(super) struct Reader<'a> {
    file: FileId,
    pub(super) sink: &'a mut Sink,
}

impl Reader<'_> {
    pub(super) fn span(&self, range: &Range<usize>) -> Span {
        let small = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        Span::new(self.file, small(range.start), small(range.end))
    }

    pub(super) fn unknown(&mut self, at: Range<usize>, key: &str, section: &str, known: &[&str]) {
        let span = self.span(&at);
        self.sink.report(unknown_key(span, key, section, known));
    }

    pub(super) fn wrong(&mut self, value: &Spanned<DeValue<'_>>, key: &str, wanted: &str) {
        let span = self.span(&value.span());
        self.sink.report(wrong_value(span, key, wanted, value.get_ref().type_str()));
    }

    fn project(&mut self, section: &Spanned<DeValue<'_>>, config: &mut Config) {
        let Some(table) = section.get_ref().as_table() else {
            return self.wrong(section, "project", "a table");
        };
        for (key, value) in table {
            match key.get_ref().as_ref() {
                "name" => match value.get_ref().as_str() {
                    Some(name) if !name.trim().is_empty() => config.name = Some(name.to_owned()),
                    Some(_) | None => self.wrong(value, "name", "a text that is not empty"),
                },
                other => self.unknown(key.span(), other, "project", &PROJECT),
            }
        }
    }

    fn limits(&mut self, section: &Spanned<DeValue<'_>>, limits: &mut Limits) {
        let Some(table) = section.get_ref().as_table() else {
            return self.wrong(section, "limits", "a table");
        };
        for (key, value) in table {
            let name = key.get_ref().as_ref();
            let known = LIMITS.iter().find(|(known, _)| *known == name);
            let Some((&(_, most), slot)) = known.zip(limits.of(name)) else {
                self.unknown(key.span(), name, "limits", &LIMITS.map(|(key, _)| key));
                continue;
            };
            match integer(value.get_ref()) {
                Some(count) if count <= most => *slot = count,
                Some(_) => self.wrong(value, name, &format!("at most {most}")),
                None => self.wrong(value, name, "a positive integer"),
            }
        }
    }
}

fn integer(value: &DeValue<'_>) -> Option<u64> {
    let integer = value.as_integer()?;
    let digits = integer.as_str().trim_start_matches('+').replace('_', "");
    u64::from_str_radix(&digits, integer.radix()).ok().filter(|&count| count > 0)
}

#[cfg(test)]
mod tests {
    use super::{Config, Limits, parse_config};
    use crate::diag::{Sink, pages};
    use crate::source::FileId;

    fn read(text: &str) -> (Config, Vec<String>) {
        let mut sink = Sink::new();
        let config = parse_config(text, FileId(0), &mut sink);
        let found = sink.into_sorted().into_iter().map(|found| {
            let span = found.primary.as_ref().unwrap().span;
            let fix = found.fixes.first().map_or("", |fix| fix.title.as_str());
            format!("{} {:?} {} {fix}", found.code, span.extent().of(text), found.title)
        });
        (config, found.collect())
    }

    fn check(text: &str, expected: &[&str]) {
        let (_, found) = read(text);
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn a_whole_file() {
        let (config, found) = read(
            "[project]\nname = \"acme\"\n[limits]\nsteps = 1_000\nentries = 2\ntext-bytes = 0x10\ntargets = 4\nnesting = 5\ndepth = 7\noutput-bytes = 6\n",
        );
        assert!(found.is_empty(), "{found:?}");
        assert_eq!(config.name.as_deref(), Some("acme"));
        let limits = Limits {
            steps: 1000,
            entries: 2,
            text_bytes: 16,
            targets: 4,
            nesting: 5,
            depth: 7,
            output_bytes: 6,
        };
        assert_eq!(config.limits, limits);
        assert_eq!(read("").0, Config::default());
    }

    #[test]
    fn what_is_wrong_is_reported_where_it_is() {
        check(
            "[limits]\nstep = 1\n",
            &["config/unknown-key \"step\" `[limits]` has no `step` replace with `steps`"],
        );
        check(
            "projct = 1\n",
            &["config/unknown-key \"projct\" `iflux.toml` has no `projct` replace with `project`"],
        );
        check("limits = 1\n", &["config/value \"1\" `limits` is a table "]);
        check("[project]\nname = 3\n", &["config/value \"3\" `name` is a text that is not empty "]);
        for value in ["0", "-1", "1.5", "\"9\"", "99999999999999999999", "[1]"] {
            check(
                &format!("[limits]\nsteps = {value}\n"),
                &[&format!("config/value {value:?} `steps` is a positive integer ")],
            );
        }
        check("[limits]\nnesting = 1001\n", &["config/value \"1001\" `nesting` is at most 1000 "]);
        assert_eq!(read("[limits]\nsteps = \n").1.len(), 1);
        assert_eq!(read("[limits]\nsteps = 1\nsteps = 2\n").1.len(), 1);
        read(&"[".repeat(100_000));
        read(&format!("a = {}", "[".repeat(100_000)));
    }

    #[test]
    fn the_pages_raise_their_code_and_nothing_else() {
        let blocks = |text: &str, fence: &str| -> Vec<String> {
            text.split(fence)
                .skip(1)
                .filter_map(|rest| Some(rest.split_once("```")?.0.to_owned()))
                .collect()
        };
        let mut seen = 0;
        for page in pages().filter(|page| page.code.starts_with("config/")) {
            seen += 1;
            for bad in blocks(page.text, "```toml bad\n") {
                let codes: Vec<String> = read(&bad).1;
                assert_eq!(codes.len(), 1, "{}: {codes:?}", page.code);
                assert!(codes.iter().all(|found| found.starts_with(page.code)), "{codes:?}");
            }
            let good = blocks(page.text, "```toml good\n");
            assert_eq!(good.len(), 1, "{}", page.code);
            assert!(good.iter().all(|good| read(good).1.is_empty()), "{}", page.code);
        }
        assert_eq!(seen, 3);
    }
}
