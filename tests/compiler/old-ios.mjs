// A phone with an old iOS: promises that call back in a later turn of the event loop, and globals that are not there yet.
import { appendFileSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'

const polyfill = readFileSync(createRequire(import.meta.url).resolve('promise-polyfill/dist/polyfill.js'), 'utf8')

/** Hides the globals from the module, and from the module alone. */
export const prelude = `
var globalThis, Proxy, FinalizationRegistry, BigInt, queueMicrotask
var Promise = (function (self) {
${polyfill}
return self.Promise
})({})
Promise._immediateFn = function (callback) { promiseTurn(callback) }
`

/** The clock of the tests must know of these turns: it takes a phone for stuck where nothing is on its way. */
export const tellClock = (folder) => appendFileSync(join(folder, 'js-glue/testing/clock.js'), `
const { createClock } = exports
exports.createClock = (startTimer) => {
  const clock = createClock(startTimer)
  globalThis.promiseTurn = clock.soon
  return clock
}
`)
