//! Later values in Prometheus' templates, which are Go's.

use std::borrow::Cow;
use std::fmt::Write;

use super::template::{Function, Hole, Template, TemplatePart};

impl<'a> Template<'a> {
    /// The template as Prometheus reads it.
    pub fn printed(&self) -> Cow<'a, str> {
        match self.parts.as_slice() {
            [TemplatePart::Text(only)] if !only.contains("{{") => Cow::Borrowed(*only),
            parts => {
                let mut chunks = Chunks::default();
                chunks.parts(parts);
                Cow::Owned(chunks.printed())
            }
        }
    }
}

/// A piece of a template.
enum Chunk {
    /// Text that means itself.
    Literal(String),
    /// Text as Prometheus reads it.
    Raw(String),
}

/// The pieces of a template; neighbours of one sort are one.
#[derive(Default)]
struct Chunks(Vec<Chunk>);

impl Chunks {
    fn parts(&mut self, parts: &[TemplatePart<'_>]) {
        for part in parts {
            match part {
                TemplatePart::Source(text) => {
                    // A brace that would open an action together with what follows.
                    let is_inside = text.rfind("{{") > text.rfind("}}");
                    let kept = if is_inside { *text } else { text.trim_end_matches('{') };
                    self.raw(kept);
                    self.literal(text.get(kept.len()..).unwrap_or(""));
                }
                TemplatePart::Text(text) => self.literal(text),
                TemplatePart::Hole(hole) => {
                    let mut out = "{{ ".to_owned();
                    pipeline(&mut out, hole);
                    out.push_str(" }}");
                    self.raw(&out);
                }
                TemplatePart::Choice(hole, other) => {
                    let mut out = "{{ with ".to_owned();
                    pipeline(&mut out, hole);
                    out.push_str(" }}{{ . }}{{ else }}");
                    self.raw(&out);
                    self.parts(other);
                    self.raw("{{ end }}");
                }
            }
        }
    }

    fn literal(&mut self, text: &str) {
        match self.0.last_mut() {
            _ if text.is_empty() => {}
            Some(Chunk::Literal(last)) => last.push_str(text),
            Some(Chunk::Raw(_)) | None => self.0.push(Chunk::Literal(text.to_owned())),
        }
    }

    fn raw(&mut self, text: &str) {
        match self.0.last_mut() {
            _ if text.is_empty() => {}
            Some(Chunk::Raw(last)) => last.push_str(text),
            Some(Chunk::Literal(_)) | None => self.0.push(Chunk::Raw(text.to_owned())),
        }
    }

    fn printed(&self) -> String {
        let mut out = String::new();
        for (index, chunk) in self.0.iter().enumerate() {
            let text = match chunk {
                Chunk::Raw(text) => {
                    out.push_str(text);
                    continue;
                }
                Chunk::Literal(text) => text.as_str(),
            };
            let before_raw =
                matches!(self.0.get(index + 1), Some(Chunk::Raw(next)) if next.starts_with('{'));
            let mut rest = text;
            while let Some(start) = rest.find('{') {
                let (plain, braces) = rest.split_at(start);
                let after = braces.trim_start_matches('{');
                let count = braces.len() - after.len();
                out.push_str(plain);
                if count > 1 || (after.is_empty() && before_raw) {
                    out.push_str("{{ ");
                    literal(&mut out, &"{".repeat(count));
                    out.push_str(" }}");
                } else {
                    out.push('{');
                }
                rest = after;
            }
            out.push_str(rest);
        }
        out
    }
}

/// What stands between `{{` and `}}`.
fn pipeline(out: &mut String, hole: &Hole<'_>) {
    match hole {
        Hole::Label(_) | Hole::Variable(_) | Hole::Value | Hole::Number(_) => operand(out, hole),
        Hole::Call(function, argument) => {
            pipeline(out, argument);
            out.push_str(" | ");
            out.push_str(printed(*function));
        }
        Hole::Otherwise(first, second) => {
            out.push_str("or ");
            operand(out, first);
            out.push(' ');
            match second.as_ref() {
                TemplatePart::Text(text) | TemplatePart::Source(text) => literal(out, text),
                TemplatePart::Hole(hole) | TemplatePart::Choice(hole, _) => operand(out, hole),
            }
        }
    }
}

/// One argument of a function.
fn operand(out: &mut String, hole: &Hole<'_>) {
    match hole {
        Hole::Value => out.push_str("$value"),
        Hole::Number(number) => out.push_str(number),
        // Alerts have no variables: the checker takes those in dashboards only.
        Hole::Label(name) | Hole::Variable(name) if is_field(name.as_str()) => {
            out.push_str("$labels.");
            out.push_str(name.as_str());
        }
        Hole::Label(name) | Hole::Variable(name) => {
            out.push_str("(index $labels ");
            literal(out, name.as_str());
            out.push(')');
        }
        Hole::Call(..) | Hole::Otherwise(..) => {
            out.push('(');
            pipeline(out, hole);
            out.push(')');
        }
    }
}

/// A function's name in Prometheus.
const fn printed(function: Function) -> &'static str {
    match function {
        Function::Humanize => "humanize",
        Function::Humanize1024 => "humanize1024",
        Function::HumanizeDuration => "humanizeDuration",
        Function::HumanizePercentage => "humanizePercentage",
        Function::HumanizeTimestamp => "humanizeTimestamp",
    }
}

