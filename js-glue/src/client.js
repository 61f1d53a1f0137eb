// A client over `wx`, of a module that `load` brings.
import * as core from '../generated/weapp_login_bg.js'
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
  const { wx: api = runtimeWx() } = options
  const listeners = createListeners()
  const host = wxHost(api, listeners)
  await load()
  const number = core.create(options, host)
  const client = {
    get session() {
      return enter(() => core.session(number))
    },
    authHeader: () => enter(() => core.authHeader(number)),
    onChange: listeners.onChange,
    onEvent: listeners.onEvent,
    free: followForeground(api, number),
  }
  METHODS.forEach((name, method) => {
    client[name] = (argument) => called(number, method, argument)
  })
  return client
}

// A call never throws. Once it has its promise, it has that: what is thrown later is told to whom it concerns.
function called(number, method, argument) {
  let promise
  let cause = 'this client was freed'
  try {
    enter(() => {
      promise = core.call(number, method, argument)
      core.run()
    })
  } catch (error) {
    cause = error
  }
  return promise || Promise.reject(interrupted(cause))
}

// Gives what frees the client.
function followForeground(api, number) {
  const shown = () => enter(() => core.foreground(number))
  if (typeof api.onAppShow === 'function') api.onAppShow(shown)
  return () => {
    if (typeof api.offAppShow === 'function') api.offAppShow(shown)
    core.free(number)
  }
}

function runtimeWx() {
  return typeof wx === 'undefined' ? undefined : wx
}
