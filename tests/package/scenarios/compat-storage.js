// The drop-in over a storage that cannot be read, or that the page clears.
'use strict'

const { INFO, NONE, compatOver, newCompat, oldKeys, signedInCompat } = require('./compat-given.js')
const { LOGIN, PROFILE, STORAGE_KEY } = require('./given.js')
const { throws } = require('../../../js-glue/testing/fake-wx.js')

const ACCOUNT = { username: 'li', password: 'secret-password' }
const SECOND = 1000
const MINUTE = 60 * SECOND
const UNREADABLE = throws(new Error('getStorageSync:fail'))

const clear = (fake) => fake.storedKeys().forEach((key) => fake.wx.removeStorageSync(key))

// What a page of an account's login gets from the server.
const accountOf = (fake) => {
  fake.server.addAccount(ACCOUNT.username, ACCOUNT.password)
  const { token, userInfo } = fake.server.handle({ method: 'POST', path: 'auth/login', body: ACCOUNT }).json.data
  return { token, userInfo }
}

const write = (fake, { token, userInfo }) => {
  fake.store('userInfo', userInfo)
  fake.store('token', token)
}

// A phone with an app whose old code has left an account's session. WeChat's user is another.
const withOldAccount = (world) => {
  const fake = world.createFakeWx()
  const account = accountOf(fake)
  write(fake, account)
  return { fake, account }
}

// The first `times` readings of `key` fail.
const failReads = (fake, key, times) => {
  const { getStorageSync } = fake.wx
  let left = times
  fake.wx.getStorageSync = (name) => {
    if (name === key && left > 0) {
      left -= 1
      throw new Error('getStorageSync:fail')
    }
    return getStorageSync(name)
  }
}

// Whose data a request gets that is tried once more after each failure.
const userOf = async (world, compat, failures) => {
  const answer = await compat.request(INFO).catch((error) => error)
  if (answer.errno === 0) return answer.data.userId
  world.assert.isLoginError(answer, 'storage_failed')
  return failures > 0 ? userOf(world, compat, failures - 1) : undefined
}

const tokens = (fake) => [fake.stored('token'), (fake.stored(STORAGE_KEY) || {}).token]

