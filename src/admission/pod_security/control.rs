//! The levels and the controls.

/// A Pod Security Standard, from none to the strictest.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Level {
    /// Everything is admitted.
    Privileged,
    /// Nothing that is known to reach the node.
    Baseline,
    /// What a program needs that was written with care.
    Restricted,
}

impl Level {
    /// From the mildest.
    pub const ALL: [Self; 3] = [Self::Privileged, Self::Baseline, Self::Restricted];

    /// As labels say it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Privileged => "privileged",
            Self::Baseline => "baseline",
            Self::Restricted => "restricted",
        }
    }

    /// The level that a label says.
    pub fn read(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.as_str() == text)
    }
}

/// A control of the standards. Where `restricted` asks for more than `baseline` of the same fields, that is a control of its own.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Control {
    /// Privileged containers.
    Privileged,
    /// Namespaces of the node.
    HostNamespaces,
    /// Folders of the node as volumes.
    HostPathVolumes,
    /// Ports of the node.
    HostPorts,
    /// Hosts that the kubelet asks.
    HostProbes,
    /// Capabilities beyond those of the runtime.
    Capabilities,
    /// Capabilities at all.
    CapabilitiesRestricted,
    /// SELinux types, users and roles.
    SeLinux,
    /// How `/proc` is mounted.
    ProcMount,
    /// The same, also in user namespaces.
    ProcMountRestricted,
    /// AppArmor profiles.
    AppArmor,
    /// Seccomp profiles that are switched off.
    Seccomp,
    /// Seccomp profiles that must be there.
    SeccompRestricted,
    /// Kernel parameters.
    Sysctls,
    /// HostProcess containers of Windows.
    WindowsHostProcess,
    /// Rights gained while running.
    PrivilegeEscalation,
    /// Types of volumes.
    VolumeTypes,
    /// Not as root.
    RunAsNonRoot,
    /// Not as the user 0.
    RunAsUser,
}

impl Control {
    /// The level that it belongs to.
    pub const fn level(self) -> Level {
        match self {
            Self::Privileged
            | Self::HostNamespaces
            | Self::HostPathVolumes
            | Self::HostPorts
            | Self::HostProbes
            | Self::Capabilities
            | Self::SeLinux
            | Self::ProcMount
            | Self::AppArmor
            | Self::Seccomp
            | Self::Sysctls
            | Self::WindowsHostProcess => Level::Baseline,
            Self::CapabilitiesRestricted
            | Self::ProcMountRestricted
            | Self::SeccompRestricted
            | Self::PrivilegeEscalation
            | Self::VolumeTypes
            | Self::RunAsNonRoot
            | Self::RunAsUser => Level::Restricted,
        }
    }

    /// What the API server calls it in its answers and metrics.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Privileged => "privileged",
            Self::HostNamespaces => "hostNamespaces",
            Self::HostPathVolumes => "hostPathVolumes",
            Self::HostPorts => "hostPorts",
            Self::HostProbes => "hostProbesAndHostLifecycle",
            Self::Capabilities => "capabilities_baseline",
            Self::CapabilitiesRestricted => "capabilities_restricted",
            Self::SeLinux => "seLinuxOptions",
            Self::ProcMount => "procMount",
            Self::ProcMountRestricted => "procMount_restricted",
            Self::AppArmor => "appArmorProfile",
            Self::Seccomp => "seccompProfile_baseline",
            Self::SeccompRestricted => "seccompProfile_restricted",
            Self::Sysctls => "sysctls",
            Self::WindowsHostProcess => "windowsHostProcess",
            Self::PrivilegeEscalation => "allowPrivilegeEscalation",
            Self::VolumeTypes => "restrictedVolumes",
            Self::RunAsNonRoot => "runAsNonRoot",
            Self::RunAsUser => "runAsUser",
        }
    }

    /// What the documentation of Kubernetes calls it.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Privileged => "Privileged Containers",
            Self::HostNamespaces => "Host Namespaces",
            Self::HostPathVolumes => "HostPath Volumes",
            Self::HostPorts => "Host Ports",
            Self::HostProbes => "Host Probes / Lifecycle Hooks",
            Self::Capabilities | Self::CapabilitiesRestricted => "Capabilities",
            Self::SeLinux => "SELinux",
            Self::ProcMount | Self::ProcMountRestricted => "/proc Mount Type",
            Self::AppArmor => "AppArmor",
            Self::Seccomp | Self::SeccompRestricted => "Seccomp",
            Self::Sysctls => "Sysctls",
            Self::WindowsHostProcess => "HostProcess",
            Self::PrivilegeEscalation => "Privilege Escalation",
            Self::VolumeTypes => "Volume Types",
            Self::RunAsNonRoot => "Running as Non-root",
            Self::RunAsUser => "Running as Non-root user",
        }
    }
}
