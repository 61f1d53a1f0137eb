//! The long forms of what a server on the internet meets. They take minutes and do not belong to the tests of every
//! change: `cargo xtask attack` runs them, one after the other.

use crate::support::Backend;
use crate::{connections, full_disk, hang_ups, limits, mariadb, passwords, wechat};
use std::time::Duration;

#[tokio::test(flavor = "multi_thread")]
#[ignore = "long: cargo xtask attack"]
async fn clients_hang_up_ten_thousand_times_on_each_database() {
    for round in 0..10 {
        println!("round {round}");
        hang_ups::clients_that_hang_up_do_no_harm(Backend::start()).await;
        if let Some(backend) = mariadb::backend().await {
            hang_ups::clients_that_hang_up_do_no_harm(backend).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "long: cargo xtask attack"]
async fn a_disk_is_filled_and_freed_ten_times() {
    for _ in 0..10 {
        full_disk::fill_and_free_a_disk().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "long: cargo xtask attack"]
async fn a_thousand_wrong_passwords_come_at_once() {
    for _ in 0..5 {
        passwords::send_wrong_passwords_at_once(1000).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "long: cargo xtask attack"]
async fn an_account_is_guessed_at_from_ever_new_addresses() {
    let looked_at = limits::guess_for(Duration::from_secs(60)).await;
    assert_eq!(looked_at, limits::MAX_PER_ACCOUNT);
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "long: cargo xtask attack"]
async fn connections_stay_silent_and_strangers_upload() {
    for descriptors in [128, 256, 512] {
        connections::log_in_beside_silent_connections(descriptors, descriptors + 100).await;
    }
    connections::upload_as_strangers(500).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "long: cargo xtask attack"]
async fn a_faulty_proxy_stands_before_wechat() {
    for _ in 0..20 {
        wechat::redirect_logins().await;
        wechat::answer_without_end().await;
    }
}
