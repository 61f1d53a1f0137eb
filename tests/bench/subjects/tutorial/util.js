// `util.js` in the manner of the tutorials: a request with the token from the storage, and the login page on errno 501.
'use strict'

const LOGIN_PAGE = '/pages/auth/login/login'

function signedOut() {
  wx.removeStorageSync('userInfo')
  wx.removeStorageSync('token')
  wx.navigateTo({ url: LOGIN_PAGE })
}

function request(url, data = {}, method = 'GET') {
  return new Promise((resolve, reject) => {
    wx.request({
      url,
      data,
      method,
      header: { 'Content-Type': 'application/json', 'X-Litemall-Token': wx.getStorageSync('token') },
      success: (answer) => {
        if (answer.statusCode !== 200) reject(answer.errMsg)
        else if (answer.data.errno === 501) signedOut() // and the promise is forgotten, as in the tutorials
        else resolve(answer.data)
      },
      fail: reject,
    })
  })
}

module.exports = { request }
