//! The clients that JavaScript has.

use std::cell::RefCell;
use std::future::{self, Future, poll_fn};
use std::rc::Rc;
use std::task::{Poll, ready};

use wasm_bindgen::prelude::*;

use super::error::Thrown;
use super::host::{JsHost, RawHost};
use super::session::snapshot;
use super::task::{self, Settled};
use super::value::Something;
use crate::error::failed;
use crate::{Api, Config, LocalBoxFuture, LoginError, LoginMode, Payload, Result};

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** How a client is created. Only `baseUrl` has no default; the defaults fit the reference backend. */
export interface LoginOptions {
  /** The root of the server's API: https, or http on localhost. */
  baseUrl: string;
  /** Paths below `baseUrl`. */
  endpoints?: {
    /** default `auth/login_by_weixin` */
    loginByWeixin?: string;
    /** default `auth/login` */
    login?: string;
    /** default `auth/register` */
    register?: string;
    /** default `auth/bind_phone` */
    bindPhone?: string;
    /** default `auth/info` */
    info?: string;
    /** default `auth/logout` */
    logout?: string;
    /** default `auth/profile` */
    profile?: string;
  };
  /** What the fields of the server's answers are called; default `errno`, `errmsg`, `token`, `userInfo`. */
  envelope?: { errno?: string; errmsg?: string; token?: string; userInfo?: string };
  /** The header that carries the token; default `X-Litemall-Token`. */
  tokenHeader?: string;
  /** Which answers to a request with a token mean "signed out"; default `{ errno: [501], status: [401] }`. */
  signedOut?: { errno?: number[]; status?: number[] };
  /** How long before its end a session counts as over, in ms; default 60000. */
  expiryMarginMs?: number;
  /** How long one step (wx.login, a request) may take, in ms, at most 60000; default 15000. */
  timeoutMs?: number;
  /** The storage key of the session; default: one for each `baseUrl`. */
  storageKey?: string;
  /** When `checkLogin()` asks wx.checkSession: once per foreground period (default), each time, or never. */
  sessionCheck?: "foreground" | "always" | "never";
}

/** The server's answer to a login: `errno` is 0. */
export interface Envelope {
  errno: 0;
  errmsg?: string;
  data: { token: string; userInfo?: Record<string, any>; [field: string]: unknown };
}

/** A request of the page's. */
export interface RequestOptions {
  /** Below `baseUrl`, or absolute. Only requests below `baseUrl` carry the token. */
  url: string;
  /** default GET */
  method?: string;
  data?: unknown;
  header?: Record<string, string>;
  /** in ms, from 1 to 60000; default `timeoutMs` */
  timeout?: number;
  /** What `wx.request` knows besides goes to it as it is. */
  enableHttp2?: boolean;
  enableQuic?: boolean;
  enableCache?: boolean;
  enableHttpDNS?: boolean;
  httpDNSServiceId?: string;
  forceCellularNetwork?: boolean;
}

/** An upload of the page's. */
export interface UploadOptions {
  /** Below `baseUrl`, or absolute. Only uploads below `baseUrl` carry the token. */
  url: string;
  /** The path of a local file. */
  filePath: string;
  /** The name of the form's field that holds the file. */
  name: string;
  formData?: Record<string, unknown>;
  header?: Record<string, string>;
  /** in ms, from 1 to 60000; default `timeoutMs` */
  timeout?: number;
}

export interface Account {
  username: string;
  password: string;
}

/**
 * Signs the user in, knows whether somebody is, and sends requests as them. What rejects does so with a `LoginError`, but for
 * `checkLogin()`.
 */
export interface LoginClient {
  /** Resolves with `true` if somebody is signed in, rejects with `false` otherwise. */
  checkLogin(): Promise<true>;
  /**
   * Signs in with WeChat and resolves with the server's whole answer. `userInfo` is the profile, if there is one.
   * Calls while a login runs share that login.
   */
  loginByWeixin(userInfo?: { nickName?: string; avatarUrl?: string; gender?: number } | object | null): Promise<Envelope>;
  /** Resolves with the session: `cached` asks nobody, `silent` (the default) signs in if nobody is, `force` in any case. */
  ensureLogin(options?: { mode?: "cached" | "silent" | "force" } | null): Promise<Session>;
  /**
   * Sends a request as the user and resolves with the body of the answer. If the server says "signed out", signs in once
   * for all requests that hear so, and sends each once more.
   */
  request(options: RequestOptions): Promise<Record<string, any>>;
  /** Uploads a file as the user and resolves with the body of the answer, as `request` does. */
  upload(options: UploadOptions): Promise<Record<string, any>>;
  /** Signs in with an account and resolves with the server's whole answer. */
  loginByAccount(account: Account): Promise<Envelope>;
  /** Creates an account, signs in with it, and resolves with the server's whole answer. */
  register(account: Account & { mobile?: string; code?: string }): Promise<Envelope>;
  /** Signs in with WeChat and binds the account to the WeChat user, in one request. */
  bindAccount(account: Account): Promise<Envelope>;
  /** Binds the phone number behind the code of a `getPhoneNumber` button. Never signs in: a new code would spoil this one. */
  bindPhone(code: { code: string }): Promise<Record<string, any>>;
  /** Sends changed fields of the profile and resolves with the user: with these, and with those that the server answers with. */
  updateProfile(fields: { nickName?: string; avatarUrl?: string; gender?: number }): Promise<Record<string, any>>;
  /** Signs out: at once here, then on the server as well as it can. Nothing that is under way brings the session back. */
  logout(): Promise<void>;
  /** The session in memory, whatever its age, or `null`. Asks nobody. */
  readonly session: Session | null;
  /**
   * The header that carries the token, for what is not sent by `request` or `upload`; empty when nobody is signed in.
   * Only for the server that gave the token.
   */
  authHeader(): Record<string, string>;
}
"#;

