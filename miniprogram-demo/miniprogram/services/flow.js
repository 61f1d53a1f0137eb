// What the seven steps of WeChat's login sequence are at, from what is seen of the login module.

const STEPS = ['code', 'send', 'exchange', 'bind', 'answer', 'keep', 'use']

// The server's own work, which the phone does not see: it is done when the answer has come.
const ON_SERVER = ['exchange', 'bind']
const BUSINESS = 'use'

// Where a login has stopped, by the code of its error; else with the server.
const STOPPED_AT = { network: 'send', timeout: 'send', code_expired: 'exchange', wechat_busy: 'exchange', too_frequent: 'exchange', login_blocked: 'exchange' }

/** `changed(steps, facts)` is called after each change. */
function createFlow(changed) {
  let steps
  let facts
  let businessBegan
  // Between `begin` and `end`: what comes later belongs to no drawing.
  let isOpen = false
  reset()

  function reset() {
    steps = {}
    for (const name of STEPS) steps[name] = { name, state: 'idle', ms: -1, text: '' }
    facts = { logins: 0, exchanges: 0, refreshes: 0, replays: 0, sent: 0, answered: 0, failed: 0 }
    businessBegan = 0
  }

  function tell() {
    changed(STEPS.map((name) => Object.assign({}, steps[name])), Object.assign({}, facts))
  }

  function set(name, state, fields) {
    Object.assign(steps[name], { state }, fields)
  }

  /** What the watched `wx` reports. */
  function passed(event) {
    if (!isOpen) return
    const kind = event.name === 'request' ? kindOf(event.url) : event.name
    if (PASSED[kind]) PASSED[kind](event)
    tell()
  }

  const PASSED = {
    login({ ended, got, failed }) {
      if (!ended) facts.logins += 1
      set('code', stateAfter(ended, failed), { text: textOf(failed || got, 'wx.login()') })
    },
    exchange(event) {
      if (!event.ended) facts.exchanges += 1
      exchanged(event, ON_SERVER)
    },
    refresh(event) {
      if (!event.ended) facts.refreshes += 1
      exchanged(event, [])
    },
    store({ ms, got, failed }) {
      set('keep', stateAfter(true, failed), { ms, text: textOf(failed || got) })
    },
    business({ ended, sent, failed }) {
      if (!ended) {
        if (facts.sent === 0) businessBegan = Date.now()
        facts.sent += 1
        set(BUSINESS, 'running', { text: sent })
        return
      }
      facts[failed ? 'failed' : 'answered'] += 1
      const isLast = facts.answered + facts.failed === facts.sent
      if (isLast) set(BUSINESS, stateAfter(true, failed), { ms: Date.now() - businessBegan })
      if (failed) set(BUSINESS, steps[BUSINESS].state, { text: failed })
    },
  }

  function exchanged({ ended, sent, got, failed }, onServer) {
    if (!ended) {
      set('send', 'running', { text: sent })
      for (const name of onServer) set(name, 'running')
    } else if (!failed && steps.send.state === 'running') {
      set('answer', 'running', { text: got })
    }
  }

  /** What the client's `onEvent` reports: a step has ended, well or not. */
  function stepped({ name, ms, code }) {
    if (!isOpen) return
    if (name === 'login') set('code', stateAfter(true, code), { ms: Math.round(ms) })
    if (name === 'replay') facts.replays += 1
    if (name === 'exchange' || name === 'refresh') answered(Math.round(ms), code)
    tell()
  }

  function answered(ms, code) {
    const underWay = ['send', ...ON_SERVER, 'answer'].filter((name) => steps[name].state === 'running')
    const stopped = code && (STOPPED_AT[code] || 'answer')
    for (const name of underWay) {
      const isBefore = !stopped || STEPS.indexOf(name) < STEPS.indexOf(stopped)
      set(name, isBefore ? 'done' : 'idle')
    }
    set('send', steps.send.state, { ms })
    if (stopped) set(stopped, 'failed')
  }

  return {
    passed,
    stepped,
    facts: () => Object.assign({}, facts),
    begin() {
      reset()
      isOpen = true
      tell()
    },
    /** What has not come to its end has failed; what was not needed, because the session was there, came from the cache. */
    end() {
      for (const name of STEPS) if (steps[name].state === 'running') set(name, 'failed')
      const untouched = STEPS.filter((name) => steps[name].state === 'idle')
      if (steps[BUSINESS].state === 'done') for (const name of untouched) set(name, 'cached')
      isOpen = false
      tell()
    },
  }
}

function kindOf(url) {
  if (/\/auth\/login_by_weixin$/.test(url)) return 'exchange'
  if (/\/auth\/refresh$/.test(url)) return 'refresh'
  return /\/auth\/logout$/.test(url) ? 'logout' : 'business'
}

function stateAfter(ended, failed) {
  if (!ended) return 'running'
  return failed ? 'failed' : 'done'
}

function textOf(text, otherwise = '') {
  return text || otherwise
}

module.exports = { createFlow, STEPS, ON_SERVER }
