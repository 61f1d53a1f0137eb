const login = require('../../services/login.js')
const { currentUser } = require('../../services/user.js')
const { problemOfAccount, problemOfNewAccount } = require('../../utils/account.js')
const { goBack } = require('../../utils/navigate.js')
const { showToast, showActionError, showLoginError } = require('../../utils/toast.js')

// What the page is opened for: `?purpose=`, or logging in.
const PURPOSES = {
  login: {
    title: '账号登录',
    text: '使用用户名和密码登录',
    action: '登录',
    problemOf: problemOfAccount,
    send: login.loginByAccount,
  },
  register: {
    title: '注册账号',
    text: '注册后即成为茶铺会员',
    action: '注册',
    problemOf: problemOfNewAccount,
    send: login.register,
  },
  bind: {
    title: '绑定账号',
    text: '绑定后，微信和账号登录的是同一位会员',
    action: '绑定',
    problemOf: problemOfAccount,
    send: login.bindAccount,
    needsUser: true,
  },
}

Page({
  data: { purpose: '', title: '', text: '', action: '', showPassword: false, locked: false },

  onLoad({ purpose }) {
    this.turnTo(Object.keys(PURPOSES).includes(purpose) ? purpose : 'login')
    this.leaveIfPointless()
  },

  turnTo(purpose) {
    const { title, text, action } = PURPOSES[purpose]
    this.setData({ purpose, title, text, action })
  },

  // Only who is logged in can bind an account, and nobody else has a use for the page.
  async leaveIfPointless() {
    try {
      const user = await currentUser()
      if (Boolean(user) !== Boolean(PURPOSES[this.data.purpose].needsUser)) this.leave()
    } catch (error) {
      showLoginError(error)
    }
  },

  turnToRegister() {
    this.turnTo('register')
  },

  turnToLogin() {
    this.turnTo('login')
  },

  useWeixin() {
    wx.redirectTo({ url: '/pages/login/login' })
  },

  togglePassword() {
    this.setData({ showPassword: !this.data.showPassword })
  },

  async submit(event) {
    const { action, problemOf, send } = PURPOSES[this.data.purpose]
    const account = { username: event.detail.value.username.trim(), password: event.detail.value.password }
    const problem = problemOf(account)
    if (problem) {
      showToast(problem)
      return
    }
    // Until the page is left or the server has refused. Two taps at once, before the lock shows, share one login of the client's.
    this.setData({ locked: true })
    try {
      await send(account)
    } catch (error) {
      this.setData({ locked: false })
      showActionError(action, error)
      return
    }
    showToast(`${action}成功`)
    this.leave()
  },

  // The check at the start and a login may both end here; only the first may go back.
  leave() {
    if (this.left) return
    this.left = true
    goBack()
  },
})
