const { baseUrl } = require('../config.js')

/** Ends the session on the server alone, as another device would: `login` does not know. */
function endOnServer(login) {
  return new Promise((resolve, reject) => {
    const succeeded = ({ data }) => (data && data.errno === 0 ? resolve() : reject(new Error('the server did not end the session')))
    wx.request({ url: `${baseUrl}auth/logout`, method: 'POST', header: login.authHeader(), success: succeeded, fail: reject })
  })
}

module.exports = { endOnServer }
