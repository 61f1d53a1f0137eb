//! The client that JavaScript has.

use std::rc::Rc;

use js_sys::Promise;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::future_to_promise;

use super::error::thrown;
use super::host::{JsHost, RawHost, RawSignal, abort_of};
use super::session::snapshot;
use crate::error::failed;
use crate::{Api, Config, LocalBoxFuture, LoginError, LoginMode, Payload, Primitives, Result};

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** How a client is created. Only `baseUrl` has no default; the defaults fit the reference backend. */
export interface LoginOptions {
  /** The root of the server's API: https, or http on localhost. */
  baseUrl: string;
  /** How the server speaks; default: as the reference backend. */
  dialect?: Dialect;
  /** How long before its end a session counts as over, in ms; default 60000. */
  expiryMarginMs?: number;
  /** How long one step (wx.login, a request) may take, in ms, at most 60000; default 15000. */
  timeoutMs?: number;
  /** The storage key of the session; default: one for each `baseUrl`. */
  storageKey?: string;
  /** When `checkLogin()` asks wx.checkSession: once per foreground period (default), each time, or never. */
  sessionCheck?: "foreground" | "always" | "never";
  /** Whether a refusal of the business at HTTP 200 resolves a request (default), or rejects it with the server's message. */
  refusals?: "resolve" | "reject";
  /**
   * How many requests and uploads of this client `wx` has at a time, from 1 to 9 (default); others wait, and their time counts only
   * from then on. WeChat sends ten at a time: the tenth place is for logins and logouts.
   */
  maxParallel?: number;
}

/** What the reference backend answers to a login, and `loginByWeixin` and the like resolve with: `errno` is 0. */
export interface Envelope {
  errno: 0;
  errmsg?: string;
  data: { token: string; userInfo?: Record<string, any>; [field: string]: unknown };
}

/** What aborts calls: the `signal` of this package's `AbortController`, or of a native one. */
export interface Signal {
  readonly aborted: boolean;
  addEventListener(type: "abort", listener: () => void): void;
  removeEventListener(type: "abort", listener: () => void): void;
}

/** A request of the page's. */
export interface RequestOptions {
  /** Below `baseUrl`, or absolute. Only requests below `baseUrl` carry the token. */
  url: string;
  /** default GET */
  method?: Method;
  data?: unknown;
  header?: Record<string, string>;
  /** in ms, from 1 to 60000; default `timeoutMs` */
  timeout?: number;
  /** As whom: `optional` (default): as the user, if somebody is signed in; `required`: signs in first; `none`: without the token. */
  auth?: "optional" | "required" | "none";
  /** `false`: "signed out" rejects with the server's words, without a login and a second try. */
  relogin?: boolean;
  /** When it aborts, the call rejects with `aborted`, wherever it is: before a login that it waits for, or with `wx`. */
  signal?: Signal;
  /** Whether a refusal of the business at HTTP 200 resolves, or rejects; default: as the client's. */
  refusals?: "resolve" | "reject";
  /** How `wx` reads the body; `text` and any other than `json` leave it as it is. */
  dataType?: string;
  responseType?: "text" | "arraybuffer";
  /** What `wx.request` knows besides goes to it as it is. */
  enableHttp2?: boolean;
  enableQuic?: boolean;
  enableCache?: boolean;
  enableHttpDNS?: boolean;
  httpDNSServiceId?: string;
  forceCellularNetwork?: boolean;
}

/** What `requestFull` resolves with. */
export interface FullResponse<Body = any> {
  data: Body;
  status: number;
  headers: Record<string, string>;
  cookies: string[];
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
  /** in ms, from 1 to 60000 (default) */
  timeout?: number;
  /** As for a request. */
  signal?: Signal;
  /** As for a request. */
  auth?: "optional" | "required" | "none";
  /** As for a request. */
  relogin?: boolean;
  /** Hears how far it is, in WeChat's own words; from the beginning again if it is sent once more. */
  onProgress?: (progress: UploadProgress) => void;
  refusals?: "resolve" | "reject";
}

export interface UploadProgress {
  /** in percent */
  progress: number;
  totalBytesSent: number;
  totalBytesExpectedToSend: number;
}

