// The server of the dialects alone, by plain HTTP: it takes what the facts of each backend say, and nothing else.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { backends } from './backends/index.mjs'
import { TEXTS } from './language.mjs'
import { answers, lost, startServer } from './server.mjs'
import { wire } from './wire.mjs'

const parsed = (text) => {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

// A request with what others add to it: `{ header, query }`.
const send = async (server, { method, path, header, body, isAtOther }, ...others) => {
  const url = new URL(path, isAtOther ? server.otherUrl : server.baseUrl)
  for (const { query } of others) Object.entries(query || {}).forEach(([name, value]) => url.searchParams.set(name, value))
  const answer = await fetch(url, { method, body, headers: Object.assign({}, header, ...others.map((other) => other.header)) })
  return { status: answer.status, body: parsed(await answer.text()), header: answer.headers }
}

const newAccount = ({ machine }) => machine.addAccount('li', 'secret-password')
const proofs = (server) => ({
  code: server.machine.newCode('openid-1'),
  data: server.machine.newPhoneData('13800000000'),
  account: newAccount(server),
})

// The requests of a login, the last of which brings the token.
const loginRequest = async (server, { exchange, login }, constant) => {
  const given = proofs(server)
  const first = exchange && (await send(server, exchange(given), constant)).body
  return login({ ...given, first })
}

const constantOf = ({ constant = {} }) => constant

const signIn = async (server, spoken) =>
  (await send(server, await loginRequest(server, spoken, constantOf(spoken)), constantOf(spoken))).body

const own = (server) => ({ method: 'GET', path: server.ownPath, header: {} })

const hasToken = ({ body }) => JSON.stringify(body).includes('secret-token')

// Whether an answer has these fields and, as `$status`, this status.
const fits = ({ status, body }, { $status = 200, ...fields }) =>
  status === $status && Object.keys(fields).every((name) => body[name] === fields[name])

const isTaken = ({ body }) => JSON.stringify(body).includes('openid-1') || JSON.stringify(body).includes('"li"')

// The request without each of its constant parts.
const lacking = ({ header = {}, query = {} }) => {
  const without = (fields, name) => Object.fromEntries(Object.entries(fields).filter(([other]) => other !== name))
  return [
    ...Object.keys(header).map((name) => ({ header: without(header, name), query })),
    ...Object.keys(query).map((name) => ({ header, query: without(query, name) })),
  ]
}

const OTHER_TYPE = {
  'application/json': 'application/x-www-form-urlencoded',
  'application/x-www-form-urlencoded': 'application/json',
}

const trustsOpenid = ({ backend }) => backend === backends.niushop
const takesBoth = ({ backend }) => Object.values(backend.routes).some(({ wanted }) => wanted && wanted.body)

// Whether the refresh of the same answer works a second time: not by a token that the first one has ended.
const works = ({ backend }, { rotates }) => !rotates && backend.refreshEndsToken !== true

const steps = {
  'takes a login, and its token': async (server, spoken) => {
    const token = spoken.token(await signIn(server, spoken))
    assert.match(token, /secret-token-1/)
    const answer = await send(server, own(server), constantOf(spoken), spoken.as(token))
    assert.ok(isTaken(answer), JSON.stringify(answer))
    assert.deepEqual(server.complaints, [])
    assert.equal(server.count('login'), 1)
    assert.deepEqual(server.tokens('app'), [token])
  },

  'says "signed out" to a token that was revoked': async (server, spoken) => {
    const token = spoken.token(await signIn(server, spoken))
    server.machine.revokeTokens()
    const answer = await send(server, own(server), constantOf(spoken), spoken.as(token))
    assert.ok(fits(answer, spoken.signedOut), JSON.stringify(answer))
  },

  'takes no code twice': async (server, spoken, t) => {
    if (!server.signsInBy('code')) return t.skip('it takes no code of wx.login')
    const login = await loginRequest(server, spoken, constantOf(spoken))
    await send(server, login, constantOf(spoken))
    const again = await send(server, login, constantOf(spoken))
    // Who trusts the openid that the client sends can be asked again.
    assert.equal(server.machine.tokensGiven(), trustsOpenid(server) ? 2 : 1, JSON.stringify(again))
  },

  'refuses a user who is blocked, with its own text': async (server, spoken) => {
    for (const name of ['openid-1', 'li']) server.machine.userOf(name).blocked = true
    assert.ok(JSON.stringify(await signIn(server, spoken)).includes(TEXTS.blocked))
  },

  'refuses a login as another type, and notes it': async (server, spoken, t) => {
    const login = await loginRequest(server, spoken, constantOf(spoken))
    const type = OTHER_TYPE[login.header['Content-Type']]
    if (!type) return t.skip('its login has no body')
    if (takesBoth(server)) return t.skip('it takes a form and JSON')
    if (login.header['encrypt-key']) return t.skip('its body is encrypted')
    await send(server, login, constantOf(spoken), { header: { 'Content-Type': type } })
    assert.equal(server.machine.tokensGiven(), 0, 'sessions')
    assert.equal(server.complaints.length, 1)
  },

  'refuses what lacks a constant part': async (server, spoken, t) => {
    if (!spoken.constant) return t.skip('there is none')
    const token = spoken.token(await signIn(server, spoken))
    for (const less of lacking(constantOf(spoken))) {
      const before = server.complaints.length
      assert.ok(!isTaken(await send(server, own(server), less, spoken.as(token))))
      assert.equal(server.complaints.length, before + 1)
    }
  },

  'knows no other address': async (server, spoken) => {
    const { status } = await send(server, { method: 'POST', path: 'no/such/address' }, constantOf(spoken))
    assert.equal(status, 404)
    assert.equal(server.count('unexpected'), 1)
    assert.equal(server.complaints.length, 1)
  },

  'refreshes': async (server, spoken, t) => {
    assert.equal(Boolean(spoken.refresh), server.has('refresh'))
    if (!spoken.refresh) return t.skip('it has no such request')
    const before = await signIn(server, spoken)
    const after = await send(server, spoken.refresh(before), constantOf(spoken))
    assert.equal(after.status, 200)
    const token = spoken.token(after.body)
    assert.ok(server.machine.accepts(token))
    const again = await send(server, spoken.refresh(before), constantOf(spoken))
    assert.equal(hasToken(again), works(server, spoken), JSON.stringify(again))
    assert.deepEqual(server.complaints, [])
  },

  'says who the user is': async (server, spoken, t) => {
    assert.equal(Boolean(spoken.user), server.has('user'))
    if (!spoken.user) return t.skip('it has no such request')
    const token = spoken.token(await signIn(server, spoken))
    const answer = await send(server, spoken.user, constantOf(spoken), spoken.as(token))
    assert.match(JSON.stringify(answer.body), /user \d/)
    assert.deepEqual(server.complaints, [])
  },

  'signs out': async (server, spoken, t) => {
    assert.equal(Boolean(spoken.logout), server.has('logout'))
    if (!spoken.logout) return t.skip('it has no such request')
    const body = await signIn(server, spoken)
    await send(server, spoken.logout(body), constantOf(spoken), spoken.as(spoken.token(body)))
    assert.equal(server.count('logout'), 1)
    assert.equal(server.machine.accepts(spoken.token(body)), server.backend.logoutKeepsToken === true)
    assert.deepEqual(server.complaints, [])
  },
}

const onServer = (name, work) => async (t) => {
  const server = await startServer(name)
  try {
    await work(server, wire[name], t)
  } finally {
    await server.stop()
  }
}

for (const name of Object.keys(backends)) {
  describe(`server of ${name}`, () => {
    for (const [step, work] of Object.entries(steps)) test(step, onServer(name, work))
  })
}

describe('schemes', () => {
  test('a token without its scheme is none', onServer('unibest', async (server, spoken) => {
    const token = spoken.token(await signIn(server, spoken))
    const answer = await send(server, own(server), { header: { Authorization: token } })
    assert.ok(fits(answer, spoken.signedOut))
    assert.equal(server.complaints.length, 1)
  }))

  test('where both are taken, both are', onServer('yudao', async (server, spoken) => {
    const token = spoken.token(await signIn(server, spoken))
    for (const header of [{ Authorization: token }, { Authorization: `Bearer ${token}` }]) {
      assert.ok(isTaken(await send(server, own(server), constantOf(spoken), { header })))
    }
  }))
})

describe('refresh tokens', () => {
  const refreshed = async (server, spoken, body) => (await send(server, spoken.refresh(body), constantOf(spoken))).body

  test('that rotate work once', onServer('unibest', async (server, spoken) => {
    const first = await signIn(server, spoken)
    const second = await refreshed(server, spoken, first)
    assert.notEqual(second.data.refreshToken, first.data.refreshToken)
    assert.equal((await refreshed(server, spoken, first)).msg, TEXTS.refresh)
    assert.equal((await refreshed(server, spoken, second)).code, 0)
  }))

  test('that do not rotate work again, and the older tokens end', onServer('yudao', async (server, spoken) => {
    const first = await signIn(server, spoken)
    const second = await refreshed(server, spoken, first)
    assert.equal(second.data.refreshToken, first.data.refreshToken)
    assert.ok(!server.machine.accepts(first.data.accessToken))
    assert.equal((await refreshed(server, spoken, first)).code, 0)
  }))

  test('that have ended are answered otherwise than unknown ones', onServer('yudao', async (server, spoken) => {
    const first = await signIn(server, spoken)
    server.machine.endRefreshTokens()
    assert.equal((await refreshed(server, spoken, first)).code, 401)
    server.machine.revokeRefreshTokens()
    assert.equal((await refreshed(server, spoken, first)).code, 400)
  }))

  test('the same token comes again from mall', onServer('macrozheng-mall', async (server, spoken) => {
    const first = await signIn(server, spoken)
    assert.equal(spoken.token(await refreshed(server, spoken, first)), spoken.token(first))
    server.setSkew(31 * 60 * 1000)
    assert.notEqual(spoken.token(await refreshed(server, spoken, first)), spoken.token(first))
  }))
})

describe('rolling tokens', () => {
  test('come in a header, and the one before ends', onServer('laravel-jwt (rolling)', async (server, spoken) => {
    const token = spoken.token(await signIn(server, spoken))
    const answer = await send(server, own(server), spoken.as(token))
    assert.ok(server.machine.accepts(answer.header.get('Authorization').slice('Bearer '.length)))
    assert.ok(!server.machine.accepts(token))
  }))

  test('come in a body, near the end', onServer('niushop', async (server, spoken) => {
    const token = spoken.token(await signIn(server, spoken))
    const ask = async () => (await send(server, own(server), constantOf(spoken), spoken.as(token))).body
    assert.equal((await ask()).refreshtoken, undefined)
    server.setSkew((172800 - 60) * 1000)
    assert.ok(server.machine.accepts((await ask()).refreshtoken))
  }))
})

describe('what a test can do to the server', () => {
  test('an answer gets lost after its work is done', onServer('unibest', async (server, spoken) => {
    server.next('login', lost)
    await assert.rejects(signIn(server, spoken))
    assert.equal(server.machine.tokensGiven(), 1, 'sessions')
  }))

  test('an answer is another, and nothing is done', onServer('unibest', async (server, spoken) => {
    server.next('login', answers(503, { code: 503 }, { 'Retry-After': '7' }))
    assert.deepEqual(await signIn(server, spoken), { code: 503 })
    assert.equal(server.machine.tokensGiven(), 0, 'sessions')
  }))

  test('only one user\'s tokens end', onServer('unibest', async (server, spoken) => {
    const { machine } = server
    const [one, other] = ['a', 'b'].map((name) => machine.signIn(machine.userOf(name)).token)
    machine.revokeTokens(machine.userOf('a'))
    assert.deepEqual([machine.accepts(one), machine.accepts(other)], [false, true])
  }))
})