type Client = Rc<crate::LoginClient<JsHost>>;
type Work<T> = LocalBoxFuture<'static, T>;

thread_local! {
    /// All clients, by their numbers; `None` in the place of one that was freed. The glue has numbers and no class: what is
    /// generated for a class weighs 0.5 KB.
    static CLIENTS: RefCell<Vec<Option<Client>>> = const { RefCell::new(Vec::new()) };
}

fn client(number: usize) -> Option<Client> {
    CLIENTS.with_borrow(|clients| clients.get(number)?.clone())
}

/// Creates a client and gives its number, of which `js-glue/src/client.js` makes what pages see: `LoginClient` in the types
/// above. Throws a `LoginError` with code `invalid_config` and the `field` that cannot work.
#[wasm_bindgen(skip_typescript)]
pub fn create(options: JsValue, host: RawHost) -> Result<usize, JsValue> {
    let config = Config::new(&options).map_err(|error| Thrown::from(error).0)?;
    let client = crate::LoginClient::new(config, JsHost(host));
    Ok(CLIENTS.with_borrow_mut(|clients| {
        clients.push(Some(client));
        clients.len() - 1
    }))
}

/// Calls one of the methods that give a promise, by its place in `METHODS` of `js-glue/src/client.js`. All go through here:
/// each way into the module of its own would weigh more than what most of them do. A client that was freed gives `undefined`.
#[wasm_bindgen(skip_typescript)]
pub fn call(number: usize, method: u32, argument: Option<Something>) -> JsValue {
    let Some(client) = client(number) else {
        return JsValue::UNDEFINED;
    };
    let begun = Rc::clone(&client);
    // As it is now: the page may go on to use its own for something else.
    let given = argument.map(|argument| JsValue::from(argument).shallow_copy());
    let argument = || given.clone().unwrap_or(JsValue::UNDEFINED);
    let work: Work<Result<JsValue>> = match method {
        0 => return task::promised(check_login(client)),
        1 => return task::promised(logout(client)),
        2 => Box::pin(client.login_by_weixin(given)),
        3 => return task::promised(ensure_login(client, given)),
        4 => Box::pin(client.request(Api::Request, argument())),
        5 => Box::pin(client.request(Api::UploadFile, argument())),
        6 => Box::pin(client.login_by_account(argument())),
        7 => Box::pin(client.register(argument())),
        8 => Box::pin(client.bind_account(argument())),
        9 => Box::pin(client.bind_phone(argument().full_text_at("code"))),
        10 => Box::pin(client.update_profile(argument())),
        _ => return JsValue::UNDEFINED, // there is no other
    };
    task::promised(begun.begin(work, |result| Ok(result?)))
}

/// The session in memory, whatever its age, or `null`. Asks nobody.
#[wasm_bindgen(skip_typescript)]
pub fn session(number: usize) -> JsValue {
    let session = client(number).and_then(|client| client.session());
    session.map_or(JsValue::NULL, |session| snapshot(&session))
}

/// The header that carries the token; empty when nobody is signed in.
#[wasm_bindgen(js_name = authHeader, skip_typescript)]
pub fn auth_header(number: usize) -> JsValue {
    let mut header = JsValue::object();
    if let Some(client) = client(number)
        && let Some((name, token)) = client.auth_header()
    {
        header.set_text(name, token.secret());
    }
    header
}

/// To be called when the app comes to the foreground.
#[wasm_bindgen(skip_typescript)]
pub fn foreground(number: usize) {
    if let Some(client) = client(number) {
        client.foreground();
    }
}

/// Gives a client up: what is under way goes on to its end.
#[wasm_bindgen(skip_typescript)]
pub fn free(number: usize) {
    let freed = CLIENTS.with_borrow_mut(|clients| clients.get_mut(number)?.take());
    drop(freed);
}

fn check_login(client: Client) -> Work<Settled> {
    let mut check = Box::pin(client.check_login());
    Box::pin(poll_fn(move |context| {
        let signed_in = ready!(check.as_mut().poll(context));
        Poll::Ready(if signed_in {
            Ok(JsValue::TRUE)
        } else {
            Err(Thrown(JsValue::FALSE))
        })
    }))
}

/// What it does at once, it does before this returns.
fn logout(client: Client) -> Work<Settled> {
    let mut logout = Box::pin(client.logout());
    Box::pin(poll_fn(move |context| {
        let result = ready!(logout.as_mut().poll(context));
        Poll::Ready(Ok(result.map(|()| JsValue::UNDEFINED)?))
    }))
}

fn ensure_login(client: Client, options: Option<JsValue>) -> Work<Settled> {
    let Some(mode) = mode(options) else {
        let error = failed(LoginError::InvalidArgument {
            name: "mode",
            problem: "must be cached, silent or force",
        });
        return Box::pin(future::ready(Err(error.into())));
    };
    let ensured = Rc::clone(&client).ensure_login(mode);
    client.begin(Box::pin(ensured), |session| Ok(snapshot(&*session?)))
}

/// `silent` if the options do not say; `None` if they say anything else.
fn mode(options: Option<JsValue>) -> Option<LoginMode> {
    let Some(options) = options else {
        return Some(LoginMode::Silent);
    };
    if !Payload::is_object(&options) {
        return None;
    }
    match Payload::get(&options, "mode") {
        None => Some(LoginMode::Silent),
        Some(mode) => LoginMode::from_name(&mode.as_text()?),
    }
}
