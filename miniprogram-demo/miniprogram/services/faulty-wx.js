// A `wx` with failures that a page can switch on.

/**
 * `faults` is read at each call: `noNetwork` and `fullStorage` are switches, `beforeCode()` gives a promise that the code of wx.login
 * waits for, `onRequest(url)` is called when a request has been sent.
 */
function faultyWx(faults) {
  return Object.assign({}, wx, {
    login(options) {
      wx.login(faults.beforeCode ? delayed(options, faults.beforeCode) : options)
    },
    request(options) {
      if (faults.noNetwork) {
        setTimeout(() => options.fail({ errMsg: 'request:fail -102:net::ERR_CONNECTION_REFUSED', errno: 600001 }), 0)
        return undefined
      }
      const task = wx.request(options)
      if (faults.onRequest) faults.onRequest(options.url)
      return task
    },
    setStorageSync(key, value) {
      if (faults.fullStorage) throw new Error('setStorageSync:fail exceed storage max size 10Mb')
      wx.setStorageSync(key, value)
    },
  })
}

function delayed(options, wait) {
  const success = (result) => wait().then(() => options.success(result), options.fail)
  return Object.assign({}, options, { success })
}

module.exports = { faultyWx }
