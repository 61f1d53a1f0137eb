// What the flow page can do to the login module. Each act gives the name of the sentence that says what came of it.
const { endOnServer } = require('./end-on-server.js')
const { control } = require('./sandbox.js')

const CODE_LIFETIME_S = 300
const MANY = 20

const ACTS = {
  login: {
    async run({ login }) {
      await login.loginByWeixin()
      await ask(login)
      return 'login'
    },
  },
  again: {
    needsSession: true,
    async run({ login }) {
      await ask(login)
      return 'again'
    },
  },
  expire: {
    needsSession: true,
    before: ({ login }) => endOnServer(login),
    async run({ login }) {
      await ask(login)
      return 'expire'
    },
  },
  many: {
    needsSession: true,
    before: ({ login }) => endOnServer(login),
    async run({ login }) {
      await Promise.all(Array.from({ length: MANY }, () => ask(login)))
      return 'many'
    },
  },
  stale: {
    async run({ login, faults }) {
      faults.beforeCode = () => {
        delete faults.beforeCode // the next code is a fresh one
        return control('clock', { advanceSeconds: CODE_LIFETIME_S })
      }
      await login.loginByWeixin()
      await ask(login)
      return 'stale'
    },
  },
  busy: {
    needsSession: true,
    before: () => control('mode', { mode: 'busy' }),
    async run({ login }) {
      await failsWith('wechat_busy', login.loginByWeixin())
      return keptOrLost(login, 'busy')
    },
    after: () => control('mode', { mode: 'ok' }),
  },
  down: {
    needsSession: true,
    async run({ login, faults }) {
      faults.noNetwork = true
      await failsWith('network', ask(login))
      return keptOrLost(login, 'down')
    },
  },
  leave: {
    async run({ login, faults }) {
      const exchanging = new Promise((resolve) => {
        faults.onRequest = (url) => /login_by_weixin$/.test(url) && resolve()
      })
      const signingIn = failsWith('logged_out', login.loginByWeixin())
      await Promise.race([exchanging, signingIn])
      await login.logout()
      await signingIn
      return login.session ? 'cameBack' : 'leave'
    },
  },
  full: {
    async run({ login, faults }) {
      faults.fullStorage = true
      await login.loginByWeixin()
      await ask(login)
      return login.session.persisted ? 'unexpected' : 'full'
    },
  },
}

/** Performs the act and gives `{ told, values }`: the name of a sentence, and what it is filled in with. */
async function perform(name, { login, faults, flow }) {
  const { needsSession, before, run, after } = ACTS[name]
  const stage = { login, faults }
  try {
    if (needsSession && !login.session) await login.loginByWeixin()
    if (before) await before(stage)
    flow.begin()
    const told = await run(stage)
    return { told, values: flow.facts() }
  } catch (error) {
    return { told: error.code === 'no_sandbox' ? 'noSandbox' : 'unexpected', values: { code: error.code || error.message } }
  } finally {
    for (const fault of Object.keys(faults)) delete faults[fault]
    flow.end()
    if (after) await after(stage).catch(() => {}) // it could not begin, either
  }
}

/** The page's request as the user. */
function ask(login) {
  return login.request({ url: 'auth/info' })
}

async function failsWith(code, promise) {
  const error = await promise.then(() => new Error('nothing failed'), (error) => error)
  if (error.code !== code) throw error
}

function keptOrLost(login, told) {
  return login.session ? told : 'lost'
}

module.exports = { ACTS: Object.keys(ACTS), perform }
