//! The types of a dialect, for TypeScript.

use wasm_bindgen::prelude::*;

use crate::dialect::REFUSAL_TYPE;

#[wasm_bindgen(typescript_custom_section)]
const REFUSALS: &str = REFUSAL_TYPE;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** A place in an answer: a dotted path from its root, `''` for the whole. The first of several that holds something counts. */
export type Paths = string | string[];

/**
 * What an answer may say: each of these fields has one of these values, compared by their texts. `$status` is the HTTP status. Of
 * several, any.
 */
export type Match = { [path: string]: MatchValue | MatchValue[] };
export type MatchValue = string | number | boolean;

/** What `wx.request` knows. */
export type Method = "GET" | "POST" | "PUT" | "DELETE" | "HEAD" | "OPTIONS" | "TRACE" | "CONNECT";

/**
 * A request to the server. A `$name` in `url`, `send` and `header` is filled in: which names there are is said where the call stands.
 * A field that is nothing but a `$name` is left out where there is nothing to fill it with.
 */
export interface Call {
  /** Below `baseUrl`, without a slash in front; or absolute, below one of `hosts`. */
  url: string;
  /** default POST */
  method?: Method;
  /** How `send` is sent; default `json`. */
  as?: "json" | "form" | "query";
  send?: object | string;
  header?: Record<string, string>;
}

/**
 * How a server speaks. What is not said about answers is as with the reference backend; a call that is not named, the server does not
 * have.
 */
export interface Dialect {
  /** Constant headers and parameters of the address, with each request to the server. */
  headers?: Record<string, string | number | boolean>;
  params?: Record<string, string | number | boolean>;
  /** Further roots, absolute, that the token may be sent to. */
  hosts?: string[];
  /** What means success: in the body, or `status`: the HTTP status alone. Default `{ errno: 0 }`. */
  success?: "status" | Match | Match[];
  /** Where the server's own name of a refusal is; default `['errno', 'code']`. */
  code?: Paths;
  /** Where its text for the user is; default `['errmsg', 'message', 'msg']`. */
  message?: Paths;
  /**
   * With `$code` of wx.login and `$userInfo`, the profile, which is `{}` if there is none. Or a function, where that does not do: for
   * several steps, or a body that is encrypted. Without `phoneLogin`, it signs in by the phone as well.
   */
  login?: Call | ((given: LoginSteps) => LoginAnswer | PromiseLike<LoginAnswer>);
  /** Adds headers and parameters of the address to each attempt of a request to the server, the login's too. What is there stays. */
  sign?: (request: UnsignedRequest) => Signature | PromiseLike<Signature>;
  /** The same with `$account`, and `$username` and `$password` out of it. */
  bindAccount?: Call;
  /** With `$account`, `$username` and `$password`. */
  accountLogin?: Call;
  register?: Call;
  /** With `$phoneCode`. */
  bindPhone?: Call;
  /** Whether the server still accepts a token; default method GET. Without it, `user` is asked if it is a call. */
  check?: Call;
  /** With `$profile`. */
  profile?: Call;
  /** With `$refresh`. */
  logout?: Call;
  /** With `$refresh`. Ends the user's other logins, too. */
  logoutEverywhere?: Call;
  /** With `$code`, `$phoneCode`, `$encryptedData`, `$iv`, and `$unfinished.…` of the answer to an unfinished login. */
  phoneLogin?: Call;
  /** With `$refresh`; without that, the current token goes along, while it still works. Its answer is read as a login's. */
  refresh?: Call;
  /** Where an answer to any request brings a token that takes the place of the one that it was sent with. */
  renewed?: { at: Paths } | { header: string };
  /** Where a login brings the token, and how it goes to the server: in a header (default `X-Litemall-Token`), or in the query or the
   * body, where logs may show it. */
  token?: {
    /** default `data.token` */
    at?: Paths;
    /** What stands before the token, such as `'Bearer '`, or where the answer says it. */
    scheme?: string | { at: Paths };
    header?: string;
    query?: string;
    body?: string;
    /** Where the token is with which another token can be asked for. */
    refresh?: Paths;
  };
  /** Where a login says when the token ends. A JWT says it by itself. Default `data.expiresIn`, in seconds. */
  expires?: Expires | Expires[];
  /** Where the user is, in the answer to a login or, with a `url`, to a request of its own after it; and the id in the user. */
  user?: { at?: Paths; id?: Paths } & Partial<Call>;
  /** What means that the token is no longer accepted; default `[{ $status: 401 }, { errno: 501 }]`. */
  signedOut?: Match | Match[];
  /** What means that a login needs something more of the user, such as a phone number; `no-token`: that it brings none. */
  unfinished?: "no-token" | Match | Match[];
  /**
   * What a login's refusals mean: `endSession` ends the session, `needUser` needs the user; the others are given these codes. A refusal
   * that is not told is temporary.
   */
  refusals?: { [name in "endSession" | "needUser" | Refusal]?: Match | Match[] };
}

/** What the app's own `login` works with. It has twice `timeoutMs`, at most 60 s, for all its steps. */
export interface LoginSteps {
  /** Of wx.login. */
  code: string;
  /** The profile, `{}` if there is none. */
  userInfo: Record<string, any>;
  /** What the phone's button gave, if the user signs in by it. */
  phone?: { phoneCode?: string; encryptedData?: string; iv?: string };
  /** Another code of wx.login. */
  nextCode(): Promise<string>;
  /** Sends a request to the server without a token, as `requestFull` does. Other methods of the client would wait for this login. */
  send(options: Omit<RequestOptions, "auth" | "relogin" | "refusals" | "signal">): Promise<FullResponse>;
}

/** The last answer of a login, as `send` gives it, or made by the app: it is read as the dialect says. */
export interface LoginAnswer {
  data: any;
  /** default 200 */
  status?: number;
  headers?: Record<string, string>;
}

/** A request to the server, as it would be sent. */
export interface UnsignedRequest {
  url: string;
  method?: string;
  data?: any;
  formData?: Record<string, unknown>;
  header: Record<string, string>;
  /** Without its scheme; absent if the request goes without one. */
  token?: string;
}

export interface Signature {
  header?: Record<string, string | number | boolean>;
  query?: Record<string, string | number | boolean>;
}

export interface Expires {
  at: Paths;
  /** A life in seconds (default), or an instant, which is read by the server's `Date`. */
  as?: "seconds" | "epoch-s" | "epoch-ms" | "rfc3339";
}
"#;
