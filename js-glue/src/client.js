// A client over `wx`, of a module that `load` brings.
import { LoginClient } from '../generated/weapp_login_bg.js'
import { enter } from './enter.js'
import { createListeners } from './listeners.js'
import { interrupted } from './login-error.js'
import { wxHost } from './wx-host.js'

// In the order of `call` in src/wasm/client.rs.
const METHODS = [
  'checkLogin', 'logout', 'loginByWeixin', 'ensureLogin', 'request', 'upload', 'loginByAccount', 'register', 'bindAccount',
  'bindPhone', 'updateProfile',
]

export async function createClient(options, load) {
  const { wx: api = runtimeWx(), ...loginOptions } = options
  const listeners = createListeners()
  const host = wxHost(api, listeners)
  await load()
  const client = new LoginClient(loginOptions, host)
  client.onChange = listeners.onChange
  client.onEvent = listeners.onEvent
  METHODS.forEach((name, number) => {
    client[name] = (argument) => called(client, number, argument)
  })
  followForeground(api, client)
  return client
}

// A call rejects whatever happens; it never throws.
function called(client, number, argument) {
  try {
    return enter(() => client.call(number, argument))
  } catch (cause) {
    return Promise.reject(interrupted(cause))
  }
}

function followForeground(api, client) {
  let freed = false
  const shown = () => freed || client.foreground()
  if (typeof api.onAppShow === 'function') api.onAppShow(shown)
  client.free = () => {
    if (freed) return
    freed = true
    if (typeof api.offAppShow === 'function') api.offAppShow(shown)
    setTimeout(() => LoginClient.prototype.free.call(client), 0) // a listener may have been called in the middle of a method
  }
}

function runtimeWx() {
  return typeof wx === 'undefined' ? undefined : wx
}
