import { NetworkFailure } from './native-network.mjs'

const TIMEOUT_MS = 10000

/** Gets what wx.login hands out, a code for the given WeChat user, from the backend's sandbox WeChat. */
export function fetchLoginCode(backend, user) {
  return fetchCode(new URL('/sandbox/control/code', backend), { user })
}

/** Gets what a getPhoneNumber button hands out, a code for the given phone number, from there too. */
export function fetchPhoneCode(backend, phone) {
  return fetchCode(new URL('/sandbox/control/phone_code', backend), { phone })
}

async function fetchCode(control, request) {
  let response
  try {
    response = await fetch(control, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(request),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
  } catch (error) {
    throw new NetworkFailure(error.name === 'TimeoutError' ? 'timeout' : '网络不可用,请检查网络设置', 600001)
  }
  if (response.status === 404) {
    throw new NetworkFailure('the backend talks to the real WeChat, which gives no codes to a browser; start it with --sandbox', 1)
  }
  if (!response.ok) throw new NetworkFailure(`system error: HTTP ${response.status}`, 1)
  return (await response.json()).code
}
