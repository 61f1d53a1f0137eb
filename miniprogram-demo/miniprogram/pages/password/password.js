const { changePassword } = require('../../services/account.js')
const { newPasswordHint, problemOfNewPassword } = require('../../utils/account.js')
const { attempt } = require('../../utils/attempt.js')
const { inPhoneLanguage } = require('../../utils/language.js')
const limits = require('../../utils/limits.js')
const { memberPage } = require('../../utils/member-page.js')
const { goBack } = require('../../utils/navigate.js')
const { showToast } = require('../../utils/toast.js')

const t = inPhoneLanguage(require('../../texts/password.js'))

Page(memberPage({
  data: { t, limits, newPasswordHint, locked: false },

  async submit(event) {
    const { oldPassword, newPassword } = event.detail.value
    const problem = oldPassword ? problemOfNewPassword(newPassword) : t.oldHint
    if (problem) {
      showToast(problem)
      return
    }
    this.setData({ locked: true })
    if (await attempt(() => changePassword({ oldPassword, newPassword }))) {
      showToast(t.saved)
      goBack()
    } else {
      this.setData({ locked: false })
    }
  },
}))
