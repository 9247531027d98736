//! The fields of a configuration, as Alertmanager 0.34 reads them (config/config.go, config/notifiers.go and notify/*/config.go in
//! github.com/prometheus/alertmanager). It refuses a file with any other field.

use crate::diag::{Diagnostic, nearest};
use crate::embedded::span_seconds;
use crate::import::doc::Node;
use crate::import::errors::alertmanager as errors;

/// A map: its name in messages, and its fields. A field's mark tells what it holds: `=map`, `=[map` for a list of maps, `!` for a secret,
/// `@` for a URL that is one, `~` for a span of time.
struct Shape {
    name: &'static str,
    title: &'static str,
    fields: &'static str,
    /// Whether further fields are passed over: newer releases have more ways to sign in.
    is_open: bool,
}

const fn shape(name: &'static str, title: &'static str, fields: &'static str) -> Shape {
    Shape { name, title, fields, is_open: false }
}

const fn open(name: &'static str, title: &'static str, fields: &'static str) -> Shape {
    Shape { name, title, fields, is_open: true }
}

const SHAPES: [Shape; 32] = [
    shape(
        "config",
        "the configuration",
        "global=global route=route inhibit_rules=[inhibit receivers=[receiver templates \
         mute_time_intervals=[window time_intervals=[window tracing event_recorder",
    ),
    shape(
        "global",
        "`global`",
        "resolve_timeout~ http_config=http jira_api_url smtp_from smtp_hello smtp_smarthost smtp_auth_username smtp_auth_password! \
         smtp_auth_password_file smtp_auth_secret! smtp_auth_secret_file smtp_auth_identity smtp_require_tls smtp_tls_config=tls \
         smtp_force_implicit_tls slack_api_url@ slack_api_url_file slack_app_token! slack_app_token_file slack_app_url pagerduty_url \
         opsgenie_api_url opsgenie_api_key! opsgenie_api_key_file wechat_api_url wechat_api_secret! wechat_api_secret_file \
         wechat_api_corp_id victorops_api_url victorops_api_key! victorops_api_key_file telegram_api_url telegram_bot_token! \
         telegram_bot_token_file webex_api_url rocketchat_api_url rocketchat_token! rocketchat_token_file rocketchat_token_id! \
         rocketchat_token_id_file mattermost_webhook_url@ mattermost_webhook_url_file",
    ),
    shape(
        "route",
        "a route",
        "receiver group_by match match_re matchers mute_time_intervals active_time_intervals continue routes=[route group_wait~ \
         group_interval~ repeat_interval~ labels",
    ),
    shape(
        "inhibit",
        "an inhibition",
        "name source_match source_match_re source_matchers target_match target_match_re target_matchers equal",
    ),
    shape("window", "a time interval", "name time_intervals=[times"),
    shape("times", "a time interval", "times=[clock weekdays days_of_month months years location"),
    shape("clock", "a range of times", "start_time end_time"),
    shape(
        "receiver",
        "a receiver",
        "name labels discord_configs=[discord email_configs=[email incidentio_configs=[incidentio pagerduty_configs=[pagerduty \
         slack_configs=[slack webhook_configs=[webhook opsgenie_configs=[opsgenie wechat_configs=[wechat pushover_configs=[pushover \
         victorops_configs=[victorops sns_configs=[sns telegram_configs=[telegram webex_configs=[webex msteams_configs=[msteams \
         msteamsv2_configs=[msteamsv2 jira_configs=[jira rocketchat_configs=[rocketchat mattermost_configs=[mattermost",
    ),
    shape(
        "webhook",
        "`webhook_configs`",
        "send_resolved http_config=http url url_file max_alerts timeout~ payload",
    ),
    shape(
        "email",
        "`email_configs`",
        "send_resolved to from hello smarthost auth_username auth_password! auth_password_file auth_secret! auth_secret_file \
         auth_identity headers html text require_tls tls_config=tls force_implicit_tls threading",
    ),
    shape(
        "slack",
        "`slack_configs`",
        "send_resolved http_config=http api_url@ api_url_file app_token! app_token_file app_url channel username color title title_link \
         pretext text message_text fields short_fields footer fallback callback_id icon_emoji icon_url image_url thumb_url link_names \
         mrkdwn_in actions update_message timeout~",
    ),
    shape(
        "pagerduty",
        "`pagerduty_configs`",
        "send_resolved http_config=http service_key! service_key_file routing_key! routing_key_file url client client_url description \
         details images links source severity class component group timeout~",
    ),
    shape(
        "opsgenie",
        "`opsgenie_configs`",
        "send_resolved http_config=http api_key! api_key_file api_url message description source details entity responders actions tags \
         note priority update_alerts",
    ),
    shape(
        "telegram",
        "`telegram_configs`",
        "send_resolved http_config=http api_url bot_token! bot_token_file chat_id chat_id_file message_thread_id message \
         disable_notifications parse_mode",
    ),
    shape(
        "discord",
        "`discord_configs`",
        "send_resolved http_config=http webhook_url@ webhook_url_file content title message username avatar_url",
    ),
    shape(
        "msteams",
        "`msteams_configs`",
        "send_resolved http_config=http webhook_url@ webhook_url_file title summary text",
    ),
    shape(
        "msteamsv2",
        "`msteamsv2_configs`",
        "send_resolved http_config=http webhook_url@ webhook_url_file title text",
    ),
    shape(
        "pushover",
        "`pushover_configs`",
        "send_resolved http_config=http user_key! user_key_file token! token_file title message url url_title device sound priority \
         retry~ expire~ ttl~ html monospace",
    ),
    shape(
        "victorops",
        "`victorops_configs`",
        "send_resolved http_config=http api_key! api_key_file api_url routing_key message_type state_message entity_display_name \
         monitoring_tool custom_fields",
    ),
    shape(
        "wechat",
        "`wechat_configs`",
        "send_resolved http_config=http api_secret! api_secret_file corp_id message api_url to_user to_party to_tag agent_id \
         message_type",
    ),
    shape(
        "sns",
        "`sns_configs`",
        "send_resolved http_config=http api_url sigv4=sigv4 topic_arn phone_number target_arn subject message attributes \
         use_aws_http_client",
    ),
    shape("webex", "`webex_configs`", "send_resolved http_config=http api_url message room_id"),
    shape(
        "jira",
        "`jira_configs`",
        "send_resolved http_config=http api_url api_type project summary description labels priority issue_type reopen_transition \
         resolve_transition wont_fix_resolution reopen_duration~ fields custom_fields",
    ),
    shape(
        "rocketchat",
        "`rocketchat_configs`",
        "send_resolved http_config=http api_url token_id! token_id_file token! token_file channel color title title_link text fields \
         short_fields emoji icon_url image_url thumb_url link_names actions",
    ),
    shape(
        "mattermost",
        "`mattermost_configs`",
        "send_resolved http_config=http webhook_url@ webhook_url_file channel username text fallback color pretext author_name \
         author_link author_icon title title_link fields thumb_url footer footer_icon image_url icon_url icon_emoji attachments type \
         props priority",
    ),
    shape(
        "incidentio",
        "`incidentio_configs`",
        "send_resolved http_config=http url url_file alert_source_token! alert_source_token_file max_alerts timeout~",
    ),
    open(
        "http",
        "`http_config`",
        "basic_auth=basic authorization=authorization oauth2=oauth2 bearer_token! tls_config=tls",
    ),
    open("basic", "`basic_auth`", "username password! password_file"),
    open("authorization", "`authorization`", "type credentials! credentials_file"),
    open("oauth2", "`oauth2`", "client_id client_secret! client_secret_file tls_config=tls"),
    open("tls", "`tls_config`", "key!"),
    open("sigv4", "`sigv4`", "access_key secret_key!"),
];

