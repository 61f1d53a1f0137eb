// A `wx` as strict as the real one, in memory, with a WeChat and a backend behind it.
//
// Every call is recorded in `calls`. What the real `wx` would refuse is noted in `violations`, besides being refused.
'use strict'

const { createFakeServer } = require('./fake-server.js')

const BASE_URL = 'https://api.example.com/wx/'
const CODE_LIFE_MS = 5 * 60 * 1000
const MAX_PARALLEL_REQUESTS = 10
const MAX_VALUE_LENGTH = 1024 * 1024
const MAX_STORAGE_LENGTH = 10 * MAX_VALUE_LENGTH
const METHODS = ['OPTIONS', 'GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'TRACE', 'CONNECT']
const CALLBACKS = ['success', 'fail', 'complete']

const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value)
const jsonCopy = (value) => JSON.parse(JSON.stringify(value))

// How a call goes instead of as usual: to be given to `next` or `always`.
const behaviours = {
  fails: (error) => (call) => call.fail(error),
  succeeds: (result) => (call) => call.succeed(result),
  throws: (error) => () => { throw error },
  returns: (value) => () => value,
  neverAnswers: () => () => {},
  answersTwice: () => (call) => {
    call.perform()
    call.perform()
  },
  // Waits until its `release` is called, and goes as usual then.
  held: () => {
    const behave = (call) => { behave.release = call.perform }
    return behave
  },
}

