//! The audit log: what was done, or refused, about logins and accounts. Its lines have the target `audit`, and like all lines of a
//! request its id, the client's address and the ids of its user and of the one who was merged into that one, which tell nothing about
//! a person.

use tracing::Span;

/// What changes who may sign in as whom.
pub const EVENTS: [(&str, &str); 14] = [
    ("/wx/auth/login_by_weixin", "login by WeChat"),
    ("/wx/auth/login", "login by password"),
    ("/wx/auth/register", "registration"),
    ("/wx/auth/refresh", "refresh"),
    ("/wx/auth/logout", "logout"),
    ("/wx/auth/logout_device", "logout of another login"),
    ("/wx/auth/logout_everywhere", "logout of all logins"),
    ("/wx/auth/bind_phone", "binding of a phone"),
    ("/wx/auth/unbind_phone", "unbinding of the phone"),
    ("/wx/auth/unbind_weixin", "unbinding of WeChat"),
    ("/wx/auth/password", "change of the password"),
    ("/wx/auth/reset_password", "reset of the password"),
    ("/wx/auth/cancel", "cancellation of the account"),
    ("/wx/auth/export", "export of the user's data"),
];

/// Notes whose request the current one is.
pub fn is_of_user(id: i64) {
    Span::current().record("user", id);
}

/// Notes who becomes part of the user whose request the current one is, if it is not refused.
pub fn merges(id: i64) {
    Span::current().record("merged", id);
}

/// A request was answered. `route` is the pattern that it matched.
pub fn answered(route: &str, errno: i32) {
    if let Some((_, event)) = EVENTS.iter().find(|(known, _)| *known == route) {
        let outcome = if errno == 0 { "done" } else { "refused" };
        tracing::info!(target: "audit", event, outcome, errno, "audit");
    }
}
