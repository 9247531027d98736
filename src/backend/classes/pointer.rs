//! JSON pointers: into types, and into objects.

use super::look::entries;
use super::schema::wanted;
use crate::backend::Node;
use crate::diag::nearest;
use crate::kubernetes::{Catalog, FieldType, Shape};

/// The parts of a pointer, unescaped.
///
/// # Errors
/// The part with a `~` that escapes nothing.
pub(super) fn parts(pointer: &str) -> Result<Vec<String>, String> {
    let mut out = Vec::new();
    for part in pointer.split('/').skip(1) {
        let mut plain = String::new();
        let mut letters = part.chars();
        while let Some(letter) = letters.next() {
            match (letter, letter == '~') {
                (_, true) => match letters.next() {
                    Some('0') => plain.push('~'),
                    Some('1') => plain.push('/'),
                    Some(_) | None => return Err(part.to_owned()),
                },
                (letter, false) => plain.push(letter),
            }
        }
        out.push(plain);
    }
    Ok(out)
}

/// Parts as a pointer.
pub(super) fn joined(parts: &[String]) -> String {
    parts.iter().map(|part| format!("/{}", part.replace('~', "~0").replace('/', "~1"))).collect()
}

/// Whether a part stands for an item of a list.
pub(super) fn is_index(part: &str) -> bool {
    part == "-" || !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit())
}

/// What a pointer leads to.
#[derive(Clone, Debug)]
pub(super) struct Target<'c> {
    /// What lies there.
    pub(super) shape: &'c Shape,
    /// The field, where it is one.
    pub(super) field: Option<&'c FieldType>,
}

/// Why a pointer leads nowhere.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Astray {
    /// The number of the part that is wrong.
    pub(super) index: usize,
    /// What is wrong with it.
    pub(super) fault: Fault,
}

/// What is wrong with a part of a pointer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Fault {
    /// There is no such field; perhaps this one is meant.
    NoField(Option<String>),
    /// Below something that holds nothing: what it is.
    Scalar(String),
    /// A name where an item of a list is meant.
    NoIndex,
    /// The rest belongs to the key before it: a `/` that is not escaped.
    Slash,
}

static DATA: Shape = Shape::Data;

/// What a pointer leads to in objects of a type.
pub(super) fn target<'c>(
    catalog: &'c Catalog,
    schema: &str,
    parts: &[String],
) -> Result<Target<'c>, Astray> {
    let mut shape: Option<&Shape> = None;
    let mut field = None;
    for (index, part) in parts.iter().enumerate() {
        let astray = |fault| Err(Astray { index, fault });
        let owner = match shape {
            None => schema,
            Some(Shape::Type(name)) => name,
            Some(Shape::Map(of)) => {
                (shape, field) = (Some(&**of), None);
                continue;
            }
            Some(Shape::List(of)) => {
                if !is_index(part) {
                    return astray(Fault::NoIndex);
                }
                (shape, field) = (Some(&**of), None);
                continue;
            }
            Some(Shape::Data) => return Ok(Target { shape: &DATA, field: None }),
            // The value of a map, which ends here: what follows belongs to its key.
            Some(Shape::String) if field.is_none() && index > 1 => return astray(Fault::Slash),
            Some(scalar) => return astray(Fault::Scalar(wanted(scalar))),
        };
        let fields = catalog.fields(owner);
        let Some(found) = fields.iter().rfind(|it| it.name == *part) else {
            let names = || fields.iter().map(|it| it.name.as_str());
            let near = nearest(part, names()).or_else(|| longer(part, names()));
            let near = near.map(str::to_owned);
            return astray(Fault::NoField(near));
        };
        (shape, field) = (Some(&found.shape), Some(found));
    }
    Ok(Target { shape: shape.unwrap_or(&DATA), field })
}

/// The only name that goes on from a shorter one.
fn longer<'n>(part: &str, names: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    let mut longer = names.filter(|name| part.len() > 2 && name.starts_with(part));
    longer.next().filter(|_| longer.next().is_none())
}

/// Whether something lies in an object where a pointer leads.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Presence {
    /// It is there.
    There,
    /// It is not, from this part on.
    Missing(usize),
    /// The API server fills something in on the way.
    Filled,
}

