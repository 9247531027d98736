//! What an item would have declared that could not be read.

use super::keyword::keyword;
use super::names::Orphans;
use crate::source::Sym;
use crate::syntax::Marks;

/// Words that begin a definition; its name follows.
const DEFINITIONS: [&str; 7] = ["let", "fn", "type", "schema", "kind", "preset", "component"];

/// Notes the name that an item declares, as far as its beginning says it: what refers to it is no mistake of its own.
pub(super) fn note(text: &str, orphans: &mut Orphans) {
    let mut words = text.split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '-')));
    let is_mark = |word: &str| Marks::ALL.iter().any(|(_, mark)| *mark == word);
    let Some(first) = words.find(|word| !word.is_empty() && !is_mark(word)) else { return };
    let Some(name) = words.find(|word| !word.is_empty()) else { return };
    orphans.names.insert(Sym::new(name));
    if DEFINITIONS.contains(&first) && name.starts_with(|c: char| c.is_ascii_uppercase()) {
        orphans.keywords.insert(Sym::new(&keyword(name)));
    }
}

#[cfg(test)]
mod tests {
    use super::note;
    use crate::resolve::names::Orphans;

    fn check(text: &str, expected: &[&str]) {
        let mut orphans = Orphans::default();
        note(text, &mut orphans);
        let mut found: Vec<&str> =
            orphans.names.iter().chain(&orphans.keywords).map(|name| name.as_str()).collect();
        found.sort_unstable();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn the_beginning_of_an_item_names_it() {
        check("let x = = 3", &["x"]);
        check("private fn f-a(a: Int -> Int = a", &["f-a"]);
        check("single kind WebApp { a: }", &["WebApp", "web-app"]);
        check("namespace \"2048\" { quota = }", &["2048"]);
        check("external cluster eu-1 {", &["eu-1"]);
        check("let", &[]);
        check("} ]", &[]);
        check("", &[]);
    }
}
