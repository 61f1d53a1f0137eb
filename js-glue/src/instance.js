// One instance of the module. What the engine throws inside it, out of stack or memory, leaves its memory half written: then the
// instance is over, all calls that are under way in it are interrupted, and the next call needs a new one.
import { evaluate } from '../generated/weapp_login_bg.js'
import { interrupted } from './login-error.js'
import { runtime } from './runtime.js'

// What the module itself rejects with: `false` is the answer of `checkLogin()`.
const isOwn = (error) => error === false || error.name === 'LoginError'

/** `instantiate(imports)` gives the exports of the module, or a promise of them. */
export async function createInstance(instantiate, views) {
  const pending = new Set() // the calls that are under way
  let cause // of the end

  // Not from where it was thrown: there may be no stack left.
  function rejectAll() {
    for (const { reject, isLost } of pending) if (!isLost) reject(interrupted(cause.thrown))
    pending.clear()
  }

  function interrupt(thrown) {
    throw interrupted(thrown)
  }

  /** A callback that goes into the module. */
  function guard(callback) {
    return (value) => {
      if (cause) return rejectAll()
      try {
        return callback(value)
      } catch (thrown) {
        end(thrown)
      }
    }
  }

  function end(thrown) {
    if (!cause) cause = { thrown }
    setTimeout(rejectAll, 0)
  }

  /** Goes into the module for a promise, and gives one that settles in any case. Throws if there is no stack left to begin. */
  function call(work) {
    const entry = {}
    const promise = new Promise((resolve, reject) => {
      entry.resolve = resolve
      entry.reject = reject
    })
    if (!entry.reject) return promise.then(undefined, interrupt) // there was no stack for the function above
    const settled = (settle) => (value) => {
      pending.delete(entry)
      settle(value)
    }
    // What is thrown while the module makes its promise does not come out as an exception: the promise rejects with it.
    const failed = (error) => (isOwn(error) ? settled(entry.reject)(error) : end(error))
    const enter = guard(() => work().then(settled(entry.resolve), failed))
    pending.add(entry)
    try {
      enter()
    } catch (error) {
      entry.isLost = true // nobody gets its promise
      throw error
    }
    return promise
  }

  const resolved = Promise.resolve()
  const glue = evaluate(runtime((work) => resolved.then(guard(work)), views))
  const exports = await instantiate({ './weapp_login_bg.js': glue })
  glue.__wbg_set_wasm(exports)
  return { glue, exports, guard, call, isOver: () => Boolean(cause) }
}
