//! When WeChat is played: only where somebody asked for it.

use crate::support::{ANY_PORT, Backend, command, errno, refused_start};
use serde_json::json;
use tempfile::TempDir;

const ALL: [&str; 3] = ["WECHAT_APPID", "WECHAT_SECRET", "WECHAT_API_BASE"];

/// What a start says that does not work.
fn refused(listen: &str, arguments: &[&str], environment: &[(&str, &str)]) -> String {
    let folder = TempDir::new().unwrap();
    let mut start = command(&folder, listen);
    start.args(arguments).envs(environment.iter().copied());
    let output = refused_start(&mut start);
    assert!(!folder.path().join("data.db").exists());
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn a_half_set_of_wechats_variables_names_what_is_missing() {
    for (environment, missing) in [
        (&[][..], &["WECHAT_APPID", "WECHAT_SECRET", "--sandbox"][..]),
        (
            &[("WECHAT_API_BASE", "http://127.0.0.1:1")],
            &["WECHAT_APPID", "WECHAT_SECRET"],
        ),
        (&[("WECHAT_APPID", "wx1")], &["WECHAT_SECRET is missing"]),
        (
            &[("WECHAT_APPID", "wx1"), ("WECHAT_SECRET", "")],
            &["WECHAT_SECRET is missing"],
        ),
        (
            &[("WECHAT_SECRET", "hush-hush")],
            &["WECHAT_APPID is missing"],
        ),
    ] {
        let text = refused(ANY_PORT, &[], environment);
        for name in missing {
            assert!(text.contains(name), "{environment:?}: {text}");
        }
        assert!(!text.contains("hush-hush"));
    }
}

#[test]
fn the_sandbox_beside_the_real_wechats_variables_is_refused() {
    for name in ALL {
        let text = refused(ANY_PORT, &["--sandbox"], &[(name, "hush-hush")]);
        assert!(text.contains(name) && !text.contains("hush-hush"), "{text}");
    }
}

#[test]
fn the_sandbox_is_for_this_machine() {
    for everywhere in ["0.0.0.0:0", "[::]:0"] {
        let text = refused(everywhere, &["--sandbox"], &[]);
        assert!(text.contains("--sandbox-for-network"), "{text}");
    }
    let text = refused(ANY_PORT, &["--sandbox-for-network"], &[]);
    assert!(text.contains("--sandbox"), "{text}");
}

#[tokio::test]
async fn the_sandbox_is_for_other_machines_where_that_is_said_too() {
    let backend = Backend::start_with_args(&["--sandbox-for-network"]);
    assert_eq!(errno(&backend.login("amy", json!({})).await), 0);
}
