// One instance of the module. What the engine throws inside it, out of stack or memory, leaves its memory half written: then the
// instance is over, all calls that are under way in it are interrupted, and the next call needs a new one.
import { evaluate } from '../generated/weapp_login_bg.js'
import { interrupted } from './login-error.js'
import { runtime } from './runtime.js'

/** `instantiate(imports)` gives the exports of the module, or a promise of them. */
export async function createInstance(instantiate, views) {
  const pending = new Set() // what rejects the calls that are under way
  let cause // of the end

  // Not from where it was thrown: there may be no stack left.
  function rejectAll() {
    for (const reject of pending) reject(interrupted(cause.thrown))
    pending.clear()
  }

  /** A callback that goes into the module. */
  function guard(callback) {
    return (value) => {
      if (cause) return rejectAll()
      try {
        return callback(value)
      } catch (thrown) {
        cause = { thrown }
        setTimeout(rejectAll, 0)
      }
    }
  }

  /** Goes into the module for a promise, and gives one that settles in any case. */
  function call(work) {
    return new Promise((resolve, reject) => {
      const settled = (settle) => (value) => {
        pending.delete(reject)
        settle(value)
      }
      pending.add(reject)
      guard(() => work().then(settled(resolve), settled(reject)))()
    })
  }

  const resolved = Promise.resolve()
  const glue = evaluate(runtime((work) => resolved.then(guard(work)), views))
  const exports = await instantiate({ './weapp_login_bg.js': glue })
  glue.__wbg_set_wasm(exports)
  return { glue, exports, guard, call, isOver: () => Boolean(cause) }
}
