//! Secrets: what their keys are called, and where their values are kept.

use super::lift::{Item, Lift, Reader};
use super::{Kind, Map, Of, Quantity, Ref};
use crate::eval::{Evaluator, Origin, Value};
use crate::source::Sym;

/// `kind Secret`.
#[derive(Clone, PartialEq, Debug)]
pub struct Secret<'a> {
    /// The clusters where it exists.
    pub clusters: Vec<Of<Ref>>,
    /// Labels of its objects.
    pub labels: Map<Of<&'a str>>,
    /// Annotations of its objects.
    pub annotations: Map<Of<&'a str>>,
    /// The block's own name.
    pub name: Of<Sym>,
    /// The namespace that it lives in.
    pub namespace: Of<Ref>,
    /// Who keeps the values.
    pub store: Option<Of<Ref>>,
    /// The values, encrypted: the text of a file of SOPS.
    pub sops: Option<Of<&'a str>>,
    /// How often the store is asked again.
    pub refresh: Of<Quantity<'a>>,
    /// What Kubernetes takes it for.
    pub r#type: Of<&'a str>,
    /// Whether the Secret stays when the ExternalSecret goes.
    pub keep: Of<bool>,
    /// Its keys.
    pub key: Map<StoredKey<'a>>,
}

/// What is stated of an `external secret`.
#[derive(Clone, PartialEq, Debug)]
pub struct ExternalSecret {
    /// The namespace that it lives in; none where it is not said.
    pub namespace: Option<Of<Ref>>,
    /// Its keys.
    pub keys: Vec<Sym>,
}

impl<'a> Lift<'a> for ExternalSecret {
    fn lift(reader: &Reader<'a>, value: Value, _: Origin) -> Option<Self> {
        let Value::Record(record) = value else { return None };
        let (namespace, origin) = reader.field(record, "namespace");
        let (keys, _) = reader.field(record, "key");
        let keys = match keys {
            Value::Map(run) => {
                reader.values.store.entries(run).iter().map(|(key, _)| *key).collect()
            }
            _ => Vec::new(),
        };
        Some(Self { namespace: Lift::lift(reader, namespace, origin)?, keys })
    }
}

/// `schema StoredKey`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct StoredKey<'a> {
    /// The key's own name.
    pub name: Of<Sym>,
    /// The path of the entry in the store.
    pub path: Option<Of<&'a str>>,
    /// The part of the entry.
    pub property: Option<Of<&'a str>>,
    /// The version of the entry.
    pub version: Option<Of<&'a str>>,
}

/// `type KeyOfSecret`: a key of a Secret, as others name it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct SecretKey<'a> {
    /// The name of the Secret.
    pub secret: Of<&'a str>,
    /// The key in it.
    pub key: Of<&'a str>,
    /// The `secret` or `database` block that it belongs to; none where it is named by its names.
    pub block: Option<Ref>,
}

/// `schema SecretKey`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct NamedKey<'a> {
    /// The name of the Secret.
    pub secret: Of<&'a str>,
    /// The key in it.
    pub key: Of<&'a str>,
}

impl<'a> Lift<'a> for SecretKey<'a> {
    fn lift(reader: &Reader<'a>, value: Value, origin: Origin) -> Option<Self> {
        let Value::Record(record) = value else { return None };
        if reader.schema(record)?.as_str() != "StoredKey" {
            let NamedKey { secret, key } = NamedKey::lift(reader, value, origin)?;
            // What a database gives of its own Secret belongs to it; what others write belongs to nobody.
            let block = reader.owner(record).filter(|it| reader.is_of(*it, Kind::Database));
            if block.is_some() {
                // Whoever names it is told of what it does.
                let (secret, key) = (Of::new(secret.value, origin), Of::new(key.value, origin));
                return Some(Self { secret, key, block });
            }
            return Some(Self { secret, key, block });
        }
        let block = reader.owner(record)?;
        let (key, named) = reader.field(record, "name");
        let key: Of<&'a str> = Lift::lift(reader, key, named)?;
        Some(Self {
            secret: Of::new(block.name.as_str(), origin),
            key: Of::new(key.value, origin),
            block: Some(block),
        })
    }
}

