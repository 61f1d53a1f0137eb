const login = require('../../services/login.js')
const { currentUser, fetchUser, onUserChange } = require('../../services/user.js')
const { inPhoneLanguage, fill } = require('../../utils/language.js')
const { presentUser } = require('../../utils/profile.js')
const { goBack } = require('../../utils/navigate.js')
const { showToast, showError } = require('../../utils/toast.js')

const t = inPhoneLanguage(require('../../texts/me.js'))

const LONGEST_NICKNAME = 32

Page({
  data: { t, user: null },

  onLoad() {
    wx.setNavigationBarTitle({ title: t.title })
  },

  async onShow() {
    // While the page is hidden nobody may make it go back; what happens then is seen at the next show.
    this.stopFollowing = onUserChange((user) => this.showUser(user))
    try {
      this.showUser(await currentUser())
    } catch (error) {
      showError(error)
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
    await this.attempt(async () => {
      this.showUser(await fetchUser())
      showToast(t.refreshed)
    })
  },

  askForNickname() {
    wx.showModal({
      title: t.rename,
      editable: true,
      content: this.data.user.name,
      placeholderText: t.nicknameHint,
      success: ({ confirm, content }) => {
        if (confirm) this.rename(content.trim())
      },
    })
  },

  async rename(nickName) {
    if (!nickName || Array.from(nickName).length > LONGEST_NICKNAME) {
      showToast(fill(t.nicknameLength, { most: LONGEST_NICKNAME }))
      return
    }
    await this.attempt(async () => {
      await login.updateProfile({ nickName })
      showToast(t.renamed)
    })
  },

  openBinding() {
    wx.navigateTo({ url: '/pages/account/account?purpose=bind' })
  },

  async bindPhone(event) {
    // Without a code the user has refused, or WeChat has: it gives numbers to certified mini-programs only.
    const { code } = event.detail
    if (!code) {
      showToast(t.noPhone)
      return
    }
    await this.attempt(async () => {
      await login.bindPhone({ code })
      showToast(t.phoneBound)
    })
  },

  askToLogOut() {
    wx.showModal({
      title: t.logOut,
      content: t.logOutText,
      confirmText: t.logOutConfirm,
      success: ({ confirm }) => {
        if (confirm) this.attempt(login.logout)
      },
    })
  },

  async attempt(act) {
    try {
      await act()
    } catch (error) {
      showError(error)
    }
  },
})
