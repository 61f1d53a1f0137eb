// What stands in for the real `wx`: it has to do what that does, and refuse what that refuses, or the tests over it prove nothing.
import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { after, before, describe, test } from 'node:test'
import { createPreviewWx } from './preview-wx.mjs'

const require = createRequire(import.meta.url)
const { createClock } = require('../../js-glue/testing/clock.js')
const { BASE_URL, answersTwice, createFakeWx, held, loses } = require('../../js-glue/testing/fake-wx.js')

const given = () => {
  const clock = createClock(setTimeout)
  const fake = createFakeWx({ clock })
  const call = (api, options) => new Promise((success, fail) => fake.wx[api]({ ...options, success, fail }))
  const post = (path, data, token = '') =>
    call('request', { url: BASE_URL + path, method: 'POST', data, header: { 'x-litemall-token': token } })
  const logIn = async () => {
    const { code } = await call('login')
    const { data } = await post('auth/login_by_weixin', { code, userInfo: {} })
    return { code, ...data }
  }
  return { clock, fake, call, post, logIn }
}

// Both stand in for the real `wx`, so both have to be like it: one list of checks for the two.
const standIns = {
  'the fake wx': async ({ replies }) => {
    const clock = createClock(setTimeout)
    const fake = createFakeWx({ clock })
    replies.forEach((reply, path) => fake.server.always(path, reply))
    return {
      wx: fake.wx,
      addFile: () => 'wxfile://tmp_00000001.png',
      show: fake.appShow,
      mostParallelRequests: () => fake.mostParallelRequests,
      stop: () => {},
    }
  },
  'the preview\'s wx': createPreviewWx,
}

const REPLIES = new Map(Object.entries({
  json: { json: { errno: 0, list: [1] } },
  text: { text: 'no JSON' },
  broken: { status: 500, json: { errno: -1 } },
}))

