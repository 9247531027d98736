//! The runbook of a platform: from nothing to running clusters.

use super::capacity::capacity;
use super::components::{
    CORE, Component, KIND, KIND_IMAGE, MANAGEMENT, TALOS_KUBERNETES, TALOS_NEWEST, WORKLOAD,
    serving,
};
use super::facts::{ClusterFacts, DayZero, Network};
use super::gitops;
use super::markdown::{Page, quoted};
use super::secrets;
use super::steps::{Place, apply, components, credentials, init, moves, namespace};

/// Where the files stand, and how the management cluster is reached.
const HERE: Place<'static> = Place { config: "", out: "out" };

/// The commands that bring a platform up, in order, as Markdown.
pub fn platform(zero: &DayZero) -> String {
    let mut page = Page::default();
    page.say(format!("# Bootstrap of `{}`", zero.platform));
    page.say("Written by `iflux doc platform` from the program. Commands run in the project's folder, for a POSIX shell; what stands in `'<..>'` is yours to fill in.");
    clusters(&mut page, zero);
    let remote: Vec<&ClusterFacts> = zero.remote().collect();
    if remote.is_empty() {
        page.heading("On a laptop");
        page.say("All of these clusters are containers on one machine, which needs no hub: `iflux local` prints the commands.");
        return page.finish();
    }
    versions(&mut page, zero, &remote);
    tools(&mut page, zero, &remote);
    images(&mut page, &remote);
    let hub = zero.cluster(&zero.hub.name);
    match hub {
        Some(hub) if zero.hub.is_made && !hub.is_local => own_hub(&mut page, zero, hub, &remote),
        Some(hub) => {
            page.step("The management cluster");
            page.say(format!("The program makes its hub `{}` of containers, and those cannot run Cluster API for others. Take a cluster that stays, Kubernetes {}:", hub.name, span(&MANAGEMENT)));
            page.shell(&[format!("export KUBECONFIG='<path of the kubeconfig of {}>'", hub.name)]);
            given_hub(&mut page, zero, &remote);
        }
        None => {
            page.step("The management cluster");
            page.say(format!("`{}` is made by something else. It runs Kubernetes {}, and reaches the API of every provider and of every cluster.", zero.hub.name, span(&MANAGEMENT)));
            page.shell(&[
                format!("export KUBECONFIG='<path of the kubeconfig of {}>'", zero.hub.name),
                "kubectl get nodes".to_owned(),
            ]);
            given_hub(&mut page, zero, &remote);
        }
    }
    page.step("Verify");
    page.shell(&verify(zero, &remote));
    page.say("The kubeconfigs open the clusters to everybody: keep them out of the repository.");
    afterwards(&mut page, zero);
    match &zero.gitops {
        Some(_) => gitops::time(&mut page, zero, &remote),
        None => secrets::step(&mut page, zero),
    }
    page.finish()
}

fn clusters(page: &mut Page, zero: &DayZero) {
    page.heading("Clusters");
    let rows: Vec<Vec<String>> = zero
        .clusters
        .iter()
        .map(|cluster| {
            let provider = match &cluster.provider {
                Some(name) => format!("{} `{name}`", cluster.schema),
                None => cluster.schema.to_owned(),
            };
            let version = match &cluster.talos {
                Some(talos) => format!("{} on Talos {talos}", cluster.kubernetes),
                None => cluster.kubernetes.clone(),
            };
            let pools = cluster.pools.iter().map(|(name, count)| format!(", {count} `{name}`"));
            vec![
                format!("`{}`", cluster.name),
                format!("`{}`", cluster.environment),
                provider,
                version,
                format!(
                    "{} for the control plane{}",
                    cluster.control_plane,
                    pools.collect::<String>()
                ),
                cluster.api_server(),
                cluster.pods.clone(),
                cluster.services.clone(),
            ]
        })
        .collect();
    page.table(
        &[
            "Cluster",
            "Environment",
            "Provider",
            "Kubernetes",
            "Machines",
            "API server",
            "Pods",
            "Services",
        ],
        &rows,
    );
    page.say(format!(
        "Cluster API runs on the hub `{}`; its objects live there in the namespace `{}`, and stand in `out/{}/`.",
        zero.hub.name, zero.namespace, zero.hub.name
    ));
    capacity(page, zero);
    let local: Vec<&str> = zero
        .clusters
        .iter()
        .filter(|cluster| cluster.is_local)
        .map(|cluster| cluster.name.as_str())
        .collect();
    if !local.is_empty() {
        let needed: Vec<&str> = zero
            .remote()
            .flat_map(|cluster| zero.files_of(&cluster.name))
            .map(|file| file.path.as_str())
            .collect();
        let files = local.iter().flat_map(|name| zero.files_of(name));
        let mut files: Vec<String> = files
            .filter(|file| !needed.contains(&file.path.as_str()))
            .map(|file| format!("out/{}", file.path))
            .collect();
        files.sort();
        files.dedup();
        page.say(format!(
            "{} made of containers: `iflux local {}` prints the commands for a laptop. On a hub without Docker nothing could make them; there, {} left out.",
            are(&local),
            local.join(" "),
            are(&files.iter().map(String::as_str).collect::<Vec<_>>())
        ));
    }
}

