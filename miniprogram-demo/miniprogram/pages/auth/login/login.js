// The login page that many projects have from a tutorial, on the compat entry: its two handlers, each for the WeChat that has it,
// its check before the login and its two toasts.
const { inPhoneLanguage } = require('../../../utils/language.js')
const { goBack } = require('../../../utils/navigate.js')
const { fetchUser } = require('../../../services/user.js')
const user = require('../../../utils/user.js')
const { showErrorToast } = require('../../../utils/util.js')

const t = inPhoneLanguage(require('../../../texts/tutorial-login.js'))

Page({
  data: { t, canIUseGetUserProfile: Boolean(wx.getUserProfile), lock: false },

  onLoad() {
    wx.setNavigationBarTitle({ title: t.title })
  },

  /** Asks WeChat for the profile. Since base library 2.27.1 the answer is a placeholder, which the backend does not take over. */
  getUserProfile() {
    if (this.data.lock) return
    this.setData({ lock: true })
    wx.getUserProfile({
      desc: t.purpose,
      success: ({ userInfo }) => this.logIn(userInfo),
      fail: () => this.fail(t.failed),
    })
  },

  /** For a WeChat without wx.getUserProfile: the profile comes with the tap of a getUserInfo button. */
  wxLogin(event) {
    if (this.data.lock) return
    this.setData({ lock: true })
    const { userInfo } = event.detail
    if (userInfo) this.logIn(userInfo)
    else this.fail(t.failed)
  },

  async logIn(userInfo) {
    try {
      await user.checkLogin().catch(() => user.loginByWeixin(userInfo))
      // The other pages have a client of their own. It looks for a session of another client's when a request is refused, at the latest.
      await fetchUser()
      goBack()
    } catch (error) {
      // WeChat's own text says which one it was; its wording differs between phones, and the client's code does not.
      this.fail(error.code === 'timeout' ? t.timeout : t.failed)
    }
  },

  fail(message) {
    this.setData({ lock: false })
    showErrorToast(message)
  },

  accountLogin() {
    wx.redirectTo({ url: '/pages/account/account' })
  },
})
