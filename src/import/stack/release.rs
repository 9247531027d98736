//! Which charts are installed, at which versions, with which values.

use super::values::Values;
use super::{File, STACK, name_of, objects};
use crate::diag::Diagnostic;
use crate::import::doc::Node;
use crate::import::errors::stack as errors;
use crate::metrics::catalog::Release as Version;

/// A chart that something in the files installs.
#[derive(Clone, Debug)]
pub(in crate::import) struct Release {
    /// The chart's name.
    pub(in crate::import) chart: String,
    /// Where it comes from.
    pub(super) repository: String,
    /// Its version, where it is pinned.
    pub(super) version: Option<String>,
    /// The name of the release; none where it is not known.
    pub(super) name: Option<String>,
    /// What it is given.
    pub(in crate::import) values: Values,
    /// What installs it, for messages: ``the Application `longhorn` ``.
    pub(super) by: String,
    /// Where that names the chart.
    pub(super) at: Node,
    /// Where the name of the release stands.
    pub(super) named_at: Node,
}

/// Every release of a chart in the files.
pub(in crate::import) fn releases(files: &[File]) -> Vec<Release> {
    let mut found = Vec::new();
    for (_, root, kind) in objects(files) {
        match kind.as_str() {
            "Application" => of_application(root, root, files, &mut found),
            "ApplicationSet" => {
                if let Some(template) = root.at(&["spec", "template"]) {
                    of_application(&template, root, files, &mut found);
                }
            }
            "HelmRelease" => found.extend(of_helm_release(root)),
            _ => {}
        }
    }
    for file in files.iter().filter(|it| base(&it.name) == "Chart.yaml") {
        for root in &file.roots {
            of_chart(root, file, files, &mut found);
        }
    }
    // Values of the stack alone, where nothing installs it: what else it is given is not known.
    if !found.iter().any(|it| it.chart == STACK) {
        for (_, root) in loose(files) {
            found.push(Release {
                chart: STACK.to_owned(),
                repository: String::new(),
                version: None,
                name: None,
                values: Values {
                    layers: vec![root.clone()],
                    is_partly_unknown: true,
                    ..Values::default()
                },
                by: "values".to_owned(),
                at: root.clone(),
                named_at: root,
            });
        }
    }
    found
}

/// Files that are values of the stack, whether anything reads them or not.
fn loose(files: &[File]) -> impl Iterator<Item = (&File, Node)> {
    let roots = files.iter().flat_map(|file| file.roots.iter().map(move |root| (file, root)));
    roots.filter_map(|(file, root)| {
        let own = root.get(STACK).filter(Node::is_map).unwrap_or_else(|| root.clone());
        (!root.has("kind") && is_of_stack(&own)).then_some((file, own))
    })
}

/// Whether a map has values of kube-prometheus-stack.
pub(in crate::import) fn is_of_stack(root: &Node) -> bool {
    let is_map = |path: &[&str]| root.at(path).is_some_and(|it| it.is_map());
    let parts =
        ["prometheusOperator", "kubeStateMetrics", "defaultRules", "nodeExporter", "kubeEtcd"];
    is_map(&["prometheus", "prometheusSpec"])
        || is_map(&["alertmanager", "alertmanagerSpec"])
        || parts.iter().any(|part| root.has(part))
        || is_map(&["alertmanager", "config"]) && root.has("grafana")
}

