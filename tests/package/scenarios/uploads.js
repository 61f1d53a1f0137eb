// An upload, which goes the way of a request.
'use strict'

const { HEADER, LOGIN, each, revoked, signedIn, tokenSent } = require('./given.js')
const { fails, held } = require('../../../js-glue/testing/fake-wx.js')

const UPLOAD = 'storage/upload'
const file = (id) => ({ url: UPLOAD, filePath: `wxfile://tmp/${id}.png`, name: 'file', formData: { id } })

module.exports = [
  {
    name: 'upload: the token goes along, and the text of the answer is read as JSON',
    async run(world) {
      const { fake, client } = await signedIn(world)
      const given = Object.assign(file('头像'), { header: { 'X-Page': 'a' }, timeout: 999 })
      const body = await client.upload(given)
      world.assert.deepEqual(body.data.sent, { file: 'wxfile://tmp/头像.png', name: 'file', formData: { id: '头像' } })
      const [{ options }] = fake.uploads()
      world.assert.equal(options.url, 'https://api.example.com/wx/storage/upload')
      world.assert.deepEqual(options.header, { 'X-Page': 'a', [HEADER]: 'secret-token-1' })
      world.assert.equal(options.timeout, 999)
    },
  },
  {
    name: 'upload: to another server it carries no token',
    async run(world) {
      const { fake, client } = await signedIn(world)
      const url = 'https://oss.example.com/upload'
      fake.server.next(url, { text: '{"ok":true}' })
      world.assert.deepEqual(await client.upload(Object.assign(file(1), { url })), { ok: true })
      world.assert.equal(tokenSent(fake.uploads()[0]), undefined)
    },
  },
  {
    name: 'upload: 30 at once on a revoked token: one login, and each file once more (behaviour 20)',
    async run(world) {
      const { fake, client } = await revoked(world)
      const bodies = await Promise.all(each(30, (id) => client.upload(file(id))))
      bodies.forEach((body, i) => world.assert.equal(body.data.sent.formData.id, i + 1))
      world.assert.equal(fake.uploads().length, 60, 'uploads')
      world.assert.equal(fake.requests(LOGIN).length, 2, 'logins')
    },
  },
  {
    name: 'upload: uploads and requests share one login (behaviour 20)',
    async run(world) {
      const { fake, client } = await revoked(world)
      await Promise.all(each(10, (id) => client.upload(file(id))).concat(each(10, () => client.request({ url: 'order/echo' }))))
      world.assert.equal(fake.count('login'), 2, 'wx.login')
    },
  },
  {
    name: 'upload: a text that is no JSON, or only a text in it: bad_response with the status (behaviour 13)',
    async run(world) {
      const { fake, client } = await signedIn(world)
      for (const text of ['', '<html></html>', '{"errno":', '"{}"']) {
        fake.server.next(UPLOAD, { text })
        await world.assert.loginError(client.upload(file(1)), 'bad_response', { status: 200 })
      }
      world.assert.equal(fake.count('login'), 1, 'wx.login')
    },
  },
  {
    name: 'upload: a server in trouble and a lost network sign nobody out (behaviour 29)',
    async run(world) {
      const { fake, client } = await signedIn(world)
      fake.server.next(UPLOAD, { status: 502, text: '<html></html>' })
      await world.assert.loginError(client.upload(file(1)), 'server_error', { status: 502 })
      fake.next('uploadFile', fails({ errMsg: 'uploadFile:fail timeout', errno: 5 }), fails({ errMsg: 'uploadFile:fail' }))
      await world.assert.loginError(client.upload(file(1)), 'timeout', { errMsg: 'uploadFile:fail timeout', errno: 5 })
      await world.assert.loginError(client.upload(file(1)), 'network', { errMsg: 'uploadFile:fail' })
      world.assert.equal(client.authHeader()[HEADER], 'secret-token-1')
      world.assert.equal(fake.count('login'), 1, 'wx.login')
    },
  },
  {
    name: 'upload: refused a second time: signed_out (behaviour 21)',
    async run(world) {
      const { fake, client } = await signedIn(world)
      fake.server.always(UPLOAD, { text: '{"errno":501}' })
      fake.server.always('auth/info', { json: { errno: 501 } })
      await world.assert.loginError(client.upload(file(1)), 'signed_out')
      world.assert.equal(fake.uploads().length, 2, 'uploads')
    },
  },
  {
    name: 'upload: a logout while it is on its way: logged_out, and it is not sent again (behaviour 26)',
    async run(world) {
      const { fake, client } = await signedIn(world)
      const late = held()
      fake.next('uploadFile', late)
      const upload = world.assert.loginError(client.upload(file(1)), 'logged_out')
      await world.clock.settle()
      await client.logout()
      late.release()
      await upload
      world.assert.equal(fake.uploads().length, 1, 'uploads')
      world.assert.equal(client.session, null)
    },
  },
  {
    name: 'upload: tells its progress, in WeChat\'s words, and again when it is sent once more; a listener that throws disturbs nothing',
    async run(world) {
      const { client } = await revoked(world)
      const heard = []
      const failures = []
      client.onEvent(({ name, error }) => { if (name === 'listener') failures.push(error.message) })
      const onProgress = ({ progress, totalBytesSent, totalBytesExpectedToSend }) => {
        heard.push([progress, totalBytesSent, totalBytesExpectedToSend])
        if (heard.length === 1) throw new Error('of the page')
      }
      world.assert.equal((await client.upload(Object.assign({ onProgress }, file(1)))).errno, 0)
      const once = [[50, 500, 1000], [100, 1000, 1000]]
      world.assert.deepEqual(heard, once.concat(once))
      world.assert.deepEqual(failures, ['of the page'])
    },
  },
  {
    name: 'upload: a wx whose tasks have no progress: the upload goes on without',
    async run(world) {
      const { fake, client } = await signedIn(world)
      const { uploadFile } = fake.wx
      fake.wx.uploadFile = (options) => { uploadFile(options) }
      const onProgress = () => { throw new Error('never called') }
      world.assert.equal((await client.upload(Object.assign({ onProgress }, file(1)))).errno, 0)
    },
  },
]
