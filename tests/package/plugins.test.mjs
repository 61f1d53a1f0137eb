// The plugins that lay the module into a mini-program. tests/examples runs them in their tools.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { afterEach, beforeEach, test } from 'node:test'
import { dist, readText, root } from './package-files.mjs'

const require = createRequire(import.meta.url)
const taro = require('../../js-glue/taro.js')
const { weappLogin } = require('../../js-glue/vite.js')
const { PLACE } = require('../../js-glue/module-file.js')

const module = readFileSync(dist('weapp_login.wasm'))
const VARIABLES = ['TARO_ENV', 'UNI_PLATFORM']
let before

beforeEach(() => { before = VARIABLES.map((name) => [name, process.env[name]]) })
afterEach(() => before.forEach(([name, value]) => {
  if (value === undefined) delete process.env[name]
  else process.env[name] = value
}))

function builtByTaro(platform) {
  process.env.TARO_ENV = platform
  const written = []
  taro({ onBuildFinish: (hook) => hook(), writeFileToDist: (file) => written.push(file) })
  return written
}

function builtByVite(platform) {
  if (platform) process.env.UNI_PLATFORM = platform
  else delete process.env.UNI_PLATFORM
  const emitted = []
  weappLogin().generateBundle.call({ emitFile: (file) => emitted.push(file) })
  return emitted
}

test('the place is where the package looks for the module', () => {
  assert.ok(readText(`${root}js-glue/src/index.js`).includes(`'/${PLACE}'`))
})

test('Taro: the module goes into a WeChat mini-program, and into nothing else', () => {
  assert.deepEqual(builtByTaro('weapp'), [{ filePath: PLACE, content: module }])
  assert.deepEqual(builtByTaro('h5'), [])
})

test('Vite: the module goes into a WeChat mini-program of uni-app, and into nothing else of it', () => {
  const file = { type: 'asset', fileName: PLACE, source: module }
  assert.deepEqual(builtByVite('mp-weixin'), [file])
  assert.deepEqual(builtByVite(), [file])
  assert.deepEqual(builtByVite('h5'), [])
})
