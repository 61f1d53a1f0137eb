const login = require('../../services/login.js')
const { fetchUser, saveAvatar } = require('../../services/user.js')
const { ask } = require('../../utils/ask.js')
const { attempt } = require('../../utils/attempt.js')
const { inPhoneLanguage, fill } = require('../../utils/language.js')
const { longestNickname } = require('../../utils/limits.js')
const { memberPage } = require('../../utils/member-page.js')
const { showToast } = require('../../utils/toast.js')

const t = inPhoneLanguage(require('../../texts/me.js'))

Page(memberPage({
  data: { t },

  // A login that has ended in the meantime is renewed on the way, without a word.
  async refresh() {
    await attempt(async () => {
      this.showUser(await fetchUser())
      showToast(t.refreshed)
    })
  },

  async changeAvatar(event) {
    if (await attempt(() => saveAvatar(event.detail.avatarUrl))) showToast(t.avatarChanged)
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
    if (!nickName || Array.from(nickName).length > longestNickname) {
      showToast(fill(t.nicknameLength, { most: longestNickname }))
      return
    }
    if (await attempt(() => login.updateProfile({ nickName }))) showToast(t.renamed)
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
    if (await attempt(() => login.bindPhone({ code }))) showToast(t.phoneBound)
  },

  openDevices() {
    wx.navigateTo({ url: '/pages/devices/devices' })
  },

  openSecurity() {
    wx.navigateTo({ url: '/pages/security/security' })
  },

  async askToLogOut() {
    const agreed = await ask({ title: t.logOut, content: t.logOutText, confirmText: t.logOutConfirm })
    if (agreed) await attempt(() => login.logout())
  },
}))
