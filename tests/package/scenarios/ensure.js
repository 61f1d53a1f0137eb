// ensureLogin: having a session, and renewing it in time.
'use strict'

const { LOGIN, PROFILE, each, newClient, restarted, signedIn } = require('./given.js')
const { fails, held } = require('../../../js-glue/testing/fake-wx.js')

const OLD = 'secret-token-1'
const NEW = 'secret-token-2'
const MARGIN = 60 * 1000
const token = (client) => client.authHeader()['X-Litemall-Token']

// Shortly before the end of the token.
const ending = async (world) => {
  const { fake, client } = await signedIn(world)
  world.clock.set(client.session.expiresAt - MARGIN / 2)
  return { fake, client }
}

const expired = async (world) => {
  const { fake, client } = await signedIn(world)
  world.clock.set(client.session.expiresAt)
  return { fake, client }
}

// [how the login fails, what makes it so]
const FAILURES = [
  ['a broken wx.login', (fake) => fake.always('login', fails({ errMsg: 'login:fail' }))],
  ['a lost network', (fake) => fake.always('request', fails({ errMsg: 'request:fail' }))],
  ['HTTP 500', (fake) => fake.server.always(LOGIN, { status: 500, text: '' })],
  ['HTML', (fake) => fake.server.always(LOGIN, { text: '<html></html>' })],
  ['a user whom WeChat has blocked', (fake) => fake.server.always(LOGIN, { json: { errno: 714, errmsg: '被限制' } })],
]

const failures = FAILURES.map(([how, arrange]) => ({
  name: `ensureLogin: a renewal ahead of the end that fails (${how}) keeps the old session, and is not tried at once again (behaviours 29, 30)`,
  async run(world) {
    const { fake, client } = await ending(world)
    arrange(fake)
    const { expiresAt } = client.session
    for (let i = 0; i < 20; i += 1) {
      world.assert.equal((await client.ensureLogin()).expiresAt, expiresAt)
      await world.clock.settle()
    }
    world.assert.equal(token(client), OLD)
    world.assert.ok(fake.count('login') <= 3, `wx.login was called ${fake.count('login')} times`)
    world.assert.equal((await restarted(world, fake)).session.expiresAt, expiresAt, 'the end of the stored session')
  },
}))