/// Whether Go's templates take a name after a dot.
fn is_field(name: &str) -> bool {
    let mut bytes = name.bytes();
    bytes.next().is_some_and(|first| first.is_ascii_alphabetic() || first == b'_')
        && bytes.all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// A string of Go.
pub fn go_string(text: &str) -> String {
    let mut out = String::new();
    literal(&mut out, text);
    out
}

fn literal(out: &mut String, text: &str) {
    out.push('"');
    for char in text.chars() {
        match char {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            // Writing to a text cannot fail.
            char if char.is_control() => drop(write!(out, "\\U{:08x}", u32::from(char))),
            char => out.push(char),
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::super::template::{Function, Hole, Template, TemplatePart};
    use crate::eval::Origin;
    use crate::source::Sym;

    fn check(parts: Vec<TemplatePart<'_>>, expected: &str) {
        assert_eq!(Template { parts, origin: Origin::NONE }.printed(), expected);
    }

    fn label<'a>(name: &str) -> Hole<'a> {
        Hole::Label(Sym::new(name))
    }

    #[test]
    fn later_values_print_as_go_templates() {
        let percent = Hole::Call(Function::HumanizePercentage, Box::new(Hole::Value));
        let or = |first, second| Hole::Otherwise(Box::new(first), Box::new(second));
        check(
            vec![TemplatePart::Source("{{ $labels.as_written }} 100 %")],
            "{{ $labels.as_written }} 100 %",
        );
        check(
            vec![
                TemplatePart::Hole(label("instance")),
                TemplatePart::Text(" uses "),
                TemplatePart::Hole(percent.clone()),
            ],
            "{{ $labels.instance }} uses {{ $value | humanizePercentage }}",
        );
        check(vec![TemplatePart::Hole(label("a.b"))], "{{ (index $labels \"a.b\") }}");
        check(
            vec![TemplatePart::Hole(or(label("pod"), TemplatePart::Text("no \"pod\"\n")))],
            r#"{{ or $labels.pod "no \"pod\"\n" }}"#,
        );
        check(
            vec![TemplatePart::Hole(or(
                label("pod"),
                TemplatePart::Hole(or(label("job"), TemplatePart::Text("x"))),
            ))],
            r#"{{ or $labels.pod (or $labels.job "x") }}"#,
        );
        check(
            vec![TemplatePart::Hole(or(label("pod"), TemplatePart::Hole(percent)))],
            "{{ or $labels.pod ($value | humanizePercentage) }}",
        );
        let humanize = |hole| Hole::Call(Function::Humanize, Box::new(hole));
        check(
            vec![TemplatePart::Hole(humanize(Hole::Number("3.5".to_owned())))],
            "{{ 3.5 | humanize }}",
        );
        check(
            vec![
                TemplatePart::Text("on "),
                TemplatePart::Choice(
                    label("pod"),
                    vec![TemplatePart::Text("some pod of "), TemplatePart::Hole(label("job"))],
                ),
            ],
            "on {{ with $labels.pod }}{{ . }}{{ else }}some pod of {{ $labels.job }}{{ end }}",
        );
        check(
            vec![
                TemplatePart::Source("{{ with $labels.x }}{"),
                TemplatePart::Hole(label("pod")),
                TemplatePart::Source("}{{ end }}"),
            ],
            r#"{{ with $labels.x }}{{ "{" }}{{ $labels.pod }}}{{ end }}"#,
        );
        check(vec![], "");
    }

    #[test]
    fn braces_that_mean_themselves_open_no_action() {
        let hole = || TemplatePart::Hole(Hole::Value);
        check(vec![TemplatePart::Text("a {{ b }} {c}")], r#"a {{ "{{" }} b }} {c}"#);
        check(vec![TemplatePart::Text("a {"), hole()], r#"a {{ "{" }}{{ $value }}"#);
        check(vec![TemplatePart::Source("a {"), hole()], r#"a {{ "{" }}{{ $value }}"#);
        check(vec![TemplatePart::Source("a {"), TemplatePart::Text("{ b")], r#"a {{ "{{" }} b"#);
        check(
            vec![TemplatePart::Text("{"), TemplatePart::Source("{{ $value }}{")],
            r#"{{ "{" }}{{ $value }}{"#,
        );
        check(vec![hole(), TemplatePart::Text("{{{")], r#"{{ $value }}{{ "{{{" }}"#);
        check(
            vec![TemplatePart::Text("up{job=\"x\"} {"), hole()],
            r#"up{job="x"} {{ "{" }}{{ $value }}"#,
        );
    }
}
