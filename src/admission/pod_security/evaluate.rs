//! A pod against a policy: what is asked of the pod as a whole.

use std::borrow::Cow;

use super::container::Holder;
use super::policy::{REFUSED_VOLUMES, SAFE_SYSCTLS, VOLUMES, admitted};
use super::{Control, Policy};
use crate::admission::{Scalar, View};

/// A field that its policy does not admit.
#[derive(Clone, PartialEq, Debug)]
pub struct Violation<T> {
    /// The control that refuses it.
    pub control: Control,
    /// The field, from the root of the object: `spec.containers[web].securityContext.privileged`.
    pub path: String,
    /// The value; none where nothing is set.
    pub found: Option<String>,
    /// What is admitted instead.
    pub admitted: Cow<'static, str>,
    /// The value, or the innermost one around it that is there.
    pub at: T,
    /// The container or pod that it belongs to.
    pub holder: T,
}

/// What a pod violates: its `metadata`, if it has any, and its `spec`. `base` leads to the pod: `spec.template.`.
pub fn evaluate<T: View>(
    metadata: Option<&T>,
    spec: &T,
    base: &str,
    policy: Policy,
) -> Vec<Violation<T>> {
    let mut judge = Judge { policy, base, spec, found: Vec::new() };
    if policy.asks() {
        judge.pod(metadata);
    }
    judge.found
}

/// The lists of containers, in the order in which the API server looks at them.
const LISTS: [&str; 3] = ["initContainers", "containers", "ephemeralContainers"];

pub(super) struct Judge<'j, T> {
    pub(super) policy: Policy,
    base: &'j str,
    pub(super) spec: &'j T,
    found: Vec<Violation<T>>,
}

/// What the pod says for containers that say nothing.
pub(super) struct Inherited {
    /// Whether it is said that they do not run as root, rightly or wrongly.
    pub(super) non_root: bool,
    pub(super) seccomp: bool,
    pub(super) is_windows: bool,
    /// Whether users of its containers are others on the node.
    pub(super) has_own_users: bool,
}

