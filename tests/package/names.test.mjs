// Every name that a script of the package uses and does not define must be one that the runtime has, or be looked for first.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { WRAPPER_PARAMETERS, dist, scripts } from './package-files.mjs'

const require = createRequire(import.meta.url)
const tsc = require.resolve('typescript/package.json').replace(/package\.json$/, 'bin/tsc')

// Besides the language as of 2017.
const OF_THE_RUNTIME = [...WRAPPER_PARAMETERS, 'wx', 'WXWebAssembly', 'setTimeout', 'clearTimeout', 'getCurrentPages']

const FLAGS = ['--ignoreConfig', '--allowJs', '--checkJs', '--noEmit', '--noResolve', '--target', 'es2017', '--lib', 'es2017']

// TypeScript knows where a name comes from; nothing else that it says of minified code matters here.
function undefinedNames(file) {
  const { stdout } = spawnSync(process.execPath, [tsc, ...FLAGS, '--types', '', file], { encoding: 'utf8', maxBuffer: 1 << 26 })
  return new Set(Array.from(stdout.matchAll(/Cannot find name '(.+?)'/g), ([, name]) => name))
}

function missingNames(file) {
  const source = readFileSync(file, 'utf8')
  const isLookedFor = (name) => new RegExp(`(typeof |\\.)${name}\\b`).test(source) // by name, or on the global object
  const foreign = [...undefinedNames(file)].filter((name) => !OF_THE_RUNTIME.includes(name))
  return foreign.filter((name) => !isLookedFor(name))
}

// `dialects.js` is data.
for (const name of scripts().filter((file) => file !== 'dialects.js')) {
  test(`${name} uses no name that the runtime lacks`, () => {
    assert.ok(undefinedNames(dist(name)).has('wx'), 'TypeScript has read the script')
    assert.deepEqual(missingNames(dist(name)), [])
  })
}

test('would not pass with names of browsers and of newer engines', () => {
  const folder = mkdtempSync(join(tmpdir(), 'weapp-login-names-'))
  const planted = ['URLSearchParams', 'atob', 'BigInt', 'WeakRef', 'TextDecoder']
  try {
    for (const name of planted) {
      const file = join(folder, `${name}.js`)
      writeFileSync(file, `${readFileSync(dist('index.js'))}\nexports.planted = () => ${name}(1)\n`)
      assert.deepEqual(missingNames(file), [name])
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
})
