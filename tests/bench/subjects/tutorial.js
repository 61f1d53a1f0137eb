// The tutorial's way, as an app uses it.
'use strict'

const util = require('./tutorial/util.js')
const createUser = require('./tutorial/user.js')

module.exports = ({ baseUrl }) => {
  const user = createUser(baseUrl)
  return {
    checkLogin: user.checkLogin,
    session: () => wx.getStorageSync('userInfo'),
    login: () => user.loginByWeixin({}),
    logout: async () => {
      await util.request(`${baseUrl}auth/logout`, {}, 'POST')
      wx.removeStorageSync('userInfo')
      wx.removeStorageSync('token')
    },
    request: (path) => util.request(baseUrl + path),
  }
}
