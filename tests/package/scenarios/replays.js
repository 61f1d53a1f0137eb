// Requests whose token the server no longer accepts: one login, each request once more.
'use strict'

const { LOGIN, PROFILE, each, newClient, revoked, signedIn, tokenSent } = require('./given.js')
const { held } = require('../../../js-glue/testing/fake-wx.js')

const ORDER = 'order/echo'
const REFUSED = { json: { errno: 501, errmsg: '请登录' } }
const HOUR = 3600 * 1000

const order = (client, id) => client.request({ url: ORDER, method: 'POST', data: { id } })
const ordersAtOnce = (client, count) => Promise.all(each(count, (id) => order(client, id)))

// [wx.login, login posts, business requests, navigations]
const traffic = (fake) =>
  [fake.count('login'), fake.requests(LOGIN).length, fake.requests(ORDER).length, fake.navigations()]

const hasOwnData = (world, bodies) => bodies.forEach((body, i) => world.assert.equal(body.data.sent.id, i + 1))

const LOGIN_CALL = { url: 'auth/login_by_weixin', send: { code: '$code', userInfo: '$userInfo' } }

// [what the server answers to a token it does not accept, its reply, options of the client]
const REFUSALS = [
  ['HTTP 401', { status: 401, text: '' }, {}],
  ['a configured errno', { json: { errno: 401 } }, { dialect: { login: LOGIN_CALL, signedOut: { errno: [401, 1001] } } }],
  ['a configured status', { status: 403, json: {} }, { dialect: { login: LOGIN_CALL, signedOut: { $status: 403 } } }],
]

const refusals = REFUSALS.map(([answer, reply, others]) => ({
  name: `replay: ${answer} is "signed out": one login, and the request once more (behaviour 27)`,
  async run(world) {
    const { fake, client } = await signedIn(world, others)
    await world.clock.advance(HOUR / 2)
    fake.server.next(ORDER, reply)
    world.assert.equal((await order(client, 7)).data.sent.id, 7)
    world.assert.deepEqual(traffic(fake), [2, 2, 2, 0])
  },
}))

// [how the login goes, its reply, code, whether the session is kept]
const FAILING = [
  ['HTTP 500', { status: 500, text: '' }, 'server_error', true],
  ['HTTP 429', { status: 429, text: '' }, 'server_error', true],
  ['WeChat is busy', { json: { errno: 711, errmsg: '微信繁忙' } }, 'wechat_busy', true],
  ['too frequent', { json: { errno: 713, errmsg: '太频繁' } }, 'too_frequent', true],
  ['HTML', { text: '<html></html>' }, 'bad_response', true],
  ['blocked', { json: { errno: 714, errmsg: '被限制' } }, 'login_blocked', false],
]

const failing = FAILING.map(([how, reply, code, kept]) => ({
  name: `replay: the login fails (${how}): every waiter rejects with ${code}, nothing is sent again (behaviours 23, 29)`,
  async run(world) {
    const { fake, client } = await revoked(world)
    fake.server.always(LOGIN, reply)
    await Promise.all(each(15, (id) => world.assert.loginError(order(client, id), code)))
    world.assert.deepEqual(traffic(fake), [2, 2, 15, 0])
    world.assert.equal(client.session !== null, kept, 'the session is kept')
  },
}))

// One login; what waits for its place until the new token is there is sent once.
const sentTwiceAtFirst = ({ assert }, fake) => {
  const [codes, logins, requests, others] = traffic(fake)
  assert.deepEqual([codes, logins, others], [2, 2, 0])
  assert.ok(requests > 100 && requests < 150, `${requests} requests`)
}

