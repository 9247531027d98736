//! Which of a provider's machine types a machine is.

use super::{Aws, Hetzner, Machine, Of, Provider};
use crate::machines::{Lookup, Type, Vendor, Wanted, closest, find, smallest};

/// Where a provider gets machines that are sold by type.
#[derive(Clone, PartialEq, Debug)]
pub struct Market<'a> {
    /// Who sells them.
    pub vendor: Vendor,
    /// The families to choose from, the preferred first.
    pub families: Vec<Of<&'a str>>,
    /// Every location that a machine may stand in; none where the vendor's types are the same everywhere.
    pub locations: Vec<&'a str>,
}

/// What a machine is bought as.
#[derive(Clone, PartialEq, Debug)]
pub enum Purchase<'a> {
    /// The program names a type.
    Named(Of<&'a str>, Lookup),
    /// The smallest type with what the program asks for.
    Chosen(Type),
    /// No type of the families has as much; the one that comes nearest.
    TooLarge(Option<Type>),
}

impl<'a> Provider<'a> {
    /// Where it gets machines that are sold by type; none where a machine is as large as the program says.
    pub fn market(&self) -> Option<Market<'a>> {
        match self {
            Self::Proxmox(_) | Self::Docker(_) | Self::VSphere(_) | Self::Metal3(_) => None,
            Self::Aws(aws) => Some(aws.market()),
            Self::Hetzner(hetzner) => Some(hetzner.market()),
        }
    }
}

impl<'a> Aws<'a> {
    /// The types of EC2.
    pub fn market(&self) -> Market<'a> {
        let families = self.families.clone();
        Market { vendor: Vendor::Aws, families, locations: Vec::new() }
    }
}

impl<'a> Hetzner<'a> {
    /// The types of Hetzner Cloud.
    pub fn market(&self) -> Market<'a> {
        Market {
            vendor: Vendor::Hetzner,
            families: self.families.clone(),
            locations: self.locations.iter().map(|it| it.value.as_str()).collect(),
        }
    }
}

impl<'a> Market<'a> {
    /// What a machine must have at least; nothing of what the program leaves open.
    pub fn wanted(&self, machine: &Machine<'_>) -> Wanted<'_> {
        // What no machine has is not in any catalogue either.
        let whole = |amount: i128, unit: i128| {
            u32::try_from(amount.div_euclid(unit) + i128::from(amount.rem_euclid(unit) != 0))
                .unwrap_or(u32::MAX)
        };
        Wanted {
            cpu: machine.cpu.map_or(0, |it| u32::try_from(it.value).unwrap_or(u32::MAX)),
            memory: machine.memory.map_or(0, |it| whole(it.value.amount.into(), 1 << 20)),
            disk: whole(machine.disk.value.amount.into(), 1 << 30),
            arch: None,
            locations: &self.locations,
        }
    }

    /// What a machine is bought as.
    pub fn purchase(&self, machine: &Machine<'a>) -> Purchase<'a> {
        if let Some(named) = machine.r#type {
            return Purchase::Named(named, find(self.vendor, named.value));
        }
        let families: Vec<&str> = self.families.iter().map(|it| it.value).collect();
        let wanted = self.wanted(machine);
        smallest(self.vendor, &families, &wanted).map_or_else(
            || Purchase::TooLarge(closest(self.vendor, &families, &wanted)),
            Purchase::Chosen,
        )
    }
}

impl<'a> Purchase<'a> {
    /// The type's name; none where there is no type to buy.
    pub const fn name(&self) -> Option<&'a str> {
        match self {
            Self::Named(named, _) => Some(named.value),
            Self::Chosen(found) => Some(found.name),
            Self::TooLarge(_) => None,
        }
    }

    /// What the machine has; none where no table tells.
    pub const fn size(&self) -> Option<Type> {
        match self {
            Self::Named(_, Lookup::Found(found)) | Self::Chosen(found) => Some(*found),
            Self::Named(_, Lookup::UnknownSize { .. } | Lookup::UnknownFamily)
            | Self::TooLarge(_) => None,
        }
    }
}
