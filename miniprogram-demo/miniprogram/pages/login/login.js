const login = require('../../services/login.js')
const { currentUser, saveAvatar } = require('../../services/user.js')
const { inPhoneLanguage } = require('../../utils/language.js')
const limits = require('../../utils/limits.js')
const { canAskForProfile, askForProfile } = require('../../utils/profile.js')
const { leave } = require('../../utils/navigate.js')
const { needsAgreement } = require('../../utils/privacy.js')
const { showToast, showError } = require('../../utils/toast.js')

const t = inPhoneLanguage(require('../../texts/login.js'))

Page({
  data: {
    t,
    limits,
    // How the profile is asked for: not known yet; by WeChat (`wechat`); after an agreement (`agreement`); by this page (`form`).
    way: '',
    avatarFile: '',
    // From the tap until the page is left or the login has failed: a second tap starts nothing.
    locked: false,
  },

  onLoad() {
    wx.setNavigationBarTitle({ title: t.title })
    this.chooseWay()
    this.leaveIfLoggedIn()
  },

  async chooseWay() {
    if (canAskForProfile()) this.setData({ way: 'wechat' })
    else this.setData({ way: (await needsAgreement()) ? 'agreement' : 'form' })
  },

  async askForAgreement() {
    if (await this.selectComponent('#privacy').ask()) this.setData({ way: 'form' })
  },

  async leaveIfLoggedIn() {
    try {
      if (await currentUser()) leave(this)
    } catch (error) {
      showError(error)
    }
  },

  async loginWithWechatProfile() {
    if (!this.lock()) return
    const profile = await askForProfile()
    if (profile) {
      await this.logIn(profile)
    } else {
      this.setData({ way: 'form', locked: false })
    }
  },

  onChooseAvatar(event) {
    this.setData({ avatarFile: event.detail.avatarUrl })
  },

  async loginWithForm(event) {
    if (!this.lock()) return
    // WeChat clears a nickname that it rejects without an event: only the submitted value counts.
    const nickName = event.detail.value.nickName.trim()
    await this.logIn(nickName ? { nickName } : undefined)
  },

  async loginWithoutProfile() {
    if (!this.lock()) return
    this.setData({ avatarFile: '' })
    await this.logIn()
  },

  useAccount() {
    // In place of this page, so that whoever has logged in there goes back to where they came from.
    wx.redirectTo({ url: '/pages/account/account' })
  },

  lock() {
    if (this.data.locked) return false
    this.setData({ locked: true })
    return true
  },

  async logIn(profile) {
    try {
      await login.loginByWeixin(profile)
    } catch (error) {
      this.setData({ locked: false })
      showError(error)
      return
    }
    await this.saveAvatar()
    leave(this)
  },

  async saveAvatar() {
    if (!this.data.avatarFile) return
    try {
      await saveAvatar(this.data.avatarFile)
    } catch (error) {
      console.error('avatar not saved:', error)
      showToast(t.avatarLost)
    }
  },
})
