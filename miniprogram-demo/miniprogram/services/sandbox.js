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

/** Ends the session on the server alone, as another device would: `login` does not know. */
function endOnServer(login) {
  return new Promise((resolve, reject) => {
    const succeeded = ({ data }) => (data && data.errno === 0 ? resolve() : reject(new Error('the server did not end the session')))
    wx.request({ url: `${baseUrl}auth/logout`, method: 'POST', header: login.authHeader(), success: succeeded, fail: reject })
  })
}

module.exports = { control, endOnServer }
