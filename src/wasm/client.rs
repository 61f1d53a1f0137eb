//! The class that JavaScript sees.

use std::future::Future;
use std::rc::Rc;

use wasm_bindgen::prelude::*;

use super::host::{JsHost, RawHost};
use super::session::snapshot;
use super::task;
use crate::{Api, Config, LoginError, LoginMode, Payload};

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
"#;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(typescript_type = "LoginOptions")]
    pub type RawOptions;
    #[wasm_bindgen(typescript_type = "Session | null")]
    pub type JsSession;
    #[wasm_bindgen(typescript_type = "Record<string, string>")]
    pub type JsHeader;
    #[wasm_bindgen(typescript_type = "object | null")]
    pub type JsUserInfo;
    #[wasm_bindgen(typescript_type = "{ nickName?: string; avatarUrl?: string; gender?: number }")]
    pub type JsFields;
    #[wasm_bindgen(typescript_type = "{ mode?: \"cached\" | \"silent\" | \"force\" }")]
    pub type JsEnsureOptions;
    #[wasm_bindgen(typescript_type = "RequestOptions")]
    pub type JsRequest;
    #[wasm_bindgen(typescript_type = "UploadOptions")]
    pub type JsUpload;
    #[wasm_bindgen(typescript_type = "Account")]
    pub type JsAccount;
    #[wasm_bindgen(typescript_type = "Account & { mobile?: string; code?: string }")]
    pub type JsRegistration;
    #[wasm_bindgen(typescript_type = "{ code: string }")]
    pub type JsPhoneCode;
    #[wasm_bindgen(typescript_type = "Promise<true>")]
    pub type PromiseOfTrue;
    #[wasm_bindgen(typescript_type = "Promise<Envelope>")]
    pub type PromiseOfEnvelope;
    #[wasm_bindgen(typescript_type = "Promise<Session>")]
    pub type PromiseOfSession;
    #[wasm_bindgen(typescript_type = "Promise<Record<string, any>>")]
    pub type PromiseOfObject;
    #[wasm_bindgen(typescript_type = "Promise<void>")]
    pub type PromiseOfNothing;
}

/// Signs the user in, knows whether somebody is, and sends requests as them.
#[wasm_bindgen]
pub struct LoginClient {
    inner: Rc<crate::LoginClient<JsHost>>,
}

#[wasm_bindgen]
impl LoginClient {
    /// Throws a `LoginError` with code `invalid_config` and the `field` that cannot work.
    #[wasm_bindgen(constructor)]
    pub fn new(options: RawOptions, host: RawHost) -> Result<LoginClient, JsValue> {
        let inner =
            crate::LoginClient::new(Config::new(&JsValue::from(options))?, JsHost::new(host)?);
        Ok(LoginClient { inner })
    }

    /// Resolves with `true` if somebody is signed in, rejects with `false` otherwise.
    #[wasm_bindgen(js_name = checkLogin)]
    pub fn check_login(&self) -> PromiseOfTrue {
        let check = self.client().check_login();
        task::promised(Box::pin(async {
            if check.await {
                Ok(JsValue::TRUE)
            } else {
                Err(JsValue::FALSE)
            }
        }))
        .unchecked_into()
    }

    /// Signs in with WeChat and resolves with the server's whole answer. `userInfo` is the profile, if there is one.
    /// Calls while a login runs share that login.
    #[wasm_bindgen(js_name = loginByWeixin)]
    pub fn login_by_weixin(
        &self,
        #[wasm_bindgen(js_name = userInfo)] user_info: Option<JsUserInfo>,
    ) -> PromiseOfEnvelope {
        let user_info = user_info.map(JsValue::from).filter(|info| !info.is_null());
        self.settle(self.client().login_by_weixin(user_info))
    }

