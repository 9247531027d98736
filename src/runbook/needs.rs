//! What a provider of machines wants before it makes any.

use super::components::{
    AWS, Component, DOCKER, HETZNER, IN_CLUSTER_IPAM, METAL3, PROXMOX, VSPHERE,
};
use crate::embedded::shell_word;
use crate::model::{Cluster, Os, Provider};

/// A Secret or an identity that the program names, and that a person or another tool makes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Credentials {
    /// A Secret beside the Cluster objects.
    Secret {
        /// Its name.
        name: String,
        /// Its namespace, if that is not the one of the Cluster objects.
        namespace: Option<&'static str>,
        /// Its keys, and what each holds.
        keys: Vec<(String, &'static str)>,
    },
    /// An object that says whom the provider's controller is to be.
    Identity {
        /// Its kind.
        kind: &'static str,
        /// Its name.
        name: String,
        /// The lines of its `spec`, with placeholders.
        spec: Vec<String>,
    },
}

/// An environment variable that `clusterctl init` reads.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Variable {
    /// `PROXMOX_URL`.
    pub name: &'static str,
    /// What the shell puts there: a placeholder in quotes, or a command.
    pub value: String,
}

/// What machines are made of: the same for some clusters.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Machines {
    /// What must be there: ``the VM template `9134` on `pve01` ``.
    pub image: String,
    /// What it must hold: `kubeadm and kubelet v1.34.3`.
    pub holds: String,
    /// Shows whether it is there.
    pub look: Option<String>,
}

