// A call that the app aborts by a signal.
'use strict'

const { LOGIN, PROFILE, each, newClient, revoked, signedIn } = require('./given.js')
const { held, neverAnswers } = require('../../../js-glue/testing/fake-wx.js')

const CALLS = {
  request: { url: 'order/echo' },
  requestFull: { url: 'order/echo' },
  upload: { url: 'storage/upload', filePath: 'wxfile://a.png', name: 'file' },
  download: { url: 'order/file' },
}
const APIS = { request: 'request', requestFull: 'request', upload: 'uploadFile', download: 'downloadFile' }
const METHODS = Object.keys(CALLS)

// A signal as a browser's own, which counts who listens.
const nativeLike = () => {
  const listeners = []
  const signal = {
    aborted: false,
    addEventListener: (type, listener) => { listeners.push(listener) },
    removeEventListener: (type, listener) => { listeners.splice(listeners.indexOf(listener), 1) },
  }
  const abort = () => {
    signal.aborted = true
    listeners.slice().forEach((listener) => listener({ type: 'abort' }))
  }
  return { signal, abort, listeners }
}

const newController = ({ phone }) => new (phone.startModule().AbortController)()

const withSignal = (method, { signal }) => Object.assign({ signal }, CALLS[method])
const ordersSent = (fake) => fake.calls.filter(({ options }) => options && /order|upload/.test(options.url)).length

// Counts the aborted tasks of `wx`, which then fail in their own time.
const countAborts = (fake) => {
  const counted = { aborts: 0 }
  Object.keys(APIS).map((method) => APIS[method]).filter((api, i, all) => all.indexOf(api) === i).forEach((api) => {
    const call = fake.wx[api]
    fake.wx[api] = (options) => {
      const task = call(options)
      const abort = () => {
        counted.aborts += 1
        task.abort()
      }
      return Object.assign({}, task, { abort })
    }
  })
  return counted
}

