// Signing in with WeChat.
'use strict'

const { LOGIN, PROFILE, clientOver, newClient, signedIn } = require('./given.js')
const { answersTwice, fails, held, loses, neverAnswers, succeeds, throws } = require('../../../js-glue/testing/fake-wx.js')

// More than `timeoutMs`, and the time that the client leaves WeChat to report its own timeout.
const longAfter = (timeoutMs) => timeoutMs + 5000

const replacedFinally = function (callback) {
  return this.then(() => { callback() }, () => { callback() })
}

const codesSent = (fake) => fake.requests(LOGIN).map(({ options }) => options.data.code)

// [what becomes of the answer, what makes it so]
const LOST_ANSWERS = [
  ['got lost on its way', (fake) => fake.next('request', loses())],
  ['timed out', (fake) => fake.next('request', fails({ errMsg: 'request:fail timeout', errno: 5 }))],
  ['said that the code was used', (fake) => fake.server.next(LOGIN, { json: { errno: 712, errmsg: 'code 无效' } })],
]

const lostAnswers = LOST_ANSWERS.map(([what, arrange]) => ({
  name: `a login whose answer ${what} is tried again, with a new code (behaviour 9)`,
  async run(world) {
    const { fake, client } = await newClient(world)
    arrange(fake)
    world.assert.equal((await client.loginByWeixin(PROFILE)).errno, 0)
    world.assert.deepEqual(codesSent(fake), ['secret-code-1', 'secret-code-2'])
    world.assert.deepEqual(fake.requests(LOGIN)[1].options.data.userInfo, PROFILE)
  },
}))

const failedLogins = [
  ['fails', fails({ errMsg: 'login:fail system error', errno: 600001 }), 'wx_login_failed',
    { errMsg: 'login:fail system error', errno: 600001 }],
  ['fails without a number', fails({ errMsg: 'login:fail' }), 'wx_login_failed', { errMsg: 'login:fail' }],
  ['fails with nothing', fails(undefined), 'wx_login_failed'],
  ['fails with a timeout in Chinese', fails({ errMsg: 'login:fail 请求超时' }), 'timeout', { errMsg: 'login:fail 请求超时' }],
  ['gives no code', succeeds({}), 'wx_login_failed'],
  ['gives an empty code', succeeds({ code: '' }), 'wx_login_failed'],
  ['gives a code that is no text', succeeds({ code: 42 }), 'wx_login_failed'],
  ['throws', throws(new TypeError('wx is broken')), 'wx_login_failed', { errMsg: 'wx is broken' }],
]

const failures = failedLogins.map(([situation, behaviour, code, details]) => ({
  name: `wx.login ${situation}: ${code}, nothing is posted, and the next login works (behaviours 8, 11, 12)`,
  async run(world) {
    const { fake, client } = await newClient(world)
    fake.next('login', behaviour)
    await world.assert.loginError(client.loginByWeixin(PROFILE), code, details)
    world.assert.equal(fake.requests(LOGIN).length, 0, 'posts')
    world.assert.equal((await client.loginByWeixin(PROFILE)).errno, 0)
  },
}))

