//! Nothing that is secret stands in the program.

use super::ports::once;
use crate::eval::Origin;
use crate::model::{EnvValue, Map, Of, ResourceId};
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
            found.push(Refutation::at([place], move |[at]: [_; 1]| errors::literal(&leak, at)));
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
}

/// What a variable holds by its name: the last word says what it is, and often the last two.
fn of_variable(key: Sym, value: &str) -> Option<Leak> {
    const ONE: [&str; 6] = ["PASSWORD", "PASSWD", "PASSPHRASE", "SECRET", "TOKEN", "CREDENTIALS"];
    const TWO: [&str; 8] = [
        "API_KEY",
        "ACCESS_KEY",
        "SECRET_KEY",
        "PRIVATE_KEY",
        "SIGNING_KEY",
        "ENCRYPTION_KEY",
        "AUTH_KEY",
        "MASTER_KEY",
    ];
    let name = key.as_str().to_ascii_uppercase().replace(['-', '.'], "_");
    let is_last = |end: &&str| {
        name.strip_suffix(*end).is_some_and(|rest| rest.is_empty() || rest.ends_with('_'))
    };
    let is_secret = ONE.iter().any(|end| is_last(&end)) || TWO.iter().any(|end| is_last(&end));
    // Switches, limits, paths, addresses and references to other variables say nothing.
    let says_nothing = value.is_empty()
        || matches!(
            value.to_ascii_lowercase().as_str(),
            "true" | "false" | "yes" | "no" | "on" | "off" | "none"
        )
        || value.bytes().all(|byte| byte.is_ascii_digit())
        || value.starts_with(['/', '.'])
        || value.contains("://")
        || is_reference(value);
    (is_secret && !says_nothing).then_some(Leak::Variable(key))
}

/// Whether a text only names what holds the secret: `$(PASSWORD)`, `${PASSWORD}`, `$PASSWORD`, `<password>`, `{{ .password }}`.
fn is_reference(text: &str) -> bool {
    text.starts_with('$') || text.starts_with('<') || text.contains("{{")
}

/// What a text shows by itself: a password in an address, a private key, a token of a well-known form.
pub(in crate::prove) fn of_text(text: &str) -> Option<Leak> {
    if text.contains("-----BEGIN ") && text.contains("PRIVATE KEY-----") {
        return Some(Leak::PrivateKey);
    }
    address(text).or_else(|| token(text))
}

/// `scheme://user:password@host`.
fn address(text: &str) -> Option<Leak> {
    text.match_indices("://").find_map(|(at, _)| {
        let rest = text.get(at + 3..)?;
        let end = rest.find(|it: char| it.is_whitespace() || "/?#\"'`<>,;".contains(it));
        let authority = rest.get(..end.unwrap_or(rest.len()))?;
        let (user, _) = authority.rsplit_once('@')?;
        let (_, password) = user.split_once(':')?;
        let is_written = !password.is_empty() && !is_reference(password);
        is_written.then_some(Leak::Address)
    })
}

/// Tokens that services begin with a sign of their own, and how many letters follow it at least.
const TOKENS: &[(&str, usize, &str)] = &[
    ("ghp_", 36, "GitHub"),
    ("gho_", 36, "GitHub"),
    ("ghs_", 36, "GitHub"),
    ("github_pat_", 22, "GitHub"),
    ("glpat-", 20, "GitLab"),
    ("xoxb-", 20, "Slack"),
    ("xoxp-", 20, "Slack"),
    ("sk_live_", 20, "Stripe"),
    ("AKIA", 16, "AWS"),
];

fn token(text: &str) -> Option<Leak> {
    TOKENS.iter().find_map(|(sign, least, owner)| {
        text.match_indices(sign).find_map(|(at, _)| {
            let before = text.get(..at)?.chars().next_back();
            let rest = text.get(at + sign.len()..)?;
            let length = rest
                .find(|it: char| !(it.is_ascii_alphanumeric() || it == '_' || it == '-'))
                .unwrap_or(rest.len());
            let begins = !before.is_some_and(|it| it.is_ascii_alphanumeric());
            (begins && length >= *least).then_some(Leak::Token(owner))
        })
    })
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
