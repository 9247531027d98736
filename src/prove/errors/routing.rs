//! What is said of routings, receivers and times.

use crate::diag::{Code, Diagnostic, Level};
use crate::source::{Span, Sym};

fn warning(code: Code, title: String, at: Span, label: impl Into<String>) -> Diagnostic {
    let mut found = Diagnostic::error(code, title, at, label);
    found.level = Level::Warning;
    found
}

/// A cluster with two routings.
pub(crate) const TWO_ROUTINGS: Code = Code::new("alertmanager/two-routings");

pub(in crate::prove) fn two_routings(
    name: Sym,
    other: Sym,
    cluster: Sym,
    at: Span,
    because: Span,
) -> Diagnostic {
    let title = format!("the cluster `{cluster}` has two routings");
    Diagnostic::error(TWO_ROUTINGS, title, at, "this is one of them")
        .because(because, format!("`{other}` is the other"))
        .help(format!("say in each where it holds: `clusters = [..]`, or put what `{name}` says into `{other}` with `by environment`"))
}

/// A label that no alert has.
pub(crate) const UNKNOWN_LABEL: Code = Code::new("alertmanager/unknown-label");

pub(in crate::prove) fn unknown_label(label: Sym, near: Option<&str>, at: Span) -> Diagnostic {
    let title = format!("no alert of this program has the label `{label}`");
    let found = warning(UNKNOWN_LABEL, title, at, format!("asks for `{label}`"));
    match near {
        Some(near) => found.help(format!("did you mean `{near}`?")),
        None => found.help(format!("give it to alerts: `labels = {{ {label} = \"..\" }}`")),
    }
}

/// A value that a label never has.
pub(crate) const UNKNOWN_VALUE: Code = Code::new("alertmanager/unknown-value");

/// `matcher` is what is asked, `values` are those that alerts have.
pub(in crate::prove) fn unknown_value(
    label: Sym,
    matcher: &str,
    values: &[String],
    near: Option<&str>,
    at: Span,
) -> Diagnostic {
    let title = format!("no alert of this program has `{matcher}`");
    let found = warning(UNKNOWN_VALUE, title, at, "takes no alert");
    match near {
        Some(near) => found.help(format!("did you mean \"{near}\"?")),
        None if values.is_empty() => found,
        None => {
            let shown: Vec<String> =
                values.iter().take(8).map(|value| format!("\"{value}\"")).collect();
            let more = if values.len() > 8 { ", .." } else { "" };
            found.help(format!("`{label}` is {}{more}", shown.join(", ")))
        }
    }
}

/// A route behind one that takes all that it could.
pub(crate) const SHADOWED: Code = Code::new("alertmanager/shadowed-route");

pub(in crate::prove) fn shadowed(route: Sym, other: Sym, at: Span, because: Span) -> Diagnostic {
    let title = format!("the route `{route}` never gets an alert");
    warning(SHADOWED, title, at, "all of these are taken above")
        .because(because, format!("`{other}` takes them first"))
        .help(format!(
            "move `{route}` above `{other}`, or let `{other}` pass alerts on: `continue = true`"
        ))
}

/// A route that no alert reaches.
pub(crate) const UNREACHED: Code = Code::new("alertmanager/unreached-route");

pub(in crate::prove) fn unreached(route: Sym, at: Span) -> Diagnostic {
    let title = format!("no alert of this program reaches the route `{route}`");
    warning(UNREACHED, title, at, "no alert has all of these")
        .help("routes above it take what it asks for, or no alert has these labels together")
}

pub(in crate::prove) fn contradiction(
    route: Sym,
    label: Sym,
    at: Span,
    because: Span,
) -> Diagnostic {
    let title = format!("no alert reaches the route `{route}`");
    warning(UNREACHED, title, at, "never comes here")
        .because(because, format!("the route around it takes only this `{label}`"))
        .help("a route inside another one gets only what that one takes: move it outside")
}

/// Critical alerts of which nobody hears.
pub(crate) const NOBODY_HEARS: Code = Code::new("alertmanager/nobody-hears");

pub(in crate::prove) fn silent(alert: Sym, at: Span, because: Span) -> Diagnostic {
    let title = format!("nobody hears of the critical alert `{alert}`");
    warning(NOBODY_HEARS, title, at, "what no route takes ends here")
        .because(because, format!("`{alert}` is critical, and no route takes it"))
        .help("let the default tell somebody, and send what nobody needs to `Null {}` by a route of its own")
}

/// A label of a group that no alert has.
pub(crate) const GROUP_LABEL: Code = Code::new("alertmanager/group-label");

pub(in crate::prove) fn group_label(label: Sym, near: Option<&str>, at: Span) -> Diagnostic {
    let title = format!("no alert of this program has the label `{label}`");
    let found = warning(GROUP_LABEL, title, at, "divides nothing");
    match near {
        Some(near) => found.help(format!("did you mean `{near}`?")),
        None => found.help("alerts that all lack a label are one group: leave it out"),
    }
}

