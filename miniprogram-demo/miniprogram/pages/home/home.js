const { currentUser, onUserChange } = require('../../services/user.js')
const { inPhoneLanguage } = require('../../utils/language.js')
const { presentUser } = require('../../utils/profile.js')
const { showError } = require('../../utils/toast.js')

const t = inPhoneLanguage(require('../../texts/home.js'))

Page({
  data: { t, checked: false, user: null },

  onLoad() {
    wx.setNavigationBarTitle({ title: t.title })
    this.stopFollowing = onUserChange((user) => this.showMember(user))
  },

  onUnload() {
    this.stopFollowing()
  },

  async onShow() {
    try {
      this.showMember(await currentUser())
    } catch (error) {
      this.showMember(null)
      showError(error)
    }
  },

  showMember(user) {
    this.setData({ checked: true, user: user && presentUser(user) })
  },

  openLogin() {
    wx.navigateTo({ url: '/pages/login/login' })
  },

  openMe() {
    wx.navigateTo({ url: '/pages/me/me' })
  },
})
