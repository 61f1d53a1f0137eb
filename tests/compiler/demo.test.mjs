// The demo, as WeChat's compiler takes it for an upload.
import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, before, beforeEach, describe, test } from 'node:test'
import { hasBinaries, hasPages, isMinifiedES5 } from './output.mjs'
import { compile, layDemo, layFixture, remove, root } from './project.mjs'

const LIBRARY = 'libs/weapp-login'
const BINARIES = ['weapp_login.wasm'] // the demo has no .br

describe('the demo in WeChat\'s compiler', () => {
  let output
  const { pages, subPackages } = JSON.parse(readFileSync(join(root, 'miniprogram-demo/miniprogram/app.json'), 'utf8'))
  const checkBinaries = (files) => hasBinaries(files, LIBRARY, join(root, 'js-glue/dist'), BINARIES)

  before(async () => {
    const folder = layDemo()
    output = await compile(folder)
    remove(folder)
  })

  /** The output without one of its files. */
  const without = (path) => {
    const files = new Map(output)
    assert.ok(files.delete(path), path)
    return files
  }

  test('compiles: all pages are there as minified ES5, and the module arrives byte for byte', () => {
    hasPages(output, pages, subPackages)
    isMinifiedES5(output)
    checkBinaries(output)
  })

  test('would not pass with a script that an old engine cannot read, or with one that is not minified', () => {
    const files = (script) => new Map([['app.js', Buffer.from(script)]])
    isMinifiedES5(files('App({ onLaunch: function () {} })'))
    assert.throws(() => isMinifiedES5(files('App({ onLaunch() {} })')), /app\.js is no ES5/)
    assert.throws(() => isMinifiedES5(files('App({\n})')), /app\.js is not minified/)
  })

  test('would not pass without the module\'s binary', () => {
    assert.throws(() => checkBinaries(without(`${LIBRARY}/weapp_login.wasm`)), /weapp_login\.wasm is not in the output/)
  })

  test('would not pass without a page', () => {
    assert.throws(() => hasPages(without(`${pages[0]}.js`), pages, subPackages), /is not in the output/)
    assert.throws(() => hasPages(output, pages.slice(1), subPackages), { code: 'ERR_ASSERTION' })
  })
})

// On a mini-program of one page, which compiles in a fraction of the time.
describe('WeChat\'s compiler', () => {
  let folder
  const PAGE = 'pages/index/index'
  const source = (path) => join(folder, path)
  const edit = (path, change) => writeFileSync(source(path), change(readFileSync(source(path), 'utf8')))

  beforeEach(() => {
    folder = layFixture()
    writeFileSync(source(`${PAGE}.js`), 'Page({})')
  })
  afterEach(() => remove(folder))

  test('takes a mini-program without a fault', async () => hasPages(await compile(folder), [PAGE]))

  const faults = {
    'a page that app.json names but nobody wrote': [
      () => edit('app.json', (text) => text.replace('"pages": [', '"pages": ["pages/missing/missing", ')),
      /pages\/missing\/missing/,
    ],
    'a syntax error in a script': [() => edit('app.js', (text) => `${text}\nconst = 1`), /app\.js/],
    'a tag closed by another': [() => edit(`${PAGE}.wxml`, (text) => `${text}<view></text>`), /unexpected end tag/],
    'an unclosed rule': [() => writeFileSync(source('app.wxss'), 'view {'), /app\.wxss/],
  }
  for (const [fault, [plant, message]] of Object.entries(faults)) {
    test(`refuses ${fault}`, async () => {
      plant()
      await assert.rejects(compile(folder), message)
    })
  }
})