/// The last step of a path.
pub(super) fn base(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// A version that names one release, or the patches of one minor, of which the first stands for all.
fn pinned(written: &str) -> Option<String> {
    let text = written.trim();
    let text = text.strip_prefix('~').or_else(|| text.strip_prefix('=')).unwrap_or(text).trim();
    let text = text
        .strip_suffix(".x")
        .or_else(|| text.strip_suffix(".*"))
        .or_else(|| text.strip_suffix(".X"))
        .unwrap_or(text);
    Version::read(text).map(|it| it.to_string())
}

/// `template` has the fields of an Application; `object` is what it stands in.
fn of_application(template: &Node, object: &Node, files: &[File], found: &mut Vec<Release>) {
    let Some(spec) = template.get("spec") else { return };
    let own = template.at(&["metadata", "name"]).and_then(|it| it.text().map(str::to_owned));
    let sources: Vec<Node> = spec.get("source").into_iter().chain(spec.list("sources")).collect();
    for source in &sources {
        let Some(chart) = source.get("chart") else { continue };
        let Some(name) = chart.text().filter(|it| !it.contains("{{")) else { continue };
        let helm = source.get("helm");
        let named_at = helm.as_ref().and_then(|it| it.get("releaseName"));
        let release = named_at.as_ref().and_then(|it| it.text().map(str::to_owned));
        let release = release.or_else(|| own.clone()).filter(|it| !it.contains("{{"));
        let version = source.get("targetRevision");
        let kind = object.word("kind").unwrap_or_default();
        found.push(Release {
            chart: base(name).to_owned(),
            repository: source.word("repoURL").unwrap_or_default(),
            version: version.and_then(|it| pinned(it.text()?)),
            name: release,
            values: helm
                .map_or_else(Values::default, |it| of_helm(&it, kind == "ApplicationSet", files)),
            by: format!("the {kind} `{}`", name_of(object)),
            named_at: named_at
                .or_else(|| template.at(&["metadata", "name"]))
                .unwrap_or_else(|| chart.clone()),
            at: chart,
        });
    }
}

/// The values of an Application's `helm`, from the weakest to the strongest.
fn of_helm(helm: &Node, is_template: bool, files: &[File]) -> Values {
    let mut values = Values::default();
    for file in helm.list("valueFiles") {
        let text = file.text().unwrap_or_default();
        match value_file(text, files) {
            Some(root) => values.layers.push(root),
            None => values.is_partly_unknown = true,
        }
    }
    if let Some(text) = helm.get("values") {
        match text.inside() {
            Some(Ok(doc)) => values.layers.extend(doc.roots()),
            Some(Err(_)) | None => values.is_partly_unknown = true,
        }
    }
    values.layers.extend(helm.get("valuesObject"));
    values.is_partly_unknown |= helm.has("fileParameters");
    for parameter in helm.list("parameters") {
        if let (Some(name), Some(value)) = (parameter.word("name"), parameter.get("value")) {
            values.parameters.push((name, value));
        }
    }
    // An ApplicationSet fills them for each Application that it makes.
    let is_filled = |it: &Node| it.written().contains("{{");
    values.is_partly_unknown |= is_template && values.layers.iter().any(is_filled);
    values
}

/// The file that an Application names, `$values/monitoring/values.yaml`, where one of the files must be it.
fn value_file(path: &str, files: &[File]) -> Option<Node> {
    // Without the name of a source it is a file of the chart.
    let path = path.strip_prefix('$').and_then(|it| it.split_once('/'))?.1;
    // The files may be named from within the repository, or from around it.
    let is_it = |name: &str| {
        let (long, short) = if name.len() >= path.len() { (name, path) } else { (path, name) };
        long == short || long.strip_suffix(short).is_some_and(|it| it.ends_with('/'))
    };
    let mut all = files.iter().filter(|it| is_it(it.name.trim_start_matches("./")));
    let only = all.next().filter(|_| all.next().is_none())?;
    only.roots.first().cloned()
}

/// A HelmRelease of Flux.
fn of_helm_release(root: &Node) -> Option<Release> {
    let spec = root.get("spec")?;
    let chart = spec.at(&["chart", "spec", "chart"])?;
    let version = spec.at(&["chart", "spec", "version"]);
    let name = spec.word("releaseName").unwrap_or_else(|| name_of(root));
    let is_moved = spec.has("targetNamespace") && !spec.has("releaseName");
    Some(Release {
        chart: base(chart.text()?).to_owned(),
        repository: String::new(),
        version: version.and_then(|it| pinned(it.text()?)),
        // Flux puts the target's namespace before the name.
        name: Some(name).filter(|_| !is_moved),
        values: Values {
            layers: spec.get("values").into_iter().collect(),
            is_partly_unknown: spec.has("valuesFrom"),
            ..Values::default()
        },
        by: format!("the HelmRelease `{}`", name_of(root)),
        named_at: spec
            .get("releaseName")
            .or_else(|| root.at(&["metadata", "name"]))
            .unwrap_or_else(|| chart.clone()),
        at: chart,
    })
}

/// The charts that a chart of one's own is made of.
fn of_chart(root: &Node, file: &File, files: &[File], found: &mut Vec<Release>) {
    let folder = file.name.strip_suffix("Chart.yaml").unwrap_or_default();
    let beside = files.iter().find(|it| it.name == format!("{folder}values.yaml"));
    for dependency in root.list("dependencies") {
        let Some(at) = dependency.get("name") else { continue };
        let Some(chart) = at.text() else { continue };
        let key = dependency.word("alias").unwrap_or_else(|| chart.to_owned());
        let own = beside.and_then(|it| it.roots.first()).and_then(|it| it.get(&key));
        found.push(Release {
            chart: chart.to_owned(),
            repository: dependency.word("repository").unwrap_or_default(),
            version: dependency.get("version").and_then(|it| pinned(it.text()?)),
            name: None,
            // Whoever installs it may give further values.
            values: Values {
                layers: own.into_iter().collect(),
                is_partly_unknown: true,
                ..Values::default()
            },
            by: format!("the chart `{}`", root.word("name").unwrap_or_default()),
            named_at: at.clone(),
            at,
        });
    }
}

/// Values of the stack that nothing reads, though the files say what it is given.
pub(in crate::import) fn unread(
    files: &[File],
    releases: &[Release],
    out: &mut Vec<Diagnostic>,
) -> Vec<Node> {
    let stacks: Vec<&Release> = releases.iter().filter(|it| it.chart == STACK).collect();
    let is_whole = !stacks.is_empty() && stacks.iter().all(|it| it.values.are_whole());
    let is_read = |root: &Node| {
        let mut layers = stacks.iter().flat_map(|it| it.values.layers());
        layers.any(|layer| layer.span() == root.span())
    };
    let mut found = Vec::new();
    for (file, root) in loose(files).filter(|(_, root)| !is_read(root)) {
        let folder = file.name.strip_suffix(base(&file.name)).unwrap_or_default();
        let is_of_chart = files.iter().any(|it| it.name == format!("{folder}Chart.yaml"));
        if let (Some(stack), true, false) = (stacks.first(), is_whole, is_of_chart) {
            let at = root.fields().and_then(|it| it.into_iter().next()).map(|it| it.1);
            let at = at.unwrap_or_else(|| root.clone());
            out.push(errors::unread_values(
                base(&file.name),
                &stack.by,
                at.span(),
                stack.at.span(),
            ));
        }
        found.push(root);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::pinned;

    #[test]
    fn versions_that_name_a_release() {
        for (written, expected) in [
            ("62.7.0", Some("v62.7.0")),
            ("v1.16.1", Some("v1.16.1")),
            ("1.6.x", Some("v1.6.0")),
            ("1.6.*", Some("v1.6.0")),
            ("~1.6.2", Some("v1.6.2")),
            ("^1.6.2", None),
            (">=1.6", None),
            ("62.*", None),
            ("*", None),
            ("HEAD", None),
        ] {
            assert_eq!(pinned(written).as_deref(), expected, "{written}");
        }
    }
}
