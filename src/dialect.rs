//! How a server speaks: one object of the app's says it.

mod call;
mod find;
mod reading;

pub(crate) use call::{Call, Holes, METHODS};
pub(crate) use find::{Matches, Paths};
pub(crate) use reading::{Answer, Grant, Outcome, Response};

use std::array;

use crate::given::{Given, problem_of_header, problem_of_header_text, problem_of_name};
use crate::session::Token;
use crate::{LoginError, Payload, Remedy, Result, text};

use call::{CALL, with_parameter, without_parameter};

/// The dialect of the reference backend. What a given dialect does not say about answers is as in this one; a call that it does not
/// name, its server does not have.
const REFERENCE: &str = include_str!("dialect/reference.json");

/// The hole for the token with which another token is asked for.
pub(crate) const REFRESH: &str = "refresh";

/// An enum, with all its variants, and the slot of each beside it.
macro_rules! slots {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident: $slot:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) enum $name { $($(#[$variant_doc])* $variant),* }

        impl $name {
            /// In the order in which they are declared.
            const ALL: &[Self] = &[$(Self::$variant),*];

            fn slot(self) -> &'static str {
                match self { $(Self::$variant => $slot),* }
            }
        }
    };
}

slots! {
    /// What is asked of the server, by a call in a slot of the dialect.
    Purpose {
        Login: "login",
        BindAccount: "bindAccount",
        AccountLogin: "accountLogin",
        Register: "register",
        PhoneLogin: "phoneLogin",
        BindPhone: "bindPhone",
        Check: "check",
        Profile: "profile",
        Logout: "logout",
        /// Another token for one that ends or has ended.
        Refresh: "refresh",
        /// After a login whose answer does not bring the user.
        User: "user",
    }
}

impl Purpose {
    /// What the client knows for it.
    fn holes(self) -> &'static [&'static str] {
        match self {
            Purpose::Login => &["code", "userInfo"],
            Purpose::BindAccount => &["code", "userInfo", "account", "username", "password"],
            Purpose::AccountLogin | Purpose::Register => &["account", "username", "password"],
            Purpose::BindPhone => &["phoneCode"],
            Purpose::Profile => &["profile"],
            Purpose::PhoneLogin => &["code", "phoneCode", "encryptedData", "iv", "unfinished"],
            Purpose::Logout | Purpose::Refresh => &[REFRESH],
            Purpose::Check | Purpose::User => &[],
        }
    }

    fn method(self) -> &'static str {
        match self {
            Purpose::Check | Purpose::User => "GET",
            _ => "POST",
        }
    }

    /// Whether a refusal there leads to no login: it signs in or out itself, or needs the phone's own code.
    fn is_exempt(self) -> bool {
        !matches!(self, Purpose::Check | Purpose::Profile | Purpose::User)
    }
}

