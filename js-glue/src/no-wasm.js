// The same client for engines that refuse the module: with the module's code as JavaScript, into which the build
// translates the import below.
import { instantiate } from '../generated/weapp_login_bg.wasm'
import { __wbg_set_wasm as use, imports } from '../generated/weapp_login_bg.js'
import { createClient } from './client.js'

use(instantiate({ a: imports }))

export async function createLoginClient(options) {
  return createClient(Object.assign({}, options), () => {})
}
