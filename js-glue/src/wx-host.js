// What the module needs of the world, over `wx`. The interface is `Host` in weapp_login.d.ts.
import { copyOf } from './copy.js'
import { loginError } from './login-error.js'
import { TextDecoder } from './runtime.js'

// How much later than at the timeout of `wx` itself a call is given up: the error of `wx` says more, so it goes first.
const GRACE_MS = 1000

// What some servers put in front of a text.
const MARK = '\uFEFF'

// The message of a server is no longer than this.
const LONGEST_MESSAGE = 65536

// The scene of a page that was opened from Moments.
const SINGLE_PAGE = 1154

// What `wx` fails with when it gives up.
const timeout = (name) => ({ errMsg: `${name}:fail timeout`, errno: 5 })

/** Gives what makes a host for an instance of the module and the functions of the app's dialect. */
export function wxHost(api, listeners) {
  if (!api || typeof api !== 'object') {
    const problem = api === undefined ? 'is needed: there is no wx here' : 'is not the API object of a host'
    throw loginError('invalid_config', `option \`wx\` ${problem}; it may be wx, Taro or uni of a WeChat mini-program`, { field: 'wx' })
  }
  const start = (name, options, ms) => startTask(api, name, options, ms, listeners.failed)
  return (instance, askApp) => {
    // The module's own reactions to an answer go into it.
    const guarded = (answer) => ({ then: (done, failed) => answer.then(instance.guard(done), instance.guard(failed)) })
    const guardedTask = ({ answer, abort }) => ({ answer: guarded(answer), abort })
    return {
      login: (ms) => guarded(start('login', {}, ms).answer),
      checkSession: (ms) => guarded(start('checkSession', {}, ms).answer),
      request: (options, ms) => guardedTask(readable(start('request', options, ms), isJson(options))),
      upload: (options, ms) => guardedTask(readable(start('uploadFile', options, ms))),
      download: (options, ms) => guardedTask(downloaded(start('downloadFile', options, ms))),
      askApp: (name, given, ms) => guardedTask(askApp(name, given, ms)),
      sleep: (ms) => guarded(new Promise((resolve) => setTimeout(resolve, ms))),
      isSinglePage: () => sceneOf(api) === SINGLE_PAGE,
      getStorage: (key) => storage(() => functionOf(api, 'getStorageSync')(key) || undefined), // WeChat gives '' for a missing key
      setStorage: (key, value) => storage(() => functionOf(api, 'setStorageSync')(key, value)),
      changed: listeners.changed,
      observed: listeners.observed,
    }
  }
}

// Calls a function of `wx` with a promise of its first answer: by a callback, by the promise that some return, or by our own clock.
function startTask(api, name, options, ms, failed) {
  const { onProgress } = options
  let task
  let fail
  let settled = false
  const answer = new Promise((resolve, reject) => {
    const settles = (settle) => (value) => {
      settled = true
      clearTimeout(timer)
      settle(value)
    }
    const success = settles(resolve)
    fail = settles((cause) => reject(harmless(cause)))
    const timer = setTimeout(() => stop(timeout(name)), ms + GRACE_MS)
    try {
      const given = Object.assign({}, options, { timeout: ms, success, fail })
      delete given.onProgress
      task = functionOf(api, name)(given)
      if (task && typeof task.then === 'function') task.then(success, fail)
      if (onProgress) observe(task, (progress) => settled || told(onProgress, progress, failed))
    } catch (cause) {
      fail(cause)
    }
  })
  // At once: a host that has nothing to abort, or never says so, keeps no place and no timer.
  const stop = (cause) => {
    if (settled) return
    fail(cause)
    quietly(() => task.abort())
  }
  return { answer, abort: () => stop({ errMsg: `${name}:fail abort` }) }
}

// `wx` has no progress where it has no such function.
function observe(task, progressed) {
  quietly(() => task.onProgressUpdate(progressed))
}

function told(listener, progress, failed) {
  try {
    listener(Object.assign({}, progress))
  } catch (error) {
    failed(error)
  }
}

// The body of an answer is in a file: what is read of a refusal is its status alone.
function downloaded({ answer, abort }) {
  const read = (given) => {
    const { statusCode, header, tempFilePath, filePath } = Object(given)
    const status = parseFloat(statusCode)
    const isThere = status ? status >= 200 && status < 300 : tempFilePath || filePath // some hosts do not say
    return { statusCode, header, data: isThere ? { tempFilePath, filePath, statusCode } : undefined }
  }
  return { answer: answer.then(read), abort }
}

const isJson = ({ dataType = 'json', responseType = 'text' }) => dataType === 'json' && responseType === 'text'

// With the text of a body that `wx` has not read as JSON, which the server may say "signed out" in.
const readable = ({ answer, abort }, asJson) => ({ answer: answer.then((given) => withText(given, asJson)), abort })

function withText(answer, asJson) {
  const { data } = Object(answer)
  const text = typeof data === 'string' ? data : textIn(data)
  if (!text || (text === data && text[0] !== MARK)) return answer
  const plain = text[0] === MARK ? text.slice(1) : text
  return Object.assign({}, answer, { text: plain }, asJson ? { data: parsed(plain) } : {})
}

function textIn(data) {
  if (Object.prototype.toString.call(data) !== '[object ArrayBuffer]' || data.byteLength > LONGEST_MESSAGE) return undefined
  try {
    return new TextDecoder().decode(new Uint8Array(data))
  } catch (error) {
    return undefined // it is no text
  }
}

function parsed(text) {
  try {
    return JSON.parse(text)
  } catch (error) {
    return text
  }
}

function sceneOf(api) {
  try {
    return api.getLaunchOptionsSync().scene
  } catch (error) {
    return undefined // an old base library, or a host without it
  }
}

function functionOf(api, name) {
  if (typeof api[name] === 'function') return (...args) => api[name](...args)
  throw { errMsg: `${name}:fail wx.${name} is not a function` }
}

function storage(work) {
  try {
    return work()
  } catch (cause) {
    throw harmless(cause)
  }
}

// What a failure says, without what its getters could throw in the middle of the module.
function harmless(cause) {
  try {
    const { errMsg, errno, message } = cause
    if (typeof errMsg === 'string') return { errMsg, errno: typeof errno === 'number' ? errno : undefined }
    return cause instanceof Error && typeof message === 'string' ? new Error(message) : copyOf(cause)
  } catch (error) {
    return undefined
  }
}

function quietly(work) {
  try {
    work()
  } catch (error) {
    // there is nothing to abort, or it is too late
  }
}
