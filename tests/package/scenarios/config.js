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
  ['a dialect by its name', { dialect: 'yudao' }, 'dialect'],
  ['a slot unknown', { dialect: { logIn: { url: 'auth/login' } } }, 'dialect.logIn'],
  ['a call without an address', { dialect: { login: {} } }, 'dialect.login.url'],
  ['a call on another server', { dialect: { login: { url: 'https://example.org/' } } }, 'dialect.login.url'],
  ['a call above baseUrl', { dialect: { logout: { url: '../logout' } } }, 'dialect.logout.url'],
  ['a call with a part unknown', { dialect: { login: { url: 'login', body: {} } } }, 'dialect.login.body'],
  ['a login that is no call', { dialect: { login: true } }, 'dialect.login'],
  ['a sign that is no function', { dialect: { sign: {} } }, 'dialect.sign'],
  ['a function in the place of a call', { dialect: { logout: () => {} } }, 'dialect.logout'],
  ['a method unknown', { dialect: { login: { url: 'login', method: 'get' } } }, 'dialect.login.method'],
  ['a $name unknown', { dialect: { login: { url: 'login', send: { a: { code: '$tokn' } } } } }, 'dialect.login.send.a.code'],
  ['a $name unknown there', { dialect: { login: { url: 'login?u=$username' } } }, 'dialect.login.url'],
  ['a header that is none', { dialect: { login: { url: 'login', header: { 'X Code': '$code' } } } }, 'dialect.login.header.X Code'],
  ['a path that is no text', { dialect: { token: { at: 7 } } }, 'dialect.token.at'],
  ['a scheme with a line break', { dialect: { token: { scheme: 'Bearer\r\nX-Other: ' } } }, 'dialect.token.scheme'],
  ['the header of the token with a line break', { dialect: { token: { header: 'X-Token\r\nX-Other' } } }, 'dialect.token.header'],
  ['a match without values', { dialect: { signedOut: { errno: [] } } }, 'dialect.signedOut.errno'],
  ['a match without fields', { dialect: { success: [{}] } }, 'dialect.success'],
  ['a match that is none', { dialect: { signedOut: [401] } }, 'dialect.signedOut'],
  ['a value that is none', { dialect: { success: { code: { a: 1 } } } }, 'dialect.success.code'],
  ['an end said in another way', { dialect: { expires: { at: 'data.end', as: 'minutes' } } }, 'dialect.expires.as'],
  ['a refusal unknown', { dialect: { refusals: { wrong: { code: 1 } } } }, 'dialect.refusals.wrong'],
  ['a constant with a line break', { dialect: { headers: { tenant: '1\n2' } } }, 'dialect.headers.tenant'],
  ['a host without https', { dialect: { hosts: ['http://files.example.com/'] } }, 'dialect.hosts'],
  ['an option of before', { endpoints: {} }, 'endpoints'],
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
    name: 'a dialect is what it was when the client was created',
    async run(world) {
      const login = { url: 'auth/login_by_weixin', send: { code: '$code', userInfo: '$userInfo', from: 'then' } }
      const { fake, client } = await newClient(world, { dialect: { login } })
      login.send.from = 'now'
      login.url = 'elsewhere'
      await client.loginByWeixin()
      world.assert.equal(fake.requests('auth/login_by_weixin')[0].options.data.from, 'then')
    },
  },
  {
    name: 'the options of the app are used',
    async run(world) {
      const { fake, client } = await newClient(world, {
        dialect: { login: { url: 'auth/loginByWeixin', send: { code: '$code' } }, token: { header: 'X-Nideshop-Token' } },
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