impl<'a> Item<'a> for SecretKey<'a> {
    fn all(reader: &Reader<'a>, value: Value, origin: Origin) -> Option<Vec<Self>> {
        let Value::List(run) = value else { return None };
        let values: &'a Evaluator<'a> = reader.values;
        values.store.items(run).iter().map(|&item| Self::lift(reader, item, origin)).collect()
    }
}

macro_rules! stores {
    ($($(#[$doc:meta])* $member:ident;)*) => {
        /// `kind SecretStore`.
        #[derive(Clone, PartialEq, Debug)]
        pub enum SecretStore<'a> {
            $($(#[$doc])* $member($member<'a>),)*
        }

        impl<'a> SecretStore<'a> {
            /// What every store has.
            pub const fn base(&self) -> &StoreBase<'a> {
                match self { $(Self::$member(it) => &it.base,)* }
            }
        }

        impl<'a> Lift<'a> for SecretStore<'a> {
            fn lift(reader: &Reader<'a>, value: Value, origin: Origin) -> Option<Self> {
                let Value::Record(record) = value else { return None };
                let schema = reader.schema(record)?;
                $(if schema.as_str() == stringify!($member) {
                    return Some(Self::$member(Lift::lift(reader, value, origin)?));
                })*
                None
            }
        }
    };
}
stores! {
    /// HashiCorp Vault or OpenBao.
    Vault;
    /// AWS Secrets Manager.
    AwsSecretsManager;
    /// The parameter store of AWS Systems Manager.
    AwsParameterStore;
    /// Google's Secret Manager.
    GcpSecretManager;
    /// Azure's Key Vault.
    AzureKeyVault;
}

/// `schema StoreBase`.
#[derive(Clone, PartialEq, Debug)]
pub struct StoreBase<'a> {
    /// The clusters where it exists.
    pub clusters: Vec<Of<Ref>>,
    /// Labels of its object.
    pub labels: Map<Of<&'a str>>,
    /// Annotations of its object.
    pub annotations: Map<Of<&'a str>>,
    /// The block's own name.
    pub name: Of<Sym>,
    /// The service account that External Secrets takes on.
    pub service_account: Of<Sym>,
    /// Its namespace.
    pub account_namespace: Of<Ref>,
    /// The namespaces whose secrets may read it; all where there is none.
    pub only_for: Vec<Of<Ref>>,
}

/// `schema Vault`.
#[derive(Clone, PartialEq, Debug)]
pub struct Vault<'a> {
    /// What every store has.
    pub base: StoreBase<'a>,
    /// Its address.
    pub server: Of<&'a str>,
    /// The mount of the secrets' engine.
    pub path: Of<&'a str>,
    /// `v1` or `v2`.
    pub engine: Of<Sym>,
    /// The mount of the login method.
    pub login: Of<&'a str>,
    /// The role that it logs in as.
    pub role: Of<&'a str>,
}

/// `schema AwsSecretsManager`.
#[derive(Clone, PartialEq, Debug)]
pub struct AwsSecretsManager<'a> {
    /// What every store has.
    pub base: StoreBase<'a>,
    /// The region.
    pub region: Of<&'a str>,
    /// The ARN of a role that is taken on.
    pub role: Option<Of<&'a str>>,
}

/// `schema AwsParameterStore`.
#[derive(Clone, PartialEq, Debug)]
pub struct AwsParameterStore<'a> {
    /// What every store has.
    pub base: StoreBase<'a>,
    /// The region.
    pub region: Of<&'a str>,
    /// The ARN of a role that is taken on.
    pub role: Option<Of<&'a str>>,
}

/// `schema GcpSecretManager`.
#[derive(Clone, PartialEq, Debug)]
pub struct GcpSecretManager<'a> {
    /// What every store has.
    pub base: StoreBase<'a>,
    /// The project.
    pub project: Of<&'a str>,
    /// The place of the cluster.
    pub location: Of<&'a str>,
    /// The name of the cluster at Google.
    pub cluster_name: Option<Of<&'a str>>,
}

/// `schema AzureKeyVault`.
#[derive(Clone, PartialEq, Debug)]
pub struct AzureKeyVault<'a> {
    /// What every store has.
    pub base: StoreBase<'a>,
    /// Its address.
    pub vault: Of<&'a str>,
}
