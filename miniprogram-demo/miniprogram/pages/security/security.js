const { fetchExport, unbindWeixin, unbindPhone, cancelAccount } = require('../../services/account.js')
const { ask } = require('../../utils/ask.js')
const { attempt } = require('../../utils/attempt.js')
const { inPhoneLanguage } = require('../../utils/language.js')
const { memberPage } = require('../../utils/member-page.js')
const { showToast } = require('../../utils/toast.js')

const t = inPhoneLanguage(require('../../texts/security.js'))

Page(memberPage({
  data: { t, locked: false },

  openPassword() {
    wx.navigateTo({ url: '/pages/password/password' })
  },

  async unbindWeixin() {
    if (!(await ask({ title: t.unbindWeixin, content: t.unbindWeixinText, confirmText: t.unbind }))) return
    if (await this.attempt(unbindWeixin)) showToast(t.weixinUnbound)
  },

  async unbindPhone() {
    if (!(await ask({ title: t.unbindPhone, content: t.unbindPhoneText, confirmText: t.unbind }))) return
    if (await this.attempt(unbindPhone)) showToast(t.phoneUnbound)
  },

  // WeChat itself says that something was copied.
  async exportData() {
    await this.attempt(async () => {
      const data = JSON.stringify(await fetchExport(), null, 2)
      await wx.setClipboardData({ data })
    })
  },

  async cancelAccount() {
    if (!(await ask({ title: t.cancelAccount, content: t.cancelText, confirmText: t.cancelConfirm }))) return
    if (await this.attempt(cancelAccount)) showToast(t.cancelled)
  },

  // One thing at a time.
  async attempt(act) {
    if (this.data.locked) return false
    this.setData({ locked: true })
    const done = await attempt(act)
    this.setData({ locked: false })
    return done
  },
}))
