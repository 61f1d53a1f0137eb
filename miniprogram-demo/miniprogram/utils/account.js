const SHORTEST_PASSWORD = 8
const LONGEST_PASSWORD = 128
const LONGEST_USERNAME = 63

/** What keeps the server from logging in with these, in words for the user; null when nothing does. */
function problemOfAccount({ username, password }) {
  if (!username) return '请输入用户名'
  if (!password) return '请输入密码'
  return null
}

/** The same for an account that is to be created. */
function problemOfNewAccount({ username, password }) {
  const characters = Array.from(password).length
  if (/\s/.test(username)) return '用户名不能含有空格'
  if (Array.from(username).length > LONGEST_USERNAME) return `用户名不能超过${LONGEST_USERNAME}个字`
  if (username && password && characters < SHORTEST_PASSWORD) return `密码至少需要${SHORTEST_PASSWORD}位`
  if (characters > LONGEST_PASSWORD) return `密码不能超过${LONGEST_PASSWORD}位`
  return problemOfAccount({ username, password })
}

module.exports = { problemOfAccount, problemOfNewAccount }
