// A page that uses the package, for the compiler alone. What `@ts-expect-error` stands above must be refused.
import { createLoginClient } from 'weapp-login'
import type { CreateOptions, Envelope, LoginClient, LoginError, LoginErrorCode, Session } from 'weapp-login'

const options: CreateOptions = {
  baseUrl: 'https://api.example.com/wx/',
  wasmPath: '/libs/weapp-login/weapp_login.wasm',
  wx: {},
  endpoints: { loginByWeixin: 'auth/loginByWeixin', info: 'me', logout: 'bye', profile: 'auth/profile' },
  tokenHeader: 'X-Nideshop-Token',
  signedOut: { errno: [401], status: [401, 403] },
  expiryMarginMs: 60000,
  timeoutMs: 15000,
  storageKey: 'login',
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
  const session: Session | null = login.session
  return session?.expiresAt === null ? session.userInfo.nickName : `${signedIn}${token}${user.userId}${header.a}${nothing}`
}

export function say(error: LoginError): string {
  const code: LoginErrorCode = error.code
  return error.code === 'timeout' ? error.errMsg ?? code : `${error.message} ${error.errno} ${error.status} ${error.field}`
}

export async function misuse() {
  const login: LoginClient = await createLoginClient(options)

  // @ts-expect-error baseUrl is needed
  await createLoginClient({})
  // @ts-expect-error options are needed
  await createLoginClient()
  // @ts-expect-error an unknown option
  await createLoginClient({ baseUrl: 'https://a.example', baseURL: '' })
  // @ts-expect-error an unknown endpoint
  await createLoginClient({ baseUrl: 'https://a.example', endpoints: { logIn: 'a' } })
  // @ts-expect-error not one of the three
  await createLoginClient({ baseUrl: 'https://a.example', sessionCheck: 'sometimes' })
  // @ts-expect-error a number of ms
  await createLoginClient({ baseUrl: 'https://a.example', timeoutMs: '15000' })
  // @ts-expect-error lists
  await createLoginClient({ baseUrl: 'https://a.example', signedOut: { errno: 501 } })

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
  // @ts-expect-error no such method
  login.login()
}

export function misreadError(error: LoginError) {
  // @ts-expect-error no such code
  return error.code === 'time_out'
}
