const { currentUser, onUserChange } = require('../../services/user.js')
const { inPhoneLanguage } = require('../../utils/language.js')
const { presentUser } = require('../../utils/profile.js')
const { explain } = require('../../utils/toast.js')

const t = inPhoneLanguage(require('../../texts/home.js'))

Page({
  data: { t, checked: false, failure: '', user: null },

  onLoad() {
    wx.setNavigationBarTitle({ title: t.title })
    this.stopFollowing = onUserChange((user) => this.showMember(user))
  },

  onUnload() {
    this.stopFollowing()
  },

  onShow() {
    return this.check()
  },

  // A user who is not known is nobody's guest: the page says why, and tries again.
  async check() {
    if (this.data.failure) this.setData({ checked: false, failure: '' })
    try {
      this.showMember(await currentUser())
    } catch (error) {
      this.setData({ checked: true, failure: explain(error) })
    }
  },

  showMember(user) {
    this.setData({ checked: true, failure: '', user: user && presentUser(user) })
  },

  openLogin() {
    wx.navigateTo({ url: '/pages/login/login' })
  },

  openMe() {
    wx.navigateTo({ url: '/pages/me/me' })
  },
})
