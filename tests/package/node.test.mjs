// The built package in a bare V8 context, as on Android.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { describe, test } from 'node:test'
import vm from 'node:vm'
import { brotliDecompressSync } from 'node:zlib'
import { runScenario } from './bare-v8.mjs'
import { WRAPPER_PARAMETERS, dist, readText, root, scenarioNames, scripts } from './package-files.mjs'

const modules = {
  'dist/weapp_login.wasm': (bytes) => bytes,
  'brotli/weapp_login.wasm.br': brotliDecompressSync, // the phone does that
}

const pathOf = (file) => `/libs/weapp-login/${basename(file)}`

const phones = Object.entries(modules).map(([file, unpack]) => ({
  kind: `with ${basename(file)}`,
  wasmPath: pathOf(file),
  wasm: unpack(readFileSync(`${root}js-glue/${file}`)),
}))

phones.push({ kind: 'without WebAssembly', wasmPath: pathOf('weapp_login.wasm') })

for (const phone of phones) {
  describe(`V8 ${phone.kind}`, () => {
    for (const name of scenarioNames(phone)) {
      test(name, () => runScenario(name, phone))
    }
  })
}

describe('the wrapper that WeChat puts around a file', () => {
  for (const name of scripts()) {
    test(`takes ${name} as its body`, () => {
      vm.compileFunction(readText(dist(name)), WRAPPER_PARAMETERS)
    })
  }

  test('would refuse a module that declares a name of a browser', () => {
    assert.throws(() => vm.compileFunction('const URL = 1', WRAPPER_PARAMETERS), SyntaxError)
  })
})
