// The compiler's output of the package (ES5) in the engines of the phones: the tests of the package, run where the built
// files are the compiled ones.
import assert from 'node:assert/strict'
import { cpSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { link } from './link.mjs'
import * as oldIos from './old-ios.mjs'
import { buildNpm, compile, layUser, remove, root, temporaryFolder } from './project.mjs'
import { runSuites } from './suites.mjs'

const BUILT = 'miniprogram_npm/weapp-login'
const ANDROID = 'node.test.mjs'
const IOS = 'jsc.test.mjs'

function layTests(output, { prelude = '', tellClock = () => {} }) {
  const folder = temporaryFolder()
  const write = (name, content) => writeFileSync(join(folder, 'js-glue/dist', name), content)
  cpSync(join(root, 'tests/package'), join(folder, 'tests/package'), { recursive: true })
  mkdirSync(join(folder, 'js-glue/dist'), { recursive: true })
  write('index.js', link(output, `${BUILT}/index.js`, { prelude }))
  write('compat.js', link(output, `${BUILT}/compat.js`, { prelude, provided: ['./index.js'] }))
  for (const name of ['weapp_login.wasm', 'weapp_login.wasm.br']) write(name, output.get(`${BUILT}/${name}`))
  tellClock(folder)
  return folder
}

describe('the compiled package in the engines of the phones', () => {
  let output
  const folders = []
  const runOn = (suites, phone = {}, files = output) => {
    folders.push(layTests(files, phone))
    return runSuites(suites.map((suite) => join(folders.at(-1), 'tests/package', suite)))
  }

  before(async () => {
    folders.push(layUser())
    await buildNpm(folders[0])
    output = await compile(folders[0])
  })
  after(() => folders.forEach(remove))

  test('is ES5: an engine without classes, arrows and async functions could read it', () => {
    const source = String(output.get(`${BUILT}/index.js`))
    assert.doesNotMatch(source, /=>|\bclass\b|\basync\b|\bawait\b|\blet\b|\bconst\b/)
  })

  test('passes all tests of the package', () => {
    const { status, passed, failures } = runOn([ANDROID, IOS])
    assert.equal(status, 0, failures)
    assert.ok(passed > 400, `only ${passed} tests have run`)
  })

  test('passes them on an old iOS: promises over timers; no globalThis, Proxy, FinalizationRegistry, BigInt, queueMicrotask', () => {
    const { status, passed, failures } = runOn([IOS], oldIos)
    assert.equal(status, 0, failures)
    assert.ok(passed > 400, `only ${passed} tests have run`)
  })

  test('would not pass on a phone whose promises never call back', () => {
    const never = { ...oldIos, prelude: `${oldIos.prelude}; Promise._immediateFn = function () {}` }
    const { failed } = runOn([IOS], never)
    assert.ok(failed > 400, `only ${failed} tests have failed`)
  })

  test('would not pass with a helper missing', () => {
    const files = new Map(output)
    files.delete('@babel/runtime/helpers/asyncToGenerator.js')
    const { failed } = runOn([ANDROID, IOS], {}, files)
    assert.ok(failed > 400, `only ${failed} tests have failed`)
  })
})
