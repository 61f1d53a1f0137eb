// The compiler's output of the package (ES5) in the engines of the phones: the tests of the package, run where the built
// files are the compiled ones.
import assert from 'node:assert/strict'
import { cpSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { link } from './link.mjs'
import * as oldIos from './old-ios.mjs'
import { isMinifiedES5 } from './output.mjs'
import { buildNpm, compile, layUser, remove, root, temporaryFolder } from './project.mjs'
import { runSuites } from './suites.mjs'

const BUILT = 'miniprogram_npm/weapp-login'
// Files of tests, and what of them. What the compiler changes is the scripts: the module unpacked from brotli, and JavaScriptCore with the
// JIT that no phone has, are left to the tests of the package itself.
const V8 = { files: ['node.test.mjs'], names: ['^V8 with weapp_login.wasm$', '^V8 without', '^the wrapper'] }
const JSC = { files: ['jsc.test.mjs', 'jsc-no-wasm.test.mjs'], names: ['without JIT'] }
// Enough to see that a fault is found.
const ONE_V8 = { ...V8, names: V8.names.slice(0, 1) }
const ONE_JSC = { ...JSC, files: JSC.files.slice(0, 1) }

function layTests(output, { prelude = '', tellClock = () => {} }) {
  const folder = temporaryFolder()
  const write = (name, content) => writeFileSync(join(folder, 'js-glue/dist', name), content)
  cpSync(join(root, 'tests/package'), join(folder, 'tests/package'), { recursive: true })
  cpSync(join(root, 'js-glue/testing'), join(folder, 'js-glue/testing'), { recursive: true })
  mkdirSync(join(folder, 'js-glue/dist'), { recursive: true })
  for (const name of ['index.js', 'no-wasm.js', 'guard.js']) write(name, link(output, `${BUILT}/${name}`, { prelude }))
  write('compat.js', link(output, `${BUILT}/compat.js`, { prelude, provided: ['./index.js'] }))
  write('weapp_login.wasm', output.get(`${BUILT}/weapp_login.wasm`))
  cpSync(join(root, 'js-glue/brotli'), join(folder, 'js-glue/brotli'), { recursive: true })
  tellClock(folder)
  return folder
}

describe('the compiled package in the engines of the phones', () => {
  let output
  const folders = []
  const runOn = ({ files, names }, phone = {}, built = output) => {
    folders.push(layTests(built, phone))
    return runSuites(files.map((file) => join(folders.at(-1), 'tests/package', file)), { names })
  }

  before(async () => {
    folders.push(layUser())
    await buildNpm(folders[0])
    output = await compile(folders[0])
  })
  after(() => folders.forEach(remove))

  test('is minified ES5', () => isMinifiedES5(output))

  for (const [engine, suites] of Object.entries({ V8, JavaScriptCore: JSC })) {
    test(`passes the tests of the package in ${engine}, with WebAssembly and without`, () => {
      const { status, passed, failures } = runOn(suites)
      assert.equal(status, 0, failures)
      assert.ok(passed > 800, `only ${passed} tests have run`)
    })
  }

  test('passes them on an old iOS: promises over timers; no globalThis, Proxy, FinalizationRegistry, BigInt, queueMicrotask', () => {
    const { status, passed, failures } = runOn(JSC, oldIos)
    assert.equal(status, 0, failures)
    assert.ok(passed > 800, `only ${passed} tests have run`)
  })

  test('would not pass on a phone whose promises never call back', () => {
    const never = { ...oldIos, prelude: `${oldIos.prelude}; Promise._immediateFn = function () {}` }
    const { failed } = runOn(ONE_JSC, never)
    assert.ok(failed > 400, `only ${failed} tests have failed`)
  })

  const scriptsOf = (files) => [...files.keys()].filter((path) => path.startsWith(BUILT) && path.endsWith('.js'))
  const faults = {
    'a helper missing': [
      (files) => files.delete('@babel/runtime/helpers/asyncToGenerator.js'),
      /@babel\/runtime\/helpers\/asyncToGenerator|not a function/,
    ],
    'code made of a text': [
      (files) => scriptsOf(files).forEach((path) => files.set(path, `${files.get(path)};Function("1")()`)),
      /EvalError.*: Code generation from strings/,
    ],
  }
  for (const [fault, [plant, message]] of Object.entries(faults)) {
    test(`would not pass with ${fault}`, () => {
      const files = new Map(output)
      plant(files)
      const { passed, failed, failures } = runOn(ONE_V8, {}, files)
      assert.ok(failed > 400 && passed < 10, `${failed} tests have failed, ${passed} have passed`)
      assert.match(failures, message)
    })
  }
})
