// A page that uses the package, for the compiler alone. What `@ts-expect-error` stands above must be refused.
import { AbortController as Controller, createLogin, createLoginClient, isLoginError } from 'weapp-login'
import { reference } from 'weapp-login/dialects'
import { yudao } from 'weapp-login/dialects/yudao'
import { createPhone, explainDialect, fails, held } from 'weapp-login/testing'
import { leaveLogin, requireLogin } from 'weapp-login/guard'
import * as noWasm from 'weapp-login/no-wasm'
import type {
  Account, Change, CreateOptions, Dialect, Envelope, ListenerFailure, Login, LoginClient, LoginError, LoginErrorCode, RequestOptions,
  Session, Step, UploadOptions,
} from 'weapp-login'

const options: CreateOptions = {
  baseUrl: 'https://api.example.com/wx/',
  wasmPath: '/libs/weapp-login/weapp_login.wasm',
  fallback: ({ message }) => (message ? noWasm : import('weapp-login/no-wasm')),
  wx: {},
  dialect: {
    ...yudao,
    headers: { 'tenant-id': 7 },
    code: 'code',
    message: ['msg', 'message'],
    accountLogin: { url: 'login', as: 'form', send: { user: '$username', password: '$password' }, header: { 'X-A': 'b' } },
    token: { at: ['data.accessToken', 'token'], scheme: { at: 'data.tokenHead' }, header: 'Authorization' },
    signedOut: [{ $status: [401, 403] }, { code: 401 }],
    unfinished: 'no-token',
    refusals: { endSession: { code: 9 }, code_expired: [{ code: [1, 2] }] },
  },
  expiryMarginMs: 60000,
  timeoutMs: 15000,
  storageKey: 'login',
  allowLan: true,
  sessionCheck: 'never',
}

export async function usePage(login: LoginClient): Promise<string | undefined> {
  const signedIn: true = await login.checkLogin()
  const envelope: Envelope = await login.loginByWeixin({ nickName: '小明' })
  await login.loginByWeixin()
  await login.loginByWeixin(null)
  const token: string = envelope.data.token
  const user = await login.updateProfile({ nickName: '小明', gender: 1 })
  const header: Record<string, string> = login.authHeader()
  const nothing: void = await login.logout()
  await login.logout({ everywhere: true })
  const session: Session | null = login.session
  return session?.expiresAt === null ? session.userInfo.nickName : `${signedIn}${token}${user.userId}${header.a}${nothing}`
}

const order: RequestOptions = { url: 'order/list', method: 'POST', data: { page: 1 }, header: { 'X-Page': 'a' }, timeout: 5000, enableCache: true }
const picture: UploadOptions = { url: 'storage/upload', filePath: 'wxfile://a.png', name: 'file', formData: { id: 1 } }
export async function control(login: LoginClient): Promise<string | undefined> {
  const { signal, abort } = new Controller()
  const full = await login.requestFull({ ...order, signal })
  await login.request({ url: 'report', responseType: 'arraybuffer', dataType: '其他' })
  await login.upload({ ...picture, auth: 'required', relogin: false })
  await login.upload({ ...picture, signal, onProgress: ({ progress, totalBytesSent }) => progress + totalBytesSent })
  const { tempFilePath } = await login.download({ url: 'a.png', signal, onProgress: ({ totalBytesWritten }) => totalBytesWritten })
  abort()
  return `${tempFilePath}${full.status}`
}

const account: Account = { username: 'li', password: '…' }

export async function useServer(login: LoginClient): Promise<string> {
  const session: Session = await login.ensureLogin()
  await login.ensureLogin(null)
  await login.ensureLogin({ mode: 'cached' })
  const body = await login.request(order)
  const { url } = await login.upload(picture)
  const envelopes: Envelope[] = [
    await login.loginByAccount(account),
    await login.register({ ...account, mobile: '13800000000', code: '1234' }),
    await login.register(account),
    await login.bindAccount(account),
  ]
  const bound = await login.bindPhone({ code: 'of the button' })
  return `${session.via}${body.data.list}${url}${envelopes.length}${bound.errno}`
}

export function listen(login: LoginClient): () => void {
  const tell = (change: Change): string => (change.type === 'signedOut' ? change.reason : change.session.userInfo.nickName)
  const measure = (event: Step | ListenerFailure): unknown =>
    event.name === 'listener' ? event.error : `${event.name} ${event.ms} ${event.code}`
  const end: () => void = login.onEvent(measure)
  end()
  return login.onChange(tell)
}

interface User {
  userId: number
  nickName: string
}

interface Goods {
  list: { id: number }[]
}

