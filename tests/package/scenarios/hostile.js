// Values and engines that throw in the middle of the module: it goes on, for this call's rejection and for all others.
'use strict'

const { newClient, signedIn } = require('./given.js')
const { fails } = require('../../../js-glue/testing/fake-wx.js')

const ORDER = { url: 'order/echo' }

const boom = () => { throw new Error('boom') }

const revokedProxy = () => {
  const { proxy, revoke } = Proxy.revocable({}, {})
  revoke()
  return proxy
}

// Answers of `fail` that throw when they are looked at, or say nothing.
const FAILURES = {
  'an Error whose message throws': () => Object.defineProperty(new Error(), 'message', { get: boom }),
  'an Error whose message is no text': () => Object.assign(new Error(), { message: {}, name: undefined }),
  'an Error that cannot be printed': () => Object.assign(new Error('x'), { toString: boom }),
  'an object whose fields throw': () => Object.defineProperty({}, 'errMsg', { get: boom }),
  'a revoked proxy': revokedProxy,
}

const ARGUMENTS = {
  loginByWeixin: ['userInfo', revokedProxy],
  updateProfile: ['fields', revokedProxy],
  request: ['header', () => Object.assign({ header: revokedProxy() }, ORDER)],
  upload: ['formData', () => ({ url: 'storage/upload', filePath: 'a.png', name: 'file', formData: revokedProxy() })],
}

// Everybody is served as if nothing had been.
const goesOn = async (world, clients) => {
  for (const { client } of clients) {
    await client.loginByWeixin()
    world.assert.equal((await client.request(ORDER)).errno, 0)
  }
}

const failures = Object.keys(FAILURES).map((what) => ({
  name: `hostile: wx.login fails with ${what}: wx_login_failed, and all goes on`,
  async run(world) {
    const clients = [await newClient(world), await newClient(world)]
    clients[0].fake.next('login', fails(FAILURES[what]()))
    await world.assert.loginError(clients[0].client.loginByWeixin(), 'wx_login_failed')
    await goesOn(world, clients)
  },
}))

const refusals = Object.keys(ARGUMENTS).map((method) => ({
  name: `hostile: ${method} with a revoked proxy: invalid_argument, and all goes on`,
  async run(world) {
    const clients = [await signedIn(world), await signedIn(world)]
    const [field, argument] = ARGUMENTS[method]
    await world.assert.loginError(clients[0].client[method](argument()), 'invalid_argument', { field })
    await goesOn(world, clients)
  },
}))

// The engine throws where the module asks it for the time, as one does that is out of stack or memory: once, at the `nth` time that it is asked for the time from now on, wherever the module is then.
const throwAtThe = (nth) => {
  const { now } = Date
  let asked = 0
  Date.now = () => {
    asked += 1
    if (asked === nth) boom()
    return now()
  }
  return () => {
    Date.now = now
    return asked >= nth
  }
}

// Not in tail position: engines may take the last call of a function without stack.
const descend = (depth, work) => {
  const result = depth > 0 ? descend(depth - 1, work) : work()
  return result
}

// How deep one can go and still make a promise, about: engines make their frames smaller as they go. With less, an engine may
// reject a promise and throw all the same, so that nobody has it.
const deepest = () => {
  let [reached, tooDeep] = [0, 1000000]
  while (tooDeep - reached > 1) {
    const depth = (reached + tooDeep) >> 1
    try {
      descend(depth, () => { Promise.resolve(String(new Error(depth))).then(() => {}, () => {}) })
      reached = depth
    } catch (error) {
      tooDeep = depth
    }
  }
  return reached
}

// So many turns of the engine's promises later.
const later = (turns) => (turns > 0 ? Promise.resolve().then(() => later(turns - 1)) : Promise.resolve())

