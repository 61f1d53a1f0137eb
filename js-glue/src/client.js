// A client over `wx`, of the module's instance that `load` gives.
import { appFunctions } from './app-functions.js'
import { copyOf, copyOfArgument } from './copy.js'
import { createListeners } from './listeners.js'
import { interrupted, loginError } from './login-error.js'
import { createPlaces } from './places.js'
import { wxHost } from './wx-host.js'

// These of the module's class give no promise, or are not for the app.
const NO_CALLS = ['constructor', 'free', '__destroy_into_raw', 'session', 'authHeader', 'foreground', 'send', 'nextCode']
const NOW = Promise.resolve()
const SENDING = ['request', 'requestFull', 'upload']
const CALLBACKS = ['success', 'fail', 'complete']

export async function createClient(options, load) {
  const { wx: api = runtimeWx(), maxParallel } = options
  const listeners = createListeners()
  const hostFor = wxHost(api, listeners, createPlaces(maxParallel))
  let current = await start()
  let starting
  let freed = false
  let known = current.inner.session // for as long as there is no instance to ask
  listeners.onChange(({ session = null }) => {
    known = session
  })

  async function start() {
    const instance = await load()
    const step = (name, argument) => {
      if (freed) throw interrupted('this client was freed')
      return instance.call(() => inner[name](argument))
    }
    const host = hostFor(instance, appFunctions(options.dialect, step))
    const inner = new instance.glue.LoginClient(options, host)
    return { instance, inner }
  }

  /** A new instance, after the engine has thrown something of its own inside the old one. */
  function restart() {
    if (!starting) starting = NOW.then(start).then(started, failed) // in a later turn, which has the whole stack
    return starting
  }

  function started(renewed) {
    starting = undefined
    current = renewed
    return renewed
  }

  function failed(cause) {
    starting = undefined
    throw cause
  }

  // A call never throws.
  function call(name, argument) {
    try {
      if (freed) throw 'this client was freed'
      const given = argumentOf(name, argument)
      const enter = ({ instance, inner }) => instance.call(() => inner[name](given))
      return current.instance.isOver() ? restart().then(enter) : enter(current)
    } catch (cause) {
      return Promise.reject(cause.name === 'LoginError' ? cause : interrupted(cause))
    }
  }

  function read(work, ifUnknown) {
    const found = freed ? undefined : current.instance.guard(() => work(current.inner))()
    return found === undefined ? ifUnknown : found
  }

  const shown = () => read((inner) => inner.foreground())
  if (typeof api.onAppShow === 'function') api.onAppShow(shown)

  const client = {
    get session() {
      return read((inner) => inner.session, freed ? null : copyOf(known))
    },
    authHeader: () => read((inner) => inner.authHeader(), {}),
    onChange: listeners.onChange,
    onEvent: listeners.onEvent,
    // What is under way goes on to its end.
    free() {
      if (freed) return
      if (typeof api.offAppShow === 'function') api.offAppShow(shown)
      read((inner) => inner.free())
      freed = true
    },
  }
  for (const name of Object.getOwnPropertyNames(current.instance.glue.LoginClient.prototype)) {
    if (!NO_CALLS.includes(name)) client[name] = (argument) => call(name, argument)
  }
  return client
}

// As it is now: the page may go on to use its own for something else.
function argumentOf(name, argument) {
  const given = copyOfArgument(argument)
  const callback = SENDING.includes(name) && given && CALLBACKS.find((key) => given[key])
  if (callback) {
    const advice = `${callback} is never called: use the promise that ${name}() returns`
    throw loginError('invalid_argument', `an argument cannot be used: ${advice}`, { field: callback })
  }
  return given
}

function runtimeWx() {
  return typeof wx === 'undefined' ? undefined : wx
}
