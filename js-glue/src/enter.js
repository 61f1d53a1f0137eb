// Every call into the module that may do work. Nothing in there throws, but an engine that is out of stack or memory may, at
// any point: then the task that met it fails, and those who wait for what it did, and the others go on.
import { moveStack, recover } from '../generated/weapp_login_bg.js'
import { interrupted } from './login-error.js'

let inside = false
let bottom // of the module's own stack
let thrown

export function enter(work) {
  if (inside) return work() // the module has called out, and this calls back in
  inside = true
  try {
    mend()
    return work()
  } catch (cause) {
    thrown = thrown || { cause }
    setTimeout(() => enter(() => {}), 0) // there may be no room for more, here
    throw cause
  } finally {
    inside = false
  }
}

function mend() {
  if (bottom === undefined) bottom = moveStack(0)
  if (!thrown) return
  const error = interrupted(thrown.cause)
  moveStack(bottom - moveStack(0))
  thrown = undefined
  recover(error)
}