fn are(names: &[&str]) -> String {
    let verb = if names.len() == 1 { "is" } else { "are" };
    format!("{} {verb}", quoted(names.iter().copied()))
}

fn span(minors: &std::ops::RangeInclusive<u32>) -> String {
    format!("v1.{} to v1.{}", minors.start(), minors.end())
}

fn versions(page: &mut Page, zero: &DayZero, remote: &[&ClusterFacts]) {
    page.heading("Cluster API's providers");
    page.say("What the output is written for. A newer patch release will do.");
    let rows: Vec<Vec<String>> = components(remote.iter().copied())
        .iter()
        .map(|component| {
            vec![
                component.title.to_owned(),
                format!("`{}`", component.name),
                component.version.to_owned(),
                component.contract.to_owned(),
                component.namespace.to_owned(),
                match written(zero, component).as_slice() {
                    [] => "nothing itself".to_owned(),
                    types => quoted(types.iter().map(String::as_str)),
                },
            ]
        })
        .collect();
    let head =
        ["Provider", "Name", "Release", "Contract", "Namespace", "What the program writes for it"];
    page.table(&head, &rows);
    page.points(&warnings(zero, remote));
}

/// The types of a component's objects that the program writes, as group and version.
fn written(zero: &DayZero, component: &Component) -> Vec<String> {
    let objects = zero.files.iter().flat_map(|file| &file.objects);
    let mut found: Vec<String> = objects
        .filter(|it| serving(&it.group, &it.kind) == Some(component))
        .map(|it| format!("{}/{}", it.group, it.version))
        .collect();
    found.sort();
    found.dedup();
    found
}

/// What will not work as the program stands.
fn warnings(zero: &DayZero, remote: &[&ClusterFacts]) -> Vec<String> {
    let mut found = Vec::new();
    let mut unserved: Vec<(&Component, String, Vec<&str>)> = Vec::new();
    for object in zero.files.iter().flat_map(|file| &file.objects) {
        let Some(component) = serving(&object.group, &object.kind) else { continue };
        let own = component.serves.iter().filter(|served| served.group == object.group);
        if own.flat_map(|served| served.versions).any(|version| *version == object.version) {
            continue;
        }
        let written = format!("{}/{}", object.group, object.version);
        let same = |it: &&mut (&Component, String, Vec<&str>)| it.0 == component && it.1 == written;
        match unserved.iter_mut().find(same) {
            Some((.., kinds)) => kinds.push(&object.kind),
            None => unserved.push((component, written, vec![&object.kind])),
        }
    }
    for (component, written, mut kinds) in unserved {
        kinds.sort_unstable();
        kinds.dedup();
        found.push(format!(
            "**{} written as `{written}`, which `{}` {} does not serve**: a release that does must be there, or the hub refuses these objects.",
            are(&kinds), component.name, component.version
        ));
    }
    let workers: i64 = zero
        .cluster(&zero.hub.name)
        .map_or(1, |hub| hub.pools.iter().map(|(_, count)| count).sum());
    if hub_is_made(zero) && workers == 0 {
        found.push(format!(
            "**`{}` has no workers**: the taint of control planes keeps Cluster API away from it, and `clusterctl init` would wait for nothing.",
            zero.hub.name
        ));
    }
    for cluster in remote {
        if let Some(minor) = cluster.minor().filter(|minor| !WORKLOAD.contains(minor)) {
            found.push(format!(
                "**`{}` asks for Kubernetes v1.{minor}**: Cluster API {} is tested with {}.",
                cluster.name,
                CORE.version,
                span(&WORKLOAD)
            ));
        }
        let Some(talos) = &cluster.talos else { continue };
        let mut parts =
            talos.trim_start_matches('v').split('.').map_while(|part| part.parse().ok());
        let version: Option<(u32, u32)> = parts.next().zip(parts.next());
        if version.is_some_and(|version| version > TALOS_NEWEST) {
            let (major, minor) = TALOS_NEWEST;
            found.push(format!("**`{}` asks for Talos {talos}**: its control-plane provider knows Talos up to v{major}.{minor}.", cluster.name));
        }
        if cluster.minor().is_some_and(|minor| minor > TALOS_KUBERNETES) {
            found.push(format!("**`{}` asks for Kubernetes {}**: the control-plane provider of Talos knows Kubernetes up to v1.{TALOS_KUBERNETES}.", cluster.name, cluster.kubernetes));
        }
    }
    found
}