/// The slots that are no calls.
const SLOTS: [&str; 12] = [
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
/// The refusals that have a code of their own.
const NAMED_REFUSALS: [&str; 9] = [
    "wrong_password",
    "name_taken",
    "bad_mobile",
    "weixin_bound_elsewhere",
    "account_bound_elsewhere",
    "wechat_busy",
    "code_expired",
    "too_frequent",
    "login_blocked",
];
const END_SESSION: &str = "endSession";
const NEED_USER: &str = "needUser";

/// How a server speaks.
#[derive(Debug, Clone)]
pub(crate) struct Dialect<V> {
    /// Constant, with each request to our server.
    headers: Vec<(String, String)>,
    params: Vec<(String, String)>,
    success: Success,
    /// The server's own name of a refusal.
    code: Paths,
    message: Paths,
    /// By [`Purpose`].
    calls: [Option<Call<V>>; Purpose::ALL.len()],
    token: Paths,
    scheme: Scheme,
    carrier: Carrier,
    /// Where the token is with which another token is asked for; nowhere without one.
    refresh_token: Paths,
    /// Where an answer to any request brings a token that takes the place of the one that it was sent with: in the body, or in a header.
    renewed: Paths,
    renewed_header: Option<String>,
    /// Where it may be said when the token ends.
    expires: Vec<(Paths, Instant)>,
    user: Paths,
    /// Within the user.
    pub(crate) user_id: Paths,
    signed_out: Matches,
    unfinished: Unfinished,
    refusals: Refusals,
    /// The roots of the addresses that the token may be sent to.
    pub(crate) roots: Vec<String>,
}

/// What the refusals of a login mean; one that is not told is temporary.
#[derive(Debug, Clone)]
struct Refusals {
    end_session: Matches,
    /// Only the user can do something about them.
    need_user: Matches,
    named: Vec<(&'static str, Matches)>,
}

/// What means that the server has done what it was asked to.
#[derive(Debug, Clone)]
enum Success {
    /// The HTTP status alone.
    Status,
    Says(Matches),
}

/// What stands before the token where it is sent.
#[derive(Debug, Clone)]
enum Scheme {
    Fixed(String),
    /// The login's answer says it, and it is kept as part of the token.
    Answered(Paths),
}

/// How the token goes to the server.
#[derive(Debug, Clone)]
enum Carrier {
    Header(String),
    Query(String),
    Body(String),
}

/// How an answer says when the token ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Instant {
    /// A life in seconds.
    Seconds,
    /// An instant of the server's clock, in s or ms since 1970.
    EpochSeconds,
    EpochMs,
    /// An instant with a zone.
    Rfc3339,
}

/// What means that a login needs something more of the user.
#[derive(Debug, Clone)]
enum Unfinished {
    Says(Matches),
    /// That it brings no token.
    NoToken,
}

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
        let user = given
            .field("user")
            .known(&[&CALL[..], &["at", "id"]].concat());
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
                    Purpose::User if call.field("url").value.is_none() => None,
                    Purpose::User => Call::read(&call, purpose.method(), &root, purpose.holes()),
                    _ => Call::read(&call.known(&CALL), purpose.method(), &root, purpose.holes()),
                }
            }),
            token: Paths::read(&token.field("at").or(&reference.field("token").field("at"))),
            scheme: read_scheme(&token.field("scheme")),
            carrier: read_carrier(&token),
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
            refusals: read_refusals(&given.field("refusals")),
            roots,
        }
    }

    /// The request for `purpose`, filled in. Fails if the server does not have it.
    pub(crate) fn options(&self, purpose: Purpose, holes: &Holes<V>) -> Result<V> {
        match &self.calls[purpose as usize] {
            Some(call) => Ok(call.options(holes)),
            None => Err(crate::error::failed(LoginError::InvalidConfig {
                field: text::concat(&["dialect.", purpose.slot()]),
                problem: "does not say how to ask the server for that",
            })),
        }
    }

    /// Whether the server can be asked for it.
    pub(crate) fn has(&self, purpose: Purpose) -> bool {
        self.calls[purpose as usize].is_some()
    }

    /// Whether another token is asked for with the current one, and not with one for that alone.
    pub(crate) fn refreshes_by_token(&self) -> bool {
        let call = self.calls[Purpose::Refresh as usize].as_ref();
        call.is_some_and(|call| !call.uses(REFRESH))
    }

    /// Whether a login needs a code of `wx.login`.
    pub(crate) fn needs_code(&self, purpose: Purpose) -> bool {
        let call = self.calls[purpose as usize].as_ref();
        call.is_some_and(|call| call.uses("code"))
    }

    /// What is below one of the roots of an absolute address: only that may be sent with the token.
    pub(crate) fn below_root<'a>(&self, url: &'a str) -> Option<&'a str> {
        self.roots
            .iter()
            .find_map(|root| url.strip_prefix(root.as_str()))
    }

    /// Whether a request to an absolute address signs in or out.
    pub(crate) fn logs_in(&self, url: &str, method: &str) -> bool {
        Purpose::ALL.iter().any(|&purpose| {
            let call = self.calls[purpose as usize].as_ref();
            purpose.is_exempt() && call.is_some_and(|call| call.is(url, method))
        })
    }

    /// A copy of the options of a request to our server, with the constants, and with the token if there is one. A second token under
    /// another spelling of the same header, or in the address already, would go along, and which one counts would be the server's
    /// choice.
    pub(crate) fn dressed(&self, options: &V, token: Option<&Token>) -> V {
        let mut header = options.header();
        for (name, value) in &self.headers {
            let is_given = |given: &String| given.eq_ignore_ascii_case(name);
            if !header.keys().iter().any(is_given) {
                header.set_text(name, value);
            }
        }
        let url = options.text_at("url").unwrap_or_default();
        let mut url = url.split('#').next().unwrap_or_default().to_owned(); // a fragment is not sent
        for (name, value) in &self.params {
            if without_parameter::<V>(&url, name) == url {
                url = with_parameter::<V>(&url, name, value);
            }
        }
        let mut dressed = options.merged(&V::object());
        if let Some(token) = token {
            let carried = self.carried(token);
            match &self.carrier {
                Carrier::Header(name) => {
                    header = header.without(name);
                    header.set_text(name, &carried);
                }
                Carrier::Query(name) => {
                    url = with_parameter::<V>(&without_parameter::<V>(&url, name), name, &carried);
                }
                Carrier::Body(name) => {
                    let field = match options.get("filePath") {
                        Some(_) => "formData",
                        None => "data",
                    };
                    let body = options.get(field).unwrap_or_else(V::object);
                    let mut body = body.merged(&V::object());
                    body.set_text(name, &carried);
                    dressed.set(field, body);
                }
            }
        }
        dressed.set("header", header);
        dressed.set_text("url", &url);
        dressed
    }

    /// The header that carries the token, if one does, and what is in it.
    pub(crate) fn header_of(&self, token: &Token) -> Option<(&str, String)> {
        match &self.carrier {
            Carrier::Header(name) => Some((name, self.carried(token))),
            _ => None,
        }
    }

    /// Whether the token goes with the fields of the body, which has to be an object then.
    pub(crate) fn needs_fields(&self) -> bool {
        matches!(self.carrier, Carrier::Body(_))
    }

    /// Whether the token goes where an error of WeChat's may repeat it.
    pub(crate) fn may_be_repeated(&self) -> bool {
        matches!(self.carrier, Carrier::Query(_))
    }

    /// Where a token may be in an answer.
    fn secrets(&self) -> [&Paths; 3] {
        [&self.token, &self.refresh_token, &self.renewed]
    }

    fn carried(&self, token: &Token) -> String {
        match &self.scheme {
            Scheme::Fixed(scheme) => text::concat(&[scheme, token.secret()]),
            Scheme::Answered(_) => token.secret().to_owned(),
        }
    }

    fn remedy(&self, status: i32, body: Option<&V>) -> Remedy {
        if self.refusals.end_session.hold(status, body) {
            Remedy::NewSession
        } else if self.refusals.need_user.hold(status, body) {
            Remedy::User
        } else {
            Remedy::Retry
        }
    }

    /// The stable name of a refusal.
    fn name_of_refusal(&self, status: i32, body: Option<&V>) -> &'static str {
        let mut named = self.refusals.named.iter();
        let found = named.find(|(_, matches)| matches.hold(status, body));
        found.map_or("rejected", |(name, _)| name)
    }
}

