//! The order in which Applications come, and what each needs there before.

use std::collections::BTreeMap;

use super::charts::values;
use super::errors::waves as errors;
use super::facts::{NEEDS, brings, installer, is_in};
use super::tree::{File, Tree};
use super::view::{App, Whole};
use crate::diag::Diagnostic;

/// Groups of which the definitions are looked for among the files, and told of where there are none.
const LOOKED_FOR: [&str; 3] =
    ["gateway.networking.k8s.io", "operator.cluster.x-k8s.io", "monitoring.coreos.com"];

/// Something that an Application needs.
struct Need<T> {
    group: String,
    at: T,
    why: String,
}

pub(super) fn judge<T: Tree>(whole: &Whole<'_, T>, out: &mut Vec<Diagnostic>) {
    if whole.apps.is_empty() {
        return;
    }
    let read: Vec<Vec<&File<T>>> = whole.apps.iter().map(|it| of_app(it, whole)).collect();
    let apps: Vec<Bringer<'_, '_, T>> =
        whole.apps.iter().zip(&read).map(|(app, files)| (app, definitions(files))).collect();
    let needs: Vec<Vec<Need<T>>> =
        whole.apps.iter().zip(&read).map(|(app, files)| needs(app, files)).collect();
    let mut told: Vec<String> = Vec::new();
    for (bringer, own) in apps.iter().zip(&needs) {
        let mut seen: Vec<&str> = Vec::new();
        for need in own {
            if seen.contains(&need.group.as_str()) {
                continue;
            }
            seen.push(&need.group);
            order(bringer, need, &apps, out);
            if let Some(group) = LOOKED_FOR.iter().find(|it| is_in(&need.group, it))
                && !told.contains(&need.group)
                && is_absent(group, whole)
            {
                told.push(need.group.clone());
                let all = needs.iter().flatten().filter(|it| it.group == need.group);
                let others = all.map(|it| it.at.span()).filter(|it| *it != need.at.span());
                let others: Vec<_> = others.collect();
                out.push(errors::no_provider(
                    &need.group,
                    &need.why,
                    installer(group),
                    need.at.span(),
                    &others,
                ));
            }
        }
    }
    health(whole, out);
    finalizers(whole, out);
}

/// Whether the same cluster is meant, as far as it is written.
fn same_cluster<T: Tree>(one: &App<'_, T>, two: &App<'_, T>) -> bool {
    let of = |it: &App<'_, T>| {
        let server = it.spec.word_at(&["destination", "server"]);
        server.or_else(|| it.spec.word_at(&["destination", "name"])).map(|it| match it.as_str() {
            "in-cluster" => "https://kubernetes.default.svc".to_owned(),
            _ => it,
        })
    };
    of(one) == of(two)
}

/// An Application, and the groups that its own files define.
type Bringer<'w, 'f, T> = (&'w App<'f, T>, Vec<String>);

/// Whether an Application brings the definitions of a group.
fn is_provider<T: Tree>((app, defined): &Bringer<'_, '_, T>, group: &str) -> bool {
    brings_by_chart(app, group) || defined.iter().any(|it| is_in(it, group))
}

fn brings_by_chart<T: Tree>(app: &App<'_, T>, group: &str) -> bool {
    let charts = app.sources.iter().filter_map(|it| it.chart.as_deref());
    charts.map(|it| it.rsplit('/').next().unwrap_or(it)).any(|it| brings(it, group))
}

fn definitions<T: Tree>(files: &[&File<T>]) -> Vec<String> {
    let roots = files.iter().flat_map(|it| &it.roots);
    let own = roots.filter(|it| it.word("kind").as_deref() == Some("CustomResourceDefinition"));
    own.filter_map(|it| it.word_at(&["spec", "group"])).collect()
}

fn defines<T: Tree>(root: &T, group: &str) -> bool {
    root.word("kind").as_deref() == Some("CustomResourceDefinition")
        && root.word_at(&["spec", "group"]).is_some_and(|it| is_in(&it, group))
}

