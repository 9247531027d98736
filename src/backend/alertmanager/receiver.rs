//! Receivers: a function a sort.

use super::SECRETS;
use crate::backend::Node;
use crate::backend::k8s::{Fields, IntoNode, list, text};
use crate::eval::Origin;
use crate::model::{
    Discord, Email, MsTeams, Of, Opsgenie, PagerDuty, Pushover, Receiver, SecretKey, Slack,
    Telegram, UrlSource, Webhook,
};

/// A receiver's name, and how it is told.
pub(super) fn integration<'a>(name: Fields<'a>, receiver: &Receiver<'a>) -> Fields<'a> {
    let (key, fields) = match receiver {
        Receiver::Webhook(it) => ("webhook_configs", webhook(it)),
        Receiver::Email(it) => ("email_configs", email(it)),
        Receiver::Slack(it) => ("slack_configs", slack(it)),
        Receiver::PagerDuty(it) => ("pagerduty_configs", pagerduty(it)),
        Receiver::Opsgenie(it) => ("opsgenie_configs", opsgenie(it)),
        Receiver::Telegram(it) => ("telegram_configs", telegram(it)),
        Receiver::Discord(it) => ("discord_configs", discord(it)),
        Receiver::MsTeams(it) => ("msteamsv2_configs", teams(it)),
        Receiver::Pushover(it) => ("pushover_configs", pushover(it)),
        Receiver::Null(_) => return name,
    };
    name.with(key, list([Fields::new().with("send_resolved", receiver.resolved()).join(fields)]))
}

/// The file that a secret is read from.
fn file<'a>(key: SecretKey<'a>) -> Node<'a> {
    text(format!("{SECRETS}/{}/{}", key.secret.value, key.key.value), key.secret.origin)
}

fn webhook<'a>(it: &Webhook<'a>) -> Fields<'a> {
    let fields = match it.url {
        UrlSource::Plain(url) => Fields::new().with("url", url),
        UrlSource::Secret(key) => Fields::new().with("url_file", file(key)),
    };
    let token = it.token.map(|key| {
        Fields::new()
            .with("authorization", Fields::new().with("credentials_file", file(key)))
            .into_node()
    });
    fields
        .maybe("http_config", token)
        .maybe("max_alerts", (it.max_alerts.value != 0).then_some(it.max_alerts))
}

fn email<'a>(it: &Email<'a>) -> Fields<'a> {
    let to: Vec<&str> = it.to.iter().map(|to| to.value).collect();
    let origin = it.to.first().map_or(Origin::NONE, |to| to.origin);
    let subject = it.subject.map(|subject| Fields::new().with("Subject", subject));
    Fields::new()
        .with("to", text(to.join(", "), origin))
        .with("from", it.from)
        .with("smarthost", smarthost(it.server, it.port))
        .maybe("auth_username", it.user)
        .maybe("auth_password_file", it.password.map(file))
        .with("require_tls", it.tls)
        .maybe("headers", subject)
}

fn smarthost<'a>(server: Of<&'a str>, port: Of<i64>) -> Node<'a> {
    text(format!("{}:{}", server.value, port.value), server.origin)
}

fn slack<'a>(it: &Slack<'a>) -> Fields<'a> {
    Fields::new()
        .with("api_url_file", file(it.url))
        .maybe("channel", it.channel)
        .with("title", it.title)
        .with("text", it.text)
}

fn pagerduty<'a>(it: &PagerDuty<'a>) -> Fields<'a> {
    Fields::new()
        .with("routing_key_file", file(it.routing_key))
        .with("severity", it.severity)
        .maybe("description", it.title)
        .unless_empty("details", Fields::new().all(&it.details))
}

fn opsgenie<'a>(it: &Opsgenie<'a>) -> Fields<'a> {
    let team = Origin::rule("Opsgenie's word for a team");
    let responder =
        |name: &Of<&'a str>| Fields::new().with("name", *name).with("type", text("team", team));
    let tags: Vec<&str> = it.tags.iter().map(|tag| tag.value).collect();
    let first = it.tags.first().map(|tag| text(tags.join(","), tag.origin));
    Fields::new()
        .with("api_key_file", file(it.api_key))
        .maybe("api_url", it.api_url)
        .maybe("message", it.title)
        .unless_empty("responders", list(it.teams.iter().map(responder)))
        .maybe("tags", first)
        .with("priority", it.priority)
}

fn telegram<'a>(it: &Telegram<'a>) -> Fields<'a> {
    Fields::new()
        .with("bot_token_file", file(it.token))
        .with("chat_id", it.chat)
        .maybe("message_thread_id", it.topic)
        .maybe("message", it.text)
}

fn discord<'a>(it: &Discord<'a>) -> Fields<'a> {
    Fields::new()
        .with("webhook_url_file", file(it.url))
        .maybe("title", it.title)
        .maybe("message", it.text)
}

fn teams<'a>(it: &MsTeams<'a>) -> Fields<'a> {
    Fields::new()
        .with("webhook_url_file", file(it.url))
        .maybe("title", it.title)
        .maybe("text", it.text)
}

fn pushover<'a>(it: &Pushover<'a>) -> Fields<'a> {
    Fields::new()
        .with("user_key_file", file(it.user_key))
        .with("token_file", file(it.token))
        .maybe("title", it.title)
        .maybe("message", it.text)
}
