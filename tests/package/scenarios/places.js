// How many requests `wx` has at a time, and from when their time counts.
'use strict'

const { LOGIN, clientOver, each, newClient, revoked, signedIn } = require('./given.js')
const { BASE_URL, neverAnswers } = require('../../../js-glue/testing/fake-wx.js')

const ORDER = 'order/echo'
const ACCOUNT = { username: 'li', password: 'secret-password' }
const FILE = { url: 'storage/upload', filePath: 'a.png', name: 'file' }

// Business requests take so long, and only so many are with `wx`.
const slowly = (world, fake, ms) => {
  const seen = { now: 0, most: 0 }
  const slow = (call) => {
    if (/auth/.test(call.options.url)) return call.perform()
    seen.now += 1
    seen.most = Math.max(seen.most, seen.now)
    world.clock.setTimeout(() => {
      seen.now -= 1
      call.perform()
    }, ms)
  }
  fake.always('request', slow)
  fake.always('uploadFile', slow)
  return seen
}

module.exports = [
  {
    name: 'places: 60 slow requests at once: nine are with wx at a time, and none ends as a timeout',
    async run(world) {
      const { fake, client } = await signedIn(world, { timeoutMs: 15000 })
      const seen = slowly(world, fake, 4000)
      const bodies = Promise.all(each(60, (id) => client.request({ url: ORDER, method: 'POST', data: { id } })))
      await world.clock.advance(7 * 4000)
      const answers = await bodies
      answers.forEach((body, i) => world.assert.equal(body.data.sent.id, i + 1))
      world.assert.equal(seen.most, 9, 'at a time')
      world.assert.equal(world.clock.timersRunning(), 0, 'timers')
    },
  },
  {
    name: 'places: a login and a logout do not wait for the requests',
    async run(world) {
      const { fake, client } = await signedIn(world)
      slowly(world, fake, 10000)
      const requests = each(50, () => client.request({ url: ORDER }).catch(() => {}))
      await world.clock.settle()
      await client.ensureLogin({ mode: 'force' })
      world.assert.equal(fake.requests(LOGIN).length, 2, 'logins')
      await client.logout()
      world.assert.equal(fake.requests('auth/logout').length, 1, 'logouts')
      await world.clock.advance(120000)
      await Promise.all(requests)
    },
  },
  {
    name: 'places: a logout gives up what waits: it is never sent',
    async run(world) {
      const { fake, client } = await revoked(world)
      slowly(world, fake, 1000)
      const requests = each(20, () => client.request({ url: ORDER }).catch(({ code }) => code))
      await world.clock.settle()
      world.assert.equal(fake.requests(ORDER).length, 9, 'requests before')
      await client.logout()
      await world.clock.advance(60000)
      const codes = await Promise.all(requests)
      await world.clock.settle()
      world.assert.equal(client.session, null)
      world.assert.deepEqual(codes, each(20, () => 'logged_out'))
      world.assert.equal(fake.requests(ORDER).length, 9, 'requests after')
    },
  },
  {
    name: 'places: what waits when somebody else signs in is never sent, and nobody gets another user\'s answer',
    async run(world) {
      const { fake, client } = await signedIn(world, { maxParallel: 1 })
      fake.server.addAccount(ACCOUNT.username, ACCOUNT.password)
      slowly(world, fake, 1000)
      const requests = each(3, () => client.request({ url: ORDER }).catch(({ code }) => code))
      await world.clock.settle()
      await client.loginByAccount(ACCOUNT)
      await world.clock.advance(10000)
      const [, ...waiting] = await Promise.all(requests)
      world.assert.deepEqual(waiting, ['user_changed', 'user_changed'])
      world.assert.equal(fake.requests(ORDER).length, 1)
    },
  },
  {
    name: 'places: maxParallel says how many',
    async run(world) {
      for (const maxParallel of [1, 3]) {
        const { fake, client } = await signedIn(world, { maxParallel })
        const seen = slowly(world, fake, 1000)
        const answers = Promise.all(each(5, () => client.request({ url: ORDER })).concat(client.upload(FILE)))
        await world.clock.advance(6000)
        await answers
        world.assert.equal(seen.most, maxParallel, 'at a time')
      }
      for (const maxParallel of [0, 10, 1.5, '3', {}]) {
        const refused = clientOver(world, world.createFakeWx(), { maxParallel })
        await world.assert.loginError(refused, 'invalid_config', { field: 'maxParallel' })
      }
    },
  },
  {
    name: 'places: requests that are never answered give their places back, and are aborted',
    async run(world) {
      const { fake, client } = await signedIn(world, { timeoutMs: 1000 })
      let aborted = 0
      const { request } = fake.wx
      fake.wx.request = (options) => {
        request(options)
        return { abort: () => { aborted += 1 } }
      }
      fake.always('request', (call) => (/never$/.test(call.options.url) ? undefined : call.perform()))
      const hanging = each(9, () => world.assert.loginError(client.request({ url: 'never' }), 'timeout'))
      const waiting = client.request({ url: ORDER })
      await world.clock.advance(2000)
      await Promise.all(hanging)
      world.assert.equal((await waiting).errno, 0)
      world.assert.equal(aborted, 9, 'aborted')
    },
  },
  {
    name: 'places: a logout aborts the login that is on its way',
    async run(world) {
      const { fake, client } = await newClient(world)
      let aborted = 0
      fake.wx.request = ({ url }) => {
        world.assert.equal(url, BASE_URL + LOGIN)
        return { abort: () => { aborted += 1 } }
      }
      const login = world.assert.loginError(client.loginByWeixin(), 'logged_out')
      await world.clock.settle()
      await client.logout()
      await login
      world.assert.equal(aborted, 1, 'aborted')
    },
  },
  {
    name: 'places: an upload may take as long as wx allows, if nothing else is said',
    async run(world) {
      const { fake, client } = await signedIn(world, { timeoutMs: 5000 })
      await client.upload(FILE)
      await client.upload(Object.assign({ timeout: 7000 }, FILE))
      await client.request({ url: ORDER })
      world.assert.deepEqual(fake.uploads().map(({ options }) => options.timeout), [60000, 7000])
      world.assert.equal(fake.requests(ORDER)[0].options.timeout, 5000)
      fake.always('uploadFile', neverAnswers())
      const late = world.assert.loginError(client.upload(FILE), 'timeout')
      await world.clock.advance(61000)
      await late
    },
  },
]