/** What only the app knows is said once, or at the call. */
export async function useOwnTypes(login: LoginClient<User>): Promise<number> {
  const goods = await login.request<Goods>({ url: 'goods', method: 'POST' })
  const full = await login.requestFull<Goods>({ url: 'goods' })
  const uploaded = await login.upload<{ url: string }>(picture)
  const session: Session<User> = await login.ensureLogin()
  const envelope = await login.loginByWeixin<Envelope>()
  const user: User = await login.updateProfile({ nickName: '小明' })
  login.onChange((change) => change.type === 'signedOut' || change.session.userInfo.nickName)
  const id: number = login.session?.userInfo.userId ?? session.userInfo.userId
  return goods.list[0].id + full.data.list[0].id + uploaded.url.length + envelope.errno + user.userId + id
}

export async function useOwnUser(): Promise<User | undefined> {
  const login = await createLoginClient<User>(options)
  return login.session?.userInfo
}

/** A client that is there at once. */
export async function useAtOnce(): Promise<number> {
  const login: Login<User> = createLogin<User>(options)
  const { request, logout } = login
  const session: Session<User> | null | undefined = login.session
  const stop: () => void = login.onChange((change) => change.type === 'signedOut' || change.session.userInfo.nickName)
  await login.ensureLogin()
  const goods = await request<Goods>({ url: 'goods' })
  await logout()
  stop()
  // @ts-expect-error it may not be known yet
  if (login.session !== null) login.session.userInfo
  // @ts-expect-error nor may the token
  login.authHeader()['X-Token']
  // @ts-expect-error baseUrl is needed
  createLogin({})
  return goods.list.length + (session?.userInfo.userId ?? 0)
}

/** Each code has fields of its own, and none is forgotten. */
export function advise(error: unknown): string {
  if (!isLoginError(error)) return String(error)
  switch (error.code) {
    case 'hook_failed':
    case 'invalid_config':
    case 'invalid_argument': {
      const field: string = error.field
      return field
    }
    case 'wasm_load_failed': {
      const path: string = error.path
      return path
    }
    case 'timeout':
    case 'network':
    case 'wx_login_failed':
    case 'storage_failed': {
      const errno: number | undefined = error.errno
      const text: string = error.errMsg
      return `${text}${errno}`
    }
    case 'bad_response':
    case 'server_error': {
      const status: number = error.status
      return String(status)
    }
    case 'unfinished':
    case 'signed_out': {
      const needsUser: true = error.needsUser
      return String(needsUser)
    }
    case 'aborted':
    case 'interrupted':
    case 'logged_out':
    case 'single_page':
    case 'user_changed':
      return error.message
    default: {
      const text: string = error.errmsg
      const status: number = error.status
      return `${error.errno}${text}${status}`
    }
  }
}

/** The union of errors has every code. */
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false
export const everyCode: Same<LoginErrorCode, LoginError['code']> = true

export function say(error: LoginError): string {
  const code: LoginErrorCode = error.code
  return error.code === 'timeout' ? error.errMsg ?? code : `${error.message} ${error.errno} ${error.status} ${error.field} ${error.path}`
}

