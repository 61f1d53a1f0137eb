// The public face of the package: loads the module, or has the app's `fallback` stand in for it.
import { copyOfOptions } from './app-functions.js'
import { createClient } from './client.js'
import { creator } from './create-login.js'
import { inTime } from './in-time.js'
import { load } from './load.js'
import { loginError, reasonOf } from './login-error.js'

export { AbortController } from './abort.js'
export { isLoginError } from './login-error.js'

// Where WeChat's "build npm" puts the module.
const WASM_PATH = '/miniprogram_npm/weapp-login/weapp_login.wasm'

// It may have to load a subpackage.
const FALLBACK_TIMEOUT_MS = 60000

/** A client that is there at once. */
export const createLogin = creator(createLoginClient)

export async function createLoginClient(options, listeners) {
  const given = copyOfOptions(options)
  const { wasmPath = WASM_PATH, fallback } = given
  if (typeof wasmPath !== 'string' || wasmPath === '') {
    throw loginError('invalid_config', 'option `wasmPath` must be the path of the .wasm file inside the package', {
      field: 'wasmPath',
    })
  }
  if (fallback !== undefined && typeof fallback !== 'function') {
    throw loginError('invalid_config', 'option `fallback` must be a function that gives `weapp-login/no-wasm`', {
      field: 'fallback',
    })
  }
  try {
    return await createClient(given, () => load(wasmPath), listeners)
  } catch (error) {
    if (!fallback || error.code !== 'wasm_load_failed') throw error
    return (await noWasm(fallback, error)).createLoginClient(given, listeners)
  }
}

async function noWasm(fallback, error) {
  try {
    const entry = await inTime(fallback(error), FALLBACK_TIMEOUT_MS, 'it')
    if (typeof entry.createLoginClient !== 'function') throw new Error('it has no `createLoginClient`')
    return entry
  } catch (cause) {
    const message = `${error.message}; and \`fallback\` did not give \`weapp-login/no-wasm\`: ${reasonOf(cause)}`
    throw loginError(error.code, message, { path: error.path })
  }
}
