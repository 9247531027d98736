//! What is said of variables.

use super::{Unfitting, listed, nearly};
use crate::backend::classes::schema::Misfit;
use crate::diag::{Code, Diagnostic};
use crate::source::Span;

/// A variable that no patch reads.
pub(super) const UNUSED: Code = Code::new("cluster/variable-unused");

/// A variable that no patch reads.
pub(in crate::backend::classes) fn unused(name: &str, class: &str, span: Span) -> Diagnostic {
    Diagnostic::warning(
        UNUSED,
        format!("no patch of `{class}` reads the variable `{name}`"),
        span,
        "changes nothing",
    )
    .help("Clusters may set it, and nothing happens: use it in a patch, or leave it out")
}

/// A variable that is not declared.
pub(super) const UNKNOWN: Code = Code::new("cluster/variable-unknown");

/// A name that is not there.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(in crate::backend::classes) struct Lost {
    pub(in crate::backend::classes) name: String,
    pub(in crate::backend::classes) known: Vec<String>,
    pub(in crate::backend::classes) near: Option<String>,
    /// The variable that has no such field; none for a variable itself.
    pub(in crate::backend::classes) of: Option<String>,
    pub(in crate::backend::classes) class: String,
    pub(in crate::backend::classes) is_template: bool,
}

/// A variable that a class does not declare, or a field that a variable does not have.
pub(in crate::backend::classes) fn unknown_variable(lost: &Lost, span: Span) -> Diagnostic {
    let Lost { name, known, near, of, class, is_template } = lost;
    let (title, label) = match of {
        None => (format!("the ClusterClass `{class}` has no variable `{name}`"), "not declared"),
        Some(of) => (format!("the variable `{of}` of `{class}` has no `{name}`"), "no such field"),
    };
    let found = Diagnostic::error(UNKNOWN, title, span, label);
    let found = match (known.is_empty(), of) {
        (false, _) => found.help(format!("it has {}", listed(known))),
        (true, None) => found.help("it declares no variables"),
        (true, Some(_)) => found,
    };
    let found = nearly(found, span, name, near.as_deref());
    if *is_template && of.is_none() {
        found.help("a template prints `<no value>` for what is not there")
    } else {
        found
    }
}

/// A builtin variable that does not exist.
pub(in crate::backend::classes) fn unknown_builtin(
    name: &str,
    near: Option<&str>,
    is_template: bool,
    span: Span,
) -> Diagnostic {
    let found = Diagnostic::error(
        UNKNOWN,
        format!("there is no builtin variable `{name}`"),
        span,
        "no such variable",
    );
    let dot = if is_template { "." } else { "" };
    let near = near.map(|near| format!("{dot}{near}"));
    nearly(found, span, &format!("{dot}{name}"), near.as_deref()).help(
        "builtin variables are `builtin.cluster`, `builtin.controlPlane`, `builtin.machineDeployment` and `builtin.machinePool`, and what they hold",
    )
}

/// A path that is no path into a variable.
pub(in crate::backend::classes) fn malformed_variable(name: &str, span: Span) -> Diagnostic {
    Diagnostic::error(
        UNKNOWN,
        format!("`{name}` is no path into a variable"),
        span,
        "cannot be read",
    )
    .help("a path has names and numbers: `endpoint.host`, `subnets[0].cidr`")
}

/// A name that no variable may have.
pub(super) const NAME: Code = Code::new("cluster/variable-name");

/// `builtin`, or a name with a dot.
pub(in crate::backend::classes) fn variable_name(name: &str, span: Span) -> Diagnostic {
    let label = if name == "builtin" { "Cluster API's own" } else { "no name of a variable" };
    let found = Diagnostic::error(NAME, format!("a variable is called `{name}`"), span, label);
    if name == "builtin" {
        found.help("`builtin` holds the variables that every class has")
    } else {
        found.help("a dot leads into a variable: use letters and digits, as `workerMachineType`")
    }
}

/// A variable whose type is not that of the field.
pub(super) const TYPE: Code = Code::new("cluster/variable-type");
/// A variable that takes what the field refuses.
pub(super) const LOOSER: Code = Code::new("cluster/variable-looser");

