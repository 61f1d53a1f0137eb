import { NetworkFailure } from './native-network.mjs'

const TIMEOUT_MS = 10000

/** Gets what wx.login hands out, a code for the given WeChat user, from the backend's sandbox WeChat. */
export async function fetchLoginCode(backend, user) {
  let response
  try {
    response = await fetch(new URL('/sandbox/control/code', backend), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ user }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
  } catch (error) {
    throw new NetworkFailure(error.name === 'TimeoutError' ? 'timeout' : '网络不可用,请检查网络设置', 600001)
  }
  if (response.status === 404) {
    throw new NetworkFailure('the backend talks to the real WeChat, which gives no codes to a browser; start it without WECHAT_APPID', 1)
  }
  if (!response.ok) throw new NetworkFailure(`system error: HTTP ${response.status}`, 1)
  return (await response.json()).code
}
