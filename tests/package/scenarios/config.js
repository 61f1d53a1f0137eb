// Options that cannot work.
'use strict'

const { clientOver, newClient } = require('./given.js')

// [what is wrong, the options, the field that the error names]
const REFUSED = [
  ['baseUrl missing', { baseUrl: undefined }, 'baseUrl'],
  ['baseUrl empty', { baseUrl: '' }, 'baseUrl'],
  ['baseUrl a number', { baseUrl: 8787 }, 'baseUrl'],
  ['baseUrl http on another machine', { baseUrl: 'http://api.example.com/wx/' }, 'baseUrl'],
  ['baseUrl http on a name that only begins like localhost', { baseUrl: 'http://localhost.example.com/' }, 'baseUrl'],
  ['baseUrl without a scheme', { baseUrl: 'api.example.com/wx/' }, 'baseUrl'],
  ['baseUrl without a host', { baseUrl: 'https://' }, 'baseUrl'],
  ['baseUrl of another scheme', { baseUrl: 'wss://api.example.com/' }, 'baseUrl'],
  ['baseUrl with a query', { baseUrl: 'https://api.example.com/wx/?a=1' }, 'baseUrl'],
  ['endpoint empty', { endpoints: { info: '' } }, 'endpoints.info'],
  ['endpoint on another server', { endpoints: { loginByWeixin: 'https://example.org/' } }, 'endpoints.loginByWeixin'],
  ['endpoint unknown', { endpoints: { logIn: 'auth/login' } }, 'endpoints.logIn'],
  ['endpoints a text', { endpoints: 'auth/login' }, 'endpoints'],
  ['tokenHeader with a line break', { tokenHeader: 'X-Token\r\nX-Other' }, 'tokenHeader'],
  ['signedOut.errno no list', { signedOut: { errno: 501 } }, 'signedOut.errno'],
  ['signedOut.errno with a hole', { signedOut: { errno: Object.assign([501], { length: 2 }) } }, 'signedOut.errno'],
  ['signedOut.status of texts', { signedOut: { status: ['401'] } }, 'signedOut.status'],
  ['expiryMarginMs negative', { expiryMarginMs: -1 }, 'expiryMarginMs'],
  ['timeoutMs zero', { timeoutMs: 0 }, 'timeoutMs'],
  ['timeoutMs longer than WeChat waits', { timeoutMs: 60001 }, 'timeoutMs'],
  ['timeoutMs not a number', { timeoutMs: NaN }, 'timeoutMs'],
  ['storageKey empty', { storageKey: '' }, 'storageKey'],
  ['sessionCheck unknown', { sessionCheck: 'sometimes' }, 'sessionCheck'],
  ['an option unknown', { baseURL: 'https://api.example.com/' }, 'baseURL'],
]

const REFUSED_PATHS = [
  ['wasmPath empty', { wasmPath: '' }, 'wasmPath'],
  ['wasmPath no text', { wasmPath: new Uint8Array(4) }, 'wasmPath'],
]

const refusal = ([wrong, others, field]) => ({
  name: `${wrong}: invalid_config with the field`,
  async run(world) {
    const fake = world.createFakeWx()
    const error = await world.assert.loginError(clientOver(world, fake, others), 'invalid_config', { field })
    world.assert.ok(error.message.indexOf(field) >= 0, `the message names the field: ${error.message}`)
    world.assert.equal(fake.calls.length, 0, 'calls of wx')
  },
})

const refusals = REFUSED.map(refusal)
  .concat(REFUSED_PATHS.map((path) => Object.assign({ ofWasm: true }, refusal(path))))

const acceptedBases = ['https://api.example.com', 'http://localhost:8787/wx', 'http://127.0.0.1:8787/wx/']

module.exports = refusals.concat(acceptedBases.map((baseUrl) => ({
  name: `${baseUrl} is a baseUrl, with or without a slash at its end`,
  async run(world) {
    const { fake, client } = await newClient(world, { baseUrl })
    fake.next('request', (call) => call.succeed({ statusCode: 200, data: { errno: 0, data: { token: 'secret' } } }))
    await client.loginByWeixin()
    const [{ options }] = fake.calls.filter(({ api }) => api === 'request')
    world.assert.equal(options.url, `${baseUrl.replace(/\/$/, '')}/auth/login_by_weixin`)
  },
})), [
  {
    name: 'no options at all: invalid_config with baseUrl',
    async run({ createLoginClient, createFakeWx, phone, assert }) {
      phone.setGlobals({ wx: createFakeWx().wx })
      phone.addFile('/miniprogram_npm/weapp-login/weapp_login.wasm', phone.wasmBytes())
      await assert.loginError(createLoginClient(), 'invalid_config', { field: 'baseUrl' })
    },
  },
  {
    name: 'no wx anywhere: invalid_config',
    async run({ createLoginClient, assert }) {
      await assert.loginError(createLoginClient({ baseUrl: 'https://api.example.com/' }), 'invalid_config')
    },
  },
  {
    name: 'options and endpoints of the app are used',
    async run(world) {
      const { fake, client } = await newClient(world, {
        endpoints: { loginByWeixin: 'auth/loginByWeixin' },
        tokenHeader: 'X-Nideshop-Token',
        timeoutMs: 4321,
        storageKey: 'my-login',
      })
      const envelope = { errno: 0, data: { token: 'secret-token-7' } }
      fake.server.next('auth/loginByWeixin', { json: envelope })
      world.assert.deepEqual(await client.loginByWeixin(), envelope)
      world.assert.equal(fake.requests('auth/loginByWeixin')[0].options.timeout, 4321)
      world.assert.deepEqual(fake.storedKeys(), ['my-login'])
      world.assert.deepEqual(client.authHeader(), { 'X-Nideshop-Token': 'secret-token-7' })
    },
  },
])
