// Deciding whether somebody is signed in.
'use strict'

const { newClient, restarted, signedIn } = require('./given.js')
const { fails, neverAnswers, throws } = require('../../../js-glue/testing/fake-wx.js')

const HOUR = 3600 * 1000

const isOut = async ({ assert }, client) => assert.equal(await assert.rejection(client.checkLogin()), false)
const isIn = async ({ assert }, client) => assert.equal(await client.checkLogin(), true)

// A restarted app whose server does not say how long its tokens live.
const ofUnknownAge = async (world, others) => {
  const { fake, client } = await newClient(world, others)
  fake.server.tellsLife = false
  await client.loginByWeixin()
  return { fake, client: await restarted(world, fake, others) }
}

// [what the server answers to a question, its reply]
const NO_VERDICT = [
  ['HTTP 500', { status: 500, text: 'oops' }],
  ['HTTP 429', { status: 429, text: '' }],
  ['HTML', { text: '<html></html>' }],
  ['errno 401, a bad argument', { json: { errno: 401, errmsg: '参数不对' } }],
  ['errno 502', { json: { errno: 502, errmsg: '系统内部错误' } }],
]

const noVerdicts = NO_VERDICT.map(([answer, reply]) => ({
  name: `a server that answers with ${answer} signs nobody out (behaviours 28, 29)`,
  async run(world) {
    const { fake, client } = await ofUnknownAge(world)
    fake.server.next('auth/info', reply)
    await isIn(world, client)
    world.assert.ok(client.session, 'the session is kept')
  },
}))

