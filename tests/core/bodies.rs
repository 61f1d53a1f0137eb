//! Bodies that are not what the client reads as a rule.

use serde_json::{Value, json};
use weapp_login::Api;

use crate::common::{account_with, code, dialect, user};
use crate::json::Json;
use crate::server::success;
use crate::world::{World, http};

fn send(options: &Value, answers: &[(u16, Value)]) -> (World, weapp_login::Result<Json>) {
    let (world, client) = account_with(dialect(json!({ "check": null })));
    for (status, body) in answers {
        world.next_response(http(*status, body.clone()));
    }
    let options = Json(options.clone());
    let result = world.run(client.request(Api::Request, options));
    (world, result)
}

/// A text, or binary data beside which the host has put its text.
#[test]
fn signed_out_is_seen_in_what_is_not_read_as_json() {
    let text = r#"{"errno":501,"errmsg":"please sign in"}"#;
    for options in [
        json!({ "url": "file", "dataType": "text" }),
        json!({ "url": "file", "responseType": "arraybuffer" }),
    ] {
        let (_, result) = send(&options, &[(200, json!(text))]);
        assert_eq!(code(result), "signed_out");
        let (_, result) = send(
            &options,
            &[(422, json!(r#"{"errno":9,"errmsg":"sold out"}"#))],
        );
        let error = result.unwrap_err();
        assert_eq!(error.code(), "rejected");
        assert!(error.to_string().contains("sold out"));
        for body in ["plain", r#"{"errno":0}"#, r#"{"errno":9}"#] {
            let (_, result) = send(&options, &[(200, json!(body))]);
            assert_eq!(result.unwrap().0, json!(body));
        }
    }
}

#[test]
fn a_user_is_read_where_the_meaning_is_clear() {
    for (given, id) in [
        (json!({ "userId": 9 }), json!(9)),
        (json!(r#"{"userId":9,"nickName":"x"}"#), json!(9)),
        (json!([]), Value::Null),
        (json!("{}"), Value::Null),
    ] {
        let world = World::new();
        let client = world.client();
        world.next_response(http(
            200,
            success(json!({ "token": "t", "userInfo": given })),
        ));
        world.run(client.clone().login_by_weixin(None)).unwrap();
        assert_eq!(user(&client), Some(id));
        assert!(client.session().unwrap().user_info.0.is_object());
    }
    for given in [json!([1]), json!("x"), json!("[1]"), json!(7)] {
        let world = World::new();
        let client = world.client();
        world.next_response(http(
            200,
            success(json!({ "token": "t", "userInfo": given })),
        ));
        let result = world.run(client.clone().login_by_weixin(None));
        assert_eq!(code(result), "bad_response");
    }
}
