//! What crosses comes out as it went in.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use js_sys::{JSON, Object, Reflect};
use serde::Deserialize;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

use super::host::{Host, at, js, login, never, settled, text_at};

const NAME: &str = "👨‍👩‍👧‍👦𠮷野家";

/// (behaviour 16)
#[wasm_bindgen_test]
async fn emoji_and_cjk_cross_both_ways() {
    let host = Host::new();
    let answer = format!(
        r#"{{"statusCode":200,"data":{{"errno":0,"data":{{"token":"令牌🔑","userInfo":{{"nickName":"{NAME}"}}}}}}}}"#
    );
    host.answer(&answer);
    let client = host.client();
    let profile = js(&format!(r#"{{"nickName":"{NAME}"}}"#));
    let envelope = settled(client.login_by_weixin(Some(profile)))
        .await
        .unwrap();
    let request = host.requests.borrow()[0].clone();
    assert_eq!(text_at(&request, "data.userInfo.nickName"), NAME);
    assert_eq!(text_at(&envelope, "data.userInfo.nickName"), NAME);
    assert_eq!(text_at(&client.session(), "userInfo.nickName"), NAME);
    assert_eq!(text_at(&client.auth_header(), "X-Litemall-Token"), "令牌🔑");
    assert_eq!(text_at(&host.record.borrow(), "token"), "令牌🔑");
}

#[wasm_bindgen_test]
async fn an_error_of_the_server_keeps_its_text() {
    let host = Host::new();
    host.answer(&format!(
        r#"{{"statusCode":200,"data":{{"errno":502,"errmsg":"系统内部错误{NAME}"}}}}"#
    ));
    let error = login(&host.client()).await.unwrap_err();
    assert_eq!(text_at(&error, "errmsg"), format!("系统内部错误{NAME}"));
}

/// What a request carries is handed on: identical objects, not converted copies.
#[wasm_bindgen_test]
async fn payloads_are_handed_on_and_not_converted() {
    let host = Host::new();
    let options = js(r#"{"url":"a","method":"POST"}"#);
    let data = Object::new();
    Reflect::set(&options, &"data".into(), &data).unwrap();
    settled(host.client().request(options)).await.unwrap();
    assert!(Object::is(&at(&host.requests.borrow()[0], "data"), &data));
}

#[wasm_bindgen_test]
async fn a_page_that_changes_what_it_was_given_changes_nothing_here() {
    let host = Host::new();
    let client = host.client();
    let envelope = login(&client).await.unwrap();
    let nick_name = JsValue::from_str("nickName");
    Reflect::set(
        &at(&envelope, "data.userInfo"),
        &nick_name,
        &"changed".into(),
    )
    .unwrap();
    Reflect::set(
        &at(&client.session(), "userInfo"),
        &nick_name,
        &"changed".into(),
    )
    .unwrap();
    assert_eq!(text_at(&client.session(), "userInfo.nickName"), "小明");
}

#[wasm_bindgen_test]
async fn a_session_has_the_promised_fields() {
    let host = Host::new();
    let client = host.client();
    assert!(client.session().is_null());
    login(&client).await.unwrap();
    let session = client.session();
    let keys = Object::keys(session.unchecked_ref::<Object>())
        .join(",")
        .as_string()
        .unwrap();
    assert_eq!(keys, "userInfo,via,issuedAt,expiresAt,persisted"); // no token
    assert_eq!(at(&session, "persisted"), JsValue::TRUE);
    assert!(at(&session, "expiresAt").is_null());
    assert!(at(&session, "issuedAt").as_f64().unwrap() > 1.7e12);
}

#[wasm_bindgen_test]
async fn check_login_resolves_true_and_rejects_false() {
    let host = Host::new();
    let client = host.client();
    assert_eq!(settled(client.check_login()).await, Err(JsValue::FALSE));
    login(&client).await.unwrap();
    assert_eq!(settled(client.check_login()).await, Ok(JsValue::TRUE));
}

#[wasm_bindgen_test]
async fn logout_takes_effect_before_it_returns() {
    let host = Host::new();
    let client = host.client();
    login(&client).await.unwrap();
    let told = client.logout(None);
    assert!(client.session().is_null());
    assert!(at(&host.record.borrow(), "token").is_undefined()); // what is left is a record of the logout
    assert_eq!(settled(told).await, Ok(JsValue::UNDEFINED));
    assert_eq!(
        text_at(&host.requests.borrow()[1], "header.X-Litemall-Token"),
        "token-1"
    );
}

/// A call begins when it is made, not in a later turn of the engine. (behaviour 26)
#[wasm_bindgen_test]
async fn a_logout_ends_what_was_called_in_the_same_tick() {
    let host = Host::new();
    let client = host.client();
    let early = client.login_by_weixin(None);
    let logout = client.logout(None);
    assert_eq!(
        text_at(&settled(early).await.unwrap_err(), "code"),
        "logged_out"
    );
    settled(logout).await.unwrap();
    assert!(client.session().is_null());
    assert!(host.requests.borrow().is_empty()); // the code of wx.login went nowhere
    login(&client).await.unwrap();
    assert!(!client.session().is_null());
}

/// Dropping the client (JavaScript's `free()`) while a call is in flight settles the call.
#[wasm_bindgen_test]
async fn free_in_flight_settles_what_is_under_way() {
    let host = Host::new();
    let client = host.client();
    let promise = client.login_by_weixin(None);
    drop(client);
    let envelope = settled(promise).await.unwrap();
    assert_eq!(text_at(&envelope, "data.token"), "token-1");
    assert_eq!(text_at(&host.record.borrow(), "token"), "token-1");
}

#[wasm_bindgen_test]
async fn concurrent_calls_share_one_login() {
    let host = Host::new();
    let client = host.client();
    let promises: js_sys::Array = (0..100).map(|_| client.login_by_weixin(None)).collect();
    settled(js_sys::Promise::all(&promises)).await.unwrap();
    let calls = [
        "getStorage",
        "getStorage", // nothing was stored at the start
        "login",
        "observed",
        "request",
        "getStorage",
        "setStorage",
        "changed",
        "observed",
    ];
    assert_eq!(*host.calls.borrow(), calls);
}

#[wasm_bindgen_test]
async fn the_host_hears_of_changes_and_steps_in_their_order() {
    let host = Host::new();
    let told = Rc::new(RefCell::new(Vec::new()));
    for method in ["changed", "observed"] {
        let told = Rc::clone(&told);
        host.set(method, move |event, _| {
            told.borrow_mut().push(event);
            Ok(JsValue::UNDEFINED)
        });
    }
    let client = host.client();
    login(&client).await.unwrap();
    settled(client.logout(None)).await.unwrap();
    let told = told.borrow();
    let [step, change, exchange, logout] = &told[..] else {
        unreachable!("{told:?}");
    };
    assert_eq!(text_at(step, "name"), "login");
    assert!(at(step, "code").is_undefined()); // no error
    assert_eq!(text_at(exchange, "name"), "exchange");
    assert!(
        [step, exchange]
            .iter()
            .all(|step| at(step, "ms").as_f64().unwrap() >= 0.0)
    );
    assert_eq!(text_at(change, "type"), "signedIn");
    assert_eq!(text_at(change, "session.userInfo.nickName"), "小明");
    assert_eq!(
        JSON::stringify(logout).unwrap(),
        r#"{"type":"signedOut","reason":"logout"}"#
    );
}

/// What a logout gives up is aborted.
#[wasm_bindgen_test]
async fn a_request_is_aborted_when_nobody_waits() {
    let host = Host::new();
    let client = host.client();
    login(&client).await.unwrap();
    host.on("request", |_| never());
    let login = client.login_by_weixin(None);
    let sent = host.calls_of("request");
    while host.calls_of("request") == sent {
        settled(js_sys::Promise::resolve(&JsValue::UNDEFINED))
            .await
            .unwrap();
    }
    assert_eq!(host.aborted.get(), 0);
    let logout = client.logout(None);
    assert_eq!(
        text_at(&settled(login).await.unwrap_err(), "code"),
        "logged_out"
    );
    assert_eq!(host.aborted.get(), 1);
    let _ = settled(logout).await;
    assert_eq!(host.calls_of("request"), 3);
    assert_eq!(host.aborted.get(), 1); // what has ended needs no end
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Shown {
    user_info: HashMap<String, String>,
    via: String,
    issued_at: f64,
    expires_at: Option<f64>,
}

#[wasm_bindgen_test]
fn the_session_shows_all_but_the_token() {
    for (expiry, expires_at) in [(r#","expiresAt":9e15"#, Some(9e15)), ("", None)] {
        let host = Host::new();
        *host.record.borrow_mut() = js(&format!(
            r#"{{"v":2,"revision":7,"token":"t","userInfo":{{"nickName":"小明"}},"via":"weixin","issuedAt":7{expiry}}}"#
        ));
        let session = host.client().session();
        let expected = Shown {
            user_info: HashMap::from([("nickName".into(), "小明".into())]),
            via: "weixin".into(),
            issued_at: 7.0,
            expires_at,
        };
        assert_eq!(Object::keys(session.unchecked_ref::<Object>()).length(), 5);
        let shown: Shown = serde_wasm_bindgen::from_value(session).unwrap();
        assert_eq!(shown, expected);
    }
}

/// A listener may call the client: nothing is borrowed while it runs.
#[wasm_bindgen_test]
async fn a_listener_may_call_the_client() {
    let host = Host::new();
    let client = Rc::new(host.client());
    let seen = Rc::new(RefCell::new(Vec::new()));
    let (inner, log) = (Rc::clone(&client), Rc::clone(&seen));
    host.set("changed", move |_, _| {
        let signed_in = !inner.session().is_null();
        log.borrow_mut().push((signed_in, inner.check_login()));
        Ok(JsValue::UNDEFINED)
    });
    login(&client).await.unwrap();
    let (signed_in, check) = seen.borrow_mut().remove(0);
    assert!(signed_in);
    assert_eq!(settled(check).await, Ok(JsValue::TRUE));
}

#[wasm_bindgen_test]
async fn a_request_crosses_with_all_that_wx_knows() {
    let host = Host::new();
    let client = host.client();
    login(&client).await.unwrap();
    host.answer(r#"{"statusCode":200,"data":{"errno":0,"data":{"list":[1,null,{"a":"𠮷"}]}}}"#);
    let options = js(
        r#"{"url":"goods/list","data":{"page":1},"responseType":"text","header":{"Accept":"*/*"}}"#,
    );
    let body = settled(client.request(options)).await.unwrap();
    assert_eq!(
        js_sys::JSON::stringify(&body).unwrap(),
        r#"{"errno":0,"data":{"list":[1,null,{"a":"𠮷"}]}}"#
    );
    let sent = host.requests.borrow()[1].clone();
    assert_eq!(text_at(&sent, "url"), "https://shop.example/wx/goods/list");
    assert_eq!(text_at(&sent, "responseType"), "text");
    assert_eq!(text_at(&sent, "header.X-Litemall-Token"), "token-1");
}
