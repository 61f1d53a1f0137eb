// Who is signed in, and who may be signed in without an act of their own.
'use strict'

const { LOGIN, PROFILE, newClient, restarted, signedIn } = require('./given.js')
const { fails } = require('../../../js-glue/testing/fake-wx.js')

const ORDER = { url: 'order/echo' }
const ACCOUNT = { username: 'li', password: 'secret-password' }
const HALF_AN_HOUR = 1800 * 1000

const withAccount = async (world) => {
  const { fake, client } = await newClient(world)
  fake.server.addAccount(ACCOUNT.username, ACCOUNT.password)
  await client.loginByAccount(ACCOUNT)
  return { fake, client }
}

const needsTheUser = async (world, fake, client) => {
  for (let i = 0; i < 3; i += 1) {
    await world.assert.loginError(client.request(ORDER), 'signed_out', { needsUser: true })
    await world.assert.loginError(client.ensureLogin(), 'signed_out')
    world.assert.equal(await world.assert.rejection(client.checkLogin()), false)
    world.assert.equal(client.session, null)
    await world.clock.advance(HALF_AN_HOUR)
    fake.appShow()
  }
}

module.exports = [
  {
    name: 'who: an account whose session has ended is signed in again only by itself, restarts included (behaviour 42)',
    async run(world) {
      const { fake, client } = await withAccount(world)
      fake.server.revokeAll()
      await needsTheUser(world, fake, client)
      const later = await restarted(world, fake)
      await needsTheUser(world, fake, later)
      world.assert.equal(fake.count('login'), 0, 'wx.login')
      await later.loginByAccount(ACCOUNT)
      world.assert.equal((await later.request(ORDER)).data.userId, 1)
    },
  },
  {
    name: 'who: a logout holds after a restart, until an act of the user (behaviour 43)',
    async run(world) {
      const { fake, client } = await signedIn(world)
      await client.logout()
      await needsTheUser(world, fake, client)
      const later = await restarted(world, fake)
      await needsTheUser(world, fake, later)
      world.assert.equal(fake.count('login'), 1, 'wx.login')
      await later.ensureLogin({ mode: 'force' })
      world.assert.equal((await later.request(ORDER)).errno, 0)
    },
  },
  {
    name: 'who: a storage that the page clears signs nobody out while the app runs (behaviour 43)',
    async run(world) {
      const { fake, client } = await signedIn(world)
      fake.storedKeys().forEach((key) => fake.wx.removeStorageSync(key))
      await world.clock.advance(5000)
      world.assert.equal((await client.request(ORDER)).errno, 0)
      world.assert.equal(fake.count('login'), 1, 'wx.login')
      await client.updateProfile({ nickName: '新' })
      world.assert.equal(fake.storedSessions().length, 1, 'records')
    },
  },
  {
    name: 'who: a server that echoes the profile does not make a silent renewal forget it (behaviours 48, 49)',
    async run(world) {
      const { fake, client } = await signedIn(world)
      const { userInfo } = client.session
      fake.server.next(LOGIN, ({ json }) => ({ json: Object.assign(json, { data: Object.assign(json.data, { userInfo: { userId: '1', nickName: null } }) }) }))
      fake.server.revokeAll()
      world.assert.equal((await client.request(ORDER)).errno, 0)
      world.assert.deepEqual(client.session.userInfo, Object.assign({}, userInfo, { userId: '1' }))
    },
  },
  {
    name: 'who: a tap with a profile while a silent login runs: the profile reaches the server (behaviour 50)',
    async run(world) {
      const { fake, client } = await newClient(world)
      const silent = client.ensureLogin()
      await Promise.all([silent, client.loginByWeixin(PROFILE), client.loginByWeixin(PROFILE)])
      const sent = fake.requests(LOGIN).map(({ options }) => options.data.userInfo)
      world.assert.deepEqual(sent, [{}, PROFILE])
      world.assert.equal(client.session.userInfo.nickName, PROFILE.nickName)
    },
  },
  {
    name: 'who: a refusal of the renewal that is temporary keeps the session, one that is final ends it (behaviour 51)',
    async run(world) {
      for (const [errno, kept] of [[45011, true], [429, true], [503, true], [714, false], [506, false]]) {
        const { fake, client } = await signedIn(world)
        await world.clock.advance(HALF_AN_HOUR)
        fake.server.revokeAll()
        fake.server.always(LOGIN, { json: { errno, errmsg: '原因' } })
        const error = await world.assert.rejection(client.request(ORDER))
        world.assert.equal(error.errno, errno)
        world.assert.equal(Boolean(error.needsUser), !kept, `needsUser of ${errno}`)
        world.assert.equal(client.session !== null, kept, `the session after ${errno}`)
      }
    },
  },
  {
    name: 'who: ensureLogin heals what checkLogin denies (behaviour 52)',
    async run(world) {
      const { fake } = await signedIn(world)
      const client = await restarted(world, fake)
      fake.next('checkSession', fails({ errMsg: 'checkSession:fail session time out, need relogin' }))
      for (const loggedIn of [false, true, true]) {
        world.assert.equal(await client.checkLogin().catch((no) => no), loggedIn)
        await client.ensureLogin()
      }
      world.assert.equal(fake.count('login'), 2, 'wx.login')
    },
  },
  {
    name: 'who: two clients of one storage key know of each other\'s logins and logouts (behaviour 53)',
    async run(world) {
      const { fake, client } = await withAccount(world)
      const copy = await restarted(world, fake)
      await client.logout()
      await client.loginByWeixin(PROFILE)
      await world.clock.advance(1000)
      world.assert.equal((await copy.request(ORDER)).data.userId, 2)
      await copy.logout()
      await world.clock.advance(1000)
      await world.assert.loginError(client.request(ORDER), 'signed_out')
      world.assert.equal(client.session, null)
    },
  },
  {
    name: 'who: 100 requests in a second read the storage once, and a warm session not at all (behaviour 53)',
    async run(world) {
      const { fake, client } = await signedIn(world)
      await world.clock.advance(10000)
      const reads = fake.count('getStorageSync')
      await Promise.all(Array.from({ length: 100 }, () => client.request(ORDER)))
      world.assert.ok(client.session, 'a session')
      await client.checkLogin()
      world.assert.equal(fake.count('getStorageSync'), reads + 1, 'reads')
    },
  },
  {
    name: 'who: in single-page mode nobody is signed in, and what needs a user says why (behaviour 54)',
    async run(world) {
      const { fake, client } = await newClient(world)
      fake.wx.getLaunchOptionsSync = () => ({ scene: 1154 })
      await world.assert.loginError(client.ensureLogin(), 'single_page')
      await world.assert.loginError(client.loginByWeixin(), 'single_page')
      await world.assert.loginError(client.request(ORDER), 'single_page')
      world.assert.equal((await client.request({ url: 'goods/list' })).errno, 0)
      world.assert.equal(fake.count('login'), 0, 'wx.login')
    },
  },
  {
    name: 'who: takeOver gives a session that another program has left (behaviour 55)',
    async run(world) {
      const { fake, client } = await newClient(world)
      fake.server.addAccount(ACCOUNT.username, ACCOUNT.password)
      const { token } = fake.server.handle({ method: 'POST', path: 'auth/login', body: ACCOUNT }).json.data
      world.assert.equal(await client.takeOver({ token, userInfo: { nickName: '李' } }), true)
      world.assert.equal(await client.takeOver({ token }), false)
      world.assert.equal(client.session.userInfo.nickName, '李')
      world.assert.equal((await client.request(ORDER)).data.userId, 1)
      await world.assert.loginError(client.takeOver({}), 'invalid_argument', { field: 'token' })
    },
  },
]
