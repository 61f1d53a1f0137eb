// Neither side sees what the other does to its objects later.
'use strict'

const { newClient, revoked, signedIn } = require('./given.js')
const { held } = require('../../../js-glue/testing/fake-wx.js')

const ORDER = 'order/echo'

const cyclic = () => {
  const list = [{}]
  list[0].owner = list
  return list
}

// [what, the data given, the field that the error names]
const REFUSED = [
  ['an object that contains itself', () => { const a = {}; a.self = a; return a }, 'data.self'],
  ['a list that contains itself', () => ({ list: cyclic() }), 'data.list.0.owner'],
  ['a BigInt', () => ({ id: BigInt(1) }), 'data.id'],
  ['a BigInt as the data', () => BigInt(1), 'data'],
]

const refusals = REFUSED.map(([what, data, field]) => ({
  name: `copies: ${what}: invalid_argument that names the field, and nothing is sent`,
  async run(world) {
    if (typeof BigInt === 'undefined' && /BigInt/.test(what)) return // an engine that has none
    const { fake, client } = await signedIn(world)
    const sent = fake.calls.length
    await world.assert.loginError(client.request({ url: ORDER, data: data() }), 'invalid_argument', { field })
    world.assert.equal(fake.calls.length, sent, 'calls of wx')
  },
}))

// What JSON makes of it is what is sent.
const ODD = () => ({
  at: new Date(0),
  own: { toJSON: () => ({ as: 'text' }) },
  missing: undefined,
  work: () => {},
  list: [undefined, () => {}, NaN, [1]],
  boxed: Object('text'),
  endless: Infinity,
  same: [ODD.shared, ODD.shared],
})
ODD.shared = { a: 1 }

module.exports = refusals.concat([
  {
    name: 'copies: what is sent again is what was given, at any depth',
    async run(world) {
      const { fake, client } = await revoked(world)
      const data = { page: 1, filter: { tags: ['a'], price: { max: 5 } } }
      const header = { 'X-Page': '1' }
      const given = JSON.parse(JSON.stringify(data))
      const first = held()
      fake.next('request', first)
      const request = client.request({ url: ORDER, method: 'POST', data, header })
      data.page = 2
      await world.clock.settle()
      data.filter.tags.push('b')
      data.filter.price.max = 6
      header['X-Page'] = '2'
      first.release()
      const body = await request
      world.assert.deepEqual(header, { 'X-Page': '2' }, 'the page\'s own object')
      const sent = fake.requests(ORDER)
      world.assert.equal(sent.length, 2, 'requests')
      sent.forEach(({ options }) => {
        world.assert.deepEqual(options.data, given)
        world.assert.equal(options.header['X-Page'], '1')
      })
      world.assert.deepEqual(body.data.sent, given)
    },
  },
  {
    name: 'copies: what wx does to the options of the first try does not show in the second',
    async run(world) {
      const { fake, client } = await revoked(world)
      fake.next('request', (call) => {
        call.options.header['X-Added'] = 'by wx'
        call.options.url = 'elsewhere'
        call.succeed({ statusCode: 401, data: {} })
      })
      await client.request({ url: ORDER })
      const [{ options }] = fake.requests(ORDER)
      world.assert.equal(options.header['X-Added'], undefined)
    },
  },
  {
    name: 'copies: odd values are copied as JSON would',
    async run(world) {
      const { fake, client } = await signedIn(world)
      await client.request({ url: ORDER, method: 'POST', data: ODD() })
      world.assert.deepEqual(fake.requests(ORDER)[0].options.data, JSON.parse(JSON.stringify(ODD())))
    },
  },
  {
    name: 'copies: binary data is sliced, and sent as what it is',
    async run(world) {
      const { fake, client } = await revoked(world)
      const sent = []
      fake.always('request', (call) => {
        if (!/echo$/.test(call.options.url)) return call.perform()
        sent.push(call.options.data)
        return call.succeed({ statusCode: sent.length > 1 ? 200 : 401, data: { errno: 0 } })
      })
      const bytes = new Uint8Array([1, 2, 3, 4])
      const request = client.request({ url: ORDER, method: 'POST', data: bytes.buffer })
      const view = client.request({ url: ORDER, method: 'POST', data: bytes.subarray(1, 3) })
      bytes.fill(9)
      await Promise.all([request, view])
      const read = (data) => Array.from(new Uint8Array(data.buffer || data)).join()
      world.assert.ok(sent.some((data) => data instanceof ArrayBuffer && read(data) === '1,2,3,4'), 'the buffer')
      world.assert.ok(sent.some((data) => ArrayBuffer.isView(data) && read(data) === '2,3'), 'the view')
      sent.forEach((data) => world.assert.ok(!/9/.test(read(data)), read(data)))
    },
  },
  {
    name: 'copies: a key that is called __proto__ is a key like any other',
    async run(world) {
      const { fake, client } = await signedIn(world)
      await client.request({ url: ORDER, method: 'POST', data: JSON.parse('{"__proto__":{"admin":true},"a":1}') })
      const { data } = fake.requests(ORDER)[0].options
      world.assert.equal(JSON.stringify(data), '{"__proto__":{"admin":true},"a":1}')
      world.assert.equal(data.admin, undefined)
    },
  },
  {
    name: 'copies: callers who share a login do not share what it gives',
    async run(world) {
      const { client } = await newClient(world)
      const [first, second] = await Promise.all([client.loginByWeixin(), client.loginByWeixin()])
      first.data.userInfo.nickName = 'changed'
      first.data.userInfo.more = {}
      world.assert.ok(second.data.userInfo.nickName !== 'changed' && !second.data.userInfo.more, 'the other caller sees it')
      world.assert.ok(client.session.userInfo.nickName !== 'changed', 'the session shows it')
      const [one, other] = await Promise.all([client.ensureLogin(), client.ensureLogin()])
      one.userInfo.nickName = 'changed'
      world.assert.ok(other.userInfo.nickName !== 'changed', 'the other session shows it')
    },
  },
  {
    name: 'copies: listeners do not share what they are given',
    async run(world) {
      const { client } = await newClient(world)
      const heard = []
      const listen = (news) => {
        heard.push(news)
        if (news.session) news.session.userInfo.nickName = 'changed'
        news.name = news.name && 'changed'
        news.seen = true
      }
      client.onChange((news) => { world.assert.ok(!news.seen && news.session.userInfo.nickName !== 'changed', 'first'); listen(news) })
      client.onChange((news) => { world.assert.ok(!news.seen && news.session.userInfo.nickName !== 'changed', 'second'); listen(news) })
      client.onEvent(listen)
      client.onEvent((event) => { heard.push(event); world.assert.ok(!event.seen && event.name !== 'changed', 'events') })
      const failures = []
      client.onEvent((event) => { if (event.code === 'listener_failed') failures.push(event.error.message) })
      await client.loginByWeixin()
      world.assert.deepEqual(failures, [])
      world.assert.equal(heard.length, 6, 'news')
      world.assert.ok(client.session.userInfo.nickName !== 'changed', 'the session shows it')
    },
  },
])
