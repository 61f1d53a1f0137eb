// Aborting a call. The runtime has no AbortController, so the package brings one; a native one does as well.
import { loginError } from './login-error.js'

export class AbortController {
  constructor() {
    const listeners = new Set()
    const signal = {
      aborted: false,
      addEventListener(type, listener) {
        if (type === 'abort') listeners.add(listener)
      },
      removeEventListener(type, listener) {
        if (type === 'abort') listeners.delete(listener)
      },
    }
    this.signal = signal
    this.abort = () => {
      if (signal.aborted) return
      signal.aborted = true
      listeners.forEach(call)
      listeners.clear()
    }
  }
}

// What a listener throws comes up by itself, and disturbs no other.
function call(listener) {
  try {
    listener({ type: 'abort' })
  } catch (error) {
    setTimeout(() => {
      throw error
    }, 0)
  }
}

/** Whether it can be listened to as a signal. */
export function isSignal(signal) {
  return ['addEventListener', 'removeEventListener'].every((name) => typeof signal[name] === 'function')
}

/**
 * Takes the app's signal out of the options of a call, and listens to it. Gives `of(guard)`, what the module needs to know of it, and `release`, which is to be
 * called at the end of the call: a signal may live longer than the calls that it belongs to.
 */
export function listenTo(given) {
  const { signal } = given
  delete given.signal
  if (signal === undefined || signal === null) return undefined
  if (!isSignal(signal)) {
    throw loginError('invalid_argument', 'an argument cannot be used: signal must be that of an AbortController', { field: 'signal' })
  }
  let aborted = Boolean(signal.aborted)
  let end
  const ended = new Promise((resolve) => {
    end = resolve
  })
  const abort = () => {
    aborted = true
    end()
  }
  signal.addEventListener('abort', abort)
  return {
    release() {
      signal.removeEventListener('abort', abort)
      end()
    },
    of: (guard) => ({ isAborted: () => aborted, ended: { then: (done) => ended.then(guard(done)) } }),
  }
}
