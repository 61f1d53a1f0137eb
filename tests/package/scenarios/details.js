// What an error says of its request, and when to try again.
'use strict'

const { LOGIN, newClient, signedIn } = require('./given.js')
const { fails } = require('../../../js-glue/testing/fake-wx.js')

const answers = (statusCode, data, header) => (call) => call.succeed({ statusCode, data, header })
const DATE = 'Wed, 15 Jan 2025 08:00:00 GMT'

// [what happens, the behaviour of wx.request, the code]
const FAILURES = [
  ['no network', fails({ errMsg: 'request:fail' }), 'network'],
  ['a timeout', fails({ errMsg: 'request:fail timeout', errno: 5 }), 'timeout'],
  ['HTTP 500', answers(500, 'x'), 'server_error'],
  ['HTML', answers(200, '<html>'), 'bad_response'],
  ['a refusal', answers(422, { errno: 9, errmsg: 'no' }), 'rejected'],
]

const failures = FAILURES.map(([what, behaviour, code]) => ({
  name: `${what}: the error names the method and the path, without the query`,
  async run(world) {
    const { fake, client } = await newClient(world)
    fake.next('request', behaviour)
    const call = client.request({ url: 'user/7?key=secret', method: 'PUT' })
    await world.assert.loginError(call, code, { method: 'PUT', path: 'user/7' })
    fake.always('request', behaviour)
    await world.assert.loginError(client.loginByWeixin(), code, { method: 'POST', path: LOGIN })
  },
}))

// [the headers, `retryAfter`]
const WISHES = [
  [{ 'retry-after': '7' }, 7],
  [{ 'Retry-After': 'Wed, 15 Jan 2025 08:02:00 GMT', Date: DATE }, 120],
  [{ 'Retry-After': 'Wed, 15 Jan 2025 08:02:00 GMT' }, undefined],
  [{ 'Retry-After': 'soon', Date: DATE }, undefined],
  [{}, undefined],
]

module.exports = failures.concat([
  {
    name: 'a failure says after how many seconds the server wants to be asked again',
    async run(world) {
      const { fake, client } = await newClient(world)
      for (const [header, retryAfter] of WISHES) {
        for (const [status, data, code] of [[503, 'busy', 'server_error'], [429, { errno: 9 }, 'rejected']]) {
          fake.next('request', answers(status, data, header))
          await world.assert.loginError(client.request({ url: 'goods/list' }), code, { retryAfter })
        }
      }
    },
  },
  {
    name: 'the next silent login waits as long as the server has asked for',
    async run(world) {
      const { fake, client } = await newClient(world)
      fake.next('request', answers(503, 'busy', { 'Retry-After': '60' }))
      await world.assert.loginError(client.ensureLogin(), 'server_error', { retryAfter: 60 })
      await world.clock.advance(59000)
      await world.assert.loginError(client.ensureLogin(), 'server_error')
      world.assert.equal(fake.requests(LOGIN).length, 1, 'logins')
      await world.clock.advance(1000)
      await client.ensureLogin()
    },
  },
  {
    name: 'a refusal of the business at HTTP 200 resolves, or rejects where that is wanted',
    async run(world) {
      const { assert } = world
      const refusal = { errno: 9, errmsg: '卖完了' }
      for (const refusals of [undefined, 'resolve', 'reject']) {
        const { fake, client } = await signedIn(world, { refusals })
        fake.server.always('goods/buy', { json: refusal })
        const url = 'goods/buy'
        if (refusals === 'reject') {
          await assert.loginError(client.request({ url }), 'rejected', { errno: 9, errmsg: '卖完了', status: 200, path: url })
          await assert.loginError(client.requestFull({ url }), 'rejected')
        } else {
          assert.deepEqual(await client.request({ url }), refusal)
          await assert.loginError(client.request({ url, refusals: 'reject' }), 'rejected')
        }
        assert.deepEqual(await client.request({ url, refusals: 'resolve' }), refusal)
        await assert.loginError(client.request({ url, refusals: 'reject', dataType: 'text' }), 'rejected', { errno: 9 })
        assert.equal((await client.request({ url: 'goods/list' })).errno, 0)
        await assert.loginError(client.request({ url, refusals: 'throw' }), 'invalid_argument', { field: 'refusals' })
      }
    },
  },
])
