// The session: cached, restored, shown, changed.
'use strict'

const { PROFILE, STORAGE_KEY, clientOver, newClient, restarted, signedIn } = require('./given.js')

const jwt = (claims) => {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  const bits = Array.from(JSON.stringify(claims), (c) => c.charCodeAt(0).toString(2).padStart(8, '0')).join('')
  const payload = (bits.match(/.{1,6}/g) || []).map((six) => alphabet[parseInt(six.padEnd(6, '0'), 2)]).join('')
  return `secret.${payload}.signature`
}

const loginWith = async (world, data, others) => {
  const { fake, client } = await newClient(world, others)
  fake.server.next('auth/login_by_weixin', { json: { errno: 0, data } })
  await client.loginByWeixin()
  return { fake, client }
}

// All octets that may stand in JSON as they are; three times, for the three ways in which they fall on the digits.
const ALL = Array.from({ length: 224 }, (none, i) => String.fromCharCode(32 + i)).join('')
const NAMES = [ALL, `-${ALL}`, `--${ALL}`]

const HOUR = 3600 * 1000
const NOW = Date.UTC(2025, 0, 15, 8)

// [what the login answer says, its data, when the session ends]
const EXPIRIES = [
  ['expiresIn', { token: 'secret', expiresIn: 3600 }, NOW + HOUR],
  ['a JWT of a server whose clock is years behind', { token: jwt({ iat: 86400, exp: 90000 }) }, NOW + HOUR],
  ['a JWT with every digit there is', { token: jwt({ names: NAMES, iat: 86400, exp: 90000 }) }, NOW + HOUR],
  ['a JWT that was cut off', { token: jwt({ iat: 86400, exp: 90000 }).slice(0, -12) }, null],
  ['a JWT with a letter that is no digit', { token: jwt({ iat: 86400, exp: 90000 }).replace('.signature', '=.signature') }, null],
  ['two dots', { token: 'not..one' }, null],
  ['a JWT without an end', { token: jwt({ iat: 86400 }) }, null],
  ['a tokenExpire with a zone', { token: 'secret', tokenExpire: '2025-01-15T17:00:00.000+08:00' }, NOW + HOUR],
  ['a tokenExpire in UTC', { token: 'secret', tokenExpire: '2025-01-15T09:00:00Z' }, NOW + HOUR],
  ['a tokenExpire without a zone', { token: 'secret', tokenExpire: '2025-01-15T17:00:00.000' }, null],
  ['a tokenExpire that is no time', { token: 'secret', tokenExpire: '明天Z' }, null],
  ['an expiresIn that is a word', { token: 'secret', expiresIn: 'soon' }, null],
  ['nothing', { token: 'secret' }, null],
]

const expiries = EXPIRIES.map(([says, data, expiresAt]) => ({
  name: `the end of a session of which the server says ${says} (behaviours 33, 34)`,
  async run(world) {
    const { client } = await loginWith(world, data)
    world.assert.equal(client.session.expiresAt, expiresAt)
  },
}))