module.exports = failures.concat(lostAnswers, [
  {
    name: 'logs in: the code and the profile go to the server once, and the session is there',
    async run(world) {
      const { fake, client } = await newClient(world)
      const before = world.clock.now()
      await client.loginByWeixin(PROFILE)
      const [{ options }] = fake.requests(LOGIN)
      world.assert.equal(options.method, 'POST')
      world.assert.deepEqual(options.data, { code: 'secret-code-1', userInfo: PROFILE })
      world.assert.deepEqual(options.header || {}, {}, 'header of a login')
      const { userInfo, via, issuedAt, expiresAt } = client.session
      world.assert.equal(via, 'weixin')
      world.assert.equal(issuedAt, before)
      world.assert.equal(expiresAt, before + 7200 * 1000)
      world.assert.equal(userInfo.userId, 1)
      world.assert.equal(await client.checkLogin(), true)
    },
  },
  {
    name: 'the envelope comes out whole, with fields that nobody knows',
    async run(world) {
      const { fake, client } = await newClient(world)
      const envelope = {
        errno: 0,
        errmsg: '成功',
        requestId: 'a-b-c',
        data: {
          token: 'secret-token-9',
          userInfo: { nickName: '小明', tags: ['新', null, { deep: [1.5, -0.25, true] }], wallet: { balance: 1e21 } },
          tokenExpire: '2019-04-25T12:34:56.789',
          coupons: [],
          banner: null,
        },
      }
      fake.server.next(LOGIN, { json: envelope })
      world.assert.deepEqual(await client.loginByWeixin(), envelope)
      world.assert.deepEqual(client.session.userInfo, envelope.data.userInfo)
    },
  },
  {
    name: 'emoji, rare characters and lone surrogates cross both ways (behaviour 16)',
    async run(world) {
      const { fake, client } = await newClient(world)
      const odd = { nickName: '👨‍👩‍👧‍👦𠮷野家', city: '\ud83d 半', province: '\udc00', language: '\u0000\uffff\ufeffé' }
      const envelope = await client.loginByWeixin(odd)
      world.assert.deepEqual(fake.requests(LOGIN)[0].options.data.userInfo, odd, 'what was sent')
      Object.keys(odd).forEach((key) => {
        world.assert.equal(envelope.data.userInfo[key], odd[key], `${key} in the envelope`)
        world.assert.equal(client.session.userInfo[key], odd[key], `${key} in the session`)
      })
    },
  },
  {
    name: 'texts of the server and of WeChat survive the way into the module and out again (behaviour 16)',
    async run(world) {
      const { fake, client } = await newClient(world)
      fake.server.next(LOGIN, { json: { errno: 799, errmsg: '用户👨‍👩‍👧‍👦𠮷野家不存在 é' } })
      await world.assert.loginError(client.loginByWeixin(), 'rejected', { errmsg: '用户👨‍👩‍👧‍👦𠮷野家不存在 é' })
      fake.next('login', fails({ errMsg: 'login:fail 网络𠮷😀' }))
      await world.assert.loginError(client.loginByWeixin(), 'wx_login_failed', { errMsg: 'login:fail 网络𠮷😀' })
      fake.server.next(LOGIN, { json: { errno: 799, errmsg: '半\ud83d个' } })
      await world.assert.loginError(client.loginByWeixin(), 'rejected', { errmsg: '半\ufffd个' })
    },
  },
  {
    name: 'long texts cross whole',
    async run(world) {
      const { fake, client } = await newClient(world)
      const errmsg = '长𠮷a'.repeat(20000)
      fake.server.next(LOGIN, { json: { errno: 799, errmsg } })
      await world.assert.loginError(client.loginByWeixin(), 'rejected', { errmsg })
    },
  },
  {
    name: 'a login without a profile sends an empty one (behaviours 14, 18)',
    async run(world) {
      const { fake, client } = await newClient(world)
      await client.loginByWeixin()
      await client.loginByWeixin(null)
      fake.requests(LOGIN).forEach(({ options }) => world.assert.deepEqual(options.data.userInfo, {}))
    },
  },
  {
    name: 'a profile that is no object: invalid_argument, and WeChat is not asked',
    async run(world) {
      const { fake, client } = await newClient(world)
      for (const wrong of ['小明', 42, true, [PROFILE]]) {
        await world.assert.loginError(client.loginByWeixin(wrong), 'invalid_argument', { field: 'userInfo' })
      }
      world.assert.equal(fake.count('login'), 0)
    },
  },
  {
    name: '100 callers at once share one wx.login, one post and one write (behaviour 7)',
    async run(world) {
      const { fake, client } = await newClient(world)
      const callers = Array.from({ length: 100 }, () => client.loginByWeixin(PROFILE))
      const envelopes = await Promise.all(callers)
      envelopes.forEach((envelope) => world.assert.equal(envelope.data.token, 'secret-token-1'))
      world.assert.equal(fake.count('login'), 1, 'wx.login')
      world.assert.equal(fake.requests(LOGIN).length, 1, 'posts')
      world.assert.equal(fake.count('setStorageSync'), 1, 'writes')
    },
  },
  {
    name: 'a login that fails rejects every caller and frees the slot (behaviours 8, 23)',
    async run(world) {
      const { fake, client } = await newClient(world)
      fake.server.next(LOGIN, { json: { errno: 711, errmsg: '微信繁忙' } })
      await Promise.all(Array.from({ length: 10 }, () =>
        world.assert.loginError(client.loginByWeixin(PROFILE), 'wechat_busy', { errno: 711, errmsg: '微信繁忙' })))
      world.assert.equal((await client.loginByWeixin(PROFILE)).errno, 0)
      world.assert.equal(fake.count('login'), 2, 'wx.login')
    },
  },
  {
    name: 'every login uses a code of its own (behaviour 9)',
    async run(world) {
      const { fake, client } = await newClient(world)
      fake.server.next(LOGIN, { status: 500, text: '' })
      await world.assert.loginError(client.loginByWeixin(), 'server_error')
      await client.loginByWeixin()
      await client.loginByWeixin()
      world.assert.deepEqual(codesSent(fake), ['secret-code-1', 'secret-code-2', 'secret-code-3'])
    },
  },
  {
    name: 'wx.login answers twice: one post (behaviour 11)',
    async run(world) {
      const { fake, client } = await newClient(world)
      fake.next('login', answersTwice())
      await client.loginByWeixin()
      await world.clock.settle()
      world.assert.equal(fake.requests(LOGIN).length, 1, 'posts')
    },
  },
  {
    name: 'wx.login never answers: timeout, and the next login works (behaviour 11)',
    async run(world) {
      const { fake, client } = await newClient(world, { timeoutMs: 2000 })
      fake.next('login', neverAnswers())
      const login = world.assert.loginError(client.loginByWeixin(), 'timeout', { errMsg: 'login:fail timeout' })
      await world.clock.advance(longAfter(2000))
      await login
      world.assert.equal(fake.calls.find(({ api }) => api === 'login').options.timeout, 2000)
      world.assert.equal((await client.loginByWeixin()).errno, 0)
    },
  },
  {
    name: 'wx.login answers after its timeout: the late code goes nowhere (behaviour 11)',
    async run(world) {
      const { fake, client } = await newClient(world, { timeoutMs: 2000 })
      const late = held()
      fake.next('login', late)
      const login = world.assert.loginError(client.loginByWeixin(), 'timeout')
      await world.clock.advance(longAfter(2000))
      await login
      late.release()
      await world.clock.settle()
      world.assert.equal(fake.requests(LOGIN).length, 0, 'posts')
      world.assert.equal(client.session, null)
    },
  },
  {
    name: 'the server never answers: timeout, and the next login works (behaviours 13, 29)',
    async run(world) {
      const { fake, client } = await newClient(world, { timeoutMs: 2000 })
      fake.next('request', neverAnswers(), neverAnswers())
      const login = world.assert.loginError(client.loginByWeixin(), 'timeout', { errMsg: 'request:fail timeout' })
      await world.clock.advance(2 * longAfter(2000))
      await login
      world.assert.equal(fake.requests(LOGIN).length, 2, 'posts')
      world.assert.equal((await client.loginByWeixin()).errno, 0)
    },
  },
  {
    name: 'a login leaves no timer behind',
    async run(world) {
      const { fake, client } = await signedIn(world)
      fake.next('login', fails({ errMsg: 'login:fail' }))
      await world.assert.loginError(client.loginByWeixin(), 'wx_login_failed')
      await world.clock.settle()
      world.assert.equal(world.clock.timersRunning(), 0, 'timers')
    },
  },
  {
    name: 'the page may change what it sent and what it got',
    async run(world) {
      const { fake, client } = await newClient(world)
      const profile = Object.assign({}, PROFILE)
      const envelope = await client.loginByWeixin(profile)
      profile.nickName = envelope.data.userInfo.nickName = client.session.userInfo.nickName = '别人'
      envelope.data.token = 'secret-other'
      world.assert.equal(client.session.userInfo.nickName, PROFILE.nickName)
      world.assert.equal(client.authHeader()['X-Litemall-Token'], 'secret-token-1')
      world.assert.equal(fake.stored(fake.storedKeys()[0]).userInfo.nickName, PROFILE.nickName)
    },
  },
  {
    name: 'a replaced Promise.prototype.finally that swallows does not matter (behaviour 41; B9)',
    async run(world) {
      const own = Promise.prototype.finally
      Promise.prototype.finally = replacedFinally
      try {
        const { fake, client } = await newClient(world)
        await world.assert.rejection(client.checkLogin())
        world.assert.equal((await client.loginByWeixin(PROFILE)).data.token, 'secret-token-1')
        fake.next('login', fails({ errMsg: 'login:fail' }))
        await world.assert.loginError(client.loginByWeixin(), 'wx_login_failed')
        world.phone.removeFile(world.phone.wasmPath)
        const { createLoginClient } = world.phone.startIndex()
        const creation = clientOver(Object.assign({}, world, { createLoginClient }), fake, { fallback: undefined })
        await world.assert.loginError(creation, 'wasm_load_failed')
      } finally {
        Promise.prototype.finally = own
      }
    },
  },
  {
    name: 'freeing the client while it logs in leaves no promise behind',
    async run(world) {
      const { client } = await newClient(world)
      const login = client.loginByWeixin(PROFILE)
      client.free()
      world.assert.equal((await login).errno, 0)
    },
  },
])
