//! Reading a dialect, slot by slot.

use std::array;

use super::call::CALL;
use super::{
    Call, Carrier, Dialect, Instant, Matches, Paths, Purpose, Refusals, Scheme, Success, Unfinished,
};
use crate::given::{
    Given, problem_of_header, problem_of_header_text, problem_of_name, problem_of_root,
};
use crate::{Payload, text};

/// The dialect of the reference backend. What a given dialect does not say about answers is as in this one; a call that it does not
/// name, its server does not have.
const REFERENCE: &str = include_str!("reference.json");

/// The slots that are no calls.
const SLOTS: [&str; 13] = [
    "sign",
    "headers",
    "params",
    "hosts",
    "success",
    "code",
    "message",
    "token",
    "expires",
    "renewed",
    "signedOut",
    "unfinished",
    "refusals",
];
const TOKEN: [&str; 6] = ["at", "scheme", "header", "query", "body", "refresh"];
const RENEWED: [&str; 2] = ["at", "header"];
const EXPIRES: [&str; 2] = ["at", "as"];
/// The refusals that have a code of their own: the one list of them, of which the types of the package are made.
macro_rules! named_refusals {
    ($($name:literal)*) => {
        const NAMED_REFUSALS: &[&str] = &[$($name),*];

        /// Their names as a TypeScript type.
        #[cfg(target_arch = "wasm32")]
        #[allow(dead_code)] // rustc does not count the use in a section of types
        pub(crate) const REFUSAL_TYPE: &str = concat!(
            "/** The refusals that have a code of their own. */
export type Refusal =",
            $("
  | \"", $name, "\""),*,
            ";
",
        );
    };
}

named_refusals! {
    "wrong_password"
    "name_taken"
    "bad_mobile"
    "weixin_bound_elsewhere"
    "account_bound_elsewhere"
    "wechat_busy"
    "code_expired"
    "too_frequent"
    "login_blocked"
    "refresh_refused"
}

const END_SESSION: &str = "endSession";
const NEED_USER: &str = "needUser";

impl<V: Payload> Dialect<V> {
    /// Reads the slots of a dialect below `base_url`; without one, the reference backend's.
    pub(crate) fn read(given: &Given<V>, base_url: &str) -> Self {
        let reference = given.with(V::from_json(REFERENCE));
        let calls = Purpose::ALL.iter().map(|purpose| purpose.slot());
        let slots: Vec<_> = calls.chain(SLOTS).collect();
        let given = given.or(&reference).known(&slots);
        let slot = |name| given.field(name).or(&reference.field(name));
        let roots = read_roots(&given.field("hosts"), base_url);
        let root = |url: &Given<V>| absolute(url, &roots);
        let token = slot("token").known(&TOKEN);
        let renewed = given.field("renewed").known(&RENEWED);
        let renewed_header = renewed.field("header");
        let says_one = renewed.field("at").value.is_some() != renewed_header.value.is_some();
        if renewed.value.is_some() && !says_one {
            renewed.refuse("must have at or header");
        }
        let user = given
            .field("user")
            .known(&[&CALL[..], &["at", "id"]].concat());
        let by_app = |name| {
            given
                .field(name)
                .value
                .is_some_and(|given| given.is_function())
        };
        let (login_by_app, signs) = (by_app("login"), by_app("sign"));
        let sign = given.field("sign");
        if sign.value.is_some() && !signs {
            sign.refuse("must be a function");
        }
        let in_user = |name| user.field(name).or(&reference.field("user").field(name));
        Dialect {
            headers: read_constants(&given.field("headers"), problem_of_header),
            params: read_constants(&given.field("params"), problem_of_name),
            success: read_success(&slot("success")),
            code: Paths::read(&slot("code")),
            message: Paths::read(&slot("message")),
            calls: array::from_fn(|i| {
                let purpose = Purpose::ALL[i];
                let call = given.field(purpose.slot());
                match purpose {
                    Purpose::Login if login_by_app => None,
                    Purpose::User if call.field("url").value.is_none() => None,
                    Purpose::User => Call::read(&call, purpose.method(), &root, purpose.holes()),
                    _ => Call::read(&call.known(&CALL), purpose.method(), &root, purpose.holes()),
                }
            }),
            login_by_app,
            signs,
            token: Paths::read(&token.field("at").or(&reference.field("token").field("at"))),
            scheme: read_scheme(token.field("scheme")),
            carrier: read_carrier(&token, &reference.field("token").field("header")),
            refresh_token: Paths::read(&token.field("refresh")),
            renewed: Paths::read(&renewed.field("at")),
            renewed_header: renewed_header
                .value
                .is_some()
                .then(|| renewed_header.text("", problem_of_header)),
            expires: slot("expires")
                .items()
                .into_iter()
                .map(read_expiry)
                .collect(),
            user: Paths::read(&in_user("at")),
            user_id: Paths::read(&in_user("id")),
            signed_out: Matches::read(&slot("signedOut")),
            unfinished: read_unfinished(&given.field("unfinished")),
            refusals: read_refusals(given.field("refusals")),
            roots,
        }
    }
}

