//! Where secrets are kept.

use super::EXTERNAL_SECRETS;
use crate::backend::k8s::{Fields, Metadata, labels, list, object, text};
use crate::backend::{Document, Output};
use crate::eval::Origin;
use crate::model::{Model, Of, Resource, SecretStore, StoreBase};

/// The file of a store.
pub(super) fn output<'a>(
    model: &'a Model<'a>,
    resource: &'a Resource<'a, SecretStore<'a>>,
) -> Output<'a> {
    let base = resource.value.base();
    let metadata =
        Metadata::new(base.name, labels(model)).labels(&base.labels).annotations(&base.annotations);
    let only =
        |namespace: &Of<crate::model::Ref>| Fields::new().with("namespaces", list([*namespace]));
    let spec = Fields::new()
        .with("provider", provider(&resource.value))
        .unless_empty("conditions", list(base.only_for.iter().map(only)));
    Output {
        clusters: resource.targets.clone(),
        document: Document {
            path: format!("secret-stores/{}.yaml", resource.name.value),
            source: resource.source.into(),
            address: resource.address().to_string().into(),
            manifests: vec![object(EXTERNAL_SECRETS, "ClusterSecretStore", metadata, Some(spec))],
        },
    }
}

/// The service account that External Secrets takes on.
fn account<'a>(base: &StoreBase<'a>) -> Fields<'a> {
    Fields::new().with("name", base.service_account).with("namespace", base.account_namespace)
}

fn provider<'a>(store: &SecretStore<'a>) -> Fields<'a> {
    let base = store.base();
    let by_account = || Fields::new().with("serviceAccountRef", account(base));
    let aws = |service: &'static str, region: Of<&'a str>, role: Option<Of<&'a str>>| {
        let rule = Origin::rule("AWS keeps secrets in two services: the block says in which");
        let fields = Fields::new()
            .with("service", text(service, rule))
            .with("region", region)
            .maybe("role", role)
            .with("auth", Fields::new().with("jwt", by_account()));
        Fields::new().with("aws", fields)
    };
    match store {
        SecretStore::Vault(vault) => {
            let login = Fields::new()
                .with("mountPath", vault.login)
                .with("role", vault.role)
                .with("serviceAccountRef", account(base));
            let fields = Fields::new()
                .with("server", vault.server)
                .with("path", vault.path)
                .with("version", vault.engine)
                .with("auth", Fields::new().with("kubernetes", login));
            Fields::new().with("vault", fields)
        }
        SecretStore::AwsSecretsManager(store) => aws("SecretsManager", store.region, store.role),
        SecretStore::AwsParameterStore(store) => aws("ParameterStore", store.region, store.role),
        SecretStore::GcpSecretManager(store) => {
            let identity = Fields::new()
                .with("clusterLocation", store.location)
                .maybe("clusterName", store.cluster_name)
                .with("serviceAccountRef", account(base));
            let fields = Fields::new()
                .with("projectID", store.project)
                .with("auth", Fields::new().with("workloadIdentity", identity));
            Fields::new().with("gcpsm", fields)
        }
        SecretStore::AzureKeyVault(store) => {
            let rule = Origin::rule("External Secrets takes on the identity of a service account");
            let fields = Fields::new()
                .with("vaultUrl", store.vault)
                .with("authType", text("WorkloadIdentity", rule))
                .with("serviceAccountRef", account(base));
            Fields::new().with("azurekv", fields)
        }
    }
}
