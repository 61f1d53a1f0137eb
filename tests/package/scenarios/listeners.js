// What the client tells its listeners, and what they may do to it.
'use strict'

const { LOGIN, PROFILE, newClient, revoked, signedIn } = require('./given.js')
const { fails, held } = require('../../../js-glue/testing/fake-wx.js')

const ORDER = 'order/echo'
const order = (client) => client.request({ url: ORDER })

// All that listeners of the client hear from now on.
const listening = (client) => {
  const changes = []
  const events = []
  client.onChange((change) => changes.push(change))
  client.onEvent((event) => events.push(event))
  return { changes, events }
}

const kinds = (changes) => changes.map(({ type, reason }) => (reason ? `${type}: ${reason}` : type))
const steps = (events) => events.map(({ name, code }) => (code ? `${name}: ${code}` : name))

// [what happens, what there is before, how it happens, the changes told]
const CHANGES = [
  ['a login', newClient, (client) => client.loginByWeixin(), ['signedIn']],
  ['a login of who is signed in', signedIn, (client) => client.loginByWeixin(), ['renewed']],
  ['a silent login', newClient, (client) => client.ensureLogin(), ['signedIn']],
  ['a request on a refused token', revoked, order, ['renewed']],
  ['a changed profile', signedIn, (client) => client.updateProfile({ nickName: '新' }), ['renewed']],
  ['a bound phone', signedIn, (client) => client.bindPhone({ code: 'a' }), ['renewed']],
  ['a bound phone on a refused token', revoked, (client) => client.bindPhone({ code: 'a' }).catch(() => {}), ['signedOut: refused']],
  ['a new account', newClient, (client) => client.register({ username: 'a', password: 'b' }), ['signedIn']],
  ['a new account over another user', signedIn, (client) => client.register({ username: 'a', password: 'b' }), ['signedIn']],
  ['a logout', signedIn, (client) => client.logout(), ['signedOut: logout']],
  ['a second logout', newClient, (client) => client.logout(), []],
  ['a check', signedIn, (client) => client.checkLogin(), []],
  ['a request', signedIn, order, []],
  ['a login that fails', signedIn, (client, fake) => {
    fake.always('login', fails({ errMsg: 'login:fail' }))
    return client.loginByWeixin().catch(() => {})
  }, []],
  ['a session that cannot be stored', newClient, (client, fake) => {
    fake.always('setStorageSync', () => { throw new Error('full') })
    return client.loginByWeixin()
  }, ['signedIn']],
  ['a request refused twice', signedIn, (client, fake) => {
    fake.server.always(ORDER, { json: { errno: 501 } })
    fake.server.always('auth/info', { json: { errno: 501 } })
    return order(client).catch(() => {})
  }, ['renewed', 'signedOut: refused']],
]

const changes = CHANGES.map(([what, given, happen, told]) => ({
  name: `onChange: ${what}: ${told.join(', then ') || 'nothing'}`,
  async run(world) {
    const { fake, client } = await given(world)
    const heard = listening(client)
    await happen(client, fake)
    await world.clock.settle()
    world.assert.deepEqual(kinds(heard.changes), told)
    heard.changes.forEach((change) => world.assert.equal('session' in change, change.type !== 'signedOut'))
  },
}))

// [what happens, how, the steps told]
const STEPS = [
  ['a login', newClient, (client) => client.loginByWeixin(), ['login', 'exchange']],
  ['an account\'s login', newClient, (client) => client.register({ username: 'a', password: 'b' }), ['exchange']],
  ['a request', signedIn, order, []],
  ['a request on a refused token', revoked, order, ['login', 'exchange', 'replay']],
  ['a wx.login that fails', newClient, (client, fake) => {
    fake.next('login', fails({ errMsg: 'login:fail' }))
    return client.loginByWeixin().catch(() => {})
  }, ['login: wx_login_failed']],
  ['an answer that got lost', newClient, (client, fake) => {
    fake.next('request', fails({ errMsg: 'request:fail' }))
    return client.loginByWeixin()
  }, ['login', 'exchange: network', 'login', 'exchange']],
  ['a second refusal', signedIn, (client, fake) => {
    fake.server.always(ORDER, { json: { errno: 501 } })
    fake.server.always('auth/info', { json: { errno: 501 } })
    return order(client).catch(() => {})
  }, ['login', 'exchange', 'replay: signed_out']],
]

const events = STEPS.map(([what, given, happen, told]) => ({
  name: `onEvent: ${what}: ${told.join(', then ') || 'nothing'}`,
  async run(world) {
    const { fake, client } = await given(world)
    const heard = listening(client)
    await happen(client, fake)
    world.assert.deepEqual(steps(heard.events), told)
    heard.events.forEach((event) => world.assert.ok(event.ms >= 0, `a duration: ${event.ms}`))
  },
}))

