//! Texts that Grafana fills: titles and legends.

use crate::embedded::grafana_variable;
use crate::model::{Hole, Of, Template, TemplatePart};
use crate::source::Sym;

/// A text as Grafana reads it: `$node` for what the viewer picked, `{{instance}}` for a label.
pub(in crate::backend) fn text(template: &Template<'_>) -> String {
    let mut out = String::new();
    parts(&mut out, &template.parts);
    out
}

fn parts(out: &mut String, parts: &[TemplatePart<'_>]) {
    for (index, part) in parts.iter().enumerate() {
        match part {
            TemplatePart::Source(text) | TemplatePart::Text(text) => out.push_str(text),
            TemplatePart::Hole(Hole::Variable(name)) => {
                let next = parts.get(index + 1).and_then(|part| match part {
                    TemplatePart::Source(text) | TemplatePart::Text(text) => text.chars().next(),
                    TemplatePart::Hole(_) | TemplatePart::Choice(..) => None,
                });
                out.push_str(&grafana_variable(name.as_str(), next));
            }
            TemplatePart::Hole(hole) | TemplatePart::Choice(hole, _) => label(out, hole),
        }
    }
}

/// A label. What else could stand in a hole the checker has refused: Grafana has no functions, and no alternatives.
fn label(out: &mut String, hole: &Hole<'_>) {
    match hole {
        Hole::Label(name) => out.push_str(&format!("{{{{{name}}}}}")),
        Hole::Variable(name) => out.push_str(&grafana_variable(name.as_str(), None)),
        Hole::Number(number) => out.push_str(number),
        Hole::Value => {}
        Hole::Call(_, inner) | Hole::Otherwise(inner, _) => label(out, inner),
    }
}

/// A text, or a name as people write it: `Cpu usage` for `cpu-usage`.
pub(super) fn title(template: Option<&Template<'_>>, name: Of<Sym>) -> String {
    if let Some(template) = template {
        return text(template);
    }
    let name = name.value.as_str().replace(['-', '_'], " ");
    let mut letters = name.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::{text, title};
    use crate::eval::Origin;
    use crate::model::{Hole, Of, Template, TemplatePart};
    use crate::source::Sym;

    #[test]
    fn names_in_grafanas_spelling() {
        let name = Sym::new("node");
        let parts = vec![
            TemplatePart::Hole(Hole::Variable(name)),
            TemplatePart::Text("s of "),
            TemplatePart::Hole(Hole::Label(name)),
            TemplatePart::Source(" {{pod}} on "),
            TemplatePart::Hole(Hole::Variable(name)),
        ];
        let template = Template { parts, origin: Origin::NONE };
        assert_eq!(text(&template), "${node}s of {{node}} {{pod}} on $node");
        let name = Of::new(Sym::new("cpu-usage"), Origin::NONE);
        assert_eq!(title(None, name), "Cpu usage");
    }
}
