// Signing out, and what was under way then.
'use strict'

const { LOGIN, PROFILE, newClient, restarted, signedIn } = require('./given.js')
const { fails, held, neverAnswers, throws } = require('../../../js-glue/testing/fake-wx.js')

const isSignedOut = async ({ assert }, { fake, client }) => {
  assert.equal(client.session, null)
  assert.deepEqual(client.authHeader(), {})
  assert.deepEqual(fake.storedSessions(), [], 'what is in the storage')
  assert.equal(await assert.rejection(client.checkLogin()), false)
}

// Logs out while `api` keeps a login waiting, and lets it answer then.
const logoutDuring = (api) => ({
  name: `logout while wx.${api} is under way: logged_out, and the late answer changes nothing (behaviours 15, 26)`,
  async run(world) {
    const { fake, client } = await newClient(world)
    const late = held()
    fake.next(api, late)
    const login = world.assert.loginError(client.loginByWeixin(PROFILE), 'logged_out')
    await world.clock.settle()
    await client.logout()
    await login
    late.release()
    await world.clock.settle()
    await isSignedOut(world, { fake, client })
    world.assert.equal(fake.count('setStorageSync'), 1, 'writes: the logout')
    world.assert.equal((await client.loginByWeixin(PROFILE)).errno, 0, 'errno of the next login')
  },
})

