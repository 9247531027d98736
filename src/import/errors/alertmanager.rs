//! What is said of configurations of Alertmanager.

use crate::argocd::PLAIN_SECRET;
use crate::diag::{Code, Diagnostic, Level};
use crate::prove::errors::routing::{
    EQUAL_LABEL, GROUP_LABEL, SECRET_IN_URL, SHADOWED, UNKNOWN_LABEL, UNKNOWN_VALUE,
    UNUSED_RECEIVER,
};
use crate::source::Span;

/// What follows from anything that Alertmanager does not read.
const REFUSED: &str = "Alertmanager refuses the whole configuration, and keeps what it had before";

/// What Alertmanager does not read.
pub(crate) const FIELD: Code = Code::new("alertmanager/field");

pub(in crate::import) fn unknown_field(
    of: &str,
    name: &str,
    near: Option<&str>,
    known: &[&str],
    at: Span,
) -> Diagnostic {
    let title = format!("{of} has no field `{name}`");
    let found = Diagnostic::error(FIELD, title, at, "unknown field").help(REFUSED);
    match near {
        Some(near) => found.fix(format!("replace with `{near}`"), at, near, false),
        None if known.len() <= 16 => found.help(format!("its fields: {}", known.join(", "))),
        None => found,
    }
}

pub(in crate::import) fn wrong_shape(of: &str, wanted: &str, at: Span) -> Diagnostic {
    Diagnostic::error(FIELD, format!("{of} is not {wanted}"), at, format!("not {wanted}"))
        .help(REFUSED)
}

pub(in crate::import) fn no_duration(field: &str, text: &str, at: Span) -> Diagnostic {
    Diagnostic::error(
        FIELD,
        format!("`{field}` is `{text}`, which is no duration"),
        at,
        "not `30s`, `5m`, `4h`",
    )
    .help(REFUSED)
}

pub(in crate::import) fn zero(field: &str, at: Span) -> Diagnostic {
    Diagnostic::error(FIELD, format!("`{field}` is zero"), at, "must be longer").help(REFUSED)
}

pub(in crate::import) fn malformed(text: &str, at: Span) -> Diagnostic {
    Diagnostic::error(FIELD, format!("`{text}` is no matcher"), at, "cannot be read")
        .help("a label, one of = != =~ !~, and a value: `severity=\"critical\"`")
        .help(REFUSED)
}

pub(in crate::import) fn root_matchers(at: Span) -> Diagnostic {
    Diagnostic::error(FIELD, "the outermost route asks for labels", at, "must take every alert")
        .help("put it into a route below `routes`")
        .help(REFUSED)
}

pub(in crate::import) fn no_receiver(at: Span) -> Diagnostic {
    Diagnostic::error(FIELD, "the outermost route has no `receiver`", at, "tells nobody")
        .help("what no route below it takes goes there")
        .help(REFUSED)
}

pub(in crate::import) fn receiver_twice(name: &str, at: Span, first: Span) -> Diagnostic {
    Diagnostic::error(FIELD, format!("two receivers `{name}`"), at, "the same name")
        .because(first, "the first")
        .help(REFUSED)
}

/// A name that nothing has.
pub(crate) const UNKNOWN_RECEIVER: Code = Code::new("alertmanager/unknown-receiver");

pub(in crate::import) fn unknown_receiver(
    name: &str,
    near: Option<&str>,
    known: &[&str],
    at: Span,
) -> Diagnostic {
    let title = format!("there is no receiver `{name}`");
    let found = Diagnostic::error(UNKNOWN_RECEIVER, title, at, "no such receiver").help(REFUSED);
    match near {
        Some(near) => found.fix(format!("replace with `{near}`"), at, near, false),
        None if known.is_empty() => found,
        None => found.help(format!("there are {}", known.join(", "))),
    }
}

/// The chart's own configuration names a receiver that the values take away. `has_receiver` tells that only its route stays.
pub(in crate::import) fn chart_receiver(has_receiver: bool, at: Span) -> Diagnostic {
    let title = "the chart's route names the receiver `null`, which this list takes away";
    let what = if has_receiver { "`routes`" } else { "`receiver`" };
    Diagnostic::error(UNKNOWN_RECEIVER, title, at, "no `null` in it")
        .help(format!("the values do not say {what}, so that the chart's own stays: name it, or add `- name: \"null\"` here"))
        .help(REFUSED)
}

