// The demo, as WeChat's compiler takes it for an upload.
import assert from 'node:assert/strict'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, test } from 'node:test'
import { hasBinaries, hasPages, isMinifiedES5 } from './output.mjs'
import { compile, layDemo, remove, root } from './project.mjs'

const LIBRARY = 'libs/weapp-login'
const BINARIES = ['weapp_login.wasm'] // the demo has no .br

describe('the demo in WeChat\'s compiler', () => {
  let folder
  const source = (path) => join(folder, 'miniprogram', path)
  const edit = (path, change) => writeFileSync(source(path), change(readFileSync(source(path), 'utf8')))
  const { pages, subPackages } = JSON.parse(readFileSync(join(root, 'miniprogram-demo/miniprogram/app.json'), 'utf8'))
  const checkBinaries = (output) => hasBinaries(output, LIBRARY, join(root, 'js-glue/dist'), BINARIES)

  beforeEach(() => { folder = layDemo() })
  afterEach(() => remove(folder))

  test('compiles: all pages are there as minified ES5, and the module arrives byte for byte', async () => {
    const output = await compile(folder)
    hasPages(output, pages, subPackages)
    isMinifiedES5(output)
    checkBinaries(output)
  })

  test('would not pass with a script that an old engine cannot read, or with one that is not minified', () => {
    const output = (script) => new Map([['app.js', Buffer.from(script)]])
    isMinifiedES5(output('App({ onLaunch: function () {} })'))
    assert.throws(() => isMinifiedES5(output('App({ onLaunch() {} })')), /app\.js is no ES5/)
    assert.throws(() => isMinifiedES5(output('App({\n})')), /app\.js is not minified/)
  })

  test('would not pass without the module\'s binary', async () => {
    rmSync(source(`${LIBRARY}/weapp_login.wasm`))
    const output = await compile(folder)
    assert.throws(() => checkBinaries(output), /weapp_login\.wasm is not in the output/)
  })

  test('would not pass without a page', async () => {
    edit('app.json', (text) => JSON.stringify({ ...JSON.parse(text), pages: pages.slice(1) }))
    const output = await compile(folder)
    assert.throws(() => hasPages(output, pages, subPackages), { code: 'ERR_ASSERTION' })
  })

  const faults = {
    'a page that app.json names but nobody wrote': [
      () => edit('app.json', (text) => text.replace('"pages": [', '"pages": ["pages/missing/missing", ')),
      /pages\/missing\/missing/,
    ],
    'a syntax error in a script': [() => edit('app.js', (text) => `${text}\nconst = 1`), /app\.js/],
    'a tag closed by another': [() => edit(`${pages[0]}.wxml`, (text) => `${text}<view></text>`), /unexpected end tag/],
    'an unclosed rule': [() => edit('app.wxss', (text) => `${text}\nview {`), /app\.wxss/],
  }
  for (const [fault, [plant, message]] of Object.entries(faults)) {
    test(`refuses ${fault}`, async () => {
      plant()
      await assert.rejects(compile(folder), message)
    })
  }
})
