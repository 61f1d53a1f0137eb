const { inPhoneLanguage, fill } = require('./language.js')

const t = inPhoneLanguage(require('../texts/credentials.js'))

const SHORTEST_PASSWORD = 8
const LONGEST_PASSWORD = 128
const LONGEST_USERNAME = 63

/** What keeps the server from logging in with these, in words for the user; null when nothing does. */
function problemOfAccount({ username, password }) {
  if (!username) return t.noUsername
  if (!password) return t.noPassword
  return null
}

/** The same for an account that is to be created. */
function problemOfNewAccount({ username, password }) {
  if (/\s/.test(username)) return t.spaceInUsername
  if (Array.from(username).length > LONGEST_USERNAME) return fill(t.usernameTooLong, { most: LONGEST_USERNAME })
  return problemOfAccount({ username, password }) || problemOfNewPassword(password)
}

/** The same for a password that is to be set. */
function problemOfNewPassword(password) {
  const characters = Array.from(password).length
  if (characters === 0) return t.noPassword
  if (characters < SHORTEST_PASSWORD) return fill(t.passwordTooShort, { least: SHORTEST_PASSWORD })
  if (characters > LONGEST_PASSWORD) return fill(t.passwordTooLong, { most: LONGEST_PASSWORD })
  return null
}

module.exports = { problemOfAccount, problemOfNewAccount, problemOfNewPassword }
