// The old iOS itself: it has to lack what the real one lacks, or passing there proves nothing.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import vm from 'node:vm'
import { link } from './link.mjs'
import { prelude } from './old-ios.mjs'

/** What a file of this source exports on a phone. */
function exportsOf(source, phone, promiseTurn) {
  const script = link(new Map([['probe.js', source]]), 'probe.js', phone)
  const module = { exports: {} }
  vm.runInThisContext(`(function (module, promiseTurn) {${script}\n})`)(module, promiseTurn)
  return module.exports
}

describe('the old iOS', () => {
  const uses = {
    globalThis: 'globalThis.Object',
    Proxy: 'new Proxy({}, {})',
    FinalizationRegistry: 'new FinalizationRegistry(function () {})',
    BigInt: 'BigInt(1)',
    queueMicrotask: 'queueMicrotask(function () {})',
  }
  for (const [name, use] of Object.entries(uses)) {
    test(`fails a module that uses ${name}`, () => {
      exportsOf(use, {})
      assert.throws(() => exportsOf(use, { prelude }), { name: 'TypeError' })
    })
  }

  test('calls back from a promise in a later turn, not after the running one', async () => {
    const turns = []
    const source = 'var heard = []; Promise.resolve(1).then(function (value) { heard.push(value) }); module.exports = heard'
    const heard = exportsOf(source, { prelude }, (callback) => turns.push(callback))
    await null
    assert.deepEqual(heard, [])
    turns.forEach((turn) => turn())
    assert.deepEqual(heard, [1])
  })
})
