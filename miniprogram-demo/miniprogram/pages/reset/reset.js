const { resetPassword } = require('../../services/account.js')
const { newPasswordHint, problemOfNewPassword } = require('../../utils/account.js')
const { attempt } = require('../../utils/attempt.js')
const { inPhoneLanguage } = require('../../utils/language.js')
const limits = require('../../utils/limits.js')
const { goBack } = require('../../utils/navigate.js')
const { showToast } = require('../../utils/toast.js')

const t = inPhoneLanguage(require('../../texts/reset.js'))

/** A new password for who has forgotten the old one: first the password, then the phone number that proves whose account it is. */
Page({
  // `step`: `password`, `phone`, `done`.
  data: { t, limits, newPasswordHint, step: 'password', locked: false, username: '' },

  onLoad() {
    wx.setNavigationBarTitle({ title: t.title })
  },

  choose(event) {
    const { newPassword } = event.detail.value
    const problem = problemOfNewPassword(newPassword)
    if (problem) {
      showToast(problem)
      return
    }
    this.newPassword = newPassword
    this.setData({ step: 'phone' })
  },

  chooseAgain() {
    this.setData({ step: 'password' })
  },

  async reset(event) {
    const { code } = event.detail
    if (!code) {
      showToast(t.noPhone)
      return
    }
    this.setData({ locked: true })
    await attempt(async () => {
      const username = await resetPassword({ phoneCode: code, newPassword: this.newPassword })
      this.setData({ step: 'done', username })
    })
    this.setData({ locked: false })
  },

  // The page to log in lies below.
  logIn() {
    goBack()
  },
})
