// The controls of the reference backend's sandbox WeChat, which make it fail or let time pass.
const { baseUrl } = require('../config.js')

const ORIGIN = baseUrl.split('/').slice(0, 3).join('/')

/** Rejects with the code `no_sandbox` where the backend has none. */
function control(name, data) {
  return new Promise((resolve, reject) => {
    wx.request({
      url: `${ORIGIN}/sandbox/control/${name}`,
      method: 'POST',
      data,
      success: ({ statusCode }) => (statusCode === 200 ? resolve() : reject(noSandbox())),
      fail: reject,
    })
  })
}

function noSandbox() {
  return Object.assign(new Error('the backend has no sandbox'), { code: 'no_sandbox' })
}

module.exports = { control }
