//! How large the machines of a cluster are.

use std::fmt;

use crate::model::{Cluster, Machine, MachineSource, Market, Model, Provider};

/// What a machine has before anything is kept back.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Size {
    /// Millicores.
    pub cpu: u128,
    /// Bytes.
    pub memory: u128,
}

/// Why nothing is known of a size. It follows "not known: ".
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Unknown {
    /// Something else makes the cluster.
    External,
    /// Another program declares the provider.
    ExternalProvider(String),
    /// Nodes are containers, which share a machine.
    Containers,
    /// A type that no catalogue has.
    Type(String),
    /// No type of the catalogue has the cores and memory.
    NoType,
    /// Hosts of a class that states no numbers, or of none.
    Hosts,
    /// Neither numbers nor a type that means anything to the provider.
    NoNumbers,
    /// A patch of the cluster amends what its machines are made from.
    Patched(String),
}

impl fmt::Display for Unknown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::External => f.write_str("something else makes the cluster"),
            Self::ExternalProvider(name) => write!(f, "provider `{name}` is external"),
            Self::Containers => f.write_str("its nodes are containers, which share one machine"),
            Self::Type(name) => write!(f, "no catalogue has the machine type `{name}`"),
            Self::NoType => f.write_str("no machine type is known that has its `cpu` and `memory`"),
            Self::Hosts => f.write_str("the class of its hosts states no `cpu` and `memory`"),
            Self::NoNumbers => f.write_str("its machines have no `cpu` and `memory`"),
            Self::Patched(object) => write!(f, "a patch amends its `{object}`"),
        }
    }
}

/// What a machine of a cluster has: the one place that knows how each provider reads a size.
pub(super) fn size<'a>(
    model: &Model<'a>,
    cluster: &Cluster<'a>,
    machine: &Machine<'a>,
) -> Result<Size, Unknown> {
    let provider = match &cluster.provider {
        MachineSource::InPlace(provider) => provider.as_ref(),
        MachineSource::Named(named) => {
            let known = model.providers.iter().find(|it| it.id == named.value.id);
            let name = || named.value.name.as_str().to_owned();
            &known.ok_or_else(|| Unknown::ExternalProvider(name()))?.value
        }
    };
    match provider {
        Provider::Docker(_) => Err(Unknown::Containers),
        Provider::Proxmox(_) | Provider::VSphere(_) => numbers(machine),
        Provider::Metal3(metal3) => {
            let class = metal3.host_class(machine);
            let (cpu, memory) = class.and_then(|(_, it)| it.size()).ok_or(Unknown::Hosts)?;
            let whole = |amount: i64| u128::try_from(amount).unwrap_or_default();
            Ok(Size { cpu: whole(cpu) * 1000, memory: whole(memory) })
        }
        Provider::Aws(aws) => bought(&aws.market(), machine),
        Provider::Hetzner(hetzner) => bought(&hetzner.market(), machine),
    }
}

/// What the machine's type has, as the catalogue knows it.
fn bought<'a>(market: &Market<'a>, machine: &Machine<'a>) -> Result<Size, Unknown> {
    let purchase = market.purchase(machine);
    let Some(found) = purchase.size() else {
        let named = purchase.name().map(|name| Unknown::Type(name.to_owned()));
        return Err(named.unwrap_or(Unknown::NoType));
    };
    Ok(Size { cpu: u128::from(found.cpu) * 1000, memory: u128::from(found.memory) << 20 })
}

/// The numbers that the program writes; memory in whole mebibytes, as it is asked of providers.
fn numbers(machine: &Machine<'_>) -> Result<Size, Unknown> {
    let (Some(cpu), Some(memory)) = (machine.cpu, machine.memory) else {
        return Err(match machine.r#type {
            Some(named) => Unknown::Type(named.value.to_owned()),
            None => Unknown::NoNumbers,
        });
    };
    let memory = u128::try_from(memory.value.amount).unwrap_or_default();
    Ok(Size {
        cpu: u128::try_from(cpu.value).unwrap_or_default() * 1000,
        memory: memory.next_multiple_of(1 << 20),
    })
}