module.exports = changes.concat(events, [
  {
    name: 'onEvent: tells how long a step took',
    async run(world) {
      const { fake, client } = await newClient(world)
      const { events: heard } = listening(client)
      const code = held()
      fake.next('login', code)
      const login = client.loginByWeixin()
      await world.clock.advance(300)
      code.release()
      await login
      world.assert.deepEqual(heard, [{ name: 'login', ms: 300 }, { name: 'exchange', ms: 0 }])
    },
  },
  {
    name: 'onEvent and onChange: no token, no code and no password in anything they give (behaviour 39)',
    async run(world) {
      const { fake, client } = await newClient(world)
      const heard = listening(client)
      const account = { username: 'li', password: 'secret-password' }
      client.onChange(() => { throw new Error('broken listener') })
      await client.register(account)
      await client.loginByAccount({ username: 'li', password: 'secret-guess' }).catch(() => {})
      await client.bindAccount(account)
      fake.server.next(LOGIN, { json: { errno: 712, errmsg: 'code secret-code-9 无效' } }, { text: 'secret-token-9' })
      await world.assert.loginError(client.loginByWeixin(PROFILE), 'bad_response')
      await world.clock.advance(1000) // WeChat gives 4 codes a second
      await client.ensureLogin({ mode: 'force' })
      await client.bindPhone({ code: 'secret-phone-code' })
      fake.server.revokeAll()
      await order(client)
      await client.logout()
      world.assert.ok(heard.events.length > 8, 'events')
      world.assert.ok(heard.changes.length > 4, 'changes')
      const texts = heard.events.concat(heard.changes).map((news) => JSON.stringify(news) + String(news.error))
      texts.forEach((text) => world.assert.ok(!/secret/.test(text), `a secret: ${text}`))
      const keys = heard.events.filter(({ name }) => name !== 'listener').map((event) => Object.keys(event).sort().join())
      keys.forEach((names) => world.assert.ok(names === 'ms,name' || names === 'code,ms,name', `fields: ${names}`))
    },
  },
  {
    name: 'onChange: a listener hears of a change when it is done: session, token and storage are new',
    async run(world) {
      const { fake, client } = await newClient(world)
      const seen = []
      client.onChange(({ session }) => seen.push([
        JSON.stringify(session) === JSON.stringify(client.session), client.authHeader()['X-Litemall-Token'], fake.storedSessions().length,
      ]))
      await client.loginByWeixin()
      await client.logout()
      world.assert.deepEqual(seen, [[true, 'secret-token-1', 1], [false, undefined, 0]])
    },
  },
  {
    name: 'onChange: listeners hear in the order in which they came, each once',
    async run(world) {
      const { client } = await newClient(world)
      const order = []
      const unsubscribe = [1, 2, 3].map((id) => client.onChange(() => order.push(id)))
      await client.loginByWeixin()
      world.assert.deepEqual(order, [1, 2, 3])
      unsubscribe[1]()
      unsubscribe[1]()
      await client.logout()
      world.assert.deepEqual(order, [1, 2, 3, 1, 3])
    },
  },
  {
    name: 'onChange: all hear the changes in the order in which they were, although the first of them signs out in the middle',
    async run(world) {
      const { client } = await newClient(world)
      const heard = [[], []]
      client.onChange(({ type }) => {
        if (type === 'signedIn') client.logout()
        heard[0].push(type)
      })
      client.onChange(({ type }) => heard[1].push(type))
      await world.assert.loginError(client.loginByWeixin(), 'logged_out')
      world.assert.deepEqual(heard, [['signedIn', 'signedOut'], ['signedIn', 'signedOut']])
      world.assert.equal(client.session, null)
    },
  },
  {
    name: 'onChange: one function subscribed twice is two listeners, and each is ended by its own',
    async run(world) {
      const { client } = await newClient(world)
      let calls = 0
      const listener = () => { calls += 1 }
      const end = client.onChange(listener)
      client.onChange(listener)
      await client.loginByWeixin()
      world.assert.equal(calls, 2)
      end()
      await client.logout()
      world.assert.equal(calls, 3)
    },
  },
  {
    name: 'onChange: a listener that throws disturbs neither the login nor the others, and onEvent tells (behaviour 40)',
    async run(world) {
      const { client } = await newClient(world)
      const broken = new Error('broken listener')
      const heard = listening(client)
      client.onChange(() => { throw broken })
      client.onEvent(() => { throw new Error('broken observer') })
      const after = listening(client)
      world.assert.equal((await client.loginByWeixin()).errno, 0)
      world.assert.deepEqual(kinds(after.changes), ['signedIn'])
      for (const { events: told } of [heard, after]) {
        const failures = told.filter(({ name }) => name === 'listener')
        world.assert.equal(failures.length, 1, 'failures told')
        world.assert.equal(failures[0].code, 'listener_failed')
        world.assert.ok(failures[0].error === broken, 'the very error')
      }
      await client.logout()
      world.assert.equal(client.session, null)
    },
  },
  {
    name: 'onChange: a listener unsubscribed by another in the middle of a change is not called any more (behaviour 40)',
    async run(world) {
      const { client } = await newClient(world)
      let calls = 0
      let end
      client.onChange(() => end())
      end = client.onChange(() => { calls += 1 })
      await client.loginByWeixin()
      await client.logout()
      world.assert.equal(calls, 0)
    },
  },
  {
    name: 'onChange: a listener may end itself, and others are told all the same',
    async run(world) {
      const { client } = await newClient(world)
      let calls = 0
      const end = client.onChange(() => {
        calls += 1
        end()
      })
      const after = listening(client)
      await client.loginByWeixin()
      await client.logout()
      world.assert.equal(calls, 1)
      world.assert.deepEqual(kinds(after.changes), ['signedIn', 'signedOut: logout'])
    },
  },
  {
    name: 'onChange: a listener that comes while a change is told hears of the next one',
    async run(world) {
      const { client } = await newClient(world)
      let late
      client.onChange(() => { late = late || listening(client) })
      await client.loginByWeixin()
      await client.logout()
      world.assert.deepEqual(kinds(late.changes), ['signedOut: logout'])
    },
  },
  {
    name: 'onChange: a listener that logs out when somebody signs in: everything settles, and nobody is signed in (behaviour 40)',
    async run(world) {
      const { fake, client } = await newClient(world)
      let logout
      client.onChange(({ type }) => { if (type === 'signedIn') logout = client.logout() })
      const heard = listening(client)
      await client.loginByWeixin().catch(() => {})
      await logout
      await world.clock.settle()
      world.assert.equal(client.session, null)
      world.assert.deepEqual(fake.storedSessions(), [])
      world.assert.equal(heard.changes.filter(({ type }) => type === 'signedOut').length, 1, 'ends told')
      world.assert.ok(!fake.server.accepts('secret-token-1'), 'the token is revoked')
    },
  },
  {
    name: 'onChange: a listener that asks for data when somebody signs in gets it, with the new token (behaviour 40)',
    async run(world) {
      const { fake, client } = await newClient(world)
      const asked = []
      client.onChange(({ type }) => {
        if (type === 'signedIn') asked.push(order(client), client.ensureLogin(), client.checkLogin(), client.updateProfile({ gender: 1 }))
      })
      await client.loginByWeixin()
      const [body, session, signedInNow] = await Promise.all(asked)
      world.assert.equal(body.data.userId, 1)
      world.assert.equal(session.via, 'weixin')
      world.assert.equal(signedInNow, true)
      world.assert.equal(fake.requests(ORDER).length, 1, 'requests')
      world.assert.equal(fake.count('login'), 1, 'wx.login')
    },
  },
  {
    name: 'onChange: a listener that signs in again when signed out is not undone by the logout (behaviour 40)',
    async run(world) {
      const { fake, client } = await signedIn(world)
      let again
      client.onChange(({ type }) => { if (type === 'signedOut') again = client.loginByWeixin(PROFILE) })
      await client.logout()
      await again
      await world.clock.settle()
      world.assert.equal(client.authHeader()['X-Litemall-Token'], 'secret-token-2')
      world.assert.ok(!fake.server.accepts('secret-token-1'), 'the old token is revoked')
      world.assert.ok(fake.server.accepts('secret-token-2'), 'the new token is good')
    },
  },
  {
    name: 'onEvent: a listener that logs out or asks in the middle of a login: everything settles (behaviour 40)',
    async run(world) {
      const { fake, client } = await newClient(world)
      const asked = []
      const end = client.onEvent(({ name }) => {
        if (name !== 'login') return
        end()
        asked.push(order(client).catch(() => {}), client.logout())
      })
      await client.loginByWeixin().catch(() => {})
      await Promise.all(asked)
      await world.clock.settle()
      world.assert.equal(client.session, null)
      world.assert.deepEqual(fake.storedSessions(), [])
    },
  },
  {
    name: 'onChange: clients do not hear of each other, and unsubscribing after free() is harmless',
    async run(world) {
      const { client } = await newClient(world)
      const other = await newClient(world)
      const heard = listening(other.client)
      const end = client.onChange(() => {})
      await client.loginByWeixin()
      world.assert.deepEqual(heard, { changes: [], events: [] })
      client.free()
      end()
    },
  },
])
