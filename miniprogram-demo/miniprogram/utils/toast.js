const { inPhoneLanguage } = require('./language.js')

const messages = inPhoneLanguage(require('../texts/errors.js'))

function showToast(title) {
  // With an icon a toast has room for seven characters only.
  wx.showToast({ title, icon: 'none', duration: 2500 })
}

/** What the user may read about a failure, which the console gets, too; empty where there is nothing to tell. */
function explain(error) {
  const message = messageOf(error)
  if (message) console.error('failed:', error.code, error.message)
  return message
}

function messageOf({ code, errno }) {
  const refusal = code === 'rejected' && messages[errno]
  const known = code in messages ? code : 'rejected'
  return refusal || messages[known]
}

/** Tells the user why something could not be done. */
function showError(error) {
  const message = explain(error)
  if (message) showToast(message)
}

module.exports = { showToast, showError, explain }