/// A label in which two sides of an inhibition do not meet.
pub(crate) const EQUAL_LABEL: Code = Code::new("alertmanager/equal-label");

pub(in crate::prove) fn equal_nowhere(label: Sym, near: Option<&str>, at: Span) -> Diagnostic {
    let title = format!("no alert on either side has the label `{label}`");
    let found = warning(EQUAL_LABEL, title, at, "is missing on both sides")
        .help("a label that both sides lack counts as equal: the inhibition reaches further than it reads");
    match near {
        Some(near) => found.help(format!("did you mean `{near}`?")),
        None => found,
    }
}

/// `lacking` is the side without the label.
pub(in crate::prove) fn equal_never(rule: Sym, label: Sym, lacking: &str, at: Span) -> Diagnostic {
    let title = format!("the inhibition `{rule}` never applies");
    warning(EQUAL_LABEL, title, at, format!("no alert of `{lacking}` has it")).help(format!(
        "both sides must agree in `{label}`, and the other side always has it: leave it out"
    ))
}

/// An inhibition whose sides are the same alerts.
pub(crate) const SELF_INHIBITION: Code = Code::new("alertmanager/self-inhibition");

pub(in crate::prove) fn mutual(rule: Sym, at: Span, because: Span) -> Diagnostic {
    let title = format!("the inhibition `{rule}` never applies");
    warning(SELF_INHIBITION, title, at, "these alerts")
        .because(because, "are the same as these")
        .help("Alertmanager lets no alert that is on both sides silence another one that is: ask for different labels")
}

/// A window that Alertmanager does not read.
pub(crate) const WINDOW: Code = Code::new("alertmanager/window");

pub(in crate::prove) fn malformed(title: String, help: &str, at: Span) -> Diagnostic {
    Diagnostic::error(WINDOW, title, at, "Alertmanager refuses it").help(help)
}

/// A window that never comes, or never goes.
pub(crate) const IDLE_WINDOW: Code = Code::new("alertmanager/idle-window");

pub(in crate::prove) fn never(window: Sym, why: &str, at: Span) -> Diagnostic {
    let title = format!("the time window `{window}` never comes");
    warning(IDLE_WINDOW, title, at, "there are no such days").help(why)
}

pub(in crate::prove) fn always(
    window: Sym,
    route: Sym,
    is_mute: bool,
    at: Span,
    because: Span,
) -> Diagnostic {
    let (title, label) = if is_mute {
        (format!("the route `{route}` is always silent"), "mutes it for good")
    } else {
        (format!("`active` says nothing for the route `{route}`"), "is always there")
    };
    warning(IDLE_WINDOW, title, at, label)
        .because(because, format!("`{window}` holds at every moment"))
        .help("say when it holds: `times`, `weekdays`, `days`, `months` or `years`")
}

/// A receiver that hears of nothing.
pub(crate) const UNUSED_RECEIVER: Code = Code::new("alertmanager/unused-receiver");

/// `is_routed` tells whether there is a routing at all.
pub(in crate::prove) fn unused(receiver: Sym, is_routed: bool, at: Span) -> Diagnostic {
    let title = format!("the receiver `{receiver}` hears of nothing");
    let found = warning(UNUSED_RECEIVER, title, at, "no route names it");
    if is_routed {
        found.help(format!("send it something: `route .. {{ when = {{ .. }}, to = {receiver} }}`"))
    } else {
        found
            .help(format!("this program has no routing: `routing main {{ default = {receiver} }}`"))
    }
}

/// A secret in a URL that is written out.
pub(crate) const SECRET_IN_URL: Code = Code::new("alertmanager/secret-in-url");

/// `what` is the secret: `a password`, `a webhook of Discord`.
pub(in crate::prove) fn secret_in_url(what: &str, at: Span) -> Diagnostic {
    let title = "a secret would stand readable in the output".to_owned();
    Diagnostic::error(SECRET_IN_URL, title, at, format!("this is {what}"))
        .help("put the URL into a Secret beside Alertmanager, and name it: `url = { secret = \"..\", key = \"url\" }`")
        .help("who could read this file knows it: make a new one")
}

/// A label that a receiver's text reads, and that is always empty.
pub(crate) const TEMPLATE_LABEL: Code = Code::new("alertmanager/template-label");

/// `is_group` tells whether it is one by which no route groups, and not one that no alert has.
pub(in crate::prove) fn template_label(
    label: &str,
    is_group: bool,
    near: Option<&str>,
    at: Span,
) -> Diagnostic {
    let title = if is_group {
        format!("no route to this receiver groups by `{label}`: nothing is printed here")
    } else {
        format!("no alert of this program has the label `{label}`: nothing is printed here")
    };
    let found = warning(TEMPLATE_LABEL, title, at, "always empty");
    match near {
        Some(near) => found.help(format!("did you mean `{near}`?")),
        None if is_group => found.help(format!(
            "`GroupLabels` holds what `group-by` names: add `{label}` there, or read `.CommonLabels.{label}`"
        )),
        None => found.help(format!("give it to alerts: `labels = {{ {label} = \"..\" }}`")),
    }
}
