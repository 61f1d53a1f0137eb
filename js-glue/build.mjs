// Bundles the glue with the generated code into a CommonJS file for each entry, and lays what a mini-program needs into dist/.
// esbuild bundles and has the first go at making it small; terser takes out 250 bytes more.
import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { brotliCompressSync, constants } from 'node:zlib'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { minify } from 'terser'
import { translate } from './translate.mjs'

const here = (path) => fileURLToPath(new URL(path, import.meta.url))

// Of each bundle: how many bytes it has, and how many came from which file by esbuild's count. `cargo xtask size` tells them.
const bundles = {}

async function bundle(options) {
  const { metafile, outputFiles } = await build({ ...options, metafile: true, write: false })
  const { code } = await minify(asCommonJs(outputFiles[0].text), SMALL)
  await writeFile(options.outfile, code)
  for (const [file, { inputs }] of Object.entries(metafile.outputs)) {
    bundles[file] = { inputs, bytes: Buffer.byteLength(code) }
  }
}

const SMALL = {
  module: true,
  ecma: 2017,
  compress: { reduce_funcs: false }, // else functions that are called often would be made anew for each call
}

// esbuild's own way to export from CommonJS is 170 bytes of helpers.
function asCommonJs(code) {
  return code.replace(/export\{(\w+) as (\w+)\};\s*$/, 'exports.$2=$1;')
}

await rm(here('dist'), { recursive: true, force: true })
await mkdir(here('dist'))

const options = {
  bundle: true,
  minify: true,
  format: 'esm',
  platform: 'neutral',
  mainFields: ['module', 'main'],
  target: 'es2017', // the newest that WeChat's own compiler takes without help
  logLevel: 'warning',
}

const withModule = {
  ...options,
  inject: [here('src/runtime-globals.js')],
}

await bundle({
  ...withModule,
  entryPoints: [here('src/index.js')],
  outfile: here('dist/index.js'),
})

await bundle({
  ...withModule,
  entryPoints: [here('src/no-wasm.js')],
  outfile: here('dist/no-wasm.js'),
  plugins: [translate],
})

await bundle({
  ...options,
  format: 'cjs', // it requires the file beside it
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
for (const file of ['index.d.ts', 'compat.d.ts', 'no-wasm.d.ts']) await copyFile(here(`src/${file}`), here(`dist/${file}`))
const types = await readFile(here('generated/weapp_login.d.ts'), 'utf8')
// Its type is only known to the newest library of TypeScript, and a page has no use for it.
await writeFile(here('dist/weapp_login.d.ts'), types.replace(/^\s*\[Symbol\.dispose\]\(\): void;\n/m, ''))

await mkdir(here('../target/xtask'), { recursive: true })
await writeFile(here('../target/xtask/bundles.json'), JSON.stringify(bundles))
