// The package, as somebody gets it from npm, in "build npm" and then in the compiler.
import assert from 'node:assert/strict'
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, afterEach, before, beforeEach, describe, test } from 'node:test'
import { hasBinaries, hasPages } from './output.mjs'
import { buildNpm, compile, compileForUpload, filesIn, layUser, remove, root, temporaryFolder } from './project.mjs'

const INSTALLED = 'node_modules/weapp-login'
const BUILT = 'miniprogram_npm/weapp-login'
const SCRIPTS = ['index.js', 'compat.js', 'guard.js', 'no-wasm.js']
const BINARIES = ['weapp_login.wasm']

describe('the installed package in WeChat\'s compiler', () => {
  let folder
  const checkBinaries = (output) => hasBinaries(output, BUILT, join(root, 'js-glue/dist'), BINARIES)
  const checkBuilt = () => {
    const files = [...filesIn(join(folder, BUILT)).keys()]
    assert.deepEqual([...SCRIPTS, ...BINARIES].filter((name) => !files.includes(name)), [], 'missing after "build npm"')
  }

  let installed
  before(() => { installed = layUser() })
  after(() => remove(installed))
  beforeEach(() => {
    folder = temporaryFolder()
    cpSync(installed, folder, { recursive: true, verbatimSymlinks: true })
  })
  afterEach(() => remove(folder))

  test('"build npm" brings all entries and the binary, and a page that requires them compiles', async () => {
    await buildNpm(folder)
    checkBuilt()
    const output = await compile(folder)
    hasPages(output, ['pages/index/index'])
    for (const script of SCRIPTS) assert.ok(output.has(`${BUILT}/${script}`), script)
    checkBinaries(output)
  })

  const uploaded = async () => {
    const output = await compileForUpload(folder)
    const own = [...output.keys()].filter((path) => path.startsWith(`${BUILT}/`))
    return own.map((path) => path.slice(BUILT.length + 1)).sort()
  }

  test('an upload has what the app requires: one binary, no testing kit, no preset and no stand-in that nobody asks for', async () => {
    await buildNpm(folder)
    assert.deepEqual(await uploaded(), ['compat.js', 'index.js', 'weapp_login.wasm'])
    writeFileSync(join(folder, 'app.js'), 'require("weapp-login/dialects/yudao"); require("weapp-login/no-wasm"); App({})')
    assert.deepEqual(await uploaded(), ['compat.js', 'dialects/yudao.js', 'index.js', 'no-wasm.js', 'weapp_login.wasm'])
  })

  test('would not pass if package.json did not say what belongs to the mini-program', async () => {
    const description = join(folder, INSTALLED, 'package.json')
    const { miniprogram, ...others } = JSON.parse(readFileSync(description, 'utf8'))
    assert.equal(miniprogram, 'dist')
    writeFileSync(description, JSON.stringify(others))
    await buildNpm(folder)
    assert.throws(checkBuilt, /missing after "build npm"/)
  })

  test('would not pass without a binary', async () => {
    rmSync(join(folder, INSTALLED, 'dist/weapp_login.wasm'))
    await buildNpm(folder)
    assert.throws(checkBuilt, /missing after "build npm"/)
  })

  test('refuses a syntax error in the module', async () => {
    await buildNpm(folder)
    writeFileSync(join(folder, BUILT, 'index.js'), 'const = 1')
    await assert.rejects(compile(folder), /weapp-login\/index\.js/)
  })
})
