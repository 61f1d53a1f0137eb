// Accounts with a password, binding them to WeChat, and the phone number.
'use strict'

const { HEADER, LOGIN, PROFILE, each, newClient, restarted, revoked, signedIn } = require('./given.js')
const { held } = require('../../../js-glue/testing/fake-wx.js')

const LI = { username: 'li', password: 'secret-password' }
const WRONG = { username: 'li', password: 'secret-guess' }
const BIND_PHONE = 'auth/bind_phone'

const withAccount = async (world, given) => {
  const { fake, client } = await (given || newClient)(world)
  fake.server.addAccount(LI.username, LI.password)
  return { fake, client }
}

// A second phone, with a WeChat user of its own, whose server is that of the first.
const boundByAnother = async (world) => {
  const { fake, client } = await withAccount(world)
  fake.openid = 'openid-2'
  await client.bindAccount(LI)
  await client.logout()
  fake.openid = 'openid-1'
  return { fake, client: await restarted(world, fake) }
}

// [what is wrong, what was there before, the call, code, the server's number]
const REFUSALS = [
  ['a wrong password at login', withAccount, (client) => client.loginByAccount(WRONG), 'wrong_password', 700],
  ['an unknown account at login', newClient, (client) => client.loginByAccount(LI), 'wrong_password', 700],
  ['a name that is taken', withAccount, (client) => client.register(LI), 'name_taken', 704],
  ['a bad mobile number', newClient, (client) => client.register(Object.assign({ mobile: '12' }, LI)), 'bad_mobile', 707],
  ['a wrong password at binding', withAccount, (client) => client.bindAccount(WRONG), 'wrong_password', 700],
  ['an account bound to another WeChat user', boundByAnother, (client) => client.bindAccount(LI), 'account_bound_elsewhere', 709],
]

const refusals = REFUSALS.map(([what, given, call, code, errno]) => ({
  name: `accounts: ${what}: ${code}, and nobody is signed in`,
  async run(world) {
    const { fake, client } = await given(world)
    const error = await world.assert.loginError(call(client), code, { errno })
    world.assert.ok(error.errmsg, 'the text of the server')
    world.assert.equal(client.session, null)
    world.assert.deepEqual(fake.storedSessions(), [])
  },
}))

// [method, endpoint, how often wx.login is called, via]
const METHODS = [
  ['loginByAccount', 'auth/login', 0, 'account'],
  ['register', 'auth/register', 0, 'account'],
  ['bindAccount', LOGIN, 1, 'weixin'],
]

const methods = METHODS.reduce((scenarios, [method, path, logins, via]) => scenarios.concat([
  {
    name: `accounts: ${method} resolves with the envelope, and its session lasts`,
    async run(world) {
      const { fake, client } = await (method === 'register' ? newClient : withAccount)(world)
      const envelope = await client[method](LI)
      world.assert.equal(envelope.errno, 0)
      world.assert.equal(envelope.data.token, client.authHeader()[HEADER])
      world.assert.equal(client.session.via, via)
      world.assert.equal(await client.checkLogin(), true)
      world.assert.equal((await client.request({ url: 'order/echo' })).data.userId, 1)
      world.assert.deepEqual((await restarted(world, fake)).session, client.session)
      world.assert.ok(!/password/.test(JSON.stringify(fake.stored(fake.storedKeys()[0]))), 'a password is stored')
      world.assert.equal(fake.count('login'), logins, 'wx.login')
    },
  },
  {
    name: `accounts: a double tap on ${method} shares one request (behaviour 7)`,
    async run(world) {
      const { fake, client } = await (method === 'register' ? newClient : withAccount)(world)
      const envelopes = await Promise.all(each(3, () => client[method](Object.assign({}, LI))))
      envelopes.forEach((envelope) => world.assert.equal(envelope.data.token, 'secret-token-1'))
      world.assert.equal(fake.requests(path).length, 1, 'requests')
      world.assert.equal(fake.count('login'), logins, 'wx.login')
    },
  },
  {
    name: `accounts: ${method}: a server in trouble leaves the session that was there (behaviour 29)`,
    async run(world) {
      const { fake, client } = await withAccount(world, signedIn)
      fake.server.next(path, { status: 500, text: '' })
      await world.assert.loginError(client[method](LI), 'server_error', { status: 500 })
      world.assert.equal(client.session.userInfo.nickName, PROFILE.nickName)
      world.assert.equal(fake.requests(path).filter(({ options }) => JSON.stringify(options.data).indexOf('li') > 0).length, 1)
    },
  },
  {
    name: `accounts: a logout while ${method} is under way: logged_out, and no session comes back (behaviours 15, 26)`,
    async run(world) {
      const { fake, client } = await withAccount(world)
      const late = held()
      fake.next('request', late)
      const login = world.assert.loginError(client[method](LI), 'logged_out')
      await world.clock.settle()
      await client.logout()
      late.release()
      await login
      await world.clock.settle()
      world.assert.equal(client.session, null)
      world.assert.deepEqual(fake.storedSessions(), [])
    },
  },
]), [])

