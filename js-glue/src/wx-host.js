// What the module needs of the world, over `wx`. The interface is `Host` in weapp_login.d.ts.
import { loginError } from './login-error.js'

const APIS = ['login', 'checkSession', 'request', 'uploadFile', 'getStorageSync', 'setStorageSync', 'removeStorageSync']

export function wxHost(api, listeners) {
  const missing = APIS.find((name) => !api || typeof api[name] !== 'function')
  if (missing) {
    throw loginError('invalid_config', `option \`wx\` has no \`${missing}\``, { field: `wx.${missing}` })
  }
  return {
    call: async (name, options) => settle(api, name, options),
    getStorage: (key) => api.getStorageSync(key),
    setStorage: (key, value) => api.setStorageSync(key, value),
    removeStorage: (key) => api.removeStorageSync(key),
    changed: (change) => listeners.changed(change),
    observed: (step) => listeners.observed(step),
  }
}

// WeChat answers through callbacks, now and then twice: a promise takes the first answer. An API that never answers is
// given up by the module, which has a timeout for everything that it waits for.
function settle(api, name, options) {
  return new Promise((resolve, reject) => {
    api[name](Object.assign({}, options, { success: resolve, fail: reject }))
  })
}
