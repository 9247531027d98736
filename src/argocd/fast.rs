//! The engine without `goTemplate`: a text between braces is looked up as it stands, and stays where nothing has its name.

use crate::source::Extent;

/// A name between braces.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Tag {
    /// The name, without blanks around it.
    pub(super) name: String,
    /// Where it stands in the text, without the braces.
    pub(super) at: Extent,
    /// With the braces.
    pub(super) whole: Extent,
}

/// All names between braces.
pub(super) fn tags(text: &str) -> Vec<Tag> {
    let mut out = Vec::new();
    let mut from = 0;
    let of = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    while let Some(start) = text.get(from..).and_then(|it| it.find("{{")).map(|it| it + from) {
        let inner = start + 2;
        let Some(end) = text.get(inner..).and_then(|it| it.find("}}")).map(|it| it + inner) else {
            break;
        };
        let written = text.get(inner..end).unwrap_or_default();
        let front = inner + (written.len() - written.trim_start().len());
        let name = written.trim();
        out.push(Tag {
            name: name.to_owned(),
            at: Extent::new(of(front), of(front + name.len())),
            whole: Extent::new(of(start), of(end + 2)),
        });
        from = end + 2;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::tags;

    #[test]
    fn names_are_found() {
        let found = |text: &str| -> Vec<String> {
            tags(text).iter().map(|it| format!("{} {}", it.name, it.at.of(text))).collect()
        };
        assert_eq!(found("a-{{ path.basename }}-{{x}}"), ["path.basename path.basename", "x x"]);
        assert_eq!(found("{{ open"), Vec::<String>::new());
        assert_eq!(found("{{}}"), [" "]);
    }
}
