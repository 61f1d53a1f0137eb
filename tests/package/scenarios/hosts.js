// A `wx` that is not quite WeChat's: promises, functions that are missing, callbacks that the app gives.
'use strict'

const { PROFILE, newClient, options, signedIn } = require('./given.js')
const { fails, neverAnswers } = require('../../../js-glue/testing/fake-wx.js')

const ORDER = { url: 'order/echo' }
const FILE = { url: 'storage/upload', filePath: 'a.png', name: 'file' }
const ASYNC = ['login', 'checkSession', 'request', 'uploadFile', 'downloadFile']

// Each function also gives a promise, or only one.
const promising = (wx, { callbacks }) => {
  ASYNC.forEach((name) => {
    const call = wx[name]
    wx[name] = (given) => new Promise((resolve, reject) => {
      const { success, fail } = given
      call(Object.assign({}, given, {
        success: (answer) => { resolve(answer); if (callbacks) success(answer) },
        fail: (failure) => { reject(failure); if (callbacks) fail(failure) },
      }))
    })
  })
}

const styles = [true, false].map((callbacks) => ({
  name: `hosts: a wx whose functions give promises, ${callbacks ? 'besides calling back' : 'and never call back'}: all works, and no rejection is unhandled`,
  async run(world) {
    const { fake, client } = await newClient(world)
    promising(fake.wx, { callbacks })
    world.assert.equal((await client.loginByWeixin(PROFILE)).errno, 0)
    world.assert.equal(await client.checkLogin(), true)
    world.assert.equal((await client.request(ORDER)).errno, 0)
    world.assert.equal((await client.upload(FILE)).errno, 0)
    fake.next('request', fails({ errMsg: 'request:fail' }))
    await world.assert.loginError(client.request(ORDER), 'network', { errMsg: 'request:fail' })
    fake.next('uploadFile', fails({ errMsg: 'uploadFile:fail' }))
    await world.assert.loginError(client.upload(FILE), 'network', { errMsg: 'uploadFile:fail' })
    fake.always('login', fails({ errMsg: 'login:fail' }))
    await world.assert.loginError(client.loginByWeixin(), 'wx_login_failed', { errMsg: 'login:fail' })
  },
}))

// [the function, what needs it, the code of its failure]
const MISSING = [
  ['login', (client) => client.loginByWeixin(), 'wx_login_failed'],
  ['request', (client) => client.request(ORDER), 'network'],
  ['uploadFile', (client) => client.upload(FILE), 'network'],
  ['downloadFile', (client) => client.download({ url: 'order/file' }), 'network'],
]

const missing = MISSING.map(([api, call, code]) => ({
  name: `hosts: a wx without ${api}: the call that needs it fails, by name: ${code}`,
  async run(world) {
    const { fake, client } = await signedIn(world)
    delete fake.wx[api]
    const { errMsg } = await world.assert.loginError(call(client), code)
    world.assert.ok(errMsg.indexOf(`wx.${api} is not a function`) >= 0, errMsg)
    world.assert.ok(client.session, 'the session is kept')
  },
}))

// Taro's object cannot be changed, its functions always give promises, and those of its tasks abort; uni's gives a task to those who
// call back, and throws at the functions that a platform lacks.
const frameworks = {
  Taro: (wx) => {
    const Taro = {}
    Object.keys(wx).forEach((name) => {
      Taro[name] = !ASYNC.includes(name) ? wx[name] : (given) => {
        let task
        const promise = new Promise((resolve, reject) => {
          task = wx[name](Object.assign({}, given, {
            success: (answer) => { resolve(answer); given.success(answer) },
            fail: (failure) => { reject(failure); given.fail(failure) },
          }))
        })
        promise.catch(() => {})
        return Object.assign(promise, task)
      }
    })
    return Object.freeze(Taro)
  },
  uni: (wx) => Object.assign({}, wx, { getLaunchOptionsSync: () => { throw new Error('uni.getLaunchOptionsSync is not yet implemented') } }),
}

