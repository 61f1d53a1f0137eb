use futures::future::join_all;
use weapp_login::{LoginError, LoginMode};

use crate::common::{account, ensure, later, two};
use crate::world::{Answer, World, fails};

fn token(world: &World) -> serde_json::Value {
    world.record().unwrap()["token"].clone()
}

#[test]
fn cached_makes_no_traffic() {
    let world = World::new();
    assert_eq!(
        ensure(&world, &world.client(), LoginMode::Cached),
        Err(LoginError::SignedOut.into())
    );
    let client = world.signed_in_client();
    assert_eq!(ensure(&world, &client, LoginMode::Cached), Ok(()));
    world.shift_clock(7_200_000.0);
    assert_eq!(
        ensure(&world, &client, LoginMode::Cached),
        Err(LoginError::SignedOut.into())
    );
    assert_eq!((world.count("login"), world.count("request")), (0, 0));
}

#[test]
fn silent_signs_in_only_if_needed() {
    let world = World::new();
    let client = world.client();
    ensure(&world, &client, LoginMode::Silent).unwrap();
    ensure(&world, &client, LoginMode::Silent).unwrap();
    assert_eq!(world.count("login"), 1);
    world.shift_clock(7_200_000.0);
    ensure(&world, &client, LoginMode::Silent).unwrap();
    assert_eq!(world.count("login"), 2);
}

/// (behaviour 17)
#[test]
fn force_signs_in_in_any_case() {
    let world = World::new();
    let client = world.signed_in_client();
    ensure(&world, &client, LoginMode::Force).unwrap();
    assert_eq!(token(&world), "token-2");
}

/// (behaviours 6, 7)
#[test]
fn everyone_waits_for_the_apps_first_login() {
    let world = World::new();
    let client = world.client();
    let modes = [LoginMode::Cached, LoginMode::Silent, LoginMode::Force];
    let first = client.clone().login_by_weixin(None);
    let others = join_all(
        modes
            .into_iter()
            .cycle()
            .take(30)
            .map(|mode| client.clone().ensure_login(mode)),
    );
    let (_, others) = world.run(async { futures::join!(first, others) });
    assert!(others.iter().all(Result::is_ok));
    assert_eq!((world.count("login"), world.count("request")), (1, 1));
}

#[test]
fn a_session_that_is_about_to_end_is_given_at_once_and_renewed_meanwhile() {
    let world = World::new();
    let client = world.signed_in_client();
    world.shift_clock(7_200_000.0 - 30_000.0);
    let before = world.clock();
    ensure(&world, &client, LoginMode::Cached).unwrap();
    world.settle();
    assert_eq!(world.count("login"), 0); // that mode asks nobody, in no way
    for _ in 0..5 {
        ensure(&world, &client, LoginMode::Silent).unwrap();
    }
    assert_eq!(world.clock(), before); // nobody waited
    world.settle();
    assert_eq!(token(&world), "token-2");
    assert_eq!(world.count("login"), 1);
}

#[test]
fn an_early_renewal_that_fails_keeps_the_old_session() {
    let world = World::new();
    let client = world.signed_in_client();
    world.shift_clock(7_200_000.0 - 30_000.0);
    world.next_login(fails("login:fail", None));
    ensure(&world, &client, LoginMode::Silent).unwrap();
    world.settle();
    assert_eq!(token(&world), "token-1");
    assert_eq!(ensure(&world, &client, LoginMode::Silent), Ok(()));
    world.settle();
    assert_eq!(world.count("login"), 1); // not again right away
}

#[test]
fn an_early_renewal_does_not_survive_a_logout() {
    let world = World::new();
    let client = world.signed_in_client();
    world.shift_clock(7_200_000.0 - 30_000.0);
    ensure(&world, &client, LoginMode::Silent).unwrap();
    world.run(client.clone().logout()).unwrap();
    world.settle();
    assert!(client.session().is_none());
    assert_eq!(world.stored_session(), None);
}

/// (behaviour 26)
#[test]
fn a_logout_settles_everyone_who_waits() {
    let world = World::new();
    world.next_login(Answer::Never);
    let client = world.client();
    let waiters = join_all((0..5).map(|_| client.clone().ensure_login(LoginMode::Silent)));
    let logout = later(&world, 20.0, &client, |client| client.logout());
    let (waiters, _) = world.run(async { futures::join!(waiters, logout) });
    assert!(waiters.iter().all(|waiter| {
        waiter
            .as_ref()
            .is_err_and(|error| **error == LoginError::LoggedOut)
    }));
}

/// The login reads the storage first, and reports another user: a listener logs out. (behaviours 26, 40)
#[test]
fn a_listener_that_logs_out_before_a_forced_login_begins_ends_it() {
    let (world, first, second) = two();
    world.run(second.login_by_account(account())).unwrap();
    world.shift_clock(1_000.0);
    let listener = first.clone();
    world.at_next_change(move || drop(listener.logout()));
    assert_eq!(
        ensure(&world, &first, LoginMode::Force),
        Err(LoginError::LoggedOut.into())
    );
    assert_eq!(world.count("login"), 0);
    assert_eq!(world.stored_session(), None);
}
