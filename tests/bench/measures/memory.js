// What is in use after so many logins and logouts, when all that can be collected has been.
'use strict'

const { createPhone } = require('../phone/phone.js')

exports.memory = async (engine, { marks }) => {
  const phone = createPhone(engine)
  const client = await phone.start()
  const points = []
  for (let cycle = 1; points.length < marks.length; cycle += 1) {
    await phone.outcome(client.login())
    await phone.outcome(client.logout())
    phone.revokeAll() // for who does not sign out at the server
    if (cycle === marks[points.length]) {
      points.push({ cycle, heap: await engine.collectedHeap(), wasm: phone.wasmBytes() })
    }
  }
  return { points }
}
