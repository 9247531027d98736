//! Texts of applications whose values the program says itself.

use crate::model::{
    Apps, Argument, Generator, LaterPart, LaterText, LaterTree, Model, Reading, ReadingStep,
    TextFunction,
};
use crate::source::Sym;

/// Most applications that are counted out.
const MOST: usize = 10_000;

/// One application, by the index of what each generator finds; none for one that only Argo CD knows.
pub(super) type Pick = Vec<(Sym, Option<usize>)>;

/// Every application, as far as the program says which there are.
pub(super) fn picks(model: &Model<'_>, apps: &Apps<'_>) -> Vec<Pick> {
    let counts: Vec<(Sym, Option<usize>)> =
        apps.from.iter().map(|(name, from)| (*name, model.count(from))).collect();
    if apps.union.value {
        let mut out = Vec::new();
        for &(name, count) in &counts {
            match count {
                Some(count) => out.extend((0..count).map(|index| vec![(name, Some(index))])),
                None => out.push(vec![(name, None)]),
            }
        }
        return out;
    }
    if apps.is_merge() {
        return laid_over(model, apps, &counts);
    }
    let mut out: Vec<Pick> = vec![Vec::new()];
    for (name, count) in counts {
        let choices: Vec<Option<usize>> = match count {
            Some(count) => (0..count).map(Some).collect(),
            None => vec![None],
        };
        let mut next = Vec::new();
        for pick in &out {
            for &choice in &choices {
                if next.len() >= MOST {
                    return Vec::new();
                }
                let mut longer = pick.clone();
                longer.push((name, choice));
                next.push(longer);
            }
        }
        out = next;
    }
    out
}

/// An application for each that the first generator finds, with what the second has for it.
fn laid_over(model: &Model<'_>, apps: &Apps<'_>, counts: &[(Sym, Option<usize>)]) -> Vec<Pick> {
    let [(first, Some(count)), (second, others)] = counts else {
        return vec![counts.iter().map(|(name, _)| (*name, None)).collect()];
    };
    let found = |name: Sym| apps.from.iter().find(|it| it.0 == name).map(|it| &it.1);
    let (Some(base), Some(over)) = (found(*first), found(*second)) else { return Vec::new() };
    let key = |from: &Generator<'_>, index: usize| -> Vec<Option<String>> {
        let step = |key: &str| [ReadingStep::Name(Sym::new(key))];
        apps.merge.iter().map(|it| model.value_of(from, &step(it.value), index)).collect()
    };
    let pick = |index: usize| -> Pick {
        let wanted = key(base, index);
        let same = others.and_then(|others| (0..others).find(|it| key(over, *it) == wanted));
        let mut pick = vec![(*first, Some(index))];
        // What only Argo CD finds may be laid over it; what is written, and does not fit, is not.
        if same.is_some() || others.is_none() {
            pick.push((*second, same));
        }
        pick
    };
    (0..*count).map(pick).collect()
}

/// What a text is for an application; none where only Argo CD knows.
pub(super) fn text(
    model: &Model<'_>,
    apps: &Apps<'_>,
    text: &LaterText<'_>,
    pick: &Pick,
) -> Option<String> {
    let mut out = String::new();
    for part in &text.parts {
        match part {
            LaterPart::Source(text) if text.contains("{{") => return None,
            LaterPart::Source(text) | LaterPart::Text(text) => out.push_str(text),
            LaterPart::Read(reading) => out.push_str(&value(model, apps, reading, pick)?),
        }
    }
    Some(out)
}

/// A parameter of a merge: the second generator's where it has it.
fn merged(
    model: &Model<'_>,
    apps: &Apps<'_>,
    steps: &[ReadingStep],
    pick: &Pick,
) -> Option<String> {
    let of = |at: &(Sym, Option<usize>)| {
        let from = &apps.from.iter().find(|(name, _)| *name == at.0)?.1;
        model.value_of(from, steps, at.1?)
    };
    // What only Argo CD finds is not known.
    if pick.iter().any(|at| at.1.is_none()) {
        return None;
    }
    pick.iter().rev().find_map(of)
}

/// What a later value is for an application.
pub(super) fn value(
    model: &Model<'_>,
    apps: &Apps<'_>,
    reading: &Reading<'_>,
    pick: &Pick,
) -> Option<String> {
    match reading {
        Reading::Parameter { generator, steps } => {
            if apps.is_merge() {
                return merged(model, apps, steps, pick);
            }
            // In a union each generator is asked for what any of them is.
            let at = pick
                .iter()
                .find(|it| it.0 == *generator)
                .or_else(|| pick.first().filter(|_| apps.union.value))?;
            let from: &Generator<'_> = &apps.from.iter().find(|(name, _)| *name == at.0)?.1;
            model.value_of(from, steps, at.1?)
        }
        Reading::Call(function, args) => {
            let mut texts = Vec::new();
            let mut number = None;
            for argument in args {
                match argument {
                    Argument::Text(argument) => texts.push(text(model, apps, argument, pick)?),
                    Argument::Number(value) => number = Some(*value),
                }
            }
            let first = texts.first()?;
            let second = texts.get(1).map(String::as_str).unwrap_or_default();
            Some(match function {
                TextFunction::Slug => slug(first),
                TextFunction::Lower => first.to_lowercase(),
                TextFunction::Upper => first.to_uppercase(),
                TextFunction::TrimPrefix => first.strip_prefix(second).unwrap_or(first).to_owned(),
                TextFunction::TrimSuffix => first.strip_suffix(second).unwrap_or(first).to_owned(),
                TextFunction::Replace => first.replace(second, texts.get(2)?),
                TextFunction::Truncate => {
                    first.chars().take(usize::try_from(number?).ok()?).collect()
                }
            })
        }
        Reading::Otherwise(first, other) => {
            value(model, apps, first, pick).or_else(|| match other.as_ref() {
                LaterTree::Text(other) => text(model, apps, other, pick),
                LaterTree::Read(other, _) => value(model, apps, other, pick),
                _ => None,
            })
        }
    }
}

/// A text as Argo CD's `slugify` cuts it.
fn slug(text: &str) -> String {
    let mut out = String::new();
    for letter in text.to_lowercase().chars() {
        if letter.is_ascii_lowercase() || letter.is_ascii_digit() {
            out.push(letter);
        } else if !out.ends_with('-') {
            out.push('-');
        }
    }
    let out = out.trim_matches('-');
    out.chars().take(crate::model::SLUG as usize).collect::<String>().trim_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    #[test]
    fn texts_become_parts_of_names() {
        assert_eq!(super::slug("Team A: Payments!"), "team-a-payments");
        assert_eq!(super::slug("feature/ABC_1.2"), "feature-abc-1-2");
        assert_eq!(super::slug(&"a".repeat(80)).len(), 50);
    }
}