module.exports = [].concat(...METHODS.map((method) => [
  {
    name: `abort: ${method}: before the call, or right after it: aborted, and nothing is sent`,
    async run(world) {
      const { fake, client } = await signedIn(world)
      for (const controller of [newController(world), nativeLike()]) {
        controller.abort()
        await world.assert.loginError(client[method](withSignal(method, controller)), 'aborted')
      }
      const controller = newController(world)
      const call = world.assert.loginError(client[method](withSignal(method, controller)), 'aborted')
      controller.abort()
      await call
      world.assert.equal(ordersSent(fake), 0, 'requests')
      world.assert.equal(world.clock.timersRunning(), 0, 'timers')
    },
  },
  {
    name: `abort: ${method}: while it is with wx: aborted, and so is the task, once`,
    async run(world) {
      const { fake, client } = await signedIn(world)
      const counted = countAborts(fake)
      for (const controller of [newController(world), nativeLike()]) {
        fake.next(APIS[method], neverAnswers())
        const call = world.assert.loginError(client[method](withSignal(method, controller)), 'aborted')
        await world.clock.settle()
        controller.abort()
        controller.abort()
        await call
      }
      world.assert.equal(counted.aborts, 2, 'aborts')
      world.assert.equal(world.clock.timersRunning(), 0, 'timers')
      world.assert.ok(client.session, 'nobody is signed out')
    },
  },
  {
    name: `abort: ${method}: after the end it is too late, and nobody listens any more`,
    async run(world) {
      const { fake, client } = await signedIn(world)
      const counted = countAborts(fake)
      const { signal, abort, listeners } = nativeLike()
      await client[method](withSignal(method, { signal }))
      fake.server.next(CALLS[method].url, { status: 500, text: '' })
      await world.assert.loginError(client[method](withSignal(method, { signal })), 'server_error')
      await world.assert.loginError(client[method]({ signal }), 'invalid_argument', { field: method === 'upload' ? 'filePath' : 'url' })
      world.assert.equal(listeners.length, 0, 'listeners')
      abort()
      world.assert.equal(counted.aborts, 0, 'aborts')
    },
  },
]), [
  {
    name: 'abort: a request that waits for a login is aborted; the login goes on for the others',
    async run(world) {
      const { fake, client } = await revoked(world)
      const login = held()
      const controller = newController(world)
      fake.next('login', login)
      const others = each(3, () => client.request(CALLS.request))
      const aborted = world.assert.loginError(client.request(withSignal('request', controller)), 'aborted')
      await world.clock.settle()
      controller.abort()
      await aborted
      login.release()
      world.assert.deepEqual((await Promise.all(others)).map(({ errno }) => errno), [0, 0, 0])
      world.assert.equal(fake.requests(LOGIN).length, 2, 'logins')
      world.assert.equal(fake.requests('order/echo').length, 7, 'requests: the aborted one is not sent again')
    },
  },
  {
    name: 'abort: the only one that waits for a login is aborted: the login ends well all the same',
    async run(world) {
      const { fake, client } = await newClient(world)
      const login = held()
      const controller = newController(world)
      fake.next('login', login)
      const call = client.request(Object.assign({ auth: 'required' }, withSignal('request', controller)))
      const aborted = world.assert.loginError(call, 'aborted')
      await world.clock.settle()
      controller.abort()
      await aborted
      login.release()
      await world.clock.settle()
      world.assert.ok(client.session)
      world.assert.equal(ordersSent(fake), 0, 'requests')
    },
  },
  {
    name: 'abort: what waits for a place gives it up, and what is with wx gives its place to the next',
    async run(world) {
      const { fake, client } = await signedIn(world, { maxParallel: 1 })
      // This host's tasks say nothing when they are aborted.
      fake.next('request', neverAnswers())
      const { request } = fake.wx
      fake.wx.request = (options) => {
        request(options)
        return undefined
      }
      const [first, second] = [newController(world), newController(world)]
      const running = world.assert.loginError(client.request(withSignal('request', first)), 'aborted')
      const waiting = world.assert.loginError(client.request(withSignal('request', second)), 'aborted')
      const third = client.request(CALLS.request)
      await world.clock.settle()
      second.abort()
      await waiting
      world.assert.equal(fake.requests('order/echo').length, 1, 'requests')
      first.abort()
      await running
      world.assert.equal((await third).errno, 0)
      world.assert.equal(fake.requests('order/echo').length, 2, 'requests')
      world.assert.equal(world.clock.timersRunning(), 0, 'timers')
    },
  },
  {
    name: 'abort: one signal for many calls ends all of them, and none twice',
    async run(world) {
      const { fake, client } = await signedIn(world)
      fake.always('request', neverAnswers())
      const controller = newController(world)
      const calls = each(30, () => world.assert.loginError(client.request(withSignal('request', controller)), 'aborted'))
      await world.clock.settle()
      controller.abort()
      await Promise.all(calls)
      fake.always('request')
      world.assert.equal((await client.request(CALLS.request)).errno, 0)
    },
  },
  {
    name: 'abort: a controller tells its listeners once, and one that throws disturbs no other',
    async run(world) {
      const controller = newController(world)
      const { signal } = controller
      const heard = []
      const gone = () => heard.push('gone')
      const failing = () => {
        heard.push('first')
        throw new Error('of the page')
      }
      signal.addEventListener('abort', failing)
      signal.addEventListener('abort', gone)
      signal.addEventListener('load', () => heard.push('another event'))
      signal.addEventListener('abort', ({ type }) => heard.push(type))
      signal.removeEventListener('abort', gone)
      world.assert.equal(signal.aborted, false)
      controller.abort()
      controller.abort()
      world.assert.equal(signal.aborted, true)
      world.assert.deepEqual(heard, ['first', 'abort'])
      const thrown = await world.assert.rejection(world.clock.advance(0))
      world.assert.equal(thrown.message, 'of the page')
    },
  },
  {
    name: 'abort: a signal that is none is refused by name; none at all is fine',
    async run(world) {
      const { fake, client } = await signedIn(world)
      for (const signal of [{}, 7, 'abort', new Promise(() => {})]) {
        await world.assert.loginError(client.request(withSignal('request', { signal })), 'invalid_argument', { field: 'signal' })
      }
      world.assert.equal(ordersSent(fake), 0, 'requests')
      for (const signal of [null, undefined]) await client.request(withSignal('request', { signal }))
      await client.loginByWeixin(PROFILE)
    },
  },
])
