//! Where machines can talk to one another.

/// The network zone of a location of Hetzner Cloud: private networks and load balancers reach no further.
///
/// From `pkg/webhook/v1beta2/hetznercluster_webhook.go` of github.com/syself/cluster-api-provider-hetzner.
pub fn network_zone(location: &str) -> Option<&'static str> {
    match location {
        "fsn1" | "nbg1" | "hel1" => Some("eu-central"),
        "ash" => Some("us-east"),
        "hil" => Some("us-west"),
        "sin" => Some("ap-southeast"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::network_zone;
    use crate::machines::Vendor;

    #[test]
    fn every_location_that_sells_something_is_in_a_zone() {
        for it in Vendor::Hetzner.types() {
            for location in it.locations().unwrap_or_default() {
                assert!(network_zone(location).is_some(), "{location}");
            }
        }
    }
}
