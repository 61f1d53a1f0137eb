const { currentUser, onUserChange } = require('../../services/user.js')
const { presentUser } = require('../../utils/profile.js')
const { showLoginError } = require('../../utils/toast.js')

Page({
  data: {
    checked: false,
    user: null,
    benefits: [
      { mark: '折', title: '会员价', text: '全场茶饮九折起' },
      { mark: '赠', title: '生日礼', text: '生日当月赠饮一杯' },
      { mark: '鲜', title: '新茶尝鲜', text: '春茶上市优先预订' },
    ],
  },

  onLoad() {
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
      showLoginError(error)
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
