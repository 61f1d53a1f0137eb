// What the module needs of the world, over `wx`. The interface is `Host` in weapp_login.d.ts.
import { copyOf } from './copy.js'
import { loginError } from './login-error.js'

// How much later than at the timeout of `wx` itself a call is given up: the error of `wx` says more, so it goes first.
const GRACE_MS = 1000

// The scene of a page that was opened from Moments.
const SINGLE_PAGE = 1154

// What `wx` fails with when it gives up.
const timeout = (name) => ({ errMsg: `${name}:fail timeout`, errno: 5 })

/** Gives what makes a host for an instance of the module. `enter` finds places for requests. */
export function wxHost(api, listeners, enter) {
  if (!api || typeof api !== 'object') {
    const problem = api === undefined ? 'is needed: there is no wx here' : 'is not the API object of a host'
    throw loginError('invalid_config', `option \`wx\` ${problem}; it may be wx, Taro or uni of a WeChat mini-program`, { field: 'wx' })
  }
  const start = (name, options, ms) => startTask(api, name, options, ms, listeners.failed)
  return (instance) => {
    // The module's own reactions to an answer go into it.
    const guarded = (answer) => ({ then: (done, failed) => answer.then(instance.guard(done), instance.guard(failed)) })
    const guardedTask = ({ answer, abort }) => ({ answer: guarded(answer), abort })
    return {
      login: (ms) => guarded(start('login', {}, ms).answer),
      checkSession: (ms) => guarded(start('checkSession', {}, ms).answer),
      request(options, ms, lane) {
        const request = () => start('request', options, ms)
        return guardedTask(lane === 'session' ? request() : enter(request))
      },
      upload: (options, ms) => guardedTask(enter(() => start('uploadFile', options, ms))),
      download: (options, ms) => guardedTask(downloaded(enter(() => start('downloadFile', options, ms)))),
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
  const read = ({ statusCode, header, tempFilePath, filePath }) => {
    const isThere = statusCode >= 200 && statusCode < 300
    return { statusCode, header, data: isThere ? { tempFilePath, filePath, statusCode } : undefined }
  }
  return { answer: answer.then(read), abort }
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
