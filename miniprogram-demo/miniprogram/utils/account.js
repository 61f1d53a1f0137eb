const { inPhoneLanguage, fill } = require('./language.js')
const { longestUsername, shortestPassword, longestPassword } = require('./limits.js')

const t = inPhoneLanguage(require('../texts/credentials.js'))

const newPasswordHint = fill(t.newPasswordHint, { least: shortestPassword })

/** What keeps the server from logging in with these, in words for the user; null when nothing does. */
function problemOfAccount({ username, password }) {
  if (!username) return t.noUsername
  if (!password) return t.noPassword
  return null
}

/** The same for an account that is to be created. */
function problemOfNewAccount({ username, password }) {
  if (/\s/.test(username)) return t.spaceInUsername
  if (Array.from(username).length > longestUsername) return fill(t.usernameTooLong, { most: longestUsername })
  return problemOfAccount({ username, password }) || problemOfNewPassword(password)
}

/** The same for a password that is to be set. */
function problemOfNewPassword(password) {
  const characters = Array.from(password).length
  if (characters === 0) return t.noPassword
  if (characters < shortestPassword) return fill(t.passwordTooShort, { least: shortestPassword })
  if (characters > longestPassword) return fill(t.passwordTooLong, { most: longestPassword })
  return null
}

module.exports = { newPasswordHint, problemOfAccount, problemOfNewAccount, problemOfNewPassword }
