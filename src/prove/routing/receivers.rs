//! Receivers are named by some route, and hold no secret.

use rustc_hash::FxHashSet;

use crate::model::{Receiver, Recipient, ResourceId, UrlSource};
use crate::prove::errors::routing as errors;
use crate::prove::{Facts, Place, Refutation};

/// Every receiver hears of something.
pub(crate) fn receivers(facts: &Facts<'_>, found: &mut Vec<Refutation>) {
    let mut named: FxHashSet<ResourceId> = FxHashSet::default();
    for routing in &facts.model.routings {
        let steps = routing.value.steps();
        let all = std::iter::once(&routing.value.default);
        for to in all.chain(steps.iter().filter_map(|step| step.route.to.as_ref())) {
            if let Recipient::Named(receiver) = to {
                named.insert(receiver.value.id);
            }
        }
    }
    let is_routed = !facts.model.routings.is_empty();
    let mut told = FxHashSet::default();
    for receiver in &facts.model.receivers {
        if !named.contains(&receiver.id) && told.insert(receiver.id) {
            let name = receiver.name.value;
            found.push(Refutation::at([Place::name(receiver.id)], move |[at]: [_; 1]| {
                errors::unused(name, is_routed, at)
            }));
        }
    }
}

/// No URL that is written out has a secret in it.
pub(crate) fn urls(facts: &Facts<'_>, found: &mut Vec<Refutation>) {
    let mut check = |resource: ResourceId, receiver: &Receiver<'_>| {
        let Receiver::Webhook(webhook) = receiver else { return };
        let UrlSource::Plain(url) = webhook.url else { return };
        let Some(what) = secret_in(url.value) else { return };
        let place = Place::new(resource, url.origin);
        found.push(Refutation::at([place], move |[at]: [_; 1]| errors::secret_in_url(what, at)));
    };
    for receiver in &facts.model.receivers {
        check(receiver.id, &receiver.value);
    }
    for routing in &facts.model.routings {
        let steps = routing.value.steps();
        let all = std::iter::once(&routing.value.default);
        for to in all.chain(steps.iter().filter_map(|step| step.route.to.as_ref())) {
            if let Recipient::InPlace(receiver, _) = to {
                check(routing.id, receiver);
            }
        }
    }
}

/// Services whose URLs are their secrets: host, path, and what they are.
const SECRET_URLS: [(&str, &str, &str); 5] = [
    ("hooks.slack.com", "/", "an incoming webhook of Slack"),
    ("discord.com", "/api/webhooks/", "a webhook of Discord"),
    ("discordapp.com", "/api/webhooks/", "a webhook of Discord"),
    ("outlook.office.com", "/webhook/", "a webhook of Microsoft Teams"),
    ("api.telegram.org", "/bot", "a call of a Telegram bot"),
];

/// The secret that a URL holds, if it shows.
pub(crate) fn secret_in(url: &str) -> Option<&'static str> {
    let (_, rest) = url.split_once("://")?;
    let (authority, path) = rest.find('/').map_or((rest, ""), |at| rest.split_at(at));
    let (user, host) =
        authority.rsplit_once('@').map_or(("", authority), |(user, host)| (user, host));
    if user.split_once(':').is_some_and(|(_, password)| !password.is_empty()) {
        return Some("a password");
    }
    let host = host.split(':').next().unwrap_or(host).to_ascii_lowercase();
    let known = SECRET_URLS.iter().find(|(of, start, _)| host == *of && path.starts_with(start));
    if let Some((.., what)) = known {
        return Some(what);
    }
    if host.ends_with(".webhook.office.com") || host.ends_with(".logic.azure.com") {
        return Some("a webhook of Microsoft Teams");
    }
    let query = path.split_once('?').map_or("", |(_, query)| query);
    let is_secret = |pair: &str| {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        let key = key.to_ascii_lowercase();
        !value.is_empty()
            && [
                "token",
                "api_key",
                "apikey",
                "api-key",
                "secret",
                "password",
                "access_token",
                "sig",
            ]
            .contains(&key.as_str())
    };
    query.split('&').any(is_secret).then_some("a token")
}

#[cfg(test)]
mod tests {
    use super::secret_in;

    #[test]
    fn secrets_show_in_some_urls() {
        let check =
            |url: &str, expected: Option<&str>| assert_eq!(secret_in(url), expected, "{url}");
        check("https://hook.acme.example/alerts", None);
        check("http://localhost:8080", None);
        check("https://user@hook.acme.example/", None);
        check("https://user:pw@hook.acme.example/", Some("a password"));
        check("https://hooks.slack.com/services/T/B/x", Some("an incoming webhook of Slack"));
        check("https://Discord.com/api/webhooks/1/x", Some("a webhook of Discord"));
        check("https://discord.com/docs", None);
        check("https://hook.acme.example/?team=a&token=x", Some("a token"));
        check("https://hook.acme.example/?token=", None);
    }
}
