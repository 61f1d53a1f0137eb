// Instantiates the module through WeChat's own loader. All clients share one instance.
import { inTime } from './in-time.js'
import { createInstance } from './instance.js'
import { loginError, reasonOf } from './login-error.js'

// Compiling takes milliseconds; a loader that has not answered by then never will.
const LOAD_TIMEOUT_MS = 20000

let shared
const loading = {}

export async function load(path) {
  if (isUsable()) return shared
  if (!loading[path]) loading[path] = instantiate(path)
  try {
    return await loading[path]
  } catch (cause) {
    throw loadFailed(path, cause)
  } finally {
    delete loading[path] // after a failure the next client tries again
  }
}

function isUsable() {
  return shared && !shared.isOver()
}

async function instantiate(path) {
  const instance = await createInstance((imports) => exportsOf(path, imports))
  if (instance.glue.buildId() !== BUILD_ID) throw new Error(OTHER_BUILD)
  if (!isUsable()) shared = instance // else it was loaded by another path, meanwhile
  return shared
}

const OTHER_BUILD = 'it is not the file that was built with this index.js'

async function exportsOf(path, imports) {
  if (typeof WXWebAssembly === 'undefined') {
    throw new Error('there is no WXWebAssembly; it needs base library 2.13.0 or newer')
  }
  const answer = await inTime(WXWebAssembly.instantiate(path, imports), LOAD_TIMEOUT_MS, 'WXWebAssembly.instantiate')
  const instance = (answer && answer.instance) || answer // DevTools gives {instance, module}, phones the instance itself
  if (!instance || !instance.exports) throw new Error('WXWebAssembly.instantiate gives no instance')
  if (!instance.exports.buildId) throw new Error(OTHER_BUILD)
  return instance.exports
}

function loadFailed(path, cause) {
  const advice = 'does it reach the package? WeChat: "build npm" (构建 npm); Taro: plugins: [\'weapp-login/taro\']; uni-app: weappLogin() of ' +
    '\'weapp-login/vite\'; else say where it is as `wasmPath`; an engine that refuses it can run `weapp-login/no-wasm`, see option `fallback`'
  return loginError('wasm_load_failed', `${path} could not be loaded: ${reasonOf(cause)}; ${advice}`, { path })
}
