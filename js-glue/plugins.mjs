// Plugins of esbuild.
import { execFile } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { build } from 'esbuild'

const binaryen = dirname(createRequire(import.meta.url).resolve('binaryen/package.json'))

/**
 * Imports the generated glue as a function that evaluates it: `evaluate(runtime)` gives its exports. The glue keeps its state in
 * variables of its own, so each instance of the module needs an evaluation of its own. What the glue takes for globals comes from
 * `runtime`, because phones do not have all of it.
 */
export const evaluated = (options) => ({
  name: 'evaluated',
  setup(plugins) {
    plugins.onLoad({ filter: /weapp_login_bg\.js$/ }, async ({ path }) => {
      const { outputFiles } = await build({ ...options, entryPoints: [path], format: 'iife', globalName: 'glue', write: false })
      const contents = `export function evaluate({ globalThis, queueMicrotask, TextDecoder, TextEncoder, Uint8Array, DataView }) {
        ${outputFiles[0].text}
        return glue
      }`
      return { contents }
    })
  },
})

/** Imports a WebAssembly module as the JavaScript that binaryen's wasm2js makes of it: `instantiate(imports)` gives the exports. */
export const translated = {
  name: 'translated',
  setup(plugins) {
    plugins.onLoad({ filter: /\.wasm$/ }, async ({ path }) => {
      const args = [join(binaryen, 'bin/wasm2js'), '-Os', '--emscripten', path] // the form that is one function
      const { stdout } = await promisify(execFile)(process.execPath, args, { maxBuffer: 1 << 26 })
      return { contents: `${stdout}\nexport { instantiate }\n` }
    })
  },
}
