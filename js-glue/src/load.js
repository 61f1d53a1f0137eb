// Instantiates the module through WeChat's own loader, once.
import { __wbg_set_wasm as use, imports, mark } from '../generated/weapp_login_bg.js'
import { inTime } from './in-time.js'
import { loginError, reasonOf } from './login-error.js'

// Compiling takes milliseconds; a loader that has not answered by then never will.
const LOAD_TIMEOUT_MS = 20000

// One instance serves all clients; the generated code knows only one anyway.
let loaded = false
const loading = {}

export async function load(path) {
  if (loaded) return
  if (!loading[path]) loading[path] = instantiate(path)
  try {
    await loading[path]
  } catch (cause) {
    throw loadFailed(path, cause)
  } finally {
    delete loading[path] // after a failure the next client tries again
  }
}

async function instantiate(path) {
  if (typeof WXWebAssembly === 'undefined') {
    throw new Error('there is no WXWebAssembly; it needs base library 2.13.0 or newer')
  }
  const answer = await inTime(WXWebAssembly.instantiate(path, { a: imports }), LOAD_TIMEOUT_MS, 'WXWebAssembly.instantiate')
  const instance = (answer && answer.instance) || answer // DevTools gives {instance, module}, phones the instance itself
  if (!instance || !instance.exports) throw new Error('WXWebAssembly.instantiate gives no instance')
  if (!instance.exports[mark]) throw new Error('it is not the file that was built with this index.js')
  if (loaded) return // by another path, meanwhile
  use(instance.exports)
  loaded = true
}

function loadFailed(path, cause) {
  const advice = 'check that the file is in the package and that `wasmPath` is its absolute path there; ' +
    'an engine that refuses it can run `weapp-login/no-wasm`, see option `fallback`'
  return loginError('wasm_load_failed', `${path} could not be loaded: ${reasonOf(cause)}; ${advice}`, { path })
}
