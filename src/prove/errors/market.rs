//! What is said of machines that are sold by type.

use crate::diag::{Code, Diagnostic, nearest};
use crate::machines::{self, Type, Vendor};
use crate::source::{Span, Sym};

/// What a type has too little of: the amount that is asked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Short {
    /// Cores.
    Cores(u32),
    /// Memory, in MiB.
    Memory(u32),
    /// The disk, in GiB.
    Disk(u32),
}

impl Short {
    fn shown(self) -> String {
        match self {
            Self::Cores(1) => "1 core".to_owned(),
            Self::Cores(count) => format!("{count} cores"),
            Self::Memory(mebibytes) => format!("{} of memory", memory(mebibytes)),
            Self::Disk(gibibytes) => format!("{gibibytes}Gi of disk"),
        }
    }
}

/// Memory as people write it.
fn memory(mebibytes: u32) -> String {
    if mebibytes.is_multiple_of(1 << 20) {
        format!("{}Ti", mebibytes >> 20)
    } else if mebibytes.is_multiple_of(1 << 10) {
        format!("{}Gi", mebibytes >> 10)
    } else {
        format!("{mebibytes}Mi")
    }
}

/// `4 cores, 8Gi of memory`, and the disk where one comes with the type.
fn shown(it: &Type) -> String {
    let mut parts = vec![Short::Cores(it.cpu).shown(), Short::Memory(it.memory).shown()];
    parts.extend(it.disk.map(|disk| Short::Disk(disk).shown()));
    parts.join(", ")
}

fn quoted(names: &[impl AsRef<str>]) -> String {
    names.iter().map(|name| format!("`{}`", name.as_ref())).collect::<Vec<_>>().join(", ")
}

/// A type written in place of another.
fn instead(found: Diagnostic, at: Span, name: &str, sure: bool) -> Diagnostic {
    found.fix(format!("write `\"{name}\"`"), at, format!("\"{name}\""), sure)
}

/// A machine type that its vendor does not have.
pub(crate) const UNKNOWN: Code = Code::new("cluster/unknown-machine-type");

pub(crate) fn unknown_size(
    vendor: Vendor,
    name: &str,
    near: Option<&str>,
    sizes: &[&str],
    at: Span,
) -> Diagnostic {
    let title = format!("{} has no machine type `{name}`", vendor.name());
    let label = format!("no size of `{}`", vendor.family_of(name).to_ascii_lowercase());
    let found =
        Diagnostic::error(UNKNOWN, title, at, label).help(format!("its sizes: {}", quoted(sizes)));
    match near {
        Some(near) => instead(found, at, near, true),
        None => found,
    }
}

/// A name that is no type of EC2, and of nobody else either.
pub(crate) fn no_name(name: &str, at: Span) -> Diagnostic {
    let title = format!("{} has no machine type `{name}`", Vendor::Aws.name());
    let found = Diagnostic::error(UNKNOWN, title, at, "no family and size")
        .help("a type of EC2 is a family, a dot and a size: `m7i.large`");
    let families = machines::families(Vendor::Aws);
    match families.iter().find(|family| name.starts_with(**family)) {
        Some(family) => found.help(format!("write the size of `{family}`")),
        None => found,
    }
}

/// A type of another vendor than the cluster's.
pub(crate) fn of_another(
    cluster: Sym,
    (vendor, other): (Vendor, Vendor),
    name: &str,
    same: Option<Type>,
    at: Span,
) -> Diagnostic {
    let title = format!(
        "`{name}` is a machine type of {}, and `cluster.{cluster}` is on {}",
        other.name(),
        vendor.provider()
    );
    let found = Diagnostic::error(UNKNOWN, title, at, format!("no type of {}", vendor.name()))
        .help("a size as numbers means something everywhere: `machine { cpu = 4, memory = 8Gi }`");
    match same {
        Some(same) => {
            let found = found.help(format!("as much has `{}`: {}", same.name, shown(&same)));
            instead(found, at, same.name, false)
        }
        None => found,
    }
}

/// A family of types that no catalogue has.
pub(crate) const UNKNOWN_FAMILY: Code = Code::new("cluster/unknown-machine-family");

