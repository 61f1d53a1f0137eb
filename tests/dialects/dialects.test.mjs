// The built package against each backend: the dialect comes from a preset, the server speaks from the facts.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { backends } from './backends/index.mjs'
import { clientOf } from './client.mjs'
import { dialectOf } from './dialects.mjs'
import { createHttpWx } from './http-wx.mjs'
import { TEXTS } from './language.mjs'
import { answers, lost, startServer } from './server.mjs'

const EIGHT = [1, 2, 3, 4, 5, 6, 7, 8]
const ACCOUNT = ['li', 'secret-password']
const PHONE = '13800000000'
const FORM = { 'content-type': 'application/x-www-form-urlencoded' }
const HOUR_MS = 3600 * 1000
const WHILE_MS = 2 * 60 * 1000

// The ways to sign in, each with who is signed in by it.
const ways = {
  code: { user: 'openid-1', signIn: (client) => client.loginByWeixin({ nickName: 'new' }) },
  account: {
    user: 'li',
    signIn: (client, { machine }) => {
      const { username, password } = machine.addAccount(...ACCOUNT)
      return client.loginByAccount({ username, password })
    },
  },
  phoneCode: {
    user: 'openid-1',
    signIn: (client, { machine }) => client.loginByPhone({ phoneCode: machine.newPhoneCode(PHONE) }),
  },
  phoneData: { user: 'openid-1', signIn: (client, { machine }) => client.loginByPhone(machine.newPhoneData(PHONE)) },
}

const wayOf = (server) => ways[Object.keys(ways).find(server.signsInBy)]
const isByCode = (server) => wayOf(server) === ways.code

const userOf = (server) => server.machine.userOf(wayOf(server).user)

// The value of a field, wherever it is.
const valueOf = (body, name) => {
  if (typeof body !== 'object' || body === null) return undefined
  if (Object.hasOwn(body, name)) return body[name]
  return Object.values(body).map((inner) => valueOf(inner, name)).find((value) => value !== undefined)
}

const ownRequest = async ({ server, client }, n = 1) => {
  const { ownPath: url, backend } = server
  const body = await client.request(backend.forms ? { url, method: 'POST', header: FORM, data: { n } } : { url, data: { n } })
  return { of: valueOf(body, 'of'), n: valueOf(body, 'n') }
}

const atOnce = (world) => Promise.allSettled(EIGHT.map((n) => ownRequest(world, n)))

const answersTo = (user) => EIGHT.map((n) => ({ status: 'fulfilled', value: { of: user, n: String(n) } }))

const assertAllAnswered = (settled, { server }) => assert.deepEqual(settled, answersTo(wayOf(server).user))
const assertAllSignedOut = (settled) =>
  assert.deepEqual(settled.map(({ reason }) => reason && reason.code), EIGHT.map(() => 'signed_out'))

// Whether the login's answer says when the token ends, in itself or in the token.
const tellsEnd = ({ backend }) => {
  const session = { token: 't', refreshToken: 'r', user: { id: 1, openid: 'o' } }
  const saying = (ends) => JSON.stringify(backend.session({ ...session, ends }, ends))
  return saying(1000) !== saying(2000) || (backend.jwt || []).includes('exp')
}

const says = (error, text) => Object.values(error).concat(error.message).some((value) => String(value).includes(text))

// A refresh token that is not the token itself: it is good when the token is revoked.
const isByToken = ({ routes }) => Object.values(routes).some(({ kind, needsUser }) => kind === 'refresh' && needsUser)
const hasRefreshToken = ({ has, backend }) => has('refresh') && !backend.refreshIsToken && !isByToken(backend)
const isRolling = (name) => name.endsWith('(rolling)')

const wait = (ms) => new Promise((resolve) => { setTimeout(resolve, ms) })

const until = async (isSo, ms = 3000) => {
  const end = Date.now() + ms
  while (!isSo() && Date.now() < end) await wait(10)
  assert.ok(isSo(), `not within ${ms} ms: ${isSo}`)
}

// After a failed renewal the client pauses, so that the next attempts may fail as well.
const eventually = async (work, attempts = 60) => {
  for (let left = attempts; left > 1; left -= 1) {
    const settled = await work().catch(() => undefined)
    if (settled) return settled
    await wait(250)
  }
  return work()
}

const signedIn = async (world) => {
  await wayOf(world.server).signIn(world.client, world.server)
  return world
}

