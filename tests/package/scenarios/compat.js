// The drop-in for a tutorial's `utils/user.js` and `utils/util.js`: its functions and its storage keys.
'use strict'

const { INFO, NONE, compatOver, lockOut, newCompat, oldKeys, signedInCompat } = require('./compat-given.js')
const { PROFILE, STORAGE_KEY, signedIn } = require('./given.js')
const { BASE_URL } = require('../../../js-glue/testing/fake-wx.js')

const FULL = { errMsg: 'setStorageSync:fail exceed storage max size 10Mb' }

const codeOf = (fake) => new Promise((success) => fake.wx.login({ success: ({ code }) => success(code) }))

module.exports = [
  {
    name: 'compat: the functions are there at once, need no `this`, and do what a tutorial\'s do',
    async run(world) {
      const { assert } = world
      const { fake, compat: { checkLogin, loginByWeixin, request } } = newCompat(world)
      assert.equal(await assert.rejection(checkLogin()), false, 'checkLogin before')
      const envelope = await loginByWeixin(PROFILE)
      assert.equal(envelope.errno, 0)
      assert.equal(envelope.errmsg, '成功')
      assert.equal(envelope.data.token, 'secret-token-1')
      assert.equal(await checkLogin(), true, 'checkLogin after')
      const body = await request(INFO)
      assert.equal(body.errno, 0)
      assert.equal(body.data.nickName, PROFILE.nickName)
      assert.equal((await request('auth/profile', { nickName: '小红' }, 'POST')).data.nickName, '小红')
      const sent = fake.requests('auth/info')[0].options
      assert.equal(sent.method, 'GET')
      assert.deepEqual(sent.data, {})
      assert.equal(fake.count('navigateTo'), 0, 'visits')
    },
  },
  {
    name: 'compat: a module that cannot be loaded: checkLogin rejects with false, the others say why',
    async run(world) {
      const { assert } = world
      const { compat } = newCompat(world, { wasmPath: '/missing.wasm', fallback: undefined })
      assert.equal(await assert.rejection(compat.checkLogin()), false)
      await assert.loginError(compat.loginByWeixin(PROFILE), 'wasm_load_failed')
      await assert.loginError(compat.request(INFO), 'wasm_load_failed')
      await assert.loginError(compat.client, 'wasm_load_failed')
    },
  },
  {
    name: 'compat: a login page that is no absolute path: invalid_config',
    async run(world) {
      for (const loginPage of ['pages/login', '', 42, null]) {
        const { compat } = newCompat(world, { loginPage })
        await world.assert.loginError(compat.client, 'invalid_config', { field: 'loginPage' })
      }
    },
  },
  {
    name: 'compat: the old keys follow the session: login, another profile, another token, logout',
    async run(world) {
      const { assert } = world
      const { fake, compat } = newCompat(world)
      assert.deepEqual(oldKeys(fake), NONE)
      const { data } = await compat.loginByWeixin(PROFILE)
      assert.deepEqual(oldKeys(fake), { userInfo: data.userInfo, token: 'secret-token-1' })
      const client = await compat.client
      await client.updateProfile({ nickName: '小红' })
      assert.equal(oldKeys(fake).userInfo.nickName, '小红')
      fake.server.revokeAll()
      await compat.request(INFO)
      assert.equal(oldKeys(fake).token, 'secret-token-2')
      await client.logout()
      assert.deepEqual(oldKeys(fake), NONE)
      assert.deepEqual(fake.storedSessions(), [])
    },
  },
  {
    name: 'compat: the old keys are gone when the server refuses the session for good',
    async run(world) {
      const { fake, compat } = await signedInCompat(world)
      lockOut(fake)
      await world.assert.loginError(compat.request(INFO), 'login_blocked')
      world.assert.deepEqual(oldKeys(fake), NONE)
    },
  },
  {
    name: 'compat: an old key that cannot be written fails no login, and leaves no half pair (behaviour B8)',
    async run(world) {
      const { assert } = world
      for (const key of ['userInfo', 'token']) {
        const { fake, compat } = newCompat(world)
        const { setStorageSync } = fake.wx
        fake.wx.setStorageSync = (name, value) => {
          if (name === key) throw FULL
          setStorageSync(name, value)
        }
        assert.equal((await compat.loginByWeixin(PROFILE)).errno, 0)
        assert.equal(await compat.checkLogin(), true)
        assert.deepEqual(oldKeys(fake), NONE)
        fake.wx.setStorageSync = setStorageSync
        await compatOver(world, fake).client
        assert.equal(oldKeys(fake).token, 'secret-token-1', 'token after a restart')
      }
    },
  },
  {
    name: 'compat: an old key that cannot be removed fails no logout, and the next start removes it',
    async run(world) {
      const { fake, compat } = await signedInCompat(world)
      const { removeStorageSync } = fake.wx
      fake.wx.removeStorageSync = (key) => {
        if (key !== STORAGE_KEY) throw new Error('removeStorageSync:fail')
        removeStorageSync(key)
      }
      await (await compat.client).logout()
      fake.wx.removeStorageSync = removeStorageSync
      const again = compatOver(world, fake)
      world.assert.equal(await world.assert.rejection(again.checkLogin()), false)
      world.assert.deepEqual(oldKeys(fake), NONE)
    },
  },
  {
    name: 'compat: a start writes the old keys of the session that is there',
    async run(world) {
      const { fake, client } = await signedIn(world)
      await compatOver(world, fake).client
      world.assert.deepEqual(oldKeys(fake), { userInfo: client.session.userInfo, token: 'secret-token-1' })
    },
  },
  {
    name: 'compat: after the update of an app its users stay signed in, account users too (behaviours 55, B16)',
    async run(world) {
      const { assert } = world
      for (const userInfo of [{ nickName: '小明' }, '[object Object]', '']) {
        const fake = world.createFakeWx()
        fake.server.addAccount('li', 'secret-password')
        const { data } = fake.server.handle({ method: 'POST', path: 'auth/login', body: { username: 'li', password: 'secret-password' } }).json
        fake.store('token', data.token)
        fake.store('userInfo', userInfo)
        const compat = compatOver(world, fake)
        assert.equal(await compat.checkLogin(), true)
        assert.equal((await compat.request(INFO)).data.userId, 1)
        assert.equal((await compat.client).session.via, 'unknown')
        fake.server.revokeAll()
        await assert.loginError(compat.request(INFO), 'signed_out')
        assert.equal(await assert.rejection(compat.checkLogin()), false)
        assert.equal(fake.count('login'), 0, 'wx.login')
      }
    },
  },
  {
    name: 'compat: a silent login takes the place of a session from before the update only for the same user (behaviour 55)',
    async run(world) {
      const { assert } = world
      for (const [userId, ended] of [[1, false], [2, true]]) {
        const fake = world.createFakeWx()
        const login = { method: 'POST', path: 'auth/login_by_weixin', body: { code: await codeOf(fake), userInfo: {} } }
        fake.store('token', fake.server.handle(login).json.data.token)
        fake.store('userInfo', { userId })
        const compat = compatOver(world, fake)
        await compat.request(INFO)
        fake.server.revokeAll()
        if (ended) await assert.loginError(compat.request(INFO), 'signed_out')
        else assert.equal((await compat.request(INFO)).data.userId, 1)
        assert.equal((await compat.client).session === null, ended)
      }
    },
  },
  {
    name: 'compat: an account that a page signs in by itself is not replaced by the WeChat user (behaviour 55)',
    async run(world) {
      const { assert } = world
      const { fake, compat } = await signedInCompat(world)
      fake.server.addAccount('li', 'secret-password')
      const login = { method: 'POST', path: 'auth/login', body: { username: 'li', password: 'secret-password' } }
      const { userInfo, token } = fake.server.handle(login).json.data
      // As litemall's page of accounts does, one key after the other.
      fake.store('userInfo', userInfo)
      assert.equal((await compat.request(INFO)).data.userId, 1)
      fake.store('token', token)
      assert.equal((await compat.request(INFO)).data.userId, 2)
      fake.server.revokeAll()
      await assert.loginError(compat.request(INFO), 'signed_out')
      assert.equal((await compat.client).session, null) // the WeChat user is another
      assert.equal(fake.count('navigateTo'), 1, 'visits')
    },
  },
  {
    name: 'compat: a token that a page writes before the user beside it is not taken for that user\'s (behaviour 55)',
    async run(world) {
      const { assert } = world
      const { fake, compat } = await signedInCompat(world)
      fake.server.addAccount('li', 'secret-password')
      const login = { method: 'POST', path: 'auth/login', body: { username: 'li', password: 'secret-password' } }
      fake.store('token', fake.server.handle(login).json.data.token)
      assert.equal((await compat.request(INFO)).data.userId, 2)
      fake.server.revokeAll()
      await assert.loginError(compat.request(INFO), 'signed_out')
      assert.equal(fake.count('login'), 1, 'wx.login')
    },
  },
  {
    name: 'compat: a page that removes both keys has logged out',
    async run(world) {
      const { assert } = world
      const { fake, compat } = await signedInCompat(world)
      fake.wx.removeStorageSync('token')
      fake.wx.removeStorageSync('userInfo')
      await assert.loginError(compat.request(INFO), 'signed_out')
      assert.ok(!fake.server.accepts('secret-token-1'), 'the token is revoked')
      assert.equal(fake.count('login'), 1, 'wx.login')
      assert.equal(await assert.rejection(compatOver(world, fake).checkLogin()), false)
    },
  },
  {
    name: 'compat: an old page\'s request to sign out ends the session, and is sent once',
    async run(world) {
      const { assert } = world
      for (const url of ['auth/logout', '/auth/logout', `${BASE_URL}auth/logout?from=me`]) {
        const { fake, compat } = await signedInCompat(world)
        assert.equal((await compat.request(url, {}, 'POST')).errno, 0)
        assert.equal(fake.requests('auth/logout').length, 1, 'posts')
        assert.ok(!fake.server.accepts('secret-token-1'), 'the token is revoked')
        assert.equal(await assert.rejection(compat.checkLogin()), false)
        assert.deepEqual(fake.storedSessions(), [])
        await assert.loginError(compat.request(INFO), 'signed_out')
        assert.equal(fake.count('navigateTo'), 1, 'visits for what was asked afterwards')
      }
    },
  },
  {
    name: 'compat: an endpoint to sign out may be told by its query, and other addresses of its path sign nobody out',
    async run(world) {
      const { assert } = world
      const { fake, compat } = await signedInCompat(world, {
        dialect: { login: { url: 'auth/login_by_weixin', send: { code: '$code', userInfo: '$userInfo' } }, logout: { url: 'index.php?r=logout' } },
      })
      await compat.request('index.php?r=cart').catch(() => {}) // the server does not have it
      assert.equal(await compat.checkLogin(), true)
      assert.equal((await compat.request('index.php?r=logout', {}, 'POST')).errno, 0)
      assert.equal(await assert.rejection(compat.checkLogin()), false)
      assert.deepEqual(fake.storedSessions(), [])
    },
  },
  {
    name: 'compat: warm checkLogin and request read one old key',
    async run(world) {
      const { fake, compat } = await signedInCompat(world)
      const before = fake.calls.length
      await compat.checkLogin()
      await compat.request(INFO)
      const calls = fake.calls.slice(before).map(({ api, args }) => (args ? args[0] : api))
      world.assert.deepEqual(calls, ['token', 'token', 'request'])
    },
  },
]