module.exports = [
  {
    name: 'compat: a reading of an old key that fails at the start loses nobody (behaviours 44, 55)',
    async run(world) {
      const { assert } = world
      for (const key of ['token', 'userInfo', STORAGE_KEY]) {
        for (let times = 1; times <= 6; times += 1) {
          const { fake, account } = withOldAccount(world)
          failReads(fake, key, times)
          const compat = compatOver(world, fake)
          await compat.client
          assert.deepEqual(oldKeys({ wx: { getStorageSync: fake.stored } }), account)
          assert.equal(await userOf(world, compat, times), account.userInfo.userId)
          assert.equal(fake.count('login'), 0, 'wx.login')
          assert.deepEqual(tokens(fake), [account.token, account.token])
          assert.deepEqual((await compat.client).session.userInfo, account.userInfo)
        }
      }
    },
  },
  {
    name: 'compat: after any number of readings that fail the account is still there (behaviours 44, 55)',
    async run(world) {
      const { assert } = world
      for (let times = 1; times <= 16; times += 1) {
        const { fake, account } = withOldAccount(world)
        fake.next.apply(null, ['getStorageSync'].concat(Array(times).fill(UNREADABLE)))
        const compat = compatOver(world, fake)
        assert.equal(await userOf(world, compat, times), account.userInfo.userId)
        assert.equal(fake.count('login'), 0, 'wx.login')
      }
    },
  },
  {
    name: 'compat: the client of pages that do not use the drop-in signs in nobody while the old keys cannot be read (behaviours 44, 55)',
    async run(world) {
      const { assert } = world
      const { fake, account } = withOldAccount(world)
      failReads(fake, 'token', 2)
      const client = await compatOver(world, fake).client
      await assert.loginError(client.request({ url: INFO }), 'storage_failed')
      await world.clock.settle()
      assert.equal((await client.request({ url: INFO })).data.userId, account.userInfo.userId)
      assert.equal(fake.count('login'), 0, 'wx.login')
    },
  },
  {
    name: 'compat: what needs no user goes through while the old keys cannot be read (behaviour 44)',
    async run(world) {
      const { fake, compat } = newCompat(world)
      fake.always('getStorageSync', UNREADABLE)
      world.assert.equal((await compat.request('no/such')).errno, 404)
      world.assert.equal(await world.assert.rejection(compat.checkLogin()), false)
      await world.assert.loginError(compat.request(INFO), 'storage_failed')
      world.assert.equal(fake.navigations(), 0)
    },
  },
  {
    name: 'compat: who signs in while the old keys cannot be read stays signed in, and the keys follow (behaviours 45, 55)',
    async run(world) {
      const { assert } = world
      const { fake } = withOldAccount(world)
      fake.always('getStorageSync', UNREADABLE)
      const compat = compatOver(world, fake)
      const { data } = await compat.loginByWeixin(PROFILE)
      assert.equal((await compat.request(INFO)).data.userId, data.userInfo.userId)
      fake.always('getStorageSync', undefined)
      await world.clock.advance(2 * SECOND)
      assert.equal((await compat.request(INFO)).data.userId, data.userInfo.userId)
      assert.deepEqual(tokens(fake), [data.token, data.token])
      assert.deepEqual(oldKeys(fake).userInfo, data.userInfo)
      assert.equal(await compatOver(world, fake).checkLogin(), true)
    },
  },
  {
    name: 'compat: who logs out while the old keys cannot be read is logged out, and the keys follow (behaviours 43, 55)',
    async run(world) {
      const { assert } = world
      for (const old of [true, false]) {
        const { fake } = old ? withOldAccount(world) : await signedInCompat(world)
        fake.always('getStorageSync', UNREADABLE)
        const compat = compatOver(world, fake)
        await (await compat.client).logout().catch((error) => assert.isLoginError(error, 'storage_failed'))
        fake.always('getStorageSync', undefined)
        await world.clock.advance(2 * SECOND)
        assert.equal(await compat.checkLogin().catch((no) => no), false, `old ${old}`)
        await assert.loginError(compat.request(INFO), 'signed_out')
        assert.deepEqual(oldKeys(fake), NONE)
        assert.equal(await assert.rejection(compatOver(world, fake).checkLogin()), false)
      }
    },
  },
  {
    name: 'compat: old keys that cannot be read for a while are not taken for a logout (behaviour 44)',
    async run(world) {
      const { assert } = world
      const { fake, compat } = await signedInCompat(world)
      for (const key of ['token', 'userInfo', STORAGE_KEY]) {
        failReads(fake, key, 2)
        await compat.request(INFO)
        fake.wx.removeStorageSync('token') // one of both
        await compat.request(INFO)
        await compat.request(INFO)
        assert.ok(fake.server.accepts('secret-token-1'), 'nobody has logged out')
        fake.store('token', 'secret-token-1')
        await world.clock.advance(2 * SECOND)
        assert.equal(await compat.checkLogin(), true)
      }
      assert.equal(fake.count('login'), 1, 'wx.login')
    },
  },
  {
    name: 'compat: an account that a page writes while a renewal is under way is not overwritten (behaviours 44, 55)',
    async run(world) {
      const { assert } = world
      const { fake, compat } = await signedInCompat(world)
      const account = accountOf(fake)
      await world.clock.advance(2 * MINUTE)
      fake.server.revokeAll()
      const { data } = fake.server.handle({ method: 'POST', path: 'auth/login', body: ACCOUNT }).json
      const { login } = fake.wx
      fake.wx.login = (options) => {
        write(fake, data)
        login(options)
      }
      await compat.request(INFO).catch(() => {})
      fake.wx.login = login
      assert.equal(fake.stored('token'), data.token)
      assert.equal((await compat.request(INFO)).data.userId, account.userInfo.userId)
    },
  },
  {
    name: 'compat: a tap after a page has signed an account in by itself is the last word (behaviour 55)',
    async run(world) {
      const { assert } = world
      const { fake, compat } = await signedInCompat(world)
      write(fake, accountOf(fake))
      const { data } = await compat.loginByWeixin(PROFILE)
      assert.equal((await compat.request(INFO)).data.userId, data.userInfo.userId)
      assert.deepEqual(tokens(fake), [data.token, data.token])
    },
  },
  {
    name: 'compat: a storage that the page clears signs nobody out, and the old keys are written again (behaviours 43, 55)',
    async run(world) {
      const { assert } = world
      // WeChat's user, an account, and a session that the old code has left.
      const starts = {
        weixin: () => signedInCompat(world),
        account: async () => {
          const made = newCompat(world)
          made.fake.server.addAccount(ACCOUNT.username, ACCOUNT.password)
          await (await made.compat.client).loginByAccount(ACCOUNT)
          return made
        },
        unknown: async () => {
          const { fake } = withOldAccount(world)
          const compat = compatOver(world, fake)
          await compat.client
          return { fake, compat }
        },
      }
      // What may happen before the next call of the drop-in: the client writes its own record again.
      const between = [
        () => {},
        () => world.clock.advance(5 * SECOND),
        ({ fake }) => fake.appShow(),
        async ({ compat }) => {
          await world.clock.advance(5 * SECOND)
          return (await compat.client).session
        },
      ]
      for (const via of Object.keys(starts)) {
        for (const meanwhile of between) {
          const made = await starts[via]()
          const { fake, compat } = made
          const before = oldKeys(fake)
          clear(fake)
          await meanwhile(made)
          assert.equal((await compat.request(INFO)).data.userId, 1)
          assert.equal(await compat.checkLogin(), true)
          assert.equal((await compat.client).session.via, via)
          assert.deepEqual(oldKeys(fake), before)
          assert.equal(fake.count('login'), via === 'weixin' ? 1 : 0, 'wx.login')
          await world.clock.advance(5 * SECOND)
          assert.equal(await compat.checkLogin(), true)
          assert.equal(await compatOver(world, fake).checkLogin(), true)
          assert.deepEqual(tokens(fake), [before.token, before.token])
          fake.wx.removeStorageSync('token')
          fake.wx.removeStorageSync('userInfo')
          assert.equal(await assert.rejection(compat.checkLogin()), false) // that is a logout still
        }
      }
    },
  },
  {
    name: 'compat: a session of before the update ends as a page removes both keys (behaviours 43, 55)',
    async run(world) {
      const { assert } = world
      for (const restart of [false, true]) {
        const { fake } = withOldAccount(world)
        let compat = compatOver(world, fake)
        assert.equal(await compat.checkLogin(), true)
        if (restart) compat = compatOver(world, fake)
        await compat.client
        fake.wx.removeStorageSync('token')
        fake.wx.removeStorageSync('userInfo')
        await assert.loginError(compat.request(INFO), 'signed_out')
        assert.deepEqual(oldKeys(fake), NONE)
        assert.equal(await assert.rejection(compatOver(world, fake).checkLogin()), false)
        assert.equal(fake.count('login'), 0, 'wx.login')
      }
    },
  },
  {
    name: 'compat: a logout leaves no key behind (behaviour 43)',
    async run(world) {
      const { fake, compat } = await signedInCompat(world)
      await (await compat.client).logout()
      world.assert.deepEqual(fake.storedKeys(), [STORAGE_KEY])
    },
  },
  {
    name: 'compat: an old token of WeChat\'s user that the server has ended is renewed, whether it is checked or used first (behaviours 52, 55)',
    async run(world) {
      const { assert } = world
      for (const check of [true, false]) {
        const { fake, compat: before } = newCompat(world)
        await before.loginByWeixin(PROFILE)
        const left = oldKeys(fake)
        clear(fake)
        write(fake, left)
        fake.server.revokeAll()
        const compat = compatOver(world, fake)
        if (check) assert.equal(await assert.rejection(compat.checkLogin()), false)
        assert.equal((await compat.request(INFO)).data.userId, 1)
        assert.equal(await compat.checkLogin(), true)
        assert.equal(fake.requests(LOGIN).length, 2, 'logins')
      }
    },
  },
  {
    name: 'compat: in single-page mode nobody is signed in, and no page is opened (behaviour 54)',
    async run(world) {
      const { assert } = world
      const { fake, compat } = newCompat(world)
      fake.wx.getLaunchOptionsSync = () => ({ scene: 1154 })
      for (let i = 0; i < 3; i += 1) await assert.loginError(compat.request(INFO), 'single_page')
      assert.equal(await assert.rejection(compat.checkLogin()), false)
      await assert.loginError(compat.loginByWeixin(PROFILE), 'single_page')
      assert.equal(fake.navigations() + fake.count('login'), 0)
    },
  },
]
