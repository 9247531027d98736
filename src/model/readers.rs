//! Which keys of Secrets pods read.

use super::{EnvValue, Map, Model, Ref, ResourceId, SecretKey};

/// A key of a Secret, and who reads it.
#[derive(Clone, PartialEq, Debug)]
pub struct KeyRead<'m, 'a> {
    /// The resource that reads it.
    pub reader: ResourceId,
    /// Its address.
    pub address: String,
    /// The namespace that it runs in.
    pub namespace: Ref,
    /// The clusters where it does.
    pub targets: &'m [Ref],
    /// The key.
    pub key: SecretKey<'a>,
}

impl<'a> Model<'a> {
    /// Every key that workloads, jobs, databases and backups read.
    pub fn keys_read_by_pods(&self) -> Vec<KeyRead<'_, 'a>> {
        let mut found = Vec::new();
        for resource in &self.workloads {
            let it = &resource.value;
            let read = |key| KeyRead {
                reader: resource.id,
                address: resource.address().to_string(),
                namespace: it.namespace.value,
                targets: &resource.targets,
                key,
            };
            let others = it.init.iter().chain(&it.sidecar).map(|(_, container)| &container.env);
            found.extend(std::iter::once(&it.env).chain(others).flat_map(secrets).map(read));
        }
        for resource in &self.jobs {
            let read = |key| KeyRead {
                reader: resource.id,
                address: resource.address().to_string(),
                namespace: resource.value.namespace.value,
                targets: &resource.targets,
                key,
            };
            found.extend(secrets(&resource.value.env).map(read));
        }
        for resource in &self.databases {
            let read = |key| KeyRead {
                reader: resource.id,
                address: resource.address().to_string(),
                namespace: resource.value.namespace.value,
                targets: &resource.targets,
                key,
            };
            let target = resource.value.backup.as_ref().map(|backup| backup.target);
            let keys = target.into_iter().flat_map(|it| [it.access_key, it.secret_key]);
            found.extend(keys.map(read));
        }
        for resource in &self.backups {
            let read = |key| KeyRead {
                reader: resource.id,
                address: resource.address().to_string(),
                namespace: resource.value.base().namespace.value,
                targets: &resource.targets,
                key,
            };
            found.extend(resource.value.keys().into_iter().map(read));
        }
        found
    }
}

fn secrets<'m, 'a>(env: &'m Map<EnvValue<'a>>) -> impl Iterator<Item = SecretKey<'a>> + 'm {
    env.iter().filter_map(|(_, value)| match value {
        EnvValue::Secret(key) => Some(*key),
        EnvValue::Text(_) | EnvValue::Field(_) => None,
    })
}
