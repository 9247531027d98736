//! What is asked of containers, and of the security context that pods and containers share.

use super::Control;
use super::evaluate::{Inherited, Judge, name_of};
use super::policy::{SELINUX_TYPES, USUAL, admitted};
use crate::admission::{Scalar, View};

/// A container in its list.
pub(super) struct Holder<T> {
    pub(super) list: &'static str,
    pub(super) number: usize,
    pub(super) container: T,
}

const PROBES: [&str; 3] = ["livenessProbe", "readinessProbe", "startupProbe"];
const HOOKS: [&str; 2] = ["postStart", "preStop"];
const ASKS: [&str; 2] = ["httpGet", "tcpSocket"];
const PROFILES: &str = "`RuntimeDefault`, `Localhost`";

impl<T: View> Judge<'_, T> {
    pub(super) fn container(&mut self, holder: &Holder<T>, inherited: &Inherited) {
        let container = &holder.container;
        if let Some(ports) = container.get("ports") {
            ports.items(&mut |number, port| {
                let Some(at) = port.get("hostPort") else { return };
                if at.scalar() != Some(Scalar::Int(0)) {
                    let path = format!("ports[{}].hostPort", name_of(&port, number));
                    self.set(Control::HostPorts, Some(holder), &path, at, "not set, `0`");
                }
            });
        }
        if self.policy.since(34) {
            self.hosts(holder);
        }
        let context = container.get("securityContext");
        if let Some(context) = &context {
            self.of_container(context, holder, inherited);
            self.context(context, Some(holder), inherited);
        }
        if self.policy.is_restricted() {
            self.required(context.as_ref(), holder, inherited);
        }
    }

    /// Hosts that the kubelet asks on behalf of a container.
    fn hosts(&mut self, holder: &Holder<T>) {
        let container = &holder.container;
        for probe in PROBES {
            let Some(node) = container.get(probe) else { continue };
            self.host(&node, probe, "", holder);
        }
        let Some(lifecycle) = container.get("lifecycle") else { return };
        for hook in HOOKS {
            let Some(node) = lifecycle.get(hook) else { continue };
            self.host(&node, "lifecycle.", hook, holder);
        }
    }

    fn host(&mut self, node: &T, first: &str, second: &str, holder: &Holder<T>) {
        for ask in ASKS {
            let Some(at) = node.at(&[ask, "host"]) else { continue };
            if at.text() != Some("") {
                let path = format!("{first}{second}.{ask}.host");
                self.set(Control::HostProbes, Some(holder), &path, at, "not set, which is the pod");
            }
        }
    }

    /// What only the security context of a container has.
    fn of_container(&mut self, context: &T, holder: &Holder<T>, inherited: &Inherited) {
        let policy = self.policy;
        if let Some(at) = context.get("privileged").filter(|it| it.truth() == Some(true)) {
            let path = "securityContext.privileged";
            self.set(Control::Privileged, Some(holder), path, at, "not set, `false`");
        }
        if let Some(at) = context.get("procMount").filter(|it| it.text() != Some("Default")) {
            let is_strict = policy.is_restricted() && policy.since(35);
            let control = if is_strict { Control::ProcMountRestricted } else { Control::ProcMount };
            if is_strict || policy.until(35) || !inherited.has_own_users {
                let path = "securityContext.procMount";
                self.set(control, Some(holder), path, at, "not set, `Default`");
            }
        }
        let is_restricted = policy.is_restricted() && policy.since(22);
        if is_restricted && inherited.is_windows && !policy.until(25) {
            return;
        }
        let Some(added) = context.at(&["capabilities", "add"]) else { return };
        added.items(&mut |number, at| {
            let name = at.text().unwrap_or_default();
            let (control, is_fine) = if is_restricted {
                (Control::CapabilitiesRestricted, name == "NET_BIND_SERVICE")
            } else {
                (Control::Capabilities, USUAL.contains(&name))
            };
            if !is_fine {
                let admitted = if is_restricted {
                    "`NET_BIND_SERVICE`".to_owned()
                } else {
                    USUAL.map(|it| format!("`{it}`")).join(", ")
                };
                let path = format!("securityContext.capabilities.add[{number}]");
                self.set(control, Some(holder), &path, at, admitted);
            }
        });
    }

    /// What the security contexts of pods and containers share.
    pub(super) fn context(
        &mut self,
        context: &T,
        holder: Option<&Holder<T>>,
        inherited: &Inherited,
    ) {
        let policy = self.policy;
        if let Some(options) = context.get("seLinuxOptions") {
            self.selinux(&options, holder);
        }
        let is_true = |it: &T| it.truth() == Some(true);
        if let Some(at) = context.at(&["windowsOptions", "hostProcess"]).filter(is_true) {
            let path = "securityContext.windowsOptions.hostProcess";
            self.set(Control::WindowsHostProcess, holder, path, at, "not set, `false`");
        }
        self.profile(context, "appArmorProfile", Control::AppArmor, holder);
        if policy.since(19) {
            let is_skipped = inherited.is_windows && !policy.until(25);
            match policy.is_restricted() {
                true if is_skipped => {}
                true => {
                    self.profile(context, "seccompProfile", Control::SeccompRestricted, holder);
                }
                false => self.profile(context, "seccompProfile", Control::Seccomp, holder),
            }
        }
        if !policy.is_restricted() || inherited.has_own_users && !policy.until(35) {
            return;
        }
        if let Some(at) = context.get("runAsNonRoot").filter(|it| it.truth() != Some(true)) {
            let path = "securityContext.runAsNonRoot";
            self.set(Control::RunAsNonRoot, holder, path, at, "`true`");
        }
        if policy.since(23)
            && let Some(at) = context.get("runAsUser")
            && at.scalar() == Some(Scalar::Int(0))
        {
            let path = "securityContext.runAsUser";
            self.set(Control::RunAsUser, holder, path, at, "not set, any but `0`");
        }
    }

    fn selinux(&mut self, options: &T, holder: Option<&Holder<T>>) {
        for name in ["type", "user", "role"] {
            let Some(at) = options.get(name) else { continue };
            let text = at.text().unwrap_or_default();
            let policy = self.policy;
            let is_type = name == "type";
            if text.is_empty() || is_type && admitted(&SELINUX_TYPES, policy).any(|it| it == text) {
                continue;
            }
            let types = is_type.then(|| admitted(&SELINUX_TYPES, policy)).into_iter().flatten();
            let all: String = types.map(|it| format!(", `{it}`")).collect();
            let path = format!("securityContext.seLinuxOptions.{name}");
            self.set(Control::SeLinux, holder, &path, at.clone(), format!("not set{all}"));
        }
    }

    /// The type of a profile that is there.
    fn profile(&mut self, context: &T, name: &str, control: Control, holder: Option<&Holder<T>>) {
        let Some(profile) = context.get(name) else { return };
        let at = profile.get("type");
        let kind = at.as_ref().and_then(View::text).unwrap_or_default();
        if matches!(kind, "RuntimeDefault" | "Localhost") {
            return;
        }
        let path = format!("securityContext.{name}.type");
        match at {
            Some(at) => self.set(control, holder, &path, at.clone(), PROFILES),
            None => self.unset(control, holder, &path, profile, PROFILES),
        }
    }

    /// What `restricted` wants every container to say, or its pod for it.
    fn required(&mut self, context: Option<&T>, holder: &Holder<T>, inherited: &Inherited) {
        let policy = self.policy;
        let field = |name: &str| context.and_then(|it| it.get(name));
        let around = || context.cloned().unwrap_or_else(|| holder.container.clone());
        let holds = Some(holder);
        let is_exempt = inherited.is_windows && !policy.until(25);
        if policy.since(8) && !is_exempt {
            let path = "securityContext.allowPrivilegeEscalation";
            match field("allowPrivilegeEscalation") {
                Some(at) if at.truth() == Some(false) => {}
                Some(at) => self.set(Control::PrivilegeEscalation, holds, path, at, "`false`"),
                None => {
                    self.unset(Control::PrivilegeEscalation, holds, path, around(), "`false`");
                }
            }
        }
        if policy.since(22) && !is_exempt {
            self.drops_all(context, holder);
        }
        if policy.since(19) && !is_exempt && !inherited.seccomp && field("seccompProfile").is_none()
        {
            let path = "securityContext.seccompProfile.type";
            self.unset(Control::SeccompRestricted, holds, path, around(), PROFILES);
        }
        let is_own = inherited.has_own_users && !policy.until(35);
        if !is_own && !inherited.non_root && field("runAsNonRoot").is_none() {
            let path = "securityContext.runAsNonRoot";
            self.unset(Control::RunAsNonRoot, holds, path, around(), "`true`");
        }
    }

    fn drops_all(&mut self, context: Option<&T>, holder: &Holder<T>) {
        let capabilities = context.and_then(|it| it.get("capabilities"));
        let dropped = capabilities.as_ref().and_then(|it| it.get("drop"));
        let (mut has_all, mut has_any) = (false, false);
        if let Some(dropped) = &dropped {
            dropped.items(&mut |_, it| {
                has_any = true;
                has_all |= it.text() == Some("ALL");
            });
        }
        if has_all {
            return;
        }
        let (control, path) =
            (Control::CapabilitiesRestricted, "securityContext.capabilities.drop");
        let around = dropped.or(capabilities).or_else(|| context.cloned());
        let around = around.unwrap_or_else(|| holder.container.clone());
        let found = has_any.then(|| "without `ALL`".to_owned());
        self.tell(control, Some(holder), path, found, "`[\"ALL\"]`", around);
    }
}
