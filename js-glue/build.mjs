// Bundles the glue with the generated code into one CommonJS file, and lays what a mini-program needs into dist/.
import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { brotliCompressSync, constants } from 'node:zlib'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const here = (path) => fileURLToPath(new URL(path, import.meta.url))

await rm(here('dist'), { recursive: true, force: true })
await mkdir(here('dist'))

const options = {
  bundle: true,
  minify: true,
  format: 'cjs',
  platform: 'neutral',
  mainFields: ['module', 'main'],
  target: 'es2017', // the newest that WeChat's own compiler takes without help
  logLevel: 'warning',
}

await build({
  ...options,
  entryPoints: [here('src/index.js')],
  outfile: here('dist/index.js'),
  inject: [here('src/global-this.js'), here('src/runtime-globals.js')],
})

await build({
  ...options,
  entryPoints: [here('src/compat.js')],
  outfile: here('dist/compat.js'),
  external: ['./index.js'], // beside it in dist/: the module is there once
})

const wasm = await readFile(here('generated/weapp_login_bg.wasm'))
await writeFile(here('dist/weapp_login.wasm'), wasm)
await writeFile(
  here('dist/weapp_login.wasm.br'),
  brotliCompressSync(wasm, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: wasm.length } }),
)
for (const file of ['index.d.ts', 'compat.d.ts']) await copyFile(here(`src/${file}`), here(`dist/${file}`))
const types = await readFile(here('generated/weapp_login.d.ts'), 'utf8')
// Its type is only known to the newest library of TypeScript, and a page has no use for it.
await writeFile(here('dist/weapp_login.d.ts'), types.replace(/^\s*\[Symbol\.dispose\]\(\): void;\n/m, ''))
