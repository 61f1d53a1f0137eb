// The entry `weapp-login/testing`: a phone for an app's tests, and what is read in a server's answers.
import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { describe, test } from 'node:test'

const require = createRequire(import.meta.url)
const { BASE_URL, createPhone, explainDialect, fails, held } = require('weapp-login/testing')
const { createLoginClient } = require('weapp-login')

describe('a phone for tests', () => {
  test('has all that an app needs, as long as it is installed', async () => {
    const before = [globalThis.setTimeout, globalThis.clearTimeout, Date.now]
    const phone = createPhone()
    const uninstall = phone.install()
    try {
      const login = await createLoginClient({ baseUrl: BASE_URL })
      await login.loginByWeixin()
      const held501 = login.request({ url: 'order/echo' })
      assert.equal((await held501).errno, 0)
      await phone.clock.advance(7200 * 1000)
      assert.equal((await login.request({ url: 'order/echo' })).errno, 0)
      assert.equal(phone.count('login'), 2)
      assert.deepEqual(phone.violations, [])
    } finally {
      uninstall()
    }
    assert.deepEqual([globalThis.setTimeout, globalThis.clearTimeout, Date.now], before)
    assert.deepEqual([typeof wx, typeof WXWebAssembly], ['undefined', 'undefined'])
  })

  test('speaks with the server that the test scripts, below another address', async () => {
    const baseUrl = 'https://shop.example/api/'
    const phone = createPhone({ baseUrl })
    phone.server.handle = ({ method, path, body }) =>
      path === 'login' ? { json: { token: 'secret-7' } } : { status: 201, json: { method, path, body }, header: { 'X-A': 'b' } }
    const uninstall = phone.install()
    try {
      const login = await phone.createLoginClient({
        baseUrl,
        dialect: { login: { url: 'login' }, token: { at: 'token' }, success: 'status' },
      })
      await login.loginByWeixin()
      const full = await login.requestFull({ url: 'cart', method: 'POST', data: { id: 1 } })
      assert.deepEqual(full.data, { method: 'POST', path: 'cart', body: { id: 1 } })
      assert.deepEqual([full.status, full.headers], [201, { 'X-A': 'b' }])
      assert.equal(phone.requests('cart').length, 1)
      phone.next('request', fails({ errMsg: 'request:fail' }))
      await assert.rejects(login.request({ url: 'cart' }), { code: 'network' })
      const late = held()
      phone.next('request', late)
      const waiting = login.request({ url: 'cart' })
      await phone.clock.settle()
      late.release()
      await waiting
    } finally {
      uninstall()
    }
  })
})

const TOKEN = 'secret-token-of-the-answer'
const sky = {
  success: { code: 1 },
  message: 'msg',
  login: { url: 'user/user/login', send: { code: '$code' } },
  token: { at: 'data.token', header: 'authentication' },
  user: { at: 'data' },
  signedOut: { $status: 401 },
}
const SKY = {
  login: { code: 1, data: { id: 7, openid: 'o', token: TOKEN } },
  signedOut: { statusCode: 401, data: '' },
  request: { code: 1, data: [] },
  refused: { code: 0, msg: '登录失败' },
}

describe('what a client reads in answers', () => {
  test('a dialect that fits: all is read as what it is, and nothing secret is shown', async () => {
    const report = await explainDialect(sky, SKY)
    assert.equal(report.ok, true, report.text)
    const { sent: [sent], token, expiresInSeconds, user, identity } = report.login
    assert.deepEqual([sent.method, sent.url, sent.data], ['POST', 'user/user/login', { code: '$code' }])
    assert.deepEqual(token, { at: ['data.token'], value: 'secr… (26 characters)', sentAs: 'header authentication: <token>' })
    assert.deepEqual([expiresInSeconds, user, identity], [null, { id: 7, openid: 'o' }, '7'])
    assert.deepEqual([report.refused.readAs, report.refused.error.errmsg], ['rejected', '登录失败'])
    assert.ok(!JSON.stringify(report).includes(TOKEN) && !/secret-code/.test(JSON.stringify(report)))
    assert.match(report.text, /✓ login\n.*\n {2}token at data\.token: secr…/)
  })

  test('where it stumbles: a token elsewhere, another "signed out", a success that is none', async () => {
    const elsewhere = await explainDialect({ ...sky, token: { at: 'data.accessToken' } }, SKY)
    assert.deepEqual([elsewhere.ok, elsewhere.login.ok, elsewhere.login.error.code], [false, false, 'bad_response'])
    assert.match(elsewhere.text, /✗ login\n(.*\n)* {2}bad_response: .*data\.accessToken.* nothing/)
    const alive = await explainDialect({ ...sky, signedOut: { code: 401 } }, SKY)
    assert.equal(alive.signedOut.ok, false)
    const odd = await explainDialect({ ...sky, success: { code: 0 } }, SKY)
    assert.deepEqual([odd.login.ok, odd.refused.ok], [false, false])
  })

  test('refresh tokens, an end, a user of its own and a scheme', async () => {
    const dialect = {
      success: { code: 0 },
      login: { url: 'login', send: { code: '$code' } },
      token: { at: 'data.accessToken', refresh: 'data.refreshToken', scheme: 'Bearer ', header: 'Authorization' },
      refresh: { url: 'refresh', send: { token: '$refresh' } },
      expires: { at: 'data.expiresTime', as: 'epoch-ms' },
      user: { url: 'user', method: 'GET', at: 'data', id: 'id' },
    }
    const data = { accessToken: TOKEN, refreshToken: 'secret-refresh-token', expiresTime: Date.UTC(2025, 0, 15, 9) }
    const header = { Date: new Date(Date.UTC(2025, 0, 15, 8)).toUTCString() }
    const { login } = await explainDialect(dialect, {
      login: { statusCode: 200, data: { code: 0, data }, header },
      user: { code: 0, data: { id: 'u-1', nickname: '茶' } },
    })
    assert.equal(login.ok, true, JSON.stringify(login))
    assert.deepEqual(login.refreshToken.at, ['data.refreshToken'])
    assert.equal(login.token.sentAs, 'header Authorization: Bearer <token>')
    assert.deepEqual([login.expiresInSeconds, login.identity, login.user.nickname], [3600, 'u-1', '茶'])
    assert.deepEqual(login.sent.map(({ url }) => url), ['login', 'user'])
    assert.ok(!JSON.stringify(login).includes('secret-token') && !JSON.stringify(login).includes('secret-refresh'))
  })

  test('the other logins, by their own answers; an account alone, too', async () => {
    const send = { name: '$username', password: '$password' }
    const dialect = {
      success: { code: 0 },
      token: { at: 'token' },
      accountLogin: { url: 'login', send },
      register: { url: 'register', send },
      phoneLogin: { url: 'phone', send: { code: '$phoneCode' } },
    }
    const answer = { code: 0, token: TOKEN }
    const report = await explainDialect(dialect, { login: answer, accountLogin: answer, register: answer, phoneLogin: answer })
    assert.equal(report.ok, true, report.text)
    assert.equal(report.phoneLogin.sent[0].url, 'phone')
  })

  test('a dialect that cannot work rejects with the place; an unknown name of an answer, with those that are known', async () => {
    await assert.rejects(explainDialect({ ...sky, logIn: {} }, SKY), { code: 'invalid_config', field: 'dialect.logIn' })
    await assert.rejects(explainDialect(sky, { signin: {} }), /no answer "signin", only user, signedOut/)
  })
})
