import type { Change, FullResponse, LoginClient as ModuleClient, LoginError, LoginOptions, Session, Signal, Step } from './weapp_login'

export type {
  Account,
  Call,
  Change,
  Dialect,
  Download,
  DownloadOptions,
  DownloadProgress,
  Envelope,
  Expires,
  Failure,
  FullResponse,
  LoginAnswer,
  LoginError,
  LoginErrorCode,
  LoginErrorFields,
  LoginOptions,
  LoginSteps,
  Match,
  MatchValue,
  Method,
  Paths,
  Refusal,
  RequestOptions,
  Session,
  Signal,
  Signature,
  Step,
  UnsignedRequest,
  UploadOptions,
  UploadProgress,
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

/** A client. `User` is what the server's user looks like. */
export interface LoginClient<User = Record<string, any>> extends Typed<User> {
  /** Calls `listener` whenever the session changes. The listener may call the client. Returns a function that unsubscribes it. */
  onChange(listener: (change: Change<User>) => void): () => void
  /** Calls `listener` after every step, for measuring. Events contain no secrets. Returns a function that unsubscribes it. */
  onEvent(listener: (event: Step | ListenerFailure) => void): () => void
}

/** A client that is there at once. Until the module is loaded its calls wait, and who is signed in is not known: `undefined`. */
export interface Login<User = Record<string, any>> extends Omit<LoginClient<User>, 'session' | 'authHeader'> {
  /** The session, whatever its age; `null` if nobody is signed in; `undefined` as long as the module is not loaded. */
  readonly session: Session<User> | null | undefined
  /** The header that carries the token; `undefined` as long as the module is not loaded. */
  authHeader(): Record<string, string> | undefined
}

/** The module's own class, with the types that only the app knows: of the user, and of the bodies of answers. */
type Typed<User> = {
  [Name in keyof ModuleClient as Exclude<Name, 'free' | typeof Symbol.dispose>]: Member<ModuleClient[Name], User>
}

type Member<Type, User> = Type extends (...args: infer Args) => Promise<infer Result>
  ? IsAny<Result> extends true
    ? <Body = any>(...args: Args) => Promise<Body>
    : Result extends FullResponse
      ? <Body = any>(...args: Args) => Promise<FullResponse<Body>>
      : Result extends Session
        ? (...args: Args) => Promise<Session<User>>
        : Record<string, any> extends Result
          ? (...args: Args) => Promise<User>
          : Type
  : Type extends Session
    ? Session<User>
    : Type

type IsAny<Type> = 0 extends 1 & Type ? true : false

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
  /**
   * Lets `baseUrl` be http on a computer in the same network (`http://192.168.…`, `10.…`, `172.16.…` to `172.31.…`, `*.local`), for
   * development on a phone. It warns on the console; in a released version such a `baseUrl` is refused all the same. Default: false.
   */
  allowLan?: boolean
}

/** Aborts the calls that have its `signal`: as a browser's, which the runtime of a mini-program does not have. */
export class AbortController {
  readonly signal: Signal
  abort(): void
}

/** The entry `weapp-login/no-wasm`. */
export interface NoWasm {
  createLoginClient: typeof createLoginClient
  createLogin: typeof createLogin
}

/**
 * Loads the module and creates a client with the session that the storage holds.
 *
 * Rejects with a `LoginError`: `invalid_config` (see `field`) or `wasm_load_failed`.
 */
export function createLoginClient<User = Record<string, any>>(options: CreateOptions): Promise<LoginClient<User>>

/**
 * Creates a client at once: for a file of its own, which every page requires. It loads the module by itself; a call that comes before
 * waits, with its argument as it was; one that comes after a load that has failed tries to load once more. What is wrong with the
 * options is what the calls reject with.
 */
export function createLogin<User = Record<string, any>>(options: CreateOptions): Login<User>

/** Whether it is an error of this package: in a `catch`, where anything may have been thrown. */
export function isLoginError(error: unknown): error is LoginError
