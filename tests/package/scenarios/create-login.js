// A client that is there at once.
'use strict'

const { LOGIN, PROFILE, each, options } = require('./given.js')
const { brokenLoads, repaired } = require('./loading-given.js')

const ORDER = { url: 'order/echo', method: 'POST', data: { id: 1 } }
const missingFile = brokenLoads['the wasm file is missing']

const given = (world, others) => {
  const fake = world.createFakeWx()
  return { fake, login: world.phone.startModule().createLogin(options(world, fake, others)) }
}

// Of an app whose module is not there.
const broken = (world, others) => {
  const wasm = world.phone.wasmBytes()
  missingFile(world)
  return Object.assign(given(world, others), { repair: () => repaired(world.phone, wasm) })
}

module.exports = [
  {
    name: 'createLogin: is there at once, loads by itself, and knows nothing of a session until then',
    async run(world) {
      const { fake, login } = given(world)
      world.assert.equal(login.session, undefined, 'session')
      world.assert.equal(login.authHeader(), undefined, 'header')
      await world.clock.settle()
      world.assert.equal(login.session, null, 'session')
      world.assert.deepEqual(login.authHeader(), {})
      world.assert.equal(fake.count('login') + fake.count('request'), 0, 'traffic')
      await login.loginByWeixin(PROFILE)
      world.assert.equal(login.session.userInfo.nickName, PROFILE.nickName)
      const again = world.phone.startModule().createLogin(options(world, fake))
      world.assert.equal(again.session, undefined, 'session')
      world.assert.equal(await again.checkLogin(), true)
      world.assert.equal(again.session.userInfo.nickName, PROFILE.nickName)
    },
  },
  {
    name: 'createLogin: has every method of a client, and none needs a this',
    async run(world) {
      const { fake, login } = given(world)
      const client = await world.createLoginClient(options(world, fake))
      world.assert.deepEqual(Object.keys(login).sort(), Object.keys(client).sort())
      const { ensureLogin, request, logout } = login
      await ensureLogin()
      world.assert.equal((await request(ORDER)).errno, 0)
      await logout()
      world.assert.equal(login.session, null)
    },
  },
  {
    name: 'createLogin: calls that come before it has loaded wait, in their order, with their arguments as they were',
    async run(world) {
      const { fake, login } = given(world)
      const data = { list: [1] }
      const request = login.request({ url: 'order/echo', method: 'POST', data, auth: 'required' })
      data.list.push(2)
      world.assert.deepEqual((await request).data.sent, { list: [1] })
      world.assert.equal(fake.requests(LOGIN).length, 1, 'logins')
      const cyclic = {}
      cyclic.self = cyclic
      const other = given(world).login
      await world.assert.loginError(other.request({ url: 'a', data: cyclic }), 'invalid_argument', { field: 'data.self' })
      await world.assert.loginError(other.request({ url: 'a', success() {} }), 'invalid_argument', { field: 'success' })
    },
  },
  {
    name: 'createLogin: a logout before it has loaded ends what was called before it',
    async run(world) {
      const { login } = given(world)
      const ended = world.assert.loginError(login.ensureLogin({ mode: 'force' }), 'logged_out')
      await login.logout()
      await ended
      world.assert.equal(login.session, null)
    },
  },
  {
    name: 'createLogin: who listens before it has loaded hears everything, and who has left nothing',
    async run(world) {
      const { login } = given(world)
      const heard = []
      login.onChange(({ type }) => heard.push(type))
      login.onEvent(({ name }) => heard.push(name))
      login.onChange(() => heard.push('left'))()
      await login.ensureLogin()
      world.assert.deepEqual(heard.filter((each) => ['signedIn', 'exchange', 'left'].indexOf(each) >= 0), ['signedIn', 'exchange'])
      let thrown
      try {
        login.onChange('no function')
      } catch (error) {
        thrown = error
      }
      world.assert.isLoginError(thrown, 'invalid_argument', { field: 'listener' })
    },
  },
  {
    name: 'createLogin: a load that fails: all calls say so, checkLogin says no, nothing is unhandled, and the next call tries again',
    ofWasm: true,
    async run(world) {
      const { phone, assert } = world
      const { login, repair } = broken(world)
      await world.clock.settle()
      assert.equal(login.session, undefined, 'session')
      assert.equal(phone.instantiations, 1, 'loads')
      const failures = each(30, () => assert.loginError(login.request(ORDER), 'wasm_load_failed', { path: phone.wasmPath }))
      const [first, second] = await Promise.all(failures)
      assert.ok(first !== second, 'two callers got the very same error object')
      assert.equal(phone.instantiations, 2, 'loads: one for all calls')
      assert.equal(await assert.rejection(login.checkLogin()), false)
      repair()
      assert.equal((await login.loginByWeixin()).errno, 0)
      assert.equal(phone.instantiations, 4, 'loads')
    },
  },
  {
    name: 'createLogin: has the fallback stand in, with whoever listens',
    ofWasm: true,
    async run(world) {
      const { login } = broken(world, { fallback: () => world.phone.startNoWasm() })
      const heard = []
      login.onChange(({ type }) => heard.push(type))
      await login.ensureLogin()
      world.assert.deepEqual(heard, ['signedIn'])
      world.assert.equal(login.session.via, 'weixin')
    },
  },
  {
    name: 'createLogin: a call that waits for the module can be aborted, before and meanwhile',
    async run(world) {
      const { AbortController, createLogin } = world.phone.startModule()
      const fake = world.createFakeWx()
      const login = createLogin(options(world, fake))
      const [early, late] = [new AbortController(), new AbortController()]
      early.abort()
      const calls = [early, late].map(({ signal }) => world.assert.loginError(login.request(Object.assign({ signal }, ORDER)), 'aborted'))
      late.abort()
      await Promise.all(calls)
      await world.clock.settle()
      world.assert.equal(fake.count('request'), 0, 'requests')
      await world.assert.loginError(given(world).login.request(Object.assign({ signal: 7 }, ORDER)), 'invalid_argument', { field: 'signal' })
    },
  },
  {
    name: 'createLogin: what is wrong with the options is what the calls reject with, by the field',
    async run(world) {
      for (const [others, field] of [[{ baseUrl: 'ftp://x' }, 'baseUrl'], [{ wx: 7 }, 'wx'], [{ dialect: { logIn: {} } }, 'dialect.logIn']]) {
        const { login } = given(world, others)
        await world.clock.settle()
        await world.assert.loginError(login.ensureLogin(), 'invalid_config', { field })
        world.assert.equal(await world.assert.rejection(login.checkLogin()), false)
      }
      const around = {}
      around.around = around
      const { login } = given(world, { dialect: around })
      await world.assert.loginError(login.ensureLogin(), 'invalid_argument', { field: 'dialect.around' })
      const { createLogin } = world.phone.startModule()
      await world.assert.loginError(createLogin().ensureLogin(), 'invalid_config')
    },
  },
  {
    name: 'createLogin: freed before it has loaded, it does nothing any more',
    async run(world) {
      const { fake, login } = given(world)
      login.free()
      await world.assert.loginError(login.ensureLogin(), 'interrupted')
      await world.clock.settle()
      await world.assert.loginError(login.ensureLogin(), 'interrupted')
      world.assert.equal(fake.count('login'), 0, 'wx.login')
    },
  },
]
