// What the self-test looks at, in this order. Each check gets what those before have left in `lab`, and fails by an error.
const { clientOptions } = require('../../config.js')
const { endOnServer } = require('../../services/end-on-server.js')

const SECOND = 1000
const MANY = 100
const TIMEOUT_MS = 10 * SECOND

// Keys of its own: the visitor's session stays as it is.
const PROBE_KEY = 'weapp-login-demo:self-test:probe'
const SESSION_KEY = 'weapp-login-demo:self-test'
const KEYS = [PROBE_KEY, SESSION_KEY]

// Another copy of the package than the app's, so that its module is loaded anew.
const withWasm = () => require('./libs/index.js')
const withoutWasm = () => require('./libs/no-wasm.js')
const loadedBefore = {}

const CHECKS = [
  {
    name: 'module',
    deadline: 30 * SECOND,
    async run(lab) {
      return open(lab, 'wasm', withWasm())
    },
  },
  {
    name: 'noWasm',
    deadline: 30 * SECOND,
    async run(lab) {
      return open(lab, 'no-wasm', withoutWasm())
    },
  },
  {
    name: 'storage',
    deadline: 5 * SECOND,
    async run() {
      const written = { text: '一叶茶铺 🍵', list: [1, 'two', { three: 3 }] }
      wx.setStorageSync(PROBE_KEY, written)
      const read = JSON.stringify(wx.getStorageSync(PROBE_KEY))
      wx.removeStorageSync(PROBE_KEY)
      if (read !== JSON.stringify(written)) throw failure('other_value', 'what was read is not what was written')
      if (wx.getStorageSync(PROBE_KEY)) throw failure('not_removed', 'what was removed is still there')
    },
  },
  {
    name: 'login',
    deadline: 3 * TIMEOUT_MS,
    async run(lab) {
      const login = clientOf(lab)
      await login.loginByWeixin()
      if (!login.session.persisted) throw failure('not_stored', 'the session is not in the storage')
    },
  },
  {
    name: 'request',
    deadline: 2 * TIMEOUT_MS,
    async run(lab) {
      await ask(clientOf(lab))
    },
  },
  {
    name: 'many',
    deadline: 60 * SECOND,
    async run(lab) {
      const login = clientOf(lab)
      await endOnServer(login)
      const logins = countLogins(login)
      const answers = await Promise.all(Array.from({ length: MANY }, () => ask(login).then(() => null, (error) => error)))
      logins.stop()
      const failures = answers.filter(Boolean)
      if (failures.length > 0) throw failure(failures[0].code, `${failures.length} of ${MANY} requests have failed: ${failures[0].message}`)
      if (logins.count() !== 1) throw failure('many_logins', `${logins.count()} logins for ${MANY} requests`)
    },
  },
  {
    name: 'abort',
    deadline: 2 * TIMEOUT_MS,
    async run(lab) {
      const login = clientOf(lab)
      const controller = new lab.AbortController()
      const aborted = ask(login, { signal: controller.signal }).then(() => failure('not_aborted', 'the request was answered'), (error) => error)
      controller.abort()
      const error = await aborted
      if (error.code !== 'aborted') throw error
      await ask(login)
    },
  },
  {
    name: 'logout',
    deadline: 2 * TIMEOUT_MS,
    async run(lab) {
      const login = clientOf(lab)
      await login.logout()
      if (login.session) throw failure('still_there', 'the session is still there')
    },
  },
]

/** Creates a client. The first of the two that can be had does the rest of the test. A second load measures less, and says so. */
async function open(lab, engine, { createLoginClient, AbortController }) {
  const client = await createLoginClient(Object.assign({}, clientOptions, { storageKey: SESSION_KEY, timeoutMs: TIMEOUT_MS }))
  lab.clients.push(client)
  client.authHeader() // the way into the module and out of it
  if (!lab.login) Object.assign(lab, { login: client, engine, AbortController })
  const note = loadedBefore[engine] ? 'already in memory' : ''
  loadedBefore[engine] = true
  return note
}

function clientOf({ login }) {
  if (!login) throw failure('no_client', 'neither the module nor no-wasm could be loaded')
  return login
}

function ask(login, options) {
  return login.request(Object.assign({ url: 'auth/info', auth: 'required' }, options))
}

function countLogins(login) {
  let count = 0
  const stop = login.onEvent(({ name, code }) => {
    if (name === 'exchange' && !code) count += 1
  })
  return { stop, count: () => count }
}

function failure(code, message) {
  return Object.assign(new Error(message), { code })
}

/** Where a test begins. */
function createLab() {
  return { clients: [], login: null, engine: 'none' }
}

/** Removes what is left of a test, however it went. */
async function clear({ clients, login }, inTime) {
  try {
    if (login && login.session) await inTime(login.logout(), TIMEOUT_MS)
  } catch (error) {
    console.error('the login of the self-test could not be ended:', error.code)
  }
  for (const client of clients) client.free()
  for (const key of KEYS) removeQuietly(key)
}

function removeQuietly(key) {
  try {
    wx.removeStorageSync(key)
  } catch (error) {
    console.error('not removed:', key)
  }
}

module.exports = { CHECKS, createLab, clear }
