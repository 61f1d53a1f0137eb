// A storage that fails, or holds what nobody should have put there.
'use strict'

const { LOGIN, PROFILE, STORAGE_KEY, clientOver, newClient, restarted, signedIn } = require('./given.js')
const { throws } = require('../../../js-glue/testing/fake-wx.js')

const FULL = { errMsg: 'setStorageSync:fail exceed storage max size 10Mb', errno: 1300202 }
const RECORD = { v: 2, revision: 1736928000000, token: 'secret-token-0', userInfo: {}, via: 'weixin', issuedAt: 1736928000000, expiresAt: null }

const JUNK = [
  ['a text', '[object Object]'],
  ['a number', 42],
  ['true', true],
  ['a list', [RECORD]],
  ['an empty object', {}],
  ['JSON in a text', JSON.stringify(RECORD)],
  ['a record of another version', Object.assign({}, RECORD, { v: 0 })],
  ['a record with a version that is a text', Object.assign({}, RECORD, { v: '2' })],
  ['a record without a token', Object.assign({}, RECORD, { token: undefined })],
  ['a record with an empty token', Object.assign({}, RECORD, { token: '' })],
  ['a record with a token that is no text', Object.assign({}, RECORD, { token: { secret: 1 } })],
  ['a record with a userInfo that is a text', Object.assign({}, RECORD, { userInfo: '[object Object]' })],
  ['a record with an unknown way of signing in', Object.assign({}, RECORD, { via: 'magic' })],
  ['a record with times that are texts', Object.assign({}, RECORD, { issuedAt: '1736928000000' })],
  ['a record with an end that is a text', Object.assign({}, RECORD, { expiresAt: '明天' })],
]

const junk = JUNK.map(([what, value]) => ({
  name: `${what} in the storage counts as signed out, and the next login overwrites it (behaviour 37)`,
  async run(world) {
    const fake = world.createFakeWx()
    fake.store(STORAGE_KEY, value)
    const client = await clientOver(world, fake)
    world.assert.equal(client.session, null)
    world.assert.equal(await world.assert.rejection(client.checkLogin()), false)
    world.assert.equal(fake.count('request'), 0, 'requests')
    await client.loginByWeixin(PROFILE)
    world.assert.deepEqual((await restarted(world, fake)).session, client.session)
    world.assert.equal(client.session.persisted, true)
  },
}))

