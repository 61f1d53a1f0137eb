// The samples of docs/server.md, each started and used by the built client over real HTTP.
import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { createServer } from 'node:http'
import { connect } from 'node:net'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { after, before, beforeEach, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { clientOf } from '../dialects/client.mjs'
import { createHttpWx } from '../dialects/http-wx.mjs'

const HOST = '127.0.0.1'
const SECRET = 'the-app-secret'
const LATER_MS = 3 * 60 * 60 * 1000
// Shorter than either sample waits for a body.
const LATE_MS = 10000
const sample = (name) => fileURLToPath(new URL(`../../docs/samples/${name}`, import.meta.url))

const SAMPLES = [
  ['node', [sample('server.mjs')]],
  ['python3', [sample('server.py')]],
]

// WeChat's part: each code stands for an openid, once.
const startWechat = async () => {
  const codes = new Map()
  const wechat = { answers: undefined, asked: [] }
  const http = createServer((request, response) => {
    const query = new URL(request.url, `http://${HOST}`).searchParams
    wechat.asked.push(query)
    const openid = codes.get(query.get('js_code'))
    codes.delete(query.get('js_code'))
    const usual = openid ? { openid, session_key: 'the-session-key' } : { errcode: 40029, errmsg: 'invalid code' }
    response.end(JSON.stringify(wechat.answers || usual))
  })
  http.listen(0, HOST)
  await once(http, 'listening')
  return Object.assign(wechat, {
    base: `http://${HOST}:${http.address().port}`,
    newCode: (openid) => {
      const code = `code-${wechat.asked.length}-${codes.size}-${Math.random()}`
      codes.set(code, openid)
      return code
    },
    stop: () => {
      http.close()
      http.closeAllConnections()
    },
  })
}

const startSample = async ([program, args], wechat) => {
  const env = { ...process.env, PORT: '0', WECHAT_APPID: 'wx1', WECHAT_SECRET: SECRET, WECHAT_API_BASE: wechat.base }
  const child = spawn(program, args, { env, stdio: ['ignore', 'pipe', 'pipe'] })
  const logs = []
  child.stderr.on('data', (data) => logs.push(data))
  const lines = createInterface(child.stdout)
  const line = await Promise.race([once(lines, 'line').then(([text]) => text), once(child, 'exit').then(() => 'it has ended')])
  const [, address] = /^listening on (.*)$/.exec(line) || assert.fail(`${line}: ${Buffer.concat(logs)}`)
  return {
    baseUrl: `${address}/wx/`,
    otherUrl: `${address}/wx/`,
    machine: wechat,
    log: () => Buffer.concat(logs).toString(),
    stop: async () => {
      child.kill()
      await once(child, 'exit')
    },
  }
}

// Whatever the client does in `work`, it does some hours later.
const later = async (work) => {
  const { now } = Date
  Date.now = () => now() + LATER_MS
  try {
    return await work()
  } finally {
    Date.now = now
  }
}

const send = async (server, path, { method = 'POST', token, body } = {}) => {
  const header = token ? { 'X-Litemall-Token': token } : {}
  const answer = await fetch(new URL(path, server.baseUrl), { method, headers: header, body })
  return answer.json()
}

// All that comes back for `text`, once the server has closed the connection.
const answerTo = async (server, text) => {
  const { hostname, port } = new URL(server.baseUrl)
  const socket = connect(Number(port), hostname)
  let answer = ''
  let isLate = false
  socket.setEncoding('utf8').on('data', (data) => { answer += data })
  // Some systems reset a connection of which not all was read.
  socket.on('error', () => {})
  socket.setTimeout(LATE_MS, () => {
    isLate = true
    socket.destroy()
  })
  socket.write(text)
  await new Promise((resolve) => { socket.on('close', resolve) })
  assert.ok(!isLate, `the connection is still open: ${answer}`)
  return answer
}

for (const [program, args] of SAMPLES) {
  const { error } = spawnSync(program, ['--version'])
  assert.ok(!error || process.env.CI !== 'true', `${program} is missing`)
  if (error) console.log(`skipped: no ${program}: ${error.message}`)

  describe(`the sample for ${program}`, { skip: Boolean(error) }, () => {
    let wechat
    let server
    let fake
    let client

    before(async () => {
      wechat = await startWechat()
      server = await startSample([program, args], wechat)
    })
    after(async () => {
      await server.stop()
      wechat.stop()
      assert.ok(!server.log().includes(SECRET))
    })
    beforeEach(async () => {
      wechat.answers = undefined
      fake = createHttpWx(server)
      client = await clientOf(server, fake)
    })

    const requests = () => fake.calls.filter(({ api }) => api === 'request').map(({ options }) => options)
    const tokenSent = () => requests().at(-1).header['X-Litemall-Token']

    test('signs a user in silently, and answers with the token', async () => {
      const session = await client.ensureLogin()
      const orders = await client.request({ url: 'order/list' })
      assert.equal(orders.data.of, session.userInfo.userId)
      assert.equal(await client.checkLogin(), true)
      assert.equal(wechat.asked.at(-1).get('secret'), SECRET)
      assert.deepEqual(fake.violations, [])
    })

    test('takes a profile and keeps the user', async () => {
      const { userInfo: silent } = await client.ensureLogin()
      const { data } = await client.loginByWeixin({ nickName: '小明', avatarUrl: 'https://example.com/a.png' })
      assert.equal(data.userInfo.userId, silent.userId)
      assert.equal(data.userInfo.nickName, '小明')
      const other = createHttpWx(server)
      other.openid = 'openid-2'
      const { userInfo } = await (await clientOf(server, other)).ensureLogin()
      assert.notEqual(userInfo.userId, silent.userId)
    })

    test('a token that has ended is renewed by the refresh token, without WeChat', async () => {
      await client.ensureLogin()
      const asked = wechat.asked.length
      const orders = await later(() => client.request({ url: 'order/list' }))
      assert.equal(orders.errno, 0)
      assert.equal(wechat.asked.length, asked)
      assert.ok(requests().some(({ url }) => url.endsWith('auth/refresh')))
    })

    test('a token that the server does not know any more is replaced, and the request sent again', async () => {
      await client.ensureLogin()
      await client.request({ url: 'order/list' })
      const ended = tokenSent()
      assert.equal((await send(server, 'auth/logout', { token: ended })).errno, 0)
      assert.equal((await client.request({ url: 'order/list' })).errno, 0)
      assert.notEqual(tokenSent(), ended)
    })

    test('a logout ends the token and the refresh token', async () => {
      const { data } = await client.loginByWeixin()
      await client.logout()
      assert.equal((await send(server, 'auth/info', { method: 'GET', token: data.token })).errno, 501)
      const body = JSON.stringify({ refreshToken: data.refreshToken })
      assert.equal((await send(server, 'auth/refresh', { body })).errno, 501)
    })

    for (const [answers, code] of [
      [{ errcode: 40029 }, 'code_expired'],
      [{ errcode: 45011 }, 'too_frequent'],
      [{ errcode: 40226 }, 'login_blocked'],
      [{ errcode: -1 }, 'wechat_busy'],
    ]) {
      test(`WeChat's ${answers.errcode} is ${code}`, async () => {
        wechat.answers = answers
        await assert.rejects(client.loginByWeixin(), { name: 'LoginError', code })
      })
    }

    // Each sends on what would be taken for the body, or for the next request.
    for (const header of ['Content-Length: -1', 'Content-Length: 2x', 'Content-Length: 99999999999999999999']) {
      test(`a request with ${header} is refused, and nothing after it is read`, async () => {
        const start = `POST /wx/auth/refresh HTTP/1.1\r\nHost: ${HOST}\r\n${header}\r\n\r\n`
        const answer = await answerTo(server, `${start}${'x'.repeat(1000)}`)
        assert.match(answer, /^HTTP\/1\.1 (200|400|413) /)
        assert.doesNotMatch(answer, /"errno": ?0/)
        assert.equal(answer.split('HTTP/1.1 ').length, 2, answer)
      })
    }

    test('what makes no sense is refused in an envelope', async () => {
      for (const [path, options, errno] of [
        ['auth/login_by_weixin', { body: '{' }, 402],
        ['auth/login_by_weixin', { body: '[]' }, 402],
        ['auth/login_by_weixin', { body: '{}' }, 401],
        ['auth/login_by_weixin', { body: '{"code":7}' }, 401],
        ['auth/refresh', { body: '{"refreshToken":"made-up"}' }, 501],
        ['auth/info', { method: 'GET', token: 'made-up' }, 501],
        ['auth/nothing', {}, 404],
        ['auth/login_by_weixin', { body: 'x'.repeat(70000) }, 413],
      ]) {
        const answer = await send(server, path, options)
        assert.equal(answer.errno, errno, path)
        assert.ok(answer.errmsg && !('data' in answer))
      }
    })
  })
}
