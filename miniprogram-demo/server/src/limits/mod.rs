//! Limits on attempts: failures are counted, not logins, because many phones share one address.
//!
//! The counts are in the database, so that all processes share them and a restart keeps them.

mod codes;
mod counters;
mod passwords;
mod reservations;

pub use codes::Codes;
#[cfg(test)]
pub use codes::PLACE_PATIENCE;
pub use counters::purge_ended;
pub use passwords::{PasswordAttempt, forget_guesses};
pub use reservations::free_all;

use std::net::{IpAddr, Ipv6Addr};

/// Who is counted as one by address: the owner of an IPv6 network has more addresses than can be counted.
pub fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(address) => {
            let network = address.to_bits() >> 64 << 64;
            Ipv6Addr::from_bits(network).into()
        }
    }
}
