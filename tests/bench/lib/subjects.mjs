// Who is measured: each bundled into one file, minified for the language level that WeChat's compiler takes.
import { copyFile, mkdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const here = (path) => fileURLToPath(new URL(path, import.meta.url))

export const OURS = 'weapp-login'
export const NO_WASM = 'no-wasm'
export const TUTORIAL = 'tutorial'
export const BARE = 'bare'
export const rivals = ['wafer2', 'alova', 'axios']
export const clients = [OURS, NO_WASM, TUTORIAL, ...rivals]
export const labels = {
  [OURS]: 'weapp-login',
  [NO_WASM]: 'weapp-login/no-wasm',
  [TUTORIAL]: 'tutorial',
  wafer2: 'wafer2-client-sdk',
  alova: 'alova',
  axios: 'axios + axios-auth-refresh',
}

const out = here('../../../target/bench/')

export const files = (subject) => ({ source: `${out}${subject}.js`, wasm: `${out}weapp_login.wasm` })

// Works on copies, so that a build meanwhile changes nothing of what is measured.
export async function bundleAll() {
  await mkdir(out, { recursive: true })
  await copyFile(here('../../../js-glue/dist/weapp_login.wasm'), files(OURS).wasm)
  await build({
    entryPoints: [...clients, BARE].map((subject) => here(`../subjects/${subject}.js`)),
    outdir: out,
    bundle: true,
    minify: true,
    format: 'cjs',
    platform: 'browser',
    target: 'es2017',
    alias: {
      'weapp-login/no-wasm': here('../../../js-glue/dist/no-wasm.js'),
      'weapp-login': here('../../../js-glue/dist/index.js'),
    },
    logLevel: 'warning',
  })
}
