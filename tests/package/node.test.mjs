// The built package in a bare V8 context, as on Android.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, test } from 'node:test'
import vm from 'node:vm'
import { brotliDecompressSync } from 'node:zlib'
import { runScenario } from './bare-v8.mjs'
import { WRAPPER_PARAMETERS, dist, moduleFile, readText, scenarioNames } from './package-files.mjs'

const modules = {
  'weapp_login.wasm': (bytes) => bytes,
  'weapp_login.wasm.br': brotliDecompressSync, // the phone does that
}

for (const [file, unpack] of Object.entries(modules)) {
  describe(`V8 with ${file}`, () => {
    const onPhone = { wasmPath: `/libs/weapp-login/${file}`, wasm: unpack(readFileSync(dist(file))) }
    for (const name of scenarioNames()) {
      test(name, () => runScenario(name, onPhone))
    }
  })
}

describe('the wrapper that WeChat puts around a file', () => {
  test('takes the module as its body', () => {
    vm.compileFunction(readText(moduleFile()), WRAPPER_PARAMETERS)
  })

  test('would refuse a module that declares a name of a browser', () => {
    assert.throws(() => vm.compileFunction('const URL = 1', WRAPPER_PARAMETERS), SyntaxError)
  })
})
