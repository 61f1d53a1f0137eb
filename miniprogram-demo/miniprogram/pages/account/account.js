const login = require('../../services/login.js')
const { currentUser } = require('../../services/user.js')
const { newPasswordHint, problemOfAccount, problemOfNewAccount } = require('../../utils/account.js')
const { inPhoneLanguage } = require('../../utils/language.js')
const limits = require('../../utils/limits.js')
const { leave } = require('../../utils/navigate.js')
const { showToast, showError } = require('../../utils/toast.js')

const t = inPhoneLanguage(require('../../texts/account.js'))

// What the page is opened for: `?purpose=`, or logging in. The texts of each are under the same name.
const PURPOSES = {
  login: { problemOf: problemOfAccount, send: login.loginByAccount },
  register: { problemOf: problemOfNewAccount, send: login.register },
  bind: { problemOf: problemOfAccount, send: login.bindAccount, needsUser: true },
}

Page({
  data: { t, limits, newPasswordHint, purpose: 'login', showPassword: false, locked: false },

  onLoad({ purpose }) {
    wx.setNavigationBarTitle({ title: t.title })
    if (Object.keys(PURPOSES).includes(purpose)) this.setData({ purpose })
    this.leaveIfPointless()
  },

  // Only who is logged in can bind an account, and nobody else has a use for the page.
  async leaveIfPointless() {
    try {
      const user = await currentUser()
      if (Boolean(user) !== Boolean(PURPOSES[this.data.purpose].needsUser)) leave(this)
    } catch (error) {
      showError(error)
    }
  },

  turnToRegister() {
    this.setData({ purpose: 'register' })
  },

  turnToLogin() {
    this.setData({ purpose: 'login' })
  },

  resetPassword() {
    wx.navigateTo({ url: '/pages/reset/reset' })
  },

  useWeixin() {
    wx.redirectTo({ url: '/pages/login/login' })
  },

  togglePassword() {
    this.setData({ showPassword: !this.data.showPassword })
  },

  async submit(event) {
    const { problemOf, send } = PURPOSES[this.data.purpose]
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
      showError(error)
      return
    }
    showToast(t.purposes[this.data.purpose].done)
    leave(this)
  },
})
