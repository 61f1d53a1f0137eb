// A request of the page's, and what the server answers at once.
'use strict'

const { HEADER, PROFILE, clientOver, each, newClient, signedIn, tokenSent } = require('./given.js')
const { BASE_URL, fails, held, loses, neverAnswers } = require('../../../js-glue/testing/fake-wx.js')

const ORDER = 'order/echo'
const TOKEN = 'secret-token-1'
const lastRequest = (fake) => fake.calls.filter(({ api }) => api === 'request').pop()

const OURS = {
  'a relative url': [ORDER, BASE_URL + ORDER],
  'a relative url with a slash in front': [`/${ORDER}`, BASE_URL + ORDER],
  'an absolute url below baseUrl': [BASE_URL + ORDER, BASE_URL + ORDER],
  'a query with dots and colons': [`${ORDER}?next=https://a.example/../b`, `${BASE_URL + ORDER}?next=https://a.example/../b`],
}

const FOREIGN = [
  'https://other.example.com/wx/order/echo',
  'https://api.example.com.evil.example/wx/order/echo',
  'https://api.example.com/',
  'https://api.example.com/wx',
  'https://api.example.com/wxx/order/echo',
  'https://api.example.com:8443/wx/order/echo',
  'http://api.example.com/wx/order/echo',
]

const CLIMBING = [
  '../admin', '/../admin', 'a/../../admin', 'a/..', '..?a=1', '%2e%2e/admin', 'a/%2E./admin', '.%2e/admin', '..\\admin', 'a\\..\\admin',
  `${BASE_URL}../admin`, `${BASE_URL}a/%2e%2e/%2E%2E/admin`, 'ftp://api.example.com/a', 'javascript:1', 'other.example.com:443/a',
]

const ours = Object.keys(OURS).map((what) => ({
  name: `request: ${what} is resolved against baseUrl and carries the token`,
  async run(world) {
    const { fake, client } = await signedIn(world)
    const [url, resolved] = OURS[what]
    world.assert.equal((await client.request({ url })).errno, 0)
    world.assert.equal(lastRequest(fake).options.url, resolved)
    world.assert.equal(tokenSent(lastRequest(fake)), TOKEN)
  },
}))

// [what the server answers, its reply, code, details]
const USELESS = [
  ['HTML', { text: '<html></html>' }, 'bad_response', { status: 200 }],
  ['nothing', { text: '' }, 'bad_response', { status: 200 }],
  ['null', { json: null }, 'bad_response', { status: 200 }],
  ['HTTP 500', { status: 500, text: 'oops' }, 'server_error', { status: 500 }],
  ['HTTP 503 with an object', { status: 503, json: { errno: 501 } }, 'server_error', { status: 503 }],
  ['HTTP 429', { status: 429, text: '' }, 'server_error', { status: 429 }],
  ['HTTP 404', { status: 404, text: '' }, 'server_error', { status: 404 }],
  ['HTTP 403', { status: 403, json: {} }, 'server_error', { status: 403 }],
]

const LOST = [
  ['fails', fails({ errMsg: 'request:fail -2:net::ERR_FAILED', errno: 600001 }), 'network',
    { errMsg: 'request:fail -2:net::ERR_FAILED', errno: 600001 }],
  ['is interrupted', fails({ errMsg: 'request:fail interrupted' }), 'network'],
  ['times out', fails({ errMsg: 'request:fail timeout', errno: 5 }), 'timeout', { errno: 5 }],
  ['loses the answer', loses(), 'network'],
]

// Nobody is signed out, nobody signs in, nothing is sent twice.
const isUntouched = (world, { fake, client }) => {
  world.assert.deepEqual(client.authHeader(), { [HEADER]: TOKEN })
  world.assert.equal(fake.requests(ORDER).length, 1, 'requests')
  world.assert.equal(fake.count('login'), 1, 'wx.login')
}