module.exports = refusals.concat(methods, [
  {
    name: 'accounts: what is sent is what was given, to the endpoint of each, without a token',
    async run(world) {
      const { fake, client } = await newClient(world)
      const registration = Object.assign({ mobile: '13800000000', code: '1234' }, LI)
      await client.register(registration)
      await client.loginByAccount(LI)
      await client.bindAccount(LI)
      const sent = (path) => fake.requests(path)[0].options
      world.assert.deepEqual(sent('auth/register').data, registration)
      world.assert.deepEqual(sent('auth/login').data, LI)
      world.assert.deepEqual(sent(LOGIN).data, { code: 'secret-code-1', userInfo: {}, account: LI })
      for (const path of ['auth/register', 'auth/login', LOGIN]) {
        world.assert.equal(sent(path).method, 'POST')
        world.assert.deepEqual(sent(path).header || {}, {}, `header for ${path}`)
      }
    },
  },
  {
    name: 'accounts: this WeChat user is bound to another account already: weixin_bound_elsewhere, and the session stays',
    async run(world) {
      const { fake, client } = await withAccount(world)
      fake.server.addAccount('wang', 'secret-other')
      await client.bindAccount(LI)
      const other = { username: 'wang', password: 'secret-other' }
      await world.assert.loginError(client.bindAccount(other), 'weixin_bound_elsewhere', { errno: 708 })
      world.assert.equal(client.authHeader()[HEADER], 'secret-token-1')
    },
  },
  {
    name: 'accounts: once bound, WeChat alone signs the account in',
    async run(world) {
      const { client } = await withAccount(world)
      const { data } = await client.bindAccount(LI)
      await client.logout()
      world.assert.equal((await client.loginByWeixin()).data.userInfo.userId, data.userInfo.userId)
    },
  },
  {
    name: 'accounts: two accounts at once: one after the other, each gets its own answer',
    async run(world) {
      const { fake, client } = await withAccount(world)
      fake.server.addAccount('wang', 'secret-other')
      const answers = await Promise.all([
        client.loginByAccount(LI),
        client.loginByAccount({ username: 'wang', password: 'secret-other' }),
      ])
      world.assert.deepEqual(answers.map(({ data }) => data.userInfo.userId), [1, 2])
      world.assert.equal(client.session.userInfo.userId, 2)
      world.assert.equal(fake.requests('auth/login').length, 2, 'logins')
    },
  },
  {
    name: 'accounts: a wrong password and the right one at once do not share an answer',
    async run(world) {
      const { client } = await withAccount(world)
      const wrong = world.assert.loginError(client.loginByAccount(WRONG), 'wrong_password')
      world.assert.equal((await client.loginByAccount(LI)).errno, 0)
      await wrong
      world.assert.equal(client.session.via, 'account')
    },
  },
  {
    name: 'phone: the code goes to the server with the token, and the number is in the session',
    async run(world) {
      const { fake, client } = await signedIn(world)
      const envelope = await client.bindPhone({ code: 'secret-phone-code' })
      world.assert.equal(envelope.errno, 0)
      const [{ options }] = fake.requests(BIND_PHONE)
      world.assert.deepEqual(options.data, { code: 'secret-phone-code' })
      world.assert.equal(options.header[HEADER], 'secret-token-1')
      world.assert.equal(client.session.userInfo.phone, '13800000000')
      world.assert.equal(client.session.userInfo.nickName, PROFILE.nickName)
      world.assert.equal((await restarted(world, fake)).session.userInfo.phone, '13800000000')
    },
  },
  {
    name: 'phone: a refused token: signed_out, no login, and the code is not sent again (behaviour 15)',
    async run(world) {
      const { fake, client } = await revoked(world)
      await world.assert.loginError(client.bindPhone({ code: 'secret-phone-code' }), 'signed_out')
      world.assert.equal(fake.count('login'), 1, 'wx.login')
      world.assert.equal(fake.requests(BIND_PHONE).length, 1, 'requests')
      world.assert.equal(client.session, null)
    },
  },
  {
    name: 'phone: no login either in the margin or after the end of the token (behaviour 15)',
    async run(world) {
      for (const beforeEnd of [30000, -1]) {
        const { fake, client } = await signedIn(world)
        world.clock.set(client.session.expiresAt - beforeEnd)
        await client.bindPhone({ code: 'secret-phone-code' }).catch(() => {}) // whatever the server says
        world.assert.equal(fake.requests(BIND_PHONE).length, 1, 'requests')
        await world.clock.settle()
        world.assert.equal(fake.count('login'), 1, 'wx.login')
      }
    },
  },
  {
    name: 'phone: without a session: signed_out, and nothing is sent',
    async run(world) {
      const { fake, client } = await newClient(world)
      await world.assert.loginError(client.bindPhone({ code: 'secret-phone-code' }), 'signed_out')
      world.assert.equal(fake.count('request') + fake.count('login'), 0, 'calls')
    },
  },
  {
    name: 'phone: a server in trouble signs nobody out; a refusal carries the server\'s number (behaviour 29)',
    async run(world) {
      const { fake, client } = await signedIn(world)
      fake.server.next(BIND_PHONE, { status: 500, text: '' }, { json: { errno: 401, errmsg: '参数不对' } }, { text: 'oops' })
      await world.assert.loginError(client.bindPhone({ code: 'a' }), 'server_error', { status: 500 })
      await world.assert.loginError(client.bindPhone({ code: 'a' }), 'rejected', { errno: 401, errmsg: '参数不对' })
      await world.assert.loginError(client.bindPhone({ code: 'a' }), 'bad_response', { status: 200 })
      world.assert.equal(client.authHeader()[HEADER], 'secret-token-1')
    },
  },
])
