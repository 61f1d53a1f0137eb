//! What each operation may refuse with HTTP 200, by `errno`, for the document. A program that is built for tests looks whether it
//! is true.

use utoipa::openapi::extensions::Extensions;
use utoipa::openapi::path::Operation;

const KEY: &str = "x-errno";
/// An error of the server's, or too much to do.
const ALWAYS: [i32; 2] = [502, 715];
/// What may be wrong with a code of WeChat's.
const CODES: [i32; 6] = [711, 712, 713, 714, 716, 717];

/// What each operation has beside [`ALWAYS`], and whether it takes a code.
const OPERATIONS: [(&str, &[i32], bool); 19] = [
    (
        "/wx/auth/login_by_weixin",
        &[401, 402, 505, 506, 700, 708, 709],
        true,
    ),
    ("/wx/auth/login", &[401, 402, 505, 506, 700, 716], false),
    (
        "/wx/auth/register",
        &[401, 402, 505, 506, 704, 707, 708, 718],
        true,
    ),
    ("/wx/auth/refresh", &[401, 402, 501, 505, 506], false),
    ("/wx/auth/info", &[501, 506], false),
    ("/wx/auth/profile", &[402, 501, 505, 506], false),
    ("/wx/auth/bind_phone", &[401, 402, 501, 505, 506], true),
    ("/wx/auth/unbind_weixin", &[501, 505, 506, 722], false),
    ("/wx/auth/unbind_phone", &[501, 505, 506], false),
    (
        "/wx/auth/password",
        &[401, 402, 501, 506, 716, 718, 719, 720],
        false,
    ),
    ("/wx/auth/reset_password", &[401, 402, 506, 718, 721], true),
    ("/wx/auth/cancel", &[501, 505, 506], false),
    ("/wx/auth/export", &[501], false),
    ("/wx/auth/logout", &[501], false),
    ("/wx/auth/logout_device", &[401, 402, 501], false),
    ("/wx/auth/logout_everywhere", &[501], false),
    ("/wx/auth/devices", &[501], false),
    ("/wx/storage/upload", &[401, 402, 501, 505, 506], false),
    ("/storage/{name}", &[], false),
];

/// Adds to the operation at `path` what it may refuse.
pub fn describe(path: &str, operation: &mut Operation) {
    if let Some(errnos) = of(path) {
        let extensions = Extensions::from_iter([(KEY, errnos)]);
        operation.extensions = Some(extensions);
    }
}

/// Whether the document says that `route` may answer `errno`, or says nothing of the route.
pub fn are_described(route: &str, errno: i32) -> bool {
    of(route).is_none_or(|errnos| errnos.contains(&errno))
}

fn of(path: &str) -> Option<Vec<i32>> {
    let mut operations = OPERATIONS.iter();
    let (_, own, takes_code) = operations.find(|(known, ..)| *known == path)?;
    let codes: &[i32] = if *takes_code { &CODES } else { &[] };
    let mut errnos = [&ALWAYS, *own, codes].concat();
    errnos.sort_unstable();
    Some(errnos)
}
