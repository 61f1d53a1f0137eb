// What the module needs of the world, over `wx`. The interface is `Host` in weapp_login.d.ts.
import { settle } from '../generated/weapp_login_bg.js'
import { enterInTime } from './enter.js'
import { loginError } from './login-error.js'

const APIS = ['login', 'checkSession', 'request', 'uploadFile', 'getStorageSync', 'setStorageSync', 'removeStorageSync']

export function wxHost(api, listeners) {
  const missing = APIS.find((name) => !api || typeof api[name] !== 'function')
  if (missing) {
    throw loginError('invalid_config', `option \`wx\` has no \`${missing}\``, { field: `wx.${missing}` })
  }
  // WeChat answers through callbacks, now and then twice or never: the module takes the first answer to each call, and gives
  // up what it has waited for long enough.
  return {
    call(name, options, slot, number) {
      const settles = (succeeded) => (answer) => enterInTime(() => settle(slot, number, succeeded, answer))
      options.success = settles(true)
      options.fail = settles(false)
      api[name](options)
    },
    sleep: (ms, slot, number) => setTimeout(() => enterInTime(() => settle(slot, number, true)), ms),
    getStorage: (key) => api.getStorageSync(key),
    setStorage: (key, value) => api.setStorageSync(key, value),
    removeStorage: (key) => api.removeStorageSync(key),
    changed: (change) => listeners.changed(change),
    observed: (step) => listeners.observed(step),
  }
}
