use weapp_login::{HostFailure, LoginError};

/// The codes are an interface: a change here is a breaking change.
#[test]
fn every_failure_has_its_stable_code() {
    let failure = || HostFailure {
        err_msg: "x:fail".into(),
        errno: None,
    };
    for (error, code) in [
        (
            LoginError::InvalidConfig {
                field: "baseUrl".into(),
                problem: "is odd",
            },
            "invalid_config",
        ),
        (
            LoginError::InvalidArgument {
                name: "fields",
                problem: "is odd",
            },
            "invalid_argument",
        ),
        (LoginError::WxLogin(failure()), "wx_login_failed"),
        (LoginError::Timeout(failure()), "timeout"),
        (LoginError::Network(failure()), "network"),
        (LoginError::ServerError { status: 500 }, "server_error"),
        (
            LoginError::BadResponse {
                status: 200,
                problem: "is odd",
            },
            "bad_response",
        ),
        (
            LoginError::Rejected {
                errno: 502,
                errmsg: "系统内部错误".into(),
            },
            "rejected",
        ),
        (LoginError::SignedOut, "signed_out"),
        (LoginError::Interrupted, "interrupted"),
        (LoginError::LoggedOut, "logged_out"),
        (LoginError::Storage(failure()), "storage_failed"),
    ] {
        assert_eq!(error.code(), code);
        assert!(error.message().starts_with(&error.to_string()));
    }
}