fn tools(page: &mut Page, zero: &DayZero, remote: &[&ClusterFacts]) {
    page.step("Tools");
    let mut points = vec![
        format!("`clusterctl` {}, the release of Cluster API", CORE.version),
        format!("`kubectl` of Kubernetes {}", span(&MANAGEMENT)),
    ];
    let mut lines =
        vec!["clusterctl version -o short".to_owned(), "kubectl version --client".to_owned()];
    if hub_is_made(zero) {
        points
            .push(format!("`kind` from {KIND} on, and Docker, for a temporary management cluster"));
        lines.push("kind version".to_owned());
    }
    if remote.iter().any(|cluster| !cluster.before.is_empty()) {
        points.push("`clusterawsadm` of CAPA's release, and credentials of the account".to_owned());
        lines.push("clusterawsadm version".to_owned());
    }
    if zero.gitops.is_some() {
        points.push("`helm` from v3.14 on and `yq` v4, which install Argo CD from what the program builds; `argocd` of the same release as its chart".to_owned());
        lines.extend(
            ["helm version --short", "yq --version", "argocd version --client --short"]
                .map(str::to_owned),
        );
    }
    lines.push("iflux build --check     # `out/` is what the program builds".to_owned());
    page.points(&points);
    page.shell(&lines);
    let mut before: Vec<&(String, &str)> = remote.iter().flat_map(|it| &it.before).collect();
    before.dedup();
    for (command, why) in before {
        page.say(format!("This {why}:"));
        page.shell(std::slice::from_ref(command));
    }
}

fn hub_is_made(zero: &DayZero) -> bool {
    zero.hub.is_made && zero.cluster(&zero.hub.name).is_some_and(|hub| !hub.is_local)
}

/// What an image is to hold, each with the clusters for which it is.
type Held<'z> = Vec<(&'z str, Vec<&'z str>)>;

