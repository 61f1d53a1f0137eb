// A `wx` as strict as the real one, in memory, with a WeChat and a backend behind it.
//
// Every call is recorded in `calls`. What the real `wx` would refuse is noted in `violations`, besides being refused.
'use strict'

const { createFakeServer } = require('./fake-server.js')

const BASE_URL = 'https://api.example.com/wx/'
const CODE_LIFE_MS = 5 * 60 * 1000
const MAX_PARALLEL_REQUESTS = 10
const FILE_LENGTH = 1000
const MAX_VALUE_LENGTH = 1024 * 1024
const MAX_STORAGE_LENGTH = 10 * MAX_VALUE_LENGTH
const METHODS = ['OPTIONS', 'GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'TRACE', 'CONNECT']
const NAVIGATIONS = ['navigateTo', 'redirectTo', 'reLaunch', 'switchTab', 'navigateBack']
// What the three that send take besides, and the fake does nothing about.
const OF_TRANSPORT = [
  'enableHttp2', 'enableQuic', 'enableCache', 'enableHttpDNS', 'httpDNSServiceId', 'enableChunked', 'forceCellularNetwork',
  'enableProfile', 'useHighPerformanceMode', 'redirect',
]
const CALLBACKS = ['success', 'fail', 'complete']
const WITH_TASK = ['request', 'uploadFile', 'downloadFile']

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
  // Reaches the other side, whose answer gets lost.
  loses: () => (call) => {
    call.perform(() => {})
    call.fail({ errMsg: 'request:fail', errno: 600001 })
  },
  // Waits until its `release` is called, and goes as usual then.
  held: () => {
    const behave = (call) => { behave.release = call.perform }
    return behave
  },
}