module.exports = junk.concat([
  {
    name: 'the record that the junk is made of is a good one',
    async run(world) {
      const fake = world.createFakeWx()
      fake.store(STORAGE_KEY, RECORD)
      const client = await clientOver(world, fake)
      world.assert.deepEqual(client.authHeader(), { 'X-Litemall-Token': 'secret-token-0' })
    },
  },
  {
    name: 'a first session that cannot be written holds for this run, and is written as soon as that works (behaviours 37, 45)',
    async run(world) {
      const { fake, client } = await newClient(world)
      const events = []
      client.onEvent(({ name, code }) => events.push([name, code]))
      fake.next('setStorageSync', throws(FULL))
      world.assert.equal((await client.loginByWeixin(PROFILE)).errno, 0)
      world.assert.equal(client.session.persisted, false)
      world.assert.deepEqual(fake.storedSessions(), [])
      world.assert.deepEqual(events.slice(1), [['store', 'storage_failed'], ['exchange', undefined]])
      world.assert.equal((await client.request({ url: 'order/echo' })).errno, 0)
      await world.clock.advance(1000)
      world.assert.equal(await client.checkLogin(), true)
      world.assert.equal(client.session.persisted, true)
      world.assert.deepEqual(events[events.length - 1], ['store', undefined])
      world.assert.equal((await restarted(world, fake)).session.userInfo.nickName, PROFILE.nickName)
    },
  },
  {
    name: 'a new session that cannot be written holds for this run; after a restart the old one is there (behaviours 37, 45)',
    async run(world) {
      const { fake, client } = await signedIn(world)
      fake.always('setStorageSync', throws(FULL))
      await client.loginByWeixin({ nickName: '新' })
      world.assert.equal(client.session.userInfo.nickName, '新')
      world.assert.deepEqual(client.authHeader(), { 'X-Litemall-Token': 'secret-token-2' })
      const after = await restarted(world, fake)
      world.assert.equal(after.session.userInfo.nickName, PROFILE.nickName)
      world.assert.deepEqual(after.authHeader(), { 'X-Litemall-Token': 'secret-token-1' })
    },
  },
  {
    name: 'a session larger than the storage takes holds for this run (behaviours 37, 45)',
    async run(world) {
      const { fake, client } = await newClient(world)
      const userInfo = { nickName: '长'.repeat(1024 * 1024) }
      fake.server.next(LOGIN, { json: { errno: 0, data: { token: 'secret-token-1', userInfo } } })
      await client.loginByWeixin()
      world.assert.equal(client.session.persisted, false)
      world.assert.deepEqual(client.authHeader(), { 'X-Litemall-Token': 'secret-token-1' })
    },
  },
  {
    name: 'a changed profile that cannot be written is written later (behaviour 37)',
    async run(world) {
      const { fake, client } = await signedIn(world)
      fake.next('setStorageSync', throws(FULL))
      await client.updateProfile({ nickName: '新' })
      world.assert.equal(client.session.userInfo.nickName, '新')
      world.assert.equal((await restarted(world, fake)).session.userInfo.nickName, PROFILE.nickName)
      fake.appShow()
      world.assert.equal((await restarted(world, fake)).session.userInfo.nickName, '新')
    },
  },
  {
    name: 'a storage that cannot be read at the start: nobody is signed in silently, and each call reads again (behaviours 37, 44)',
    async run(world) {
      const { fake } = await signedIn(world)
      const before = fake.stored(STORAGE_KEY)
      fake.always('getStorageSync', throws(new Error('getStorageSync:fail')))
      const client = await restarted(world, fake)
      world.assert.equal(client.session, null)
      await world.assert.loginError(client.request({ url: 'order/echo' }), 'storage_failed', { errMsg: 'getStorageSync:fail' })
      await world.assert.loginError(client.ensureLogin(), 'storage_failed')
      world.assert.equal(fake.count('login'), 1, 'wx.login')
      world.assert.deepEqual(fake.stored(STORAGE_KEY), before)
      fake.always('getStorageSync')
      world.assert.equal(await client.checkLogin(), true)
      world.assert.equal(client.session.userInfo.nickName, PROFILE.nickName)
    },
  },
  {
    name: 'a record of another user that could not be read is not overwritten by a tap (behaviours 44, 45)',
    async run(world) {
      const { fake, client } = await newClient(world)
      fake.server.addAccount('li', 'secret-password')
      await client.loginByAccount({ username: 'li', password: 'secret-password' })
      const before = fake.stored(STORAGE_KEY)
      fake.always('getStorageSync', throws(new Error('getStorageSync:fail')))
      const later = await restarted(world, fake)
      await later.loginByWeixin(PROFILE)
      fake.always('getStorageSync')
      await world.clock.advance(1000)
      world.assert.equal(later.session.userInfo.nickName, PROFILE.nickName)
      world.assert.equal(later.session.persisted, false)
      world.assert.deepEqual(fake.stored(STORAGE_KEY), before)
    },
  },
  {
    name: 'a logout that cannot be stored: storage_failed, signed out here, and stored as soon as that works (behaviours 37, 43)',
    async run(world) {
      const { fake, client } = await signedIn(world)
      fake.always('setStorageSync', throws(FULL))
      await world.assert.loginError(client.logout(), 'storage_failed', FULL)
      world.assert.equal(client.session, null)
      world.assert.ok(!fake.server.accepts('secret-token-1'), 'the server knows')
      fake.always('setStorageSync')
      fake.appShow()
      world.assert.deepEqual(fake.storedSessions(), [])
    },
  },
])
