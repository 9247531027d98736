//! Who hears of alerts.

use super::lift::{Lift, Reader};
use super::{Map, Of, Ref, SecretKey};
use crate::eval::{Origin, Value};

macro_rules! receivers {
    ($($(#[$doc:meta])* $member:ident $(<$life:lifetime>)?;)*) => {
        /// `kind Receiver`.
        #[derive(Clone, PartialEq, Debug)]
        pub enum Receiver<'a> {
            $($(#[$doc])* $member($member $(<$life>)?),)*
        }

        impl Receiver<'_> {
            /// The name of its schema.
            pub const fn schema(&self) -> &'static str {
                match self { $(Self::$member(_) => stringify!($member),)* }
            }

            /// Whether it hears of the end of an alert.
            pub const fn resolved(&self) -> Of<bool> {
                match self { $(Self::$member(it) => it.resolved,)* }
            }
        }

        impl<'a> Lift<'a> for Receiver<'a> {
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
receivers! {
    /// A request.
    Webhook<'a>;
    /// Mail.
    Email<'a>;
    /// A channel of Slack.
    Slack<'a>;
    /// An incident of PagerDuty.
    PagerDuty<'a>;
    /// An alert of Opsgenie.
    Opsgenie<'a>;
    /// A message of a Telegram bot.
    Telegram<'a>;
    /// A channel of Discord.
    Discord<'a>;
    /// A channel of Microsoft Teams.
    MsTeams<'a>;
    /// A phone.
    Pushover<'a>;
    /// Nobody.
    Null;
}

impl<'a> Receiver<'a> {
    /// The keys of Secrets that it reads.
    pub fn secrets(&self) -> Vec<SecretKey<'a>> {
        let keys: Vec<Option<SecretKey<'a>>> = match self {
            Self::Webhook(it) => {
                let url = match it.url {
                    UrlSource::Secret(key) => Some(key),
                    UrlSource::Plain(_) => None,
                };
                vec![url, it.token]
            }
            Self::Email(it) => vec![it.password],
            Self::Slack(it) => vec![Some(it.url)],
            Self::PagerDuty(it) => vec![Some(it.routing_key)],
            Self::Opsgenie(it) => vec![Some(it.api_key)],
            Self::Telegram(it) => vec![Some(it.token)],
            Self::Discord(it) => vec![Some(it.url)],
            Self::MsTeams(it) => vec![Some(it.url)],
            Self::Pushover(it) => vec![Some(it.user_key), Some(it.token)],
            Self::Null(_) => Vec::new(),
        };
        keys.into_iter().flatten().collect()
    }
}

/// `Url | KeyOfSecret`.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum UrlSource<'a> {
    /// As it is.
    Plain(Of<&'a str>),
    /// In a Secret.
    Secret(SecretKey<'a>),
}

impl<'a> Lift<'a> for UrlSource<'a> {
    fn lift(reader: &Reader<'a>, value: Value, origin: Origin) -> Option<Self> {
        if let Value::Record(_) = value {
            return Some(Self::Secret(Lift::lift(reader, value, origin)?));
        }
        Some(Self::Plain(Lift::lift(reader, value, origin)?))
    }
}

/// `schema Webhook`.
#[derive(Clone, PartialEq, Debug)]
pub struct Webhook<'a> {
    /// The clusters where it exists.
    pub clusters: Vec<Of<Ref>>,
    /// Whether it hears of the end of an alert.
    pub resolved: Of<bool>,
    /// Where requests go.
    pub url: UrlSource<'a>,
    /// A token.
    pub token: Option<SecretKey<'a>>,
    /// The most alerts of one request; 0 is all.
    pub max_alerts: Of<i64>,
}

/// `schema Email`.
#[derive(Clone, PartialEq, Debug)]
pub struct Email<'a> {
    /// The clusters where it exists.
    pub clusters: Vec<Of<Ref>>,
    /// Whether it hears of the end of an alert.
    pub resolved: Of<bool>,
    /// Who gets it; at least one.
    pub to: Vec<Of<&'a str>>,
    /// Who sends it.
    pub from: Of<&'a str>,
    /// The mail server.
    pub server: Of<&'a str>,
    /// Its port.
    pub port: Of<i64>,
    /// The user to log in as.
    pub user: Option<Of<&'a str>>,
    /// The password.
    pub password: Option<SecretKey<'a>>,
    /// Whether TLS is asked for.
    pub tls: Of<bool>,
    /// The subject.
    pub subject: Option<Of<&'a str>>,
}

