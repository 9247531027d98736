//! A Kubernetes object as written.

use super::lift::{Lift, Reader};
use super::tree::{Tree, fields};
use super::{Map, Of, Ref};
use crate::eval::{Origin, Value};
use crate::source::Sym;

/// `kind Manifest`.
#[derive(Clone, PartialEq, Debug)]
pub struct Manifest<'a> {
    /// The path of the object's type (`k8s.apps.v1.Deployment`); none for a `Raw`.
    pub object: Option<Sym>,
    /// The object's name.
    pub name: Of<&'a str>,
    /// The namespace that it lives in.
    pub namespace: Option<Of<Ref>>,
    /// Labels of the object.
    pub labels: Map<Of<&'a str>>,
    /// Annotations of the object.
    pub annotations: Map<Of<&'a str>>,
    /// What must happen before the object may be deleted.
    pub finalizers: Vec<Of<&'a str>>,
    /// Its other fields; all of it for a `Raw`.
    pub body: Vec<(Sym, Tree<'a>)>,
}

/// What no object has in its body: the fields of the block itself.
const HEAD: &[&str] =
    &["name", "metadata", "namespace", "clusters", "labels", "annotations", "needs", "patch"];

impl<'a> Lift<'a> for Manifest<'a> {
    fn lift(reader: &Reader<'a>, value: Value, _: Origin) -> Option<Self> {
        let Value::Record(record) = value else { return None };
        let read = |name: &str| reader.field(record, name);
        fn lifted<'a, T: Lift<'a>>(
            reader: &Reader<'a>,
            (value, origin): (Value, Origin),
        ) -> Option<T> {
            T::lift(reader, value, origin)
        }
        let labels = lifted(reader, read("labels"))?;
        let annotations = lifted(reader, read("annotations"))?;
        let mut name: Of<&'a str> = lifted(reader, read("name"))?;
        let object = reader.object_path(record)?;
        if object.is_none() {
            let (yaml, origin) = read("yaml");
            let Tree::Map(body) = Tree::lift(reader, yaml, origin)? else { return None };
            let (namespace, finalizers) = (None, Vec::new());
            return Some(Self { object, name, namespace, labels, annotations, finalizers, body });
        }
        let (Value::Record(metadata), _) = read("metadata") else { return None };
        if let Some(other) = lifted::<Option<Of<&'a str>>>(reader, reader.field(metadata, "name"))?
        {
            name = other;
        }
        Some(Self {
            object,
            name,
            namespace: lifted(reader, read("namespace"))?,
            labels,
            annotations,
            finalizers: lifted(reader, reader.field(metadata, "finalizers"))?,
            body: fields(reader, record, HEAD)?,
        })
    }
}
