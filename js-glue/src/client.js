// A client over `wx`, of a module that `load` brings.
import { LoginClient, run } from '../generated/weapp_login_bg.js'
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
  const core = new LoginClient(loginOptions, host)
  const client = {
    get session() {
      return enter(() => core.session)
    },
    authHeader: () => enter(() => core.authHeader()),
    onChange: listeners.onChange,
    onEvent: listeners.onEvent,
    free: followForeground(api, core),
  }
  METHODS.forEach((name, number) => {
    client[name] = (argument) => called(core, number, argument)
  })
  return client
}

// A call never throws. Once it has its promise, it has that: what is thrown later is told to whom it concerns.
function called(core, number, argument) {
  let promise
  try {
    enter(() => {
      promise = core.call(number, argument)
      run()
    })
  } catch (cause) {
    return promise || Promise.reject(interrupted(cause))
  }
  return promise
}

// Gives what frees the client.
function followForeground(api, core) {
  let freed = false
  const shown = () => freed || enter(() => core.foreground())
  if (typeof api.onAppShow === 'function') api.onAppShow(shown)
  return () => {
    if (freed) return
    freed = true
    if (typeof api.offAppShow === 'function') api.offAppShow(shown)
    setTimeout(() => core.free(), 0) // a listener may have been called in the middle of a method
  }
}

function runtimeWx() {
  return typeof wx === 'undefined' ? undefined : wx
}