/// What a provider wants.
pub(super) struct Needs {
    /// Its own component, and those that it works with.
    pub(super) components: Vec<&'static Component>,
    /// Credentials that it names.
    pub(super) credentials: Vec<Credentials>,
    /// What `clusterctl init` is to know.
    pub(super) variables: Vec<Variable>,
    /// What machines are made of.
    pub(super) machines: Machines,
    /// Commands before `clusterctl init`, each with its reason.
    pub(super) before: Vec<(String, &'static str)>,
    /// What must run beside Cluster API.
    pub(super) beside: Option<String>,
    /// Whether nodes take pods only after its cloud controller manager runs.
    pub(super) cloud_controller: Option<&'static str>,
}

/// What the provider of a cluster wants.
pub(super) fn needs(provider: &Provider<'_>, cluster: &Cluster<'_>) -> Needs {
    let holds = match &cluster.os {
        Os::Kubeadm(_) => format!("kubeadm and kubelet {}", cluster.kubernetes.value),
        Os::Talos(talos) => format!("Talos {}", talos.version.value),
    };
    match provider {
        Provider::Proxmox(proxmox) => {
            let host = proxmox.source_node.or_else(|| proxmox.nodes.first().copied());
            let host = host.map_or("", |it| it.value.as_str());
            let machines = match proxmox.template {
                Some(number) => Machines {
                    image: format!("the VM template `{}` on the host `{host}`", number.value),
                    holds,
                    look: Some(format!("ssh root@{host} qm config {}", number.value)),
                },
                None => {
                    let tags: Vec<&str> =
                        proxmox.template_tags.iter().map(|tag| tag.value).collect();
                    Machines {
                        image: format!("a VM template with the tags `{}`", tags.join("`, `")),
                        holds,
                        look: Some(format!(
                            "ssh root@{host} pvesh get /cluster/resources --type vm"
                        )),
                    }
                }
            };
            let keys = [
                ("url", "https://HOST:8006 of the Proxmox API"),
                ("token", "USER@REALM!TOKEN of the API token"),
                ("secret", "UUID of the API token"),
            ];
            let credentials = proxmox.credentials.map(|name| Credentials::Secret {
                name: name.value.as_str().to_owned(),
                namespace: None,
                keys: keys.iter().map(|&(key, holds)| (key.to_owned(), holds)).collect(),
            });
            let variable = |name, holds: &str| Variable { name, value: placeholder(holds) };
            let variables = if credentials.is_none() {
                let names = ["PROXMOX_URL", "PROXMOX_TOKEN", "PROXMOX_SECRET"];
                names
                    .into_iter()
                    .zip(keys)
                    .map(|(name, (_, holds))| variable(name, holds))
                    .collect()
            } else {
                Vec::new()
            };
            Needs {
                components: vec![&PROXMOX, &IN_CLUSTER_IPAM],
                credentials: credentials.into_iter().collect(),
                variables,
                machines,
                before: Vec::new(),
                beside: None,
                cloud_controller: None,
            }
        }
        Provider::Docker(docker) => {
            let image = docker.image.map_or_else(
                || format!("kindest/node:{}", cluster.kubernetes.value),
                |image| image.value.to_owned(),
            );
            Needs {
                components: vec![&DOCKER],
                credentials: Vec::new(),
                variables: Vec::new(),
                machines: Machines {
                    look: Some(format!("docker pull {image}")),
                    image: format!("the image `{image}`"),
                    holds,
                },
                before: Vec::new(),
                beside: None,
                cloud_controller: None,
            }
        }
        Provider::Aws(aws) => {
            let image = match (aws.image, aws.image_account) {
                (Some(image), _) => {
                    format!("the image `{}` in `{}`", image.value, aws.region.value)
                }
                (None, Some(account)) => format!(
                    "an image for `{}` of the account `{}` in `{}`",
                    aws.image_os.value, account.value, aws.region.value
                ),
                (None, None) => format!(
                    "an image for `{}` of the CAPA project in `{}`",
                    aws.image_os.value, aws.region.value
                ),
            };
            let version = cluster.kubernetes.value;
            let look = match (aws.image, aws.image_account) {
                (Some(image), _) => format!(
                    "aws ec2 describe-images --region {} --image-ids {}",
                    aws.region.value, image.value
                ),
                (None, account) => {
                    let owner =
                        account.map_or(String::new(), |it| format!(" --owner-id {}", it.value));
                    format!(
                        "clusterawsadm ami list --region {} --os {} --kubernetes-version {version}{owner}",
                        aws.region.value, aws.image_os.value
                    )
                }
            };
            Needs {
                components: vec![&AWS],
                credentials: aws.credentials.map_or_else(Vec::new, |name| {
                    aws_identity(
                        name.value.as_str(),
                        aws.credentials_kind.value.as_str() == "static",
                    )
                }),
                variables: vec![
                    Variable { name: "AWS_REGION", value: aws.region.value.to_owned() },
                    Variable {
                        name: "AWS_B64ENCODED_CREDENTIALS",
                        value: "\"$(clusterawsadm bootstrap credentials encode-as-profile)\""
                            .to_owned(),
                    },
                ],
                machines: Machines { image, holds, look: Some(look) },
                before: vec![(
                    "clusterawsadm bootstrap iam create-cloudformation-stack".to_owned(),
                    "makes the roles and instance profiles of the account, once; with `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY` of an administrator",
                )],
                beside: None,
                cloud_controller: Some("cloud-provider-aws"),
            }
        }
        Provider::Hetzner(hetzner) => Needs {
            components: vec![&HETZNER],
            credentials: vec![Credentials::Secret {
                name: hetzner.credentials.value.as_str().to_owned(),
                namespace: None,
                keys: vec![(
                    hetzner.credentials_key.value.to_owned(),
                    "TOKEN of the Hetzner Cloud project, which may read and write",
                )],
            }],
            variables: Vec::new(),
            machines: Machines {
                image: format!(
                    "the image `{}`, or a snapshot with the label `caph-image-name={}`",
                    hetzner.image.value, hetzner.image.value
                ),
                holds,
                look: Some("hcloud image list".to_owned()),
            },
            before: Vec::new(),
            beside: None,
            cloud_controller: Some("hcloud-cloud-controller-manager"),
        },
        Provider::VSphere(vsphere) => {
            let mut components = vec![&VSPHERE];
            // Without addresses, machines ask DHCP.
            if !cluster.addresses.is_empty() {
                components.push(&IN_CLUSTER_IPAM);
            }
            let template = vsphere.template.value;
            Needs {
                components,
                credentials: vsphere_credentials(
                    vsphere.credentials.value.as_str(),
                    vsphere.credentials_kind.value.as_str() == "secret",
                ),
                // CAPV does not start without its own, though no cluster of the program works with them.
                variables: ["VSPHERE_USERNAME", "VSPHERE_PASSWORD"]
                    .into_iter()
                    .zip(VCENTER)
                    .map(|(name, (_, holds))| Variable { name, value: placeholder(holds) })
                    .collect(),
                machines: Machines {
                    image: format!(
                        "the template `{template}` in the datacenter `{}` of `{}`",
                        vsphere.datacenter.value, vsphere.server.value
                    ),
                    holds,
                    look: Some(format!(
                        "govc vm.info -dc {} {}",
                        shell_word(vsphere.datacenter.value),
                        shell_word(template)
                    )),
                },
                before: Vec::new(),
                beside: None,
                cloud_controller: Some("cloud-provider-vsphere"),
            }
        }
        Provider::Metal3(metal3) => {
            let mut components = vec![&METAL3];
            if !cluster.addresses.is_empty() {
                components.push(&IN_CLUSTER_IPAM);
            }
            let classes: Vec<String> = metal3
                .hosts
                .iter()
                .map(|(name, class)| {
                    let labels =
                        class.labels.iter().map(|(key, it)| format!("`{key}={}`", it.value));
                    format!("{} for `{name}`", labels.collect::<Vec<_>>().join(", "))
                })
                .collect();
            let url = metal3.image.url.value;
            Needs {
                components,
                credentials: Vec::new(),
                variables: Vec::new(),
                machines: Machines {
                    image: format!("the image `{url}`"),
                    holds,
                    look: Some(format!("curl --fail --head --location {}", shell_word(url))),
                },
                before: Vec::new(),
                beside: Some(format!(
                    "CAPM3 does not bring the Bare Metal Operator with Ironic, which must run on the same cluster. There, in the namespace of the Cluster objects, a `BareMetalHost` stands for each host, with the labels of its class: {}.",
                    classes.join("; ")
                )),
                cloud_controller: None,
            }
        }
    }
}

/// The keys of a Secret for the vCenter: `docs/identity_management.md` of CAPV v1.16.1.
const VCENTER: [(&str, &str); 2] =
    [("username", "USER of the vCenter"), ("password", "PASSWORD of this user")];

/// A Secret of one cluster, or an identity that clusters share, whose Secret stands beside the controller.
fn vsphere_credentials(name: &str, is_secret: bool) -> Vec<Credentials> {
    let secret = |namespace| Credentials::Secret {
        name: name.to_owned(),
        namespace,
        keys: VCENTER.into_iter().map(|(key, holds)| (key.to_owned(), holds)).collect(),
    };
    if is_secret {
        return vec![secret(None)];
    }
    let spec = vec![
        format!("secretName: {name}"),
        "allowedNamespaces:".to_owned(),
        "  selector:".to_owned(),
        "    matchLabels: {}".to_owned(),
    ];
    let identity =
        Credentials::Identity { kind: "VSphereClusterIdentity", name: name.to_owned(), spec };
    vec![secret(Some(VSPHERE.namespace)), identity]
}

/// A role that CAPA takes on, or a key of its own: `docs/book/src/topics/multitenancy.md` of CAPA v2.11.1.
fn aws_identity(name: &str, is_static: bool) -> Vec<Credentials> {
    let everywhere = "allowedNamespaces: {}".to_owned();
    if !is_static {
        let spec = vec![
            everywhere,
            format!("roleARN: {}", placeholder("ARN of the role: arn:aws:iam::ACCOUNT:role/ROLE")),
            "sourceIdentityRef:".to_owned(),
            "  kind: AWSClusterControllerIdentity".to_owned(),
            "  name: default".to_owned(),
        ];
        let (kind, name) = ("AWSClusterRoleIdentity", name.to_owned());
        return vec![Credentials::Identity { kind, name, spec }];
    }
    let keys =
        [("AccessKeyID", "ID of the access key"), ("SecretAccessKey", "SECRET of the access key")];
    vec![
        Credentials::Secret {
            name: name.to_owned(),
            namespace: Some(AWS.namespace),
            keys: keys.into_iter().map(|(key, holds)| (key.to_owned(), holds)).collect(),
        },
        Credentials::Identity {
            kind: "AWSClusterStaticIdentity",
            name: name.to_owned(),
            spec: vec![everywhere, format!("secretRef: {name}")],
        },
    ]
}

/// What nobody takes for a value: `'<URL of the API>'`.
pub(super) fn placeholder(holds: &str) -> String {
    format!("'<{holds}>'")
}
