// Calls of a client that is signed in: processor time with costs 0, bridge calls and modelled time otherwise.
'use strict'

const { createPhone } = require('../phone/phone.js')
const { microsecondsACall } = require('./batches.js')

const PATH = 'order/echo'
const MODELLED_CALLS = 20

const calls = {
  checkLogin: (client) => client.checkLogin(),
  session: (client) => client.session(),
  request: (client) => client.request(PATH),
}

const signedIn = async (phone) => {
  const client = await phone.start()
  await phone.outcome(client.login())
  if (client.checkLogin) await phone.outcome(client.checkLogin())
  return client
}

const batches = {
  session: (client) => async (count) => {
    let last
    for (let i = 0; i < count; i += 1) last = client.session()
    if (!last) throw new Error('there is no session')
  },
  others: (call, client) => async (count) => {
    for (let i = 0; i < count; i += 1) await call(client)
  },
}

const processor = async (engine, { call }) => {
  const client = await signedIn(createPhone(engine, { free: true }))
  const batch = call === 'session' ? batches.session(client) : batches.others(calls[call], client)
  return { samples: await microsecondsACall(engine.now, batch) }
}

const modelled = async (engine, { call }) => {
  const phone = createPhone(engine)
  const client = await signedIn(phone)
  const { counts } = phone
  const before = { ms: phone.clock.now(), bridgeCalls: phone.bridgeCalls(), requests: counts.request }
  for (let i = 0; i < MODELLED_CALLS; i += 1) await phone.outcome(Promise.resolve(calls[call](client)))
  return {
    virtualMs: (phone.clock.now() - before.ms) / MODELLED_CALLS,
    bridgeCalls: (phone.bridgeCalls() - before.bridgeCalls) / MODELLED_CALLS,
  }
}

module.exports = { processor, modelled }
