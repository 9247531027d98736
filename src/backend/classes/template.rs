//! Templates in patches: what they read, and what they print.

use super::builtin;
use super::class::{Class, Role};
use super::errors;
use super::finding::Findings;
use super::look::{entries, get, items, text};
use super::patch::fit_check;
use super::pointer::Target;
use super::schema::{Base, Ty};
use super::variable::{Lookup, Used, read};
use crate::backend::Node;
use crate::diag::nearest;
use crate::embedded::{
    TemplateContext, TemplateParameter, TemplateParameters, TemplateRead, TemplateUsage,
    check_template, template_reads,
};
use crate::kubernetes::{Catalog, Shape};

/// Functions that take what may be missing.
const TOLERANT: &[&str] = &[
    "all", "and", "any", "coalesce", "default", "empty", "eq", "hasKey", "kindIs", "ne", "not",
    "or", "ternary", "typeIs",
];
/// Functions of sprig that Cluster API has, and that give another result each time.
const UNSTABLE: &[&str] = &[
    "ago",
    "bcrypt",
    "buildCustomCert",
    "encryptAES",
    "genCA",
    "genCAWithKey",
    "genPrivateKey",
    "genSelfSignedCert",
    "genSelfSignedCertWithKey",
    "genSignedCert",
    "genSignedCertWithKey",
    "htpasswd",
    "randInt",
    "shuffle",
];

/// A template of a class.
pub(super) struct Template<'t, 'o, 'a> {
    /// The types of objects.
    pub(super) catalog: &'t Catalog,
    /// The patch that it stands in.
    pub(super) patch: &'t str,
    /// Its text, and where it is written.
    pub(super) node: &'t Node<'a>,
    /// The text.
    pub(super) text: &'t str,
    /// The templates for which it is rendered.
    pub(super) roles: &'t [Role<'o>],
    /// Where its result goes; none for a condition.
    pub(super) target: Option<&'t Target<'t>>,
    /// Where its result goes, as the program says it.
    pub(super) path: &'t str,
}

/// What a template sees: the variables of the class, and `builtin`. Names are held to the class elsewhere, so records are open.
pub(super) fn context(class: &Class<'_, '_>) -> TemplateContext {
    let variable = |ty: Ty<'_, '_>| parameter(ty, 0);
    let mut fields: Vec<(String, TemplateParameter)> = class
        .variables
        .iter()
        .map(|it| {
            (
                it.name.to_owned(),
                it.schema.map_or(TemplateParameter::Any, |it| variable(Ty::Schema(it))),
            )
        })
        .collect();
    fields.push((builtin::NAME.to_owned(), TemplateParameter::Any));
    TemplateContext::cluster_api(TemplateParameters { fields, is_open: true })
}

fn parameter(ty: Ty<'_, '_>, depth: usize) -> TemplateParameter {
    match ty.base() {
        Base::Text => TemplateParameter::Text,
        Base::Int | Base::Number => TemplateParameter::Number,
        Base::Bool => TemplateParameter::Bool,
        Base::List => TemplateParameter::List,
        Base::Record if depth < 16 => {
            let Ty::Schema(schema) = ty else { return TemplateParameter::Any };
            let properties = get(schema, "properties").map_or(&[][..], |it| entries(it));
            let fields = properties
                .iter()
                .map(|(key, inner)| (key.to_string(), parameter(Ty::Schema(inner), depth + 1)))
                .collect();
            TemplateParameter::Record(TemplateParameters { fields, is_open: true })
        }
        Base::Record | Base::IntOrText | Base::Unknown => TemplateParameter::Any,
    }
}

/// Checks a template, and notes which variables it reads.
pub(super) fn check(
    class: &Class<'_, '_>,
    template: &Template<'_, '_, '_>,
    used: &mut Used,
    found: &mut Findings,
) {
    for problem in check_template(template.text, &[], &context(class)) {
        let part = problem.at.of(template.text).to_owned();
        found.at(class.object, template.node, &part, move |span| {
            problem.diagnostic(&|_| (span, false), &str::to_owned)
        });
    }
    let reads = template_reads(template.text);
    used.is_open |= reads.is_open;
    for (name, at) in &reads.functions {
        if UNSTABLE.contains(&name.as_str()) {
            let (name, patch) = (name.clone(), template.patch.to_owned());
            let part = at.of(template.text).to_owned();
            found.at(class.object, template.node, &part, move |span| {
                errors::unstable(&name, &patch, span)
            });
        }
    }
    for read in &reads.reads {
        let Some((first, rest)) = read.path.split_first() else { continue };
        if first == builtin::NAME {
            builtin_read(class, template, read, rest, reads.is_path, found);
        } else {
            used.names.insert(first.clone());
            variable_read(class, template, read, reads.is_path, found);
        }
    }
}

