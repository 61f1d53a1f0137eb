use serde_json::{Value, json};
use weapp_login::{Config, LoginError};

use crate::json::Json;

fn refused_field(options: Value) -> String {
    match &*Config::new(&Json(options.clone())).unwrap_err() {
        LoginError::InvalidConfig { field, .. } => field.clone(),
        other => panic!("{options} gives {other}"),
    }
}

#[test]
fn only_the_base_url_is_needed() {
    for url in [
        "https://api.example.com",
        "https://api.example.com/wx/",
        "https://api.example.com:8443/a/b",
        "http://localhost:8787/wx/",
        "http://127.0.0.1",
        "http://[::1]:80/",
    ] {
        assert!(
            Config::new(&Json(json!({ "baseUrl": url }))).is_ok(),
            "{url}"
        );
    }
}

#[test]
fn a_base_url_must_be_https_or_local() {
    for url in [
        json!(null),
        json!(""),
        json!(7),
        json!("api.example.com"),
        json!("ftp://api.example.com"),
        json!("http://api.example.com"),
        json!("http://192.168.1.5:8787/wx/"),
        json!("http://localhost.example.com"),
        json!("http://localhost@example.com"),
        json!("http://localhost\\.example.com"),
        json!("https://"),
        json!("https:///wx"),
        json!("https://user@example.com"),
        json!("https://example.com/?a=1"),
        json!("https://example.com/#top"),
        json!("https://exam ple.com/"),
        json!("https://example.com/\n"),
    ] {
        assert_eq!(refused_field(json!({ "baseUrl": url })), "baseUrl", "{url}");
    }
}

#[test]
fn every_option_that_cannot_work_is_named() {
    for (options, field) in [
        (json!({ "endpoints": {} }), "endpoints"),
        (json!({ "dialect": "litemall" }), "dialect"),
        (json!({ "expiryMarginMs": -1 }), "expiryMarginMs"),
        (json!({ "timeoutMs": 0 }), "timeoutMs"),
        (json!({ "timeoutMs": 60_001 }), "timeoutMs"),
        (json!({ "timeoutMs": "15000" }), "timeoutMs"),
        (json!({ "maxParallel": 0 }), "maxParallel"),
        (json!({ "maxParallel": 10 }), "maxParallel"),
        (json!({ "maxParallel": 1.5 }), "maxParallel"),
        (json!({ "maxParallel": "3" }), "maxParallel"),
        (json!({ "storageKey": "" }), "storageKey"),
        (json!({ "storageKey": true }), "storageKey"),
        (json!({ "sessionCheck": "sometimes" }), "sessionCheck"),
        (json!({ "baseURL": "https://example.com" }), "baseURL"),
    ] {
        let mut options = options;
        options["baseUrl"] = "https://example.com".into();
        assert_eq!(refused_field(options), field);
    }
    assert_eq!(refused_field(json!("https://example.com")), "options");
}

#[test]
fn a_server_in_the_same_network_needs_an_option() {
    for (url, allow_lan, allowed) in [
        ("http://192.168.1.5:8787/wx/", json!(true), true),
        ("http://desk.local/", json!(true), true),
        ("https://api.example.com/", json!(true), true),
        ("http://localhost:8787/", json!(true), true),
        ("http://192.168.1.5:8787/wx/", json!(false), false),
        ("http://192.168.1.5:8787/wx/", json!("true"), false),
        ("http://", json!(true), false),
        ("http:///wx/", json!(true), false),
        ("http://:8787/", json!(true), false),
        ("http://user@192.168.1.5/", json!(true), false),
        ("ftp://192.168.1.5/", json!(true), false),
    ] {
        let options = json!({ "baseUrl": url, "allowLan": allow_lan });
        match allowed {
            true => assert!(Config::new(&Json(options.clone())).is_ok(), "{options}"),
            false => assert_eq!(refused_field(options.clone()), "baseUrl", "{options}"),
        }
    }
    let elsewhere = json!({ "hosts": ["http://192.168.1.6/"] });
    let options =
        json!({ "baseUrl": "http://192.168.1.5/", "allowLan": true, "dialect": elsewhere });
    assert_eq!(refused_field(options), "dialect.hosts");
}
