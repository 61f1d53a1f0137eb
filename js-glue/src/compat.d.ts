import type { CreateOptions, Envelope, LoginClient } from './index'

export interface CompatOptions extends CreateOptions {
  /** The absolute path of the login page; default `/pages/auth/login/login`. */
  loginPage?: string
}

/** What the pages of a tutorial's project call. The functions need no `this`. */
export interface Compat {
  /** Resolves with `true` if somebody is signed in, rejects with `false` otherwise. */
  checkLogin: () => Promise<true>
  /** Signs in with WeChat and resolves with the server's whole answer. */
  loginByWeixin: (userInfo?: object | null) => Promise<Envelope>
  /**
   * Sends a request as the user and resolves with the body of the answer. "Signed out" leads to one silent login and to the
   * request once more; if `wx.login`, the server's login or the new token is refused, to one visit to the login page and a
   * rejection. What fails for now (no network, HTTP status outside 200 to 299) only rejects.
   */
  request: <Body = Record<string, any>>(url: string, data?: object | string, method?: string) => Promise<Body>
  /** The whole client, once the module is loaded: `logout()`, `onChange(listener)` and the rest. */
  client: Promise<LoginClient>
}

/**
 * Creates the functions at once and loads the module behind them; every call waits for it.
 *
 * After a login the storage keys `token` and `userInfo` hold what old pages look for there. They are only written: who is
 * signed in is known from the client's own record.
 */
export function createCompat(options: CompatOptions): Compat
