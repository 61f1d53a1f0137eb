// The demo as it would be uploaded: the end-to-end tests, on the compiler's output (minified ES5) instead of the source.
import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { compile, layDemo, layFiles, remove, root } from './project.mjs'
import { runSuites } from './suites.mjs'

const E2E = join(root, 'tests/e2e')
const JOURNEY = 'journey.test.mjs'
const OF_OTHER_PAGES = ['preview.test.mjs', 'readme.test.mjs']

const isOfTheDemo = (name) => name.endsWith('.test.mjs') && !OF_OTHER_PAGES.includes(name)

describe('the compiled demo, from the tap to the database', () => {
  let output
  const folders = []

  /** Runs end-to-end tests on the output, once `change` has been made to its files. */
  function run(suites, change = () => {}) {
    const files = new Map(output)
    change(files)
    const project = layFiles(files)
    folders.push(project)
    return runSuites(suites.map((suite) => join(E2E, suite)), { WEAPP_LOGIN_PROJECT: project })
  }

  before(async () => {
    folders.push(layDemo())
    output = await compile(folders[0])
  })
  after(() => folders.forEach(remove))

  test('passes the journey and all other end-to-end tests of the demo', () => {
    const { status, passed, failures } = run(readdirSync(E2E).filter(isOfTheDemo))
    assert.equal(status, 0, failures)
    assert.ok(passed > 30, `only ${passed} tests have run`)
  })

  const faults = {
    'the module\'s binary missing': [
      (files) => files.delete('libs/weapp-login/weapp_login.wasm'),
      /404 .*weapp_login\.wasm/,
    ],
    'a helper missing': [
      (files) => files.delete('@babel/runtime/helpers/asyncToGenerator.js'),
      /module '@babel\/runtime\/helpers\/asyncToGenerator\.js' is not defined/,
    ],
    'a page\'s script cut short': [
      (files) => files.set('pages/login/login.js', files.get('pages/login/login.js').subarray(0, -10)),
      /pages\/login\/login\.js:\d+: Unexpected token/,
    ],
    'a function of a page lost': [
      (files) => files.set('pages/home/home.js', String(files.get('pages/home/home.js')).replace('showMember:', 'gone:')),
      /showMember is not a function/,
    ],
  }
  for (const [fault, [plant, message]] of Object.entries(faults)) {
    test(`would not pass with ${fault}`, () => {
      const { status, failures } = run([JOURNEY], plant)
      assert.notEqual(status, 0)
      assert.match(failures, message)
    })
  }
})
