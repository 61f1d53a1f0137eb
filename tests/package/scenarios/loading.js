// From the package's files to a client.
'use strict'

const { clientOver, newClient, options, PROFILE, signedIn } = require('./given.js')
const { brokenLoads, reasons, repaired } = require('./loading-given.js')

const refusals = Object.keys(brokenLoads).map((situation) => ({
  name: `${situation}: wasm_load_failed with the reason and advice, and the next creation succeeds`,
  ofWasm: true,
  async run(world) {
    const { phone, assert } = world
    const fake = world.createFakeWx()
    const wasm = phone.wasmBytes()
    const loading = brokenLoads[situation](world)
    const refused = assert.loginError(clientOver(world, fake), 'wasm_load_failed', { path: phone.wasmPath })
    await loading
    const { message } = await refused
    assert.ok((reasons[situation] || /could not be loaded: \S/).test(message), `the message names the reason: ${message}`)
    assert.ok(message.indexOf(phone.wasmPath) >= 0, `the message names the path: ${message}`)
    const remedies = ['构建 npm', 'weapp-login/taro', 'weapp-login/vite', 'weapp-login/no-wasm']
    assert.deepEqual(remedies.filter((remedy) => message.indexOf(remedy) < 0), [], `the message names what to do: ${message}`)
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
      const methods = [
        'checkLogin', 'loginByWeixin', 'ensureLogin', 'request', 'upload', 'loginByAccount', 'register', 'bindAccount', 'bindPhone',
        'updateProfile', 'logout', 'authHeader', 'onChange', 'onEvent',
      ]
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
    ofWasm: true,
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
    ofWasm: true,
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
    name: 'a client that was freed says so, whatever is called, and disturbs no other',
    async run(world) {
      const { client } = await signedIn(world)
      const { client: other } = await newClient(world)
      client.free()
      client.free()
      const { message } = await world.assert.loginError(client.request({ url: 'order/echo' }), 'interrupted')
      world.assert.ok(/freed/.test(message), message)
      world.assert.equal(client.session, null)
      world.assert.deepEqual(client.authHeader(), {})
      world.assert.equal((await other.loginByWeixin()).errno, 0)
    },
  },
  {
    name: 'two paths at once: the client of the good one is created, whatever becomes of the other',
    ofWasm: true,
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
