// From the source text to the answer of the first checkLogin(), with a session in the storage.
'use strict'

const { createPhone } = require('../phone/phone.js')

// What the storage holds when somebody is signed in.
const prepare = async (engine) => {
  const phone = createPhone(engine, { free: true })
  const client = await phone.start()
  await client.login()
  return { stored: phone.stored() }
}

const cold = async (engine, { free, stored }) => {
  const phone = createPhone(engine, { free, stored })
  const virtualStart = phone.clock.now()
  const start = engine.now()
  const client = await phone.start()
  const answer = await (free ? client.checkLogin() : phone.outcome(client.checkLogin()))
  const ms = engine.now() - start
  if (answer !== true) throw new Error('the stored session is not known')
  return { ms, virtualMs: phone.clock.now() - virtualStart, bridgeCalls: phone.bridgeCalls() }
}

module.exports = { prepare, cold }