module.exports = [
  logoutDuring('login'),
  logoutDuring('request'),
  {
    name: 'logs out: at once here, then on the server',
    async run(world) {
      const { fake, client } = await signedIn(world)
      const logout = client.logout()
      await isSignedOut(world, { fake, client })
      world.assert.equal(await logout, undefined)
      world.assert.equal(fake.requests('auth/logout')[0].options.header['X-Litemall-Token'], 'secret-token-1')
      world.assert.ok(!fake.server.accepts('secret-token-1'), 'the token is revoked')
      world.assert.equal((await restarted(world, fake)).session, null)
    },
  },
  {
    name: 'a logout while a second login is under way ends the first session too (behaviour 26)',
    async run(world) {
      const { fake, client } = await signedIn(world)
      const late = held()
      fake.next('request', late)
      const login = world.assert.loginError(client.loginByWeixin(), 'logged_out')
      await world.clock.settle()
      await client.logout()
      await login
      late.release()
      await world.clock.settle()
      await isSignedOut(world, { fake, client })
      world.assert.ok(!fake.server.accepts('secret-token-1'), 'the token is revoked')
    },
  },
  {
    name: 'a login right after a logout is a new one, and lasts (behaviour 26)',
    async run(world) {
      const { fake, client } = await newClient(world)
      const late = held()
      fake.next('login', late)
      const first = world.assert.loginError(client.loginByWeixin(), 'logged_out')
      await world.clock.settle()
      const logout = client.logout()
      const second = client.loginByWeixin(PROFILE)
      late.release()
      await Promise.all([first, logout, second])
      await world.clock.settle()
      world.assert.equal(client.session.userInfo.nickName, PROFILE.nickName)
      world.assert.equal(fake.requests(LOGIN).length, 1, 'posts')
    },
  },
  {
    name: 'a logout that the server does not hear of is one all the same',
    async run(world) {
      const unheard = [
        fails({ errMsg: 'request:fail', errno: 600001 }),
        throws(new Error('broken')),
        (call) => call.succeed({ statusCode: 500, data: '' }),
      ]
      for (const behaviour of unheard) {
        const { fake, client } = await signedIn(world)
        fake.next('request', behaviour)
        await client.logout()
        await isSignedOut(world, { fake, client })
      }
    },
  },
  {
    name: 'a logout settles also when the server never answers',
    async run(world) {
      const { fake, client } = await signedIn(world)
      fake.next('request', neverAnswers())
      const logout = client.logout()
      await world.clock.advance(60 * 1000)
      await logout
      await isSignedOut(world, { fake, client })
    },
  },
  {
    name: 'a logout without a session tells the server nothing',
    async run(world) {
      const { fake, client } = await newClient(world)
      await client.logout()
      await client.logout()
      world.assert.equal(fake.count('request'), 0)
    },
  },
  {
    name: 'a logout while a check is under way: not signed in, and the late answer changes nothing (behaviour 26)',
    async run(world) {
      const { fake } = await signedIn(world)
      const client = await restarted(world, fake)
      const late = held()
      fake.next('checkSession', late)
      const check = world.assert.rejection(client.checkLogin())
      await world.clock.settle()
      await client.logout()
      world.assert.equal(await check, false)
      late.release()
      await world.clock.settle()
      await isSignedOut(world, { fake, client })
    },
  },
  {
    name: 'logs out everywhere: at once here, and on the server all logins of the user',
    async run(world) {
      const { fake, client } = await signedIn(world)
      await client.loginByWeixin() // another login of the same user
      const logout = client.logout({ everywhere: true })
      await isSignedOut(world, { fake, client })
      world.assert.equal(await logout, undefined)
      world.assert.equal(fake.requests('auth/logout').length, 0, 'plain logouts')
      const [{ options }] = fake.requests('auth/logout_everywhere')
      world.assert.equal(options.header['X-Litemall-Token'], 'secret-token-2')
      for (const token of ['secret-token-1', 'secret-token-2']) world.assert.ok(!fake.server.accepts(token), `${token} is revoked`)
    },
  },
  {
    name: 'a logout whose options cannot be used is one here, and rejects: invalid_argument',
    async run(world) {
      const circle = { everywhere: true }
      circle.circle = circle
      const wrong = ['text', 42, true, [], circle].concat(['', 'true', 0, 1, {}, []].map((everywhere) => ({ everywhere })))
      for (const options of wrong) {
        const { fake, client } = await signedIn(world)
        const logout = client.logout(options)
        await isSignedOut(world, { fake, client })
        const error = await world.assert.loginError(logout, 'invalid_argument', { field: 'everywhere' })
        world.assert.ok(error.message.indexOf('everywhere') >= 0, `the message names it: ${error.message}`)
        world.assert.equal(fake.requests('auth/logout').length, 1, 'logouts')
      }
    },
  },
  {
    name: 'a logout looks at no other fields, such as those of a tap, and a getter that throws counts as missing',
    async run(world) {
      const broken = Object.defineProperty({}, 'everywhere', { enumerable: true, get() { throw new Error('broken') } })
      for (const options of [null, undefined, {}, { type: 'tap', detail: {} }, broken]) {
        const { fake, client } = await signedIn(world)
        world.assert.equal(await client.logout(options), undefined)
        await isSignedOut(world, { fake, client })
      }
    },
  },
  {
    name: 'a logout everywhere of which nobody knows whether it has worked rejects, and is one here',
    async run(world) {
      const unknown = [
        ['network', fails({ errMsg: 'request:fail', errno: 600001 })],
        ['server_error', (call) => call.succeed({ statusCode: 500, data: '' })],
        ['signed_out', (call) => call.succeed({ statusCode: 401, data: '' })],
      ]
      for (const [code, behaviour] of unknown) {
        const { fake, client } = await signedIn(world)
        fake.next('request', behaviour)
        await world.assert.loginError(client.logout({ everywhere: true }), code)
        await isSignedOut(world, { fake, client })
      }
    },
  },
  {
    name: 'a logout everywhere where the dialect does not say how: invalid_config, and a logout here',
    async run(world) {
      const { fake, client } = await signedIn(world, { dialect: { login: { url: LOGIN, send: { code: '$code', userInfo: '$userInfo' } } } })
      await world.assert.loginError(client.logout({ everywhere: true }), 'invalid_config', { field: 'dialect.logoutEverywhere' })
      await isSignedOut(world, { fake, client })
    },
  },
]
