//! The messages of this room.

use super::pod_security::{Control, Level};
use crate::diag::{Code, Diagnostic, Level as Weight};
use crate::source::Span;

/// Privileged containers.
pub(crate) const PRIVILEGED: Code = Code::new("pss/privileged");
/// Namespaces of the node.
pub(crate) const HOST_NAMESPACES: Code = Code::new("pss/host-namespaces");
/// Folders of the node as volumes.
pub(crate) const HOST_PATH_VOLUMES: Code = Code::new("pss/host-path-volumes");
/// Ports of the node.
pub(crate) const HOST_PORTS: Code = Code::new("pss/host-ports");
/// Hosts that the kubelet asks.
pub(crate) const HOST_PROBES: Code = Code::new("pss/host-probes");
/// Capabilities.
pub(crate) const CAPABILITIES: Code = Code::new("pss/capabilities");
/// SELinux.
pub(crate) const SELINUX: Code = Code::new("pss/selinux");
/// How `/proc` is mounted.
pub(crate) const PROC_MOUNT: Code = Code::new("pss/proc-mount");
/// AppArmor.
pub(crate) const APPARMOR: Code = Code::new("pss/apparmor");
/// Seccomp.
pub(crate) const SECCOMP: Code = Code::new("pss/seccomp");
/// Kernel parameters.
pub(crate) const SYSCTLS: Code = Code::new("pss/sysctls");
/// HostProcess containers of Windows.
pub(crate) const WINDOWS_HOST_PROCESS: Code = Code::new("pss/windows-host-process");
/// Rights gained while running.
pub(crate) const PRIVILEGE_ESCALATION: Code = Code::new("pss/privilege-escalation");
/// Types of volumes.
pub(crate) const VOLUME_TYPES: Code = Code::new("pss/volume-types");
/// Running as root.
pub(crate) const RUN_AS_NON_ROOT: Code = Code::new("pss/run-as-non-root");
/// The user 0.
pub(crate) const RUN_AS_USER: Code = Code::new("pss/run-as-user");

/// The code of a control: that of `restricted` for the same fields has it, too.
pub(super) const fn code(control: Control) -> Code {
    match control {
        Control::Privileged => PRIVILEGED,
        Control::HostNamespaces => HOST_NAMESPACES,
        Control::HostPathVolumes => HOST_PATH_VOLUMES,
        Control::HostPorts => HOST_PORTS,
        Control::HostProbes => HOST_PROBES,
        Control::Capabilities | Control::CapabilitiesRestricted => CAPABILITIES,
        Control::SeLinux => SELINUX,
        Control::ProcMount | Control::ProcMountRestricted => PROC_MOUNT,
        Control::AppArmor => APPARMOR,
        Control::Seccomp | Control::SeccompRestricted => SECCOMP,
        Control::Sysctls => SYSCTLS,
        Control::WindowsHostProcess => WINDOWS_HOST_PROCESS,
        Control::PrivilegeEscalation => PRIVILEGE_ESCALATION,
        Control::VolumeTypes => VOLUME_TYPES,
        Control::RunAsNonRoot => RUN_AS_NON_ROOT,
        Control::RunAsUser => RUN_AS_USER,
    }
}

/// Pods that their namespace refuses.
#[derive(Debug)]
pub(super) struct Refused {
    /// `workload.web`.
    pub(super) shown: String,
    /// What becomes of the object.
    pub(super) fate: &'static str,
    /// Whether nothing that is not seen can change it.
    pub(super) is_sure: bool,
    pub(super) may_change: bool,
    pub(super) namespace: String,
    pub(super) level: Level,
    /// The version of the standards, where it is known.
    pub(super) version: Option<u32>,
    pub(super) control: Control,
    pub(super) path: String,
    pub(super) found: Option<String>,
    pub(super) admitted: String,
    /// The level that admits it.
    pub(super) needed: Level,
    /// Further fields of the control.
    pub(super) others: Vec<(String, Option<String>)>,
    /// Clusters, where it is not all of them.
    pub(super) on: Vec<String>,
    pub(super) of: usize,
}

/// Spans: the value, the level of the namespace, further values.
pub(super) fn refused(it: &Refused, at: Span, level: Span, others: &[Span]) -> Diagnostic {
    let (namespace, standard) = (&it.namespace, it.level.as_str());
    let title = format!("the namespace `{namespace}` refuses the pods of {}", it.shown);
    let weight = if it.is_sure { Weight::Error } else { Weight::Warning };
    let version = it.version.map(|minor| format!(" as of v1.{minor}")).unwrap_or_default();
    let mut error = Diagnostic::new(weight, code(it.control), title)
        .at(at, label(&it.path, it.found.as_deref()))
        .because(level, format!("enforces `{standard}`{version}"));
    let mut more = Vec::new();
    for (span, (path, found)) in others.iter().zip(&it.others) {
        if *span == at {
            more.push(format!("`{path}`"));
        } else {
            error = error.because(*span, format!("so is {}", state(path, found.as_deref())));
        }
    }
    let also = match more.len() {
        0 => String::new(),
        1..=3 => format!(", and so is {}", more.join(", ")),
        count => format!(", and so are {count} more"),
    };
    let (title, admitted) = (it.control.title(), &it.admitted);
    let found = state(&it.path, it.found.as_deref());
    error = error.help(format!("{title}: {found}{also}; admitted: {admitted}")).help(it.fate);
    let needed = it.needed.as_str();
    error = error.help(format!(
        "or run it in a namespace of its own, of the level `{needed}`, which admits it"
    ));
    if it.may_change {
        error =
            error.help("a kustomization that patches is beside it: what it changes is not seen");
    }
    if it.on.is_empty() {
        return error;
    }
    let names: Vec<String> = it.on.iter().take(5).map(|name| format!("`{name}`")).collect();
    let more = if it.on.len() > 5 { ", .." } else { "" };
    error.help(format!("on {}{more} ({} of {} targets)", names.join(", "), it.on.len(), it.of))
}

