// A client that is there at once, and loads by itself.
import { isSignal } from './abort.js'
import { METHODS, argumentOf } from './client.js'
import { copyOfOptions } from './app-functions.js'
import { createListeners } from './listeners.js'
import { interrupted, loginError } from './login-error.js'

const NOW = Promise.resolve()

export const creator = (createLoginClient) => (options) => {
  const given = copyNow(options)
  const listeners = createListeners()
  let client // once it is loaded
  let loading
  let freed = false

  /** Loads once for all who wait; after a failure the next call tries again. */
  function load() {
    if (!loading) {
      loading = NOW.then(() => createLoginClient(given(), listeners)).then(loaded, failed)
      loading.catch(() => {}) // each call says so
    }
    return loading
  }

  function loaded(created) {
    if (freed) created.free()
    return (client = created)
  }

  function failed(error) {
    loading = undefined
    throw error
  }

  function call(name, argument) {
    if (client) return client[name](argument)
    try {
      if (freed) throw interrupted('this client was freed')
      const copy = argumentOf(name, argument)
      return unlessAborted(copy, load().then((client) => client[name](copy), own))
    } catch (error) {
      return Promise.reject(error)
    }
  }

  const login = {
    get session() {
      return client && client.session
    },
    authHeader: () => client && client.authHeader(),
    onChange: listeners.onChange,
    onEvent: listeners.onEvent,
    free() {
      freed = true
      if (client) client.free()
    },
  }
  for (const name of METHODS) login[name] = (argument) => call(name, argument)
  // Its answer is no, not why: as long as nothing is loaded, too.
  login.checkLogin = () => call('checkLogin').catch(() => Promise.reject(false))
  load()
  return login
}

// The options as they are now; what is wrong with them is for the calls to say.
function copyNow(options) {
  try {
    const copy = copyOfOptions(options)
    return () => copy
  } catch (error) {
    return () => {
      throw error
    }
  }
}

// Each caller gets an error of its own.
function own(error) {
  throw Object.assign(new Error(error.message), error)
}

// A signal ends a call that waits for the module.
function unlessAborted(options, promise) {
  const signal = options && options.signal
  if (!signal || !isSignal(signal)) return promise // the client refuses it, if it has to
  return new Promise((resolve, reject) => {
    const abort = () => reject(loginError('aborted', 'aborted'))
    const release = () => signal.removeEventListener('abort', abort)
    if (signal.aborted) abort()
    signal.addEventListener('abort', abort)
    promise.then(resolve, reject).then(release)
  })
}
