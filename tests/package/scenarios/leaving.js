// A logout while requests, and the login that they wait for, are under way.
'use strict'

const { LOGIN, each, newClient, revoked, signedIn } = require('./given.js')
const { BASE_URL, held } = require('../../../js-glue/testing/fake-wx.js')

const ORDER = 'order/echo'
const LOGOUT = 'auth/logout'
const order = (client) => client.request({ url: ORDER })

// Nobody is signed in, nothing more is sent, and a refused request signs nobody in by itself.
const staysOut = async (world, { fake, client }) => {
  await world.clock.advance(60 * 1000)
  world.assert.equal(client.session, null)
  world.assert.deepEqual(client.authHeader(), {})
  world.assert.deepEqual(fake.storedSessions(), [], 'what is in the storage')
  world.assert.equal(fake.navigations(), 0, 'navigations')
  const logins = fake.count('login')
  await world.assert.loginError(order(client), 'signed_out')
  world.assert.equal(fake.count('login'), logins, 'wx.login after the logout')
}

// [when the user leaves, the API whose call is held then, its path]
const PHASES = [
  ['its first try is on its way', 'request', ORDER],
  ['wx.login is under way for it', 'login'],
  ['the login is on its way for it', 'request', LOGIN],
]

const goesTo = ({ options }, path) => options.url === BASE_URL + path

// The behaviour by which the call for `path` waits, and all others go as usual.
const heldAt = (path, late) => (call) => (goesTo(call, path) ? late(call) : call.perform())

const phases = PHASES.map(([phase, api, path]) => ({
  name: `logout: a request when ${phase}: logged_out, not sent again, no session back (behaviours 10, 15, 26)`,
  async run(world) {
    const { fake, client } = await revoked(world)
    const late = held()
    fake.always(api, path ? heldAt(path, late) : late)
    const requests = each(path === ORDER ? 1 : 5, () => world.assert.loginError(order(client), 'logged_out'))
    await world.clock.settle()
    fake.always(api)
    const sent = fake.requests(ORDER).length
    await client.logout()
    late.release()
    await Promise.all(requests)
    world.assert.equal(fake.requests(ORDER).length, sent, 'requests after the logout')
    await staysOut(world, { fake, client })
  },
}))

module.exports = phases.concat([
  {
    name: 'logout: a request whose second try is on its way settles, and no session comes back (behaviour 26)',
    async run(world) {
      for (const accepted of [true, false]) {
        const { fake, client } = await revoked(world)
        const late = held()
        let tries = 0
        fake.always('request', (call) => {
          if (goesTo(call, ORDER)) tries += 1
          if (tries === 2) late(call)
          else call.perform()
        })
        const request = order(client).then(() => 'answered', (error) => error.code)
        await world.clock.settle()
        fake.always('request')
        if (!accepted) fake.server.revokeAll()
        const before = fake.requests(ORDER).length
        const logout = client.logout()
        late.release()
        await logout
        world.assert.ok(['answered', 'signed_out', 'logged_out'].indexOf(await request) >= 0, `outcome: ${await request}`)
        world.assert.equal(fake.requests(ORDER).length, before, 'requests after the logout')
        await staysOut(world, { fake, client })
      }
    },
  },
  {
    name: 'logout: requests that wait for the first login: logged_out, and never sent (behaviours 6, 26)',
    async run(world) {
      const { fake, client } = await newClient(world)
      const code = held()
      fake.next('login', code)
      const login = world.assert.loginError(client.loginByWeixin(), 'logged_out')
      const requests = each(5, () => world.assert.loginError(order(client), 'logged_out'))
      const session = world.assert.loginError(client.ensureLogin(), 'logged_out')
      await world.clock.settle()
      await client.logout()
      code.release()
      await Promise.all(requests.concat(login, session))
      world.assert.equal(fake.count('request'), 0, 'requests')
      await staysOut(world, { fake, client })
    },
  },
  {
    name: 'logout: requests that wait for the renewal of a token over by the clock: logged_out, and never sent (behaviour 26)',
    async run(world) {
      const { fake, client } = await signedIn(world)
      world.clock.set(client.session.expiresAt + 1)
      const code = held()
      fake.next('login', code)
      const requests = each(5, () => world.assert.loginError(order(client), 'logged_out'))
      await world.clock.settle()
      await client.logout()
      code.release()
      await Promise.all(requests)
      world.assert.equal(fake.requests(ORDER).length, 0, 'requests')
      await staysOut(world, { fake, client })
    },
  },
  {
    name: 'logout: the renewal ahead of the end is under way: no session comes back (behaviour 26)',
    async run(world) {
      const { fake, client } = await signedIn(world)
      world.clock.set(client.session.expiresAt - 30000)
      const code = held()
      fake.next('login', code)
      await client.ensureLogin()
      await world.clock.settle()
      await client.logout()
      code.release()
      await staysOut(world, { fake, client })
    },
  },
  {
    name: 'logout: with a token that the server refuses: no login, no request but the logout itself (behaviour 10)',
    async run(world) {
      const { fake, client } = await revoked(world)
      const before = fake.count('request')
      await client.logout()
      world.assert.equal(fake.requests(LOGOUT).length, 1, 'logouts')
      world.assert.equal(fake.count('request'), before + 1, 'requests')
      await staysOut(world, { fake, client })
    },
  },
  {
    name: 'logout: who signs in again by a tap is served again',
    async run(world) {
      const { fake, client } = await signedIn(world)
      await client.logout()
      await world.assert.loginError(order(client), 'signed_out')
      await client.ensureLogin({ mode: 'force' })
      fake.server.revokeAll()
      world.assert.equal((await order(client)).errno, 0)
    },
  },
])
