// The budget of what an app downloads.
import assert from 'node:assert/strict'
import { pathToFileURL } from 'node:url'
import { test } from 'node:test'
import { BUDGET, report, weigh } from '../../js-glue/sizes.mjs'
import { textOf } from './docs.mjs'
import { dist } from './package-files.mjs'

const of = (brotli) => ({ together: { raw: brotli, brotli } })

test('a package of exactly the budget passes; one byte more fails, and says by how much', () => {
  assert.match(report(of(BUDGET)), new RegExp(`together +${BUDGET} +${BUDGET}`))
  assert.throws(() => report(of(BUDGET + 1)), new RegExp(`1 bytes over its budget of ${BUDGET}`))
})

test('the module and the glue count, and no-wasm does not', async () => {
  const sizes = await weigh(pathToFileURL(dist('')))
  assert.equal(sizes.together.raw, sizes['weapp_login.wasm'].raw + sizes['index.js'].raw)
  assert.ok(sizes['no-wasm.js'].brotli > 0)
})

test('the sizes of no-wasm that the documentation gives are those of the file, to 5 %', async () => {
  const { raw, brotli } = (await weigh(pathToFileURL(dist(''))))['no-wasm.js']
  const isAbout = (kilobytes, bytes) => Math.abs(kilobytes * 1000 - bytes) < 0.05 * bytes
  for (const page of ['docs/limits.md', 'js-glue/README.md']) {
    const given = [...textOf(page).matchAll(/(\d+) KB(?: 的 JavaScript|\b of JavaScript|,)\D*?(\d+) KB/g)]
    assert.ok(given.length > 0, page)
    for (const [text, whole, small] of given) assert.ok(isAbout(whole, raw) && isAbout(small, brotli), `${page}: ${text}, but ${raw} and ${brotli} bytes`)
  }
})
