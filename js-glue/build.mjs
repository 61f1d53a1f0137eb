// Bundles the glue with the generated code into one CommonJS file, and lays what a mini-program needs into dist/.
import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { brotliCompressSync, constants } from 'node:zlib'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const here = (path) => fileURLToPath(new URL(path, import.meta.url))

await rm(here('dist'), { recursive: true, force: true })
await mkdir(here('dist'))

await build({
  entryPoints: [here('src/index.js')],
  outfile: here('dist/index.js'),
  bundle: true,
  minify: true,
  format: 'cjs',
  platform: 'neutral',
  mainFields: ['module', 'main'],
  target: 'es2017', // the newest that WeChat's own compiler takes without help
  inject: [here('src/global-this.js'), here('src/runtime-globals.js')],
  logLevel: 'warning',
})

const wasm = await readFile(here('generated/weapp_login_bg.wasm'))
await writeFile(here('dist/weapp_login.wasm'), wasm)
await writeFile(
  here('dist/weapp_login.wasm.br'),
  brotliCompressSync(wasm, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: wasm.length } }),
)
await copyFile(here('src/index.d.ts'), here('dist/index.d.ts'))
const types = await readFile(here('generated/weapp_login.d.ts'), 'utf8')
// Its type is only known to the newest library of TypeScript, and a page has no use for it.
await writeFile(here('dist/weapp_login.d.ts'), types.replace(/^\s*\[Symbol\.dispose\]\(\): void;\n/m, ''))
