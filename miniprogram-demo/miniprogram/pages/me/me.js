const loginService = require('../../services/login.js')
const { presentUser } = require('../../utils/profile.js')
const { goBack } = require('../../utils/navigate.js')
const { showToast, showLoginError } = require('../../utils/toast.js')

Page({
  data: { user: null },

  async onShow() {
    try {
      const user = await loginService.currentUser()
      if (user) {
        this.setData({ user: presentUser(user) })
      } else {
        goBack()
      }
    } catch (error) {
      showLoginError(error)
    }
  },

  askToLogOut() {
    wx.showModal({
      title: '退出登录',
      content: '退出后需要重新登录才能享受会员权益',
      confirmText: '退出',
      success: ({ confirm }) => {
        if (confirm) this.logOut()
      },
    })
  },

  async logOut() {
    try {
      await loginService.logOut()
      goBack()
    } catch (error) {
      console.error('logout failed:', error && error.code)
      showToast('退出失败，请重试')
    }
  },
})
