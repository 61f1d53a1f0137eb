const login = require('../../services/login.js')
const { currentUser, fetchUser, onUserChange } = require('../../services/user.js')
const { presentUser } = require('../../utils/profile.js')
const { goBack } = require('../../utils/navigate.js')
const { showToast, showActionError, showLoginError } = require('../../utils/toast.js')

const LONGEST_NICKNAME = 32

Page({
  data: { user: null },

  async onShow() {
    // While the page is hidden nobody may make it go back; what happens then is seen at the next show.
    this.stopFollowing = onUserChange((user) => this.showUser(user))
    try {
      this.showUser(await currentUser())
    } catch (error) {
      showLoginError(error)
    }
  },

  onHide() {
    this.stopFollowing()
  },

  onUnload() {
    this.stopFollowing()
  },

  // The page of nobody is no page.
  showUser(user) {
    if (user) {
      this.setData({ user: presentUser(user) })
    } else if (!this.left) {
      this.left = true
      goBack()
    }
  },

  // A login that has ended in the meantime is renewed on the way, without a word.
  async refresh() {
    await this.attempt('刷新', async () => {
      this.showUser(await fetchUser())
      showToast('资料已是最新')
    })
  },

  askForNickname() {
    wx.showModal({
      title: '修改昵称',
      editable: true,
      content: this.data.user.name,
      placeholderText: '请输入昵称',
      success: ({ confirm, content }) => {
        if (confirm) this.rename(content.trim())
      },
    })
  },

  async rename(nickName) {
    if (!nickName || Array.from(nickName).length > LONGEST_NICKNAME) {
      showToast(`昵称需为1至${LONGEST_NICKNAME}个字`)
      return
    }
    await this.attempt('修改', async () => {
      await login.updateProfile({ nickName })
      showToast('昵称已更新')
    })
  },

  openBinding() {
    wx.navigateTo({ url: '/pages/account/account?purpose=bind' })
  },

  async bindPhone(event) {
    // Without a code the user has refused, or WeChat has: it gives numbers to certified mini-programs only.
    const { code } = event.detail
    if (!code) {
      showToast('未获取到手机号')
      return
    }
    await this.attempt('绑定', async () => {
      await login.bindPhone({ code })
      showToast('手机号已绑定')
    })
  },

  askToLogOut() {
    wx.showModal({
      title: '退出登录',
      content: '退出后需要重新登录才能享受会员权益',
      confirmText: '退出',
      success: ({ confirm }) => {
        if (confirm) this.attempt('退出', login.logout)
      },
    })
  },

  async attempt(action, act) {
    try {
      await act()
    } catch (error) {
      showActionError(action, error)
    }
  },
})
