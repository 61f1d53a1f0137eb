use std::time::Duration;

use ct_codecs::{Base64UrlSafeNoPadding, Encoder};
use serde_json::{Value, json};
use weapp_login::{Freshness, Timestamp};

use crate::server::success;
use crate::world::{Client, START, World, http};

const MINUTE: Duration = Duration::from_secs(60);

/// When the request of a login starts: `wx.login` takes 10 ms.
const ASKED: f64 = START + 10.0;

fn client_after(data: Value) -> Client {
    let world = World::new();
    world.next_response(http(200, success(data)));
    let client = world.client();
    world.run(client.clone().login_by_weixin(None)).unwrap();
    client
}

fn expiry(data: Value) -> Option<f64> {
    let expires_at = client_after(data).session().unwrap().expires_at;
    expires_at.map(Timestamp::as_ms)
}

fn jwt(claims: Value) -> String {
    let part = |value: Value| Base64UrlSafeNoPadding::encode_to_string(value.to_string()).unwrap();
    format!(
        "{}.{}.c2lnbmF0dXJl",
        part(json!({ "alg": "HS256" })),
        part(claims)
    )
}

/// The device's clock and the server's may disagree, and the answer may be long on its way. (behaviour 33)
#[test]
fn a_life_is_counted_from_before_the_request() {
    assert_eq!(
        expiry(json!({ "token": "t", "expiresIn": 7200 })),
        Some(ASKED + 7_200_000.0)
    );
}

/// `exp` alone would mix two clocks. (behaviour 33)
#[test]
fn a_jwt_lives_for_exp_minus_iat() {
    let token = jwt(json!({ "iat": 1_000, "exp": 8_200, "名": "𠮷¢" }));
    assert_eq!(expiry(json!({ "token": token })), Some(ASKED + 7_200_000.0));
}

#[test]
fn expires_in_goes_before_the_jwt_and_the_jwt_before_token_expire() {
    let token = jwt(json!({ "iat": 0, "exp": 60 }));
    let later = "2099-01-01T00:00:00Z";
    assert_eq!(
        expiry(json!({ "token": token, "expiresIn": 30, "tokenExpire": later })),
        Some(ASKED + 30_000.0)
    );
    assert_eq!(
        expiry(json!({ "token": token, "tokenExpire": later })),
        Some(ASKED + 60_000.0)
    );
}

#[test]
fn token_expire_counts_with_a_zone() {
    for text in [
        "2027-01-15T10:00:00Z",
        "2027-01-15T18:00:00+08:00",
        "2027-01-15T18:00:00.000+08:00",
    ] {
        assert_eq!(
            expiry(json!({ "token": "t", "tokenExpire": text })),
            Some(1_800_007_200_000.0),
            "{text}"
        );
    }
}

/// (behaviour 34)
#[test]
fn anything_else_is_unknown() {
    for data in [
        json!({ "token": "opaque" }),
        json!({ "token": "a.b.c" }),
        json!({ "token": "a.!.c" }),
        json!({ "token": jwt(json!({ "user": 7 })) }),
        json!({ "token": jwt(json!({ "exp": 4_000_000_000u32 })) }),
        json!({ "token": jwt(json!([1])) }),
        json!({ "token": "t", "expiresIn": 0 }),
        json!({ "token": "t", "expiresIn": -5 }),
        json!({ "token": "t", "expiresIn": "soon" }),
        json!({ "token": "t", "tokenExpire": "2099-04-25T12:34:56.789" }), // no zone
        json!({ "token": "t", "tokenExpire": "2099-04-25" }),
        json!({ "token": "t", "tokenExpire": "soon-ish, maybe" }),
        json!({ "token": "t", "tokenExpire": 4_000_000_000u32 }),
        json!({ "token": "t", "tokenExpire": "2001-01-01T00:00:00Z" }), // one of the two clocks is wrong
    ] {
        let client = client_after(data.clone());
        let session = client.session().unwrap();
        assert_eq!(session.expires_at, None, "{data}");
        assert_eq!(
            session.freshness(Timestamp::from_ms(START), MINUTE),
            Freshness::Unknown
        );
    }
}

/// Just inside and just outside. (behaviour 35)
#[test]
fn a_session_ages_by_its_margin() {
    let client = client_after(json!({ "token": "t", "expiresIn": 7200 }));
    let session = client.session().unwrap();
    let end = session.expires_at.unwrap().as_ms();
    let margin = 60_000.0;
    for (now, freshness) in [
        (ASKED, Freshness::Fresh),
        (end - margin - 1.0, Freshness::Fresh),
        (end - margin, Freshness::Ending),
        (end - 1.0, Freshness::Ending),
        (end, Freshness::Expired),
        (f64::MAX, Freshness::Expired),
        (ASKED - margin, Freshness::Fresh), // small corrections of the clock are no news
        (ASKED - margin - 1.0, Freshness::Unknown),
    ] {
        let found = session.freshness(Timestamp::from_ms(now), MINUTE);
        assert_eq!(found, freshness, "{}", now - end);
    }
}

#[test]
fn a_short_lived_session_is_not_born_ending() {
    let client = client_after(json!({ "token": "t", "expiresIn": 30 }));
    let session = client.session().unwrap();
    assert_eq!(
        session.freshness(Timestamp::from_ms(ASKED + 14_999.0), MINUTE),
        Freshness::Fresh
    );
    assert_eq!(
        session.freshness(Timestamp::from_ms(ASKED + 15_000.0), MINUTE),
        Freshness::Ending
    );
}
