// The entry without WebAssembly: chosen by the app, or in the module's place where that cannot be loaded.
'use strict'

const { clientOver, newClient, options, PROFILE } = require('./given.js')
const { brokenLoads, repaired } = require('./loading-given.js')

const missingFile = brokenLoads['the wasm file is missing']

// A `fallback` that notes the reasons in `reasons`.
const notedFallback = ({ phone }) => {
  const fallback = (reason) => {
    fallback.reasons.push(reason)
    return phone.startNoWasm()
  }
  fallback.reasons = []
  return fallback
}

const standIns = Object.keys(brokenLoads).map((situation) => ({
  name: `fallback: ${situation}: the client works without, and the app is told the reason`,
  ofWasm: true,
  async run(world) {
    const { phone, assert } = world
    const fallback = notedFallback(world)
    const loading = brokenLoads[situation](world)
    const creation = newClient(world, { fallback })
    await loading
    const { fake, client } = await creation
    assert.equal(fallback.reasons.length, 1, 'calls of the fallback')
    assert.isLoginError(fallback.reasons[0], 'wasm_load_failed', { path: phone.wasmPath })
    await client.loginByWeixin(PROFILE)
    assert.equal(client.session.userInfo.nickName, PROFILE.nickName)
    assert.equal(fake.count('login'), 1)
  },
}))

const useless = {
  'throws': () => { throw new Error('module is not defined') },
  'rejects': () => Promise.reject({ errMsg: 'module is not defined' }),
  'gives nothing': () => undefined,
  'gives another module': () => ({ version: '1.0.0' }),
}

const failures = Object.keys(useless).map((situation) => ({
  name: `fallback: one that ${situation}: wasm_load_failed, which names both reasons`,
  ofWasm: true,
  async run(world) {
    const { phone, assert } = world
    missingFile(world)
    const creation = clientOver(world, world.createFakeWx(), { fallback: useless[situation] })
    const { message } = await assert.loginError(creation, 'wasm_load_failed', { path: phone.wasmPath })
    assert.ok(/file not found.*fallback/.test(message), message)
    assert.ok(!/throws|rejects/.test(situation) || /module is not defined/.test(message), message)
  },
}))

// Options that are wrong in any case: the error is the same as with a module, and nothing falls back.
const refused = [
  ['a fallback that is no function', (world) => ({ fallback: world.phone.startNoWasm() }), 'fallback', 0],
  ['no wx', () => ({ wx: 7 }), 'wx', 0],
  ['no baseUrl', () => ({ baseUrl: undefined }), 'baseUrl', 1],
].map(([wrong, others, field, calls]) => ({
  name: `fallback: ${wrong}: invalid_config with the field`,
  ofWasm: true,
  async run(world) {
    missingFile(world)
    const fallback = notedFallback(world)
    const creation = clientOver(world, world.createFakeWx(), Object.assign({ fallback }, others(world)))
    await world.assert.loginError(creation, 'invalid_config', { field })
    world.assert.equal(fallback.reasons.length, calls, 'calls of the fallback')
  },
}))

module.exports = [
  {
    name: 'fallback: not called where the module can be loaded',
    ofWasm: true,
    async run(world) {
      const fallback = notedFallback(world)
      const { client } = await newClient(world, { fallback })
      await client.loginByWeixin(PROFILE)
      world.assert.equal(fallback.reasons.length, 0, 'calls of the fallback')
      world.assert.equal(world.phone.instantiations, 1, 'instantiations')
    },
  },
  {
    name: 'fallback: may be a promise, as require.async gives it',
    ofWasm: true,
    async run(world) {
      missingFile(world)
      const { client } = await newClient(world, { fallback: () => Promise.resolve(world.phone.startNoWasm()) })
      world.assert.equal((await client.loginByWeixin(PROFILE)).errno, 0)
    },
  },
  {
    name: 'fallback: one that never answers: wasm_load_failed after a minute',
    ofWasm: true,
    async run(world) {
      missingFile(world)
      const creation = clientOver(world, world.createFakeWx(), { fallback: () => new Promise(() => {}) })
      const failing = world.assert.loginError(creation, 'wasm_load_failed', { path: world.phone.wasmPath })
      await world.clock.advance(60000)
      const { message } = await failing
      world.assert.ok(/fallback.*does not answer/.test(message), message)
      world.assert.equal(world.clock.timersRunning(), 0, 'timers')
    },
  },
  {
    name: 'fallback: works for the drop-in too',
    ofWasm: true,
    async run(world) {
      missingFile(world)
      const fallback = notedFallback(world)
      const compat = world.phone.startCompat().createCompat(options(world, world.createFakeWx(), { fallback }))
      world.assert.equal((await compat.loginByWeixin(PROFILE)).errno, 0)
      world.assert.equal(await compat.checkLogin(), true)
      world.assert.equal(fallback.reasons.length, 1, 'calls of the fallback')
    },
  },
  {
    name: 'fallback: a later client tries the module again, and disturbs the earlier one in nothing',
    ofWasm: true,
    async run(world) {
      const { phone, assert } = world
      const wasm = phone.wasmBytes()
      const fallback = notedFallback(world)
      missingFile(world)
      const { client: earlier } = await newClient(world, { fallback })
      repaired(phone, wasm)
      const { client: later } = await newClient(world, { fallback })
      assert.equal(fallback.reasons.length, 1, 'calls of the fallback')
      await earlier.loginByWeixin(PROFILE)
      assert.equal(later.session, null, 'the session of the later client')
      await later.loginByWeixin()
      assert.equal(earlier.session.userInfo.nickName, PROFILE.nickName)
    },
  },
  {
    name: 'no-wasm: chosen by the app, never looks at WXWebAssembly, and minds no option that is about it',
    async run(world) {
      const { phone, assert } = world
      const instantiate = () => { throw new Error('nobody may call this') }
      phone.setGlobals({ WXWebAssembly: { instantiate } })
      const { createLoginClient } = phone.startNoWasm()
      const fakes = [world.createFakeWx(), world.createFakeWx()]
      const fallback = () => { throw new Error('nor this') }
      const clients = await Promise.all(fakes.map((fake) => createLoginClient(options(world, fake, { fallback }))))
      await clients[0].loginByWeixin(PROFILE)
      assert.equal(clients[0].session.userInfo.nickName, PROFILE.nickName)
      assert.equal(clients[1].session, null, 'the session of the other client')
    },
  },
].concat(standIns, failures, refused)
