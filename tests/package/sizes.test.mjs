// The budget of what an app downloads.
import assert from 'node:assert/strict'
import { pathToFileURL } from 'node:url'
import { test } from 'node:test'
import { BUDGET, report, weigh } from '../../js-glue/sizes.mjs'
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
