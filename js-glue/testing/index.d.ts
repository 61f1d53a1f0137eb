import type { CreateOptions, Dialect, LoginClient } from '../dist/index'

/** The root of the fake server's addresses: what `baseUrl` has to be, unless another was given. */
export const BASE_URL: string

export interface PhoneOptions {
  /** default `BASE_URL` */
  baseUrl?: string
  /** Whether what the real `wx` would refuse is refused and noted in `violations`; default true. */
  strict?: boolean
}

/** A phone with a fake `wx`, a server behind it and a clock of its own. */
export function createPhone(options?: PhoneOptions): Phone

export interface Phone {
  /** Every function is there that a client needs, and the navigation. */
  wx: Record<string, (...args: any[]) => any>
  clock: Clock
  server: Server
  /** All calls of `wx` so far. */
  calls: { api: string; options?: any; args?: any[] }[]
  /** What the real `wx` would have refused. */
  violations: string[]
  /** Who uses the phone: WeChat's user of the codes that come. */
  openid: string
  /** Whether `wx.checkSession` succeeds. */
  sessionKeyIsValid: boolean
  /** What is in the files of answered downloads, by their paths. */
  files: Record<string, any>
  /** The next calls of a function of `wx` go like this; those after them as usual. */
  next(api: string, ...behaviours: Behaviour[]): void
  /** All calls of a function of `wx` go like this; without a behaviour: as usual again. */
  always(api: string, behaviour?: Behaviour): void
  /** The app comes to the front. */
  appShow(): void
  count(api: string): number
  /** The requests to an address below `baseUrl`. */
  requests(path: string): { api: string; options: any }[]
  uploads(): { api: string; options: any }[]
  navigations(): number
  stored(key: string): any
  storedKeys(): string[]
  store(key: string, value: unknown): void
  /** Puts `wx`, `WXWebAssembly`, the timers and `Date.now` in the place of the real ones. Gives what ends that. */
  install(): () => void
  /** The package's own, over this phone's `wx`. */
  createLoginClient<User = Record<string, any>>(options: CreateOptions): Promise<LoginClient<User>>
}

/** A virtual clock: time passes only in `advance()` and `set()`. */
export interface Clock {
  now(): number
  set(ms: number): void
  /** Ends when nothing is left that could happen at this moment. */
  settle(): Promise<void>
  /** Moves on, from one timer to the next. */
  advance(ms: number): Promise<void>
  timersRunning(): number
}

/** What the server answers: a body, or a text that is no JSON. */
export type Reply = { json?: unknown; text?: string; status?: number; header?: Record<string, string> }

export interface ServerRequest {
  method: string
  /** Below `baseUrl`, without the query; or the whole address. */
  path: string
  header: Record<string, string>
  /** In `X-Litemall-Token`. */
  token?: string
  body: any
}

/** A server that speaks as the reference backend. Set `handle` to have it speak otherwise. */
export interface Server {
  lifeSeconds: number
  tellsLife: boolean
  /** The next answers to an address: a reply, or a function that is given the usual one. */
  next(path: string, ...replies: (Reply | ((usual: Reply) => Reply))[]): void
  /** All answers to an address; without a reply: as usual again. */
  always(path: string, reply?: Reply | ((usual: Reply) => Reply)): void
  addAccount(username: string, password: string): unknown
  revokeAll(): void
  accepts(token: string): boolean
  handle(request: ServerRequest): Reply
}

/** How a call of `wx` goes. */
export type Behaviour = (call: { options: any; perform(): void; succeed(result: object): void; fail(error: object): void }) => unknown

export function fails(error: { errMsg: string; errno?: number }): Behaviour
export function succeeds(result: object): Behaviour
export function throws(error: unknown): Behaviour
export function returns(value: unknown): Behaviour
export function neverAnswers(): Behaviour
export function answersTwice(): Behaviour
/** Reaches the server, whose answer gets lost. */
export function loses(): Behaviour
/** Waits until its `release` is called, and goes as usual then. */
export function held(): Behaviour & { release(): void }

/** An answer of the server's: the body alone, or what `wx.request` gives. */
export type Answer = unknown | { statusCode: number; data?: unknown; header?: Record<string, string> }

/** The answers to be explained, by what they are. */
export interface Answers {
  login?: Answer
  accountLogin?: Answer
  register?: Answer
  bindAccount?: Answer
  phoneLogin?: Answer
  /** To the request for the user that follows a login, where `dialect.user` has a `url`. */
  user?: Answer
  /** To a request whose token is no longer accepted. */
  signedOut?: Answer
  /** To a request of a page. */
  request?: Answer
  /** To a login that is refused. */
  refused?: Answer
  /** To a login that needs something more of the user. */
  unfinished?: Answer
}

export interface Explanation {
  /** Whether the answer is read as what it is called. */
  ok: boolean
  readAs?: string
  error?: { code?: string; message: string; errno?: number | string; errmsg?: string; needsUser?: true }
  /** What a login has sent, with `$code` for the code of wx.login. */
  sent?: { method: string; url: string; header?: Record<string, string>; data?: unknown }[]
  /** Where in the answer the token is, and how it goes to the server. Secrets are masked. */
  token?: { at: string[]; value: string; sentAs: string }
  refreshToken?: { at: string[]; value: string }
  /** `null` if only the server knows. */
  expiresInSeconds?: number | null
  user?: Record<string, any>
  /** By what the user is recognised; `null`: by nothing. */
  identity?: string | null
}

/**
 * Says what a client with this dialect reads in these answers, and where it stumbles. Rejects with a `LoginError` if the dialect itself
 * cannot work.
 */
export function explainDialect<Given extends Answers>(
  dialect: Dialect,
  answers: Given,
): Promise<{ [Kind in Exclude<keyof Given, 'user'>]: Explanation } & {
  /** Whether all answers are read as what they are called. */
  ok: boolean
  /** All of it in words. */
  text: string
}>
