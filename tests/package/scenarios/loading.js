// From the package's files to a client.
'use strict'

const { clientOver, newClient, options, PROFILE } = require('./given.js')

const LOAD_LIMIT_MS = 60 * 1000

const refusedLoad = {
  'the wasm file is missing': (phone) => phone.removeFile(phone.wasmPath),
  'the wasm file is empty': (phone) => phone.addFile(phone.wasmPath, new Uint8Array(0)),
  'the wasm file is cut off': (phone) => phone.addFile(phone.wasmPath, phone.wasmBytes().slice(0, 5000)),
  'the wasm file is another module': (phone) =>
    phone.addFile(phone.wasmPath, new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])),
  'there is no WXWebAssembly': (phone) => phone.setGlobals({ WXWebAssembly: undefined }),
  'WXWebAssembly throws': (phone) => phone.setGlobals({
    WXWebAssembly: { instantiate: () => { throw new Error('broken engine') } },
  }),
  'WXWebAssembly fails with a plain object': (phone) => phone.setGlobals({
    WXWebAssembly: { instantiate: () => Promise.reject({ errMsg: 'instantiate:fail' }) },
  }),
  'WXWebAssembly fails with nothing': (phone) => phone.setGlobals({
    WXWebAssembly: { instantiate: () => Promise.reject() },
  }),
  'WXWebAssembly resolves with nothing': (phone) => phone.setGlobals({
    WXWebAssembly: { instantiate: () => Promise.resolve() },
  }),
}

const repaired = (phone, wasm) => {
  phone.addFile(phone.wasmPath, wasm)
  phone.setGlobals({ WXWebAssembly: phone.WXWebAssembly })
}

const refusals = Object.keys(refusedLoad).map((situation) => ({
  name: `${situation}: wasm_load_failed with the path, and the next creation succeeds`,
  async run(world) {
    const { phone, assert } = world
    const fake = world.createFakeWx()
    const wasm = phone.wasmBytes()
    refusedLoad[situation](phone)
    const error = await assert.loginError(clientOver(world, fake), 'wasm_load_failed', { path: phone.wasmPath })
    assert.ok(error.message.indexOf(phone.wasmPath) >= 0, `the message names the path: ${error.message}`)
    repaired(phone, wasm)
    const client = await clientOver(world, fake)
    assert.equal((await client.loginByWeixin()).errno, 0)
  },
}))

module.exports = [
  {
    name: 'loads and gives a client with all its methods',
    async run(world) {
      const { client } = await newClient(world)
      const methods = ['checkLogin', 'loginByWeixin', 'logout', 'updateProfile', 'authHeader', 'foreground']
      methods.forEach((name) => world.assert.equal(typeof client[name], 'function', name))
      world.assert.equal(client.session, null)
    },
  },
  {
    name: 'creating a client asks WeChat and the server for nothing (behaviour 4)',
    async run(world) {
      const { fake } = await newClient(world)
      await world.clock.settle()
      world.assert.deepEqual(fake.calls.map(({ api }) => api), ['getStorageSync'])
    },
  },
  {
    name: 'loads where WXWebAssembly answers with instance and module, as in DevTools',
    async run(world) {
      world.phone.shapeOfAnswer = (answer) => answer
      const { client } = await newClient(world)
      world.assert.equal((await client.loginByWeixin(PROFILE)).errno, 0)
    },
  },
  {
    name: 'uses the global wx and the path of "build npm" where none are given',
    async run({ createLoginClient, createFakeWx, phone, assert }) {
      const fake = createFakeWx()
      phone.addFile('/miniprogram_npm/weapp-login/weapp_login.wasm', phone.wasmBytes())
      phone.setGlobals({ wx: fake.wx })
      const client = await createLoginClient({ baseUrl: 'https://api.example.com/wx/' })
      await client.loginByWeixin()
      assert.equal(fake.count('login'), 1)
    },
  },
  {
    name: 'any number of clients share one instance of the module',
    async run(world) {
      const { phone, assert, createLoginClient } = world
      const fakes = [world.createFakeWx(), world.createFakeWx()]
      const clients = await Promise.all(fakes.map((fake) => createLoginClient(options(world, fake))))
      await clientOver(world, world.createFakeWx())
      assert.equal(phone.instantiations, 1, 'instantiations')
      await clients[0].loginByWeixin(PROFILE)
      assert.equal(clients[0].session.userInfo.nickName, PROFILE.nickName)
      assert.equal(clients[1].session, null, 'the session of the other client')
    },
  },
  {
    name: 'WXWebAssembly never answers: wasm_load_failed in the end, and the next creation succeeds',
    async run(world) {
      const { phone, assert, clock } = world
      const fake = world.createFakeWx()
      phone.setGlobals({ WXWebAssembly: { instantiate: () => new Promise(() => {}) } })
      const refused = assert.loginError(clientOver(world, fake), 'wasm_load_failed', { path: phone.wasmPath })
      await clock.advance(LOAD_LIMIT_MS)
      await refused
      repaired(phone, phone.wasmBytes())
      await clientOver(world, fake)
    },
  },
  {
    name: 'loading leaves no timer behind',
    async run(world) {
      await newClient(world)
      await world.clock.settle()
      world.assert.equal(world.clock.timersRunning(), 0, 'timers')
    },
  },
  {
    name: 'a client that was freed does not mind the app coming to the foreground',
    async run(world) {
      const { fake, client } = await newClient(world)
      client.free()
      fake.appShow()
    },
  },
  {
    name: 'two paths at once: the client of the good one is created, whatever becomes of the other',
    async run(world) {
      const { assert, createLoginClient, createFakeWx } = world
      const missing = options(world, createFakeWx(), { wasmPath: '/missing.wasm' })
      const refused = assert.loginError(createLoginClient(missing), 'wasm_load_failed', { path: '/missing.wasm' })
      const client = await clientOver(world, createFakeWx())
      await refused
      assert.equal((await client.loginByWeixin()).errno, 0)
    },
  },
].concat(refusals)