module.exports = failures.concat(refusals, [
  {
    name: 'hostile: hardly any stack left: what is called or answered there is done, refused or late, and all goes on',
    // An engine may reject a promise that the module is about to give, and throw all the same, so that nobody has it.
    mayLeaveRejected: RangeError,
    async run(world) {
      const { fake, client } = await signedIn(world)
      const floor = deepest()
      for (let left = 0; left < 100; left += 1) {
        let answer
        fake.next('request', ({ options }) => { answer = options.success })
        const settled = (call) => call.then(() => 'done', (error) => error.code)
        const calls = [settled(client.request(ORDER))]
        await world.clock.settle()
        let call // once it is there, nothing that needs stack may come between
        const works = [
          () => answer({ statusCode: 200, data: { errno: 0 } }),
          () => { call = client.request(ORDER) },
          () => { call = client.ensureLogin({ mode: 'force' }) },
        ]
        for (const work of works) {
          call = undefined
          try {
            descend(floor - left, work)
          } catch (error) {
            world.assert.ok(error instanceof RangeError, String(error))
          }
          if (call) calls.push(settled(call))
          await world.clock.advance(1000)
        }
        await world.clock.advance(20000) // an answer that nobody could take in is one that never comes
        const outcomes = await Promise.all(calls)
        world.assert.ok(outcomes.every((outcome) => ['done', 'interrupted', 'timeout'].indexOf(outcome) >= 0), outcomes.join())
        world.assert.equal((await client.request(ORDER)).errno, 0)
      }
    },
  },
  {
    name: 'hostile: a getter that throws in the options of a request: the rest of them is sent',
    async run(world) {
      const { fake, client } = await signedIn(world)
      const options = { url: ORDER.url, method: 'POST', header: { 'X-Page': 'cart' } }
      // Before the others, which a copy that stops at the throw would lose.
      const throwing = Object.defineProperty({}, 'data', { get: boom, enumerable: true })
      Object.keys(options).forEach((key) => { throwing[key] = options[key] })
      await client.request(throwing)
      const [sent] = fake.requests(ORDER.url)
      world.assert.equal(sent.options.method, 'POST')
      world.assert.equal(sent.options.header['X-Page'], 'cart')
    },
  },
  {
    name: 'hostile: a wx that answers at once, and a listener that signs out in the middle of a login: logged_out, and nobody is signed in',
    async run(world) {
      const { fake, client } = await newClient(world)
      const envelope = { errno: 0, data: { token: 'secret-token', userInfo: {} } }
      fake.wx.login = ({ success }) => success({ code: 'secret-code' })
      fake.wx.request = ({ success }) => success({ statusCode: 200, data: envelope })
      client.onEvent(({ name }) => { if (name === 'login') client.logout() })
      await world.assert.loginError(client.loginByWeixin(), 'logged_out')
      world.assert.equal(client.session, null)
      world.assert.deepEqual(fake.storedSessions(), [])
    },
  },
  {
    name: 'hostile: a getter of the login\'s answer signs out: logged_out, and nobody is signed in',
    async run(world) {
      const { fake, client } = await newClient(world)
      const data = Object.defineProperty({ userInfo: {} }, 'token', { get: () => { client.logout(); return 'secret-token' } })
      fake.next('request', ({ options }) => options.success({ statusCode: 200, data: { errno: 0, data } }))
      await world.assert.loginError(client.loginByWeixin(), 'logged_out')
      world.assert.equal(client.session, null)
      world.assert.deepEqual(fake.storedSessions(), [])
    },
  },
  {
    name: 'hostile: an engine that throws in the middle of a call: interrupted, and all goes on',
    async run(world) {
      const clients = [await signedIn(world), await signedIn(world)]
      const goOn = throwAtThe(1)
      const failing = world.assert.loginError(clients[0].client.request(ORDER), 'interrupted')
      await world.clock.advance(0)
      goOn()
      const { message } = await failing
      world.assert.ok(message.indexOf('boom') >= 0, message)
      world.assert.ok(clients[0].client.session, 'the session is still there')
      await goesOn(world, clients)
    },
  },
  {
    name: 'hostile: an engine that throws in the middle of a login that several share: interrupted for all of them, and all goes on',
    async run(world) {
      const clients = [await newClient(world), await newClient(world)]
      const [{ fake, client }] = clients
      let answer
      fake.next('login', ({ options }) => { answer = options.success })
      const sharing = [client.loginByWeixin(), client.loginByWeixin(), client.ensureLogin({ mode: 'force' })]
      sharing.push(client.request(ORDER)) // waits for the first login
      const failing = Promise.all(sharing.map((call) => world.assert.loginError(call, 'interrupted')))
      await world.clock.settle()
      const goOn = throwAtThe(1)
      answer({ code: 'secret-code-0' })
      await world.clock.advance(0)
      goOn()
      await failing
      world.assert.equal((await client.request(ORDER)).errno, 0)
      world.assert.equal(fake.count('login'), 2)
      await goesOn(world, clients)
    },
  },
  ...['to its end', 'until a logout'].map((how) => ({
    name: `hostile: an engine that throws anywhere in a login that several share, ${how}: every call settles, and all goes on`,
    async run(world) {
      let interruptions = 0
      for (let nth = 1, thrown = true; thrown; nth += 1) {
        const { client } = await newClient(world)
        const goOn = throwAtThe(nth)
        const calls = [client.loginByWeixin(), client.loginByWeixin(), client.ensureLogin(), client.request(ORDER)]
        if (how === 'until a logout') calls.push(later(30).then(() => client.logout()))
        const settled = Promise.all(calls.map((call) => call.then(() => 'done', (error) => error.code)))
        await world.clock.advance(0)
        thrown = goOn()
        const outcomes = await settled
        interruptions += outcomes.filter((outcome) => outcome === 'interrupted').length
        world.assert.ok(outcomes.every((outcome) => ['done', 'interrupted', 'logged_out'].indexOf(outcome) >= 0), outcomes.join())
        await goesOn(world, [{ client }])
      }
      world.assert.ok(interruptions > 0, 'nothing was interrupted')
    },
  })),
])