for (const [name, create] of Object.entries(standIns)) {
  describe(`${name} is like the real one`, () => {
    let standIn, wx
    before(async () => {
      standIn = await create({ baseUrl: BASE_URL, replies: REPLIES })
      wx = standIn.wx
    })
    after(() => standIn.stop())

    // What a call gives back, and then which callbacks it calls with what.
    const call = (api, options = {}) => {
      const heard = []
      return new Promise((resolve) => {
        const hear = (callback) => (result) => {
          heard.push(callback)
          if (callback === 'complete') resolve({ returned, heard, result })
        }
        const callbacks = Object.fromEntries(['success', 'fail', 'complete'].map((each) => [each, hear(each)]))
        const returned = wx[api]({ ...options, ...callbacks })
        assert.deepEqual(heard, [], 'nothing is answered before the call has returned')
      })
    }
    const request = (path, options) => call('request', { url: BASE_URL + path, ...options })

    for (const api of ['login', 'checkSession']) {
      test(`${api} gives no promise, and calls back later: success, then complete`, async () => {
        const { returned, heard, result } = await call(api)
        assert.deepEqual([returned, heard, result.errMsg], [undefined, ['success', 'complete'], `${api}:ok`])
        assert.doesNotThrow(() => wx[api]())
      })
    }

    test('each login has a code of its own', async () => {
      const codes = [(await call('login')).result.code, (await call('login')).result.code]
      assert.ok(codes.every((code) => typeof code === 'string' && code !== ''))
      assert.notEqual(codes[0], codes[1])
    })

    test('every answer of the server is a success: JSON is read, another text comes as it is', async () => {
      const { heard, result } = await request('json')
      assert.deepEqual(heard, ['success', 'complete'])
      assert.deepEqual([result.errMsg, result.statusCode, result.data], ['request:ok', 200, { errno: 0, list: [1] }])
      assert.equal(typeof result.header, 'object')
      assert.equal((await request('text')).result.data, 'no JSON')
      const broken = await request('broken', { method: 'POST', data: { a: 1 } })
      assert.deepEqual([broken.heard[0], broken.result.statusCode, broken.result.data.errno], ['success', 500, -1])
    })

    test('what is no address fails, with a number', async () => {
      const { heard, result } = await call('request', { url: 'json' })
      assert.deepEqual(heard, ['fail', 'complete'])
      assert.match(result.errMsg, /^request:fail/)
      assert.equal(typeof result.errno, 'number')
    })

    test('at most 10 requests run at once, and the others after them', async () => {
      const answers = await Promise.all(Array.from({ length: 35 }, () => request('json')))
      assert.equal(standIn.mostParallelRequests(), 10)
      assert.ok(answers.every(({ result }) => result.statusCode === 200))
    })

    test('a request gives back a task, whose abort is a failure, once', async () => {
      const heard = []
      const hear = ({ errMsg }) => heard.push(errMsg)
      await new Promise((complete) => {
        const task = wx.request({ url: `${BASE_URL}json`, success: hear, fail: hear, complete })
        task.abort()
        task.abort()
      })
      const { returned } = await request('json')
      returned.abort() // too late
      assert.deepEqual(heard, ['request:fail abort'])
    })

    test('an upload answers with the text that came; without a name it fails', async () => {
      const file = { url: `${BASE_URL}json`, filePath: standIn.addFile() }
      const { returned, result } = await call('uploadFile', { ...file, name: 'file', formData: { id: 1 } })
      assert.equal(typeof returned.abort, 'function')
      assert.deepEqual([result.statusCode, JSON.parse(result.data)], [200, { errno: 0, list: [1] }])
      const { heard, result: { errMsg } } = await call('uploadFile', file)
      assert.equal(heard[0], 'fail')
      assert.match(errMsg, /^uploadFile:fail/)
    })

    test('a visit to another page succeeds', async () => {
      for (const api of ['navigateTo', 'redirectTo', 'reLaunch']) {
        assert.equal((await call(api, { url: '/pages/login/login' })).result.errMsg, `${api}:ok`)
      }
    })

    test('a storage that copies, limits and refuses', () => {
      const value = { list: [1] }
      wx.setStorageSync('key', value)
      value.list.push(2)
      assert.deepEqual(wx.getStorageSync('key'), { list: [1] })
      assert.equal(wx.getStorageSync('other'), '')
      assert.throws(() => wx.setStorageSync('', 1))
      assert.throws(() => wx.setStorageSync('key', 'x'.repeat(1024 * 1024)))
      assert.deepEqual(wx.getStorageSync('key'), { list: [1] })
      const megabyte = 'x'.repeat(1024 * 1024 - 2)
      assert.throws(() => Array.from({ length: 10 }, (_, i) => wx.setStorageSync(`key${i}`, megabyte)))
      Array.from({ length: 10 }, (_, i) => wx.removeStorageSync(`key${i}`))
      wx.removeStorageSync('key')
      assert.equal(wx.getStorageSync('key'), '')
    })

    test('tells who listens that the app has come to the front', () => {
      const heard = []
      const [first, second] = ['first', 'second'].map((each) => ({ path }) => heard.push(`${each} ${path}`))
      wx.onAppShow(first)
      wx.onAppShow(second)
      standIn.show()
      wx.offAppShow(first)
      standIn.show()
      wx.offAppShow()
      standIn.show()
      assert.deepEqual(heard, ['first', 'second', 'second'].map((each) => `${each} pages/index/index`))
    })
  })
}

