//! Secrets that a store keeps, and the stores.
//!
//! * **Takes** `secret` and `secret-store` resources.
//! * **Gives** `<cluster>/<namespace>/secret-<name>.yaml`, an ExternalSecret or a SopsSecret, and `<cluster>/secret-stores/<name>.yaml`, a
//!   ClusterSecretStore.
//! * **Owns** what External Secrets is told of a store.
//! * **Never** sees the value of a secret.
//! * **Read first** this file, then `store.rs`.

mod sops;
mod store;

use super::k8s::{CONFIRM, Fields, Metadata, confirm, duration, labels, list, object, text};
use super::{Backend, Document, Job, Makes, Manifest, Node, Output};
use crate::eval::Origin;
use crate::model::{Model, Resource, Secret, StoredKey};

/// The version of External Secrets' own types.
const EXTERNAL_SECRETS: &str = "external-secrets.io/v1";

/// The backend.
pub(super) struct Secrets;

impl Backend for Secrets {
    fn name(&self) -> &'static str {
        "secrets"
    }

    fn makes(&self) -> &'static [Makes] {
        &[
            Makes {
                kind: "secret",
                object: "external-secrets.io/v1 ExternalSecret",
                name: "<name>",
                file: "<cluster>/<namespace>/secret-<name>.yaml",
                about: "What External Secrets makes the Secret of.",
            },
            Makes {
                kind: "secret",
                object: "isindir.github.com/v1alpha3 SopsSecret",
                name: "<name>",
                file: "<cluster>/<namespace>/secret-<name>.yaml",
                about: "What the SOPS operator makes the Secret of, where `sops` holds its values encrypted.",
            },
            Makes {
                kind: "secret-store",
                object: "external-secrets.io/v1 ClusterSecretStore",
                name: "<name>",
                file: "<cluster>/secret-stores/<name>.yaml",
                about: "Where secrets are kept, and how it is reached.",
            },
        ]
    }

    fn lower<'a>(&self, model: &'a Model<'a>) -> Vec<Job<'a>> {
        let secrets = model.secrets.iter().map(|it| Box::new(move || secret(model, it)) as Job<'a>);
        let stores =
            model.secret_stores.iter().map(|it| Box::new(move || store::output(model, it)) as _);
        secrets.chain(stores).collect()
    }
}

fn secret<'a>(model: &'a Model<'a>, resource: &'a Resource<'a, Secret<'a>>) -> Output<'a> {
    Output {
        clusters: resource.targets.clone(),
        document: Document {
            path: format!(
                "{}/secret-{}.yaml",
                resource.value.namespace.value.name, resource.name.value
            ),
            source: resource.source.into(),
            address: resource.address().to_string().into(),
            manifests: match resource.value.sops {
                Some(text) => sops::sealed(model, &resource.value, text).into_iter().collect(),
                None => vec![external(model, &resource.value)],
            },
        },
    }
}

/// The head of the object that a Secret is made of.
fn metadata<'a>(model: &Model<'a>, secret: &Secret<'a>) -> Metadata<'a> {
    let keep = secret.keep;
    Metadata::new(secret.name, labels(model))
        .namespace(secret.namespace)
        .labels(&secret.labels)
        .annotation(CONFIRM, keep.value.then(|| confirm(keep.origin)))
        .annotations(&secret.annotations)
}

fn external<'a>(model: &Model<'a>, secret: &Secret<'a>) -> Manifest<'a> {
    let keep = secret.keep;
    let metadata = metadata(model, secret);
    // An owner's reference would take the Secret away with the ExternalSecret.
    let (creation, deletion) = if keep.value { ("Orphan", "Retain") } else { ("Owner", "Delete") };
    let metadata_of_secret = Fields::new().with("labels", labels(model).all(&secret.labels));
    let template = Fields::new()
        .with("type", secret.r#type)
        .with("engineVersion", text("v2", engine()))
        .with("metadata", metadata_of_secret);
    let target = Fields::new()
        .with("name", secret.name)
        .with("creationPolicy", text(creation, keep.origin))
        .with("deletionPolicy", text(deletion, keep.origin))
        .with("template", template);
    let spec = Fields::new()
        .with("refreshInterval", duration(secret.refresh))
        .with("secretStoreRef", store_of(secret))
        .with("target", target)
        .with("data", list(secret.key.iter().map(|(_, key)| entry(secret, key))));
    object(EXTERNAL_SECRETS, "ExternalSecret", metadata, Some(spec))
}

fn entry<'a>(secret: &Secret<'a>, key: &StoredKey<'a>) -> Fields<'a> {
    Fields::new().with("secretKey", key.name).with("remoteRef", remote(secret, key))
}

/// Where the value of a key is kept.
fn remote<'a>(secret: &Secret<'a>, key: &StoredKey<'a>) -> Fields<'a> {
    let same = Origin::rule("without a `path` the entry of the store has the Secret's name");
    let part =
        Origin::rule("without `path` and `property` the part of the entry has the key's name");
    let path = key.path.map_or_else(
        || text(secret.name.value.as_str(), same),
        |path| text(path.value, path.origin),
    );
    let property = match (key.property, key.path) {
        (Some(property), _) => Some(text(property.value, property.origin)),
        (None, None) => Some(text(key.name.value.as_str(), part)),
        (None, Some(_)) => None,
    };
    Fields::new().with("key", path).maybe("property", property).maybe("version", key.version)
}

/// A Secret that is made of values which a `secret` block names, in the form that somebody's software reads them.
#[derive(Clone, Debug)]
pub(super) struct Remade<'m, 'a> {
    /// The block.
    pub secret: &'m Secret<'a>,
    /// The keys that are read, by the name that `form` has for them.
    pub read: Vec<(&'static str, &'m StoredKey<'a>)>,
    /// The keys of the Secret, as templates.
    pub form: Vec<(&'static str, Node<'a>)>,
}

impl<'a> Remade<'_, 'a> {
    /// The ExternalSecret.
    pub(super) fn object(self, metadata: Metadata<'a>, name: Node<'a>) -> Manifest<'a> {
        let read = |(name, key): &(&'static str, &StoredKey<'a>)| {
            let rule = Origin::rule("what the template calls it");
            Fields::new()
                .with("secretKey", text(*name, rule))
                .with("remoteRef", remote(self.secret, key))
        };
        let data = list(self.read.iter().map(read));
        let form =
            self.form.into_iter().fold(Fields::new(), |all, (key, node)| all.with(key, node));
        let goes = Origin::rule("made of what the store keeps, and made anew when it is gone");
        let template = Fields::new().with("engineVersion", text("v2", engine())).with("data", form);
        let target = Fields::new()
            .with("name", name)
            .with("creationPolicy", text("Owner", goes))
            .with("template", template);
        let spec = Fields::new()
            .with("refreshInterval", duration(self.secret.refresh))
            .with("secretStoreRef", store_of(self.secret))
            .with("target", target)
            .with("data", data);
        object(EXTERNAL_SECRETS, "ExternalSecret", metadata, Some(spec))
    }
}

fn engine() -> Origin {
    Origin::rule("the engine of templates that is kept up")
}

fn store_of<'a>(secret: &Secret<'a>) -> Fields<'a> {
    let rule = Origin::rule("every `secret-store` is a ClusterSecretStore");
    Fields::new().with("kind", text("ClusterSecretStore", rule)).maybe("name", secret.store)
}

#[cfg(test)]
mod tests {
    use super::Secrets;
    use crate::backend::fixture;

    #[test]
    fn secrets_name_what_a_store_keeps() {
        insta::assert_snapshot!(fixture::lowered(&Secrets, &fixture::model()));
    }
}
