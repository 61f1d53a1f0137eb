//! Errors arrive as real `Error`s with a stable code and the other side's own words.

use gloo_utils::errors::JsError;
use js_sys::{Error, JSON, Object, Reflect};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;

use super::host::{Host, at, js, login, rejected, settled, text_at};

/// (B13)
#[wasm_bindgen_test]
async fn a_failure_of_wx_keeps_its_err_msg_and_errno() {
    let host = Host::new();
    host.on("request", |_| {
        rejected(js(r#"{"errMsg":"request:fail timeout","errno":5}"#))
    });
    let error = login(&host.client()).await.unwrap_err();
    assert!(error.is_instance_of::<Error>());
    assert_eq!(text_at(&error, "name"), "LoginError");
    assert_eq!(text_at(&error, "code"), "timeout");
    assert_eq!(text_at(&error, "errMsg"), "request:fail timeout");
    assert_eq!(at(&error, "errno"), JsValue::from(5));
    assert!(at(&error, "status").is_undefined());
    assert!(text_at(&error, "message").contains("request:fail timeout"));
    assert!(!text_at(&error, "stack").is_empty());
}

#[wasm_bindgen_test]
async fn a_refusal_of_the_server_keeps_its_errno_and_errmsg() {
    let host = Host::new();
    host.answer(r#"{"statusCode":200,"data":{"errno":713,"errmsg":"太频繁"}}"#);
    let error = login(&host.client()).await.unwrap_err();
    assert_eq!(text_at(&error, "code"), "too_frequent");
    assert_eq!(
        (at(&error, "errno"), text_at(&error, "errmsg")),
        (JsValue::from(713), "太频繁".to_owned())
    );
}

/// Code that knows nothing of us takes it for an error of JavaScript's.
#[wasm_bindgen_test]
async fn an_error_reads_as_any_other() {
    let host = Host::new();
    host.answer(r#"{"statusCode":502,"data":"<html>"}"#);
    let error = login(&host.client()).await.unwrap_err();
    let error = JsError::try_from(error).unwrap();
    assert_eq!(error.name, "LoginError");
    assert!(error.message.contains("HTTP error"), "{}", error.message);
}

#[wasm_bindgen_test]
async fn a_status_is_kept() {
    let host = Host::new();
    host.answer(r#"{"statusCode":502,"data":"<html>"}"#);
    let error = login(&host.client()).await.unwrap_err();
    assert_eq!(
        (text_at(&error, "code"), at(&error, "status")),
        ("server_error".to_owned(), JsValue::from(502))
    );
    host.answer(r#"{"statusCode":200,"data":"<html>"}"#);
    let error = login(&host.client()).await.unwrap_err();
    assert_eq!(
        (text_at(&error, "code"), at(&error, "status")),
        ("bad_response".to_owned(), JsValue::from(200))
    );
}

#[wasm_bindgen_test]
async fn anything_may_be_thrown() {
    for (thrown, err_msg) in [
        (Error::new("boom").into(), "boom"),
        (JsValue::from("a text"), "a text"),
        (JsValue::UNDEFINED, "unknown failure"),
        (JsValue::NULL, "unknown failure"),
        (JsValue::from(7), "unknown failure"),
        (js("{}"), "unknown failure"),
        (js(r#"{"errMsg":7,"errno":"x"}"#), "unknown failure"),
    ] {
        let host = Host::new();
        host.on("login", move |_| Err(thrown.clone()));
        assert_eq!(
            text_at(&login(&host.client()).await.unwrap_err(), "errMsg"),
            err_msg
        );
    }
}

#[wasm_bindgen_test]
async fn an_argument_that_cannot_be_used_rejects() {
    let client = Host::new().client();
    for argument in [JsValue::from("小明"), JsValue::from(7), js("[]")] {
        let error = settled(client.login_by_weixin(Some(argument.clone())))
            .await
            .unwrap_err();
        assert_eq!(
            (text_at(&error, "code"), text_at(&error, "field")),
            ("invalid_argument".into(), "userInfo".into())
        );
        let error = settled(client.update_profile(argument)).await.unwrap_err();
        assert_eq!(
            (text_at(&error, "code"), text_at(&error, "field")),
            ("invalid_argument".into(), "fields".into())
        );
    }
}

/// (behaviour 39)
#[wasm_bindgen_test]
async fn no_error_holds_the_token() {
    let host = Host::new();
    let client = host.client();
    login(&client).await.unwrap();
    for response in [
        r#"{"statusCode":500,"data":""}"#,
        r#"{"statusCode":200,"data":{"errno":501,"errmsg":"请登录"}}"#,
    ] {
        host.answer(response);
        let error = settled(client.update_profile(js("{}"))).await.unwrap_err();
        let printed = [
            text_at(&error, "message"),
            text_at(&error, "stack"),
            JSON::stringify(&error).unwrap().into(),
        ];
        assert!(printed.iter().all(|text| !text.contains("token-1")));
    }
}

#[wasm_bindgen_test]
async fn a_mode_that_is_none_rejects() {
    let client = Host::new().client();
    for options in [
        JsValue::from("force"),
        JsValue::from(7),
        js("[]"),
        js(r#"{"mode":"quick"}"#),
        js(r#"{"mode":7}"#),
    ] {
        let error = settled(client.ensure_login(Some(options)))
            .await
            .unwrap_err();
        assert_eq!(
            (text_at(&error, "code"), text_at(&error, "field")),
            ("invalid_argument".into(), "mode".into())
        );
    }
}

/// What a getter throws must not go through the module.
#[wasm_bindgen_test]
async fn a_getter_that_throws_counts_as_missing() {
    let host = Host::new();
    let client = host.client();
    login(&client).await.unwrap();
    let options = Object::new();
    let descriptor = Object::new();
    let get: Box<dyn FnMut() -> Result<JsValue, JsValue>> =
        Box::new(|| Err(Error::new("boom").into()));
    let get = Closure::wrap(get).into_js_value();
    Reflect::set(&descriptor, &"get".into(), &get).unwrap();
    Reflect::set(&descriptor, &"enumerable".into(), &JsValue::TRUE).unwrap();
    Object::define_property(&options, &"url".into(), &descriptor);
    let error = settled(client.request(options.into())).await.unwrap_err();
    assert_eq!(
        (text_at(&error, "code"), text_at(&error, "field")),
        ("invalid_argument".into(), "url".into())
    );
}