pub(in crate::import) fn unknown_interval(name: &str, near: Option<&str>, at: Span) -> Diagnostic {
    let title = format!("there is no time interval `{name}`");
    let found = Diagnostic::error(FIELD, title, at, "no such interval").help(REFUSED);
    match near {
        Some(near) => found.fix(format!("replace with `{near}`"), at, near, false),
        None => found.help("they are declared in `time_intervals`"),
    }
}

/// The old form of matchers.
pub(crate) const DEPRECATED: Code = Code::new("alertmanager/deprecated");

/// `texts` are what the old form asks, as matchers.
pub(in crate::import) fn deprecated(
    field: &str,
    new: &str,
    texts: &[String],
    at: Span,
) -> Diagnostic {
    let title = format!("`{field}` is the old form, which a later Alertmanager will not read");
    let found = Diagnostic::warning(DEPRECATED, title, at, "deprecated since 0.22");
    let all: Vec<String> = texts.iter().map(|it| format!("'{it}'")).collect();
    found.help(format!("write `{new}: [{}]`", all.join(", ")))
}

/// Times that come to something else than they say.
pub(crate) const INTERVALS: Code = Code::new("alertmanager/intervals");

pub(in crate::import) fn repeats_late(at: Span, group: Span) -> Diagnostic {
    let title = "what still fires is repeated more rarely than it says";
    Diagnostic::warning(INTERVALS, title, at, "shorter than the group's interval")
        .because(group, "a group is looked at this often")
        .help("`repeat_interval` holds only at the moments at which a group is looked at: make it a multiple of `group_interval`")
}

pub(in crate::import) fn short_group_interval(text: &str, at: Span) -> Diagnostic {
    let title = format!("a group that changes sends a message every {text}");
    let mut found = Diagnostic::warning(INTERVALS, title, at, "the default is 5m");
    found.level = Level::Hint;
    found.help("during an outage alerts join and leave a group all the time, and each time all of it is sent again; rules are evaluated no more often than every 30s by default")
}

/// Alerts that end nowhere, or where they should not.
pub(crate) const WATCHDOG: Code = Code::new("alertmanager/watchdog");

pub(in crate::import) fn watchdog(receiver: &str, repeat: Option<&str>, at: Span) -> Diagnostic {
    let often = repeat.map_or_else(String::new, |it| format!(", again every {it}"));
    let title =
        format!("the chart's `Watchdog`, which always fires, is sent to `{receiver}`{often}");
    Diagnostic::warning(WATCHDOG, title, at, "no route takes it before")
        .help("the routes here replace those of the chart, which keep it away from people: let a first route with `matchers: ['alertname=\"Watchdog\"']` send it to a dead man's switch, or to a receiver without any `.._configs`")
}

/// Receivers that cannot tell anybody apart.
pub(crate) const ADDRESS: Code = Code::new("alertmanager/address");

pub(in crate::import) fn same_address(names: &[&str], places: &[Span]) -> Option<Diagnostic> {
    let (first, rest) = places.split_first()?;
    let shown: Vec<String> = names.iter().take(4).map(|name| format!("`{name}`")).collect();
    let title = format!("{} tell one address", shown.join(", "));
    let mut found = Diagnostic::warning(ADDRESS, title, *first, "this one");
    found.level = Level::Hint;
    let found = rest.iter().take(3).fold(found, |found, at| found.because(*at, "the same"));
    Some(
        found.help(
            "routes between them decide nothing, unless what listens there looks at `receiver`",
        ),
    )
}

pub(in crate::import) fn own_address(places: &[Span]) -> Option<Diagnostic> {
    let (first, rest) = places.split_first()?;
    let title = match places.len() {
        1 => "a receiver tells Alertmanager's own pod".to_owned(),
        many => format!("{many} receivers tell Alertmanager's own pod"),
    };
    let found = Diagnostic::warning(ADDRESS, title, *first, "this pod, not the node");
    let found = rest.iter().take(3).fold(found, |found, at| found.because(*at, "and this"));
    Some(found.help("nothing listens there but what was put into the pod (`alertmanagerSpec.containers`): name a Service"))
}

