const { inPhoneLanguage } = require('./language.js')

const messages = inPhoneLanguage(require('../texts/errors.js'))

function showToast(title) {
  // With an icon a toast has room for seven characters only.
  wx.showToast({ title, icon: 'none', duration: 2500 })
}

/** What the user may read about a failure; empty where there is nothing to tell. */
function messageOf({ code, errno }) {
  const refusal = code === 'rejected' && messages[errno]
  const known = code in messages ? code : 'rejected'
  return refusal || messages[known]
}

/** Tells the user why something could not be done. */
function showError(error) {
  const message = messageOf(error)
  if (!message) return
  console.error('failed:', error.code, error.message)
  showToast(message)
}

module.exports = { showToast, showError, messageOf }
