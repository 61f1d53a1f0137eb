// A server on a computer in the same network: for development only.
'use strict'

const { clientOver } = require('./given.js')

const IN_THE_NETWORK = [
  'http://192.168.1.5:8787/wx/', 'http://10.0.0.7', 'http://172.16.0.1/', 'http://172.31.255.1/wx', 'http://desk.local:8787/', 'http://My-Mac.local',
]
const ELSEWHERE = [
  'http://api.example.com/', 'http://172.15.0.1/', 'http://172.32.0.1/', 'http://192.169.1.5/', 'http://11.0.0.7/', 'http://192.168.1.5.example.com/',
  'http://10.0.0.example.com/', 'http://local/', 'http://.local/', 'http://desk.local.example.com/', 'http://user@desk.local/', 'http://192.168.1.5@example.com/',
]

const released = (envVersion) => () => ({ miniProgram: { envVersion } })

// What is warned of while `work` runs.
const warnings = async ({ phone }, work) => {
  const texts = []
  phone.setGlobals({ console: { warn: (text) => texts.push(text) } })
  try {
    await work()
  } finally {
    phone.setGlobals({ console: undefined })
  }
  return texts
}

module.exports = [
  {
    name: 'a server in the same network needs the option, and each client with it warns',
    async run(world) {
      const { assert } = world
      const fake = world.createFakeWx()
      for (const baseUrl of IN_THE_NETWORK) {
        await assert.loginError(clientOver(world, fake, { baseUrl }), 'invalid_config', { field: 'baseUrl' })
        await assert.loginError(clientOver(world, fake, { baseUrl, allowLan: false }), 'invalid_config', { field: 'baseUrl' })
        const texts = await warnings(world, () => clientOver(world, fake, { baseUrl, allowLan: true }))
        assert.equal(texts.length, 1, 'warnings')
        assert.ok(texts[0].indexOf('allowLan') > 0, texts[0])
      }
    },
  },
  {
    name: 'a client of a server in the same network signs in and sends its token there',
    async run(world) {
      const { assert } = world
      const fake = world.createFakeWx()
      const client = await clientOver(world, fake, { baseUrl: IN_THE_NETWORK[0], allowLan: true })
      fake.next('request', (call) => call.succeed({ statusCode: 200, data: { errno: 0, data: { token: 'secret' } } }))
      await client.loginByWeixin()
      await client.request({ url: 'auth/info' }).catch(() => {})
      const [login, request] = fake.calls.filter(({ api }) => api === 'request').map((call) => call.options)
      assert.equal(login.url, 'http://192.168.1.5:8787/wx/auth/login_by_weixin')
      assert.equal(request.header['X-Litemall-Token'], 'secret')
    },
  },
  {
    name: 'the option opens no other address without https',
    async run(world) {
      const fake = world.createFakeWx()
      for (const baseUrl of ELSEWHERE) {
        await world.assert.loginError(clientOver(world, fake, { baseUrl, allowLan: true }), 'invalid_config', { field: 'baseUrl' })
      }
    },
  },
  {
    name: 'a released version refuses it, and so does one that does not say what it is; a trial does not',
    async run(world) {
      const { assert } = world
      const baseUrl = IN_THE_NETWORK[0]
      const fake = world.createFakeWx()
      for (const says of [released('release'), released(undefined), () => ({}), () => { throw new Error('broken') }, undefined]) {
        fake.wx.getAccountInfoSync = says
        await assert.loginError(clientOver(world, fake, { baseUrl, allowLan: true }), 'invalid_config', { field: 'allowLan' })
      }
      fake.wx.getAccountInfoSync = released('trial')
      await clientOver(world, fake, { baseUrl, allowLan: true })
    },
  },
  {
    name: 'with https the option changes nothing, in a released version either',
    async run(world) {
      const fake = world.createFakeWx()
      fake.wx.getAccountInfoSync = released('release')
      const texts = await warnings(world, () => clientOver(world, fake, { allowLan: true }))
      world.assert.equal(texts.length, 0, 'warnings')
    },
  },
  {
    name: 'an option that is neither true nor false is refused',
    async run(world) {
      const fake = world.createFakeWx()
      for (const allowLan of ['true', 1, null]) {
        await world.assert.loginError(clientOver(world, fake, { allowLan }), 'invalid_config', { field: 'allowLan' })
      }
    },
  },
]