pub(in crate::import) fn unused_receiver(name: &str, at: Span) -> Diagnostic {
    let title = format!("the receiver `{name}` hears of nothing");
    Diagnostic::warning(UNUSED_RECEIVER, title, at, "no route names it")
}

pub(in crate::import) fn shadowed(route: &str, first: &str, at: Span, because: Span) -> Diagnostic {
    let title = format!("{route} never gets an alert");
    Diagnostic::warning(SHADOWED, title, at, "all of these are taken above")
        .because(because, format!("{first} takes them first"))
        .help("change their order, or let the first one pass alerts on: `continue: true`")
}

pub(in crate::import) fn unknown_label(label: &str, near: &str, at: Span) -> Diagnostic {
    let title = format!("no alert of these files has the label `{label}`");
    Diagnostic::warning(UNKNOWN_LABEL, title, at, format!("asks for `{label}`"))
        .help(format!("did you mean `{near}`?"))
}

/// `values` are those that alerts have.
pub(in crate::import) fn unknown_value(
    label: &str,
    matcher: &str,
    values: &[&str],
    near: Option<&str>,
    at: Span,
) -> Diagnostic {
    let title = format!("no alert of these files has `{matcher}`");
    let found = Diagnostic::warning(UNKNOWN_VALUE, title, at, "takes no alert");
    match near {
        Some(near) => found.help(format!("did you mean \"{near}\"?")),
        None if values.is_empty() => found,
        None => found.help(format!("`{label}` is {}", values.join(", "))),
    }
}

pub(in crate::import) fn group_label(label: &str, near: &str, at: Span) -> Diagnostic {
    let title = format!("no alert of these files has the label `{label}`");
    Diagnostic::warning(GROUP_LABEL, title, at, "divides nothing")
        .help(format!("did you mean `{near}`?"))
}

pub(in crate::import) fn equal_nowhere(label: &str, near: &str, at: Span) -> Diagnostic {
    let title = format!("no alert on either side has the label `{label}`");
    Diagnostic::warning(EQUAL_LABEL, title, at, "is missing on both sides")
        .help("a label that both sides lack counts as equal: the inhibition reaches further than it reads")
        .help(format!("did you mean `{near}`?"))
}

/// `lacking` is the side without the label.
pub(in crate::import) fn equal_never(label: &str, lacking: &str, at: Span) -> Diagnostic {
    let title =
        format!("no alert of the {lacking} has `{label}`, and the other side always has it");
    Diagnostic::warning(EQUAL_LABEL, title, at, "never equal")
        .help("the inhibition never applies: leave the label out")
}

/// `what` is the secret: `a password`, `a webhook of Discord`.
pub(in crate::import) fn secret_in_url(what: &str, at: Span) -> Diagnostic {
    let title = "a secret stands readable in this file";
    Diagnostic::warning(SECRET_IN_URL, title, at, format!("this is {what}"))
        .help("`url_file` reads it from a Secret that is mounted (`alertmanagerSpec.secrets`); who could read this file knows it: make a new one")
}

/// A secret that is written out.
pub(in crate::import) fn plain_secret(field: &str, at: Span) -> Diagnostic {
    let title = "a secret stands readable in this file";
    let found = Diagnostic::warning(PLAIN_SECRET, title, at, format!("the value of `{field}`"));
    let found = match field {
        "adminPassword" => found.help("`admin.existingSecret` names a Secret that holds it"),
        "webhook_url" | "api_url" | "slack_api_url" | "mattermost_webhook_url" => {
            found.help(format!("such a URL is a secret: `{field}_file` reads it from a Secret that is mounted (`alertmanagerSpec.secrets`)"))
        }
        _ => found.help(format!("`{field}_file` reads it from a Secret that is mounted (`alertmanagerSpec.secrets`)")),
    };
    found.help("who could read this file knows it: make a new one")
}