/// What webhooks of providers fill in, below `spec.template.spec` of a kind; no definition says it. From `api/v1beta2/defaults.go` of
/// cluster-api-provider-aws v2.11; the webhooks of the other providers fill in nothing that stays.
const FILLED: &[(&str, &[&str])] = &[
    ("AWSClusterTemplate", &["bastion", "controlPlaneLoadBalancer", "identityRef", "network"]),
    ("AWSMachineTemplate", &["instanceMetadataOptions"]),
];

/// Whether a webhook of its provider may put something where a pointer leads.
pub(super) fn is_filled(kind: &str, parts: &[String]) -> bool {
    let [spec, template, inner, field, ..] = parts else { return false };
    [spec, template, inner].map(String::as_str) == ["spec", "template", "spec"]
        && FILLED.iter().any(|(known, fields)| *known == kind && fields.contains(&field.as_str()))
}

/// Looks a pointer up in an object of a type.
pub(super) fn presence(
    catalog: &Catalog,
    schema: &str,
    root: &Node<'_>,
    parts: &[String],
) -> Presence {
    let mut node = root;
    for (index, part) in parts.iter().enumerate() {
        let inner = match node {
            Node::List(items) => part.parse::<usize>().ok().and_then(|at| items.get(at)),
            Node::Map(_) => entries(node).iter().find(|(key, _)| key == part).map(|(_, it)| it),
            Node::Bool(..) | Node::Int(..) | Node::Float(..) | Node::Text(..) => None,
        };
        match inner {
            Some(inner) => node = inner,
            None => {
                let upto = parts.get(..=index).unwrap_or(parts);
                let is_filled = target(catalog, schema, upto)
                    .is_ok_and(|it| it.field.is_some_and(|field| field.default.is_some()));
                return if is_filled { Presence::Filled } else { Presence::Missing(index) };
            }
        }
    }
    Presence::There
}

#[cfg(test)]
mod tests {
    use super::{Fault, is_filled, joined, parts, target};
    use crate::kubernetes::{Catalog, Shape};

    #[test]
    fn pointers() {
        assert_eq!(
            parts("/spec/a~1b/~0/-"),
            Ok(["spec", "a/b", "~", "-"].map(String::from).to_vec())
        );
        assert_eq!(parts("/spec/a~b"), Err("a~b".to_owned()));
        assert_eq!(joined(&parts("/spec/a~1b/~0").unwrap()), "/spec/a~1b/~0");
    }

    #[test]
    fn webhooks_fill_in() {
        let check = |kind: &str, path: &str, is: bool| {
            assert_eq!(is_filled(kind, &parts(path).unwrap()), is, "{kind} {path}");
        };
        check("AWSClusterTemplate", "/spec/template/spec/identityRef/name", true);
        check("AWSClusterTemplate", "/spec/template/spec/region", false);
        check("AWSMachineTemplate", "/spec/template/spec/identityRef", false);
        check("AWSClusterTemplate", "/spec/template", false);
    }

    #[test]
    fn targets() {
        let catalog = Catalog::with_cluster_api();
        let check = |path: &str, expected: Result<Shape, Fault>| {
            let schema = "controlplane.v1beta2.KubeadmControlPlaneTemplate";
            let found = target(catalog, schema, &parts(path).unwrap());
            assert_eq!(found.map(|it| it.shape.clone()).map_err(|it| it.fault), expected, "{path}");
        };
        let files = "/spec/template/spec/kubeadmConfigSpec/files";
        check(&format!("{files}/-/content"), Ok(Shape::String));
        check(&format!("{files}/first"), Err(Fault::NoIndex));
        let label = "/spec/template/metadata/labels";
        check(&format!("{label}/a~1b"), Ok(Shape::String));
        check(&format!("{label}/a/b"), Err(Fault::Slash));
        let near = Some("kubeadmConfigSpec".to_owned());
        check("/spec/template/spec/kubeadmConfig", Err(Fault::NoField(near)));
        check(&format!("{files}/-/content/x"), Err(Fault::Scalar("a text".to_owned())));
    }
}