pub(crate) fn unknown_family(vendor: Vendor, name: &str, at: Span) -> Diagnostic {
    let title = format!("no family `{name}` of {} is known", vendor.name());
    let found = Diagnostic::warning(UNKNOWN_FAMILY, title, at, format!("`{name}` is not known"))
        .help("no machine is chosen from it: what its types have is not in the catalogue");
    let others = Vendor::ALL.into_iter().filter(|other| *other != vendor);
    let of_other = |it: &Vendor| machines::families(*it).contains(&name);
    if let Some(other) = { others }.find(of_other) {
        return found.help(format!("`{name}` is a family of {}", other.name()));
    }
    match nearest(name, machines::families(vendor)) {
        Some(near) => found.help(format!("is `{near}` meant?")),
        None => found,
    }
}

/// A type with less than what is written beside it.
pub(crate) const TOO_SMALL: Code = Code::new("cluster/machine-too-small");

/// Spans: the type, and what says how many cores, how much memory and which disk.
pub(crate) fn too_small(
    cluster: Sym,
    it: &Type,
    short: &[Short],
    larger: Option<Type>,
    [at, cpu, memory, disk]: [Span; 4],
) -> Diagnostic {
    let title = format!("`{}` has less than `cluster.{cluster}` asks for", it.name);
    let mut found = Diagnostic::error(TOO_SMALL, title, at, shown(it));
    // What one preset or nobody wrote stands in one place.
    let mut places: Vec<(Span, Vec<String>)> = Vec::new();
    for short in short {
        let span = match short {
            Short::Cores(_) => cpu,
            Short::Memory(_) => memory,
            Short::Disk(_) => disk,
        };
        match places.iter_mut().find(|(known, _)| *known == span) {
            Some((_, texts)) => texts.push(short.shown()),
            None => places.push((span, vec![short.shown()])),
        }
    }
    for (span, texts) in places {
        found = found.because(span, format!("{} asked for", texts.join(" and ")));
    }
    match larger {
        Some(larger) => {
            let found = found.help(format!("`{}` has {}", larger.name, shown(&larger)));
            instead(found, at, larger.name, false)
        }
        None => found.help(format!("no size of `{}` has as much", it.family())),
    }
}

/// A machine that is larger than all types that it may be.
pub(crate) const NOTHING_FITS: Code = Code::new("cluster/no-type-fits");

/// Spans: what is asked for, and the families.
pub(crate) fn nothing_fits(
    cluster: Sym,
    families: &[String],
    closest: &Type,
    short: &[Short],
    [at, from]: [Span; 2],
) -> Diagnostic {
    let asked: Vec<String> = short.iter().map(|it| it.shown()).collect();
    let asked = asked.join(" and ");
    let title = format!("no machine type to choose from has what `cluster.{cluster}` asks for");
    let mut found = Diagnostic::error(NOTHING_FITS, title, at, format!("{asked} asked for"));
    if from != at {
        found = found.because(from, "one of these families is taken");
    }
    found
        .help(format!(
            "the largest of {} is `{}`: {}",
            quoted(families),
            closest.name,
            shown(closest)
        ))
        .help("name further families in the provider's `families`, or ask for less")
}

/// A type that can no longer be ordered.
pub(crate) const NOT_SOLD: Code = Code::new("cluster/machine-type-not-sold");

pub(crate) fn not_sold(
    it: &Type,
    successor: Option<Type>,
    locations: &[String],
    at: Span,
) -> Diagnostic {
    let sold = it.locations().unwrap_or_default();
    let missing: Vec<&String> =
        locations.iter().filter(|it| !sold.contains(&it.as_str())).collect();
    let title = if sold.is_empty() {
        format!("{} no longer sells `{}`", it.vendor.name(), it.name)
    } else {
        format!("{} does not sell `{}` in {}", it.vendor.name(), it.name, quoted(&missing))
    };
    let found = Diagnostic::warning(NOT_SOLD, title, at, "cannot be ordered")
        .help("machines that are there go on; a new one, as every replacement is, cannot be made");
    match successor {
        Some(next) => {
            let found = found.help(format!("`{}` has {}", next.name, shown(&next)));
            instead(found, at, next.name, false)
        }
        None => found,
    }
}