describe('the fake wx', () => {
  const refused = {
    'a relative url': { url: 'auth/info' },
    'a url of another scheme': { url: 'ftp://example.com/' },
    'a method in small letters': { url: BASE_URL, method: 'post' },
    'a header that is no text': { url: BASE_URL, header: { 'X-Token': 1 } },
    'an unknown option': { url: BASE_URL, headers: {} },
    'a timeout of 0': { url: BASE_URL, timeout: 0 },
    'a list as data': { url: BASE_URL, data: [] },
  }
  for (const [what, options] of Object.entries(refused)) {
    test(`refuses ${what}`, async () => {
      const { fake, call } = given()
      await assert.rejects(call('request', options), ({ errMsg }) => errMsg.startsWith('request:fail parameter error'))
      assert.equal(fake.violations.length, 1)
    })
  }

  test('takes what the real one does about transport', async () => {
    const { fake, call } = given()
    await call('request', { url: `${BASE_URL}goods/list`, enableHttp2: true, enableCache: true, responseType: 'text' })
    assert.deepEqual(fake.violations, [])
  })

  const file = { url: `${BASE_URL}storage/upload`, filePath: 'wxfile://a.png', name: 'file' }

  test('uploads a file for who is signed in, and gives the answer as a text', async () => {
    const { call, logIn } = given()
    const { token } = (await logIn()).data
    const header = { 'X-Litemall-Token': token }
    const { statusCode, data } = await call('uploadFile', { ...file, formData: { id: 1 }, header })
    assert.equal(statusCode, 200)
    const sent = { file: 'wxfile://a.png', name: 'file', formData: { id: 1 } }
    assert.deepEqual(JSON.parse(data), { errno: 0, errmsg: '成功', data: { userId: 1, sent } })
    assert.equal(JSON.parse((await call('uploadFile', file)).data).errno, 501)
  })

  for (const [name, wrong] of Object.entries({ filePath: '', name: undefined, formData: 'id=1', method: 'POST' })) {
    test(`refuses an upload with a wrong \`${name}\``, async () => {
      const { fake, call } = given()
      const refusal = ({ errMsg }) => errMsg.startsWith('uploadFile:fail parameter error')
      await assert.rejects(call('uploadFile', { ...file, [name]: wrong }), refusal)
      assert.equal(fake.violations.length, 1)
    })
  }

  test('can lose an answer after the server has acted, and counts visits to other pages', async () => {
    const { fake, call, post } = given()
    const { code } = await call('login')
    fake.next('request', loses())
    await assert.rejects(post('auth/login_by_weixin', { code, userInfo: {} }), { errMsg: 'request:fail' })
    assert.equal((await post('auth/login_by_weixin', { code, userInfo: {} })).data.errno, 712)
    assert.equal(fake.navigations(), 0)
    await call('navigateTo', { url: '/pages/login/login' })
    await call('reLaunch', { url: '/pages/index/index' })
    assert.equal(fake.navigations(), 2)
  })

  test('refuses to store what has no JSON form', () => {
    const { fake: { wx } } = given()
    assert.throws(() => wx.setStorageSync('key', undefined))
  })

  test('can answer twice, or when it is told to', async () => {
    const { clock, fake } = given()
    const codes = []
    const success = ({ code }) => codes.push(code)
    const later = held()
    fake.next('login', answersTwice(), later)
    fake.wx.login({ success })
    fake.wx.login({ success })
    await clock.settle()
    assert.equal(codes.length, 2)
    later.release()
    await clock.settle()
    assert.equal(codes.length, 3)
  })
})

describe('the fake backend', () => {
  test('takes a code once, and for 5 minutes', async () => {
    const { clock, call, post, logIn } = given()
    const { code, errno } = await logIn()
    assert.equal(errno, 0)
    assert.equal((await post('auth/login_by_weixin', { code, userInfo: {} })).data.errno, 712)
    const old = (await call('login')).code
    await clock.advance(5 * 60 * 1000)
    assert.equal((await post('auth/login_by_weixin', { code: old, userInfo: {} })).data.errno, 712)
    assert.equal((await post('auth/login_by_weixin', { code: 'made up', userInfo: {} })).data.errno, 712)
    assert.equal((await post('auth/login_by_weixin', { userInfo: {} })).data.errno, 401)
  })

  test('knows its accounts: wrong passwords, taken names, and who is bound to whom', async () => {
    const { fake, call, post } = given()
    const li = { username: 'li', password: 'a' }
    const wang = { username: 'wang', password: 'b' }
    const errno = async (path, body) => (await post(path, body)).data.errno
    const bind = async (account, openid) => {
      fake.openid = openid
      return errno('auth/login_by_weixin', { code: (await call('login')).code, userInfo: {}, account })
    }
    assert.equal(await errno('auth/login', li), 700)
    assert.equal(await errno('auth/register', { ...li, mobile: '1' }), 707)
    assert.equal(await errno('auth/register', li), 0)
    assert.equal(await errno('auth/register', li), 704)
    assert.equal(await errno('auth/login', li), 0)
    assert.equal(await errno('auth/login', { ...li, password: 'b' }), 700)
    fake.server.addAccount(wang.username, wang.password)
    assert.equal(await bind({ ...li, password: 'b' }, 'openid-1'), 700)
    assert.equal(await bind(li, 'openid-1'), 0)
    assert.equal(await bind(li, 'openid-1'), 0)
    assert.equal(await bind(wang, 'openid-1'), 708)
    assert.equal(await bind(li, 'openid-2'), 709)
  })

  test('knows its tokens: none, revoked and expired ones are signed out', async () => {
    const { clock, post, logIn } = given()
    const profile = async (token) => (await post('auth/profile', { gender: 1 }, token)).data.errno
    const first = (await logIn()).data.token
    const second = (await logIn()).data.token
    assert.deepEqual([await profile(first), await profile(second), await profile('')], [0, 0, 501])
    await post('auth/logout', {}, first)
    assert.deepEqual([await profile(first), await profile(second)], [501, 0])
    await clock.advance(7200 * 1000)
    assert.equal(await profile(second), 501)
  })
})