/// `schema Slack`.
#[derive(Clone, PartialEq, Debug)]
pub struct Slack<'a> {
    /// The clusters where it exists.
    pub clusters: Vec<Of<Ref>>,
    /// Whether it hears of the end of an alert.
    pub resolved: Of<bool>,
    /// The webhook.
    pub url: SecretKey<'a>,
    /// The channel.
    pub channel: Option<Of<&'a str>>,
    /// The title.
    pub title: Of<&'a str>,
    /// The text.
    pub text: Of<&'a str>,
}

/// `schema PagerDuty`.
#[derive(Clone, PartialEq, Debug)]
pub struct PagerDuty<'a> {
    /// The clusters where it exists.
    pub clusters: Vec<Of<Ref>>,
    /// Whether it hears of the end of an alert.
    pub resolved: Of<bool>,
    /// The integration key.
    pub routing_key: SecretKey<'a>,
    /// The severity.
    pub severity: Of<&'a str>,
    /// The title.
    pub title: Option<Of<&'a str>>,
    /// Further details.
    pub details: Map<Of<&'a str>>,
}

/// `schema Opsgenie`.
#[derive(Clone, PartialEq, Debug)]
pub struct Opsgenie<'a> {
    /// The clusters where it exists.
    pub clusters: Vec<Of<Ref>>,
    /// Whether it hears of the end of an alert.
    pub resolved: Of<bool>,
    /// The key of the API.
    pub api_key: SecretKey<'a>,
    /// The API.
    pub api_url: Option<Of<&'a str>>,
    /// The teams that are told.
    pub teams: Vec<Of<&'a str>>,
    /// The priority.
    pub priority: Of<&'a str>,
    /// Tags.
    pub tags: Vec<Of<&'a str>>,
    /// The title.
    pub title: Option<Of<&'a str>>,
}

/// `schema Telegram`.
#[derive(Clone, PartialEq, Debug)]
pub struct Telegram<'a> {
    /// The clusters where it exists.
    pub clusters: Vec<Of<Ref>>,
    /// Whether it hears of the end of an alert.
    pub resolved: Of<bool>,
    /// The bot's token.
    pub token: SecretKey<'a>,
    /// The chat's number.
    pub chat: Of<i64>,
    /// The topic's number.
    pub topic: Option<Of<i64>>,
    /// The message.
    pub text: Option<Of<&'a str>>,
}

/// `schema Discord`.
#[derive(Clone, PartialEq, Debug)]
pub struct Discord<'a> {
    /// The clusters where it exists.
    pub clusters: Vec<Of<Ref>>,
    /// Whether it hears of the end of an alert.
    pub resolved: Of<bool>,
    /// The webhook.
    pub url: SecretKey<'a>,
    /// The title.
    pub title: Option<Of<&'a str>>,
    /// The text.
    pub text: Option<Of<&'a str>>,
}

/// `schema MsTeams`.
#[derive(Clone, PartialEq, Debug)]
pub struct MsTeams<'a> {
    /// The clusters where it exists.
    pub clusters: Vec<Of<Ref>>,
    /// Whether it hears of the end of an alert.
    pub resolved: Of<bool>,
    /// The workflow.
    pub url: SecretKey<'a>,
    /// The title.
    pub title: Option<Of<&'a str>>,
    /// The text.
    pub text: Option<Of<&'a str>>,
}

/// `schema Pushover`.
#[derive(Clone, PartialEq, Debug)]
pub struct Pushover<'a> {
    /// The clusters where it exists.
    pub clusters: Vec<Of<Ref>>,
    /// Whether it hears of the end of an alert.
    pub resolved: Of<bool>,
    /// The key of the user or group.
    pub user_key: SecretKey<'a>,
    /// The token of the application.
    pub token: SecretKey<'a>,
    /// The title.
    pub title: Option<Of<&'a str>>,
    /// The text.
    pub text: Option<Of<&'a str>>,
}

/// `schema Null`.
#[derive(Clone, PartialEq, Debug)]
pub struct Null {
    /// The clusters where it exists.
    pub clusters: Vec<Of<Ref>>,
    /// Whether it hears of the end of an alert.
    pub resolved: Of<bool>,
}