const createFakeWx = ({ clock }) => {
  const codes = new Map()
  const storage = new Map()
  const planned = {}
  const lasting = {}
  const listeners = []

  const redeem = (code) => {
    const known = codes.get(code)
    if (!known || clock.now() >= known.ends) return { errcode: 40029 }
    if (known.used) return { errcode: 40163 }
    known.used = true
    return { openid: 'openid-1' }
  }

  const fake = {
    wx: {},
    calls: [],
    violations: [],
    sessionKeyIsValid: true,
    mostParallelRequests: 0,
    server: createFakeServer({ clock, redeem }),

    // The next calls of an API go like this; those after them as usual.
    next: (api, ...others) => { planned[api] = (planned[api] || []).concat(others) },
    // All calls of an API go like this; without a behaviour: as usual again.
    always: (api, behaviour) => { lasting[api] = behaviour },
    appShow: () => listeners.slice().forEach((listener) => listener({ path: 'pages/index/index' })),
    count: (api) => fake.calls.filter((call) => call.api === api).length,
    requests: (path) => fake.calls.filter(({ api, options }) => api === 'request' && options.url === BASE_URL + path),
    stored: (key) => (storage.has(key) ? JSON.parse(storage.get(key)) : undefined),
    storedKeys: () => Array.from(storage.keys()),
    store: (key, value) => { storage.set(key, JSON.stringify(value)) },
  }

  // The text of what is wrong with a call, after noting it; undefined if nothing is.
  const violation = (api, rules) => {
    const broken = rules.find((rule) => !rule[0])
    if (broken) fake.violations.push(`${api}: ${broken[1]}`)
    return broken && broken[1]
  }

  const behaviourOf = (api) => (planned[api] || []).shift() || lasting[api] || ((call) => call.perform())

  const asyncApi = (name, known, rules, perform) => {
    fake.wx[name] = (options) => {
      fake.calls.push({ api: name, options })
      const given = options || {}
      const answer = (callback, result) => clock.soon(() => {
        if (given[callback]) given[callback](result)
        if (given.complete) given.complete(result)
      })
      const succeed = (result) => answer('success', Object.assign({ errMsg: `${name}:ok` }, result))
      const fail = (error) => answer('fail', error)
      const wrong = violation(name, [
        [options === undefined || isObject(options), 'the options must be an object'],
        [Object.keys(given).every((key) => known.concat(CALLBACKS).indexOf(key) >= 0), 'unknown option'],
        [CALLBACKS.every((key) => !(key in given) || typeof given[key] === 'function'), 'callbacks must be functions'],
      ].concat(rules(given)))
      if (wrong) {
        fail({ errMsg: `${name}:fail parameter error: ${wrong}`, errno: 1001 })
        return
      }
      behaviourOf(name)({ succeed, fail, perform: () => perform(given, succeed, fail) })
    }
  }

  const syncApi = (name, rules, perform) => {
    fake.wx[name] = (...args) => {
      fake.calls.push({ api: name, args })
      const wrong = violation(name, rules(args))
      if (wrong) throw new Error(`${name}:fail parameter error: ${wrong}`)
      return behaviourOf(name)({ perform: () => perform(...args) })
    }
  }

  const timeoutRule = ({ timeout }) => [timeout === undefined || timeout > 0, '`timeout` must be a positive number']
  const keyRule = ([key]) => [typeof key === 'string' && key !== '', 'the key must be a text that is not empty']

  asyncApi('login', ['timeout'], (options) => [timeoutRule(options)], (options, succeed) => {
    const code = `secret-code-${codes.size + 1}`
    codes.set(code, { ends: clock.now() + CODE_LIFE_MS, used: false })
    succeed({ code })
  })

  asyncApi('checkSession', [], () => [], (options, succeed, fail) => {
    if (fake.sessionKeyIsValid) succeed({})
    else fail({ errMsg: 'checkSession:fail session is expired' })
  })

  // At most 10 requests run; the others wait for their turn.
  const waiting = []
  let running = 0
  const runRequests = () => {
    while (running < MAX_PARALLEL_REQUESTS && waiting.length > 0) {
      running += 1
      fake.mostParallelRequests = Math.max(fake.mostParallelRequests, running)
      waiting.shift()()
    }
  }

  const tokenOf = (header) =>
    header[Object.keys(header).find((name) => name.toLowerCase() === 'x-litemall-token')]

  const exchange = ({ url, method = 'GET', header = {}, data }) => {
    const reply = fake.server.handle({
      method,
      path: url.startsWith(BASE_URL) ? url.slice(BASE_URL.length) : url,
      token: tokenOf(header),
      body: data === undefined ? {} : jsonCopy(data),
    })
    const body = reply.text === undefined ? jsonCopy(reply.json) : reply.text
    return { statusCode: reply.status || 200, data: body, header: {} }
  }

  const requestRules = ({ url, method, header, data }) => [
    [/^https?:\/\/[^/?#\s]+(\/[^\s]*)?$/.test(url), '`url` must be absolute, http or https'],
    [method === undefined || METHODS.indexOf(method) >= 0, '`method` must be one of HTTP, in capitals'],
    [header === undefined || isObject(header), '`header` must be an object'],
    [Object.keys(header || {}).every((name) => typeof header[name] === 'string'), 'header values must be texts'],
    [data === undefined || typeof data === 'string' || isObject(data), '`data` must be a text or an object'],
  ]

  asyncApi('request', ['url', 'method', 'header', 'data', 'timeout'],
    (options) => requestRules(options).concat([timeoutRule(options)]),
    (options, succeed) => {
      waiting.push(() => clock.soon(() => {
        succeed(exchange(options))
        running -= 1
        runRequests()
      }))
      runRequests()
    })

  syncApi('getStorageSync', (args) => [keyRule(args)], (key) => (storage.has(key) ? JSON.parse(storage.get(key)) : ''))

  syncApi('setStorageSync', (args) => [
    keyRule(args),
    [JSON.stringify(args[1]) !== undefined, 'the value must have a JSON form'],
  ], (key, value) => {
    const text = JSON.stringify(value)
    const others = Array.from(storage.keys()).filter((other) => other !== key)
    const total = others.reduce((sum, other) => sum + storage.get(other).length, text.length)
    if (text.length > MAX_VALUE_LENGTH) throw new Error('setStorageSync:fail entry size limit reached')
    if (total > MAX_STORAGE_LENGTH) throw new Error('setStorageSync:fail exceed storage max size 10Mb')
    storage.set(key, text)
  })

  syncApi('removeStorageSync', (args) => [keyRule(args)], (key) => { storage.delete(key) })

  fake.wx.onAppShow = (listener) => { listeners.push(listener) }
  fake.wx.offAppShow = (listener) => {
    listeners.splice(0, listeners.length, ...listeners.filter((other) => listener && other !== listener))
  }
  return fake
}

module.exports = Object.assign({ createFakeWx, BASE_URL }, behaviours)
