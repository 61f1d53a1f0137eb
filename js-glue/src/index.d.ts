import type { Change, LoginClient as ModuleClient, LoginError, LoginOptions, Step } from './weapp_login'

export type {
  Account,
  Call,
  Change,
  Dialect,
  Envelope,
  Expires,
  FullResponse,
  LoginAnswer,
  LoginError,
  LoginErrorCode,
  LoginOptions,
  LoginSteps,
  Match,
  MatchValue,
  Paths,
  Refusal,
  RequestOptions,
  Session,
  Signature,
  Step,
  UnsignedRequest,
  UploadOptions,
} from './weapp_login'

/** A listener of `onChange` has thrown `error`. */
export interface ListenerFailure {
  name: 'listener'
  ms: 0
  code: 'listener_failed'
  error: unknown
}

// So that the type of the generated class is known to older libraries of TypeScript.
declare global {
  interface SymbolConstructor {
    readonly dispose: unique symbol
  }
}

export interface LoginClient extends Omit<ModuleClient, 'free' | typeof Symbol.dispose> {
  /** Hears of every change of who is signed in. May call the client. Returns what ends it. */
  onChange(listener: (change: Change) => void): () => void
  /** Hears of every step that has ended, for measuring; never a secret. Returns what ends it. */
  onEvent(listener: (event: Step | ListenerFailure) => void): () => void
}

export interface CreateOptions extends LoginOptions {
  /**
   * The module's absolute path inside the mini-program's package; `.wasm` or `.wasm.br`.
   * Default: where "build npm" puts it, `/miniprogram_npm/weapp-login/weapp_login.wasm`.
   */
  wasmPath?: string
  /**
   * Called when the module cannot be loaded, with the reason, a `wasm_load_failed`: the place to report it. Gives the entry
   * `weapp-login/no-wasm`, or a promise of it; its client is created instead.
   * ```js
   * fallback: () => require('weapp-login/no-wasm')
   * ```
   * Default: `createLoginClient` rejects with the reason.
   */
  fallback?: (reason: LoginError) => NoWasm | PromiseLike<NoWasm>
  /** The API object to use instead of the global `wx`. */
  wx?: object
}

/** The entry `weapp-login/no-wasm`. */
export interface NoWasm {
  createLoginClient: typeof createLoginClient
}

/**
 * Loads the module and creates a client with the session that the storage holds.
 *
 * Rejects with a `LoginError`: `invalid_config` (see `field`) or `wasm_load_failed`.
 */
export function createLoginClient(options: CreateOptions): Promise<LoginClient>
