//! Laws of the standards, on pods of any form.

use proptest::prelude::*;

use super::{Control, Level, NEWEST, Policy, evaluate};
use crate::backend::Node;
use crate::eval::Origin;

fn text(text: &str) -> Node<'static> {
    Node::Text(text.to_owned().into(), Origin::NONE)
}

fn map(entries: Vec<(&'static str, Option<Node<'static>>)>) -> Node<'static> {
    let entries = entries.into_iter().filter_map(|(key, value)| Some((key.into(), value?)));
    Node::Map(entries.collect())
}

/// A value, or none at all.
fn maybe(values: BoxedStrategy<Node<'static>>) -> impl Strategy<Value = Option<Node<'static>>> {
    prop_oneof![Just(None), values.prop_map(Some)]
}

fn truth() -> BoxedStrategy<Node<'static>> {
    any::<bool>().prop_map(|it| Node::Bool(it, Origin::NONE)).boxed()
}

fn word(words: &'static [&'static str]) -> BoxedStrategy<Node<'static>> {
    proptest::sample::select(words).prop_map(text).boxed()
}

fn field(name: &'static str, values: BoxedStrategy<Node<'static>>) -> BoxedStrategy<Node<'static>> {
    maybe(values).prop_map(move |value| map(vec![(name, value)])).boxed()
}

fn list(values: BoxedStrategy<Node<'static>>) -> BoxedStrategy<Node<'static>> {
    proptest::collection::vec(values, 0..3).prop_map(Node::List).boxed()
}

fn number() -> BoxedStrategy<Node<'static>> {
    (0..3_i64).prop_map(|it| Node::Int(it, Origin::NONE)).boxed()
}

const CAPABILITIES: &[&str] = &["ALL", "CHOWN", "NET_BIND_SERVICE", "NET_RAW", "chown"];

/// What pods and containers share.
fn context() -> impl Strategy<Value = Vec<(&'static str, Option<Node<'static>>)>> {
    let profile = || word(&["RuntimeDefault", "Localhost", "Unconfined", ""]);
    let selinux = word(&["", "container_t", "container_engine_t", "spc_t"]);
    (
        maybe(truth()),
        maybe(number()),
        maybe(field("type", profile())),
        maybe(field("type", profile())),
        maybe(field("type", selinux)),
        maybe(field("hostProcess", truth())),
    )
        .prop_map(|(root, user, seccomp, apparmor, selinux, windows)| {
            vec![
                ("runAsNonRoot", root),
                ("runAsUser", user),
                ("seccompProfile", seccomp),
                ("appArmorProfile", apparmor),
                ("seLinuxOptions", selinux),
                ("windowsOptions", windows),
            ]
        })
}

fn container() -> impl Strategy<Value = Node<'static>> {
    let capabilities = || list(word(CAPABILITIES));
    let capabilities = (maybe(capabilities()), maybe(capabilities()))
        .prop_map(|(add, drop)| map(vec![("add", add), ("drop", drop)]));
    let own = (
        maybe(truth()),
        maybe(truth()),
        maybe(word(&["Default", "Unmasked"])),
        maybe(capabilities.boxed()),
        context(),
    )
        .prop_map(|(privileged, escalates, proc, capabilities, mut shared)| {
            shared.extend([
                ("privileged", privileged),
                ("allowPrivilegeEscalation", escalates),
                ("procMount", proc),
                ("capabilities", capabilities),
            ]);
            map(shared)
        });
    let probe = field("httpGet", field("host", word(&["", "10.0.0.1"])));
    (maybe(own.boxed()), maybe(probe), maybe(list(field("hostPort", number())))).prop_map(
        |(context, probe, ports)| {
            map(vec![
                ("name", Some(text("web"))),
                ("securityContext", context),
                ("livenessProbe", probe),
                ("ports", ports),
            ])
        },
    )
}

fn volume() -> BoxedStrategy<Node<'static>> {
    let sources = proptest::sample::select(&["emptyDir", "hostPath", "nfs", "secret"][..]);
    proptest::option::of(sources)
        .prop_map(|source| {
            let source = source.map(|it| (it, Some(map(Vec::new()))));
            map(source.into_iter().chain([("name", Some(text("v")))]).collect())
        })
        .boxed()
}

