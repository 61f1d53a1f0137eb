//! Whatever a host does, the promise settles.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Error, Function, Promise};
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;

use super::host::{
    Host, at, code_of_login, js, login, never, rejected, resolved, settled, text_at,
};

#[wasm_bindgen_test]
async fn a_method_that_is_missing_fails_where_it_is_needed() {
    let host = Host::new();
    let client = host.client();
    host.put("setStorage", &JsValue::from(7));
    login(&client).await.unwrap();
    assert_eq!(at(&client.session(), "persisted"), JsValue::FALSE);
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
    let client = host.client();
    login(&client).await.unwrap();
    assert_eq!(at(&client.session(), "persisted"), JsValue::FALSE);
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

/// The first answer counts, as a promise has it; a late one is for nobody.
#[wasm_bindgen_test]
async fn an_answer_that_comes_too_late_is_not_taken_for_the_next_calls() {
    let host = Host::new();
    let late: Rc<RefCell<Option<Function>>> = Rc::default();
    let resolver = Rc::clone(&late);
    host.on("login", move |_| {
        Ok(Promise::new(&mut |resolve, _| *resolver.borrow_mut() = Some(resolve)).into())
    });
    let client = host.client();
    assert_eq!(
        text_at(&login(&client).await.unwrap_err(), "code"),
        "timeout"
    );
    host.on("login", move |_| {
        let late = late.borrow_mut().take().unwrap();
        late.call1(&JsValue::UNDEFINED, &js(r#"{"code":"late"}"#))
            .unwrap();
        resolved(js(r#"{"code":"in-time"}"#))
    });
    login(&client).await.unwrap();
    assert_eq!(text_at(&host.requests.borrow()[0], "data.code"), "in-time");
}

#[wasm_bindgen_test]
async fn check_session_may_do_anything() {
    // Only WeChat's own "no" makes the answer a no; the session is kept.
    let record = r#"{"v":2,"revision":0,"token":"t","userInfo":{},"via":"weixin","issuedAt":0,"expiresAt":9e15}"#;
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
        r#"{"v":2}"#,
        r#"{"v":2,"revision":0,"token":7}"#,
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
