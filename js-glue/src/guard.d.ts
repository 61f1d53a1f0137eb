import type { Login, LoginClient } from './index'

export interface GuardOptions {
  /** The app's client. */
  login: Pick<Login | LoginClient, 'ensureLogin' | 'onChange' | 'session'>
  /** The absolute path of the app's own login page, with a slash in front. */
  page: string
  /** Where the visitor wants to go; default: the page that is open now, with its query. */
  to?: string
  /** The API object to use instead of the global `wx`. */
  wx?: object
}

/**
 * Resolves with `true` if somebody is signed in, after a silent login if one is needed and allowed. If only the user can sign in, opens
 * the login page, once for all who ask at the same time, and resolves with `false`. Rejects with the `LoginError` if it cannot be known
 * who is signed in, as without a network: then nobody is sent anywhere.
 *
 * Call it in `onLoad` or on a tap, not in `onShow`: a visitor who goes back from the login page would be sent there again.
 */
export function requireLogin(options: GuardOptions): Promise<boolean>

/**
 * For the login page, after a login: goes to where the visitor wanted to go, with its query, or back. Resolves with `false` if there
 * is neither, as when a link has led straight to the login page.
 */
export function leaveLogin(options?: { wx?: object }): Promise<boolean>