/** A download of the page's. */
export interface DownloadOptions {
  /** Below `baseUrl`, or absolute. Only downloads below `baseUrl` carry the token. */
  url: string;
  /** Where the file shall be, below `wx.env.USER_DATA_PATH`; default: a temporary file. */
  filePath?: string;
  header?: Record<string, string>;
  /** in ms, from 1 to 60000 (default) */
  timeout?: number;
  /** As for a request. */
  signal?: Signal;
  /** As for a request. */
  auth?: "optional" | "required" | "none";
  /** As for a request. */
  relogin?: boolean;
  /** Hears how far it is, in WeChat's own words; from the beginning again if it is sent once more. */
  onProgress?: (progress: DownloadProgress) => void;
}

export interface DownloadProgress {
  /** in percent */
  progress: number;
  totalBytesWritten: number;
  totalBytesExpectedToWrite: number;
}

/** What `download` resolves with. */
export interface Download {
  /** Where the file is, if no `filePath` was given. */
  tempFilePath: string;
  /** Where the file is, if a `filePath` was given. */
  filePath?: string;
  statusCode: number;
}

export interface Account {
  username: string;
  password: string;
}
"#;

type Core = crate::LoginClient<JsHost>;
type Settled = std::result::Result<JsValue, JsValue>;

/// Signs the user in, knows whether somebody is, and sends requests as them. What rejects does so with a `LoginError`, but for
/// `checkLogin()`.
#[wasm_bindgen]
pub struct LoginClient(Rc<Core>);

// The methods are no `async fn`s: such an export does nothing before a later turn of the engine, and what `logout()` does at once
// has to be done when it returns. The futures own the client, so that `free()` is safe while they run.
#[wasm_bindgen]
impl LoginClient {
    /// Throws a `LoginError` with code `invalid_config` and the `field` that cannot work.
    #[wasm_bindgen(constructor)]
    pub fn new(
        #[wasm_bindgen(unchecked_param_type = "LoginOptions")] options: JsValue,
        host: RawHost,
    ) -> std::result::Result<LoginClient, JsValue> {
        let config = Config::new(&options).map_err(thrown)?;
        Ok(LoginClient(Core::new(config, JsHost(host))))
    }

    /// Resolves with `true` if somebody is signed in, rejects with `false` otherwise.
    #[wasm_bindgen(js_name = checkLogin, unchecked_return_type = "Promise<true>")]
    pub fn check_login(&self) -> Promise {
        let check = Rc::clone(&self.0).check_login();
        promised(Box::pin(async {
            match check.await {
                true => Ok(JsValue::TRUE),
                false => Err(JsValue::FALSE),
            }
        }))
    }

