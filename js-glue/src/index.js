// The public face of the package: loads the module, hooks it to `wx`, hands out its client.
import { LoginClient } from '../generated/weapp_login_bg.js'
import { createListeners } from './listeners.js'
import { load } from './load.js'
import { loginError } from './login-error.js'
import { wxHost } from './wx-host.js'

// Where WeChat's "build npm" puts the module.
const WASM_PATH = '/miniprogram_npm/weapp-login/weapp_login.wasm'

export async function createLoginClient(options) {
  const { wx: api = runtimeWx(), wasmPath = WASM_PATH, ...loginOptions } = options || {}
  if (typeof wasmPath !== 'string' || wasmPath === '') {
    throw loginError('invalid_config', 'option `wasmPath` must be the path of the .wasm file inside the package', {
      field: 'wasmPath',
    })
  }
  const listeners = createListeners()
  const host = wxHost(api, listeners)
  await load(wasmPath)
  const client = new LoginClient(loginOptions, host)
  client.onChange = listeners.onChange
  client.onEvent = listeners.onEvent
  followForeground(api, client)
  return client
}

function followForeground(api, client) {
  const shown = () => client.foreground()
  if (typeof api.onAppShow === 'function') api.onAppShow(shown)
  client.free = () => {
    if (typeof api.offAppShow === 'function') api.offAppShow(shown)
    LoginClient.prototype.free.call(client)
  }
}

function runtimeWx() {
  return typeof wx === 'undefined' ? undefined : wx
}
