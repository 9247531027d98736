//! Values of charts, against the keys that the charts read.

use super::errors::charts as errors;
use super::tree::{File, Tree};
use super::view::{Source, Whole, plain};
use crate::charts::{Chart, find, known_as};
use crate::diag::Diagnostic;

/// How deep values are looked at.
const DEEPEST: usize = 24;

pub(super) fn judge<T: Tree>(whole: &Whole<'_, T>, out: &mut Vec<Diagnostic>) {
    let mut read: Vec<*const File<T>> = Vec::new();
    for app in whole.all() {
        for source in &app.sources {
            let files = value_files(source, whole);
            read.extend(files.iter().map(|it| std::ptr::from_ref(*it)));
            let Some(name) = &source.chart else { continue };
            let Some(chart) = find(&source.repository, name, source.version()) else { continue };
            let because = source.node.get("chart").unwrap_or_else(|| source.node.clone()).span();
            for root in files.iter().flat_map(|it| &it.roots) {
                map(&chart, root, &mut Vec::new(), Some(because), out);
            }
            let Some(helm) = source.node.get("helm") else { continue };
            let text = helm.get("values").and_then(|it| it.inside());
            for values in text.into_iter().chain(helm.get("valuesObject")) {
                map(&chart, &values, &mut Vec::new(), Some(because), out);
            }
            for parameter in helm.list("parameters") {
                let Some(at) = parameter.get("name") else { continue };
                let text = at.text().unwrap_or_default().replace("\\.", "\u{1}");
                if text.contains("{{") {
                    continue;
                }
                let steps: Vec<String> =
                    text.split('.').map(|it| it.replace('\u{1}', ".")).collect();
                // `hosts[0]` is an entry of a list, below which anything goes.
                let end = steps.iter().position(|it| it.contains('['));
                let steps: Vec<&str> =
                    steps.iter().take(end.unwrap_or(steps.len())).map(String::as_str).collect();
                if let Some(wrong) = chart.wrong(&steps) {
                    out.push(errors::unknown_key(&chart, &steps, &wrong, at.span(), Some(because)));
                }
            }
        }
    }
    umbrella(whole, out);
    loose(whole, &read, out);
}

/// The values of the charts that a chart of one's own is made of.
fn umbrella<T: Tree>(whole: &Whole<'_, T>, out: &mut Vec<Diagnostic>) {
    for file in whole.files.iter().filter(|it| it.base() == "Chart.yaml") {
        let beside = whole
            .files
            .iter()
            .filter(|it| it.folder() == file.folder() && it.base().starts_with("values"));
        let beside: Vec<&File<T>> = beside.collect();
        for dependency in file.roots.iter().flat_map(|it| it.list("dependencies")) {
            let word = |field: &str| dependency.word(field).unwrap_or_default();
            let (name, key) = (word("name"), dependency.word("alias"));
            let Some(chart) = find(&word("repository"), &name, &word("version")) else { continue };
            let because = dependency.get("name").unwrap_or_else(|| dependency.clone()).span();
            let key = key.unwrap_or(name);
            for own in beside.iter().flat_map(|it| &it.roots).filter_map(|it| it.get(&key)) {
                map(&chart, &own, &mut Vec::new(), Some(because), out);
            }
        }
    }
}

/// The files of values that a source names, which are here.
fn value_files<'f, T: Tree>(source: &Source<T>, whole: &Whole<'f, T>) -> Vec<&'f File<T>> {
    let Some(helm) = source.node.get("helm") else { return Vec::new() };
    let mut out = Vec::new();
    for file in helm.list("valueFiles") {
        let text = file.text().unwrap_or_default();
        let path = match text.strip_prefix('$').and_then(|it| it.split_once('/')) {
            Some((_, rest)) => plain(rest),
            None if source.chart.is_none() && !text.starts_with('/') => {
                plain(&format!("{}/{text}", source.path.as_deref().unwrap_or_default()))
            }
            None => continue,
        };
        let number = whole.folder.names().find(|it| it.1 == path).map(|it| it.0);
        // Where nothing shows how the files lie in the repository, the one whose name ends so.
        let ends = |it: &&File<T>| {
            let name = plain(&it.name);
            name == path || name.ends_with(&format!("/{path}"))
        };
        let found = number.and_then(|it| whole.files.get(it));
        out.extend(found.or_else(|| {
            let mut all = whole.files.iter().filter(ends);
            all.next().filter(|_| all.next().is_none())
        }));
    }
    out
}

/// A file that is called after a chart and holds its values, which nothing installs as far as these files say.
fn loose<T: Tree>(whole: &Whole<'_, T>, read: &[*const File<T>], out: &mut Vec<Diagnostic>) {
    let installed = |name: &str| {
        whole.all().flat_map(|it| &it.sources).any(|it| it.chart.as_deref() == Some(name))
    };
    for file in whole.files {
        let is_read = read.iter().any(|it| std::ptr::eq(*it, file));
        if is_read || !file.base().contains("values") {
            continue;
        }
        let Some(root) = file.roots.first().filter(|it| it.get("kind").is_none()) else { continue };
        let fields = root.fields().unwrap_or_default();
        let keys: Vec<&str> = fields.iter().map(|it| it.0.as_str()).collect();
        let Some(chart) = known_as(file.base(), &keys).filter(|it| !installed(it.name())) else {
            continue;
        };
        map(&chart, root, &mut Vec::new(), None, out);
    }
}

/// Every key that the chart does not know, and nothing below one.
fn map<T: Tree>(
    chart: &Chart,
    node: &T,
    path: &mut Vec<String>,
    because: Option<crate::source::Span>,
    out: &mut Vec<Diagnostic>,
) {
    if path.len() > DEEPEST {
        return;
    }
    for (name, key, value) in node.fields().unwrap_or_default() {
        if name.contains("{{") {
            continue;
        }
        path.push(name);
        let steps: Vec<&str> = path.iter().map(String::as_str).collect();
        match chart.wrong(&steps) {
            Some(wrong) => {
                let at = key.span();
                out.push(errors::unknown_key(chart, &steps, &wrong, at, because));
            }
            None => map(chart, &value, path, because, out),
        }
        path.pop();
    }
}
