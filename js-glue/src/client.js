// A client over `wx`, of the module's instance that `load` gives.
import { listenTo } from './abort.js'
import { appFunctions } from './app-functions.js'
import { copyOf, copyOfArgument } from './copy.js'
import { createListeners } from './listeners.js'
import { checkLan } from './lan.js'
import { interrupted, loginError } from './login-error.js'
import { wxHost } from './wx-host.js'

// These of the module's class give no promise, or are not for the app.
const NO_CALLS = ['constructor', 'free', '__destroy_into_raw', 'session', 'authHeader', 'foreground', 'send', 'nextCode']

/** The methods that give promises: the build reads their names from the generated glue. */
export const METHODS = MODULE_METHODS.filter((name) => !NO_CALLS.includes(name))

const NOW = Promise.resolve()
const SENDING = ['request', 'requestFull', 'upload', 'download']
const CALLBACKS = ['success', 'fail', 'complete']

export async function createClient(options, load, listeners = createListeners()) {
  const { wx: api = runtimeWx() } = options
  const hostFor = wxHost(api, listeners)
  const checked = checkLan(options, api)
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
    const inner = new instance.glue.LoginClient(checked, host)
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
      const signal = SENDING.includes(name) && given ? listenTo(given) : undefined
      const enter = ({ instance, inner }) => {
        if (signal) withSignal(given, signal.of(instance.guard))
        return instance.call(() => inner[name](given))
      }
      const promise = current.instance.isOver() ? restart().then(enter) : enter(current)
      if (signal) promise.then(signal.release, signal.release)
      return promise
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
  for (const name of METHODS) client[name] = (argument) => call(name, argument)
  return client
}

/** What is sent later, as it is now: the page may go on to use its own for something else. */
export function argumentOf(name, argument) {
  if (name === 'logout') return copyForLogout(argument)
  const given = copyOfArgument(argument)
  const callback = SENDING.includes(name) && given && CALLBACKS.find((key) => given[key])
  if (callback) {
    const advice = `${callback} is never called: use the promise that ${name}() returns`
    throw loginError('invalid_argument', `an argument cannot be used: ${advice}`, { field: callback })
  }
  return given
}

// An argument that cannot be used must not stop a logout: `false` stands for it, which the module rejects after it has signed out.
function copyForLogout(argument) {
  try {
    return copyOfArgument(argument)
  } catch (error) {
    return false
  }
}

// For the module alone: what is not enumerable does not go on to `wx`.
function withSignal(given, signal) {
  Object.defineProperty(given, 'signal', { value: signal, enumerable: false, configurable: true })
}

function runtimeWx() {
  return typeof wx === 'undefined' ? undefined : wx
}