fn read_roots<V: Payload>(given: &Given<V>, base_url: &str) -> Vec<String> {
    let mut roots = vec![base_url.to_owned()];
    roots.extend(
        given
            .items()
            .iter()
            .map(|host| crate::config::read_root(host)),
    );
    roots
}

/// The absolute address of a call: below the base URL, or below a further host.
fn absolute<V: Payload>(given: &Given<V>, roots: &[String]) -> String {
    let url = given.text("", |_| None);
    if roots.iter().any(|root| url.starts_with(root.as_str())) {
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

fn read_constants<V: Payload>(
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
        _ => Success::Says(Matches::read(given)),
    }
}

fn read_unfinished<V: Payload>(given: &Given<V>) -> Unfinished {
    match given.value.as_ref().and_then(V::as_text).as_deref() {
        Some("no-token") => Unfinished::NoToken,
        _ => Unfinished::Says(Matches::read(given)),
    }
}

fn read_scheme<V: Payload>(given: &Given<V>) -> Scheme {
    match given.value.as_ref().is_some_and(V::is_object) {
        true => Scheme::Answered(Paths::read(&given.field("at"))),
        false => Scheme::Fixed(given.text("", problem_of_header_text)),
    }
}

fn read_carrier<V: Payload>(given: &Given<V>) -> Carrier {
    let (query, body) = (given.field("query"), given.field("body"));
    if query.value.is_some() {
        return Carrier::Query(query.text("", problem_of_name));
    }
    if body.value.is_some() {
        return Carrier::Body(body.text("", problem_of_name));
    }
    Carrier::Header(
        given
            .field("header")
            .text("X-Litemall-Token", problem_of_header),
    )
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

fn read_refusals<V: Payload>(given: &Given<V>) -> Refusals {
    let known = [&NAMED_REFUSALS[..], &[END_SESSION, NEED_USER]].concat();
    let given = given.with(given.value.clone()).known(&known);
    let read = |name: &'static str| {
        let field = given.field(name);
        field.value.is_some().then(|| (name, Matches::read(&field)))
    };
    Refusals {
        end_session: Matches::read(&given.field(END_SESSION)),
        need_user: Matches::read(&given.field(NEED_USER)),
        named: NAMED_REFUSALS.into_iter().filter_map(read).collect(),
    }
}
