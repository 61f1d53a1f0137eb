// Bodies that `wx` has not read as JSON.
'use strict'

const { LOGIN, signedIn, newClient } = require('./given.js')

const SIGNED_OUT = '{"errno":501,"errmsg":"请登录"}'
const MARK = '\uFEFF'

const bytesOf = (text) => Uint8Array.from(unescape(encodeURIComponent(text)), (octet) => octet.charCodeAt(0)).buffer

const answers = (data) => (call) => call.succeed({ statusCode: 200, data })

// [what the page asks for, its options, the body as `wx` gives it]
const SIGNED_OUT_IN = [
  ['binary data', { responseType: 'arraybuffer' }, bytesOf(SIGNED_OUT)],
  ['binary data with a mark in front', { responseType: 'arraybuffer' }, bytesOf(MARK + SIGNED_OUT)],
  ['a text', { dataType: 'text' }, SIGNED_OUT],
  ['a text with a mark in front', { dataType: 'text' }, MARK + SIGNED_OUT],
  ['JSON with a mark in front', {}, MARK + SIGNED_OUT],
]

const signedOut = SIGNED_OUT_IN.map(([what, options, data]) => ({
  name: `"signed out" is seen in ${what}: one login, and the request once more`,
  async run(world) {
    const { fake, client } = await signedIn(world)
    await world.clock.advance(120000)
    fake.next('request', answers(data))
    const given = await client.request(Object.assign({ url: 'goods/list' }, options))
    world.assert.equal(given.errno, 0)
    world.assert.equal(fake.requests(LOGIN).length, 2, 'logins')
    world.assert.equal(fake.requests('goods/list').length, 2, 'requests')
  },
}))

module.exports = signedOut.concat([
  {
    name: 'binary data comes as it is, also if it is no text, or more than a message',
    async run(world) {
      const { fake, client } = await signedIn(world)
      for (const data of [Uint8Array.of(0xff, 0xfe, 0).buffer, bytesOf('{"errno":0}'), new ArrayBuffer(100000), new ArrayBuffer(0)]) {
        fake.next('request', answers(data))
        world.assert.ok(await client.request({ url: 'file', responseType: 'arraybuffer' }) === data, 'the very same data')
      }
    },
  },
  {
    name: 'a text comes as it is',
    async run(world) {
      const { fake, client } = await signedIn(world)
      for (const data of ['plain', '{"errno":0}', `${MARK}plain`]) {
        fake.next('request', answers(data))
        world.assert.equal(await client.request({ url: 'file', dataType: 'text' }), data)
      }
    },
  },
  {
    name: 'JSON with a mark in front is read',
    async run(world) {
      const { fake, client } = await newClient(world)
      fake.next('request', answers(`${MARK}{"errno":0,"data":{"token":"secret","userInfo":"{\\"userId\\":7}"}}`))
      await client.loginByWeixin()
      world.assert.deepEqual(client.session.userInfo, { userId: 7 })
      fake.next('request', answers(`${MARK}{"errno":0,"data":[1]}`))
      world.assert.deepEqual((await client.request({ url: 'goods/list' })).data, [1])
    },
  },
  {
    name: 'an empty list in the place of the user is a user without fields, as PHP writes it',
    async run(world) {
      const { fake, client } = await newClient(world)
      fake.server.next(LOGIN, { json: { errno: 0, data: { token: 'secret', userInfo: [] } } })
      await client.loginByWeixin()
      world.assert.deepEqual(client.session.userInfo, {})
    },
  },
])
