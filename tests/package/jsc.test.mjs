// The built package in JavaScriptCore, as on iOS: with its JIT, and without, which is what a phone has.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { before, describe, test } from 'node:test'
import { dist, moduleFile, scenarioNames, testsFolder } from './package-files.mjs'

const LIMIT_MS = 45000
const ADVICE = 'jsc, the shell of JavaScriptCore, is not on PATH: apt-get install libjavascriptcoregtk-4.0-bin'

function run(flags) {
  const args = [...flags, `${testsFolder}jsc-runner.js`, '--', testsFolder, moduleFile(), dist('weapp_login.wasm')]
  const jsc = spawnSync('jsc', args, { encoding: 'utf8', timeout: LIMIT_MS, maxBuffer: 1 << 26 })
  if (jsc.error?.code === 'ENOENT') return { results: new Map(), end: ADVICE }
  const lines = jsc.stdout.split('\n').filter((line) => line.startsWith('{'))
  const results = new Map(lines.map((line) => JSON.parse(line)).map((result) => [result.name, result]))
  return { results, end: `jsc ended with ${jsc.signal ?? jsc.status}: ${jsc.stderr || jsc.stdout.slice(-500)}` }
}

const engines = { 'with JIT': [], 'without JIT': ['--useJIT=0'] }

for (const [kind, flags] of Object.entries(engines)) {
  describe(`JavaScriptCore ${kind}`, () => {
    let outcome
    before(() => { outcome = run(flags) })
    for (const name of scenarioNames()) {
      test(name, () => {
        const result = outcome.results.get(name)
        assert.ok(result, `no result; ${outcome.end}`)
        assert.equal(result.error, undefined)
      })
    }
  })
}
