// The same client for engines that refuse the module: with the module's code as JavaScript, which the build makes of the import below.
import { instantiate } from '../generated/weapp_login_bg.wasm'
import { copyOfOptions } from './app-functions.js'
import { createClient } from './client.js'
import { creator } from './create-login.js'
import { createInstance } from './instance.js'

export { AbortController } from './abort.js'
export { isLoginError } from './login-error.js'

let shared

export const createLogin = creator(createLoginClient)

export async function createLoginClient(options, listeners) {
  return createClient(copyOfOptions(options), load, listeners)
}

async function load() {
  if (!shared || shared.isOver()) {
    let exports
    const views = followingMemory(() => exports.memory.buffer)
    shared = await createInstance((imports) => (exports = instantiate(imports)), views)
  }
  return shared
}

// Memory that grows moves into a new buffer. The generated code takes its view of the old one for stale when that buffer is detached;
// JavaScript cannot detach one, so these views look detached as soon as the memory has another buffer.
function followingMemory(current) {
  const view = (View, name, stale) => function (buffer) {
    const fresh = new View(buffer)
    const value = fresh[name]
    return Object.defineProperty(fresh, name, { get: () => (current() === buffer ? value : stale) })
  }
  return { Uint8Array: view(Uint8Array, 'byteLength', 0), DataView: view(DataView, 'buffer', { detached: true }) }
}
