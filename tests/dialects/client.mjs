// The built package, in node.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dist } from '../package/package-files.mjs'

const WASM = '/weapp_login.wasm'

globalThis.WXWebAssembly = {
  instantiate: (path, imports) => WebAssembly.instantiate(readFileSync(dist(path.slice(1))), imports),
}

const { createLoginClient } = createRequire(import.meta.url)(dist('index.js'))

/** A client of a server of `startServer`, over a fake of `createHttpWx`. */
export const clientOf = (server, fake, options) =>
  createLoginClient({ baseUrl: server.baseUrl, wx: fake.wx, wasmPath: WASM, ...options })
