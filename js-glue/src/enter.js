// Every call into the module that may do work. Nothing in there throws, but an engine that is out of memory may, at any point:
// then the task that met it fails, and those who wait for what it did, and the others go on.
import { moveStack, recover } from '../generated/weapp_login_bg.js'
import { interrupted } from './login-error.js'

// Out of stack in the middle, an engine would leave the module half done. So nobody goes in without room for the deepest way
// through it: to call a function with these arguments, an engine has to have as much.
const ROOM = Array.from({ length: 2048 }) // without holes, which engines look for, each one: 0.1 ms in JSC, 0.01 in V8
const noop = () => {}

let inside = false
let bottom // of the module's own stack
let thrown

/** Throws, before anything is done, if there is no room. */
export function enter(work) {
  findRoom()
  return goIn(work)
}

/** For what must not be lost: where there is no room, it is done a little later. */
export function enterInTime(work) {
  try {
    findRoom()
  } catch (error) {
    setTimeout(() => enterInTime(work), 0)
    return
  }
  goIn(work)
}

function findRoom() {
  noop.apply(undefined, ROOM)
}

function goIn(work) {
  if (inside) return work() // the module has called out, and this calls back in
  inside = true
  try {
    mend()
    return work()
  } catch (cause) {
    thrown = thrown || { cause }
    setTimeout(() => enter(noop), 0) // there may be no room for more, here
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