module.exports = noVerdicts.concat([
  {
    name: 'the first check of a new user rejects with false and asks nobody',
    async run(world) {
      const { fake, client } = await newClient(world)
      await isOut(world, client)
      world.assert.deepEqual(fake.calls.map(({ api }) => api), ['getStorageSync'])
    },
  },
  {
    name: 'a warm check makes no call of wx at all (behaviour 36)',
    async run(world) {
      const { fake, client } = await signedIn(world)
      await isIn(world, client)
      const before = fake.calls.length
      for (let i = 0; i < 10; i += 1) await isIn(world, client)
      world.assert.equal(fake.calls.length, before, 'calls of wx')
    },
  },
  {
    name: 'wx.checkSession is asked at most once in a foreground period (behaviour 4)',
    async run(world) {
      const { fake, client } = await signedIn(world)
      await isIn(world, client)
      world.assert.equal(fake.count('checkSession'), 0, 'right after a login')
      for (const times of [1, 2, 3]) {
        fake.appShow()
        await Promise.all([isIn(world, client), isIn(world, client)])
        await isIn(world, client)
        world.assert.equal(fake.count('checkSession'), times, 'wx.checkSession')
      }
    },
  },
  {
    name: 'sessionCheck "always" asks each time, "never" does not ask',
    async run(world) {
      for (const [sessionCheck, times] of [['always', 3], ['never', 0]]) {
        const { fake } = await signedIn(world, { sessionCheck })
        const client = await restarted(world, fake, { sessionCheck })
        for (let i = 0; i < 3; i += 1) await isIn(world, client)
        world.assert.equal(fake.count('checkSession'), times, `wx.checkSession with ${sessionCheck}`)
      }
    },
  },
  {
    name: 'an expired session_key: not signed in, but the token is kept (behaviours 1, 2)',
    async run(world) {
      const { fake } = await signedIn(world)
      fake.sessionKeyIsValid = false
      const client = await restarted(world, fake)
      await isOut(world, client)
      world.assert.ok(client.session, 'the session is kept')
      await client.loginByWeixin()
      await isIn(world, client)
    },
  },
  {
    name: 'wx.checkSession says nothing about a session of an account (behaviour 3)',
    async run(world) {
      const { fake } = await signedIn(world)
      const [key] = fake.storedKeys()
      fake.store(key, Object.assign(fake.stored(key), { via: 'account' }))
      fake.sessionKeyIsValid = false
      await isIn(world, await restarted(world, fake))
      world.assert.equal(fake.count('checkSession'), 0)
    },
  },
  {
    name: 'wx.checkSession never answers: no verdict, still signed in (behaviour 29)',
    async run(world) {
      const { fake } = await signedIn(world)
      const client = await restarted(world, fake)
      fake.next('checkSession', neverAnswers())
      const check = isIn(world, client)
      await world.clock.advance(60 * 1000)
      await check
    },
  },
  {
    name: 'wx.checkSession throws: that is no verdict, and the check settles (behaviour 52)',
    async run(world) {
      const { fake } = await signedIn(world)
      const client = await restarted(world, fake)
      fake.next('checkSession', throws(new Error('broken')))
      await isIn(world, client)
    },
  },
  {
    name: 'a session over by the clock is out without asking, and in again when the clock comes back (behaviour 33)',
    async run(world) {
      const { fake, client } = await signedIn(world)
      const loggedInAt = world.clock.now()
      const questions = () => ['request', 'login', 'checkSession'].map(fake.count)
      const before = questions()
      world.clock.set(loggedInAt + 3 * HOUR)
      await isOut(world, client)
      world.assert.deepEqual(questions(), before, 'questions')
      world.clock.set(loggedInAt + HOUR)
      await isIn(world, client)
    },
  },
  {
    name: 'a session counts as over a minute before its end, not earlier (behaviour 35)',
    async run(world) {
      const { client } = await signedIn(world)
      const end = client.session.expiresAt
      world.clock.set(end - 60001)
      await isIn(world, client)
      world.clock.set(end - 60000)
      await isOut(world, client)
    },
  },
  {
    name: 'a clock set back: the server is asked (behaviour 33)',
    async run(world) {
      const { fake } = await signedIn(world)
      world.clock.set(world.clock.now() - 24 * HOUR)
      await isIn(world, await restarted(world, fake))
      world.assert.equal(fake.requests('auth/info').length, 1, 'questions')
    },
  },
  {
    name: 'a session of unknown age: the server is asked once, with the token (behaviour 34)',
    async run(world) {
      const { fake, client } = await ofUnknownAge(world)
      await Promise.all(Array.from({ length: 20 }, () => isIn(world, client)))
      await isIn(world, client)
      const questions = fake.requests('auth/info')
      world.assert.equal(questions.length, 1, 'questions')
      world.assert.equal(questions[0].options.method, 'GET')
      world.assert.equal(questions[0].options.header['X-Litemall-Token'], 'secret-token-1')
    },
  },
  {
    name: 'a token that the server has revoked: out, and the session is gone (behaviours 1, 19)',
    async run(world) {
      const { fake, client } = await ofUnknownAge(world)
      fake.server.revokeAll()
      await isOut(world, client)
      world.assert.equal(client.session, null)
      world.assert.deepEqual(fake.storedSessions(), [])
    },
  },
  {
    name: 'HTTP 401 is signed out too; other answers can be configured (behaviour 27)',
    async run(world) {
      const asked = async (reply, others) => {
        const { fake, client } = await ofUnknownAge(world, others)
        fake.server.next('auth/info', reply)
        return world.assert.rejection(client.checkLogin())
      }
      world.assert.equal(await asked({ status: 401, text: '' }), false)
      world.assert.equal(await asked({ json: { errno: 401 } }, {
        dialect: { login: { url: 'auth/login_by_weixin', send: { code: '$code', userInfo: '$userInfo' } }, check: { url: 'auth/info' }, signedOut: { errno: 401 } },
      }), false)
    },
  },
  {
    name: 'no network signs nobody out (behaviour 29)',
    async run(world) {
      const { fake, client } = await ofUnknownAge(world)
      fake.always('request', fails({ errMsg: 'request:fail', errno: 600001 }))
      await isIn(world, client)
      world.assert.ok(client.session, 'the session is kept')
    },
  },
])
