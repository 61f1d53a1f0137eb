// Requests to the backend beside the login module, which must not know of them.

/** Resolves with `{ statusCode, data }`. A failure of `wx`, which is no Error, rejects as one. */
function post(url, options) {
  return new Promise((resolve, reject) => {
    const failed = ({ errMsg }) => reject(failure('network', errMsg))
    wx.request(Object.assign({ url, method: 'POST', success: resolve, fail: failed }, options))
  })
}

function failure(code, message) {
  return Object.assign(new Error(message), { code })
}

module.exports = { post, failure }
