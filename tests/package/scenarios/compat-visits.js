// When the drop-in visits the login page, and when it does not.
'use strict'

const { INFO, lockOut, newCompat, oldKeys, signedInCompat } = require('./compat-given.js')
const { LOGIN, PROFILE, options } = require('./given.js')
const { fails, held } = require('../../../js-glue/testing/fake-wx.js')

const LOGIN_PAGE = '/pages/auth/login/login'

const visited = (fake) => fake.calls.filter(({ api }) => api === 'navigateTo').map((call) => call.options.url)

module.exports = [
  {
    name: 'compat: a 501 that a silent login heals visits nothing',
    async run(world) {
      const { fake, compat } = await signedInCompat(world)
      fake.server.revokeAll()
      const bodies = await Promise.all(Array.from({ length: 100 }, () => compat.request(INFO)))
      world.assert.ok(bodies.every((body) => body.errno === 0), 'all are answered')
      world.assert.equal(fake.requests(LOGIN).length, 2, 'logins')
      world.assert.equal(fake.count('navigateTo'), 0, 'visits')
    },
  },
  {
    name: 'compat: 100 requests that hear 501 in vain all reject, and visit the login page once (behaviours 19, 20; B2, B3)',
    async run(world) {
      const { assert } = world
      const { fake, compat } = await signedInCompat(world)
      lockOut(fake)
      const requests = Array.from({ length: 100 }, () => assert.rejection(compat.request(INFO)))
      const errors = await Promise.all(requests)
      errors.forEach((error) => assert.isLoginError(error, 'login_blocked'))
      assert.deepEqual(visited(fake), [LOGIN_PAGE])
    },
  },
  {
    name: 'compat: a first login that only the user can repeat visits the login page',
    async run(world) {
      const { assert } = world
      const failures = {
        rejected: (fake) => fake.server.next(LOGIN, { json: { errno: 401, errmsg: '参数不对' } }),
        wx_login_failed: (fake) => fake.next('login', fails({ errMsg: 'login:fail' })),
        weixin_bound_elsewhere: (fake) => fake.server.next(LOGIN, { json: { errno: 708, errmsg: '微信已绑定' } }),
      }
      for (const code of Object.keys(failures)) {
        const { fake, compat } = newCompat(world)
        failures[code](fake)
        await assert.loginError(compat.request(INFO), code)
        assert.deepEqual(visited(fake), [LOGIN_PAGE])
      }
    },
  },
  {
    name: 'compat: where navigateTo fails, the login page is opened another way, once',
    async run(world) {
      const full = { errMsg: 'navigateTo:fail webview count limit exceed' }
      const ways = ['navigateTo', 'redirectTo', 'switchTab', 'reLaunch']
      for (let works = 1; works <= ways.length; works += 1) {
        const { fake, compat } = await signedInCompat(world)
        fake.wx.navigateTo = (opened) => {
          fake.calls.push({ api: 'navigateTo', options: opened })
          world.clock.soon(() => opened.fail(full))
        }
        ways.slice(1, works).forEach((way) => fake.always(way, fails(full)))
        lockOut(fake)
        await Promise.all([1, 2, 3].map(() => world.assert.rejection(compat.request(INFO))))
        await world.clock.settle()
        world.assert.deepEqual(ways.map(fake.count), ways.map((way, i) => (i < Math.min(works + 1, ways.length) ? 1 : 0)))
      }
    },
  },
  {
    name: 'compat: a fresh token refused again visits the page of the option, once',
    async run(world) {
      const { fake, compat } = await signedInCompat(world, { loginPage: '/pages/me/login?from=request' })
      fake.always('request', (call) =>
        (call.options.url === INFO ? call.succeed({ statusCode: 401, data: {} }) : call.perform()))
      await world.assert.loginError(compat.request(INFO), 'signed_out')
      await world.assert.loginError(compat.request(INFO), 'signed_out')
      world.assert.deepEqual(visited(fake), ['/pages/me/login?from=request'])
    },
  },
  {
    name: 'compat: no visit while the login page is on top, and a new one after it was left',
    async run(world) {
      const { assert } = world
      const { fake, pages, compat } = newCompat(world)
      lockOut(fake)
      pages.push({ route: LOGIN_PAGE.slice(1) })
      await assert.rejection(compat.request(INFO))
      assert.equal(fake.count('navigateTo'), 0, 'visits')
      pages.pop()
      await assert.rejection(compat.request(INFO))
      assert.equal(fake.count('navigateTo'), 1, 'visits')
    },
  },
  {
    name: 'compat: requests that begin while the login page opens do not open a second one',
    async run(world) {
      const { assert, clock } = world
      const { fake, compat } = newCompat(world)
      lockOut(fake)
      const opening = {}
      fake.wx.navigateTo = (opened) => {
        fake.calls.push({ api: 'navigateTo', options: opened })
        opening.end = opened.success
      }
      await assert.rejection(compat.request(INFO))
      await assert.rejection(compat.request(INFO))
      assert.equal(fake.count('navigateTo'), 1, 'visits')
      opening.end()
      await clock.settle()
      await assert.rejection(compat.request(INFO))
      assert.equal(fake.count('navigateTo'), 2, 'visits')
    },
  },
  {
    name: 'compat: two drop-ins of one app visit the login page once',
    async run(world) {
      const { fake } = newCompat(world)
      const { createCompat } = world.phone.startCompat()
      const both = [1, 2].map(() => createCompat(options(world, fake)))
      await both[0].loginByWeixin(PROFILE)
      lockOut(fake, 2)
      await Promise.all(both.map(({ request }) => world.assert.rejection(request(INFO))))
      await world.clock.settle()
      world.assert.equal(fake.count('navigateTo'), 1, 'visits')
    },
  },
  {
    name: 'compat: a late 501 does not bring back the user who has left the login page',
    async run(world) {
      const { assert, clock } = world
      const { fake, pages, compat } = newCompat(world)
      lockOut(fake, 2)
      const late = held()
      fake.next('request', late)
      const slow = assert.rejection(compat.request(INFO))
      await assert.rejection(compat.request(INFO))
      await clock.settle()
      assert.equal(pages.length, 2, 'pages')
      pages.pop()
      late.release()
      await slow
      assert.equal(fake.count('navigateTo'), 1, 'visits')
    },
  },
  {
    name: 'compat: a login page that cannot be opened: the request rejects with its own error, and the next one tries again',
    async run(world) {
      const { assert, clock } = world
      const { fake, compat } = newCompat(world)
      lockOut(fake)
      let tried = 0
      const refusals = [
        () => { throw new Error('broken') },
        ({ fail }) => fail({ errMsg: 'navigateTo:fail page not found' }),
        ({ fail }) => clock.soon(() => fail({ errMsg: 'navigateTo:fail page not found' })),
      ]
      for (const refuse of refusals) {
        fake.wx.navigateTo = (options) => {
          tried += 1
          refuse(options)
        }
        await assert.loginError(compat.request(INFO), 'login_blocked')
        await clock.settle()
      }
      assert.equal(tried, refusals.length, 'tries')
    },
  },
  {
    name: 'compat: a failing network, a failing server and a failing business visit nothing, and keep their words (behaviour 29)',
    async run(world) {
      const { assert } = world
      const { fake, compat } = newCompat(world)
      const timeout = { errMsg: 'request:fail timeout', errno: 5 }
      fake.next('request', fails(timeout), fails({ errMsg: 'request:fail' }), (call) =>
        call.succeed({ statusCode: 500, data: '' }), (call) => call.succeed({ statusCode: 200, data: null }))
      await assert.loginError(compat.request(INFO), 'timeout', timeout)
      await assert.loginError(compat.request(INFO), 'network', { errMsg: 'request:fail' })
      await assert.loginError(compat.request(INFO), 'server_error', { status: 500 })
      await assert.loginError(compat.request(INFO), 'bad_response', { status: 200 })
      assert.equal((await compat.request('no/such')).errno, 404)
      assert.equal(fake.count('navigateTo'), 0, 'visits')
    },
  },
  {
    name: 'compat: a silent login that the network fails keeps the session and visits nothing',
    async run(world) {
      const { assert } = world
      const { fake, compat } = await signedInCompat(world)
      fake.server.revokeAll()
      fake.always('login', fails({ errMsg: 'login:fail' }))
      await assert.loginError(compat.request(INFO), 'wx_login_failed')
      assert.ok((await compat.client).session, 'there is a session')
      assert.equal(oldKeys(fake).token, 'secret-token-1')
      assert.equal(fake.count('navigateTo'), 0, 'visits')
    },
  },
  {
    name: 'compat: after a logout a late 501 visits nothing, and a new one visits the login page (behaviours 26, B10)',
    async run(world) {
      const { assert, clock } = world
      const { fake, compat } = await signedInCompat(world)
      const late = held()
      fake.next('request', late)
      const slow = assert.loginError(compat.request(INFO), 'logged_out')
      await clock.settle()
      await (await compat.client).logout()
      late.release()
      await slow
      assert.equal(fake.count('navigateTo'), 0, 'visits for what began before')
      await assert.loginError(compat.request(INFO), 'signed_out')
      assert.equal(fake.count('navigateTo'), 1, 'visits for what began afterwards')
    },
  },
]