fn variable_read(
    class: &Class<'_, '_>,
    template: &Template<'_, '_, '_>,
    read_: &TemplateRead,
    is_path: bool,
    found: &mut Findings,
) {
    let ty = match read(class, &read_.path) {
        Lookup::Found(ty, _) => ty,
        Lookup::Malformed => return,
        Lookup::Lost { part: name, known, is_variable } => {
            if is_variable && class.has_extension() {
                return;
            }
            let near = nearest(&name, known.iter().map(String::as_str)).map(str::to_owned);
            let above = read_.path.first().cloned().unwrap_or_default();
            let lost = errors::Lost {
                name,
                known,
                near,
                of: if is_variable { None } else { Some(above) },
                class: class.object.name.to_owned(),
                is_template: true,
            };
            found.at(class.object, template.node, &lost.name.clone(), move |span| {
                errors::unknown_variable(&lost, span)
            });
            return;
        }
    };
    if read_.usage == TemplateUsage::Printed {
        print_check(class, template, read_, ty, is_path, found);
    }
}

/// What a path that is printed as it is becomes, and whether the field takes that.
fn print_check(
    class: &Class<'_, '_>,
    template: &Template<'_, '_, '_>,
    read_: &TemplateRead,
    ty: Ty<'_, '_>,
    is_path: bool,
    found: &mut Findings,
) {
    let part = read_.at.of(template.text).to_owned();
    let name = read_.path.join(".");
    let Some(target) = template.target else { return };
    let base = ty.base();
    if matches!(base, Base::List | Base::Record) {
        let words = base.words();
        found.at(class.object, template.node, &part, move |span| {
            errors::printed(&name, words, is_path, span)
        });
        return;
    }
    if !is_path {
        return;
    }
    // The text is read as YAML again: a text that looks like a number becomes one.
    if base == Base::Text && *target.shape == Shape::String {
        if !is_plain(ty) {
            let path = template.path.to_owned();
            found.at(class.object, template.node, &part, move |span| {
                errors::unquoted(&name, &path, span)
            });
        }
        return;
    }
    fit_check(template.catalog, class, ty, target, template.node, &name, template.path, found);
}

/// Whether every value of a type stays a text when YAML reads it: one of some words, or what Cluster API gives.
fn is_plain(ty: Ty<'_, '_>) -> bool {
    let Ty::Schema(schema) = ty else { return true };
    let values = items(get(schema, "enum"));
    let stays = |value: &&str| {
        value.starts_with(|first: char| first.is_ascii_alphabetic())
            && value.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))
            && !["true", "false", "yes", "no", "on", "off", "null", "y", "n"]
                .contains(&value.to_ascii_lowercase().as_str())
    };
    !values.is_empty() && values.iter().all(|value| text(value).is_some_and(|it| stays(&it)))
}

fn builtin_read(
    class: &Class<'_, '_>,
    template: &Template<'_, '_, '_>,
    read_: &TemplateRead,
    rest: &[String],
    is_path: bool,
    found: &mut Findings,
) {
    let part = read_.at.of(template.text).to_owned();
    let name = read_.path.join(".");
    let Some(holds) = builtin::read(rest) else {
        let known: Vec<String> = builtin::all().collect();
        let near = nearest(&name, known.iter().map(String::as_str)).map(str::to_owned);
        found.at(class.object, template.node, &part, move |span| {
            errors::unknown_builtin(&name, near.as_deref(), true, span)
        });
        return;
    };
    let Some(record) = rest.first() else { return };
    let has = |role: &&Role<'_>| builtin::exists(record, **role);
    let without: Vec<Role<'_>> = template.roles.iter().filter(|role| !has(role)).copied().collect();
    let is_anywhere = template.roles.iter().any(|role| has(&role));
    let is_guarded = match &read_.usage {
        TemplateUsage::Tested => true,
        TemplateUsage::Argument(function) => TOLERANT.contains(&function.as_str()),
        // Nothing printed is not `true`: the condition does not hold there, as is meant.
        TemplateUsage::Printed | TemplateUsage::Kept => template.target.is_none() && is_anywhere,
        TemplateUsage::Ranged => false,
    } || read_
        .tested
        .iter()
        .any(|path| path.iter().zip(&read_.path).take(2).all(|(a, b)| a == b));
    if without.is_empty() || is_guarded {
        if read_.usage == TemplateUsage::Printed {
            print_check(class, template, read_, Ty::Builtin(holds), is_path, found);
        }
        return;
    }
    let scope =
        errors::Scope::new(template.patch, &name, record, &without, template.target.is_none());
    found.at(class.object, template.node, &part, move |span| errors::out_of_scope(&scope, span));
}