export async function misuse() {
  const login: LoginClient = await createLoginClient(options)

  // @ts-expect-error baseUrl is needed
  await createLoginClient({})
  // @ts-expect-error options are needed
  await createLoginClient()
  // @ts-expect-error an unknown option
  await createLoginClient({ baseUrl: 'https://a.example', baseURL: '' })
  const changed: Dialect = { ...reference, token: { header: 'X-Token' } }
  // @ts-expect-error an unknown slot
  await createLoginClient({ baseUrl: 'https://a.example', dialect: { ...changed, logIn: { url: 'a' } } })
  // @ts-expect-error not one of the three
  await createLoginClient({ baseUrl: 'https://a.example', sessionCheck: 'sometimes' })
  // @ts-expect-error a number of ms
  await createLoginClient({ baseUrl: 'https://a.example', timeoutMs: '15000' })
  // @ts-expect-error a call is an object
  await createLoginClient({ baseUrl: 'https://a.example', dialect: { login: 'auth/login' } })
  // @ts-expect-error not one of the four
  await createLoginClient({ baseUrl: 'https://a.example', dialect: { expires: { at: 'data.end', as: 'minutes' } } })
  // @ts-expect-error a function gives the entry, so that it is only read if it is needed
  await createLoginClient({ baseUrl: 'https://a.example', fallback: noWasm })

  // @ts-expect-error a promise, not a client
  createLoginClient(options).checkLogin()
  // @ts-expect-error a profile is an object
  await login.loginByWeixin('小明')
  // @ts-expect-error fields are needed
  await login.updateProfile()
  // @ts-expect-error the session may be null
  login.session.userInfo
  // @ts-expect-error the session is for reading
  login.session = null
  // @ts-expect-error the session does not show its token
  login.session?.token
  // @ts-expect-error the client sees to that itself
  login.foreground()

  // @ts-expect-error a request needs a url
  await login.request({ method: 'GET' })
  // @ts-expect-error no method of HTTP
  await login.request({ url: 'a', method: 'FETCH' })
  // @ts-expect-error methods are in capitals
  await login.request({ url: 'a', method: 'post' })
  // @ts-expect-error not what the body was said to be
  ;(await login.request<Goods>({ url: 'goods' })).goods
  // @ts-expect-error not what the body was said to be
  ;(await login.requestFull<Goods>({ url: 'goods' })).data.goods
  // @ts-expect-error the user has no such field
  ;(await createLoginClient<User>(options)).session?.userInfo.name
  // @ts-expect-error the session of other users
  const other: Session<User> = login.session ?? (await login.ensureLogin())
  // @ts-expect-error the type of a session is that of the client
  await login.ensureLogin<User>()
  // @ts-expect-error header values are texts
  await login.request({ url: 'a', header: { 'X-Page': 1 } })
  // @ts-expect-error an option of fetch
  await login.request({ url: 'a', body: '' })
  // @ts-expect-error a file is needed
  await login.upload({ url: 'a', name: 'file' })
  // @ts-expect-error a signal, not its controller
  await login.request({ url: 'a', signal: new Controller() })
  // @ts-expect-error a request has no progress
  await login.request({ url: 'a', onProgress() {} })
  // @ts-expect-error the words of an upload
  await login.download({ url: 'a', onProgress: ({ totalBytesSent }) => totalBytesSent })
  // @ts-expect-error not one of the three
  await login.ensureLogin({ mode: 'always' })
  // @ts-expect-error a mode is an option
  await login.ensureLogin('force')
  // @ts-expect-error a password is needed
  await login.loginByAccount({ username: 'li' })
  // @ts-expect-error a password is needed
  await login.bindAccount({ username: 'li' })
  // @ts-expect-error the mobile number is a text
  await login.register({ ...account, mobile: 13800000000 })
  // @ts-expect-error the code is inside of the event's detail
  await login.bindPhone('code')
  // @ts-expect-error everywhere is true or false
  await login.logout({ everywhere: 'all' })
  // @ts-expect-error a listener is a function
  login.onChange({})
  // @ts-expect-error no such change
  login.onChange((change) => change.type === 'expired')
  // @ts-expect-error only some changes have a session
  login.onChange((change) => change.session)
  // @ts-expect-error no such step
  login.onEvent((event) => event.name === 'request')
  // @ts-expect-error a client is created once and stays
  login.free()
  // @ts-expect-error no such method
  login.login()
}

export async function testPage(): Promise<number> {
  const phone = createPhone({ baseUrl: 'https://api.example.com/' })
  const uninstall = phone.install()
  const login: LoginClient<User> = await phone.createLoginClient<User>(options)
  phone.server.next('cart', { json: { errno: 0 } }, (usual) => ({ ...usual, status: 500 }))
  const late = held()
  phone.next('request', fails({ errMsg: 'request:fail' }), late)
  late.release()
  await phone.clock.advance(1000)
  const report = await explainDialect(yudao, { login: { statusCode: 200, data: {} }, signedOut: { code: 401 } })
  const identity: string | null | undefined = report.login.identity
  // @ts-expect-error not among the answers that were given
  report.refused
  // @ts-expect-error no such answer
  await explainDialect(yudao, { signin: {} })
  // @ts-expect-error a reply has a body
  phone.server.next('cart', { errno: 0 })
  uninstall()
  return login.session?.userInfo.userId ?? `${report.text}${report.ok}${identity}`.length
}

export async function guardedPage(login: Login<User>, client: LoginClient): Promise<boolean> {
  if (await requireLogin({ login, page: '/pages/login/login', to: '/pages/order/order?id=7' })) return leaveLogin()
  // @ts-expect-error the login page must be named
  await requireLogin({ login: client })
  return requireLogin({ login: client, page: '/pages/login/login', wx: {} })
}

export function misreadError(error: LoginError) {
  // @ts-expect-error not before its code is known
  const field: string = error.field
  // @ts-expect-error what was thrown may be anything
  if (isLoginError(error)) return error.status.toFixed()
  // @ts-expect-error no such code
  return `${field}${error.code === 'time_out'}`
}