const hosted = Object.keys(frameworks).map((name) => ({
  name: `hosts: ${name} given as the host: login, requests, files, an abort and a logout work, without a global wx`,
  async run(world) {
    const fake = world.createFakeWx()
    const client = await world.createLoginClient(options(world, { wx: frameworks[name](fake.wx) }))
    await client.loginByWeixin(PROFILE)
    world.assert.equal(await client.checkLogin(), true)
    world.assert.equal((await client.request(ORDER)).errno, 0)
    world.assert.equal((await client.upload(FILE)).errno, 0)
    world.assert.equal((await client.download({ url: 'order/file' })).statusCode, 200)
    const { signal, abort } = new (world.phone.startModule().AbortController)()
    fake.next('request', neverAnswers())
    const aborted = world.assert.loginError(client.request(Object.assign({ signal }, ORDER)), 'aborted')
    await world.clock.settle()
    abort()
    await aborted
    await client.logout()
    world.assert.equal(client.session, null)
  },
}))

module.exports = styles.concat(missing, hosted, [
  {
    name: 'hosts: without any host, as in a browser: invalid_config says that there is no wx here; what is no host is refused, too',
    async run(world) {
      const { createLoginClient, createLogin } = world.phone.startModule()
      const given = () => Object.assign({ baseUrl: 'https://api.example.com/' }, world.phone.optionsOfApp())
      for (const failing of [createLoginClient(given()), createLogin(given()).ensureLogin()]) {
        const { message } = await world.assert.loginError(failing, 'invalid_config', { field: 'wx' })
        world.assert.ok(/there is no wx here/.test(message), message)
      }
      const wrong = createLoginClient(Object.assign(given(), { wx: 'wx' }))
      const { message } = await world.assert.loginError(wrong, 'invalid_config', { field: 'wx' })
      world.assert.ok(/not the API object/.test(message), message)
    },
  },
  {
    name: 'hosts: a wx with nothing but login, request and the storage: the login works, and a check does not say no for it',
    async run(world) {
      const fake = world.createFakeWx()
      const kept = ['login', 'request', 'getStorageSync', 'setStorageSync', 'removeStorageSync']
      Object.keys(fake.wx).forEach((name) => { if (kept.indexOf(name) < 0) delete fake.wx[name] })
      const client = await world.createLoginClient(options(world, fake))
      await client.loginByWeixin()
      world.assert.equal(await client.checkLogin(), true)
      const again = await world.phone.startModule().createLoginClient(options(world, fake))
      world.assert.equal(await again.checkLogin(), true, 'after a restart')
    },
  },
  {
    name: 'hosts: a wx without a storage: a login holds for this run, and a logout says what it could not do',
    async run(world) {
      for (const missing of ['getStorageSync', 'setStorageSync']) {
        const fake = world.createFakeWx()
        delete fake.wx[missing]
        const client = await world.createLoginClient(options(world, fake))
        await client.loginByWeixin()
        world.assert.equal(client.session.persisted, false)
        const { errMsg } = await world.assert.loginError(client.logout(), 'storage_failed')
        world.assert.ok(errMsg.indexOf(`wx.${missing} is not a function`) >= 0, errMsg)
        world.assert.equal(client.session, null)
      }
    },
  },
  {
    name: 'hosts: a creation that fails leaves no unhandled rejection, and says why',
    async run(world) {
      const { assert, phone, createFakeWx } = world
      await assert.loginError(world.createLoginClient({ baseUrl: 'ftp://x', wx: createFakeWx().wx, wasmPath: phone.wasmPath }), 'invalid_config')
      await assert.loginError(world.createLoginClient(options(world, { wx: 7 })), 'invalid_config', { field: 'wx' })
      const compat = phone.startCompat().createCompat({ baseUrl: 'ftp://x', wx: createFakeWx().wx })
      await world.clock.settle()
      assert.equal(await assert.rejection(compat.checkLogin()), false)
    },
  },
  ...['request', 'upload'].map((method) => ({
    name: `hosts: ${method} with success, fail or complete: refused with a sentence that says to use the promise`,
    async run(world) {
      const { fake, client } = await signedIn(world)
      const sent = fake.calls.length
      for (const field of ['success', 'fail', 'complete']) {
        const call = client[method](Object.assign({ [field]: () => { throw new Error('never called') } }, method === 'upload' ? FILE : ORDER))
        const { message } = await world.assert.loginError(call, 'invalid_argument', { field })
        world.assert.ok(/promise/.test(message), message)
      }
      world.assert.equal(fake.calls.length, sent, 'calls of wx')
    },
  })),
])