// Without `strict` it trusts its caller, and costs less.
const createFakeWx = ({ clock, strict = true, baseUrl = BASE_URL }) => {
  const codes = new Map()
  const given = []
  const storage = new Map()
  const planned = {}
  const lasting = {}
  const listeners = []

  const redeem = (code) => {
    const known = codes.get(code)
    codes.delete(code)
    return known && clock.now() < known.ends ? { openid: known.openid } : { errcode: 40029 }
  }

  const fake = {
    wx: {},
    calls: [],
    violations: [],
    // Who uses the phone: WeChat's user of the codes that come.
    openid: 'openid-1',
    // All codes of `wx.login` so far.
    codes: () => given,
    sessionKeyIsValid: true,
    mostParallelRequests: 0,
    server: createFakeServer({ clock, redeem }),

    // The next calls of an API go like this; those after them as usual.
    next: (api, ...others) => { planned[api] = (planned[api] || []).concat(others) },
    // All calls of an API go like this; without a behaviour: as usual again.
    always: (api, behaviour) => { lasting[api] = behaviour },
    appShow: () => listeners.slice().forEach((listener) => listener({ path: 'pages/index/index' })),
    count: (api) => fake.calls.filter((call) => call.api === api).length,
    navigations: () => fake.calls.filter(({ api }) => NAVIGATIONS.indexOf(api) >= 0).length,
    requests: (path) => fake.calls.filter(({ api, options }) => api === 'request' && options.url === baseUrl + path),
    // What is in the files of answered downloads, by their paths.
    files: {},
    uploads: () => fake.calls.filter(({ api }) => api === 'uploadFile'),
    stored: (key) => (storage.has(key) ? JSON.parse(storage.get(key)) : undefined),
    storedKeys: () => Array.from(storage.keys()),
    // The keys under which a token lies: a client's record of a session, or the old key of a tutorial's code.
    storedSessions: () => Array.from(storage.keys()).filter((key) => key === 'token' || fake.stored(key).token),
    store: (key, value) => { storage.set(key, JSON.stringify(value)) },
  }

  // The text of what is wrong with a call, after noting it; undefined if nothing is.
  const violation = (api, rules) => {
    const broken = strict ? rules().find((rule) => !rule[0]) : undefined
    if (broken) fake.violations.push(`${api}: ${broken[1]}`)
    return broken && broken[1]
  }

  const behaviourOf = (api) => (planned[api] || []).shift() || lasting[api] || ((call) => call.perform())

  const asyncApi = (name, known, rules, perform) => {
    fake.wx[name] = (options) => {
      fake.calls.push({ api: name, options, at: clock.now() })
      const given = options || {}
      let state = 'under way'
      const observers = []
      const tell = (progress) => state === 'under way' && observers.forEach((observer) => observer(progress))
      const deliver = (callback, result) => {
        if (given[callback]) given[callback](result)
        if (given.complete) given.complete(result)
      }
      const answer = (callback, result) => clock.soon(() => {
        if (state === 'aborted') return
        state = 'answered'
        deliver(callback, result)
      })
      const abort = () => {
        if (state !== 'under way') return
        state = 'aborted'
        clock.soon(() => deliver('fail', { errMsg: `${name}:fail abort` }))
      }
      const succeed = (result) => answer('success', Object.assign({ errMsg: `${name}:ok` }, result))
      const fail = (error) => answer('fail', error)
      const wrong = violation(name, () => [
        [options === undefined || isObject(options), 'the options must be an object'],
        [Object.keys(given).every((key) => known.concat(CALLBACKS).indexOf(key) >= 0), 'unknown option'],
        [CALLBACKS.every((key) => !(key in given) || typeof given[key] === 'function'), 'callbacks must be functions'],
      ].concat(rules(given)))
      if (wrong) {
        fail({ errMsg: `${name}:fail parameter error: ${wrong}`, errno: 1001 })
      } else {
        behaviourOf(name)({ options: given, succeed, fail, perform: (hear) => perform(given, hear || succeed, fail, tell) })
      }
      const task = name === 'request' ? { abort } : { abort, onProgressUpdate: (observer) => { observers.push(observer) } }
      return WITH_TASK.indexOf(name) >= 0 ? task : undefined
    }
  }

  const syncApi = (name, rules, perform) => {
    fake.wx[name] = (...args) => {
      fake.calls.push({ api: name, args })
      const wrong = violation(name, () => rules(args))
      if (wrong) throw new Error(`${name}:fail parameter error: ${wrong}`)
      return behaviourOf(name)({ perform: () => perform(...args) })
    }
  }

  const timeoutRule = ({ timeout }) => [timeout === undefined || timeout > 0, '`timeout` must be a positive number']
  const keyRule = ([key]) => [typeof key === 'string' && key !== '', 'the key must be a text that is not empty']

  asyncApi('login', ['timeout'], (options) => [timeoutRule(options)], (options, succeed) => {
    const code = `secret-code-${given.length + 1}`
    given.push(code)
    codes.set(code, { openid: fake.openid, ends: clock.now() + CODE_LIFE_MS })
    succeed({ code })
  })

  // The real one has no `timeout`, and does not mind.
  asyncApi('checkSession', ['timeout'], () => [], (options, succeed, fail) => {
    if (fake.sessionKeyIsValid) succeed({})
    else fail({ errMsg: 'checkSession:fail session is expired' })
  })

  // At most 10 requests run; the others wait for their turn. Files have a queue of their own.
  const createQueue = (isFull) => {
    const waiting = []
    let running = 0
    const run = () => {
      while (running < MAX_PARALLEL_REQUESTS && waiting.length > 0) {
        running += 1
        isFull(running)
        waiting.shift()()
      }
    }
    return (work) => {
      waiting.push(() => clock.soon(() => {
        work()
        running -= 1
        run()
      }, 'network'))
      run()
    }
  }

  const tokenOf = (header) =>
    header[Object.keys(header).find((name) => name.toLowerCase() === 'x-litemall-token')]

  const exchange = ({ url, method = 'GET', header = {}, data }) => {
    const reply = fake.server.handle({
      method,
      path: url.startsWith(baseUrl) ? url.slice(baseUrl.length).split('?')[0] : url,
      header,
      token: tokenOf(header),
      body: data === undefined ? {} : jsonCopy(data),
    })
    const body = reply.text === undefined ? jsonCopy(reply.json) : reply.text
    return { statusCode: reply.status || 200, data: body, header: reply.header || {} }
  }

  const urlRules = ({ url, header }) => [
    [/^https?:\/\/[^/?#\s]+(\/[^\s]*)?$/.test(url), '`url` must be absolute, http or https'],
    [header === undefined || isObject(header), '`header` must be an object'],
    [Object.keys(header || {}).every((name) => typeof header[name] === 'string'), 'header values must be texts'],
  ]

  const requestRules = ({ method, data }) => [
    [method === undefined || METHODS.indexOf(method) >= 0, '`method` must be one of HTTP, in capitals'],
    [data === undefined || typeof data === 'string' || isObject(data), '`data` must be a text or an object'],
  ]

  const requests = createQueue((running) => {
    fake.mostParallelRequests = Math.max(fake.mostParallelRequests, running)
  })
  asyncApi('request', ['url', 'method', 'header', 'data', 'timeout', 'dataType', 'responseType'].concat(OF_TRANSPORT),
    (options) => urlRules(options).concat(requestRules(options), [timeoutRule(options)]),
    (options, succeed) => requests(() => succeed(exchange(options))))

  const uploadRules = ({ filePath, name, formData }) => [
    [typeof filePath === 'string' && filePath !== '', '`filePath` must be a text that is not empty'],
    [typeof name === 'string' && name !== '', '`name` must be a text that is not empty'],
    [formData === undefined || isObject(formData), '`formData` must be an object'],
  ]

  const halfAndWhole = (tell) => [50, 100].forEach((percent) => tell(percent, FILE_LENGTH * percent / 100))

  // Unlike `wx.request`, it gives the body as the text that came.
  const files = createQueue(() => {})
  asyncApi('uploadFile', ['url', 'filePath', 'name', 'formData', 'header', 'timeout'].concat(OF_TRANSPORT),
    (options) => urlRules(options).concat(uploadRules(options), [timeoutRule(options)]),
    ({ url, filePath, name, formData, header }, succeed, fail, tell) => files(() => {
      halfAndWhole((progress, done) => tell({ progress, totalBytesSent: done, totalBytesExpectedToSend: FILE_LENGTH }))
      const answer = exchange({ url, method: 'POST', header, data: { file: filePath, name, formData } })
      const data = typeof answer.data === 'string' ? answer.data : JSON.stringify(answer.data)
      succeed(Object.assign(answer, { data }))
    }))

  // The body is in a file, whatever the status is.
  asyncApi('downloadFile', ['url', 'filePath', 'header', 'timeout'].concat(OF_TRANSPORT),
    (options) => urlRules(options).concat([
      [options.filePath === undefined || /^wxfile:/.test(options.filePath), '`filePath` must be a path of the user\'s files'],
      timeoutRule(options),
    ]),
    ({ url, filePath, header }, succeed, fail, tell) => files(() => {
      halfAndWhole((progress, done) => tell({ progress, totalBytesWritten: done, totalBytesExpectedToWrite: FILE_LENGTH }))
      const { statusCode, data } = exchange({ url, header })
      const path = filePath || `wxfile://tmp_${Object.keys(fake.files).length + 1}`
      fake.files[path] = data
      succeed(Object.assign({ statusCode, header: {} }, filePath ? { filePath } : { tempFilePath: path }))
    }))

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

  NAVIGATIONS.forEach((name) => asyncApi(name, ['url', 'delta'], () => [], (options, succeed) => succeed({})))

  fake.wx.getAccountInfoSync = () => ({ miniProgram: { appId: 'wx0000000000000000', envVersion: 'develop', version: '' } })
  fake.wx.onAppShow = (listener) => { listeners.push(listener) }
  fake.wx.offAppShow = (listener) => {
    listeners.splice(0, listeners.length, ...listeners.filter((other) => listener && other !== listener))
  }
  return fake
}

module.exports = Object.assign({ createFakeWx, BASE_URL }, behaviours)