fn read_roots<V: Payload>(given: &Given<V>, base_url: &str) -> Vec<String> {
    let hosts = given
        .items()
        .into_iter()
        .map(|host| host.root(problem_of_root));
    [base_url.to_owned()].into_iter().chain(hosts).collect()
}

/// The absolute address of a call: below the base URL, or below a further host.
fn absolute<V: Payload>(given: &Given<V>, roots: &[String]) -> String {
    let url = given.text("", |_| None);
    let is_below = |root: &String| url.starts_with(root.as_str());
    if roots.iter().any(is_below) && !text::climbs(text::path(&url)) {
        return url;
    }
    if let Some(problem) = problem_of_path(&url) {
        given.refuse(problem);
    }
    text::concat(&[&roots[0], &url])
}

fn problem_of_path(path: &str) -> Option<&'static str> {
    let plain = text::path(path);
    if plain.starts_with('/') || text::has_any(plain, b":\\") || text::climbs(plain) {
        return Some(
            "must be a path below baseUrl, without a slash in front, or an address below one of hosts",
        );
    }
    problem_of_name(path)
}

pub(super) fn read_constants<V: Payload>(
    given: &Given<V>,
    problem_of: fn(&str) -> Option<&'static str>,
) -> Vec<(String, String)> {
    let read = |(name, value): (String, Given<V>)| {
        let text = value.plain();
        if let Some(problem) = problem_of(&name).or_else(|| problem_of_header_text(&text)) {
            value.refuse(problem);
        }
        (name, text)
    };
    given.fields().into_iter().map(read).collect()
}

fn read_success<V: Payload>(given: &Given<V>) -> Success {
    match given.value.as_ref().and_then(V::as_text).as_deref() {
        Some("status") => Success::Status,
        _ => {
            let matches = Matches::read(given);
            if matches.paths().next().is_none() {
                given.refuse("must be status, a match or a list of matches");
            }
            Success::Says(matches)
        }
    }
}

fn read_unfinished<V: Payload>(given: &Given<V>) -> Unfinished {
    match given.value.as_ref().and_then(V::as_text).as_deref() {
        Some("no-token") => Unfinished::NoToken,
        _ => Unfinished::Says(Matches::read(given)),
    }
}

fn read_scheme<V: Payload>(given: Given<V>) -> Scheme {
    match given.value.as_ref().is_some_and(V::is_object) {
        true => Scheme::Answered(Paths::read(&given.known(&["at"]).field("at"))),
        false => Scheme::Fixed(given.text("", problem_of_header_text)),
    }
}

fn read_carrier<V: Payload>(given: &Given<V>, header: &Given<V>) -> Carrier {
    let (query, body) = (given.field("query"), given.field("body"));
    let header_given = given.field("header");
    let places = [&query, &body, &header_given].into_iter();
    if places.filter(|place| place.value.is_some()).count() > 1 {
        given.refuse("must have only one of header, query and body");
    }
    if query.value.is_some() {
        return Carrier::Query(query.text("", problem_of_name));
    }
    if body.value.is_some() {
        return Carrier::Body(body.text("", problem_of_name));
    }
    let header = given.field("header").or(header);
    Carrier::Header(header.text("", problem_of_header))
}

fn read_expiry<V: Payload>(given: Given<V>) -> (Paths, Instant) {
    let given = given.known(&EXPIRES);
    let said_as = given.field("as");
    let instant = match said_as.text("seconds", |_| None).as_str() {
        "seconds" => Instant::Seconds,
        "epoch-s" => Instant::EpochSeconds,
        "epoch-ms" => Instant::EpochMs,
        "rfc3339" => Instant::Rfc3339,
        _ => {
            said_as.refuse("must be seconds, epoch-s, epoch-ms or rfc3339");
            Instant::Seconds
        }
    };
    (Paths::read(&given.field("at")), instant)
}

fn read_refusals<V: Payload>(given: Given<V>) -> Refusals {
    let given = given.known(&[NAMED_REFUSALS, &[END_SESSION, NEED_USER]].concat());
    let read = |name: &'static str| {
        let field = given.field(name);
        field.value.is_some().then(|| (name, Matches::read(&field)))
    };
    Refusals {
        end_session: Matches::read(&given.field(END_SESSION)),
        need_user: Matches::read(&given.field(NEED_USER)),
        named: NAMED_REFUSALS.iter().copied().filter_map(read).collect(),
    }
}
