//! Whatever a host does, the promise settles.

use std::rc::Rc;

use js_sys::Error;
use wasm_bindgen::JsValue;
use wasm_bindgen::closure::Closure;
use wasm_bindgen_test::wasm_bindgen_test;
use weapp_login::wasm::settle;

use super::host::{
    Call, Host, code_of_login, js, login, never, rejected, resolved, settled, text_at,
};

#[wasm_bindgen_test]
async fn a_method_that_is_missing_fails_where_it_is_needed() {
    let host = Host::new();
    let client = host.client();
    host.put("setStorage", &JsValue::from(7));
    assert_eq!(
        text_at(&login(&client).await.unwrap_err(), "code"),
        "storage_failed"
    );
}

#[wasm_bindgen_test]
async fn a_method_that_throws_rejects() {
    let host = Host::new();
    host.on("login", |_| Err(Error::new("boom").into()));
    assert_eq!(code_of_login(&host).await, "wx_login_failed");
    let host = Host::new();
    host.on("request", |_| Err(Error::new("boom").into()));
    assert_eq!(code_of_login(&host).await, "network");
    let host = Host::new();
    host.set("setStorage", |_, _| Err(Error::new("boom").into()));
    assert_eq!(code_of_login(&host).await, "storage_failed");
}

#[wasm_bindgen_test]
async fn a_method_may_return_no_promise() {
    let host = Host::new();
    host.on("login", |_| Ok(js(r#"{"code":"code-1"}"#)));
    host.on("request", |_| {
        Ok(js(
            r#"{"statusCode":200,"data":{"errno":0,"data":{"token":"t"}}}"#,
        ))
    });
    login(&host.client()).await.unwrap();
    for nonsense in [
        JsValue::UNDEFINED,
        JsValue::NULL,
        JsValue::from(7),
        JsValue::from("x"),
        js("[]"),
    ] {
        let host = Host::new();
        let value = nonsense.clone();
        host.on("login", move |_| Ok(value.clone()));
        assert_eq!(code_of_login(&host).await, "wx_login_failed");
        let host = Host::new();
        host.on("request", move |_| Ok(nonsense.clone()));
        assert_eq!(code_of_login(&host).await, "server_error"); // no status is no success
    }
}

#[wasm_bindgen_test]
async fn a_method_may_never_answer() {
    let host = Host::new();
    host.on("login", |_| never());
    let error = login(&host.client()).await.unwrap_err();
    assert_eq!(text_at(&error, "code"), "timeout");
    assert_eq!(text_at(&error, "errMsg"), "login:fail timeout");
    let host = Host::new();
    host.on("request", |_| never());
    assert_eq!(code_of_login(&host).await, "timeout");
}

/// Its place may be another call's by then.
#[wasm_bindgen_test]
async fn an_answer_that_comes_too_late_goes_nowhere() {
    let host = Host::new();
    host.on("login", |_| never());
    let client = host.client();
    assert_eq!(
        text_at(&login(&client).await.unwrap_err(), "code"),
        "timeout"
    );
    let (_, number) = host.tickets.borrow()[0];
    let tickets = Rc::clone(&host.tickets);
    host.on("login", move |_| {
        let (slot, _) = *tickets.borrow().last().unwrap();
        settle(slot, number, true, js(r#"{"code":"late"}"#));
        resolved(js(r#"{"code":"in-time"}"#))
    });
    login(&client).await.unwrap();
    assert_eq!(text_at(&host.requests.borrow()[0], "data.code"), "in-time");
}

#[wasm_bindgen_test]
async fn wx_may_answer_before_it_returns_and_then_again() {
    let host = Host::new();
    let call = |api: usize, _options, slot, number, _ms| {
        let answer = if api == 0 {
            r#"{"code":"code-1"}"#
        } else {
            r#"{"statusCode":200,"data":{"errno":0,"data":{"token":"at-once"}}}"#
        };
        settle(slot, number, true, js(answer));
        settle(slot, number, false, js(r#"{"errMsg":"again"}"#));
        Ok(())
    };
    let call: Box<Call> = Box::new(call);
    host.put("call", &Closure::wrap(call).into_js_value());
    let client = host.client();
    let envelope = login(&client).await.unwrap();
    assert_eq!(text_at(&envelope, "data.token"), "at-once");
    assert_eq!(text_at(&host.record.borrow(), "token"), "at-once");
}

#[wasm_bindgen_test]
async fn check_session_may_do_anything() {
    // Only WeChat's own "no" makes the answer a no; the session is kept.
    let record =
        r#"{"v":1,"token":"t","userInfo":{},"via":"weixin","issuedAt":0,"expiresAt":9e15}"#;
    for (answer, signed_in) in [
        (resolved as fn(JsValue) -> _, true),
        (rejected, false),
        (|_| never(), true),
    ] {
        let host = Host::new();
        *host.record.borrow_mut() = js(record);
        host.on("checkSession", move |_| {
            answer(js(r#"{"errMsg":"checkSession:fail session time out"}"#))
        });
        let client = host.client();
        assert_eq!(settled(client.check_login()).await.is_ok(), signed_in);
        assert!(!client.session().is_null());
    }
}

/// (behaviour 37)
#[wasm_bindgen_test]
async fn a_storage_that_throws_or_holds_junk_counts_as_signed_out() {
    let host = Host::new();
    host.set("getStorage", |_, _| {
        Err(js(r#"{"errMsg":"getStorageSync:fail"}"#))
    });
    assert_eq!(
        settled(host.client().check_login()).await,
        Err(JsValue::FALSE)
    );
    for junk in [
        r#""x""#,
        "7",
        "true",
        "[]",
        "{}",
        r#"{"v":1}"#,
        r#"{"v":1,"token":7}"#,
    ] {
        let host = Host::new();
        *host.record.borrow_mut() = js(junk);
        let client = host.client();
        assert_eq!(
            settled(client.check_login()).await,
            Err(JsValue::FALSE),
            "{junk}"
        );
        login(&client).await.unwrap();
        assert_eq!(text_at(&host.record.borrow(), "token"), "token-1");
    }
}
