// The built package in JavaScriptCore, as on iOS: with its JIT, and without, which is what a phone has.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { describe, test } from 'node:test'
import { dist, scenarioNames, scripts, testsFolder } from './package-files.mjs'
import { without } from './programs.mjs'

const LIMIT_MS = 600000 // of a run that hangs
const skip = without('jsc', 'it is the shell of JavaScriptCore, in Debian\'s package libjavascriptcoregtk-4.0-bin')

function run(names, { flags, wasm }) {
  const job = {
    folder: testsFolder,
    scripts: Object.fromEntries(scripts().map((name) => [name, dist(name)])),
    wasmFile: wasm ? dist('weapp_login.wasm') : undefined,
    names,
  }
  const args = [...flags, `${testsFolder}jsc-runner.js`, '--', JSON.stringify(job)]
  const jsc = spawnSync('jsc', args, { encoding: 'utf8', timeout: LIMIT_MS, maxBuffer: 1 << 26 })
  if (jsc.error?.code === 'ENOENT') return { results: new Map(), end: 'jsc is not installed' }
  const lines = jsc.stdout.split('\n').filter((line) => line.startsWith('{'))
  const results = new Map(lines.map((line) => JSON.parse(line)).map((result) => [result.name, result]))
  return { results, end: `jsc ended with ${jsc.signal ?? jsc.status}: ${jsc.stderr || jsc.stdout.slice(-500)}` }
}

const engines = {
  'with JIT': [],
  'without JIT': ['--useJIT=0'],
}

/** Runs all scenarios with WebAssembly, or without. */
export function testInJsc({ wasm }) {
  for (const [kind, flags] of Object.entries(engines)) {
    describe(`JavaScriptCore ${kind}${wasm ? '' : ', without WebAssembly'}`, { skip }, () => {
      const names = scenarioNames({ wasm })
      let outcome
      for (const name of names) {
        test(name, () => {
          outcome ??= run(names, { flags, wasm }) // by the first of them that is wanted
          const result = outcome.results.get(name)
          assert.ok(result, `no result; ${outcome.end}`)
          assert.equal(result.error, undefined)
        })
      }
    })
  }
}
