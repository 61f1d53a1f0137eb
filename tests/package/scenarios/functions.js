// The app's own functions of a dialect.
'use strict'

const { LOGIN, PROFILE, each, newClient } = require('./given.js')
const { fails, held } = require('../../../js-glue/testing/fake-wx.js')

const TIMEOUT_MS = 15000

// How the reference backend speaks, with these in the place of its slots.
const withSlots = (slots) => ({
  dialect: Object.assign({
    login: { url: LOGIN, send: { code: '$code', userInfo: '$userInfo' } },
    check: { url: 'auth/info', method: 'GET' },
    logout: { url: 'auth/logout' },
  }, slots),
})

const begin = (world, slots) => newClient(world, withSlots(slots))

const exchange = ({ code, userInfo, send }) => send({ url: LOGIN, method: 'POST', data: { code, userInfo } })

const headersOf = (fake, path, name) => fake.requests(path).map(({ options }) => options.header[name])

// [what the function does, the function, the code of the error]
const BROKEN_LOGINS = [
  ['throws', () => { throw new Error('secret') }, 'hook_failed'],
  ['rejects', () => Promise.reject({ errMsg: 'secret' }), 'hook_failed'],
  ['rejects with nothing', () => Promise.reject(), 'hook_failed'],
  ['gives nothing', () => undefined, 'hook_failed'],
  ['gives a number', () => 7, 'server_error'],
  ['gives what has no copy', () => ({ data: { big: BigInt(7) } }), 'hook_failed'],
  ['gives no token', () => ({ data: { errno: 0 } }), 'bad_response'],
  ['gives a token that is no text', () => ({ data: { errno: 0, data: { token: { of: 'secret' } } } }), 'bad_response'],
  ['gives a token with a line break', () => ({ data: { errno: 0, data: { token: 'secret\r\nX: 1' } } }), 'bad_response'],
  ['gives a refusal', () => ({ status: 403, data: { errno: 7, errmsg: 'no' } }), 'rejected'],
  ['never ends', () => new Promise(() => {}), 'timeout'],
  ['sends to another server', ({ code, send }) => send({ url: 'https://evil.example.com/', data: { code } }), 'invalid_argument'],
  ['sends as somebody', ({ code, send }) => send({ url: LOGIN, auth: 'required', data: { code } }), 'invalid_argument'],
  ['sends with a signal', ({ code, send }) => send({ url: LOGIN, signal: { aborted: false }, data: { code } }), 'invalid_argument'],
  ['waits for a request of the client', (_, client) => client().request({ url: 'order/echo' }), 'timeout'],
  ['waits for a login of the client', (_, client) => client().loginByWeixin(), 'timeout'],
  ['waits for a session of the client', (_, client) => client().ensureLogin(), 'timeout'],
]

const brokenLogins = BROKEN_LOGINS.map(([what, login, code]) => ({
  name: `a \`login\` that ${what}: ${code}, and the next login works`,
  async run(world) {
    let client
    let work = (given) => login(given, () => client)
    const made = await begin(world, { login: (given) => work(given) })
    client = made.client
    const failure = world.assert.loginError(client.loginByWeixin(PROFILE), code)
    await world.clock.advance(2 * TIMEOUT_MS)
    await failure
    world.assert.equal(client.session, null)
    work = exchange
    await client.loginByWeixin(PROFILE)
    world.assert.equal(client.session.userInfo.nickName, PROFILE.nickName)
  },
}))

// [what the function does, the function, the code of the error]
const BROKEN_SIGNS = [
  ['throws', () => { throw new Error('secret') }, 'hook_failed'],
  ['rejects', () => Promise.reject(new Error('secret')), 'hook_failed'],
  ['gives nothing', () => undefined, 'hook_failed'],
  ['gives a text', () => 'secret', 'hook_failed'],
  ['gives another address', () => ({ url: 'https://evil.example.com/' }), 'hook_failed'],
  ['gives a header with a line break', () => ({ header: { 'X-Sign': 'a\r\nb' } }), 'hook_failed'],
  ['gives a header that is an object', () => ({ header: { 'X-Sign': {} } }), 'hook_failed'],
  ['never ends', () => new Promise(() => {}), 'timeout'],
]

const brokenSigns = BROKEN_SIGNS.map(([what, sign, code]) => ({
  name: `a \`sign\` that ${what}: ${code}, and nothing is sent`,
  async run(world) {
    const { fake, client } = await begin(world, { sign })
    const failure = world.assert.loginError(client.request({ url: 'goods/list' }), code)
    await world.clock.advance(TIMEOUT_MS)
    await failure
    world.assert.equal(fake.count('request'), 0, 'requests')
  },
}))

