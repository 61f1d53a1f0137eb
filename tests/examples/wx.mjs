// The strict fake `wx` over a real backend, with what the frameworks ask of a phone besides.
import { createHttpWx } from '../dialects/http-wx.mjs'

const OF_FRAMEWORKS = {
  canIUse: () => true,
  getSystemInfoSync: () => ({ platform: 'android', system: 'Android 14', SDKVersion: '3.7.0', language: 'zh_CN', windowWidth: 375, windowHeight: 667, pixelRatio: 2 }),
  getWindowInfo: () => ({ windowWidth: 375, windowHeight: 667, pixelRatio: 2, safeArea: {} }),
  getAppBaseInfo: () => ({ SDKVersion: '3.7.0', language: 'zh_CN', host: { env: 'WeChat' } }),
  getDeviceInfo: () => ({ platform: 'android', system: 'Android 14' }),
  getLaunchOptionsSync: () => ({ path: 'pages/index/index', query: {}, scene: 1001 }),
  showToast: () => {},
}

async function control(backend, name, body) {
  const answer = await fetch(`${backend}/sandbox/control/${name}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  return answer.json()
}

/** A phone of the sandbox's WeChat user of this name. */
export function createPhoneWx(backend, user) {
  const fake = createHttpWx({ baseUrl: backend, otherUrl: backend })
  fake.always('login', async ({ succeed }) => succeed(await control(backend, 'code', { user })))
  Object.assign(fake.wx, OF_FRAMEWORKS)
  return fake
}

/** Gives a WeChat user a name that only the backend knows. */
export async function nameUser(backend, user, nickName) {
  const post = async (path, body, token = '') => {
    const answer = await fetch(`${backend}/wx/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-litemall-token': token },
      body: JSON.stringify(body),
    })
    return (await answer.json()).data
  }
  const { token } = await post('auth/login_by_weixin', await control(backend, 'code', { user }))
  const { nickName: named } = await post('auth/profile', { nickName }, token)
  if (named !== nickName) throw new Error(`the backend calls ${user} ${named}`)
}
