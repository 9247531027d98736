//! Values of which the schema says what they are, and those in boxes.

use super::{Lift, Origin, Reader, Value};

impl<'a> Lift<'a> for crate::model::Provider<'a> {
    fn lift(reader: &Reader<'a>, value: Value, origin: Origin) -> Option<Self> {
        let Value::Record(record) = value else { return None };
        match reader.schema(record)?.as_str() {
            "Proxmox" => Some(Self::Proxmox(Lift::lift(reader, value, origin)?)),
            "Docker" => Some(Self::Docker(Lift::lift(reader, value, origin)?)),
            "Aws" => Some(Self::Aws(Lift::lift(reader, value, origin)?)),
            "Hetzner" => Some(Self::Hetzner(Lift::lift(reader, value, origin)?)),
            "VSphere" => Some(Self::VSphere(Lift::lift(reader, value, origin)?)),
            "Metal3" => Some(Self::Metal3(Lift::lift(reader, value, origin)?)),
            _ => None,
        }
    }
}

impl<'a> Lift<'a> for crate::model::MachineSource<'a> {
    fn lift(reader: &Reader<'a>, value: Value, origin: Origin) -> Option<Self> {
        if let Value::Record(_) = value {
            return Some(Self::InPlace(Box::new(Lift::lift(reader, value, origin)?)));
        }
        Some(Self::Named(Lift::lift(reader, value, origin)?))
    }
}

impl<'a> Lift<'a> for crate::model::Cni<'a> {
    fn lift(reader: &Reader<'a>, value: Value, origin: Origin) -> Option<Self> {
        let Value::Record(record) = value else { return None };
        match reader.schema(record)?.as_str() {
            "Manifests" => Some(Self::Manifests(Lift::lift(reader, value, origin)?)),
            "TalosCni" => Some(Self::Talos(Lift::lift(reader, value, origin)?)),
            _ => None,
        }
    }
}

impl<'a> Lift<'a> for crate::model::Os<'a> {
    fn lift(reader: &Reader<'a>, value: Value, origin: Origin) -> Option<Self> {
        let Value::Record(record) = value else { return None };
        match reader.schema(record)?.as_str() {
            "Kubeadm" => Some(Self::Kubeadm(Lift::lift(reader, value, origin)?)),
            "Talos" => Some(Self::Talos(Lift::lift(reader, value, origin)?)),
            _ => None,
        }
    }
}

impl<'a, T: Lift<'a>> Lift<'a> for Box<T> {
    fn lift(reader: &Reader<'a>, value: Value, origin: Origin) -> Option<Self> {
        T::lift(reader, value, origin).map(Self::new)
    }
}
