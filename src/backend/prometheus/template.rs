//! Later values in Prometheus' templates, which are Go's.

use std::borrow::Cow;
use std::fmt::Write;

use crate::backend::Node;
use crate::backend::k8s::text;
use crate::model::{Function, Hole, Template, TemplatePart};

/// A template as Prometheus reads it.
pub(super) fn template<'a>(template: &Template<'a>) -> Node<'a> {
    let printed = match template.parts.as_slice() {
        [TemplatePart::Text(only)] => Cow::Borrowed(*only),
        parts => {
            let mut out = String::new();
            for part in parts {
                match part {
                    TemplatePart::Text(text) => out.push_str(text),
                    TemplatePart::Hole(hole) => {
                        // A brace right before an action would be read as a part of its opener.
                        if out.ends_with('{') {
                            out.truncate(out.len() - 1);
                            out.push_str("{{ \"{\" }}");
                        }
                        out.push_str("{{ ");
                        pipeline(&mut out, hole);
                        out.push_str(" }}");
                    }
                }
            }
            Cow::Owned(out)
        }
    };
    text(printed, template.origin)
}

/// What stands between `{{` and `}}`.
fn pipeline(out: &mut String, hole: &Hole<'_>) {
    match hole {
        Hole::Label(_) | Hole::Value => operand(out, hole),
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
                TemplatePart::Text(text) => literal(out, text),
                TemplatePart::Hole(hole) => operand(out, hole),
            }
        }
    }
}

/// One argument of a function.
fn operand(out: &mut String, hole: &Hole<'_>) {
    match hole {
        Hole::Value => out.push_str("$value"),
        Hole::Label(name) if is_field(name.as_str()) => {
            out.push_str("$labels.");
            out.push_str(name.as_str());
        }
        Hole::Label(name) => {
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
    use super::template;
    use crate::backend::Node;
    use crate::eval::Origin;
    use crate::model::{Function, Hole, Template, TemplatePart};
    use crate::source::Sym;

    fn check(parts: Vec<TemplatePart<'_>>, expected: &str) {
        let node = template(&Template { parts, origin: Origin::NONE });
        let Node::Text(text, _) = node else { panic!("{node:?} is no text") };
        assert_eq!(text, expected);
    }

    fn label<'a>(name: &str) -> Hole<'a> {
        Hole::Label(Sym::new(name))
    }

    #[test]
    fn later_values_print_as_go_templates() {
        let percent = Hole::Call(Function::HumanizePercentage, Box::new(Hole::Value));
        let or = |first, second| Hole::Otherwise(Box::new(first), Box::new(second));
        check(
            vec![TemplatePart::Text("{{ $labels.as_written }} 100 %")],
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
        check(
            vec![
                TemplatePart::Text("{{ with $labels.x }}{"),
                TemplatePart::Hole(label("pod")),
                TemplatePart::Text("}{{ end }}"),
            ],
            r#"{{ with $labels.x }}{{ "{" }}{{ $labels.pod }}}{{ end }}"#,
        );
        check(vec![], "");
    }
}
