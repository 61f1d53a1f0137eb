import { ApiFailure } from './api.js'

const UNREACHABLE = { reason: '-106:net::ERR_INTERNET_DISCONNECTED', errno: 600001 }

/** Calls the phone's native side, which the preview's server plays. */
export async function callNative(path, body, { headers, signal } = {}) {
  const { failure, ...answer } = await post(path, body, headers, signal)
  if (failure) throw new ApiFailure(failure.reason, { errno: failure.errno })
  return answer
}

async function post(path, body, headers, signal) {
  try {
    const response = await fetch(path, { method: 'POST', body, headers, signal })
    if (response.ok) return await response.json()
  } catch (error) {
    if (signal?.aborted) throw new ApiFailure('abort')
  }
  return { failure: UNREACHABLE }
}
