const { inPhoneLanguage } = require('./language.js')

const { cancel } = inPhoneLanguage(require('../texts/ask.js'))

/** Asks before something that cannot be taken back. Resolves whether the user wants it. */
function ask({ title, content, confirmText }) {
  return new Promise((resolve) => {
    wx.showModal({
      title,
      content,
      confirmText,
      cancelText: cancel,
      success: (answer) => resolve(answer.confirm),
      fail: () => resolve(false),
    })
  })
}

module.exports = { ask }
