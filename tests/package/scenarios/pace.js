// How often the client asks: pauses after failures, and WeChat's own limit.
'use strict'

const { LOGIN, each, newClient, revoked } = require('./given.js')
const { fails } = require('../../../js-glue/testing/fake-wx.js')

const MINUTE = 60 * 1000
const DOWN = { status: 500, text: '' }

const offline = async (world) => {
  const { fake, client } = await newClient(world)
  fake.server.always(LOGIN, DOWN)
  return { fake, client }
}

// [what is called again and again, how]
const CALLERS = [
  ['ensureLogin', (client) => client.ensureLogin()],
  ['request', (client) => client.request({ url: 'order/echo' })],
  ['upload', (client) => client.upload({ url: 'storage/upload', filePath: 'a.png', name: 'file' })],
]

const callers = CALLERS.map(([name, call]) => ({
  name: `pace: 50 calls of ${name} in a row after a failed login make one wx.login, and say why (behaviour 30)`,
  async run(world) {
    const { fake, client } = await offline(world)
    for (let i = 0; i < 50; i += 1) await world.assert.loginError(call(client), 'server_error', { status: 500 })
    world.assert.equal(fake.count('login'), 1, 'wx.login')
    world.assert.equal(fake.requests(LOGIN).length, 1, 'posts')
  },
}))

const askEvery = async (world, client, ms, times) => {
  for (let i = 0; i < times; i += 1) {
    await world.assert.rejection(client.ensureLogin())
    await world.clock.advance(ms)
  }
}

module.exports = callers.concat([
  {
    name: 'pace: the pause grows, has a limit, and ends (behaviour 30)',
    async run(world) {
      const { fake, client } = await offline(world)
      await askEvery(world, client, 500, 60)
      await askEvery(world, client, 10 * 1000, 240)
      const at = fake.calls.filter(({ api }) => api === 'login').map((call) => call.at)
      const pauses = at.slice(1).map((time, i) => time - at[i])
      world.assert.ok(pauses[0] >= 1500 && pauses[0] <= 3500, `the first pause: ${pauses[0]}`)
      pauses.slice(1, 5).forEach((pause, i) => world.assert.ok(pause > pauses[i], `pauses: ${pauses}`))
      world.assert.ok(Math.max(...pauses) <= 7 * MINUTE, `the longest pause: ${Math.max(...pauses)}`)
      fake.server.always(LOGIN)
      await world.clock.advance(7 * MINUTE)
      world.assert.equal((await client.ensureLogin()).via, 'weixin')
    },
  },
  {
    name: 'pace: a tap of the user\'s is served at once, and clears the pause when it succeeds (behaviours 17, 30)',
    async run(world) {
      for (const tap of [(client) => client.ensureLogin({ mode: 'force' }), (client) => client.loginByWeixin()]) {
        const { fake, client } = await offline(world)
        await world.assert.rejection(client.ensureLogin())
        await world.assert.loginError(tap(client), 'server_error')
        world.assert.equal(fake.count('login'), 2, 'wx.login')
        fake.server.always(LOGIN)
        await world.assert.rejection(client.ensureLogin())
        await tap(client)
        fake.server.revokeAll()
        world.assert.equal((await client.request({ url: 'order/echo' })).errno, 0)
      }
    },
  },
  {
    name: 'pace: "too frequent" pauses for a minute at least (behaviour 10)',
    async run(world) {
      const { fake, client } = await newClient(world)
      fake.server.next(LOGIN, { json: { errno: 713, errmsg: '太频繁' } })
      await world.assert.loginError(client.ensureLogin(), 'too_frequent')
      await world.clock.advance(MINUTE - 1)
      await world.assert.loginError(client.ensureLogin(), 'too_frequent')
      world.assert.equal(fake.count('login'), 1, 'wx.login')
      await world.clock.advance(MINUTE)
      world.assert.equal((await client.ensureLogin()).via, 'weixin')
    },
  },
  {
    name: 'pace: a user whom WeChat has blocked is not signed in silently again (behaviour 10)',
    async run(world) {
      const { fake, client } = await newClient(world)
      fake.server.next(LOGIN, { json: { errno: 714, errmsg: '被限制' } })
      await world.assert.loginError(client.ensureLogin(), 'login_blocked')
      await world.clock.advance(24 * 60 * MINUTE)
      await world.assert.loginError(client.ensureLogin(), 'login_blocked')
      world.assert.equal(fake.count('login'), 1, 'wx.login')
      world.assert.equal((await client.ensureLogin({ mode: 'force' })).via, 'weixin')
    },
  },
  {
    name: 'pace: a clock set back ends the pause (behaviour 33)',
    async run(world) {
      const { fake, client } = await offline(world)
      await world.assert.rejection(client.ensureLogin())
      world.clock.set(world.clock.now() - 60 * MINUTE)
      fake.server.always(LOGIN)
      world.assert.equal((await client.ensureLogin()).via, 'weixin')
    },
  },
  {
    name: 'pace: a login whose answer got lost twice is not tried a third time (behaviours 9, 30)',
    async run(world) {
      const { fake, client } = await newClient(world)
      fake.always('request', fails({ errMsg: 'request:fail' }))
      for (let i = 0; i < 20; i += 1) await world.assert.loginError(client.ensureLogin(), 'network')
      world.assert.equal(fake.count('login'), 2, 'wx.login')
    },
  },
  {
    name: 'pace: wx.login is called at most 4 times a second, whatever callers do (behaviour 4)',
    async run(world) {
      const { fake, client } = await newClient(world)
      const taps = async () => {
        for (let i = 0; i < 20; i += 1) await client.ensureLogin({ mode: 'force' })
      }
      const done = taps()
      await world.clock.advance(MINUTE)
      await done
      const at = fake.calls.filter(({ api }) => api === 'login').map((call) => call.at)
      world.assert.equal(at.length, 20, 'wx.login')
      at.slice(4).forEach((time, i) => world.assert.ok(time - at[i] >= 1000, `5 calls within ${time - at[i]} ms`))
      world.assert.ok(at[19] - at[0] <= 5000, `20 calls took ${at[19] - at[0]} ms`)
    },
  },
  {
    name: 'pace: failing taps are held to 4 a second too (behaviour 4)',
    async run(world) {
      const { fake, client } = await newClient(world)
      fake.always('login', fails({ errMsg: 'login:fail' }))
      const taps = async () => {
        for (let i = 0; i < 12; i += 1) await world.assert.loginError(client.loginByWeixin(), 'wx_login_failed')
      }
      const done = taps()
      await world.clock.advance(MINUTE)
      await done
      const at = fake.calls.filter(({ api }) => api === 'login').map((call) => call.at)
      at.slice(4).forEach((time, i) => world.assert.ok(time - at[i] >= 1000, `5 calls within ${time - at[i]} ms`))
    },
  },
  {
    name: 'pace: requests refused one after another, whose logins fail, make one wx.login (behaviour 30)',
    async run(world) {
      const { fake, client } = await revoked(world)
      fake.server.always(LOGIN, DOWN)
      for (const id of each(20, (i) => i)) {
        await world.assert.loginError(client.request({ url: `order/echo?id=${id}` }), 'server_error')
      }
      world.assert.equal(fake.count('login'), 2, 'wx.login, with the first')
      world.assert.ok(client.session, 'the session is kept')
    },
  },
])
