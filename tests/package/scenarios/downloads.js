// A download, which goes the way of a request.
'use strict'

const { HEADER, LOGIN, each, revoked, signedIn, tokenSent } = require('./given.js')
const { fails, held, neverAnswers } = require('../../../js-glue/testing/fake-wx.js')

const FILE = { url: 'order/file' }
const downloads = (fake) => fake.calls.filter(({ api }) => api === 'downloadFile')

// A server that says with the status that it does not accept the token.
const refusesByStatus = (fake) => {
  const { handle } = fake.server
  fake.server.handle = (request) => {
    const reply = handle(request)
    return reply.json && reply.json.errno === 501 ? Object.assign({ status: 401 }, reply) : reply
  }
}

module.exports = [
  {
    name: 'download: the token goes along, and it resolves with where the file is',
    async run(world) {
      const { fake, client } = await signedIn(world)
      const found = await client.download(Object.assign({ header: { 'X-Page': 'a' }, timeout: 999 }, FILE))
      world.assert.equal(fake.files[found.tempFilePath].data, 'a file of 1')
      world.assert.equal(found.statusCode, 200)
      const [{ options }] = downloads(fake)
      world.assert.equal(options.url, 'https://api.example.com/wx/order/file')
      world.assert.deepEqual(options.header, { 'X-Page': 'a', [HEADER]: 'secret-token-1' })
      world.assert.equal(options.timeout, 999)
      const kept = await client.download(Object.assign({ filePath: 'wxfile://usr/a' }, FILE))
      world.assert.equal(kept.filePath, 'wxfile://usr/a')
      world.assert.equal(fake.files['wxfile://usr/a'].data, 'a file of 1')
    },
  },
  {
    name: 'download: a status that is missing or a text is judged by what there is',
    async run(world) {
      const { fake, client } = await signedIn(world)
      for (const statusCode of [undefined, null, NaN, '200']) {
        fake.next('downloadFile', (call) => call.succeed({ statusCode, tempFilePath: 'wxfile://a' }))
        world.assert.equal((await client.download(FILE)).tempFilePath, 'wxfile://a')
      }
      fake.next('downloadFile', (call) => call.succeed({ statusCode: '404', tempFilePath: 'wxfile://a' }), (call) => call.succeed({}))
      await world.assert.loginError(client.download(FILE), 'server_error', { status: 404 })
      await world.assert.loginError(client.download(FILE), 'server_error')
    },
  },
  {
    name: 'download: from another server it carries no token',
    async run(world) {
      const { fake, client } = await signedIn(world)
      const url = 'https://oss.example.com/a.png'
      fake.server.next(url, { text: 'picture' })
      world.assert.equal(fake.files[(await client.download({ url })).tempFilePath], 'picture')
      world.assert.equal(tokenSent(downloads(fake)[0]), undefined)
    },
  },
  {
    name: 'download: 30 at once on a revoked token: one login, and each file once more (behaviour 20)',
    async run(world) {
      const { fake, client } = await revoked(world)
      refusesByStatus(fake)
      const found = await Promise.all(each(30, () => client.download(FILE)))
      found.forEach(({ tempFilePath }) => world.assert.equal(fake.files[tempFilePath].data, 'a file of 1'))
      world.assert.equal(downloads(fake).length, 60, 'downloads')
      world.assert.equal(fake.requests(LOGIN).length, 2, 'logins')
    },
  },
  {
    name: 'download: refused a second time: signed_out; another refusal: server_error, and nobody is signed out (behaviours 21 and 29)',
    async run(world) {
      const { fake, client } = await signedIn(world)
      for (const status of [403, 404, 500]) {
        fake.server.next('order/file', { status, json: { errno: 1 } })
        await world.assert.loginError(client.download(FILE), 'server_error', { status })
      }
      fake.next('downloadFile', fails({ errMsg: 'downloadFile:fail' }))
      await world.assert.loginError(client.download(FILE), 'network', { errMsg: 'downloadFile:fail' })
      world.assert.ok(client.session)
      fake.server.always('order/file', { status: 401, json: { errno: 501 } })
      fake.server.always('auth/info', { json: { errno: 501 } })
      await world.assert.loginError(client.download(FILE), 'signed_out')
    },
  },
  {
    name: 'download: a logout while it is on its way: logged_out, and it is not sent again (behaviour 26)',
    async run(world) {
      const { fake, client } = await revoked(world)
      refusesByStatus(fake)
      const late = held()
      fake.next('downloadFile', late)
      const download = world.assert.loginError(client.download(FILE), 'logged_out')
      await world.clock.settle()
      await client.logout()
      late.release()
      await download
      world.assert.equal(downloads(fake).length, 1, 'downloads')
    },
  },
  {
    name: 'download: it may take as long as wx allows, waits for a place like a request, and tells its progress',
    async run(world) {
      const { fake, client } = await signedIn(world, { timeoutMs: 5000, maxParallel: 1 })
      const heard = []
      const progress = ({ progress, totalBytesWritten, totalBytesExpectedToWrite }) =>
        heard.push([progress, totalBytesWritten, totalBytesExpectedToWrite])
      await client.download(Object.assign({ onProgress: progress }, FILE))
      world.assert.deepEqual(heard, [[50, 500, 1000], [100, 1000, 1000]])
      world.assert.equal(downloads(fake)[0].options.timeout, 60000)
      fake.always('downloadFile', neverAnswers())
      const late = world.assert.loginError(client.download(FILE), 'timeout')
      const waiting = client.request({ url: 'order/echo' })
      await world.clock.settle()
      world.assert.equal(fake.requests('order/echo').length, 0, 'requests')
      await world.clock.advance(61000)
      await late
      await waiting
    },
  },
  {
    name: 'download: without a url, with callbacks, or with a wx that has none: refused by name',
    async run(world) {
      const { fake, client } = await signedIn(world)
      await world.assert.loginError(client.download({}), 'invalid_argument', { field: 'url' })
      await world.assert.loginError(client.download(Object.assign({ success() {} }, FILE)), 'invalid_argument', { field: 'success' })
      delete fake.wx.downloadFile
      const { errMsg } = await world.assert.loginError(client.download(FILE), 'network')
      world.assert.ok(errMsg.indexOf('wx.downloadFile is not a function') >= 0, errMsg)
    },
  },
]