module.exports = refusals.concat(failing, [
  {
    name: 'replay: 100 requests at once on a revoked token: 1 wx.login, 1 login, and only what was sent before is sent twice (behaviour 20)',
    async run(world) {
      const { fake, client } = await revoked(world)
      hasOwnData(world, await ordersAtOnce(client, 100))
      sentTwiceAtFirst(world, fake)
      world.assert.deepEqual(fake.requests(LOGIN)[1].options.data.userInfo, {}, 'the profile of a silent login')
      world.assert.equal(client.session.userInfo.nickName, PROFILE.nickName)
    },
  },
  {
    name: 'replay: 100 requests at once on a token whose end nobody knew: the same (behaviours 20, 34)',
    async run(world) {
      const { fake, client } = await newClient(world)
      fake.server.tellsLife = false
      await client.loginByWeixin(PROFILE)
      world.clock.set(world.clock.now() + 3 * HOUR)
      hasOwnData(world, await ordersAtOnce(client, 100))
      sentTwiceAtFirst(world, fake)
    },
  },
  {
    name: 'replay: 100 requests at once on a token over by the clock: one login first, and each request once (behaviour 20)',
    async run(world) {
      const { fake, client } = await signedIn(world)
      world.clock.set(world.clock.now() + 3 * HOUR)
      hasOwnData(world, await ordersAtOnce(client, 100))
      world.assert.deepEqual(traffic(fake), [2, 2, 100, 0])
    },
  },
  {
    name: 'replay: the request of a user who never signed in: one login, and once more',
    async run(world) {
      const { fake, client } = await newClient(world)
      hasOwnData(world, await ordersAtOnce(client, 3))
      world.assert.deepEqual(traffic(fake), [1, 1, 6, 0])
    },
  },
  {
    name: 'replay: refused a second time: signed_out for each, signed out here, and no login follows (behaviours 19, 21)',
    async run(world) {
      const { fake, client } = await signedIn(world)
      fake.server.always(ORDER, REFUSED)
      fake.server.always('auth/info', REFUSED)
      await Promise.all(each(10, (id) => world.assert.loginError(order(client, id), 'signed_out')))
      world.assert.deepEqual(traffic(fake), [2, 2, 20, 0])
      world.assert.equal(client.session, null)
      world.assert.deepEqual(fake.storedSessions(), [])
      for (let i = 0; i < 10; i += 1) await world.assert.loginError(order(client, i), 'signed_out')
      world.assert.deepEqual(traffic(fake), [2, 2, 30, 0])
    },
  },
  {
    name: 'replay: refused by one address alone: the server\'s own words, no login, and nobody is signed out (behaviour 46)',
    async run(world) {
      const { fake, client } = await signedIn(world)
      fake.server.always(ORDER, { status: 401, json: { errno: 1103, errmsg: '旧密码不对' } })
      const words = { status: 401, errno: 1103, errmsg: '旧密码不对' }
      await Promise.all(each(8, (id) => world.assert.loginError(order(client, id), 'rejected', words)))
      world.assert.deepEqual(traffic(fake), [1, 1, 8, 0])
      world.assert.equal(fake.requests('auth/info').length, 1, 'questions')
      await world.clock.advance(HOUR / 2)
      for (let i = 0; i < 5; i += 1) {
        await world.assert.loginError(order(client, i), 'rejected', words)
        await world.clock.advance(HOUR / 10)
      }
      world.assert.equal(fake.count('login'), 1, 'logins')
      world.assert.ok(client.session, 'the session is kept')
    },
  },
  {
    name: 'replay: the second answer fails otherwise: that is the outcome, and the new session stays (behaviours 21, 29)',
    async run(world) {
      const { fake, client } = await signedIn(world)
      await world.clock.advance(HOUR / 2)
      fake.server.next(ORDER, REFUSED, { status: 500, text: '' })
      await world.assert.loginError(order(client, 1), 'server_error', { status: 500 })
      world.assert.deepEqual(traffic(fake), [2, 2, 2, 0])
      world.assert.equal(client.authHeader()['X-Litemall-Token'], 'secret-token-2')
    },
  },
  {
    name: 'replay: a late refusal of an old token takes the new one, without a login (behaviour 24)',
    async run(world) {
      const { fake, client } = await signedIn(world)
      const late = held()
      fake.next('request', late)
      const old = order(client, 1)
      await world.clock.settle()
      fake.server.revokeAll()
      await order(client, 2)
      world.assert.deepEqual(traffic(fake), [2, 2, 3, 0])
      late.release()
      world.assert.equal((await old).data.sent.id, 1)
      world.assert.deepEqual(traffic(fake), [2, 2, 4, 0])
      world.assert.equal(tokenSent(fake.requests(ORDER)[3]), 'secret-token-2')
    },
  },
  {
    name: 'replay: WeChat has another user now: user_changed, and nothing is sent as that user (behaviour 25)',
    async run(world) {
      const { fake, client } = await revoked(world)
      fake.openid = 'openid-2'
      await Promise.all(each(5, (id) => world.assert.loginError(order(client, id), 'user_changed')))
      world.assert.deepEqual(traffic(fake), [2, 2, 5, 0])
      world.assert.equal(client.session.userInfo.userId, 2)
      world.assert.equal((await order(client, 6)).data.userId, 2)
    },
  },
  {
    name: 'replay: an account has signed in meanwhile: user_changed for the late refusal (behaviour 25)',
    async run(world) {
      const { fake, client } = await signedIn(world)
      fake.server.addAccount('li', 'secret-password')
      const late = held()
      fake.next('request', late)
      const old = world.assert.loginError(order(client, 1), 'user_changed')
      await world.clock.settle()
      fake.server.revokeAll()
      await client.loginByAccount({ username: 'li', password: 'secret-password' })
      late.release()
      await old
      world.assert.deepEqual(traffic(fake), [1, 1, 1, 0])
      world.assert.equal(client.session.via, 'account')
    },
  },
  {
    name: 'replay: the session of an account is not replaced by one of WeChat: signed_out',
    async run(world) {
      const { fake, client } = await newClient(world)
      fake.server.addAccount('li', 'secret-password')
      await client.loginByAccount({ username: 'li', password: 'secret-password' })
      fake.server.revokeAll()
      await Promise.all(each(5, (id) => world.assert.loginError(order(client, id), 'signed_out')))
      world.assert.deepEqual(traffic(fake), [0, 0, 5, 0])
      world.assert.equal(client.session, null)
    },
  },
  {
    name: 'replay: logins and logouts of the page\'s own are exempt (behaviour 22)',
    async run(world) {
      const { fake, client } = await signedIn(world)
      for (const url of [LOGIN, 'auth/login', 'auth/register', 'auth/bind_phone', 'auth/logout', `${LOGIN}?from=page`]) {
        fake.server.next(url.split('?')[0], REFUSED)
        await world.assert.loginError(client.request({ url, method: 'POST', data: {} }), 'rejected', { errno: 501, errmsg: '请登录' })
      }
      world.assert.equal(fake.count('login'), 1, 'wx.login')
      world.assert.equal(fake.count('request'), 7, 'requests')
      world.assert.ok(client.session, 'the session is kept')
    },
  },
])
