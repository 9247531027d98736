//! Rules of SOPS, and the files that they should meet.

use super::errors::folder as errors;
use super::tree::{File, Tree};
use super::view::Whole;
use crate::diag::Diagnostic;

/// A rule, and the folder below which it holds.
struct Rule<T> {
    folder: String,
    pattern: Option<T>,
    regex: Option<regex::Regex>,
}

pub(super) fn judge<T: Tree>(whole: &Whole<'_, T>, out: &mut Vec<Diagnostic>) {
    let mut rules: Vec<Rule<T>> = Vec::new();
    for file in whole.files.iter().filter(|it| it.base() == ".sops.yaml") {
        for root in &file.roots {
            for rule in root.list("creation_rules") {
                keys(&rule, out);
                let pattern = rule.get("path_regex");
                let regex = pattern.as_ref().and_then(|it| regex::Regex::new(it.text()?).ok());
                // One that is not understood may meet anything.
                if pattern.is_some() && regex.is_none() {
                    return;
                }
                rules.push(Rule { folder: file.folder().to_owned(), pattern, regex });
            }
        }
    }
    for file in whole.files {
        encrypted(file, &rules, out);
    }
    unused(whole, &rules, out);
}

/// Keys of age: placeholders are none.
fn keys<T: Tree>(rule: &T, out: &mut Vec<Diagnostic>) {
    let Some(age) = rule.get("age") else { return };
    let texts = age.items().unwrap_or_else(|| vec![age]);
    for node in texts {
        let text = node.text().unwrap_or_default();
        for key in text.split(',').map(str::trim).filter(|it| !it.is_empty()) {
            let is_key = key.strip_prefix("age1").is_some_and(|it| {
                let is_letter = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
                // The last six are a check of the others, so that a row of one letter is none.
                let is_row = it.bytes().all(|byte| Some(byte) == it.bytes().next());
                it.bytes().all(is_letter) && !is_row && (it.len() == 58 || it.len() > 100)
            });
            let is_other =
                key.starts_with("ssh-") || key.starts_with("age1yubikey") || key.contains("{{");
            if !is_key && !is_other {
                out.push(errors::no_key(key, node.span()));
            }
        }
    }
}

/// Whether a file's name says that it is encrypted.
fn is_named<T>(file: &File<T>) -> bool {
    let name = file.base();
    [".sops.", ".enc."].iter().any(|it| name.contains(it)) && name != ".sops.yaml"
}

fn meets<T>(rule: &Rule<T>, file: &str) -> Option<bool> {
    let below = match rule.folder.as_str() {
        "" => file,
        folder => file.strip_prefix(folder)?.strip_prefix('/')?,
    };
    Some(rule.regex.as_ref().is_none_or(|it| it.is_match(below) || it.is_match(file)))
}

fn encrypted<T: Tree>(file: &File<T>, rules: &[Rule<T>], out: &mut Vec<Diagnostic>) {
    let Some(root) = file.roots.first() else { return };
    let is_done = root.get("sops").is_some();
    if !is_named(file) || is_done {
        return;
    }
    // The nearest file of rules decides, and no other.
    let own: Vec<(usize, bool)> =
        rules.iter().filter_map(|it| Some((it.folder.len(), meets(it, &file.name)?))).collect();
    let nearest = own.iter().map(|it| it.0).max();
    let at = root.key("kind").or_else(|| Some(root.fields()?.first()?.1.clone()));
    let at = at.unwrap_or_else(|| root.clone());
    match nearest {
        Some(nearest) if !own.iter().any(|it| it.0 == nearest && it.1) => {
            out.push(errors::no_rule(file.base(), at.span()));
        }
        _ => {
            let is_example = file.base().contains("example") || file.base().contains("template");
            if root.word("kind").as_deref() == Some("Secret") && !is_example {
                out.push(errors::not_encrypted(file.base(), at.span()));
            }
        }
    }
}

fn unused<T: Tree>(whole: &Whole<'_, T>, rules: &[Rule<T>], out: &mut Vec<Diagnostic>) {
    for rule in rules {
        let Some(pattern) = &rule.pattern else { continue };
        let names = whole.files.iter().map(|it| it.name.as_str()).chain(whole.folder.others());
        // A pattern for files that are no YAML meets none that were read.
        let text = pattern.text().unwrap_or_default();
        let is_yaml = text.contains("yaml") || text.contains("yml");
        if is_yaml && !names.into_iter().any(|it| meets(rule, it) == Some(true)) {
            out.push(errors::unused_rule(text, pattern.span()));
        }
    }
}