/// The files that an Application reads, where they are here and nothing else decides which.
fn of_app<'f, T: Tree>(app: &App<'f, T>, whole: &Whole<'f, T>) -> Vec<&'f File<T>> {
    let mut out = Vec::new();
    for source in app.sources.iter().filter(|it| whole.folder.is_own(&it.repository)) {
        let Some(path) = &source.path else { continue };
        let is_deep = source.node.flag(&["directory", "recurse"]) == Some(true);
        for (number, name) in whole.folder.names() {
            let folder = name.rsplit_once('/').map_or("", |it| it.0);
            let below = folder.strip_prefix(path.as_str()).is_some_and(|it| it.starts_with('/'));
            if folder == path || is_deep && below {
                out.extend(whole.files.get(number));
            }
        }
    }
    out
}

fn needs<T: Tree>(app: &App<'_, T>, files: &[&File<T>]) -> Vec<Need<T>> {
    let mut out = Vec::new();
    for source in &app.sources {
        let Some(chart) = source.chart.as_deref() else { continue };
        for own in values(source) {
            own.each(&mut |path, node| {
                if node.text() != Some("true") {
                    return;
                }
                let path: Vec<&str> = path.iter().map(String::as_str).collect();
                if let [.., kind, "enabled"] = path.as_slice()
                    && matches!(kind.to_lowercase().as_str(), "servicemonitor" | "podmonitor")
                    && !brings(chart, "monitoring.coreos.com")
                {
                    out.push(Need {
                        group: "monitoring.coreos.com".to_owned(),
                        at: node.clone(),
                        why: format!("`{}` makes one of its objects", path.join(".")),
                    });
                }
                let is_gateway = match (chart, path.as_slice()) {
                    ("cilium", ["gatewayAPI", "enabled"]) => true,
                    ("cert-manager", [.., last]) => *last == "enableGatewayAPI",
                    _ => false,
                };
                if is_gateway {
                    out.push(gateway(node, &path.join(".")));
                }
            });
            own.each(&mut |path, node| {
                let text = node.text().unwrap_or_default();
                let is_source = chart == "external-dns"
                    && path.last().is_some_and(|it| it == "sources")
                    && text.starts_with("gateway-");
                if is_source || chart == "cert-manager" && text == "--enable-gateway-api" {
                    out.push(gateway(node, text));
                }
            });
        }
    }
    for file in files {
        for root in &file.roots {
            let Some(kind) = root.word("kind") else { continue };
            let Some(version) = root.get("apiVersion") else { continue };
            let Some((group, _)) = version.text().and_then(|it| it.split_once('/')) else {
                continue;
            };
            // Argo CD itself is there, and its group is that of its sisters, too.
            if is_in(group, "argoproj.io") {
                continue;
            }
            let group = group.to_owned();
            for (of, needed) in NEEDS.iter().filter(|it| is_in(&group, it.0)) {
                let why = format!("what installs `{of}` gets its certificates from it");
                out.push(Need { group: (*needed).to_owned(), at: version.clone(), why });
            }
            out.push(Need { why: format!("it has a {kind}"), group, at: version });
        }
    }
    out
}

fn gateway<T: Tree>(node: &T, what: &str) -> Need<T> {
    Need {
        group: "gateway.networking.k8s.io".to_owned(),
        at: node.clone(),
        why: format!("`{what}` reads its objects"),
    }
}

/// What brings a group comes no later than what needs it.
fn order<T: Tree>(
    bringer: &Bringer<'_, '_, T>,
    need: &Need<T>,
    apps: &[Bringer<'_, '_, T>],
    out: &mut Vec<Diagnostic>,
) {
    let app = bringer.0;
    if is_provider(bringer, &need.group) {
        return;
    }
    let providers: Vec<&App<'_, T>> = apps
        .iter()
        .filter(|it| same_cluster(it.0, app) && is_provider(it, &need.group))
        .map(|it| it.0)
        .collect();
    let (own, at) = app.wave();
    // Of several that bring it the first is enough.
    let first = providers.iter().min_by_key(|it| it.wave().0);
    let Some(provider) = first.filter(|it| it.wave().0 > own) else { return };
    let (later, later_at) = provider.wave();
    let at = at.unwrap_or_else(|| app.named());
    let because = later_at.unwrap_or_else(|| provider.named());
    let about = errors::Order {
        app: &app.name,
        provider: &provider.name,
        group: &need.group,
        why: &need.why,
        waves: (own, later),
    };
    out.push(errors::before_provider(&about, at.span(), because.span(), need.at.span()));
}

