// Arguments that cannot be used: a rejection that names them, never a throw, and nothing is sent.
'use strict'

const { signedIn } = require('./given.js')

const NO_OBJECTS = [undefined, null, '', 'text', 0, 42, true, []]
const NO_TEXTS = [undefined, null, '', 0, 42, true, {}, []]
const ORDER = { url: 'order/echo' }
const FILE = { url: 'storage/upload', filePath: 'a.png', name: 'file' }
const ACCOUNT = { username: 'li', password: 'secret-password' }

// All of `whole`, with each of `values` as its `key` in turn.
const withEach = (whole, key, values) => values.map((value) => Object.assign({}, whole, { [key]: value }))

const ACCOUNTS = [
  ['username', NO_OBJECTS.concat(withEach(ACCOUNT, 'username', NO_TEXTS))],
  ['password', withEach(ACCOUNT, 'password', NO_TEXTS)],
]

const SENDING = [
  ['url', (whole) => withEach(whole, 'url', NO_TEXTS)],
  ['header', (whole) => withEach(whole, 'header', ['text', 42, true, []])],
  ['timeout', (whole) => withEach(whole, 'timeout', [0, -1, NaN, 60001, Infinity, '5000', {}])],
]

const sending = (whole) => SENDING.map(([field, wrong]) => [field, wrong(whole)])

// Of each method: the fields that an error can name, each with the arguments that are wrong in it.
const METHODS = {
  loginByWeixin: [['userInfo', ['text', 42, true, []]]],
  ensureLogin: [['mode', withEach({}, 'mode', ['', 'always', 'FORCE', 42, true, {}, []])]],
  request: sending(ORDER).concat([['url', NO_OBJECTS], ['method', withEach(ORDER, 'method', ['', 'FETCH', 'GET ', 42, {}])]]),
  upload: sending(FILE).concat([
    ['filePath', NO_OBJECTS.concat(withEach(FILE, 'filePath', NO_TEXTS))],
    ['name', withEach(FILE, 'name', NO_TEXTS)],
    ['formData', withEach(FILE, 'formData', ['text', 42, true, []])],
  ]),
  loginByAccount: ACCOUNTS,
  register: ACCOUNTS,
  bindAccount: ACCOUNTS,
  bindPhone: [['code', NO_OBJECTS.concat(withEach({}, 'code', NO_TEXTS))]],
  updateProfile: [['fields', NO_OBJECTS]],
}

const cases = Object.keys(METHODS).reduce((all, method) =>
  all.concat(METHODS[method].map(([field, wrong]) => ({ method, field, wrong }))), [])

const scenarios = cases.map(({ method, field, wrong }, i) => ({
  name: `arguments: ${method}: a wrong \`${field}\` (${i + 1}): invalid_argument that names it, and no call of wx`,
  async run(world) {
    const { fake, client } = await signedIn(world)
    const before = fake.calls.length
    for (const argument of wrong) {
      const error = await world.assert.loginError(client[method](argument), 'invalid_argument', { field })
      world.assert.ok(error.message.indexOf(field) >= 0, `the message names it: ${error.message}`)
    }
    world.assert.equal(fake.calls.length, before, 'calls of wx')
    world.assert.ok(client.session, 'the session is kept')
  },
}))

module.exports = scenarios.concat([
  {
    name: 'arguments: are taken as they are when the method is called: the page may go on to use its objects',
    async run(world) {
      const { fake, client } = await signedIn(world)
      const form = Object.assign({}, ACCOUNT)
      const binding = client.bindAccount(form).catch(() => {}) // the server knows no such account
      form.password = ''
      await binding
      const [{ options: sent }] = fake.requests('auth/login_by_weixin').slice(-1)
      world.assert.equal(sent.data.account.password, ACCOUNT.password)
      const order = { url: 'order/first' }
      const orders = []
      const end = client.onChange(() => {
        orders.push(client.request(order))
        order.url = 'order/second'
        orders.push(client.request(order))
      })
      await client.loginByWeixin()
      end()
      await Promise.all(orders)
      world.assert.deepEqual(['order/first', 'order/second'].map((path) => fake.requests(path).length), [1, 1])
      world.assert.equal(order.url, 'order/second')
    },
  },
  {
    name: 'arguments: listeners must be functions',
    async run(world) {
      const { client } = await signedIn(world)
      for (const method of ['onChange', 'onEvent']) {
        for (const wrong of [undefined, null, {}, 'text']) {
          let thrown
          try {
            client[method](wrong)
          } catch (error) {
            thrown = error
          }
          world.assert.ok(thrown instanceof Error, `${method} took ${wrong}`)
          world.assert.equal(thrown.code, 'invalid_argument')
          world.assert.equal(thrown.field, 'listener')
        }
      }
    },
  },
])