module.exports = expiries.concat([
  {
    name: 'a restart restores the session from one record, without a login and without a request',
    async run(world) {
      const { fake, client } = await signedIn(world)
      world.assert.deepEqual(fake.storedKeys(), [STORAGE_KEY])
      const before = fake.calls.length
      const second = await restarted(world, fake)
      world.assert.deepEqual(second.session, client.session)
      world.assert.deepEqual(second.authHeader(), client.authHeader())
      world.assert.equal(await second.checkLogin(), true)
      const apis = fake.calls.slice(before).map(({ api }) => api)
      world.assert.deepEqual(apis, ['getStorageSync', 'checkSession'])
    },
  },
  {
    name: 'a session with an odd profile survives a restart as it was (behaviour 16)',
    async run(world) {
      const { fake, client } = await newClient(world)
      await client.loginByWeixin({ nickName: '👨‍👩‍👧‍👦𠮷野家', city: '\ud83d', tags: [null, { '键': 0.1 }] })
      world.assert.deepEqual((await restarted(world, fake)).session, client.session)
    },
  },
  {
    name: 'servers do not share a session (behaviour 38)',
    async run(world) {
      const { fake } = await signedIn(world)
      const other = await clientOver(world, fake, { baseUrl: 'https://test.example.com/wx/' })
      world.assert.equal(other.session, null)
      world.assert.deepEqual(other.authHeader(), {})
    },
  },
  {
    name: 'session and authHeader ask nobody (behaviour 36)',
    async run(world) {
      const { fake, client } = await signedIn(world)
      const before = fake.calls.length
      for (let i = 0; i < 10; i += 1) {
        world.assert.equal(client.session.userInfo.nickName, PROFILE.nickName)
        world.assert.deepEqual(client.authHeader(), { 'X-Litemall-Token': 'secret-token-1' })
      }
      world.assert.equal(fake.calls.length, before, 'calls of wx')
    },
  },
  {
    name: 'the snapshot of the session does not show the token (behaviour 39)',
    async run(world) {
      const { client } = await signedIn(world)
      world.assert.deepEqual(Object.keys(client.session).sort(), ['expiresAt', 'issuedAt', 'persisted', 'userInfo', 'via'])
      world.assert.ok(!/secret/.test(JSON.stringify([client, client.session])), 'a token is shown')
    },
  },
  {
    name: 'the page may set fields of the snapshot and of its user; the client keeps its own',
    async run(world) {
      const { client } = await newClient(world)
      await client.loginByWeixin({ nickName: '小明', address: { city: '杭州' } })
      const before = client.session
      const mine = client.session
      mine.via = 'account'
      mine.expiresAt = 0
      mine.userInfo.address = null
      delete mine.userInfo.nickName
      world.assert.deepEqual(client.session, before)
      mine.userInfo = null
      world.assert.equal(client.session.userInfo.nickName, '小明')
    },
  },
  {
    name: 'a changed profile is sent with the token, given, shown and kept',
    async run(world) {
      const { fake, client } = await signedIn(world)
      const user = await client.updateProfile({ nickName: '𠮷😀' })
      const [{ options }] = fake.requests('auth/profile')
      world.assert.deepEqual(options.data, { nickName: '𠮷😀' })
      world.assert.equal(options.header['X-Litemall-Token'], 'secret-token-1')
      world.assert.equal(user.nickName, '𠮷😀')
      world.assert.equal(user.userId, 1)
      world.assert.equal(client.session.userInfo.nickName, '𠮷😀')
      world.assert.equal((await restarted(world, fake)).session.userInfo.nickName, '𠮷😀')
    },
  },
  {
    name: 'a profile changed without a session: signed_out, and nothing is sent',
    async run(world) {
      const { fake, client } = await newClient(world)
      await world.assert.loginError(client.updateProfile({ nickName: '小明' }), 'signed_out')
      world.assert.equal(fake.count('request'), 0)
    },
  },
  {
    name: 'a profile changed with a token that the server refuses is changed after a login (behaviours 19, 20)',
    async run(world) {
      const { fake, client } = await signedIn(world)
      fake.server.revokeAll()
      world.assert.equal((await client.updateProfile({ nickName: '小明' })).nickName, '小明')
      world.assert.equal(client.session.userInfo.nickName, '小明')
      world.assert.equal(fake.count('login'), 2, 'wx.login')
    },
  },
  {
    name: 'a late refusal of the old token leaves the new session alone, and the profile is changed with it (behaviour 24)',
    async run(world) {
      const { fake, client } = await signedIn(world)
      const answer = {}
      fake.next('request', (call) => { answer.refuse = () => call.succeed({ statusCode: 200, data: { errno: 501 } }) })
      const update = client.updateProfile({ nickName: '小明' })
      await client.loginByWeixin(PROFILE)
      answer.refuse()
      world.assert.equal((await update).nickName, '小明')
      world.assert.equal(fake.count('login'), 2, 'wx.login')
      world.assert.deepEqual(client.authHeader(), { 'X-Litemall-Token': 'secret-token-2' })
      world.assert.equal(await client.checkLogin(), true)
    },
  },
  {
    name: 'a profile that is no object: invalid_argument',
    async run(world) {
      const { client } = await signedIn(world)
      for (const wrong of [undefined, null, '小明', []]) {
        await world.assert.loginError(client.updateProfile(wrong), 'invalid_argument', { field: 'fields' })
      }
    },
  },
])