/// Whether nothing in the files brings a group, and nothing that cannot be seen may.
fn is_absent<T: Tree>(group: &str, whole: &Whole<'_, T>) -> bool {
    let word = group.split('.').next().unwrap_or(group);
    let by_app = whole.all().any(|app| {
        brings_by_chart(app, group)
            || app.sources.iter().any(|it| {
                // A folder of another repository may hold anything, and one that is filled in, too.
                it.repository.contains(word)
                    || it.path.as_deref().is_some_and(|it| it.contains(word) || it.contains("crd"))
                    || it.chart.as_deref().is_some_and(|it| it.contains(word))
            })
    });
    // What an ApplicationSet fills in may be its chart, too: from files it may be any.
    let by_set = whole.sets.iter().any(|set| {
        let mut sources = set.app.iter().flat_map(|it| &it.sources);
        let is_filled = sources.any(|it| !it.is_plain());
        let mut is_it = false;
        if let Some(generators) = set.spec.get("generators").filter(|_| is_filled) {
            generators.each(&mut |path, node| {
                let text = node.text().unwrap_or_default();
                is_it |= text.contains(word) || brings(text, group);
                is_it |= path.iter().any(|it| it == "files");
            });
        }
        is_it
    });
    let by_object = whole.objects().any(|(_, root, kind)| {
        defines(root, group) || matches!(kind.as_str(), "HelmRelease" | "HelmChart")
    });
    let by_file = whole.files.iter().any(|file| {
        let is_kustomization = file.base().starts_with("kustomization.");
        file.name.contains(word) && file.name.contains("crd")
            || file.base() == "Chart.yaml"
            || is_kustomization
                && file.roots.iter().any(|it| {
                    let mut all = it.list("resources").into_iter().chain(it.list("helmCharts"));
                    all.any(|it| {
                        it.text().is_some_and(|it| it.contains(word) || it.contains("crd"))
                            || it.word("name").is_some_and(|it| brings(&it, group))
                    })
                })
    });
    !by_app && !by_set && !by_object && !by_file
}

/// Waves of Applications wait for nothing, unless Argo CD is told when an Application is healthy.
fn health<T: Tree>(whole: &Whole<'_, T>, out: &mut Vec<Diagnostic>) {
    let mut waves: BTreeMap<i64, &App<'_, T>> = BTreeMap::new();
    for app in &whole.apps {
        waves.entry(app.wave().0).or_insert(app);
    }
    let has_annotation = |it: &&&App<'_, T>| it.wave().1.is_some();
    let Some(first) = waves.values().find(has_annotation).filter(|_| waves.len() > 1) else {
        return;
    };
    let mut is_told = false;
    for file in whole.files {
        for root in &file.roots {
            let mut look = |_: &[String], node: &T| {
                is_told |= node.text().is_some_and(speaks_of_health);
            };
            root.each(&mut look);
            keys(root, 0, &mut |key| is_told |= speaks_of_health(key));
        }
    }
    if !is_told {
        let at = first.wave().1.unwrap_or_else(|| first.named());
        let waves: Vec<i64> = waves.keys().copied().collect();
        out.push(errors::no_health(&waves, at.span()));
    }
}

/// `resource.customizations.health.argoproj.io_Application`, or the same in one text with others.
fn speaks_of_health(text: &str) -> bool {
    text.contains("argoproj.io_Application")
        || text.contains("argoproj.io/Application:")
        || text.trim() == "argoproj.io/Application"
}

fn keys<T: Tree>(node: &T, depth: usize, call: &mut dyn FnMut(&str)) {
    if depth > 12 {
        return;
    }
    for (name, _, value) in node.fields().unwrap_or_default() {
        call(&name);
        keys(&value, depth + 1, call);
    }
    for item in node.items().unwrap_or_default() {
        keys(&item, depth + 1, call);
    }
    if let Some(inner) =
        node.text().filter(|it| it.contains("argoproj.io")).and_then(|_| node.inside())
    {
        keys(&inner, depth + 1, call);
    }
}

/// Where no Application of several takes its objects with it.
fn finalizers<T: Tree>(whole: &Whole<'_, T>, out: &mut Vec<Diagnostic>) {
    let has = |it: &App<'_, T>| {
        it.root.get("metadata").is_some_and(|it| !it.list("finalizers").is_empty())
    };
    if whole.apps.len() < 3 || whole.apps.iter().any(has) {
        return;
    }
    if let Some(first) = whole.apps.first() {
        out.push(errors::no_finalizers(whole.apps.len(), first.named().span()));
    }
}
