// A storage that fails, or holds what nobody should have put there.
'use strict'

const { LOGIN, PROFILE, STORAGE_KEY, clientOver, newClient, restarted, signedIn } = require('./given.js')
const { throws } = require('../fake-wx.js')

const FULL = { errMsg: 'setStorageSync:fail exceed storage max size 10Mb', errno: 1300202 }
const RECORD = { v: 1, token: 'secret-token-0', userInfo: {}, via: 'weixin', issuedAt: 1736928000000, expiresAt: null }

const JUNK = [
  ['a text', '[object Object]'],
  ['a number', 42],
  ['true', true],
  ['a list', [RECORD]],
  ['an empty object', {}],
  ['JSON in a text', JSON.stringify(RECORD)],
  ['a record of another version', Object.assign({}, RECORD, { v: 2 })],
  ['a record with a version that is a text', Object.assign({}, RECORD, { v: '1' })],
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
    name: 'a first session that cannot be written: storage_failed, and signed out here and after a restart (behaviour 37)',
    async run(world) {
      const { fake, client } = await newClient(world)
      fake.next('setStorageSync', throws(FULL))
      await world.assert.loginError(client.loginByWeixin(), 'storage_failed', FULL)
      world.assert.equal(client.session, null)
      world.assert.deepEqual(fake.storedKeys(), [])
      world.assert.equal((await client.loginByWeixin()).errno, 0, 'errno of the next login')
    },
  },
  {
    name: 'a new session that cannot be written: storage_failed, and the old one is kept, also after a restart (behaviour 37)',
    async run(world) {
      const { fake, client } = await signedIn(world)
      fake.next('setStorageSync', throws(FULL))
      await world.assert.loginError(client.loginByWeixin({ nickName: '新' }), 'storage_failed', FULL)
      for (const each of [client, await restarted(world, fake)]) {
        world.assert.equal(each.session.userInfo.nickName, PROFILE.nickName)
        world.assert.deepEqual(each.authHeader(), { 'X-Litemall-Token': 'secret-token-1' })
      }
    },
  },
  {
    name: 'a storage that takes no more writes at all keeps the old session, also after a restart (behaviour 37)',
    async run(world) {
      const { fake, client } = await signedIn(world)
      fake.always('setStorageSync', throws(FULL))
      await world.assert.loginError(client.loginByWeixin({ nickName: '新' }), 'storage_failed', FULL)
      for (const each of [client, await restarted(world, fake)]) {
        world.assert.ok(each.session, 'there is a session')
        world.assert.equal(each.session.userInfo.nickName, PROFILE.nickName)
      }
    },
  },
  {
    name: 'a session larger than the storage takes: storage_failed (behaviour 37)',
    async run(world) {
      const { fake, client } = await newClient(world)
      const userInfo = { nickName: '长'.repeat(1024 * 1024) }
      fake.server.next(LOGIN, { json: { errno: 0, data: { token: 'secret-token-1', userInfo } } })
      await world.assert.loginError(client.loginByWeixin(), 'storage_failed')
      world.assert.equal(client.session, null)
    },
  },
  {
    name: 'a changed profile that cannot be written: storage_failed, and the old one is kept (behaviour 37)',
    async run(world) {
      const { fake, client } = await signedIn(world)
      fake.next('setStorageSync', throws(FULL))
      await world.assert.loginError(client.updateProfile({ nickName: '新' }), 'storage_failed', FULL)
      world.assert.equal(client.session.userInfo.nickName, PROFILE.nickName)
      world.assert.equal((await restarted(world, fake)).session.userInfo.nickName, PROFILE.nickName)
    },
  },
  {
    name: 'a storage that cannot be read at the start is read again later (behaviour 37)',
    async run(world) {
      const { fake } = await signedIn(world)
      fake.next('getStorageSync', throws(new Error('getStorageSync:fail')))
      const client = await restarted(world, fake)
      world.assert.equal(client.session, null)
      world.assert.equal(await client.checkLogin(), true)
      world.assert.equal(client.session.userInfo.nickName, PROFILE.nickName)
    },
  },
  {
    name: 'a record that cannot be removed is made one that counts as none (behaviour 37)',
    async run(world) {
      const { fake, client } = await signedIn(world)
      fake.next('removeStorageSync', throws(new Error('removeStorageSync:fail')))
      await client.logout()
      world.assert.equal(client.session, null)
      world.assert.equal((await restarted(world, fake)).session, null)
    },
  },
  {
    name: 'a logout that can neither remove nor overwrite the record: storage_failed, and signed out here (behaviour 37)',
    async run(world) {
      const { fake, client } = await signedIn(world)
      fake.always('removeStorageSync', throws(new Error('removeStorageSync:fail')))
      fake.always('setStorageSync', throws(FULL))
      await world.assert.loginError(client.logout(), 'storage_failed', { errMsg: 'removeStorageSync:fail' })
      world.assert.equal(client.session, null)
      world.assert.ok(!fake.server.accepts('secret-token-1'), 'the server is told all the same')
    },
  },
])
