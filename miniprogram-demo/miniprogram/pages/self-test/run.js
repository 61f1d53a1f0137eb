const { CHECKS, createLab, clear } = require('./checks.js')
const { inTime } = require('../../utils/in-time.js')

/**
 * Runs all checks, one after the other; one that fails, or does not end, stops no other. Calls `changed(name, result)` with
 * `{ state: 'running' }`, then `{ state: 'passed', ms, note }` or `{ state: 'failed', ms, code, message }`. Gives the engine that did the
 * work, and the results in order.
 */
async function runChecks(changed) {
  const lab = createLab()
  const results = []
  for (const check of CHECKS) {
    changed(check.name, { state: 'running' })
    const result = await resultOf(check, lab)
    results.push(Object.assign({ name: check.name }, result))
    changed(check.name, result)
  }
  await clear(lab, inTime)
  return { engine: lab.engine, results }
}

async function resultOf({ deadline, run }, lab) {
  const began = Date.now()
  const ended = (fields) => Object.assign({ ms: Date.now() - began }, fields)
  try {
    const note = await inTime(run(lab), deadline)
    return ended({ state: 'passed', note })
  } catch (error) {
    return ended({ state: 'failed', code: error.code || error.name || 'error', message: error.message || error.errMsg || '' })
  }
}

module.exports = { NAMES: CHECKS.map(({ name }) => name), runChecks }