    /// Signs in with WeChat and resolves with the server's whole answer. `userInfo` is the profile, if there is one.
    /// Calls while a login runs share that login.
    #[wasm_bindgen(js_name = loginByWeixin, unchecked_return_type = "Promise<any>")]
    pub fn login_by_weixin(
        &self,
        #[wasm_bindgen(
            js_name = userInfo,
            unchecked_optional_param_type = "{ nickName?: string; avatarUrl?: string; gender?: number } | object | null"
        )]
        user_info: Option<JsValue>,
    ) -> Promise {
        self.begin(self.core().login_by_weixin(user_info))
    }

    /// Resolves with the session: `cached` without traffic, `silent` (the default) after a silent login if one is needed and allowed,
    /// `force` after a login in any case, for an act of the user.
    #[wasm_bindgen(js_name = ensureLogin, unchecked_return_type = "Promise<Session>")]
    pub fn ensure_login(
        &self,
        #[wasm_bindgen(
            unchecked_optional_param_type = "{ mode?: \"cached\" | \"silent\" | \"force\" } | null"
        )]
        options: Option<JsValue>,
    ) -> Promise {
        let client = self.core();
        self.begin(async {
            let mode = mode(options)?;
            Ok(snapshot(&*client.ensure_login(mode).await?))
        })
    }

    /// Sends a request as the user and resolves with the body of the answer. If the server says "signed out", signs in once
    /// for all requests that are answered so, and sends each once more.
    #[wasm_bindgen(unchecked_return_type = "Promise<any>")]
    pub fn request(
        &self,
        #[wasm_bindgen(unchecked_param_type = "RequestOptions")] options: JsValue,
    ) -> Promise {
        let signal = signal_of(&options);
        self.begin_until(signal, self.core().request(Api::Request, options))
    }

    /// As `request`, but resolves with the status, the headers and the cookies as well.
    #[wasm_bindgen(js_name = requestFull, unchecked_return_type = "Promise<FullResponse>")]
    pub fn request_full(
        &self,
        #[wasm_bindgen(unchecked_param_type = "RequestOptions")] options: JsValue,
    ) -> Promise {
        let signal = signal_of(&options);
        self.begin_until(signal, self.core().request_full(options))
    }

    /// Uploads a file as the user and resolves with the body of the answer, as `request` does.
    #[wasm_bindgen(unchecked_return_type = "Promise<any>")]
    pub fn upload(
        &self,
        #[wasm_bindgen(unchecked_param_type = "UploadOptions")] options: JsValue,
    ) -> Promise {
        let signal = signal_of(&options);
        self.begin_until(signal, self.core().request(Api::UploadFile, options))
    }

    /// Downloads a file as the user and resolves with where it is. Of a refusal it knows only the status: its body is in the file.
    #[wasm_bindgen(unchecked_return_type = "Promise<Download>")]
    pub fn download(
        &self,
        #[wasm_bindgen(unchecked_param_type = "DownloadOptions")] options: JsValue,
    ) -> Promise {
        let signal = signal_of(&options);
        self.begin_until(signal, self.core().request(Api::DownloadFile, options))
    }

    /// Signs in with an account and resolves with the server's whole answer.
    #[wasm_bindgen(js_name = loginByAccount, unchecked_return_type = "Promise<any>")]
    pub fn login_by_account(
        &self,
        #[wasm_bindgen(unchecked_param_type = "Account")] account: JsValue,
    ) -> Promise {
        self.begin(self.core().login_by_account(account))
    }

    /// Creates an account, signs in with it, and resolves with the server's whole answer.
    #[wasm_bindgen(unchecked_return_type = "Promise<any>")]
    pub fn register(
        &self,
        #[wasm_bindgen(unchecked_param_type = "Account & { mobile?: string; code?: string }")]
        account: JsValue,
    ) -> Promise {
        self.begin(self.core().register(account))
    }

    /// Signs in with what a `getPhoneNumber` button gave and resolves with the server's whole answer. Only where `dialect.phoneLogin`
    /// says how. `code` is one of wx.login, taken before the tap: encrypted data belongs to it. Without it, a new one is taken.
    #[wasm_bindgen(js_name = loginByPhone, unchecked_return_type = "Promise<any>")]
    pub fn login_by_phone(
        &self,
        #[wasm_bindgen(
            unchecked_param_type = "{ phoneCode: string; code?: string } | { encryptedData: string; iv: string; code?: string }"
        )]
        phone: JsValue,
    ) -> Promise {
        self.begin(self.core().login_by_phone(phone))
    }

    /// Signs in with WeChat and binds the account to the WeChat user, in one request.
    #[wasm_bindgen(js_name = bindAccount, unchecked_return_type = "Promise<any>")]
    pub fn bind_account(
        &self,
        #[wasm_bindgen(unchecked_param_type = "Account")] account: JsValue,
    ) -> Promise {
        self.begin(self.core().bind_account(account))
    }

    /// Binds the phone number behind the code of a `getPhoneNumber` button. A token that the server no longer accepts is refreshed, where
    /// it has refresh tokens. Never signs in: a new code would spoil this one.
    #[wasm_bindgen(js_name = bindPhone, unchecked_return_type = "Promise<any>")]
    pub fn bind_phone(
        &self,
        #[wasm_bindgen(unchecked_param_type = "{ code: string }")] code: JsValue,
    ) -> Promise {
        self.begin(self.core().bind_phone(code.full_text_at("code")))
    }

    /// Sends changed fields of the profile and resolves with the user: with these, and with those that the server answers with.
    #[wasm_bindgen(js_name = updateProfile, unchecked_return_type = "Promise<Record<string, any>>")]
    pub fn update_profile(
        &self,
        #[wasm_bindgen(
            unchecked_param_type = "{ nickName?: string; avatarUrl?: string; gender?: number }"
        )]
        fields: JsValue,
    ) -> Promise {
        self.begin(self.core().update_profile(fields))
    }

    /// Signs out: at once here, then on the server as well as it can. Nothing that is under way brings the session back.
    ///
    /// With `everywhere`, the server ends the user's other logins, too, and this rejects if that is not known to have worked. Options
    /// that cannot be used reject as well, after the user has been signed out here; fields of other names are not looked at.
    #[wasm_bindgen(unchecked_return_type = "Promise<void>")]
    pub fn logout(
        &self,
        #[wasm_bindgen(unchecked_optional_param_type = "{ everywhere?: boolean } | null")]
        options: Option<JsValue>,
    ) -> Promise {
        let everywhere = is_everywhere(options);
        let logout = match everywhere {
            Ok(true) => self.core().logout_everywhere(),
            _ => self.core().logout(), // options that cannot be used must not stop a logout
        };
        promised(Box::pin(async {
            let ended = logout.await;
            everywhere.and(ended).map_err(thrown)?;
            Ok(JsValue::UNDEFINED)
        }))
    }

    /// Takes over a session that another program has left, such as a tutorial's code in its two storage keys, and resolves whether it
    /// did: not if the token is known already, nor after a logout that ended it.
    #[wasm_bindgen(js_name = takeOver, unchecked_return_type = "Promise<boolean>")]
    pub fn take_over(
        &self,
        #[wasm_bindgen(unchecked_param_type = "{ token: string; userInfo?: object | null }")]
        left: JsValue,
    ) -> Promise {
        let token = left.text_at("token").unwrap_or_default();
        let taken = self.0.take_over(token, left.get("userInfo"));
        promised(Box::pin(async { taken.map(JsValue::from).map_err(thrown) }))
    }

    /// For the login function of the dialect.
    #[wasm_bindgen(skip_typescript)]
    pub fn send(&self, call: JsValue) -> Promise {
        self.begin(self.core().send_for_app(call))
    }

    /// For the login function of the dialect.
    #[wasm_bindgen(js_name = nextCode, skip_typescript)]
    pub fn next_code(&self) -> Promise {
        self.begin(self.core().code_for_app())
    }

    /// The session, whatever its age, or `null`. Reads the storage at most once a second.
    #[wasm_bindgen(getter, unchecked_return_type = "Session | null")]
    pub fn session(&self) -> JsValue {
        let session = self.0.session();
        session.map_or(JsValue::NULL, |session| snapshot(&session))
    }

    /// The header that carries the token, for what is not sent by `request` or `upload`; empty when nobody is signed in.
    /// Only for the server that gave the token.
    #[wasm_bindgen(js_name = authHeader, unchecked_return_type = "Record<string, string>")]
    pub fn auth_header(&self) -> JsValue {
        let mut header = JsValue::object();
        if let Some((name, value)) = self.0.auth_header() {
            header.set_text(name, &value);
        }
        header
    }

    /// To be called when the app comes to the foreground.
    #[wasm_bindgen(skip_typescript)]
    pub fn foreground(&self) {
        self.0.foreground();
    }
}