fn images(page: &mut Page, remote: &[&ClusterFacts]) {
    page.step("What machines are made of");
    let mut kinds: Vec<(&str, Option<&str>, Held<'_>)> = Vec::new();
    for cluster in remote {
        let (image, holds) = (cluster.machines.image.as_str(), cluster.machines.holds.as_str());
        let place = kinds.iter().position(|(known, ..)| *known == image).unwrap_or(kinds.len());
        if place == kinds.len() {
            kinds.push((image, cluster.machines.look.as_deref(), Vec::new()));
        }
        let Some((.., held)) = kinds.get_mut(place) else { continue };
        match held.iter_mut().find(|(known, _)| *known == holds) {
            Some((_, clusters)) => clusters.push(&cluster.name),
            None => held.push((holds, vec![&cluster.name])),
        }
    }
    let rows: Vec<Vec<String>> = kinds
        .iter()
        .flat_map(|(image, _, held)| {
            held.iter().map(move |(holds, clusters)| {
                vec![(*image).to_owned(), (*holds).to_owned(), quoted(clusters.iter().copied())]
            })
        })
        .collect();
    page.table(&["What must be there", "It holds", "For"], &rows);
    let twice = kinds.iter().filter(|(.., held)| held.len() > 1).map(|(image, _, held)| {
        let holds: Vec<&str> = held.iter().map(|(holds, _)| *holds).collect();
        format!("**{image} would have to hold {}**: give these clusters providers, or images, of their own.", holds.join(", and "))
    });
    page.points(&twice.collect::<Vec<_>>());
    let mut looks: Vec<String> =
        kinds.iter().filter_map(|(_, look, _)| look.map(str::to_owned)).collect();
    looks.dedup();
    page.shell(&looks);
}

/// The namespace, the credentials, and the clusters, on a hub that is there.
fn given_hub(page: &mut Page, zero: &DayZero, remote: &[&ClusterFacts]) {
    page.step("Cluster API");
    page.say("It installs cert-manager, too, where that is missing. ClusterClass is behind a gate; ClusterResourceSet no longer is.");
    page.shell(&init(HERE, zero, remote));
    beside(page, remote);
    page.step("Namespace and credentials");
    namespace_and_credentials(page, zero, remote, false, &[]);
    if let Some(gitops) = &zero.gitops {
        // Who runs the hub has given it a network.
        gitops::install(page, zero, gitops, true);
        gitops::register(page, zero, gitops, remote);
        secrets::step(page, zero);
        gitops::synced(page, gitops);
        return;
    }
    page.step("The clusters");
    rest(page, zero, remote);
}

/// A hub that the program makes: first from a temporary cluster, then by itself.
fn own_hub(page: &mut Page, zero: &DayZero, hub: &ClusterFacts, remote: &[&ClusterFacts]) {
    let (name, only) = (&hub.name, [hub]);
    let (temporary, own) = (format!("{name}-bootstrap"), format!("{name}.kubeconfig"));
    page.step("A temporary management cluster");
    page.say(format!("The program makes its own hub. Until `{name}` stands, a cluster of containers takes its place; it must reach the provider's API and {}.", match &hub.endpoint {
        Some(_) => format!("`{}`", hub.api_server()),
        None => "the hub's API server".to_owned(),
    }));
    page.shell(&[
        format!("kind create cluster --name {temporary} --image {KIND_IMAGE} --kubeconfig {temporary}.kubeconfig --wait 5m"),
        format!("export KUBECONFIG=\"$PWD/{temporary}.kubeconfig\""),
    ]);
    page.step("Cluster API, on the temporary cluster");
    page.say("It installs cert-manager, too. ClusterClass is behind a gate; ClusterResourceSet no longer is.");
    page.shell(&init(HERE, zero, &only));
    beside(page, &only);
    page.step("Namespace and credentials of the hub");
    namespace_and_credentials(page, zero, &only, true, &[]);
    page.step("The hub");
    page.shell(&apply(HERE, zero, only));
    let mut up =
        vec![HERE.wait(zero, name, "ControlPlaneInitialized"), HERE.kubeconfig(zero, name, &own)];
    page.shell(&up);
    match &zero.gitops {
        Some(gitops) if gitops.has_early(name) => {
            gitops::early(page, zero, gitops, name, &format!(" --kubeconfig {own}"));
        }
        _ => network(page, zero, &only),
    }
    up = vec![
        HERE.wait(zero, name, "Available"),
        format!("kubectl --kubeconfig {own} wait --for=condition=Ready --timeout=10m node --all"),
    ];
    page.shell(&up);
    page.step("The move");
    page.say(format!("`{name}` gets Cluster API with all providers, and takes over its own objects; then the temporary cluster goes."));
    let there = format!(" --kubeconfig {own}");
    page.shell(&init(Place { config: &there, ..HERE }, zero, remote));
    beside(page, remote);
    for lines in credentials(zero, only, false, |one| !moves(one)) {
        page.shell(
            &lines
                .iter()
                .map(|line| line.replacen("kubectl ", &format!("kubectl{there} "), 1))
                .collect::<Vec<_>>(),
        );
    }
    page.shell(&[
        format!("clusterctl move --kubeconfig {temporary}.kubeconfig --to-kubeconfig {own} --namespace {}", zero.namespace),
        format!("export KUBECONFIG=\"$PWD/{own}\""),
        HERE.wait(zero, name, "Available"),
        format!("kubectl --kubeconfig {temporary}.kubeconfig get clusters.cluster.x-k8s.io --all-namespaces     # none is left"),
        format!("kind delete cluster --name {temporary}"),
        format!("rm {temporary}.kubeconfig"),
    ]);
    let others: Vec<&ClusterFacts> =
        remote.iter().copied().filter(|cluster| cluster.name != *name).collect();
    page.step("Namespace and credentials, on the hub");
    let moved: Vec<&super::Credentials> = hub.credentials.iter().collect();
    let missing: Vec<&ClusterFacts> = others
        .iter()
        .copied()
        .filter(|cluster| cluster.credentials.iter().any(|one| !moved.contains(&one)))
        .collect();
    if missing.is_empty() {
        page.say("The credentials have moved along; the namespace gets the rest of what the program says of it.");
    } else {
        page.say(format!("Those of `{name}` have moved along."));
    }
    namespace_and_credentials(page, zero, &missing, false, &moved);
    if let Some(gitops) = &zero.gitops {
        gitops::install(page, zero, gitops, true);
        gitops::register(page, zero, gitops, &others);
        secrets::step(page, zero);
        gitops::synced(page, gitops);
        return;
    }
    if others.is_empty() {
        return;
    }
    page.step("The other clusters");
    rest(page, zero, &others);
}

/// What must run on the management cluster beside Cluster API.
fn beside(page: &mut Page, clusters: &[&ClusterFacts]) {
    let mut told: Vec<&str> = Vec::new();
    for note in clusters.iter().filter_map(|cluster| cluster.beside.as_deref()) {
        if !told.contains(&note) {
            told.push(note);
            page.say(note);
        }
    }
}

fn namespace_and_credentials(
    page: &mut Page,
    zero: &DayZero,
    clusters: &[&ClusterFacts],
    moves: bool,
    but: &[&super::Credentials],
) {
    let made: Vec<String> = namespace(HERE, zero).into_iter().collect();
    page.shell(&made);
    if clusters.iter().any(|cluster| !cluster.credentials.is_empty()) {
        page.say("What the program names, and nobody may commit. Of a file with a line `KEY=VALUE` each, `--from-env-file=FILE` takes the place of `--from-literal`, and no shell remembers them:");
    }
    for lines in credentials(zero, clusters.iter().copied(), moves, |one| !but.contains(&one)) {
        page.shell(&lines);
    }
}

/// Applies clusters, waits for them and installs what they lack.
fn rest(page: &mut Page, zero: &DayZero, clusters: &[&ClusterFacts]) {
    page.shell(&apply(HERE, zero, clusters.iter().copied()));
    page.say("Their machines come up side by side:");
    let names: Vec<&str> = clusters.iter().map(|cluster| cluster.name.as_str()).collect();
    let each = |body: [String; 2]| {
        let [first, second] = body;
        vec![
            format!("for cluster in {}; do", names.join(" ")),
            format!("  {first}"),
            format!("  {second}"),
            "done".to_owned(),
        ]
    };
    page.shell(&each([
        HERE.wait(zero, "\"$cluster\"", "ControlPlaneInitialized"),
        HERE.kubeconfig(zero, "\"$cluster\"", "\"$cluster.kubeconfig\""),
    ]));
    network(page, zero, clusters);
    page.shell(&each([
        HERE.wait(zero, "\"$cluster\"", "Available"),
        "kubectl --kubeconfig \"$cluster.kubeconfig\" wait --for=condition=Ready --timeout=10m node --all".to_owned(),
    ]));
}

/// What nodes lack before they are ready.
fn network(page: &mut Page, zero: &DayZero, clusters: &[&ClusterFacts]) {
    let of = |wanted: Network| -> Vec<&str> {
        let those = clusters.iter().filter(|cluster| cluster.network == wanted);
        those.map(|cluster| cluster.name.as_str()).collect()
    };
    let applied = of(Network::Manifests);
    if !applied.is_empty() {
        page.say(format!(
            "Cluster API applies the network of pods on {}: the ClusterResourceSets say so.",
            quoted(applied)
        ));
        page.shell(&[format!("kubectl get clusterresourcesets --namespace {}", zero.namespace)]);
    }
    let own = of(Network::Talos);
    if !own.is_empty() {
        page.say(format!("Talos installs the network of pods on {}.", quoted(own)));
    }
    let bare: Vec<&&ClusterFacts> =
        clusters.iter().filter(|cluster| cluster.network == Network::Nobody).collect();
    if !bare.is_empty() {
        page.say("**No node becomes ready before a network of pods is installed**, and the program names none (`cni = Manifests { files = { .. } }`). Whatever is installed must be told:");
        let rows: Vec<Vec<String>> = bare
            .iter()
            .map(|cluster| {
                let server = match &cluster.endpoint {
                    Some(_) => format!("`{}`", cluster.api_server()),
                    None => format!(
                        "`kubectl get cluster {} --namespace {} -o jsonpath='{{.spec.controlPlaneEndpoint}}'`",
                        cluster.name, zero.namespace
                    ),
                };
                vec![format!("`{}`", cluster.name), cluster.pods.clone(), cluster.services.clone(), server]
            })
            .collect();
        page.table(&["Cluster", "Pods", "Services", "API server"], &rows);
        let command = |cluster: &&&ClusterFacts| {
            format!(
                "kubectl --kubeconfig {}.kubeconfig apply --server-side -f '<manifests of the network>'",
                cluster.name
            )
        };
        page.shell(&bare.iter().map(command).collect::<Vec<_>>());
    }
    let mut clouds: Vec<&str> = clusters.iter().filter_map(|it| it.cloud_controller).collect();
    clouds.sort_unstable();
    clouds.dedup();
    for cloud in clouds {
        let names = clusters.iter().filter(|it| it.cloud_controller == Some(cloud));
        let names: Vec<&str> = names.map(|cluster| cluster.name.as_str()).collect();
        page.say(format!(
            "**The nodes of {} take no pods before the cloud controller manager `{cloud}` runs**: it takes away the taint `node.cloudprovider.kubernetes.io/uninitialized`. Its own chart installs it; it needs the provider's credentials in the cluster.",
            quoted(names)
        ));
    }
}

fn verify(zero: &DayZero, remote: &[&ClusterFacts]) -> Vec<String> {
    let mut lines = vec![format!(
        "kubectl get clusters.cluster.x-k8s.io,machines.cluster.x-k8s.io --namespace {}",
        zero.namespace
    )];
    lines.extend(remote.iter().map(|cluster| {
        format!("clusterctl describe cluster {} --namespace {}", cluster.name, zero.namespace)
    }));
    lines.extend(
        remote
            .iter()
            .map(|cluster| format!("kubectl --kubeconfig {}.kubeconfig get nodes", cluster.name)),
    );
    lines
}

/// What stands in the output beside the clusters.
fn afterwards(page: &mut Page, zero: &DayZero) {
    let mut known: Vec<&str> = Vec::new();
    for cluster in &zero.clusters {
        known.extend(zero.files_of(&cluster.name).iter().map(|file| file.path.as_str()));
    }
    known.extend(zero.namespace_file().map(|file| file.path.as_str()));
    let left: Vec<_> =
        zero.files.iter().filter(|file| !known.contains(&file.path.as_str())).collect();
    page.step("What follows");
    if zero.gitops.is_some() {
        page.say("From here on a change of the program is a change of `out/`, and what is merged is applied: one Application, the root, leads to every file.");
        return;
    }
    page.say(format!("From here on a change of the program is a change of `out/`. What stands in `out/{}/` goes to the hub, which makes or changes clusters of it, and the other folders to the cluster of their name: by a GitOps tool that watches them, or by hand.", zero.hub.name));
    let mut folders: Vec<&str> = left.iter().map(|file| file.folder.as_str()).collect();
    folders.dedup();
    let rows: Vec<Vec<String>> = folders
        .iter()
        .map(|folder| {
            let objects = left.iter().filter(|file| file.folder == *folder);
            let mut kinds: Vec<&str> =
                objects.flat_map(|file| &file.objects).map(|it| it.kind.as_str()).collect();
            kinds.sort_unstable();
            kinds.dedup();
            vec![format!("`{folder}`"), quoted(kinds)]
        })
        .collect();
    if rows.is_empty() {
        return;
    }
    page.say("Beside the clusters, the program writes:");
    page.table(&["Cluster", "Objects"], &rows);
    let objects = left.iter().flat_map(|file| &file.objects);
    let mut custom: Vec<(&str, &str)> = objects
        .filter(|it| it.group.contains('.') && !it.group.ends_with(".k8s.io"))
        .map(|it| (it.group.as_str(), it.kind.as_str()))
        .collect();
    custom.sort_unstable();
    custom.dedup();
    let points: Vec<String> = custom
        .iter()
        .map(|(group, kind)| {
            format!("`{kind}` is of `{group}`: what brings that type must be in the cluster first")
        })
        .collect();
    page.points(&points);
}
