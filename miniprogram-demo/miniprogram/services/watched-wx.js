// A `wx` that reports what passes through it and changes nothing.
const { mask } = require('../utils/mask.js')

/**
 * `listener` hears of the beginning and of the end of each call: `{ name, url, sent }` and `{ name, url, got, failed, ms }`. What was
 * sent and what came are texts without secrets.
 */
function watchedWx(api, listener) {
  const asynchronous = (name) => (options) => {
    const { success, fail, url = '' } = options
    const began = Date.now()
    const ended = (outcome) => listener(Object.assign({ name, url, ended: true, ms: Date.now() - began }, outcome))
    const given = Object.assign({}, options, {
      success(result) {
        ended({ got: mask(contentOf(result)) })
        success(result)
      },
      fail(cause) {
        ended({ failed: cause.errMsg })
        fail(cause)
      },
    })
    listener({ name, url, sent: sentText(options) })
    return api[name](given)
  }
  return Object.assign({}, api, {
    login: asynchronous('login'),
    checkSession: asynchronous('checkSession'),
    request: asynchronous('request'),
    setStorageSync(key, value) {
      const began = Date.now()
      const ended = (outcome) => listener(Object.assign({ name: 'store', url: '', ended: true, ms: Date.now() - began }, outcome))
      try {
        api.setStorageSync(key, value)
      } catch (error) {
        ended({ failed: error.message })
        throw error
      }
      ended({ got: mask(value) })
    },
  })
}

function sentText({ data, header }) {
  return [data, header].filter((part) => part && Object.keys(part).length > 0).map(mask).join(' ')
}

// The data in the envelope of an answer, or what a call without an answer of a server gives.
function contentOf(result) {
  const { errMsg, data, ...rest } = result
  if (data === undefined) return rest
  return (data && data.data) || data
}

module.exports = { watchedWx }
