//! Nothing that is secret stands in the program.

use super::ports::once;
use crate::diag::secrets::{Form, by_form, is_named, is_reference, says_nothing};
use crate::eval::Origin;
use crate::model::{EnvValue, Map, Of, ResourceId, Tree};
use crate::prove::errors::workload::{self as errors, Leak};
use crate::prove::{Facts, Place, Refutation};
use crate::source::Sym;

/// Texts of the environment, commands and files hold no secret.
pub(in crate::prove) fn literals(facts: &Facts<'_>, found: &mut Vec<Refutation>) {
    let mut told: Vec<(ResourceId, Origin)> = Vec::new();
    let mut leak = |id: ResourceId, text: Of<&str>, leak: Option<Leak>| {
        let Some(leak) = leak else { return };
        if once(&mut told, (id, text.origin)) {
            let place = Place::new(id, text.origin);
            let hides = hidden(&leak, text.value);
            found.push(Refutation::at([place], move |[at]: [_; 1]| {
                errors::literal(&leak, &hides, at)
            }));
        }
    };
    let model = facts.model;
    let mut environments: Vec<(ResourceId, &Map<EnvValue<'_>>)> = Vec::new();
    let mut texts: Vec<(ResourceId, Of<&str>)> = Vec::new();
    for it in &model.workloads {
        let (id, it) = (it.id, &it.value);
        environments.push((id, &it.env));
        for (_, container) in it.init.iter().chain(&it.sidecar) {
            environments.push((id, &container.env));
            let words = container.command.iter().chain(&container.args);
            texts.extend(words.map(|text| (id, *text)));
        }
        let files = it.file.iter().map(|(_, file)| file.text);
        let words = it.command.iter().chain(&it.args).copied();
        texts.extend(words.chain(files).map(|text| (id, text)));
    }
    for it in &model.jobs {
        let (id, it) = (it.id, &it.value);
        environments.push((id, &it.env));
        let files = it.file.iter().map(|(_, file)| file.text);
        let words = it.command.iter().chain(&it.args).copied().chain(it.script);
        texts.extend(words.chain(files).map(|text| (id, text)));
    }
    for (id, env) in environments {
        for (key, value) in env {
            if let EnvValue::Text(text) = value {
                leak(id, *text, of_variable(*key, text.value).or_else(|| of_text(text.value)));
            }
        }
    }
    for (id, text) in texts {
        leak(id, text, of_text(text.value));
    }
    for (id, text, shows) in of_manifests(facts) {
        leak(id, text, Some(shows));
    }
}

/// What a variable holds by its name.
fn of_variable(key: Sym, value: &str) -> Option<Leak> {
    (is_named(key.as_str()) && !says_nothing(value)).then_some(Leak::Variable(key))
}

/// What a text shows by itself: a password in an address, a private key, a token of a well-known form.
pub(in crate::prove) fn of_text(text: &str) -> Option<Leak> {
    by_form(text).first().map(|(_, form)| match form {
        Form::Address => Leak::Address,
        Form::PrivateKey => Leak::PrivateKey,
        Form::Token(owner) => Leak::Token(owner),
    })
}

/// What is to be hidden of a text that shows a secret.
pub(in crate::prove) fn hidden(leak: &Leak, text: &str) -> Vec<String> {
    match leak {
        Leak::Variable(_) | Leak::Manifest(_) => vec![text.to_owned()],
        Leak::Address | Leak::PrivateKey | Leak::Token(_) => {
            by_form(text).into_iter().map(|it| it.0.of(text).trim().to_owned()).collect()
        }
    }
}

/// Objects of the program hold no Secret's values: those of a `manifest`.
fn of_manifests<'m>(facts: &Facts<'m>) -> Vec<(ResourceId, Of<&'m str>, Leak)> {
    let mut found = Vec::new();
    for it in &facts.model.manifests {
        let body = &it.value.body;
        let entry = |name: &str| body.iter().find(|(key, _)| key.as_str() == name).map(|it| &it.1);
        let is_typed = it.value.object.is_some_and(|it| it.as_str() == "k8s.core.v1.Secret");
        let says = |name: &str, value: &str| entry(name).and_then(Tree::text) == Some(value);
        let is_secret = is_typed || says("apiVersion", "v1") && says("kind", "Secret");
        if !is_secret {
            continue;
        }
        for part in ["data", "stringData"] {
            let Some(Tree::Map(entries)) = entry(part) else { continue };
            for (key, value) in entries {
                if let Tree::Text(text) = value
                    && !text.value.is_empty()
                    && !is_reference(text.value)
                {
                    found.push((it.id, *text, Leak::Manifest(*key)));
                }
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::{of_text, of_variable};
    use crate::source::Sym;

    #[test]
    fn variables_are_judged_by_the_end_of_their_names() {
        let check = |key: &str, value: &str, leaks: bool| {
            assert_eq!(of_variable(Sym::new(key), value).is_some(), leaks, "{key}={value}");
        };
        check("DB_PASSWORD", "hunter2", true);
        check("password", "hunter2", true);
        check("STRIPE_API_KEY", "abc", true);
        check("client.secret", "abc", true);
        check("PASSWORD_FILE", "/run/secrets/password", false);
        check("DB_PASSWORD", "/run/secrets/password", false);
        check("DB_PASSWORD", "$(OTHER)", false);
        check("DB_PASSWORD", "", false);
        check("REQUIRE_PASSWORD", "true", false);
        check("MAX_TOKEN", "4096", false);
        check("SECRET_NAME", "orders", false);
        check("TOKEN", "https://tokens.acme.example", false);
        check("MONKEY", "abc", false);
        check("HTOKEN", "abc", false);
    }

    #[test]
    fn texts_show_secrets_by_themselves() {
        let check = |text: &str, leaks: bool| assert_eq!(of_text(text).is_some(), leaks, "{text}");
        check("postgres://app:hunter2@db:5432/app", true);
        check("see postgres://app:hunter2@db, or not", true);
        check("postgres://app:$(PASSWORD)@db/app", false);
        check("postgres://app:${PASSWORD}@db/app", false);
        check("postgres://app@db/app", false);
        check("http://db:5432/a:b@c", false);
        check("https://acme.example/?q=a:b@c", false);
        check("-----BEGIN RSA PRIVATE KEY-----\nabc", true);
        check("-----BEGIN CERTIFICATE-----", false);
        check("ghp_0123456789012345678901234567890123456789", true);
        check("ghp_short", false);
        check("AKIAIOSFODNN7EXAMPLE", true);
        check("SLAKIAIOSFODNN7EXAMPLE", false);
    }
}