    /// Resolves with the session: `cached` asks nobody, `silent` (the default) signs in if nobody is, `force` in any case.
    #[wasm_bindgen(js_name = ensureLogin)]
    pub fn ensure_login(&self, options: Option<JsEnsureOptions>) -> PromiseOfSession {
        let options = options
            .map(JsValue::from)
            .filter(|options| !options.is_null());
        let mode = match options {
            None => Some(LoginMode::Silent),
            Some(options) if !Payload::is_object(&options) => None,
            Some(options) => match Payload::get(&options, "mode") {
                None => Some(LoginMode::Silent),
                Some(mode) => mode
                    .as_string()
                    .and_then(|mode| LoginMode::from_name(&mode)),
            },
        };
        let client = self.client();
        self.settle(async move {
            let mode = mode.ok_or(LoginError::InvalidArgument {
                name: "mode",
                problem: "must be cached, silent or force",
            })?;
            let session = client.ensure_login(mode).await?;
            Ok(snapshot(&session))
        })
    }

    /// Sends a request as the user and resolves with the body of the answer. If the server says "signed out", signs in once
    /// for all requests that hear so, and sends each once more.
    pub fn request(&self, options: JsRequest) -> PromiseOfObject {
        self.settle(self.client().request(Api::Request, options.into()))
    }

    /// Uploads a file as the user and resolves with the body of the answer, as `request` does.
    pub fn upload(&self, options: JsUpload) -> PromiseOfObject {
        self.settle(self.client().request(Api::UploadFile, options.into()))
    }

    /// Signs in with an account and resolves with the server's whole answer.
    #[wasm_bindgen(js_name = loginByAccount)]
    pub fn login_by_account(&self, account: JsAccount) -> PromiseOfEnvelope {
        self.settle(self.client().login_by_account(account.into()))
    }

    /// Creates an account, signs in with it, and resolves with the server's whole answer.
    pub fn register(&self, account: JsRegistration) -> PromiseOfEnvelope {
        self.settle(self.client().register(account.into()))
    }

    /// Signs in with WeChat and binds the account to the WeChat user, in one request.
    #[wasm_bindgen(js_name = bindAccount)]
    pub fn bind_account(&self, account: JsAccount) -> PromiseOfEnvelope {
        self.settle(self.client().bind_account(account.into()))
    }

    /// Binds the phone number behind the code of a `getPhoneNumber` button. Never signs in: a new code would spoil this one.
    #[wasm_bindgen(js_name = bindPhone)]
    pub fn bind_phone(&self, code: JsPhoneCode) -> PromiseOfObject {
        self.settle(
            self.client()
                .bind_phone(JsValue::from(code).full_text_at("code")),
        )
    }

    /// Sends changed fields of the profile and resolves with the user as the server has it then.
    #[wasm_bindgen(js_name = updateProfile)]
    pub fn update_profile(&self, fields: JsFields) -> PromiseOfObject {
        self.settle(self.client().update_profile(fields.into()))
    }

    /// Signs out: at once here, then on the server as well as it can. Nothing that is under way brings the session back.
    pub fn logout(&self) -> PromiseOfNothing {
        let logout = self.client().logout();
        task::promised(Box::pin(async {
            Ok(logout.await.map(|()| JsValue::UNDEFINED)?)
        }))
        .unchecked_into()
    }

    /// The session in memory, whatever its age, or `null`. Asks nobody.
    #[wasm_bindgen(getter)]
    pub fn session(&self) -> JsSession {
        self.inner
            .session()
            .map_or(JsValue::NULL, |session| snapshot(&session))
            .unchecked_into()
    }

    /// The header that carries the token, for what is not sent by `request` or `upload`; empty when nobody is signed in.
    /// Only for the server that gave the token.
    #[wasm_bindgen(js_name = authHeader)]
    pub fn auth_header(&self) -> JsHeader {
        let mut header = JsValue::object();
        if let Some((name, token)) = self.inner.auth_header() {
            header.set_text(name, token.secret());
        }
        header.unchecked_into()
    }

    /// To be called when the app comes to the foreground.
    pub fn foreground(&self) {
        self.inner.foreground();
    }
}

impl LoginClient {
    fn client(&self) -> Rc<crate::LoginClient<JsHost>> {
        Rc::clone(&self.inner)
    }

    /// A promise of what `work` gives.
    fn settle<P: JsCast>(
        &self,
        work: impl Future<Output = Result<JsValue, LoginError>> + 'static,
    ) -> P {
        task::promised(self.inner.begin(Box::pin(work))).unchecked_into()
    }
}