impl LoginClient {
    fn core(&self) -> Rc<Core> {
        Rc::clone(&self.0)
    }

    /// A call that ends with [`LoginError::LoggedOut`] if a logout follows before it has done anything.
    fn begin(&self, work: impl Future<Output = Result<JsValue>> + 'static) -> Promise {
        self.begin_until(None, work)
    }

    /// The same, and it ends when the app aborts it.
    fn begin_until(
        &self,
        signal: Option<RawSignal>,
        work: impl Future<Output = Result<JsValue>> + 'static,
    ) -> Promise {
        let work = self.0.begin(Box::pin(work), signal.map(abort_of));
        promised(Box::pin(async { work.await.map_err(thrown) }))
    }
}

/// What the glue has made of the signal in the options of a request.
fn signal_of(options: &JsValue) -> Option<RawSignal> {
    Some(Primitives::get(options, "signal")?.unchecked_into())
}

fn promised(work: LocalBoxFuture<'static, Settled>) -> Promise {
    future_to_promise(work)
}

/// What an optional object of options has in the field `name`; `None` if it is no object.
fn option(options: Option<JsValue>, name: &str) -> Option<Option<JsValue>> {
    match options {
        None => Some(None),
        Some(options) => Primitives::is_object(&options).then(|| Primitives::get(&options, name)),
    }
}

/// `silent` if the options do not say.
fn mode(options: Option<JsValue>) -> Result<LoginMode> {
    let mode = option(options, "mode").and_then(|mode| match mode {
        None => Some(LoginMode::Silent),
        Some(mode) => LoginMode::from_name(&mode.as_text()?),
    });
    mode.ok_or_else(|| {
        failed(LoginError::InvalidArgument {
            name: "mode",
            problem: "must be cached, silent or force",
        })
    })
}

/// Whether a logout is one everywhere.
fn is_everywhere(options: Option<JsValue>) -> Result<bool> {
    let everywhere = option(options, "everywhere").and_then(|everywhere| match everywhere {
        None => Some(false),
        Some(everywhere) => everywhere.truth(),
    });
    everywhere.ok_or_else(|| {
        failed(LoginError::InvalidArgument {
            name: "everywhere",
            problem: "must be true or false",
        })
    })
}