/// The metadata and spec of a pod for Linux. Those for Windows keep no law: `restricted` leaves out there what `baseline` asks, since the
/// API server refuses the fields themselves.
fn pod() -> impl Strategy<Value = (Node<'static>, Node<'static>)> {
    let annotations = proptest::collection::vec(
        (
            proptest::sample::select(
                &[
                    "container.apparmor.security.beta.kubernetes.io/web",
                    "container.seccomp.security.alpha.kubernetes.io/web",
                    "seccomp.security.alpha.kubernetes.io/pod",
                ][..],
            ),
            word(&["runtime/default", "unconfined", "localhost/x", ""]),
        ),
        0..2,
    );
    let sysctl =
        field("name", word(&["kernel.shm_rmid_forced", "net.ipv4.tcp_rmem", "kernel.msgmax"]));
    let shared = (context(), maybe(list(sysctl))).prop_map(|(mut shared, sysctls)| {
        shared.push(("sysctls", sysctls));
        map(shared)
    });
    let containers = || maybe(list(container().boxed()));
    (
        annotations,
        maybe(shared.boxed()),
        (containers(), containers(), containers()),
        maybe(list(volume())),
        (maybe(truth()), maybe(truth())),
    )
        .prop_map(|(annotations, shared, containers, volumes, (network, users))| {
            let annotations = annotations.into_iter().map(|(key, it)| (key, Some(it))).collect();
            let metadata = map(vec![("annotations", Some(map(annotations)))]);
            let spec = map(vec![
                ("hostNetwork", network),
                ("hostUsers", users),
                ("securityContext", shared),
                ("volumes", volumes),
                ("initContainers", containers.0),
                ("containers", containers.1),
                ("ephemeralContainers", containers.2),
            ]);
            (metadata, spec)
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn levels_admit_what_stricter_ones_admit((metadata, spec) in pod(), minor in 0..=NEWEST + 2) {
        let refused = |level| evaluate(Some(&&metadata), &&spec, "", Policy::new(level, minor));
        prop_assert!(refused(Level::Privileged).is_empty());
        let (baseline, restricted) = (refused(Level::Baseline), refused(Level::Restricted));
        prop_assert!(baseline.is_empty() || !restricted.is_empty(), "{baseline:#?}");
        for it in &baseline {
            // Where both ask of a field, each may see it in its own way.
            let same = restricted.iter().any(|other| other.path == it.path);
            prop_assert!(same, "{} of {:?} in {restricted:#?}", it.path, it.control);
        }
        prop_assert!(baseline.iter().all(|it| it.control.level() == Level::Baseline));
    }

    #[test]
    fn what_the_strictest_admits_is_admitted((metadata, spec) in pod(), minor in 0..=NEWEST + 2) {
        if evaluate(Some(&&metadata), &&spec, "", Policy::STRICTEST).is_empty() {
            for level in Level::ALL {
                let found = evaluate(Some(&&metadata), &&spec, "", Policy::new(level, minor));
                prop_assert!(found.is_empty(), "{found:#?}");
            }
        }
    }

    #[test]
    fn what_the_ends_refuse_is_refused_between(
        (metadata, spec) in pod(),
        oldest in 19..=NEWEST,
        wide in 0..=NEWEST,
        inside in 0..=NEWEST,
    ) {
        let newest = (oldest + wide).min(NEWEST);
        let between = oldest + inside % (newest - oldest + 1);
        for level in Level::ALL {
            let at = |minor| evaluate(Some(&&metadata), &&spec, "", Policy::new(level, minor));
            let (first, last, middle) = (at(oldest), at(newest), at(between));
            for it in first.iter().filter(|it| last.iter().any(|other| other.path == it.path)) {
                prop_assert!(middle.iter().any(|other| other.path == it.path), "{}", it.path);
            }
        }
    }
}

#[test]
fn a_path_names_the_field() {
    let container = map(vec![
        ("name", Some(text("web"))),
        ("securityContext", Some(map(vec![("privileged", Some(Node::Bool(true, Origin::NONE)))]))),
    ]);
    let spec = map(vec![("initContainers", Some(Node::List(vec![container])))]);
    let found = evaluate(None, &&spec, "spec.template.", Policy::new(Level::Baseline, 34));
    let [it] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!(it.path, "spec.template.spec.initContainers[web].securityContext.privileged");
    assert_eq!((it.control, it.found.as_deref()), (Control::Privileged, Some("true")));
}
