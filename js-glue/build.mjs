// Bundles the glue with the generated code into a CommonJS file for each entry, and lays what a mini-program needs into dist/ (and the module
// as a phone can unpack it into brotli/).
// esbuild bundles and has the first go at making it small; terser takes out some more.
import { appendFile, copyFile, mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { brotliCompressSync, constants } from 'node:zlib'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { minify } from 'terser'
import { evaluated, translated } from './plugins.mjs'
import { report, weigh } from './sizes.mjs'

const require = createRequire(import.meta.url)
const here = (path) => fileURLToPath(new URL(path, import.meta.url))

async function bundle(options) {
  const { outputFiles } = await build({ ...options, write: false })
  const { code } = await minify(outputFiles[0].text, SMALL)
  await writeFile(options.outfile, code)
}

const SMALL = {
  ecma: 2017,
  toplevel: true, // each file is the body of a function
  compress: { passes: 2, reduce_funcs: false }, // else functions that are called often would be made anew for each call
}

for (const folder of ['dist', 'brotli']) {
  await rm(here(folder), { recursive: true, force: true })
  await mkdir(here(folder))
}

const options = {
  bundle: true,
  minify: true,
  format: 'cjs',
  platform: 'neutral',
  mainFields: ['module', 'main'],
  target: 'es2017', // the newest that WeChat's own compiler takes without help
  logLevel: 'warning',
}

// The names of the methods of the generated class.
async function methodsOfModule() {
  const glue = await readFile(here('generated/weapp_login_bg.js'), 'utf8')
  const { LoginClient } = await import(`data:text/javascript,${encodeURIComponent(glue)}`)
  return Object.getOwnPropertyNames(LoginClient.prototype)
}

async function scriptsIn(folder) {
  const files = await readdir(here(folder), { recursive: true })
  return files.filter((file) => file.endsWith('.js'))
}

// A preset, or all of them, with its types.
async function bundlePreset(file, input) {
  await bundle({ ...options, ...input, outfile: here(`dist/${file}`), external: ['./dialects/*'] })
  const types = file.includes('/') ? '../weapp_login' : './weapp_login'
  const names = Object.keys(require(here(`dist/${file}`)))
  const lines = [`import type { Dialect } from '${types}'`, ...names.map((name) => `export const ${name}: Dialect`)]
  await writeFile(here(`dist/${file.replace(/js$/, 'd.ts')}`), `${lines.join('\n')}\n`)
}

const { format, ...generated } = options
const withModule = {
  ...options,
  define: {
    BUILD_ID: JSON.stringify(process.env.WEAPP_LOGIN_BUILD_ID || 'development'),
    MODULE_METHODS: JSON.stringify(await methodsOfModule()),
  },
  plugins: [evaluated(generated), translated],
}

await bundle({ ...withModule, entryPoints: [here('src/no-wasm.js')], outfile: here('dist/no-wasm.js') })
const presets = (await readdir(here('src/dialects'))).map((file) => `dialects/${file}`)
await mkdir(here('dist/dialects'))
for (const file of presets) await bundlePreset(file, { entryPoints: [here(`src/${file}`)] })
const all = presets.map((file) => `export * from './${file}'`).join('\n')
await bundlePreset('dialects.js', { stdin: { contents: all, resolveDir: here('src') } })
await bundle({
  ...options,
  entryPoints: [here('src/compat.js')],
  outfile: here('dist/compat.js'),
  external: ['./index.js'], // beside it in dist/: the module is there once
})

await bundle({ ...options, entryPoints: [here('src/guard.js')], outfile: here('dist/guard.js') })

const wasm = await readFile(here('generated/weapp_login_bg.wasm'))
await writeFile(here('dist/weapp_login.wasm'), wasm)
// Not in dist/, which "build npm" copies into the app: one of the two is enough.
await writeFile(
  here('brotli/weapp_login.wasm.br'),
  brotliCompressSync(wasm, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: wasm.length } }),
)
await copyFile(here('generated/weapp_login.d.ts'), here('dist/weapp_login.d.ts'))
for (const file of ['index.d.ts', 'compat.d.ts', 'guard.d.ts', 'no-wasm.d.ts']) await copyFile(here(`src/${file}`), here(`dist/${file}`))

// The last one: it tells `cargo xtask` by its id that all is there.
await bundle({ ...withModule, entryPoints: [here('src/index.js')], outfile: here('dist/index.js') })

// For Node, which reads in a script's text what it exports: nothing else tells `import` the names.
for (const file of await scriptsIn('dist')) {
  const names = Object.keys(require(here(`dist/${file}`)))
  await appendFile(here(`dist/${file}`), `0&&(${names.map((name) => `exports.${name}=0`)});`)
}

console.log(report(await weigh(new URL('dist/', import.meta.url))))
