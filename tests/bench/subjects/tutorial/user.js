// `user.js` in the manner of the tutorials: two storage keys, and wx.checkSession for every question.
'use strict'

const util = require('./util.js')

const promised = (api) => new Promise((success, fail) => wx[api]({ success, fail }))

module.exports = (baseUrl) => {
  async function loginByWeixin(userInfo) {
    const { code } = await promised('login')
    const answer = await util.request(`${baseUrl}auth/login_by_weixin`, { code, userInfo }, 'POST')
    if (answer.errno !== 0) throw answer
    wx.setStorageSync('userInfo', answer.data.userInfo)
    wx.setStorageSync('token', answer.data.token)
    return answer
  }

  async function checkLogin() {
    if (!wx.getStorageSync('userInfo') || !wx.getStorageSync('token')) throw false
    await promised('checkSession').catch(() => { throw false })
    return true
  }

  return { loginByWeixin, checkLogin }
}
