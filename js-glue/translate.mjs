// An esbuild plugin that imports a WebAssembly module as the JavaScript that binaryen's wasm2js makes of it:
// `instantiate(imports)` gives the exports.
import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'

const binaryen = dirname(createRequire(import.meta.url).resolve('binaryen/package.json'))
const ES_MODULE = '\nexport { instantiate }\n'

export const translate = {
  name: 'translate',
  setup(build) {
    build.onLoad({ filter: /\.wasm$/ }, async ({ path }) => ({ contents: (await wasm2js(path)) + ES_MODULE }))
    build.onLoad({ filter: /_bg\.js$/ }, async ({ path }) => ({ contents: followMemory(await readFile(path, 'utf8')) }))
  },
}

async function wasm2js(path) {
  const args = [join(binaryen, 'bin/wasm2js'), '-Os', '--emscripten', path] // the form that is one function
  const { stdout } = await promisify(execFile)(process.execPath, args, { maxBuffer: 1 << 26 })
  return stdout
}

// Memory that grows moves into a new buffer. wasm-bindgen's glue takes its view of the old one for stale when that buffer
// is detached, as wasm detaches it. JavaScript cannot, so here the glue has to compare the buffers (binaryen's issue 7126).
function followMemory(glue) {
  const [, memory] = glue.match(/(wasm\.\w+)\.buffer/) || []
  const compared = glue
    .replace(/(\w+)\.byteLength === 0/g, `$1.buffer !== ${memory}.buffer`)
    .replace(/\w+\.buffer\.detached === undefined && /g, '')
  const views = compared.match(/cached\w+ = new \w+\(wasm\.\w+\.buffer\)/g) || []
  const comparisons = compared.match(/\.buffer !== wasm\.\w+\.buffer/g) || []
  if (views.length === 0 || views.length !== comparisons.length) {
    throw new Error('the generated glue looks after its views of the memory in another way: see translate.mjs')
  }
  return compared
}
