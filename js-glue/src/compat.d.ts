import type { CreateOptions, LoginClient } from './index'

export interface CompatOptions extends CreateOptions {
  /** The absolute path of the login page; default `/pages/auth/login/login`. */
  loginPage?: string
}

/** What the pages of a tutorial's project call. The functions need no `this`. */
export interface Compat {
  /** Resolves with `true` if somebody is signed in, rejects with `false` otherwise. */
  checkLogin: () => Promise<true>
  /** Signs in with WeChat and resolves with the server's whole answer. */
  loginByWeixin: (userInfo?: object | null) => Promise<any>
  /**
   * Sends a request as the user and resolves with the body of the answer. If the server refuses the token, signs in silently, where
   * that is allowed, and sends the request once more. If only the user can sign in, opens the login page once and rejects. Temporary
   * failures (no network, a busy server) only reject.
   */
  request: <Body = Record<string, any>>(url: string, data?: object | string, method?: string) => Promise<Body>
  /** The whole client, once the module is loaded: `logout()`, `onChange(listener)` and the rest. */
  client: Promise<LoginClient>
}

/**
 * Creates the functions at once and loads the module behind them; every call waits for it.
 *
 * After a login the storage keys `token` and `userInfo` hold what old pages look for there. What another has written there, a
 * page's own account login or the app before its update, is taken over before each request and check; a page that removes both has
 * logged out.
 */
export function createCompat(options: CompatOptions): Compat
