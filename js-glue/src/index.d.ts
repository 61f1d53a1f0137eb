import type { LoginClient, LoginOptions } from './weapp_login'

export type { Envelope, LoginClient, LoginError, LoginErrorCode, LoginOptions, Session } from './weapp_login'

export interface CreateOptions extends LoginOptions {
  /**
   * The module's absolute path inside the mini-program's package; `.wasm` or `.wasm.br`.
   * Default: where "build npm" puts it, `/miniprogram_npm/weapp-login/weapp_login.wasm`.
   */
  wasmPath?: string
  /** The API object to use instead of the global `wx`. */
  wx?: object
}

/**
 * Loads the module and creates a client with the session that the storage holds.
 *
 * Rejects with a `LoginError`: `invalid_config` (see `field`) or `wasm_load_failed`.
 */
export function createLoginClient(options: CreateOptions): Promise<LoginClient>
