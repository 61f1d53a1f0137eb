// The fake `wx` over real HTTP, as a client would use it.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { clientOf } from './client.mjs'
import { createHttpWx } from './http-wx.mjs'
import { after, answers, lost, startServer } from './server.mjs'

const FORM = { 'content-type': 'application/x-www-form-urlencoded' }

const call = ({ wx }, api, options) =>
  new Promise((resolve, reject) => { wx[api]({ ...options, success: resolve, fail: reject }) })

const onServer = (name, work) => async () => {
  const server = await startServer(name)
  try {
    await work(server, createHttpWx(server))
  } finally {
    await server.stop()
  }
}

const ownUrl = ({ baseUrl, ownPath }) => baseUrl + ownPath
const authorized = ({ machine }) => ({ Authorization: `Bearer ${machine.signIn(machine.userOf('openid-1')).token}` })

test('an object is sent as JSON, as a form or in the query', onServer('unibest', async (server, fake) => {
  const sent = [{ method: 'POST' }, { method: 'POST', header: FORM }, { method: 'GET' }]
  for (const { method, header } of sent) {
    const options = { url: ownUrl(server), method, header: { ...header, ...authorized(server) }, data: { n: 1 } }
    const { data, statusCode, errMsg } = await call(fake, 'request', options)
    assert.deepEqual({ data, statusCode, errMsg },
      { data: { code: 0, msg: 'ok', data: { of: 'openid-1', n: '1' } }, statusCode: 200, errMsg: 'request:ok' })
  }
}))

test('the server knows the codes', onServer('unibest', async (server, fake) => {
  const { code } = await call(fake, 'login')
  assert.equal(server.machine.redeem(code).openid, 'openid-1')
}))

test('headers keep the names that the server gave them', onServer('unibest', async (server, fake) => {
  server.next('app', answers(200, 'text', { 'X-Given-Name': '1', 'Set-Cookie': 'a=b' }))
  const { header, data, cookies } = await call(fake, 'request', { url: ownUrl(server) })
  assert.equal(header['X-Given-Name'], '1')
  assert.deepEqual({ data, cookies }, { data: 'text', cookies: ['a=b'] })
}))

test('a file is uploaded with fields beside it, and its answer is a text', onServer('unibest', async (server, fake) => {
  const options = { url: ownUrl(server), filePath: 'a.png', name: 'file', formData: { n: '7' }, header: authorized(server) }
  const { data } = await call(fake, 'uploadFile', options)
  assert.equal(JSON.parse(data).data.n, '7')
}))

test('a lost answer and a late one fail', onServer('unibest', async (server, fake) => {
  server.next('app', lost, after(new Promise((resolve) => { setTimeout(resolve, 200) })))
  await assert.rejects(call(fake, 'request', { url: ownUrl(server) }), { errno: 600001 })
  await assert.rejects(call(fake, 'request', { url: ownUrl(server), timeout: 20 }), { errMsg: 'request:fail timeout' })
}))

test('another host is out of reach', onServer('unibest', async (server, fake) => {
  const elsewhere = call(fake, 'request', { url: 'https://api.example.com/' })
  await assert.rejects(elsewhere, { errMsg: 'request:fail url not in domain list' })
  assert.equal(fake.violations.length, 1)
}))

test('the built package signs in through it', onServer('litemall', async (server, fake) => {
  const client = await clientOf(server, fake)
  await client.loginByWeixin({})
  assert.equal((await client.request({ url: server.ownPath, data: { n: 3 } })).data.n, '3')
  assert.deepEqual([...server.complaints, ...fake.violations], [])
}))
