// Instantiates the module through WeChat's own loader, once.
import * as imports from '../generated/weapp_login_bg.js'
import { loginError } from './login-error.js'

// Compiling takes milliseconds; a loader that has not answered by then never will.
const LOAD_TIMEOUT_MS = 20000

let loading

export function load(path) {
  if (!loading) {
    loading = instantiate(path).catch((cause) => {
      loading = undefined // the next client tries again
      throw loadFailed(path, cause)
    })
  }
  return loading
}

async function instantiate(path) {
  if (typeof WXWebAssembly === 'undefined') {
    throw new Error('there is no WXWebAssembly; it needs base library 2.13.0 or newer')
  }
  const loaded = await inTime(WXWebAssembly.instantiate(path, { './weapp_login_bg.js': Object.assign({}, imports) }))
  const instance = loaded.instance || loaded // DevTools gives {instance, module}, phones the instance itself
  imports.__wbg_set_wasm(instance.exports)
}

function inTime(promise) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('WXWebAssembly.instantiate does not answer')), LOAD_TIMEOUT_MS)
    const stopTimer = () => clearTimeout(timer)
    Promise.resolve(promise).then(resolve, reject).then(stopTimer, stopTimer)
  })
}

function loadFailed(path, cause) {
  const reason = (cause && (cause.errMsg || cause.message)) || String(cause)
  const advice = 'check that the file is in the package and that `wasmPath` is its absolute path there'
  return loginError('wasm_load_failed', `${path} could not be loaded: ${reason}; ${advice}`, { path })
}
