//! Options that cannot work throw at creation and are named.

use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;
use weapp_login::wasm::LoginClient;

use super::host::{Host, text_at};

fn refused_field(options: &str) -> String {
    let error = Host::new().create(options).err().unwrap();
    assert_eq!(text_at(&error, "code"), "invalid_config");
    text_at(&error, "field")
}

#[wasm_bindgen_test]
fn the_option_is_named() {
    assert_eq!(refused_field("{}"), "baseUrl");
    assert_eq!(
        refused_field(r#"{"baseUrl":"http://shop.example/"}"#),
        "baseUrl"
    );
    assert_eq!(
        refused_field(r#"{"baseUrl":"https://a.b","dialect":{"login":{"url":""}}}"#),
        "dialect.login.url"
    );
    assert_eq!(
        refused_field(r#"{"baseUrl":"https://a.b","dialect":{"signedOut":{"errno":[]}}}"#),
        "dialect.signedOut.errno"
    );
    assert_eq!(
        refused_field(r#"{"baseUrl":"https://a.b","timeOutMs":1}"#),
        "timeOutMs"
    );
    assert_eq!(refused_field("[]"), "options");
}

#[wasm_bindgen_test]
fn no_options_at_all_are_no_panic() {
    for nothing in [JsValue::UNDEFINED, JsValue::NULL, JsValue::from(7)] {
        assert!(LoginClient::new(nothing, Host::new().object.unchecked_into()).is_err());
    }
}
