//! Findings in the protocol's form.

use std::collections::BTreeMap;
use std::hash::{Hash as _, Hasher as _};

use lsp_types::{
    CodeDescription, Diagnostic, DiagnosticRelatedInformation, DiagnosticSeverity, DiagnosticTag,
    Location, NumberOrString, Range, Uri,
};
use rustc_hash::FxHasher;

use super::place::Place;
use super::uris;
use crate::diag::{self, Code, Level, page};
use crate::driver::CONFIG_FILE;
use crate::source::Sources;

/// Codes of what can be left out without a change of meaning: editors fade it.
const UNNECESSARY: [&str; 6] = [
    "lint/unused-import",
    "lint/unused-allow",
    "lint/stray-doc",
    "type/unreachable-arm",
    "cluster/variable-unused",
    "alertmanager/unused-receiver",
];

/// Codes of what goes away: editors strike it through.
const DEPRECATED: [&str; 4] = [
    "kubernetes/deprecated",
    "cluster/old-contract",
    "promql/metric-removed",
    "alertmanager/deprecated",
];

/// Findings by the files that they are shown in.
pub(super) fn by_file(
    place: &Place,
    found: &[diag::Diagnostic],
    sources: &Sources,
) -> BTreeMap<Uri, Vec<Diagnostic>> {
    let mut files: BTreeMap<Uri, Vec<Diagnostic>> = BTreeMap::new();
    for finding in found {
        let at = match &finding.primary {
            Some(label) => place.location(sources, label.span),
            None => whole_project(place),
        };
        let Some(Location { uri, range }) = at else { continue };
        let shown = shown(place, finding, sources, range);
        files.entry(uri).or_default().push(shown);
    }
    files
}

/// Where findings of no place in particular are shown: in the project's configuration, or its only file.
fn whole_project(place: &Place) -> Option<Location> {
    let file = place.uri_of_path(CONFIG_FILE);
    let only = || place.open.values().next().map(|open| open.uri.clone());
    Some(Location { uri: file.or_else(only)?, range: Range::default() })
}

fn shown(place: &Place, finding: &diag::Diagnostic, sources: &Sources, range: Range) -> Diagnostic {
    let mut message = finding.title.clone();
    if let Some(label) = finding.primary.as_ref().filter(|label| !label.text.is_empty()) {
        message.push('\n');
        message.push_str(&label.text);
    }
    let reasons = || finding.because.iter();
    let related = place.client.can.related.then(|| {
        let related = reasons().filter_map(|label| {
            let location = place.location(sources, label.span)?;
            Some(DiagnosticRelatedInformation { location, message: label.text.clone() })
        });
        related.collect::<Vec<_>>()
    });
    if related.is_none() {
        for label in reasons() {
            let at = sources.position(label.span);
            let name = sources.get(label.span.file).name();
            message.push_str(&format!("\n{name}:{}:{}: {}", at.line, at.column, label.text));
        }
    }
    for help in &finding.help {
        message.push_str("\nhelp: ");
        message.push_str(help);
    }
    let code = finding.code.as_str();
    let tags = [
        (UNNECESSARY.contains(&code), DiagnosticTag::UNNECESSARY),
        (DEPRECATED.contains(&code), DiagnosticTag::DEPRECATED),
    ];
    let tags: Vec<_> = tags.into_iter().filter_map(|(has, tag)| has.then_some(tag)).collect();
    Diagnostic {
        range,
        severity: Some(match finding.level {
            Level::Error => DiagnosticSeverity::ERROR,
            Level::Warning => DiagnosticSeverity::WARNING,
            Level::Hint => DiagnosticSeverity::HINT,
        }),
        code: Some(NumberOrString::String(code.to_owned())),
        code_description: page_of(place, finding.code).map(|href| CodeDescription { href }),
        source: Some("iflux".to_owned()),
        message,
        related_information: related.filter(|it| !it.is_empty()),
        tags: (!tags.is_empty()).then_some(tags),
        data: None,
    }
}

/// The page of a code, where an editor can open it.
pub(super) fn page_of(place: &Place, code: Code) -> Option<Uri> {
    let page = page(code.as_str())?;
    uris::uri_of(&place.cache.file(&format!("pages/{}.md", page.code), page.text)?)
}

/// A name of a list of findings, equal for equal lists.
pub(super) fn result_id(found: &[Diagnostic]) -> String {
    let mut hasher = FxHasher::default();
    for one in found {
        serde_json::to_string(one).unwrap_or_default().hash(&mut hasher);
    }
    format!("{:016x}", hasher.finish())
}

#[cfg(test)]
mod tests {
    use super::{DEPRECATED, UNNECESSARY};

    #[test]
    fn tagged_codes_exist() {
        for code in UNNECESSARY.iter().chain(&DEPRECATED) {
            assert!(crate::diag::page(code).is_some(), "{code}");
        }
    }
}