const useless = USELESS.map(([answer, reply, code, details]) => ({
  name: `request: ${answer} is ${code} with the status, and signs nobody out (behaviours 13, 29)`,
  async run(world) {
    const { fake, client } = await signedIn(world)
    fake.server.next(ORDER, reply)
    await world.assert.loginError(client.request({ url: ORDER }), code, details)
    isUntouched(world, { fake, client })
  },
}))

const lost = LOST.map(([how, behaviour, code, details]) => ({
  name: `request: wx.request ${how}: ${code}, sent once, and nobody is signed out (behaviours 12, 29)`,
  async run(world) {
    const { fake, client } = await signedIn(world)
    fake.next('request', behaviour)
    await world.assert.loginError(client.request({ url: ORDER }), code, details)
    isUntouched(world, { fake, client })
  },
}))

module.exports = ours.concat(useless, lost, [
  {
    name: 'request: texts of any length cross whole, while the module\'s memory grows for them',
    async run(world) {
      const { fake, client } = await signedIn(world)
      for (const length of [10, 1e4, 1e5, 1e6, 10]) {
        const url = `${ORDER}?word=${Array(length + 1).join('汉')}`
        fake.server.next(url, { json: { errno: 0 } })
        await client.request({ url })
        world.assert.ok(lastRequest(fake).options.url === BASE_URL + url, `a url of ${length} characters arrives whole`)
        world.assert.equal(tokenSent(lastRequest(fake)), TOKEN)
      }
      world.assert.equal(client.session.userInfo.nickName, PROFILE.nickName)
    },
  },
  {
    name: 'request: a url of another server carries no token, and its "signed out" is its own business',
    async run(world) {
      const { fake, client } = await signedIn(world)
      for (const url of FOREIGN) {
        fake.server.next(url.replace(BASE_URL, ''), { json: { errno: 501, from: url } })
        world.assert.deepEqual(await client.request({ url }), { errno: 501, from: url })
        world.assert.equal(lastRequest(fake).options.url, url)
        world.assert.equal(tokenSent(lastRequest(fake)), undefined, `the token for ${url}`)
      }
      world.assert.equal(fake.count('login'), 1, 'wx.login')
    },
  },
  {
    name: 'request: a url that climbs out of baseUrl is refused, not sent',
    async run(world) {
      const { fake, client } = await signedIn(world)
      const before = fake.calls.length
      for (const url of CLIMBING) {
        await world.assert.loginError(client.request({ url }), 'invalid_argument', { field: 'url' })
      }
      world.assert.equal(fake.calls.length, before, 'calls of wx')
    },
  },
  {
    name: 'request: method, data, header and timeout of the page arrive, and its object stays as it was',
    async run(world) {
      const { fake, client } = await signedIn(world, { timeoutMs: 7000 })
      const given = { url: ORDER, method: 'post', data: { id: 1, deep: [{}] }, header: { 'X-Page': 'a' }, timeout: 1234 }
      const before = JSON.stringify(given)
      world.assert.deepEqual((await client.request(given)).data.sent, given.data)
      const { options } = lastRequest(fake)
      world.assert.equal(options.method, 'POST')
      world.assert.equal(options.timeout, 1234)
      world.assert.deepEqual(options.header, { 'X-Page': 'a', [HEADER]: TOKEN })
      world.assert.equal(JSON.stringify(given), before, 'the options of the page')
      await client.request({ url: ORDER })
      world.assert.equal(lastRequest(fake).options.method, 'GET')
      world.assert.equal(lastRequest(fake).options.timeout, 7000)
    },
  },
  {
    name: 'request: auth and relogin are for the client, and do not reach wx',
    async run(world) {
      const { fake, client } = await signedIn(world)
      await client.request({ url: ORDER, auth: 'required', relogin: false })
      const [{ options }] = fake.requests(ORDER)
      world.assert.deepEqual([options.auth, options.relogin, options.method], [undefined, undefined, 'GET'])
    },
  },
  {
    name: 'request: resolves with the whole body, whatever the business says in it (behaviour 28)',
    async run(world) {
      const { fake, client } = await signedIn(world)
      const bodies = [
        { errno: 401, errmsg: '参数不对' }, { errno: 0, data: [1, { a: null }], extra: '𠮷😀' }, { any: 'thing' },
        { errno: '502' }, {}, [], [1, { a: null }], 0,
      ]
      for (const body of bodies) {
        fake.server.next(ORDER, { json: body })
        world.assert.deepEqual(await client.request({ url: ORDER }), body)
      }
      world.assert.equal(fake.count('login'), 1, 'wx.login')
    },
  },
  {
    name: 'request: what needs no login gets none',
    async run(world) {
      const { fake, client } = await newClient(world)
      world.assert.equal((await client.request({ url: 'goods/list' })).errno, 0)
      world.assert.equal(tokenSent(lastRequest(fake)), undefined)
      world.assert.equal(fake.count('login'), 0, 'wx.login')
    },
  },
  {
    name: 'request: while the first login runs, requests wait for it and go out once, signed in (behaviour 6)',
    async run(world) {
      const { fake, client } = await newClient(world)
      const code = held()
      fake.next('login', code)
      const login = client.loginByWeixin()
      const requests = each(20, (id) => client.request({ url: ORDER, method: 'POST', data: { id } }))
      await world.clock.settle()
      world.assert.equal(fake.requests(ORDER).length, 0, 'requests before the login')
      code.release()
      await login
      const bodies = await Promise.all(requests)
      bodies.forEach((body, i) => world.assert.equal(body.data.sent.id, i + 1))
      fake.requests(ORDER).forEach((request) => world.assert.equal(tokenSent(request), TOKEN))
      world.assert.equal(fake.requests(ORDER).length, 20, 'requests')
      world.assert.equal(fake.count('login'), 1, 'wx.login')
    },
  },
  {
    name: 'request: the first login fails: what waited for it settles with its error (behaviours 6, 23)',
    async run(world) {
      const { fake, client } = await newClient(world)
      fake.server.always('auth/login_by_weixin', { status: 500, text: '' })
      const login = world.assert.loginError(client.loginByWeixin(), 'server_error', { status: 500 })
      const requests = each(5, () => world.assert.loginError(client.request({ url: ORDER }), 'server_error', { status: 500 }))
      await Promise.all(requests.concat(login))
      world.assert.equal(fake.count('login'), 1, 'wx.login')
    },
  },
  {
    name: 'request: a warm one makes no storage call, and the session no call at all (behaviour 36)',
    async run(world) {
      const { fake, client } = await signedIn(world)
      const before = fake.calls.length
      for (let i = 0; i < 5; i += 1) {
        await client.checkLogin()
        await client.request({ url: ORDER })
        world.assert.ok(client.session, 'there is a session')
      }
      const apis = fake.calls.slice(before).map(({ api }) => api)
      world.assert.deepEqual(apis, each(5, () => 'request'))
    },
  },
  {
    name: 'request: a server that never answers: timeout, and no timer stays (behaviours 12, 29)',
    async run(world) {
      const { fake, client } = await signedIn(world)
      fake.next('request', neverAnswers())
      const request = world.assert.loginError(client.request({ url: ORDER, timeout: 3000 }), 'timeout')
      await world.clock.advance(8000)
      await request
      await client.request({ url: ORDER })
      await world.clock.settle()
      world.assert.equal(world.clock.timersRunning(), 0, 'timers')
      world.assert.equal(fake.count('login'), 1, 'wx.login')
    },
  },
  {
    name: 'request: a restarted app sends the token from the storage, which is read once (behaviour 36)',
    async run(world) {
      const { fake } = await signedIn(world)
      const client = await clientOver(world, fake)
      const before = fake.count('getStorageSync')
      await Promise.all(each(5, () => client.request({ url: ORDER })))
      world.assert.equal(tokenSent(lastRequest(fake)), TOKEN)
      world.assert.equal(fake.count('getStorageSync'), before, 'reads')
    },
  },
])
