// Every call into the module that may do work. Nothing in there throws, but an engine that is out of stack or memory may, at
// any point: then the task that met it fails, and the others go on.
import { recover } from '../generated/weapp_login_bg.js'

let inside = false

export function enter(work) {
  if (inside) return work() // the module has called out, and this calls back in
  inside = true
  try {
    return work()
  } catch (error) {
    setTimeout(() => recover(error), 0) // from the bottom of the stack
    throw error
  } finally {
    inside = false
  }
}
