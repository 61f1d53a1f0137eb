// What the module needs of the world, over `wx`. The interface is `Host` in weapp_login.d.ts.
import { settle } from '../generated/weapp_login_bg.js'
import { enterInTime } from './enter.js'
import { loginError } from './login-error.js'

// How much later than at the timeout of `wx` itself a call is given up: the error of `wx` says more, so it goes first.
const GRACE_MS = 1000

// What `wx` fails with when it gives up.
const timeout = (name) => ({ errMsg: `${name}:fail timeout`, errno: 5 })

// The first four in the order of `Api` in src/host.rs.
const APIS = ['login', 'checkSession', 'request', 'uploadFile', 'getStorageSync', 'setStorageSync', 'removeStorageSync']

export function wxHost(api, listeners) {
  const missing = APIS.find((name) => !api || typeof api[name] !== 'function')
  if (missing) {
    throw loginError('invalid_config', `option \`wx\` has no \`${missing}\``, { field: `wx.${missing}` })
  }
  return {
    // WeChat answers through callbacks, now and then twice or never. The module takes the first answer to each call.
    call(index, options, slot, number, ms) {
      const name = APIS[index]
      const settles = (succeeded) => (answer) => {
        clearTimeout(timer)
        enterInTime(() => settle(slot, number, succeeded, answer))
      }
      const fail = settles(false)
      const timer = setTimeout(() => fail(timeout(name)), ms + GRACE_MS)
      try {
        api[name](Object.assign(options, { timeout: ms, success: settles(true), fail }))
      } catch (error) {
        fail(error)
      }
    },
    sleep: (slot, number, ms) => setTimeout(() => enterInTime(() => settle(slot, number, true)), ms),
    getStorage: (key) => api.getStorageSync(key) || undefined, // WeChat gives '' for a missing key
    setStorage: (key, value) => (value ? api.setStorageSync(key, value) : api.removeStorageSync(key)),
    changed: (what, session) => listeners.changed(session ? { type: what, session } : { type: 'signedOut', reason: what }),
    observed: (name, code, ms) => listeners.observed(code ? { name, ms, code } : { name, ms }),
  }
}