module.exports = brokenLogins.concat(brokenSigns, [
  {
    name: 'a login in two steps of the app\'s: one flight for all callers, and one more when the token is revoked',
    async run(world) {
      const { assert, clock } = world
      let logins = 0
      const login = async ({ code, nextCode, userInfo, send }) => {
        logins += 1
        const first = await send({ url: 'goods/list', header: { 'X-Code': code } })
        assert.deepEqual([first.status, first.data.errno], [200, 0])
        return send({ url: LOGIN, method: 'POST', data: { code: await nextCode(), userInfo } })
      }
      const { fake, client } = await begin(world, { login })
      await Promise.all(each(4, () => client.ensureLogin()))
      assert.equal(logins, 1)
      assert.deepEqual(fake.requests(LOGIN).map(({ options }) => options.data.code), ['secret-code-2'])
      assert.equal(fake.requests('goods/list')[0].options.header['X-Litemall-Token'], undefined)
      fake.server.revokeAll()
      await clock.advance(120000)
      const bodies = await Promise.all(each(4, () => client.request({ url: 'order/echo' })))
      bodies.forEach(({ errno }) => assert.equal(errno, 0))
      assert.equal(logins, 2)
    },
  },
  {
    name: 'a step that fails without a network is the failure of the login, if the function lets it pass',
    async run(world) {
      const { fake, client } = await begin(world, { login: exchange })
      fake.next('request', fails({ errMsg: 'request:fail', errno: 600001 }))
      await world.assert.loginError(client.loginByWeixin(PROFILE), 'network', { errMsg: 'request:fail' })
    },
  },
  {
    name: 'logout wins over the app\'s login, which takes no further step',
    async run(world) {
      const { assert } = world
      let after
      const login = async (given) => {
        const answer = await exchange(given)
        after = await assert.rejection(given.send({ url: 'goods/list' }))
        return answer
      }
      const { fake, client } = await begin(world, { login })
      const slow = held()
      fake.next('request', slow)
      const call = assert.loginError(client.loginByWeixin(PROFILE), 'logged_out')
      await world.clock.settle()
      await client.logout()
      slow.release()
      await call
      await world.clock.settle()
      assert.equal(client.session, null)
      assert.equal(after.code, 'logged_out')
      assert.equal(fake.requests('goods/list').length, 0, 'further steps')
    },
  },
  {
    name: 'the phone\'s data goes to the app\'s login',
    async run(world) {
      let given
      const login = (all) => {
        given = all.phone
        return exchange(all)
      }
      const { client } = await begin(world, { login })
      const phone = { encryptedData: 'secret-data', iv: 'secret-iv' }
      await client.loginByPhone(phone)
      world.assert.deepEqual(given, phone)
      world.assert.equal(client.session.via, 'phone')
    },
  },
  {
    name: 'each attempt is signed anew: the login, the request, and the request once more',
    async run(world) {
      const { assert } = world
      const seen = []
      const sign = ({ url, method, token, header }) => {
        seen.push([method, url.split('/wx/')[1], token])
        header['X-Litemall-Token'] = 'changed'
        return { header: { 'X-Sign': seen.length, 'x-litemall-token': 'another' } }
      }
      const { fake, client } = await begin(world, { sign })
      await client.loginByWeixin(PROFILE)
      fake.server.revokeAll()
      await world.clock.advance(120000)
      await client.request({ url: 'order/echo', method: 'POST', data: { a: 1 } })
      assert.deepEqual(seen, [
        ['POST', LOGIN, undefined], ['POST', 'order/echo', 'secret-token-1'],
        ['POST', LOGIN, undefined], ['POST', 'order/echo', 'secret-token-2'],
      ])
      assert.deepEqual(headersOf(fake, 'order/echo', 'X-Sign'), ['2', '4'])
      assert.deepEqual(headersOf(fake, 'order/echo', 'X-Litemall-Token'), ['secret-token-1', 'secret-token-2'])
      assert.deepEqual(headersOf(fake, 'order/echo', 'x-litemall-token'), [undefined, undefined])
    },
  },
  {
    name: 'an address of another server is not signed, and gets no token',
    async run(world) {
      const { fake, client } = await begin(world, { sign: () => ({ header: { 'X-Sign': '1' } }) })
      await client.loginByWeixin(PROFILE)
      await world.assert.rejection(client.request({ url: 'https://other.example.com/x' })).catch(() => {})
      const { options } = fake.calls.filter(({ api, options: sent }) => api === 'request' && /other/.test(sent.url))[0]
      world.assert.deepEqual(options.header, {})
    },
  },
  {
    name: 'a function that sends requests to sign them fails at once, and not never',
    async run(world) {
      let client
      const sign = async () => { if (client) await client.request({ url: 'goods/list', auth: 'none' }) }
      const begun = await begin(world, { sign })
      client = begun.client
      await world.assert.loginError(client.request({ url: 'goods/list' }), 'hook_failed')
      world.assert.equal(begun.fake.count('request'), 0)
    },
  },
  {
    name: 'an upload is signed as well',
    async run(world) {
      let given
      const sign = (request) => {
        given = request.formData
        return { query: { sign: 'a&b' } }
      }
      const { fake, client } = await begin(world, { sign })
      await client.loginByWeixin(PROFILE)
      await client.upload({ url: 'storage/upload', filePath: 'a', name: 'file', formData: { n: '1' } })
      world.assert.equal(fake.uploads()[0].options.url.split('?')[1], 'sign=a%26b')
      world.assert.deepEqual(given, { n: '1' })
    },
  },
  {
    name: 'the drop-in for old pages takes functions',
    async run(world) {
      const fake = world.createFakeWx()
      const options = Object.assign({ baseUrl: 'https://api.example.com/wx/', wx: fake.wx }, world.phone.optionsOfApp())
      const compat = world.phone.startCompat().createCompat(Object.assign(options, withSlots({ login: exchange })))
      world.assert.equal((await compat.loginByWeixin(PROFILE)).errno, 0)
    },
  },
])