/// `` `privileged` is `true` ``: the field without what leads to it.
fn label(path: &str, found: Option<&str>) -> String {
    let field = match path.strip_suffix(']').and_then(|it| it.rsplit_once('[')) {
        Some((list, _)) => list,
        None => path,
    };
    let inside = field.rsplit_once("].").map_or(field, |it| it.1);
    let mut steps = inside.rsplit('.');
    let last = steps.next().unwrap_or(inside);
    let shown = match steps.next() {
        None | Some("spec" | "template" | "metadata" | "securityContext") => last.to_owned(),
        Some(parent) => format!("{parent}.{last}"),
    };
    said(&shown, field.len() < path.len(), found)
}

fn state(path: &str, found: Option<&str>) -> String {
    let item = path.strip_suffix(']').and_then(|it| it.rsplit_once('['));
    let is_named = item.is_some_and(|(_, name)| name.parse::<usize>().is_err());
    said(path, is_named, found)
}

fn said(field: &str, is_part: bool, found: Option<&str>) -> String {
    match found {
        Some(found) if found.starts_with("without") => format!("`{field}` is {found}"),
        Some(found) if is_part => format!("`{field}` has `{found}`"),
        Some(found) => format!("`{field}` is `{found}`"),
        None => format!("`{field}` is not set"),
    }
}

/// A label of Pod Security with a level that does not exist.
pub(crate) const UNKNOWN_LEVEL: Code = Code::new("pss/unknown-level");
/// A label of Pod Security with a version that is none.
pub(crate) const UNKNOWN_VERSION: Code = Code::new("pss/unknown-version");
/// A label that looks like one of Pod Security, and is none.
pub(crate) const UNKNOWN_LABEL: Code = Code::new("pss/unknown-label");

/// Span: the value of the label.
pub(super) fn wrong_label(
    code: Code,
    (name, value): (&str, &str),
    near: Option<&str>,
    is_enforced: bool,
    at: Span,
) -> Diagnostic {
    let refuses = "the API server refuses to make a Namespace with such a label";
    let found = if code == UNKNOWN_LEVEL {
        let counts = if is_enforced { "restricted" } else { "privileged" };
        Diagnostic::error(code, format!("no Pod Security Standard `{value}`"), at, "no level")
            .help("levels are `restricted`, `baseline` and `privileged`")
            .help(format!("{refuses}; on one that is there it counts as `{counts}`"))
    } else if code == UNKNOWN_VERSION {
        Diagnostic::error(code, format!("no version of the standards `{value}`"), at, "no version")
            .help("versions are a minor of Kubernetes, as `v1.34`, and `latest`")
            .help(format!("{refuses}; on one that is there it counts as `latest`"))
    } else {
        Diagnostic::warning(code, format!("nothing reads the label `{name}`"), at, "read by nobody")
            .help("Pod Security reads `enforce`, `audit` and `warn`, and each with `-version`")
    };
    match near {
        Some(near) => found.help(format!("`{near}` is near")),
        None => found,
    }
}

/// A pin that is ahead of the cluster.
pub(crate) const VERSION_AHEAD: Code = Code::new("pss/version-ahead");

/// Span: the value of the label.
pub(super) fn ahead(name: &str, value: &str, cluster: &str, minor: u32, at: Span) -> Diagnostic {
    let title = format!("`{cluster}` does not know the standards of `{value}`");
    Diagnostic::warning(VERSION_AHEAD, title, at, format!("it runs v1.{minor}"))
        .help(format!("until it is upgraded, `{name}` means v1.{minor} there: then other pods are refused, without a change here"))
        .help(format!("write v1.{minor}, or nothing: then it is the version of the cluster"))
}

#[cfg(test)]
mod tests {
    use super::{label, state};

    #[test]
    fn fields_are_called_by_their_ends() {
        let check = |path: &str, expected: &str| assert_eq!(label(path, Some("x")), expected);
        check("spec.hostNetwork", "`hostNetwork` is `x`");
        check("spec.containers[web].securityContext.privileged", "`privileged` is `x`");
        check(
            "spec.containers[web].securityContext.seccompProfile.type",
            "`seccompProfile.type` is `x`",
        );
        check(
            "spec.containers[a].securityContext.capabilities.add[0]",
            "`capabilities.add` has `x`",
        );
        check("spec.template.spec.volumes[logs]", "`volumes` has `x`");
        check("metadata.annotations[a.example.io/web]", "`annotations` has `x`");
        assert_eq!(state("spec.a.add[0]", Some("x")), "`spec.a.add[0]` is `x`");
        assert_eq!(state("spec.volumes[logs]", Some("x")), "`spec.volumes[logs]` has `x`");
        assert_eq!(state("spec.hostPID", None), "`spec.hostPID` is not set");
    }
}