module.exports = failures.concat([
  {
    name: 'ensureLogin: a renewal ahead of the end that cannot be stored holds for this run (behaviour 45)',
    async run(world) {
      const { fake, client } = await ending(world)
      const { expiresAt } = client.session
      fake.always('setStorageSync', () => { throw new Error('setStorageSync:fail') })
      await client.ensureLogin()
      await world.clock.settle()
      world.assert.ok(client.session.expiresAt > expiresAt, 'the new end')
      world.assert.equal(client.session.persisted, false)
      world.assert.equal((await restarted(world, fake)).session.expiresAt, expiresAt, 'the end of the stored session')
    },
  },
  {
    name: 'ensureLogin: cached, without a session: signed_out, and nobody is asked',
    async run(world) {
      const { fake, client } = await newClient(world)
      const before = fake.calls.length
      await world.assert.loginError(client.ensureLogin({ mode: 'cached' }), 'signed_out')
      world.assert.equal(fake.calls.length, before, 'calls of wx')
    },
  },
  {
    name: 'ensureLogin: with a fresh session all but "force" give it without a call of wx (behaviour 36)',
    async run(world) {
      const { fake, client } = await signedIn(world)
      const before = fake.calls.length
      for (const mode of [{ mode: 'cached' }, { mode: 'silent' }, {}, null, undefined]) {
        world.assert.deepEqual(await client.ensureLogin(mode), client.session)
      }
      world.assert.equal(fake.calls.length, before, 'calls of wx')
      await client.ensureLogin({ mode: 'force' })
      world.assert.equal(token(client), NEW)
    },
  },
  {
    name: 'ensureLogin: silent, without a session: one login without a profile for 100 callers (behaviours 7, 14)',
    async run(world) {
      const { fake, client } = await newClient(world)
      const sessions = await Promise.all(each(100, () => client.ensureLogin()))
      sessions.forEach((session) => world.assert.deepEqual(session, client.session))
      world.assert.equal(fake.count('login'), 1, 'wx.login')
      world.assert.deepEqual(fake.requests(LOGIN)[0].options.data.userInfo, {})
      world.assert.equal(client.session.via, 'weixin')
    },
  },
  {
    name: 'ensureLogin: the session that it gives does not show the token (behaviour 39)',
    async run(world) {
      const { client } = await newClient(world)
      world.assert.ok(!/secret/.test(JSON.stringify(await client.ensureLogin())), 'a token is shown')
    },
  },
  {
    name: 'ensureLogin: while the first login runs, every mode waits for that one (behaviour 6)',
    async run(world) {
      const { fake, client } = await newClient(world)
      const code = held()
      fake.next('login', code)
      const login = client.loginByWeixin(PROFILE)
      const sessions = ['cached', 'silent', 'force'].map((mode) => client.ensureLogin({ mode }))
      await world.clock.settle()
      code.release()
      await login
      for (const session of await Promise.all(sessions)) {
        world.assert.equal(session.userInfo.nickName, PROFILE.nickName)
      }
      world.assert.equal(fake.count('login'), 1, 'wx.login')
    },
  },
  {
    name: 'ensureLogin: in the margin nobody waits: the old session at once, the new one afterwards, by one login (behaviour 35)',
    async run(world) {
      const { fake, client } = await ending(world)
      const code = held()
      fake.next('login', code)
      const { expiresAt } = client.session
      const sessions = await Promise.all(each(20, () => client.ensureLogin()))
      sessions.forEach((session) => world.assert.equal(session.expiresAt, expiresAt))
      await client.request({ url: 'order/echo' })
      world.assert.equal(fake.requests('order/echo')[0].options.header['X-Litemall-Token'], OLD)
      world.assert.equal(fake.count('login'), 2, 'wx.login')
      code.release()
      await world.clock.settle()
      world.assert.equal(token(client), NEW)
      world.assert.ok(client.session.expiresAt > expiresAt, 'the new session lasts longer')
      world.assert.equal(fake.count('login'), 2, 'wx.login')
    },
  },
  {
    name: 'ensureLogin: the margin begins a minute before the end, not earlier (behaviour 35)',
    async run(world) {
      const { fake, client } = await signedIn(world)
      const end = client.session.expiresAt
      world.clock.set(end - MARGIN - 1)
      await client.ensureLogin()
      await world.clock.settle()
      world.assert.equal(fake.count('login'), 1, 'wx.login before the margin')
      world.clock.set(end - MARGIN)
      await client.ensureLogin()
      await world.clock.settle()
      world.assert.equal(fake.count('login'), 2, 'wx.login in the margin')
    },
  },
  {
    name: 'ensureLogin: a session over by the clock: cached says signed_out, silent signs in, and all wait for it',
    async run(world) {
      const { fake, client } = await expired(world)
      await world.assert.loginError(client.ensureLogin({ mode: 'cached' }), 'signed_out')
      world.assert.equal(fake.count('login'), 1, 'wx.login')
      const now = world.clock.now()
      const sessions = await Promise.all(each(20, () => client.ensureLogin()))
      sessions.forEach((session) => world.assert.equal(session.issuedAt, now))
      world.assert.equal(fake.count('login'), 2, 'wx.login')
    },
  },
  {
    name: 'ensureLogin: a session of unknown end is given as it is (behaviour 34)',
    async run(world) {
      const { fake, client } = await newClient(world)
      fake.server.tellsLife = false
      await client.loginByWeixin()
      const before = fake.calls.length
      world.assert.equal((await client.ensureLogin()).expiresAt, null)
      world.assert.equal(fake.calls.length, before, 'calls of wx')
    },
  },
  {
    name: 'ensureLogin: the session of an account is never renewed by WeChat: it works to its end, then signed_out',
    async run(world) {
      const { fake, client } = await newClient(world)
      fake.server.addAccount('li', 'secret-password')
      await client.loginByAccount({ username: 'li', password: 'secret-password' })
      const { expiresAt } = client.session
      world.clock.set(expiresAt - 1)
      world.assert.equal((await client.ensureLogin()).via, 'account')
      world.clock.set(expiresAt)
      await world.assert.loginError(client.ensureLogin(), 'signed_out')
      world.assert.equal(fake.count('login'), 0, 'wx.login')
    },
  },
  {
    name: 'ensureLogin: a forced login that fails leaves the session that was there (behaviours 8, 29)',
    async run(world) {
      const { fake, client } = await signedIn(world)
      fake.server.next(LOGIN, { status: 500, text: '' })
      await world.assert.loginError(client.ensureLogin({ mode: 'force' }), 'server_error')
      world.assert.equal(token(client), OLD)
      world.assert.equal((await client.ensureLogin({ mode: 'force' })).via, 'weixin')
      world.assert.equal(token(client), NEW)
    },
  },
])