// Signed in a while ago: a refusal of a token that was just given may be about the one address that refuses.
const signedInBefore = async (world) => {
  await signedIn(world)
  world.pass(WHILE_MS)
  return world
}

const steps = {
  'signs in, and sends as the user': async (world) => {
    const { server } = await signedIn(world)
    assert.deepEqual(await ownRequest(world, 5), { of: wayOf(server).user, n: '5' })
    assert.equal(server.count('login'), 1)
  },

  'reads the user\'s id': async (world, t) => {
    const { server, client } = await signedIn(world)
    const { backend } = server
    if (!backend.id) return t.skip('the facts name none')
    const user = userOf(server)
    const said = [backend.session({ token: 't', user }), backend.user && backend.user(user)]
    assert.equal(valueOf(client.session.userInfo, backend.id), valueOf(said.reverse(), backend.id))
  },

  'is another user: nothing is sent once more': async (world, t) => {
    const { server } = world
    if (!server.backend.id) return t.skip('the facts name no id of a user')
    if (!isByCode(server)) return t.skip('nobody is signed in silently')
    await signedInBefore(world)
    server.machine.revokeTokens()
    server.machine.revokeRefreshTokens()
    world.fake.openid = 'openid-2'
    await assert.rejects(ownRequest(world), { code: 'user_changed' })
    assert.equal(server.count('app'), 1)
  },

  'signs in with an account': async ({ server, client }, t) => {
    if (!server.signsInBy('account')) return t.skip('it knows no accounts')
    await ways.account.signIn(client, server)
    assert.deepEqual(await ownRequest({ server, client }), { of: 'li', n: '1' })
  },

  'signs in by the phone button': async ({ server, client }, t) => {
    const way = ['phoneCode', 'phoneData'].find(server.signsInBy)
    if (!way) return t.skip('it knows no such login')
    if (server.knowsNewcomers) {
      server.machine.userOf('openid-1').isNew = true
      await assert.rejects(client.loginByWeixin(), { code: 'unfinished' })
      assert.equal(client.session, null)
    }
    await ways[way].signIn(client, server)
    assert.deepEqual(await ownRequest({ server, client }), { of: 'openid-1', n: '1' })
    assert.equal(server.machine.userOf('openid-1').phone, PHONE)
  },

  'binds a phone number': async (world, t) => {
    if (!world.server.bindsPhoneByCode) return t.skip('it knows no such request')
    const { server, client } = await signedIn(world)
    await client.bindPhone({ code: server.machine.newPhoneCode(PHONE) })
    assert.equal(userOf(server).phone, PHONE)
  },

  'a newcomer is signed up': async ({ server, client }, t) => {
    if (!server.signsInBy('profile')) return t.skip('nobody is signed up by a profile')
    server.machine.userOf('openid-1').isNew = true
    await client.loginByWeixin()
    assert.deepEqual(await ownRequest({ server, client }), { of: 'openid-1', n: '1' })
  },

  'eight requests at once on revoked tokens: one renewal': async (world, t) => {
    if (isRolling(world.name)) return t.skip('there a token works once: requests at once end each other\'s')
    const { server } = await signedInBefore(world)
    server.machine.revokeTokens()
    const settled = await atOnce(world)
    if (hasRefreshToken(server)) {
      assertAllAnswered(settled, world)
      assert.deepEqual([server.count('refresh'), server.count('login')], [1, 1])
    } else if (isByCode(server)) {
      assertAllAnswered(settled, world)
      assert.equal(server.count('login'), 2)
    } else {
      assertAllSignedOut(settled)
      assert.equal(server.count('login'), 1)
    }
  },

  'eight requests at once on revoked refresh tokens: one login': async (world, t) => {
    if (!hasRefreshToken(world.server)) return t.skip('it has no refresh tokens')
    const { server } = await signedInBefore(world)
    server.machine.revokeTokens()
    server.machine.revokeRefreshTokens()
    const settled = await atOnce(world)
    if (isByCode(server)) assertAllAnswered(settled, world)
    else assertAllSignedOut(settled)
    assert.deepEqual([server.count('refresh'), server.count('login')], [1, isByCode(server) ? 2 : 1])
  },

  'a refresh whose answer got lost is healed': async (world, t) => {
    if (!hasRefreshToken(world.server)) return t.skip('it has no refresh tokens')
    if (!isByCode(world.server)) return t.skip('nobody is signed in silently')
    const { server } = await signedInBefore(world)
    server.machine.revokeTokens()
    server.next('refresh', lost)
    await ownRequest(world).catch(({ code }) => assert.equal(code, 'network'))
    assert.deepEqual(await eventually(() => ownRequest(world, 2)), { of: 'openid-1', n: '2' })
    assert.ok(server.count('login') <= 2)
  },

  'a server in trouble signs nobody out': async (world) => {
    const { server, client } = await signedInBefore(world)
    const busy = answers(503, 'busy', { 'Retry-After': '1' })
    server.machine.revokeTokens()
    for (const kind of ['refresh', 'exchange', 'login']) server.next(kind, busy, busy, busy)
    await assert.rejects(ownRequest(world))
    if (hasRefreshToken(server) || isByCode(server)) assert.ok(client.session, 'the session is kept')
  },

  'is refreshed in the margin before the end': async (world, t) => {
    const { server } = world
    if (!server.has('refresh')) return t.skip('it has no refresh')
    if (!tellsEnd(server)) return t.skip('nobody knows the end of a token')
    if (isRolling(world.name)) return t.skip('there each answer brings the next token')
    await signedIn(world)
    world.pass(server.machine.lifeMs - 30 * 1000)
    await ownRequest(world)
    await until(() => server.count('refresh') === 1)
    assert.deepEqual(await ownRequest(world, 2), { of: wayOf(server).user, n: '2' })
    assert.equal(server.count('login'), 1)
  },

  'knows the end, though the server\'s clock is wrong': async (world) => {
    const { server } = world
    if (tellsEnd(server)) server.setSkew(HOUR_MS)
    const { client } = await signedIn(world)
    const { expiresAt } = client.session
    if (!tellsEnd(server)) return assert.equal(expiresAt, null)
    const expected = Date.now() + server.machine.lifeMs
    assert.ok(Math.abs(expiresAt - expected) < 5000, `${expiresAt} is not near ${expected}`)
  },

  'takes the tokens that roll': async (world, t) => {
    const { server } = world
    if (!server.backend.rolls) return t.skip('its tokens do not roll')
    if (!isRolling(world.name)) server.machine.lifeMs = 4 * 60 * 1000 // so that the end is near enough
    await signedIn(world)
    for (const n of [1, 2, 3]) await ownRequest(world, n)
    assert.equal(new Set(server.tokens('app')).size, 3)
    assert.equal(server.count('login'), 1)
  },

  'shows why a login is refused': async (world) => {
    userOf(world.server).blocked = true
    await assert.rejects(signedIn(world), (error) => error.code === 'rejected' && says(error, TEXTS.blocked))
    assert.equal(world.client.session, null)
  },

  'uploads as the user': async (world) => {
    const { server, client } = await signedIn(world)
    const body = await client.upload({ url: server.ownPath, filePath: 'a.png', name: 'file', formData: { n: '7' } })
    assert.deepEqual([valueOf(body, 'of'), valueOf(body, 'n')], [wayOf(server).user, '7'])
  },

  'signs out here and there': async (world) => {
    const { server, client } = await signedIn(world)
    await client.logout()
    assert.equal(client.session, null)
    assert.equal(server.count('logout'), server.has('logout') ? 1 : 0)
    const ends = server.has('logout') && !server.backend.logoutKeepsToken
    assert.equal(server.machine.hasSession(userOf(server)), !ends)
  },
}

// Lets time go by for the client and the server.
const passing = (t) => {
  const { now } = Date
  let passed = 0
  t.mock.method(Date, 'now', () => now() + passed)
  return (ms) => { passed += ms }
}

const onServer = (name, work) => async (t) => {
  const pass = passing(t)
  const server = await startServer(name)
  try {
    const fake = createHttpWx(server)
    const client = await clientOf(server, fake, { dialect: await dialectOf(name, server) })
    await work({ name, server, fake, client, pass }, t)
    assert.deepEqual({ complaints: server.complaints, violations: fake.violations }, { complaints: [], violations: [] })
    assert.equal(server.count('unexpected'), 0)
  } finally {
    await server.stop()
  }
}

for (const name of Object.keys(backends)) {
  describe(name, () => {
    for (const [step, work] of Object.entries(steps)) test(step, onServer(name, work))
  })
}
