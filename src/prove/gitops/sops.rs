//! Files that SOPS encrypted hold what their blocks state, and nothing that can be read.

use crate::embedded::{Data, read_yaml};
use crate::model::Secret;
use crate::prove::errors::sops as errors;
use crate::prove::errors::sops::Fault;
use crate::prove::{Facts, Place, Refutation};

/// Who can read a file of SOPS: one of these lists is there.
const RECIPIENTS: [&str; 6] = ["age", "pgp", "kms", "gcp_kms", "azure_kv", "hc_vault"];

/// Where a template of a Secret holds values.
const VALUES: [&str; 2] = ["data", "stringData"];

/// What is wrong with a file.
enum Wrong {
    File(Fault),
    Plain(Option<String>),
}

/// Files are SopsSecrets of their blocks, and every value in them is encrypted.
pub(in crate::prove) fn encrypted(facts: &Facts<'_>, found: &mut Vec<Refutation>) {
    for secret in &facts.model.secrets {
        let name = secret.name.value;
        let file = match (secret.value.sops, secret.value.store) {
            (Some(file), None) => file,
            (None, Some(_)) => continue,
            (None, None) => {
                found.push(Refutation::at([Place::name(secret.id)], move |[at]: [_; 1]| {
                    errors::not_kept(name, at)
                }));
                continue;
            }
            (Some(file), Some(store)) => {
                let places = [file.origin, store.origin].map(|it| Place::new(secret.id, it));
                found.push(Refutation::at(places, move |spans: [_; 2]| {
                    errors::kept_twice(name, spans)
                }));
                continue;
            }
        };
        let Err(wrong) = judge(&secret.value, file.value) else { continue };
        let place = Place::new(secret.id, file.origin);
        let names = (secret.name.value, secret.value.namespace.value.name);
        found.push(Refutation::at([place], move |[at]: [_; 1]| match &wrong {
            Wrong::File(fault) => errors::file(names, fault, at),
            Wrong::Plain(key) => errors::plain(key.as_deref(), at),
        }));
    }
}

fn at<'d>(data: &'d Data, path: &[&str]) -> Option<&'d Data> {
    let Some((key, rest)) = path.split_first() else { return Some(data) };
    let Data::Map(entries) = data else { return None };
    at(&entries.iter().find(|(known, _)| known == key)?.1, rest)
}

fn text<'d>(data: &'d Data, path: &[&str]) -> Option<&'d str> {
    let Data::Text(text) = at(data, path)? else { return None };
    Some(text)
}

fn judge(secret: &Secret<'_>, written: &str) -> Result<(), Wrong> {
    let file = |fault| Err(Wrong::File(fault));
    let data = match read_yaml(written) {
        Ok(data) => data,
        Err(error) => {
            let line = error.line.map_or_else(String::new, |line| format!("line {line}: "));
            return file(Fault::Unreadable(format!("{line}{}", unquoted(&error.reason))));
        }
    };
    // What everybody can read comes first: it is the worst.
    let is_sealed = RECIPIENTS
        .iter()
        .any(|it| matches!(at(&data, &["sops", it]), Some(Data::List(all)) if !all.is_empty()))
        || matches!(at(&data, &["sops", "key_groups"]), Some(Data::List(all)) if !all.is_empty());
    if !is_sealed || text(&data, &["sops", "mac"]).is_none() {
        return Err(Wrong::Plain(None));
    }
    let kind = text(&data, &["kind"]).unwrap_or("nothing with a kind");
    let version = text(&data, &["apiVersion"]).unwrap_or("");
    if kind != "SopsSecret" || !version.starts_with("isindir.github.com/") {
        let shown =
            if version.is_empty() { kind.to_owned() } else { format!("a {kind} of {version}") };
        return file(Fault::Kind(shown));
    }
    let Some(Data::List(templates)) = at(&data, &["spec", "secretTemplates"]) else {
        return file(Fault::Template(Vec::new()));
    };
    for template in templates {
        for place in VALUES {
            let Some(Data::Map(values)) = at(template, &[place]) else { continue };
            if let Some((key, _)) = values.iter().find(|(_, value)| !is_encrypted(value)) {
                return Err(Wrong::Plain(Some(key.clone())));
            }
        }
    }
    if let Some(found) = text(&data, &["metadata", "name"])
        && found != secret.name.value.as_str()
    {
        return file(Fault::Name(found.to_owned()));
    }
    if let Some(found) = text(&data, &["metadata", "namespace"])
        && found != secret.namespace.value.name.as_str()
    {
        return file(Fault::Namespace(found.to_owned()));
    }
    let names: Vec<&str> = templates.iter().filter_map(|it| text(it, &["name"])).collect();
    if names.iter().any(|it| it.starts_with("ENC[")) {
        return file(Fault::Hidden);
    }
    let own = templates.iter().find(|it| text(it, &["name"]) == Some(secret.name.value.as_str()));
    let Some(own) = own else {
        return file(Fault::Template(names.into_iter().map(str::to_owned).collect()));
    };
    let kind = text(own, &["type"]).unwrap_or("Opaque");
    if kind != secret.r#type.value {
        return file(Fault::Type(kind.to_owned()));
    }
    let keys: Vec<String> = VALUES
        .iter()
        .filter_map(|place| match at(own, &[place]) {
            Some(Data::Map(values)) => Some(values.iter().map(|(key, _)| key.clone())),
            _ => None,
        })
        .flatten()
        .collect();
    let lacks = secret.key.iter().find(|(name, _)| !keys.iter().any(|it| it == name.as_str()));
    match lacks {
        Some((name, _)) => file(Fault::Key(name.to_string(), keys)),
        None => Ok(()),
    }
}

/// `ENC[AES256_GCM,data:..,iv:..,tag:..,type:str]`; SOPS leaves empty texts as they are.
fn is_encrypted(value: &Data) -> bool {
    let Data::Text(text) = value else { return false };
    let inside = text.strip_prefix("ENC[AES256_GCM,").and_then(|it| it.strip_suffix(']'));
    let parts = ["data:", "iv:", "tag:", "type:"];
    text.is_empty() || inside.is_some_and(|it| parts.iter().all(|part| it.contains(part)))
}

/// What a reader says, without what it read: that may be secret.
fn unquoted(reason: &str) -> String {
    let mut parts = reason.split(['"', '`', '\'']);
    let mut out = parts.next().unwrap_or("").to_owned();
    while let Some(_quoted) = parts.next() {
        out.push_str("..");
        out.push_str(parts.next().unwrap_or(""));
    }
    out
}
