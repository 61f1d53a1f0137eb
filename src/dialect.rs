//! How a server speaks: one object of the app's says it.

mod answer;
mod call;
mod find;
mod purpose;
mod response;
mod slots;

pub(crate) use answer::{Answer, Grant, Outcome};
pub(crate) use call::{Call, Holes, METHODS};
pub(crate) use find::{Matches, Paths};
pub(crate) use purpose::{Purpose, REFRESH};
pub(crate) use response::Response;
#[cfg(target_arch = "wasm32")]
pub(crate) use slots::REFUSAL_TYPE;

use std::cell::OnceCell;
use std::rc::Rc;

use crate::error::failed;
use crate::given::{Given, problem_of_header, problem_of_name};
use crate::session::Token;
use crate::{Asked, LoginError, Payload, Remedy, Result, text};

use call::{with_parameter, without_parameter};
use slots::read_constants;

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
    /// Whether a function of the app's signs in.
    login_by_app: bool,
    /// Whether a function of the app's adds something to each request.
    pub(crate) signs: bool,
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
    /// The request for `purpose`, filled in, and as an error names it: with its `$name`s, which may stand for secrets. Fails if the
    /// server does not have it.
    pub(crate) fn request(&self, purpose: Purpose, holes: &Holes<V>) -> Result<(V, Rc<Asked>)> {
        match &self.calls[purpose as usize] {
            Some(call) => Ok((
                call.options(holes),
                self.asked_at(call.method(), call.template()),
            )),
            None => Err(failed(LoginError::InvalidConfig {
                field: text::concat(&["dialect.", purpose.slot()]),
                problem: "does not say how to ask the server for that",
            })),
        }
    }

    /// A request to an absolute address, for an error.
    pub(crate) fn asked_at(&self, method: &'static str, url: &str) -> Rc<Asked> {
        let path = text::path(self.below_root(url).unwrap_or(url)).to_owned();
        Rc::new(Asked { method, path })
    }

    /// Whether the server can be asked for it.
    pub(crate) fn has(&self, purpose: Purpose) -> bool {
        self.calls[purpose as usize].is_some() || self.is_by_app(purpose)
    }

    /// Whether the app's own function asks for it.
    pub(crate) fn is_by_app(&self, purpose: Purpose) -> bool {
        let is_login = matches!(purpose, Purpose::Login | Purpose::PhoneLogin);
        self.login_by_app && is_login && self.calls[purpose as usize].is_none()
    }

    /// Whether another token is asked for with the current one, and not with one for that alone.
    pub(crate) fn refreshes_by_token(&self) -> bool {
        let call = self.calls[Purpose::Refresh as usize].as_ref();
        call.is_some_and(|call| !call.uses(REFRESH))
    }

    /// Whether a login needs a code of `wx.login`.
    pub(crate) fn needs_code(&self, purpose: Purpose) -> bool {
        let call = self.calls[purpose as usize].as_ref();
        self.is_by_app(purpose) || call.is_some_and(|call| call.uses("code"))
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
        add_headers(&mut header, &self.headers);
        let mut dressed = options.merged(&V::object());
        add_parameters(&mut dressed, &self.params);
        if let Some(token) = token {
            let carried = self.carried(token);
            match &self.carrier {
                Carrier::Header(name) => {
                    header = header.without(name);
                    header.set_text(name, &carried);
                }
                Carrier::Query(name) => set_parameter(&mut dressed, name, &carried),
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
        dressed
    }

    /// The options with the headers and the parameters that the app's own function adds. What is there already stays as it is.
    pub(crate) fn with_signature(&self, mut options: V, signature: &V) -> Result<V> {
        let problem = OnceCell::new();
        let given = Given::all(signature, &problem).known(&["header", "query"]);
        let mut header = options.header();
        add_headers(
            &mut header,
            &read_constants(&given.field("header"), problem_of_header),
        );
        options.set("header", header);
        add_parameters(
            &mut options,
            &read_constants(&given.field("query"), problem_of_name),
        );
        match problem.get() {
            None => Ok(options),
            Some(_) => Err(failed(LoginError::Hook {
                function: "dialect.sign",
                problem: "must give {header, query} with texts",
            })),
        }
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

    /// Whether answers may bring a token in place of the one of their request.
    pub(crate) fn rolls(&self) -> bool {
        self.renewed_header.is_some() || !self.renewed.is_empty()
    }

    /// A token that takes the place of `before`: an answer that brings one need not say its scheme once more.
    pub(crate) fn succeeding(&self, before: &Token, token: Token) -> Token {
        match self.scheme {
            Scheme::Fixed(_) => token,
            Scheme::Answered(_) => token.in_scheme_of(before),
        }
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

/// What is there already is as the app wants it.
fn add_headers<V: Payload>(header: &mut V, added: &[(String, String)]) {
    for (name, value) in added {
        let is_given = |given: &String| given.eq_ignore_ascii_case(name);
        if !header.keys().iter().any(is_given) {
            header.set_text(name, value);
        }
    }
}

/// The same for the parameters of an address.
fn add_parameters<V: Payload>(options: &mut V, added: &[(String, String)]) {
    for (name, value) in added {
        let url = options.text_at("url").unwrap_or_default();
        if without_parameter::<V>(&url, name) == url {
            options.set_text("url", &with_parameter::<V>(&url, name, value));
        }
    }
}

/// Puts a parameter in the place of those of that name in the address of a request.
fn set_parameter<V: Payload>(options: &mut V, name: &str, value: &str) {
    let url = options.text_at("url").unwrap_or_default();
    let url = without_parameter::<V>(&url, name);
    options.set_text("url", &with_parameter::<V>(&url, name, value));
}