/// What a field holds.
enum Holds {
    Anything,
    Secret,
    SecretUrl,
    Span,
    Map(&'static str),
    Maps(&'static str),
}

fn field(word: &'static str) -> (&'static str, Holds) {
    if let Some((name, shape)) = word.split_once('=') {
        return match shape.strip_prefix('[') {
            Some(shape) => (name, Holds::Maps(shape)),
            None => (name, Holds::Map(shape)),
        };
    }
    let mark = |mark: char| word.strip_suffix(mark);
    match (mark('!'), mark('@'), mark('~')) {
        (Some(name), ..) => (name, Holds::Secret),
        (_, Some(name), _) => (name, Holds::SecretUrl),
        (.., Some(name)) => (name, Holds::Span),
        _ => (word, Holds::Anything),
    }
}

/// What was found in a configuration beside what is wrong with it.
#[derive(Default)]
pub(super) struct Read {
    /// Secrets that are written out: the field, and its value.
    pub(super) secrets: Vec<(String, Node)>,
    /// Whether Alertmanager refuses the file.
    pub(super) is_refused: bool,
}

/// Every field that there is not, and everything that has another form.
pub(super) fn fields(root: &Node, out: &mut Vec<Diagnostic>) -> Read {
    let mut read = Read::default();
    let before = out.len();
    map("config", root, &mut read, out, 0);
    read.is_refused = out.len() > before;
    read
}

fn map(name: &str, node: &Node, read: &mut Read, out: &mut Vec<Diagnostic>, depth: usize) {
    let Some(shape) = SHAPES.iter().find(|it| it.name == name).filter(|_| depth < 64) else {
        return;
    };
    if node.is_null() {
        return;
    }
    let Some(fields) = node.fields() else {
        out.push(errors::wrong_shape(shape.title, "a map", node.span()));
        return;
    };
    let known: Vec<(&str, Holds)> = shape.fields.split_whitespace().map(field).collect();
    for (name, key, value) in fields {
        let Some((_, holds)) = known.iter().find(|(known, _)| *known == name) else {
            if !shape.is_open {
                let names: Vec<&str> = known.iter().map(|it| it.0).collect();
                let near = nearest(&name, names.iter().copied());
                out.push(errors::unknown_field(shape.title, &name, near, &names, key.span()));
            }
            continue;
        };
        match holds {
            Holds::Anything => {}
            Holds::Secret | Holds::SecretUrl => {
                let text = value.text().unwrap_or_default();
                if is_written_out(text) && (matches!(holds, Holds::Secret) || text.contains("://"))
                {
                    read.secrets.push((name, value));
                }
            }
            Holds::Span => {
                let text = value.text().unwrap_or_default();
                if span_seconds(text).is_none() && !text.contains("{{") {
                    out.push(errors::no_duration(&name, text, value.span()));
                }
            }
            Holds::Map(shape) => map(shape, &value, read, out, depth + 1),
            Holds::Maps(shape) => match value.items() {
                Some(items) => {
                    for item in items {
                        map(shape, &item, read, out, depth + 1);
                    }
                }
                None if value.is_null() => {}
                None => {
                    out.push(errors::wrong_shape(&format!("`{name}`"), "a list", value.span()));
                }
            },
        }
    }
}

/// Whether a text is a secret itself, and nothing that something else fills in.
pub(in crate::import) fn is_written_out(text: &str) -> bool {
    let is_filled = text.starts_with(['<', '$', '%']) || text.contains("{{") || text.contains("${");
    !text.is_empty() && !is_filled
}

#[cfg(test)]
mod tests {
    use super::{Holds, SHAPES, field};

    #[test]
    fn every_map_that_a_field_holds_is_there() {
        for shape in &SHAPES {
            for word in shape.fields.split_whitespace() {
                if let (name, Holds::Map(of) | Holds::Maps(of)) = field(word) {
                    assert!(SHAPES.iter().any(|it| it.name == of), "{name} holds {of}");
                }
            }
        }
    }
}
