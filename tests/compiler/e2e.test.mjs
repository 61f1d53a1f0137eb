// The demo as it would be uploaded: end-to-end tests on the compiler's output (minified ES5) instead of the source.
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { compile, layDemo, layFiles, remove, root } from './project.mjs'
import { runSuites } from './suites.mjs'

const E2E = join(root, 'tests/e2e')
// What a visitor does, on each page of the demo; what is left out tries the same compiled pages further.
const JOURNEY = 'journey.test.mjs'
const EVERY_PAGE = 'language.test.mjs'
const EVERY_FAILURE = 'flow.test.mjs'

describe('the compiled demo, from the tap to the database', () => {
  let output
  const folders = []

  /** Runs end-to-end tests, or those called like `names`, on the output, once `change` has been made to its files. */
  function run(suites, { change = () => {}, names } = {}) {
    const files = new Map(output)
    change(files)
    const project = layFiles(files)
    folders.push(project)
    return runSuites(suites.map((suite) => join(E2E, suite)), { names, settings: { WEAPP_LOGIN_PROJECT: project } })
  }

  before(async () => {
    folders.push(layDemo())
    output = await compile(folders[0])
  })
  after(() => folders.forEach(remove))

  test('passes the journey, a walk over every page, and the failures of the flow page', () => {
    const { status, passed, failures } = run([JOURNEY, EVERY_PAGE, EVERY_FAILURE])
    assert.equal(status, 0, failures)
    assert.ok(passed > 15, `only ${passed} tests have run`)
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
      /Cannot read properties of undefined \(reading 'call'\)/, // as the compiler writes the call of a method with an awaited argument
    ],
  }
  for (const [fault, [plant, message]] of Object.entries(faults)) {
    test(`would not pass with ${fault}`, () => {
      const { status, failures } = run([JOURNEY], { change: plant, names: ['^the journey ends well'] })
      assert.notEqual(status, 0)
      assert.match(failures, message)
    })
  }
})