/// A variable into a field that does not take it, or not all of it.
pub(in crate::backend::classes) fn type_misfit(
    variable: &str,
    path: &str,
    misfit: &Misfit,
    is_wrong: bool,
    span: Span,
) -> Diagnostic {
    let Misfit { path: inner, found, wanted } = misfit;
    let dot = if inner.is_empty() || inner.starts_with(['[', '.']) { "" } else { "." };
    let whole = format!("{variable}{dot}{inner}");
    if is_wrong {
        Diagnostic::error(
            TYPE,
            format!("`{whole}` holds {found}, and `{path}` takes {wanted}"),
            span,
            "not what the field takes",
        )
    } else {
        Diagnostic::warning(
            LOOSER,
            format!("`{whole}` may be {found}, and `{path}` takes {wanted}"),
            span,
            "more than the field takes",
        )
        .help("what the schema does not refuse fails later, when the topology is reconciled")
    }
}

/// A variable that may have no value where one is needed.
pub(super) const UNSET: Code = Code::new("cluster/variable-unset");

/// A variable that a Cluster may leave out, and a patch that cannot do without.
pub(in crate::backend::classes) fn may_be_unset(
    patch: &str,
    variable: &str,
    optional: &str,
    span: Span,
) -> Diagnostic {
    let left = if variable == optional { "it".to_owned() } else { format!("`{optional}`") };
    let condition = optional.split(['.', '[']).next().unwrap_or(optional);
    Diagnostic::warning(
        UNSET,
        format!("the patch `{patch}` reads `{variable}`, and a Cluster may leave {left} out"),
        span,
        "fails where it is left out",
    )
    .help(format!(
        "give it a `default`, make it `required`, or apply the patch only where it is set: `enabledIf = \"{{{{ if .{condition} }}}}true{{{{ end }}}}\"`"
    ))
}

/// A schema that Cluster API refuses.
pub(super) const SCHEMA: Code = Code::new("cluster/variable-schema");

/// A schema without a type.
pub(in crate::backend::classes) fn untyped(name: &str, span: Span) -> Diagnostic {
    Diagnostic::error(SCHEMA, format!("the schema of `{name}` has no `type`"), span, "no type")
        .help("`type` is one of `array`, `boolean`, `integer`, `number`, `object`, `string`")
}

/// A word or type that schemas do not have.
pub(in crate::backend::classes) fn bad_schema(value: &Unfitting, span: Span) -> Diagnostic {
    let Unfitting { what, found, wanted, .. } = value;
    Diagnostic::error(
        SCHEMA,
        format!("{found} in {what}, where {wanted} is wanted"),
        span,
        "not of a schema",
    )
}

/// A default that its schema refuses.
pub(in crate::backend::classes) fn bad_default(value: &Unfitting, span: Span) -> Diagnostic {
    let Unfitting { what, found, wanted, .. } = value;
    Diagnostic::error(
        SCHEMA,
        format!("{what} is {found}{}, and its schema wants {wanted}", value.place()),
        span,
        "its own schema refuses it",
    )
}

/// A Cluster without a variable.
pub(super) const MISSING: Code = Code::new("cluster/variable-missing");

/// Variables that a Cluster does not set, and has to.
pub(in crate::backend::classes) fn missing(
    cluster: &str,
    class: &str,
    missing: &[String],
    span: Span,
) -> Diagnostic {
    let (variables, is) =
        if missing.len() == 1 { ("the variable", "is") } else { ("the variables", "are") };
    Diagnostic::error(
        MISSING,
        format!("`{cluster}` does not set {variables} {} of `{class}`", listed(missing)),
        span,
        format!("{} {is} required", if missing.len() == 1 { "it" } else { "they" }),
    )
    .help(format!(
        "`variables = [{{ name = \"{}\", value = .. }}]` in `topology`",
        missing.first().map_or("", String::as_str)
    ))
}

/// A value that the schema of a variable refuses.
pub(super) const VALUE: Code = Code::new("cluster/variable-value");

/// A value of a Cluster that does not fit.
pub(in crate::backend::classes) fn value_unfit(value: &Unfitting, span: Span) -> Diagnostic {
    let Unfitting { what, found, wanted, .. } = value;
    Diagnostic::error(
        VALUE,
        format!("{found} for the variable `{what}`{}, which wants {wanted}", value.place()),
        span,
        "its schema refuses this",
    )
}