impl<T: View> Judge<'_, T> {
    fn pod(&mut self, metadata: Option<&T>) {
        let spec = self.spec.clone();
        for name in ["hostNetwork", "hostPID", "hostIPC"] {
            if let Some(at) = spec.get(name).filter(|it| it.truth() == Some(true)) {
                self.set(Control::HostNamespaces, None, name, at, "not set, `false`");
            }
        }
        self.volumes(&spec);
        self.sysctls(&spec);
        let os = spec.at(&["os", "name"]);
        let inherited = Inherited {
            non_root: spec.at(&["securityContext", "runAsNonRoot"]).is_some(),
            seccomp: spec.at(&["securityContext", "seccompProfile"]).is_some(),
            is_windows: os.as_ref().and_then(View::text) == Some("windows"),
            has_own_users: spec.get("hostUsers").and_then(|it| it.truth()) == Some(false),
        };
        if let Some(context) = spec.get("securityContext") {
            self.context(&context, None, &inherited);
        }
        let annotations = metadata.and_then(|it| it.get("annotations"));
        for list in LISTS {
            let Some(items) = spec.get(list) else { continue };
            items.items(&mut |number, container| {
                let holder = Holder { list, number, container };
                self.container(&holder, &inherited);
                if let Some(annotations) = &annotations {
                    self.seccomp_of(annotations, &holder);
                }
            });
        }
        if let Some(annotations) = annotations {
            self.annotations(&annotations);
        }
    }

    fn volumes(&mut self, spec: &T) {
        let Some(volumes) = spec.get("volumes") else { return };
        let is_restricted = self.policy.is_restricted();
        volumes.items(&mut |number, volume| {
            let refused: &[&'static str] =
                if is_restricted { &REFUSED_VOLUMES } else { &["hostPath"] };
            for source in refused {
                let Some(at) = volume.get(source) else { continue };
                let (control, admitted) = if is_restricted {
                    (Control::VolumeTypes, VOLUMES)
                } else {
                    (Control::HostPathVolumes, "volumes of another type")
                };
                let path = format!("volumes[{}]", name_of(&volume, number));
                self.tell(control, None, &path, Some((*source).to_owned()), admitted, at);
            }
        });
    }

    fn sysctls(&mut self, spec: &T) {
        let Some(sysctls) = spec.at(&["securityContext", "sysctls"]) else { return };
        sysctls.items(&mut |number, sysctl| {
            let Some(at) = sysctl.get("name") else { return };
            let name = at.text().unwrap_or_default();
            if !admitted(&SAFE_SYSCTLS, self.policy).any(|it| it == name) {
                let safe: Vec<String> =
                    admitted(&SAFE_SYSCTLS, self.policy).map(|it| format!("`{it}`")).collect();
                let path = format!("securityContext.sysctls[{}]", name_of(&sysctl, number));
                self.set(Control::Sysctls, None, &path, at.clone(), safe.join(", "));
            }
        });
    }

    /// AppArmor and seccomp as annotations of the pod.
    fn annotations(&mut self, annotations: &T) {
        const APPARMOR: &str = "container.apparmor.security.beta.kubernetes.io/";
        const SECCOMP: &str = "seccomp.security.alpha.kubernetes.io/pod";
        annotations.entries(&mut |key, value| {
            let text = value.text().unwrap_or_default();
            if key.starts_with(APPARMOR) {
                if !matches!(text, "" | "runtime/default") && !text.starts_with("localhost/") {
                    let admitted = "not set, `runtime/default`, `localhost/<profile>`";
                    self.annotation(Control::AppArmor, key, &value, admitted);
                }
            } else if key == SECCOMP && self.policy.until(19) && !is_seccomp(text) {
                self.annotation(Control::Seccomp, key, &value, SECCOMP_ANNOTATION);
            }
        });
    }

    /// Seccomp of a container as an annotation of the pod.
    fn seccomp_of(&mut self, annotations: &T, holder: &Holder<T>) {
        const PREFIX: &str = "container.seccomp.security.alpha.kubernetes.io/";
        if !self.policy.until(19) {
            return;
        }
        let Some(name) = holder.container.get("name") else { return };
        let name = name.text().unwrap_or_default();
        annotations.entries(&mut |key, value| {
            if key.strip_prefix(PREFIX) == Some(name)
                && !is_seccomp(value.text().unwrap_or_default())
            {
                self.annotation(Control::Seccomp, key, &value, SECCOMP_ANNOTATION);
            }
        });
    }

    fn annotation(&mut self, control: Control, key: &str, value: &T, admitted: &'static str) {
        self.found.push(Violation {
            control,
            path: format!("{}metadata.annotations[{key}]", self.base),
            found: shown(value),
            admitted: admitted.into(),
            at: value.clone(),
            holder: self.spec.clone(),
        });
    }

    /// A value that is not admitted.
    pub(super) fn set(
        &mut self,
        control: Control,
        holder: Option<&Holder<T>>,
        path: &str,
        at: T,
        admitted: impl Into<Cow<'static, str>>,
    ) {
        let found = Some(shown(&at).unwrap_or_default());
        self.tell(control, holder, path, found, admitted, at);
    }

    /// A value that is not set. `context` is the innermost one around it.
    pub(super) fn unset(
        &mut self,
        control: Control,
        holder: Option<&Holder<T>>,
        path: &str,
        context: T,
        admitted: &'static str,
    ) {
        self.tell(control, holder, path, None, admitted, context);
    }

    pub(super) fn tell(
        &mut self,
        control: Control,
        holder: Option<&Holder<T>>,
        path: &str,
        found: Option<String>,
        admitted: impl Into<Cow<'static, str>>,
        at: T,
    ) {
        let base = self.base;
        let path = match holder {
            Some(Holder { list, number, container }) => {
                format!("{base}spec.{list}[{}].{path}", name_of(container, *number))
            }
            None => format!("{base}spec.{path}"),
        };
        let holder = holder.map_or_else(|| self.spec.clone(), |it| it.container.clone());
        self.found.push(Violation { control, path, found, admitted: admitted.into(), at, holder });
    }
}

const SECCOMP_ANNOTATION: &str =
    "not set, `runtime/default`, `docker/default`, `localhost/<profile>`";

fn is_seccomp(profile: &str) -> bool {
    matches!(profile, "runtime/default" | "docker/default") || profile.starts_with("localhost/")
}

/// The name of an item, or its number.
pub(super) fn name_of<T: View>(item: &T, number: usize) -> String {
    let name = item.get("name");
    name.as_ref().and_then(View::text).map_or_else(|| number.to_string(), str::to_owned)
}

fn shown<T: View>(value: &T) -> Option<String> {
    Some(match value.scalar()? {
        Scalar::Bool(value) => value.to_string(),
        Scalar::Int(value) => value.to_string(),
        Scalar::Text(text) => text.to_owned(),
    })
}
